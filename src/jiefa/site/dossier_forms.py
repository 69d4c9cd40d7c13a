"""The shapes of what people type about dossiers: the search, a decision with its facts and files, a list decided at once.

They decide nothing: whether a fact is needed or a file is missing is said by ``jiefa.procedures.rules``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from jiefa.areas.models import Division
from jiefa.policy import Ask, Step
from jiefa.procedures import evidence
from jiefa.procedures.queries import Filters
from jiefa.procedures.rules import OPINION_LENGTH
from jiefa.site.forms import ANY
from jiefa.site.presenters.dossiers import STATES
from jiefa.site.reader import Reader

FIRST_YEAR = 2013
"""The baseline: its households were identified in 2014, on cards of 2013."""
FLAGS = (("yes", _("yes")), ("no", _("no")))
ACCEPTED = ",".join(kind.media_type for kind in evidence.KINDS)
SENT_AT_ONCE = 1_000
"""Dossiers in one request: as many as the records take together."""


class DossierSearch(forms.Form):
    """The filters of the lists. A value that is not offered lists nothing: an unknown filter never widens a list."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Household number or name")}),
    )
    place = forms.ChoiceField(label=_("Place"), required=False)
    step = forms.ChoiceField(label=_("Procedure and step"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *STATES])
    of = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)
    view = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[("", ""), ("desk", ""), ("all", "")])
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, places: Sequence[Division], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("place", [ANY, *((place.code, place.name) for place in places)])
        self._choose("step", [ANY, *_steps(reader)])
        self._choose("of", [ANY, *((str(year), str(year)) for year in range(today.year + 1, FIRST_YEAR - 1, -1))])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def filters(self, today: dt.date) -> Filters | None:
        """What is asked for; None when a value is not one of those offered."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        procedure, _dot, step = typed["step"].partition(".")
        return Filters(
            place=typed["place"] or None,
            procedure=procedure,
            step=step,
            outcome=typed["state"],
            year=typed["of"],
            overdue_on=today if typed["overdue"] else None,
            text=typed["q"],
        )


def _steps(reader: Reader) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every procedure as a group: itself, then its steps in any version."""
    groups = []
    for versions in reader.pack.procedures.values():
        name = reader.words(versions[-1].zh, versions[-1].en)
        steps = {step.id: reader.words(step.zh, step.en) for version in versions for step in version.steps}
        identity = versions[-1].id
        groups.append(
            (name, [(identity, name), *((f"{identity}.{step}", f"— {label}") for step, label in steps.items())])
        )
    return groups


class StepForm(forms.Form):
    """A decision at one step: opinion, the facts it asks for, the files it needs. Field names: ``fact_ID``, ``file_KIND``."""

    opinion = forms.CharField(
        label=_("Opinion"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": OPINION_LENGTH}),
    )

    def __init__(self, *args: Any, reader: Reader, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        asks = {ask.id: ask for step in steps for ask in step.asks}
        self.asks = tuple(asks.values())
        self.kinds = tuple(dict.fromkeys(kind for step in steps for kind in step.evidence))
        for ask in self.asks:
            self.fields[f"fact_{ask.id}"] = _fact(ask, reader)
        for kind in self.kinds:
            self.fields[f"file_{kind}"] = _file(reader.label("evidence", kind))
        self.fields["other_kind"] = forms.ChoiceField(
            label=_("Another file"),
            required=False,
            choices=[
                ANY,
                *((code.id, reader.words(code.zh, code.en)) for code in reader.pack.codes("evidence").values),
            ],
        )
        self.fields["other_file"] = _file(_("File"))
        self.order_fields([f"fact_{ask.id}" for ask in self.asks] + ["opinion"])

    @property
    def facts(self) -> dict[str, object]:
        """What was stated, by fact; what was left empty is not there."""
        typed = {ask.id: self.cleaned_data.get(f"fact_{ask.id}") for ask in self.asks}
        return {name: value for name, value in typed.items() if value not in (None, "")}

    @property
    def sent(self) -> list[tuple[str, UploadedFile[Any]]]:
        """The files that came along, each with its kind."""
        found = [(kind, self.cleaned_data.get(f"file_{kind}")) for kind in self.kinds]
        found.append((self.cleaned_data.get("other_kind") or "other", self.cleaned_data.get("other_file")))
        return [(kind, file) for kind, file in found if file is not None]

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        return [self[f"fact_{ask.id}"] for ask in self.asks]

    def file_field(self, kind: str) -> forms.BoundField:
        return self[f"file_{kind}"]


def _file(label: Any) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": ACCEPTED})
    return forms.FileField(label=label, required=False, allow_empty_file=True, widget=widget)


def _fact(ask: Ask, reader: Reader) -> forms.Field:
    label = reader.words(ask.zh, ask.en)
    if ask.kind == "count":
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 0})
        return forms.IntegerField(label=label, required=False, min_value=0, widget=widget)
    if ask.kind == "flag":
        # A tick cannot tell "no" from "not answered".
        coerce: Mapping[str, bool] = {"yes": True, "no": False}
        return forms.TypedChoiceField(
            label=label, required=False, choices=FLAGS, widget=forms.RadioSelect, coerce=coerce.get, empty_value=None
        )
    if ask.kind == "date":
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=False, widget=day)
    return forms.CharField(label=label, required=False, max_length=OPINION_LENGTH)


def ticked(values: Sequence[str]) -> dict[int, int] | None:
    """``{dossier: version seen}`` from ticks of the form ``DOSSIER:VERSION``; None when one of them is nothing of the kind."""
    found: dict[int, int] = {}
    for value in values:
        dossier, _colon, version = value.partition(":")
        if not (dossier.isdecimal() and version.isdecimal() and len(value) < 30):
            return None
        found[int(dossier)] = int(version)
    return found if len(found) <= SENT_AT_ONCE else None
