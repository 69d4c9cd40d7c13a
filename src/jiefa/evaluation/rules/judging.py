"""What an answer from the field means against the register, and how an estimate stands to the standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jiefa.evaluation.rules.drawing import Part


class Measure(StrEnum):
    """Shares of people. ``WRONGLY_IN`` has no standard of its own."""

    WRONGLY_EXITED = "wrongly_exited"
    MISSED = "missed"
    WRONGLY_IN = "wrongly_in"
    APPROVAL = "approval"


PART_OF: Mapping[Measure, Part | None] = {
    Measure.WRONGLY_EXITED: Part.EXITED,
    Measure.MISSED: Part.OUTSIDE,
    Measure.WRONGLY_IN: Part.POOR,
    Measure.APPROVAL: None,
}
"""Among whose people the share is: approval among all who were asked."""


class Verdict(StrEnum):
    """``MET`` and ``FAILED``: so for the whole interval; ``OPEN``: the limit lies inside it."""

    MET = "met"
    FAILED = "failed"
    OPEN = "open"


@dataclass(frozen=True)
class Found:
    """What an evaluator found. ``lacking``: the guarantees that were not there."""

    people: int
    income_fen: int
    lacking: frozenset[str]
    satisfied: bool | None


def is_poor(found: Found, line_fen: int, guarantees: Sequence[str]) -> bool:
    """Under the line of the year, or without one of the guarantees that the year asks for."""
    return found.income_fen < line_fen or not found.lacking.isdisjoint(guarantees)


def counted(measure: Measure, found: Found, poor: bool) -> bool | None:
    """Whether the household's people count in the numerator; none where the question was not answered."""
    if measure is Measure.APPROVAL:
        return found.satisfied
    return not poor if measure is Measure.WRONGLY_IN else poor


def verdict(measure: Measure, low: float | None, high: float | None, limit: float) -> Verdict:
    """Approval must reach its limit, the others stay below theirs."""
    if low is None or high is None:
        return Verdict.OPEN
    if measure is Measure.APPROVAL:
        return Verdict.MET if low >= limit else Verdict.FAILED if high < limit else Verdict.OPEN
    return Verdict.MET if high < limit else Verdict.FAILED if low >= limit else Verdict.OPEN
