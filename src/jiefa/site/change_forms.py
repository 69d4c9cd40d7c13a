"""Forms of the changes of a household: one per thing that a kind does, with the roster's own fields for who comes.

They read what was typed into a ``Request``; whether it can be is said by ``jiefa.changes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.changes import queries
from jiefa.changes.queries import Standing
from jiefa.changes.rules import kinds
from jiefa.changes.rules.kinds import Doing
from jiefa.changes.rules.proposal import NEW, SEALED_FIELDS, Proposal
from jiefa.changes.rules.refusals import ChangeRefused
from jiefa.changes.rules.request import JOIN_FIELDS, JOIN_NEEDED, Request
from jiefa.kernel import money
from jiefa.procedures.rules import OPINION_LENGTH
from jiefa.registry.models import Household
from jiefa.registry.queries import households
from jiefa.site import card_forms
from jiefa.site.presenters.words import fields
from jiefa.site.reader import Reader

NOT_AT_BIRTH = frozenset(("birth_date", "education", "school_stage", "labour"))
"""What nobody asks of a newborn; the day of birth is the day of the change."""
NUMBER_LENGTH = 32


class ChangeForm(Protocol):
    """What a page needs of a change's form, whichever kind it is for."""

    @property
    def sections(self) -> list[dict[str, Any]]: ...

    def is_valid(self) -> bool: ...

    def request(self) -> Request: ...

    def refuse(self, reason: ChangeRefused, said: str) -> None: ...


def form_of(
    reader: Reader, now: Standing, kind: str, posted: QueryDict | None, earlier: Proposal | None = None
) -> ChangeForm:
    """The form of a kind of change about the household as it stands; of one that is put right filled in as it was proposed."""
    what = kinds.doing(kind, reader.pack)
    if what is Doing.CORRECTION:
        return _correction(reader, now, posted, earlier)
    return _FORMS[what](posted, reader=reader, now=now, kind=kind, earlier=earlier)


class _Form(forms.Form):
    """The day and the remark that every kind has."""

    def __init__(
        self, posted: QueryDict | None, *, reader: Reader, now: Standing, kind: str, earlier: Proposal | None
    ) -> None:
        first = {"on": earlier.on, "remark": earlier.remark, **self.proposed(earlier)} if earlier is not None else {}
        super().__init__(posted, initial=first)
        self.reader, self.now, self.kind, self.earlier = reader, now, kind, earlier
        self.fields["on"] = _day(_("The day on which it happened."))
        self.build()
        self.fields["remark"] = _remark()

    def build(self) -> None:
        """The fields of this kind."""

    @staticmethod
    def proposed(earlier: Proposal) -> dict[str, Any]:
        """What a proposal said, by the fields of this kind."""
        stated = {line.person: line.after for line in earlier.lines if line.field == "relation" and line.person}
        return {f"relation-{person}": relation for person, relation in stated.items()}

    @property
    def relation_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("relation-")]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The fields in groups: what happened, everybody's relation to the head, the remark."""
        apart = {"remark", *self.relation_names}
        found = [_section(_("What happened"), [self[name] for name in self.fields if name not in apart])]
        if self.relation_names:
            found.append(
                _section(_("Relations to the head"), [self[n] for n in self.relation_names], self.relations_hint())
            )
        return [*found, _section("", [self["remark"]])]

    def relations_hint(self) -> str:
        return ""

    def ask_relations(self, first: dict[int, str]) -> None:
        """A choice for every member, preset with ``first``."""
        for member in self.now.members:
            key = member.person.pk
            self.fields[f"relation-{key}"] = _relation(self.reader, member.person.name, first.get(key, ""))

    def relations(self) -> dict[int, str]:
        stated = ((name.partition("-")[2], self.cleaned_data.get(name) or "") for name in self.relation_names)
        return {int(key): relation for key, relation in stated if relation}

    def people(self) -> list[tuple[str, str]]:
        """The members as choices."""
        return [
            (str(m.person.pk), f"{m.person.name}（{self.reader.label('relation', m.relation)}）")
            for m in self.now.members
        ]

    def typed(self) -> dict[str, Any]:
        """What every request has."""
        return {"kind": self.kind, "on": self.cleaned_data["on"], "remark": self.cleaned_data["remark"]}

    def refuse(self, reason: ChangeRefused, said: str) -> None:
        """The refusal beside the field that it is about, where the form has it."""
        at = "person" if reason.at == "persons" and "person" in self.fields else reason.at
        self.add_error(at if at in self.fields else None, said)


