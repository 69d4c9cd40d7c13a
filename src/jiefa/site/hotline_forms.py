"""The shapes of what is typed at complaints: told, screened, routed, looked into, answered. They decide nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jiefa.hotline.actions.answering import NOTE_LENGTH
from jiefa.hotline.actions.receiving import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    PARAPHRASE_LENGTH,
    PHONE_LENGTH,
    TEXT_LENGTH,
    Identity,
    NewComplaint,
)
from jiefa.hotline.models import PROJECT_LENGTH, Channel, State
from jiefa.integrity.actions.violations import NewViolation
from jiefa.kernel import money
from jiefa.site.forms import ANY
from jiefa.site.integrity_forms import ViolationWish
from jiefa.site.reader import Reader

HOUSEHOLD_LENGTH = 40


def _text(label: Any, longest: int, *, rows: int = 4, help_text: Any = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=help_text, required=required)


def _choices(reader: Reader, codes: str) -> list[tuple[str, Any]]:
    return [(one.id, reader.words(one.zh, one.en)) for one in reader.pack.codes(codes).values]


class Telling(forms.Form):
    """What anybody tells on the public page, of a place that was chosen before."""

    category = forms.ChoiceField(label=_("What the complaint is about"))
    against = forms.MultipleChoiceField(
        label=_("Whom it is against"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick every body that is meant. Whoever is ticked never gets it; nobody: nothing to tick."),
    )
    words = _text(
        _("What happened"),
        TEXT_LENGTH,
        rows=7,
        help_text=_("Who, what, when, where. Only the keeper reads your own words."),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("You need not say who you are. If you do, one keeper alone can read it, and each look is kept."),
    )
    phone = forms.CharField(label=_("Telephone or other contact"), required=False, max_length=PHONE_LENGTH)
    address = forms.CharField(label=_("Address"), required=False, max_length=ADDRESS_LENGTH)
    # Not shown to people; programs that fill in every field give themselves away.
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def __init__(self, *args: Any, reader: Reader, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category, against = self.fields["category"], self.fields["against"]
        assert isinstance(category, forms.ChoiceField)
        assert isinstance(against, forms.MultipleChoiceField)
        category.choices = [ANY, *_choices(reader, "hotline_category")]
        against.choices = list(bodies)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this empty"))
        return ""

    def wish(self, about: str) -> NewComplaint:
        """What was told, of the place."""
        said = self.cleaned_data
        return NewComplaint(
            about=about,
            against=said["against"],
            category=said["category"],
            words=said["words"],
            caller=Identity(said["name"], said["phone"], said["address"]),
            paraphrase=said.get("paraphrase", ""),
            household=said.get("household", ""),
            project=said.get("project", ""),
        )


class TakingDown(Telling):
    """The same as a clerk hears it, with the paraphrase that goes further."""

    channel = forms.ChoiceField(
        label=_("How it came"), choices=[one for one in Channel.choices if one[0] != Channel.PAGE.value]
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    paraphrase = _text(
        _("Paraphrase"),
        PARAPHRASE_LENGTH,
        required=False,
        help_text=_("In your own words and without anything that tells who called: this is what the unit reads."),
    )
    household = forms.CharField(label=_("Household number"), required=False, max_length=HOUSEHOLD_LENGTH)
    project = forms.CharField(label=_("Project number"), required=False, max_length=PROJECT_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["website"]
        self.fields["name"].label, self.fields["name"].help_text = _("Caller's name"), _("Empty: anonymous.")
        order = ("channel", "on", "category", "against", "words", "paraphrase", "household", "project")
        self.order_fields([*order, "name", "phone", "address"])


class Asking(forms.Form):
    """Number and secret word; with a reason, the wish to look again."""

    receipt = forms.CharField(label=_("Number"), max_length=12)
    word = forms.CharField(
        label=_("Secret word"),
        max_length=20,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "off"}),
    )
    reason = _text(_("Why it should be looked into again"), TEXT_LENGTH, required=False)


class Sifting(forms.Form):
    """Which complaints to list."""

    view = forms.CharField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), required=False)
    category = forms.ChoiceField(label=_("What the complaint is about"), required=False)
    received = forms.IntegerField(label=_("Received in"), required=False, min_value=2000, max_value=2100)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state, category = self.fields["state"], self.fields["category"]
        assert isinstance(state, forms.ChoiceField)
        assert isinstance(category, forms.ChoiceField)
        state.choices = [ANY, ("open", _("Not closed")), ("overdue", _("Overdue")), *State.choices]
        category.choices = [ANY, *_choices(reader, "hotline_category")]


class Accepting(forms.Form):
    """Taken on, with the paraphrase."""

    paraphrase = _text(
        _("Paraphrase"), PARAPHRASE_LENGTH, help_text=_("Nothing that tells who called: this is what the unit reads.")
    )
    category = forms.ChoiceField(label=_("What the complaint is about"))
    household = forms.CharField(label=_("Household number"), required=False, max_length=HOUSEHOLD_LENGTH)
    project = forms.CharField(label=_("Project number"), required=False, max_length=PROJECT_LENGTH)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices(reader, "hotline_category")


class Coded(forms.Form):
    """A decision out of a code list, with its words."""

    code = forms.ChoiceField(label=_("Decision"))
    text = _text(_("In words"), TEXT_LENGTH)

    def __init__(
        self, *args: Any, reader: Reader, codes: str, label: Any, words: Any, required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        code, text = self.fields["code"], self.fields["text"]
        assert isinstance(code, forms.ChoiceField)
        code.choices, code.label = [ANY, *_choices(reader, codes)], label
        text.label, text.required = words, required


class Worded(forms.Form):
    """A step that is words alone."""

    text = _text(_("In words"), TEXT_LENGTH)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class Merging(forms.Form):
    """Into which earlier one."""

    into = forms.ChoiceField(label=_("The earlier complaint"))

    def __init__(self, *args: Any, earlier: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *earlier]


class Naming(forms.Form):
    """A broader body that is meant."""

    against = forms.ChoiceField(label=_("The body that is meant"))
    text = _text(_("Why"), TEXT_LENGTH, rows=3)

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["against"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *bodies]


class Routing(forms.Form):
    """The unit that looks into it."""

    unit = forms.ChoiceField(label=_("Unit that looks into it"))
    tell = forms.BooleanField(
        label=_("Tell the unit which household and project were named"),
        required=False,
        help_text=_("Not where that would tell who called."),
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *offered]


class Filing(forms.Form):
    """A file of the inquiry."""

    file = forms.FileField(label=_("File"), help_text=_("PDF or picture, up to 10 MB."))


class Opening(forms.Form):
    """Why the caller's identity is looked at."""

    reason = forms.ChoiceField(label=_("Reason"))
    note = _text(_("For what exactly"), NOTE_LENGTH, rows=2)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *_choices(reader, "hotline_look")]


class Violating(ViolationWish):
    """A violation that follows from a complaint: without a campaign, found on the day."""

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, reader=reader, campaigns=[], **kwargs)
        for name in ("campaign", "found_on"):
            del self.fields[name]


def violation(said: dict[str, Any], on: dt.date) -> NewViolation:
    """What was typed, as it is put on file."""
    return NewViolation(
        area_code=said["area_code"].strip(),
        number=said["number"].strip(),
        campaign=None,
        project=said["project"].strip(),
        kind=said["kind"],
        amount_fen=money.fen_from_yuan(said["amount"]),
        found_on=on,
        what=said["what"].strip(),
        responsible=said["responsible"].strip(),
        due_on=said["due_on"],
    )
