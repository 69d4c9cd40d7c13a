"""The shapes of what people type about comparisons: a department's list, a finding on the spot, its review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.identification.models import Settled
from jiefa.site.reader import Reader

LENGTH = 400


def _text(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": LENGTH})
    return forms.CharField(label=label, max_length=LENGTH, required=required, widget=widget)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ListToCompare(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of lead"))
    department = forms.CharField(label=_("Department"), max_length=60)
    as_of = _day(_("Day of the data"))
    file = forms.FileField(label=_("List of another office"), help_text=_("xlsx, xls, ods or csv"))
    whole_of = forms.ChoiceField(
        label=_("Names everybody of"),
        required=False,
        help_text=_(
            "A school roll or guarantee list alone: whoever is on the card and not on the list is then a lead, too."
        ),
    )

    def __init__(self, *args: Any, reader: Reader, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(code.id, reader.words(code.zh, code.en)) for code in reader.pack.codes("lead_kind").values]
        for name, choices in (("kind", kinds), ("whole_of", [("", _("it is not said")), *places])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class OnTheSpot(forms.Form):
    visited_on = _day(_("Visited on"))
    heard = _text(_("What the household says"))
    settled = forms.ChoiceField(label=_("What it turned out to be"), choices=Settled.choices, widget=forms.RadioSelect)
    reason = _text(_("What was found on the spot, and why"))


class SecondReview(forms.Form):
    decision = forms.ChoiceField(
        label=_("Review"), choices=[("agree", _("Agree")), ("back", _("Send back"))], widget=forms.RadioSelect
    )
    reason = _text(_("Reason"), required=False)