class _Comes(_Form):
    def build(self) -> None:
        known = fields(self.reader)
        for name in JOIN_FIELDS:
            if self.kind == "birth" and name in NOT_AT_BIRTH:
                continue
            self.fields[name] = card_forms.form_field(self.reader, known[name])
            self.fields[name].required = name in JOIN_NEEDED
            if name == "id_number":
                self.fields[name].help_text = _proposed_number(self.earlier, NEW, name) or _id_help(self.kind)

    @staticmethod
    def proposed(earlier: Proposal) -> dict[str, Any]:
        stated = earlier.of(NEW)
        return {name: stated[name] for name in JOIN_FIELDS if name in stated and name != "id_number"}

    def request(self) -> Request:
        typed = {name: value for name in JOIN_FIELDS if (value := self.cleaned_data.get(name)) not in (None, "")}
        number = str(typed.pop("id_number", ""))
        return Request(**self.typed(), facts=typed, id_number=number)


class _Leaves(_Form):
    def build(self) -> None:
        self.fields["person"] = forms.TypedChoiceField(
            label=_("Who leaves"), choices=self.people(), coerce=int, widget=forms.RadioSelect
        )
        if len(self.now.members) > 1:
            self.ask_relations({})

    @staticmethod
    def proposed(earlier: Proposal) -> dict[str, Any]:
        return _Form.proposed(earlier) | {"person": next(iter(earlier.leavers()), None)}

    def relations_hint(self) -> str:
        return _("Only where the head leaves: everybody else's relation to the new head.")

    def request(self) -> Request:
        person = self.cleaned_data["person"]
        return Request(**self.typed(), persons=(person,), relations=self.relations())


class _Splits(_Form):
    def build(self) -> None:
        self.fields["persons"] = forms.TypedMultipleChoiceField(
            label=_("Who is split off"), choices=self.people(), coerce=int, widget=forms.CheckboxSelectMultiple
        )
        self.fields["household_number"] = forms.CharField(
            label=_("Number of the new household"),
            max_length=NUMBER_LENGTH,
            initial=queries.free_number(self.now.household),
        )
        self.fields["inherits"] = forms.TypedChoiceField(
            label=_("The new household"),
            choices=[
                ("no", _("applies: identification decides whether it is poor")),
                ("yes", _("keeps the status of the old one, if all three levels agree")),
            ],
            coerce=lambda value: value == "yes",
            initial="no",
            widget=forms.RadioSelect,
        )
        self.ask_relations(self.now.relations)

    @staticmethod
    def proposed(earlier: Proposal) -> dict[str, Any]:
        return _Form.proposed(earlier) | {
            "persons": list(earlier.movers()),
            "household_number": _other_number(earlier),
            "inherits": "yes" if earlier.inherits else "no",
        }

    def relations_hint(self) -> str:
        return _("Afterwards, each to the head of the own household; both need exactly one head.")

    def request(self) -> Request:
        typed = self.cleaned_data
        return Request(
            **self.typed(),
            persons=tuple(typed["persons"]),
            relations=self.relations(),
            household_number=typed["household_number"],
            inherits=typed["inherits"],
        )


class _Merges(_Form):
    def build(self) -> None:
        self.fields["household_number"] = forms.CharField(
            label=_("Number of the household to merge into"),
            max_length=NUMBER_LENGTH,
            help_text=_("In the same village. All members go there, and this household is closed."),
        )
        self.ask_relations({})

    @staticmethod
    def proposed(earlier: Proposal) -> dict[str, Any]:
        return _Form.proposed(earlier) | {"household_number": _other_number(earlier)}

    def relations_hint(self) -> str:
        return _("Afterwards, to the head of the household that they merge into.")

    def request(self) -> Request:
        return Request(
            **self.typed(), household_number=self.cleaned_data["household_number"], relations=self.relations()
        )


class _Heads(_Form):
    def build(self) -> None:
        self.ask_relations(self.now.relations)

    def relations_hint(self) -> str:
        return _("Afterwards, everybody's relation to the new head; exactly one is the head.")

    def request(self) -> Request:
        return Request(**self.typed(), relations=self.relations())


_FORMS: dict[Doing, type[_Comes | _Leaves | _Splits | _Merges | _Heads]] = {
    Doing.JOINS: _Comes,
    Doing.LEAVES: _Leaves,
    Doing.SPLIT: _Splits,
    Doing.MERGE: _Merges,
    Doing.HEAD: _Heads,
}


def _other_number(earlier: Proposal) -> object:
    """Of the household into which people go."""
    return next((line.after for line in earlier.lines if line.field == "household_number"), "")


def _proposed_number(earlier: Proposal | None, person: int | None, name: str) -> str:
    """What the form says beside an empty number that was proposed already; '' where none was."""
    lines = earlier.lines if earlier is not None else ()
    line = next((line for line in lines if line.person == person and line.field == name), None)
    shown = queries.shown_number(earlier, line) if earlier is not None and line is not None else ""
    return _("As proposed: {number}. Leave empty to keep it so.").format(number=shown) if shown else ""


class _WhenAndWhy(forms.Form):
    """The day and the remark beside a card."""

    def __init__(self, posted: QueryDict | None, earlier: Proposal | None) -> None:
        first = {"on": earlier.on, "remark": earlier.remark} if earlier is not None else {"on": timezone.localdate()}
        super().__init__(posted, initial=first)
        self.fields["on"] = _day(_("From which day on the corrected holds, or when it was noticed."))
        self.fields["remark"] = _remark()


