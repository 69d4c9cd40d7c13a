"""Cases of programmes: asked for by dossier, put on file by an officer or with a list, carried on stage by stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission, Scope
from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries import naming
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.rules import programmes as rules
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError, Words
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept
from jiefa.policy import Pack, Programme
from jiefa.procedures import actions as dossiers
from jiefa.procedures import subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household, Person

PREFIX = "help_"
"""The procedure of a programme is called so, with the programme's identifier."""
BATCH = 500
NOBODY = 0
"""The household of a row that is about a place."""
CHANGING = ("own", "stage", "traced_on", "amount_fen", "people", "off_list", "of_list", "village_code", "by", "at")


class CaseWrong(JiefaError):
    code = "assistance.case_wrong"
    zh = "“{title}”的“{programme}”：{problem}"
    en = "{programme} of {title!r}: {problem}"


class CaseOnFile(JiefaError):
    code = "assistance.case_on_file"
    zh = "“{title}”{year} 年的“{programme}”已经有了，不能重复申请。请在农户页面中查看。"
    en = "{programme} of {title!r} for {year} is on file already. See the household's page."


class NotForStatus(JiefaError):
    code = "assistance.case_status"
    zh = "“{title}”现在不是在册贫困户，不能申请“{programme}”。"
    en = "{title!r} is not on the register as poor; {programme} does not apply."


class NotAMember(JiefaError):
    code = "assistance.case_person"
    zh = "“{programme}”要写明是“{title}”的哪一位成员。请从家庭成员中选。"
    en = "Say which member of {title!r} {programme} is for. Choose from the members."


class NoApplications(JiefaError):
    code = "assistance.no_applications"
    zh = "“{programme}”不由农户申请，由主管部门名单确定。请由县里导入名单。"
    en = "Nobody applies for {programme}: the office in charge lists who has it. Have the county load the list."


@dataclass(frozen=True, slots=True)
class Row:
    """A case as it is to be kept. ``household``: ``NOBODY`` of a list about places."""

    household: int
    person: int | None
    village: str
    year: int
    own: Mapping[str, object]


def _title(household: Household) -> str:
    return household.head_name or household.number


def _against(
    programme: Programme, household: Household, row: Row, card: Mapping[str, object] | None, pack: Pack, on: dt.date
) -> JiefaError | None:
    """What speaks against a case that is asked for. The card must fit here, which for a list is only odd."""
    title, called = _title(household), Words.of(programme)
    if household.poverty_status not in IN_POVERTY:
        return NotForStatus(title=title, programme=called)
    if programme.about == "person" and row.person is None:
        return NotAMember(title=title, programme=called)
    said = rules.remarks(programme, row.own, row.year, card, pack.at(on))
    if said:
        return CaseWrong(title=title, programme=called, problem=Words(said[0].zh, said[0].en))
    return None


def _of(dossier: Dossier) -> Row:
    proposal = dossier.proposal
    household = subjects.household_key(dossier.subject)
    assert household is not None
    return Row(household, proposal["person"], dossier.place_code, dossier.year, proposal["own"])


def _cards(programme: Programme, rows: Iterable[Row]) -> dict[tuple[int, int], dict[str, object]]:
    rows = list(rows)
    keys = [row.person if programme.about == "person" else row.household for row in rows]
    return queries.cards(programme, [key for key in keys if key is not None], [row.year for row in rows])


def _card(
    programme: Programme, row: Row, cards: Mapping[tuple[int, int], Mapping[str, object]]
) -> Mapping[str, object] | None:
    key = row.person if programme.about == "person" else row.household
    return cards.get((key, row.year)) if key is not None else None


