"""The shapes of what people ask of a file of microdata: the file, its columns by name, and what is to be computed.

Whether the file has these columns is known only when it is read; then the field that named a column tells it.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.survey import questions
from jiefa.survey.design import Asked, Lonely
from jiefa.survey.estimate import Asked as Statistic
from jiefa.survey.poverty import SHARE
from jiefa.survey.spec import Spec

MEGABYTES = 20
"""As other files that are read while the sender waits; larger ones go by the command line."""
SPEC_CHARACTERS = 16_384
ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*\w")
"""Aliases of YAML: nine lines of them are gigabytes when they are written into a message."""
NAME_LENGTH = 200
EXAMPLE = """indicators:
  - {column: schooling, weight: 1/3}
  - {column: water, weight: 1/3, deprived_if: [3, 4]}
  - {column: rooms_per_head, weight: 1/3, deprived_if: "< 0.5"}
k: [0.33, 0.5]
by: [county]
missing: exclude"""


def _column(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    # Names of columns are no words: a phone must not correct them.
    widget = forms.TextInput(attrs={"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=NAME_LENGTH, widget=widget)


def several(typed: str | None) -> tuple[str, ...]:
    """The columns of several stages, as they stand between commas."""
    return tuple(name.strip() for name in re.split("[,，]", typed or "") if name.strip())


class FileWish(forms.Form):
    """What every question names: the file, weight and groups."""

    file = forms.FileField(label=_("File of microdata"), help_text=_("CSV (UTF-8 or GB18030), Parquet or Excel"))
    weight = _column(_("Weight"), _("Empty: every row counts as one."))
    by = _column(_("Groups"), _("Results for each group too, such as counties."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES << 20:
            said = _("The file is larger than {megabytes} MB. Leave out columns that are not needed, or use {command}.")
            raise forms.ValidationError(said.format(megabytes=MEGABYTES, command="jiefa survey"))
        return file

    def said(self, name: str) -> str | None:
        """What was typed into a field; None for nothing, and for a field that the form does not have."""
        return self.cleaned_data.get(name) or None

    def names(self) -> dict[str, str]:
        """By each column that was named, the field that names it."""
        named: dict[str, str] = {}
        for name in COLUMN_FIELDS:
            said = self.said(name)
            columns = several(said) if name in ("cluster", "fpc") else (said,)
            named |= {column: name for column in columns if column}
        return named


class PovertyWish(FileWish):
    """Income poverty and inequality."""

    income = _column(_("Income"), _("Income per person, in any unit."), required=True)
    line = forms.FloatField(
        label=_("Line as an amount"), required=False, min_value=0, help_text=_("In the unit of the incomes.")
    )
    share = forms.FloatField(
        label=_("Line as a share of the median"),
        required=False,
        min_value=0.01,
        max_value=2,
        help_text=_("Where no line is given. 60 % is 0.6, which stands if both are empty."),
    )
    field_order = ("file", "income", "line", "share", "weight", "by")

    def question(self) -> questions.Poverty:
        """What is asked, from a form that is valid."""
        said = self.cleaned_data
        return questions.Poverty(
            said["income"], self.said("weight"), said["line"], said["share"] or SHARE, self.said("by")
        )


class DesignWish(FileWish):
    """What says how a sample was drawn. Population sizes (``fpc``) are known to estimates alone."""

    strata = _column(_("Strata"))
    cluster = _column(_("Clusters"), _("What was drawn first, such as villages; of further stages after a comma."))
    lonely = forms.ChoiceField(
        label=_("A single unit in a stratum"),
        choices=[
            (Lonely.REFUSE.value, _("refuse: no error can be estimated")),
            (Lonely.CENTRE.value, _("around the mean of all")),
            (Lonely.CERTAINTY.value, _("drawn for certain, no error")),
        ],
        initial=Lonely.REFUSE.value,
    )

    def drawn(self) -> Asked:
        """The design, from a form that is valid."""
        return Asked(
            self.said("weight"),
            self.said("strata"),
            several(self.said("cluster")),
            several(self.said("fpc")),
            Lonely(self.cleaned_data["lonely"]),
        )


class MultidimensionalWish(DesignWish):
    """Multidimensional poverty by a specification, typed or as a file."""

    spec_text = forms.CharField(
        label=_("Specification"),
        required=False,
        max_length=SPEC_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("Indicators, weights and cut-offs, as in the example; or as a file, below."),
    )
    spec_file = forms.FileField(label=_("Specification as a file"), required=False, help_text=_("YAML, in UTF-8"))
    field_order = (*("file", "spec_text", "spec_file", "by", "weight", "strata", "cluster", "cluster_2", "lonely"),)

    def clean_spec_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["spec_file"]
        if file is None:
            return ""
        if file.size > SPEC_CHARACTERS:
            raise forms.ValidationError(_("A specification is a short text; this file is too large for one."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is not in UTF-8. Save it as UTF-8 and choose it again.")) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        typed, loaded = (said.get(name, "").strip() for name in ("spec_text", "spec_file"))
        if typed and loaded:
            self.add_error("spec_text", _("Give the specification once: typed here or as a file."))
        elif not typed and not loaded and not self.errors:
            self.add_error("spec_text", _("Say which indicators count: type a specification or choose its file."))
        elif ALIAS.search(typed or loaded):
            said_of_it = _("A specification has no use for aliases (*name); write the values out.")
            self.add_error("spec_text" if typed else "spec_file", said_of_it)
        return said

    @property
    def specified(self) -> tuple[str, str]:
        """The field that gave the specification, and its text."""
        name = "spec_text" if self.cleaned_data["spec_text"].strip() else "spec_file"
        return name, self.cleaned_data[name]

    def question(self, spec: Spec) -> questions.Multidimensional:
        """What is asked, from a form that is valid and the specification in it."""
        return questions.Multidimensional(spec, self.drawn(), self.said("by"))


class EstimateWish(DesignWish):
    """A mean, total, proportion or ratio."""

    statistic = forms.ChoiceField(
        label=_("What is estimated"),
        choices=[
            (Statistic.MEAN.value, _("mean")),
            (Statistic.TOTAL.value, _("total")),
            (Statistic.PROPORTION.value, _("proportion of each category")),
            (Statistic.RATIO.value, _("ratio of two totals")),
        ],
    )
    variable = _column(_("Variable"), required=True)
    denominator = _column(_("Denominator"), _("Of a ratio alone."))
    fpc = _column(
        _("Number of units there are"),
        _("In the stratum, or as a share of those drawn; of further stages, and last of the rows, after a comma."),
    )
    field_order = (
        *("file", "statistic", "variable", "denominator", "by", "weight", "strata", "cluster", "fpc", "lonely"),
    )

    def question(self) -> questions.Estimates:
        """What is asked, from a form that is valid."""
        statistic = Statistic(self.cleaned_data["statistic"])
        return questions.Estimates(
            statistic, self.cleaned_data["variable"], self.drawn(), self.said("denominator"), self.said("by")
        )


COLUMN_FIELDS = ("income", "variable", "denominator", "by", "weight", "strata", "cluster", "fpc")
