"""Steps, files, looks at who called, and what followed only ever grow."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = ("hotline_complaintstep", "hotline_complaintfile", "hotline_look", "hotline_followed", "hotline_caller")


class Migration(migrations.Migration):
    dependencies = [("hotline", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
