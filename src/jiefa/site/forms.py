"""The shapes of what people type on pages: searches, uploads, users. They decide nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jiefa.access.models import ROLE_LABELS
from jiefa.insight.models import FindingState
from jiefa.insight.queries import findings
from jiefa.policy import CodeList
from jiefa.registry.queries.households import Filters
from jiefa.site.presenters import log
from jiefa.site.presenters.words import LEVELS
from jiefa.site.reader import Reader

ANY = ("", "—")


def _choices(codes: CodeList, reader: Reader) -> list[tuple[str, str]]:
    return [ANY, *((code.id, reader.words(code.zh, code.en)) for code in codes.values)]


class SignIn(AuthenticationForm):
    """Django's own, but the user name is called so in the reader's language."""

    username = UsernameField(label=_("User name"), widget=forms.TextInput(attrs={"autofocus": True}))

    def get_invalid_login_error(self) -> ValidationError:
        message = self.error_messages["invalid_login"]
        return ValidationError(message, code="invalid_login", params={"username": self.fields["username"].label})


class HouseholdSearch(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("Name, household number or ID number"), "type": "search"}),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Status"), required=False)
    household_class = forms.ChoiceField(label=_("Class"), required=False)
    cause = forms.ChoiceField(label=_("Main cause"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, codes in (
            ("status", "poverty_status"),
            ("household_class", "household_class"),
            ("cause", "cause"),
            ("kind", "kind"),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = _choices(reader.codes(codes), reader)

    def filters(self, reader: Reader) -> Filters:
        """What could be read of the typed search."""
        typed = self.cleaned_data
        return Filters(
            place=typed.get("place") or None,
            text=typed.get("q") or "",
            status=typed.get("status") or "",
            household_class=typed.get("household_class") or "",
            cause=typed.get("cause") or "",
            kind=typed.get("kind") or "",
            year=reader.year,
            of_past_year=bool(reader.years) and reader.year != reader.years[-1],
        )


class FindingSearch(forms.Form):
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[ANY, *LEVELS])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Not settled")), *FindingState.choices])
    overdue = forms.BooleanField(label=_("Overdue"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ANY,
            *((r.id, f"{r.id} {reader.words(r.zh, r.en)}") for r in reader.pack.quality_rules() if r.scope != "money"),
        ]

    def filters(self, year: int, today: dt.date) -> findings.Filters:
        """What could be read of the typed search."""
        typed = self.cleaned_data
        return findings.Filters(
            year=year,
            rule=typed.get("rule") or "",
            level=typed.get("level") or "",
            state=typed.get("state") or "",
            overdue_on=today if typed.get("overdue") else None,
        )


class RosterUpload(forms.Form):
    file = forms.FileField(label=_("Roster file"), help_text=_("xlsx, xls, ods or csv"))


class WaiverReason(forms.Form):
    reason = forms.CharField(
        label=_("Why the data is right"), max_length=400, min_length=4, widget=forms.Textarea(attrs={"rows": 3})
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AuditSearch(forms.Form):
    action = forms.ChoiceField(label=_("Action"), required=False)
    by = forms.CharField(label=_("User name"), required=False, max_length=60)
    since = _day(_("From"))
    until = _day(_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *log.actions().items()]

    def wanted(self) -> dict[str, Any]:
        """What could be read of the typed filters."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class UserSearch(forms.Form):
    q = forms.CharField(label=_("User name or full name"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("active", _("with a post today")),
            ("idle", _("without a post today")),
            ("first", _("still with the first password")),
            ("locked", _("locked")),
        ],
    )


AREA_HELP = _("The code of the division: 2 digits for the province, 4 prefecture, 6 county, 9 township, 12 village.")


class NewUser(forms.Form):
    username = forms.SlugField(label=_("User name"), max_length=60)
    name = forms.CharField(label=_("Full name"), max_length=60)
    role = forms.ChoiceField(label=_("Role"))
    area = forms.CharField(label=_("Area code"), max_length=12, help_text=AREA_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, label) for role, label in ROLE_LABELS.items()]


class NewPost(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    area = forms.CharField(label=_("Area code"), max_length=12, help_text=AREA_HELP)
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, label) for role, label in ROLE_LABELS.items()]
