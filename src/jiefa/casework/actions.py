"""Decisions with all that follows from them. Pages, commands and the demonstration decide through here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.assistance.queries import readout as help_readout
from jiefa.casework.cases import HOUSEHOLD_PROCEDURES, case_of
from jiefa.changes import queries as changes
from jiefa.changes.actions import amending, applications, proposing
from jiefa.changes.rules.proposal import Proposal
from jiefa.comparison.actions import course as looking
from jiefa.comparison.models import Course, SiteFinding
from jiefa.comparison.queries import comparisons
from jiefa.exits.actions import households as leaving
from jiefa.funds.queries import readout as money_readout
from jiefa.identification.actions import households as entering
from jiefa.identification.actions import leads, lookback
from jiefa.identification.models import Found, Lead, LookBack, LookBackHousehold, Settled
from jiefa.insight.actions import figures
from jiefa.insight.actions.freeze import Beside
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.kernel.errors import JiefaError
from jiefa.monitoring.queries import readout as kept_readout
from jiefa.policy import Pack, Procedure
from jiefa.procedures import actions, queries, subjects
from jiefa.procedures.actions import Decided, Refused
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.actions.applicants import Application
from jiefa.registry.models import Household
from jiefa.snapshots import Snapshot, TableSource
from jiefa.truth.actions import checking
from jiefa.truth.queries import readout as truth_readout


class ReviewFirst(JiefaError):
    code = "casework.review_first"
    zh = "第 {number} 号线索来自部门比对：请先登记走访并填写核实结果，再由另一名干部复核。"
    en = "Lead {number} came of a comparison: record the visit and what was found, then another officer reviews it."


def decide(*, dossier: Dossier, version: int | None, decision: Decision, by: Actor, key: str, pack: Pack) -> Decided:
    """The dossier after the decision and its effect. ``version``: the one that the person saw. Raises what refuses it."""
    case = case_of(dossier.procedure)
    return actions.decide(
        dossier_id=dossier.pk,
        version=version,
        decision=decision,
        by=by,
        key=key,
        pack=pack,
        check=case.check,
        effect=case.effect,
    )


def decide_many(
    *,
    procedure: str,
    dossier_ids: Sequence[int],
    decision: Decision,
    by: Actor,
    key: str,
    pack: Pack,
    versions: Mapping[int, int] | None = None,
) -> tuple[list[Decided], list[Refused]]:
    """``(decided, refused)`` of dossiers that are all of one procedure; those of another are left alone and said."""
    case = case_of(procedure)
    own = set(Dossier.objects.filter(pk__in=dossier_ids, procedure=procedure).values_list("pk", flat=True))
    decided, refused = actions.decide_many(
        dossier_ids=sorted(own),
        decision=decision,
        by=by,
        key=key,
        pack=pack,
        versions=versions,
        check=case.check,
        effect=case.effect,
    )
    unknown = [Refused(other, actions.DossierUnknown(number=other)) for other in sorted(set(dossier_ids) - own)]
    return decided, refused + unknown


def propose_households(
    *, procedure: str, household_ids: Sequence[int], year: int, by: Actor, on: dt.date, pack: Pack, campaign: str = ""
) -> list[int]:
    """The keys of a dossier for each household, in order of the households' keys; all or none. Raises what speaks against it."""
    if procedure == entering.PROCEDURE:
        return entering.propose(household_ids=household_ids, year=year, by=by, on=on, pack=pack, campaign=campaign)
    return leaving.propose(
        procedure=procedure, household_ids=household_ids, year=year, by=by, on=on, pack=pack, campaign=campaign
    )


@transaction.atomic
def submit_change(*, household: Household, one: Proposal, by: Actor, on: dt.date, key: str, pack: Pack) -> Decided:
    """The change drawn up as a dossier and its first step taken by whoever drew it up: recorded where one officer is enough,
    else on the desk of the next. All or nothing, and once for one ``key``. Raises what refuses it.
    """
    dossier = changes.carried_out(household, key) or proposing.open_change(
        household=household, one=one, by=by, on=on, pack=pack
    )
    decision = Decision("approve", by.name, by.posts, on, one.remark)
    return decide(dossier=dossier, version=dossier.version, decision=decision, by=by, key=key, pack=pack)


