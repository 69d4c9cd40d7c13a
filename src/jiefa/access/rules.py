"""Roles, what each may do, and the scope that follows from a person's posts. Plain values.

An area is a code prefix. A scope is a set of prefixes; a scope without one lets nothing through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from jiefa.kernel import division_codes
from jiefa.kernel.division_codes import Level


class Permission(StrEnum):
    STATISTICS_VIEW = "statistics_view"
    HOUSEHOLD_VIEW = "household_view"
    HOUSEHOLD_EDIT = "household_edit"
    ID_NUMBER_VIEW = "id_number_view"
    HOUSEHOLD_EXPORT = "household_export"
    ROSTER_UPLOAD = "roster_upload"
    ROSTER_ACCEPT = "roster_accept"
    ROSTER_TAKE_OVER = "roster_take_over"
    FINDING_VIEW = "finding_view"
    FINDING_WAIVE = "finding_waive"
    DOSSIER_VIEW = "dossier_view"
    LEAD_LOAD = "lead_load"
    HELPER_ASSIGN = "helper_assign"
    VISIT_RECORD = "visit_record"
    PAIRING_RECORD = "pairing_record"
    FUND_MANAGE = "fund_manage"
    MONEY_VIEW = "money_view"
    MONEY_PROPOSE = "money_propose"
    MONEY_CONFIRM = "money_confirm"
    INSPECTION_VIEW = "inspection_view"
    INSPECTION_ANSWER = "inspection_answer"
    INSPECTION_MANAGE = "inspection_manage"
    CASE_BOOK = "case_book"
    HOTLINE_RECEIVE = "hotline_receive"
    HOTLINE_KEEP = "hotline_keep"
    HOTLINE_HANDLE = "hotline_handle"
    SPOT_CHECK = "spot_check"
    PLAN_MAKE = "plan_make"
    TARGET_SET = "target_set"
    PLACE_ANSWER = "place_answer"
    EVALUATION_ORDER = "evaluation_order"
    EVALUATION_CARRY = "evaluation_carry"
    ASSESSMENT_MAKE = "assessment_make"
    ASSESSMENT_ANSWER = "assessment_answer"
    EVALUATION_VIEW = "evaluation_view"
    EVALUATION_ANSWER = "evaluation_answer"
    SNAPSHOT_MAKE = "snapshot_make"
    AREA_LOAD = "area_load"
    AUDIT_VIEW = "audit_view"
    USER_MANAGE = "user_manage"


class Role(StrEnum):
    PROVINCE_OFFICER = "province_officer"
    PREFECTURE_OFFICER = "prefecture_officer"
    COUNTY_OFFICER = "county_officer"
    TOWNSHIP_OFFICER = "township_officer"
    VILLAGE_OFFICER = "village_officer"
    FINANCE_OFFICER = "finance_officer"
    SUPERVISOR = "supervisor"
    HELPER = "helper"
    AUDITOR = "auditor"
    EVALUATOR = "evaluator"
    HOTLINE_CLERK = "hotline_clerk"
    HOTLINE_KEEPER = "hotline_keeper"
    SYSTEM_ADMINISTRATOR = "system_administrator"


P = Permission
_READS = frozenset({P.STATISTICS_VIEW, P.HOUSEHOLD_VIEW, P.FINDING_VIEW, P.DOSSIER_VIEW})
_INSPECTS = frozenset({P.INSPECTION_VIEW, P.INSPECTION_ANSWER, P.INSPECTION_MANAGE})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PROVINCE_OFFICER: _READS
    | _INSPECTS
    | {
        P.HOTLINE_HANDLE,
        P.SPOT_CHECK,
        P.HOUSEHOLD_EXPORT,
        P.ROSTER_ACCEPT,
        P.ROSTER_TAKE_OVER,
        P.FINDING_WAIVE,
        P.LEAD_LOAD,
        P.PAIRING_RECORD,
        P.MONEY_VIEW,
        P.MONEY_PROPOSE,
        P.PLAN_MAKE,
        P.TARGET_SET,
        P.PLACE_ANSWER,
        P.EVALUATION_ORDER,
        P.ASSESSMENT_MAKE,
        P.ASSESSMENT_ANSWER,
        P.EVALUATION_VIEW,
        P.SNAPSHOT_MAKE,
        P.AREA_LOAD,
        P.AUDIT_VIEW,
    },
    Role.PREFECTURE_OFFICER: _READS
    | _INSPECTS
    | {
        P.HOTLINE_HANDLE,
        P.SPOT_CHECK,
        P.HOUSEHOLD_EXPORT,
        P.ROSTER_ACCEPT,
        P.FINDING_WAIVE,
        P.LEAD_LOAD,
        P.PAIRING_RECORD,
        P.MONEY_VIEW,
        P.MONEY_PROPOSE,
        P.PLAN_MAKE,
        P.TARGET_SET,
        P.PLACE_ANSWER,
        P.ASSESSMENT_MAKE,
        P.ASSESSMENT_ANSWER,
        P.EVALUATION_VIEW,
        P.AUDIT_VIEW,
    },
    Role.COUNTY_OFFICER: _READS
    | _INSPECTS
    | {
        P.HOTLINE_HANDLE,
        P.SPOT_CHECK,
        P.HOUSEHOLD_EDIT,
        P.ID_NUMBER_VIEW,
        P.HOUSEHOLD_EXPORT,
        P.ROSTER_UPLOAD,
        P.ROSTER_ACCEPT,
        P.FINDING_WAIVE,
        P.LEAD_LOAD,
        P.HELPER_ASSIGN,
        P.VISIT_RECORD,
        P.PAIRING_RECORD,
        P.FUND_MANAGE,
        P.MONEY_VIEW,
        P.MONEY_PROPOSE,
        P.PLAN_MAKE,
        P.TARGET_SET,
        P.PLACE_ANSWER,
        P.ASSESSMENT_ANSWER,
        P.EVALUATION_VIEW,
        P.EVALUATION_ANSWER,
        P.AUDIT_VIEW,
    },
    Role.TOWNSHIP_OFFICER: _READS
    | {
        P.HOUSEHOLD_EDIT,
        P.HOUSEHOLD_EXPORT,
        P.ROSTER_UPLOAD,
        P.HELPER_ASSIGN,
        P.VISIT_RECORD,
        P.MONEY_VIEW,
        P.MONEY_PROPOSE,
        P.TARGET_SET,
        P.PLACE_ANSWER,
        P.INSPECTION_VIEW,
        P.INSPECTION_ANSWER,
        P.HOTLINE_HANDLE,
    },
    Role.VILLAGE_OFFICER: _READS | {P.HOUSEHOLD_EDIT, P.VISIT_RECORD, P.PLACE_ANSWER},
    # Who pays is not who proposes: finance confirms what officers propose, and proposes nothing.
    Role.FINANCE_OFFICER: frozenset({P.STATISTICS_VIEW, P.MONEY_VIEW, P.MONEY_CONFIRM}),
    # Reads what it watches and changes nothing of it; its case book is its own, and nobody else's role has it.
    Role.SUPERVISOR: _READS | {P.MONEY_VIEW, P.CASE_BOOK, P.HOTLINE_HANDLE, P.SPOT_CHECK},
    Role.HELPER: frozenset({P.STATISTICS_VIEW, P.HOUSEHOLD_VIEW, P.VISIT_RECORD}),
    Role.AUDITOR: _READS | {P.HOUSEHOLD_EXPORT, P.MONEY_VIEW, P.AUDIT_VIEW, P.INSPECTION_VIEW, P.EVALUATION_VIEW},
    # Sees figures and the sheets of its own samples; no county sees a sample before it is in the field.
    Role.EVALUATOR: frozenset({P.STATISTICS_VIEW, P.EVALUATION_CARRY}),
    # Types in what people say and sees nothing of it afterwards.
    Role.HOTLINE_CLERK: frozenset({P.HOTLINE_RECEIVE}),
    # The one role that learns who called. Nobody else's role has it, and it sees no household.
    Role.HOTLINE_KEEPER: frozenset({P.STATISTICS_VIEW, P.HOTLINE_RECEIVE, P.HOTLINE_KEEP}),
    Role.SYSTEM_ADMINISTRATOR: frozenset({P.USER_MANAGE}),
}

LEVELS: dict[Role, frozenset[Level]] = {
    Role.PROVINCE_OFFICER: frozenset({Level.PROVINCE}),
    Role.PREFECTURE_OFFICER: frozenset({Level.PREFECTURE}),
    Role.COUNTY_OFFICER: frozenset({Level.COUNTY}),
    Role.TOWNSHIP_OFFICER: frozenset({Level.TOWNSHIP}),
    Role.VILLAGE_OFFICER: frozenset({Level.VILLAGE}),
    Role.FINANCE_OFFICER: frozenset({Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP}),
    Role.SUPERVISOR: frozenset({Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP}),
    Role.HELPER: frozenset({Level.VILLAGE}),
    Role.AUDITOR: frozenset(Level),
    Role.EVALUATOR: frozenset(Level),
    Role.HOTLINE_CLERK: frozenset({Level.PROVINCE, Level.PREFECTURE, Level.COUNTY}),
    Role.HOTLINE_KEEPER: frozenset({Level.PROVINCE, Level.PREFECTURE, Level.COUNTY}),
    Role.SYSTEM_ADMINISTRATOR: frozenset(Level),
}
"""The levels of area on which a post of each role may stand."""


def bodies_of(posts: Iterable[tuple[Role, str]]) -> frozenset[str]:
    """The places against which a complaint would be one against whoever holds these posts: their own and all above them.

    An officer is one of the bodies of the own place, and stands inside those above it.
    """
    areas = {area for _role, area in posts}
    return frozenset(areas | {code for area in areas for code in division_codes.ancestors(area)})


@dataclass(frozen=True, slots=True)
class Scope:
    """The area prefixes that somebody's query may touch. Empty: nothing."""

    areas: tuple[str, ...]

    @classmethod
    def over(cls, areas: Iterable[str]) -> Scope:
        """The scope over ``areas`` with those left out that lie inside another."""
        kept: dict[str, None] = {}
        for area in sorted(set(areas), key=lambda area: (len(area), area)):
            if not any(above in kept for above in division_codes.ancestors(area)):
                kept[area] = None
        return cls(tuple(kept))

    def __bool__(self) -> bool:
        return bool(self.areas)

    def covers(self, code: str) -> bool:
        """Whether the place ``code`` lies inside."""
        return code.startswith(self.areas)  # a province's 88 counties, asked for every dossier

    def narrowed(self, code: str | None) -> Scope:
        """The part of this scope that lies inside ``code``; everything for ``None``; nothing when they do not meet."""
        if code is None:
            return self
        if self.covers(code):
            return Scope((code,))
        return Scope(tuple(area for area in self.areas if area.startswith(code)))

    def ranges(self) -> list[tuple[str, str]]:
        """``[low, high)`` of every prefix, for B-tree seeks."""
        return [division_codes.prefix_range(area) for area in self.areas]

    def condition(self, column: Any) -> Any:
        """The predicate over an Ibis column of codes: the gate for snapshots. False when the scope is empty."""
        nowhere = column.isnull() & column.notnull()
        return reduce(or_, (((column >= low) & (column < high)) for low, high in self.ranges()), nowhere)
