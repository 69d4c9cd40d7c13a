"""Schemes of assessment as data: which places, which figures, how each becomes points, what forbids a grade; versions by date.

Every fault of a file is refused with scheme, indicator, reason and remedy. Nothing here scores.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from jiefa.policy import yaml_source
from jiefa.policy.code_lists import CodeList
from jiefa.policy.errors import NotInForce
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.policy.scheme_parts import ITEM_PARTS, VETO_PARTS, Reading, Scoring, Source, assumed, scoring_of, source_of
from jiefa.policy.yaml_source import Item, Record

FULL_SCORE = Decimal(100)
LEVELS = ("province", "prefecture", "county")
MISSING = ("zero", "neutral")
LONGEST_SCHEME, LONGEST_INDICATOR = 16, 22
"""Characters of identifiers: the subject of an appeal holds both."""


@dataclass(frozen=True, slots=True)
class Places:
    """Who is assessed: all places of a level, or those that were ``designated`` so (any of these) in the year."""

    level: str
    designated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places that are scored by the same weights and compared with each other: those named, or with ``rest`` all others of the level."""

    id: str
    zh: str
    en: str
    level: str
    codes: tuple[str, ...]
    reference: str
    assumption: bool

    @property
    def rest(self) -> bool:
        return not self.codes


