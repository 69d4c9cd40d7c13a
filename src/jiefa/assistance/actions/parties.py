"""Who manages, borrows, guarantees, makes public, and the association: the roles of microcredit in a county, by hand and by list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas.models import Division
from jiefa.assistance.actions.kind import Kind
from jiefa.assistance.actions.records import BATCH, Row
from jiefa.assistance.models import PARTY_LENGTH, CreditParty
from jiefa.assistance.queries import credit as queries
from jiefa.assistance.rules.programmes import day, plain
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError, Words
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack

ROLES, PARTIES = "credit_role", "credit_parties"


class PartyUnknown(JiefaError):
    code = "assistance.party_unknown"
    zh = "没有“{role}”这个角色。可选：{known}。"
    en = "There is no role {role!r}. There are: {known}."


class PartyUnnamed(JiefaError):
    code = "assistance.party_unnamed"
    zh = "“{role}”由哪个单位承担没有写。请写单位名称。"
    en = "Nobody is named for {role}. Give the name of the unit."


class PartyBefore(JiefaError):
    code = "assistance.party_before"
    zh = "“{role}”现由{name}承担，自 {begins} 起。接替的日期要晚于这一天。"
    en = "{role} has been with {name} since {begins}. Who follows begins on a later day."


@transaction.atomic
def name_party(*, county: str, role: str, name: str, on: dt.date, by: Actor, pack: Pack) -> CreditParty:
    """Who fills the role from that day on; whoever did so ends on it. Raises the refusals above and ``NotAllowed``."""
    by.demand(Permission.FUND_MANAGE, county)
    known = pack.codes(ROLES).get(role)
    if known is None:
        raise PartyUnknown(role=role, known=Words.listed(pack.codes(ROLES).values))
    called = Words.of(known)
    if not name.strip():
        raise PartyUnnamed(role=called)
    Division.objects.select_for_update().get(pk=county)
    before = CreditParty.objects.filter(county=county, role=role, to_on__isnull=True).first()
    if before is not None:
        if on <= before.from_on:
            raise PartyBefore(role=called, name=before.name, begins=before.from_on)
        before.to_on = on
        before.save(update_fields=["to_on"], force_update=True)
    made = CreditParty.objects.create(
        county_id=county, role=role, name=name.strip()[:PARTY_LENGTH], from_on=on, by=by.name, at=timezone.now()
    )
    audit.record(
        chain=county,
        by=by.name,
        action="credit.party",
        object_type="division",
        object_id=county,
        diff={"role": role, "name": made.name, "from": on, "before": before.name if before else ""},
    )
    return made


class OfParties(Kind):
    """The list of who fills the roles of microcredit in counties; each row follows whoever filled the role before its day."""

    about = "place"
    needs_year = False
    place, digits = "county_code", 6

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(PARTIES)
        self.id, self.zh, self.en = PARTIES, self.form.zh, self.form.en

    def uploads(self, by: Actor) -> Permission:
        return Permission.FUND_MANAGE

    def accepts(self, by: Actor) -> Permission:
        return Permission.FUND_MANAGE

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return {name: plain(row[name]) for name in ("role", "name", "from_on") if row[name] is not None}

    def identity(self, row: Row) -> str:
        return f"{row.village}/{row.own.get('role')}/{row.own.get('from_on')}"

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        whole = [(line, row) for line, row in rows if {"role", "name", "from_on"} <= set(row.own)]
        standing = queries.parties_of({row.village for _line, row in whole})
        roles = pack.codes(ROLES)
        for line, row in whole:
            if len(str(row.own["name"]).strip()) > PARTY_LENGTH:
                say(line, _LONG_NAME)
            now = next((one for one in standing if _key(row) == (one.county_id, one.role) and one.to_on is None), None)
            if now is not None and _begins(row) <= now.from_on and not _stands(row, standing):
                called = Words.of(roles.by_id[str(row.own["role"])])
                before = PartyBefore(role=called, name=now.name, begins=now.from_on)
                say(line, Remark("error", "HP46", "from_on", before.message("zh"), before.message("en")))

    def unchanged(self, rows: Sequence[Row]) -> int:
        standing = queries.parties_of({row.village for row in rows})
        return sum(_stands(row, standing) for row in rows)

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        return keep(rows=rows, of_list=of_list, by=by, pack=pack)


_LONG_NAME = Remark(
    "error",
    "HP45",
    "name",
    f"单位名称超过 {PARTY_LENGTH} 个字符。请缩短。",
    f"The name of the unit has more than {PARTY_LENGTH} characters. Shorten it.",
)


def _key(row: Row) -> tuple[str, str]:
    return row.village, str(row.own["role"])


def _begins(row: Row) -> dt.date:
    begins = day(row.own, "from_on")
    assert begins is not None
    return begins


def _stands(row: Row, standing: Sequence[CreditParty]) -> bool:
    """Whether the row says what is on file, of now or before."""
    said = (*_key(row), _begins(row), str(row.own["name"]).strip())
    return any(said == (one.county_id, one.role, one.from_on, one.name) for one in standing)


@transaction.atomic
def keep(*, rows: Sequence[Row], of_list: ReceivedList, by: str, pack: Pack) -> Kept:
    """The parties on file, each until the next of its role; one entry of the log for each county. Raises ``PartyBefore``."""
    counties = sorted({row.village for row in rows})
    list(Division.objects.select_for_update().filter(pk__in=counties))
    standing = queries.parties_of(counties)
    now: dict[tuple[str, str], CreditParty] = {(one.county_id, one.role): one for one in standing if one.to_on is None}
    made: list[CreditParty] = []
    ended: list[CreditParty] = []
    told: dict[str, list[list[str]]] = defaultdict(list)
    for row in sorted((row for row in rows if not _stands(row, standing)), key=_begins):
        key, begins, name = _key(row), _begins(row), str(row.own["name"]).strip()
        before = now.get(key)
        if before is not None:
            if begins <= before.from_on:
                called = Words.of(pack.codes(ROLES).by_id[key[1]])
                raise PartyBefore(role=called, name=before.name, begins=before.from_on)
            before.to_on = begins
            if before.pk:
                ended.append(before)
        party = CreditParty(county_id=key[0], role=key[1], name=name, from_on=begins, by=by, at=timezone.now())
        now[key] = party
        made.append(party)
        told[key[0]].append([key[1], name, begins.isoformat(), before.name if before else ""])
    CreditParty.objects.bulk_update(ended, ["to_on"], batch_size=BATCH)
    CreditParty.objects.bulk_create(made, batch_size=BATCH)
    said = {"list": of_list.pk, "digest": of_list.digest}
    audit.record_many(
        [
            audit.Said(county, by, "credit.parties", "division", county, {**said, "parties": parties})
            for county, parties in sorted(told.items())
        ]
    )
    return Kept(len(made), 0, 0)
