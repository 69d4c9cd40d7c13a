"""The register's tables, by what they hold."""

from __future__ import annotations

from jiefa.registry.models.batch import Batch, BatchState, Upload
from jiefa.registry.models.cards import HouseholdYear, KindChoice, PersonYear
from jiefa.registry.models.people import Household, Membership, Movement, Person

__all__ = [
    "Batch",
    "BatchState",
    "Household",
    "HouseholdYear",
    "KindChoice",
    "Membership",
    "Movement",
    "Person",
    "PersonYear",
    "Upload",
]
