"""Look-back campaigns (回头看): every household of a frozen list is visited and found so or otherwise; dossiers follow, never edits."""

from __future__ import annotations

import datetime as dt
import hashlib

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.identification.models import Found, LookBack, LookBackHousehold
from jiefa.kernel.errors import JiefaError
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear
from jiefa.stores import bulk


class NobodyToVisit(JiefaError):
    code = "identification.lookback_empty"
    zh = "{place} {year} 年没有在册贫困户的卡片，不能开始回头看。请先录入名册。"
    en = "{place} has no cards of poor households of {year}; there is nobody to look back at. Load the roster first."


class OutsideCampaign(JiefaError):
    code = "identification.lookback_outside"
    zh = "该户不在这次回头看的范围内，或活动已于 {ends} 结束。"
    en = "The household is not within this campaign, or the campaign ended on {ends}."


class MissedIsPoor(JiefaError):
    code = "identification.lookback_missed"
    zh = "“{title}”已在册，不能登记为漏评。"
    en = "{title!r} is on the register; it cannot be found as missed."


class NoteMissing(JiefaError):
    code = "identification.lookback_note"
    zh = "“{title}”：除“属实”外，请写明核查情况。"
    en = "{title!r}: say what was found, unless it is simply confirmed."


@transaction.atomic
def begin(*, title: str, area: str, year: int, begins: dt.date, ends: dt.date, by: Actor) -> LookBack:
    """The campaign with its list frozen: every household of the area that is in poverty on its card of ``year``.

    Raises ``NobodyToVisit``, ``NotAllowed``.
    """
    by.demand(Permission.FINDING_WAIVE, area)
    cards = gate(HouseholdYear.objects.filter(year=year, poverty_status__in=IN_POVERTY), Scope((area,)))
    rows = list(cards.order_by("household_id").values_list("household_id", "village_code", "poverty_status"))
    if not rows:
        raise NobodyToVisit(place=areas.division(area).name, year=year)
    digest = hashlib.sha256("\n".join(f"{key} {village} {status}" for key, village, status in rows).encode())
    campaign = LookBack.objects.create(
        title=title,
        division_id=area,
        year=year,
        begins=begins,
        ends=ends,
        households=len(rows),
        digest=digest.hexdigest(),
        by=by.name,
        at=timezone.now(),
    )
    count, text = len(rows), pa.string()
    table = pa.table(
        {
            "id": bulk.new_ids("identification_lookbackhousehold", count),
            "campaign_id": pa.array([campaign.pk] * count, pa.int64()),
            "household_id": pa.array([row[0] for row in rows], pa.int64()),
            "village_code": pa.array([row[1] for row in rows], text),
            "on_list": pa.array([True] * count, pa.bool_()),
            "status_then": pa.array([row[2] for row in rows], text),
            "found": pa.array([""] * count, text),
            "note": pa.array([""] * count, text),
            "found_on": pa.array([None] * count, pa.date32()),
            "by": pa.array([""] * count, text),
            "dossier": pa.array([None] * count, pa.int64()),
        }
    )
    bulk.insert("identification_lookbackhousehold", table)
    audit.record(
        chain=area,
        by=by.name,
        action="lookback.begun",
        object_type="lookback",
        object_id=campaign.pk,
        diff={"area": area, "year": year, "households": count, "digest": campaign.digest},
    )
    return campaign


@transaction.atomic
def find(
    *,
    campaign: LookBack,
    household_id: int,
    found: Found,
    on: dt.date,
    by: Actor,
    note: str = "",
    dossier: int | None = None,
) -> LookBackHousehold:
    """What the visit found. A household that is not on the list comes in as missed. The newest word holds; the log keeps all.

    Raises ``OutsideCampaign``, ``MissedIsPoor``, ``NoteMissing``, ``NotAllowed``.
    """
    card = HouseholdYear.objects.filter(household=household_id, year=campaign.year).select_related("household").first()
    if card is None or not card.village_code.startswith(campaign.division_id) or on > campaign.ends:
        raise OutsideCampaign(ends=campaign.ends)
    by.demand(Permission.HOUSEHOLD_EDIT, card.village_code)
    title = card.household.head_name or card.household.number
    if found != Found.CONFIRMED and not note.strip():
        raise NoteMissing(title=title)
    on_list = LookBackHousehold.objects.select_for_update().filter(campaign=campaign, household=household_id).first()
    if found == Found.MISSED and ((on_list and on_list.on_list) or card.poverty_status in IN_POVERTY):
        raise MissedIsPoor(title=title)
    if on_list is None:
        if found != Found.MISSED:
            raise OutsideCampaign(ends=campaign.ends)
        on_list = LookBackHousehold(
            campaign=campaign,
            household_id=household_id,
            village_code=card.village_code,
            on_list=False,
            status_then=card.poverty_status,
        )
    before = on_list.found
    on_list.found, on_list.note, on_list.found_on, on_list.by = found, note.strip(), on, by.name
    on_list.dossier = dossier if dossier is not None else on_list.dossier
    on_list.save()
    audit.record(
        chain=card.village_code,
        by=by.name,
        action="lookback.found",
        object_type="household",
        object_id=household_id,
        diff={"campaign": campaign.pk, "found": [before, found.value], "on": on, "dossier": on_list.dossier},
    )
    return on_list
