"""Yearly facts of villages that offices report beside the roster, mostly right, sometimes not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jiefa.demo import faults, geography, reference, services, years
from jiefa.demo.arrays import NULL, BoolArray, IntArray, generator, sums
from jiefa.demo.cards import Card, Part
from jiefa.demo.geography import Plan
from jiefa.demo.roster import decimals
from jiefa.demo.years import YearEnd

WRONG_COUNT_SHARE, WRONG_LAND_SHARE = 0.012, 0.006


def poor_by_village(part: Part, card: Card, end: YearEnd) -> tuple[IntArray, IntArray]:
    """Poor people and poor households of each village of the province (zero outside the part)."""
    poor = years.in_poverty(end.status)
    total = len(part.register.plan.land.code)
    village = card.households["village"]
    people = sums(village[poor], card.family.size[poor], total)
    return people, np.bincount(village[poor], minlength=total).astype(np.int64)


def rows(plan: Plan, part: Part, card: Card, people: IntArray, homes: IntArray) -> pa.Table:
    """One row per populated village of the part: what the village reports for the year."""
    land = plan.land
    rural = plan.rural_people[card.year]
    here = np.flatnonzero(np.isin(land.county, part.register.counties) & ((rural > 0) | (people > 0)))
    registered = _enough(rural[here], people[here], land.county[here])
    farmed = card.households["cultivated_land_mu"]
    own = sums(card.households["village"], np.where(farmed == NULL, 0, farmed), len(land.code))[here]
    spread = generator(geography.LAND_SEED, 2).random(len(land.code))[here]
    total_land = own + np.rint((registered * (60 + 90 * spread)) / 10).astype(np.int64) * 10
    return pa.table(
        {
            "year": pa.array(np.full(len(here), card.year, np.int32)),
            "village_code": pa.array(land.code[here]),
            "rural_registered_households": pa.array(
                np.maximum(homes[here], np.rint(registered / geography.PEOPLE_PER_HOUSEHOLD)).astype(np.int32)
            ),
            "rural_registered_people": pa.array(registered.astype(np.int32)),
            "poor_village": pa.array(land.poor_village[here]),
            "poor_township": pa.array(land.poor_township[here]),
            "poor_county": pa.array(_poor_county()[land.county[here]]),
            "reported_poor_households": pa.array(homes[here].astype(np.int32)),
            "reported_poor_people": pa.array(people[here].astype(np.int32)),
            "cultivated_land_mu": decimals(total_land, np.zeros(len(here), bool)),
            "registered_land_mu": decimals(own, np.zeros(len(here), bool)),
            "collective_income_fen": pa.array(services.collective_income_fen(card.year)[here]),
            "net_income_per_person_fen": pa.array(services.net_income_per_person_fen(card.year)[here]),
            **{name: pa.array(came[here] <= card.year) for name, came in services.arrivals().items()},
        }
    )


def _poor_county() -> BoolArray:
    return np.array([county.poor_county for county in reference.counties()])


def _enough(rural: IntArray, people: IntArray, county: IntArray) -> IntArray:
    """Rural people of each village, never fewer than its poor; the county's sum stays what it is."""
    mended = np.maximum(rural, people)
    for index in np.unique(county[mended > rural]).tolist():
        inside = np.flatnonzero(county == index)
        room = mended[inside] - people[inside]
        over = int(mended[inside].sum() - rural[inside].sum())
        for row in inside[np.argsort(-room, kind="stable")].tolist():
            given = min(over, int(mended[row] - people[row]))
            mended[row] -= given
            over -= given
            if not over:
                break
    return mended


def misreport(table: pa.Table, seed: int) -> tuple[pa.Table, pa.Table]:
    """The facts with some villages' counts and land wrong (rules VI03, VI04), and the truth about them."""
    random = generator(seed, 9)
    count = table.num_rows
    people = table["reported_poor_people"].to_numpy().astype(np.int64)
    own = np.array([int(value * 100) for value in table["registered_land_mu"].to_pylist()], dtype=np.int64)
    land = np.array([int(value * 100) for value in table["cultivated_land_mu"].to_pylist()], dtype=np.int64)
    wrong_count = (random.random(count) < WRONG_COUNT_SHARE) & (people > 0)
    step = random.integers(1, 6, count) * np.where(random.random(count) < 0.5, -1, 1)
    said = np.where(wrong_count, np.where(people + step >= 0, people + step, people + 1), people)
    wrong_land = (random.random(count) < WRONG_LAND_SHARE) & ~wrong_count & (own > 200)
    land = np.where(wrong_land, np.rint(own * (0.4 + 0.4 * random.random(count)) / 10).astype(np.int64) * 10, land)
    for name, values in (
        ("reported_poor_people", pa.array(said.astype(np.int32))),
        ("cultivated_land_mu", decimals(land, np.zeros(count, bool))),
    ):
        table = table.set_column(table.column_names.index(name), name, values)
    codes, year = table["village_code"], table["year"]
    truths = [
        faults.truth_rows(year.take(pa.array(at)), rule, codes.take(pa.array(at)), column)
        for rule, column, at in (
            ("VI03", "reported_poor_people", np.flatnonzero(wrong_count)),
            ("VI04", "cultivated_land_mu", np.flatnonzero(wrong_land)),
        )
    ]
    return table.drop_columns(["registered_land_mu"]), pa.concat_tables(truths)
