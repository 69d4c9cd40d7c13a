"""The four promises and the rates: whom each is about, when it is kept, by place and site, and the households behind a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.assistance import moving
from tests.assistance.conftest import FAMILIES
from tests.assistance.test_assistance_moving_lists import County
from tests.procedures.people import COUNTY, ELSEWHERE, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.models import ProgrammeRecord
from jiefa.assistance.queries import counted, gaps, promises
from jiefa.assistance.queries import hamlets as hamlet_queries
from jiefa.assistance.queries.gaps import Asked
from jiefa.assistance.queries.promises import Share
from jiefa.policy import Pack
from jiefa.registry.models import Household, HouseholdYear, PersonYear

Village = dict[str, Household]
HERE = Scope((VILLAGE,))
DAY = dt.date(2015, 12, 1)
DONE = {
    "demolished": "2015-09-01",
    "employed": "2015-08-01",
    "school": "2015-08-20",
    "medical": "2015-08-02",
    "secured": "2015-08-03",
}


@pytest.fixture
def county(village: Village, tmp_path: Path, people: People, pack: Pack) -> County:
    return County(tmp_path, people, pack)


def shares(within: Scope = HERE, year: int = 2015) -> dict[str, tuple[int, int]]:
    """Of and kept of every promise, over the places of the scope."""
    total = promises.Standing.total([*promises.by_place(within, year, 12).values()])
    return {name: (share.of, share.kept) for name, share in total.shares.items()}


def behind(share: str, part: str, pack: Pack, site: str | None = None, year: int = 2015) -> list[str]:
    gap = counted.behind(share, part, site)
    assert gap is not None
    rows = gap.rows(Asked(HERE, year, DAY, pack))
    return list(rows.values_list("household__number", flat=True))


def labour(household: Household, *, able: bool, pupils: bool) -> None:
    """What the card of the year says of the people of a household."""
    PersonYear.objects.filter(household=household).update(
        labour="ordinary" if able else "none", school_stage="primary" if pupils else "not_pupil"
    )


def test_each_promise_has_its_own_denominator(county: County, village: Village, pack: Pack) -> None:
    labour(village["A"], able=True, pupils=True)
    labour(village["B"], able=False, pupils=False)
    labour(village["C"], able=True, pupils=True)
    county.takes(
        "relocation",
        moving.moving("A", people=1, **DONE),
        moving.moving("B", people=1, medical="2015-08-02"),  # no child, no labourer, no guarantee
        moving.moving("C", people=1, days=("2015-06-15", "")),  # keys, and not moved
    )

    assert shares() == {
        "moved_out": (3, 2),
        "settled": (2, 2),
        "employed": (1, 1),
        "secured": (2, 1),
        "occupied": (3, 2),
        "demolished": (2, 1),
    }
    assert shares(Scope((ELSEWHERE,))) == {}
    for share, part, numbers in (
        ("moved_out", "of", ["A", "B", "C"]),
        ("moved_out", "kept", ["A", "B"]),
        ("moved_out", "open", ["C"]),
        ("settled", "open", []),
        ("employed", "of", ["A"]),
        ("secured", "open", ["B"]),
        ("occupied", "open", ["C"]),
        ("demolished", "kept", ["A"]),
        ("demolished", "open", ["B"]),
    ):
        assert behind(share, part, pack) == numbers, (share, part)


def test_school_is_asked_of_households_with_a_child_that_learns(county: County, village: Village) -> None:
    labour(village["A"], able=True, pupils=True)
    county.takes("relocation", moving.moving("A", people=1, medical="2015-08-02"))
    assert shares()["settled"] == (1, 0)

    labour(village["A"], able=True, pupils=False)

    assert shares()["settled"] == (1, 1)


def test_what_comes_after_the_end_of_the_year_does_not_count_in_it(county: County, village: Village) -> None:
    labour(village["A"], able=True, pupils=False)
    county.takes("relocation", moving.moving("A", people=1, **{**DONE, "demolished": "2016-01-01"}))

    assert shares()["demolished"] == (1, 0)
    assert shares(year=2016)["demolished"] == (1, 1)
    assert shares(year=2014) == {}


def test_household_counts_once_by_the_case_that_moved(county: County, village: Village) -> None:
    labour(village["A"], able=True, pupils=False)
    labour(village["B"], able=True, pupils=False)
    county.takes("relocation", moving.moving("A", people=1, **DONE), moving.moving("B", people=1, days=("", "")))
    county.takes("relocation", moving.moving("A", people=1, days=("", ""), year=2016), moving.moving("B", 1, year=2016))

    assert shares(year=2016)["moved_out"] == (2, 2)
    assert shares(year=2015)["moved_out"] == (2, 1)
    ProgrammeRecord.objects.filter(household=village["A"], year=2015).update(off_list=True)
    assert shares(year=2016)["moved_out"] == (2, 1)


def test_employed_a_household_counts_people_else_one_for_the_day(county: County, village: Village) -> None:
    for number in "ABC":
        labour(village[number], able=True, pupils=False)
    county.takes(
        "relocation",
        moving.moving("A", people=1, employed="2015-08-01", workers=2),
        moving.moving("B", people=1, employed="2015-08-01"),
        moving.moving("C", people=1),
    )

    (one,) = promises.by_place(HERE, 2015, 6).values()
    assert (one.at_work, one.employed_a_household, one.people, one.moved_people) == (3, 1.0, 3, 3)
    assert promises.Standing().employed_a_household is None


def test_sites_are_told_apart_and_a_case_without_one_is_counted_too(
    county: County, village: Village, pack: Pack
) -> None:
    county.takes(
        "relocation",
        moving.moving("A", people=1),
        moving.moving("B", people=1, site="集镇安置点"),
        moving.moving("C", people=1, days=("", ""), site=""),
    )

    found = promises.by_site(HERE, 2015)
    assert {key: one.shares["moved_out"] for key, one in found.items()} == {
        (COUNTY, ""): Share(1, 0),
        (COUNTY, "县城安置区"): Share(1, 1),
        (COUNTY, "集镇安置点"): Share(1, 1),
    }
    assert [*promises.by_site(HERE, 2015, "集镇安置点")] == [(COUNTY, "集镇安置点")]
    assert behind("moved_out", "of", pack, "集镇安置点") == ["B"]
    assert behind("moved_out", "of", pack, "") == ["C"]
    assert counted.behind("moved_out", "all") is None
    assert counted.behind("nothing", "of") is None


def test_coverage_and_grants_name_their_people(county: County, village: Village, pack: Pack) -> None:
    labour(village["A"], able=True, pupils=False)
    labour(village["B"], able=True, pupils=False)
    head = village["A"].people.order_by("pk")[0].name
    county.takes("training", moving.trained("A", head))

    found = {part: behind("skill", part, pack) for part in promises.PARTS}

    assert found == {"of": ["A", "B"], "kept": ["A"], "open": ["B"]}
    pupil = village["B"].people.order_by("pk")[0]
    PersonYear.objects.filter(person=pupil).update(school_stage="vocational")
    assert {part: behind("pupils", part, pack) for part in promises.PARTS} == {"of": ["B"], "kept": [], "open": ["B"]}
    (paid,) = gaps.paid_pupils(Asked(HERE, 2015, DAY, pack), 12).values()
    assert (paid.households, paid.covered, paid.missed, paid.share) == (1, 0, 1, 0.0)


def test_hamlet_is_whole_when_every_poor_household_is_on_the_list(county: County, village: Village, pack: Pack) -> None:
    county.takes("sites", moving.site())
    county.takes("hamlets", moving.hamlet(decided="2015-03-01"), moving.hamlet("下寨", decided=""))

    def open_hamlets(year: int = 2015) -> list[str]:
        rows = gaps.GAPS["hamlets-not-whole"].rows(Asked(HERE, year, DAY, pack))
        return [one.name for one in rows]

    assert open_hamlets() == ["上寨"]
    assert open_hamlets(2014) == []  # not decided on yet
    county.takes("relocation", moving.moving("A", people=1), moving.moving("B", people=1, whole="否"))
    assert open_hamlets() == ["上寨"]  # B does not move with it
    county.takes("relocation", moving.moving("B", people=1))
    assert open_hamlets() == []
    assert [one.household.number for one in hamlet_queries.of_hamlet(HERE, _hamlet("上寨"), 2015)] == ["A", "B"]
    assert hamlet_queries.listed([_hamlet("上寨")], 2015)[VILLAGE, "上寨"] == hamlet_queries.Listed(2, 2, 2)


def _hamlet(name: str) -> hamlet_queries.Hamlet:
    return hamlet_queries.Hamlet.objects.get(name=name)


def test_poor_of_a_hamlet_come_from_the_register_where_nobody_stated_them(
    county: County, village: Village, pack: Pack
) -> None:
    Household.objects.update(group_name="上寨")
    county.takes("hamlets", moving.hamlet(poor_households="", poor_people="", site=""))
    one = _hamlet("上寨")

    found = hamlet_queries.registered([one], 2015)

    poor = HouseholdYear.objects.filter(year=2015, poverty_status="poor")
    assert len(FAMILIES) - 1 == poor.count()  # C has left the register
    assert found == {(VILLAGE, "上寨"): hamlet_queries.Poor(poor.count(), sum(card.size for card in poor))}
    living = hamlet_queries.living(one, found[VILLAGE, "上寨"])
    assert (living.poor_households, living.registered) == (poor.count(), True)
    assert hamlet_queries.missing(living, hamlet_queries.Listed(1, 1, 1)) == poor.count() - 1
    assert hamlet_queries.missing(hamlet_queries.living(one, None), hamlet_queries.Listed()) is None


@pytest.mark.parametrize(
    ("site", "full"),
    [
        (moving.site(built=1), True),
        (moving.site(built=2), False),
        (moving.site(built=""), False),  # 120 are planned
    ],
)
def test_site_is_too_full_when_more_have_moved_in_than_it_has_flats(
    site: Sequence[object], full: bool, county: County, pack: Pack
) -> None:
    county.takes("sites", site)
    county.takes("relocation", moving.moving("A", people=1), moving.moving("B", people=1))

    rows = gaps.GAPS["sites-overfull"].rows(Asked(HERE, 2015, DAY, pack))

    assert rows.exists() is full


def test_course_is_too_full_when_more_take_part_than_it_has_places(
    county: County, village: Village, pack: Pack
) -> None:
    heads = {number: village[number].people.order_by("pk")[0].name for number in "AB"}
    county.takes("courses", moving.course(places=1), moving.course("T2", places=1))
    county.takes("training", moving.trained("A", heads["A"]), moving.trained("B", heads["B"], "T2"))
    asked = Asked(Scope((VILLAGE,)), 2015, DAY, pack)
    gap = gaps.GAPS["courses-overfull"]
    assert not gap.rows(asked).exists()

    county.takes("training", moving.trained("B", heads["B"]))

    assert [one.number for one in gap.rows(asked)] == ["T1"]


def test_moved_household_is_listed_until_school_insurance_and_guarantee_have_moved(
    county: County, village: Village, pack: Pack
) -> None:
    labour(village["A"], able=True, pupils=True)
    asked = Asked(HERE, 2015, DAY, pack)

    def listed(name: str, when: Asked = asked) -> list[str]:
        return list(gaps.GAPS[name].rows(when).values_list("household__number", flat=True))

    county.takes("relocation", moving.moving("A", people=1, school="2015-08-20", medical="2015-08-02"))
    assert listed("moved-unsettled") == ["A"]
    county.takes("relocation", moving.moving("A", people=1, secured="2015-08-03"))
    assert listed("moved-unsettled") == []
    assert listed("old-house-standing") == []  # no limit before 2016
    assert listed("old-house-standing", Asked(HERE, 2016, dt.date(2016, 6, 30), pack)) == []
    assert listed("old-house-standing", Asked(HERE, 2016, dt.date(2016, 7, 1), pack)) == ["A"]
