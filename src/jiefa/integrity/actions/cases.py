"""The case book of livelihood supervision: cases opened, lines written, handed over when they were found true.

Everything that is said is sealed. Entries of the log go into the system's chain and tell no place: whoever reads the log of a
county must not learn that a case of it is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, bodies_of
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.integrity.models import Case, CaseNote, HandOver, Violation
from jiefa.integrity.queries import cases as queries
from jiefa.integrity.queries import violations
from jiefa.integrity.rules import places, refusals
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

P = Permission
LONGEST = 4_000
SUBJECT_LONGEST = 120
TOWNSHIP = 9
PROVINCE = 2
"""Digits of a chain that is the system's own, not a county's."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is to be looked into. ``subject``: the number of the household, transfer or project, the name of the office; ``against``: the
    code of the body that it is against, whose people never read it."""

    area_code: str
    source: str
    subject_kind: str
    subject: str
    text: str
    on: dt.date
    violation: int | None = None
    against: str = ""


def _vault() -> Vault:
    return Vault(settings.JIEFA_VAULT_KEY)


@transaction.atomic
def open_case(*, wish: NewCase, by: Actor, pack: Pack) -> Case:
    """The case with its dossier, on the desk of whoever inquires. Raises ``NotAllowed``, ``NotWatched``, ``CaseTextMissing``,
    ``PlaceUnfit``."""
    by.demand(P.CASE_BOOK, wish.area_code)
    name = areas.named([wish.area_code]).get(wish.area_code)
    if name is None:
        raise refusals.PlaceUnfit(place=wish.area_code)
    procedure = places.case_procedure(wish.area_code, by.posts)
    if procedure is None:
        raise refusals.NotWatched(place=name)
    _check(wish, pack)
    handed = violations.handed(wish.violation, by.scope(P.CASE_BOOK)) if wish.violation is not None else None
    made = _case(wish, handed, by)
    opening = Opening(
        subject=f"case:{made.pk}",
        place=wish.area_code,
        # What everybody who may come near it reads: no word of what it is about.
        title=f"监督事项 {made.pk}",
        year=wish.on.year,
        proposal={"case": made.pk},
    )
    made.dossier = actions.open_dossier(procedure=procedure, opening=opening, by=by, on=wish.on, pack=pack)
    made.save(force_update=True, update_fields=["dossier"])
    audit.record(
        chain=wish.area_code[:PROVINCE],
        by=by.name,
        action="case.opened",
        object_type="case",
        object_id=made.pk,
        diff={"on": wish.on},
    )
    return made


def _check(wish: NewCase, pack: Pack) -> None:
    known = wish.source in pack.codes("case_source").ids and wish.subject_kind in pack.codes("case_subject").ids
    lengths = 0 < len(wish.subject.strip()) <= SUBJECT_LONGEST and 0 < len(wish.text.strip()) <= LONGEST
    if not known or not lengths or wish.on > timezone.localdate():
        raise refusals.CaseTextMissing(limit=f"{LONGEST:,}")


def _case(wish: NewCase, handed: Violation | None, by: Actor) -> Case:
    vault = _vault()
    township = wish.area_code[:TOWNSHIP] if len(wish.area_code) >= TOWNSHIP else ""
    return Case.objects.create(
        area_code=wish.area_code,
        against_code=wish.against,
        group=queries.group_of(township, wish.on) if township else None,
        source=wish.source,
        subject_kind=wish.subject_kind,
        subject_sealed=vault.seal(wish.subject.strip()),
        text_sealed=vault.seal(wish.text.strip()),
        violation=handed,
        opened_on=wish.on,
        by=by.name,
        at=timezone.now(),
    )


def _locked(case_id: int, by: Actor) -> Case:
    found = Case.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=case_id)
    _demand(found, by)
    return found


def _demand(found: Case, by: Actor) -> None:
    by.demand(P.CASE_BOOK, found.area_code)
    if found.against_code in bodies_of(by.posts):
        raise NotAllowed(what=P.CASE_BOOK.value)


@transaction.atomic
def write(*, case_id: int, kind: str, on: dt.date, text: str, by: Actor, pack: Pack) -> CaseNote:
    """The new line of the case. Raises ``NotAllowed``, ``CaseClosed``, ``CaseTextMissing``."""
    found = _locked(case_id, by)
    if found.dossier is None or found.dossier.outcome:
        raise refusals.CaseClosed(number=found.pk)
    known = kind in pack.codes("case_note").ids
    if not known or not 0 < len(text.strip()) <= LONGEST or on > timezone.localdate():
        raise refusals.CaseTextMissing(limit=f"{LONGEST:,}")
    made = CaseNote.objects.create(
        case=found, kind=kind, on=on, text_sealed=_vault().seal(text.strip()), by=by.name, at=timezone.now()
    )
    audit.record(
        chain=found.area_code[:PROVINCE],
        by=by.name,
        action="case.written",
        object_type="case",
        object_id=found.pk,
        diff={"on": on},
    )
    return made


@transaction.atomic
def hand_over(*, case_id: int, to: str, reason: str, on: dt.date, by: Actor, pack: Pack) -> HandOver:
    """The case that was found true, handed over. Raises ``NotAllowed``, ``CaseOpen``, ``ReasonMissing``, ``HandedOverBefore``."""
    found = _locked(case_id, by)
    title = f"监督事项 {found.pk}"
    if found.dossier is None or found.dossier.outcome != "approved":
        raise refusals.CaseOpen(number=found.pk)
    if to not in pack.codes("handed_to").ids or not reason.strip():
        raise refusals.ReasonMissing(title=title)
    if HandOver.objects.filter(case=found, to=to).exists():
        raise refusals.HandedOverBefore(title=title)
    made = HandOver.objects.create(
        case=found,
        area_code=found.area_code,
        to=to,
        on=on,
        reason_sealed=_vault().seal(reason.strip()[:LONGEST]),
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=found.area_code[:PROVINCE],
        by=by.name,
        action="case.handed_over",
        object_type="case",
        object_id=found.pk,
        diff={"on": on},
    )
    return made


@dataclass(frozen=True, slots=True)
class Read:
    """A case in the clear: what it is about, its text, its lines in order, and the reasons for which it was handed over."""

    subject: str
    text: str
    notes: Sequence[str]
    reasons: Sequence[str]


@transaction.atomic
def read(*, case_id: int, by: Actor) -> Read:
    """The case in the clear, for whoever holds its case book; that it was read is logged. Raises ``NotAllowed``."""
    found = Case.objects.get(pk=case_id)
    _demand(found, by)
    vault = _vault()
    audit.record(
        chain=found.area_code[:PROVINCE],
        by=by.name,
        action="case.read",
        object_type="case",
        object_id=found.pk,
        diff={},
    )
    return Read(
        subject=vault.open(bytes(found.subject_sealed)),
        text=vault.open(bytes(found.text_sealed)),
        notes=[vault.open(bytes(one.text_sealed)) for one in queries.notes(found)],
        reasons=[vault.open(bytes(one.reason_sealed)) for one in queries.handed_over(found)],
    )


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against any step of who belongs to the body that a case is against; against passing a case on, or concluding it, in which nothing
    was written."""
    keys = {dossier.pk: dossier.proposal["case"] for dossier in dossiers}
    own = Case.objects.filter(pk__in=keys.values(), against_code__in=sorted(bodies_of(decision.posts)))
    if closed := set(own.values_list("pk", flat=True)):
        return {pk: NotAllowed(what=P.CASE_BOOK.value) for pk, case in keys.items() if case in closed}
    if decision.kind != "approve":
        return {}
    written = set(CaseNote.objects.filter(case__in=keys.values()).values_list("case_id", flat=True))
    return {pk: refusals.NothingWritten(number=case) for pk, case in keys.items() if case not in written}
