"""A household's poverty status changed by what was decided about it: on the household, on the card of the year, in the flow.

Set by set. Whoever decides, and by what procedure, is the caller's affair; that the stock-flow equation holds is ours.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection, transaction

from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.registry.models import Household, HouseholdYear
from jiefa.stores import bulk

ENTRIES = frozenset(("new", "returned", "correction_in"))
IN_POVERTY = frozenset(("poor", "pre_exit", "returned"))


class StatusUnfit(JiefaError):
    code = "registry.status_unfit"
    zh = "户 {number} 现为“{status}”，不能登记“{kind}”。请先核对该户的脱贫属性。"
    en = "Household {number} is {status!r} now; {kind!r} cannot be entered. Check its status first."


class CardOfYearMissing(JiefaError):
    code = "registry.status_card_missing"
    zh = "户 {number} 没有 {year} 年的卡片，不能改变其脱贫属性。请先录入该年的名册。"
    en = "Household {number} has no card of {year}; its status cannot change. Load that year's roster first."


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One household, its new status, and the kind of movement that this is (code list ``movement``)."""

    household_id: int
    status: str
    kind: str
    on: dt.date
    dossier: int


def change(*, changes: Sequence[StatusChange], year: int, by: str) -> int:
    """How many people the changes concern. All or none.

    Entries (``new``, ``returned``, ``correction_in``) are of households that are not in poverty, everything else of those
    that are. Raises ``StatusUnfit``, ``CardOfYearMissing``.
    """
    if not changes:
        return 0
    with transaction.atomic():
        keys = [change.household_id for change in changes]
        households = {h.pk: h for h in Household.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
        cards = {c.household_id: c for c in HouseholdYear.objects.filter(household_id__in=keys, year=year)}
        for one in changes:
            _check(households[one.household_id], cards.get(one.household_id), one, year)
        _update(changes, households, year)
        people = _move(changes, cards, year)
        _log(changes, households, year, by)
    return people


def _check(household: Household, card: HouseholdYear | None, one: StatusChange, year: int) -> None:
    if card is None:
        raise CardOfYearMissing(number=household.number, year=year)
    if (card.poverty_status in IN_POVERTY) == (one.kind in ENTRIES):
        raise StatusUnfit(number=household.number, status=card.poverty_status, kind=one.kind)


def _update(changes: Sequence[StatusChange], households: dict[int, Household], year: int) -> None:
    """Card and household say the same; the household only where no later card has the word."""
    enters = [one.kind in ENTRIES for one in changes]
    rows = pa.table(
        {
            "id": pa.array([one.household_id for one in changes], pa.int64()),
            "poverty_status": pa.array([one.status for one in changes], pa.string()),
            "entered_year": pa.array([year if enter else None for enter in enters], pa.int16()),
            "exited_year": pa.array([year if one.kind == "exited" else None for one in changes], pa.int16()),
            "latest": pa.array([households[one.household_id].card_year == year for one in changes], pa.bool_()),
        }
    )
    keep_entered = "entered_year = coalesce(news.entered_year, {table}.entered_year), exited_year = news.exited_year"
    with bulk.staged("news_status", rows, "id") as news, connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE registry_householdyear SET poverty_status = news.poverty_status, "
            f"{keep_entered.format(table='registry_householdyear')} FROM {news} AS news "
            "WHERE registry_householdyear.household_id = news.id AND registry_householdyear.year = %s",
            [year],
        )
        cursor.execute(
            f"UPDATE registry_household SET poverty_status = news.poverty_status, version = version + 1, "
            f"{keep_entered.format(table='registry_household')} FROM {news} AS news "
            "WHERE registry_household.id = news.id AND news.latest"
        )


def _move(changes: Sequence[StatusChange], cards: dict[int, HouseholdYear], year: int) -> int:
    sizes = [cards[one.household_id].size for one in changes]
    signs = [1 if one.kind in ENTRIES else -1 for one in changes]
    moved = [(one, sign * size) for one, sign, size in zip(changes, signs, sizes, strict=True) if size]
    rows = pa.table(
        {
            "id": bulk.new_ids("registry_movement", len(moved)),
            "household_id": pa.array([one.household_id for one, _ in moved], pa.int64()),
            "person_id": pa.array([None] * len(moved), pa.int64()),
            "village_code": pa.array([cards[one.household_id].village_code for one, _ in moved], pa.string()),
            "year": pa.array([year] * len(moved), pa.int16()),
            "kind": pa.array([one.kind for one, _ in moved], pa.string()),
            "reason": pa.array([None] * len(moved), pa.string()),
            "on": pa.array([one.on for one, _ in moved], pa.date32()),
            "people": pa.array([people for _, people in moved], pa.int32()),
        }
    )
    bulk.insert("registry_movement", rows)
    return sum(sizes)


def _log(changes: Sequence[StatusChange], households: dict[int, Household], year: int, by: str) -> None:
    by_county: dict[str, list[list[object]]] = defaultdict(list)
    for one in changes:
        household = households[one.household_id]
        by_county[household.village_code[:6]].append(
            [household.pk, household.poverty_status, one.status, one.kind, one.dossier]
        )
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by,
                action="household.status_changed",
                object_type="household",
                object_id=own[0][0] if len(own) == 1 else f"{own[0][0]}+{len(own) - 1}",
                diff={"year": year, "changes": own},
            )
            for county, own in sorted(by_county.items())
        ]
    )
