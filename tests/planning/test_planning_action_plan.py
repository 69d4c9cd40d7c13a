"""The action plan "33668": what held in which year, and where its numbers stand, counted from what is on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from django.utils import timezone
from tests.procedures.people import People
from tests.site import county

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.areas import actions as areas
from jiefa.areas import bundled
from jiefa.areas.models import Designation, DesignationKind
from jiefa.assistance.models import BenefitLink, BenefitPaid, IndustryBody, ProgrammeRecord, VillageWork
from jiefa.casework import actions as casework
from jiefa.casework import appointing
from jiefa.planning.queries import action_plan as queries
from jiefa.planning.rules import action_plan as rules
from jiefa.planning.rules.action_plan import Reached, Span
from jiefa.registry.models import Household, Movement
from jiefa.responsibility.actions import people as entering
from jiefa.responsibility.actions.people import NewCadre

PACK = policy.load()
YEAR = county.YEARS[-1]
PEOPLE = People(county.VILLAGE, county.VILLAGE[:9], county.COUNTY)


def asked(place: str = "52", year: int = YEAR) -> queries.Asked:
    return queries.Asked(place, Scope((place,)), year, dt.date(year, 12, 31), PACK)


def test_every_line_and_work_of_every_year_is_counted_somewhere() -> None:
    counted = set(queries.COUNTED) | set(queries.PROGRAMMES)
    works = {code.id for code in PACK.codes("village_work").values}

    for year in (2014, 2015, 2016, 2017):
        plan = rules.plan(PACK, year)
        assert len(plan.lines) == len(set(plan.lines)) == 6
        assert set(plan.lines) <= counted
        assert len(plan.works) == 6
        assert set(plan.works) == works
    assert counted == {code.id for code in PACK.codes("plan_line").values}
    assert set(queries.PROGRAMMES.values()) <= set(PACK.programmes)


def test_list_of_2014_speaks_of_infrastructure_where_2015_has_social_security() -> None:
    before, after = rules.plan(PACK, 2014), rules.plan(PACK, 2015)

    assert set(before.lines) - set(after.lines) == {"infrastructure"}
    assert set(after.lines) - set(before.lines) == {"security"}
    assert (before.span, before.people, before.income_fen) == (None, None, None)
    assert (after.span, after.people, after.income_fen) == (Span(2015, 2017), 3_000_000, 800_000)


@pytest.mark.parametrize("year", [2012, 2018])
def test_year_outside_the_plan_asks_for_nothing(year: int) -> None:
    assert rules.plan(PACK, year) == rules.Plan(None, None, (), (), None)


def test_years_that_have_passed_end_with_the_plan() -> None:
    assert [Span(2015, 2017).passed(year) for year in (2014, 2015, 2017, 2019)] == [0, 1, 3, 3]


def test_places_together_know_what_any_of_them_knows() -> None:
    assert rules.total([Reached(1, 4, None), Reached(2, None, 300), Reached(0, 6, 5)]) == Reached(3, 10, 305)
    assert rules.total([Reached(2), Reached(1)]) == Reached(3, None, None)
    assert rules.total([]) == Reached()


def test_target_of_people_is_the_provinces_alone_and_a_year_without_figures_is_none() -> None:
    plan = rules.plan(PACK, 2016)

    province = rules.left(plan, 2016, {2014: 900, 2015: 750_000}, 2)
    prefecture = rules.left(plan, 2016, {2015: 10, 2016: 5}, 4)

    assert (province.by_year, province.people, province.share) == ({2015: 750_000, 2016: None}, 750_000, 0.25)
    assert not province.complete
    assert (prefecture.people, prefecture.target, prefecture.share, prefecture.complete) == (15, None, None, True)


HELP: Mapping[str, tuple[str, ...]] = {
    "training": ("A", "E"),
    "house_repair": ("A",),
    "relocation": ("F",),
    "guarantee": ("B", "E", "F"),
}


def case(programme: str, household: Household, fen: int = 100, *, traced: bool = True, again: int = 0) -> None:
    ProgrammeRecord.objects.create(
        programme=programme,
        household=household,
        village_code=household.village_code,
        year=YEAR,
        own={},
        identity=f"{household.pk}/{again}",
        people=2,
        amount_fen=fen,
        traced_on=dt.date(YEAR, 6, 1) if traced else None,
        by="zhou",
        at=timezone.now(),
    )


def work(village: str, name: str, accepted: bool) -> None:
    VillageWork.objects.create(
        village_code=village,
        year=YEAR,
        work=name,
        planned_fen=1_000,
        spent_fen=900 if accepted else 0,
        percent=100 if accepted else 0,
        accepted_on=dt.date(YEAR, 11, 1) if accepted else None,
        by="zhou",
        at=timezone.now(),
    )


def link(numbers: Iterable[str]) -> None:
    own = {"by": "zhou", "at": timezone.now()}
    body = IndustryBody.objects.create(
        number="C1", name="合作社", kind="cooperative", village_code=county.VILLAGE, industry="tea", **own
    )
    for number in numbers:
        home = county.household(number)
        for way in ("work", "land"):
            given = BenefitLink.objects.create(
                body=body, household=home, village_code=home.village_code, way=way, from_on=dt.date(YEAR, 1, 1), **own
            )
            BenefitPaid.objects.create(link=given, on=dt.date(YEAR, 5, 1), fen=50, **own)


@pytest.fixture
def helped(db: None, home: Path, tmp_path: Path) -> None:
    """The small county with help of every kind in its last year."""
    for year in county.YEARS:
        county.load(tmp_path, year, county.FAMILIES)
    for programme, numbers in HELP.items():
        for number in numbers:
            case(programme, county.household(number))
            # A second person of the same household, and a case that has not arrived, change nothing.
            case(programme, county.household(number), again=1)
    case("house_repair", county.household("C"), traced=False)
    link(("A", "B", "F"))
    work(county.VILLAGE, "road", accepted=True)
    work(county.VILLAGE, "water", accepted=False)
    work(county.NEXT_TOWNSHIP, "road", accepted=False)
    new = NewCadre(
        number="1",
        name="干部",
        rank="staff",
        area_code=county.COUNTY,
        organisation="扶贫办",
        organisation_kind="county",
        seat=county.COUNTY,
        from_date=dt.date(2014, 1, 1),
    )
    cadre = entering.enter(cadre=new, by=PEOPLE.wang)
    on = dt.date(YEAR, 3, 1)
    appointing.appoint(household_id=county.household("A").pk, cadre_id=cadre.pk, on=on, by=PEOPLE.wang, pack=PACK)


def test_lines_are_counted_by_household_and_place(helped: None) -> None:
    plan = rules.plan(PACK, YEAR)

    whole = queries.standing(asked()).lines
    by_county = queries.lines(asked(), plan, 6)

    assert whole == {
        "pairing": Reached(1, 5),
        "industry": Reached(3, fen=300),
        "training": Reached(2, fen=400),
        "houses": Reached(1, fen=200),
        "relocation": Reached(1, fen=200),
        "security": Reached(3, fen=600),
    }
    # A sum over the places below comes to the same, line by line.
    for line, reached in whole.items():
        assert sum(one[line].count for one in by_county.values() if line in one) == reached.count, line
    assert by_county[county.NEXT_COUNTY[:6]]["pairing"] == Reached(0, 1)
    assert "training" not in by_county[county.NEXT_COUNTY[:6]]


def test_village_sees_what_reached_its_own_households(helped: None) -> None:
    own = queries.standing(asked(county.VILLAGE))

    assert {line: one.count for line, one in own.lines.items()} == {
        "pairing": 1, "industry": 2, "training": 1, "houses": 1, "relocation": 0, "security": 1,
    }  # fmt: skip
    assert own.lines_reached == 5
    assert own.incomes == ()


def test_works_are_counted_by_kind_and_infrastructure_by_village(helped: None) -> None:
    found = queries.standing(asked())

    road = found.works["road"]
    assert (road.villages, road.accepted, road.planned_fen, road.spent_fen) == (2, 1, 2_000, 900)
    assert (found.works["telecom"].villages, found.works_accepted) == (0, 1)
    VillageWork.objects.update(year=2014)
    before = queries.standing(asked(year=2014))
    assert before.lines["infrastructure"] == Reached(1, 2)
    assert "security" not in before.lines


def test_income_is_that_of_poor_counties_and_silence_is_no_income(helped: None) -> None:
    areas.load_designations(rows=bundled.county_designations(), by="tests")
    kinds = (DesignationKind.KEY_COUNTY, DesignationKind.AREA_COUNTY)
    named = Designation.objects.filter(kind__in=kinds).order_by("division_id")
    poor = list(dict.fromkeys(named.values_list("division_id", flat=True)))
    reported = {poor[0]: 800_000, poor[1]: 799_999}
    rows = [{"code": code, "year": YEAR, "disposable_income_per_person_fen": fen} for code, fen in reported.items()]
    # What a county that is not poor earns does not count, nor a net income.
    rows.append({"code": "520102", "year": YEAR, "disposable_income_per_person_fen": 2_000_000})
    rows.append({"code": poor[2], "year": YEAR, "net_income_per_person_fen": 900_000})
    areas.load_facts(rows=rows, source="tests", by="tests")

    found = queries.standing(asked())

    assert len(found.incomes) == len(poor) == 66
    assert {one.county: one.fen for one in found.incomes if one.fen is not None} == reported
    assert found.counties_reached == 1
    assert [one.county for one in queries.incomes(Scope((poor[1],)), YEAR)] == [poor[1]]


def test_people_who_left_are_those_of_the_snapshots(transactional_db: None, home: Path, tmp_path: Path) -> None:
    county.load(tmp_path, YEAR, county.FAMILIES)
    assert queries.standing(asked()).left.by_year == {YEAR: None}
    one = county.household("C")
    Movement.objects.create(
        household=one, village_code=one.village_code, year=YEAR, kind="exited", on=dt.date(YEAR, 12, 1), people=-2
    )
    casework.freeze(year=YEAR, now=False, pack=PACK, by="tests")

    province, village = queries.standing(asked()), queries.standing(asked(county.VILLAGE))

    counted = -sum(one.people for one in Movement.objects.filter(kind="exited", year=YEAR))
    assert province.left.by_year == village.left.by_year == {YEAR: counted}
    assert counted >= 2
    assert (province.left.target, village.left.target) == (3_000_000, None)
    assert queries.standing(asked(county.NEXT_COUNTY[:6])).left.people == 0
