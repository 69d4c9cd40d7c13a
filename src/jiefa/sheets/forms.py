"""A form of the policy pack as sheets that can be read and written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jiefa.policy import CodeList, Field, Form, Pack
from jiefa.sheets.columns import Bound, Column, ColumnType, SheetSpec


def specs_of(pack: Pack, form: Form, year: int | None = None) -> tuple[SheetSpec, ...]:
    """The form's sheets. Drop-downs offer the codes valid in ``year``; every text ever used is understood when read."""
    return tuple(
        SheetSpec(
            id=sheet.id,
            zh=sheet.zh,
            en=sheet.en,
            synonyms=sheet.synonyms,
            columns=tuple(_column(pack, field, year) for field in sheet.fields),
        )
        for sheet in form.sheets
    )


def _column(pack: Pack, field: Field, year: int | None) -> Column:
    every: CodeList | None = pack.codes(field.code_list) if field.code_list else None
    offered = every.on(dt.date(year, 12, 31)) if every and year else every
    kind = ColumnType.CODES if field.multiple else ColumnType(field.type)
    whole = kind is ColumnType.INT
    return Column(
        id=field.id,
        zh=field.zh,
        en=field.en,
        type=kind,
        required=field.required,
        choices=every.lookup if every else None,
        choice_labels=tuple(code.zh for code in offered.values) if offered else (),
        synonyms=tuple(text for text in field.texts if text not in (field.id, field.zh, field.en)),
        note_zh=f"{field.card.number}：{field.note_zh}" if field.card else field.note_zh,
        note_en=f"{field.card.number}: {field.note_en}" if field.card else field.note_en,
        minimum=_bound(field.minimum, whole),
        maximum=_bound(field.maximum, whole),
        unit=pack.codes("unit").label(field.unit, "zh") if field.unit else None,
    )


def _bound(value: Decimal | None, whole: bool) -> Bound | None:
    if value is None:
        return None
    return int(value) if whole else value
