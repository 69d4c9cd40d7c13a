"""The fast rules and indicators against their slow twins on registers drawn at random, with fields empty everywhere."""

from __future__ import annotations

from collections import Counter
from random import Random

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.insight.rules.limits_of_2015 import LIMITS
from tests.reference import indicators, quality, random_registers, registers
from tests.reference.indicators import Opening
from tests.reference.quality import Cards
from tests.reference.registers import YEAR

from jiefa import policy
from jiefa.insight.rules import compile_sql, figures, gini_sums, incomes, rule_ids, village_sums, violations

DEFINITIONS = policy.load().indicators()
SEEDS = st.integers(0, 2**32)


def test_all_rules_on_a_large_random_register() -> None:
    cards = random_registers.draw(Random(2015), households=400)

    rows = violations(registers.on_duckdb(cards), LIMITS).to_pyarrow().to_pylist()

    expected = quality.violations(cards, LIMITS)
    assert {rule for rule, *_ in expected} == set(rule_ids())
    assert Counter(tuple(row.values()) for row in rows) == expected


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 8))
def test_all_rules_on_small_registers(seed: int, households: int) -> None:
    cards = random_registers.draw(Random(seed), households)

    found = Counter(registers.run_sql(cards, compile_sql(YEAR, LIMITS)))

    assert found == quality.violations(cards, LIMITS)


def test_one_rule_alone_finds_the_same() -> None:
    cards = random_registers.draw(Random(3), households=60)
    expected = quality.violations(cards, LIMITS)

    for rule in ("HH09", "ID06", "LA01", "NU07", "WK08"):
        found = Counter(registers.run_sql(cards, compile_sql(YEAR, LIMITS, frozenset({rule}))))

        assert found == Counter({finding: n for finding, n in expected.items() if finding[0] == rule}), rule


def _compare(cards: Cards, opening: Opening | None) -> None:
    register = registers.on_duckdb(cards)
    codes = list(opening or ())
    before = ibis.memtable({"village_code": codes, "people": [opening[c] for c in codes]}) if opening else None
    sums = village_sums(register, DEFINITIONS, LIMITS.poverty_line_fen, before).to_pyarrow()
    gini = gini_sums(incomes(register.households).to_pyarrow())

    table = figures(sums, gini, DEFINITIONS, LIMITS.poverty_line_fen, opening_known=opening is not None)

    expected = indicators.figures(cards, DEFINITIONS, LIMITS.poverty_line_fen, opening)
    rows = {(row["division"], row["indicator"]): row for row in table.to_pylist()}
    assert rows.keys() == expected.keys()
    scales = {d.id: d.scale for d in DEFINITIONS}
    for key, figure in expected.items():
        assert (rows[key]["numerator"], rows[key]["denominator"]) == (figure.numerator, figure.denominator), key
        value = figure.value(scales[key[1]])
        assert rows[key]["value"] == (value if value is None else pytest.approx(value, rel=1e-12)), key


def test_all_indicators_on_a_large_random_register() -> None:
    _compare(random_registers.draw(Random(52), households=120), None)


@settings(max_examples=8)
@given(SEEDS, st.integers(1, 6))
def test_all_indicators_on_small_registers(seed: int, households: int) -> None:
    _compare(random_registers.draw(Random(seed), households), {"520102001001": 17, "522701001077": 3})
