"""What the checks count, from the tables of a snapshot: one expression a check, the same on DuckDB and on Spark."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jiefa.access.rules import Scope
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.monitoring.queries import cards
from jiefa.registry.cards import INCOME_COLUMNS
from jiefa.snapshots import Snapshot
from jiefa.truth.rules.heaping import STEPS
from jiefa.truth.rules.limits import Limits

OFF_THE_REGISTER = ("removed", "closed", "applicant")
ROUNDED = ("wage_income_fen", "business_income_fen", "property_income_fen")
"""Amounts that a household estimates; grants and pensions are fixed by policy, and round by right."""
ROUNDED_FROM = 100_000
"""Fen: amounts of 1,000 yuan and more, so that the last three digits are free."""
COPIED = (
    *INCOME_COLUMNS,
    *("business_cost_fen", "size", "house_area_m2", "house_structure", "house_built_year"),
    *("cultivated_land_mu", "forest_land_mu", "water_source", "fuel", "main_cause"),
)
"""Answers that together hardly any two households share."""
FEN = 100
COUNTY = 6


def rows(snapshot: Snapshot, table: ir.Table) -> pa.Table:
    """The rows of an expression over the tables of a snapshot."""
    return cards.rows(snapshot, table)


def beside_line(snapshot: Snapshot, limits: Limits) -> ir.Table:
    """``village_code, household_id, bin``: households on the register since before the year, by bin of income, those in range alone.

    Who entered in the year entered because of being below the line, and would look like a gap above it.
    """
    of = snapshot.table("households")
    window = limits.window
    line = float(limits.line_fen)
    income = of.net_income_per_person_fen.cast("float64")
    place = (((income / line - 1.0) / limits.bin_fraction).floor()).cast("int64") + window.bins
    found = of.filter(
        of.net_income_per_person_fen.notnull()
        & ~of.poverty_status.isin(OFF_THE_REGISTER)
        & (of.entered_year < snapshot.year)
    ).mutate(bin=place)
    found = found.filter((found.bin >= 0) & (found.bin < 2 * window.bins))
    return found.select("village_code", "household_id", "bin")


def amounts(snapshot: Snapshot) -> ir.Table:
    """``village_code, household_id, rounded``: every estimated amount by its class of ``heaping.SHARES``."""
    of = snapshot.table("households")
    parts = [
        of.filter(of[name] >= ROUNDED_FROM).select("village_code", "household_id", fen=of[name]) for name in ROUNDED
    ]
    every = reduce(lambda one, other: ibis.union(one, other), parts)
    rounded: Any = ibis.literal(len(STEPS), "int64")
    for place in reversed(range(len(STEPS))):
        rounded = ibis.ifelse(every.fen % (STEPS[place] * FEN) == 0, ibis.literal(place, "int64"), rounded)
    return every.mutate(rounded=rounded).select("village_code", "household_id", "rounded")


def answers(snapshot: Snapshot) -> ir.Table:
    """``village_code, household_id, card``: what the card of a household says, as one text; households that earn something alone."""
    of = snapshot.table("households")
    earned = of.wage_income_fen.fill_null(0) + of.business_income_fen.fill_null(0)
    found = of.filter((earned > 0) & (of["size"] > 0))
    parts = [found[name].cast("string").fill_null("-") for name in COPIED]
    return found.select("village_code", "household_id", card=ibis.literal("|").join(parts))


def copied(snapshot: Snapshot, limits: Limits) -> ir.Table:
    """``village_code, card, own, n, elsewhere, all_elsewhere, kinds``: cards that several households of a village have."""
    of = answers(snapshot).mutate(group=lambda t: t.village_code, county=lambda t: t.village_code.substr(0, COUNTY))
    found = _ties(of.rename(kind="card"), limits.copied_least)
    return found.rename(village_code="group", card="kind")


def visited(snapshot: Snapshot, limits: Limits) -> ir.Table:
    """``village_code, household_id, cadre_id, text_key``: reports that are long enough to be compared, each household once a text."""
    of = snapshot.table("visits")
    long = of.filter(of.words >= limits.words_from)
    return long.select("village_code", "household_id", "cadre_id", "text_key").distinct()


def same_words(snapshot: Snapshot, limits: Limits) -> ir.Table:
    """``cadre_id, text_key, own, n, elsewhere, all_elsewhere, kinds, place``: reports that a cadre gave of several households."""
    of = visited(snapshot, limits)
    of = of.mutate(group=of.cadre_id, kind=of.text_key, county=of.village_code.substr(0, COUNTY))
    found = _ties(of, limits.visit_least)
    homes = of.group_by("cadre_id").aggregate(place=of.village_code.min())
    joined = found.inner_join(homes, found.group == homes.cadre_id)
    return joined.select(
        "cadre_id", "own", "n", "elsewhere", "all_elsewhere", "kinds", "place", text_key=joined["kind"]
    )


def _ties(of: ir.Table, least: int) -> ir.Table:
    """Kinds that come twice or more in a group of a county, with how often they come in the rest of it.

    By windows, not by joins: a county's kinds joined to its groups before the repeated ones are picked are 350 million rows of a whole
    province (more than 40 GB of temporary files, 2026-11).
    """
    own = of.group_by("county", "group", "kind").aggregate(own=of.count())
    in_county = ibis.window(group_by=own.county)
    first = ibis.row_number().over(ibis.window(group_by=[own.county, own.kind], order_by=own.group)) == 0
    every = own.mutate(
        n=own.own.sum().over(ibis.window(group_by=[own.county, own.group])),
        everywhere=own.own.sum().over(ibis.window(group_by=[own.county, own.kind])),
        total=own.own.sum().over(in_county),
        first=first.cast("int64"),
    )
    every = every.mutate(kinds=every.first.sum().over(ibis.window(group_by=every.county)))
    found = every.filter((every.own > 1) & (every.n >= least))
    return found.select(
        "group",
        "kind",
        own=found.own.cast("int64"),
        n=found.n.cast("int64"),
        elsewhere=(found.everywhere - found.own).cast("int64"),
        all_elsewhere=(found.total - found.n).cast("int64"),
        kinds=found.kinds.cast("int64"),
    )


def exits(snapshot: Snapshot) -> ir.Table:
    """``village_code, household_id, on``: households that left the register in the year, with the day."""
    of = snapshot.table("movements")
    return of.filter((of.kind == "exited") & of.on.notnull()).select("village_code", "household_id", "on")


def exit_days(snapshot: Snapshot) -> ir.Table:
    """``village_code, on``: the day on which most of a village's households left, the earliest of several."""
    of = exits(snapshot)
    by_day = of.group_by("village_code", "on").aggregate(homes=of.count())
    order = ibis.row_number().over(
        ibis.window(group_by=by_day.village_code, order_by=[by_day.homes.desc(), by_day.on.asc()])
    )
    ranked = by_day.mutate(order=order)
    return ranked.filter(ranked.order == 0).select("village_code", "on")


