"""Gini of net income per person, weighted by people, for every division of every level, without a division in SQL.

With households in rising order of income per person, W people and N income in one and C income up to and with it:
G = 1 - sum(W * (2 C - N)) / (people * income). All terms are whole, so the sum is exact.
"""

from __future__ import annotations

from typing import cast

import ibis
import ibis.expr.types as ir

from jiefa.kernel.division_codes import LENGTH_OF_LEVEL

WIDE = "decimal(38,0)"


def gini_sums(households: ir.Table) -> ir.Table:
    """One row per division of any level: ``division, gini_people, gini_income, gini_area`` (all decimal, whole).

    ``gini = 1 - gini_area / (gini_people * gini_income)``. Households without income or members are left out;
    incomes that are equal to the fen per person are taken in order of household income, so that no engine may choose.
    """
    known = households.filter(households.net_income_fen.notnull(), households["size"] > 0)
    base = known.select(
        "village_code",
        per_person=known.net_income_per_person_fen,
        people=known["size"].cast("int64"),
        income=known.net_income_fen,
    )
    return ibis.union(*(_level(base, length) for length in LENGTH_OF_LEVEL.values()))


def _level(base: ir.Table, length: int) -> ir.Table:
    inside = base.mutate(division=base.village_code.left(length))
    order = ["per_person", "income", "people"]
    rising = ibis.window(group_by="division", order_by=order, preceding=None, following=0)
    curve = inside.mutate(up_to=cast("ir.IntegerColumn", inside.income).sum().over(rising))
    area = cast("ir.IntegerColumn", curve.people) * (2 * cast("ir.IntegerColumn", curve.up_to) - curve.income)
    # One term stays below 10^18 for a nation; as decimal(18,0) it is summed to 38 digits on both engines.
    return (
        curve.mutate(area=area.cast("decimal(18,0)"))
        .group_by("division")
        .aggregate(
            gini_people=lambda t: t.people.sum().cast(WIDE),
            gini_income=lambda t: t.income.sum().cast(WIDE),
            gini_area=lambda t: t.area.sum().cast(WIDE),
        )
    )
