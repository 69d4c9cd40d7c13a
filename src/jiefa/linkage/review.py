"""The page of a clerk: pairs of which the model is not sure, both records side by side, and a column for what they are.

Which pairs: those that are most likely to be on the wrong side of the threshold, until nine tenths of the mistakes that are to be
expected are among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from jiefa import sheets
from jiefa.kernel.errors import Language, Words
from jiefa.linkage.decided import Decided
from jiefa.linkage.errors import DecisionColumns, DecisionWrong
from jiefa.linkage.prepare import ID, Prepared, text
from jiefa.linkage.spec import Spec
from jiefa.sheets import Column, ColumnType, SheetSpec

SHARE = 0.9
"""Share of the expected mistakes that a clerk is shown. Chosen."""
LEAST = 0.01
"""Probability of a mistake below which a pair is not shown. Chosen."""
MOST = 1_000
"""Pairs that are shown at most. Chosen: an afternoon."""
WORDS = {"same": Words("同一人", "same"), "different": Words("不同", "different")}
HEADINGS = {
    "left": Words("左编号", "left identifier"),
    "right": Words("右编号", "right identifier"),
    "probability": Words("概率", "probability"),
    "decision": Words("判断", "decision"),
}
SIDES = {"left": Words("（左）", " (left)"), "right": Words("（右）", " (right)")}
SHEET = Words("待核对", "to decide")
WIDTH, LAST_ROW = 18, 1_048_575


def doubtful(p: npt.NDArray[np.float64], threshold: float) -> npt.NDArray[np.int64]:
    """Places of the pairs to look at, in their order."""
    wrong = np.where(p >= threshold, 1 - p, p)
    some = np.flatnonzero(wrong >= LEAST)
    if not len(some):
        return some
    order = some[np.argsort(-wrong[some], kind="stable")]
    sums = np.cumsum(wrong[order])
    enough = int(np.searchsorted(sums, SHARE * sums[-1])) + 1
    return np.sort(order[: min(enough, MOST)])


def write(path: Path, pairs: pa.Table, spec: Spec, left: pa.Table, right: pa.Table, language: Language) -> None:
    """A workbook with a row for each of ``pairs`` (``left``, ``right``, ``probability``).

    ``left``, ``right``: the rows of the files that they are about, in the same order. Where both sides of a column differ, the cells are
    coloured.
    """
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET.say(language))
    bold = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
    plain, other = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": "#FCE4D6"})
    compared = [(one, side) for one in spec.columns for side in ("left", "right")]
    headings = [HEADINGS[one].say(language) for one in ("left", "right", "probability", "decision")]
    headings += [f"{one.name}{SIDES[side].say(language)}" for one, side in compared]
    sheet.set_column(0, len(headings) - 1, WIDTH)
    sheet.freeze_panes(1, 4)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    said = [_texts(left[one.left] if side == "left" else right[one.right]) for one, side in compared]
    for row, pair in enumerate(pairs.to_pylist(), start=1):
        sheet.write_string(row, 0, pair["left"], plain)
        sheet.write_string(row, 1, pair["right"], plain)
        sheet.write_number(row, 2, round(pair["probability"], 4))
        for place in range(0, len(said), 2):
            both = said[place][row - 1], said[place + 1][row - 1]
            for side, value in enumerate(both):
                sheet.write_string(row, 4 + place + side, value, plain if both[0] == both[1] else other)
    choices = {"validate": "list", "source": [one.say(language) for one in WORDS.values()], "ignore_blank": True}
    sheet.data_validation(1, 3, max(1, pairs.num_rows), 3, choices)
    book.close()


def _texts(values: pa.ChunkedArray) -> list[str]:
    return ["" if one is None else one for one in text(values).to_pylist()]


def read(path: Path, spec: Spec, left: Prepared, right: Prepared | None) -> Decided:
    """What a clerk decided. Rows without a decision say nothing.

    Raises the errors of ``sheets`` for files that cannot be read, ``DecisionColumns``, and ``DecisionWrong`` naming row and field.
    """
    columns = tuple(
        Column(name, HEADINGS[name].zh, HEADINGS[name].en, ColumnType.TEXT) for name in ("left", "right", "decision")
    )
    found = sheets.read(path, [SheetSpec("pairs", SHEET.zh, SHEET.en, columns)])
    layout = found.layouts.get("pairs")
    there = set() if layout is None else {field.column.id for field in layout.fields}
    missing = [HEADINGS[one.id] for one in columns if one.id not in there]
    if missing:
        raise DecisionColumns(file=path.name, missing=Words.listed(missing))
    rows = found.tables["pairs"]
    meant = {word.lower(): name for name, both in WORDS.items() for word in (both.zh, both.en)}
    ids = {
        "left": _places(rows["left"], left),
        "right": _places(rows["right"], left if right is None else right),
    }
    kept: dict[tuple[int, int], str] = {}
    counterparts: dict[tuple[str, int], tuple[int, int]] = {}
    for place, row in enumerate(rows.to_pylist()):
        said = (row["decision"] or "").strip().lower()
        if not said:
            continue
        if said not in meant:
            raise _wrong(path, row["row"], "decision", "应是 同一人 或 不同", "has to be same or different")
        ends = [_known(path, row, side, ids[side][place]) for side in ("left", "right")]
        one, other = sorted(ends) if right is None else ends
        if right is None and one == other:
            raise _wrong(path, row["row"], "right", "与左编号相同", "is the left one again")
        if kept.setdefault((one, other), meant[said]) != meant[said]:
            raise _wrong(
                path,
                row["row"],
                "decision",
                "与前面同一对的判断不同",
                "differs from what an earlier row says of the pair",
            )
        if spec.one_to_one and right is not None and meant[said] == "same":
            for side, end in (("left", one), ("right", other)):
                if counterparts.setdefault((side, end), (one, other)) != (one, other):
                    raise _wrong(
                        path,
                        row["row"],
                        side,
                        "已与另一条判为同一人，而比对说明要求一对一",
                        "was decided to be the same as another, and the specification says one_to_one",
                    )
    return Decided(
        frozenset(pair for pair, said in kept.items() if said == "same"),
        frozenset(pair for pair, said in kept.items() if said == "different"),
    )


def _places(values: pa.ChunkedArray, side: Prepared) -> list[int | None]:
    """``unique_id`` of identifiers; None for those that the side does not have."""
    wanted = text(values)
    places = pc.index_in(wanted, value_set=side.table[ID].combine_chunks())
    found = pc.if_else(pc.is_valid(wanted), pc.add(places.cast(pa.int64()), 1), pa.scalar(None, pa.int64()))
    known: list[int | None] = found.to_pylist()
    return known


def _known(path: Path, row: Mapping[str, object], side: str, place: int | None) -> int:
    if place is None:
        value = row[side] or ""
        raise _wrong(path, row["row"], side, f"“{value}”不在名单里", f"{value!r} is not in the list")
    return place


def _wrong(path: Path, row: object, field: str, zh: str, en: str) -> DecisionWrong:
    return DecisionWrong(file=path.name, row=row, field=HEADINGS[field], why=Words(zh, en))
