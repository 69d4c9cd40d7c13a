"""Small registers to judge: one household that breaks no rule, and tables of any engine from lists of dicts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from tests.reference.quality import Card, Cards

from jiefa import policy
from jiefa.assistance.rules import tables
from jiefa.funds.rules.tables import TRANSFERS
from jiefa.insight.rules import Register
from jiefa.insight.rules.money import both_sides
from jiefa.registry.cards import HOUSEHOLD_CARD, MOVEMENT, PERSON_CARD, VILLAGE_FACTS

YEAR = 2015
VILLAGE = "520102001001"
CARDS = {"persons": PERSON_CARD, "households": HOUSEHOLD_CARD, "movements": MOVEMENT, "villages": VILLAGE_FACTS}
MORE = {
    "help": tables.HELP,
    "cases": tables.cases_schema(policy.load()),
    "loans": tables.LOANS,
    "funds": tables.FUNDS,
    "links": tables.LINKS,
    "bodies": tables.BODIES,
    "transfers": TRANSFERS,
}
SCHEMAS = {**CARDS, **MORE}


def household(**changes: Any) -> Card:
    """A poor household of two that breaks no rule."""
    card: Card = dict.fromkeys(HOUSEHOLD_CARD.names)
    card |= {"year": YEAR, "village_code": VILLAGE, "household_id": 1, "household_number": "1", "size": 2}
    card |= {"poverty_status": "poor", "household_class": "general", "standard": "province", "main_cause": "skill"}
    card |= {"other_causes": 0, "kind": "two_lack", "entered_year": 2013, "stated_size": 2}
    card |= dict.fromkeys((name for name in HOUSEHOLD_CARD.names if name.endswith("_income_fen")), 0)
    card |= {"wage_income_fen": 300_000, "business_income_fen": 100_000, "business_cost_fen": 20_000}
    card |= {"birth_plan_grant_fen": 0, "other_transfer_fen": 0, "excluded_grants_fen": 0, "net_income_fen": 380_000}
    card |= dict.fromkeys(("stated_income_per_person_fen", "net_income_per_person_fen"), 190_000)
    card |= {"previous_income_per_person_fen": 180_000, "house_area_m2": Decimal("50.00"), "house_danger": "A"}
    card |= {"house_structure": "brick_wood", "water_source": "tap", "fuel": "power", "road_type": "cement"}
    flags = "water_safe electricity production_electricity sanitary_toilet cooperative phone_valid"
    card |= dict.fromkeys(flags.split(), True) | {"water_difficult": False, "account_holder_is_member": True}
    measures = "road_distance_km cultivated_land_mu irrigated_land_mu forest_land_mu grass_land_mu water_area_mu"
    card |= dict.fromkeys(measures.split(), Decimal("1.00")) | {"fields_typed": 80}
    return card | changes


def head(**changes: Any) -> Card:
    """A man of 40 at work in the county."""
    card: Card = dict.fromkeys(PERSON_CARD.names)
    card |= {"year": YEAR, "village_code": VILLAGE, "household_id": 1, "person_id": 1, "relation": "head"}
    card |= {"sex": "male", "birth_date": dt.date(1975, 6, 1), "ethnic_group": "01", "education": "primary"}
    card |= {"school_stage": "not_pupil", "health": "healthy", "labour": "ordinary", "work_place": "county"}
    card |= {"work_county": "520103", "work_months": 6, "monthly_wage_fen": 300_000, "resident_medical": True}
    flags = "welfare_post dibao tekun employee_medical id_placeholder"
    card |= dict.fromkeys(flags.split(), False) | {"serious_illness_insurance": True, "pension": True}
    card |= {"joined_on": dt.date(2013, 12, 31), "joined_reason": "identified", "id_form": "citizen"}
    card |= {"id_length": 18, "id_checksum_ok": True, "id_birth_date": dt.date(1975, 6, 1), "id_sex": "male"}
    return card | {"id_region": "520102"} | changes


def spouse(**changes: Any) -> Card:
    """A woman of 38 at home."""
    born = dt.date(1977, 3, 2)
    card = head(person_id=2, relation="spouse", sex="female", id_sex="female", birth_date=born, id_birth_date=born)
    return card | {"work_place": None, "work_county": None, "work_months": 0, "monthly_wage_fen": None} | changes


def village(**changes: Any) -> Card:
    card: Card = dict.fromkeys(VILLAGE_FACTS.names)
    return card | {"year": YEAR, "village_code": VILLAGE, "rural_registered_people": 1000} | changes


def movement(**changes: Any) -> Card:
    card: Card = dict.fromkeys(MOVEMENT.names)
    return card | {"year": YEAR, "village_code": VILLAGE, "household_id": 1, "kind": "new", "people": 1} | changes


def help_of(**changes: Any) -> Card:
    """What a poor household without any help has."""
    card: Card = dict.fromkeys(tables.HELP.names, 0)
    card |= {"year": YEAR, "village_code": VILLAGE, "household_id": 1, "poor": True, "size": 2}
    flags = ("labourer", "helper", "plan_signed", "certified", "guaranteed")
    return card | dict.fromkeys(flags, False) | changes


def case(programme: str, **changes: Any) -> Card:
    """A case of this year without any day."""
    card: Card = dict.fromkeys(MORE["cases"].names)
    card |= {"year": YEAR, "village_code": VILLAGE, "household_id": 1, "programme": programme, "of_year": True}
    return card | {"traced": False, "amount_fen": 0, "people": 1, "poor": True} | changes


def loan(**changes: Any) -> Card:
    """A loan of this year of which nothing was paid back."""
    card: Card = {"year": YEAR, "village_code": VILLAGE, "household_id": 1, "amount_fen": 5_000_000}
    card |= {"from_on": dt.date(YEAR, 3, 1), "to_on": dt.date(YEAR + 3, 3, 1)}
    return card | {"balance_fen": 5_000_000, "overdue_fen": 0} | changes


def fund(**changes: Any) -> Card:
    """The fund of the village's county."""
    card: Card = {"year": YEAR, "village_code": VILLAGE[:6], "paid_in_fen": 1_000_000, "balance_fen": 900_000}
    return card | {"compensated_fen": 70_000, "subsidy_fen": 30_000} | changes


