"""Who puts a violation right and who confirms, who inquires into a case and who concludes it: by the code of its place."""

from __future__ import annotations

from collections.abc import Collection

from jiefa.access.rules import Role

TOWNSHIP, COUNTY, PREFECTURE, PROVINCE = 9, 6, 4, 2
CASES = ("supervision_case", "supervision_case_county", "supervision_case_prefecture", "supervision_case_province")
"""The procedures of cases; their names keep them out of everybody else's lists (``procedures.rules.CONFIDENTIAL``)."""


def rectifying(code: str) -> str:
    """The procedure by which an office of this place puts a violation right. The level above confirms; a village's is its township's."""
    return "violation_township" if len(code) >= TOWNSHIP else "violation_county"


def office(code: str) -> str:
    """The office that answers for what is wrong in this place: the township's for a village."""
    return code[:TOWNSHIP] if len(code) >= TOWNSHIP else code


def case_procedure(code: str, posts: Collection[tuple[Role, str]]) -> str | None:
    """The procedure of a case of this place that somebody with these posts begins; None where no post watches it.

    The group of the township begins what its county concludes; the county what the prefecture concludes, in the county or anywhere in it;
    of their own place the prefecture begins what the province concludes, and the province what somebody else of it concludes: nobody
    concludes a case that they looked into, nor, below the province, one that their own level did.
    """
    if len(code) >= TOWNSHIP and (Role.SUPERVISOR, code[:TOWNSHIP]) in posts:
        return CASES[0]
    if len(code) >= COUNTY and (Role.SUPERVISOR, code[:COUNTY]) in posts:
        return CASES[1]
    if (Role.SUPERVISOR, code) in posts:
        return {PREFECTURE: CASES[2], PROVINCE: CASES[3]}.get(len(code))
    return None
