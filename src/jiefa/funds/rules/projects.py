"""How much of a project may be paid when, and by which procedure it goes: pure functions over dated values of the pack.

Source: method 7 with the values of ``parameters/projects.yaml``. All amounts in fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules.project_refusals import ProjectWrong
from jiefa.kernel import money
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.policy import Policy

WHOLE = 100
COUNTY = LENGTH_OF_LEVEL[Level.COUNTY]
PLACES = tuple(LENGTH_OF_LEVEL[level] for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE))
"""Digits of the places in which a project may lie."""
PROCEDURES = ("project", "project_large", "project_county")
CHANGES = ("project_change", "project_change_large", "project_change_county")
CLAIMS = ("claim", "claim_county")
CHANGEABLE = (
    "name", "content", "goal", "asked_fen", "implementer", "responsible", "contractor", "contractor_number", "tender",
    "starts_on", "ends_on", "maintenance",
)  # fmt: skip
"""What may be otherwise after approval, by a change that is approved anew."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What held on a day. Percentages are of the approved amount."""

    second_approval_fen: int
    advance_percent: int
    progress_percent: int
    retention_percent: int
    warranty_months: int
    retention_kinds: tuple[str, ...]


def limits(policy: Policy) -> Limits:
    """The limits of that day. Raises ``NotInForce``."""

    def number(name: str) -> int:
        return int(policy.number(f"project.{name}"))

    return Limits(
        second_approval_fen=policy.fen("project.second_approval_from"),
        advance_percent=number("advance_percent"),
        progress_percent=number("progress_percent"),
        retention_percent=number("retention_percent"),
        warranty_months=number("warranty_months"),
        retention_kinds=policy.texts("project.retention_kinds"),
    )


def of_band(names: Sequence[str], place: str, fen: int, held: Limits) -> str:
    """Which of three procedures fits: of one approval, of two, of a county's own project."""
    if len(place) == COUNTY:
        return names[2]
    return names[1] if fen >= held.second_approval_fen else names[0]


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project before it is on file; as the columns of ``Project``."""

    number: str
    name: str
    kind: str
    place_code: str
    year: int
    asked_fen: int
    source: str
    applicant: str
    implementer: str
    responsible: str
    tender: str
    content: str
    goal: str
    starts_on: dt.date
    ends_on: dt.date
    maintenance: str
    contractor: str = ""
    contractor_number: str = ""

    def as_json(self) -> dict[str, object]:
        """The columns as a proposal holds them; days as text."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value for name, value in asdict(self).items()
        }


def from_json(said: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a proposal with days as days."""
    return {
        name: dt.date.fromisoformat(value) if name in ("starts_on", "ends_on") else value
        for name, value in said.items()
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """A project as far as payments need it: what ``Project`` says of itself at that moment."""

    id: int
    number: str
    place_code: str
    kind: str
    year: int
    contractor: str
    implementer: str
    approved_fen: int | None
    approved_on: dt.date | None
    noticed_on: dt.date | None
    progress_percent: int
    accepted_on: dt.date | None
    settled_on: dt.date | None
    warranty_until: dt.date | None
    received_fen: int
    paid_fen: int

    def taking(self, fen: int) -> Standing:
        """After so much went in; below zero for what came out again."""
        return replace(self, received_fen=self.received_fen + fen)

    def paying(self, fen: int) -> Standing:
        """After so much was paid; below zero for what came back."""
        return replace(self, paid_fen=self.paid_fen + fen)


Refusal = tuple[type[ProjectWrong], dict[str, object]]


def part(fen: int, percent: int) -> int:
    """So many hundredths of ``fen``, rounded down."""
    return fen * percent // WHOLE


def against_receiving(now: Standing, fen: int, on: dt.date) -> Refusal | None:
    """What speaks against so much going into the project, if anything."""
    if now.approved_on is None or now.approved_fen is None or on < now.approved_on:
        return refusals.NotApproved, {}
    if now.received_fen + fen > now.approved_fen:
        left = now.approved_fen - now.received_fen
        return refusals.OverApproved, _said(approved=now.approved_fen, left=left, asked=fen)
    return None


def against_paying(now: Standing, fen: int, on: dt.date, to_unit: bool, held: Limits) -> Refusal | None:
    """What speaks against paying so much, if anything, whoever the payee is. ``to_unit``: a firm, not a household."""
    if now.approved_on is None or now.approved_fen is None or on < now.approved_on:
        return refusals.NotApproved, {}
    if now.paid_fen + fen > now.approved_fen:
        left = now.approved_fen - now.paid_fen
        return refusals.OverApproved, _said(approved=now.approved_fen, left=left, asked=fen)
    if now.noticed_on is None or on < now.noticed_on:
        return refusals.NotNoticed, {}
    after = now.paid_fen + fen
    if now.accepted_on is None or on < now.accepted_on:
        percent = max(held.advance_percent, min(now.progress_percent, held.progress_percent))
        if after > part(now.approved_fen, held.progress_percent):
            said = _said(most=part(now.approved_fen, held.progress_percent), paid=now.paid_fen)
            return refusals.NotAccepted, {**said, "percent": held.progress_percent}
        if after > part(now.approved_fen, percent):
            said = _said(most=part(now.approved_fen, percent), paid=now.paid_fen)
            return refusals.ProgressShort, {**said, "percent": percent, "progress": now.progress_percent}
        return None
    if after > part(now.approved_fen, held.progress_percent) and (now.settled_on is None or on < now.settled_on):
        return refusals.NotSettled, {}
    retained = to_unit and now.kind in held.retention_kinds
    if retained and now.warranty_until is not None and on <= now.warranty_until:
        most = part(now.approved_fen, WHOLE - held.retention_percent)
        if after > most:
            said = _said(most=most, paid=now.paid_fen)
            return refusals.Retained, {**said, "percent": held.retention_percent, "until": now.warranty_until}
    return None


def unit_of(now: Standing, unit: str) -> bool:
    """Whether the unit is one that the project may pay."""
    return unit in (now.contractor, now.implementer) and bool(unit)


def _said(**fen: int) -> dict[str, object]:
    return {name: money.format_yuan(value) for name, value in fen.items()}
