"""Words on targets: drafted and sent down from above, proposed from below, fixed; differences signed for; what is left of a year
carried over. A word on file is never changed: a newer one stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.funds.models import DOCUMENT_LENGTH
from jiefa.kernel.errors import Words
from jiefa.planning.models import REASON_LENGTH, KeptDifference, Target, TargetState
from jiefa.planning.queries import done, promised
from jiefa.planning.rules import negotiating, refusals
from jiefa.planning.rules.negotiating import Side
from jiefa.policy import Pack

P = Permission


def demand(by: Actor, permission: Permission, code: str, posts_in: tuple[str, ...]) -> None:
    """That the actor has the permission in the place and a post in exactly one of these areas. Raises ``NotAllowed``, ``NotYourPlace``."""
    by.demand(permission, code)
    if not negotiating.holds(by.posts, permission, posts_in):
        names = areas.named([code, *posts_in])
        who = "、".join(names.get(one, one) for one in posts_in)
        raise refusals.NotYourPlace(place=names.get(code, code), who=who)


def side_of(by: Actor, code: str, state: str) -> Side:
    """From which side a word in that state comes. Raises ``NotAllowed``, ``NotYourPlace``."""
    if state == TargetState.PROPOSED:
        demand(by, P.PLACE_ANSWER, code, (code,))
        return Side.OWN
    demand(by, P.TARGET_SET, code, negotiating.uppers(code))
    return Side.ABOVE


@transaction.atomic
def say(
    *,
    area_code: str,
    year: int,
    metric: str,
    value: int,
    state: str,
    by: Actor,
    pack: Pack,
    document: str = "",
    reason: str = "",
) -> Target:
    """The new word on a target. Raises ``NotAllowed``, ``NotYourPlace``, ``MetricUnknown``, ``StateUnfit``, ``ReasonNeeded``,
    ``DocumentMissing``."""
    place = areas.division(area_code).name
    check_metric(metric, pack)
    side = side_of(by, area_code, state)
    before = promised.newest_word(area_code, year, metric)
    made = _word(before, area_code, year, metric, value, state, side, by, pack, document, reason, place)
    made.save(force_insert=True)
    _log([made], "target.said", by)
    return made


def check_metric(metric: str, pack: Pack) -> None:
    """Raises ``MetricUnknown``."""
    known = pack.codes("planning_metric")
    if metric not in known.ids:
        raise refusals.MetricUnknown(metric=metric, known="、".join(known.ids))


def _word(
    before: Target | None,
    area_code: str,
    year: int,
    metric: str,
    value: int,
    state: str,
    side: Side,
    by: Actor,
    pack: Pack,
    document: str,
    reason: str,
    place: str,
    carried: int | None = None,
) -> Target:
    """The word as it would be written, after every check that it can be."""
    labels, states = pack.codes("planning_metric"), pack.codes("target_state")
    name = Words.of(labels.by_id[metric])
    document, reason = document.strip(), reason.strip()[:REASON_LENGTH]
    was = before.state if before else negotiating.NOTHING
    if not negotiating.may_say(side, was, state, area_code):
        nothing = Words("没有目标", "without a target")
        said = Words.of(states.by_id[was]) if was else nothing
        raise refusals.StateUnfit(place=place, year=year, metric=name, before=said, after=Words.of(states.by_id[state]))
    if state in (TargetState.SENT, TargetState.FIXED) and not 0 < len(document) <= DOCUMENT_LENGTH:
        raise refusals.DocumentMissing(place=place, limit=DOCUMENT_LENGTH)
    differs = before is not None and before.state != TargetState.DRAFT and before.value != value
    if differs and before is not None and not reason:
        raise refusals.ReasonNeeded(place=place, year=year, metric=name, before=f"{before.value:,}", after=f"{value:,}")
    return Target(
        area_code=area_code,
        year=year,
        metric=metric,
        value=value,
        carried=carried if carried is not None else (before.carried if before else None),
        state=state,
        document=document[:DOCUMENT_LENGTH],
        reason=reason,
        by=by.name,
        at=timezone.now(),
    )


@transaction.atomic
def send_down(
    *, area_code: str, year: int, metric: str, document: str, by: Actor, pack: Pack, reason: str = ""
) -> list[Target]:
    """The targets sent to the places right below, each as the newest plan gave it; places told that number already are left alone.

    Raises ``NoPlanBelow`` and as ``say``.
    """
    check_metric(metric, pack)
    demand(by, P.TARGET_SET, area_code, (area_code,))
    given = promised.by_plan(area_code, year, metric)
    if not given or not any(given.values()):
        named = Words.of(pack.codes("planning_metric").by_id[metric])
        raise refusals.NoPlanBelow(place=areas.division(area_code).name, year=year, metric=named)
    return _say_below(given, year, metric, TargetState.SENT, document, reason, by, pack, "target.sent_down")


@transaction.atomic
def fix_below(
    *, area_code: str, year: int, metric: str, document: str, by: Actor, pack: Pack, reason: str = ""
) -> list[Target]:
    """What was sent to, or proposed by, the places right below, fixed as it stands. Raises ``NothingToFix`` and as ``say``."""
    check_metric(metric, pack)
    demand(by, P.TARGET_SET, area_code, (area_code,))
    line = promised.of_year(area_code, year, drafts=True).get(metric)
    waiting = (TargetState.SENT, TargetState.PROPOSED)
    standing = {} if line is None else {code: one.value for code, one in line.below.items() if one.state in waiting}
    if not standing:
        named = Words.of(pack.codes("planning_metric").by_id[metric])
        raise refusals.NothingToFix(place=areas.division(area_code).name, year=year, metric=named)
    return _say_below(standing, year, metric, TargetState.FIXED, document, reason, by, pack, "target.fixed_below")


def _say_below(
    values: Mapping[str, int],
    year: int,
    metric: str,
    state: TargetState,
    document: str,
    reason: str,
    by: Actor,
    pack: Pack,
    action: str,
) -> list[Target]:
    standing = {one.area_code: one for one in promised.newest_of(values, [year], drafts=True) if one.metric == metric}
    names = areas.named(sorted(values))
    told = (state, TargetState.FIXED)
    made = [
        _word(before, code, year, metric, value, state, Side.ABOVE, by, pack, document, reason, names.get(code, code))
        for code, value in values.items()
        if (before := standing.get(code)) is None or before.value != value or before.state not in told
    ]
    Target.objects.bulk_create(made, batch_size=500)
    _log(made, action, by)
    return made


def _log(made: list[Target], action: str, by: Actor) -> None:
    audit.record_many(
        [
            Said(
                one.area_code,
                by.name,
                action,
                "target",
                f"{one.area_code}/{one.year}/{one.metric}",
                {"value": one.value, "state": one.state, "carried": one.carried, "reason": one.reason},
            )
            for one in made
        ]
    )


@transaction.atomic
def keep_difference(*, area_code: str, year: int, metric: str, reason: str, by: Actor, pack: Pack) -> KeptDifference:
    """The signature under a difference between a place's target and the sum below, good for these two numbers. Raises
    ``NotAllowed``, ``NotYourPlace``, ``MetricUnknown``, ``NoDifference``, ``ReasonNeeded``."""
    check_metric(metric, pack)
    demand(by, P.TARGET_SET, area_code, (area_code,))
    line = promised.of_year(area_code, year, drafts=False).get(metric)
    place, named = areas.division(area_code).name, Words.of(pack.codes("planning_metric").by_id[metric])
    if line is None or not line.difference or line.own is None or line.sum_below is None:
        raise refusals.NoDifference(place=place, year=year, metric=named)
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        numbers = {"before": f"{line.own.value:,}", "after": f"{line.sum_below:,}"}
        raise refusals.ReasonNeeded(place=place, year=year, metric=named, **numbers)
    kept = KeptDifference.objects.create(
        area_code=area_code,
        year=year,
        metric=metric,
        value=line.own.value,
        below=line.sum_below,
        reason=reason,
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=area_code,
        by=by.name,
        action="target.difference_kept",
        object_type="target",
        object_id=f"{area_code}/{year}/{metric}",
        diff={"value": kept.value, "below": kept.below, "reason": reason},
    )
    return kept


@transaction.atomic
def carry_over(*, area_code: str, year: int, metric: str, document: str, reason: str, by: Actor, pack: Pack) -> Target:
    """What is left of a year's target added to that of the next, in the state in which that stands, sent down where it has none.

    Raises ``NothingLeftOver`` where the target was reached, nothing was promised, nothing is counted, or the same was carried
    over before; and as ``say``.
    """
    check_metric(metric, pack)
    demand(by, P.TARGET_SET, area_code, negotiating.uppers(area_code))
    place, labels = areas.division(area_code).name, pack.codes("planning_metric")
    target = promised.newest_word(area_code, year, metric, drafts=False)
    left = left_over(area_code, year, metric, target)
    before = promised.newest_word(area_code, year + 1, metric, drafts=False)
    carried = before.carried if before and before.carried else 0
    if not left or left == carried:
        raise refusals.NothingLeftOver(place=place, year=year, metric=Words.of(labels.by_id[metric]))
    value = (before.value if before else 0) - carried + left
    state = TargetState.FIXED if before and before.state == TargetState.FIXED else TargetState.SENT
    if not reason.strip():
        numbers = {"before": f"{before.value if before else 0:,}", "after": f"{value:,}"}
        raise refusals.ReasonNeeded(place=place, year=year + 1, metric=Words.of(labels.by_id[metric]), **numbers)
    made = _word(before, area_code, year + 1, metric, value, state, Side.ABOVE, by, pack, document, reason, place, left)
    made.save(force_insert=True)
    _log([made], "target.carried_over", by)
    return made


def left_over(area_code: str, year: int, metric: str, target: Target | None) -> int:
    """What is left of a target at what is on file now; 0 without one, and of a metric that is not counted."""
    if target is None or metric not in done.COUNTED:
        return 0
    found = done.total(area_code, year, [metric])
    return negotiating.shortfall(target.value, found[metric])
