"""What a card adds up to: net income, its share per person, the kind of household (method.md 1.7 and 4). Plain values.

The set-based twin for whole rosters is ``intake.derive``; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiefa.kernel import money
from jiefa.registry.cards import INCOME_COLUMNS


def net_income_fen(card: Mapping[str, int | None]) -> int | None:
    """Wages + business + property + transfers - cost of business, in fen; blanks count as nothing, all blank is None.

    Source: income rules of the household handbook; grants with a fixed use and one-off relief are no income.
    """
    parts = [card.get(name) for name in (*INCOME_COLUMNS, "business_cost_fen")]
    if all(part is None for part in parts):
        return None
    return sum(part or 0 for part in parts[:-1]) - (parts[-1] or 0)


def net_income_per_person_fen(net_fen: int | None, size: int) -> int | None:
    """Per member present at the year's end, rounded half-up to the fen: for display and statistics, never for the line."""
    if net_fen is None or size <= 0:
        return None
    return money.divide_half_up(net_fen, size)


def is_below_line(net_fen: int, size: int, line_fen: int) -> bool:
    """Whether the unrounded income per person is below the line: compared in whole fen, without division."""
    return net_fen < line_fen * size


@dataclass(frozen=True, slots=True)
class KindRules:
    """The dated lists by which the four kinds are told."""

    able_labour: frozenset[str]
    two_cause: frozenset[str]
    two_lack: frozenset[str]


def kind(labour: Sequence[str | None], main_cause: str | None, rules: KindRules) -> str:
    """The kind of a household from its members' labour and its main cause."""
    if not any(value in rules.able_labour for value in labour):
        return "two_none"
    if main_cause in rules.two_cause:
        return "two_cause"
    if main_cause in rules.two_lack:
        return "two_lack"
    return "two_have"
