"""YAML text as nodes that remember file and line, read only through typed questions.

A reader asks an ``Item`` for what it must be; anything else is a ``PolicyError`` that names the place. Nothing here
knows what a parameter or a code is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import yaml

from jiefa.policy.errors import PolicyError

Read = TypeVar("Read")

# libyaml's parser gives the same nodes and marks about ten times faster; the pure one is for builds without it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Item:
    """One node of a YAML file."""

    file: Path
    node: yaml.Node

    @property
    def line(self) -> int:
        """The line on which the node starts, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def error(self, zh: str, en: str) -> PolicyError:
        """A ``PolicyError`` at this place; the caller raises it."""
        return PolicyError(file=self.file, line=self.line, problem_zh=zh, problem_en=en)

    def _scalar(self, *kinds: str) -> str | None:
        if isinstance(self.node, yaml.ScalarNode) and self.node.tag.removeprefix(TAG) in kinds:
            return str(self.node.value).strip()
        return None

    def is_kind(self, *kinds: str) -> bool:
        """Whether the node is a scalar of one of the YAML types ``kinds`` (``int``, ``float``, ``str``, ...)."""
        return self._scalar(*kinds) is not None

    def text(self) -> str:
        """The text; never empty."""
        found = self._scalar("str")
        if not found:
            raise self.error(
                "这里应当是文字（数字样的文字请加引号）。",
                "Text is needed here; put text that looks like a number or date in quotes.",
            )
        return found

    def decimal(self) -> Decimal:
        """The number, exactly as written."""
        found = self._scalar("int", "float")
        try:
            number = Decimal(found) if found else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise self.error(
                "这里应当是数字，不带千分位、单位和引号。",
                "A number is needed here, without thousands marks, unit or quotes.",
            )
        return number

    def integer(self) -> int:
        """The whole number."""
        number = self.decimal()
        if number != number.to_integral_value():
            raise self.error("这里应当是整数。", "A whole number is needed here.")
        return int(number)

    def date(self) -> dt.date:
        """The date, written as 2015-12-31."""
        found = self._scalar("timestamp", "str")
        try:
            return dt.date.fromisoformat(found or "")
        except ValueError:
            raise self.error(
                "这里应当是日期，写成 2015-12-31。", "A date is needed here, written as 2015-12-31."
            ) from None

    def flag(self) -> bool:
        """True or false."""
        found = (self._scalar("bool") or "").lower()
        if found not in ("true", "false"):
            raise self.error("这里应当是 true 或 false。", "true or false is needed here.")
        return found == "true"

    def items(self) -> tuple[Item, ...]:
        """The entries of a list; never empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.error("这里应当是列表，至少一项。", "A list with at least one entry is needed here.")
        return tuple(Item(self.file, node) for node in self.node.value)

    def texts(self) -> tuple[str, ...]:
        """The entries of a list of texts, each once."""
        found: dict[str, None] = {}
        for item in self.items():
            text = item.text()
            if text in found:
                raise item.error(f"“{text}”写了两次，请删去一个。", f"{text!r} stands here twice; delete one.")
            found[text] = None
        return tuple(found)

    def one_of(self, allowed: Iterable[str]) -> str:
        """The text, which must be one of ``allowed``."""
        text, choices = self.text(), sorted(allowed)
        if text not in choices:
            listed = ", ".join(choices)
            raise self.error(
                f"“{text}”不可用，请改为其中之一：{listed}。", f"{text!r} is not known; use one of: {listed}."
            )
        return text

    def record(self, required: Iterable[str], optional: Iterable[str] = ()) -> Record:
        """The keys and values of a mapping that has all of ``required``, perhaps ``optional``, and no other."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("这里应当是“名称: 值”的形式。", "Keys with values are needed here.")
        required = tuple(required)
        allowed = {*required, *optional}
        fields: dict[str, Item] = {}
        for key_node, value_node in self.node.value:
            key, place = str(key_node.value), Item(self.file, key_node)
            if key not in allowed:
                listed = ", ".join(sorted(allowed))
                raise place.error(
                    f"不认识的项“{key}”，可用的有：{listed}。", f"Unknown key {key!r}; there are: {listed}."
                )
            if key in fields:
                raise place.error(f"“{key}”写了两次，请删去一个。", f"The key {key!r} stands here twice; delete one.")
            fields[key] = Item(self.file, value_node)
        for key in required:
            if key not in fields:
                raise self.error(f"缺少“{key}”，请补上。", f"The key {key!r} is missing; add it.")
        return Record(self, MappingProxyType(fields))


@dataclass(frozen=True, slots=True)
class Record:
    """The values of a mapping by key, keys already checked."""

    place: Item
    fields: Mapping[str, Item]

    def __getitem__(self, key: str) -> Item:
        return self.fields[key]

    def text(self, key: str) -> str:
        """The text under a required key."""
        return self.fields[key].text()

    def optional(self, key: str, read: Callable[[Item], Read]) -> Read | None:
        """``read`` of the value under ``key``, None where the key is absent."""
        item = self.fields.get(key)
        return None if item is None else read(item)

    def flag(self, key: str) -> bool:
        """The flag under an optional key; absent is false."""
        return self.optional(key, Item.flag) or False

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under an optional key; absent is none."""
        return self.optional(key, Item.texts) or ()

    def period(self) -> tuple[dt.date | None, dt.date | None]:
        """The optional keys ``from`` and ``to``, both days included, in order."""
        start, end = self.optional("from", Item.date), self.optional("to", Item.date)
        if start and end and end < start:
            raise self.fields["to"].error(
                "截止日期早于起始日期。", "The period ends before it begins; mend from or to."
            )
        return start, end


def read(file: Path) -> Item:
    """The root of ``file``. Raises ``PolicyError`` for a file that is unreadable, empty or no YAML."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError) as reason:
        raise PolicyError(
            file=file,
            line=1,
            problem_zh=f"文件读不出来（{reason}），请存为 UTF-8。",
            problem_en=f"Cannot be read ({reason}); save as UTF-8.",
        ) from reason
    except yaml.MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        line = 1 if mark is None else mark.line + 1
        raise PolicyError(
            file=file,
            line=line,
            problem_zh=f"不是合格的 YAML（{reason.problem}），请检查缩进和引号。",
            problem_en=f"No valid YAML ({reason.problem}); check indents and quotes.",
        ) from reason
    if node is None:
        raise PolicyError(
            file=file, line=1, problem_zh="文件是空的。", problem_en="The file is empty; fill or delete it."
        )
    return Item(file, node)


def entries(folder: Path, key: str) -> tuple[Item, ...]:
    """The entries of the list ``key`` of every YAML file under ``folder``, in order of file name; none if no folder."""
    found: list[Item] = []
    for file in sorted(folder.glob("**/*.yaml")):
        found.extend(read(file).record([key])[key].items())
    return tuple(found)


def unique(seen: dict[str, Item], name: str, item: Item) -> str:
    """``name``, after it has been put into ``seen``; raises ``PolicyError`` if it is there already."""
    if name in seen:
        first = seen[name]
        raise item.error(
            f"“{name}”已在 {first.file.name} 第 {first.line} 行出现，请改名或删去一个。",
            f"{name!r} already stands in {first.file.name}, line {first.line}; rename or delete one.",
        )
    seen[name] = item
    return name
