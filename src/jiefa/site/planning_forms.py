"""The shapes of what people type about plans: what is asked of a new one, a decision on a single household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiefa.kernel import money
from jiefa.planning.actions.overruling import REASON_LENGTH
from jiefa.planning.models import Plan
from jiefa.policy import Code
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

NOTE_LENGTH = 200
MOST_PEOPLE = 100_000_000
MOST_TIMES = 100


class PlanWish(forms.Form):
    """A plan to be made. What is left empty stands as it is on file."""

    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False)
    guarantee = forms.IntegerField(label=_("People guaranteed"), min_value=0, max_value=MOST_PEOPLE, required=False)
    line = forms.DecimalField(
        label=_("Poverty line, yuan"), min_value=Decimal(1), max_digits=9, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, reader: Reader, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = list(years)
        for year in self.years:
            self.fields[f"target_{year}"] = forms.IntegerField(
                label=gettext("Target of {year}, people").format(year=year),
                min_value=0,
                max_value=MOST_PEOPLE,
                required=False,
            )
        self.resources = [one.id for one in reader.pack.codes("planning_resource").values]
        for one in reader.pack.codes("planning_resource").values:
            self.fields[f"times_{one.id}"] = forms.DecimalField(
                label=gettext("{resource}, times").format(resource=reader.words(one.zh, one.en)),
                min_value=0,
                max_value=MOST_TIMES,
                max_digits=6,
                decimal_places=2,
                required=False,
            )

        targets = [f"target_{year}" for year in self.years]
        self.order_fields([*targets, "guarantee", "line", *(f"times_{name}" for name in self.resources), "note"])

    @property
    def targets(self) -> dict[int, int]:
        said = {year: self.cleaned_data[f"target_{year}"] for year in self.years}
        return {year: people for year, people in said.items() if people is not None}

    @property
    def capacity_times(self) -> dict[str, float]:
        said = {name: self.cleaned_data[f"times_{name}"] for name in self.resources}
        return {name: float(times) for name, times in said.items() if times is not None}

    @property
    def line_fen(self) -> int | None:
        line = self.cleaned_data["line"]
        return None if line is None else money.fen_from_yuan(line)


class OverruleWish(forms.Form):
    """Another year or pathway for one household, with the reason."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    pathway = forms.ChoiceField(label=_("Pathway"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH}),
    )

    def __init__(self, *args: Any, reader: Reader, plan: Plan, pathways: Mapping[str, Code], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year, pathway = self.fields["year"], self.fields["pathway"]
        assert isinstance(year, forms.TypedChoiceField)
        assert isinstance(pathway, forms.ChoiceField)
        year.choices = [ANY, *((str(one), str(one)) for one in plan.years)]
        pathway.choices = [ANY, *((name, reader.words(one.zh, one.en)) for name, one in pathways.items())]


class TakeBackWish(forms.Form):
    """Why a decision no longer holds."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH}),
    )
