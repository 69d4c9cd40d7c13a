"""Registers drawn at random around every limit that a rule has, with empty fields everywhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from tests.reference import registers
from tests.reference.quality import Card, Cards
from tests.reference.registers import YEAR

from jiefa import policy
from jiefa.assistance.rules import tables

VILLAGES = ("520102001001", "520102001002", "520103001001", "520326002003", "522701001001")
RELATIONS = [
    "head",
    "head",
    "spouse",
    "spouse",
    "son",
    "daughter",
    "father",
    "mother",
    "son_wife",
    "daughter_hus",
    "nephew",
    "niece",
    "sibling",
    "other",
]
CLASSES = ["general", "general", "dibao", "dibao_poor", "wubao", "wubao_poor", "tekun_poor", "ordinary"]
CAUSES = ["illness", "disability", "schooling", "land", "water", "skill", "labour", "funds", "marriage"]
STAGES = [
    "not_pupil",
    "not_pupil",
    "not_pupil",
    "preschool",
    "kindergarten",
    "primary",
    "junior",
    "senior",
    "vocational",
    "higher_voc",
    "bachelor",
    "master",
]
HEALTH = ["healthy", "healthy", "healthy", "chronic", "serious", "disabled", "chronic_dis", "serious_dis"]
LABOUR = ["ordinary", "ordinary", "skilled", "weak", "lost", "none"]
MOVEMENTS = ["new", "returned", "exited", "natural_gain", "natural_loss", "correction_in", "correction_out"]
LINE = 296_800
FLAGS = (True, True, False, None)
AGES = (*range(0, 26), 38, 40, 42, 58, 59, 60, 61, 65, 66, 69, 70, 71, 90, 120, 121)
MONEY = (None, 0, 0, 1, 60_000, 100_000, 300_000, 1_000_000)
AREAS = ("0", "0.01", "7.99", "8.00", "15.99", "16.00", "50.00", "100.01", "120.00", "120.01", "200.01")
LAND = ("0", "1.00", "49.99", "50.00", "50.01", "70.01", "100.00", "100.01", "140.01", "200.01")

PERSON_POOLS: dict[str, tuple[Any, ...]] = {
    "ethnic_group": ("01", "97", None),
    "education": ("illiterate", "primary", "senior", None),
    "school_stage": (*STAGES, None),
    "same_grade_years": (None, 1, 2, 3),
    "dropout_reason": (None, None, "illness", "disability", "work"),
    "health": (*HEALTH, None),
    "labour": (*LABOUR, None),
    "work_place": (None, None, "township", "county", "province", "outside"),
    "work_county": (None, "520103"),
    "work_months": (None, 0, 0, -1, 1, 6, 12, 13),
    "monthly_wage_fen": (None, 0, 1, 9_999, 10_000, 59_999, 60_000, 3_000_000, 3_000_001, 36_000_001),
    "welfare_post": FLAGS,
    "dibao": (False, False, True, None),
    "tekun": (False, False, True, None),
    "resident_medical": FLAGS,
    "employee_medical": FLAGS,
    "serious_illness_insurance": FLAGS,
    "pension": FLAGS,
    "yulu_grant_fen": (None, 0, 150_000),
    "joined_reason": (None, "identified", "marriage_in"),
    "id_form": ("citizen", "citizen", "disability", "old_citizen", "missing", "other", None),
    "id_length": (18, 18, 20, 22, 15, 0, 17, None),
    "id_checksum_ok": (True, True, False, None),
    "id_sex": ("male", "female", None),
    "id_region": ("520102", "520326", "430101", "999999", None),
    "id_placeholder": (False, False, True, None),
    "id_key": (None, 1, 2, 3, 4, 5, 6, 7, 8),
    "disability_kind": (None, 0, 4, 4, 7, 8),
    "disability_level": (None, 0, 1, 2, 4, 5),
}
HOUSEHOLD_POOLS: dict[str, tuple[Any, ...]] = {
    "poverty_status": ("poor", "pre_exit", "exited", "exited", "returned", None),
    "household_class": (*CLASSES, None),
    "main_cause": (*CAUSES, None),
    "other_cause_1": (*CAUSES, None, None, None),
    "other_cause_2": (None, None, None, "land", "skill"),
    "other_causes": (None, 0, 1, 2, 3),
    "kind": ("two_have", "two_cause", "two_none", "two_lack", None),
    "exited_year": (None, YEAR, YEAR, YEAR - 1),
    "stated_size": (None, 0, 1, 2, 3),
    "business_cost_fen": (None, 0, 20_000, 300_000, 300_001),
    "excluded_grants_fen": (None, 0, 100, 201, 800_000),
    "previous_income_per_person_fen": (None, 0, 100_000, 200_000, 500_000),
    "house_area_m2": (*AREAS, None),
    "house_danger": ("A", "B", "C", "D", None),
    "house_repair_subsidy": FLAGS,
    "relocated_year": (None, None, YEAR - 2, YEAR - 1, YEAR),
    "old_house_demolished": FLAGS,
    "road_distance_km": ("0", "5.00", "5.01", "50.00", "50.01", None),
    "cultivated_land_mu": (*LAND, None),
    "irrigated_land_mu": (*LAND, None),
    "forest_land_mu": (*LAND, None),
    "grass_land_mu": ("0", None),
    "water_area_mu": ("0", None),
    "road_type": ("earth", "cement", None),
    "fuel": ("power", "coal", None),
    "water_source": ("tap", "river", None),
    "phone_key": (None, 1, 2, 3, 4),
    "account_key": (None, 1, 2, 3, 4),
    "fields_typed": (None, 60, 120),
}
HOUSEHOLD_FLAGS = [
    "water_difficult",
    "water_safe",
    "electricity",
    "production_electricity",
    "sanitary_toilet",
    "cooperative",
    "phone_valid",
    "account_holder_is_member",
]
MEASURES = ("house_area_m2", "road_distance_km", "cultivated_land_mu", "irrigated_land_mu")
MEASURES += ("forest_land_mu", "grass_land_mu", "water_area_mu")


def draw(random: Random, households: int) -> Cards:
    """A register of ``households`` households in five villages, with orphans and repeated numbers."""
    cards = Cards(YEAR, [], [], [], [])
    for number in range(1, households + 1):
        code = random.choice(VILLAGES)
        members = [_person(random, number, place, code) for place in range(random.choice((0, 1, 1, 2, 2, 3, 4, 5)))]
        if random.random() < 0.02:
            members += [_person(random, number, place, code) for place in range(20, 30)]
        cards.persons.extend(members)
        cards.households.append(_household(random, number, len(members), code))
        cards.movements.extend(_movement(random, number, code) for _ in range(random.randrange(3)))
        cards.help.append(_help(random, number, code))
        cards.cases.extend(_case(random, number, code) for _ in range(random.randrange(4)))
        cards.loans.extend(_loan(random, number, code) for _ in range(random.randrange(2)))
        cards.links.extend(_link(random, number, code) for _ in range(random.randrange(3)))
    cards.persons.extend(_person(random, 10_000 + place, 0, VILLAGES[0]) for place in range(random.randrange(1, 3)))
    cards.villages.extend(_village(random, code) for code in (*VILLAGES, "522701001009"))
    cards.bodies.extend(_body(random, code) for code in VILLAGES for _ in range(random.randrange(3)))
    cards.transfers.extend(_transfer(random) for _ in range(households))
    cards.funds.extend(_fund(random, county) for county in sorted({code[:6] for code in VILLAGES[1:]}))
    return cards


def _person(random: Random, household: int, place: int, code: str) -> Card:
    born = random.choice((None, *(dt.date(YEAR - age, 12, 31) for age in AGES), dt.date(YEAR + 1, 1, 1)))
    card = registers.head(
        household_id=household,
        person_id=household * 100 + place,
        village_code=code,
        relation=("head" if place == 0 and random.random() < 0.9 else random.choice((*RELATIONS, None))),
        sex=random.choice(("male", "female", "female", None)),
        birth_date=born,
        id_birth_date=random.choice((born, None)),
    )
    return _spoilt(random, card, PERSON_POOLS)


def _household(random: Random, number: int, size: int, code: str) -> Card:
    card = registers.household(household_id=number, village_code=code, household_number=str(number), size=size)
    card = _spoilt(random, card, HOUSEHOLD_POOLS | dict.fromkeys(HOUSEHOLD_FLAGS, FLAGS))
    parts = [name for name in card if name.endswith("_income_fen") and name != "net_income_fen"]
    card |= {name: random.choice(MONEY) for name in (*parts, "birth_plan_grant_fen", "other_transfer_fen")}
    per_person = random.choice((LINE - 5_937, LINE - 5_936, LINE - 1, LINE, LINE + 5_936, 100_000, 200_000, 10_000_001))
    net = random.choice((per_person * size, per_person * size + 1, 0, -5, None))
    whole = None if net is None or not size else (2 * net + size) // (2 * size)
    gross = sum(card[name] or 0 for name in (*parts, "birth_plan_grant_fen", "other_transfer_fen"))
    stated = (gross - (card["business_cost_fen"] or 0)) // max(size, 1)
    with_grants = ((net or 0) + (card["excluded_grants_fen"] or 0)) // max(size, 1)
    card |= {"net_income_fen": net, "net_income_per_person_fen": whole}
    card["stated_income_per_person_fen"] = random.choice((None, stated, stated - 100, stated + 102, with_grants))
    return card | {name: None if card[name] is None else Decimal(card[name]) for name in MEASURES}


def _spoilt(random: Random, card: Card, pools: dict[str, tuple[Any, ...]]) -> Card:
    """``card`` with most of its fields drawn anew."""
    return card | {name: random.choice(pool) for name, pool in pools.items() if random.random() < 0.6}


def _movement(random: Random, number: int, code: str) -> Card:
    kind = random.choice(
        ["new", "returned", "exited", "natural_gain", "natural_loss", "correction_in", "correction_out"]
    )
    sign = -1 if kind in ("exited", "natural_loss", "correction_out") else 1
    return registers.movement(household_id=number, village_code=code, kind=kind, people=sign * random.randrange(1, 6))


def _village(random: Random, code: str) -> Card:
    return registers.village(
        village_code=code,
        rural_registered_people=random.choice((None, 0, 500, 1_234)),
        reported_poor_households=random.choice((None, 0, 1)),
        reported_poor_people=random.choice((None, 0, 1)),
        cultivated_land_mu=random.choice((None, Decimal(1), Decimal(1), Decimal(100_000))),
    )


def _help(random: Random, number: int, code: str) -> Card:
    flags = ("poor", "labourer", "helper", "plan_signed", "certified", "guaranteed")
    counts = ("visits", "measures", "measures_due", "measures_arrived", "loans", "links")
    drawn: Card = {name: random.choice((True, False)) for name in flags}
    drawn |= {name: random.randrange(3) for name in counts}
    drawn |= {name: random.choice((0, 1, 250_000)) for name in ("planned_fen", "arrived_fen", "benefit_fen")}
    return registers.help_of(household_id=number, village_code=code, **drawn)


def _day(random: Random) -> dt.date | None:
    return random.choice((None, *(dt.date(year, 1, 1) for year in (YEAR - 1, YEAR)), dt.date(YEAR, 12, 31)))


def _case(random: Random, number: int, code: str) -> Card:
    programme = random.choice(list(policy.load().programmes))
    days = {name: _day(random) for name in tables.days(policy.load())}
    facts = {"traced": random.choice((True, False)), "of_year": random.choice((True, False))}
    amounts = {"amount_fen": random.choice((0, 1, 400_000)), "people": random.randrange(5)}
    return registers.case(programme, household_id=number, village_code=code, **days, **facts, **amounts)


def _loan(random: Random, number: int, code: str) -> Card:
    balance = random.choice((0, 1, 5_000_000))
    began = random.choice((dt.date(YEAR - 1, 12, 31), dt.date(YEAR, 1, 1)))
    late = random.choice((0, balance))
    return registers.loan(household_id=number, village_code=code, from_on=began, balance_fen=balance, overdue_fen=late)


KINDS, WAYS = ("park", "enterprise", "cooperative", "base"), ("land", "work", "dividend", "order", "care")


def _link(random: Random, number: int, code: str) -> Card:
    facts = {"body_kind": random.choice(KINDS), "way": random.choice(WAYS), "paid_fen": random.choice((0, 1, 90_000))}
    flags = {name: random.choice((True, False)) for name in ("in_force", "poor")}
    return registers.link(household_id=number, village_code=code, **facts, **flags)


def _body(random: Random, code: str) -> Card:
    facts = {"body_kind": random.choice(KINDS), "level": random.choice((None, "national", "province", "county"))}
    facts |= {name: random.choice((True, False)) for name in ("in_park", "linked")}
    sums = ("output_fen", "sales_fen", "invested_fen", "members", "poor_members")
    amounts = {name: random.choice((None, 0, 5, 7_000_000)) for name in sums}
    return registers.body(village_code=code, recognised_on=_day(random), **facts, **amounts)


SOURCES = ("central", "province", "prefecture", "county", "department", "city", "enterprise", "donation", "bank")
PURPOSES = ("industry", "mountain_farming", "microcredit", "training", "relocation", "housing", "concentrated")


def _transfer(random: Random) -> Card:
    """Money from anybody to anybody, the world outside among them; what is taken back is negative."""
    codes = (*VILLAGES, "52", "5201", "520102", "522701", "")
    facts = {"source": random.choice(SOURCES), "purpose": random.choice((*PURPOSES, "infrastructure"))}
    for side in ("from", "to"):
        facts[f"{side}_code"] = random.choice(codes)
        facts[f"{side}_kind"] = random.choice(("source", "holder", "project", "payee", "outside"))
        facts[f"{side}_household"] = random.choice((None, 1, 2))
    over = random.choice((-1, 0, 1, 2, 3))
    facts |= {"years_over": over, "of_year": over == -1, "year": YEAR - 1 - over}
    day = random.choice((dt.date(YEAR - 1, 12, 31), dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)))
    return registers.transfer(fen=random.choice((1, 250_000, -250_000, 10**12)), on=day, **facts)


def _fund(random: Random, county: str) -> Card:
    return registers.fund(village_code=county, paid_in_fen=random.choice((0, 1_000_000, 3)))
