"""The shapes of what people type about pairings (a unit with places, a promise, an arrival) and about days in a village."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel import money
from jiefa.responsibility.models import Arrival, Commitment, Organisation, TeamMember
from jiefa.responsibility.queries import people
from jiefa.responsibility.queries.lists import LEAVE
from jiefa.site.reader import Reader
from jiefa.site.responsibility_forms import OFFERED, NamesCadre, cadre_field, coded, day_field

MOST_PLACES = 200
MOST_YUAN = 100_000_000_000


class Pair(NamesCadre):
    """A unit, or a leader of it, with one or more places, one code a line."""

    permission = Permission.PAIRING_RECORD
    organisation = forms.CharField(
        label=_("Organisation"), max_length=80, widget=forms.TextInput(attrs={"list": "organisations-offered"})
    )
    cadre = cadre_field(_("Leader"))
    places = forms.CharField(
        label=_("Codes of the places"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: 4 digits for a prefecture, 6 a county, 9 a township, 12 a village."),
    )
    seat = forms.CharField(
        label=_("Seat"), max_length=12, initial="52", help_text=_("52 for units of the province or from outside.")
    )
    on = day_field(_("From which day"))

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, reader=reader, **kwargs)
        self.fields["cadre"].required = False
        self.fields["cadre"].help_text = _("Only where a leader is linked with places.")
        self.fields["organisation_kind"] = coded(_("Kind of organisation"), "organisation_kind", reader)
        self.fields["kind"] = coded(_("Kind of pairing"), "pairing_kind", reader)
        self.order_fields(["kind", "organisation", "organisation_kind", "seat", "cadre", "places", "on"])

    def clean_places(self) -> list[str]:
        codes = self.cleaned_data["places"].split()
        if len(codes) > MOST_PLACES:
            raise forms.ValidationError(_("These are more places than one form takes. Load a list."))
        known = areas.named(codes)
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(_("There is no division with the code {code}.").format(code=unknown[0]))
        return list(dict.fromkeys(codes))

    def clean_seat(self) -> str:
        seat: str = self.cleaned_data["seat"].strip()
        if not areas.named([seat]):
            raise forms.ValidationError(_("There is no division with this code."))
        return seat

    @property
    def organisations_offered(self) -> list[Organisation]:
        """Organisations on file, offered while typing."""
        return list(people.organisations(self.reader.actor.scope(self.permission))[:OFFERED])


class Line(forms.Form):
    """A line of a pairing's book; ``reason`` only where it corrects an earlier one."""

    on = day_field(_("Day"))
    what = forms.CharField(label=_("What and how much"), max_length=200)
    amount = forms.DecimalField(
        label=_("Amount or value, yuan"), min_value=0, max_value=MOST_YUAN, decimal_places=2, initial=0
    )

    def __init__(self, *args: Any, reader: Reader, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"] = coded(_("Form"), "aid_form", reader)
        if corrects:
            self.fields["reason"] = forms.CharField(label=_("What was wrong"), max_length=200)

    @property
    def amount_fen(self) -> int:
        return money.fen_from_yuan(self.cleaned_data["amount"])


class Promise(Line):
    due = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["on", "form", "what", "amount", "due", "reason"])


class Came(Line):
    voucher = forms.CharField(
        label=_("Voucher"), max_length=60, required=False, help_text=_("Asked for where money came.")
    )
    area_code = forms.CharField(
        label=_("Code of the place"), max_length=12, required=False, help_text=_("Left empty: the paired place itself.")
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, reader=reader, **kwargs)
        self.fields["source"] = coded(_("Source"), "aid_source", reader)
        self.order_fields(["on", "form", "what", "amount", "source", "voucher", "area_code", "reason"])

    def clean_area_code(self) -> str:
        code: str = self.cleaned_data["area_code"].strip()
        if code and not areas.named([code]):
            raise forms.ValidationError(_("There is no division with this code."))
        return code


def on_file(line: Commitment | Arrival) -> dict[str, Any]:
    """What the form of a correction begins with: the line that is wrong."""
    names = ("on", "form", "what", "due", "source", "voucher", "area_code")
    return {name: getattr(line, name) for name in names if hasattr(line, name)} | {
        "amount": money.yuan_from_fen(line.amount_fen)
    }


class Ends(forms.Form):
    on = day_field(_("Holds no longer from"))


class Days(forms.Form):
    """Days present and on leave in a month of everybody who served in a village; a row left empty says nothing."""

    def __init__(self, *args: Any, members: list[TeamMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for one in members:
            for name in ("present", *LEAVE):
                self.fields[f"{name}_{one.cadre_id}"] = forms.IntegerField(required=False, min_value=0, max_value=31)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for one in self.members:
            leave = any(typed.get(f"{kind}_{one.cadre_id}") for kind in LEAVE)
            if leave and typed.get(f"present_{one.cadre_id}") is None:
                self.add_error(f"present_{one.cadre_id}", _("Give the days present too, 0 if there were none."))
        return typed

    def typed(self, cadre_id: int) -> tuple[int, dict[str, int]] | None:
        """Days present and on leave of a member; None where nothing was typed."""
        present = self.cleaned_data.get(f"present_{cadre_id}")
        if present is None:
            return None
        return present, {kind: days for kind in LEAVE if (days := self.cleaned_data.get(f"{kind}_{cadre_id}"))}


def last_whole_month(on: dt.date) -> dt.date:
    """The first day of the last month that was over on that day."""
    tomorrow = on + dt.timedelta(days=1)
    return (tomorrow.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def month_of(text: str, otherwise: dt.date) -> dt.date:
    """The first day of ``2015-04``; of another month where it is nothing of the kind, or still to come."""
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise
    return found if dt.date(2010, 1, 1) <= found <= timezone.localdate() else otherwise
