"""Projects in the reader's language: rows, the page of one, what its dossiers propose. Households under masked names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.disclosure.rules import masked
from jiefa.funds.models import Claim, Project, ProjectBeneficiary, ProjectInspection, ProjectPicture, ProjectProgress
from jiefa.funds.queries.projects import STEPS
from jiefa.kernel import money
from jiefa.kernel.errors import Bilingual, Words
from jiefa.policy import Pack
from jiefa.procedures import queries as dossiers
from jiefa.procedures.models import Dossier
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

P = Permission
OUTCOME_TONES = {"approved": "good", "refused": "refused", "withdrawn": "refused"}
CODES = {"kind": "project_kind", "source": "fund_source", "tender": "tender_method"}


def labels() -> dict[str, str]:
    """What the columns of a project are called."""
    return {
        "number": _("Project number"),
        "name": _("Name of the project"),
        "kind": _("Kind of project"),
        "place_code": _("Where"),
        "year": _("Fund year"),
        "asked_fen": _("Amount asked for, yuan"),
        "source": _("Source of money"),
        "applicant": _("Applying office"),
        "implementer": _("Carried out by"),
        "responsible": _("Person responsible"),
        "tender": _("How the work is given out"),
        "contractor": _("Contractor"),
        "contractor_number": _("Contractor's register number"),
        "content": _("What is built or done"),
        "goal": _("Goal"),
        "starts_on": _("Begins"),
        "ends_on": _("Ends"),
        "maintenance": _("Kept up afterwards by"),
        "beneficiaries": _("Households it is for"),
    }


def is_project(proposal: Mapping[str, Any]) -> bool:
    """Whether a dossier proposes a project, a change of one, or a claim."""
    return "asked_fen" in proposal or set(proposal) == {"before", "after"} or {"project", "invoice"} <= set(proposal)


def proposed(reader: Reader, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a dossier about a project or claim proposes, as rows of before and after; households as how many."""
    if "invoice" in proposal:
        return _claim_rows(reader, proposal)
    before = proposal.get("before", {})
    after = proposal.get("after", proposal)
    known = labels()
    return [
        {
            "label": label,
            "before": _value(reader, name, before[name]) if name in before else None,
            "after": _value(reader, name, after[name]) or "—",
            "differs": True,
        }
        for name, label in known.items()
        if name in after
    ]


def _value(reader: Reader, name: str, value: Any) -> str:
    if name == "beneficiaries":
        households, fen = len(value), sum(share for _home, share in value)
        said = _("{households} households")
        shares = reader.words(f"，份额共 {money.format_yuan(fen)} 元", f", shares of {money.format_yuan(fen)} yuan")
        return said.format(households=households) + (shares if fen else "")
    if name in CODES:
        return reader.label(CODES[name], value)
    if name.endswith("_fen"):
        return money.format_yuan(int(value))
    return str(value)


