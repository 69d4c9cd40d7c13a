"""What a page asks of the records: a fixed number of questions, whether there are a few rows or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.site import county

from jiefa.audit import actions as audit
from jiefa.identification.models import Lead, LeadList, LookBack, LookBackHousehold, Quota, Score
from jiefa.insight.models import Finding
from jiefa.registry.models import Batch, Household, HouseholdYear, Membership, Person, PersonYear

pytestmark = pytest.mark.usefixtures("small_county")

FEW, MANY = 2, 120
"""Many: more than two pages of every list."""

PAGES: dict[str, tuple[Callable[[], str], int]] = {
    "home": (lambda: reverse("site:home"), 11),
    "home, what is loaded behind it": (lambda: reverse("site:home-standing"), 13),
    "household list": (lambda: f"{reverse('site:households')}?place={county.COUNTY}", 18),
    "household list, by name": (lambda: f"{reverse('site:households')}?place={county.COUNTY}&q=张", 18),
    "household": (lambda: reverse("site:household", args=[county.household("A").pk]), 36),
    "card to print": (lambda: reverse("site:household-print", args=[county.household("A").pk]), 23),
    "area of a county": (lambda: reverse("site:area", args=[county.COUNTY]), 23),
    "area of a village": (lambda: reverse("site:area", args=[county.VILLAGE]), 27),
    "who answers": (lambda: reverse("site:responsibility"), 24),
    "without a helper": (lambda: reverse("site:responsibility-households"), 24),
    "pairings": (lambda: reverse("site:pairings"), 26),
    "quota of a county": (lambda: reverse("site:quota", args=[county.COUNTY]), 19),
    "ranking of a village": (lambda: reverse("site:ranking", args=[county.VILLAGE]), 17),
    "four looks": (lambda: reverse("site:looks"), 15),
    "look-back campaigns": (lambda: reverse("site:lookbacks"), 15),
    "look-back of a county": (lambda: reverse("site:lookback", args=[_campaign().pk]), 18),
    "look-back of a village": (
        lambda: f"{reverse('site:lookback', args=[_campaign().pk])}?place={county.VILLAGE}",
        19,
    ),
    "leads": (lambda: reverse("site:leads"), 16),
    "quality": (lambda: reverse("site:quality"), 18),
    "findings": (lambda: reverse("site:findings"), 18),
    "households behind a figure": (lambda: reverse("site:indicator-households", args=["poor_people"]), 18),
    "imports": (lambda: reverse("site:imports"), 16),
    "audit": (lambda: reverse("site:audit"), 16),
    "search": (lambda: f"{reverse('site:search')}?q=张", 16),
}
"""Every list with its address and the most that it may ask ; each of the two years on file is one of the questions."""


def asked(address: str) -> int:
    """How many questions the page asks of the records."""
    client = county.signed_in("wang")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured)


def put_in(numbers: range) -> None:
    """So many more of everything that a page of the county lists."""
    first = county.household("A")
    homes = Household.objects.bulk_create(
        Household(
            number=f"X{n:05d}", village_code=county.VILLAGE, head_name=f"张{n}", size=1, poverty_status="poor",
            household_class="general", card_year=2015,
        )
        for n in numbers
    )  # fmt: skip
    HouseholdYear.objects.bulk_create(
        HouseholdYear(household=home, year=2015, village_code=county.VILLAGE, poverty_status="poor", size=1)
        for home in homes
    )
    people = [_person(home, home.head_name) for home in homes] + [_person(first, f"张九{n}") for n in numbers[:12]]
    people = Person.objects.bulk_create(people)
    cards, memberships = [], []
    for person in people:
        home = first if person.household_id == first.pk else person.household
        cards.append(
            PersonYear(person=person, household=home, year=2015, village_code=county.VILLAGE, relation="other")
        )
        memberships.append(Membership(person=person, household=home, joined_reason="identified"))
    PersonYear.objects.bulk_create(cards)
    Membership.objects.bulk_create(memberships)
    _findings(people)
    _batches(numbers)
    _identification(homes, numbers)
    with transaction.atomic():
        for _entry in numbers:
            audit.record(
                chain=county.COUNTY, by="zhou", action="household.edited", object_type="household",
                object_id=first.pk, diff={"year": 2015, "version": 2, "fields": {"household.address": ["", "x"]}},
            )  # fmt: skip


def _person(home: Household, name: str) -> Person:
    person = Person(household=home, village_code=home.village_code, id_form="other", id_length=0, id_placeholder=False)
    person.set_name(name)
    return person


def _findings(people: list[Person]) -> None:
    day = dt.date(2016, 1, 31)
    Finding.objects.bulk_create(
        Finding(
            rule="NU01", level="error", year=2015, village_code=county.VILLAGE, owner_code=county.VILLAGE,
            household_id=person.household_id, person_id=person.pk, opened_on=day, deadline=day,
        )
        for person in people
    )  # fmt: skip


def _campaign() -> LookBack:
    return LookBack.objects.order_by("pk")[0]


def _identification(homes: list[Household], numbers: range) -> None:
    """A campaign with its list, scores that disagree, leads, splits of a quota, and as many who apply."""
    day, now, year = dt.date(2015, 9, 1), timezone.now(), county.YEARS[-1]
    campaigns = LookBack.objects.bulk_create(
        LookBack(
            title=f"{n}", division_id=county.COUNTY, year=year, begins=day, ends=day, households=1, digest="", by="wang",
            at=now,
        )
        for n in numbers
    )  # fmt: skip
    first = _campaign() if LookBack.objects.exists() else campaigns[0]
    placed = {"village_code": county.VILLAGE}
    LookBackHousehold.objects.bulk_create(
        LookBackHousehold(
            campaign=first, household=home, on_list=True, status_then="poor", found="wrongly_in", **placed
        )
        for home in homes
    )
    Score.objects.bulk_create(
        Score(
            household=home, year=year, scorecard="four_looks", in_force_from=dt.date(2014, 1, 1), lowest=90, highest=95,
            disagreement="false_in", by="li", at=now, **placed,
        )
        for home in homes
    )  # fmt: skip
    leads = LeadList.objects.create(title="x", digest=str(numbers), rows=1, found=1, by="wang", at=now)
    Lead.objects.bulk_create(Lead(of_list=leads, household=home, kind="vehicle", **placed) for home in homes)
    Quota.objects.bulk_create(
        Quota(division_id=county.VILLAGE[:9], year=year, people=n, by="wang", at=now) for n in numbers
    )
    more = Household.objects.bulk_create(
        Household(number=f"P{n:05d}", size=1, poverty_status="applicant", household_class="general", **placed)
        for n in numbers
    )
    HouseholdYear.objects.bulk_create(
        HouseholdYear(household=home, year=year, poverty_status="applicant", size=1, **placed) for home in more
    )


def _batches(numbers: range) -> None:
    Batch.objects.bulk_create(
        Batch(
            digest=f"{n:064d}", file_name=f"{n}.xlsx", state="refused", years="2015", counties=county.COUNTY,
            folder=str(n), staged_at=timezone.now(), staged_by="zhou", decided_by="wang",
        )
        for n in numbers
    )  # fmt: skip


def test_no_page_asks_more_than_its_bound_nor_more_when_there_is_more_to_show() -> None:
    put_in(range(FEW))
    few = {name: asked(address()) for name, (address, _bound) in PAGES.items()}
    put_in(range(FEW, MANY))
    many = {name: asked(address()) for name, (address, _bound) in PAGES.items()}

    assert {name: (few[name], many[name]) for name in PAGES if many[name] > few[name]} == {}
    assert {name: count for name, count in many.items() if count > PAGES[name][1]} == {}
