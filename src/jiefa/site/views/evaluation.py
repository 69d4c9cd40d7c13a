"""The independent evaluation: samples that one may see, one drawn, one with what came of it; a rebuttal; results in Excel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets, snapshots
from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.evaluation.actions import drawing, rebutting
from jiefa.evaluation.models import Sample
from jiefa.evaluation.queries import outcome, progress, results
from jiefa.evaluation.queries import samples as queries
from jiefa.evaluation.queries.results import Estimated
from jiefa.evaluation.rules import size as sizes
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.site.evaluation_forms import NUMBERS, DrawWish, MarginWish, RebuttalWish
from jiefa.site.presenters import evaluation as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
COUNTY = LENGTH_OF_LEVEL[Level.COUNTY]
MARGIN: dict[str, Any] = {"margin": 1, "share": 2, "rho": 0.05, "response": 95, "confidence": 95}
"""What stands in the form of a wanted size at first: 2 % within one point, and a correlation as is usual for housing and income."""


@page
def samples(reader: Reader) -> HttpResponseBase:
    """The samples that the reader may see, the newest first, each with its state and how far it is."""
    rows, after = queries.samples(reader.actor), key(reader.request, "after")
    found: list[Sample] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    done = progress.of_samples(found)
    names = areas.named(sorted({one.area_code for one in found}))
    people = access.full_names(name for one in found for name in (one.evaluator, one.by))
    context = {
        "rows": [shown.row(reader, one, done.get(one.pk, progress.Progress()), names, people) for one in found],
        "new_url": reader.at(reverse("site:evaluation-new")) if _draws(reader) else "",
        "draws": _draws(reader),
        "parts": shown.parts(reader, "samples"),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/evaluations.html", context)


def _draws(reader: Reader) -> bool:
    return reader.actor.may(P.EVALUATION_ORDER) or reader.actor.may(P.EVALUATION_CARRY)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A sample drawn from the newest snapshot of the year; beside it how many must be asked for a wanted margin."""
    if not _draws(reader):
        reader.actor.demand(P.EVALUATION_CARRY)
    usual = drawing.usual(reader.pack, reader.year, {})
    numbers = dict(zip(NUMBERS, (*usual.villages.values(), *usual.households.values(), usual.reserve), strict=True))
    posted = reader.request.method == "POST"
    places = _places(reader)
    form = DrawWish(
        reader.request.POST if posted else None,
        places=places,
        evaluators=_evaluators(reader),
        initial={**numbers, "place": reader.request.GET.get("place", "")},
    )
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            made = _drawn(reader, form.cleaned_data)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Drawn; the sheets can be printed."))
            return redirect(reader.at(reverse("site:evaluation", args=[made.pk])))
    context = {
        "form": form,
        "refusal": refusal,
        "snapshot": reader.snapshot,
        "of_year": reader.year,
        "wanted": sum(usual.villages.values()) * sum(usual.households.values()),
        **_size(reader, sum(usual.households.values())),
    }
    return render(reader.request, "site/evaluation_new.html", context, status=status)


def _drawn(reader: Reader, said: dict[str, Any]) -> Sample:
    snapshot = snapshots.latest(reader.home, reader.year)
    wanted = drawing.usual(reader.pack, reader.year, {name: said[name] for name in NUMBERS}, said["by_size"])
    order = drawing.Order(said["place"], wanted, said["evaluator"], said["seed"])
    return drawing.draw(order=order, snapshot=snapshot, pack=reader.pack, by=reader.actor)


def _places(reader: Reader) -> list[tuple[str, str]]:
    """The counties in which the reader may draw; a post below a county draws there."""
    scopes = (reader.actor.scope(P.EVALUATION_ORDER), reader.actor.scope(P.EVALUATION_CARRY))
    own = Scope.over(area for scope in scopes for area in scope.areas)
    found = {code: code for code in own.areas if len(code) >= COUNTY}
    found |= areas.named(sorted(found))
    for code in own.areas:
        if len(code) < COUNTY:
            found |= {one.code: one.name for one in areas.under(code, COUNTY)}
    return sorted(found.items())


def _evaluators(reader: Reader) -> list[tuple[str, str]]:
    own = [(reader.actor.name, _("myself"))] if reader.actor.may(P.EVALUATION_CARRY) else []
    there = progress.evaluators(reader.actor.scope(P.EVALUATION_ORDER), timezone.localdate())
    return own + [(one.username, one.name or one.username) for one in there if one.username != reader.actor.name]


