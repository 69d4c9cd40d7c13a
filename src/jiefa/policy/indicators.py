"""Indicator definitions as data: what is counted or summed over which cards, and by what it is divided.

Nothing here computes. Names of columns are kept with file and line, so that whoever knows the cards can refuse an
unknown one at its place; a formula is never text to be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast

from jiefa.policy import yaml_source
from jiefa.policy.errors import PolicyError
from jiefa.policy.yaml_source import Item, Record

Table = Literal["persons", "households", "movements", "villages", "opening", "help", "cases", "loans", "funds", "money"]
Kind = Literal["count", "share", "mean", "per", "fgt", "gini", "balance"]
Direction = Literal["higher", "lower", "neutral"]
Comparison = Literal["in", "ge", "gt", "le", "lt", "ne", "is_null", "this_year"]
Scalar = str | int | bool | Decimal

TABLES = (
    "persons",
    "households",
    "movements",
    "villages",
    "opening",
    "help",
    "cases",
    "loans",
    "funds",
    "links",
    "bodies",
    "money",
)
OF_PLACES = ("villages", "funds", "bodies")
"""Tables behind whose rows no household stands."""
GRAINS = ("person", "household", "movement", "village", "case", "loan", "county", "link", "body", "transfer")
KINDS = ("count", "share", "mean", "per", "fgt", "gini", "balance")
DIRECTIONS = ("higher", "lower", "neutral")
COMPARISONS = ("ge", "gt", "le", "lt", "ne", "is_null", "this_year")
ALPHAS = (0, 1, 2)
REQUIRED = ("id", "zh", "en", "unit", "grain", "kind", "group", "direction", "source")
OPTIONAL = ("numerator", "denominator", "alpha", "plus", "minus", "scale", "note_zh", "note_en", "needs_opening")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the pack something stands; not part of what it means."""

    file: Path
    line: int

    def error(self, zh: str, en: str) -> PolicyError:
        return PolicyError(file=self.file, line=self.line, problem_zh=zh, problem_en=en)


