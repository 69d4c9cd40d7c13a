"""The people add up: published totals, flows, whole households, the census pyramid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.demo import rosters

from jiefa.demo import cards, families, geography, population, reference, targets, years
from jiefa.demo.arrays import generator
from jiefa.demo.generate import Demo, DemoOutOfRange
from jiefa.demo.manifest import Manifest
from jiefa.kernel.allocation import largest_remainder

IN_POVERTY = "('poor', 'pre_exit', 'returned')"


@pytest.mark.parametrize("scale", [0.001, 0.0037, 0.01])
def test_poor_people_of_every_county_and_year_are_exact(scale: float) -> None:
    plan = geography.plan(scale, tuple(range(2013, 2021)))
    register = population.baseline(plan, tuple(range(88)), generator(5))
    ends = [years.first_year(register)]
    for year in plan.years[1:]:
        ends.append(years.next_year(register, ends[-1], generator(5, year)))

    found = years.flows(register, ends, [county.code for county in reference.counties()])

    for year in plan.years:
        closing = [flow.closing for flow in found if flow.year == year]
        assert sum(closing) == int(targets.POOR_PEOPLE[year] * scale + 0.5)
        assert closing == plan.county_poor[year].tolist()
    assert all(flow.balance == 0 for flow in found)


def test_county_totals_are_the_largest_remainder_of_the_scaled_total() -> None:
    whole = targets.county_poor(1.0, (2014,))[2014].tolist()

    scaled = targets.county_poor(0.01, (2014,))[2014].tolist()

    assert sum(whole) == 6_230_000
    assert scaled == largest_remainder(62_300, whole)


def test_rosters_hold_the_published_totals(faulty: Manifest) -> None:
    db = rosters.read(faulty)

    held = db.sql(
        f"""SELECT h.year, count(*) FROM home h JOIN m USING (household_number, year)
            WHERE poverty_status IN {IN_POVERTY} GROUP BY 1 ORDER BY 1"""
    ).fetchall()

    assert held == [(year, targets.scaled(targets.POOR_PEOPLE[year], faulty.scale)) for year in range(2013, 2018)]


def test_flows_follow_from_the_rosters(clean: Manifest) -> None:
    db = rosters.read(clean)
    poor = f"(SELECT household_number, year FROM h WHERE poverty_status IN {IN_POVERTY})"
    concerned = f"""(SELECT household_number, year FROM h
        WHERE (poverty_status IN {IN_POVERTY} OR exited_year = year) AND entered_year < year)"""
    in_year = f"FROM every JOIN {concerned} USING (household_number, year) WHERE change IS NOT NULL"
    rows = db.sql(
        f"""SELECT year, sum(new), sum(back), sum(out), sum(gain), sum(loss), sum(fixed_in), sum(fixed_out),
                sum(closing) FROM (
            SELECT year, CASE WHEN entered_year = year AND poverty_status <> 'returned' THEN size ELSE 0 END AS new,
                CASE WHEN entered_year = year AND poverty_status = 'returned' THEN size ELSE 0 END AS back,
                CASE WHEN exited_year = year THEN size ELSE 0 END AS out,
                0 AS gain, 0 AS loss, 0 AS fixed_in, 0 AS fixed_out,
                CASE WHEN (household_number, year) IN {poor} THEN size ELSE 0 END AS closing FROM h
            UNION ALL SELECT year, 0, 0, 0, (present AND change <> 'correct_in')::INT,
                (NOT present AND change <> 'correct_out')::INT,
                (change = 'correct_in')::INT, (change = 'correct_out')::INT, 0 {in_year}) GROUP BY 1 ORDER BY 1"""
    ).fetchall()

    opening = 0
    for row, total in zip(rows, clean.totals, strict=True):
        _, new, back, out, gain, loss, fixed_in, fixed_out, closing = row
        assert opening + new + back - out + gain - loss + fixed_in - fixed_out == closing
        assert (new, back, out, gain, loss) == (
            total.new, total.returned, total.exited, total.natural_gain, total.natural_loss,
        )  # fmt: skip
        opening = closing


def test_households_are_of_the_planned_size_and_people_of_the_census_ages(clean: Manifest) -> None:
    db = rosters.read(clean)

    mean = db.sql("SELECT avg(size) FROM h WHERE year = 2013").fetchall()[0][0]
    counted = db.sql(
        "SELECT least(age // 5, 17)::INT, (sex = 'female')::INT, count(*) FROM m WHERE year = 2013 GROUP BY ALL"
    ).fetchall()

    assert mean == pytest.approx(4.28, abs=0.05)
    found = np.zeros((18, 2))
    for band, sex, count in counted:
        found[band, sex] = count
    assert np.abs(found / found.sum() - reference.census_shares()).max() < 0.004


def test_a_leaver_is_gone_the_year_after_and_a_household_never_ends(clean: Manifest) -> None:
    db = rosters.read(clean)

    back = db.sql(
        "SELECT count(*) FROM every a JOIN every b ON a.id_number = b.id_number AND b.year > a.year WHERE NOT a.present"
    ).fetchall()
    lost = db.sql(
        """SELECT count(*) FROM h a
        ANTI JOIN h b ON a.household_number = b.household_number AND b.year = a.year + 1 WHERE a.year < 2017"""
    ).fetchall()

    assert back == [(0,)]
    assert lost == [(0,)]


def test_designations_and_rural_people_are_as_published(clean: Manifest) -> None:
    kinds = [row["kind"] for row in geography.designations()]
    facts = pq.read_table(clean.village_facts)

    sums = facts.group_by("year").aggregate([("rural_registered_people", "sum")])
    rural = dict(zip(*sums.select(["year", "rural_registered_people_sum"]).to_pydict().values(), strict=True))

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "key_county": 50, "area_county": 65, "poor_township": 934, "poor_village": 9000,
        "contract_pilot": 3, "demo_county": 7,
    }  # fmt: skip
    assert sum(county.poor_county for county in reference.counties()) == 66
    assert [round(clean.totals[i].closing / rural[2013 + i] * 100, 1) for i in range(3)] == [21.3, 18.0, 14.3]
    assert pc.all(pc.less_equal(facts["reported_poor_people"], facts["rural_registered_people"])).as_py()


def test_villages_report_what_the_roster_holds(clean: Manifest) -> None:
    db = rosters.read(clean)
    db.register("facts", pq.read_table(clean.village_facts))

    wrong = db.sql(
        f"""SELECT count(*) FROM facts FULL JOIN (SELECT village_code, year, sum(size) AS people, count(*) AS homes
            FROM h
            WHERE poverty_status IN {IN_POVERTY} GROUP BY ALL) USING (village_code, year)
            WHERE coalesce(reported_poor_people, -1) <> coalesce(people, 0)
            OR coalesce(reported_poor_households, -1) <> coalesce(homes, 0)"""
    ).fetchall()

    assert wrong == [(0,)]


def test_sizes_sum_exactly_whatever_is_asked() -> None:
    for people in [0, 1, 2, 11, 17, 4_281]:
        sizes = population.sizes_for(people, generator(people))

        assert sizes.sum() == people
        assert people == 0 or (sizes.min() >= 1 and sizes.max() <= len(families.SIZE_SHARES))


def test_parts_are_whole_counties_of_bounded_size() -> None:
    plan = geography.plan(0.1, (2013,))

    parts = cards.county_parts(plan, 100_000)

    assert [county for part in parts for county in part] == list(range(88))
    assert all(len(part) == 1 or plan.county_poor[2013][list(part)].sum() <= 100_000 for part in parts)


@pytest.mark.parametrize(("scale", "until"), [(0.0001, 2015), (1.5, 2015), (0.01, 2012), (0.01, 2021)])
def test_a_province_that_cannot_be_is_refused(tmp_path: Path, scale: float, until: int) -> None:
    with pytest.raises(DemoOutOfRange):
        Demo(tmp_path, scale, 1, until)
