"""Entries of the log in words: what was done, by whom, to what, and which fields changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.models import ROLE_LABELS
from jiefa.access.rules import Role
from jiefa.audit.models import Entry
from jiefa.identification.models import Found, Settled
from jiefa.kernel import money
from jiefa.site.presenters import words
from jiefa.site.presenters.columns import column_value
from jiefa.site.reader import Reader

SHOWN_VALUE = 120
OUTCOMES: Mapping[str, type[TextChoices]] = {"found": Found, "settled": Settled}
"""Facts whose values are choices of a table."""


def actions() -> dict[str, str]:
    """The names of logged actions."""
    return {
        "household.edited": _("Card edited"),
        "household.loaded": _("Card loaded from a roster"),
        "household.applied": _("Application put on file"),
        "household.members_changed": _("Members changed"),
        "household.split_off": _("Household split off"),
        "batch.staged": _("Roster checked"),
        "batch.accepted": _("Roster accepted"),
        "batch.refused": _("Roster refused"),
        "finding.waiver_asked": _("Waiver asked for"),
        "finding.waived": _("Finding waived"),
        "finding.waiver_refused": _("Waiver refused"),
        "dossier.opened": _("Dossier opened"),
        "dossier.amended": _("Proposal changed"),
        "dossier.decided": _("Dossier decided"),
        "dossier.file_laid_in": _("File laid into a dossier"),
        "snapshot.made": _("Snapshot made"),
        "user.created": _("User created"),
        "post.given": _("Post given"),
        "post.ended": _("Post ended"),
        "password.set": _("Password set"),
        "divisions.loaded": _("Divisions loaded"),
        "designations.loaded": _("Designations loaded"),
        "facts.loaded": _("Yearly facts loaded"),
        "facts.edited": _("Card of a village changed"),
        "successors.loaded": _("Changes of codes loaded"),
        "list.exported": _("List exported"),
        "notice.posted": _("Notice posted"),
        "notice.announced": _("Announcement made"),
        "notice.hung": _("Notice shown to hang"),
        "objection.filed": _("Objection filed"),
        "objection.answered": _("Objection answered"),
        "objection.opened": _("Objection opened"),
        "household.kind_chosen": _("Kind of household set"),
        "household.scored": _("Scored by the four looks"),
        "quota.split": _("Quota split"),
        "lookback.begun": _("Look-back begun"),
        "lookback.found": _("Found in a look-back"),
        "leads.loaded": _("Leads loaded"),
        "lead.settled": _("Lead settled"),
        "list.compared": _("List compared"),
        "pair.decided": _("Doubtful pair decided"),
        "lead.looked_into": _("Lead looked into"),
        "lead.reviewed": _("Lead reviewed"),
        "project.entered": _("Projects entered"),
        "project.progress_recorded": _("Progress of a project recorded"),
        "project.picture_added": _("Picture of a project added"),
        "project.changed": _("Project changed"),
        "claim.proposed": _("Claim drawn up"),
        "cadre.entered": _("Cadres entered"),
        "cadre.left": _("Cadre left"),
        "organisation.paired": _("Organisation paired"),
        "pairing.ended": _("Pairing ended"),
        "pairing.promised": _("Promise within a pairing"),
        "pairing.arrived": _("Arrival within a pairing"),
        "helper.appointed": _("Helper appointed"),
        "helper.ended": _("Helper ended"),
        "team.formed": _("Village team formed"),
        "team.rotated": _("Village team rotated"),
        "team.ended": _("Village team left"),
        "attendance.recorded": _("Attendance recorded"),
        "visit.recorded": _("Visit recorded"),
        "round.begun": _("Round begun"),
        "plan.drawn_up": _("Plan drawn up"),
        "plan.signed": _("Plan signed"),
        "measure.delivered": _("Measure arrived"),
        "measure.moved": _("Measures moved with their household"),
        "measure.handed_on": _("Measures handed on to the present helper"),
        "loan.lent": _("Loan paid out"),
        "loan.repaid": _("Loan repaid"),
        "loan.compensated": _("Loan paid for by the fund"),
        "fund.paid_in": _("Paid into the fund"),
        "fund.subsidised": _("Interest subsidy paid"),
        "credit.party": _("Role of microcredit filled"),
        "credit.parties": _("Roles of microcredit filled by a list"),
        "help.kept": _("Cases of a programme put on file"),
        "help.carried_on": _("Case of a programme carried on"),
        "contract.signed": _("Lump-sum contract signed"),
        "contract.settled": _("Lump-sum contract settled"),
        "contract.return_proposed": _("Return under a contract proposed"),
        "concentrated.listed": _("Concentrated investment put on file"),
        "target.said": _("Word on a target"),
        "target.sent_down": _("Targets sent down"),
        "target.fixed_below": _("Targets fixed"),
        "target.carried_over": _("Target carried over"),
        "target.difference_kept": _("Difference of targets kept"),
        "letter.signed": _("Letter of responsibility signed"),
        "progress.confirmed": _("Month confirmed"),
        "progress.unlocked": _("Month unlocked"),
        "progress.explained": _("Shortfall explained"),
        "inspection.begun": _("Self-inspection begun"),
        "inspection.answered": _("Self-inspection answered"),
        "violation.recorded": _("Violations recorded"),
        "violation.put_right": _("Violation put right"),
        "violation.handed_over": _("Violation handed over"),
        "group.formed": _("Supervision groups formed"),
        "case.opened": _("Case opened"),
        "case.written": _("Case written into"),
        "case.read": _("Case read"),
        "case.handed_over": _("Case handed over"),
        "complaint.received": _("Complaint received"),
        "complaint.accepted": _("Complaint taken on"),
        "complaint.refused": _("Complaint not taken on"),
        "complaint.passed_on": _("Complaint passed on"),
        "complaint.merged": _("Complaint merged"),
        "complaint.named": _("Broader body of a complaint named"),
        "complaint.routed": _("Complaint routed"),
        "complaint.noted": _("Line of an inquiry written"),
        "complaint.file_laid_in": _("File laid into an inquiry"),
        "complaint.concluded": _("Complaint concluded"),
        "complaint.followed": _("Case or violation made of a complaint"),
        "complaint.answered": _("Complaint answered"),
        "complaint.called_back": _("Caller called back"),
        "complaint.reopened": _("Complaint opened again"),
        "complaint.read": _("Complaint read"),
        "complaint.caller_opened": _("Caller's identity opened"),
        "spot_check.planned": _("Unannounced visit planned"),
        "spot_check.recorded": _("Unannounced visit recorded"),
        "spot_check.dropped": _("Unannounced visit dropped"),
        "spot_finding.replied": _("Finding of a visit replied to"),
        "spot_finding.looked_at": _("Finding of a visit looked at again"),
        "spot_finding.file_laid_in": _("File laid into a finding of a visit"),
        "interview.held": _("Talk with an officer put on file"),
        "list.accepted": _("List accepted"),
        "list.refused": _("List refused"),
    }


def action_label(action: str) -> str:
    """The name of a logged action; the action itself for one that has none."""
    return actions().get(action, action)


def who(by: str, people: Mapping[str, str]) -> str:
    """The person or the part of the system that acted."""
    names = {
        "operator": _("operator of the machine"),
        "demo": _("demonstration"),
        "setup": _("set-up"),
    }
    # Officers of a demonstration's history are called demo-village-1 and so on.
    return people.get(by) or names.get(by.partition("-")[0], by)


def chain_label(chain: str, names: Mapping[str, str]) -> str:
    """The county of a chain, or that it is the system's own."""
    return names.get(chain, chain) if chain.isdecimal() else _("whole system")


