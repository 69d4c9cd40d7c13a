"""Samples of the independent evaluation, their progress, estimates and discrepancies in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.evaluation.models import DrawnVillage, HandOver, Replacement, Sample
from jiefa.evaluation.queries.outcome import Contested
from jiefa.evaluation.queries.progress import Progress, Stratum
from jiefa.evaluation.queries.results import Estimated
from jiefa.evaluation.rules.judging import Measure, Verdict
from jiefa.kernel.money import yuan_from_fen
from jiefa.procedures import queries as dossiers
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.charts.intervals import interval_mark
from jiefa.site.numerals import grouped
from jiefa.site.presenters import log
from jiefa.site.presenters.procedures import place_label
from jiefa.site.reader import Reader

P = Permission
TONES = {Verdict.MET: "good", Verdict.FAILED: "refused", Verdict.OPEN: "open"}

ESTIMATE_COLUMNS = (
    Column("state", "口径", "As", ColumnType.TEXT),
    Column("measure", "指标", "Measure", ColumnType.TEXT),
    Column("value", "估计", "Estimate", ColumnType.NUMBER),
    Column("se", "标准误", "Standard error", ColumnType.NUMBER),
    Column("ci_low", "置信下限（95%）", "From (95 %)", ColumnType.NUMBER),
    Column("ci_high", "置信上限（95%）", "To (95 %)", ColumnType.NUMBER),
    Column("limit", "标准", "Standard", ColumnType.NUMBER),
    Column("verdict", "结论", "Verdict", ColumnType.TEXT),
    Column("households", "回答户", "Households", ColumnType.INT),
    Column("people", "回答人口", "People", ColumnType.INT),
    Column("counted", "其中计入人口", "People counted", ColumnType.INT),
    Column("missing", "未答户", "No answer", ColumnType.INT),
)
DISCREPANCY_COLUMNS = (
    Column("sheet", "表号", "Sheet", ColumnType.INT),
    Column("village_code", "行政村代码", "Village code", ColumnType.TEXT),
    Column("village", "行政村", "Village", ColumnType.TEXT),
    Column("number", "户编号", "Household number", ColumnType.TEXT),
    Column("head", "户主", "Head", ColumnType.TEXT),
    Column("position", "名册序号", "Position on the list", ColumnType.INT),
    Column("suspected", "疑似问题", "Suspected", ColumnType.TEXT),
    Column("people", "核实人口", "People found", ColumnType.INT),
    Column("income", "核实人均纯收入（元）", "Income per person, yuan", ColumnType.MONEY),
    Column("lacking", "核查缺项", "Lacks", ColumnType.TEXT),
    Column("rebuttal", "申诉", "Rebuttal", ColumnType.TEXT),
)


def parts(reader: Reader, part: str) -> list[dict[str, Any]]:
    """The pages of evaluation that the reader may open."""
    rights = reader.actor.rights
    works = bool(rights & {P.EVALUATION_ORDER, P.EVALUATION_CARRY})
    entries = (
        ("samples", _("Samples"), "clipboard-check", "site:evaluations", True),
        ("survey", _("Survey statistics"), "chart-bar", "site:evaluation-survey", works),
    )
    return [
        {"label": label, "icon": icon, "url": reader.at(reverse(name)), "current": identity == part}
        for identity, label, icon, name, may in entries
        if may
    ]


def row(
    reader: Reader, one: Sample, done: Progress, names: Mapping[str, str], people: Mapping[str, str]
) -> dict[str, Any]:
    """A sample as a row and as the head of its page."""
    handed: HandOver | None = getattr(one, "handed_over", None)
    state, tone = (_("handed over"), "good") if handed else (_("in the field"), "open")
    if not handed and not done.begun:
        state, tone = _("drawn"), "waived"
    return {
        "pk": one.pk,
        "url": reader.at(reverse("site:evaluation", args=[one.pk])),
        "place": names.get(one.area_code, one.area_code),
        "year": one.year,
        "evaluator": log.who(one.evaluator, people),
        "state": state,
        "tone": tone,
        "asked": done.asked,
        "answered": done.answered,
        "share": done.answered / done.asked if done.asked else None,
        "handed_on": handed.on if handed else None,
        "note": handed.note if handed else "",
        "at": one.at,
        "by": log.who(one.by, people),
        "seed": one.seed,
        "snapshot": one.snapshot,
        "snapshot_url": reverse("site:snapshot", args=[one.snapshot]),
        "policy_version": one.policy_version,
    }


def frame(reader: Reader, one: Sample, strata: Sequence[Stratum]) -> dict[str, Any]:
    """What there was to draw from and what was asked for."""
    there, asked = one.frame, one.asked
    rows: list[dict[str, Any]] = []
    for kind in ("poor", "other"):
        own = [each for each in strata if each.name.partition("_")[0] == kind]
        units, drawn = sum(each.of for each in own), sum(each.drawn for each in own)
        rows.append(
            {"label": stratum_label(kind), "of": there["villages"].get(kind, 0), "units": units, "drawn": drawn}
        )
        if len(own) > 1:
            rows += [
                {"label": stratum_label(each.name), "inside": True, "units": each.of, "drawn": each.drawn}
                for each in own
            ]
    return {
        "strata": rows,
        "apart": any(row.get("inside") for row in rows),
        "distance_unknown": there.get("distance_unknown", 0),
        "parts": [
            {"label": label, "of": there[name], "each": asked["households"].get(name, 0)}
            for name, label in (
                ("exited", _("Left poverty")),
                ("poor", _("Still poor")),
                ("outside", _("On no file")),
            )
        ],
        "reserve": asked["reserve"],
        "by_size": asked["by_size"],
        "unknown": there["outside_unknown"],
        "short": there["outside_short"],
    }


def stratum_label(name: str) -> str:
    """The stratum of a village in words."""
    return {
        "poor": _("Poor villages"),
        "poor_near": _("Poor villages, near"),
        "poor_far": _("Poor villages, far"),
        "other": _("Other villages"),
        "other_near": _("Other villages, near"),
        "other_far": _("Other villages, far"),
    }.get(name, name)


def villages(found: Iterable[tuple[DrawnVillage, Progress]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fieldwork by village."""
    return [
        {
            "name": names.get(one.village_code, one.village_code),
            "stratum": stratum_label(one.stratum),
            "probability": one.probability,
            "asked": done.asked,
            "answered": done.answered,
            "replaced": done.replaced,
            "reserve": done.reserve,
            "length": round(done.answered * 100 / done.asked) if done.asked else 0,
        }
        for one, done in found
    ]


