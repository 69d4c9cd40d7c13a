"""Loading what is known of places: the list of divisions, designations, code changes; what offices report of them by year."""

from __future__ import annotations

from jiefa.areas.actions.facts import FACT_FIELDS, edit_facts, load_facts
from jiefa.areas.actions.places import load_designations, load_divisions, load_successors, read_list

__all__ = [
    "FACT_FIELDS",
    "edit_facts",
    "load_designations",
    "load_divisions",
    "load_facts",
    "load_successors",
    "read_list",
]
