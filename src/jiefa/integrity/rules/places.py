"""Who puts a violation right and who confirms, who inquires into a case and who concludes it: by the code of its place."""

from __future__ import annotations

from collections.abc import Collection

from jiefa.access.rules import Role

TOWNSHIP, COUNTY = 9, 6
CASES = ("supervision_case", "supervision_case_county")
"""The procedures of cases; their names keep them out of everybody else's lists (``procedures.rules.CONFIDENTIAL``)."""


def rectifying(code: str) -> str:
    """The procedure by which an office of this place puts a violation right. The level above confirms; a village's is its township's."""
    return "violation_township" if len(code) >= TOWNSHIP else "violation_county"


def office(code: str) -> str:
    """The office that answers for what is wrong in this place: the township's for a village."""
    return code[:TOWNSHIP] if len(code) >= TOWNSHIP else code


def case_procedure(code: str, posts: Collection[tuple[Role, str]]) -> str | None:
    """The procedure of a case of this place that somebody with these posts begins; None where no post watches it.

    The group of the township begins what its county concludes; the county begins what the prefecture concludes: nobody
    concludes a case that the own level looked into.
    """
    if len(code) >= TOWNSHIP and (Role.SUPERVISOR, code[:TOWNSHIP]) in posts:
        return CASES[0]
    if len(code) >= COUNTY and (Role.SUPERVISOR, code[:COUNTY]) in posts:
        return CASES[1]
    return None
