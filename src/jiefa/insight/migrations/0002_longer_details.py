"""A rule about empty fields names every one of them: eight names are longer than 60 characters."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='finding',
            name='detail',
            field=models.CharField(blank=True, max_length=400),
        ),
    ]
