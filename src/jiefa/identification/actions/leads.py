"""Leads of comparisons: a list of another office is loaded once and found on the register; each lead is settled with a reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.identification import queries
from jiefa.identification.models import Lead, LeadList, Settled
from jiefa.kernel import id_numbers
from jiefa.kernel.errors import Bilingual, JiefaError, Words
from jiefa.kernel.vault import Vault
from jiefa.policy import NotInForce, Pack
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.sheets.forms import specs_of


class LeadsWrong(JiefaError):
    code = "identification.leads_wrong"
    zh = "文件“{file}”第 {row} 行：{problem_zh}。请改正后重新导入；没有写入任何数据。"
    en = "File {file!r}, row {row}: {problem_en}. Mend it and load again; nothing was written."


class LeadsLoaded(JiefaError):
    code = "identification.leads_loaded"
    zh = "文件“{file}”的内容已于 {on} 由 {by} 导入，不再重复导入。"
    en = "What file {file!r} holds was loaded on {on} by {by}; it is not loaded twice."


class NobodyFound(JiefaError):
    code = "identification.leads_nobody"
    zh = (
        "文件“{file}”的 {rows} 行在您管辖范围的登记册里一户也没有找到，没有导入。请核对证件号码或户编号，以及管辖范围。"
    )
    en = "None of the {rows} rows of file {file!r} is about a household on the register of your area; nothing was loaded. Check the numbers and the area."


class LeadSettled(JiefaError):
    code = "identification.lead_settled"
    zh = "“{title}”的这条线索已由 {by} 于 {on} 处理。请刷新页面。"
    en = "The lead about {title!r} was settled by {by} on {on}. Reload the page."


class LeadReasonMissing(JiefaError):
    code = "identification.lead_reason"
    zh = "“{title}”：请写明核实情况和处理理由。"
    en = "{title!r}: say what was found on the spot and why it is settled so."


class LeadsOpen(JiefaError):
    code = "identification.leads_open"
    zh = "“{title}”还有 {count} 条比对线索没有处理：{leads}。请先入户核实，逐条写明处理结果，再通过这一步。"
    en = "{title!r} has leads that nobody has settled ({count}): {leads}. Look into each on the spot and settle it, then let this step pass."


LONG_NUMBER = re.compile(r"[0-9]{12}")
"""Certificates and accounts have at least so many digits in a row; a lead is shown to many and keeps none."""

Hit = tuple[Mapping[str, Any], int, str, int | None]
"""A row with the household, the village and, where the row names one, the person that it is about."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list after it was loaded: rows read, and of these how many are about households on the register of the area."""

    list: LeadList
    rows: int
    found: int


def load(*, file: Path, name: str, by: Actor, pack: Pack) -> Loaded:
    """The list read and found on the register inside the actor's area; rows about anybody else are counted, not kept.

    All or nothing. Raises ``NotAllowed``, the errors of ``sheets``, ``LeadsWrong``, ``LeadsLoaded``, ``NobodyFound``.
    """
    within = by.demand(Permission.LEAD_LOAD)
    read = sheets.read(file, specs_of(pack, pack.form("leads")))
    for said in read.remarks:
        if said.severity == "error":
            raise LeadsWrong(file=name, row=said.row or 1, problem_zh=said.zh, problem_en=said.en)
    rows = read.tables["leads"].to_pylist()
    for row in rows:
        if not (row["household_number"] or row["id_number"]):
            problem = {"problem_zh": "户编号和证件号码都没有填", "problem_en": "neither number is filled in"}
            raise LeadsWrong(file=name, row=row["row"], **problem)
        if LONG_NUMBER.search(row["detail"] or ""):
            problem = {
                "problem_zh": "线索内容里写了号码，请删去",
                "problem_en": "what it says holds a number; take it out",
            }
            raise LeadsWrong(file=name, row=row["row"], **problem)
    known = LeadList.objects.filter(digest=read.digest).first()
    if known is not None:
        raise LeadsLoaded(file=name, on=timezone.localdate(known.at), by=known.by)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    numbers = [id_numbers.citizen_part(row["id_number"]) if row["id_number"] else None for row in rows]
    keys = vault.blind_index_many(numbers)
    people = queries.people_by_key([key for key in keys if key is not None], within)
    homes = queries.homes_by_number([row["household_number"] for row in rows if row["household_number"]], within)
    found: list[Hit] = []
    for row, key in zip(rows, keys, strict=True):
        who = people.get(key) if key is not None else None
        home = homes.get(row["household_number"] or "")
        if who is not None and who.household_id is not None:
            found.append((row, who.household_id, who.village_code, who.pk))
        elif home is not None:
            found.append((row, home[0], home[1], None))
    if not found:
        raise NobodyFound(file=name, rows=len(rows))
    return Loaded(_keep(name, read.digest, rows, found, by), len(rows), len(found))


