"""What a case of a programme is by its own columns: stage, trace, money, people; what speaks against it, and what is odd.

Everything comes from the pack; no programme is known by name. Money in fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jiefa.kernel import money
from jiefa.policy import Field, NotInForce, Policy, Programme

Own = Mapping[str, object]
"""The own columns of a case, as JSON holds them: days as text, money in fen, measures as text; empty ones left out."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a case; ``level``: ``error`` or ``warn``. ``column``: where, '' for the whole."""

    level: str
    rule: str
    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Case:
    """What follows from the own columns of a case."""

    stage: str
    traced_on: dt.date | None
    amount_fen: int
    people: int


def plain(value: object) -> object:
    """A value as JSON holds it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def own_of(programme: Programme, row: Mapping[str, object]) -> dict[str, object]:
    """The own columns of a row, by identifier; those that are empty are left out."""
    named = (*programme.own, *programme.monthly)
    return {name: plain(row[name]) for name in named if row.get(name) is not None and row[name] != ""}


def day(own: Own, name: str) -> dt.date | None:
    """The day in a column."""
    text = own.get(name)
    return dt.date.fromisoformat(str(text)) if text else None


def number(own: Own, name: str) -> Decimal:
    """The number in a column, 0 where it is empty."""
    return Decimal(str(own.get(name, 0)))


def case(programme: Programme, own: Own, size: int = 1) -> Case:
    """What follows from ``own``; ``size``: of the household, for a programme about households without a column of people."""
    reached = [stage.id for stage in programme.stages if stage.field in own]
    trace = programme.stage(programme.trace)
    assert trace is not None
    money_columns = programme.monthly or tuple(filter(None, (programme.amount,)))
    amount = sum(int(number(own, name)) for name in money_columns)
    alone = 1 if programme.about == "person" else size
    people = int(number(own, programme.people)) if programme.people else alone
    return Case(reached[-1] if reached else "", day(own, trace.field), amount, people)


def identity(programme: Programme, household: int, person: int | None, own: Own) -> str:
    """By what a case is told apart within its programme and year."""
    subject = f"p{person}" if programme.about == "person" else f"h{household}"
    return "/".join((subject, *(str(own.get(name, "")) for name in programme.key)))[:120]


def remarks(
    programme: Programme, own: Own, year: int, card: Mapping[str, object] | None, policy: Policy
) -> list[Remark]:
    """All that is to be said of a case. ``card``: of the household or person in the year, None without one."""
    said = _missing(programme, own)
    said += _order(programme, own)
    said += _caps(programme, own, policy)
    said += _fits(programme, card, policy)
    if year < programme.from_date.year:
        said.append(
            Remark(
                "error",
                "HP05",
                "year",
                f"“{programme.zh}”自 {programme.from_date.year} 年起才有。请核对年度。",
                f"{programme.en} began in {programme.from_date.year}. Check the year.",
            )
        )
    return said


def _missing(programme: Programme, own: Own) -> list[Remark]:
    return [
        Remark("error", "HP01", field.id, f"“{field.zh}”没有填。请补上。", f"{field.en} is empty. Fill it in.")
        for field in programme.fields
        if field.required and field.id not in own
    ]


def _order(programme: Programme, own: Own) -> list[Remark]:
    """A later stage before an earlier one is an error."""
    reached = [(stage, day(own, stage.field)) for stage in programme.stages if stage.field in own]
    return [
        Remark(
            "error",
            "HP02",
            later.field,
            f"“{later.zh}”（{on}）早于“{stage.zh}”（{before}）。请核对日期。",
            f"{later.en} ({on}) lies before {stage.en} ({before}). Check the days.",
        )
        for (stage, before), (later, on) in pairwise(reached)
        if before and on and on < before
    ]


def _shown(field: Field, value: Decimal) -> str:
    return money.format_yuan(int(value)) if field.type == "money" else format(value.normalize(), "f")


def _caps(programme: Programme, own: Own, policy: Policy) -> list[Remark]:
    """What is above the most that the pack allows on the day of the case. Source: each parameter's own reference."""
    said = []
    for cap in programme.caps:
        if cap.field not in own or (cap.where and own.get(cap.where[0]) != cap.where[1]):
            continue
        field = programme.own[cap.field]
        try:
            value = policy.value(cap.parameter)
            most = Decimal(policy.fen(cap.parameter)) if field.type == "money" else policy.number(cap.parameter)
        except NotInForce:
            continue
        if cap.times:
            most *= number(own, cap.times)
        if number(own, cap.field) > most:
            label = policy.pack.parameter(cap.parameter)
            has, limit = _shown(field, number(own, cap.field)), _shown(field, most)
            said.append(
                Remark(
                    "error",
                    "HP03",
                    cap.field,
                    f"“{field.zh}”{has} 超过“{label.label_zh}”{limit}（{value.reference}）。请核对。",
                    f"{field.en} {has} is above {limit}: {label.label_en} ({value.reference}). Check it.",
                )
            )
    return said


def _fits(programme: Programme, card: Mapping[str, object] | None, policy: Policy) -> list[Remark]:
    """That the card speaks against it is odd, not wrong: cards are corrected, too."""
    if not programme.fits:
        return []
    if card is None:
        return [
            Remark("warn", "HP04", "", "当年没有卡片，无法核对条件。", "There is no card of the year to compare with.")
        ]
    return [
        Remark(
            "warn",
            "HP04",
            "",
            f"卡片上不符合“{programme.zh}”的条件（{column}）。请核对卡片或名单。",
            f"The card does not fit {programme.en} ({column}). Check the card or the list.",
        )
        for column, values in programme.fits.items()
        if card.get(column) not in values
    ]
