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
TABLES = ("persons", "households", "movements", "villages", "help", "cases", "loans", "funds", "links", "bodies")
Opening = dict[str, int]


@dataclass(frozen=True)
class _Inside:
    """The rows of every table that lie in a place."""

    year: int
    tables: dict[str, list[Card]]


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
    rows = {name: getattr(cards, name) for name in TABLES}
    rows["money"] = [side for transfer in cards.transfers for side in _sides(transfer) if side["village_code"]]
    villages = {card["village_code"] for table in rows.values() for card in table} | set(opening or ())
    found = {}
    for division in sorted({code[:length] for code in villages for length in LENGTHS if len(code) >= length}):
        inside = _inside(cards.year, rows, division)
        before = _opening(inside, opening, division)
        by_id = {d.id: d for d in definitions}
        for d in definitions:
            if d.needs_opening and opening is None:
                continue
            found[division, d.id] = _figure(inside, d, by_id, line_fen, before)
    return found


def _sides(transfer: Card) -> tuple[Card, Card]:
    """What the receiver got and what the giver gave."""
    came, went = dict(transfer), dict(transfer)
    for own, side, other in (("to", came, "from"), ("from", went, "to")):
        side["village_code"], side["household_id"] = transfer[f"{own}_code"], transfer[f"{own}_household"]
        side["account"], side["level"] = transfer[f"{own}_kind"], len(transfer[f"{own}_code"])
        side["other_account"], side["other_level"] = transfer[f"{other}_kind"], len(transfer[f"{other}_code"])
    went["fen"] = -transfer["fen"]
    return came, went


def _inside(year: int, rows: dict[str, list[Card]], division: str) -> _Inside:
    inside = {
        name: [card for card in table if card["village_code"].startswith(division)] for name, table in rows.items()
    }
    return _Inside(year, inside)


def _opening(cards: _Inside, opening: Opening | None, division: str) -> int:
    if opening is not None:
        return sum(people for code, people in opening.items() if code.startswith(division))
    closing = sum(h["size"] or 0 for h in cards.tables["households"] if h["poverty_status"] in POOR)
    return closing - sum(m["people"] for m in cards.tables["movements"])


def _figure(
    cards: _Inside, d: IndicatorDefinition, by_id: dict[str, IndicatorDefinition], line: int, before: int
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


def _measured(cards: _Inside, measure: Measure | None, before: int) -> Fraction:
    assert measure is not None
    if measure.of == "opening":
        return Fraction(before)
    total = Fraction(0)
    for card in cards.tables[measure.of]:
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


def _with_income(cards: _Inside) -> list[Card]:
    return [h for h in cards.tables["households"] if h["net_income_fen"] is not None and (h["size"] or 0) > 0]


def _fgt(cards: _Inside, alpha: int, line: int) -> Figure:
    known = _with_income(cards)
    poor = [h for h in known if Fraction(h["net_income_fen"], h["size"]) < line]
    gaps = {
        0: lambda h: h["size"],
        1: lambda h: line * h["size"] - h["net_income_fen"],
        2: lambda h: h["size"] * (line - h["net_income_per_person_fen"]) ** 2,
    }
    people = sum(h["size"] for h in known)
    return Figure(Fraction(sum(map(gaps[alpha], poor))), Fraction(people * line**alpha))


def _gini(cards: _Inside) -> Figure:
    """One less twice the area under the Lorenz curve, by trapezes."""
    known = _with_income(cards)
    known.sort(key=lambda h: (h["net_income_per_person_fen"], h["net_income_fen"], h["size"]))
    people, income = sum(h["size"] for h in known), sum(h["net_income_fen"] for h in known)
    area, up_to = 0, 0
    for h in known:
        area += h["size"] * (up_to + up_to + h["net_income_fen"])
        up_to += h["net_income_fen"]
    return Figure(Fraction(people * income - area), Fraction(people * income))
