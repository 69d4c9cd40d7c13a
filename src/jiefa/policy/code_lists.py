"""Code lists: the values a coded field may take, with labels, validity and every way in which people write them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from jiefa.kernel.errors import Language
from jiefa.policy import yaml_source
from jiefa.policy.errors import UnknownPolicy
from jiefa.policy.yaml_source import Item, Record


@dataclass(frozen=True, slots=True)
class EarlierLabel:
    """How a code was called until ``to_date``, and what else people then wrote for it."""

    to_date: dt.date
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """One value. ``gb``: codes of the national standard that mean it. ``maps_to``: its code in other lists, by list."""

    id: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()
    gb: tuple[str, ...] = ()
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    earlier: tuple[EarlierLabel, ...] = ()
    maps_to: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def valid_on(self, date: dt.date) -> bool:
        """Whether the code may be used on ``date``."""
        return (self.from_date is None or self.from_date <= date) and (self.to_date is None or date <= self.to_date)

    def on(self, date: dt.date) -> Code:
        """The code as it was called on ``date``."""
        label = next((label for label in self.earlier if date <= label.to_date), None)
        if label is None:
            return replace(self, earlier=())
        synonyms = (self.zh, self.en, *self.synonyms, *label.synonyms)
        return replace(self, zh=label.zh, en=label.en, synonyms=synonyms, earlier=())

    def texts(self) -> Iterator[str]:
        """Every text that means this code under its present label."""
        yield from (self.id, self.zh, self.en, *self.synonyms, *self.gb)

    def earlier_texts(self) -> Iterator[str]:
        """Every text that meant this code under earlier labels only."""
        for label in self.earlier:
            yield from (label.zh, label.en, *label.synonyms)


@dataclass(frozen=True)
class CodeList:
    """The values of one list in the order in which they are offered."""

    id: str
    zh: str
    en: str
    reference: str
    values: tuple[Code, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Code]:
        """The values by identifier."""
        return MappingProxyType({code.id: code for code in self.values})

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The identifiers, in order."""
        return tuple(code.id for code in self.values)

    @cached_property
    def lookup(self) -> Mapping[str, str]:
        """Every accepted text to its identifier, as written and tidied (see ``tidy``); for whole columns."""
        found: dict[str, str] = {}
        for spoken in (Code.texts, Code.earlier_texts):
            for code in self.values:
                for text in spoken(code):
                    found.setdefault(text, code.id)
                    found.setdefault(tidy(text), code.id)
        return MappingProxyType(found)

    def parse(self, text: str | None) -> str | None:
        """The identifier that ``text`` means, by identifier, label, synonym or national code; None if not known."""
        if text is None:
            return None
        return self.lookup.get(text.strip()) or self.lookup.get(tidy(text))

    def get(self, code_id: str) -> Code | None:
        """The value with that identifier, None if there is none."""
        return self.by_id.get(code_id)

    def label(self, code_id: str, language: Language) -> str:
        """The label of a value; the identifier itself if the list does not know it."""
        code = self.by_id.get(code_id)
        if code is None:
            return code_id
        return code.zh if language == "zh" else code.en

    def on(self, date: dt.date) -> CodeList:
        """The list as it was on ``date``: values then valid, under the labels of that day."""
        return replace(self, values=tuple(code.on(date) for code in self.values if code.valid_on(date)))


def tidy(text: str) -> str:
    """``text`` without blanks, full-width forms made narrow, lower case: the form in which ``lookup`` is also keyed."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def find(lists: Mapping[str, CodeList], list_id: str) -> CodeList:
    """The list with that identifier. Raises ``UnknownPolicy``."""
    try:
        return lists[list_id]
    except KeyError:
        near = ", ".join(sorted(lists))
        raise UnknownPolicy(kind_zh="代码表", kind_en="code list", name=list_id, near=near) from None


def load(folder: Path) -> Mapping[str, CodeList]:
    """All lists of the files under ``folder``, by identifier. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    lists: dict[str, CodeList] = {}
    mappings: list[tuple[str, Item]] = []
    for item in yaml_source.entries(folder, "code_lists"):
        record = item.record(["id", "zh", "en", "reference", "values"])
        list_id = yaml_source.unique(seen, record.text("id"), record["id"])
        lists[list_id] = _code_list(record, list_id, mappings)
    for target, place in mappings:
        _check_target(lists, target, place)
    return MappingProxyType(lists)


def _code_list(record: Record, list_id: str, mappings: list[tuple[str, Item]]) -> CodeList:
    seen: dict[str, Item] = {}
    codes: list[Code] = []
    for item in record["values"].items():
        code = _code(item, mappings)
        yaml_source.unique(seen, code.id, item)
        codes.append(code)
    code_list = CodeList(list_id, record.text("zh"), record.text("en"), record.text("reference"), tuple(codes))
    _check_unambiguous(code_list, seen)
    for date in {label.to_date for code in codes for label in code.earlier}:
        _check_unambiguous(code_list.on(date), seen)
    return code_list


def _code(item: Item, mappings: list[tuple[str, Item]]) -> Code:
    record = item.record(["id", "zh", "en"], ["synonyms", "gb", "from", "to", "earlier", "maps_to"])
    start, end = record.period()
    maps_to = record.optional("maps_to", Item.texts) or ()
    mappings.extend((target, record["maps_to"]) for target in maps_to)
    return Code(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        synonyms=record.texts("synonyms"),
        gb=record.texts("gb"),
        from_date=start,
        to_date=end,
        earlier=_earlier(record),
        maps_to=MappingProxyType(dict(target.partition(".")[::2] for target in maps_to)),
    )


def _earlier(record: Record) -> tuple[EarlierLabel, ...]:
    labels = []
    for item in record.optional("earlier", Item.items) or ():
        old = item.record(["to", "zh", "en"], ["synonyms"])
        labels.append(EarlierLabel(old["to"].date(), old.text("zh"), old.text("en"), old.texts("synonyms")))
    return tuple(sorted(labels, key=lambda label: label.to_date))


def _check_target(lists: Mapping[str, CodeList], target: str, place: Item) -> None:
    list_id, _, code_id = target.partition(".")
    if list_id not in lists or lists[list_id].get(code_id) is None:
        raise place.error(
            f"没有代码“{target}”，请写成“代码表.代码”。", f"There is no code {target!r}; write it as list.code."
        )


def _check_unambiguous(code_list: CodeList, places: Mapping[str, Item]) -> None:
    owners: dict[str, str] = {}
    for code in code_list.values:
        for text in code.texts():
            owner = owners.setdefault(tidy(text), code.id)
            if owner != code.id:
                raise places[code.id].error(
                    f"“{text}”同时指“{owner}”和“{code.id}”，请从其中一个删去。",
                    f"{text!r} means both {owner!r} and {code.id!r}; take it out of one.",
                )
