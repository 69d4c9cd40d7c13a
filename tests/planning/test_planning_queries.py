"""What a plan is asked for, how it is stated, checked again and explained, on the register of a small county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from tests.planning import promised
from tests.planning.promised import PACK, TARGETS, YEAR
from tests.site import county

from jiefa import snapshots
from jiefa.access.rules import Scope
from jiefa.planning.models import Assignment, Overrule, Plan
from jiefa.planning.queries import asked, checking, explaining, plans, stating, targets
from jiefa.planning.queries.stating import NoTargets, Stated, TooMany
from jiefa.planning.rules.solving import NoPlan
from jiefa.snapshots import Snapshot

YEARS = tuple(TARGETS)


def snapshot() -> Snapshot:
    return snapshots.latest(settings.JIEFA_HOME, YEAR)


def stated(
    code: str = county.COUNTY,
    targets: Mapping[int, int] | None = None,
    capacity_times: Mapping[str, float] | None = None,
) -> Stated:
    what = stating.asked_for(code, YEAR, PACK, targets=targets, capacity_times=capacity_times)
    return stating.state(what, snapshot(), PACK)


@pytest.mark.usefixtures("db")
def test_the_newest_word_holds_and_drafts_do_not() -> None:
    promised.target(2016, 10)
    promised.target(2016, 12, state="proposed")
    promised.target(2016, 99, state="draft")
    promised.target(2017, 5, state="sent")

    assert asked.targets("people", YEARS, county.COUNTY) == {2016: 12, 2017: 5}
    assert [one.value for one in asked.newest("people", YEARS, states=["sent"])] == [5]
    assert {one.value for one in asked.newest("people", YEARS, states=asked.STATES)} == {99, 5}


@pytest.mark.usefixtures("db")
def test_what_is_said_otherwise_than_it_stands_on_file_is_a_what_if() -> None:
    def what_if(**said: Any) -> bool:
        return stating.asked_for(county.COUNTY, YEAR, PACK, **said).what_if

    assert what_if(targets={2016: 4}) is False  # nothing stands on file yet
    promised.targets()
    line, standing = PACK.for_year(YEAR).fen("poverty_line.province"), stating.asked_for(county.COUNTY, YEAR, PACK)

    same: list[dict[str, Any]] = [
        {},
        {"line_fen": line},
        {"targets": dict(standing.targets), "guarantee": standing.guarantee},
        {"capacity_times": {"training": 1.0}},
    ]
    assert [what_if(**said) for said in same] == [False] * len(same)
    other: list[dict[str, Any]] = [
        {"line_fen": line + 1},
        {"targets": {2019: 0}},
        {"guarantee": (standing.guarantee or 0) + 1},
        {"capacity_times": {"training": 2.0}},
    ]
    assert [what_if(**said) for said in other] == [True] * len(other)


@pytest.mark.usefixtures("db")
def test_counties_leave_in_the_first_year_said() -> None:
    promised.target(2018, 1, metric="county_leaves")
    promised.target(2017, 1, metric="county_leaves")
    promised.target(2016, 0, metric="county_leaves")

    assert asked.leaving_years("52", YEARS) == {county.COUNTY: 2017}


@pytest.mark.usefixtures("db")
def test_targets_below_add_up_or_the_difference_is_told() -> None:
    promised.target(2016, 100, "5203")
    promised.target(2016, 60, county.COUNTY)
    promised.target(2016, 30, "520326")
    promised.target(2016, 7, "520326101")
    promised.target(2017, 5, county.COUNTY)

    found = {one.year: one for one in targets.of_place("5203")}

    assert (found[2016].value, found[2016].below, found[2016].difference) == (100, 90, 10)
    assert (found[2017].value, found[2017].below, found[2017].difference) == (None, 5, None)


@pytest.mark.usefixtures("small_county")
def test_without_a_word_a_county_takes_what_the_newest_plan_around_it_gave() -> None:
    with pytest.raises(NoTargets):
        stating.asked_for(county.COUNTY, YEAR, PACK)
    around = promised.made(targets=TARGETS)
    Plan.objects.update(area_code="52")  # as if the province had made it

    what = stating.asked_for(county.COUNTY, YEAR, PACK)

    given = plans.total(around, county.COUNTY)
    assert what.targets == {year: given.left(year) for year in YEARS} == TARGETS
    assert what.guarantee == given.guaranteed
    assert sum(what.targets.values()) + given.guaranteed + given.unplanned == 10
    promised.target(2016, 3)
    assert stating.asked_for(county.COUNTY, YEAR, PACK).targets == {2016: 3}


@pytest.mark.usefixtures("small_county")
def test_a_problem_knows_capacities_years_to_leave_and_the_poorest() -> None:
    promised.targets()
    promised.capacity(2016, "training", 3)
    promised.target(2018, 1, metric="county_leaves")

    found = stated(capacity_times={"training": 0.5})

    problem = found.problem
    assert sorted(problem.size.tolist()) == [2, 2, 2, 4]
    training = problem.resources.index("training")
    assert problem.limits.capacity[0, 0, training] == 1
    assert np.isinf(problem.limits.capacity[0, 1, training])
    assert problem.limits.leaves.tolist() == [2]
    assert np.isinf(problem.limits.may_stay).all()  # nobody reported the county's rural people
    assert problem.size[problem.poorest].sum() <= 0.2 * problem.size.sum()


@pytest.mark.usefixtures("small_county")
def test_more_people_than_there_are_is_refused() -> None:
    promised.targets()

    with pytest.raises(TooMany):
        stated(targets={2016: 1_000})


@pytest.mark.usefixtures("small_county")
def test_every_kind_of_broken_limit_is_found() -> None:
    promised.targets()
    promised.capacity(2016, "training", 100)
    promised.target(2016, 1, metric="county_leaves")
    plan = promised.made()
    rows = Assignment.objects.filter(plan=plan)
    first = rows.filter(year=2016)[0]
    clean = {one.limit for one in checking.broken(plan, PACK)}
    assert clean <= {"poorest", "county_leaves"}

    rows.filter(pk=first.pk).update(year=2019)
    assert {(one.limit, one.year) for one in checking.broken(plan, PACK)} >= {("target", 2016), ("target", 2019)}
    rows.filter(pk=first.pk).update(year=2016, pathway="employment")
    promised.Capacity.objects.update(amount=0)
    assert "training" in {one.limit for one in checking.broken(plan, PACK)}
    plan.asked["guarantee"] = 0
    plan.save()
    rows.filter(pk=first.pk).update(pathway="guarantee")
    found = {one.limit: one for one in checking.broken(plan, PACK)}
    assert (found["guarantee"].allowed, found["guarantee"].found) == (0, plans.total(plan, county.COUNTY).guaranteed)


@pytest.mark.usefixtures("small_county")
def test_a_household_s_options_are_those_of_its_card_and_the_chosen_one_is_among_them() -> None:
    promised.targets()
    plan = promised.made()

    for one in Assignment.objects.filter(plan=plan).select_related("plan"):
        found = explaining.explained(one, snapshot(), PACK)
        assert found.chosen is not None
        assert (found.chosen.year, found.chosen.pathway) == (one.year, one.pathway)
        assert found.nearest is not found.chosen
        assert len(found.options) == len({(option.year, option.pathway) for option in found.options})
        assert [option.yuan for option in found.options] == sorted(option.yuan for option in found.options)
        assert found.chosen.waiting == one.gap_yuan * (one.year - 2016)


@pytest.mark.usefixtures("small_county")
def test_a_plan_is_seen_by_who_is_in_it_and_around_it() -> None:
    promised.targets()
    plan = promised.made()

    assert list(plans.plans(Scope(("52",)))) == [plan]
    assert list(plans.plans(Scope((county.VILLAGE,)))) == [plan]
    assert list(plans.plans(Scope((county.NEXT_COUNTY[:6],)))) == []
    with pytest.raises(plans.PlanUnknown):
        plans.plan(plan.pk, Scope((county.NEXT_COUNTY[:6],)))


@pytest.mark.usefixtures("small_county")
def test_decisions_only_grow_and_the_newest_holds() -> None:
    own = {"village_code": county.VILLAGE, "reason": "x", "by": "wang", "at": dt.datetime(2016, 1, 1, tzinfo=dt.UTC)}
    Overrule.objects.create(household_id=7, year=2016, **own)
    last = Overrule.objects.create(household_id=7, year=2018, **own)
    Overrule.objects.create(household_id=8, year=2018, **own)
    Overrule.objects.create(household_id=8, year=2018, taken_back=True, **own)

    assert asked.overrules(Scope((county.COUNTY,))) == {7: last}
    assert asked.overrules(Scope((county.NEXT_COUNTY[:6],))) == {}


@pytest.mark.usefixtures("small_county")
def test_what_cannot_be_is_refused_and_nothing_is_kept() -> None:
    promised.targets()
    for year in YEARS:
        for resource in ("training", "credit", "relocation", "works"):
            promised.capacity(year, resource, 0)

    with pytest.raises(NoPlan):
        promised.made()
    assert not Plan.objects.exists()
