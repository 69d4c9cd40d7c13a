"""Forms that offices fill in: sheets, their columns, and the header texts by which a column is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from jiefa.policy import yaml_source
from jiefa.policy.code_lists import CodeList, tidy
from jiefa.policy.errors import UnknownPolicy
from jiefa.policy.yaml_source import Item, Record

FIELD_TYPES = ("text", "code", "int", "money", "measure", "date", "bool", "certificate", "sealed")


@dataclass(frozen=True, slots=True)
class CardItem:
    """Where a column stands on a paper card: its number, the part of the card (a code list), whether that is assumed.

    ``counted``: the indicator that counts the like in the register, '' for none; ``same``: of the same people, so that the two
    ought to be equal.
    """

    number: str
    part: str
    assumption: bool
    counted: str
    same: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``multiple``: several codes in one cell, separated by 、. Money is typed in yuan. ``card``: its item, if any."""

    id: str
    zh: str
    en: str
    type: str
    code_list: str | None
    required: bool
    unit: str | None
    synonyms: tuple[str, ...]
    note_zh: str
    note_en: str
    minimum: Decimal | None
    maximum: Decimal | None
    multiple: bool
    card: CardItem | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that may stand above the column; of an item also its number, alone and before the label."""
        numbered = (self.card.number, f"{self.card.number}{self.zh}") if self.card else ()
        return (self.id, self.zh, self.en, *self.synonyms, *numbered)


@dataclass(frozen=True)
class FormSheet:
    """One sheet of the workbook: its name and columns, in order."""

    id: str
    zh: str
    en: str
    synonyms: tuple[str, ...]
    fields: tuple[Field, ...]

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """Every accepted header text, as written and tidied (``code_lists.tidy``), to the field's identifier."""
        found: dict[str, str] = {}
        for field in self.fields:
            for text in field.texts:
                found[text] = found[tidy(text)] = field.id
        return MappingProxyType(found)

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """The fields by identifier."""
        return MappingProxyType({field.id: field for field in self.fields})


@dataclass(frozen=True, slots=True)
class Form:
    """A workbook: its data sheets, and the name of the sheet that explains them."""

    id: str
    zh: str
    en: str
    reference: str
    notes_zh: str
    notes_en: str
    sheets: tuple[FormSheet, ...]

    def sheet(self, sheet_id: str) -> FormSheet:
        """The data sheet with that identifier. Raises ``UnknownPolicy``."""
        for sheet in self.sheets:
            if sheet.id == sheet_id:
                return sheet
        near = ", ".join(sheet.id for sheet in self.sheets)
        raise UnknownPolicy(kind_zh="工作表", kind_en="sheet", name=sheet_id, near=near)


def load(folder: Path, lists: Mapping[str, CodeList]) -> Mapping[str, Form]:
    """All forms of the files under ``folder``, by identifier. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    forms: dict[str, Form] = {}
    for item in yaml_source.entries(folder, "forms"):
        record = item.record(["id", "zh", "en", "reference", "notes_zh", "notes_en", "sheets"])
        form_id = yaml_source.unique(seen, record.text("id"), record["id"])
        sheets_seen: dict[str, Item] = {}
        forms[form_id] = Form(
            id=form_id,
            zh=record.text("zh"),
            en=record.text("en"),
            reference=record.text("reference"),
            notes_zh=record.text("notes_zh"),
            notes_en=record.text("notes_en"),
            sheets=tuple(_sheet(sheet, lists, sheets_seen) for sheet in record["sheets"].items()),
        )
    return MappingProxyType(forms)


def _sheet(item: Item, lists: Mapping[str, CodeList], seen: dict[str, Item]) -> FormSheet:
    record = item.record(["id", "zh", "en", "fields"], ["synonyms"])
    sheet_id = yaml_source.unique(seen, record.text("id"), item)
    fields = fields_of(record["fields"], lists)
    return FormSheet(sheet_id, record.text("zh"), record.text("en"), record.texts("synonyms"), fields)


def fields_of(listed: Item, lists: Mapping[str, CodeList], beside: Iterable[Field] = ()) -> tuple[Field, ...]:
    """The columns of a list, no header of which is one of another column, of this list or ``beside``. Raises ``PolicyError``."""
    headers = {header: listed for field in beside for header in _headers(field)}
    fields = []
    for item in listed.items():
        field = _field(item, lists)
        for header in _headers(field):
            yaml_source.unique(headers, header, item)
        fields.append(field)
    return tuple(fields)


def _headers(field: Field) -> set[str]:
    return {tidy(text) for text in field.texts}


def _field(item: Item, lists: Mapping[str, CodeList]) -> Field:
    record = item.record(
        ["id", "zh", "en", "type", "note_zh", "note_en"],
        ["code_list", "required", "unit", "synonyms", "minimum", "maximum", "multiple", "card"],
    )
    kind = record["type"].one_of(FIELD_TYPES)
    minimum, maximum = record.optional("minimum", Item.decimal), record.optional("maximum", Item.decimal)
    if minimum is not None and maximum is not None and maximum < minimum:
        raise record["maximum"].error("最大值小于最小值。", "The maximum is below the minimum; mend one.")
    return Field(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        type=kind,
        code_list=_list_of(record, kind, lists),
        required=record.flag("required"),
        unit=record.optional("unit", lambda unit: unit.one_of(lists["unit"].ids if "unit" in lists else ())),
        synonyms=record.texts("synonyms"),
        note_zh=record.text("note_zh"),
        note_en=record.text("note_en"),
        minimum=minimum,
        maximum=maximum,
        multiple=record.flag("multiple"),
        card=record.optional("card", _card_item),
    )


def _card_item(item: Item) -> CardItem:
    record = item.record(["number", "part"], ["assumption", "counted", "same"])
    return CardItem(
        number=record.text("number"),
        part=record.text("part"),
        assumption=record.flag("assumption"),
        counted=record.optional("counted", Item.text) or "",
        same=record.flag("same"),
    )


def _list_of(record: Record, kind: str, lists: Mapping[str, CodeList]) -> str | None:
    named = record.optional("code_list", lambda item: item.one_of(lists))
    if (kind == "code") != (named is not None):
        raise record.place.error(
            "类型 code 必须写 code_list，其他类型不能写。",
            "Type code needs a code_list, and no other type may have one.",
        )
    return named
