"""Watches: proposed from leads, begun by the county's decision; ended when the risk is gone, or by falling into poverty."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.exits.rules.household import unmet
from jiefa.identification.rules import appraisal
from jiefa.kernel.errors import JiefaError, Words
from jiefa.monitoring.actions import events as leads
from jiefa.monitoring.actions.events import NotWatchable
from jiefa.monitoring.models import Event, Watch
from jiefa.monitoring.queries import events, watches
from jiefa.monitoring.rules import watching
from jiefa.policy import NotInForce, Pack
from jiefa.procedures import actions, subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household

WATCH, REMOVAL = "watch_household", "watch_removal"
PROCEDURES = (WATCH, REMOVAL)
CHECKED = ("check", "county_review")
"""The steps at which the standard of removal is asked: on the spot, and before it is decided."""
ANSWERING = ("township_review", "county_review")
"""The steps at which what is flagged must be answered in words."""


class WatchedAlready(JiefaError):
    code = "monitoring.watched"
    zh = "“{title}”自 {since} 起已在监测，不必再办。"
    en = "{title!r} has been watched since {since}."


class NotWatched(JiefaError):
    code = "monitoring.not_watched"
    zh = "“{title}”现在不在监测，不能办理风险消除。"
    en = "{title!r} is not watched now; there is no risk to remove."


class NoLeads(JiefaError):
    code = "monitoring.no_leads"
    zh = "“{title}”没有待核实的线索。请先登记风险线索（农户申报、走访发现或部门预警），再办理纳入监测。"
    en = "{title!r} has no open lead. Enter what happened first (told, seen on a visit, warned of), then propose the watch."


class RiskUnmet(JiefaError):
    code = "monitoring.risk_unmet"
    zh = "“{title}”的风险还不能消除：{items}。请继续帮扶、更正卡片，或作“不同意”的决定。"
    en = "The risk of {title!r} cannot be removed yet: {items}. Help on, correct the card, or refuse."


class NoRisk(JiefaError):
    code = "monitoring.no_risk"
    zh = "“{title}”核查结论是没有风险，不能同意纳入监测。请作“不同意”的决定并写明理由。"
    en = "The check found {title!r} not at risk; refuse it and say why."


class LeadsWaiting(JiefaError):
    code = "monitoring.leads_waiting"
    zh = "“{title}”还有 {count} 条线索没有处理：{leads}。请先入户核实，逐条处理。"
    en = "{title!r} has open leads ({count}): {leads}. Look into each on the spot and settle it first."


class FlagUnanswered(JiefaError):
    code = "monitoring.flag"
    zh = "“{title}”：{flags}。要同意消除风险，请在意见中写明理由。"
    en = "{title!r}: {flags}. To agree all the same, say why in the opinion."


class CardMissing(JiefaError):
    code = "monitoring.no_card"
    zh = "“{title}”没有卡片，请先录入名册。"
    en = "{title!r} has no card; load a roster first."


def propose(*, household_ids: Sequence[int], by: Actor, on: dt.date, pack: Pack) -> list[int]:
    """The keys of a dossier for each household that is to be watched, in order of the households' keys; its open leads are taken up.

    All or none. Raises as ``drawn`` and ``open_many``.
    """
    openings = drawn(household_ids, on, pack)
    with transaction.atomic():
        keys = actions.open_many(procedure=WATCH, openings=openings, by=by, on=on, pack=pack)
        found = events.open_of([subjects.household_key(one.subject) or 0 for one in openings])
        for key, opening in zip(keys, openings, strict=True):
            leads.follow(events=found[subjects.household_key(opening.subject) or 0], dossier=key, by=by, on=on)
    return keys


def drawn(household_ids: Sequence[int], on: dt.date, pack: Pack) -> list[Opening]:
    """What is proposed of each household by its open leads, in order of key. Raises ``NotWatchable``, ``WatchedAlready``,
    ``NoLeads``, ``CardMissing``."""
    households = list(Household.objects.filter(pk__in=household_ids).order_by("pk"))
    keys = [one.pk for one in households]
    found = events.open_of(keys)
    watched = dict(Watch.objects.filter(household__in=keys, ended="").values_list("household_id", "since"))
    sudden = _sudden(on, pack)
    openings = []
    for one in households:
        title = one.head_name or one.number
        if one.poverty_status not in watching.WATCHABLE:
            raise NotWatchable(title=title, status=Words.of(pack.codes("poverty_status").by_id[one.poverty_status]))
        if one.pk in watched:
            raise WatchedAlready(title=title, since=watched[one.pk])
        if not found[one.pk]:
            raise NoLeads(title=title)
        if one.card_year is None:
            raise CardMissing(title=title)
        openings.append(_opening(one, found[one.pk], sudden))
    return openings


def _opening(household: Household, found: Sequence[Event], sudden: Sequence[str]) -> Opening:
    triggers = list(dict.fromkeys(one.trigger for one in found))
    group = watching.group_of(household.poverty_status, triggers, sudden)
    proposal = {
        "year": household.card_year,
        "members": household.size,
        "changes": [{"field": "watched_group", "before": None, "after": group}],
        "watch_trigger": triggers,
    }
    title = household.head_name or household.number
    assert household.card_year is not None, household.pk
    return Opening(subjects.household(household.pk), household.village_code, title, household.card_year, proposal)


def _sudden(on: dt.date, pack: Pack) -> tuple[str, ...]:
    """The triggers of sudden hardship on a day; none before the group existed."""
    try:
        return pack.at(on).texts("monitoring.sudden_triggers")
    except NotInForce:
        return ()


def propose_removal(*, household_ids: Sequence[int], by: Actor, on: dt.date, pack: Pack) -> list[int]:
    """The keys of a dossier for each watched household whose risk is said to be gone, in order of key. All or none.

    Raises ``NotWatched``, ``CardMissing``, and as ``open_many``.
    """
    openings = drawn_removal(household_ids, on, pack)
    return actions.open_many(procedure=REMOVAL, openings=openings, by=by, on=on, pack=pack)


def drawn_removal(household_ids: Sequence[int], on: dt.date, pack: Pack) -> list[Opening]:
    """What is proposed of each watch, with what is flagged about it."""
    found = {one.household_id: one for one in _open_watches(household_ids)}
    households = list(Household.objects.filter(pk__in=household_ids).order_by("pk"))
    shortest = int(pack.at(on).number("monitoring.shortest_months"))
    for one in households:
        if one.pk not in found:
            raise NotWatched(title=one.head_name or one.number)
        if one.card_year is None:
            raise CardMissing(title=one.head_name or one.number)
    able = watches.able([one.pk for one in households], {one.pk: one.card_year or 0 for one in households})
    openings = []
    for one in households:
        watch = found[one.pk]
        proposal = {
            "year": one.card_year,
            "members": one.size,
            "changes": [{"field": "watched_group", "before": watch.group, "after": None}],
            "watched_since": watch.since.isoformat(),
            "watch_flag": list(watching.flags(watch.since, on, shortest, able.get(one.pk, 0))),
        }
        title = one.head_name or one.number
        openings.append(Opening(subjects.household(one.pk), one.village_code, title, one.card_year or 0, proposal))
    return openings


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What a returned removal would propose if it were drawn up now. Raises as ``drawn_removal``."""
    (opening,) = drawn_removal([_key(dossier)], timezone.localdate(), pack)
    return opening


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: votes that do not carry, a check that found no risk; of removals open leads, items that are
    unmet, and flags that nobody has answered."""
    if decision.kind != "approve":
        return {}
    against: dict[int, JiefaError] = {}
    for dossier in dossiers:
        if dossier.step == "appraisal" and not appraisal.votes_carry(decision.facts):
            against[dossier.pk] = appraisal.VotesDoNotCarry(title=dossier.title)
        elif dossier.procedure == WATCH and dossier.step == "check" and decision.facts.get("at_risk") is not True:
            against[dossier.pk] = NoRisk(title=dossier.title)
    removals = [one for one in dossiers if one.procedure == REMOVAL]
    return {**against, **_unanswered(removals, decision, pack), **_unmet(removals, decision, pack)}


def _unanswered(removals: Sequence[Dossier], decision: Decision, pack: Pack) -> dict[int, JiefaError]:
    if decision.opinion.strip():
        return {}
    against: dict[int, JiefaError] = {}
    for one in removals:
        flags = one.proposal.get("watch_flag") or ()
        if one.step in ANSWERING and flags:
            shortest = int(pack.at(one.opened_on).number("monitoring.shortest_months"))
            against[one.pk] = FlagUnanswered(title=one.title, flags=watching.said(flags, shortest))
    return against


def _unmet(removals: Sequence[Dossier], decision: Decision, pack: Pack) -> dict[int, JiefaError]:
    asked = [one for one in removals if one.step in CHECKED]
    if not asked:
        return {}
    against: dict[int, JiefaError] = {}
    waiting = events.open_of([_key(one) for one in asked])
    kinds = pack.codes("watch_trigger").by_id
    stated = _stated(asked, decision)
    by_year: dict[int, list[Dossier]] = defaultdict(list)
    for one in asked:
        by_year[one.year].append(one)
    for year, own in by_year.items():
        on_the_spot = {_key(one): stated.get(one.pk, {}) for one in own}
        items = watches.standard_of(on_the_spot, year, pack, on_the_spot)
        for one in own:
            missing = unmet(items.get(_key(one), ()))
            if _key(one) not in items:
                against[one.pk] = CardMissing(title=one.title)
            elif missing:
                said = [Words(f"{i.label.zh}（{i.found.zh}）", f"{i.label.en} ({i.found.en})") for i in missing]
                against[one.pk] = RiskUnmet(title=one.title, items=Words.listed(said))
            elif open_ones := waiting[_key(one)]:
                named = Words.listed(Words.of(kinds[lead.trigger]) for lead in open_ones)
                against[one.pk] = LeadsWaiting(title=one.title, count=len(open_ones), leads=named)
    return against


def _stated(dossiers: Sequence[Dossier], decision: Decision) -> dict[int, Mapping[str, object]]:
    """What was stated at the check on the spot: now, or when that step was last agreed to."""
    stated = {one.pk: decision.facts for one in dossiers if one.step == "check"}
    later = [one.pk for one in dossiers if one.step != "check"]
    taken = StepTaken.objects.filter(dossier__in=later, step="check", decision="approve").order_by("seq")
    return stated | dict(taken.values_list("dossier_id", "facts"))


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """Households whose dossiers ended well are watched from that day, or no longer; leads of a watch that was refused stay taken up."""
    ended = [(dossier, done) for dossier, done in moved if done.outcome == "approved"]
    now = timezone.now()
    begun = [(dossier, done) for dossier, done in ended if dossier.procedure == WATCH]
    Watch.objects.bulk_create(
        [
            Watch(
                household_id=_key(dossier),
                group=dossier.proposal["changes"][0]["after"],
                triggers=",".join(dossier.proposal["watch_trigger"]),
                year=dossier.year,
                since=done.on,
                dossier=dossier.pk,
                by=by,
                at=now,
            )
            for dossier, done in begun
        ],
        batch_size=500,
    )
    _log([dossier for dossier, _done in begun], "watch.begun", by)
    end([(dossier, done) for dossier, done in ended if dossier.procedure == REMOVAL], "removed", by)


def relapsed(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """Households that were registered as poor, anew or again, are watched no longer; those that nobody watched are left alone."""
    end([(dossier, done) for dossier, done in moved if done.outcome == "approved"], "relapsed", by)


def emptied(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """Watches end of households that a change has closed: nobody is left to be watched."""
    done = {_key(dossier): (dossier, one) for dossier, one in moved if one.outcome == "approved"}
    closed = Watch.objects.filter(household__in=done, ended="", household__poverty_status="closed")
    end([done[key] for key in closed.values_list("household_id", flat=True)] if done else [], "closed", by)


def end(ended: Sequence[tuple[Dossier, Decided]], way: str, by: str) -> None:
    """The open watches of these dossiers' households end on the day of the decision, in a way of ``watch_end``; no entry of others."""
    by_home = {_key(dossier): (dossier, done) for dossier, done in ended}
    if not by_home:
        return
    found = list(_open_watches(by_home, lock=True))
    for one in found:
        dossier, done = by_home[one.household_id]
        one.ended, one.ended_on, one.ended_dossier = way, done.on, dossier.pk
    Watch.objects.bulk_update(found, ["ended", "ended_on", "ended_dossier"], batch_size=500)
    _log([by_home[one.household_id][0] for one in found], f"watch.{way}", by)


def _open_watches(household_ids: Sequence[int] | Mapping[int, object], *, lock: bool = False) -> Sequence[Watch]:
    rows = Watch.objects.filter(household__in=list(household_ids), ended="").order_by("household_id")
    return list(rows.select_for_update() if lock else rows)


def _log(dossiers: Sequence[Dossier], action: str, by: str) -> None:
    by_county: dict[str, list[list[int]]] = defaultdict(list)
    for one in dossiers:
        by_county[one.place_code[:6]].append([_key(one), one.pk])
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by,
                action=action,
                object_type="watch",
                object_id=own[0][0] if len(own) == 1 else f"{own[0][0]}+{len(own) - 1}",
                diff={"watches": own},
            )
            for county, own in sorted(by_county.items())
        ]
    )


def _key(dossier: Dossier) -> int:
    key = subjects.household_key(dossier.subject)
    assert key is not None, dossier.subject
    return key
