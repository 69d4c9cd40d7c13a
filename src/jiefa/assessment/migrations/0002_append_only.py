"""Figures sent in, corrections, runs, scores and points only ever grow."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = (
    "assessment_countyfigure",
    "assessment_correction",
    "assessment_run",
    "assessment_score",
    "assessment_point",
)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
