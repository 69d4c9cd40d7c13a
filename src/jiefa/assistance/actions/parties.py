"""Who manages, borrows, guarantees, makes public, and the association: the roles of microcredit in a county."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.assistance.models import CreditParty
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack

ROLES = "credit_role"


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
        county_id=county, role=role, name=name.strip()[:100], from_on=on, by=by.name, at=timezone.now()
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
