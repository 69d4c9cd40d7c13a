"""The shape of what a county types when it appeals against a figure of its assessment."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.assessment.models import DECIMALS, REASON_LENGTH


class AppealWish(forms.Form):
    """What the figure ought to be, and why."""

    value = forms.DecimalField(label=_("What the figure ought to be"), max_digits=15, decimal_places=DECIMALS)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_LENGTH}),
    )
