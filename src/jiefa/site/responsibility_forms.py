"""The shapes of what people type about responsibility: a visit, an appointment, a cadre, a team, days of a month, a round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel import division_codes
from jiefa.procedures import evidence
from jiefa.responsibility.models import Cadre, Organisation
from jiefa.responsibility.queries import people
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

PICTURES = ",".join(kind.media_type for kind in evidence.KINDS if kind.media_type.startswith("image/"))
OFFERED = 300
"""Cadres that the field offers while typing; whoever else is meant is named by number."""


def day_field(label: Any) -> forms.DateField:
    """A day up to today."""
    attributes = {"type": "date", "max": f"{timezone.localdate():%Y-%m-%d}"}
    return forms.DateField(label=label, widget=forms.DateInput(attrs=attributes, format="%Y-%m-%d"))


def _text(label: Any, most: int, *, required: bool = True, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


def coded(label: Any, codes: str, reader: Reader, *, required: bool = True) -> forms.ChoiceField:
    """One of the codes of a list, by its label."""
    values = [(code.id, reader.words(code.zh, code.en)) for code in reader.codes(codes).values]
    return forms.ChoiceField(label=label, required=required, choices=values if required else [ANY, *values])


def cadre_field(label: Any) -> forms.CharField:
    """A cadre named by number or, where only one is called so, by name; the page offers those of the area."""
    widget = forms.TextInput(attrs={"list": "cadres-offered", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=60, widget=widget)


class NamesCadre(forms.Form):
    """A form with a field ``cadre``; ``permission``: whom its reader may name by."""

    permission = Permission.HELPER_ASSIGN

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_cadre(self) -> Cadre | None:
        return self.meant(self.cleaned_data["cadre"])

    def meant(self, text: str) -> Cadre | None:
        """The one who is meant, with the number in front of ``·`` where it was chosen from the list."""
        typed = text.split("·")[0].strip()
        if not typed:
            return None
        every = people.cadres(self.reader.actor.scope(self.permission))
        named = list(every.filter(number=typed)[:1]) or list(every.filter(name=typed, to_date__isnull=True)[:2])
        if len(named) == 1:
            return named[0]
        if named:
            raise forms.ValidationError(_("More than one cadre is called so. Give the number."))
        raise forms.ValidationError(_("Nobody posted in your area or above it has this name or number."))

    @property
    def offered(self) -> list[str]:
        """What the field ``cadre`` offers while typing."""
        every = people.cadres(self.reader.actor.scope(self.permission)).filter(to_date__isnull=True)
        return [f"{one.number} · {one.name} · {one.organisation.name}" for one in every[:OFFERED]]


class Visit(NamesCadre):
    """A visit of a household; ``cadre`` only where the reader writes down visits of others."""

    on = day_field(_("Day of the visit"))
    found = _text(_("What was seen and heard"), 1000)
    next_step = _text(_("Agreed next step"), 400, required=False, rows=2)
    place = forms.CharField(label=_("Where, if not at home"), max_length=120, required=False)
    photo = forms.FileField(
        label=_("Photograph"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}),
    )

    def __init__(self, *args: Any, reader: Reader, of_others: bool, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, reader=reader, **kwargs)
        self.fields["purpose"] = coded(_("Purpose"), "visit_purpose", reader)
        self.initial.setdefault("purpose", "regular")
        if of_others:
            self.fields["cadre"] = cadre_field(_("Who visited"))
        if corrects:
            self.fields["reason"] = forms.CharField(label=_("What was wrong"), max_length=200)
            self.fields["void"] = forms.BooleanField(label=_("There was no such visit"), required=False)
        self.order_fields(["cadre", "on", "purpose", "found", "next_step", "photo", "place", "reason", "void"])

    def clean_photo(self) -> Any:
        sent = self.cleaned_data["photo"]
        if sent is not None and sent.size > evidence.LARGEST:
            megabytes = evidence.LARGEST >> 20
            raise forms.ValidationError(_("The photograph is larger than {megabytes} MB.").format(megabytes=megabytes))
        return sent


class Appoint(NamesCadre):
    """Who shall answer, from which day on; left empty: nobody."""

    cadre = cadre_field(_("Who shall answer"))
    on = day_field(_("From which day"))

    def __init__(self, *args: Any, nobody: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if nobody:
            self.fields["cadre"].required = False
            self.fields["cadre"].help_text = _(
                "Left empty: the households stand on the list of those without a helper."
            )


class CadreSearch(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)


class NewCadre(forms.Form):
    """A cadre to be entered; the organisation is one on file or a new one by name."""

    number = forms.CharField(label=_("Number"), max_length=32)
    name = forms.CharField(label=_("Full name"), max_length=60)
    organisation = forms.CharField(
        label=_("Organisation"), max_length=80, widget=forms.TextInput(attrs={"list": "organisations-offered"})
    )
    area = forms.CharField(label=_("Posted in (area code)"), max_length=12)
    username = forms.CharField(label=_("User name, if the cadre signs in"), max_length=60, required=False)
    since = day_field(_("Serves since"))

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.fields["rank"] = coded(_("Rank"), "cadre_rank", reader)
        self.fields["kind"] = coded(_("Kind of organisation"), "organisation_kind", reader)
        self.order_fields(["number", "name", "rank", "organisation", "kind", "area", "username", "since"])

    def clean_area(self) -> str:
        code: str = self.cleaned_data["area"].strip()
        if not (code.isdecimal() and len(code) in division_codes.LEVEL_OF_LENGTH and areas.several([code])):
            raise forms.ValidationError(_("There is no division with this code."))
        return code

    @property
    def offered(self) -> list[Organisation]:
        """Organisations on file, offered while typing."""
        return list(people.organisations(self.reader.actor.scope(Permission.HELPER_ASSIGN))[:OFFERED])


class Team(NamesCadre):
    """Up to ``PLACES`` people of a team; the first is the first secretary where ``first`` is ticked."""

    on = day_field(_("From which day"))
    first = forms.BooleanField(label=_("The first of them is first secretary"), required=False, initial=True)

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"member_{place}" for place in range(1, places + 1)]
        for place, name in enumerate(self.names, start=1):
            self.fields[name] = cadre_field(_("Member {number}").format(number=place))
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in self.names:
            try:
                typed[name] = self.meant(typed.get(name) or "")
            except forms.ValidationError as problem:
                self.add_error(name, problem)
        return typed

    @property
    def members(self) -> list[tuple[int, str]]:
        """``(cadre, role)`` of those who were named."""
        chosen = [self.cleaned_data[name] for name in self.names if self.cleaned_data.get(name)]
        first = self.cleaned_data["first"]
        return [(one.pk, "first_sec" if first and place == 0 else "member") for place, one in enumerate(chosen)]


class NewRound(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=60)
    begins = forms.DateField(label=_("Begins"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends = forms.DateField(label=_("Ends"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        begins, ends = typed.get("begins"), typed.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("A round cannot end before it begins."))
        return typed


class ListFile(forms.Form):
    file = forms.FileField(label=_("List"), help_text=_("xlsx, xls, ods or csv"))


class ProposalForm(forms.Form):
    """How many households one cadre may get at most, and from which day the helpers answer."""

    most = forms.IntegerField(label=_("Households of one cadre at most"), required=False, min_value=1, max_value=200)
    on = forms.DateField(
        label=_("From which day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)
