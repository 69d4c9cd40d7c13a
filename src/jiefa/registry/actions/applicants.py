"""A household that applies comes onto the register: household, members and its card of the year in one act, one log entry.

It counts nowhere: an applicant moves no figure of the register until a procedure has decided about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.db import IntegrityError, transaction

from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.kernel.vault import Vault
from jiefa.policy import Policy
from jiefa.registry.actions import households, members
from jiefa.registry.actions.households import Changes
from jiefa.registry.actions.members import Joining
from jiefa.registry.intake import derive
from jiefa.registry.models import Household, HouseholdYear, Membership, Person, PersonYear

APPLICANT = "applicant"
JOINED = "identified"
RUNNING_DIGITS = 5


class NumberInUse(JiefaError):
    code = "registry.number_in_use"
    zh = "户编号“{number}”已有人用。请换一个，或空着由系统编号。"
    en = "The household number {number!r} is taken. Choose another, or leave it empty and one is given."


@dataclass(frozen=True, slots=True)
class Application:
    """A household as its application states it. ``household``: columns by name; ``number``: '' where one is to be given.

    ``key``: of the form from which it came, so that the same form is carried out once.
    """

    village_code: str
    year: int
    household: Changes
    members: Sequence[Joining]
    number: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The household, and the keys of its people in the order in which they were stated."""

    household: Household
    people: tuple[int, ...]


@transaction.atomic
def enter(*, application: Application, policy: Policy, by: str) -> Entered:
    """The household on file as an applicant, with its members and its card of the year. Raises ``NumberInUse``.

    Whoever asks has seen to it that the members belong to no other household.
    """
    number = application.number or free_number(application.village_code)
    village, year = application.village_code, application.year
    household = Household(number=number, village_code=village, poverty_status=APPLICANT, card_year=year)
    card = HouseholdYear(household=household, year=year, village_code=village, poverty_status=APPLICANT, size=0)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    households.fill(household, card, application.household, vault, {}, derive.phone_pattern(policy))
    _insert(household)
    people = [members.write_person(one, household) for one in application.members]
    Membership.objects.bulk_create(
        Membership(person=person, household=household, joined_reason=JOINED) for person in people
    )
    cards = PersonYear.objects.bulk_create(
        _card(one, person, household, year) for one, person in zip(application.members, people, strict=True)
    )
    card.household = household
    card.fields_typed = _typed(application)
    households.sum_up(household, card, cards, policy)
    card.save(force_insert=True)
    household.save(force_update=True)
    audit.record(
        chain=village,
        by=by,
        action="household.applied",
        object_type="household",
        object_id=household.pk,
        diff={
            "year": year,
            "poverty_status": APPLICANT,
            "people": [person.pk for person in people],
            "key": application.key,
        },
    )
    return Entered(household, tuple(person.pk for person in people))


def _insert(household: Household) -> None:
    """The household with its number; of two officers who were offered the same number one is told."""
    try:
        with transaction.atomic():
            household.save(force_insert=True)
    except IntegrityError:
        raise NumberInUse(number=household.number) from None


def _card(one: Joining, person: Person, household: Household, year: int) -> PersonYear:
    in_grade = one.card.get("school_stage") is not None and one.card.get("grade") is not None
    return PersonYear(
        person=person,
        household=household,
        year=year,
        village_code=household.village_code,
        same_grade_years=1 if in_grade else None,
        **{**one.card, "relation": one.relation or None},
    )


def _typed(application: Application) -> int:
    """How many cells were filled in; the other causes are one."""
    own = {n: v for n, v in application.household.items() if n not in ("other_cause_1", "other_cause_2")}
    own["other_causes"] = own.get("other_causes") or None
    theirs = [{**m.facts, **m.card, "relation": m.relation, "id_number": m.number} for m in application.members]
    return sum(value not in (None, "") for cells in (own, *theirs) for value in cells.values())


def free_number(village_code: str) -> str:
    """A household number of the village that nobody has."""
    low, high = village_code, village_code[:-1] + chr(ord(village_code[-1]) + 1)
    taken = set(Household.objects.filter(number__gte=low, number__lt=high).values_list("number", flat=True))
    return next(n for k in count(len(taken) + 1) if (n := f"{village_code}{k:0{RUNNING_DIGITS}d}") not in taken)