def propose(
    *,
    programme: str,
    household_id: int,
    person_id: int | None,
    year: int,
    own: Mapping[str, object],
    by: Actor,
    on: dt.date,
    pack: Pack,
) -> int:
    """The key of the dossier by which the household asks for it. Raises what speaks against it, and as ``open_many``."""
    asked = pack.programme(programme)
    household = Household.objects.get(pk=household_id)
    title = _title(household)
    if PREFIX + programme not in pack.procedures:
        raise NoApplications(programme=Words.of(asked))
    if person_id is not None and not Person.objects.filter(pk=person_id, household=household).exists():
        raise NotAMember(title=title, programme=Words.of(asked))
    row = Row(household_id, person_id, household.village_code, year, rules.own_of(asked, own))
    against = _against(asked, household, row, _card(asked, row, _cards(asked, [row])), pack, on)
    if against is not None:
        raise against
    identity = rules.identity(asked, household_id, person_id, row.own)
    if queries.standing(programme, [year], [identity]):
        raise CaseOnFile(title=title, year=year, programme=Words.of(asked))
    proposal = {"programme": programme, "person": person_id, "own": dict(row.own)}
    opening = Opening(subjects.household(household_id), household.village_code, title, year, proposal)
    (key,) = dossiers.open_many(procedure=PREFIX + programme, openings=[opening], by=by, on=on, pack=pack)
    return key