@dataclass
class _Correction:
    """The card as a form, as far as it may be corrected, with day and remark."""

    form: _WhenAndWhy
    card: card_forms.Bound

    @property
    def sections(self) -> list[dict[str, Any]]:
        found = [_section("", [self.form["on"]])]
        found += [one | {"fold": True} for one in self.card.sections]
        found += [
            _section(str(getattr(form, "title", "")), list(form.visible_fields())) | {"fold": True}
            for form in self.card.members
        ]
        for one in found:
            one["open"] = any(bound.errors for bound in one["fields"])
        return [*found, _section("", [self.form["remark"]])]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.card.is_valid()])

    @property
    def errors(self) -> bool:
        """Whether something is to be looked at."""
        bound = [self.form, self.card.form, *self.card.members]
        return any(form.errors for form in bound)

    def non_field_errors(self) -> list[str]:
        return [str(error) for error in self.form.non_field_errors()]

    def request(self) -> Request:
        typed, edit = self.form.cleaned_data, self.card.edit()
        return Request(
            "correction", typed["on"], remark=typed["remark"], household=edit.household, members=edit.members
        )

    def refuse(self, reason: ChangeRefused, said: str) -> None:
        """The refusal beside the field that it is about, of the household or of the member."""
        person, dash, name = reason.at.partition("-")
        member = self.card.member_forms.get(int(person[1:])) if dash and person[1:].isdecimal() else None
        if member is not None and name in member.fields:
            member.add_error(name, said)
        elif reason.at.removesuffix("_fen") in self.card.form.fields:
            self.card.form.add_error(reason.at.removesuffix("_fen"), said)
        else:
            self.form.add_error("on" if reason.at == "on" else None, said)


def _correction(reader: Reader, now: Standing, posted: QueryDict | None, earlier: Proposal | None) -> _Correction:
    assert now.card is not None
    only = kinds.correctable(reader.pack.for_year(now.card.year))
    members = [m for m in households.members(now.household.pk, now.card.year) if m.card and not m.membership.left_on]
    card = card_forms.bind(reader, now.household, now.card, members, posted, full=False, only=only)
    _say_what_stands(now.household, card, {m.person.pk: households.shown_number(m.person, full=False) for m in members})
    if earlier is not None:
        _fill_in(card, earlier)
    return _Correction(_WhenAndWhy(posted, earlier), card)


def _fill_in(card: card_forms.Bound, earlier: Proposal) -> None:
    """What was proposed, in the fields of the card in place of what stands on file."""
    for line in earlier.lines:
        form = card.form if line.person is None else card.member_forms.get(line.person)
        name = line.field.removesuffix("_fen")
        if form is None or name not in form.fields:
            continue
        if line.field in SEALED_FIELDS:
            form[name].help_text = _proposed_number(earlier, line.person, name) or form[name].help_text
        elif line.field.endswith("_fen") and isinstance(line.after, int):
            form.initial[name] = money.yuan_from_fen(line.after)
        else:
            form.initial[name] = str(line.after) if isinstance(line.after, bool) else line.after


def _say_what_stands(household: Household, card: card_forms.Bound, numbers: dict[int, str]) -> None:
    """Numbers are typed anew or not at all; what stands on file is shown masked beside the empty field."""
    shown = {
        "phone": households.shown_phone(household, full=False),
        "bank_account": households.shown_account(household, full=False),
    }
    for name, text in shown.items():
        if name in card.form.fields:
            card.form[name].help_text = _stands(text)
    for key, form in card.member_forms.items():
        if "id_number" in form.fields:
            form["id_number"].help_text = _stands(numbers[key])


def _stands(text: str) -> str:
    return _("On file: {number}. Leave empty to keep it.").format(number=text or "—")


def _section(title: str, shown: Sequence[forms.BoundField], hint: str = "") -> dict[str, Any]:
    return {"title": title, "fields": list(shown), "hint": hint, "fold": False, "open": True}


def _day(hint: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=_("Day of the change"), widget=widget, help_text=hint)


def _remark() -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": OPINION_LENGTH})
    return forms.CharField(label=_("Remark"), required=False, max_length=OPINION_LENGTH, widget=widget)


def _relation(reader: Reader, name: str, first: str) -> forms.ChoiceField:
    codes = [(code.id, reader.words(code.zh, code.en)) for code in reader.codes("relation").values]
    return forms.ChoiceField(label=name, required=False, choices=[("", "—"), *codes], initial=first)


def _id_help(kind: str) -> str:
    return (
        _("May be left empty for a newborn.") if kind == "birth" else _("As on the identity card; it is kept sealed.")
    )


def carried(posted: QueryDict) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again when it is confirmed."""
    left_out = ("csrfmiddlewaretoken", "do", "seen", "key")
    return [(name, value) for name, values in posted.lists() if name not in left_out for value in values]
