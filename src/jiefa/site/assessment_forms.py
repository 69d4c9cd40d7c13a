"""The shape of what an office types: a figure with its source, and what it ought to be when it appeals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.assessment.models import DECIMALS, REASON_LENGTH, SOURCE_LENGTH

Choices = Sequence[tuple[str, str]]


class AppealWish(forms.Form):
    """What the figure ought to be, and why."""

    value = forms.DecimalField(label=_("What the figure ought to be"), max_digits=15, decimal_places=DECIMALS)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_LENGTH}),
    )


class FigureWish(forms.Form):
    """One figure of a place and year, and where it is from. What its value may be and who may send it in, the list of figures says."""

    area_code = forms.ChoiceField(label=_("Place"))
    year = forms.IntegerField(label=_("Year"), min_value=2011, max_value=2100)
    figure = forms.ChoiceField(label=_("Figure"))
    value = forms.DecimalField(
        label=_("Value"),
        max_digits=15,
        decimal_places=DECIMALS,
        help_text=_("Of a percentage the number alone, such as 9.5; a fall is negative."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=SOURCE_LENGTH,
        help_text=_("Department and document, such as the statistical communiqué of the county."),
    )
    reason = forms.CharField(
        label=_("Reason, where it differs from the figure on file"), max_length=REASON_LENGTH, required=False
    )

    def __init__(self, *args: Any, places: Choices, figures: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("area_code", places), ("figure", figures)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), name
            field.choices = [("", "—"), *choices]

    def cells(self) -> dict[str, str]:
        """The row as a workbook would say it, but for the figure's label."""
        said = self.cleaned_data
        return {
            **{name: str(said[name]) for name in ("area_code", "year", "source", "reason")},
            "value": f"{said['value']:f}",
        }
