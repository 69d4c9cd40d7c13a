"""Truth checks in the reader's language: questions with their numbers, a picture, the places they are put to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.areas import queries as areas
from jiefa.responsibility.models import Cadre
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site import charts
from jiefa.site.reader import Reader
from jiefa.snapshots import Snapshot
from jiefa.truth.queries.behind import AtTarget
from jiefa.truth.queries.pictures import Picture
from jiefa.truth.queries.results import Result, Tally
from jiefa.truth.rules import questions
from jiefa.truth.rules.limits import Limits
from jiefa.truth.rules.tables import Check

ICONS = {
    Check.BUNCHING: "chart-bar",
    Check.HEAPING: "sum",
    Check.COPIED: "folders",
    Check.SAME_DAY: "calendar-stats",
    Check.EXACT: "target-arrow",
    Check.VISITS: "heart-handshake",
}
UNITS = {
    Check.BUNCHING: "households",
    Check.HEAPING: "count",
    Check.COPIED: "count",
    Check.SAME_DAY: "households",
    Check.EXACT: "count",
    Check.VISITS: "people",
}
WITHOUT_HOUSEHOLDS = (Check.EXACT,)
SMALLEST = 1e-4

COLUMNS = (
    Column(id="check", zh="检查", en="Check", type=ColumnType.TEXT),
    Column(id="division", zh="区划代码", en="Division", type=ColumnType.TEXT),
    Column(id="name", zh="地方或干部", en="Place or cadre", type=ColumnType.TEXT),
    Column(id="n", zh="看了多少", en="Looked at", type=ColumnType.INT),
    Column(id="observed", zh="实际", en="Counted", type=ColumnType.NUMBER),
    Column(id="expected", zh="预计", en="Expected", type=ColumnType.NUMBER),
    Column(id="p", zh="p值", en="p", type=ColumnType.NUMBER),
    Column(id="q", zh="q值", en="q", type=ColumnType.NUMBER),
    Column(id="question", zh="问题", en="Question", type=ColumnType.TEXT),
)


def probability(p: float) -> str:
    """A p or q as people read it."""
    return f"< {SMALLEST:.4f}" if p < SMALLEST else f"{p:.4f}" if p < 0.1 else f"{p:.2f}"


def name_of(found: Result, places: Mapping[str, str], cadres: Mapping[int, Cadre]) -> str:
    """Whom a question is put to."""
    if found.unit is None:
        return places.get(found.division, found.division)
    cadre = cadres.get(found.unit)
    return cadre.name if cadre else _("cadre {number}").format(number=found.unit)


def asked(reader: Reader, limits: Limits, found: Result, name: str) -> str:
    """The question in the reader's language, or that nothing is asked."""
    if not found.asked:
        return questions.nothing(found.check).say(reader.lang)
    said = questions.question(
        found.check,
        limits,
        n=found.n,
        observed=found.observed,
        expected=found.expected,
        mark=found.mark,
        name=name,
    )
    return said.say(reader.lang)


def row(
    reader: Reader, limits: Limits, found: Result, places: Mapping[str, str], cadres: Mapping[int, Cadre]
) -> dict[str, Any]:
    """A result as a row of a list."""
    name = name_of(found, places, cadres)
    about = {"place": found.division} if found.unit is None else {"cadre": found.unit}
    return {
        "name": name,
        "above": places.get(found.division[: 9 if len(found.division) > 9 else 6], "")
        if len(found.division) > 6
        else "",
        "url": reader.at(reverse("site:truth-check", args=[found.check.value]), place=found.division),
        "households_url": ""
        if found.check in WITHOUT_HOUSEHOLDS or not found.asked
        else reader.at(
            reverse("site:truth-households", args=[found.check.value]), **({"place": found.division} | about)
        ),
        "n": found.n,
        "observed": round(found.observed),
        "expected": found.expected,
        "p": probability(found.p),
        "q": probability(found.q),
        "chi_square": found.mark if found.check == Check.HEAPING else "",
        "asked": found.asked,
        "question": asked(reader, limits, found, name),
    }


def overview(
    reader: Reader, limits: Limits, own: Mapping[Check, Result], tallies: Sequence[Tally], place: str, name: str
) -> list[dict[str, Any]]:
    """One entry a check: what it asks of the place itself, and of how many places or cadres below."""
    entries = []
    for check in Check:
        found = own.get(check)
        below = [one for one in tallies if one.check == check and (one.digits > len(place) or check == Check.VISITS)]
        entries.append(
            {
                "id": check.value,
                "label": reader.label("truth_check", check.value),
                "icon": ICONS[check],
                "url": reader.at(reverse("site:truth-check", args=[check.value]), place=place),
                "asked": bool(found and found.asked),
                "said": asked(reader, limits, found, name) if found else "",
                "q": probability(found.q) if found else "",
                "below": [
                    {"label": level(check, one.digits), "judged": one.judged, "asked": one.asked} for one in below
                ],
            }
        )
    return entries


def level(check: Check, digits: int) -> str:
    """What the places of a level are called; of visits, cadres."""
    if check == Check.VISITS:
        return _("Cadres")
    return {4: _("Prefectures"), 6: _("Counties"), 9: _("Townships"), 12: _("Villages")}.get(digits, "")


def picture(reader: Reader, found: Picture | None, check: Check, snapshot: Snapshot, name: str) -> charts.Chart | None:
    """The picture of a check in a place."""
    if found is None:
        return None
    titles = {
        Check.BUNCHING: _("Households by net income per person, yuan"),
        Check.HEAPING: _("Amounts that are whole thousands, five hundreds, hundreds"),
        Check.COPIED: _("Villages by how many households have the same card"),
        Check.SAME_DAY: _("Households that left, by day"),
        Check.EXACT: _("Places by people left, less the target"),
        Check.VISITS: _("Cadres by how many households have the same report"),
    }
    frame = charts.Frame(
        f"truth-{check.value}",
        f"{name} · {titles[check]}",
        UNITS[check],
        snapshot.manifest.moment.date(),
        reader.lang,
    )
    return charts.against(found.labels, found.observed, found.expected, frame=frame, marked=found.marked)


def workbook(
    reader: Reader, limits: Limits, found: Iterable[Result], places: Mapping[str, str], cadres: Mapping[int, Cadre]
) -> FileResponse:
    """Every row as Excel, exactly as reckoned."""

    def lines() -> Iterable[tuple[object, ...]]:
        for one in found:
            name = name_of(one, places, cadres)
            yield (
                reader.label("truth_check", one.check.value),
                one.division,
                name,
                one.n,
                one.observed,
                one.expected,
                one.p,
                one.q,
                asked(reader, limits, one, name) if one.asked else "",
            )

    stream, _rows = sheets.opened_xlsx(lines(), COLUMNS, sheet_name=str(reader.year), language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"truth-{reader.year}.xlsx")


def at_target(reader: Reader, found: Sequence[AtTarget]) -> list[dict[str, Any]]:
    """The places that are at their targets exactly."""
    names = areas.named(sorted({part for one in found for part in (one.code, one.code[:6])}))
    return [
        {
            "name": names.get(one.code, one.code),
            "above": names.get(one.code[:6], "") if len(one.code) > 6 else "",
            "url": reader.at(reverse("site:area", args=[one.code])),
            "people": one.people,
        }
        for one in found
    ]
