"""A request made into a proposal against the household as it stands: every line with what it is before and afterwards."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings

from jiefa.changes import queries
from jiefa.changes.queries import Standing
from jiefa.changes.rules import checks, kinds, refusals, request
from jiefa.changes.rules.kinds import Concerned, Doing
from jiefa.changes.rules.proposal import NEW, SEALED_FIELDS, Flag, Line, Proposal, plain
from jiefa.changes.rules.request import Request
from jiefa.kernel.errors import Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household, Person
from jiefa.registry.queries.households import Present

FEN = "_fen"
ACCOUNT = {"phone": "phone_key", "bank_account": "account_key"}
ON_PERSON = frozenset(("name", "sex", "birth_date", "ethnic_group"))
ON_HOUSEHOLD = frozenset(("group_name", "address", "bank_name", "account_holder"))
OF_A_NEWBORN = {"school_stage": "preschool", "labour": "none"}
"""What nobody has to be asked."""
HERE, THERE, NEW_ONE = (
    Words("原户", "the old household"),
    Words("并入的户", "the other household"),
    Words("分出的户", "the new household"),
)


def draw_up(household: Household, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    """The proposal with its grounds and flags. Nothing is written. Raises ``ChangeRefused`` in its many forms."""
    now = queries.standing(household)
    if asked.kind not in pack.codes(kinds.CODES).by_id:
        known = Words.listed(pack.codes(kinds.CODES).values)
        raise refusals.KindUnknown(kind=asked.kind, known=known)
    if household.poverty_status == "closed":
        raise refusals.HouseholdClosed(title=now.title)
    checks.check_day(now.title, asked.on, today)
    what = kinds.doing(asked.kind, pack)
    made = _DRAWN[what](now, asked, pack, today)
    fields = [line.field.removesuffix(FEN) for line in made.lines] if what is Doing.CORRECTION else []
    leaving = [_concerned(m) for p in made.leavers() if (m := now.member(p))]
    new_head = any(line.field == "relation" and line.after == "head" and line.before != "head" for line in made.lines)
    old_head = now.head.person.name if now.head and new_head else ""
    policy = pack.for_year(max(asked.on.year, checks.FIRST_DAY.year))
    found = kinds.grounds(asked.kind, fields, leaving, old_head, household.account_holder, policy)
    return replace(made, grounds=tuple(found), members=now.keys, remark=asked.remark.strip())


def _concerned(member: Present) -> Concerned:
    card = member.card
    return Concerned(member.person.name, bool(card and card.dibao), bool(card and card.tekun))


# Somebody comes.


def _join(now: Standing, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    facts = dict(asked.facts)
    if asked.kind == "birth":
        facts |= {"birth_date": asked.on, **OF_A_NEWBORN}
    number = asked.id_number.strip().upper()
    labels = pack.form("roster").sheet("members").by_id
    for name in request.JOIN_NEEDED:
        if facts.get(name) in (None, ""):
            raise refusals.FieldMissing(title=now.title, field=Words.of(labels[name]), at=name)
    name, born = str(facts["name"]), facts["birth_date"]
    assert isinstance(born, dt.date)
    if facts["relation"] == "head" and now.members:
        raise refusals.HeadChangesApart(title=now.title)
    checks.check_person_day(now.title, name, asked.on, born, None)
    checks.check_number(now.title, name, number, facts.get("sex"), born, today)
    if any(member.person.name == name and member.person.birth_date == born for member in now.members):
        raise refusals.MemberAlready(title=now.title, name=name, born=born)
    key = queries.key_of_number(number) if number else None
    known = free_person(now.title, name, queries.of_numbers([key])[key]) if key is not None else None
    if known is not None:
        last = queries.last_left([known.pk]).get(known.pk)
        if last is not None:
            checks.check_return(now.title, name, asked.on, last.left_on, last.left_reason)
    lines = [Line(n, None, plain(facts[n]), NEW, name) for n in request.JOIN_FIELDS if facts.get(n) not in (None, "")]
    sealed = {}
    if key is not None:
        lines.insert(1, Line("id_number", None, _mark("id_number", number), NEW, name))
        sealed[f"{NEW}.id_number"] = _seal(number)
    return Proposal(asked.kind, asked.on, tuple(lines), person=known.pk if known else None, sealed=sealed)


def free_person(title: str, name: str, on_file: Sequence[Person]) -> Person | None:
    """Who of those ``on_file`` under one number is the person and belongs to no household; None where nobody is.

    Raises ``NumberOnFile``, ``NumberOfAnother``.
    """
    if any(person.household_id is not None for person in on_file):
        raise refusals.NumberOnFile(title=title, name=name)
    if on_file and name not in {person.name for person in on_file}:
        raise refusals.NumberOfAnother(title=title, name=name)
    return next((person for person in on_file if person.name == name), None)


def _seal(number: str) -> str:
    return base64.b64encode(Vault(settings.JIEFA_VAULT_KEY).seal(number)).decode()


# Somebody leaves.


def _leave(now: Standing, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    leaver = _chosen(now, asked.persons[:1], asked.on)[0]
    rest = {key: name for key, name in now.names.items() if key != leaver.person.pk}
    after = kinds.reason(asked.kind, pack)
    lines = [Line("member", leaver.relation or None, after, leaver.person.pk, leaver.person.name)]
    if rest and leaver.relation == "head":
        checks.check_relations(now.title, HERE, rest, asked.relations)
        lines += _relation_lines(now, rest, asked.relations)
    if not rest:
        lines.append(_closing(now))
    return Proposal(asked.kind, asked.on, tuple(lines))


def _chosen(now: Standing, persons: Iterable[int], on: dt.date) -> list[Present]:
    """These members; each was born and had joined by that day. Raises ``NotMember``, ``BeforeBirth``, ``BeforeLast``."""
    found = []
    for key in persons:
        member = now.member(key)
        if member is None:
            raise refusals.NotMember(title=now.title)
        person = member.person
        checks.check_person_day(now.title, person.name, on, person.birth_date, member.membership.joined_on)
        found.append(member)
    if not found:
        raise refusals.NotMember(title=now.title)
    return found


def _relation_lines(now: Standing, names: Mapping[int, str], relations: Mapping[int, str]) -> list[Line]:
    return [Line("relation", now.relations[key] or None, relations[key], key, name) for key, name in names.items()]


def _closing(now: Standing) -> Line:
    return Line("poverty_status", now.household.poverty_status, "closed")


# One household becomes two, two become one.


def _split(now: Standing, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    if not asked.persons:
        raise refusals.NobodyChosen(title=now.title)
    movers = {m.person.pk: m.person.name for m in _chosen(now, asked.persons, asked.on)}
    rest = {key: name for key, name in now.names.items() if key not in movers}
    if not rest:
        raise refusals.NobodyStays(title=now.title)
    number = asked.household_number.strip() or queries.free_number(now.household)
    if queries.numbers_taken([number]):
        raise refusals.NumberTaken(title=now.title, number=number)
    checks.check_relations(now.title, NEW_ONE, movers, asked.relations)
    lines = _moving(now, movers, number, asked.relations)
    if now.head is None or now.head.person.pk in movers:
        checks.check_relations(now.title, HERE, rest, asked.relations)
        lines += _relation_lines(now, rest, asked.relations)
    status = now.household.poverty_status
    lines.append(Line("poverty_status", None, status if asked.inherits else "applicant", NEW, number))
    return Proposal(
        asked.kind, asked.on, tuple(lines), inherits=asked.inherits, flags=_split_flags(status, asked.inherits)
    )


def _split_flags(status: str, inherits: bool) -> tuple[Flag, ...]:
    poor = status in IN_POVERTY
    flags = [Flag.NEW_ENTRY] if poor and inherits else []
    if not inherits:
        flags += [Flag.APPLIES, *([Flag.PEOPLE_LEAVE] if poor else [])]
    return (*flags, Flag.RESTATE_INCOME)


def _moving(now: Standing, movers: Mapping[int, str], number: str, relations: Mapping[int, str]) -> list[Line]:
    lines = []
    for key, name in movers.items():
        lines.append(Line("household_number", now.household.number, number, key, name))
        lines.append(Line("relation", now.relations[key] or None, relations[key], key, name))
    return lines


def _merge(now: Standing, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    number = asked.household_number.strip()
    other = queries.in_village(number, now.household.village_code) if number else None
    if other is None or other.household.pk == now.household.pk:
        raise refusals.OtherUnknown(title=now.title, number=number)
    movers = {m.person.pk: m.person.name for m in _chosen(now, now.keys, asked.on)}
    everybody = {**movers, **other.names}
    checks.check_relations(now.title, THERE, everybody, {**other.relations, **asked.relations})
    lines = [*_moving(now, movers, number, asked.relations), _closing(now)]
    poor, poor_there = (one.household.poverty_status in IN_POVERTY for one in (now, other))
    flags = [Flag.PEOPLE_ENTER] if poor_there and not poor else [Flag.PEOPLE_LEAVE] if poor and not poor_there else []
    return Proposal(
        asked.kind,
        asked.on,
        tuple(lines),
        other=other.household.pk,
        other_members=other.keys,
        flags=(*flags, Flag.RESTATE_INCOME),
    )


# Who is there already.


def _head(now: Standing, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    checks.check_relations(now.title, Words("这一户", "the household"), now.names, asked.relations)
    _chosen(now, [key for key, relation in asked.relations.items() if relation == "head"], asked.on)
    lines = _relation_lines(now, now.names, asked.relations)
    if all(line.before == line.after or line.after != "head" for line in lines):
        raise refusals.NothingChanged(title=now.title)
    return Proposal(asked.kind, asked.on, tuple(lines))


def _correct(now: Standing, asked: Request, pack: Pack, today: dt.date) -> Proposal:
    if now.card is None:
        raise refusals.NoCard(title=now.title)
    allowed = kinds.correctable(pack.for_year(max(asked.on.year, checks.FIRST_DAY.year)))
    lines: list[Line] = []
    sealed: dict[str, str] = {}
    for person, values in [(None, asked.household), *asked.members.items()]:
        member = now.member(person) if person is not None else None
        if person is not None and (member is None or member.card is None):
            raise refusals.NotMember(title=now.title)
        for name, value in values.items():
            line = _corrected(now, member, name, value, sealed)
            if line is None:
                continue
            if name.removesuffix(FEN) not in allowed:
                raise refusals.NotCorrectable(title=now.title, field=label(pack, name), at=name)
            lines.append(line)
        if member is not None:
            _check_corrected(now, member, values, today)
    if not lines:
        raise refusals.NothingChanged(title=now.title)
    return Proposal(asked.kind, asked.on, tuple(lines), year=now.card.year, sealed=sealed)


def label(pack: Pack, column: str) -> Words:
    """What the roster calls a column."""
    name = column.removesuffix(FEN)
    fields = {field.id: field for sheet in pack.form("roster").sheets for field in sheet.fields}
    return Words.of(fields[name]) if name in fields else Words(name, name)


def _corrected(now: Standing, member: Present | None, name: str, value: object, sealed: dict[str, str]) -> Line | None:
    """The line of one field; None where it says what stands on file."""
    person, who = (member.person.pk, member.person.name) if member else (None, "")
    before = on_file(now, member, name)
    if name in SEALED_FIELDS:
        text = str(value or "").strip().upper()
        after: object = _mark(name, text)
        if text and before != after:
            sealed[f"{person or ''}.{name}"] = _seal(text)
    else:
        after = plain(value)
    return None if before == after else Line(name, before, after, person, who)


def _mark(name: str, text: str) -> str | None:
    """What tells a number from another without saying it."""
    if not text:
        return None
    if name == "id_number":
        return f"{queries.key_of_number(text)}:{len(text)}"
    return str(Vault(settings.JIEFA_VAULT_KEY).blind_index(text))


def on_file(now: Standing, member: Present | None, name: str) -> object:
    """What stands on file of a field, as a line has it."""
    if name == "id_number":
        assert member is not None
        key = member.person.id_key
        return None if key is None else f"{key}:{member.person.id_length}"
    if name in ACCOUNT:
        mark = getattr(now.household, ACCOUNT[name])
        return None if mark is None else str(mark)
    if member is not None:
        row: object = member.person if name in ON_PERSON else member.card
    else:
        row = now.household if name in ON_HOUSEHOLD else now.card
    return plain(getattr(row, name))


def _check_corrected(now: Standing, member: Present, values: Mapping[str, object], today: dt.date) -> None:
    person = member.person
    relation = values.get("relation", member.relation)
    if (relation == "head") != (member.relation == "head"):
        raise refusals.HeadChangesApart(title=now.title, at=f"m{person.pk}-relation")
    born, sex = values.get("birth_date", person.birth_date), values.get("sex", person.sex)
    assert born is None or isinstance(born, dt.date)
    if born is not None and born > today:
        raise refusals.BeforeBirth(
            title=now.title, name=person.name, on=today, born=born, at=f"m{person.pk}-birth_date"
        )
    number = str(values.get("id_number") or "").strip().upper()
    if number and _mark("id_number", number) != on_file(now, member, "id_number"):
        name = str(values.get("name") or person.name)
        checks.check_number(now.title, name, number, sex, born, today, at=f"m{person.pk}-id_number")
        key = queries.key_of_number(number)
        if any(other.pk != person.pk for other in queries.of_numbers([key]).get(key, [])):
            raise refusals.NumberOnFile(title=now.title, name=name, at=f"m{person.pk}-id_number")


_DRAWN: Mapping[Doing, Callable[[Standing, Request, Pack, dt.date], Proposal]] = {
    Doing.JOINS: _join,
    Doing.LEAVES: _leave,
    Doing.SPLIT: _split,
    Doing.MERGE: _merge,
    Doing.HEAD: _head,
    Doing.CORRECTION: _correct,
}
