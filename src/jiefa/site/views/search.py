"""The search box of every page: places, households and persons in scope, as one types."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.registry.queries import households
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
SUGGESTIONS = 6


@page
def search(reader: Reader) -> HttpResponseBase:
    text = reader.request.GET.get("q", "").strip()[:60]
    context: dict[str, object] = {"q": text, "divisions": [], "households": [], "persons": [], "too_short": not text}
    if text:
        context["divisions"] = _divisions(reader, text)
        within = reader.actor.scope(P.HOUSEHOLD_VIEW)
        if within:
            context["households"] = _households(text, within)
            context["persons"] = _persons(reader, text, within)
    is_fragment = reader.request.headers.get("HX-Request")
    return render(reader.request, "site/_suggest.html" if is_fragment else "site/search.html", context)


def _divisions(reader: Reader, text: str) -> list[dict[str, str]]:
    within = reader.actor.scope(P.STATISTICS_VIEW)
    found = list(areas.matching(text, within.areas)[:SUGGESTIONS])
    codes = sorted(
        {found_code[:n] for place in found for found_code in [place.code] for n in (6, 9) if n <= len(found_code)}
    )
    names = areas.named(codes)
    rows = []
    for place in found:
        above = [names[place.code[:n]] for n in (6, 9) if n < len(place.code) and place.code[:n] in names]
        rows.append({"code": place.code, "name": place.name, "path": " › ".join(above)})
    return rows


def _households(text: str, within: Scope) -> list[dict[str, object]]:
    if not any(character.isdecimal() for character in text):
        return []
    found = list(households.find(households.Filters(text=text), within)[:SUGGESTIONS])
    villages = areas.named([household.village_code for household in found])
    return [
        {"pk": h.pk, "number": h.number, "head": h.head_name, "village": villages.get(h.village_code, "")}
        for h in found
    ]


def _persons(reader: Reader, text: str, within: Scope) -> list[dict[str, object]]:
    if any(character.isdecimal() or character == "*" for character in text):
        return []
    found = list(households.people_named(text, within).order_by("pk")[:SUGGESTIONS])
    villages = areas.named([person.village_code for person in found])
    return [
        {
            "household_pk": person.household_id,
            "name": person.name,
            "relation": "",
            "village": villages.get(person.village_code, ""),
            "id_masked": households.shown_number(person, full=False),
        }
        for person in found
    ]
