"""A household that applied is identified as poor: proposed, appraised, decided, registered from that day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from jiefa.access.queries import Actor
from jiefa.identification.actions import leads
from jiefa.identification.rules import appraisal
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions, subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.actions import statuses
from jiefa.registry.actions.statuses import IN_POVERTY, StatusChange
from jiefa.registry.models import Household, HouseholdYear

PROCEDURE = "identification"


class NotApplying(JiefaError):
    code = "identification.not_applying"
    zh = "“{title}”的脱贫属性是“{status}”，不能按新识别办理。已脱贫的户请按返贫办理。"
    en = "{title!r} has the status {status!r}; it cannot be identified anew. A household that left returns by the procedure of return."


class CardMissing(JiefaError):
    code = "identification.no_card"
    zh = "“{title}”没有 {year} 年的卡片，请先录入名册。"
    en = "{title!r} has no card of {year}; load the roster first."


def propose(
    *, household_ids: Sequence[int], year: int, by: Actor, on: dt.date, pack: Pack, campaign: str = ""
) -> list[int]:
    """The keys of a dossier for each household, in order of the households' keys, on the desk of the application.

    All or none. Raises as ``drawn`` and ``open_many``.
    """
    openings = drawn(household_ids, year)
    return actions.open_many(procedure=PROCEDURE, openings=openings, by=by, on=on, pack=pack, campaign=campaign)


def drawn(household_ids: Sequence[int], year: int) -> list[Opening]:
    """What is proposed of each household by its card of the year, in order of key. Raises ``NotApplying``, ``CardMissing``."""
    households = list(Household.objects.filter(pk__in=household_ids).order_by("pk"))
    cards = dict(
        HouseholdYear.objects.filter(household__in=[h.pk for h in households], year=year).values_list(
            "household_id", "poverty_status"
        )
    )
    openings = []
    for household in households:
        title = household.head_name or household.number
        if household.pk not in cards:
            raise CardMissing(title=title, year=year)
        if cards[household.pk] in IN_POVERTY or cards[household.pk] == "exited":
            raise NotApplying(title=title, status=cards[household.pk])
        changed = {"field": "poverty_status", "before": cards[household.pk], "after": "poor"}
        proposal = {"year": year, "changes": [changed]}
        openings.append(Opening(subjects.household(household.pk), household.village_code, title, year, proposal))
    return openings


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What the dossier would propose if it were drawn up now, by the household's latest card. Raises as ``drawn``."""
    key = subjects.household_key(dossier.subject)
    assert key is not None, dossier.subject
    year = Household.objects.filter(pk=key).values_list("card_year", flat=True).first()
    (opening,) = drawn([key], year or dossier.year)
    return opening


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: to an appraisal votes that do not carry, to a comparison leads that are open."""
    if decision.kind != "approve":
        return {}
    against = dict(leads.check_settled(dossiers, decision, pack))
    if not appraisal.votes_carry(decision.facts):
        unfit = [dossier for dossier in dossiers if dossier.step == "appraisal"]
        against |= {dossier.pk: appraisal.VotesDoNotCarry(title=dossier.title) for dossier in unfit}
    return against


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The households are poor and registered from the day of the announcement."""
    by_year: dict[int, list[StatusChange]] = defaultdict(list)
    for dossier, done in moved:
        if done.outcome == "approved":
            key = subjects.household_key(dossier.subject)
            assert key is not None, dossier.subject
            by_year[dossier.year].append(StatusChange(key, "poor", "new", done.on, dossier.pk))
    for year, changes in sorted(by_year.items()):
        statuses.change(changes=changes, year=year, by=by)
