"""What the cards of a year say of households outside poverty: one row for every trigger. Ibis tables in, an Ibis table out.

Columns are those of ``registry.cards``. A blank never triggers: who left a field empty is a matter of quality, not of risk.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from jiefa.exits.rules.household import DANGEROUS
from jiefa.monitoring.rules.watching import WATCHABLE


@dataclass(frozen=True, slots=True)
class Limits:
    """What the policy of a year asks the cards. ``born``: after the first and until the second day, of school age; ``excused``: reasons
    for which a child may be out of school."""

    triggers: tuple[str, ...]
    line_fen: int
    born: tuple[dt.date, dt.date]
    excused: tuple[str, ...]
    work_months_before: int


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a year, and those of the members in the year before where there are any."""

    households: ir.Table
    persons: ir.Table
    persons_before: ir.Table | None = None


def on_cards(cards: Cards, limits: Limits, statuses: tuple[str, ...] = WATCHABLE) -> ir.Table:
    """``village_code, household_id, trigger, found``: one row for every trigger of a household with one of ``statuses``.

    ``found``: of income fen a person and year; of school children; of work months worked the year before; else 1.
    """
    homes = cards.households
    if statuses:
        homes = homes.filter(homes.poverty_status.isin(statuses))
    every = {"income": _income, "house": _house, "water": _water, "school": _school, "work": _work}
    parts = [every[name](homes, cards, limits) for name in limits.triggers]
    return reduce(lambda one, other: one.union(other), parts)


def _row(homes: ir.Table, trigger: str, found: ir.IntegerValue) -> ir.Table:
    return homes.select(
        "village_code", "household_id", trigger=ibis.literal(trigger), found=found.cast("int64").fill_null(0)
    )


def _income(homes: ir.Table, cards: Cards, limits: Limits) -> ir.Table:
    # In whole fen and unrounded, as the standard of leaving has it: below is below, the line itself is not.
    below = homes.filter((homes["size"] > 0) & (homes.net_income_fen < homes["size"].cast("int64") * limits.line_fen))
    return _row(below, "income", below.net_income_per_person_fen)


def _house(homes: ir.Table, cards: Cards, limits: Limits) -> ir.Table:
    unsafe = homes.filter(homes.house_danger.isin(sorted(DANGEROUS)) & homes.relocated_year.isnull())
    return _row(unsafe, "house", ibis.literal(1))


def _water(homes: ir.Table, cards: Cards, limits: Limits) -> ir.Table:
    return _row(homes.filter(~homes.water_safe), "water", ibis.literal(1))


def _school(homes: ir.Table, cards: Cards, limits: Limits) -> ir.Table:
    people = cards.persons
    after, until = limits.born
    out = people.filter(
        (people.school_stage == "not_pupil")
        & (people.birth_date > after)
        & (people.birth_date <= until)
        & ~people.dropout_reason.fill_null("").isin(limits.excused)
    )
    counted = out.group_by("household_id").aggregate(found=out.count())
    joined = homes.inner_join(counted, "household_id")
    return _row(joined, "school", joined.found)


def _work(homes: ir.Table, cards: Cards, limits: Limits) -> ir.Table:
    """Nobody worked in the year, and somebody had: asked only where the year before is known."""
    if cards.persons_before is None:
        return _row(homes.filter(ibis.literal(False)), "work", ibis.literal(0))
    now = cards.persons.group_by("household_id").aggregate(months=cards.persons.work_months.fill_null(0).sum())
    before = cards.persons_before
    was = before.group_by("household_id").aggregate(found=before.work_months.fill_null(0).sum())
    idle = now.filter(now.months == 0).inner_join(was.filter(was.found >= limits.work_months_before), "household_id")
    joined = homes.inner_join(idle, "household_id")
    return _row(joined, "work", joined.found)