def _claim_rows(reader: Reader, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = (
        (_("Project number"), said["project"]),
        (_("Kind of claim"), reader.label("claim_kind", said["kind"])),
        (_("Amount, yuan"), money.format_yuan(int(said["fen"]))),
        (_("Paid to"), said["payee"] or said["household"]),
        (_("Purpose of money"), reader.label("fund_purpose", said["purpose"])),
        (_("Invoice number"), said["invoice"]),
    )
    return [{"label": label, "before": None, "after": after, "differs": True} for label, after in rows]


def state(reader: Reader, dossier: Dossier | None, pack: Pack) -> dict[str, str]:
    """Where a project or claim stands, in words with a tone."""
    if dossier is None:
        return {"label": _("In the library, not applied for"), "tone": "open"}
    procedure = dossiers.procedure_of(dossier, pack)
    named: Mapping[str, Bilingual] = {**procedure.by_id, **procedure.ends_by_id}
    said = Words.of(named[dossier.step])
    return {"label": reader.words(said.zh, said.en), "tone": OUTCOME_TONES.get(dossier.outcome, "open")}


def states(reader: Reader) -> list[tuple[str, str]]:
    """Every step and end of a project as the choices of a filter."""
    procedure = reader.pack.procedures["project"][-1]
    return [
        ("none", _("In the library, not applied for")),
        *((one.id, reader.words(one.zh, one.en)) for one in procedure.steps),
        *((one.id, reader.words(one.zh, one.en)) for one in procedure.ends),
    ]


def row(reader: Reader, one: Project, places: Mapping[str, str]) -> dict[str, Any]:
    """A project as a row."""
    return {
        "pk": one.pk,
        "url": reverse("site:money-project", args=[one.pk]),
        "number": one.number,
        "name": one.name,
        "kind": reader.label("project_kind", one.kind),
        "place": places.get(one.place_code, one.place_code),
        "above": places.get(one.place_code[:9], "") if len(one.place_code) > 9 else "",
        "year": one.year,
        "asked_fen": one.asked_fen,
        "approved_fen": one.approved_fen,
        "paid_fen": one.paid_fen,
        "progress": one.progress_percent,
        "state": state(reader, one.dossier, reader.pack),
    }


def six_steps(reader: Reader, one: Project, paid: bool) -> list[dict[str, str]]:
    """The six steps of the method with how far each is: ``done``, ``now`` or ``ahead``."""
    words = {
        "application": _("Township applies"),
        "approval": _("County approves"),
        "carrying_out": _("Village and township carry out"),
        "first_inspection": _("Township inspects first"),
        "acceptance": _("County accepts"),
        "claims": _("Township claims"),
    }
    order = (
        *("library_proposal", "library_keeping", "application", "approval", "notice_before"),
        *("carrying_out", "first_inspection", "acceptance", "notice_after"),
    )
    at = one.dossier.step if one.dossier else ""
    reached = order.index(at) if at in order else (len(order) if at == "accepted" else -1)
    belongs = {
        "library_proposal": "application",
        "library_keeping": "application",
        "notice_before": "carrying_out",
        "notice_after": "acceptance",
    }
    now = belongs.get(at, at)
    found = []
    for step in STEPS[:-1]:
        done = reached > order.index(step) and now != step
        found.append({"label": words[step], "state": "done" if done else "now" if step == now else "ahead"})
    settled = one.approved_fen is not None and one.paid_fen == one.approved_fen
    found.append(
        {"label": words["claims"], "state": "done" if settled else "now" if paid or at == "accepted" else "ahead"}
    )
    return found


def facts(reader: Reader, one: Project, places: Mapping[str, str]) -> list[dict[str, str]]:
    """What the project is, label by label."""
    known = labels()
    said = {name: getattr(one, name) for name in known if name not in ("beneficiaries", "name", "number", "asked_fen")}
    rows = [
        {
            "label": known[name],
            "value": places.get(value, value) if name == "place_code" else _value(reader, name, value),
        }
        for name, value in said.items()
        if value not in ("", None)
    ]
    dates = (
        (_("Approved on"), one.approved_on),
        (_("Notice before the work done on"), one.noticed_on),
        (_("Accepted on"), one.accepted_on),
        (_("Notice after the work done on"), one.settled_on),
        (_("Warranty until"), one.warranty_until),
    )
    return rows + [{"label": label, "value": day.isoformat()} for label, day in dates if day]


def sums(one: Project) -> dict[str, int]:
    """Money of a project: asked, approved, gone in, paid, still to be paid, in its pots."""
    approved = one.approved_fen or 0
    return {
        "asked": one.asked_fen,
        "approved": approved,
        "received": one.received_fen,
        "paid": one.paid_fen,
        "left": approved - one.paid_fen,
        "held": one.received_fen - one.paid_fen,
    }


def beneficiary(reader: Reader, one: ProjectBeneficiary) -> dict[str, Any]:
    """A household of a project: masked; opens for who may see it."""
    sees = reader.actor.may(P.HOUSEHOLD_VIEW, one.household.village_code)
    return {
        "name": masked(one.household.head_name or ""),
        "number": one.household.number if sees else "",
        "url": reverse("site:household", args=[one.household_id]) if sees else "",
        "planned": one.planned_fen,
        "reached": one.reached_fen,
    }


def progress(one: ProjectProgress, people: Mapping[str, str]) -> dict[str, Any]:
    return {"on": one.on, "percent": one.percent, "words": one.words, "by": log.who(one.by, people)}


def pictures(found: Sequence[ProjectPicture]) -> list[dict[str, Any]]:
    """Pictures by the moment at which they were taken."""
    return [
        {
            "url": reverse("site:money-project-picture", args=[one.project_id, one.pk]),
            "moment": one.get_moment_display(),
            "on": one.taken_on,
        }
        for one in sorted(found, key=lambda one: (("before", "during", "after").index(one.moment), one.pk))
    ]


def inspection(one: ProjectInspection, people: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": one.get_kind_display(),
        "on": one.on,
        "found": one.found,
        "passed": one.passed,
        "by": log.who(one.by, people),
    }


def claim(reader: Reader, one: Claim) -> dict[str, Any]:
    """A claim as a row of its project."""
    return {
        "kind": reader.label("claim_kind", one.kind),
        "fen": one.amount_fen,
        "payee": one.payee or masked(one.household.head_name if one.household else ""),
        "invoice": one.invoice,
        "paid_on": one.paid_on,
        "state": state(reader, one.dossier, reader.pack),
        "url": reverse("site:dossier", args=[one.dossier_id])
        if one.dossier_id and reader.actor.may(P.DOSSIER_VIEW, one.project.place_code)
        else "",
    }


def of_household(reader: Reader, found: Iterable[ProjectBeneficiary]) -> list[dict[str, Any]]:
    """The projects that a household gains by."""
    return [
        {
            "name": one.project.name,
            "url": reverse("site:money-project", args=[one.project_id])
            if reader.actor.may(P.DOSSIER_VIEW, one.project.place_code)
            else "",
            "year": one.project.year,
            "kind": reader.label("project_kind", one.project.kind),
            "state": state(reader, one.project.dossier, reader.pack),
            "planned": one.planned_fen,
            "reached": one.reached_fen,
        }
        for one in found
    ]


def change(reader: Reader, before: Mapping[str, Any], after: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
    """An approved change."""
    return {"on": on, "rows": proposed(reader, {"before": before, "after": after})}