@dataclass(frozen=True, slots=True)
class Condition:
    """``column`` is one of ``values`` (``comparison`` is "in") or stands in ``comparison`` to the only value.

    ``this_year``: whether the day in the column lies in the year of the cards.
    """

    column: str
    comparison: Comparison
    values: tuple[Scalar, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """Rows counted (``column`` None) or a column summed, times ``weight`` if named, where all conditions hold."""

    of: Table
    column: str | None
    weight: str | None
    negative: bool
    where: tuple[Condition, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """One indicator; ``value = numerator / denominator * scale``, and the numerator alone for counts.

    ``fgt`` and ``gini`` have no measures, ``balance`` adds the numerators ``plus`` and takes away ``minus``.
    ``needs_opening``: not computed without last year's figures.
    """

    id: str
    zh: str
    en: str
    unit: str
    grain: str
    kind: Kind
    group: str
    direction: Direction
    source: str
    numerator: Measure | None
    denominator: Measure | None
    alpha: int | None
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    scale: Decimal
    note_zh: str
    note_en: str
    needs_opening: bool
    place: Place = field(compare=False)


def load(folder: Path) -> tuple[IndicatorDefinition, ...]:
    """All definitions of the files under ``folder`` in order of file and entry. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    items = yaml_source.entries(folder, "indicators")
    records = [(item, item.record(REQUIRED, OPTIONAL)) for item in items]
    numerators = {record.text("id"): record.fields.get("numerator") for _, record in records}
    found = []
    for item, record in records:
        definition = _definition(item, record, numerators)
        yaml_source.unique(seen, definition.id, item)
        found.append(definition)
    for definition in found:
        _check(definition, seen)
    return tuple(found)


def _definition(item: Item, record: Record, numerators: Mapping[str, Item | None]) -> IndicatorDefinition:
    return IndicatorDefinition(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        unit=record.text("unit"),
        grain=record["grain"].one_of(GRAINS),
        kind=cast("Kind", record["kind"].one_of(KINDS)),
        group=record.text("group"),
        direction=cast("Direction", record["direction"].one_of(DIRECTIONS)),
        source=record.text("source"),
        numerator=record.optional("numerator", lambda node: _measure(node, numerators)),
        denominator=record.optional("denominator", lambda node: _measure(node, numerators)),
        alpha=record.optional("alpha", Item.integer),
        plus=record.texts("plus"),
        minus=record.texts("minus"),
        scale=record.optional("scale", Item.decimal) or Decimal(1),
        note_zh=record.optional("note_zh", Item.text) or "",
        note_en=record.optional("note_en", Item.text) or "",
        needs_opening=record.flag("needs_opening"),
        place=Place(item.file, item.line),
    )


def _measure(item: Item, numerators: Mapping[str, Item | None]) -> Measure:
    if item.is_kind("str"):
        return _numerator_of(item, numerators)
    record = item.record(["of"], ["count", "sum", "weight", "negative", "where"])
    if ("count" in record.fields) == ("sum" in record.fields):
        raise item.error("count 和 sum 要写且只写一个。", "Write either count or sum.")
    if "count" in record.fields and not record.flag("count"):
        raise record["count"].error("count 只能写 true。", "count can only be true.")
    where = record.optional("where", _conditions) or ()
    return Measure(
        of=cast("Table", record["of"].one_of(TABLES)),
        column=record.optional("sum", Item.text),
        weight=record.optional("weight", Item.text),
        negative=record.flag("negative"),
        where=where,
        place=Place(item.file, item.line),
    )


def _numerator_of(item: Item, numerators: Mapping[str, Item | None]) -> Measure:
    """The numerator of the indicator that the text names, which must be written out there."""
    target = numerators.get(item.text())
    if target is None or target.is_kind("str"):
        raise item.error(
            f"“{item.text()}”不是写明了分子的指标。", f"{item.text()!r} is no indicator with a numerator of its own."
        )
    return replace(_measure(target, {}), place=Place(item.file, item.line))


def _conditions(item: Item) -> tuple[Condition, ...]:
    columns = _keys(item)
    found: list[Condition] = []
    for column, node in item.record(columns).fields.items():
        found.extend(_condition(column, node))
    return tuple(found)


def _keys(item: Item) -> tuple[str, ...]:
    pairs = item.node.value if isinstance(item.node.value, list) else []
    return tuple(str(pair[0].value) for pair in pairs if isinstance(pair, tuple))


def _condition(column: str, item: Item) -> tuple[Condition, ...]:
    place = Place(item.file, item.line)
    if isinstance(item.node.value, str):
        return (Condition(column, "in", (_scalar(item),), place),)
    comparisons = _keys(item)
    if not comparisons:
        return (Condition(column, "in", tuple(_scalar(entry) for entry in item.items()), place),)
    record = item.record([], COMPARISONS)
    return tuple(
        Condition(
            column,
            cast("Comparison", name),
            (READ_COMPARED.get(name, Item.decimal)(node),),
            place,
        )
        for name, node in record.fields.items()
    )


def _scalar(item: Item) -> Scalar:
    if item.is_kind("bool"):
        return item.flag()
    if item.is_kind("int"):
        return item.integer()
    return item.text()


READ_COMPARED: Mapping[str, Callable[[Item], Scalar]] = {"is_null": Item.flag, "this_year": Item.flag, "ne": _scalar}


def _check(definition: IndicatorDefinition, known: Mapping[str, Item]) -> None:
    kind, place = definition.kind, definition.place
    ratio = kind in ("share", "mean", "per")
    if (ratio or kind == "count") != (definition.numerator is not None):
        raise place.error(f"{kind} 类指标的分子写得不对。", f"An indicator of kind {kind} has a wrong numerator.")
    if ratio != (definition.denominator is not None):
        raise place.error(f"{kind} 类指标的分母写得不对。", f"An indicator of kind {kind} has a wrong denominator.")
    if (kind == "fgt") != (definition.alpha in ALPHAS):
        raise place.error("fgt 类指标要写 alpha：0、1 或 2。", "Kind fgt, and no other, needs alpha 0, 1 or 2.")
    if (kind == "balance") != bool(definition.plus):
        raise place.error("balance 类指标要写 plus。", "Kind balance, and no other, needs plus.")
    for name in (*definition.plus, *definition.minus):
        if name not in known:
            raise place.error(f"没有指标“{name}”。", f"There is no indicator {name!r}.")
