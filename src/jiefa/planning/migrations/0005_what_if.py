"""Plans that were made to see what if are told from those that are followed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("planning", "0004_only_grow"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="what_if",
            field=models.BooleanField(default=False),
        ),
    ]