@dataclass(frozen=True, slots=True)
class Section:
    """Indicators that belong together: an axis of the radar."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SchemeIndicator:
    """One item: its full points by group, where its figure comes from, how that becomes points.

    ``missing``: without a figure no points (``zero``), or the item is left out and its weight shared out over the others (``neutral``).
    ``assumption``: which of ``ITEM_PARTS`` no document gives.
    """

    id: str
    zh: str
    en: str
    section: str
    unit: str
    weights: Mapping[str, Decimal]
    source: Source
    scoring: Scoring
    missing: str
    reference: str
    assumption: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Veto:
    """A figure ``above`` or ``below`` a limit leaves no better grade than ``grade``. Without a figure it does not hold.

    ``assumption``: which of ``VETO_PARTS`` no document gives.
    """

    id: str
    zh: str
    en: str
    unit: str
    source: Source
    above: Decimal | None
    below: Decimal | None
    grade: str
    reference: str
    assumption: tuple[str, ...]

    def holds(self, figure: Decimal | None) -> bool:
        if figure is None:
            return False
        return figure > self.above if self.above is not None else self.below is not None and figure < self.below


@dataclass(frozen=True, slots=True)
class Grade:
    """What a score from ``start`` points on is called."""

    id: str
    zh: str
    en: str
    start: Decimal


@dataclass(frozen=True)
class Scheme:
    """One version. ``grades``: the best first."""

    id: str
    zh: str
    en: str
    from_date: dt.date
    to_date: dt.date | None
    reference: str
    assumption: bool
    note_zh: str
    note_en: str
    places: tuple[Places, ...]
    groups: tuple[PlaceGroup, ...]
    sections: tuple[Section, ...]
    indicators: tuple[SchemeIndicator, ...]
    vetoes: tuple[Veto, ...]
    grades: tuple[Grade, ...]

    def group(self, name: str) -> PlaceGroup:
        return next(group for group in self.groups if group.id == name)

    def of_group(self, name: str) -> tuple[SchemeIndicator, ...]:
        """The items by which a group is scored."""
        return tuple(one for one in self.indicators if name in one.weights)

    def sources(self) -> dict[str, Source]:
        """Where each figure comes from, by item or veto."""
        return {one.id: one.source for one in self.indicators} | {one.id: one.source for one in self.vetoes}


def load(
    folder: Path, lists: Mapping[str, CodeList], indicators: Sequence[IndicatorDefinition]
) -> Mapping[str, tuple[Scheme, ...]]:
    """The versions of every scheme under ``folder`` in order of date, by identifier. Raises ``PolicyError``."""
    reading = Reading(lists, {one.id: one for one in indicators})
    found: dict[str, list[tuple[Scheme, Item]]] = {}
    for item in yaml_source.entries(folder, "schemes"):
        scheme = _scheme(item, reading)
        found.setdefault(scheme.id, []).append((scheme, item))
    return MappingProxyType({name: _in_order(versions) for name, versions in found.items()})


def on(versions: Sequence[Scheme], date: dt.date) -> Scheme:
    """The version that held on ``date``. Raises ``NotInForce``."""
    for scheme in reversed(versions):
        if scheme.from_date <= date and (scheme.to_date is None or date <= scheme.to_date):
            return scheme
    first, last = versions[0], versions[-1]
    early = date < first.from_date
    raise NotInForce(
        name=first.id,
        date=date,
        why_zh=f"最早的版本自 {first.from_date} 起" if early else f"最后的版本到 {last.to_date} 为止",
        why_en=f"the first begins on {first.from_date}" if early else f"the last ended on {last.to_date}",
    )


def _in_order(versions: list[tuple[Scheme, Item]]) -> tuple[Scheme, ...]:
    ordered = sorted(versions, key=lambda pair: pair[0].from_date)
    for (earlier, _), (later, item) in pairwise(ordered):
        if earlier.from_date == later.from_date or earlier.to_date is None or later.from_date <= earlier.to_date:
            raise item.error(
                f"考核办法“{later.id}”的两个版本在 {later.from_date} 同时有效，请改日期。",
                f"Two versions of the scheme {later.id!r} hold on {later.from_date}; mend the dates.",
            )
    return tuple(scheme for scheme, _ in ordered)


def _scheme(item: Item, reading: Reading) -> Scheme:
    record = item.record(
        ["id", "zh", "en", "from", "reference", "places", "groups", "sections", "indicators", "grades"],
        ["to", "assumption", "note_zh", "note_en", "vetoes"],
    )
    name = _named(record, LONGEST_SCHEME)
    _, end = record.period()
    places = tuple(_places(one) for one in record["places"].items())
    groups = _groups(record["groups"], [one.level for one in places], name)
    sections = _sections(record["sections"])
    grades = _grades(record["grades"], name)
    seen: dict[str, Item] = {}
    entries = record["indicators"].items()
    indicators = tuple(_indicator(one, seen, groups, sections, reading.within(name)) for one in entries)
    vetoes = tuple(
        _veto(one, seen, grades, reading.within(name)) for one in record.optional("vetoes", Item.items) or ()
    )
    _check_weights(record["indicators"], name, groups, indicators)
    return Scheme(
        id=name,
        zh=record.text("zh"),
        en=record.text("en"),
        from_date=record["from"].date(),
        to_date=end,
        reference=record.text("reference"),
        assumption=record.flag("assumption"),
        note_zh=record.optional("note_zh", Item.text) or "",
        note_en=record.optional("note_en", Item.text) or "",
        places=places,
        groups=groups,
        sections=sections,
        indicators=indicators,
        vetoes=vetoes,
        grades=grades,
    )


def _named(record: Record, longest: int) -> str:
    name = record.text("id")
    if len(name) > longest or not name.isidentifier():
        raise record["id"].error(
            f"“{name}”只能用字母、数字和下划线，最多 {longest} 个字符，请改名。",
            f"{name!r} must be of letters, digits and underscores, at most {longest} of them; rename it.",
        )
    return name


def _places(item: Item) -> Places:
    record = item.record(["level"], ["designated"])
    return Places(record["level"].one_of(LEVELS), record.texts("designated"))


def _groups(item: Item, levels: Sequence[str], scheme: str) -> tuple[PlaceGroup, ...]:
    """The groups; every place of a level falls into exactly one: no code twice, one group a level for the rest."""
    seen: dict[str, Item] = {}
    codes: dict[str, str] = {}
    rest: dict[str, str] = {}
    found = []
    for entry in item.items():
        record = entry.record(["id", "zh", "en", "reference"], ["level", "codes", "assumption"])
        name = yaml_source.unique(seen, record.text("id"), entry)
        level = "county" if "level" not in record.fields else record["level"].one_of(LEVELS)
        if level not in levels:
            raise entry.error(
                f"考核办法“{scheme}”不考核“{level}”一级，组“{name}”没有对象。请改 level 或 places。",
                f"The scheme {scheme!r} assesses no {level}: group {name!r} would be empty. Mend level or places.",
            )
        for code in record.texts("codes"):
            if code in codes:
                raise record["codes"].error(
                    f"考核办法“{scheme}”：{code} 既在组“{codes[code]}”又在组“{name}”，每个地方只能在一组，请删去一处。",
                    f"Scheme {scheme!r}: {code} stands in group {codes[code]!r} and in {name!r}; a place is in one group. Delete one.",
                )
            codes[code] = name
        if "codes" not in record.fields:
            if level in rest:
                raise entry.error(
                    f"考核办法“{scheme}”：组“{rest[level]}”和“{name}”都包括其余地方，每个地方只能在一组，请给其中一组写 codes。",
                    f"Scheme {scheme!r}: groups {rest[level]!r} and {name!r} both take the rest; a place is in one group. Give one of them codes.",
                )
            rest[level] = name
        found.append(
            PlaceGroup(
                name,
                record.text("zh"),
                record.text("en"),
                level,
                record.texts("codes"),
                record.text("reference"),
                record.flag("assumption"),
            )
        )
    lacking = [level for level in levels if level not in rest]
    if lacking:
        raise item.error(
            f"考核办法“{scheme}”：“{lacking[0]}”一级没有包括其余地方的组（不写 codes 的组），会有地方不在任何组。请补一组。",
            f"Scheme {scheme!r}: no group of level {lacking[0]!r} takes the rest (a group without codes), so that places may be in none. Add one.",
        )
    return tuple(found)


def _sections(item: Item) -> tuple[Section, ...]:
    seen: dict[str, Item] = {}
    found = []
    for entry in item.items():
        record = entry.record(["id", "zh", "en"])
        found.append(Section(yaml_source.unique(seen, record.text("id"), entry), record.text("zh"), record.text("en")))
    return tuple(found)


def _grades(item: Item, scheme: str) -> tuple[Grade, ...]:
    seen: dict[str, Item] = {}
    found: list[Grade] = []
    for entry in item.items():
        record = entry.record(["id", "zh", "en", "from"])
        start = record["from"].decimal()
        if not 0 <= start <= FULL_SCORE or (found and start >= found[-1].start):
            raise record["from"].error(
                f"考核办法“{scheme}”：等次由高到低，分数线须在 0—100 之间且逐档降低，{start} 不合。请改正。",
                f"Scheme {scheme!r}: grades go from the best down, from 0 to 100, each lower than the one before; {start} is not. Mend it.",
            )
        name = yaml_source.unique(seen, record.text("id"), entry)
        found.append(Grade(name, record.text("zh"), record.text("en"), start))
    if found[-1].start != 0:
        raise item.error(
            f"考核办法“{scheme}”：最低一档须从 0 分起，否则低于 {found[-1].start} 分没有等次。请补一档。",
            f"Scheme {scheme!r}: the last grade must begin at 0, else a score below {found[-1].start} has none. Add one.",
        )
    return tuple(found)


def _indicator(
    item: Item,
    seen: dict[str, Item],
    groups: Sequence[PlaceGroup],
    sections: Sequence[Section],
    reading: Reading,
) -> SchemeIndicator:
    record = item.record(
        ["id", "zh", "en", "section", "unit", "weight", "source", "scoring", "missing", "reference"], ["assumption"]
    )
    name = yaml_source.unique(seen, _named(record, LONGEST_INDICATOR), item)
    reading = reading.about(name)
    source = source_of(record["source"], reading)
    scoring = scoring_of(record["scoring"], reading)
    reading.check_direction(record["scoring"], source, scoring)
    return SchemeIndicator(
        id=name,
        zh=record.text("zh"),
        en=record.text("en"),
        section=record["section"].one_of(one.id for one in sections),
        unit=record["unit"].one_of(reading.lists["unit"].ids),
        weights=_weights(record["weight"], [one.id for one in groups], reading),
        source=source,
        scoring=scoring,
        missing=record["missing"].one_of(MISSING),
        reference=record.text("reference"),
        assumption=assumed(record, ITEM_PARTS, reading),
    )


def _weights(item: Item, groups: Sequence[str], reading: Reading) -> Mapping[str, Decimal]:
    """Full points by group: one number for all, or by group; a group that is not named has no such item."""
    found = dict.fromkeys(groups, item) if item.is_kind("int", "float") else dict(item.record([], groups).fields)
    weights = {name: one.decimal() for name, one in found.items()}
    for name, weight in weights.items():
        if not 0 < weight <= FULL_SCORE or weight * 100 != (weight * 100).to_integral_value():
            raise reading.error(
                found[name],
                f"权重 {weight} 不合，须大于 0、不超过 100、最多两位小数；没有这一项的组不写",
                f"weight {weight}: it must be above 0, at most 100, with two decimals at most; leave out a group that has no such item",
            )
    return MappingProxyType(weights)


def _check_weights(
    place: Item, scheme: str, groups: Sequence[PlaceGroup], indicators: Sequence[SchemeIndicator]
) -> None:
    for group in groups:
        total = sum((one.weights.get(group.id, Decimal(0)) for one in indicators), Decimal(0))
        if total != FULL_SCORE:
            raise place.error(
                f"考核办法“{scheme}”：组“{group.id}”的权重合计为 {total}，应为 100。请改权重。",
                f"Scheme {scheme!r}: the weights of group {group.id!r} come to {total}, not 100. Mend them.",
            )
        if all(one.missing == "neutral" for one in indicators if group.id in one.weights):
            raise place.error(
                f"考核办法“{scheme}”：组“{group.id}”的指标缺数时全部略去，可能一项不剩。至少一项的 missing 应为 zero。",
                f"Scheme {scheme!r}: every item of group {group.id!r} is left out without a figure, so that none may be left. Let one be missing: zero.",
            )


def _veto(item: Item, seen: dict[str, Item], grades: Sequence[Grade], reading: Reading) -> Veto:
    record = item.record(["id", "zh", "en", "unit", "source", "grade", "reference"], ["above", "below", "assumption"])
    name = yaml_source.unique(seen, _named(record, LONGEST_INDICATOR), item)
    reading = reading.about(name)
    if ("above" in record.fields) == ("below" in record.fields):
        raise reading.error(item, "above 和 below 要写且只写一个", "write either above or below")
    return Veto(
        id=name,
        zh=record.text("zh"),
        en=record.text("en"),
        unit=record["unit"].one_of(reading.lists["unit"].ids),
        source=source_of(record["source"], reading),
        above=record.optional("above", Item.decimal),
        below=record.optional("below", Item.decimal),
        grade=record["grade"].one_of(one.id for one in grades),
        reference=record.text("reference"),
        assumption=assumed(record, VETO_PARTS, reading),
    )
