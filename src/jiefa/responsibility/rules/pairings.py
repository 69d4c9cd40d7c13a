"""Which places a kind of pairing joins to units, and which places ought to have one."""

from __future__ import annotations

from collections.abc import Mapping

from jiefa.kernel.division_codes import LEVEL_OF_LENGTH, Level

LEADER, GROUP, UNIT, MONEY = "leader", "group", "unit", "money"
LEVELS: Mapping[str, frozenset[Level]] = {
    "central": frozenset({Level.COUNTY}),
    "city": frozenset({Level.PREFECTURE}),
    LEADER: frozenset({Level.COUNTY, Level.TOWNSHIP}),
    "department": frozenset({Level.COUNTY}),
    "state": frozenset({Level.COUNTY}),
    "private": frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}),
    GROUP: frozenset({Level.TOWNSHIP}),
    UNIT: frozenset({Level.VILLAGE}),
}
"""By kind of pairing the levels of places that may be paired so."""

DUTIES: Mapping[str, str] = {
    "central": "key_county",
    "city": "prefecture",
    LEADER: "key_county",
    "department": "county",
}
"""By kind of pairing the places that all ought to have one: codes of ``pairing_duty`` by what they speak of."""


def fits(kind: str, area_code: str) -> bool:
    """Whether such a pairing may join a place with this code."""
    return LEVEL_OF_LENGTH.get(len(area_code)) in LEVELS[kind]