def check(waiting: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing to a case, as things stand now."""
    if decision.kind != "approve" or not waiting:
        return {}
    asked = pack.programme(waiting[0].procedure.removeprefix(PREFIX))
    rows = {dossier.pk: _of(dossier) for dossier in waiting}
    homes = queries.homes(row.household for row in rows.values())
    cards = _cards(asked, rows.values())
    found = {
        key: _against(asked, homes[row.household], row, _card(asked, row, cards), pack, decision.on)
        for key, row in rows.items()
    }
    return {key: reason for key, reason in found.items() if reason is not None}


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The cases of dossiers that ended well are on file, each with its dossier."""
    agreed = [dossier for dossier, done in moved if done.outcome == "approved"]
    if agreed:
        programme = pack.programme(agreed[0].procedure.removeprefix(PREFIX))
        rows = [_of(dossier) for dossier in agreed]
        keep(programme=programme, rows=rows, by=by, dossiers_of=[dossier.pk for dossier in agreed])


@transaction.atomic
def carry_on(*, record_id: int, own: Mapping[str, object], by: Actor, on: dt.date, pack: Pack) -> ProgrammeRecord:
    """The case with its own columns as they are now. Raises ``CaseWrong``, ``NotAllowed``."""
    record = ProgrammeRecord.objects.select_for_update(of=("self",)).select_related("household").get(pk=record_id)
    by.demand(Permission.HOUSEHOLD_EDIT, record.village_code)
    programme = pack.programme(record.programme)
    # What is not among the columns of the form stays: months that a list brought, say.
    now = {**{name: value for name, value in record.own.items() if name not in own}, **rules.own_of(programme, own)}
    (named,) = naming.remarks(programme.id, [(record.village_code, record.year, now)], pack)
    said = [*rules.remarks(programme, now, record.year, None, pack.at(on)), *named]
    wrong = next((one for one in said if one.level == "error"), None)
    if wrong is not None:
        title = _title(record.household)
        raise CaseWrong(title=title, programme=Words.of(programme), problem=Words(wrong.zh, wrong.en))
    before = record.own
    _follow(record, programme, now, record.household.size)
    record.by, record.at = by.name, timezone.now()
    record.save(update_fields=[*CHANGING], force_update=True)
    audit.record(
        chain=record.village_code,
        by=by.name,
        action="help.carried_on",
        object_type="household",
        object_id=record.household_id,
        diff={
            "programme": programme.id,
            "case": record.pk,
            **{
                name: [before.get(name), now.get(name)] for name in {*before, *now} if before.get(name) != now.get(name)
            },
        },
    )
    return record


def _follow(record: ProgrammeRecord, programme: Programme, own: Mapping[str, object], size: int) -> None:
    """The record with these own columns and what follows from them."""
    case = rules.case(programme, own, size)
    record.own = dict(own)
    record.stage, record.traced_on = case.stage, case.traced_on
    record.amount_fen, record.people = case.amount_fen, case.people


@transaction.atomic
def keep(
    *,
    programme: Programme,
    rows: Sequence[Row],
    by: str,
    of_list: ReceivedList | None = None,
    over: Scope | None = None,
    dossiers_of: Sequence[int] = (),
) -> Kept:
    """The rows on file: new ones, and those that differ from what stood; one entry of the log for each county.

    ``over``: the area of which a list of a ``whole`` programme says everything; who is not on it there is marked so.
    ``dossiers_of``: by which each row was agreed to, in their order.
    """
    homes = queries.homes(row.household for row in rows)
    identities = [rules.identity(programme, row.household, row.person, row.own) for row in rows]
    years = {row.year for row in rows}
    standing = queries.standing(programme.id, years, identities, lock=True)
    now = timezone.now()
    new: dict[tuple[int, str], ProgrammeRecord] = {}
    changed: list[ProgrammeRecord] = []
    for place, (row, identity) in enumerate(zip(rows, identities, strict=True)):
        record = standing.get((row.year, identity)) or new.get((row.year, identity))
        fresh = record is None
        if record is None:
            record = ProgrammeRecord(
                programme=programme.id,
                household_id=row.household,
                person_id=row.person,
                year=row.year,
                identity=identity,
                dossier=dossiers_of[place] if dossiers_of else None,
                own={},
            )
            new[(row.year, identity)] = record
        # An empty cell says nothing: what was on file stays.
        own = {**record.own, **row.own}
        household = homes[row.household]
        if not fresh and own == record.own and not record.off_list:
            continue
        _follow(record, programme, own, household.size)
        record.village_code, record.off_list, record.of_list = household.village_code, False, of_list
        record.by, record.at = by, now
        if not fresh and record.pk is not None:
            changed.append(record)
    ProgrammeRecord.objects.bulk_create(new.values(), batch_size=BATCH)
    ProgrammeRecord.objects.bulk_update(changed, CHANGING, batch_size=BATCH)
    off = _take_off(programme, years, {*identities}, over) if over is not None and programme.whole else {}
    _log(programme, [*new.values()], changed, off, of_list, by)
    return Kept(len(new), len(changed), sum(off.values()))


def _take_off(programme: Programme, years: set[int], listed: set[str], over: Scope) -> dict[str, int]:
    """By county, how many cases of the area and years are marked as no longer listed."""
    rows = gate(ProgrammeRecord.objects.filter(programme=programme.id, year__in=years, off_list=False), over)
    gone = [
        (key, village)
        for key, identity, village in rows.values_list("pk", "identity", "village_code")
        if identity not in listed
    ]
    for first in range(0, len(gone), queries.AT_ONCE):
        chosen = Q(pk__in=[key for key, _village in gone[first : first + queries.AT_ONCE]])
        ProgrammeRecord.objects.filter(chosen).update(off_list=True)
    found: dict[str, int] = {}
    for _key, village in gone:
        found[village[:6]] = found.get(village[:6], 0) + 1
    return found


def _log(
    programme: Programme,
    new: Sequence[ProgrammeRecord],
    changed: Sequence[ProgrammeRecord],
    off: Mapping[str, int],
    of_list: ReceivedList | None,
    by: str,
) -> None:
    counties: dict[str, list[int]] = {}
    for place, several in enumerate((new, changed)):
        for record in several:
            counties.setdefault(record.village_code[:6], [0, 0, 0])[place] += 1
    for county, count in off.items():
        counties.setdefault(county, [0, 0, 0])[2] = count
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by,
                action="help.kept",
                object_type="programme",
                object_id=programme.id,
                diff={
                    "list": of_list.pk if of_list else None,
                    "digest": of_list.digest if of_list else None,
                    "dossiers": [
                        record.dossier for record in new if record.dossier and record.village_code[:6] == county
                    ][:50],
                    "new": counts[0],
                    "changed": counts[1],
                    "off_list": counts[2],
                },
            )
            for county, counts in sorted(counties.items())
        ]
    )
