"""A household leaves the register, returns to it, or is taken off as wrongly identified."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiefa.access.queries import Actor
from jiefa.exits.queries import household as queries
from jiefa.exits.rules import household as rules
from jiefa.identification.actions import leads
from jiefa.identification.rules import appraisal
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack, Procedure
from jiefa.procedures import actions, subjects
from jiefa.procedures import queries as dossiers
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision
from jiefa.registry.actions import statuses
from jiefa.registry.actions.statuses import IN_POVERTY, StatusChange
from jiefa.registry.models import Household

EXIT, RETURN, REMOVAL = "household_exit", "household_return", "household_removal"


class StandardUnmet(JiefaError):
    code = "exits.standard_unmet"
    zh = "“{title}”还不能退出：{items}。请先落实帮扶、更正卡片，或写明理由不同意退出。"
    en = "{title!r} cannot leave yet: {items}. Help first, correct the card, or refuse the exit with a reason."


class EnteredThisYear(JiefaError):
    code = "exits.entered_this_year"
    zh = "“{title}”是 {year} 年纳入的，纳入当年不能退出。"
    en = "{title!r} entered the register in {year}; a household does not leave in the year of its entry."


class NotInPoverty(JiefaError):
    code = "exits.not_in_poverty"
    zh = "“{title}”现在不是在册贫困户，不能办理“{procedure}”。"
    en = "{title!r} is not on the register as poor; {procedure} does not apply."


class InPoverty(JiefaError):
    code = "exits.in_poverty"
    zh = "“{title}”已是在册贫困户，不能办理“{procedure}”。"
    en = "{title!r} is on the register as poor already; {procedure} does not apply."


class NoCardOfYear(JiefaError):
    code = "exits.no_card"
    zh = "“{title}”没有 {year} 年的卡片，请先录入该年的名册。"
    en = "{title!r} has no card of {year}; load that year's roster first."


@dataclass(frozen=True, slots=True)
class Way:
    """What a procedure does to a household."""

    status: str
    movement: str
    from_poverty: bool


WAYS: Mapping[str, Way] = {
    EXIT: Way("exited", "exited", True),
    RETURN: Way("returned", "returned", False),
    REMOVAL: Way("removed", "correction_out", True),
}


def propose(
    *,
    procedure: str,
    household_ids: Sequence[int],
    year: int,
    by: Actor,
    on: dt.date,
    pack: Pack,
    campaign: str = "",
) -> list[int]:
    """The keys of a dossier for each household, on the desk of the first step, in order of the households' keys.

    All or none. Raises as ``drawn`` and ``open_many``.
    """
    openings = drawn(pack.procedure(procedure, on), household_ids, year, pack)
    return actions.open_many(procedure=procedure, openings=openings, by=by, on=on, pack=pack, campaign=campaign)


def drawn(version: Procedure, household_ids: Sequence[int], year: int, pack: Pack) -> list[Opening]:
    """What is proposed of each household by its card of the year, in order of key. Raises ``NoCardOfYear``, ``NotInPoverty``,
    ``InPoverty``, ``EnteredThisYear``."""
    way = WAYS[version.id]
    households = list(Household.objects.filter(pk__in=household_ids).order_by("pk"))
    found = queries.facts_of([household.pk for household in households], year, pack)
    openings = []
    for household in households:
        facts, title = found.get(household.pk), household.head_name or household.number
        if facts is None:
            raise NoCardOfYear(title=title, year=year)
        if (facts.poverty_status in IN_POVERTY) != way.from_poverty:
            unfit = NotInPoverty if way.from_poverty else InPoverty
            raise unfit(title=title, procedure=Words.of(version))
        if version.id == EXIT and facts.entered_year == year:
            raise EnteredThisYear(title=title, year=year)
        changed = {"field": "poverty_status", "before": facts.poverty_status, "after": way.status}
        proposal = {"year": year, "changes": [changed]}
        openings.append(Opening(subjects.household(household.pk), household.village_code, title, year, proposal))
    return openings


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What the dossier would propose if it were drawn up now, by the household's latest card. Raises as ``drawn``."""
    key = subjects.household_key(dossier.subject)
    assert key is not None, dossier.subject
    year = Household.objects.filter(pk=key).values_list("card_year", flat=True).first()
    (opening,) = drawn(dossiers.procedure_of(dossier, pack), [key], year or dossier.year, pack)
    return opening


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: votes that do not carry, from the check on the spot on every unmet item, and open leads."""
    if decision.kind != "approve":
        return {}
    against: dict[int, JiefaError] = {}
    by_year: dict[int, list[Dossier]] = defaultdict(list)
    for dossier in dossiers:
        if dossier.step == "appraisal" and not appraisal.votes_carry(decision.facts):
            against[dossier.pk] = appraisal.VotesDoNotCarry(title=dossier.title)
        elif dossier.procedure == EXIT and dossier.step in ("check", "county_review"):
            by_year[dossier.year].append(dossier)
    for year, own in by_year.items():
        stated = _stated(own, decision)
        keys = {dossier.pk: subjects.household_key(dossier.subject) or 0 for dossier in own}
        on_the_spot = {keys[pk]: facts for pk, facts in stated.items()}
        items = queries.standard_of(keys.values(), year, pack, on_the_spot)
        for dossier in own:
            missing = rules.unmet(items.get(keys[dossier.pk], ()))
            if keys[dossier.pk] not in items:
                against[dossier.pk] = NoCardOfYear(title=dossier.title, year=year)
            elif missing:
                said = [Words(f"{i.label.zh}（{i.found.zh}）", f"{i.label.en} ({i.found.en})") for i in missing]
                against[dossier.pk] = StandardUnmet(title=dossier.title, items=Words.listed(said))
    return {**against, **leads.check_settled(dossiers, decision, pack)}


def _stated(dossiers: Sequence[Dossier], decision: Decision) -> dict[int, Mapping[str, object]]:
    """What was stated at the check on the spot: now, or when the step was last agreed to."""
    stated = {dossier.pk: decision.facts for dossier in dossiers if dossier.step == "check"}
    later = [dossier.pk for dossier in dossiers if dossier.step != "check"]
    taken = StepTaken.objects.filter(dossier__in=later, step="check", decision="approve").order_by("seq")
    return stated | dict(taken.values_list("dossier_id", "facts"))


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The households whose dossiers ended well have their new status from that day. Raises what ``statuses.change`` refuses."""
    by_year: dict[int, list[StatusChange]] = defaultdict(list)
    for dossier, done in moved:
        if done.outcome == "approved":
            way = WAYS[dossier.procedure]
            key = subjects.household_key(dossier.subject)
            assert key is not None, dossier.subject
            by_year[dossier.year].append(StatusChange(key, way.status, way.movement, done.on, dossier.pk))
    for year, changes in sorted(by_year.items()):
        statuses.change(changes=changes, year=year, by=by)
