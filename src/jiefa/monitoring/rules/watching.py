"""Who may be watched and as what, and when a watch may end. Plain values.

Source: the three groups of 防止返贫监测; removal: 贵州乡村振兴云数据校验规则 2_11_002 (six months) and 4_11_011 (no labour).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from jiefa.exits.rules.household import Item
from jiefa.kernel.errors import Words

UNSTABLE, MARGINAL, SUDDEN = "unstable", "marginal", "sudden"
WATCHABLE = ("exited", "applicant", "removed")
"""Statuses outside poverty: left the register, or never (rightly) on it. Who is on it is helped as poor, not watched."""
INCOME = "income"

SHORT, NO_LABOUR = "short", "no_labour"
FLAGS = {
    SHORT: Words("监测不满 {months} 个月", "watched for less than {months} months"),
    NO_LABOUR: Words("整户无劳动能力", "nobody in the household is able to work"),
}
"""What is flagged when the risk is proposed as removed; it forbids nothing, and must be answered."""
ASKED = {
    "income_stable": Words("收入稳定超过监测线", "Income stably above the line"),
    "risk_gone": Words("原风险已消除", "The original risk is gone"),
    "no_new_risk": Words("没有新增风险", "No new risk"),
}
"""What no card answers: who checks on the spot states it."""


def group_of(status: str, triggers: Collection[str], sudden: Collection[str]) -> str:
    """The group that a household belongs to by its status and its triggers.

    Sudden hardship may strike any household whose income still is above the line; ``sudden``: its triggers on the day, none
    before the group existed.
    """
    if INCOME not in triggers and any(trigger in sudden for trigger in triggers):
        return SUDDEN
    return UNSTABLE if status == "exited" else MARGINAL


def months_between(since: dt.date, on: dt.date) -> int:
    """Full months from a day to another, 0 where the second lies before the first."""
    months = (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
    return max(0, months)


def flags(since: dt.date, on: dt.date, shortest_months: int, able: int) -> tuple[str, ...]:
    """What is flagged about ending a watch ``on`` a day. ``able``: members who are able to work, by the latest card."""
    found = []
    if months_between(since, on) < shortest_months:
        found.append(SHORT)
    if able == 0:
        found.append(NO_LABOUR)
    return tuple(found)


def said(names: Iterable[str], shortest_months: int) -> Words:
    """The flags in words."""
    return Words.listed(
        Words(FLAGS[name].zh.format(months=shortest_months), FLAGS[name].en.format(months=shortest_months))
        for name in names
    )


def stated(facts: dict[str, object]) -> tuple[Item, ...]:
    """The items of removal that only a check on the spot answers."""
    words = {
        True: Words("核实为是", "checked: yes"),
        False: Words("核实为否", "checked: no"),
        None: Words("尚未核实", "not checked yet"),
    }
    items = []
    for name, label in ASKED.items():
        answer = facts.get(name)
        known = answer if isinstance(answer, bool) else None
        items.append(Item(name, label, known, words[known]))
    return tuple(items)
