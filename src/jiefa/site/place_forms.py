"""The card of a village as a form: the items of the pack, each with its number, in the parts of the card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from jiefa.areas import queries as areas
from jiefa.areas.models import DivisionYear
from jiefa.kernel import money
from jiefa.policy import Field
from jiefa.site.card_forms import form_field
from jiefa.site.reader import Reader


def items_of(reader: Reader) -> list[Field]:
    """The columns of the form that are items of the card, in its order."""
    (sheet,) = reader.pack.form("places").sheets
    return [field for field in sheet.fields if field.card is not None]


class VillageFacts(forms.Form):
    """What is stated of a village in a year. ``version``: of what was shown, 0 where there was nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, reader: Reader, row: DivisionYear | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items_of(reader)
        self.fields["version"].initial = row.version if row else 0
        for field in self.items:
            made = form_field(reader, field)
            assert field.card is not None
            made.label = f"{field.card.number} {made.label}"
            made.initial = shown(field, row)
            self.fields[field.id] = made

    def parts(self, reader: Reader) -> list[dict[str, Any]]:
        """The fields by part of the card."""
        names = reader.pack.codes("village_card_part")
        found: dict[str, list[Any]] = {}
        for field in self.items:
            assert field.card is not None
            found.setdefault(field.card.part, []).append(self[field.id])
        return [{"id": part, "title": names.label(part, reader.lang), "fields": own} for part, own in found.items()]

    @property
    def values(self) -> dict[str, object]:
        """What was typed, by identifier: money in fen, None where nothing was."""
        return {field.id: typed(field, self.cleaned_data[field.id]) for field in self.items}


def typed(field: Field, value: Any) -> object:
    """A cleaned value as it is kept."""
    if value is None or value == "":
        return None
    return money.fen_from_yuan(value) if field.type == "money" else value


def shown(field: Field, row: DivisionYear | None) -> object:
    """What the form shows of an item at first."""
    value = areas.value_of(row, field.id) if row else None
    if value is None:
        return None
    if field.type == "money":
        return money.yuan_from_fen(int(str(value)))
    return str(value) if field.type == "bool" else value


def choices(reader: Reader, field: Field, value: object) -> str:
    """The labels of chosen codes."""
    assert field.code_list is not None
    chosen: Sequence[object] = value if isinstance(value, list) else [value]
    return "、".join(reader.label(field.code_list, str(code)) for code in chosen)