def left_people(snapshot: Snapshot) -> ir.Table:
    """``village_code, people``: people of the households that left the register in the year."""
    of = snapshot.table("movements")
    gone = of.filter(of.kind == "exited")
    return gone.group_by("village_code").aggregate(people=(-gone.people.cast("int64")).sum())


def inside(table: ir.Table, within: Scope, column: str = "village_code") -> ir.Table:
    """The rows of a scope."""
    found: ir.Table = table.filter(within.condition(table[column]))
    return found


def compared(snapshot: Snapshot) -> list[tuple[str, int, int]]:
    """``(place, asked, done)`` in people of every place that has a target above 0, by code."""
    targets = rows(snapshot, snapshot.table("targets")).sort_by("area_code")
    left = rows(snapshot, left_people(snapshot))
    done: Counter[str] = Counter()
    for village, people in zip(left["village_code"].to_pylist(), left["people"].to_pylist(), strict=True):
        for digits in LENGTH_OF_LEVEL.values():
            done[village[:digits]] += people
    asked = zip(targets["area_code"].to_pylist(), targets["people"].to_pylist(), strict=True)
    return [(area, people, done[area]) for area, people in asked if people]


def differences(snapshot: Snapshot, within: Scope) -> list[int]:
    """Done less asked, in people, of the places below the scope's own."""
    return [
        done - people for area, people, done in compared(snapshot) if within.covers(area) and area not in within.areas
    ]
