"""Finding the header of an untidy sheet: which row it is, and which column of the spec each of its cells means.

Order is free; line breaks, blanks, asterisks, brackets and units in a header do not matter; it may have two rows.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from jiefa.sheets.columns import FEN_SUFFIX, Column, ColumnType, Field, SheetSpec
from jiefa.sheets.text_cells import BLANKS, INVISIBLE, half_width

Row = Sequence[object]

BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|\{[^{}]*\}")
SIGNS = re.compile(r"[*:.。、,;!?？#'\"“”‘’_\-—·/\\()\[\]【】<>《》{}]")
REQUIRED_MARK = re.compile(r"(?:必填|选填)")

RESULT_COLUMN, PROBLEM_COLUMN, ROW_COLUMN = "检查结果", "问题", "原行号"
REPORT_COLUMNS = (RESULT_COLUMN, PROBLEM_COLUMN, ROW_COLUMN)
SILENT_COLUMNS = frozenset({*REPORT_COLUMNS, "序号", "行号", "编号", "no", "备注"})

LEAST_MATCHES = 2
NEAR_ENOUGH = 0.55


@dataclass(frozen=True)
class Header:
    """A candidate: 0-based first row and height, the fields found, texts that mean nothing here."""

    row: int
    height: int
    fields: tuple[Field, ...]
    unknown: tuple[str, ...]
    duplicates: tuple[tuple[Column, tuple[int, ...]], ...]

    @property
    def score(self) -> int:
        return len(self.fields)

    def missing(self, spec: SheetSpec) -> tuple[Column, ...]:
        present = {found.column.id for found in self.fields}
        return tuple(column for column in spec.required if column.id not in present)


@lru_cache(8192)
def plain(text: object) -> str:
    """A header's text without blanks, line breaks, asterisks and the like."""
    return SIGNS.sub("", BLANKS.sub("", half_width(INVISIBLE.sub("", str(text))))).casefold()


@lru_cache(8192)
def bare(text: object) -> str:
    """``plain``, with bracketed parts (units, hints) left out."""
    whole = BLANKS.sub("", half_width(INVISIBLE.sub("", str(text))))
    return REQUIRED_MARK.sub("", plain(BRACKETED.sub("", whole)))


class Titles:
    """The texts by which the columns of one spec are known."""

    def __init__(self, spec: SheetSpec) -> None:
        self._exact: dict[str, tuple[Column, bool]] = {}
        self._plain: dict[str, tuple[Column, bool]] = {}
        self._bare: dict[str, tuple[Column, bool]] = {}
        for column in spec.columns:
            if column.type is ColumnType.MONEY:
                self._exact.setdefault(column.id + FEN_SUFFIX, (column, True))
        own = [(name, column) for column in spec.columns for name in (column.id, column.zh)]
        others = [(name, column) for column in spec.columns for name in (column.en, *column.synonyms)]
        for name, column in (*own, *others):
            self._learn(name, column)

    def _learn(self, name: str, column: Column) -> None:
        if not name:
            return
        self._exact.setdefault(name, (column, False))
        self._plain.setdefault(plain(name), (column, False))
        unit = plain(column.unit or "")
        self._bare.setdefault(bare(name), (column, False))
        if unit:
            self._plain.setdefault(plain(name) + unit, (column, False))

    def find(self, text: object) -> tuple[Column, bool] | None:
        """The column that ``text`` names and whether in fen."""
        if text is None or text == "":
            return None
        exact = self._exact.get(str(text).strip())
        return exact or self._plain.get(plain(text)) or (self._bare.get(bare(text)) if bare(text) else None)


def find_header(rows: Sequence[Row], spec: SheetSpec, *, tall: bool = True) -> Header | None:
    """The best header in ``rows`` for ``spec``; of equals that of one row, then the upper. None if too few match."""
    titles = Titles(spec)
    candidates = [_header(index, 1, list(row), titles) for index, row in enumerate(rows)]
    if tall:
        for index, (upper, lower) in enumerate(pairwise(rows)):
            joined = _joined(upper, lower, titles)
            if joined is not None:
                candidates.append(_header(index, 2, joined, titles))
    least = min(LEAST_MATCHES, len(spec.columns))
    good = [candidate for candidate in candidates if candidate.score >= least]
    return max(good, key=lambda header: (header.score, -header.height, -header.row), default=None)


def _joined(upper: Row, lower: Row, titles: Titles) -> list[object] | None:
    """Two header rows as one: a group's title stands over several columns, the cells below say which.

    None if the lower row writes something else under a header of one row: then it is data.
    """
    width = max(len(upper), len(lower))
    above = [*upper, *[None] * (width - len(upper))]
    below = [*lower, *[None] * (width - len(lower))]
    joined: list[object] = []
    group: object = None
    for top, bottom in zip(above, below, strict=True):
        group = group if top in (None, "") else top
        if bottom in (None, ""):
            joined.append(top)
        elif not isinstance(bottom, str):
            return None
        elif titles.find(f"{group or ''}{bottom}"):
            joined.append(f"{group or ''}{bottom}")
        elif titles.find(bottom) is None and titles.find(top) is not None:
            return None
        else:
            joined.append(bottom)
    return joined


def _header(index: int, height: int, texts: Sequence[object], titles: Titles) -> Header:
    fields: dict[str, Field] = {}
    repeated: dict[str, list[int]] = {}
    unknown: list[str] = []
    for position, text in enumerate(texts):
        if not isinstance(text, str) or not text.strip():
            continue
        hit = titles.find(text)
        if hit is None:
            if plain(text) and plain(text) not in SILENT_COLUMNS:
                unknown.append(" ".join(text.split()))
        elif hit[0].id in fields:
            repeated.setdefault(hit[0].id, [fields[hit[0].id].position]).append(position)
        else:
            fields[hit[0].id] = Field(hit[0], position, text, hit[1])
    duplicates = tuple((fields[column_id].column, tuple(positions)) for column_id, positions in repeated.items())
    return Header(index, height, tuple(fields.values()), tuple(unknown), duplicates)


def near_titles(header: Header, missing: Sequence[Column]) -> Mapping[str, str]:
    """For each missing column, a header in the sheet that may have been meant: column id -> that header's text."""
    by_key = {plain(text): text for text in header.unknown}
    found: dict[str, str] = {}
    for column in missing:
        for name in (column.zh, *column.synonyms, column.id):
            close = difflib.get_close_matches(plain(name), list(by_key), n=1, cutoff=NEAR_ENOUGH)
            if close:
                found.setdefault(column.id, by_key[close[0]])
    return found


def column_letter(position: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
