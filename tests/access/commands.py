"""What every command needs, for the walk over them. A new command enters here."""

from __future__ import annotations

from tests.access.tables import OUTSIDE, YEAR

from jiefa.access.rules import Permission

P = Permission

COMMANDS: dict[str, tuple[list[str], Permission | None]] = {
    "setup": ([], None),
    "demo": ([], None),
    "serve": ([], None),
    "manage": ([], None),
    "template": ([], None),
    "load": (["load", "{roster}"], P.ROSTER_UPLOAD),
    "accept": (["accept", "{batch}"], P.ROSTER_ACCEPT),
    "check": (["check", "--year", str(YEAR), "--json"], P.FINDING_VIEW),
    "dossiers": (["dossiers", "--json"], P.DOSSIER_VIEW),
    "quotas": (["quotas", OUTSIDE, "--year", str(YEAR), "--json"], P.STATISTICS_VIEW),
    "looks": (["looks", "list", "--year", str(YEAR), "--json"], P.HOUSEHOLD_VIEW),
    "lookback": (["lookback", "list", "--json"], P.HOUSEHOLD_VIEW),
    "leads": (["leads", "list", "--json"], P.DOSSIER_VIEW),
    "helpers": (["helpers", "list", "--json"], P.HOUSEHOLD_VIEW),
    "visits": (["visits", "list", "--json"], P.HOUSEHOLD_VIEW),
    "pairings": (["pairings", "list", "--json"], P.STATISTICS_VIEW),
    "money": (["money", "list", "--json"], P.MONEY_VIEW),
    "contracts": (["contracts", "list", "--json"], P.MONEY_VIEW),
    "inspections": (["inspections", "list", "--json"], P.INSPECTION_VIEW),
    "supervision": (["supervision", "groups", "--json"], P.CASE_BOOK),
    "hotline": (["hotline", "statistics", "--json"], P.HOTLINE_KEEP),
    "inspection": (["inspection", "plan", "529999", "--text", "x", "--for", "2015-01-01", "--json"], P.SPOT_CHECK),
    "project": (["project", "list", "--json"], P.DOSSIER_VIEW),
    "programmes": (["programmes", "gaps", "--year", str(YEAR), "--name", "unanswered", "--json"], P.HOUSEHOLD_VIEW),
    "loans": (["loans", "list", "--json"], P.HOUSEHOLD_VIEW),
    "industry": (["industry", "benefits", "--year", str(YEAR), "--json"], P.HOUSEHOLD_VIEW),
    "plan": (["plan", "33668", "--year", str(YEAR), "--json"], P.STATISTICS_VIEW),
    "watch": (["watch", "leads", "--json"], P.DOSSIER_VIEW),
    "training": (["training", "courses", "--year", str(YEAR), "--json"], P.HOUSEHOLD_VIEW),
    "relocation": (["relocation", "hamlets", "--year", str(YEAR), "--json"], P.HOUSEHOLD_VIEW),
    "compare": (["compare", "rates", "--json"], P.DOSSIER_VIEW),
    "truth": (["truth", "--year", str(YEAR), "--division", OUTSIDE, "--json"], P.STATISTICS_VIEW),
    "match": ([], None),  # files of one's own: touches no record
    "ledger": (["ledger", "--json"], P.STATISTICS_VIEW),
    "survey": ([], None),  # a file of one's own: touches no record
    "sample": (["sample", "sheets", "0", "--json"], P.EVALUATION_CARRY),
    "assess": (["assess", "--scheme", "key_counties", "--year", str(YEAR), "--kept", "--json"], P.STATISTICS_VIEW),
    "procedures": ([], None),
    "indicators": (["indicators", "--year", str(YEAR), "--division", OUTSIDE, "--json"], P.STATISTICS_VIEW),
    "snapshot": (["snapshot", "--year", str(YEAR), "--json"], P.SNAPSHOT_MAKE),
    "areas": (["areas", "designate", "{designations}"], P.AREA_LOAD),
    "audit": ([], None),
    "user": (["user", "list", "--json"], P.USER_MANAGE),
    "changes": (["changes", "list", "--json"], P.DOSSIER_VIEW),
    "notices": (["notices", "list", "--waiting", "--json"], P.DOSSIER_VIEW),
}
"""Commands that touch people or places take ``--as`` and need the permission; the others are the operator's own."""
