"""Months confirmed level by level, unlocked from above, and why a place is behind. A confirmation is never changed: it is taken
back by the place above, and given anew.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.kernel.errors import Words
from jiefa.planning.actions.negotiating import check_metric, demand
from jiefa.planning.models import REASON_LENGTH, Confirmation, ShortfallReason, Unlock
from jiefa.planning.queries import confirming, done
from jiefa.planning.queries.plans import BELOW
from jiefa.planning.rules import negotiating, refusals
from jiefa.policy import Pack

P = Permission
NAMED = 5
"""Places that an error names."""


@transaction.atomic
def confirm(*, area_codes: Sequence[str], year: int, month: int, by: Actor, on: dt.date) -> list[Confirmation]:
    """That these places, all of one level, stand by what is counted for them in the month, which is locked by it.

    Raises ``NotAllowed``, ``NotYourPlace``, ``MonthNotOver``, ``MonthLocked``, ``NotAllConfirmed``. As many queries for many places
    as for one, but for those of places above villages.
    """
    codes = sorted(set(area_codes))
    assert len({len(code) for code in codes}) == 1, "places of one level"
    names = areas.named(codes)
    for code in codes:
        demand(by, P.PLACE_ANSWER, code, (code,))
    if on <= dt.date(year, month, calendar.monthrange(year, month)[1]):
        raise refusals.MonthNotOver(place=names.get(codes[0], codes[0]), year=year, month=month)
    for code, _month in confirming.standing(codes, year, month):
        before = confirming.of_month(code, year, month)
        assert before is not None
        raise refusals.MonthLocked(place=names.get(code, code), year=year, month=month, by=before.by)
    for code in codes:
        if len(code) in BELOW:
            _demand_all_below(code, year, month, names.get(code, code))
    found = done.by_month(Scope(tuple(codes)), [year], len(codes[0]), done.COUNTED)
    now = timezone.now()
    made = [
        Confirmation(
            area_code=code,
            year=year,
            month=month,
            figures={metric: done.months(found, code, metric, year)[month - 1] for metric in sorted(done.COUNTED)},
            by=by.name,
            at=now,
        )
        for code in codes
    ]
    Confirmation.objects.bulk_create(made, batch_size=500)
    audit.record_many(
        [
            Said(
                one.area_code,
                by.name,
                "progress.confirmed",
                "progress",
                f"{one.area_code}/{year}-{month:02}",
                {metric: count for metric, count in one.figures.items() if count},
            )
            for one in made
        ]
    )
    return made


def _demand_all_below(code: str, year: int, month: int, name: str) -> None:
    missing = confirming.missing_below(code, year, month, BELOW[len(code)])
    if missing:
        named = "、".join(one.name for one in missing[:NAMED]) + ("…" if len(missing) > NAMED else "")
        raise refusals.NotAllConfirmed(place=name, year=year, month=month, missing=len(missing), names=named)


@transaction.atomic
def unlock(*, area_code: str, year: int, month: int, reason: str, by: Actor) -> Unlock:
    """The confirmation taken back by a place above, with its reason. Raises ``NotAllowed``, ``NotYourPlace``, ``NotConfirmed``,
    ``ConfirmedAbove``, ``ReasonNeeded``.

    From the top down: while a place above stands by the month, nothing below it may change.
    """
    uppers = negotiating.uppers(area_code)
    demand(by, P.PLACE_ANSWER, area_code, uppers)
    names = areas.named([area_code, *uppers])
    said = {"place": names.get(area_code, area_code), "year": year, "month": month}
    standing = confirming.of_month(area_code, year, month)
    if standing is None:
        raise refusals.NotConfirmed(**said)
    for upper in uppers:
        if upper != area_code and confirming.of_month(upper, year, month) is not None:
            raise refusals.ConfirmedAbove(upper=names.get(upper, upper), **said)
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise refusals.UnlockReason(**said)
    made = Unlock.objects.create(confirmation=standing, reason=reason, by=by.name, at=timezone.now())
    audit.record(
        chain=area_code,
        by=by.name,
        action="progress.unlocked",
        object_type="progress",
        object_id=f"{area_code}/{year}-{month:02}",
        diff={"reason": reason, "confirmed_by": standing.by},
    )
    return made


@transaction.atomic
def explain(
    *, area_code: str, year: int, month: int, metric: str, reason: str, by: Actor, pack: Pack
) -> ShortfallReason:
    """Why the place had done less than planned by the end of the month; the newest holds. Raises ``NotAllowed``, ``NotYourPlace``,
    ``MetricUnknown``, ``ShortfallUnexplained``."""
    check_metric(metric, pack)
    demand(by, P.PLACE_ANSWER, area_code, (area_code,))
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        named = Words.of(pack.codes("planning_metric").by_id[metric])
        raise refusals.ShortfallUnexplained(place=areas.division(area_code).name, metric=named)
    made = ShortfallReason.objects.create(
        area_code=area_code,
        year=year,
        month=month,
        metric=metric,
        reason=reason,
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=area_code,
        by=by.name,
        action="progress.explained",
        object_type="progress",
        object_id=f"{area_code}/{year}-{month:02}",
        diff={"metric": metric, "reason": reason},
    )
    return made