def link(**changes: Any) -> Card:
    """A dividend of a cooperative that was not paid yet."""
    card: Card = {
        "year": YEAR,
        "village_code": VILLAGE,
        "household_id": 1,
        "body_kind": "cooperative",
        "industry": "tea",
    }
    return card | {"way": "dividend", "in_force": True, "poor": True, "paid_fen": 0} | changes


def body(**changes: Any) -> Card:
    """A cooperative that reports nothing of the year."""
    card: Card = dict.fromkeys(tables.BODIES.names)
    card |= {"year": YEAR, "village_code": VILLAGE, "body_kind": "cooperative", "industry": "tea"}
    return card | {"in_park": False, "linked": False} | changes


def transfer(**changes: Any) -> Card:
    """Central money of this year that the county pays to a household of the village."""
    card: Card = {"year": YEAR, "years_over": -1, "of_year": True, "source": "central", "type": "special"}
    card |= {"origin_code": "52", "giver": "", "purpose": "industry", "fen": 100_000, "on": dt.date(YEAR, 6, 1)}
    card |= {"from_kind": "holder", "from_code": VILLAGE[:6], "from_owner": "", "from_household": None}
    card |= {"to_kind": "payee", "to_code": VILLAGE, "to_owner": "household", "to_household": 1}
    return card | {"reversal": False} | changes


def arrow(cards: Cards) -> dict[str, pa.Table]:
    return {name: pa.Table.from_pylist(getattr(cards, name), schema=schema) for name, schema in SCHEMAS.items()}


def _fill(connection: duckdb.DuckDBPyConnection, cards: Cards) -> None:
    for name, table in arrow(cards).items():
        connection.register(f"{name}_arrow", table)
        connection.execute(f"create table {name} as from {name}_arrow")


def on_duckdb(cards: Cards) -> Register:
    """The register as tables of a DuckDB of its own."""
    connection = duckdb.connect()
    _fill(connection, cards)
    backend = ibis.duckdb.from_connection(connection)
    return register(backend, cards.year)


def register(backend: Any, year: int) -> Register:
    """The register over the tables of a backend."""
    own = {name: backend.table(name) for name in CARDS}
    more = {name: backend.table(name) for name in MORE if name != "transfers"}
    return Register(year, **own, more=more | {"money": both_sides(backend.table("transfers"))})


def run_sql(cards: Cards, sql: str) -> list[tuple[Any, ...]]:
    """The rows of ``sql`` over the four tables, as a form is checked."""
    with duckdb.connect() as connection:
        _fill(connection, cards)
        return connection.execute(sql).fetchall()
