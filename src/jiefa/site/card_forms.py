"""The household's card as a form: fields, choices and limits from the policy pack's roster form, values from the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from jiefa.kernel import money
from jiefa.policy import Field
from jiefa.registry.actions.households import Edit
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear
from jiefa.registry.queries import households
from jiefa.registry.queries.households import Member
from jiefa.site.reader import Reader

NOT_TYPED_HERE = frozenset(
    (
        *("household_number", "year", "village_code", "county_name", "township_name", "village_name"),
        *("poverty_status", "entered_year", "exited_year", "kind", "change", "changed_on"),
    )
)
"""Fields of the roster that this form leaves alone: keys, and what only a procedure changes."""
NUMBERS = frozenset(("phone", "bank_account", "id_number"))
ON_HOUSEHOLD = frozenset(("group_name", "address", "bank_name", "account_holder"))
ON_PERSON = frozenset(("name", "sex", "birth_date", "ethnic_group"))

HOUSE = ("house_area_m2", "house_structure", "house_built_year", "house_danger", "house_repair_subsidy")
MOVED = ("relocated_year", "resettlement", "old_house_demolished")
WATER = ("water_source", "water_difficult", "water_safe")
POWER = ("electricity", "production_electricity", "fuel", "sanitary_toilet")
ROAD = ("road_type", "road_distance_km", "market_distance_km")

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "home",
        "home",
        ("household_number", "group_name", "address", "phone", "bank_name", "bank_account", "account_holder"),
    ),
    ("class", "list-check", ("household_class", "standard", "main_cause", "other_causes", "stated_size")),
    ("income", "chart-bar", ()),
    ("house", "home", HOUSE + MOVED),
    ("living", "list-check", WATER + POWER + ROAD),
    ("land", "map-2", ()),
)


def section_titles() -> dict[str, str]:
    """The titles of the form's sections."""
    return {
        "home": _("Home and contact"),
        "class": _("Class and causes"),
        "income": _("Income of the year, yuan"),
        "house": _("House"),
        "living": _("Water, power, road"),
        "land": _("Land and organisation"),
    }


def _section_of(entry: Field) -> str:
    for identity, _icon, names in SECTIONS:
        if entry.id in names:
            return identity
    return "income" if entry.type == "money" else "land"


def form_field(reader: Reader, entry: Field) -> forms.Field:
    """The field of a form in which a column of the roster is typed."""
    options: dict[str, Any] = {
        "label": reader.words(entry.zh, entry.en),
        "help_text": reader.words(entry.note_zh, entry.note_en),
        "required": False,
    }
    limits: dict[str, Any] = {"min_value": entry.minimum, "max_value": entry.maximum}
    if entry.code_list:
        choices = [(c.id, reader.words(c.zh, c.en)) for c in reader.codes(entry.code_list).values]
        if entry.multiple:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)
        return forms.ChoiceField(choices=[("", "—"), *choices], **options)
    if entry.type == "int":
        return forms.IntegerField(**options, **limits)
    if entry.type in ("money", "measure"):
        return forms.DecimalField(max_digits=12, decimal_places=2, **options, **limits)
    if entry.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)
    if entry.type == "bool":
        choices = [("", "—"), ("True", _("Yes")), ("False", _("No"))]
        return forms.TypedChoiceField(choices=choices, coerce=lambda v: v == "True", empty_value=None, **options)
    if entry.id == "phone":
        return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}), **options)
    return forms.CharField(max_length=_longest(entry.id), **options)


def _longest(name: str) -> int:
    """How many characters the column takes; of sealed ones, more than any number has."""
    for row in (Household, Person, HouseholdYear, PersonYear):
        for column in row._meta.concrete_fields:
            if COLUMNS.get(name, name) == column.name and column.max_length:
                return column.max_length
    return LONGEST_NUMBER


COLUMNS = {"household_number": "number"}
LONGEST_NUMBER = 40


def _shown(entry: Field, source: Any) -> Any:
    """The value on file as the form shows it."""
    if entry.id == "other_causes":
        return [cause for cause in (source.other_cause_1, source.other_cause_2) if cause]
    if entry.type == "money":
        fen = getattr(source, f"{entry.id}_fen")
        return None if fen is None else money.yuan_from_fen(fen)
    value = getattr(source, entry.id)
    return str(value) if isinstance(value, bool) else value


