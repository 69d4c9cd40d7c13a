"""The shapes of what people type about projects: filters, a project, progress, a picture, a change, a claim."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.funds.actions.projects import LENGTHS
from jiefa.funds.models import Moment
from jiefa.funds.rules import projects as rules
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

EARLIEST, LATEST = 2000, 2100


def _length(name: str) -> int:
    return LENGTHS[name]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=15, decimal_places=2, min_value=Decimal("0.01"))


def _text(label: Any, name: str, *, required: bool = True, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(label=label, max_length=_length(name), required=required, widget=widget, **more)


def _codes(reader: Reader, name: str, only: Sequence[str] | None = None) -> list[tuple[str, str]]:
    codes = reader.pack.codes(name).values
    return [(code.id, reader.words(code.zh, code.en)) for code in codes if only is None or code.id in only]


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class ProjectSift(forms.Form):
    """Which projects to list."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=60)
    project_year = forms.IntegerField(label=_("Fund year"), required=False, min_value=EARLIEST, max_value=LATEST)
    kind = forms.ChoiceField(label=_("Kind of project"), required=False)
    state = forms.ChoiceField(label=_("Where it stands"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, states: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "kind", [ANY, *_codes(reader, "project_kind")])
        _choose(self, "state", [ANY, *states])


class ProjectWish(forms.Form):
    """A project to be proposed for the library."""

    name = _text(_("Name of the project"), "name")
    kind = forms.ChoiceField(label=_("Kind of project"))
    place_code = forms.ChoiceField(label=_("Where"))
    project_year = forms.IntegerField(label=_("Fund year"), min_value=EARLIEST, max_value=LATEST)
    amount = _yuan(_("Amount asked for, yuan"))
    source = forms.ChoiceField(label=_("Source of money"))
    applicant = _text(_("Applying office"), "applicant")
    implementer = _text(_("Carried out by"), "implementer", help_text=_("A village, a township or a unit."))
    responsible = _text(_("Person responsible"), "responsible")
    tender = forms.ChoiceField(label=_("How the work is given out"))
    contractor = _text(
        _("Contractor"), "contractor", required=False, help_text=_("The unit that is paid; empty where there is none.")
    )
    contractor_number = _text(_("Contractor's register number"), "contractor_number", required=False)
    content = _text(_("What is built or done"), "content", rows=2)
    goal = _text(_("Goal"), "goal", rows=2)
    starts_on = _day(_("Begins"))
    ends_on = _day(_("Ends"))
    maintenance = _text(_("Kept up afterwards by"), "maintenance")
    households = forms.CharField(
        label=_("Households it is for"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One household number a line; after a comma its share in yuan, where it is paid."),
    )

    def __init__(self, *args: Any, reader: Reader, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, codes in (("kind", "project_kind"), ("source", "fund_source"), ("tender", "tender_method")):
            _choose(self, name, [ANY, *_codes(reader, codes)])
        _choose(self, "place_code", places)


class ProjectChangeWish(forms.Form):
    """What is to be otherwise; pre-filled with what stands."""

    name = _text(_("Name of the project"), "name")
    amount = _yuan(_("Approved amount, yuan"))
    implementer = _text(_("Carried out by"), "implementer")
    responsible = _text(_("Person responsible"), "responsible")
    tender = forms.ChoiceField(label=_("How the work is given out"))
    contractor = _text(_("Contractor"), "contractor", required=False)
    contractor_number = _text(_("Contractor's register number"), "contractor_number", required=False)
    content = _text(_("What is built or done"), "content", rows=2)
    goal = _text(_("Goal"), "goal", rows=2)
    starts_on = _day(_("Begins"))
    ends_on = _day(_("Ends"))
    maintenance = _text(_("Kept up afterwards by"), "maintenance")
    households = forms.CharField(
        label=_("Households it is for"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The whole list, one household number a line; after a comma its share in yuan, where it is paid."),
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "tender", _codes(reader, "tender_method"))


class ProgressWish(forms.Form):
    """How far the work has come."""

    on = _day(_("Day"))
    percent = forms.IntegerField(label=_("Progress, percent"), min_value=0, max_value=rules.WHOLE)
    words = forms.CharField(label=_("What was done"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class PictureWish(forms.Form):
    """A picture of the place."""

    moment = forms.ChoiceField(label=_("Taken"), choices=Moment.choices)
    taken_on = _day(_("Day"))
    file = forms.FileField(label=_("Picture"), help_text=_("JPEG, PNG or WebP"))


class ClaimWish(forms.Form):
    """What is to be paid from a project to one payee."""

    kind = forms.ChoiceField(label=_("Kind of claim"))
    amount = _yuan(_("Amount, yuan"))
    payee = forms.ChoiceField(label=_("Paid to"))
    purpose = forms.ChoiceField(label=_("Purpose of money"))
    invoice = forms.CharField(label=_("Invoice number"), max_length=100)

    def __init__(
        self,
        *args: Any,
        reader: Reader,
        payees: Sequence[tuple[str, str]],
        kinds: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "kind", _codes(reader, "claim_kind", kinds))
        _choose(self, "payee", payees)
        _choose(self, "purpose", _codes(reader, "fund_purpose"))


def shares_of(typed: str) -> dict[str, int]:
    """By household number its share in fen. Raises ``ValueError`` with the line that cannot be read."""
    found: dict[str, int] = {}
    for line in typed.replace("，", ",").splitlines():
        number, _comma, yuan = (part.strip() for part in line.partition(","))
        if not number:
            continue
        try:
            fen = Decimal(yuan or 0) * 100
            if number in found or fen < 0 or fen != int(fen):
                raise ValueError(line)
        except ArithmeticError:
            raise ValueError(line) from None
        found[number] = int(fen)
    return found
