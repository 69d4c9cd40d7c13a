"""The cases of tests/cases/quality: every rule fires on one household and not on its neighbour across the limit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.insight.rules.limits_of_2015 import LIMITS
from tests.reference import registers
from tests.reference.quality import Card, Cards
from tests.reference.registers import YEAR

from jiefa import policy
from jiefa.insight.rules import compile_sql, rule_ids

FOLDER = Path(__file__).parents[2] / "cases" / "quality"
CASES: list[tuple[str, dict[str, Any]]] = [
    (rule, case)
    for file in sorted(FOLDER.glob("*.yaml"))
    for rule, cases in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    for case in cases
]
ORPHANS_HOUSEHOLD = 9_000_000


def _place(number: int, place: dict[str, Any]) -> str:
    """Each case has a county of its own, and a neighbour in the same prefecture."""
    county = 2 * number + (1 if place.get("county") == "next" else 0)
    return f"52{county // 100:02d}{county % 100:02d}001{place.get('village', 1):03d}"


def _changes(changes: dict[str, Any]) -> dict[str, Any]:
    changes = dict(changes)
    if "age" in changes:
        born = dt.date(YEAR - changes.pop("age"), 12, 31)
        changes |= {"birth_date": born, "id_birth_date": born}
    return {
        k: Decimal(str(v)) if k.endswith(("_mu", "_m2", "_km")) and v is not None else v for k, v in changes.items()
    }


def _add(cards: Cards, case: dict[str, Any], household_id: int, code: str) -> None:
    own: dict[str, Any] = {"household_id": household_id, "village_code": code}
    people: list[Card] = []
    if case.get("members") != "none":
        people.append(registers.head(**own, **_changes(case.get("head", {}))))
    if case.get("members") is None:
        people.append(registers.spouse(**own, **_changes(case.get("spouse", {}))))
    people += [registers.spouse(relation="sibling") | own | _changes(more) for more in case.get("more", ())]
    cards.persons.extend(p | {"person_id": household_id * 100 + place} for place, p in enumerate(people))
    cards.households.append(registers.household(**own) | _changes(case.get("household", {})))


@cache
def _found() -> dict[int, dict[str, set[str]]]:
    """What the rules find, by case and rule; one register holds all cases."""
    cards = Cards(YEAR, [], [], [], [])
    case_of: dict[str, int] = {}
    subject: dict[int, set[int]] = defaultdict(set)
    for number, (_, case) in enumerate(CASES):
        code, household = _place(number, {}), number * 1000
        case_of[code] = number
        subject[number].add(household)
        _add(cards, case, household, code)
        others = list(case.get("others", ())) + [{}] * case.get("others_like", 0)
        for place, other in enumerate(others, start=1):
            near = {"household": {"net_income_fen": 2 * LIMITS.poverty_line_fen}}
            _add(
                cards,
                near if place <= case.get("others_near_line", 0) else other,
                household + place,
                _place(number, other),
            )
        if "orphan" in case:
            cards.persons.append(registers.head(household_id=ORPHANS_HOUSEHOLD, village_code=code, person_id=number))
        if "village" in case:
            cards.villages.append(registers.village(village_code=code, **_changes(case["village"])))
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for rule, household_id, _, code, detail in registers.run_sql(cards, compile_sql(YEAR, LIMITS)):
        number = case_of.get(code, -1)
        if household_id in (None, ORPHANS_HOUSEHOLD) or household_id in subject[number]:
            found[number][rule].add(detail or "yes")
    return found


def test_every_rule_has_a_case_that_fires_and_one_that_does_not() -> None:
    firing = {rule for rule, case in CASES if case["finds"] is not False}
    quiet = {rule for rule, case in CASES if case["finds"] is False}

    assert firing == quiet == set(rule_ids())


def test_every_rule_has_a_text_and_every_text_a_rule() -> None:
    assert {text.id for text in policy.load().quality_rules() if text.scope != "money"} == set(rule_ids())


def test_the_household_that_cases_start_from_breaks_no_rule() -> None:
    cards = Cards(YEAR, [registers.head(), registers.spouse()], [registers.household()], [], [registers.village()])

    assert registers.run_sql(cards, compile_sql(YEAR, LIMITS)) == []


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(CASES)])
def test_case(number: int) -> None:
    rule, case = CASES[number]

    details = _found()[number].get(rule, set())

    expected = {True: {"yes"}, False: set[str]()}.get(case["finds"], {case["finds"]})
    if case.get("of") == "village":
        details -= {"near_line"}
    assert details == expected
