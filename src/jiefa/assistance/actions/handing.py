"""Measures to come go to whoever answers for their household now; what the household signed names who was named then.

Called with households that have another helper, from within the action that gave them one. A draft, which nobody has
signed, takes the new name as well.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

import pyarrow as pa
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.assistance.models import Measure, PlanState
from jiefa.assistance.queries import plans
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.registry.models import Household
from jiefa.responsibility.models import Helper
from jiefa.responsibility.queries import answering
from jiefa.responsibility.queries.people import AT_ONCE, holds
from jiefa.stores import bulk

TABLE = "assistance_measure"


class NobodyAnswers(JiefaError):
    code = "assistance.nobody_answers"
    zh = "“{title}”现在没有帮扶责任人，措施不能移交。请先确定帮扶责任人。"
    en = "Nobody answers for {title!r} now; its measures cannot be handed on. Appoint a helper first."


@transaction.atomic
def hand_on(*, household_id: int, on: dt.date, by: Actor) -> int:
    """How many measures to come went from former helpers of the household to whoever answers for it on that day.

    Raises ``NobodyAnswers``, ``NotAllowed``.
    """
    household = Household.objects.select_for_update().get(pk=household_id)
    by.demand(Permission.HELPER_ASSIGN, household.village_code)
    if answering.helper_on(household_id, on) is None:
        raise NobodyAnswers(title=household.head_name or household.number)
    return of_households([household_id], on, by)


def of_households(households: Collection[int], on: dt.date, by: Actor) -> int:
    """How many measures to come went from former helpers of these households to those who answer for them on that day."""
    keys = sorted(households)
    parts = (keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE))
    return _hand([row for part in parts for row in _rows(plans.of_former_helpers(part, on), on)], on, by)


def of_cadre(cadre_id: int, on: dt.date, by: Actor) -> int:
    """How many measures to come went from a cadre to whoever else answers for their household on that day."""
    return _hand(_rows(plans.to_come().filter(cadre=cadre_id), on, other_than=cadre_id), on, by)


@transaction.atomic
def follow(*, county: str, by: str) -> int:
    """How many measures to come lie now where their household lies, in the county, and lay elsewhere before."""
    rows = plans.to_come().filter(plan__household__village_code__startswith=county)
    moved = rows.exclude(village_code=F("plan__household__village_code")).order_by("pk")
    found = list(moved.values_list("pk", "plan__household_id", "village_code", "plan__household__village_code"))
    if not found:
        return 0
    table = pa.table(
        {
            "id": pa.array([row[0] for row in found], pa.int64()),
            "village_code": pa.array([row[3] for row in found], pa.string()),
        }
    )
    bulk.update(TABLE, table, "id")
    audit.record(
        chain=county,
        by=by,
        action="measure.moved",
        object_type="household",
        object_id=found[0][1] if len({row[1] for row in found}) == 1 else f"{found[0][1]}+{len(found) - 1}",
        diff={"moved": [list(row) for row in found]},
    )
    return len(found)


_Row = tuple[int, int, str, str, int, str]
"""Measure, household, its village, state of the plan, key and name of the cadre who answers now."""


def _rows(measures: QuerySet[Measure], on: dt.date, other_than: int | None = None) -> list[_Row]:
    """Those of households for which somebody answers."""
    present = Helper.objects.filter(holds(on), household=OuterRef("plan__household")).exclude(cadre=other_than)
    named = measures.select_related(None).annotate(
        now=Subquery(present.values("cadre")[:1]), name=Subquery(present.values("cadre__name")[:1])
    )
    columns = ("pk", "plan__household_id", "plan__household__village_code", "plan__state", "now", "name")
    return list(named.filter(now__isnull=False).order_by("pk").values_list(*columns))


def _hand(rows: list[_Row], on: dt.date, by: Actor) -> int:
    whole = pa.table(
        {
            "id": pa.array([row[0] for row in rows], pa.int64()),
            "cadre_id": pa.array([row[4] for row in rows], pa.int64()),
        }
    )
    bulk.update(TABLE, whole, "id")
    drafts = [row for row in rows if row[3] == PlanState.DRAFT]
    renamed = pa.table(
        {
            "id": pa.array([row[0] for row in drafts], pa.int64()),
            "responsible": pa.array([row[5] for row in drafts], pa.string()),
            "responsible_user": pa.array([""] * len(drafts), pa.string()),
        }
    )
    bulk.update(TABLE, renamed, "id")
    _log(rows, on, by)
    return len(rows)


def _log(rows: list[_Row], on: dt.date, by: Actor) -> None:
    """One entry per county: ``[household, cadre now, measures]``."""
    handed: dict[str, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for measure, household, village, _state, cadre, _name in rows:
        handed[village[:6]][household, cadre].append(measure)
    for county, own in sorted(handed.items()):
        told = [[household, cadre, measures] for (household, cadre), measures in sorted(own.items())]
        audit.record(
            chain=county,
            by=by.name,
            action="measure.handed_on",
            object_type="household",
            object_id=told[0][0] if len(told) == 1 else f"{told[0][0]}+{len(told) - 1}",
            diff={"on": on, "handed_on": told},
        )
