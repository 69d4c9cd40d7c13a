"""What every page and command needs: the tables that the walk over them reads. A new URL or command enters here."""

from __future__ import annotations

from dataclasses import dataclass

from jiefa.access.rules import Permission

P = Permission
YEAR = 2015
INSIDE, OUTSIDE = "520324", "520102"
VILLAGE = "520324103200"
PLANTED_NAME, PLANTED_NUMBER = "独孤测外", "OUTSIDE0000000001"
OPEN = "open"  # whoever is signed in
STRANGERS = "strangers"  # also without signing in
OWN = "own"  # whoever loaded the file
RECORDS = "records"  # whoever records changes of households: village and township
BEGINS = "begins"  # whoever holds the post of the procedure's first step
POST_ONLY = frozenset({"sign-out", "language", "household-numbers", "import-decide"})


@dataclass(frozen=True)
class Page:
    """What a page needs: ``permission`` in the place of its subject; ``about`` names the subject among ``Places``."""

    permission: Permission | str
    about: str | None = None
    query: str = ""
    either: tuple[Permission, ...] = ()


PAGES: dict[str, Page] = {
    "home": Page(OPEN),
    "home-standing": Page(OPEN),
    "sign-in": Page(STRANGERS),
    "sign-out": Page(STRANGERS),
    "password": Page(OPEN),
    "language": Page(STRANGERS),
    "search": Page(OPEN, query="q=%E6%B5%8B"),
    "area": Page(P.STATISTICS_VIEW, "area"),
    "application-new": Page(BEGINS, "village"),
    "village-card": Page(P.STATISTICS_VIEW, "village"),
    "village-card-edit": Page(P.HOUSEHOLD_EDIT, "village_year"),
    "village-card-export": Page(P.STATISTICS_VIEW, "village"),
    "households": Page(P.HOUSEHOLD_VIEW, query="q=%E6%B5%8B"),
    "households-export": Page(P.HOUSEHOLD_EXPORT, query="q=%E6%B5%8B"),
    "household": Page(P.HOUSEHOLD_VIEW, "household"),
    "household-edit": Page(P.HOUSEHOLD_EDIT, "household"),
    "household-begin": Page(BEGINS, "begin"),
    "household-changes": Page(RECORDS, "household"),
    "household-change": Page(RECORDS, "change"),
    "household-kind": Page(P.HOUSEHOLD_EDIT, "household"),
    "household-looks": Page(P.HOUSEHOLD_EDIT, "household"),
    "household-print": Page(P.HOUSEHOLD_VIEW, "household"),
    "household-numbers": Page(P.ID_NUMBER_VIEW, "household"),
    "household-visit": Page(P.VISIT_RECORD, "household"),
    "household-helper": Page(P.HELPER_ASSIGN, "household"),
    "my-households": Page(P.VISIT_RECORD),
    "visit-correct": Page(P.VISIT_RECORD, "visit_photo"),
    "visit-photo": Page(P.HOUSEHOLD_VIEW, "visit_photo"),
    "responsibility": Page(P.HOUSEHOLD_VIEW),
    "responsibility-households": Page(P.HOUSEHOLD_VIEW, query="view=unvisited"),
    "responsibility-checks": Page(P.HELPER_ASSIGN),
    "responsibility-proposal": Page(P.HELPER_ASSIGN),
    "responsibility-load": Page(P.HELPER_ASSIGN, "list_name"),
    "responsibility-export": Page(P.HOUSEHOLD_EXPORT, "list_name"),
    "responsibility-template": Page(OPEN, "list_name"),
    "cadres": Page(P.HOUSEHOLD_VIEW),
    "cadre-new": Page(P.HELPER_ASSIGN, either=(P.PAIRING_RECORD,)),
    "cadre": Page(P.HOUSEHOLD_VIEW, "cadre"),
    "team": Page(P.HOUSEHOLD_VIEW, "village"),
    "team-attendance": Page(P.HELPER_ASSIGN, "village"),
    "pairings": Page(P.STATISTICS_VIEW),
    "pairing-new": Page(P.PAIRING_RECORD),
    "pairing": Page(P.STATISTICS_VIEW, "pairing"),
    "pairing-line": Page(P.PAIRING_RECORD, "pairing_line"),
    "rounds": Page(P.HOUSEHOLD_VIEW),
    "round-new": Page(P.FINDING_WAIVE),
    "round": Page(P.HOUSEHOLD_VIEW, "round"),
    "quota": Page(P.STATISTICS_VIEW, "area"),
    "ranking": Page(P.HOUSEHOLD_VIEW, "village"),
    "looks": Page(P.HOUSEHOLD_VIEW),
    "lookbacks": Page(P.HOUSEHOLD_VIEW),
    "lookback-new": Page(P.FINDING_WAIVE),
    "lookback": Page(P.HOUSEHOLD_VIEW, "campaign"),
    "lookback-visit": Page(P.HOUSEHOLD_EDIT, "visit"),
    "leads": Page(P.DOSSIER_VIEW),
    "lead-new": Page(P.LEAD_LOAD),
    "template-leads": Page(OPEN),
    "lead": Page(P.DOSSIER_VIEW, "lead"),
    "programmes": Page(P.HOUSEHOLD_VIEW),
    "programme": Page(P.HOUSEHOLD_VIEW, "programme"),
    "programme-export": Page(P.HOUSEHOLD_EXPORT, "programme"),
    "template-help": Page(OPEN, "programme"),
    "help-list-new": Page(P.ROSTER_UPLOAD, "programme"),
    "help-lists": Page(P.ROSTER_UPLOAD, either=(P.ROSTER_ACCEPT,)),
    "help-list": Page(P.ROSTER_UPLOAD, "help_list", either=(P.ROSTER_ACCEPT,)),
    "help-list-report": Page(P.ID_NUMBER_VIEW, "help_list"),
    "case": Page(P.HOUSEHOLD_VIEW, "case"),
    "household-plan": Page(P.HOUSEHOLD_EDIT, "household"),
    "measures": Page(P.HOUSEHOLD_VIEW),
    "measure": Page(P.HOUSEHOLD_VIEW, "measure"),
    "apply": Page(BEGINS, "apply"),
    "apply-loan": Page(BEGINS, "household"),
    "loans": Page(P.HOUSEHOLD_VIEW),
    "loans-export": Page(P.HOUSEHOLD_EXPORT),
    "loan": Page(P.HOUSEHOLD_VIEW, "loan"),
    "funds": Page(P.STATISTICS_VIEW),
    "fund": Page(P.STATISTICS_VIEW, "area"),
    "gaps": Page(P.HOUSEHOLD_VIEW),
    "gap": Page(P.HOUSEHOLD_VIEW, "gap"),
    "gap-export": Page(P.HOUSEHOLD_EXPORT, "gap"),
    "imports": Page(P.ROSTER_UPLOAD, either=(P.ROSTER_ACCEPT,)),
    "import-new": Page(P.ROSTER_UPLOAD),
    "template-roster": Page(OPEN),
    "import-upload": Page(OWN, "upload"),
    "import-progress": Page(OWN, "upload"),
    "import": Page(P.ROSTER_UPLOAD, "batch", either=(P.ROSTER_ACCEPT,)),
    "import-decide": Page(P.ROSTER_ACCEPT, "batch"),
    "import-report": Page(P.ID_NUMBER_VIEW, "batch"),
    "quality": Page(P.FINDING_VIEW),
    "findings": Page(P.FINDING_VIEW),
    "findings-export": Page(P.HOUSEHOLD_EXPORT),
    "finding-waive": Page(P.FINDING_VIEW, "finding"),
    "dossiers": Page(P.DOSSIER_VIEW, query="view=all"),
    "dossiers-export": Page(P.HOUSEHOLD_EXPORT),
    "dossiers-batch": Page(P.DOSSIER_VIEW),
    "dossier": Page(P.DOSSIER_VIEW, "dossier"),
    "dossier-amend": Page(BEGINS, "returned"),
    "dossier-print": Page(P.DOSSIER_VIEW, "dossier"),
    "dossier-file": Page(P.DOSSIER_VIEW, "evidence"),
    "procedures": Page(OPEN),
    "procedure": Page(OPEN, "procedure"),
    "snapshots": Page(P.STATISTICS_VIEW),
    "snapshot": Page(P.STATISTICS_VIEW, "snapshot"),
    "indicators": Page(P.STATISTICS_VIEW),
    "indicators-export": Page(P.STATISTICS_VIEW),
    "indicator": Page(P.STATISTICS_VIEW, "indicator"),
    "indicator-households": Page(P.HOUSEHOLD_VIEW, "indicator"),
    "indicator-households-export": Page(P.HOUSEHOLD_EXPORT, "indicator"),
    "notices": Page(STRANGERS, query="q=%E6%B5%8B"),
    "notice": Page(STRANGERS, "notice"),
    "notice-object": Page(STRANGERS, "notice"),
    "notice-poster": Page(STRANGERS, "notice"),
    "notice-list": Page(STRANGERS, "notice"),
    "notices-post": Page(P.DOSSIER_VIEW),
    "notice-posting": Page(P.HOUSEHOLD_EDIT, "notice"),
    "notice-photo": Page(P.DOSSIER_VIEW, "photograph"),
    "objections": Page(P.DOSSIER_VIEW),
    "objection": Page(P.DOSSIER_VIEW, "objection"),
    "audit": Page(P.AUDIT_VIEW),
    "users": Page(P.USER_MANAGE),
    "user-new": Page(P.USER_MANAGE),
    "user": Page(P.USER_MANAGE, "user"),
    "policy": Page(OPEN),
    "help": Page(OPEN),
}
ANYWHERE = frozenset({"gap", "indicator", "list_name", "procedure", "programme", "snapshot", "user"})
"""Subjects that belong to no county: the permission anywhere is enough."""

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
    "programmes": (["programmes", "gaps", "--year", str(YEAR), "--name", "unanswered", "--json"], P.HOUSEHOLD_VIEW),
    "loans": (["loans", "list", "--json"], P.HOUSEHOLD_VIEW),
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
