"""Scorecards: what officers look at, the options they choose from, and the points of each; versions by date.

A score screens; it changes no status by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from jiefa.policy import yaml_source
from jiefa.policy.errors import NotInForce
from jiefa.policy.yaml_source import Item, Record

FULL_SCORE = 100

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer and its points. Where the card knows: it is the answer below ``below``, or for one of ``values``."""

    id: str
    zh: str
    en: str
    points: Decimal
    below: Decimal | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One thing looked at; ``points`` are those of its best option. ``fact``: what of the card answers it; None: it is asked."""

    id: str
    zh: str
    en: str
    points: Decimal
    options: tuple[Option, ...]
    fact: str | None = None

    def answer(self, known: Decimal | str | None) -> str | None:
        """The option that the card's fact means: the one with the lowest ``below`` above it, or whose ``values`` hold it, else
        the one that states neither. None where the card does not say."""
        if known is None:
            return None
        if isinstance(known, str):
            fitting = [option for option in self.options if known in option.values]
        else:
            above = [option for option in self.options if option.below is not None and known < option.below]
            fitting = sorted(above, key=lambda option: option.below or known)
        rest = [option for option in self.options if option.below is None and not option.values]
        return next((option.id for option in (*fitting, *rest)), None)


@dataclass(frozen=True, slots=True)
class Look:
    """A group of items; ``points`` are the sum of theirs."""

    id: str
    zh: str
    en: str
    points: Decimal
    items: tuple[ScoreItem, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One version. Below ``poor_below`` a household counts as poor, from ``out_from`` on as out of poverty."""

    id: str
    zh: str
    en: str
    from_date: dt.date
    to_date: dt.date | None
    reference: str
    assumption: bool
    note: str | None
    poor_below: Decimal
    out_from: Decimal
    looks: tuple[Look, ...]


def load(folder: Path) -> Mapping[str, tuple[Scorecard, ...]]:
    """The versions of every scorecard under ``folder`` in order of date, by identifier. Raises ``PolicyError``."""
    cards: dict[str, list[tuple[Scorecard, Item]]] = {}
    for item in yaml_source.entries(folder, "scorecards"):
        card = _scorecard(item)
        cards.setdefault(card.id, []).append((card, item))
    return MappingProxyType({name: _in_order(versions) for name, versions in cards.items()})


def on(versions: Sequence[Scorecard], date: dt.date) -> Scorecard:
    """The version that held on ``date``. Raises ``NotInForce``."""
    for card in reversed(versions):
        if card.from_date <= date and (card.to_date is None or date <= card.to_date):
            return card
    first = versions[0]
    raise NotInForce(
        name=first.id,
        date=date,
        why_zh=f"最早的版本自 {first.from_date} 起",
        why_en=f"the first begins on {first.from_date}",
    )


def _in_order(versions: list[tuple[Scorecard, Item]]) -> tuple[Scorecard, ...]:
    ordered = sorted(versions, key=lambda pair: pair[0].from_date)
    for (earlier, _), (later, item) in pairwise(ordered):
        if earlier.from_date == later.from_date or (earlier.to_date and later.from_date <= earlier.to_date):
            raise item.error(
                f"“{later.id}”的两个版本在 {later.from_date} 同时有效，请改日期。",
                f"two versions of {later.id!r} hold on {later.from_date}; mend the dates.",
            )
    return tuple(card for card, _ in ordered)


def _scorecard(item: Item) -> Scorecard:
    record = item.record(
        ["id", "zh", "en", "from", "reference", "poor_below", "out_from", "looks"], ["to", "assumption", "note"]
    )
    _, end = record.period()
    looks = _parts(record["looks"], ("items",), (), _look)
    _check_total(record["looks"], Decimal(FULL_SCORE), sum(look.points for look in looks))
    poor_below, out_from = record["poor_below"].decimal(), record["out_from"].decimal()
    if not 0 < poor_below <= out_from <= FULL_SCORE:
        raise record["out_from"].error(
            "分数线应满足 0 < poor_below ≤ out_from ≤ 100。", "Thresholds must keep 0 < poor_below <= out_from <= 100."
        )
    return Scorecard(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        from_date=record["from"].date(),
        to_date=end,
        reference=record.text("reference"),
        assumption=record.flag("assumption"),
        note=record.optional("note", Item.text),
        poor_below=poor_below,
        out_from=out_from,
        looks=looks,
    )


def _look(record: Record) -> Look:
    items = _parts(record["items"], ("options",), ("fact",), _score_item)
    points = record["points"].decimal()
    _check_total(record["points"], points, sum(item.points for item in items))
    return Look(record.text("id"), record.text("zh"), record.text("en"), points, items)


def _score_item(record: Record) -> ScoreItem:
    options = _parts(record["options"], (), ("below", "values"), _option)
    points = record["points"].decimal()
    _check_total(record["points"], points, max(option.points for option in options))
    fact = record.optional("fact", Item.text)
    if fact is None and any(option.below is not None or option.values for option in options):
        raise record["options"].error(
            "写了 below 或 values 的选项，其项目须写 fact。", "below and values need a fact on their item."
        )
    return ScoreItem(record.text("id"), record.text("zh"), record.text("en"), points, options, fact)


def _option(record: Record) -> Option:
    points = record["points"].decimal()
    if points < 0:
        raise record["points"].error("分值不能为负。", "Points cannot be negative.")
    return Option(
        record.text("id"),
        record.text("zh"),
        record.text("en"),
        points,
        record.optional("below", Item.decimal),
        record.texts("values"),
    )


def _parts(
    item: Item, required: tuple[str, ...], optional: tuple[str, ...], read: Callable[[Record], Part]
) -> tuple[Part, ...]:
    seen: dict[str, Item] = {}
    parts = []
    for entry in item.items():
        record = entry.record(["id", "zh", "en", "points", *required], optional)
        yaml_source.unique(seen, record.text("id"), entry)
        parts.append(read(record))
    return tuple(parts)


def _check_total(place: Item, wanted: Decimal, found: Decimal | int) -> None:
    if found != wanted:
        raise place.error(
            f"分值合计应为 {wanted}，现为 {found}，请改分值。", f"Points must come to {wanted}, not {found}; mend them."
        )
