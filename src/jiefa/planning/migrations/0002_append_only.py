"""Targets, decisions on households, letters, confirmations, what unlocks them, reasons and signatures under differences only ever grow."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = (
    "planning_target",
    "planning_overrule",
    "planning_letter",
    "planning_confirmation",
    "planning_unlock",
    "planning_keptdifference",
    "planning_shortfallreason",
)


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
