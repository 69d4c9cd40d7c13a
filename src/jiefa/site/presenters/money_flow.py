"""Where money went, in the reader's language: stops and bands of the picture, its sums, the way back from a household."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.funds.models import Account
from jiefa.funds.rules.rows import HOLDER, PAYEE, PROJECT, SOURCE
from jiefa.funds.rules.sankey import Band, Node, Picture, Stop
from jiefa.site import charts
from jiefa.site.address import with_parameters
from jiefa.site.presenters import money
from jiefa.site.reader import Reader

ENDS = ("unit", "household")


def offices(level: int) -> str:
    """The offices of a level, by the digits of their places."""
    names = {
        2: _("Offices of the province"),
        4: _("Offices of prefectures"),
        6: _("Offices of counties"),
        9: _("Offices of townships"),
        12: _("Villages"),
    }
    return names[level]


def label(reader: Reader, node: Node) -> str:
    """What a stop is called."""
    if node.kind == SOURCE:
        return reader.label("fund_source", node.code)
    if node.kind == HOLDER:
        return offices(node.level)
    if node.kind == "lies":
        where = offices(node.level) if node.code == HOLDER else _("Projects") if node.code == PROJECT else ""
        return _("Still lies: {where}").format(where=where) if where else _("Appropriated, not drawn")
    names = {PROJECT: _("Projects"), "unit": _("Firms and units"), "household": _("Households")}
    return names[node.kind]


def _id(node: Node) -> str:
    return f"{node.kind}-{node.code}-{node.level}"


def _tone(node: Node) -> str:
    return "lies" if node.kind == "lies" else "end" if node.kind in ENDS else "plain"


def _kind(node: Node) -> str:
    return PAYEE if node.kind in ENDS else node.kind


def url(reader: Reader, band: Band, year: int) -> str:
    """The list of a band's transfers as the records hold them today; what lies opens the list of its place's pots."""
    place = reader.place.code if reader.place else ""
    if band.receiver.kind == "lies":
        return with_parameters(reverse("site:money"), place=place, year=year)
    said: dict[str, object] = {"from_kind": _kind(band.payer), "to_kind": _kind(band.receiver)}
    # From a source means from its pot, or from an office above: the list tells both by where the money came to.
    if band.payer.kind == SOURCE:
        said |= {"source": band.payer.code, "from_kind": "in"}
    for name, node in (("from_level", band.payer), ("to_level", band.receiver)):
        if node.kind == HOLDER:
            said[name] = node.level
    if band.receiver.kind in ENDS:
        said["home"] = "1" if band.receiver.kind == "household" else "0"
    return reader.at(reverse("site:money-transfers"), place=place, fund_year=year, **said)


def chart(reader: Reader, found: Picture, year: int, as_of: dt.date) -> charts.Chart:
    """The picture of a place and fund year."""
    place = reader.place.name if reader.place else ""
    title = _("Where the money of {year} went: {place}").format(year=year, place=place)
    nodes = sorted({node for band in found.bands for node in (band.payer, band.receiver)})
    frame = charts.Frame("money-flow", title, "fen", as_of, reader.lang, size="map")
    return charts.sankey(
        [charts.Stop(_id(node), label(reader, node), _tone(node)) for node in nodes],
        [charts.Band(_id(band.payer), _id(band.receiver), band.fen, url(reader, band, year)) for band in found.bands],
        frame=frame,
    )


def rows(reader: Reader, found: Picture, year: int) -> list[dict[str, Any]]:
    """Every band as a row of the page's own table, which needs no script; what lies first of each payer is marked."""
    return [
        {
            "payer": label(reader, band.payer),
            "receiver": label(reader, band.receiver),
            "lies": band.receiver.kind == "lies",
            "fen": band.fen,
            "transfers": band.transfers,
            "url": url(reader, band, year),
        }
        for band in found.bands
    ]


def way_back(
    reader: Reader,
    edges: Iterable[tuple[Stop, Stop, int]],
    pots: Mapping[int, Account],
    places: Mapping[str, str],
    as_of: dt.date,
) -> charts.Chart | None:
    """The way of what a payee got, from its sources; None where nothing came."""
    found = list(edges)
    if not found:
        return None

    def name(stop: Stop) -> str:
        several = [pots[one] for one in sorted(stop) if one in pots]
        said = [f"{money.title(one, places)} {reader.label('fund_account', one.kind)}" for one in several[:3]]
        return reader.words("、", ", ").join(said) + (" …" if len(several) > 3 else "")

    stops = sorted({stop for payer, receiver, _fen in found for stop in (payer, receiver)}, key=sorted)
    ids = {stop: "-".join(map(str, sorted(stop))) for stop in stops}
    paid = {receiver for _payer, receiver, _fen in found} - {payer for payer, _receiver, _fen in found}
    frame = charts.Frame("way-back", _("Its way from the sources"), "fen", as_of, reader.lang)
    return charts.sankey(
        [charts.Stop(ids[stop], name(stop), "end" if stop in paid else "plain") for stop in stops],
        [charts.Band(ids[payer], ids[receiver], fen) for payer, receiver, fen in found],
        frame=frame,
    )
