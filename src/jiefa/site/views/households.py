"""Lists of households: searched first, paged by key, exported whole."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.insight.queries import findings
from jiefa.registry.actions import exports as export_actions
from jiefa.registry.models import Household
from jiefa.registry.queries import exports
from jiefa.registry.queries import households as household_queries
from jiefa.registry.queries.households import COUNT_LIMIT, Filters
from jiefa.site.forms import HouseholdSearch
from jiefa.site.presenters import households as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page, with_query

P = Permission


def filters_of(reader: Reader) -> tuple[HouseholdSearch, Filters]:
    """The search form of the address and what it asks for."""
    form = HouseholdSearch(reader.request.GET, reader=reader)
    form.is_valid()
    typed = form.cleaned_data
    return form, Filters(
        place=typed.get("place") or None,
        text=typed.get("q") or "",
        status=typed.get("status") or "",
        household_class=typed.get("household_class") or "",
        cause=typed.get("cause") or "",
        kind=typed.get("kind") or "",
        year=reader.year,
    )


def extras(reader: Reader, rows: list[Household]) -> shown.Extras:
    """What the rows of a page need beside the households: three queries, whatever their number."""
    ids = [row.pk for row in rows]
    return shown.Extras(
        cards=household_queries.cards_of(ids, reader.year),
        findings=findings.levels_of_households(ids, reader.year) if reader.actor.may(P.FINDING_VIEW) else {},
        villages=areas.named(sorted({row.village_code for row in rows})),
    )


@page
def households(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.HOUSEHOLD_VIEW)
    form, filters = filters_of(reader)
    context: dict[str, object] = {"form": form, "searched": filters.narrow, "because": None, "rows": [], "total": None, "chips": _chips(reader, filters)}
    if filters.narrow:
        found = household_queries.find(filters, within)
        shown_page = household_queries.page(found, key(reader.request, "after"), key(reader.request, "before"))
        total = household_queries.count_up_to(found)
        context |= {
            "rows": shown.rows(reader, shown_page.rows, extras(reader, shown_page.rows)),
            "total": min(total, COUNT_LIMIT),
            "total_more": total > COUNT_LIMIT,
            "export_url": _export_url(reader),
            **neighbours(reader.request, shown_page.next_after, shown_page.previous_before),
        }
    template = "site/households.html"
    if reader.request.headers.get("HX-Request") and reader.request.headers.get("HX-Target") == "household-list":
        template = "site/_household_rows.html"
    return render(reader.request, template, context)


def _export_url(reader: Reader) -> str:
    if not reader.actor.may(P.HOUSEHOLD_EXPORT):
        return ""
    query = reader.request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return f"{reverse('site:households-export')}?{query.urlencode()}"


def _chips(reader: Reader, filters: Filters) -> list[dict[str, str]]:
    named = []
    if filters.place:
        named.append(("place", areas.division(filters.place).name))
    if filters.text:
        named.append(("q", filters.text))
    for name, codes, value in (
        ("status", "poverty_status", filters.status),
        ("household_class", "household_class", filters.household_class),
        ("cause", "cause", filters.cause),
        ("kind", "kind", filters.kind),
    ):
        if value:
            named.append((name, reader.label(codes, value)))
    return [{"label": label, "remove_url": with_query(reader.request, **{name: None, "after": None})} for name, label in named]


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, masked, in scope; complete, however long."""
    within = reader.scope(P.HOUSEHOLD_EXPORT)
    _form, filters = filters_of(reader)
    found = household_queries.find(filters, within)
    path = exports.household_list(found, reader.year, reader.pack, reader.lang)
    export_actions.record(by=reader.actor.name, what="household_list", areas=within.narrowed(filters.place).areas)
    name = f"households-{reader.year}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
