"""The yearly plan of a household: drawn up as a draft, signed by the household, replaced by another version, carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.assistance.models import HouseholdPlan, Measure, PlanState
from jiefa.assistance.rules import plans as rules
from jiefa.assistance.rules.plans import Promise
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.models import Household, Person


class PlanEmpty(JiefaError):
    code = "assistance.plan_empty"
    zh = "“{title}”{year} 年的计划里没有措施，不能签字。请先填写措施。"
    en = "The plan of {title!r} for {year} holds no measure and cannot be signed. Enter one first."


class PlanUnsigned(JiefaError):
    code = "assistance.plan_unsigned"
    zh = "“{title}”：请写明农户的签字人。"
    en = "{title!r}: say who signed for the household."


class NoDraft(JiefaError):
    code = "assistance.no_draft"
    zh = "“{title}”{year} 年没有待签字的计划。已签字的计划不能改，请另拟新版本。"
    en = "{title!r} has no plan of {year} waiting for a signature. What was signed is not changed; draw up another version."


class NotArrivedYet(JiefaError):
    code = "assistance.measure_not_arrived_yet"
    zh = "“{title}”的措施不能登记为 {on} 落实：这一天还没有到。请填今天或以前的日期。"
    en = (
        "The measure of {title!r} cannot have arrived on {on}: that day is still to come. Give today or an earlier day."
    )


class MeasureUnknown(JiefaError):
    code = "assistance.measure_code"
    zh = "“{title}”：措施或致贫原因“{value}”不在代码表内，或措施对象不是本户成员。请从列表中选。"
    en = "{title!r}: no measure or cause is called {value!r}, or it is for nobody of the household. Choose from the list."


class NotInForce(JiefaError):
    code = "assistance.measure_not_in_force"
    zh = "“{title}”的这项措施不在已签字的现行计划内，不能登记落实。请先请农户签字。"
    en = "This measure of {title!r} stands in no signed plan in force; nothing can arrive yet. Have the plan signed first."


def _title(household: Household) -> str:
    return household.head_name or household.number


@transaction.atomic
def draw_up(*, household_id: int, year: int, promises: Sequence[Promise], by: Actor, pack: Pack) -> HouseholdPlan:
    """The draft of a plan with these measures; one that was there is written anew. What is signed stays in force until
    this one is signed. Raises ``MeasureUnknown``, ``NotAllowed``.
    """
    household = Household.objects.select_for_update().get(pk=household_id)
    by.demand(Permission.HOUSEHOLD_EDIT, household.village_code)
    _check_codes(household, promises, pack)
    plans = HouseholdPlan.objects.filter(household=household, year=year)
    plans.filter(state=PlanState.DRAFT).delete()
    last = plans.order_by("-version").values_list("version", flat=True).first() or 0
    plan = HouseholdPlan.objects.create(
        household=household,
        village_code=household.village_code,
        year=year,
        version=last + 1,
        state=PlanState.DRAFT,
        by=by.name,
        at=timezone.now(),
    )
    Measure.objects.bulk_create(
        Measure(
            plan=plan,
            village_code=household.village_code,
            person_id=one.person,
            cause=one.cause,
            kind=one.kind,
            what=one.what,
            responsible=one.responsible,
            responsible_user=one.responsible_user,
            cadre_id=one.cadre,
            planned_on=one.planned_on,
            planned_fen=one.fen,
        )
        for one in promises
    )
    _log(household, by, "plan.drawn_up", {"year": year, "version": plan.version, "measures": len(promises)})
    return plan


def _check_codes(household: Household, promises: Sequence[Promise], pack: Pack) -> None:
    kinds, causes = pack.codes("suggested_measure").by_id, pack.codes("cause").by_id
    for one in promises:
        for value, known in ((one.kind, kinds), (one.cause, causes)):
            if value not in known and not (value == "" and known is causes):
                raise MeasureUnknown(title=_title(household), value=value)
    people = {one.person for one in promises if one.person is not None}
    if people - set(Person.objects.filter(pk__in=people, household=household).values_list("pk", flat=True)):
        raise MeasureUnknown(title=_title(household), value="?")


def promises_of(plan: HouseholdPlan) -> list[Promise]:
    """What the plan promises."""
    return [
        Promise(
            kind=one.kind,
            responsible=one.responsible,
            planned_on=one.planned_on,
            cause=one.cause,
            what=one.what,
            fen=one.planned_fen,
            person=one.person_id,
            responsible_user=one.responsible_user,
            cadre=one.cadre_id,
        )
        for one in plan.measures.order_by("pk")
    ]


@transaction.atomic
def sign(*, household_id: int, year: int, signed_by: str, on: dt.date, by: Actor) -> HouseholdPlan:
    """The draft as signed by the household, in force from now on in place of the version before.

    What had arrived by the version before arrives with the measure that promises the same. Raises ``NoDraft``, ``PlanEmpty``,
    ``PlanUnsigned``, ``NotAllowed``.
    """
    household = Household.objects.select_for_update().get(pk=household_id)
    by.demand(Permission.HOUSEHOLD_EDIT, household.village_code)
    plans = HouseholdPlan.objects.filter(household=household, year=year)
    plan = plans.filter(state=PlanState.DRAFT).first()
    if plan is None:
        raise NoDraft(title=_title(household), year=year)
    promises = promises_of(plan)
    if not promises:
        raise PlanEmpty(title=_title(household), year=year)
    if not signed_by.strip():
        raise PlanUnsigned(title=_title(household))
    before = plans.filter(state=PlanState.SIGNED).first()
    if before is not None:
        _carry_over(before, plan)
        plans.filter(pk=before.pk).update(state=PlanState.REPLACED)
    plan.state, plan.signed_on, plan.signed_by = PlanState.SIGNED, on, signed_by.strip()
    plan.digest = rules.digest(promises)
    plan.save(force_update=True)
    _log(household, by, "plan.signed", {"year": year, "version": plan.version, "on": on, "digest": plan.digest})
    return plan


def _carry_over(before: HouseholdPlan, plan: HouseholdPlan) -> None:
    """What arrived by the version before, kept by the same kind for the same person and cause; each once."""
    arrived: dict[tuple[str, str, int | None], list[Measure]] = {}
    for one in before.measures.filter(delivered_on__isnull=False).order_by("pk"):
        arrived.setdefault((one.kind, one.cause, one.person_id), []).append(one)
    changed = []
    for one in plan.measures.order_by("pk"):
        same = arrived.get((one.kind, one.cause, one.person_id))
        if same:
            past = same.pop(0)
            one.delivered_on, one.delivered_fen, one.result = past.delivered_on, past.delivered_fen, past.result
            changed.append(one)
    Measure.objects.bulk_update(changed, ["delivered_on", "delivered_fen", "result"])


@transaction.atomic
def deliver(*, measure_id: int, on: dt.date, by: Actor, fen: int | None = None, result: str = "") -> Measure:
    """The measure with what arrived and what came of it, said by who edits the household or answers for the measure.

    Raises ``NotInForce``, ``NotArrivedYet``, ``NotAllowed``.
    """
    rows = Measure.objects.select_for_update(of=("self",)).select_related("plan__household", "cadre")
    measure = rows.get(pk=measure_id)
    answers = measure.user == by.name and by.may(Permission.HOUSEHOLD_VIEW, measure.village_code)
    if not answers:
        by.demand(Permission.HOUSEHOLD_EDIT, measure.village_code)
    household = measure.plan.household
    if measure.plan.state != PlanState.SIGNED:
        raise NotInForce(title=_title(household))
    if on > timezone.localdate():
        raise NotArrivedYet(title=_title(household), on=on)
    measure.delivered_on, measure.delivered_fen, measure.result = on, fen, result.strip()
    measure.save(update_fields=["delivered_on", "delivered_fen", "result"], force_update=True)
    _log(household, by, "measure.delivered", {"measure": measure.kind, "on": on, "fen": fen, "result": measure.result})
    return measure


def _log(household: Household, by: Actor, action: str, diff: dict[str, object]) -> None:
    audit.record(
        chain=household.village_code,
        by=by.name,
        action=action,
        object_type="household",
        object_id=household.pk,
        diff=diff,
    )
