"""The assessment in the reader's language: places ranked, points explained, where each figure opens, a scheme as it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.assessment.models import CountyFigure, Point, Run, Score
from jiefa.assessment.queries.runs import Axis, OfGroup
from jiefa.assessment.rules import explaining
from jiefa.policy.scheme_parts import ITEM_PARTS
from jiefa.policy.schemes import Scheme, SchemeIndicator
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site import charts
from jiefa.site.presenters import assessment_vetoes, log
from jiefa.site.presenters.assessment_sources import measured, source
from jiefa.site.reader import Reader

TONES = ("good", "open", "open", "refused")
"""Of grades, from the best."""


def parts(reader: Reader, part: str, scheme: str, year: int) -> list[dict[str, Any]]:
    """The pages of the assessment, about the same scheme and year."""
    entries = (
        ("ranking", _("Ranking"), "chart-bar", reverse("site:assessment")),
        ("figures", _("Figures sent in"), "file-spreadsheet", reverse("site:assessment-figures")),
        ("scheme", _("Scheme"), "list-check", reverse("site:assessment-scheme", args=[scheme])),
    )
    return [
        {"label": label, "icon": icon, "url": reader.at(url, scheme=scheme, of_year=year), "current": identity == part}
        for identity, label, icon, url in entries
    ]


def choices(reader: Reader, chosen: str, year: int, run: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Schemes and years to choose from."""
    every = {*reader.years, year, *(one for several in run.values() for one in several)}
    return {
        "schemes": [
            {"id": name, "label": reader.words(versions[-1].zh, versions[-1].en), "chosen": name == chosen}
            for name, versions in reader.pack.schemes().items()
        ],
        "years": [{"year": one, "chosen": one == year} for one in sorted(every)],
    }


def scheme(reader: Reader, one: Scheme) -> dict[str, Any]:
    """What a page says of its scheme."""
    return {
        "id": one.id,
        "name": reader.words(one.zh, one.en),
        "reference": one.reference,
        "note": reader.words(one.note_zh, one.note_en),
        "assumption": one.assumption,
        "url": reader.at(reverse("site:assessment-scheme", args=[one.id])),
    }


def run(reader: Reader, one: Run) -> dict[str, Any]:
    """A run: from which snapshots, when, by what."""
    return {
        "number": one.pk,
        "year": one.year,
        "at": one.at,
        "by": log.who(one.by, {}),
        "snapshot": one.snapshot,
        "snapshot_url": reverse("site:snapshot", args=[one.snapshot]),
        "before": one.snapshot_before,
        "digest": one.digest,
        "corrects": one.corrects_id,
        "url": reader.at(reverse("site:assessment"), scheme=one.scheme, of_year=one.year, run=one.pk),
    }


def row(
    reader: Reader, chosen: Scheme, of: Run, one: Score, names: Mapping[str, str], earlier: Mapping[str, int]
) -> dict[str, Any]:
    """A place in the ranking."""
    order = [grade.id for grade in chosen.grades]
    grade = next(grade for grade in chosen.grades if grade.id == one.grade)
    group_of = chosen.group(one.group)
    before = earlier.get(one.area_code)
    return {
        "code": one.area_code,
        "name": names.get(one.area_code, one.area_code),
        "url": reader.at(reverse("site:assessment-place", args=[of.pk, one.area_code])),
        "rank": one.rank,
        "ranked": one.ranked,
        "group": reader.words(group_of.zh, group_of.en),
        "score": explaining.points_words(one.hundredths),
        "sort": one.hundredths,
        "bar": round(one.hundredths / 100),
        "grade": reader.words(grade.zh, grade.en),
        "tone": TONES[min(len(TONES) - 1, order.index(one.grade))],
        "vetoes": assessment_vetoes.held(reader, chosen, one),
        "change": None if before is None else Decimal(one.hundredths - before) / 100,
    }


def group(reader: Reader, chosen: Scheme, name: str, peers: OfGroup) -> dict[str, Any]:
    """A group together."""
    one = chosen.group(name)
    return {
        "name": reader.words(one.zh, one.en),
        "places": peers.places,
        "mean": explaining.points_words(round(peers.mean)),
        "best": explaining.points_words(peers.best),
        "worst": explaining.points_words(peers.worst),
    }


