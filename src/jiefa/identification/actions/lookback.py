"""Look-back campaigns (回头看): every household of a frozen list is visited and found so or otherwise; dossiers follow, never edits."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

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

AT_ONCE = 1_000
"""Households looked up and written together."""


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


@dataclass(frozen=True, slots=True)
class Visited:
    """What the visit of one household found; ``dossier``: the procedure that it led to."""

    household: int
    found: Found
    note: str = ""
    dossier: int | None = None


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
    find_many(campaign=campaign, visited=[Visited(household_id, found, note, dossier)], on=on, by=by)
    return LookBackHousehold.objects.get(campaign=campaign, household=household_id)


def find_many(*, campaign: LookBack, visited: Sequence[Visited], on: dt.date, by: Actor) -> int:
    """How many households were found so, as ``find`` finds one: a village's visits of a day. All or none. Raises as ``find``."""
    waiting = iter(visited)
    with transaction.atomic():
        while chunk := list(islice(waiting, AT_ONCE)):
            _find(campaign, chunk, on, by)
    return len(visited)


def _find(campaign: LookBack, visited: Sequence[Visited], on: dt.date, by: Actor) -> None:
    keys = [one.household for one in visited]
    cards = {
        card.household_id: card
        for card in HouseholdYear.objects.filter(household__in=keys, year=campaign.year).select_related("household")
    }
    there = LookBackHousehold.objects.select_for_update().filter(campaign=campaign, household__in=keys).order_by("pk")
    rows = {row.household_id: row for row in there}
    before = {key: rows[key].found if key in rows else "" for key in keys}
    inside = all(card.village_code.startswith(campaign.division_id) for card in cards.values())
    if len(cards) < len(set(keys)) or not inside or on > campaign.ends:
        raise OutsideCampaign(ends=campaign.ends)
    for village in sorted({card.village_code for card in cards.values()}):
        by.demand(Permission.HOUSEHOLD_EDIT, village)
    for one in visited:
        card = cards[one.household]
        row = rows[one.household] = rows.get(one.household) or _row(campaign, card)
        _check(one, card, row)
        row.found, row.note, row.found_on, row.by = one.found, one.note.strip(), on, by.name
        row.dossier = one.dossier if one.dossier is not None else row.dossier
    _write(list(rows.values()))
    _log(campaign, visited, rows, before, on, by)


def _row(campaign: LookBack, card: HouseholdYear) -> LookBackHousehold:
    """A household that is not on the frozen list, as the campaign finds it."""
    return LookBackHousehold(
        campaign=campaign,
        household_id=card.household_id,
        village_code=card.village_code,
        on_list=False,
        status_then=card.poverty_status,
    )


def _check(one: Visited, card: HouseholdYear, row: LookBackHousehold) -> None:
    title = card.household.head_name or card.household.number
    if one.found != Found.CONFIRMED and not one.note.strip():
        raise NoteMissing(title=title)
    if one.found == Found.MISSED and (row.on_list or card.poverty_status in IN_POVERTY):
        raise MissedIsPoor(title=title)
    if row.pk is None and one.found != Found.MISSED:
        raise OutsideCampaign(ends=row.campaign.ends)


def _write(rows: Sequence[LookBackHousehold]) -> None:
    on_file = [row for row in rows if row.pk is not None]
    texts = {
        name: pa.array([str(getattr(row, name)) for row in on_file], pa.string()) for name in ("found", "note", "by")
    }
    changed = pa.table(
        {
            "id": pa.array([row.pk for row in on_file], pa.int64()),
            **texts,
            "found_on": pa.array([row.found_on for row in on_file], pa.date32()),
            "dossier": pa.array([row.dossier for row in on_file], pa.int64()),
        }
    )
    bulk.update("identification_lookbackhousehold", changed, "id")
    LookBackHousehold.objects.bulk_create((row for row in rows if row.pk is None), batch_size=500)


def _log(
    campaign: LookBack,
    visited: Sequence[Visited],
    rows: Mapping[int, LookBackHousehold],
    before: Mapping[int, str],
    on: dt.date,
    by: Actor,
) -> None:
    """One entry a county; of a single household as its own history tells it."""
    by_county: dict[str, list[Visited]] = defaultdict(list)
    for one in visited:
        by_county[rows[one.household].village_code[:6]].append(one)
    said = []
    for county, own in sorted(by_county.items()):
        changes = [[one.household, before[one.household], one.found.value, rows[one.household].dossier] for one in own]
        key, *change, dossier = changes[0]
        single = len(own) == 1
        told = {"found": change, "dossier": dossier} if single else {"households": changes}
        said.append(
            audit.Said(
                chain=county,
                by=by.name,
                action="lookback.found",
                object_type="household",
                object_id=key if single else f"{key}+{len(own) - 1}",
                diff={"campaign": campaign.pk, "on": on, **told},
            )
        )
    audit.record_many(said)
