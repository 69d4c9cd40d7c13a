"""From an untidy file to typed tables: which sheet is which, where its header is, what every cell means.

Rows read = data rows + skipped rows, always. Harmless things are put right and said, doubtful ones are warnings,
wrong ones errors with a null value; what cannot be read at all raises a ``SheetsError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiefa.sheets import delimited, errors, excel, guard, parquet
from jiefa.sheets.columns import DEFAULT_LIMITS, Layout, Limits, SheetSpec
from jiefa.sheets.digest import content_digest
from jiefa.sheets.guard import Format
from jiefa.sheets.layouts import Match, match
from jiefa.sheets.remarks import Collector, Remark, Skipped
from jiefa.sheets.sources import Source
from jiefa.sheets.typing_rows import SheetTyper

FLAT_SUFFIXES = frozenset({*guard.EXTENSIONS[Format.CSV], *guard.EXTENSIONS[Format.PARQUET]})


@dataclass(frozen=True)
class ReadResult:
    """What a file holds. ``tables`` has one entry for each spec that was found, by the spec's id.

    Every table has the column ``row`` (1-based row in the user's file; for Parquet the 1-based record) and one column
    for each column of the spec, absent ones null.
    """

    tables: Mapping[str, pa.Table]
    remarks: tuple[Remark, ...]
    skipped: tuple[Skipped, ...]
    layouts: Mapping[str, Layout]
    rows_read: Mapping[str, int]
    digest: str

    @property
    def has_errors(self) -> bool:
        return any(remark.severity == "error" for remark in self.remarks)

    @cached_property
    def wrong_rows(self) -> Mapping[str, npt.NDArray[np.int64]]:
        """Per sheet the rows with at least one error, sorted, each once."""
        return {
            sheet: np.unique(
                np.fromiter(
                    (row for r in self.remarks if r.sheet == sheet and r.severity == "error" for row in r.rows),
                    np.int64,
                )
            )
            for sheet in self.tables
        }

    def skipped_rows(self, sheet: str) -> int:
        return sum(len(skipped.rows) for skipped in self.skipped if skipped.sheet == sheet)


def read(
    path: Path | str | Sequence[Path], specs: Sequence[SheetSpec], *, limits: Limits = DEFAULT_LIMITS
) -> ReadResult:
    """The typed content of a workbook, of flat files, or of a folder of these. Raises ``SheetsError``."""
    sources = open_sources(path, limits)
    matches = match(sources, specs)
    tables: dict[str, pa.Table] = {}
    remarks: list[Remark] = []
    skipped: list[Skipped] = []
    rows_read: dict[str, int] = {}
    wrong: dict[str, list[tuple[str, str]]] = {}
    for found in matches.found:
        typer = SheetTyper(found.layout, found.source, limits)
        spec_id = found.layout.spec.id
        tables[spec_id] = typer.table()
        rows_read[spec_id] = typer.rows_read
        skipped.extend(typer.skipped())
        _about_sheet(found, typer.collector)
        remarks.extend(typer.collector.remarks())
        wrong[spec_id] = typer.collector.error_texts
    remarks.extend(matches.remarks(limits))
    return ReadResult(
        tables=tables,
        remarks=tuple(remarks),
        skipped=tuple(skipped),
        layouts={found.layout.spec.id: found.layout for found in matches.found},
        rows_read=rows_read,
        digest=content_digest(tables, specs, wrong),
    )


def find_layouts(
    path: Path | str | Sequence[Path], specs: Sequence[SheetSpec], *, limits: Limits = DEFAULT_LIMITS
) -> list[Layout]:
    """Where sheets, headers and columns stand in the file, without typing any cell. Raises ``SheetsError``."""
    return [found.layout for found in match(open_sources(path, limits), specs).found]


def open_sources(path: Path | str | Sequence[Path], limits: Limits) -> list[Source]:
    """All sheets of one file or of several. Raises ``SheetsError``."""
    files = _files(path)
    found = [source for file in files for source in _sources_of(file, limits)]
    if not any(any(cell not in (None, "") for cell in row) for source in found for row in source.head):
        raise errors.EmptyWorkbook(file=files[0].name)
    return found


def _files(path: Path | str | Sequence[Path]) -> list[Path]:
    if not isinstance(path, (str, Path)):
        return [Path(single) for single in path]
    folder = Path(path)
    if not folder.is_dir():
        return [folder]
    inside = sorted(file for file in folder.iterdir() if file.suffix.lower() in FLAT_SUFFIXES)
    if not inside:
        raise errors.EmptyWorkbook(file=folder.name)
    return inside


def _sources_of(file: Path, limits: Limits) -> list[Source]:
    kind = guard.inspect(file, limits)
    if kind is Format.CSV:
        found = delimited.sources(file, limits)
    elif kind is Format.PARQUET:
        found = parquet.sources(file)
    else:
        found = excel.sources(file, kind, limits)
    if not guard.extension_fits(file, kind):
        for source in found:
            source.remarks.append(("extension", kind.value, kind.value))
    return found


def _about_sheet(found: Match, collector: Collector) -> None:
    source, layout = found.source, found.layout
    for code, detail, detail_en in source.remarks:
        collector.whole(code, detail, detail_en)
    if source.hidden:
        collector.whole("hidden_sheet", source.name)
    hidden = sorted(row + 1 for row in source.markup.hidden_rows if row + 1 >= layout.first_row)
    if hidden:
        collector.whole("hidden_rows", rows=hidden)
    if layout.unknown:
        collector.whole("unknown_columns", "、".join(layout.unknown), ", ".join(layout.unknown))
