"""Indicators on values worked out by hand, and the pack's definitions against the cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pytest
from tests.reference import registers
from tests.reference.quality import Card, Cards
from tests.reference.registers import YEAR

from jiefa import policy
from jiefa.insight.rules import computable, figures, gini_sums, incomes, village_sums
from jiefa.policy import PolicyError
from jiefa.policy.indicators import load

DEFINITIONS = policy.load().indicators()
LINE_2015 = 296_800
FIXED = {"poor_people", "poor_households", "incidence", "new_people", "returned_people", "exited_people"}
FIXED |= {"natural_change_people", "fgt1", "fgt2", "gini", "net_income_per_person"}


def _household(number: int, size: int, yuan_each: int, **changes: Any) -> Card:
    income = {"net_income_fen": size * yuan_each * 100, "net_income_per_person_fen": yuan_each * 100}
    return registers.household(household_id=number, size=size, **income) | changes


def _values(cards: Cards, line_fen: int = LINE_2015, opening: dict[str, list[Any]] | None = None) -> dict[str, Any]:
    register = registers.on_duckdb(cards)
    before = None if opening is None else ibis.memtable(opening)
    sums = village_sums(register, DEFINITIONS, line_fen, before).to_pyarrow()
    gini = gini_sums(incomes(register.households).to_pyarrow())
    table = figures(sums, gini, DEFINITIONS, line_fen, opening_known=opening is not None)
    return {row["indicator"]: row["value"] for row in table.to_pylist() if row["division"] == "52"}


def test_fgt_by_hand() -> None:
    """Two people lack 968 yuan each, one lacks half the line, three stand above it."""
    homes = [_household(1, 2, 2_000), _household(2, 3, 3_000), _household(3, 1, 1_484)]

    found = _values(Cards(YEAR, [], homes, [], []))

    assert found["fgt0"] == 3 / 6
    assert found["fgt1"] == pytest.approx((2 * 968 + 1_484) / (6 * 2_968))
    assert found["fgt2"] == pytest.approx((2 * 968**2 + 1_484**2) / (6 * 2_968**2))


def test_fgt_counts_nobody_who_stands_exactly_on_the_line() -> None:
    found = _values(Cards(YEAR, [], [_household(1, 2, 2_968)], [], []))

    assert (found["fgt0"], found["fgt1"], found["fgt2"]) == (0.0, 0.0, 0.0)


def test_the_worked_example_of_the_method_is_poor_in_2014_and_2015() -> None:
    """11,080 yuan for four is 2,770 each: below 2,800 and below 2,968."""
    home = _household(1, 4, 2_770)

    for line_fen in (280_000, LINE_2015):
        assert _values(Cards(YEAR, [], [home], [], []), line_fen)["fgt0"] == 1.0
    assert _values(Cards(YEAR, [], [home], [], []))["net_income_per_person"] == 2_770.0


@pytest.mark.parametrize(
    ("incomes", "gini"),
    [([1, 2, 3, 4, 5], 4 / 15), ([7, 7, 7], 0.0), ([0, 0, 0, 100], 3 / 4), ([1, 3], 1 / 4)],
    ids=["one to five", "all equal", "one has all", "one and three"],
)
def test_gini_by_hand(incomes: list[int], gini: float) -> None:
    homes = [_household(number, 1, income) for number, income in enumerate(incomes)]

    assert _values(Cards(YEAR, [], homes, [], []))["gini"] == pytest.approx(gini, abs=1e-15)


def test_gini_weighs_by_people() -> None:
    """A household of three counts as three people."""
    grouped = [_household(1, 3, 10), _household(2, 1, 50)]
    single = [_household(number, 1, 10) for number in range(3)] + [_household(9, 1, 50)]

    assert _values(Cards(YEAR, [], grouped, [], []))["gini"] == _values(Cards(YEAR, [], single, [], []))["gini"]


def test_stock_and_flow() -> None:
    homes = [_household(1, 4, 2_000), _household(2, 5, 4_000, poverty_status="exited")]
    moves = [
        registers.movement(kind="exited", people=-5),
        registers.movement(kind="new", people=2),
        registers.movement(kind="natural_loss", people=-1),
    ]
    cards = Cards(YEAR, [], homes, moves, [registers.village(rural_registered_people=100)])

    right = _values(cards, opening={"village_code": [registers.VILLAGE], "people": [8]})
    wrong = _values(cards, opening={"village_code": [registers.VILLAGE], "people": [9]})
    unknown = _values(cards)

    assert (right["opening_people"], right["poor_people"], right["exited_people"]) == (8, 4, 5)
    assert (right["natural_change_people"], right["incidence"]) == (-1, 4.0)
    assert (right["flow_gap_people"], wrong["flow_gap_people"]) == (0, 1)
    assert unknown["opening_people"] == 8
    assert "flow_gap_people" not in unknown


def test_help_by_hand() -> None:
    """Of three poor households one has a helper, two have somebody able to work, of whom one is certified."""
    homes = [
        registers.help_of(household_id=1, helper=True, visits=2, labourer=True, certified=True, loans=1),
        registers.help_of(household_id=2, labourer=True, measures=4, measures_arrived=3),
        registers.help_of(household_id=3, guaranteed=True, links=2, benefit_fen=60_000),
        registers.help_of(household_id=4, poor=False, helper=True, visits=1, labourer=True),
    ]
    loans = [
        registers.loan(balance_fen=2_000_000),
        registers.loan(from_on=dt.date(YEAR - 1, 1, 1), balance_fen=500_000, overdue_fen=500_000),
    ]
    cases = [
        registers.case("relocation", people=4, planned_on=dt.date(YEAR - 1, 5, 1), moved_on=dt.date(YEAR, 2, 1)),
        registers.case("relocation", people=6, planned_on=dt.date(YEAR, 5, 1)),
        registers.case("guarantee", people=2, traced=True, amount_fen=180_000),
    ]
    links = [
        registers.link(household_id=3, paid_fen=50_000),
        registers.link(household_id=3, way="land", body_kind="enterprise"),
        registers.link(household_id=3, in_force=False, paid_fen=10_000),
    ]
    bodies = [
        registers.body(members=50, poor_members=20, invested_fen=100, linked=True),
        registers.body(body_kind="enterprise", level="province", in_park=True, invested_fen=900_000),
        registers.body(body_kind="park", recognised_on=dt.date(YEAR, 5, 1), output_fen=700),
    ]
    cards = Cards(YEAR, [], [], [], [], homes, cases, loans, [registers.fund()], links, bodies)

    found = _values(cards)

    assert (found["helper_households"], found["helper_share"]) == (1, pytest.approx(100 / 3))
    assert (found["household_visits"], found["visits_per_household"]) == (3, pytest.approx(2 / 3))
    assert (found["certified_share"], found["measures_arrived_share"]) == (50.0, 75.0)
    assert (found["loans_made"], found["loans_lent"], found["loan_balance"]) == (1, 50_000, 25_000)
    assert (found["loan_overdue_share"], found["loan_coverage"]) == (20.0, pytest.approx(100 / 3))
    assert (found["fund_leverage"], found["fund_paid_in"]) == (10.0, 10_000)
    assert (found["moved_in_people"], found["moving_planned_people"], found["moved_in_share"]) == (4, 10, 40.0)
    assert (found["guaranteed_people"], found["guarantee_money"]) == (2, 1_800)
    assert (found["linked_poor_share"], found["benefit_per_household"]) == (pytest.approx(100 / 3), 600)
    assert (found["benefit_links"], found["benefit_paid"], found["benefit_paid_dividend"]) == (2, 600, 600)
    assert (found["benefit_paid_by_cooperative"], found["benefit_paid_by_enterprise"]) == (600, 0)
    assert (found["unlinked_bodies"], found["unlinked_invested"]) == (1, 9_000)
    assert (found["leading_enterprises"], found["parks_recognised"], found["park_output"]) == (1, 1, 7)
    assert (found["cooperative_members"], found["cooperative_poor_members"]) == (50, 20)
    assert found["guaranteed_poor_share"] == pytest.approx(100 / 3)


def test_a_fund_counts_for_its_county_and_above_and_for_no_village() -> None:
    cards = Cards(YEAR, [], [], [], [registers.village()], funds=[registers.fund()])
    sums = village_sums(registers.on_duckdb(cards), DEFINITIONS, LINE_2015).to_pyarrow()

    table = figures(sums, None, DEFINITIONS, LINE_2015, opening_known=False)

    paid = {row["division"]: row["value"] for row in table.to_pylist() if row["indicator"] == "fund_paid_in"}
    assert paid == {"52": 10_000, "5201": 10_000, "520102": 10_000, "520102001": 0, registers.VILLAGE: 0}


def test_every_definition_of_the_pack_can_be_computed_from_a_snapshot_of_today() -> None:
    register = registers.on_duckdb(Cards(YEAR, [], [], [], []))

    assert computable(register, DEFINITIONS) == list(DEFINITIONS)


def test_a_snapshot_of_before_answers_what_its_tables_can() -> None:
    register = replace(registers.on_duckdb(Cards(YEAR, [], [], [], [])), more={})

    left = [definition.id for definition in computable(register, DEFINITIONS)]

    assert "poor_people" in left
    assert not {"helper_share", "loan_balance", "fund_leverage", "moved_in_people"} & set(left)


def test_definitions_are_complete() -> None:
    ids = [definition.id for definition in DEFINITIONS]

    assert set(ids) >= FIXED
    assert len(ids) >= 60


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("numerator: {of: persons, count: true, where: {shoe_size: 40}}", 10, "shoe_size"),
        ("numerator: {of: persons, sum: shoe_size}", 10, "shoe_size"),
        ("numerator: {of: persons, count: true, colour: red}", 10, "colour"),
        ("numerator: {of: shoes, count: true}", 10, "shoes"),
        ("numerator: {of: persons, count: true, sum: size}", 10, "count"),
        ("numerator: nothing_of_the_kind", 10, "nothing_of_the_kind"),
        ("alpha: 1", 2, "count"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_place(tmp_path: Path, text: str, line: int, problem: str) -> None:
    fields = "zh: 甲\n    en: A\n    unit: people\n    grain: person\n    kind: count\n    group: stock"
    body = f"indicators:\n  - id: a\n    {fields}\n    direction: neutral\n    {text}\n    source: x\n"
    (tmp_path / "a.yaml").write_text(body, encoding="utf-8")

    with pytest.raises(PolicyError) as refused:
        village_sums(registers.on_duckdb(Cards(YEAR, [], [], [], [])), load(tmp_path), LINE_2015)

    assert Path(str(refused.value.context["file"])).name == "a.yaml"
    assert refused.value.context["line"] == line
    assert problem in refused.value.message("en")
