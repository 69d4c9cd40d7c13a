"""The register of industry in the reader's language: sums, bodies, what households had of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from jiefa.areas.models import DesignationKind, Division
from jiefa.assistance.models import BenefitLink, IndustryBody
from jiefa.assistance.queries.industry import Benefit, Sums
from jiefa.site.reader import Reader


def sums(reader: Reader, found: Mapping[str, Sums]) -> list[dict[str, Any]]:
    """The sums of every kind of body, in the order of the code list."""
    kinds = reader.pack.codes("industry_body").values
    return [{"label": reader.words(kind.zh, kind.en), "sums": found[kind.id]} for kind in kinds if kind.id in found]


def benefits(reader: Reader, found: Mapping[str, Benefit]) -> list[dict[str, Any]]:
    """What households had of industry, by way, in the order of the code list."""
    ways = reader.pack.codes("benefit_way").values
    return [{"label": reader.words(way.zh, way.en), "benefit": found[way.id]} for way in ways if way.id in found]


def designated(reader: Reader, found: Mapping[DesignationKind, Sequence[Division]]) -> list[dict[str, Any]]:
    """Counties named to go ahead, by what they were named."""
    return [
        {
            "label": str(kind.label),
            "places": [
                {"name": one.name, "url": reader.at(reverse("site:industry"), place=one.code)} for one in places
            ],
        }
        for kind, places in found.items()
    ]


def body(reader: Reader, one: IndustryBody, places: Mapping[str, str]) -> dict[str, Any]:
    """Who it is and where."""
    return {
        "url": reader.at(reverse("site:industry-body", args=[one.pk])),
        "name": one.name,
        "number": one.number,
        "kind": reader.label("industry_body", one.kind),
        "industry": reader.label("industry", one.industry),
        "level": reader.label("leading_level", one.level) if one.level else "",
        "park": one.park.name if one.park else "",
        "park_url": reader.at(reverse("site:industry-body", args=[one.park_id])) if one.park_id else "",
        "recognised_on": one.recognised_on,
        "village": places.get(one.village_code, one.village_code),
        "above": places.get(one.village_code[:9], ""),
    }


def row(reader: Reader, one: Any, places: Mapping[str, str]) -> dict[str, Any]:
    """A body as a row of the list, with its figures of the year."""
    names = ("output_fen", "sales_fen", "invested_fen", "members", "poor_members")
    return body(reader, one, places) | {name: getattr(one, name) for name in names}


def link(reader: Reader, one: Any, places: Mapping[str, str]) -> dict[str, Any]:
    """A household that has something of a body."""
    return {
        "head": one.household.head_name or one.household.number,
        "url": reader.at(reverse("site:household", args=[one.household_id])),
        "number": one.household.number,
        "body": one.body.name,
        "body_url": reader.at(reverse("site:industry-body", args=[one.body_id])),
        "village": places.get(one.village_code, one.village_code),
        "above": places.get(one.village_code[:9], ""),
        "way": reader.label("benefit_way", one.way),
        "from_on": one.from_on,
        "to_on": one.to_on,
        "fen": one.paid_fen or 0,
    }


def of_household(reader: Reader, links: Iterable[BenefitLink]) -> list[dict[str, Any]]:
    """What a household has of industry, for its page."""
    return [
        {
            "url": reader.at(reverse("site:industry-body", args=[one.body_id])),
            "name": one.body.name,
            "industry": reader.label("industry", one.body.industry),
            "way": reader.label("benefit_way", one.way),
            "from_on": one.from_on,
            "to_on": one.to_on,
            "fen": getattr(one, "paid_fen", None) or 0,
        }
        for one in links
    ]