def object_url(entry: Entry) -> str:
    """Where the thing that an entry speaks of is shown; empty where it has no page."""
    pages = {
        "household": "site:household",
        "batch": "site:import",
        "finding": "site:finding-waive",
        "dossier": "site:dossier",
        "notice": "site:notice",
        "lookback": "site:lookback",
        "list": "site:help-list",
        "paper": "site:help-list",
        "contract": "site:money-contract",
        "letter": "site:plan-letter",
        "inspection": "site:inspection",
    }
    name = pages.get(entry.object_type)
    return reverse(name, args=[entry.object_id]) if name and entry.object_id.isdecimal() else ""


def object_label(entry: Entry) -> str:
    """What an entry speaks of."""
    names = {
        "household": _("household"),
        "batch": _("roster"),
        "finding": _("finding"),
        "dossier": _("dossier"),
        "snapshot": _("snapshot"),
        "user": _("user"),
        "divisions": _("divisions"),
        "list": _("list"),
        "paper": _("list"),
        "notice": _("notice"),
        "division": _("place"),
        "lookback": _("look-back"),
        "lead_list": _("list of leads"),
        "pair": _("doubtful pair"),
    }
    return f"{names.get(entry.object_type, entry.object_type)} {entry.object_id}".strip()


def _fact_labels() -> dict[str, str]:
    return {
        "name": _("full name"),
        "role": _("role"),
        "area": _("area"),
        "areas": _("areas"),
        "from": _("from"),
        "to": _("to"),
        "first": _("first password"),
        "reason": _("reason"),
        "rule": _("rule"),
        "asked_by": _("asked by"),
        "accepted": _("accepted"),
        "held_back": _("held back"),
        "households": _("households"),
        "persons": _("people"),
        "movements": _("movements"),
        "villages": _("villages"),
        "rows": _("rows"),
        "source": _("source"),
        "file": _("file"),
        "digest": _("digest"),
        "year": _("year"),
        "what": _("what"),
        "counties": _("counties"),
        "skipped": _("skipped"),
        "household": _("household"),
        "dossier": _("dossier"),
        "on": _("day"),
        "joined": _("who came"),
        "left": _("who left"),
        "relations": _("relations stated"),
        "poverty_status": _("status"),
        "closed": _("closed"),
        "kind": _("kind"),
        "derived": _("by the rule"),
        "parts": _("parts"),
        "scorecard": _("scorecard"),
        "scores": _("scores"),
        "campaign": _("campaign"),
        "found": _("found"),
        "lead": _("lead"),
        "settled": _("settled"),
        "fen": _("money"),
        "loan": _("loan"),
        "months": _("months"),
        "programme": _("programme"),
        "case": _("case"),
        "measure": _("measure"),
        "measures": _("measures"),
        "result": _("result"),
    }


