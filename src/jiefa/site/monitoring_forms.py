"""The shapes of what people type about households after exit: filters, what happened, why a lead is closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.monitoring.actions.events import DETAIL_LENGTH, REASON_LENGTH, REPORTED, Happened
from jiefa.monitoring.models import EventState
from jiefa.monitoring.rules.tables import BEGUN, KEPT_ON, STOPPED
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

UNMEASURED, LATE = "unmeasured", "late"
MOST_YUAN = 100_000_000


class _Search(forms.Form):
    """What every filter carries along."""

    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer(self, name: str, first: tuple[str, Any], reader: Reader, codes: str) -> None:
        """The choices of a field: ``first``, then the code list."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [first, *((one.id, reader.words(one.zh, one.en)) for one in reader.pack.codes(codes).values)]


class WatchSearch(_Search):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("watched now")),
            (UNMEASURED, _("watched, and no measure")),
            ("removed", _("risk removed")),
            ("relapsed", _("fell into poverty")),
            ("closed", _("household closed")),
        ],
    )
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("group", ANY, reader, "watched_group")


class WatchLeadSearch(_Search):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ANY, (LATE, _("open too long")), *EventState.choices]
    )
    trigger = forms.ChoiceField(label=_("Trigger"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("trigger", ANY, reader, "watch_trigger")
        self.offer("source", ANY, reader, "lead_source")


class KeptSearch(_Search):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(STOPPED, _("stopped")), (KEPT_ON, _("went on")), (BEGUN, _("began after exit"))],
    )
    policy = forms.ChoiceField(label=_("Help"), required=False)

    def __init__(self, *args: Any, policies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["policy"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *policies]


class Reported(forms.Form):
    """What the household told, or what a visit saw."""

    source = forms.ChoiceField(label=_("How it came"))
    trigger = forms.ChoiceField(label=_("What happened"))
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    amount = forms.DecimalField(
        label=_("Amount, yuan"), required=False, min_value=0, max_value=MOST_YUAN, max_digits=11, decimal_places=2
    )
    detail = forms.CharField(
        label=_("What it says"),
        required=False,
        max_length=DETAIL_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": DETAIL_LENGTH}),
        help_text=_("No number of a certificate, telephone or account."),
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = reader.pack.codes("lead_source").by_id
        for name, codes in (
            ("source", [sources[one] for one in REPORTED]),
            ("trigger", list(reader.pack.codes("watch_trigger").values)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(one.id, reader.words(one.zh, one.en)) for one in codes]

    @property
    def happened(self) -> Happened:
        typed = self.cleaned_data
        amount = typed.get("amount")
        fen = None if amount is None else int(amount * 100)
        return Happened(typed["source"], typed["trigger"], typed["on"], fen, typed.get("detail") or "")


class Closing(forms.Form):
    """Why a lead ends without a watch."""

    reason = forms.CharField(
        label=_("What was found on the spot, and why it is not watched"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH}),
    )
