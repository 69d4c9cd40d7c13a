"""The shapes of what people type about targets, letters of responsibility and the progress of a month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.funds.models import DOCUMENT_LENGTH
from jiefa.planning.models import REASON_LENGTH
from jiefa.site.planning_forms import MOST_PEOPLE

Choices = Iterable[tuple[str, str]]


def _reason(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH}),
    )


class WordWish(forms.Form):
    """A new word on one target."""

    value = forms.IntegerField(label=_("Target"), min_value=0, max_value=MOST_PEOPLE)
    state = forms.ChoiceField(label=_("State"))
    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH, required=False)
    reason = _reason(required=False)

    def __init__(self, *args: Any, states: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = list(states)


class BelowWish(forms.Form):
    """What is done with a metric of all places right below: sent down from the plan, fixed, or its difference signed for."""

    metric = forms.ChoiceField(label=_("What is to be reached"))
    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH, required=False)
    reason = _reason(required=False)

    def __init__(self, *args: Any, metrics: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric = self.fields["metric"]
        assert isinstance(metric, forms.ChoiceField)
        metric.choices = list(metrics)


class CarryWish(forms.Form):
    """What is left of a year carried over to the next."""

    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH)
    reason = _reason(required=True)


class LetterWish(forms.Form):
    """A letter of responsibility to be drawn up."""

    area_code = forms.ChoiceField(label=_("Who answers"))
    document = forms.CharField(label=_("Document"), max_length=DOCUMENT_LENGTH)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area_code"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = list(places)


class ReasonWish(forms.Form):
    """Why: a month is unlocked."""

    reason = _reason(required=True)


class BehindWish(forms.Form):
    """Why the place is behind with a metric."""

    metric = forms.ChoiceField(label=_("What is to be reached"))
    reason = _reason(required=True)

    def __init__(self, *args: Any, metrics: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric = self.fields["metric"]
        assert isinstance(metric, forms.ChoiceField)
        metric.choices = list(metrics)
