"""Which sheet of a file answers to which spec, and the refusals when none does or its header is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jiefa.sheets import errors
from jiefa.sheets.columns import Layout, Limits, SheetSpec
from jiefa.sheets.headers import Header, column_letter, find_header, near_titles, plain
from jiefa.sheets.remarks import Collector, Remark
from jiefa.sheets.rows import is_blank
from jiefa.sheets.sources import Source

SUMMARY_SHEET = "检查汇总"
EXCERPT_SHEET = "检查汇总（节选）"
GUIDE_SHEET = "填表说明"
CHOICES_SHEET = "选项"
OWN_SHEETS = frozenset({SUMMARY_SHEET, GUIDE_SHEET, CHOICES_SHEET})

SHOWN_CELLS = 12


@dataclass(frozen=True)
class Match:
    source: Source
    layout: Layout


@dataclass(frozen=True)
class Matches:
    found: tuple[Match, ...]
    ignored: tuple[Source, ...]
    missing: tuple[SheetSpec, ...]

    def remarks(self, limits: Limits) -> Iterator[Remark]:
        collector = Collector("", limits)
        for source in self.ignored:
            collector.whole("ignored_sheet", source.name)
        for spec in self.missing:
            collector.whole("missing_sheet", spec.zh, spec.en)
        yield from collector.remarks()


def match(sources: Sequence[Source], specs: Sequence[SheetSpec]) -> Matches:
    """Each spec with its sheet: by name, else by the header that fits best. Raises ``SheetsError``."""
    if any(source.name == EXCERPT_SHEET for source in sources):
        raise errors.ExcerptOfReport(file=sources[0].file.name)
    candidates = [source for source in sources if source.name not in OWN_SHEETS and _filled(source)]
    taken: dict[str, tuple[Source, Header]] = {}
    for spec in specs:
        named = [source for source in candidates if plain(source.name) in map(plain, spec.names)]
        if len(named) > 1:
            _refuse_twins(spec, named)
        if named and (header := find_header(named[0].head, spec, tall=not named[0].typed)):
            taken[spec.id] = (named[0], header)
    _match_by_header(candidates, specs, taken)
    if not taken:
        _refuse_headless(candidates, sources, specs)
    found = tuple(Match(taken[spec.id][0], _layout(spec, *taken[spec.id])) for spec in specs if spec.id in taken)
    used = [entry.source for entry in found]
    ignored = tuple(source for source in candidates if source not in used and not source.hidden)
    return Matches(found, ignored, tuple(spec for spec in specs if spec.id not in taken))


def _match_by_header(
    candidates: Sequence[Source], specs: Sequence[SheetSpec], taken: dict[str, tuple[Source, Header]]
) -> None:
    free = [source for source in candidates if all(source is not used for used, _ in taken.values())]
    open_specs = [spec for spec in specs if spec.id not in taken]
    fits: list[tuple[float, SheetSpec, Source, Header]] = []
    for source in free:
        offers = [
            (fit, spec, header)
            for spec in specs
            if (header := find_header(source.head, spec, tall=not source.typed)) and (fit := _fit(header, spec)) > 0
        ]
        # A sheet speaks for the spec that it fits best, and for that one only.
        best = max(offers, key=lambda offer: offer[0], default=None)
        if best and best[1] in open_specs:
            fits.append((best[0], best[1], source, best[2]))
    for spec in open_specs:
        mine = [(fit, source, header) for fit, wanted, source, header in fits if wanted is spec]
        complete = [entry for entry in mine if not entry[2].missing(spec)]
        if len(complete) > 1:
            _refuse_twins(spec, [source for _, source, _ in complete])
        if mine:
            _, source, header = max(complete or mine, key=lambda entry: entry[0])
            taken[spec.id] = (source, header)


def _fit(header: Header, spec: SheetSpec) -> float:
    """0 to 2: share of the required columns found and share of the header that means something here."""
    required = len(spec.required) or 1
    present = (len(spec.required) - len(header.missing(spec))) / required if spec.required else 1.0
    meant = header.score / (header.score + len(header.unknown))
    share = header.score / len(spec.columns)
    return present + meant if present >= 0.5 or share >= 0.3 else 0.0


def _filled(source: Source) -> bool:
    return any(not is_blank(cell) for row in source.head for cell in row)


def _layout(spec: SheetSpec, source: Source, header: Header) -> Layout:
    rows = () if source.typed else tuple(range(header.row + 1, header.row + header.height + 1))
    if header.duplicates:
        column, positions = header.duplicates[0]
        cells = "、".join(f"{column_letter(position)}{rows[-1] if rows else ''}" for position in positions)
        raise errors.DuplicateColumn(sheet=source.name, column=column.zh, cells=cells)
    if missing := header.missing(spec):
        _refuse_missing(spec, source, header, [column.zh for column in missing])
    return Layout(
        spec=spec,
        sheet=source.name,
        header_rows=rows,
        first_row=1 if source.typed else rows[-1] + 1,
        fields=header.fields,
        unknown=header.unknown,
        file=str(source.file),
    )


def _refuse_missing(spec: SheetSpec, source: Source, header: Header, missing: Sequence[str]) -> None:
    near = near_titles(header, header.missing(spec))
    names = {column.id: column.zh for column in spec.columns}
    zh = "；".join(f"表中的“{text}”是不是“{names[column_id]}”" for column_id, text in near.items())
    en = "; ".join(f"is “{text}” meant for “{names[column_id]}”" for column_id, text in near.items())
    raise errors.MissingColumns(
        sheet=source.name,
        row=header.row + header.height,
        missing="、".join(missing),
        near=f"{zh}？" if zh else "",
        near_en=f"{en[:1].upper()}{en[1:]}? " if en else "",
    )


def _refuse_twins(spec: SheetSpec, sources: Sequence[Source]) -> None:
    raise errors.DuplicateSheet(spec=spec.zh, sheets="、".join(source.name for source in sources))


def _refuse_headless(candidates: Sequence[Source], sources: Sequence[Source], specs: Sequence[SheetSpec]) -> None:
    if not candidates:
        raise errors.EmptyWorkbook(file=sources[0].file.name)
    texts = [" ".join(str(cell).split())[:20] for row in candidates[0].head for cell in row if not is_blank(cell)]
    missing = "；".join(f"{spec.zh}：{'、'.join(column.zh for column in spec.required)}" for spec in specs)
    raise errors.NoHeader(file=candidates[0].file.name, found="、".join(texts[:SHOWN_CELLS]) or "—", missing=missing)
