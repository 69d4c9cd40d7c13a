"""Industry: the register of a place with its sums, one park, enterprise, cooperative or base with its households."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.areas.models import DesignationKind, Division
from jiefa.assistance.models import IndustryBody
from jiefa.assistance.queries import exports
from jiefa.assistance.queries import industry as queries
from jiefa.registry.actions import exports as export_actions
from jiefa.responsibility.queries import teams
from jiefa.site.help_forms import IndustrySearch
from jiefa.site.presenters import industry as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.programmes import here

P = Permission
ROWS = 50


def _leaving(reader: Reader) -> Scope:
    return reader.scope(P.HOUSEHOLD_EXPORT).narrowed(reader.place.code if reader.place else None)


def _found(reader: Reader, form: IndustrySearch, within: Scope) -> Any:
    form.is_valid()
    typed = form.cleaned_data
    chosen = (typed.get("kind") or "", typed.get("industry") or "", typed.get("q") or "")
    return queries.bodies(within, reader.year, *chosen)


def _cut(rows: Any, after: int | None) -> tuple[list[Any], int | None]:
    """A page of rows in order of their key, and the key after which the next begins."""
    found = list((rows.filter(pk__gt=after) if after is not None else rows)[: ROWS + 1])
    return found[:ROWS], found[ROWS - 1].pk if len(found) > ROWS else None


def _places(rows: list[Any]) -> dict[str, str]:
    return areas.named(sorted({code for row in rows for code in (row.village_code, row.village_code[:9])}))


def _designated(reader: Reader, within: Scope) -> dict[DesignationKind, list[Division]]:
    """The counties of the scope that were named to go ahead, by what they were named."""
    kinds = (DesignationKind.CONTRACT_PILOT, DesignationKind.DEMONSTRATION_COUNTY)
    found = {kind: teams.designated(kind, within, reader.year).values_list("division_id", flat=True) for kind in kinds}
    codes = {kind: list(rows) for kind, rows in found.items()}
    places = {place.code: place for place in areas.several(sorted({code for some in codes.values() for code in some}))}
    return {kind: [places[code] for code in some] for kind, some in codes.items() if some}


@page
def industry(reader: Reader) -> HttpResponseBase:
    """The register of the place and year, and what households had of it."""
    within, form = here(reader), IndustrySearch(reader.request.GET, reader=reader)
    rows, after = _cut(_found(reader, form, within), key(reader.request, "after"))
    names, query = _places(rows), reader.request.GET.urlencode()
    may_leave = reader.actor.may(P.HOUSEHOLD_EXPORT)
    context = {
        "here": reader.place.name if reader.place else "",
        "form": form,
        "sums": shown.sums(reader, queries.by_kind(within, reader.year)),
        "benefits": shown.benefits(reader, queries.by_way(within, reader.year)),
        "households_url": reader.at(
            reverse("site:industry-households"), place=reader.place.code if reader.place else None
        ),
        "named": shown.designated(reader, _designated(reader, within)),
        "industries": queries.industries(within, reader.year),
        "rows": [shown.row(reader, row, names) for row in rows],
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": f"{reverse('site:industry-export')}?{query}" if may_leave else "",
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/industry.html", context)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole register as Excel, in the columns by which it can be loaded again."""
    within = _leaving(reader)
    found = _found(reader, IndustrySearch(reader.request.GET, reader=reader), within)
    export_actions.record(by=reader.actor.name, what="industry", areas=within.areas)
    stream = exports.bodies(found, reader.year, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"industry-{reader.year}.xlsx")


@page
def households(reader: Reader) -> HttpResponseBase:
    """The households of the place that have something of industry in the year, each link with what reached it."""
    within = here(reader)
    rows, after = _cut(queries.links(within, reader.year), key(reader.request, "after"))
    names = _places(rows)
    may_leave, query = reader.actor.may(P.HOUSEHOLD_EXPORT), reader.request.GET.urlencode()
    context = {
        "here": reader.place.name if reader.place else "",
        "benefits": shown.benefits(reader, queries.by_way(within, reader.year)),
        "rows": [shown.link(reader, row, names) for row in rows],
        "export_url": f"{reverse('site:industry-households-export')}?{query}" if may_leave else "",
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/industry_households.html", context)


@page
def export_households(reader: Reader) -> HttpResponseBase:
    """These households as Excel."""
    within = _leaving(reader)
    export_actions.record(by=reader.actor.name, what="benefit links", areas=within.areas)
    stream = exports.benefits(queries.links(within, reader.year), reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"benefits-{reader.year}.xlsx")


def _body(reader: Reader, pk: int, within: Scope) -> IndustryBody:
    found = queries.body(pk, within)
    if found is None:
        raise Http404
    return found


@page
def body(reader: Reader, pk: int) -> HttpResponseBase:
    """One body: what it reports, and the households inside the reader's area that have something of it."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    one = _body(reader, pk, within)
    rows, after = _cut(queries.links(within, reader.year, pk), key(reader.request, "after"))
    names, may_leave = _places(rows), reader.actor.may(P.HOUSEHOLD_EXPORT)
    context = {
        "body": shown.body(reader, one, _places([one])),
        "years": queries.years(pk),
        "benefits": shown.benefits(reader, queries.by_way(within, reader.year, pk)),
        "rows": [shown.link(reader, row, names) for row in rows],
        "export_url": reader.at(reverse("site:industry-links-export", args=[pk])) if may_leave else "",
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/industry_body.html", context)


@page
def export_links(reader: Reader, pk: int) -> HttpResponseBase:
    """The households of one body with what reached them, as Excel."""
    within = reader.scope(P.HOUSEHOLD_EXPORT)
    one = _body(reader, pk, within)
    export_actions.record(by=reader.actor.name, what=f"industry {one.number}", areas=within.areas)
    stream = exports.benefits(queries.links(within, reader.year, pk), reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"benefits-{pk}-{reader.year}.xlsx")
