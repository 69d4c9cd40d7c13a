"""Relocation: the four promises by place and site, settlement sites, hamlets and whether each may move as a whole."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.models import Hamlet, SettlementSite
from jiefa.assistance.queries import exports, promises, registers
from jiefa.assistance.queries import hamlets as queries
from jiefa.assistance.rules import moving as rules
from jiefa.registry.actions import exports as export_actions
from jiefa.site.moving_forms import HamletSearch, SiteSearch
from jiefa.site.presenters import relocation as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page
from jiefa.site.views.programmes import BELOW, here
from jiefa.site.views.training import cut, export_url, leaving, villages

P = Permission
SITES_SHOWN = 200


@page
def overview(reader: Reader) -> HttpResponseBase:
    """The four promises and the rates: here, in the places below, at each site."""
    place, within = reader.place, here(reader)
    context: dict[str, Any] = {"here": place.name if place else ""}
    if place is not None:
        digits = BELOW.get(len(place.code), len(place.code))
        below = promises.by_place(within, reader.year, digits)
        every = promises.Standing.total([*below.values()])
        context |= {
            "standing": every,
            "shares": shown.shares(reader, every, place.code),
            "by_place": shown.by_place(reader, below, areas.named(sorted(below))) if digits != len(place.code) else [],
        }
        # A province has thousands of sites: they are shown from the county down.
        if len(place.code) >= 6:
            sites = promises.by_site(within, reader.year)
            on_file = registers.on_file(registers.REGISTERS[registers.SITES], sites)
            first = dict([*sites.items()][:SITES_SHOWN])
            context["by_site"] = shown.by_site(reader, first, on_file, place.code)
    return render(reader.request, "site/promises.html", context)


def _sites(reader: Reader, within: Scope) -> tuple[SiteSearch, Any]:
    form = SiteSearch(reader.request.GET, reader=reader)
    return form, registers.sites(within, form.typed("kind"), form.typed("q"))


@page
def sites(reader: Reader) -> HttpResponseBase:
    """The sites of the county with their room and those who moved in, from all of it."""
    within = here(reader)
    form, found = _sites(reader, within)
    rows, after = cut(found, key(reader.request, "after"))
    counties = Scope.over(row.county_code for row in rows)
    standing = promises.by_site(counties, reader.year) if rows else {}
    names = areas.named(sorted({row.county_code for row in rows}))
    context = {
        "here": reader.place.name if reader.place else "",
        "form": form,
        "rows": [
            shown.site_row(reader, row, standing.get((row.county_code, row.name), shown.NOBODY), names) for row in rows
        ],
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": export_url(reader, "settlement-sites-export"),
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/settlement_sites.html", context)


@page
def export_sites(reader: Reader) -> HttpResponseBase:
    """The sites as Excel, in the columns by which they can be loaded again."""
    within = leaving(reader)
    export_actions.record(by=reader.actor.name, what=registers.SITES, areas=within.areas)
    register = registers.REGISTERS[registers.SITES]
    stream = exports.register(_sites(reader, within)[1], register, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename="settlement-sites.xlsx")


def _site(pk: int, within: Scope) -> SettlementSite:
    found = registers.site(pk, within)
    if found is None:
        raise Http404
    return found


@page
def site(reader: Reader, pk: int) -> HttpResponseBase:
    """One site: its room, the promises to those who moved there, and the households of the reader's area."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    one = _site(pk, within)
    inside, county = within.narrowed(one.county_code), Scope((one.county_code,))
    identity = (one.county_code, one.name)
    mine = promises.by_site(inside, reader.year, one.name).get(identity, shown.NOBODY)
    # How full it is says nothing of anybody: it is counted over the whole county.
    whole = promises.by_site(county, reader.year, one.name).get(identity, shown.NOBODY)
    rows, after = cut(
        promises.households(inside, reader.year, "moved_out", "of", one.name), key(reader.request, "after")
    )
    names = villages(rows)
    context = {
        "site": shown.site_row(reader, one, whole, areas.named([one.county_code])),
        "standing": mine,
        "shares": shown.shares(reader, mine, inside.areas[0] if len(inside.areas) == 1 else one.county_code, one.name),
        "rows": [shown.household(reader, row, names) for row in rows],
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/settlement_site.html", context)


def _hamlets(reader: Reader, within: Scope) -> tuple[HamletSearch, Any]:
    form = HamletSearch(reader.request.GET)
    return form, registers.hamlets(within, form.typed("state"), form.typed("q"))


def _rows(reader: Reader, hamlets: list[Hamlet]) -> list[dict[str, Any]]:
    """Hamlets with who lives there, whether they may move as a whole, and how far their lists have come."""
    poor, found = queries.registered(hamlets, reader.year), queries.listed(hamlets, reader.year)
    names, reasons = villages(hamlets), reader.pack.codes("relocation_reason")
    rows = []
    for one in hamlets:
        identity = (one.village_code, one.name)
        who = queries.living(one, poor.get(identity))
        policy = reader.pack.at(one.decided_on or timezone.localdate())
        items = rules.eligibility(who, reasons, policy)
        rows.append(shown.hamlet_row(reader, one, who, items, found.get(identity, queries.Listed()), names))
    return rows


@page
def hamlets(reader: Reader) -> HttpResponseBase:
    """The hamlets of the place."""
    form, found = _hamlets(reader, here(reader))
    rows, after = cut(found, key(reader.request, "after"))
    context = {
        "here": reader.place.name if reader.place else "",
        "form": form,
        "rows": _rows(reader, rows),
        "may_load": reader.actor.may(P.ROSTER_UPLOAD),
        "export_url": export_url(reader, "hamlets-export"),
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/hamlets.html", context)


@page
def export_hamlets(reader: Reader) -> HttpResponseBase:
    """The hamlets as Excel, in the columns by which they can be loaded again."""
    within = leaving(reader)
    export_actions.record(by=reader.actor.name, what=registers.HAMLETS, areas=within.areas)
    register = registers.REGISTERS[registers.HAMLETS]
    stream = exports.register(_hamlets(reader, within)[1], register, reader.pack, reader.lang)
    return FileResponse(stream, as_attachment=True, filename="hamlets.xlsx")


@page
def hamlet(reader: Reader, pk: int) -> HttpResponseBase:
    """One hamlet: whether it may move as a whole, item by item, and its households on the lists."""
    within = reader.scope(P.HOUSEHOLD_VIEW)
    one = registers.hamlet(pk, within)
    if one is None:
        raise Http404
    reader.place_code = one.village_code
    rows, after = cut(queries.of_hamlet(within, one, reader.year), key(reader.request, "after"))
    site, names = registers.site_of(one), villages([one])
    context = {
        "hamlet": _rows(reader, [one])[0],
        "site_url": reader.at(shown.site(reader, site, {})["url"]) if site else "",
        "rows": [shown.household(reader, row, names) for row in rows],
        **neighbours(reader.request, after, None),
    }
    return render(reader.request, "site/hamlet.html", context)
