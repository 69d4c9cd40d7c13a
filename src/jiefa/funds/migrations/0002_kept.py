"""What the database itself holds: transfers only grow and join two pots of one origin; an account stays what it is; one reversal, whole;
what was recorded of a project stays, and a project keeps its number and place.
"""

from django.db import migrations

from jiefa.stores import append_only, kept


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]

    operations = [
        append_only.refuse_changes("funds_transfer"),
        kept.keep_columns("funds_account", ["id", "kind", "area_code", "owner", "household_id", "origin_id"]),
        kept.keep_columns("funds_origin", ["id", "source", "type", "year", "area_code", "giver"]),
        kept.refer_together(
            "funds_transfer", ["from_account_id", "origin_id"], "funds_account", ["id", "origin_id"]
        ),
        kept.refer_together("funds_transfer", ["to_account_id", "origin_id"], "funds_account", ["id", "origin_id"]),
        kept.demand(
            "funds_transfer",
            "reversal",
            when="NEW.reverses_id IS NOT NULL",
            condition=(
                "EXISTS (SELECT 1 FROM funds_transfer AS wrong WHERE wrong.id = NEW.reverses_id AND wrong.reverses_id IS NULL "
                "AND wrong.from_account_id = NEW.to_account_id AND wrong.to_account_id = NEW.from_account_id "
                "AND wrong.amount_fen = NEW.amount_fen)"
            ),
        ),
        append_only.refuse_changes("funds_projectprogress"),
        append_only.refuse_changes("funds_projectpicture"),
        append_only.refuse_changes("funds_projectchange"),
        append_only.refuse_changes("funds_projectinspection"),
        kept.keep_columns("funds_project", ["id", "number", "place_code", "year", "kind"]),
        kept.keep_columns("funds_claim", ["id", "project_id", "kind", "amount_fen", "payee", "household_id", "invoice"]),
    ]
