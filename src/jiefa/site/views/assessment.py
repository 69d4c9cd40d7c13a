"""The assessment: places ranked by scheme and year, one place point by point, a scheme as it is written, both in Excel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assessment.actions import lists, running
from jiefa.assessment.models import Run, Score
from jiefa.assessment.queries import gathering, runs
from jiefa.evaluation.queries import samples
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import NotInForce
from jiefa.policy.schemes import Scheme
from jiefa.registry.actions import exports as export_actions
from jiefa.site.presenters import assessment as shown
from jiefa.site.presenters import assessment_vetoes
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page
from jiefa.site.views.watched import list_links

P = Permission


def asked(reader: Reader) -> tuple[str, int]:
    """The scheme and year of the address; else the first of the pack and the year of the page."""
    known = list(reader.pack.schemes())
    if not known:
        raise Http404
    name = reader.request.GET.get("scheme", "")
    typed = reader.request.GET.get("of_year", "")
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else reader.year
    return name if name in known else known[0], year


@page
def ranking(reader: Reader) -> HttpResponseBase:
    """The places of the reader's area by rank among all; run anew by whoever makes assessments."""
    within = reader.scope(P.STATISTICS_VIEW)
    name, year = asked(reader)
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            made = running.run(scheme=name, year=year, by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Scored and kept as assessment {number}.").format(number=made.pk))
            return redirect(reader.at(reverse("site:assessment"), scheme=name, of_year=year))
    context = _ranked(reader, name, year, within) | {"refusal": refusal}
    return render(reader.request, "site/assessment.html", context, status=status)


def _ranked(reader: Reader, name: str, year: int, within: Scope) -> dict[str, Any]:
    chosen, absent = None, ""
    try:
        chosen = reader.pack.scheme(name, year)
    except NotInForce as reason:
        absent = reason.message(reader.lang)
    several = list(runs.runs(name, year)[:20]) if chosen else []
    of = _chosen_run(reader, several)
    found = runs.ranking(of, within) if of else []
    codes = [one.area_code for one in found]
    names, earlier = areas.named(codes), runs.before(of, codes) if of else {}
    return {
        "parts": shown.parts(reader, "ranking", name, year),
        "choices": shown.choices(reader, name, year, runs.years_run()),
        "absent": absent,
        "scheme": shown.scheme(reader, chosen) if chosen else None,
        "run": shown.run(reader, of) if of else None,
        "runs": [shown.run(reader, one) for one in several],
        "rows": [shown.row(reader, chosen, of, one, names, earlier) for one in found] if of and chosen else [],
        "all_seen": of is not None and len(found) == of.scores.count(),
        "may_run": chosen is not None and gathering.may_run(scheme=chosen, year=year, by=reader.actor),
        "vetoed": sum(bool(one.held) for one in found),
        "vetoes_known": bool(chosen and chosen.vetoes),
        "export_url": reader.at(reverse("site:assessment-export", args=[of.pk])) if found and of else "",
        "lists": list_links(reader, lists.LISTS),
    }


def _chosen_run(reader: Reader, several: list[Run]) -> Run | None:
    typed = reader.request.GET.get("run", "")
    return next((one for one in several if str(one.pk) == typed), several[0] if several else None)


def found_place(reader: Reader, number: int, code: str, permission: Permission) -> tuple[Run, Score, Scheme]:
    """A place of a run that the reader may see. Raises ``Http404``, ``NotAllowed``."""
    within = reader.scope(permission)
    try:
        of = runs.run(number)
        found = runs.score(of, code, within)
        chosen = runs.scheme_of(of, reader.pack)
    except NotAllowed:
        raise
    except JiefaError as reason:
        raise Http404 from reason
    reader.place_code = code
    return of, found, chosen


@page
def place(reader: Reader, number: int, code: str) -> HttpResponseBase:
    """One place of a run: every point explained, against its peers, what would gain most."""
    of, found, chosen = found_place(reader, number, code, P.STATISTICS_VIEW)
    points, peers = runs.points(found), runs.group(of, found.group)
    name = areas.named([code]).get(code, code)
    axes = runs.axes(chosen, points, peers)
    opens = samples.openable(shown.samples_of(found, points), reader.actor)
    rows = shown.items(reader, chosen, of, found, points, peers, opens)
    context = {
        "parts": shown.parts(reader, "", of.scheme, of.year),
        "scheme": shown.scheme(reader, chosen),
        "run": shown.run(reader, of),
        "stands": runs.stands(of),
        "place": shown.row(reader, chosen, of, found, {code: name}, runs.before(of, [code])),
        "group": shown.group(reader, chosen, found.group, peers),
        "sections": shown.sections(reader, axes, rows),
        "radar": shown.radar(reader, axes, name),
        "gains": shown.gains(rows, points),
        "vetoes": assessment_vetoes.vetoes(reader, chosen, of, found, opens),
        "export_url": reader.at(reverse("site:assessment-place-export", args=[of.pk, code])),
    }
    return render(reader.request, "site/assessment_place.html", context)


@page
def scheme(reader: Reader, identity: str) -> HttpResponseBase:
    """A scheme as it is written: places, groups, items with weights, functions and sources, vetoes, grades; every version."""
    reader.scope(P.STATISTICS_VIEW)
    versions = reader.pack.schemes().get(identity)
    if not versions:
        raise Http404
    context = {
        "parts": shown.parts(reader, "scheme", identity, reader.year),
        "versions": [shown.written(reader, one) for one in reversed(versions)],
    }
    return render(reader.request, "site/assessment_scheme.html", context)


@page
def export(reader: Reader, number: int, code: str = "") -> HttpResponseBase:
    """The points of a run, or of one place of it, as Excel: a line for each place and item."""
    within = reader.scope(P.STATISTICS_VIEW)
    if code:
        of, found, chosen = found_place(reader, number, code, P.STATISTICS_VIEW)
        scores = [found]
    else:
        of = _run_or_404(number)
        scores, chosen = runs.ranking(of, within), runs.scheme_of(of, reader.pack)
    export_actions.record(by=reader.actor.name, what="assessment", areas=(code,) if code else within.areas)
    points = runs.points_of(of, within.narrowed(code or None))
    names = areas.named([one.area_code for one in scores])
    rows = (cells for one in scores for cells in shown.cells(reader, chosen, one, points[one.area_code], names))
    title = reader.words("考核", "Assessment")
    stream, _count = sheets.opened_xlsx(rows, shown.COLUMNS, sheet_name=title, language=reader.lang)
    name = f"assessment-{of.scheme}-{of.year}{f'-{code}' if code else ''}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)


def _run_or_404(number: int) -> Run:
    try:
        return runs.run(number)
    except JiefaError as reason:
        raise Http404 from reason
