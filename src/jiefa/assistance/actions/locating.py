"""Where the rows of a list lie that are about a place and not about a household."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.assistance.actions.records import NOBODY, Row
from jiefa.assistance.queries.programmes import AT_ONCE
from jiefa.lists.rules import Remark

VILLAGE_DIGITS = 12
Own = Callable[[Mapping[str, Any]], dict[str, object]]


def located(rows: Sequence[Mapping[str, Any]], own: Own, within: Scope) -> Iterator[tuple[int, Row | Remark]]:
    """Each row, by its line, in its village, or what is wrong with it; the sheet has said of a row that it has no year."""
    codes = sorted({row["village_code"] for row in rows if row["village_code"]})
    known = {
        code
        for first in range(0, len(codes), AT_ONCE)
        for code in areas.named(codes[first : first + AT_ONCE])
        if len(code) == VILLAGE_DIGITS and within.covers(code)
    }
    for row in rows:
        if row["village_code"] not in known:
            yield row["row"], _NO_PLACE
        elif row["year"] is not None:
            yield row["row"], Row(NOBODY, None, row["village_code"], row["year"], own(row))


_NO_PLACE = Remark(
    "error",
    "HP15",
    "village_code",
    "您管辖范围内没有这个代码的行政村。请核对12位代码。",
    "No village of your area has this code. Check its twelve digits.",
)
