"""A change decided: asked once more whether everything stands as it did, then applied line by line as it was frozen."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Field
from django.utils import timezone

from jiefa.changes import queries
from jiefa.changes.actions import drawing
from jiefa.changes.queries import Standing
from jiefa.changes.rules import checks, kinds, proposal, refusals
from jiefa.changes.rules.kinds import Doing
from jiefa.changes.rules.proposal import NEW, Line, Proposal
from jiefa.changes.rules.request import JOIN_FACTS
from jiefa.insight.actions import edit as insight
from jiefa.kernel.errors import JiefaError, Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.procedures import subjects
from jiefa.procedures.actions import Decided
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.actions import members
from jiefa.registry.actions.households import Edit
from jiefa.registry.actions.members import Joining, MemberChange
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear

MEMBERS = Words("家庭成员", "members")
HOUSEHOLD = Words("这一户", "the household")
CARD = Words("年度卡", "yearly card")


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: whatever was changed since the change was submitted, named by its field.

    Six queries at most, however many dossiers.
    """
    if decision.kind != "approve":
        return {}
    changes = {dossier.pk: proposal.read(dossier.proposal) for dossier in dossiers if dossier.proposal}
    keys = {dossier.pk: subjects.household_key(dossier.subject) or 0 for dossier in dossiers}
    found = _found(keys.values(), changes.values())
    against: dict[int, JiefaError] = {}
    for number, one in changes.items():
        try:
            _check_one(keys[number], one, found, pack)
        except JiefaError as reason:
            against[number] = reason
    return against


@dataclass(frozen=True)
class _Found:
    """What stands on file of all that some changes are about."""

    households: Mapping[int, Standing]
    people: Mapping[int, Sequence[Person]]
    numbers_taken: Collection[str]


def _found(households: Iterable[int], changes: Collection[Proposal]) -> _Found:
    keys = {*households, *(one.other for one in changes if one.other)}
    numbers = {key for one in changes if (key := _key_of_comer(one)) is not None}
    new = [_new_number(one) for one in changes if _new_number(one)]
    return _Found(queries.standings(keys), queries.of_numbers(numbers) if numbers else {}, queries.numbers_taken(new))


def _key_of_comer(one: Proposal) -> int | None:
    mark = one.of(NEW).get("id_number")
    return int(str(mark).partition(":")[0]) if mark else None


def _check_one(key: int, one: Proposal, found: _Found, pack: Pack) -> None:
    now = found.households[key]
    if now.household.poverty_status == "closed":
        raise refusals.HouseholdClosed(title=now.title)
    checks.check_day(now.title, one.on, timezone.localdate())
    what = kinds.doing(one.kind, pack)
    if what is Doing.CORRECTION:
        if now.card is None or now.card.year != one.year:
            raise refusals.RecordChanged(title=now.title, who=HOUSEHOLD, field=CARD)
    elif what is Doing.JOINS:
        _check_comer(now, one, found)
    elif now.keys != one.members:
        raise refusals.RecordChanged(title=now.title, who=HOUSEHOLD, field=MEMBERS)
    if one.other is not None:
        _check_other(now, one, found.households.get(one.other))
    if _new_number(one) in found.numbers_taken:
        raise refusals.NumberTaken(title=now.title, number=_new_number(one))
    for line in one.lines:
        _check_line(now, line, pack)


def _check_comer(now: Standing, one: Proposal, found: _Found) -> None:
    """That who comes is still free, and is still who was meant."""
    name, born = str(one.of(NEW)["name"]), one.of(NEW)["birth_date"]
    if any(m.person.name == name and proposal.plain(m.person.birth_date) == born for m in now.members):
        raise refusals.MemberAlready(title=now.title, name=name, born=born)
    key = _key_of_comer(one)
    known = drawing.free_person(now.title, name, found.people.get(key, ())) if key is not None else None
    if (known.pk if known else None) != one.person:
        raise refusals.NumberOnFile(title=now.title, name=name)


def _check_other(now: Standing, one: Proposal, other: Standing | None) -> None:
    if other is None or other.household.poverty_status == "closed" or other.keys != one.other_members:
        raise refusals.RecordChanged(title=now.title, who=drawing.THERE, field=MEMBERS)


def _check_line(now: Standing, line: Line, pack: Pack) -> None:
    if line.person == NEW:
        return
    label = drawing.label(pack, "relation" if line.field == "member" else line.field)
    who = Words(line.who, line.who) if line.who else HOUSEHOLD
    member = now.member(line.person) if line.person is not None else None
    if line.person is not None and member is None:
        raise refusals.RecordChanged(title=now.title, who=who, field=MEMBERS)
    if line.field == "household_number":
        before: object = now.household.number
    elif line.field in ("relation", "member"):
        before = member.relation or None if member else None
    elif line.field == "poverty_status":
        before = now.household.poverty_status
    else:
        before = drawing.on_file(now, member, line.field)
    if before != line.before:
        raise refusals.RecordChanged(title=now.title, who=who, field=label)


def _new_number(one: Proposal) -> str:
    """Of the household that a split makes; empty for other changes."""
    return next((line.who for line in one.lines if line.field == "poverty_status" and line.person == NEW), "")