@dataclass
class Bound:
    """The form of one household with its members, bound to what was typed (or to the card)."""

    form: forms.Form
    sections: list[dict[str, Any]]
    members: list[forms.Form]
    entries: dict[str, Field]
    names: dict[int, str]
    posted: QueryDict | None
    member_forms: dict[int, forms.Form] = field(default_factory=dict)

    def is_valid(self) -> bool:
        """Whether every cell can be read; each form keeps its errors."""
        return all([self.form.is_valid(), *(form.is_valid() for form in self.member_forms.values())])

    @property
    def errors(self) -> bool:
        """Whether something is to be looked at."""
        return any(form.errors for form in (self.form, *self.members))

    def non_field_errors(self) -> list[str]:
        return [str(error) for error in self.form.non_field_errors()]

    def edit(self) -> Edit:
        """What was typed, as columns."""
        return Edit(
            household=self._columns(self.form),
            members={key: self._columns(form) for key, form in self.member_forms.items()},
        )

    def on_file(self, name: str) -> Any:
        """What the card says of the household now, as the form shows it."""
        return self.form.get_initial_for_field(self.form.fields[name], name)

    def _columns(self, form: forms.Form) -> dict[str, object]:
        values: dict[str, object] = {}
        for name, value in form.cleaned_data.items():
            if name in NUMBERS and not self._typed_anew(form, name, value):
                continue
            entry = self.entries[name]
            if name == "other_causes":
                causes = [*value, None, None]
                values |= {"other_cause_1": causes[0], "other_cause_2": causes[1], "other_causes": len(value)}
            elif entry.type == "money":
                values[f"{name}_fen"] = None if value is None else money.fen_from_yuan(value)
            else:
                values[name] = None if value == "" and name not in ON_HOUSEHOLD else value
        return values

    @staticmethod
    def _typed_anew(form: forms.Form, name: str, value: object) -> bool:
        return str(value or "") != str(form.get_initial_for_field(form.fields[name], name) or "")

    def unreadable(self) -> list[dict[str, str]]:
        """Cells that cannot be read, with the label and what is wrong."""
        found = []
        for key, form in [(None, self.form), *self.member_forms.items()]:
            who = self.names.get(key or 0, "")
            for name, errors in form.errors.items():
                label = form[name].label if name in form.fields else ""
                found.append({"label": f"{who} {label}".strip(), "message": " ".join(str(error) for error in errors)})
        return found

    def mark(self, violations: Iterable[Mapping[str, Any]], reader: Reader) -> None:
        """Every error among ``violations`` said beside the first field it is about, where the form has one."""
        texts = {text.id: text for text in reader.pack.quality_rules()}
        for row in violations:
            if row["level"] != "error":
                continue
            text, form = texts[row["rule"]], self.member_forms.get(row["person_id"] or 0, self.form)
            name = next((name for name in text.fields if name in form.fields), None)
            if name is None and form is self.form and self.members:
                # What is wrong with all members together (no head, say) is said beside the first.
                form = self.members[0]
                name = next((name for name in text.fields if name in form.fields), None)
            if name:
                form.add_error(name, reader.words(text.zh, text.en))

    def payload(self) -> list[tuple[str, str]]:
        """Everything that was typed, to be sent again with the choices."""
        if self.posted is None:
            return []
        left_out = ("version", "csrfmiddlewaretoken")
        return [(name, value) for name, values in self.posted.lists() if name not in left_out for value in values]


def bind(
    reader: Reader,
    household: Household,
    card: HouseholdYear,
    members: Sequence[Member],
    posted: QueryDict | None,
    *,
    full: bool,
    only: frozenset[str] | None = None,
    without: frozenset[str] = frozenset(),
) -> Bound:
    """The form. Numbers are offered only where the post may see them in ``full``; ``only``: these fields and no others,
    numbers among them empty, to be typed anew; ``without``: everything but these.

    A line of a conflict page that was left to the other officer counts as typed the way it is on file.
    """
    posted = posted.copy() if posted is not None else None
    form_of_pack = reader.pack.form("roster")
    hidden = (NOT_TYPED_HERE if full or only else NOT_TYPED_HERE | NUMBERS) | without

    def offered(sheet: str) -> list[Field]:
        fields = form_of_pack.sheet(sheet).fields
        return [f for f in fields if f.id not in hidden and (only is None or f.id in only)]

    own, theirs = offered("households"), offered("members")
    empty = NUMBERS if only else frozenset[str]()
    initial = {entry.id: "" if entry.id in empty else _household_value(entry, household, card) for entry in own}
    _leave(posted, "household", "", initial)
    form = _made(reader, own, posted, "", initial)
    bound = Bound(form, _sections(form, own), [], {f.id: f for f in (*own, *theirs)}, {}, posted)
    for member in members:
        key = member.person.pk
        initial = {entry.id: "" if entry.id in empty else _member_value(entry, member) for entry in theirs}
        _leave(posted, str(key), f"m{key}-", initial)
        bound.member_forms[key] = _made(reader, theirs, posted, f"m{key}", initial)
        bound.names[key] = member.person.name
        relation = reader.label("relation", member.card.relation if member.card else None)
        bound.member_forms[key].title = f"{member.person.name} · {relation}"  # type: ignore[attr-defined]
        bound.members.append(bound.member_forms[key])
    return bound


