"""Figures sent in for an assessment, and a county's appeal against one of its figures."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assessment.actions import appeals, lists
from jiefa.assessment.queries import runs
from jiefa.casework import lists as casework_lists
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.lists.models import ReceivedList
from jiefa.registry.actions import exports as export_actions
from jiefa.site.assessment_forms import AppealWish, FigureWish
from jiefa.site.presenters import assessment as shown
from jiefa.site.presenters.assessment_sources import measured
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.assessment import asked, found_place
from jiefa.site.views.parts import page
from jiefa.site.views.watched import list_links

P = Permission
MOST = 4_000
"""Figures on one page: more than 88 counties and every name there is come to."""


@page
def figures(reader: Reader) -> HttpResponseBase:
    """What was sent in for a year in the reader's area, the newest of each, with its source; one more typed by who may send it in."""
    form, refusal, staged = _typed(reader)
    if staged is not None:
        messages.success(reader.request, _("Sent in; a second officer accepts it."))
        return redirect("site:help-list", staged.pk)
    within = reader.scope(P.STATISTICS_VIEW).narrowed(reader.place.code if reader.place else None)
    name, year = asked(reader)
    found = list(runs.figures(within, year)[:MOST])
    names = areas.named(sorted({one.area_code for one in found}))
    people = access.full_names({one.by for one in found})
    context = {
        "parts": shown.parts(reader, "figures", name, year),
        "here": reader.place.name if reader.place else "",
        "choices": shown.choices(reader, name, year, runs.years_run()),
        "of_year": year,
        "rows": [shown.figure(reader, one, names, people) for one in found],
        "lists": list_links(reader, lists.LISTS),
        "export_url": reader.at(reverse("site:assessment-figures-export"), of_year=year) if found else "",
        "form": form,
        "refusal": refusal,
    }
    status = 422 if reader.request.method == "POST" else 200
    return render(reader.request, "site/assessment_figures.html", context, status=status)


def _typed(reader: Reader) -> tuple[FigureWish | None, str, ReceivedList | None]:
    """The form of one figure (None for who may send none in), why what was typed is refused, and the list of one row that waits."""
    posted = reader.request.method == "POST"
    if posted:
        reader.actor.demand(P.ASSESSMENT_ANSWER)
    within = reader.actor.scope(P.ASSESSMENT_ANSWER)
    if not within:
        return None, "", None
    names = reader.pack.codes("assessment_figure")
    form = FigureWish(
        reader.request.POST if posted else None,
        places=_places(within),
        figures=[(one.id, reader.words(one.zh, one.en)) for one in names.values],
        initial={
            "area_code": reader.place.code if reader.place else "",
            "year": asked(reader)[1],
            "figure": reader.request.GET.get("figure", ""),
        },
    )
    if not posted or not form.is_valid():
        return form, "", None
    figure = names.label(form.cleaned_data["figure"], "zh")
    name = f"{form.cleaned_data['area_code']} {figure}"
    try:
        staged = casework_lists.stage_row(
            cells=form.cells() | {"figure": figure}, name=name, kind=lists.FIGURES, by=reader.actor, pack=reader.pack
        )
    except NotAllowed:
        raise
    except JiefaError as reason:
        return form, reason.message(reader.lang), None
    return form, "", staged


def _places(within: Scope) -> list[tuple[str, str]]:
    """The provinces, prefectures and counties of a scope, by code."""
    codes = {found for area in within.areas for level in lists.LEVELS for found in areas.codes_under(area, level)}
    return sorted(areas.named(sorted(codes)).items())


@page
def export(reader: Reader) -> HttpResponseBase:
    """The same as Excel, in the columns in which figures are sent in."""
    within = reader.scope(P.STATISTICS_VIEW)
    _name, year = asked(reader)
    export_actions.record(by=reader.actor.name, what="assessment figures", areas=within.areas)
    rows = (shown.figure_cells(reader, one) for one in runs.figures(within, year))
    title = reader.words("考核数据", "Figures")
    stream, _count = sheets.opened_xlsx(rows, shown.FIGURE_COLUMNS, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"assessment-figures-{year}.xlsx")


@page
def appeal(reader: Reader, number: int, code: str, item: str) -> HttpResponseBase:
    """An appeal against one figure: a dossier that prefecture and province decide."""
    of, found, chosen = found_place(reader, number, code, P.ASSESSMENT_ANSWER)
    stood = runs.contested(found, chosen, item)
    if stood is None:
        raise Http404
    posted = reader.request.method == "POST"
    form = AppealWish(reader.request.POST if posted else None)
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            made = appeals.propose(
                run_number=of.pk,
                area_code=code,
                item=item,
                value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"],
                by=reader.actor,
                on=timezone.localdate(),
                pack=reader.pack,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Drawn up; lay the proof in and submit it in the dossier."))
            return redirect("site:dossier", made.pk)
    label, stands = stood.label.say(reader.lang), measured(reader, stood.figure, stood.unit)
    context = {
        "title": _("Appeal against a figure"),
        "here": f"{areas.named([code]).get(code, code)} · {of.year} · {label}",
        "note": _(
            "The figure that stands is {figure}. Prefecture and province decide; if it is granted, all are scored anew."
        ).format(figure=stands),
        "back_url": reverse("site:assessment-place", args=[of.pk, code]),
        "back_label": reader.words(chosen.zh, chosen.en),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)
