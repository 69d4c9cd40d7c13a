"""Every injected fault is found by the product's own rules, and error rules find nothing that is not in the truth."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from tests.demo import register, rosters

from jiefa import policy
from jiefa.demo.faults import EDITS, FAULTS
from jiefa.demo.manifest import Manifest
from jiefa.insight.rules import engine
from jiefa.insight.rules.limits import QualityLimits

Named = set[tuple[str, str]]


def truth(manifest: Manifest, year: int, *kinds: str) -> Named:
    """(rule, household number or village code) of the truth."""
    rows = pq.read_table(manifest.truth, filters=[("year", "=", year), ("kind", "in", kinds)]).to_pylist()
    return {(row["rule"], row["household_number"] or row["village_code"]) for row in rows}


def found(manifest: Manifest, year: int) -> Named:
    """(rule, household number or village code) of all violations."""
    backend, tables = register.build(manifest, year)
    limits = QualityLimits.from_policy(policy.load().for_year(year))
    broken = backend.to_pyarrow(engine.violations(tables, limits)).to_pylist()
    number = dict(zip(*backend.table("numbers").to_pyarrow().to_pydict().values(), strict=True))
    of_person = dict(zip(*backend.table("members").to_pyarrow().to_pydict().values(), strict=True))
    return {
        (row["rule"], number.get(row["household_id"]) or of_person.get(row["person_id"]) or row["village_code"])
        for row in broken
    }


@pytest.mark.parametrize("year", [2013, 2015, 2017])
def test_rules_find_what_was_injected_and_no_other_error(faulty: Manifest, year: int) -> None:
    errors = {rule.id for rule in policy.load().quality_rules() if rule.level == "error"}

    seen = found(faulty, year)

    assert truth(faulty, year, "injected") - seen == set()
    named = truth(faulty, year, "injected", "also")
    assert {(rule, where) for rule, where in seen - named if rule in errors} == set()


@pytest.mark.parametrize("year", [2013, 2016, 2017])
def test_the_clean_population_breaks_no_error_rule(clean: Manifest, year: int) -> None:
    errors = {rule.id for rule in policy.load().quality_rules() if rule.level == "error"}

    assert {rule for rule, _ in found(clean, year)} & errors == set()


def test_every_fault_of_the_catalogue_is_made(faulty: Manifest) -> None:
    made = set(pq.read_table(faulty.truth)["rule"].to_pylist())

    assert {fault.rule for fault in FAULTS} - made == set()
    assert set(EDITS) == {fault.rule for fault in FAULTS}
    assert {"VI03", "VI04"} <= made


def test_a_household_has_one_fault_a_year_and_some_stay(faulty: Manifest) -> None:
    per_year: dict[int, Named] = {year: set() for year in range(2013, 2018)}
    for row in pq.read_table(faulty.truth, filters=[("kind", "=", "injected")]).to_pylist():
        if row["household_number"]:
            per_year[row["year"]].add((row["rule"], row["household_number"]))

    homes = {year: {home for _, home in named} for year, named in per_year.items()}

    assert all(len(homes[year]) == len(named) for year, named in per_year.items())
    assert 0.2 < len(per_year[2014] & per_year[2015]) / len(per_year[2014]) < 0.7
    assert 0.08 < len(homes[2015]) / sum(part.household_rows for part in faulty.parts if part.year == 2015) < 0.25


def test_the_line_of_a_member_points_to_the_row(faulty: Manifest) -> None:
    part = next(part for part in faulty.parts if part.year == 2015)
    members = pq.read_table(part.members)
    rows = pq.read_table(
        faulty.truth, filters=[("year", "=", 2015), ("kind", "=", "injected"), ("rule", "in", ["ID01", "HH04", "NU01"])]
    ).to_pylist()

    for row in rows:
        member = members.slice(row["member_line"], 1).to_pylist()[0]
        assert member["household_number"] == row["household_number"]
        if row["rule"] == "ID01":
            assert len(member["id_number"]) in (15, 17)


def test_faults_change_neither_members_nor_statuses(clean: Manifest, faulty: Manifest) -> None:
    def stock(manifest: Manifest) -> list[tuple[int, int, int]]:
        return [(flow.year, flow.closing, flow.households) for flow in manifest.totals]

    def statuses(manifest: Manifest) -> set[tuple[object, ...]]:
        columns = "household_number, year, poverty_status, entered_year, exited_year"
        return set(rosters.read(manifest).sql(f"SELECT {columns} FROM home").fetchall())

    assert stock(clean) == stock(faulty)
    assert statuses(clean) <= statuses(faulty)
