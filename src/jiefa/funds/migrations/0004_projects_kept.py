"""What the database itself holds of projects: what was recorded stays, a project keeps its number and place."""

from django.db import migrations

from jiefa.stores import append_only, kept


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_projects")]

    operations = [
        append_only.refuse_changes("funds_projectprogress"),
        append_only.refuse_changes("funds_projectpicture"),
        append_only.refuse_changes("funds_projectchange"),
        append_only.refuse_changes("funds_projectinspection"),
        kept.keep_columns("funds_project", ["id", "number", "place_code", "year", "kind"]),
        kept.keep_columns("funds_claim", ["id", "project_id", "kind", "amount_fen", "payee", "household_id", "invoice"]),
    ]
