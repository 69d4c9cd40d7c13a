"""Figures, findings, dossiers and the action plan as Excel, row by row, exactly as computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.http import FileResponse

from jiefa import sheets
from jiefa.areas.models import Division
from jiefa.insight.models import Finding
from jiefa.planning.models import Plan
from jiefa.planning.queries.plans import Sums
from jiefa.planning.rules.action_plan import Reached
from jiefa.procedures import queries as procedures
from jiefa.procedures.models import Dossier
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.presenters.procedures import named, place_label
from jiefa.site.reader import Reader

FIGURE_COLUMNS = (
    Column(id="division", zh="区划代码", en="Division", type=ColumnType.TEXT),
    Column(id="name", zh="地方", en="Name", type=ColumnType.TEXT),
    Column(id="indicator", zh="指标代码", en="Indicator", type=ColumnType.TEXT),
    Column(id="label", zh="指标", en="Label", type=ColumnType.TEXT),
    Column(id="value", zh="数值", en="Value", type=ColumnType.NUMBER),
    Column(id="numerator", zh="分子", en="Numerator", type=ColumnType.NUMBER),
    Column(id="denominator", zh="分母", en="Denominator", type=ColumnType.NUMBER),
    Column(id="unit", zh="单位", en="Unit", type=ColumnType.TEXT),
    Column(id="as_of", zh="截止", en="As of", type=ColumnType.TEXT),
    Column(id="snapshot", zh="快照", en="Snapshot", type=ColumnType.TEXT),
)

FINDING_COLUMNS = (
    Column(id="rule", zh="规则", en="Rule", type=ColumnType.TEXT),
    Column(id="level", zh="级别", en="Level", type=ColumnType.TEXT),
    Column(id="message", zh="问题", en="Finding", type=ColumnType.TEXT),
    Column(id="remedy", zh="怎么改", en="Remedy", type=ColumnType.TEXT),
    Column(id="village_code", zh="行政村代码", en="Village code", type=ColumnType.TEXT),
    Column(id="village", zh="行政村", en="Village", type=ColumnType.TEXT),
    Column(id="number", zh="户编号", en="Household number", type=ColumnType.TEXT),
    Column(id="head", zh="户主", en="Head", type=ColumnType.TEXT),
    Column(id="deadline", zh="期限", en="Deadline", type=ColumnType.DATE),
    Column(id="state", zh="状态", en="State", type=ColumnType.TEXT),
)

DOSSIER_COLUMNS = (
    Column(id="dossier", zh="编号", en="Dossier", type=ColumnType.INT),
    Column(id="procedure", zh="程序", en="Procedure", type=ColumnType.TEXT),
    Column(id="title", zh="事项", en="Title", type=ColumnType.TEXT),
    Column(id="place_code", zh="区划代码", en="Place code", type=ColumnType.TEXT),
    Column(id="place", zh="地方", en="Place", type=ColumnType.TEXT),
    Column(id="year", zh="年度", en="Year", type=ColumnType.INT),
    Column(id="step", zh="环节", en="Step", type=ColumnType.TEXT),
    Column(id="outcome", zh="结果", en="Outcome", type=ColumnType.TEXT),
    Column(id="opened_on", zh="提出日期", en="Opened", type=ColumnType.DATE),
    Column(id="due_on", zh="期限", en="Due", type=ColumnType.DATE),
    Column(id="closed_on", zh="办结日期", en="Closed", type=ColumnType.DATE),
)


def _answer(rows: Iterable[Sequence[object]], columns: Sequence[Column], reader: Reader, name: str) -> FileResponse:
    stream, _rows = sheets.opened_xlsx(rows, columns, sheet_name=str(reader.year), language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=name)


def figures(reader: Reader, place: Division, rows: Iterable[Mapping[str, object]]) -> FileResponse:
    """One line per division and indicator."""
    labels = {d.id: reader.words(d.zh, d.en) for d in reader.pack.indicators()}
    units = reader.pack.codes("unit")

    def line(row: Mapping[str, object]) -> list[object]:
        unit = str(row["unit"])
        words = {
            "label": labels[str(row["indicator"])],
            "unit": units.label(unit, reader.lang) if units.get(unit) else unit,
        }
        return [({**row, **words})[column.id] for column in FIGURE_COLUMNS]

    return _answer(map(line, rows), FIGURE_COLUMNS, reader, f"indicators-{place.code}-{reader.year}.xlsx")


Chunk = tuple[Sequence[Finding], Mapping[int, tuple[str, str]], Mapping[str, str]]
"""Findings with ``(number, head)`` of their households and the names of their villages."""


def findings(reader: Reader, chunks: Iterable[Chunk]) -> FileResponse:
    """One line per finding."""
    texts = {text.id: text for text in reader.pack.quality_rules()}
    levels = {"error": reader.words("错误", "error"), "warn": reader.words("疑问", "warning")}

    def rows() -> Iterator[tuple[object, ...]]:
        for found, heads, villages in chunks:
            for finding in found:
                text = texts.get(finding.rule)
                number, head = heads.get(finding.household_id or 0, ("", ""))
                yield (
                    finding.rule,
                    levels.get(finding.level, finding.level),
                    reader.words(text.zh, text.en) if text else "",
                    reader.words(text.remedy_zh, text.remedy_en) if text else "",
                    finding.village_code,
                    villages.get(finding.village_code, ""),
                    number,
                    head,
                    finding.deadline,
                    str(finding.get_state_display()),
                )

    return _answer(rows(), FINDING_COLUMNS, reader, f"findings-{reader.year}.xlsx")


def dossiers(reader: Reader, chunks: Iterable[tuple[Sequence[Dossier], Mapping[str, str]]]) -> FileResponse:
    """One line per dossier, from chunks with the names of their places."""

    def rows() -> Iterator[tuple[object, ...]]:
        for found, places in chunks:
            for dossier in found:
                procedure = procedures.procedure_of(dossier, reader.pack)
                yield (
                    dossier.pk,
                    named(reader, procedure),
                    dossier.title,
                    dossier.place_code,
                    places.get(dossier.place_code, ""),
                    dossier.year,
                    place_label(reader, procedure, dossier.step),
                    reader.label("outcome", dossier.outcome),
                    dossier.opened_on,
                    dossier.due_on if not dossier.outcome else None,
                    dossier.closed_on,
                )

    return _answer(rows(), DOSSIER_COLUMNS, reader, "dossiers.xlsx")


def action_plan(
    reader: Reader,
    lines: Sequence[str],
    places: Sequence[Division],
    found: Mapping[str, Mapping[str, Reached]],
    people: Mapping[str, int | None],
) -> FileResponse:
    """A place and those below it: people who left in the year, and how many each line of the action plan reached."""
    labels = reader.pack.codes("plan_line")
    columns = [
        Column(id="division", zh="区划代码", en="Division", type=ColumnType.TEXT),
        Column(id="name", zh="地方", en="Name", type=ColumnType.TEXT),
        Column(id="left", zh="当年脱贫人口", en="Left in the year", type=ColumnType.INT),
        *(
            Column(id=line, zh=labels.label(line, "zh"), en=labels.label(line, "en"), type=ColumnType.INT)
            for line in lines
        ),
    ]
    rows = (
        (
            place.code,
            place.name,
            people.get(place.code),
            *(found.get(place.code, {}).get(line, Reached()).count for line in lines),
        )
        for place in places
    )
    return _answer(rows, columns, reader, f"33668-{places[0].code}-{reader.year}.xlsx")


def plan(reader: Reader, found: Plan, places: Mapping[str, Sums], names: Mapping[str, str]) -> FileResponse:
    """A place of a plan and those below it: households, people by year, guaranteed, without a year, and by pathway."""
    pathways = [
        one for one in reader.pack.codes("pathway").values if any(one.id in p.by_pathway() for p in places.values())
    ]
    columns = [
        Column(id="division", zh="区划代码", en="Division", type=ColumnType.TEXT),
        Column(id="name", zh="地方", en="Name", type=ColumnType.TEXT),
        Column(id="households", zh="户", en="Households", type=ColumnType.INT),
        Column(id="people", zh="人", en="People", type=ColumnType.INT),
        *(
            Column(id=f"y{year}", zh=f"{year}年减贫人口", en=f"Leave in {year}", type=ColumnType.INT)
            for year in found.years
        ),
        Column(id="guaranteed", zh="兜底人口", en="Guaranteed", type=ColumnType.INT),
        Column(id="unplanned", zh="未安排人口", en="Not planned", type=ColumnType.INT),
        *(Column(id=one.id, zh=one.zh, en=one.en, type=ColumnType.INT) for one in pathways),
    ]
    rows = (
        (
            code,
            names.get(code, ""),
            sum(one.households.values()),
            one.everybody,
            *(one.left(year) for year in found.years),
            one.guaranteed,
            one.unplanned,
            *(one.by_pathway().get(pathway.id, 0) for pathway in pathways),
        )
        for code, one in places.items()
    )
    return _answer(rows, columns, reader, f"plan-{found.pk}.xlsx")
