"""One sheet from its chunks to its table: rows that are no data set aside, the others typed column by column."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiefa.sheets.cells import Circumstances
from jiefa.sheets.columns import WORD_TYPES, Field, Layout, Limits
from jiefa.sheets.headers import column_letter
from jiefa.sheets.remarks import Collector, Note, Skipped
from jiefa.sheets.rows import reason_to_skip
from jiefa.sheets.sources import BoolArray, Chunk, Source
from jiefa.sheets.vectors import ColumnTyper, Found
from jiefa.sheets.wording import SKIPPED, WORDINGS

RowNumbers = npt.NDArray[np.int64]


class SheetTyper:
    """Types the sheet that ``layout`` describes. ``table`` is called once; then the rest can be asked."""

    def __init__(self, layout: Layout, source: Source, limits: Limits) -> None:
        self.layout, self.source = layout, source
        self.collector = Collector(layout.spec.id, limits)
        self.rows_read = 0
        self._skipped: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._ragged = array("q")
        self._titles = [(found.position, found.title) for found in layout.fields]
        self._required = [found.position for found in layout.fields if found.column.required]
        self._typers = {
            found.position: ColumnTyper(found.column, Circumstances(source.plain_text, found.in_fen, source.epoch_1904))
            for found in layout.fields
        }
        self._marks = self._marked_cells()

    def table(self) -> pa.Table:
        """The typed rows, in the order of the file."""
        self.source.open()
        self._mark_merged()
        schema = self.layout.spec.schema
        batches = [self._typed(chunk, schema) for chunk in self.source.chunks(self.layout)]
        return pa.Table.from_batches(batches, schema=schema)

    def skipped(self) -> Iterator[Skipped]:
        for reason, rows in self._skipped.items():
            yield Skipped(self.layout.spec.id, reason, *SKIPPED[reason], rows=rows)

    def _marked_cells(self) -> dict[int, dict[int, str]]:
        """Column -> row (0-based) -> code, for cells whose value must not be taken as it stands."""
        marks: dict[int, dict[int, str]] = defaultdict(dict)
        for row, column in self.source.markup.formulas:
            marks[column][row] = "formula"
        for row, column in self.source.markup.errors:
            marks[column][row] = "excel_error"
        return marks

    def _mark_merged(self) -> None:
        """Cells of merged ranges below the header, with the range's name."""
        self._merged: dict[int, dict[int, str]] = defaultdict(dict)
        for (top, left), (bottom, right) in self.source.markup.merged:
            if bottom < self.layout.first_row - 1:
                continue
            name = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
            for found in self.layout.fields:
                if left <= found.position <= right:
                    self._merged[found.position].update(dict.fromkeys(range(top, bottom + 1), name))

    def _typed(self, chunk: Chunk, schema: pa.Schema) -> pa.RecordBatch:
        self.rows_read += chunk.length
        keep = self._keep(chunk)
        rows = np.arange(chunk.first_row, chunk.first_row + chunk.length, dtype=np.int64)[keep]
        columns: dict[str, pa.Array] = {"row": pa.array(rows)}
        for found in self.layout.fields:
            columns[found.column.stored_name] = self._column(found, chunk, keep, rows)
        arrays = [columns[name] if name in columns else pa.nulls(len(rows), kind) for name, kind in _named(schema)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _keep(self, chunk: Chunk) -> BoolArray:
        suspects = np.zeros(chunk.length, dtype=bool)
        for position in self._required or [self._titles[0][0]]:
            suspects |= chunk.blank(position)
        if not self._required:
            suspects[:] = True
        if not self.source.typed:
            suspects |= chunk.equals(*self._titles[0])
        keep = np.ones(chunk.length, dtype=bool)
        for index in np.nonzero(suspects)[0].tolist():
            row = chunk.first_row + index
            if any(row - 1 in marked for marked in self._marks.values()):
                continue
            reason = reason_to_skip(chunk.cells(index), self._required, self._titles)
            if reason:
                keep[index] = False
                self._skipped[reason].append(row)
        return keep

    def _column(self, found: Field, chunk: Chunk, keep: BoolArray, rows: RowNumbers) -> pa.Array:
        values = chunk.column(found.position, keep)
        spoiled: list[Found] = []
        marks, merged = self._marks.get(found.position), self._merged.get(found.position)
        if (marks or merged) and isinstance(values, list):
            values, spoiled = _spoil(found, values, rows, marks or {}, merged or {})
        typed, said = self._typers[found.position].convert(values)
        wrong = np.zeros(len(rows), dtype=bool)
        for note, indices, original in (*spoiled, *said):
            self.collector.cells(rows[np.asarray(indices, dtype=np.int64)].tolist(), found.column, note, original)
            if WORDINGS[note.code].severity == "error":
                wrong[indices] = True
        if found.column.required and typed.null_count:
            missing = ~typed.is_valid().to_numpy(zero_copy_only=False) & ~wrong
            self.collector.cells(rows[missing].tolist(), found.column, Note("required"), None)
        return typed


def _spoil(
    found: Field, values: list[object], rows: RowNumbers, marks: dict[int, str], merged: dict[int, str]
) -> tuple[list[object], list[Found]]:
    """Formula, error and merged cells: what is said of them, and the values with the untrustworthy ones gone."""
    kept, said = list(values), list[Found]()
    for index, row in enumerate((rows - 1).tolist()):
        if row in merged:
            said.append((Note("merged", merged[row]), (index,), values[index]))
        code = marks.get(row)
        if code is None:
            continue
        trusted = code == "formula" and found.column.type not in WORD_TYPES and values[index] not in (None, "")
        said.append((Note("formula_value" if trusted else code), (index,), values[index]))
        if not trusted:
            kept[index] = None
    return kept, said


def _named(schema: pa.Schema) -> Sequence[tuple[str, pa.DataType]]:
    return [(item.name, item.type) for item in schema]
