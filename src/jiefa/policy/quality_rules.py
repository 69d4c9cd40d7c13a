"""What a quality rule says to the clerk: level, message, remedy, fields, source. How it is judged stands elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from jiefa.policy import yaml_source
from jiefa.policy.yaml_source import Item

RULE_ID = re.compile(r"[A-Z]{2}\d\d[a-z]?")
LEVELS = ("error", "warn")
SCOPES = ("person", "household", "village", "money")
"""What is judged: cards of persons, households, villages; or money, whose rules are asked of the books (``jiefa.funds``)."""


@dataclass(frozen=True, slots=True)
class QualityRuleText:
    """One rule in words. ``level_assumption``: no source says whether it blocks or only warns."""

    id: str
    level: str
    scope: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    fields: tuple[str, ...]
    source: str
    from_date: dt.date
    to_date: dt.date | None
    assumption: bool
    level_assumption: bool

    def in_force(self, date: dt.date) -> bool:
        """Whether cards of ``date`` are judged by the rule."""
        return self.from_date <= date and (self.to_date is None or date <= self.to_date)


def load(folder: Path) -> tuple[QualityRuleText, ...]:
    """All rules of the files under ``folder`` in order of file and entry. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    rules = []
    for item in yaml_source.entries(folder, "rules"):
        rule = _rule(item)
        yaml_source.unique(seen, rule.id, item)
        rules.append(rule)
    return tuple(rules)


def _rule(item: Item) -> QualityRuleText:
    record = item.record(
        ["id", "level", "scope", "zh", "en", "remedy_zh", "remedy_en", "fields", "source", "from"],
        ["to", "assumption", "level_assumption"],
    )
    if not RULE_ID.fullmatch(record.text("id")):
        raise record["id"].error("规则号应为两个大写字母加两位数字，如 ID01。", "A rule is named like ID01.")
    _, end = record.period()
    return QualityRuleText(
        id=record.text("id"),
        level=record["level"].one_of(LEVELS),
        scope=record["scope"].one_of(SCOPES),
        zh=record.text("zh"),
        en=record.text("en"),
        remedy_zh=record.text("remedy_zh"),
        remedy_en=record.text("remedy_en"),
        fields=record["fields"].texts(),
        source=record.text("source"),
        from_date=record["from"].date(),
        to_date=end,
        assumption=record.flag("assumption"),
        level_assumption=record.flag("level_assumption"),
    )
