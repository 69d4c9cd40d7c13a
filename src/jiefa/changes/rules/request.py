"""What an officer asks for, whichever way it was typed: on a form, in a file of the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

JOIN_FACTS = ("name", "sex", "birth_date", "ethnic_group")
"""Of the person who comes; everything else that is stated goes onto the card of the year."""
JOIN_FIELDS = (
    *("name", "id_number", "relation", "sex", "birth_date", "ethnic_group"),
    *("education", "school_stage", "health", "labour", "resident_medical"),
)
"""Fields of the roster that are asked of who comes."""
JOIN_NEEDED = ("name", "relation", "sex", "birth_date")


@dataclass(frozen=True, slots=True)
class Request:
    """A change as it was typed; which fields it needs follows from the kind.

    ``facts``, ``id_number``: of who comes. ``persons``: who leaves, who is split off, or who becomes the head. ``relations``:
    to the head afterwards, by person. ``household_number``: of the new household, or of the one to merge into. ``inherits``: the
    split-off household keeps the status. ``household``, ``members``: columns of cards to be corrected.
    """

    kind: str
    on: dt.date
    facts: Mapping[str, object] = field(default_factory=dict)
    id_number: str = ""
    persons: tuple[int, ...] = ()
    relations: Mapping[int, str] = field(default_factory=dict)
    household_number: str = ""
    inherits: bool = False
    household: Mapping[str, object] = field(default_factory=dict)
    members: Mapping[int, Mapping[str, object]] = field(default_factory=dict)
    remark: str = ""
