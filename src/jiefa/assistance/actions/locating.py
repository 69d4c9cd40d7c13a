"""Where the rows of a list lie that are about a place and not about a household."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.assistance.actions.records import NOBODY, Row
from jiefa.assistance.queries.programmes import AT_ONCE
from jiefa.lists.rules import Remark


class Placed(Protocol):
    """A kind of list about places: ``place``, the column with the code of the division, which has so many ``digits``."""

    place: str
    digits: int
    needs_year: bool

    def own(self, row: Mapping[str, Any]) -> dict[str, object]: ...


def located(rows: Sequence[Mapping[str, Any]], asked: Placed, within: Scope) -> Iterator[tuple[int, Row | Remark]]:
    """Each row, by its line, in its place, or what is wrong with it; the sheet has said of a row that it has no year."""
    codes = sorted({row[asked.place] for row in rows if row[asked.place]})
    known = {
        code
        for first in range(0, len(codes), AT_ONCE)
        for code in areas.named(codes[first : first + AT_ONCE])
        if len(code) == asked.digits and within.covers(code)
    }
    for row in rows:
        if row[asked.place] not in known:
            yield row["row"], _no_place(asked)
        elif row.get("year") is not None or not asked.needs_year:
            yield row["row"], Row(NOBODY, None, row[asked.place], row.get("year") or 0, asked.own(row))


def _no_place(asked: Placed) -> Remark:
    zh, en = ("县", "county") if asked.digits == 6 else ("行政村", "village")
    return Remark(
        "error",
        "HP15",
        asked.place,
        f"您管辖范围内没有这个代码的{zh}。请核对{asked.digits}位代码。",
        f"No {en} of your area has this code. Check its {asked.digits} digits.",
    )
