"""Organisations and cadres entered; the right lies where a cadre is posted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import transaction

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.responsibility.models import Cadre, Organisation
from jiefa.responsibility.queries import people
from jiefa.responsibility.rules import refusals
from jiefa.stores import bulk

P = Permission
CADRE = "responsibility_cadre"


@dataclass(frozen=True, slots=True)
class NewCadre:
    """A cadre to be entered: of an organisation by name, kind and seat, made where it is not yet there."""

    number: str
    name: str
    rank: str
    area_code: str
    organisation: str
    organisation_kind: str
    seat: str
    from_date: dt.date
    username: str = ""


def enter(*, cadre: NewCadre, by: Actor) -> Cadre:
    """The cadre on file. Raises ``CadreKnown``, ``UsernameTaken``, ``NotAllowed``."""
    enter_many(cadres=[cadre], by=by)
    return Cadre.objects.get(number=cadre.number)


def right(by: Actor) -> Permission:
    """The permission by which somebody enters cadres: who assigns helpers; at the levels above, who keeps pairings, the leaders."""
    return P.HELPER_ASSIGN if by.may(P.HELPER_ASSIGN) else P.PAIRING_RECORD


@transaction.atomic
def enter_many(*, cadres: Sequence[NewCadre], by: Actor) -> int:
    """How many cadres were entered, all or none; one log entry per county. Raises as ``enter``."""
    for area in sorted({one.area_code for one in cadres}):
        by.demand(right(by), area)
    _check_new(cadres)
    units = units_of({(one.seat, one.organisation): one.organisation_kind for one in cadres})
    count, text = len(cadres), pa.string()
    rows = pa.table(
        {
            "id": bulk.new_ids(CADRE, count),
            "number": pa.array([one.number for one in cadres], text),
            "name": pa.array([one.name for one in cadres], text),
            "organisation_id": pa.array([units[one.seat, one.organisation].pk for one in cadres], pa.int64()),
            "rank": pa.array([one.rank for one in cadres], text),
            "area_code": pa.array([one.area_code for one in cadres], text),
            "username": pa.array([one.username for one in cadres], text),
            "from_date": pa.array([one.from_date for one in cadres], pa.date32()),
            "to_date": pa.array([None] * count, pa.date32()),
        }
    )
    bulk.insert(CADRE, rows)
    by_chain: dict[str, list[str]] = defaultdict(list)
    for one in cadres:
        by_chain[one.area_code[:6]].append(one.number)
    for chain, own in sorted(by_chain.items()):
        audit.record(
            chain=chain,
            by=by.name,
            action="cadre.entered",
            object_type="cadre",
            object_id=own[0] if len(own) == 1 else f"{own[0]}+{len(own) - 1}",
            diff={"cadres": own},
        )
    return len(cadres)


def _check_new(cadres: Sequence[NewCadre]) -> None:
    numbers, usernames = [one.number for one in cadres], [one.username for one in cadres if one.username]
    for first in range(0, len(numbers), people.AT_ONCE):
        known = Cadre.objects.filter(number__in=numbers[first : first + people.AT_ONCE]).order_by("pk").first()
        if known is not None:
            raise refusals.CadreKnown(number=known.number, name=known.name)
    seen: dict[str, str] = {}
    for one in cadres:
        if one.number in seen:
            raise refusals.CadreKnown(number=one.number, name=seen[one.number])
        seen[one.number] = one.name
    for first in range(0, len(usernames), people.AT_ONCE):
        taken = Cadre.objects.filter(username__in=usernames[first : first + people.AT_ONCE]).first()
        if taken is not None:
            raise refusals.UsernameTaken(username=taken.username, name=taken.name)


def units_of(wanted: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Organisation]:
    """By seat and name the organisations, with their kind in ``wanted`` where they are new. The caller writes the entry."""
    Organisation.objects.bulk_create(
        (Organisation(area_code=seat, name=name, kind=kind) for (seat, name), kind in sorted(wanted.items())),
        ignore_conflicts=True,
        batch_size=2_000,
    )
    found: dict[tuple[str, str], Organisation] = {}
    seats = sorted({seat for seat, _ in wanted})
    for first in range(0, len(seats), people.AT_ONCE):
        units = Organisation.objects.filter(area_code__in=seats[first : first + people.AT_ONCE])
        found |= {(unit.area_code, unit.name): unit for unit in units if (unit.area_code, unit.name) in wanted}
    return found
