"""What speaks against a row about a work of a village's plan, and what is odd; each a remark with its remedy."""

from __future__ import annotations

from jiefa.assistance.rules.programmes import Own, day, number
from jiefa.lists.rules import Remark

DONE = 100


def against(own: Own) -> list[Remark]:
    """``own``: the work as it would be on file."""
    begun, accepted = day(own, "begun_on"), day(own, "accepted_on")
    said = []
    if accepted and number(own, "percent") != DONE:
        said.append(_UNFINISHED)
    if begun and accepted and accepted < begun:
        said.append(_ACCEPTED_FIRST)
    if number(own, "percent") and not begun:
        said.append(_NOT_BEGUN)
    if number(own, "spent") > number(own, "planned"):
        said.append(_OVERSPENT)
    return said


_UNFINISHED = Remark(
    "error",
    "HP41",
    "accepted_on",
    "已验收的工程进度应为100。请核对进度和验收日期。",
    "A work that was accepted is at 100 per cent. Check the progress and the day.",
)
_ACCEPTED_FIRST = Remark(
    "error",
    "HP42",
    "accepted_on",
    "验收日期早于开工日期。请核对日期。",
    "Accepted before it began. Check the days.",
)
_NOT_BEGUN = Remark(
    "warn",
    "HP43",
    "begun_on",
    "有进度而没有开工日期。请补上。",
    "It has progress and no day on which it began. Fill it in.",
)
_OVERSPENT = Remark(
    "warn",
    "HP44",
    "spent",
    "完成投资大于计划投资。请核对两项金额。",
    "More was spent than planned. Check both sums.",
)