@transaction.atomic
def amend_change(
    *, dossier: Dossier, version: int, one: Proposal, by: Actor, on: dt.date, key: str, pack: Pack
) -> Decided:
    """A returned change put right and submitted again, by whoever takes its first step. All or nothing. Raises what refuses it.

    What was submitted before, and why it was returned, stays in the dossier.
    """
    proposal = one.as_json()
    if not amending.same(one, dossier.proposal):
        dossier = actions.amend(
            dossier_id=dossier.pk, version=version, proposal=proposal, by=by, pack=pack, year=one.on.year
        )
        version = dossier.version
    decision = Decision("approve", by.name, by.posts, on, one.remark)
    return decide(dossier=dossier, version=version, decision=decision, by=by, key=key, pack=pack)


def redraw(*, dossier: Dossier, version: int, by: Actor, pack: Pack) -> Dossier:
    """A returned dossier with what it would propose if it were drawn up now; it is submitted again by its first step. Raises what
    would speak against drawing it up, ``ProposalSame``, and as ``actions.amend``."""
    case = case_of(dossier.procedure)
    assert case.redraw is not None, dossier.procedure
    opening = case.redraw(dossier, pack)
    return actions.amend(
        dossier_id=dossier.pk, version=version, proposal=opening.proposal, by=by, pack=pack, year=opening.year
    )


@transaction.atomic
def apply_household(*, application: Application, by: Actor, on: dt.date, pack: Pack) -> int:
    """The key of the dossier by which a household that applies is identified; the household is on file with it. All or nothing,
    and once for one form. Raises as ``applications.enter`` and ``entering.propose``.
    """
    done = applications.carried_out(application.number, application.key, application.village_code)
    household = done or applications.enter(application=application, by=by, on=on, pack=pack)
    if done is not None:
        under_way = Dossier.objects.filter(procedure=entering.PROCEDURE, subject=subjects.household(done.pk))
        return under_way.order_by("pk").values_list("pk", flat=True)[0]
    (key,) = entering.propose(household_ids=[household.pk], year=application.year, by=by, on=on, pack=pack)
    return key


def look_back(
    *, campaign: LookBack, household_id: int, found: Found, on: dt.date, note: str, by: Actor, pack: Pack
) -> LookBackHousehold:
    """What a visit of a campaign found, with the dossier that it leads to: removal of a household wrongly in, identification
    or return of one that was missed. Raises as ``lookback.find``.

    Without a dossier where nothing follows, or where another post begins it: then it can be drawn up from the list.
    """
    with transaction.atomic():
        household = Household.objects.get(pk=household_id)
        follows = {Found.WRONGLY_IN: leaving.REMOVAL, Found.MISSED: entering.PROCEDURE}.get(found)
        if found == Found.MISSED and household.poverty_status == "exited":
            follows = leaving.RETURN
        dossier = _follows(follows, household, by, pack, campaign.title) if follows else None
        return lookback.find(
            campaign=campaign, household_id=household_id, found=found, on=on, by=by, note=note, dossier=dossier
        )


def settle_lead(*, lead_id: int, settled: Settled, reason: str, by: Actor, on: dt.date, pack: Pack) -> Lead:
    """The lead as settled; one that is true leads to the removal of its household. Raises as ``leads.settle``, and ``ReviewFirst``
    for a lead of a comparison: that is looked into, and reviewed by a second officer."""
    if comparisons.compared([lead_id]):
        raise ReviewFirst(number=lead_id)
    return _settle_lead(lead_id=lead_id, settled=settled, reason=reason, by=by, on=on, pack=pack, draws_up=by)