def samples_of(found: Score, points: Sequence[Point]) -> set[int]:
    """The samples of the independent evaluation from which figures of items and vetoes were read."""
    told = [one.source for one in points] + [one["source"] for one in found.vetoes]
    return {one["sample"] for one in told if one.get("sample") is not None}


def items(
    reader: Reader,
    chosen: Scheme,
    of: Run,
    found: Score,
    points: Sequence[Point],
    peers: OfGroup,
    samples: Collection[int] = frozenset(),
) -> list[dict[str, Any]]:
    """Every item of a place: figure, source, formula, points, what full points need, how its group stands, an appeal.

    ``samples``: those that the reader may open.
    """
    known = {one.id: one for one in chosen.indicators}
    answers = reader.actor.may(Permission.ASSESSMENT_ANSWER, found.area_code)
    return [
        _item(reader, known.get(point.item), found, point, peers)
        | {
            "source": source(reader, of, found.area_code, point.source, samples),
            "appeal_url": reader.at(reverse("site:assessment-appeal", args=[of.pk, found.area_code, point.item])),
            "may_appeal": answers,
        }
        for point in points
    ]


def _item(reader: Reader, one: SchemeIndicator | None, found: Score, point: Point, peers: OfGroup) -> dict[str, Any]:
    share = point.hundredths / point.of_hundredths if point.of_hundredths else None
    return {
        "id": point.item,
        "section": one.section if one else "",
        "label": reader.words(one.zh, one.en) if one else point.item,
        "own": assessment_vetoes.own(one.assumption if one else (), ITEM_PARTS),
        "reference": one.reference if one else "",
        "figure": measured(reader, point.figure, point.workings["unit"]),
        "why": explaining.why(point.figure, point.hundredths, point.of_hundredths, point.workings).say(reader.lang),
        "needed": explaining.needed(point.workings).say(reader.lang),
        "points": explaining.points_words(point.hundredths),
        "of": explaining.points_words(point.of_hundredths),
        "left_out": point.of_hundredths == 0,
        "full": point.of_hundredths and point.hundredths == point.of_hundredths,
        "bar": 0 if share is None else round(100 * share),
        "peers": peers.shares.get(point.item),
        "missing": point.figure is None,
    }


