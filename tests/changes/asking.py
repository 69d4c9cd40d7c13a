"""Changes asked for and decided in tests, the way a page does it, and what the register holds afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.procedures.people import People
from tests.registry.rosters import id_number

from jiefa.access.queries import Actor, holder
from jiefa.casework import actions as casework
from jiefa.changes.actions import drawing
from jiefa.changes.rules.proposal import Proposal
from jiefa.changes.rules.request import Request
from jiefa.policy import Pack
from jiefa.procedures.actions import Decided
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household, HouseholdYear, Movement, Person, PersonYear
from jiefa.registry.queries import households

YEAR = 2015
ON = dt.date(2015, 6, 15)
TODAY = dt.date(2015, 11, 2)
POOR = ("poor", "pre_exit", "returned")
BORN = dt.date(1992, 5, 4)
WIFE_NUMBER = id_number(BORN, 77, male=False)
WIFE: dict[str, object] = {"name": "韦小妹", "relation": "son_wife", "sex": "female", "birth_date": BORN}
CHILD: dict[str, object] = {"name": "张小宝", "relation": "son", "sex": "male"}


def holder_of(name: str, *others: Actor) -> Actor:
    """One person with the posts of several."""
    return holder(name, [post for other in others for post in other.posts])


def drawn(home: Household, kind: str, pack: Pack, on: dt.date = ON, **asked: Any) -> Proposal:
    home.refresh_from_db()
    return drawing.draw_up(home, Request(kind, on, **asked), pack, TODAY)


def submit(home: Household, kind: str, by: Actor, pack: Pack, on: dt.date = ON, **asked: Any) -> Decided:
    """The change drawn up and its first step taken."""
    one = drawn(home, kind, pack, on, **asked)
    return casework.submit_change(
        household=home, one=one, by=by, on=TODAY, key=f"submit-{Dossier.objects.count()}", pack=pack
    )


def agree(done: Decided, by: Actor, pack: Pack, kind: str = "approve", opinion: str = "") -> Decided:
    """One more decision in the dossier."""
    dossier = Dossier.objects.get(pk=done.dossier)
    decision = Decision(kind, by.name, by.posts, TODAY, opinion)
    return casework.decide(
        dossier=dossier, version=dossier.version, decision=decision, by=by, key=f"k{dossier.version}", pack=pack
    )


def to_the_end(done: Decided, people: People, pack: Pack) -> Decided:
    """The township and, where it has to, the county agree."""
    done = agree(done, people.sun, pack)
    return done if done.outcome else agree(done, people.wang, pack)


def keys(household: Household) -> list[int]:
    """The members today, the head first."""
    household.refresh_from_db()
    return [member.person.pk for member in households.present_members(household)]


def relations(household: Household) -> dict[int, str]:
    household.refresh_from_db()
    return {member.person.pk: member.relation for member in households.present_members(household)}


def poor_people(year: int = YEAR) -> int:
    """Poor people by the cards of the year."""
    return sum(HouseholdYear.objects.filter(year=year, poverty_status__in=POOR).values_list("size", flat=True))


def balance(year: int = YEAR) -> tuple[int, int]:
    """``(closing, opening + movements)`` of the whole register in the year: equal, always."""
    moved = sum(Movement.objects.filter(year=year).values_list("people", flat=True))
    # The village's first cards are of 2015, but B, C and D entered in 2013: what moved before stands in for the opening.
    before = sum(Movement.objects.filter(year__lt=year).values_list("people", flat=True))
    return poor_people(year), before + moved


def alive() -> int:
    """People on file who belong to a household."""
    return Person.objects.filter(household__isnull=False).count()


def consistent(year: int = YEAR) -> None:
    """Cards, sizes and flow say the same."""
    closing, told = balance(year)
    assert closing == told
    for card in HouseholdYear.objects.filter(year=year):
        assert card.size == PersonYear.objects.filter(household=card.household_id, year=year).count()
    for household in Household.objects.all():
        assert household.size == len(households.present_members(household))
        if household.size:
            heads = [m.person.name for m in households.present_members(household) if m.relation == "head"]
            assert heads == [household.head_name]
