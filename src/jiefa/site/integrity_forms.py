"""The shapes of what people type about contracts, self-inspection, violations and supervision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.funds.models import DOCUMENT_LENGTH
from jiefa.integrity.actions.cases import LONGEST, SUBJECT_LONGEST
from jiefa.integrity.models import PROJECT_LENGTH, WHAT_LENGTH, Offices
from jiefa.policy import Code
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

EARLIEST, LATEST = 2000, 2100
MOST_HEADS = 2_000_000


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=EARLIEST, max_value=LATEST)


def _text(label: Any, longest: int, *, rows: int = 3, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=help_text)


def _yuan(label: Any, least: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=15, decimal_places=2, min_value=Decimal(least))


def _codes(form: forms.Form, reader: Reader, **lists: str) -> None:
    """The choices of fields from code lists of the pack."""
    for name, codes in lists.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *((one.id, reader.words(one.zh, one.en)) for one in reader.pack.codes(codes).values)]


class ContractWish(forms.Form):
    """A lump-sum contract to be signed."""

    area_code = forms.ChoiceField(label=_("County"))
    from_year, to_year = _year(_("First year")), _year(_("Last year"))
    heads = forms.IntegerField(label=_("People who are to leave poverty"), min_value=1, max_value=MOST_HEADS)
    unit_price = _yuan(_("Price of one, yuan"), "0.01")
    source = forms.ChoiceField(label=_("Source of money"))
    fund_type = forms.ChoiceField(label=_("Type"))
    document = forms.CharField(
        label=_("Document"),
        max_length=DOCUMENT_LENGTH,
        help_text=_("Transfers under the contract name it, word for word."),
    )

    def __init__(self, *args: Any, reader: Reader, counties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, source="fund_source", fund_type="fund_type")
        county = self.fields["area_code"]
        assert isinstance(county, forms.ChoiceField)
        county.choices = [ANY, *counties]


class SettlementWish(forms.Form):
    """Why heads differ from those contracted."""

    explanation = forms.CharField(
        label=_("Why the heads differ"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1_000}),
    )


class CampaignWish(forms.Form):
    """A self-inspection to be begun."""

    title = forms.CharField(label=_("Title"), max_length=120)
    from_year, to_year = _year(_("Money of the years from")), _year(_("to"))
    offices = forms.ChoiceField(label=_("Offices that answer"), choices=Offices.choices)
    opened_on, due_on = _day(_("Begins on")), _day(_("To be answered by"))
    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH)


class Checklist(forms.Form):
    """The items of the checklist (``answer_ITEM``, ``note_ITEM``), of an office or of one of its projects."""

    project = forms.CharField(
        label=_("Project number"),
        max_length=PROJECT_LENGTH,
        required=False,
        help_text=_("For a single project; empty for the office as a whole."),
    )

    def __init__(self, *args: Any, reader: Reader, items: tuple[Code, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [
            ANY,
            *((one.id, reader.words(one.zh, one.en)) for one in reader.pack.codes("inspection_answer").values),
        ]
        self.items = [one.id for one in items]
        for one in items:
            label = reader.words(one.zh, one.en)
            self.fields[f"answer_{one.id}"] = forms.ChoiceField(label=label, choices=answers, required=False)
            self.fields[f"note_{one.id}"] = forms.CharField(
                label=_("What is wrong"), max_length=WHAT_LENGTH, required=False
            )

    @property
    def given(self) -> list[tuple[str, str, str]]:
        """``(item, answer, note)`` of the items that were answered."""
        said = self.cleaned_data
        return [
            (item, said[f"answer_{item}"], said[f"note_{item}"].strip())
            for item in self.items
            if said[f"answer_{item}"]
        ]


class ViolationWish(forms.Form):
    """A violation to be put on file."""

    area_code = forms.CharField(
        label=_("Place code"), max_length=12, help_text=_("6 digits for a county, 9 a township, 12 a village.")
    )
    number = forms.CharField(label=_("Number"), max_length=40)
    campaign = forms.ChoiceField(label=_("Self-inspection"), required=False)
    kind = forms.ChoiceField(label=_("Type of violation"))
    amount = _yuan(_("Amount, yuan"), "0")
    project = forms.CharField(label=_("Project number"), max_length=PROJECT_LENGTH, required=False)
    found_on, due_on = _day(_("Found on")), _day(_("To be put right by"))
    responsible = forms.CharField(label=_("Who puts it right"), max_length=80)
    what = _text(_("What is wrong"), WHAT_LENGTH, help_text=_("The facts; no names or numbers of villagers."))

    def __init__(self, *args: Any, reader: Reader, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, kind="violation_type")
        field = self.fields["campaign"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *campaigns]


class ViolationSift(forms.Form):
    """Which violations to list."""

    kind = forms.ChoiceField(label=_("Type of violation"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("open", _("to be put right")),
            ("overdue", _("overdue")),
            ("settled", _("put right")),
        ],
    )
    campaign = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, kind="violation_type")


class PutRight(forms.Form):
    """What was put right of a violation."""

    amount = _yuan(_("Put right, yuan"), "0")
    how = _text(_("How"), 1_000)


class Reason(forms.Form):
    """Why something is handed over."""

    reason = _text(_("Why"), 2_000)


class CaseWish(forms.Form):
    """A case to be opened."""

    area_code = forms.CharField(
        label=_("Place code"), max_length=12, help_text=_("Of the county, township or village that it is about.")
    )
    source = forms.ChoiceField(label=_("Where it comes from"))
    subject_kind = forms.ChoiceField(label=_("About"))
    subject = forms.CharField(
        label=_("Which"),
        max_length=SUBJECT_LONGEST,
        help_text=_("Number of the household, transfer or project; name of the office."),
    )
    on = _day(_("Day"))
    text = _text(_("What is to be looked into"), LONGEST, rows=5)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, source="case_source", subject_kind="case_subject")


class CaseLine(forms.Form):
    """A line of a case."""

    kind = forms.ChoiceField(label=_("What was done"))
    on = _day(_("Day"))
    text = _text(_("What was seen or said"), LONGEST, rows=4)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, kind="case_note")


class CaseHandOver(forms.Form):
    """To whom a case goes, and why."""

    to = forms.ChoiceField(label=_("Handed over to"))
    reason = _text(_("Why"), LONGEST)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, to="handed_to")
