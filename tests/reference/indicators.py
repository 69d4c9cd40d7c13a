"""All indicators by plain loops: for each division, walk the cards, count and add with Python's whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference.person_rules import age
from tests.reference.quality import POOR, Card, Cards

from jiefa.policy.indicators import Condition, IndicatorDefinition, Measure

LENGTHS = (2, 4, 6, 9, 12)
Opening = dict[str, int]


@dataclass(frozen=True)
class Figure:
    numerator: Fraction
    denominator: Fraction | None

    def value(self, scale: Any) -> float | None:
        if self.denominator is None:
            return float(self.numerator * Fraction(scale))
        return float(self.numerator / self.denominator * Fraction(scale)) if self.denominator > 0 else None


def figures(
    cards: Cards, definitions: Sequence[IndicatorDefinition], line_fen: int, opening: Opening | None
) -> dict[tuple[str, str], Figure]:
    """By division and indicator."""
    tables = _tables(cards)
    villages = {card["village_code"] for table in tables for card in table} | set(opening or ())
    found = {}
    for division in sorted({code[:length] for code in villages for length in LENGTHS if len(code) >= length}):
        inside = _inside(cards, division)
        before = _opening(inside, opening, division)
        by_id = {d.id: d for d in definitions}
        for d in definitions:
            if d.needs_opening and opening is None:
                continue
            found[division, d.id] = _figure(inside, d, by_id, line_fen, before)
    return found


def _tables(cards: Cards) -> tuple[list[Card], ...]:
    own = (cards.persons, cards.households, cards.movements, cards.villages)
    return (*own, cards.help, cards.cases, cards.loans, cards.funds)


def _inside(cards: Cards, division: str) -> Cards:
    inside = ([card for card in t if card["village_code"].startswith(division)] for t in _tables(cards))
    return Cards(cards.year, *inside)


def _opening(cards: Cards, opening: Opening | None, division: str) -> int:
    if opening is not None:
        return sum(people for code, people in opening.items() if code.startswith(division))
    closing = sum(h["size"] or 0 for h in cards.households if h["poverty_status"] in POOR)
    return closing - sum(m["people"] for m in cards.movements)


def _figure(
    cards: Cards, d: IndicatorDefinition, by_id: dict[str, IndicatorDefinition], line: int, before: int
) -> Figure:
    if d.kind == "gini":
        return _gini(cards)
    if d.kind == "fgt":
        return _fgt(cards, d.alpha or 0, line)
    if d.kind == "balance":
        plus, minus = (sum(_measured(cards, by_id[n].numerator, before) for n in names) for names in (d.plus, d.minus))
        return Figure(Fraction(plus - minus), None)
    below = None if d.denominator is None else _measured(cards, d.denominator, before)
    return Figure(_measured(cards, d.numerator, before), below)


def _measured(cards: Cards, measure: Measure | None, before: int) -> Fraction:
    assert measure is not None
    if measure.of == "opening":
        return Fraction(before)
    total = Fraction(0)
    for card in getattr(cards, measure.of):
        if all(_holds(card, condition, cards.year) for condition in measure.where):
            amount = Fraction(1) if measure.column is None else Fraction(card[measure.column] or 0)
            total += amount * Fraction(card[measure.weight] or 0) if measure.weight else amount
    return -total if measure.negative else total


def _holds(card: Card, condition: Condition, year: int) -> bool:
    value = age(card, year) if condition.column == "age" else card[condition.column]
    wanted: Any = condition.values[0]
    if condition.comparison == "is_null":
        return (value is None) == wanted
    if value is None:
        return False
    if condition.comparison == "this_year":
        return bool((value.year == year) == wanted)
    if condition.comparison == "in":
        return value in condition.values
    tests = {"ge": value >= wanted, "gt": value > wanted} if not isinstance(value, str) else {}
    tests |= {"le": value <= wanted, "lt": value < wanted} if not isinstance(value, str) else {}
    return bool((tests | {"ne": value != wanted})[condition.comparison])


def _with_income(cards: Cards) -> list[Card]:
    return [h for h in cards.households if h["net_income_fen"] is not None and (h["size"] or 0) > 0]


def _fgt(cards: Cards, alpha: int, line: int) -> Figure:
    known = _with_income(cards)
    poor = [h for h in known if Fraction(h["net_income_fen"], h["size"]) < line]
    gaps = {
        0: lambda h: h["size"],
        1: lambda h: line * h["size"] - h["net_income_fen"],
        2: lambda h: h["size"] * (line - h["net_income_per_person_fen"]) ** 2,
    }
    people = sum(h["size"] for h in known)
    return Figure(Fraction(sum(map(gaps[alpha], poor))), Fraction(people * line**alpha))


def _gini(cards: Cards) -> Figure:
    """One less twice the area under the Lorenz curve, by trapezes."""
    known = _with_income(cards)
    known.sort(key=lambda h: (h["net_income_per_person_fen"], h["net_income_fen"], h["size"]))
    people, income = sum(h["size"] for h in known), sum(h["net_income_fen"] for h in known)
    area, up_to = 0, 0
    for h in known:
        area += h["size"] * (up_to + up_to + h["net_income_fen"])
        up_to += h["net_income_fen"]
    return Figure(Fraction(people * income - area), Fraction(people * income))
