"""Lists sent in stood with the programmes; from here on every capability's lists are kept here. The rows stay where they are."""

from django.db import migrations, models

COLUMNS = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("kind", models.CharField(max_length=40)),
    ("digest", models.CharField(max_length=64)),
    ("file_name", models.CharField(max_length=200)),
    (
        "state",
        models.CharField(
            choices=[
                ("staged", "Checked, waiting for a decision"),
                ("accepted", "Accepted"),
                ("refused", "Refused"),
            ],
            max_length=10,
        ),
    ),
    ("areas", models.TextField()),
    ("rows", models.IntegerField()),
    ("accepted", models.IntegerField()),
    ("unchanged", models.IntegerField()),
    ("held_back", models.IntegerField()),
    ("strangers", models.IntegerField()),
    ("warnings", models.IntegerField()),
    ("folder", models.CharField(max_length=200)),
    ("staged_at", models.DateTimeField()),
    ("staged_by", models.CharField(max_length=150)),
    ("decided_at", models.DateTimeField(null=True)),
    ("decided_by", models.CharField(blank=True, max_length=150)),
    ("reason", models.CharField(blank=True, max_length=400)),
]
WHOLE = models.Q(("state", "staged"), models.Q(("held_back", 0), ("state", "accepted")), _connector="OR")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("assistance", "0005_measure_of_a_cadre")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE assistance_helplist RENAME TO lists_receivedlist",
            "ALTER TABLE lists_receivedlist RENAME TO assistance_helplist",
            state_operations=[
                migrations.CreateModel(
                    name="ReceivedList",
                    fields=COLUMNS,
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=["kind", "digest"], condition=WHOLE, name="assistance_list_content_once"
                            )
                        ]
                    },
                )
            ],
        ),
        migrations.RemoveConstraint("receivedlist", "assistance_list_content_once"),
        migrations.AddConstraint(
            "receivedlist",
            models.UniqueConstraint(fields=["kind", "digest"], condition=WHOLE, name="lists_content_once"),
        ),
    ]