def _open(one: Proposal, person: int | None, name: str) -> str:
    """A number of the proposal in clear; it leaves this module sealed again or not at all."""
    text = one.sealed.get(f"{'' if person is None else person}.{name}")
    return Vault(settings.JIEFA_VAULT_KEY).open(base64.b64decode(text)) if text else ""


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The households whose changes were agreed to are what the changes say. Raises what speaks against it by now."""
    for dossier, done in moved:
        if done.outcome != "approved":
            continue
        one = proposal.read(dossier.proposal)
        key = subjects.household_key(dossier.subject)
        assert key is not None, dossier.subject
        # Of two changes decided in one request the second meets what the first left behind.
        found = _found([key], [one])
        _check_one(key, one, found, pack)
        _APPLIED[kinds.doing(one.kind, pack)](_Case(found.households[key], one, dossier.pk, pack, by))


class _Case:
    """One agreed change of one household."""

    def __init__(self, now: Standing, one: Proposal, dossier: int, pack: Pack, by: str) -> None:
        self.now, self.one, self.dossier, self.pack, self.by = now, one, dossier, pack, by

    def change(self, household_id: int, what: MemberChange) -> members.Changed:
        changed = members.change(
            household_id=household_id, on=self.one.on, what=what, dossier=self.dossier, pack=self.pack, by=self.by
        )
        year = self.now.household.card_year
        if year is not None and self.one.on.year <= year:
            insight.judge_again(household_id=household_id, year=year, pack=self.pack)
        return changed

    @property
    def reason(self) -> str:
        return kinds.reason(self.one.kind, self.pack)


def _join(case: _Case) -> None:
    stated = case.one.of(NEW)
    facts = {name: _typed(Person, name, stated.get(name)) for name in JOIN_FACTS if name in stated}
    card = {name: value for name, value in stated.items() if name not in (*JOIN_FACTS, "id_number", "relation")}
    joining = Joining(
        relation=str(stated["relation"]),
        reason=case.reason,
        person_id=case.one.person,
        number=_open(case.one, NEW, "id_number"),
        facts=facts,
        card=card,
    )
    case.change(case.now.household.pk, MemberChange(joins=(joining,)))


def _leave(case: _Case) -> None:
    leavers = case.one.leavers()
    rest = [key for key in case.now.keys if key not in leavers]
    what = MemberChange(leaves=dict.fromkeys(leavers, case.reason), relations=case.one.relations(rest))
    case.change(case.now.household.pk, what)


def _split(case: _Case) -> None:
    names = case.now.names
    relations = case.one.relations(case.one.movers())
    head = next(names[key] for key, relation in relations.items() if relation == "head")
    made = members.split_off(
        household=case.now.household,
        number=_new_number(case.one),
        inherits=case.one.inherits,
        on=case.one.on,
        dossier=case.dossier,
        by=case.by,
        head_name=head,
    )
    _move(case, made)


def _merge(case: _Case) -> None:
    assert case.one.other is not None
    _move(case, Household.objects.get(pk=case.one.other))


def _move(case: _Case, target: Household) -> None:
    """The movers leave their household and join ``target`` with what their cards say; whose head went gets a new one."""
    movers = case.one.movers()
    rest = [key for key in case.now.keys if key not in movers]
    what = MemberChange(leaves=dict.fromkeys(movers, case.reason), relations=case.one.relations(rest))
    left = case.change(case.now.household.pk, what)
    relations = case.one.relations(movers)
    joins = [Joining(relations[key], case.reason, person_id=key, card=left.cards[key]) for key in movers]
    case.change(target.pk, MemberChange(joins=joins))


def _head(case: _Case) -> None:
    case.change(case.now.household.pk, MemberChange(relations=case.one.relations(case.now.keys)))


def _correct(case: _Case) -> None:
    own: dict[str, object] = {}
    theirs: dict[int, dict[str, object]] = {}
    for line in case.one.lines:
        values = own if line.person is None else theirs.setdefault(line.person, {})
        if line.field in proposal.SEALED_FIELDS:
            values[line.field] = _open(case.one, line.person, line.field)
        elif line.person is None:
            row = Household if line.field in drawing.ON_HOUSEHOLD else HouseholdYear
            values[line.field] = _typed(row, line.field, line.after)
        else:
            row_of_person = Person if line.field in drawing.ON_PERSON else PersonYear
            values[line.field] = _typed(row_of_person, line.field, line.after)
    assert case.one.year is not None
    household = case.now.household
    insight.save(
        household_id=household.pk,
        year=case.one.year,
        version=household.version,
        edit=Edit(own, theirs),
        pack=case.pack,
        by=case.by,
    )


def _typed(row: type[Person | PersonYear | Household | HouseholdYear], name: str, value: object) -> object:
    """A value of a line as the column holds it."""
    column = row._meta.get_field(name)
    assert isinstance(column, Field)
    return column.to_python(value)


_APPLIED = {
    Doing.JOINS: _join,
    Doing.LEAVES: _leave,
    Doing.SPLIT: _split,
    Doing.MERGE: _merge,
    Doing.HEAD: _head,
    Doing.CORRECTION: _correct,
}
