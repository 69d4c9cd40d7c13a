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
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assessment.actions import appeals, lists
from jiefa.assessment.queries import runs
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.actions import exports as export_actions
from jiefa.site.assessment_forms import AppealWish
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
    """What was sent in for a year in the reader's area, the newest of each, with its source."""
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
    }
    return render(reader.request, "site/assessment_figures.html", context)


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
    point = found.points.filter(item=item).first()
    one = next((one for one in chosen.indicators if one.id == item), None)
    if point is None or one is None:
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
    label = reader.words(one.zh, one.en)
    stands = measured(reader, point.figure, one.unit)
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
