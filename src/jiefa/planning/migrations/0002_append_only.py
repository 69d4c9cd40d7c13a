"""Targets and decisions on households only ever grow."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = ("planning_target", "planning_overrule")


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_plans")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
