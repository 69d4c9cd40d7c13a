"""A visit planned in secret, recorded on the spot, or dropped.

A plan stands in the system's chain of the log and names no place: whoever reads the log of a county must not learn that
somebody comes. What was done stands in the county's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.inspection.models import WHAT_LENGTH, SpotCheck, SpotFinding, SpotItem, VisitState
from jiefa.inspection.queries import visits
from jiefa.inspection.rules import refusals
from jiefa.inspection.rules import visiting as rules
from jiefa.kernel.errors import Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack

P = Permission
CHAIN = "system"
TEXT_LENGTH = 2_000
WHY, RECORD = Words("暗访事由", "Why it is visited"), Words("暗访记录", "The record")
VISIT, TERM = Words("暗访", "The visit"), Words("整改期限", "The term to put right")


@dataclass(frozen=True, slots=True)
class Found:
    """How an item was found; where something is wrong, what, and by when it is put right (None: the term of the pack)."""

    item: str
    result: str
    what: str = ""
    due_on: dt.date | None = None


def own_place(by: Actor, place: str) -> str:
    """The place from which ``by`` visits ``place``: the nearest above it of a post with the right. Raises ``PlaceUnfit``."""
    name = areas.named([place]).get(place, place)
    posts = [area for _role, area in by.posts] or list(by.scope(P.SPOT_CHECK).areas)
    above = [area for area in posts if rules.may_visit(area, place) and by.may(P.SPOT_CHECK, area)]
    if not above or name == place:
        raise refusals.PlaceUnfit(place=name)
    return max(above, key=len)


@transaction.atomic
def plan(*, place: str, planned_for: dt.date, reason: str, by: Actor) -> SpotCheck:
    """The visit, planned and secret. Raises ``NotAllowed``, ``PlaceUnfit``, ``TextMissing``."""
    by.demand(P.SPOT_CHECK)
    own = own_place(by, place)
    if not 0 < len(reason.strip()) <= TEXT_LENGTH:
        raise refusals.TextMissing(what=WHY, limit=f"{TEXT_LENGTH:,}")
    made = SpotCheck.objects.create(
        by_code=own,
        place_code=place,
        planned_for=planned_for,
        reason_sealed=Vault(settings.JIEFA_VAULT_KEY).seal(reason.strip()),
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=CHAIN, by=by.name, action="spot_check.planned", object_type="spot_check", object_id=made.pk, diff={}
    )
    return made


def _locked(pk: int, by: Actor) -> SpotCheck:
    by.demand(P.SPOT_CHECK)
    if not visits.made(by).filter(pk=pk).exists():
        raise refusals.VisitUnknown(number=pk)
    found = SpotCheck.objects.select_for_update().get(pk=pk)
    if found.state != VisitState.PLANNED:
        raise refusals.VisitOver(number=pk)
    return found


@transaction.atomic
def record(*, visit: int, on: dt.date, text: str, found: Sequence[Found], by: Actor, pack: Pack) -> SpotCheck:
    """The visit as it was, every item with its result, an order to put right for each that is wrong. From now on the place knows.

    Raises ``NotAllowed``, ``VisitUnknown``, ``VisitOver``, ``DayUnfit``, ``TextMissing``, ``ItemWrong``.
    """
    one = _locked(visit, by)
    if on > timezone.localdate():
        raise refusals.DayUnfit(what=VISIT, on=on)
    if not 0 < len(text.strip()) <= TEXT_LENGTH:
        raise refusals.TextMissing(what=RECORD, limit=f"{TEXT_LENGTH:,}")
    given = _judged(found, on, pack)
    one.state, one.done_on, one.record = VisitState.DONE, on, text.strip()
    one.save(force_update=True, update_fields=["state", "done_on", "record"])
    SpotItem.objects.bulk_create([SpotItem(check_of=one, item=line.item, result=line.result) for line in given])
    wrong = [(line, line.due_on) for line in given if line.result == rules.WRONG and line.due_on is not None]
    SpotFinding.objects.bulk_create(
        [
            SpotFinding(
                check_of=one,
                place_code=one.place_code,
                item=line.item,
                what=line.what.strip(),
                found_on=on,
                since=on,
                due_on=due_on,
            )
            for line, due_on in wrong
        ]
    )
    audit.record(
        chain=one.place_code,
        by=by.name,
        action="spot_check.recorded",
        object_type="spot_check",
        object_id=one.pk,
        diff={"place": one.place_code, "on": on, "wrong": len(wrong)},
    )
    return one


def _judged(found: Sequence[Found], on: dt.date, pack: Pack) -> list[Found]:
    """The items in the order of the checklist, terms filled in."""
    items, results = pack.at(on).codes("spot_item").values, pack.codes("spot_result").ids
    by_item = {line.item: line for line in found}
    term = on + dt.timedelta(days=int(pack.at(on).number("inspection.put_right_days")))
    judged = []
    for item in items:
        line = by_item.get(item.id)
        if line is None or line.result not in results:
            raise refusals.ItemWrong(item=Words.of(item))
        if line.result == rules.WRONG and not 0 < len(line.what.strip()) <= WHAT_LENGTH:
            raise refusals.ItemWrong(item=Words.of(item))
        due = line.due_on or term
        if line.result == rules.WRONG and due < on:
            raise refusals.DayUnfit(what=TERM, on=due)
        judged.append(Found(item.id, line.result, line.what, due))
    return judged


@transaction.atomic
def drop(*, visit: int, by: Actor) -> SpotCheck:
    """The visit, dropped; the place never learns of it."""
    one = _locked(visit, by)
    one.state = VisitState.DROPPED
    one.save(force_update=True, update_fields=["state"])
    audit.record(
        chain=CHAIN, by=by.name, action="spot_check.dropped", object_type="spot_check", object_id=one.pk, diff={}
    )
    return one


def reason_of(found: SpotCheck) -> str:
    """Why it was planned, for whoever makes it. Writes nothing."""
    return Vault(settings.JIEFA_VAULT_KEY).open(bytes(found.reason_sealed))
