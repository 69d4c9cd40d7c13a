"""What pages of help ask of the records: a fixed number of questions, whether there are a few rows or more than two pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.site import county
from tests.site.test_site_query_counts import FEW, MANY, asked

from jiefa.assistance.models import (
    BenefitLink,
    BenefitPaid,
    Course,
    Hamlet,
    HouseholdPlan,
    IndustryBody,
    IndustryYear,
    Loan,
    Measure,
    ProgrammeRecord,
    SettlementSite,
    VillageWork,
)
from jiefa.lists.models import ReceivedList
from jiefa.registry.models import Household, HouseholdYear, Person

pytestmark = pytest.mark.usefixtures("small_county")

PAGES = {
    "programmes": (lambda: reverse("site:programmes"), 15),
    "programme": (lambda: reverse("site:programme", args=["training"]), 20),
    "loans": (lambda: reverse("site:loans"), 17),
    "funds": (lambda: reverse("site:funds"), 18),
    "industry": (lambda: reverse("site:industry"), 19),
    "an enterprise": (lambda: reverse("site:industry-body", args=[IndustryBody.objects.get(number="0").pk]), 19),
    "gaps": (lambda: reverse("site:gaps"), 27),
    "households of industry": (lambda: reverse("site:industry-households"), 17),
    "village plans": (lambda: reverse("site:village-plans"), 18),
    "action plan": (lambda: reverse("site:action-plan"), 27),
    "a list to act on": (lambda: reverse("site:gap", args=["unanswered"]), 16),
    "overdue": (lambda: reverse("site:gap", args=["overdue"]), 16),
    "lists": (lambda: reverse("site:help-lists"), 17),
    "courses": (lambda: reverse("site:courses"), 13),
    "a course": (lambda: reverse("site:course", args=[Course.objects.get(number="0").pk]), 14),
    "coverage": (lambda: reverse("site:coverage"), 11),
    "promises": (lambda: reverse("site:promises"), 12),
    "settlement sites": (lambda: reverse("site:settlement-sites"), 11),
    "a site": (lambda: reverse("site:settlement-site", args=[SettlementSite.objects.get(name="0").pk]), 14),
    "hamlets": (lambda: reverse("site:hamlets"), 12),
    "a hamlet": (lambda: reverse("site:hamlet", args=[Hamlet.objects.get(name="0").pk]), 15),
    "behind a share": (lambda: reverse("site:share", args=["moved_out", "of"]), 10),
    "courses too full": (lambda: reverse("site:gap", args=["courses-overfull"]), 12),
    "measures": (lambda: f"{reverse('site:measures')}?state=all", 16),
    "household": (lambda: reverse("site:household", args=[county.household("A").pk]), 36),
}


def put_in(numbers: range) -> None:
    """So many more households with a case, a loan and a measure each; all of them of one household, too."""
    now, day = timezone.now(), dt.date(2015, 6, 1)
    place = {"village_code": county.VILLAGE}
    first = county.household("A")
    homes = Household.objects.bulk_create(
        Household(
            number=f"X{n:05d}", head_name=f"张{n}", size=1, poverty_status="poor", household_class="general", **place
        )
        for n in numbers
    )
    HouseholdYear.objects.bulk_create(
        HouseholdYear(household=home, year=2015, poverty_status="poor", size=1, main_cause="skill", **place)
        for home in homes
    )
    people = []
    for home in homes:
        person = Person(household=home, id_form="other", id_length=0, id_placeholder=False, **place)
        person.set_name(home.head_name)
        people.append(person)
    people = Person.objects.bulk_create(people)
    ReceivedList.objects.bulk_create(
        ReceivedList(
            **{"kind": "training", "digest": f"{n}", "file_name": "x.csv", "state": "refused", "areas": county.COUNTY},
            **{"rows": 1, "accepted": 0, "unchanged": 0, "held_back": 1, "strangers": 0, "warnings": 0},
            **{"folder": "x", "staged_at": now, "staged_by": "zhou"},
        )
        for n in numbers
    )
    own = {"by": "zhou", "at": now}
    for home in (None, first):
        ProgrammeRecord.objects.bulk_create(
            ProgrammeRecord(
                programme="training", household=home or person.household, person=person, year=2015, own={"course": "T"},
                identity=f"p{person.pk}/{home and 1}", stage="certified", traced_on=day, **place, **own,
            )
            for person in people
        )  # fmt: skip
        Loan.objects.bulk_create(
            Loan(
                household=home or person.household, borrower=person, platform="other", use="breeding", amount_fen=100,
                balance_fen=100, months=12, rate_percent=Decimal(4), from_on=day, to_on=day, **place, **own,
            )
            for person in people
        )  # fmt: skip
    bodies = IndustryBody.objects.bulk_create(
        IndustryBody(number=str(n), name="甲", kind="park", industry="tea", **place, **own) for n in numbers
    )
    IndustryYear.objects.bulk_create(IndustryYear(body=body, year=2015, invested_fen=1, **own) for body in bodies)
    one = IndustryBody.objects.get(number="0")
    links = [BenefitLink(body=one, household=home, way="work", from_on=day, **place, **own) for home in homes]
    links += [BenefitLink(body=body, household=first, way="work", from_on=day, **place, **own) for body in bodies]
    links = BenefitLink.objects.bulk_create(links)
    BenefitPaid.objects.bulk_create(BenefitPaid(link=link, on=day, fen=1, **own) for link in links)
    moving(numbers, homes)
    # Villages that are on no list of divisions: a plan names its village by code.
    VillageWork.objects.bulk_create(
        VillageWork(village_code=f"{county.VILLAGE[:9]}{n:03d}", year=2015, work=work, planned_fen=1, **own)
        for n in numbers
        for work in ("road", "water")
    )
    plans = HouseholdPlan.objects.bulk_create(
        HouseholdPlan(household=home, year=2015, version=1, state="signed", signed_on=day, **place, **own)
        for home in homes
    )
    Measure.objects.bulk_create(
        Measure(plan=plan, kind="credit", responsible="x", responsible_user="wang", planned_on=day, **place)
        for plan in plans
    )


def moving(numbers: range, homes: list[Household]) -> None:
    """So many more courses, sites and hamlets; every household is in the first of each, and in one of its own."""
    day, own = dt.date(2015, 6, 1), {"by": "zhou", "at": timezone.now()}
    of_county, of_village = {"county_code": county.COUNTY, **own}, {"village_code": county.VILLAGE, **own}
    Course.objects.bulk_create(
        Course(number=f"{n}", trade="welding", organiser="x", from_on=day, to_on=day, days=1, places=1, **of_county)
        for n in numbers
    )
    SettlementSite.objects.bulk_create(
        SettlementSite(name=f"{n}", kind="market", settled_in="town", flats_built=1, **of_county) for n in numbers
    )
    Hamlet.objects.bulk_create(
        Hamlet(name=f"{n}", site=f"{n}", decided_on=day, poor_households=1, **of_village) for n in numbers
    )
    for first in (True, False):
        ProgrammeRecord.objects.bulk_create(
            ProgrammeRecord(
                programme=programme, household=home, year=2015, identity=f"h{home.pk}/{first}", traced_on=day,
                own=dict.fromkeys(names, "0" if first else f"{n}"), **of_village,
            )
            for programme, names in (("training", ("course",)), ("relocation", ("site", "hamlet")))
            for n, home in zip(numbers, homes, strict=True)
        )  # fmt: skip


def test_no_page_asks_more_when_there_is_more_to_show() -> None:
    put_in(range(FEW))
    few = {name: asked(address()) for name, (address, _bound) in PAGES.items()}
    put_in(range(FEW, MANY))
    many = {name: asked(address()) for name, (address, _bound) in PAGES.items()}

    assert {name: (few[name], many[name]) for name in PAGES if many[name] > few[name]} == {}
    assert {name: count for name, count in many.items() if count > PAGES[name][1]} == {}
