"""The same expressions on Spark and on DuckDB: the same violations, the same sums to the last digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import ibis
import pytest
from tests.insight.rules.limits_of_2015 import LIMITS
from tests.reference import random_registers, registers

from jiefa import policy
from jiefa.insight.rules import Register, figures, gini_sums, incomes, village_sums, violations
from jiefa.snapshots.opened import spark_backend

pytestmark = pytest.mark.spark
CARDS = random_registers.draw(Random(1949), households=150)
DEFINITIONS = policy.load().indicators()


@pytest.fixture(scope="module")
def on_spark() -> Iterator[Register]:
    """The register on a local Spark."""
    pytest.importorskip("pyspark.sql")
    backend = spark_backend()
    session = backend._session
    for name, table in registers.arrow(CARDS).items():
        session.createDataFrame(table).createOrReplaceTempView(name)
    yield registers.register(backend, CARDS.year)
    session.stop()


def _rows(table: ibis.Table) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row.values()) for row in table.to_pyarrow().to_pylist())


def test_the_same_violations(on_spark: Register) -> None:
    assert _rows(violations(on_spark, LIMITS)) == _rows(violations(registers.on_duckdb(CARDS), LIMITS))


def test_the_same_figures(on_spark: Register) -> None:
    def all_figures(register: Register) -> Counter[tuple[Any, ...]]:
        sums = village_sums(register, DEFINITIONS, LIMITS.poverty_line_fen).to_pyarrow()
        gini = gini_sums(incomes(register.households).to_pyarrow())
        table = figures(sums, gini, DEFINITIONS, LIMITS.poverty_line_fen, opening_known=False)
        return Counter(tuple(row.values()) for row in table.to_pylist())

    assert all_figures(on_spark) == all_figures(registers.on_duckdb(CARDS))
