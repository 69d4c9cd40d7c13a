"""Who answers for households, as parts of other pages: the card of one, the rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jiefa.areas import queries as areas
from jiefa.registry.models import Household
from jiefa.responsibility.queries import answering, visits
from jiefa.site.presenters import answering as shown
from jiefa.site.reader import Reader


def card(reader: Reader, household: Household) -> dict[str, Any]:
    """The card "who answers for it" of a household that passed the gate. Two queries."""
    found = shown.of_household(
        reader,
        household,
        answering.history(household.pk),
        visits.of_household(household.pk, 8),
        reader.as_of,
    )
    return {"answers": found}


def listed(reader: Reader, rows: Sequence[Household]) -> list[dict[str, Any]]:
    """These households with helper, last visit and place, in four queries however many they are."""
    on, keys = reader.as_of, [row.pk for row in rows]
    codes = sorted({code for row in rows for code in (row.village_code, row.village_code[:9])})
    return shown.households(
        reader,
        rows,
        answering.helpers_of(keys, on),
        answering.last_visits(keys, on),
        areas.named(codes),
        reader.visited_since(on),
    )
