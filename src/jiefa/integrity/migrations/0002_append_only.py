"""What was confirmed, handed over or written into the case book only ever grows."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = ("integrity_rectification", "integrity_casenote", "integrity_handover")


class Migration(migrations.Migration):
    dependencies = [("integrity", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
