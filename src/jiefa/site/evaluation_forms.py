"""The shapes of what people type about evaluations: a sample to be drawn, a wanted margin, a replacement, a hand-over, a rebuttal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.evaluation.actions.drawing import SEED_BITS
from jiefa.evaluation.actions.rebutting import WHY_LENGTH
from jiefa.evaluation.models import NOTE_LENGTH, Replacement

Choices = Iterable[tuple[str, str]]
MOST_VILLAGES, MOST_HOUSEHOLDS = 2_000, 500
NUMBERS = (
    "poor_villages",
    "other_villages",
    "exited_households",
    "poor_households",
    "outside_households",
    "reserve_households",
)


def _number(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most)


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": NOTE_LENGTH}),
    )


class DrawWish(forms.Form):
    """A sample to be drawn. ``evaluator`` is there only where one is ordered for somebody else."""

    place = forms.ChoiceField(label=_("Place"))
    evaluator = forms.ChoiceField(label=_("Evaluator"))
    poor_villages = _number(_("Poor villages"), MOST_VILLAGES)
    other_villages = _number(_("Other villages"), MOST_VILLAGES)
    exited_households = _number(_("In a village: left poverty"), MOST_HOUSEHOLDS)
    poor_households = _number(_("In a village: still poor"), MOST_HOUSEHOLDS)
    outside_households = _number(_("In a village: on no file"), MOST_HOUSEHOLDS)
    reserve_households = _number(_("In reserve of each kind"), MOST_HOUSEHOLDS)
    by_size = forms.BooleanField(
        label=_("Villages by their number of households"),
        required=False,
        help_text=_("Large villages then come more often; the estimates know it."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=2**SEED_BITS - 1,
        help_text=_("Empty: one by chance, which is kept. With seed and snapshot anybody draws the same again."),
    )

    def __init__(self, *args: Any, places: Choices, evaluators: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("place", places), ("evaluator", evaluators)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)


class MarginWish(forms.Form):
    """How well a share is to be known, in per cent; what stands already follows the usual sample."""

    margin = forms.DecimalField(label=_("Margin, ± per cent"), min_value=0, max_value=49, decimal_places=2)
    share = forms.DecimalField(label=_("Share expected, per cent"), min_value=0, max_value=99, decimal_places=2)
    per_village = forms.IntegerField(label=_("Households in a village"), min_value=1, max_value=MOST_HOUSEHOLDS)
    rho = forms.DecimalField(
        label=_("Correlation within a village"),
        min_value=0,
        max_value=1,
        decimal_places=3,
        help_text=_("0 where villages are alike."),
    )
    response = forms.DecimalField(label=_("Who answers, per cent"), min_value=1, max_value=100, decimal_places=1)
    population = forms.IntegerField(
        label=_("Households there are"),
        required=False,
        min_value=1,
        help_text=_("Empty: so many that it does not matter."),
    )
    confidence = forms.DecimalField(
        label=_("Confidence, per cent"),
        required=False,
        min_value=50,
        max_value=Decimal("99.9"),
        decimal_places=1,
        help_text=_("Empty: 95."),
    )


class ReplacementWish(forms.Form):
    """A household that could not be asked."""

    sheet = forms.IntegerField(label=_("Sheet"), min_value=1)
    reason = forms.ChoiceField(label=_("Why it could not be asked"), choices=Replacement.Reason.choices)
    note = _note()


class HandOverWish(forms.Form):
    """The hand-over, confirmed."""

    note = _note()
    confirmed = forms.BooleanField(label=_("I hand these results over; nothing can be added afterwards."))


class RebuttalWish(forms.Form):
    """Why what was found in a household is wrong."""

    why = forms.CharField(
        label=_("Why the finding is wrong"),
        max_length=WHY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": WHY_LENGTH}),
        help_text=_("Name the facts and the papers that show them; the papers are laid in on the next page."),
    )