def sections(reader: Reader, axes: Sequence[Axis], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sections of the scheme with their items and sums."""
    return [
        {
            "label": reader.words(axis.section.zh, axis.section.en),
            "points": explaining.points_words(axis.hundredths),
            "of": explaining.points_words(axis.of),
            "share": axis.share,
            "peers": axis.peers,
            "rows": [row for row in rows if row["section"] == axis.section.id],
        }
        for axis in axes
    ]


def radar(reader: Reader, axes: Sequence[Axis], name: str) -> charts.Chart:
    """The place against its group, by section."""
    spokes = [
        charts.Spoke(
            reader.words(axis.section.zh, axis.section.en),
            axis.share,
            axis.peers,
            f"{explaining.points_words(axis.hundredths)}/{explaining.points_words(axis.of)}",
        )
        for axis in axes
    ]
    title = _("Share of the points by section, against the mean of the group")
    frame = charts.Frame("assessment-radar", title, "%", None, reader.lang, size="lg")
    return charts.radar(spokes, own=name, peers=_("mean of the group"), frame=frame)


def gains(rows: Sequence[Mapping[str, Any]], points: Sequence[Point]) -> list[dict[str, Any]]:
    """What would gain most, the most first."""
    by_id = {row["id"]: row for row in rows}
    told = explaining.gains([(one.item, one.hundredths, one.of_hundredths, one.workings) for one in points])
    return [
        {
            **by_id[one.item],
            "gain": explaining.points_words(one.hundredths),
            "step": explaining.points_words(one.step) if one.step and one.step < one.hundredths else "",
        }
        for one in told
    ]


def written(reader: Reader, one: Scheme) -> dict[str, Any]:
    """A version of a scheme as its file says it."""
    groups = list(one.groups)
    return {
        **scheme(reader, one),
        "from": one.from_date,
        "to": one.to_date,
        "groups": [
            {
                "name": reader.words(group.zh, group.en),
                "codes": len(group.codes),
                "reference": group.reference,
                "assumption": group.assumption,
            }
            for group in groups
        ],
        "grades": [
            {"name": reader.words(grade.zh, grade.en), "start": explaining.figure_words(grade.start)}
            for grade in one.grades
        ],
        "sections": [
            {
                "label": reader.words(section.zh, section.en),
                "items": [
                    {
                        "label": reader.words(item.zh, item.en),
                        "weights": [
                            explaining.figure_words(item.weights[group.id]) if group.id in item.weights else "—"
                            for group in groups
                        ],
                        "function": explaining.function_words(item.scoring).say(reader.lang),
                        "missing": item.missing,
                        "source": kind(item.source.kind),
                        "reference": item.reference,
                        "own": assessment_vetoes.own(item.assumption, ITEM_PARTS),
                    }
                    for item in one.indicators
                    if item.section == section.id
                ],
            }
            for section in one.sections
        ],
        "vetoes": [veto | {"source": kind(veto["from"])} for veto in assessment_vetoes.written(reader, one)],
    }


def kind(name: str) -> str:
    """What sort of source a figure has."""
    return {
        "snapshot": _("snapshot"),
        "facts": _("reported by offices"),
        "target": _("target and what was done"),
        "evaluation": _("independent evaluation"),
        "typed": _("sent in"),
        "correction": _("corrected on appeal"),
    }[name]


COLUMNS = (
    Column("area_code", "地区代码", "Place code", ColumnType.TEXT),
    Column("name", "地区", "Place", ColumnType.TEXT),
    Column("group", "组", "Group", ColumnType.TEXT),
    Column("rank", "名次", "Rank", ColumnType.INT),
    Column("score", "得分", "Score", ColumnType.NUMBER),
    Column("grade", "等次", "Grade", ColumnType.TEXT),
    Column("item", "指标", "Item", ColumnType.TEXT),
    Column("figure", "数值", "Figure", ColumnType.NUMBER),
    Column("unit", "单位", "Unit", ColumnType.TEXT),
    Column("points", "得分（项）", "Points", ColumnType.NUMBER),
    Column("of", "满分（项）", "Full points", ColumnType.NUMBER),
    Column("why", "计分说明", "Why", ColumnType.TEXT),
    Column("source", "来源", "Source", ColumnType.TEXT),
)


def cells(
    reader: Reader, chosen: Scheme, one: Score, points: Sequence[Point], names: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """The points of a place as rows of a workbook, then its vetoes."""
    grades = {grade.id: reader.words(grade.zh, grade.en) for grade in chosen.grades}
    labels = {item.id: reader.words(item.zh, item.en) for item in chosen.indicators}
    group_of = chosen.group(one.group)
    place = (
        one.area_code,
        names.get(one.area_code, ""),
        reader.words(group_of.zh, group_of.en),
        one.rank,
        one.hundredths / 100,
        grades[one.grade],
    )
    for point in points:
        yield (
            *place,
            labels.get(point.item, point.item),
            None if point.figure is None else float(point.figure),
            reader.label("unit", point.workings["unit"]),
            point.hundredths / 100,
            point.of_hundredths / 100,
            explaining.why(point.figure, point.hundredths, point.of_hundredths, point.workings).say(reader.lang),
            source(reader, one.run, one.area_code, point.source)["words"],
        )
    yield from assessment_vetoes.cells(reader, chosen, one, place)


def figure(reader: Reader, one: CountyFigure, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A figure sent in."""
    return {
        "place": names.get(one.area_code, one.area_code),
        "label": reader.label("assessment_figure", one.figure),
        "value": explaining.figure_words(one.value),
        "source": one.source,
        "reason": one.reason,
        "by": log.who(one.by, people),
        "at": one.at,
        "list_url": reverse("site:help-list", args=[one.list_number]) if one.list_number else "",
    }


FIGURE_COLUMNS = (
    Column("year", "年度", "Year", ColumnType.INT),
    Column("area_code", "地区代码", "Code of the place", ColumnType.TEXT),
    Column("figure", "数据名称", "Figure", ColumnType.TEXT),
    Column("value", "数值", "Value", ColumnType.NUMBER),
    Column("source", "来源", "Source", ColumnType.TEXT),
    Column("reason", "理由", "Reason", ColumnType.TEXT),
)


def figure_cells(reader: Reader, one: CountyFigure) -> tuple[object, ...]:
    """A figure as a row of the workbook in which such figures are sent in."""
    label = reader.label("assessment_figure", one.figure)
    return one.year, one.area_code, label, float(one.value), one.source, one.reason