@transaction.atomic
def _keep(
    name: str,
    digest: str,
    rows: Sequence[Mapping[str, Any]],
    found: Sequence[Hit],
    by: Actor,
) -> LeadList:
    made = LeadList.objects.create(
        title=name[:120], digest=digest, rows=len(rows), found=len(found), by=by.name, at=timezone.now()
    )
    Lead.objects.bulk_create(
        (
            Lead(
                of_list=made,
                household_id=household,
                person_id=person,
                village_code=village,
                kind=row["kind"],
                detail=(row["detail"] or "")[:200],
                seen_on=row["seen_on"],
            )
            for row, household, village, person in found
        ),
        batch_size=500,
    )
    audit.record(
        chain="system",
        by=by.name,
        action="leads.loaded",
        object_type="lead_list",
        object_id=made.pk,
        diff={"file": made.title, "digest": digest, "rows": len(rows), "households": len(found)},
    )
    return made


def check_settled(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing to a step before which leads are settled: those about its household that are open, named.

    One query at most, however many dossiers. Source: ``leads.settled_before``, by the day of the decision.
    """
    if decision.kind != "approve":
        return {}
    try:
        before = pack.at(decision.on).texts("leads.settled_before")
    except NotInForce:
        return {}
    homes = {
        dossier.pk: subjects.household_key(dossier.subject)
        for dossier in dossiers
        if f"{dossier.procedure}.{dossier.step}" in before
    }
    found = queries.open_leads([key for key in homes.values() if key is not None]) if homes else {}
    kinds = pack.codes("lead_kind").by_id
    against: dict[int, JiefaError] = {}
    for dossier in dossiers:
        leads = found.get(homes.get(dossier.pk) or 0, ())
        if leads:
            said = Words.listed(_named(kinds[lead.kind], lead) for lead in leads)
            against[dossier.pk] = LeadsOpen(title=dossier.title, count=len(leads), leads=said)
    return against


def _named(kind: Bilingual, lead: Lead) -> Words:
    """The lead by its kind, with what the list says of it."""
    more = "，".join(part for part in (lead.detail, lead.seen_on.isoformat() if lead.seen_on else "") if part)
    return Words(f"{kind.zh}（{more}）", f"{kind.en} ({more})") if more else Words.of(kind)


@transaction.atomic
def settle(*, lead_id: int, settled: Settled, reason: str, by: Actor, on: dt.date, dossier: int | None = None) -> Lead:
    """The lead with what was found on the spot. Raises ``LeadSettled``, ``LeadReasonMissing``, ``NotAllowed``."""
    lead = Lead.objects.select_for_update(of=("self",)).select_related("household").get(pk=lead_id)
    by.demand(Permission.HOUSEHOLD_EDIT, lead.village_code)
    title = lead.household.head_name or lead.household.number
    if lead.settled:
        raise LeadSettled(title=title, by=lead.by, on=lead.settled_on)
    if not reason.strip():
        raise LeadReasonMissing(title=title)
    lead.settled, lead.reason, lead.settled_on, lead.by = settled, reason.strip(), on, by.name
    lead.dossier = dossier
    lead.save(force_update=True)
    audit.record(
        chain=lead.village_code,
        by=by.name,
        action="lead.settled",
        object_type="household",
        object_id=lead.household_id,
        diff={"lead": lead.pk, "settled": settled.value, "reason": lead.reason, "on": on, "dossier": dossier},
    )
    return lead
