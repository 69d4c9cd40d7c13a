"""The shapes of what people type about help: searches, lists, cases, loans, what is paid back or into a fund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.assistance.queries.programmes import ARRIVED
from jiefa.assistance.rules import programmes as rules
from jiefa.kernel import money
from jiefa.policy import CodeList, Field, Programme
from jiefa.registry.models import Person
from jiefa.site.card_forms import form_field
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader

LONGEST = 200


def _choices(reader: Reader, codes: CodeList) -> list[tuple[str, str]]:
    return [(code.id, reader.words(code.zh, code.en)) for code in codes.values]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _yuan(label: Any, *, least: str = "0", required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=Decimal(least), required=required)


class CaseSearch(forms.Form):
    q = forms.CharField(label=_("Household number or head"), required=False, max_length=60)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        stages = [(stage.id, reader.words(stage.zh, stage.en)) for stage in programme.stages]
        field.choices = [ANY, ("none", _("no stage reached yet")), (ARRIVED, _("arrived")), *stages]


class LoanSearch(forms.Form):
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *_choices(reader, reader.pack.codes("loan_stage"))]


class IndustrySearch(forms.Form):
    q = forms.CharField(label=_("Number or name"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind of organisation"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known in (("kind", "industry_body"), ("industry", "industry")):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [ANY, *_choices(reader, reader.pack.codes(known))]


class HelpFile(forms.Form):
    file = forms.FileField(label=_("List"), help_text=_("xlsx, xls, ods or csv"))


class OwnColumns(forms.Form):
    """The own columns of a programme, as the pack types them; and the member, where it is about one."""

    def __init__(
        self,
        *args: Any,
        reader: Reader,
        programme: Programme,
        own: Mapping[str, object] | None = None,
        members: Sequence[Person] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if members is not None:
            choices = [(str(member.pk), member.name) for member in members]
            self.fields["person"] = forms.ChoiceField(label=_("Member"), choices=[ANY, *choices])
        for field in programme.fields:
            made = form_field(reader, field)
            made.required = field.required
            if own is not None:
                made.initial = _shown(field, own)
            self.fields[field.id] = made
        self.columns = programme.fields

    @property
    def own(self) -> dict[str, object]:
        """What was typed, by column: money in fen, empty ones left out."""
        return {field.id: _typed(field, self.cleaned_data[field.id]) for field in self.columns}


def _typed(field: Field, value: Any) -> object:
    if value in (None, ""):
        return None
    return money.fen_from_yuan(value) if field.type == "money" else value


def _shown(field: Field, own: Mapping[str, object]) -> object:
    value = own.get(field.id)
    if value is None:
        return None
    if field.type == "money":
        return money.yuan_from_fen(int(str(value)))
    if field.type == "date":
        return rules.day(own, field.id)
    return str(value) if field.type == "bool" else value


class LoanWish(forms.Form):
    """What a household asks a bank for."""

    borrower = forms.ChoiceField(label=_("Borrower"))
    amount = _yuan(_("Amount, yuan"), least="1")
    months = forms.IntegerField(label=_("Term in months"), min_value=1)
    use = forms.ChoiceField(label=_("Use"))
    platform = forms.ChoiceField(label=_("Lender"))
    rate_percent = forms.DecimalField(
        label=_("Rate a year, per cent"), max_digits=5, decimal_places=3, min_value=Decimal(0)
    )

    def __init__(self, *args: Any, reader: Reader, members: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "borrower": [(str(member.pk), member.name) for member in members],
            "use": _choices(reader, reader.pack.codes("loan_use")),
            "platform": _choices(reader, reader.pack.codes("credit_platform")),
        }
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [ANY, *known]


class LoanPaid(forms.Form):
    """What a household paid back."""

    on = _day(_("Day"))
    principal = _yuan(_("Principal, yuan"), required=False)
    interest = _yuan(_("Interest, yuan"), required=False)
    voucher = forms.CharField(label=_("Voucher"), max_length=60, required=False)


class FundPaid(forms.Form):
    """What was paid into a fund."""

    on = _day(_("Day"))
    amount = _yuan(_("Amount, yuan"), least="0.01")
    source = forms.CharField(label=_("Whose money"), max_length=LONGEST)


class PartyNamed(forms.Form):
    """Who fills a role of microcredit, and from when."""

    role = forms.ChoiceField(label=_("Role"))
    name = forms.CharField(label=_("Unit"), max_length=100)
    on = _day(_("From"))

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices(reader, reader.pack.codes("credit_role"))


class SubsidySpan(forms.Form):
    """The days of which the interest is paid back."""

    first = _day(_("From"))
    last = _day(_("Until"))


class Promised(forms.Form):
    """One measure to be agreed with a household."""

    cause = forms.ChoiceField(label=_("Which cause it answers"), required=False)
    kind = forms.ChoiceField(label=_("Measure"))
    what = forms.CharField(label=_("What exactly"), max_length=LONGEST, required=False)
    person = forms.ChoiceField(label=_("For whom"), required=False)
    responsible = forms.CharField(label=_("Who answers for it"), max_length=60)
    responsible_user = forms.CharField(label=_("User name of this person"), max_length=150, required=False)
    planned_on = _day(_("Until when"))
    amount = _yuan(_("Money, yuan"), required=False)

    def __init__(
        self, *args: Any, reader: Reader, causes: Sequence[str], members: Sequence[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "cause": [(cause, reader.label("cause", cause)) for cause in causes],
            "kind": _choices(reader, reader.pack.codes("suggested_measure")),
            "person": [(str(member.pk), member.name) for member in members],
        }
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [ANY, *known]


class Arrived(forms.Form):
    """What arrived of a measure and what came of it."""

    on = _day(_("Arrived on"))
    amount = _yuan(_("Money, yuan"), required=False)
    result = forms.CharField(
        label=_("What came of it"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
    )
