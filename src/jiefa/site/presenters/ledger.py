"""The ledger as its page shows it: stated and counted figures in one unit, and the page where what is counted lies open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.areas.models import DesignationKind
from jiefa.ledger.queries.counted import BASELINE, YEAR
from jiefa.ledger.queries.ledger import PROVINCE, Row
from jiefa.ledger.rules.agreeing import MONEY
from jiefa.site.address import with_parameters
from jiefa.site.reader import Reader

_Opens = tuple[str, tuple[str, ...], Mapping[str, str]]


def _page(name: str, *arguments: str, **parameters: str) -> _Opens:
    return name, arguments, parameters


def _designated(kind: DesignationKind, year: int = YEAR) -> _Opens:
    return _page("designations", kind=kind.value, year=str(year))


def _transfers(**parameters: str) -> _Opens:
    return _page("money-transfers", fund_year=str(YEAR), **parameters)


_ANSWERS, _ROUND, _PLAN = _page("responsibility"), _page("round"), _page("plan")
_TARGETS = _page("plan-targets", of_year=str(YEAR))
_MOVED = _page("programme", "relocation", stage="arrived")
_COUNTIES_OFF = _page("dossiers", procedure="county_delisting", state="all")
_TOWNSHIPS_OFF = _page("dossiers", procedure="township_delisting", state="all")
_REACHED = _page("money-concentrated")
_PARKS, _FIRMS, _TOGETHER = (_page("industry", kind=kind) for kind in ("park", "enterprise", "cooperative"))
_STATE, _CITY, _CENTRAL, _LEADER, _DEPARTMENT = (
    _page("pairings", kind=kind) for kind in ("state", "city", "central", "leader", "department")
)

OPENS: Mapping[str, _Opens] = {
    **dict.fromkeys(("P01", "P02", "P03", "P04", "P05", "P06", "P07"), _PLAN),
    "R01": _designated(DesignationKind.POOR_TOWNSHIP, 2014),
    "R02": _designated(DesignationKind.POOR_VILLAGE, 2014),
    "R03": _page("indicator", "poor_people", year=str(BASELINE)),
    "R05": _designated(DesignationKind.KEY_COUNTY),
    **dict.fromkeys(("R06", "E06"), _COUNTIES_OFF),
    **dict.fromkeys(("R07", "E05"), _TOWNSHIPS_OFF),
    **dict.fromkeys(("R04", "T01", "T02", "T03", "T04", "T05"), _ANSWERS),
    "F01": _transfers(purpose="microcredit"),
    "F02": _page("loans"),
    "F03": _transfers(purpose="training"),
    "F04": _page("programme", "training", stage="arrived"),
    "F05": _transfers(purpose="relocation"),
    "F06": _MOVED,
    **dict.fromkeys(("M01", "M02"), _page("programme", "relocation")),
    **dict.fromkeys(("E01", "E02", "E03", "E04"), _TARGETS),
    "I01": _transfers(purpose="mountain_farming", source="central"),
    "I02": _page("industry"),
    **dict.fromkeys(("I03", "I04", "I05"), _PARKS),
    **dict.fromkeys(("I06", "I07"), _FIRMS),
    **dict.fromkeys(("I08", "I09"), _TOGETHER),
    "I10": _designated(DesignationKind.CONTRACT_PILOT),
    "I11": _designated(DesignationKind.DEMONSTRATION_COUNTY),
    "A01": _STATE,
    "A02": _CITY,
    "A03": _transfers(source="city"),
    **dict.fromkeys(("A04", "A05"), _CENTRAL),
    "A06": _transfers(source="enterprise"),
    "A07": _LEADER,
    **dict.fromkeys(("A08", "A09"), _DEPARTMENT),
    **dict.fromkeys(("A10", "A11"), _REACHED),
    "A12": _transfers(purpose="concentrated", source="central"),
    "A13": _transfers(purpose="concentrated", source="department"),
    **dict.fromkeys(("V01", "V02", "V03"), _ROUND),
}
"""By figure the page that what is counted for it can be opened on: its name, arguments, parameters; a plan and a round by their key."""


BY_KEY = frozenset({"plan", "round"})


def part_label(part: str) -> str:
    """The name of a part of the method."""
    names = {
        "plan": _("The plan until 2019"),
        "1": _("1 Reform and results"),
        "2": _("2 Targets of the year"),
        "3": _("3 Teams in villages"),
        "4": _("4 Industry"),
        "5": _("5 Relocation planned"),
        "6": _("6 Paired assistance"),
        "7": _("7 Visits"),
    }
    return names.get(part, part)


def link(row: Row) -> str:
    """Where what is counted for a figure can be opened; empty where it cannot, as when no plan is on file."""
    name, arguments, parameters = OPENS[row.figure.id]
    if name in BY_KEY:
        if row.subject is None:
            return ""
        arguments = (str(row.subject),)
    url = reverse(f"site:{name}", args=arguments)
    return with_parameters(url, **{"year": str(YEAR), "place": PROVINCE, **parameters})


def places(row: Row) -> int:
    """Decimals that the values of a row are shown with: none while all are whole, else two."""
    values = (row.scaled, row.counted)
    return 0 if all(value is None or value == value.to_integral_value() for value in values) else 2


def groups(reader: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """``[{label, rows: [{id, label, unit, stated, scaled, counted, difference, places, agrees, formula, note, as_of, url}]}]``."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        figure = row.figure
        found.setdefault(figure.part, []).append(
            {
                "id": figure.id,
                "label": reader.words(figure.zh, figure.en),
                "unit": reader.words(figure.unit_zh, "yuan" if figure.unit == MONEY else figure.unit),
                "period": figure.period,
                "stated": figure.value,
                "scaled": row.scaled,
                "counted": row.counted,
                "difference": row.difference,
                "places": places(row),
                "agrees": row.agrees,
                "formula": reader.words(figure.formula_zh, figure.formula_en),
                "note": reader.words(figure.note_zh, figure.note_en),
                "source": figure.source,
                "as_of": figure.as_of,
                "url": link(row),
                "beside": _beside(reader, row),
            }
        )
    return [{"label": part_label(part), "rows": lines} for part, lines in found.items()]


def _beside(reader: Reader, row: Row) -> dict[str, Any] | None:
    if row.beside is None:
        return None
    indicator, number = row.beside
    said = reader.indicators[indicator]
    url = with_parameters(reverse("site:indicator", args=[indicator]), year=str(YEAR), place=PROVINCE)
    return {"label": reader.words(said.zh, said.en), "value": number, "url": url}
