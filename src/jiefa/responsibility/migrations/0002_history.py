"""What was is never rewritten: periods only end, attendance and visits only grow, and nobody answers twice on one day."""

from django.db import migrations

from jiefa.stores import append_only, periods


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0001_initial")]

    operations = [
        periods.keep_history(
            "responsibility_helper",
            ["id", "household_id", "cadre_id", "village_code", "from_date", "by"],
            key="household_id",
        ),
        periods.keep_history(
            "responsibility_teammember",
            ["id", "team_id", "cadre_id", "village_code", "role", "from_date", "by"],
            key="cadre_id",
        ),
        periods.keep_history("responsibility_team", ["id", "village_code", "from_date", "by"]),
        periods.keep_history(
            "responsibility_pairing",
            ["id", "organisation_id", "leader_id", "area_code", "kind", "from_date", "by"],
        ),
        append_only.refuse_changes("responsibility_attendance"),
        append_only.refuse_changes("responsibility_visit"),
        append_only.refuse_changes("responsibility_commitment"),
        append_only.refuse_changes("responsibility_arrival"),
    ]
