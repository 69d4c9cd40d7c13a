"""Lists sent in have a table of their own place (``lists``); nothing of the records changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0005_measure_of_a_cadre"),
        ("lists", "0001_received_lists"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="programmerecord",
                    name="of_list",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="lists.receivedlist",
                    ),
                ),
                migrations.DeleteModel(name="HelpList"),
            ]
        ),
    ]