@transaction.atomic
def review_lead(*, course: Course, agree: bool, reason: str, by: Actor, on: dt.date, pack: Pack) -> SiteFinding:
    """What was found of a lead of a comparison with the second officer's word; agreed, the lead is settled as it was found and, where
    it is true, the removal of the household begins: its dossier lies on the desk of the first step, drawn up in the name of whoever
    found it. Raises as ``course.review`` and ``leads.settle``."""
    reviewed = looking.review(course_id=course.pk, agree=agree, reason=reason, by=by)
    if agree:
        found = Settled(reviewed.found)
        first = pack.procedure(leaving.REMOVAL, timezone.localdate()).first
        place = reviewed.course.lead.village_code[: LENGTH_OF_LEVEL[first.level]]
        desk = holder(reviewed.by, [(Role(role), place) for role in first.roles])
        _settle_lead(
            lead_id=course.lead_id, settled=found, reason=reviewed.reason, by=by, on=on, pack=pack, draws_up=desk
        )
    return reviewed


def _settle_lead(
    *, lead_id: int, settled: Settled, reason: str, by: Actor, on: dt.date, pack: Pack, draws_up: Actor
) -> Lead:
    with transaction.atomic():
        dossier = None
        if settled == Settled.TRUE:
            household = Household.objects.get(leads=lead_id)
            dossier = _follows(leaving.REMOVAL, household, draws_up, pack, "")
        return leads.settle(lead_id=lead_id, settled=settled, reason=reason, by=by, on=on, dossier=dossier)


def _follows(procedure: str, household: Household, by: Actor, pack: Pack, campaign: str) -> int | None:
    """The key of the dossier that follows: the one under way, else a new one; None where the actor's posts begin none."""
    open_ones = Dossier.objects.filter(procedure=procedure, subject=subjects.household(household.pk), outcome="")
    under_way = open_ones.values_list("pk", flat=True).first()
    if under_way is not None or household.card_year is None:
        return under_way
    today = timezone.localdate()
    begins = begins_here(actor=by, status=household.poverty_status, village=household.village_code, on=today, pack=pack)
    if procedure not in {one.id for one in begins}:
        return None
    (key,) = propose_households(
        procedure=procedure,
        household_ids=[household.pk],
        year=household.card_year,
        by=by,
        on=today,
        pack=pack,
        campaign=campaign[:60],
    )
    return key


def begins_here(*, actor: Actor, status: str, village: str, on: dt.date, pack: Pack) -> list[Procedure]:
    """The procedures that the actor may begin about a household of this status in this village, that day."""
    fitting = []
    for procedure in queries.openable(actor, pack, on, "household"):
        applies = procedure.id in HOUSEHOLD_PROCEDURES and status in HOUSEHOLD_PROCEDURES[procedure.id]
        if applies and queries.may_take(actor, procedure.first, village):
            fitting.append(procedure)
    return fitting


def beside(pack: Pack) -> Beside:
    """What every capability puts into a snapshot beside the cards: help, money, help after exit, visits and targets for truth checks."""

    def tables(year: int, on: dt.date, counties: Mapping[str, int]) -> list[TableSource]:
        return [
            *help_readout.sources(year, on, counties, pack=pack),
            *money_readout.sources(year, on, counties),
            *kept_readout.sources(year, on, counties, pack=pack),
            *truth_readout.sources(year, on, counties),
        ]

    return tables


def freeze(
    *, year: int, now: bool, pack: Pack, by: str, on_progress: Callable[[int, int], None] | None = None
) -> Snapshot:
    """A new snapshot of ``year``: the cards, and beside them what every capability has of their households; its truth checks with it.
    Raises ``NoCards``."""
    made = figures.freeze(year=year, now=now, pack=pack, by=by, beside=beside(pack), on_progress=on_progress)
    checking.check(made, pack)
    return made


def current(*, year: int, pack: Pack, by: str) -> Snapshot:
    """The newest snapshot of ``year``; one of this moment where there is none or the records went on since; its truth checks with it.
    Raises ``NoCards``."""
    newest = figures.current(year=year, pack=pack, by=by, beside=beside(pack))
    checking.check(newest, pack)
    return newest
