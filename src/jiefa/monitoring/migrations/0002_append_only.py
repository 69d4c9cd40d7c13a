"""Model cards only ever grow."""

from django.db import migrations

from jiefa.stores import append_only


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [append_only.refuse_changes("monitoring_modelcard")]
