"""Figures as a source stated them: what stands beside the figures counted from rows, never an input to one.

Nothing here computes. ``compare`` says what agreement with the stated figure means: ``exact``; ``at_least`` (the source says
"at least"); ``rounded`` (to a whole number); ``cut`` (to the source's two leading digits, "about").
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast

from jiefa.policy import yaml_source
from jiefa.policy.yaml_source import Item, Record

Compare = Literal["exact", "at_least", "rounded", "cut"]
COMPARES = ("exact", "at_least", "rounded", "cut")
KINDS = ("target", "result")
REQUIRED = (
    *("id", "part", "zh", "en", "value", "unit", "unit_zh", "period", "as_of", "kind"),
    *("formula_zh", "formula_en", "source"),
)
OPTIONAL = ("scales", "compare", "note_zh", "note_en")


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One figure. ``part``: of the method, or "plan"; ``scales``: counts people or their money, so it shrinks with a sample of
    the register; ``formula``: in words, what is counted for it; ``note``: where sources contradict it."""

    id: str
    part: str
    zh: str
    en: str
    value: Decimal
    unit: str
    unit_zh: str
    period: str
    as_of: dt.date
    kind: str
    scales: bool
    compare: Compare
    formula_zh: str
    formula_en: str
    note_zh: str
    note_en: str
    source: str


def load(folder: Path) -> tuple[StatedFigure, ...]:
    """All figures of the files under ``folder`` in order of file and entry. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    found = []
    for item in yaml_source.entries(folder, "figures"):
        figure = _figure(item.record(REQUIRED, OPTIONAL))
        yaml_source.unique(seen, figure.id, item)
        found.append(figure)
    return tuple(found)


def _figure(record: Record) -> StatedFigure:
    compare = record.optional("compare", lambda item: item.one_of(COMPARES)) or "exact"
    return StatedFigure(
        id=record.text("id"),
        part=record.text("part"),
        zh=record.text("zh"),
        en=record.text("en"),
        value=record["value"].decimal(),
        unit=record.text("unit"),
        unit_zh=record.text("unit_zh"),
        period=record.text("period"),
        as_of=record["as_of"].date(),
        kind=record["kind"].one_of(KINDS),
        scales=record.flag("scales"),
        compare=cast("Compare", compare),
        formula_zh=record.text("formula_zh"),
        formula_en=record.text("formula_en"),
        note_zh=record.optional("note_zh", Item.text) or "",
        note_en=record.optional("note_en", Item.text) or "",
        source=record.text("source"),
    )
