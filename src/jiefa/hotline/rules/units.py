"""Whose a complaint is: who keeps it, who may look into it, who never comes near it. By codes of places and posts alone.

The rule: *whoever is complained of is everybody with a post in that place or inside it*. Only a place strictly above it keeps
the complaint and looks into it; and a person who also holds a post there is shut out whatever other posts they hold. Where
several bodies are meant (a township, and the county that covers for it), the broadest one counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from jiefa.access.rules import Role, bodies_of
from jiefa.kernel import division_codes
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level

OFFICE, SUPERVISION = "office", "supervision"
KEEPING = (LENGTH_OF_LEVEL[Level.COUNTY], LENGTH_OF_LEVEL[Level.PREFECTURE], LENGTH_OF_LEVEL[Level.PROVINCE])
"""Digits of the places whose keepers keep complaints, the narrowest first: matters are dealt with where they are."""
OFFICERS = {
    LENGTH_OF_LEVEL[Level.PROVINCE]: Role.PROVINCE_OFFICER,
    LENGTH_OF_LEVEL[Level.PREFECTURE]: Role.PREFECTURE_OFFICER,
    LENGTH_OF_LEVEL[Level.COUNTY]: Role.COUNTY_OFFICER,
    LENGTH_OF_LEVEL[Level.TOWNSHIP]: Role.TOWNSHIP_OFFICER,
}
Posts = Collection[tuple[Role, str]]


@dataclass(frozen=True, slots=True)
class Unit:
    """An office, or a discipline inspection, of a place."""

    kind: str
    place: str


def is_above(place: str, code: str) -> bool:
    """Whether ``place`` lies strictly above ``code``: neither the same, nor inside it, nor beside it."""
    return len(place) < len(code) and code.startswith(place)


def broadest(codes: Iterable[str]) -> str:
    """The broadest of the bodies that are complained of; '' where nobody is."""
    return min((code for code in codes if code), key=len, default="")


def kept_at(about: str, against: str) -> str | None:
    """The place whose keepers keep a complaint about ``about`` against the bodies of ``against`` ('': nobody).

    The narrowest of county, prefecture, province that is strictly above whoever is complained of; None where nobody is above.
    """
    for digits in KEEPING:
        place = about[:digits]
        if len(about) >= digits and (is_above(place, against) if against else True):
            return place
    return None


def may_handle(unit: Unit, about: str, against: str) -> bool:
    """Whether the unit may look into it: on the way up from where it happened, strictly above whoever is complained of."""
    known = unit.kind in (OFFICE, SUPERVISION) and len(unit.place) in OFFICERS
    return known and about.startswith(unit.place) and (is_above(unit.place, against) if against else True)


def handlers(about: str, against: str) -> list[Unit]:
    """Every unit that may look into it, the nearest first."""
    places = [about, *reversed(division_codes.ancestors(about))]
    offered = [Unit(kind, place) for place in places for kind in (OFFICE, SUPERVISION)]
    return [unit for unit in offered if may_handle(unit, about, against)]


def violation_at(unit: str, about: str) -> str:
    """The place in which a violation is put on file unless the unit says otherwise: its own, so that the body complained of does not
    find it; of a unit above the counties, which have the offices that put violations right, the county in which it happened."""
    return unit if len(unit) >= KEEPING[0] else about[: KEEPING[0]]


def roles_of(unit: Unit) -> Role:
    """The role whose posts in the place are the unit."""
    return Role.SUPERVISOR if unit.kind == SUPERVISION else OFFICERS[len(unit.place)]


def units_of(posts: Posts) -> frozenset[Unit]:
    """The units in which these posts stand."""
    found = {Unit(SUPERVISION, area) for role, area in posts if role == Role.SUPERVISOR}
    return frozenset(found | {Unit(OFFICE, area) for role, area in posts if OFFICERS.get(len(area)) == role})


def parent(place: str) -> str:
    """The place right above; '' above a province."""
    return next(reversed(division_codes.ancestors(place)), "")


def may_join(against: str, earlier: str) -> bool:
    """Whether a complaint against ``against`` may be answered together with an earlier one against ``earlier``.

    Only where the earlier one is against the same body or a broader one: then whoever keeps it, looks into it and answers it stands strictly
    above both bodies, whoever belongs to either is shut out, and naming a broader body of it later leaves all of this true.
    """
    return not against or (bool(earlier) and against.startswith(earlier))


def joined_to(against: str) -> frozenset[str]:
    """The bodies of earlier complaints which one against ``against``, which names a body, may join (``may_join``)."""
    return frozenset((against, *division_codes.ancestors(against)))


def is_concerned(posts: Posts, against: str) -> bool:
    """Whether somebody with these posts belongs to whoever is complained of."""
    return bool(against) and against in bodies_of(posts)
