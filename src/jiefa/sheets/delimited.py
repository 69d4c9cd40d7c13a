"""CSV and its kin as a source: UTF-8, UTF-16 or GB18030; comma, tab or semicolon; every cell as text.

Arrow's reader takes the even files (millions of rows); uneven ones go through Python's csv, which forgives.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from jiefa.sheets import errors
from jiefa.sheets.columns import Layout, Limits
from jiefa.sheets.sources import ArrowChunk, Chunk, RowChunk, Source

DELIMITERS = (",", "\t", ";", "，", "|")
HEAD_BYTES = 256 * 1024
BLOCK_BYTES = 16 * 1024 * 1024
CHUNK_ROWS = 20_000
ARROW_DELIMITERS = frozenset(",\t;|")
FIELD_BYTES = 1_000_000


class DelimitedSource(Source):
    def __init__(self, path: Path, text: bytes, delimiter: str, head_rows: int) -> None:
        self._text, self._delimiter = text, delimiter
        head = [row for _, row in zip(range(head_rows), self._records(), strict=False)]
        super().__init__(name=path.stem, file=path, head=head, plain_text=True)

    def _records(self) -> Iterator[list[object]]:
        stream = io.TextIOWrapper(io.BytesIO(self._text), encoding="utf-8", newline="")
        csv.field_size_limit(FIELD_BYTES)
        try:
            for record in csv.reader(stream, delimiter=self._delimiter):
                yield list[object](record)
        except csv.Error as error:
            raise errors.CorruptFile(file=self.file.name, reason="csv") from error

    def chunks(self, layout: Layout) -> Iterator[Chunk]:
        width = len(self.head[layout.header_rows[-1] - 1])
        batches = self._even_batches(layout, width)
        return self._records_from(layout) if batches is None else self._arrow_chunks(layout, batches)

    def _arrow_chunks(self, layout: Layout, batches: list[pa.RecordBatch]) -> Iterator[Chunk]:
        first = layout.first_row
        for batch in batches:
            yield ArrowChunk(first, batch)
            first += batch.num_rows

    def _records_from(self, layout: Layout) -> Iterator[Chunk]:
        first, rows, blanks = layout.first_row, list[list[object]](), 0
        for number, record in enumerate(self._records(), start=1):
            if number < layout.first_row:
                continue
            rows.append(record)
            blanks = 0 if any(record) else blanks + 1
            if len(rows) - blanks >= CHUNK_ROWS:
                yield RowChunk(first, rows)
                first, rows, blanks = number + 1, [], 0
        if kept := rows[: len(rows) - blanks]:
            yield RowChunk(first, kept)

    def _even_batches(self, layout: Layout, width: int) -> list[pa.RecordBatch] | None:
        """The data rows as Arrow batches of strings, or None if the records are not all equally long."""
        start = self._start_of_data(layout.first_row)
        if self._delimiter not in ARROW_DELIMITERS or start is None or width < 2:
            return None
        names = [str(position) for position in range(width)]
        body = self._text[start:].rstrip(b"\r\n")
        if not body:
            return []
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(body),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=b'"' in body, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        batches: list[pa.RecordBatch] = table.combine_chunks().to_batches(max_chunksize=262_144)
        return batches

    def _start_of_data(self, first_row: int) -> int | None:
        """The byte at which the record ``first_row`` begins; None if a record above has a line break within."""
        offset = 0
        for record in self.head[: first_row - 1]:
            if any("\n" in str(cell) or "\r" in str(cell) for cell in record):
                return None
            end = self._text.find(b"\n", offset)
            offset = len(self._text) if end < 0 else end + 1
        return offset


def sources(path: Path, limits: Limits) -> list[Source]:
    """The file as one source, its text decoded. Raises ``SheetsError``."""
    text, encoding = _utf8(path)
    if not text.strip():
        raise errors.EmptyWorkbook(file=path.name)
    source = DelimitedSource(path, text, _delimiter(text), limits.header_search_rows)
    if encoding:
        source.remarks.append(("encoding", encoding, encoding))
    return [source]


def _utf8(path: Path) -> tuple[bytes, str]:
    """The file's text as UTF-8 without mark, and the name of its encoding if that was another."""
    content = path.read_bytes()
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if content.startswith(mark):
            return _decoded(path, content, "utf-16").encode(), "UTF-16"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        recoded = _decoded(path, content, "gb18030")
        return _lines(recoded.encode()), "GB18030"
    if "\x00" in text:
        raise errors.UnknownFormat(file=path.name, found="二进制文件", found_en="a binary file")
    return _lines(content), ""


def _lines(text: bytes) -> bytes:
    """Line ends of old Macintosh files made ordinary."""
    return text.replace(b"\r", b"\n") if b"\r" in text and b"\n" not in text else text


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise errors.Undecodable(file=path.name, line=line) from error
    if "\x00" in text:
        raise errors.UnknownFormat(file=path.name, found="二进制文件", found_en="a binary file")
    return text


def _delimiter(text: bytes) -> str:
    """The sign that cuts the first lines into most cells, equally many in most of them."""
    lines = text[:HEAD_BYTES].decode("utf-8", errors="ignore").splitlines()[:50]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines if line.strip()]
        common = max(set(counts), key=lambda count: (counts.count(count) if count else 0, count), default=0)
        return (counts.count(common) if common else 0, common)

    return max(DELIMITERS, key=lambda delimiter: (evenness(delimiter)[1] > 0, *evenness(delimiter)))
