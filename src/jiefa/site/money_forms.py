"""The shapes of what people type about money: filters, a transfer, a reversal, an allocation, lists, a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.funds.models import DOCUMENT_LENGTH, OWNER_LENGTH
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

LONGEST = 400
EARLIEST, LATEST = 2000, 2100


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=15, decimal_places=2, min_value=Decimal("0.01"))


def _codes(reader: Reader, name: str, on: dt.date | None = None) -> list[tuple[str, str]]:
    codes = reader.pack.at(on).codes(name) if on else reader.pack.codes(name)
    return [(code.id, reader.words(code.zh, code.en)) for code in codes.values]


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class TransferSift(forms.Form):
    """Which transfers to list."""

    purpose = forms.ChoiceField(label=_("Purpose of money"), required=False)
    source = forms.ChoiceField(label=_("Source of money"), required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    fund_year = forms.IntegerField(label=_("Fund year"), required=False, min_value=EARLIEST, max_value=LATEST)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)
    from_kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    to_kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    from_level = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=forms.HiddenInput)
    to_level = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=forms.HiddenInput)
    home = forms.TypedChoiceField(
        required=False, coerce=lambda text: text == "1", empty_value=None, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("purpose", "source", "type"):
            _choose(self, name, [ANY, *_codes(reader, f"fund_{name}")])
        kinds, levels = _codes(reader, "fund_account"), [(str(n), str(n)) for n in LENGTH_OF_LEVEL.values()]
        _choose(self, "from_kind", [ANY, ("in", ""), *kinds])
        _choose(self, "to_kind", [ANY, *kinds])
        for name in ("from_level", "to_level"):
            _choose(self, name, [ANY, *levels])
        _choose(self, "home", [ANY, ("0", ""), ("1", "")])


class TransferWish(forms.Form):
    """A transfer to be proposed, from a pot of the place."""

    account = forms.ChoiceField(label=_("From the pot"))
    to_kind = forms.ChoiceField(label=_("Paid to"))
    to_code = forms.CharField(
        label=_("Receiver's place code"),
        max_length=12,
        help_text=_("6 digits for a county, 9 a township, 12 a village."),
    )
    to_owner = forms.CharField(
        label=_("Receiver's name"),
        max_length=OWNER_LENGTH,
        required=False,
        help_text=_("A firm, a cooperative, a project; empty for an office."),
    )
    household_number = forms.CharField(
        label=_("Household number"), max_length=60, required=False, help_text=_("For a household that is paid.")
    )
    amount = _yuan(_("Amount, yuan"))
    purpose = forms.ChoiceField(label=_("Purpose of money"))
    on = _day(_("Day"))
    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, pots: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "account", [ANY, *pots])
        kinds = [one for one in _codes(reader, "fund_account") if one[0] in ("holder", "project", "payee")]
        _choose(self, "to_kind", [ANY, *kinds])
        _choose(self, "purpose", [ANY, *_codes(reader, "fund_purpose")])


class ReversalWish(forms.Form):
    """Why a transfer is to be taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)
    on = _day(_("Day"))
    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH)


class AllocationWish(forms.Form):
    """What is to be shared out to counties: the four that go to each (goal, task, money, rights)."""

    account = forms.ChoiceField(label=_("From the pot"))
    amount = _yuan(_("Money to share out, yuan"))
    purpose = forms.ChoiceField(label=_("Purpose of money"))
    on = _day(_("Day"))
    document = forms.CharField(label=_("Document"), max_length=60)
    task_people = forms.IntegerField(label=_("Task: people who are to leave poverty with it"), min_value=0)
    goal = forms.CharField(label=_("Goal"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    rights = forms.CharField(
        label=_("Rights: what the county decides by itself"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, reader: Reader, pots: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "account", [ANY, *pots])
        _choose(self, "purpose", [ANY, *_codes(reader, "fund_purpose")])


class MoneyFile(forms.Form):
    file = forms.FileField(label=_("List"), help_text=_("xlsx, xls, ods or csv"))


class BookYear(forms.Form):
    """A year whose books are closed or opened again."""

    closing = forms.IntegerField(label=_("Year of the books"), min_value=EARLIEST, max_value=LATEST)
