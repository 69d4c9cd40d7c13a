"""Households split off with a status, and relations to the head stated after the latest card."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0005_monthly_wage'),
    ]

    operations = [
        migrations.AddField(
            model_name='household',
            name='split_from',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.household'),
        ),
        migrations.AddField(
            model_name='membership',
            name='relation',
            field=models.CharField(max_length=12, null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='relation_on',
            field=models.DateField(null=True),
        ),
    ]
