"""Livelihood supervision groups formed over townships; whoever watched a township before ends on the day on which another begins."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.integrity.models import Group, GroupTownship
from jiefa.integrity.rules import refusals

P = Permission
COUNTY = 6


@dataclass(frozen=True, slots=True)
class NewWatch:
    """That the group of a county watches a township from a day on; the group is made where it is not there."""

    name: str
    area_code: str
    head: str
    deputy: str
    on: dt.date


@transaction.atomic
def form_many(*, watches: Sequence[NewWatch], by: Actor) -> int:
    """How many townships have a group new to them, all or none; heads and deputies are those of the last row of a group.

    One entry per county. Raises ``NotAllowed``, ``GroupTwice``.
    """
    for code in sorted({one.area_code for one in watches}):
        by.demand(P.CASE_BOOK, code)
    groups = _groups(watches, by)
    codes = [one.area_code for one in watches]
    standing = {
        row.area_code: row
        for row in GroupTownship.objects.select_for_update(of=("self",))
        .select_related("group")
        .filter(area_code__in=codes, to_date__isnull=True)
        .order_by("pk")
    }
    new = [one for one in watches if _group_of(standing, one) != groups[one.area_code[:COUNTY], one.name].pk]
    ended = []
    for one in new:
        row = standing.get(one.area_code)
        if row is None:
            continue
        if one.on <= row.from_date:
            name = areas.division(one.area_code).name
            raise refusals.GroupTwice(place=name, group=row.group.name, on=row.from_date)
        row.to_date = one.on
        ended.append(row)
    GroupTownship.objects.bulk_update(ended, ["to_date"], batch_size=500)
    GroupTownship.objects.bulk_create(
        [
            GroupTownship(group=groups[one.area_code[:COUNTY], one.name], area_code=one.area_code, from_date=one.on)
            for one in new
        ],
        batch_size=2_000,
    )
    counts: dict[str, int] = defaultdict(int)
    for one in new:
        counts[one.area_code[:COUNTY]] += 1
    audit.record_many(
        [
            Said(county, by.name, "group.formed", "group", county, {"count": count})
            for county, count in sorted(counts.items())
        ]
    )
    return len(new)


def _group_of(standing: dict[str, GroupTownship], one: NewWatch) -> int | None:
    row = standing.get(one.area_code)
    return row.group_id if row else None


def _groups(watches: Sequence[NewWatch], by: Actor) -> dict[tuple[str, str], Group]:
    """The groups by county and name, those that are new made, head and deputy as they are now."""
    wanted = {(one.area_code[:COUNTY], one.name): one for one in watches}
    now = timezone.now()
    Group.objects.bulk_create(
        [
            Group(area_code=county, name=name, head=one.head, deputy=one.deputy, by=by.name, at=now)
            for (county, name), one in sorted(wanted.items())
        ],
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["area_code", "name"],
        update_fields=["head", "deputy"],
    )
    found = Group.objects.filter(area_code__in={county for county, _name in wanted})
    return {(one.area_code, one.name): one for one in found if (one.area_code, one.name) in wanted}