UNTOLD = frozenset(("version", "helpers", "visits", "months", "lines", "photo", "list"))
"""Facts that only the program needs, or that a page shows better."""
COUNTED = frozenset(("joined", "left", "relations"))
"""Facts that are lists of people by key: a reader is told how many."""


def _value(reader: Reader, name: str, value: object) -> str:
    if isinstance(value, str) and name == "role" and value in list(Role):
        return str(ROLE_LABELS[Role(value)])
    if isinstance(value, bool) or name == "closed":
        return _("yes") if value else _("no")
    if name == "poverty_status":
        return reader.label("poverty_status", str(value))
    if name == "fen" and isinstance(value, int):
        return f"¥{money.format_yuan(value)}"
    if name == "measure":
        return reader.label("suggested_measure", str(value))
    if name == "programme" and value in reader.pack.programmes:
        programme = reader.pack.programmes[str(value)]
        return reader.words(programme.zh, programme.en)
    if name in COUNTED and isinstance(value, list):
        return str(len(value))
    if name in OUTCOMES:
        labels: dict[object, object] = dict(OUTCOMES[name].choices)
        steps = value if isinstance(value, list) else [value]
        return " → ".join(str(labels.get(step, step)) for step in steps if step)
    if name == "kind" and isinstance(value, list):
        return " → ".join(reader.label("kind", step) for step in value if step)
    if isinstance(value, list):
        value = "、".join(str(part) for part in value)
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}…"


def changes(reader: Reader, entry: Entry, people: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The fields of an entry with their values before and after; ``people`` names the members by key."""
    facts: dict[str, Any] = json.loads(entry.diff)
    fields = facts.pop("fields", None)
    if isinstance(fields, dict):
        return [_field_change(reader, name, pair, people or {}) for name, pair in fields.items()]
    if entry.action == "household.scored" and entry.object_id.isdecimal():
        _key, lowest, highest = facts["scores"][0]
        facts = {"year": facts["year"], "scores": lowest if lowest == highest else f"{lowest}–{highest}"}
    if entry.action == "help.carried_on":
        return _carried_on(reader, facts)
    labels = _fact_labels()
    return [
        {"field": labels.get(name, name), "before": None, "after": _value(reader, name, value)}
        for name, value in facts.items()
        if value not in (None, "", []) and name not in UNTOLD
    ]


def _carried_on(reader: Reader, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What became different in a case of a programme, column by column in the pack's words."""
    programme = reader.pack.programmes.get(facts.pop("programme", ""))
    facts.pop("case", None)
    if programme is None:
        return []
    own = {**programme.own, **{field.id: field for field in programme.form.sheets[0].fields}}
    return [
        {
            "field": reader.words(own[name].zh, own[name].en),
            "before": column_value(reader, own[name], {name: before}) if before is not None else None,
            "after": column_value(reader, own[name], {name: after}),
        }
        for name, (before, after) in facts.items()
        if name in own
    ]


def _field_change(reader: Reader, name: str, pair: list[Any], people: Mapping[str, str]) -> dict[str, Any]:
    subject, _dot, column = name.partition(".")
    label = words.column_label(reader, column)
    if subject != "household":
        label = f"{people.get(subject) or _('member')} · {label}"
    before, after = (words.value_label(reader, column, value) for value in pair)
    return {"field": label, "before": before, "after": after}
