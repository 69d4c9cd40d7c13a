"""The shapes of what people type about identification: a split, answers of the looks, visits of a campaign, leads, a kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.areas.models import Division
from jiefa.identification.models import Found, Settled
from jiefa.policy import Scorecard
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

MOST_PEOPLE = 2_000_000_000
"""What the column of a quota holds."""


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _reason(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": 400})
    return forms.CharField(label=label, max_length=400, required=required, widget=widget)


def _people(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "class": "form-control"})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_PEOPLE, widget=widget)


class QuotaTotal(forms.Form):
    """The number that comes from above the province."""

    people = _people(_("People allotted to the province"))


class QuotaSplit(forms.Form):
    """One number for each place below (``people_CODE``), and the reason where the sum differs."""

    def __init__(self, *args: Any, children: Sequence[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [child.code for child in children]
        for child in children:
            self.fields[f"people_{child.code}"] = _people(child.name)
        self.fields["reason"] = _reason(_("Why the sum differs"), required=False)

    @property
    def parts(self) -> dict[str, int]:
        return {code: self.cleaned_data[f"people_{code}"] for code in self.codes}


class Looks(forms.Form):
    """The items of a scorecard (``LOOK.ITEM``). Left empty: what the card says, or what was asked before, stands."""

    def __init__(
        self, *args: Any, reader: Reader, card: Scorecard, standing: Mapping[str, tuple[str, bool]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for look in card.looks:
            for item in look.items:
                name = f"{look.id}.{item.id}"
                option, from_card = standing.get(name, ("", False))
                words = {one.id: reader.words(one.zh, one.en) for one in item.options}
                card_says = _("as on the card: {option}").format(option=words[option]) if from_card else ""
                empty = card_says or _("to be asked")
                self.fields[name] = forms.ChoiceField(
                    label=reader.words(item.zh, item.en),
                    required=False,
                    choices=[("", empty), *words.items()],
                    initial="" if from_card else option,
                )

    @property
    def asked(self) -> dict[str, str]:
        """What was answered on the spot."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class DisagreementSearch(forms.Form):
    disagreement = forms.ChoiceField(
        label=_("What the score says"),
        required=False,
        choices=[ANY, ("false_in", _("possibly wrongly in")), ("missed", _("possibly missed"))],
    )
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)


class NewLookBack(forms.Form):
    """A campaign to be begun."""

    title = forms.CharField(label=_("Title"), max_length=60)
    begins = _day(_("Begins"))
    ends = _day(_("Ends"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        begins, ends = typed.get("begins"), typed.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("A campaign cannot end before it begins."))
        return typed


class Visit(forms.Form):
    """What a visit of a campaign found."""

    found = forms.ChoiceField(label=_("What was found"), choices=Found.choices, widget=forms.RadioSelect)
    on = _day(_("Day of the visit"))
    note = _reason(_("What was seen and heard"), required=False)

    def __init__(self, *args: Any, on_list: bool, first: dt.date, last: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["found"]
        assert isinstance(field, forms.ChoiceField)
        # A household on the frozen list cannot have been missed; one that is not can only have been.
        field.choices = [(value, label) for value, label in Found.choices if (value == Found.MISSED) != on_list]
        self.first, self.last = first, last
        self.fields["on"].widget.attrs |= {"min": f"{first:%Y-%m-%d}", "max": f"{last:%Y-%m-%d}"}

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if not self.first <= on <= self.last:
            raise forms.ValidationError(
                _("The day must be from {first} to {last}.").format(first=self.first, last=self.last)
            )
        return on


class VisitSearch(forms.Form):
    found = forms.ChoiceField(
        label=_("What was found"), required=False, choices=[ANY, ("waiting", _("not visited yet")), *Found.choices]
    )
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)


LEAD_STATES = (
    ("open", _("to be looked into")),
    ("visit", _("of a department's list: waits for a visit")),
    ("review", _("of a department's list: waits for my review")),
    *Settled.choices,
)


class LeadSearch(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *LEAD_STATES])
    kind = forms.ChoiceField(label=_("Kind of lead"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        kinds = reader.pack.codes("lead_kind").values
        field.choices = [ANY, *((code.id, reader.words(code.zh, code.en)) for code in kinds)]


class LeadFile(forms.Form):
    file = forms.FileField(label=_("List of another office"), help_text=_("xlsx, xls, ods or csv"))


class LeadSettling(forms.Form):
    settled = forms.ChoiceField(label=_("What it turned out to be"), choices=Settled.choices, widget=forms.RadioSelect)
    reason = _reason(_("What was found on the spot, and why"))


class KindOfHousehold(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    reason = _reason(_("Reason"))

    def __init__(self, *args: Any, reader: Reader, derived: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        kinds = reader.codes("kind").values
        by_rule = _("by the rule: {kind}").format(kind=reader.label("kind", derived))
        field.choices = [("", by_rule), *((code.id, reader.words(code.zh, code.en)) for code in kinds)]
