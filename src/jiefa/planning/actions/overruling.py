"""An officer decides on a single household: every later plan keeps it, and the county is planned again at once to say what it costs."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jiefa import snapshots
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.planning.actions import making
from jiefa.planning.models import Assignment, Overrule, Plan
from jiefa.planning.queries import asked, costing, plans, stating
from jiefa.planning.queries.on_file import COUNTY
from jiefa.policy import Pack

REASON_LENGTH = 300


class NothingDecided(JiefaError):
    code = "planning.nothing_decided"
    zh = "没有选年度，也没有选路径。请至少选一项，再保存。"
    en = "Neither a year nor a pathway was chosen. Choose at least one of them."


class NoReason(JiefaError):
    code = "planning.no_reason"
    zh = "请写明理由：谁、根据什么这样定。"
    en = "Say why: who decided so, and on what ground."


class WrongYear(JiefaError):
    code = "planning.wrong_year"
    zh = "{year} 年不在规划的年度里（{years}）。请选其中一年。"
    en = "{year} is not a year of the plan ({years}). Choose one of them."


class WrongPathway(JiefaError):
    code = "planning.wrong_pathway"
    zh = "没有名为“{pathway}”的脱贫路径。请从列出的路径里选。"
    en = "There is no pathway called {pathway!r}. Choose one of those listed."


class NotInPlan(JiefaError):
    code = "planning.not_in_plan"
    zh = "这一户不在任何规划里，没有可改的安排。请先排规划。"
    en = "This household is in no plan: there is nothing to overrule. Make a plan first."


class NothingToTakeBack(JiefaError):
    code = "planning.nothing_to_take_back"
    zh = "这一户没有正在生效的人工决定，不需要撤回。"
    en = "No officer's decision on this household is in force: there is nothing to take back."


def overrule(
    *, household_id: int, year: int | None, pathway: str, reason: str, by: Actor, pack: Pack
) -> tuple[Overrule, Plan]:
    """The decision, with what it costs, and the county's new plan that keeps it.

    Raises ``NoPlan`` where no plan keeps it beside everything else; then nothing is written. Raises ``NothingDecided``, ``NoReason``,
    ``WrongYear``, ``WrongPathway``, ``NotInPlan``, ``Refused``.
    """
    before = _before(household_id, by)
    if year is None and not pathway:
        raise NothingDecided
    if year is not None and year not in before.plan.years:
        raise WrongYear(year=year, years=f"{before.plan.first_year}–{before.plan.last_year}")
    if pathway and pathway not in pack.for_year(before.plan.base_year).texts("planning.pathways"):
        raise WrongPathway(pathway=pathway)
    return _decide(before, year=year, pathway=pathway, reason=reason, taken_back=False, by=by, pack=pack)


def take_back(*, household_id: int, reason: str, by: Actor, pack: Pack) -> tuple[Overrule, Plan]:
    """The end of a decision, as a row of its own, and the county's new plan without it. Raises as ``overrule``, ``NothingToTakeBack``."""
    before = _before(household_id, by)
    standing = asked.overrules(Scope((before.village_code,))).get(household_id)
    if standing is None:
        raise NothingToTakeBack
    return _decide(
        before, year=standing.year, pathway=standing.pathway, reason=reason, taken_back=True, by=by, pack=pack
    )


def _before(household_id: int, by: Actor) -> Assignment:
    before = plans.newest_of_household(household_id)
    if before is None:
        raise NotInPlan
    by.demand(Permission.PLAN_MAKE, before.village_code)
    return before


def _decide(
    before: Assignment, *, year: int | None, pathway: str, reason: str, taken_back: bool, by: Actor, pack: Pack
) -> tuple[Overrule, Plan]:
    """The decision and the plan, written together; the plan is found before anything is written, so that nobody waits for it."""
    if not reason.strip():
        raise NoReason
    decision = Overrule(
        household_id=before.household_id,
        village_code=before.village_code,
        year=year,
        pathway=pathway,
        reason=reason.strip()[:REASON_LENGTH],
        taken_back=taken_back,
        by=by.name,
        at=timezone.now(),
    )
    old, county = before.plan, before.village_code[:COUNTY]
    what = stating.asked_as(old, county)
    snapshot = snapshots.find(Path(settings.JIEFA_HOME), old.snapshot)
    decisions = dict(asked.overrules(Scope((county,))))
    cost_before = costing.yuan(old, county, stating.state(what, snapshot, pack, decisions))
    if taken_back:
        decisions.pop(before.household_id, None)
    else:
        decisions[before.household_id] = decision

    def keep(made: Plan) -> None:
        decision.cost_yuan = round(made.objective_yuan - cost_before, 2)
        decision.save()
        audit.record(
            chain=county,
            by=by.name,
            action="household.overrule_taken_back" if taken_back else "household.overruled",
            object_type="household",
            object_id=before.household_id,
            diff={
                "year": [before.year, year],
                "pathway": [before.pathway, pathway],
                "reason": decision.reason,
                "cost_yuan": decision.cost_yuan,
                "plan": made.pk,
            },
        )

    # Never the reason: a plan's note is read by many who may not see households.
    note = f"单户决定 / one household decided: {before.household_id}"
    made = making.make(what=what, snapshot=snapshot, pack=pack, by=by, note=note, decisions=decisions, along=keep)
    return decision, made