def _size(reader: Reader, per_village: int) -> dict[str, Any]:
    """The form of a wanted margin and what it needs, with what was asked or as a usual case."""
    asked = "margin" in reader.request.GET
    initial = {**MARGIN, "per_village": per_village}
    form = MarginWish(reader.request.GET if asked else None, initial=initial)
    said = initial if not asked else form.cleaned_data if form.is_valid() else None
    if said is None or not said["margin"] or not said["share"]:
        return {"margin_form": form, "needed": None}
    effect = sizes.design_effect(int(said["per_village"]), float(said["rho"]))
    needed = sizes.needed(
        float(said["share"]) / 100,
        float(said["margin"]) / 100,
        population=said.get("population"),
        deff=effect,
        response=float(said["response"]) / 100,
        confidence=float(said["confidence"] or MARGIN["confidence"]) / 100,
    )
    villages = -(-needed.drawn // int(said["per_village"]))
    return {"margin_form": form, "needed": needed, "needed_villages": villages}


@page
def sample(reader: Reader, pk: int) -> HttpResponseBase:
    """One sample: how it was drawn, how far it is, and what of its results the reader may see."""
    of = queries.sample(pk, reader.actor)
    reader.place_code = of.area_code if reader.actor.reaches(of.area_code) else None
    villages = progress.by_village(of)
    total = progress.of_samples([of]).get(of.pk, progress.Progress())
    log = list(queries.replacements(of))
    names = areas.named(sorted({of.area_code, *(one.village_code for one, _done in villages)}))
    people = access.full_names([of.evaluator, of.by, *(one.by for one in log)])
    done, works = outcome.handed_over(of), outcome.is_own(of, reader.actor)
    may_conclude = outcome.may_conclude(of, reader.actor)
    own = works and done is None
    context = {
        "sample": shown.row(reader, of, total, names, people),
        "frame": shown.frame(reader, of, progress.strata(one for one, _done in villages)),
        "villages": shown.villages(villages, names),
        "replacements": shown.replacements(log, people),
        "works": own,
        "blind": works,
        "may_conclude": may_conclude,
        "sets": [
            {"name": name, "rows": shown.estimates(reader, found)}
            for name, found in (_estimates(reader, of) if may_conclude and total.begun else ())
        ],
        **_differing(reader, of, names),
    }
    return render(reader.request, "site/evaluation.html", context)


def _estimates(reader: Reader, of: Sample) -> list[tuple[str, Sequence[Estimated]]]:
    """As handed over, and after upheld rebuttals where there is one; as it stands, before the hand-over."""
    done = outcome.handed_over(of)
    if done is None:
        return [(_("As it stands, not handed over"), results.estimates(of, reader.pack))]
    found: list[tuple[str, Sequence[Estimated]]] = [(_("As handed over"), outcome.as_handed_over(done))]
    if outcome.struck(of):
        found.append((_("After upheld rebuttals"), outcome.after_rebuttals(of, reader.pack)))
    return found


def _differing(reader: Reader, of: Sample, names: dict[str, str]) -> dict[str, Any]:
    """The households of which field and register differ, for whoever may read them, and until when the county is heard."""
    within = outcome.contested_within(of, reader.actor)
    if not within:
        return {"contests": False}
    done, today = outcome.handed_over(of), timezone.localdate()
    until = outcome.term(done, reader.pack)[0] if done else None
    rebuts = until is not None and today <= until and reader.actor.may(P.EVALUATION_ANSWER)
    found = outcome.with_dossiers(of, outcome.discrepancies(of, within, reader.pack))
    return {
        "contests": True,
        "discrepancies": shown.discrepancies(reader, of, found, names, rebuts),
        "term": shown.term_words(until, today) if until else "",
    }


@page
def rebut(reader: Reader, pk: int, sheet: int) -> HttpResponseBase:
    """Why the county holds one finding to be wrong; evidence is laid in and it is submitted in its dossier."""
    of, found = rebutting.rebuttable(pk, sheet, reader.actor, reader.pack)
    reader.actor.demand(P.EVALUATION_ANSWER, found.village_code)
    posted = reader.request.method == "POST"
    form = RebuttalWish(reader.request.POST if posted else None)
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        why, today = form.cleaned_data["why"], timezone.localdate()
        try:
            made = rebutting.propose(number=pk, sheet=sheet, why=why, by=reader.actor, on=today, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Drawn up; lay the evidence in, then submit it."))
            return redirect("site:dossier", made.pk)
    names = areas.named([of.area_code, found.village_code])
    (one,) = shown.discrepancies(reader, of, outcome.with_dossiers(of, [found]), names, may_rebut=False)
    done = outcome.handed_over(of)
    context = {
        "one": one,
        "sample": {"pk": of.pk, "url": reader.at(reverse("site:evaluation", args=[of.pk]))},
        "term": shown.term_words(outcome.term(done, reader.pack)[0], timezone.localdate()) if done else "",
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/evaluation_rebut.html", context, status=status)


def _book(
    reader: Reader, of: Sample, name: str, title: str, columns: Sequence[Column], lines: Iterable[Sequence[object]]
) -> FileResponse:
    """The workbook, with its entry in the log: of the county after the hand-over, before it of the system, which no county reads."""
    known = outcome.handed_over(of) is not None
    export_actions.record(
        by=reader.actor.name, what=f"evaluation_{name}", areas=(of.area_code if known else of.area_code[:2],)
    )
    stream, _count = sheets.opened_xlsx(lines, columns, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"evaluation-{of.pk}-{name}.xlsx")


@page
def export_estimates(reader: Reader, pk: int) -> HttpResponseBase:
    """The estimates as Excel."""
    of = outcome.concluded(pk, reader.actor)
    lines = shown.estimate_lines(reader, _estimates(reader, of))
    return _book(reader, of, "estimates", reader.words("估计", "Estimates"), shown.ESTIMATE_COLUMNS, lines)


@page
def export_discrepancies(reader: Reader, pk: int) -> HttpResponseBase:
    """The households of which field and register differ, as Excel."""
    of, within = outcome.contested(pk, reader.actor)
    found = outcome.with_dossiers(of, outcome.discrepancies(of, within, reader.pack))
    names = areas.named(sorted({one.found.village_code for one in found}))
    lines = shown.discrepancy_lines(shown.discrepancies(reader, of, found, names, may_rebut=False))
    title = reader.words("差异", "Discrepancies")
    return _book(reader, of, "discrepancies", title, shown.DISCREPANCY_COLUMNS, lines)
