"""An officer decides on one household: the county is planned again, the cost is told; nothing is written where it cannot be."""

from __future__ import annotations

import pytest
from django.conf import settings
from tests.planning import promised
from tests.planning.promised import PACK, WANG
from tests.site import county

from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.audit.models import Entry
from jiefa.kernel.errors import NotAllowed
from jiefa.planning.actions import overruling
from jiefa.planning.models import Assignment, Overrule, Plan
from jiefa.planning.queries import costing, plans, stating
from jiefa.planning.rules.solving import NoPlan
from jiefa.snapshots import latest

pytestmark = pytest.mark.usefixtures("small_county")


@pytest.fixture
def plan(small_county: None) -> Plan:
    promised.targets()
    return promised.made()


def decided(number: str, year: int | None = None, pathway: str = "", reason: str = "户主住院") -> tuple[Overrule, Plan]:
    key = county.household(number).pk
    return overruling.overrule(household_id=key, year=year, pathway=pathway, reason=reason, by=WANG, pack=PACK)


def of(plan: Plan, number: str) -> Assignment:
    return Assignment.objects.get(plan=plan, household_id=county.household(number).pk)


def other_year(plan: Plan) -> tuple[str, int]:
    """A household of two people and a year that another of two people has."""
    return "B", 2019 if of(plan, "B").year != 2019 else 2018


def test_a_decision_is_kept_by_the_county_s_new_plan_with_what_it_costs(plan: Plan, home: object) -> None:
    number, year = other_year(plan)

    decision, new = decided(number, year=year)

    assert of(new, number).year == year
    assert new.pk != plan.pk
    assert new.area_code == county.COUNTY
    assert decision.cost_yuan == pytest.approx(new.objective_yuan - plan.objective_yuan, abs=0.05)
    entry = Entry.objects.get(action="household.overruled")
    assert (entry.chain, entry.by) == (county.COUNTY, "wang")
    assert "住院" not in new.note
    assert of(promised.made(), number).year == year


def test_taking_back_is_a_row_of_its_own_and_frees_the_household(plan: Plan) -> None:
    number, year = other_year(plan)
    first, _new = decided(number, year=year)

    back, freed = overruling.take_back(household_id=county.household(number).pk, reason="已出院", by=WANG, pack=PACK)

    assert (back.pk != first.pk, back.taken_back) == (True, True)
    assert freed.objective_yuan == pytest.approx(plan.objective_yuan, abs=0.05)
    assert back.cost_yuan == pytest.approx(-(first.cost_yuan or 0), abs=0.05)
    with pytest.raises(overruling.NothingToTakeBack):
        overruling.take_back(household_id=county.household(number).pk, reason="x", by=WANG, pack=PACK)


def test_where_no_plan_keeps_it_nothing_is_written(plan: Plan) -> None:
    """Only the household of four can fill the target of four in a year of its own beside the others."""
    entries = Entry.objects.count()

    with pytest.raises(NoPlan):
        decided("A", year=2018)

    assert not Overrule.objects.exists()
    assert list(Plan.objects.all()) == [plan]
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({}, overruling.NothingDecided),
        ({"year": 2030}, overruling.WrongYear),
        ({"pathway": "lottery"}, overruling.WrongPathway),
        ({"year": 2017, "reason": "  "}, overruling.NoReason),
    ],
)
def test_what_is_incomplete_is_refused(plan: Plan, said: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        decided("B", **said)
    assert not Overrule.objects.exists()


def test_who_makes_no_plans_there_decides_nothing(plan: Plan) -> None:
    li = holder("li", [(Role.VILLAGE_OFFICER, county.VILLAGE)])

    with pytest.raises(NotAllowed):
        overruling.overrule(household_id=county.household("B").pk, year=2019, pathway="", reason="x", by=li, pack=PACK)
    with pytest.raises(overruling.NotInPlan):
        decided("D", year=2016)


def test_a_plan_costs_in_its_own_place_what_it_says(plan: Plan) -> None:
    what = stating.asked_as(plan, county.COUNTY)
    stated = stating.state(what, latest(settings.JIEFA_HOME, promised.YEAR), PACK)

    assert costing.yuan(plan, county.COUNTY, stated) == pytest.approx(plan.objective_yuan, abs=0.05)
    assert plans.total(plan, county.COUNTY).everybody == 10
