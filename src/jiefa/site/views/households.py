"""Lists of households: searched first, paged by key, exported whole."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.insight.queries import findings
from jiefa.kernel.division_codes import Level
from jiefa.registry.actions import exports as export_actions
from jiefa.registry.models import Household
from jiefa.registry.queries import exports
from jiefa.registry.queries import households as household_queries
from jiefa.registry.queries.households import COUNT_LIMIT, Filters
from jiefa.site.forms import HouseholdSearch
from jiefa.site.presenters import households as shown
from jiefa.site.reader import Reader
from jiefa.site.views.applications import received_here
from jiefa.site.views.parts import key, neighbours, page

P = Permission


def filters_of(reader: Reader) -> tuple[HouseholdSearch, Filters]:
    """The search form of the address and what it asks for."""
    form = HouseholdSearch(reader.request.GET, reader=reader)
    form.is_valid()
    return form, form.filters(reader)


def extras(reader: Reader, rows: list[Household]) -> shown.Extras:
    """What the rows of a page need beside the households: three queries, whatever their number."""
    ids = [row.pk for row in rows]
    codes = {row.village_code for row in rows}
    return shown.Extras(
        cards=household_queries.cards_of(ids, reader.year),
        findings=findings.levels_of_households(ids, reader.year) if reader.actor.may(P.FINDING_VIEW) else {},
        places=areas.named(sorted(codes | {code[:9] for code in codes})),
    )


@page
def households(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.HOUSEHOLD_VIEW)
    form, filters = filters_of(reader)
    context: dict[str, object] = {"form": form, "searched": filters.narrow, "because": None, "rows": []}
    context["actions"] = _actions(reader)
    if filters.narrow:
        found = household_queries.find(filters, within)
        rows = household_queries.page(found, key(reader.request, "after"), key(reader.request, "before"))
        total = household_queries.count_up_to(found)
        place = reader.place.name if reader.place else ""
        context |= {
            "rows": shown.rows(reader, rows.rows, extras(reader, rows.rows)),
            "total": min(total, COUNT_LIMIT),
            "total_more": total > COUNT_LIMIT,
            "chips": shown.chips(reader, filters, place),
            "export_url": _export_url(reader, reader.request.GET.copy()),
            **neighbours(reader.request, rows.next_after, rows.previous_before),
        }
    is_fragment = reader.request.headers.get("HX-Request") == "true"
    return render(reader.request, "site/_household_rows.html" if is_fragment else "site/households.html", context)


def _actions(reader: Reader) -> list[dict[str, str]]:
    """What may be begun from the list: an application, in a village where the reader receives them."""
    place = reader.place
    if place is None or place.level != Level.VILLAGE or not received_here(reader, place.code):
        return []
    url = reverse("site:application-new", args=[place.code])
    return [{"label": _("New application"), "icon": "user-plus", "url": url}]


def _export_url(reader: Reader, query: QueryDict) -> str:
    if not reader.actor.may(P.HOUSEHOLD_EXPORT):
        return ""
    for name in ("after", "before"):
        query.pop(name, None)
    return f"{reverse('site:households-export')}?{query.urlencode()}"


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, masked, in scope; complete, however long."""
    within = reader.scope(P.HOUSEHOLD_EXPORT)
    _unused, filters = filters_of(reader)
    found = household_queries.find(filters, within)
    export_actions.record(by=reader.actor.name, what="household_list", areas=within.narrowed(filters.place).areas)
    stream = exports.household_list(found, reader.year, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"households-{reader.year}.xlsx")