def bind_new(reader: Reader, posted: QueryDict | None, rows: Sequence[int], *, check: bool) -> Bound:
    """The form of a household that is not on file yet, with a member's form for each of ``rows``.

    Without ``check`` it shows what was typed so far and finds no fault with it: a row comes or goes, nothing is saved.
    """
    form_of_pack = reader.pack.form("roster")
    own = [f for f in form_of_pack.sheet("households").fields if f.id not in NOT_TYPED_HERE - {"household_number"}]
    theirs = [f for f in form_of_pack.sheet("members").fields if f.id not in NOT_TYPED_HERE]

    def made(entries: Sequence[Field], prefix: str) -> forms.Form:
        if check or posted is None:
            form = _made(reader, entries, posted, prefix, {})
        else:
            form = _made(reader, entries, None, prefix, _typed_so_far(entries, posted, prefix))
        for entry in entries:
            form.fields[entry.id].required = entry.required and entry.id != "household_number"
        return form

    form = made(own, "")
    form.fields["household_number"].help_text = _("The next free number of the village, or the one on the paper form.")
    bound = Bound(form, _sections(form, own), [], {f.id: f for f in (*own, *theirs)}, {}, posted)
    for row in rows:
        member = made(theirs, f"m{row}")
        bound.names[row] = (posted.get(f"m{row}-name", "") if posted is not None else "").strip()
        member.title, member.row = bound.names[row], row  # type: ignore[attr-defined]
        bound.member_forms[row] = member
        bound.members.append(member)
    return bound


def _typed_so_far(entries: Iterable[Field], posted: QueryDict, prefix: str) -> dict[str, Any]:
    names = {entry: f"{prefix}-{entry.id}" if prefix else entry.id for entry in entries}
    return {
        entry.id: posted.getlist(name) if entry.multiple else posted.get(name)
        for entry, name in names.items()
        if name in posted
    }


def _leave(posted: QueryDict | None, subject: str, prefix: str, on_file: Mapping[str, Any]) -> None:
    """Takes the choices about ``subject`` out of ``posted`` and puts in what is on file where they say "theirs"."""
    if posted is None:
        return
    for name, value in on_file.items():
        if posted.pop(f"choice-{subject}.{name}", [""])[-1] == "theirs":
            values = value if isinstance(value, list) else ["" if value is None else value]
            posted.setlist(f"{prefix}{name}", [str(one) for one in values])


def _made(
    reader: Reader, entries: Iterable[Field], posted: QueryDict | None, prefix: str, initial: dict[str, Any]
) -> forms.Form:
    made = type("CardForm", (forms.Form,), {entry.id: form_field(reader, entry) for entry in entries})
    form: forms.Form = made(posted, prefix=prefix or None, initial=initial)
    for bound_field in form:
        entry_unit = next((entry.unit for entry in entries if entry.id == bound_field.name), None)
        bound_field.field.unit = reader.label("unit", entry_unit) if entry_unit else ""  # type: ignore[attr-defined]
    return form


def _household_value(entry: Field, household: Household, card: HouseholdYear) -> Any:
    if entry.id == "phone":
        return households.shown_phone(household, full=True)
    if entry.id == "bank_account":
        return households.shown_account(household, full=True)
    return _shown(entry, household if entry.id in ON_HOUSEHOLD else card)


def _member_value(entry: Field, member: Member) -> Any:
    if entry.id == "id_number":
        return households.shown_number(member.person, full=True)
    return _shown(entry, member.person if entry.id in ON_PERSON else member.card)


def _sections(form: forms.Form, entries: Sequence[Field]) -> list[dict[str, Any]]:
    place = {entry.id: _section_of(entry) for entry in entries}
    titles = section_titles()
    fields = {identity: [bound for bound in form if place[bound.name] == identity] for identity in titles}
    return [
        {"id": identity, "title": titles[identity], "icon": icon, "hint": "", "fields": fields[identity]}
        for identity, icon, _names in SECTIONS
        if fields[identity]
    ]
