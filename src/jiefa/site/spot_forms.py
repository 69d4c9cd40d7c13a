"""The shapes of what is typed at unannounced visits and talks. They decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.inspection.actions.following import HOW_LENGTH, SAID_LENGTH, NewInterview
from jiefa.inspection.actions.visiting import TEXT_LENGTH, Found
from jiefa.inspection.models import WHAT_LENGTH, WHOM_LENGTH, FindingState
from jiefa.inspection.rules import visiting
from jiefa.policy import Code
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required, help_text=help_text)


def _text(label: Any, longest: int, *, rows: int = 3, help_text: Any = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=help_text, required=required)


def _codes(form: forms.Form, reader: Reader, **lists: str) -> None:
    for name, codes in lists.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *((one.id, reader.words(one.zh, one.en)) for one in reader.pack.codes(codes).values)]


PLACE_HELP = _("4 digits for a prefecture, 6 a county, 9 a township, 12 a village; below your own place.")


class VisitWish(forms.Form):
    """A visit to be planned."""

    place = forms.CharField(label=_("Place code"), max_length=12, help_text=PLACE_HELP)
    planned_for = _day(_("Day of the visit"))
    reason = _text(_("Why it is visited"), TEXT_LENGTH)


class VisitRecord(forms.Form):
    """A visit as it was: the record, and each item with its result (``result_ITEM``, ``what_ITEM``, ``due_ITEM``)."""

    on = _day(_("Day"))
    text = _text(_("What was seen, whom you talked to"), TEXT_LENGTH, rows=5)

    def __init__(self, *args: Any, reader: Reader, items: Sequence[Code], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [one.id for one in items]
        results = [(one.id, reader.words(one.zh, one.en)) for one in reader.pack.codes("spot_result").values]
        for one in items:
            label = reader.words(one.zh, one.en)
            self.fields[f"result_{one.id}"] = forms.ChoiceField(label=label, choices=[ANY, *results])
            self.fields[f"what_{one.id}"] = forms.CharField(
                label=_("What is wrong"), max_length=WHAT_LENGTH, required=False
            )
            self.fields[f"due_{one.id}"] = _day(_("To be put right by"), required=False)

    @property
    def found(self) -> list[Found]:
        """The items as they were found."""
        said = self.cleaned_data
        return [Found(item, said[f"result_{item}"], said[f"what_{item}"], said[f"due_{item}"]) for item in self.items]


class FindingSift(forms.Form):
    """Which findings to list."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ANY, ("overdue", _("overdue")), *FindingState.choices]
    )
    item = forms.ChoiceField(label=_("What was looked at"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, item="spot_item")


class Replying(forms.Form):
    """How a finding was put right, with proof."""

    how = _text(_("How it was put right"), HOW_LENGTH)
    file = forms.FileField(label=_("Proof"), required=False, help_text=_("PDF or picture, up to 10 MB."))


class Rechecking(forms.Form):
    """What looking again found."""

    result = forms.ChoiceField(label=_("Looked at again"))
    what = _text(_("What was seen"), HOW_LENGTH)
    due_on = _day(_("If not: to be put right by"), required=False)
    file = forms.FileField(label=_("Picture"), required=False, help_text=_("PDF or picture, up to 10 MB."))

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, result="spot_recheck")

    @property
    def closes(self) -> bool:
        """Whether it was put right."""
        return bool(self.cleaned_data["result"] == visiting.FIXED)


class InterviewWish(forms.Form):
    """A talk that was held."""

    place = forms.CharField(label=_("Place code of the officer"), max_length=12, help_text=PLACE_HELP)
    whom = forms.CharField(label=_("Who was called"), max_length=WHOM_LENGTH, help_text=_("Post and name."))
    reason = forms.ChoiceField(label=_("Reason"))
    on, due_on = _day(_("Day")), _day(_("To be done by"))
    demand = _text(_("What is demanded; the place reads it"), WHAT_LENGTH)
    said = _text(_("What was said; sealed, for those above"), SAID_LENGTH, rows=5)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _codes(self, reader, reason="interview_reason")

    def wish(self, finding: int | None) -> NewInterview:
        """The talk as typed."""
        said = self.cleaned_data
        return NewInterview(
            place=said["place"].strip(),
            whom=said["whom"],
            reason=said["reason"],
            said=said["said"],
            demand=said["demand"],
            on=said["on"],
            due_on=said["due_on"],
            finding=finding,
        )