def replacements(found: Iterable[Replacement], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The log of replacements."""
    return [
        {
            "sheet": one.gone.sheet,
            "instead": one.instead.sheet,
            "reason": one.get_reason_display(),
            "note": one.note,
            "by": log.who(one.by, people),
            "at": one.at,
        }
        for one in found
    ]


def estimates(reader: Reader, found: Iterable[Estimated]) -> list[dict[str, Any]]:
    """Each measure with its interval as a mark against the standard, and the verdict in words."""
    return [_estimate(reader, one) for one in found]


def _estimate(reader: Reader, one: Estimated) -> dict[str, Any]:
    label = reader.label("evaluation_measure", one.measure)
    verdict = reader.label("evaluation_verdict", one.verdict)
    tone = TONES[one.verdict] if one.verdict else "plain"
    return {
        "label": label,
        "value": one.value,
        "low": one.ci_low,
        "high": one.ci_high,
        "limit": one.limit,
        "limit_words": "" if one.limit is None else _limit(one),
        "verdict": verdict,
        "tone": tone,
        "households": one.households,
        "people": one.people,
        "counted": one.counted,
        "missing": one.missing,
        "mark": interval_mark(
            one.value, one.ci_low, one.ci_high, one.limit, tone=tone, label=f"{label} {verdict}".strip()
        ),
    }


def _limit(one: Estimated) -> str:
    percent = f"{one.limit:.0%}" if one.limit is not None else ""
    words = _("at least {percent}") if one.measure is Measure.APPROVAL else _("below {percent}")
    return words.format(percent=percent)


def lacking(reader: Reader, names: Iterable[str]) -> str:
    """The guarantees that were not there, in words."""
    return reader.words("、", ", ").join(reader.label("evaluation_lacking", name) for name in names)


def discrepancies(
    reader: Reader, of: Sample, found: Iterable[Contested], names: Mapping[str, str], may_rebut: bool
) -> list[dict[str, Any]]:
    """Each household of which field and register differ, with the state of its rebuttal; ``may_rebut``: the term still runs."""
    return [
        {
            "sheet": one.found.sheet,
            "village": names.get(one.found.village_code, one.found.village_code),
            "village_code": one.found.village_code,
            "head": one.household.head_name if one.household else "",
            "number": one.household.number if one.household else "",
            "url": reader.at(reverse("site:household", args=[one.household.pk])) if one.household else "",
            "position": one.found.position,
            "suspected": reader.label("evaluation_suspected", one.found.measure),
            "people": one.found.people,
            "income_fen": one.found.income_fen,
            "lacking": lacking(reader, one.found.lacking),
            "struck": one.struck,
            "rebuttal": _rebuttal(reader, one),
            "tone": _tone(one),
            "dossier_url": reverse("site:dossier", args=[one.dossier.pk]) if one.dossier else "",
            "rebut_url": reader.at(reverse("site:evaluation-rebut", args=[of.pk, one.found.sheet]))
            if may_rebut and not one.struck and (one.dossier is None or one.dossier.outcome)
            else "",
        }
        for one in found
    ]


def _rebuttal(reader: Reader, one: Contested) -> str:
    """At which step or end the newest rebuttal is; empty for none."""
    if one.dossier is None:
        return ""
    return place_label(reader, dossiers.procedure_of(one.dossier, reader.pack), one.dossier.step)


def _tone(one: Contested) -> str:
    if one.struck:
        return "good"
    return "refused" if one.dossier is not None and one.dossier.outcome == "refused" else "open"


def is_rebuttal(proposal: Mapping[str, Any]) -> bool:
    """Whether a dossier proposes that a discrepancy be struck."""
    return "rebutted_sample" in proposal


def proposed(reader: Reader, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was found in the household and why the county holds it to be wrong."""
    found = lacking(reader, proposal["lacking"])
    home = proposal["household_number"] or (_("position {number} on the village's list")).format(
        number=proposal["position"]
    )
    rows = [
        (_("sample and sheet"), f"{proposal['rebutted_sample']} · {proposal['sheet']}"),
        (_("household"), home),
        (_("suspected"), reader.label("evaluation_suspected", proposal["measure"])),
        (_("people found"), grouped(int(proposal["people"]))),
        (_("income found, yuan per person"), grouped(yuan_from_fen(int(proposal["income_fen"])), 2)),
        (_("found lacking"), found or "—"),
        (_("why the finding is wrong"), str(proposal["why"])),
    ]
    return [{"label": label, "before": None, "after": value, "differs": True} for label, value in rows]


def estimate_lines(reader: Reader, sets: Iterable[tuple[str, Sequence[Estimated]]]) -> Iterator[list[object]]:
    """The rows of ``ESTIMATE_COLUMNS``: each set of estimates under its name."""
    for name, found in sets:
        for one in found:
            words = {
                "state": name,
                "measure": reader.label("evaluation_measure", one.measure),
                "verdict": reader.label("evaluation_verdict", one.verdict),
            }
            yield [words.get(column.id, getattr(one, column.id, None)) for column in ESTIMATE_COLUMNS]


def discrepancy_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    """The rows of ``DISCREPANCY_COLUMNS`` from those of ``discrepancies``."""
    for one in rows:
        said = {**one, "income": one["income_fen"]}
        yield [None if said[column.id] == "" else said[column.id] for column in DISCREPANCY_COLUMNS]


def term_words(until: dt.date, today: dt.date) -> str:
    """Until when the county is heard."""
    if today > until:
        return _("The term for rebuttals ended on {day}.").format(day=until)
    return _("Rebuttals are taken until {day}.").format(day=until)
