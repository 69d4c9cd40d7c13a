"""Truth checks: what the figures of a place and year make one ask, one check with its picture, the households behind it."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.registry.queries import households
from jiefa.responsibility.models import Cadre
from jiefa.responsibility.queries import people
from jiefa.site.presenters import households as household_rows
from jiefa.site.presenters import truth as shown
from jiefa.site.presenters.indicators import snapshot_facts
from jiefa.site.reader import Reader
from jiefa.site.views.households import extras
from jiefa.site.views.parts import key, neighbours, page
from jiefa.snapshots import Snapshot, SnapshotUnknown
from jiefa.truth.queries import behind, pictures, results
from jiefa.truth.queries.results import Result
from jiefa.truth.rules import limits as asked
from jiefa.truth.rules import questions
from jiefa.truth.rules.limits import Limits
from jiefa.truth.rules.tables import Check

P = Permission
ROWS = 50
MOST_AT_TARGET = 200


def _open(reader: Reader) -> tuple[Division, Snapshot, Limits]:
    """The place of the page, the snapshot of its year, what its policy asks. Raises ``NotAllowed``, ``SnapshotUnknown``, ``NotInForce``."""
    reader.actor.demand(P.STATISTICS_VIEW)
    assert reader.place is not None
    reader.actor.demand(P.STATISTICS_VIEW, reader.place.code)
    if reader.snapshot is None:
        raise SnapshotUnknown(what=reader.year, year=reader.year)
    return reader.place, reader.snapshot, asked.of(reader.pack.for_year(reader.year))


def _cadres(reader: Reader, found: list[Result], place: str) -> dict[int, Cadre]:
    """The cadres of rows by key; names are for who sees households."""
    keys = {one.unit for one in found if one.unit is not None}
    return people.by_key(keys) if keys and reader.actor.may(P.HOUSEHOLD_VIEW, place) else {}


@page
def truth(reader: Reader) -> HttpResponseBase:
    """Every check of a place and year: what it asks of the place, and of how many below."""
    place, snapshot, limits = _open(reader)
    within = reader.scope(P.STATISTICS_VIEW).narrowed(place.code)
    own = results.of_place(snapshot, reader.pack, place.code)
    tallies = results.tallies(snapshot, reader.pack, within)
    context = {
        "here": place.name,
        "year": reader.year,
        "checks": shown.overview(reader, limits, own, tallies, place.code, place.name),
        "export_url": reader.at(reverse("site:truth-export"), place=place.code),
        **snapshot_facts(snapshot),
    }
    return render(reader.request, "site/truth.html", context)


@page
def check(reader: Reader, check: str) -> HttpResponseBase:
    """One check: its question, its picture, how it reckons, the places or cadres below that are asked."""
    wanted = results.named(check)
    place, snapshot, limits = _open(reader)
    within = reader.scope(P.STATISTICS_VIEW).narrowed(place.code)
    own = results.of_place(snapshot, reader.pack, place.code).get(wanted)
    every = reader.request.GET.get("all") == "1"
    after = key(reader.request, "after") or 0
    found, more = results.below(snapshot, reader.pack, wanted, within, after, ROWS, all_judged=every)
    codes = {part for one in found for part in (one.division, one.division[:6], one.division[:9])}
    names = areas.named(sorted(codes))
    cadres = _cadres(reader, found, place.code)
    here = {place.code: place.name}
    at_target = behind.at_target(snapshot, own, within) if own and wanted == Check.EXACT and own.asked else []
    url = reverse("site:truth-check", args=[wanted.value])
    context = {
        "here": place.name,
        "year": reader.year,
        "label": reader.label("truth_check", wanted.value),
        "of_cadres": wanted == Check.VISITS,
        "own": shown.row(reader, limits, own, here, {}) if own else None,
        "how": questions.how(wanted, limits).say(reader.lang),
        "chart": shown.picture(
            reader, pictures.of_place(snapshot, reader.pack, limits, wanted, within), wanted, snapshot, place.name
        ),
        "rows": [
            shown.row(reader, limits, one, names, cadres)
            for one in found
            if one.unit is not None or one.division != place.code
        ],
        "at_target": shown.at_target(reader, at_target[:MOST_AT_TARGET]),
        "at_target_count": len(at_target),
        "every": every,
        "other_url": reader.at(url, place=place.code, **({} if every else {"all": 1})),
        "back_url": reader.at(reverse("site:truth"), place=place.code),
        **snapshot_facts(snapshot),
        **neighbours(reader.request, after + ROWS if more else None, None),
    }
    return render(reader.request, "site/truth_check.html", context)


@page
def behind_check(reader: Reader, check: str) -> HttpResponseBase:
    """The households that a question is about."""
    wanted = results.named(check)
    place, snapshot, limits = _open(reader)
    within = reader.scope(P.HOUSEHOLD_VIEW).narrowed(place.code)
    result = results.one(snapshot, reader.pack, wanted, place.code, key(reader.request, "cadre"))
    # What a cadre wrote may be of several villages: all those that the reader sees.
    reach = within if result is None or result.unit is None else reader.scope(P.HOUSEHOLD_VIEW)
    found = behind.households(snapshot, limits, result, reach) if result and result.asked else None
    keys = found.page(key(reader.request, "after"), ROWS + 1) if found else []
    more, keys = len(keys) > ROWS, keys[:ROWS]
    rows = households.several(keys, reach)
    context = {
        "form": None,
        "searched": True,
        "because": {
            "indicator": reader.label("truth_check", wanted.value),
            "text": _said(reader, limits, result, place),
            "url": reader.at(reverse("site:truth-check", args=[wanted.value]), place=place.code),
        },
        "rows": household_rows.rows(reader, rows, extras(reader, rows)),
        "total": found.count() if found else 0,
        "total_more": False,
        "export_url": "",
        "chips": [],
        **neighbours(reader.request, keys[-1] if more else None, None),
    }
    return render(reader.request, "site/households.html", context)


def _said(reader: Reader, limits: Limits, result: Result | None, place: Division) -> str:
    if result is None:
        return ""
    name = shown.name_of(result, {place.code: place.name}, _cadres(reader, [result], place.code))
    return shown.asked(reader, limits, result, name)


@page
def export(reader: Reader) -> FileResponse:
    """Every check of the place and below as Excel."""
    place, snapshot, limits = _open(reader)
    within = reader.scope(P.STATISTICS_VIEW).narrowed(place.code)
    found = results.every(snapshot, reader.pack, within)
    names = areas.named(sorted({one.division for one in found}))
    return shown.workbook(reader, limits, found, names, _cadres(reader, found, place.code))
