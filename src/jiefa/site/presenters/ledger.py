"""The ledger as its page shows it: stated and counted figures in one unit, and the page where what is counted lies open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.ledger.queries.counted import BASELINE, YEAR
from jiefa.ledger.queries.ledger import PROVINCE, Row
from jiefa.ledger.rules.agreeing import MONEY
from jiefa.site.address import with_parameters
from jiefa.site.reader import Reader

_AREA: tuple[str, tuple[str, ...], Mapping[str, str]] = ("area", (PROVINCE,), {})
_PLANS: tuple[str, tuple[str, ...], Mapping[str, str]] = ("plans", (), {})
_TARGETS: tuple[str, tuple[str, ...], Mapping[str, str]] = ("plan-targets", (), {"of_year": str(YEAR)})
_ANSWERS: tuple[str, tuple[str, ...], Mapping[str, str]] = ("responsibility", (), {})
_FLOW: tuple[str, tuple[str, ...], Mapping[str, str]] = ("money-flow", (), {})
_INDUSTRY: tuple[str, tuple[str, ...], Mapping[str, str]] = ("industry", (), {})
_MOVED: tuple[str, tuple[str, ...], Mapping[str, str]] = ("programme", ("relocation",), {})
_TRAINED: tuple[str, tuple[str, ...], Mapping[str, str]] = ("programme", ("training",), {})
_PAIRED: tuple[str, tuple[str, ...], Mapping[str, str]] = ("pairings", (), {})
_TOGETHER: tuple[str, tuple[str, ...], Mapping[str, str]] = ("money-concentrated", (), {})
_ROUNDS: tuple[str, tuple[str, ...], Mapping[str, str]] = ("rounds", (), {})
_BASELINE = ("indicator", ("poor_people",), {"year": str(BASELINE)})
_COUNTIES_OFF = ("dossiers", (), {"procedure": "county_delisting", "state": "all"})
_TOWNSHIPS_OFF = ("dossiers", (), {"procedure": "township_delisting", "state": "all"})

OPENS: Mapping[str, tuple[str, tuple[str, ...], Mapping[str, str]]] = {
    **dict.fromkeys(("P01", "P02", "P03", "P04", "P05", "P06", "P07"), _PLANS),
    **dict.fromkeys(("R01", "R02", "R05", "I10", "I11"), _AREA),
    "R03": _BASELINE,
    **dict.fromkeys(("R06", "E06"), _COUNTIES_OFF),
    **dict.fromkeys(("R07", "E05"), _TOWNSHIPS_OFF),
    **dict.fromkeys(("R04", "T01", "T02", "T03", "T04", "T05"), _ANSWERS),
    **dict.fromkeys(("F01", "F03", "F05", "I01", "A03", "A06"), _FLOW),
    "F02": ("loans", (), {}),
    "F04": _TRAINED,
    **dict.fromkeys(("F06", "M01", "M02"), _MOVED),
    **dict.fromkeys(("E01", "E02", "E03", "E04"), _TARGETS),
    **dict.fromkeys(("I02", "I03", "I04", "I05", "I06", "I07", "I08", "I09"), _INDUSTRY),
    **dict.fromkeys(("A01", "A02", "A04", "A05", "A07", "A08", "A09"), _PAIRED),
    **dict.fromkeys(("A10", "A11", "A12", "A13"), _TOGETHER),
    **dict.fromkeys(("V01", "V02", "V03"), _ROUNDS),
}
"""By figure the page that what is counted for it can be opened on: its name, arguments, parameters."""


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


def link(reader: Reader, identity: str) -> str:
    """Where what is counted for a figure can be opened; empty where it cannot."""
    if identity not in OPENS:
        return ""
    name, arguments, parameters = OPENS[identity]
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
                "url": link(reader, figure.id),
            }
        )
    return [{"label": part_label(part), "rows": lines} for part, lines in found.items()]
