"""Villages, townships and counties leave by their own standards; the province's de-listing and the national exit stay apart."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework import going
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.areas import actions as areas
from jiefa.areas.models import Designation, Division
from jiefa.casework import actions as casework
from jiefa.exits.actions import places
from jiefa.exits.actions.places import GradeUnfit, NotDesignated, PlaceStandardUnmet, PoorVillageUnmet
from jiefa.policy import Pack
from jiefa.procedures import queries
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household, HouseholdYear

ON = dt.date(2015, 11, 2)
SERVED = {
    **dict.fromkeys(
        ("hardened_road", "bus", "safe_water", "electricity", "clinic", "doctor", "culture_room", "broadband"), True
    ),
    "rural_registered_people": 1_000,
    "collective_income_fen": 5_000_000,
}
RATES = {
    "incidence_permyriad": 299,
    "wrong_exit_permyriad": 199,
    "missed_permyriad": 199,
    "approval_permyriad": 9_000,
}


def officers() -> tuple[Actor, ...]:
    """Two of every level above the village, so that nobody decides on what they proposed."""
    return tuple(
        holder(f"{role.value}-{number}", [(role, area)])
        for number in (1, 2)
        for role, area in (
            (Role.VILLAGE_OFFICER, VILLAGE),
            (Role.TOWNSHIP_OFFICER, TOWNSHIP),
            (Role.COUNTY_OFFICER, COUNTY),
            (Role.PREFECTURE_OFFICER, COUNTY[:4]),
            (Role.PROVINCE_OFFICER, COUNTY[:2]),
        )
    )


def proposed(procedure: str, code: str, pack: Pack, year: int = 2015, on: dt.date = ON) -> Dossier:
    first = pack.procedure(procedure, on).first
    by = next(actor for actor in officers() if queries.may_take(actor, first, code))
    (key,) = places.propose(procedure=procedure, codes=[code], year=year, by=by, on=on, pack=pack)
    return Dossier.objects.get(pk=key)


def take(dossier: Dossier, pack: Pack, on: dt.date = ON, **facts: object) -> str:
    """The next step taken by somebody of its level; by the second where the first may not."""
    dossier.refresh_from_db()
    step = queries.procedure_of(dossier, pack).by_id[dossier.step]
    taken = {past.step: past.by for past in queries.way_so_far(dossier)}
    shut_out = {taken[other] for other in step.not_by if other in taken}
    by = next(
        actor
        for actor in officers()
        if queries.may_take(actor, step, dossier.place_code) and actor.name not in shut_out
    )
    going.ready(dossier, by, pack, on)
    decision = Decision("approve", by.name, by.posts, on, "", facts)
    return casework.decide(
        dossier=dossier, version=dossier.version, decision=decision, by=by, key=f"{dossier.version}", pack=pack
    ).outcome


def to_the_end(dossier: Dossier, pack: Pack, on: dt.date = ON, **facts: object) -> None:
    while not take(dossier, pack, on, **facts):
        pass


def designate(code: str, kind: str, year: int = 2014) -> None:
    areas.load_designations(rows=[{"code": code, "kind": kind, "from_year": str(year), "source": "试"}], by="tests")


def kinds(code: str) -> list[tuple[str, int]]:
    return list(Designation.objects.filter(division=code).order_by("pk").values_list("kind", "from_year"))


OTHER_VILLAGE = "520324999999"
POOR = {
    "rural_registered_people": 1_000,
    "reported_poor_people": 700,
    "net_income_per_person_fen": 300_000,
    "collective_income_fen": 0,
}


def report(change: dict[str, object]) -> None:
    """A village, its neighbour and the province in 2013: 800 of 4,000 people are poor, 5,434 yuan a person."""
    rows: list[dict[str, object]] = [
        {"code": VILLAGE, "year": 2013, **POOR, **change},
        {"code": OTHER_VILLAGE, "year": 2013, "rural_registered_people": 3_000, "reported_poor_people": 100},
        {"code": COUNTY[:2], "year": 2013, "net_income_per_person_fen": 543_400},
    ]
    Division.objects.get_or_create(
        code=OTHER_VILLAGE, defaults={"name": "邻村", "level": "village", "parent_id": TOWNSHIP}
    )
    areas.load_facts(rows=rows, source="试", by="tests")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"reported_poor_people": 299},  # 399 of 4,000 in the province: twice that is less than three in ten
        {"reported_poor_people": 100},  # two of three items
        {"net_income_per_person_fen": 326_041},
        {"collective_income_fen": 1},
        {"collective_income_fen": None},
    ],
)
def test_two_of_three_items_make_a_poor_village(change: dict[str, object], db: None, pack: Pack) -> None:
    report(change)
    dossier = proposed("poor_village", VILLAGE, pack, 2013, dt.date(2014, 3, 1))
    take(dossier, pack, dt.date(2014, 3, 1))

    take(dossier, pack, dt.date(2014, 3, 1))

    dossier.refresh_from_db()
    assert dossier.step == "notice"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"collective_income_fen": 1, "net_income_per_person_fen": 326_041}, "3,260，全省 5,434"),
        ({"collective_income_fen": None, "reported_poor_people": 33}, "3.30%，全省 3.33%"),
        ({"rural_registered_people": None, "collective_income_fen": 1}, "未填报"),
    ],
)
def test_less_than_two_items_make_none(change: dict[str, object], said: str, db: None, pack: Pack) -> None:
    report(change)
    dossier = proposed("poor_village", VILLAGE, pack, 2013, dt.date(2014, 3, 1))
    take(dossier, pack, dt.date(2014, 3, 1))

    with pytest.raises(PoorVillageUnmet) as unmet:
        take(dossier, pack, dt.date(2014, 3, 1))

    assert said in unmet.value.message("zh")


def test_village_is_identified_with_its_grade(db: None, pack: Pack) -> None:
    areas.load_facts(
        rows=[
            {"code": VILLAGE, "year": 2015, **POOR},
            {"code": COUNTY[:2], "year": 2015, "net_income_per_person_fen": 543_400},
        ],
        source="试",
        by="tests",
    )
    dossier = proposed("poor_village", VILLAGE, pack)
    for _ in range(3):
        take(dossier, pack)

    with pytest.raises(GradeUnfit):
        take(dossier, pack, grade=4)
    take(dossier, pack, grade=2)

    assert kinds(VILLAGE) == [("poor_village", 2015)]
    assert Designation.objects.get(division=VILLAGE).detail == "2"


def test_only_a_poor_village_leaves(db: None, pack: Pack) -> None:
    with pytest.raises(NotDesignated):
        proposed("village_exit", VILLAGE, pack)


def test_village_below_three_per_cent_with_its_services_leaves(village: dict[str, Household], pack: Pack) -> None:
    designate(VILLAGE, "poor_village")
    areas.load_facts(rows=[{"code": VILLAGE, "year": 2015, **SERVED}], source="试", by="tests")

    to_the_end(proposed("village_exit", VILLAGE, pack), pack)

    assert ("village_left", 2015) in kinds(VILLAGE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rural_registered_people": 133}, "3.01%"),  # four poor people
        ({"rural_registered_people": None}, "未填报农业户籍人口"),
        ({"doctor": False}, "医师"),
        ({"bus": None}, "未填报"),
        ({"collective_income_fen": 999_999}, "集体经济"),
    ],
)
def test_item_that_fails_keeps_the_village(
    change: dict[str, object], said: str, village: dict[str, Household], pack: Pack
) -> None:
    assert sum(HouseholdYear.objects.filter(poverty_status="poor").values_list("size", flat=True)) == 4
    designate(VILLAGE, "poor_village")
    areas.load_facts(rows=[{"code": VILLAGE, "year": 2015, **SERVED, **change}], source="试", by="tests")
    dossier = proposed("village_exit", VILLAGE, pack)

    with pytest.raises(PlaceStandardUnmet) as unmet:
        take(dossier, pack)

    assert said in unmet.value.message("zh")


def test_two_kinds_of_leaving_are_two_designations(db: None, pack: Pack) -> None:
    designate(COUNTY, "key_county", 2011)
    to_the_end(proposed("county_delisting", COUNTY, pack, 2014, dt.date(2014, 11, 1)), pack, dt.date(2014, 11, 1))
    on = dt.date(2018, 5, 1)

    to_the_end(proposed("county_exit", COUNTY, pack, 2017, on), pack, on, **RATES)

    assert kinds(COUNTY) == [("key_county", 2011), ("county_off", 2014), ("county_left", 2017)]


@pytest.mark.parametrize(
    ("rate", "value"),
    [
        ("incidence_permyriad", 300),
        ("wrong_exit_permyriad", 200),
        ("missed_permyriad", 200),
        ("approval_permyriad", 8_999),
    ],
)
def test_any_rate_of_the_evaluation_is_a_veto(rate: str, value: int, db: None, pack: Pack) -> None:
    on = dt.date(2018, 5, 1)
    dossier = proposed("county_exit", COUNTY, pack, 2017, on)
    for _ in range(4):
        take(dossier, pack, on)

    with pytest.raises(PlaceStandardUnmet):
        take(dossier, pack, on, **{**RATES, rate: value})

    dossier.refresh_from_db()
    assert dossier.step == "evaluation"


def test_province_delists_no_more_after_2015(db: None, pack: Pack, people: People) -> None:
    designate(TOWNSHIP, "poor_township")

    with pytest.raises(Exception, match="2015-12-31"):
        proposed("township_delisting", TOWNSHIP, pack, 2016, dt.date(2016, 3, 1))
