"""Parquet as a source: column names for a header, row 1 is the first record. The road for millions of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiefa.sheets import errors
from jiefa.sheets.columns import ColumnType, Layout
from jiefa.sheets.sources import ArrowChunk, Chunk, Source

BATCH_ROWS = 262_144
FEW_VALUES = (ColumnType.CODE, ColumnType.CODES, ColumnType.DATE, ColumnType.BOOL)


class ParquetSource(Source):
    def __init__(self, path: Path) -> None:
        try:
            self._schema = pq.read_schema(path)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise errors.CorruptFile(file=path.name, reason="Parquet") from error
        super().__init__(name=path.stem, file=path, head=[self._schema.names], plain_text=True, typed=True)

    def chunks(self, layout: Layout) -> Iterator[Chunk]:
        names = [self._schema.names[found.position] for found in layout.fields]
        # Few distinct words: read as dictionaries they are typed once each.
        few = [found.title for found in layout.fields if found.column.type in FEW_VALUES]
        words = [name for name in few if pa.types.is_string(self._schema.field(name).type)]
        first = 1
        try:
            file = pq.ParquetFile(self.file, read_dictionary=words)
            for batch in file.iter_batches(BATCH_ROWS, columns=names, use_threads=True):
                yield ArrowChunk(first, _in_place(batch, layout, len(self._schema.names)))
                first += batch.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            raise errors.CorruptFile(file=self.file.name, reason="Parquet") from error

    def count_rows(self, layout: Layout) -> int:
        return int(pq.read_metadata(self.file).num_rows)


def _in_place(batch: pa.RecordBatch, layout: Layout, width: int) -> pa.RecordBatch:
    """The batch with every column at the position that the layout gives it; what is not read is null."""
    empty = pa.nulls(batch.num_rows)
    columns = [empty] * width
    for found in layout.fields:
        columns[found.position] = batch.column(found.title)
    return pa.RecordBatch.from_arrays(columns, names=[str(position) for position in range(width)])


def sources(path: Path) -> list[Source]:
    """The file as one source. Raises ``SheetsError``."""
    return [ParquetSource(path)]
