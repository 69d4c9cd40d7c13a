"""What rules about villages ask of their households, from one group-by over the household cards."""

from __future__ import annotations

import ibis.expr.types as ir

from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.insight.rules.limits import QualityLimits
from jiefa.insight.rules.rows import hundredths


def near_line(net_income_fen: ir.IntegerValue, people: ir.IntegerValue, limits: QualityLimits) -> ir.BooleanValue:
    """Net income per person within the band around the line, its ends included."""
    band = limits.in06_band_share
    line = people * limits.poverty_line_fen
    distance = (net_income_fen - line) * band.denominator
    return distance.between(-line * band.numerator, line * band.numerator) & (people > 0)


def sums_of_villages(households: ir.Table, limits: QualityLimits) -> ir.Table:
    """One row per village with households: counts of households and people, land in 1/100 mu. No column is NULL but ``land``.

    ``poor``, ``poor_people``: registered as in poverty. ``judged``, ``near``: with an income, and of these near the line.
    ``land``: cultivated land of all households, NULL if none states any; ``stated_land``, ``stated_people``: of the
    households that state it and have members.
    """
    people, land = households["size"].cast("int64"), hundredths(households.cultivated_land_mu)
    poor = households.poverty_status.isin(IN_POVERTY)
    judged = households.net_income_fen.notnull() & (people > 0)
    stated = land.notnull() & (people > 0)
    return households.group_by("village_code").aggregate(
        poor=poor.sum(),
        poor_people=people.sum(where=poor),
        judged=judged.sum(),
        near=(judged & near_line(households.net_income_fen, people, limits)).sum(),
        land=land.sum(),
        stated_land=land.sum(where=stated),
        stated_people=people.sum(where=stated),
    )
