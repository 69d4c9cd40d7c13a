"""What a snapshot of the register is: the four card tables of a year, county by county, as queries of column names only."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
from django.db import connection

from jiefa.registry import cards
from jiefa.registry.models import HouseholdYear, PersonYear
from jiefa.snapshots import TableSource
from jiefa.stores import bulk

_YEARLY_HOUSEHOLD = {field.column for field in HouseholdYear._meta.concrete_fields}
_YEARLY_PERSON = {field.column for field in PersonYear._meta.concrete_fields}


def counties(year: int) -> dict[str, int]:
    """The counties that have cards of ``year``, with their number of households."""
    schema = pa.schema([("county", pa.string()), ("households", pa.int64())])
    sql = (
        "SELECT substr(village_code, 1, 6), count(*) FROM registry_householdyear WHERE year = %s GROUP BY 1 ORDER BY 1"
    )
    rows = bulk.read(sql, [year], schema)
    return dict(zip(rows["county"].to_pylist(), rows["households"].to_pylist(), strict=True))


def years() -> list[int]:
    """The years that have cards, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(_YEARS)
        return [int(row[0]) for row in cursor.fetchall()]


# One seek in the index a year: DISTINCT over 3.5 M cards would read all of it.
_YEARS = """
WITH RECURSIVE found(year) AS (
    SELECT min(year) FROM registry_householdyear
    UNION ALL
    SELECT (SELECT min(year) FROM registry_householdyear c WHERE c.year > found.year) FROM found WHERE found.year IS NOT NULL
)
SELECT year FROM found WHERE year IS NOT NULL ORDER BY year
"""


def _household_columns() -> str:
    apart = {"household_number": "h.number"}
    names = cards.HOUSEHOLD_CARD.names
    return ", ".join(apart.get(name) or (f"c.{name}" if name in _YEARLY_HOUSEHOLD else f"h.{name}") for name in names)


def _person_columns() -> str:
    apart = {"joined_on": "ms.joined_on", "joined_reason": "ms.joined_reason"}
    names = cards.PERSON_CARD.names
    return ", ".join(apart.get(name) or (f"c.{name}" if name in _YEARLY_PERSON else f"p.{name}") for name in names)


def _households_sql(year: int, where: str) -> str:
    return (
        f"SELECT {_household_columns()} FROM registry_householdyear c JOIN registry_household h ON h.id = c.household_id "
        f"WHERE c.year = {year} AND {where} ORDER BY c.village_code, c.household_id"
    )


def _persons_sql(year: int, where: str) -> str:
    return (
        f"SELECT {_person_columns()} FROM registry_personyear c JOIN registry_person p ON p.id = c.person_id "
        "LEFT JOIN registry_membership ms ON ms.person_id = c.person_id AND ms.household_id = c.household_id "
        f"AND (ms.left_on IS NULL OR ms.left_on > '{year}-12-31') AND (ms.joined_on IS NULL OR ms.joined_on <= '{year}-12-31') "
        f"WHERE c.year = {year} AND {where} ORDER BY c.village_code, c.household_id, c.person_id"
    )


def _movements_sql(year: int, where: str) -> str:
    columns = ", ".join(f'"{name}"' for name in cards.MOVEMENT.names)
    return (
        f"SELECT {columns} FROM registry_movement c WHERE year = {year} AND {where} "
        "ORDER BY village_code, household_id, id"
    )


def _village_facts_sql(year: int, where: str) -> str:
    def designated(kind: str, length: int) -> str:
        return (
            "EXISTS (SELECT 1 FROM areas_designation a WHERE a.kind = "
            f"'{kind}' AND a.division_id = substr(d.code, 1, {length}) AND a.from_year <= {year} "
            f"AND (a.to_year IS NULL OR a.to_year >= {year}))"
        )

    poor_county = f"({designated('key_county', 6)} OR {designated('area_county', 6)})"
    return (
        f"SELECT {year}, d.code, y.rural_registered_households, y.rural_registered_people, "
        f"{designated('poor_village', 12)}, {designated('poor_township', 9)}, {poor_county}, "
        "y.reported_poor_households, y.reported_poor_people, y.cultivated_land_mu "
        f"FROM areas_division d LEFT JOIN areas_divisionyear y ON y.division_id = d.code AND y.year = {year} "
        f"WHERE d.level = 'village' AND {where.replace('c.village_code', 'd.code')} ORDER BY d.code"
    )


def inside(column: str, county: str) -> str:
    """The condition that a column of village codes lies in a county."""
    assert county.isdecimal(), county
    return f"{column} >= '{county}' AND {column} < '{int(county) + 1}'"


def sources(year: int, weights: Mapping[str, int]) -> list[TableSource]:
    """The four tables of ``year`` as a snapshot reads them, by county; ``weights`` as of ``counties``."""
    made = []
    for name, schema, sql in (
        ("households", cards.HOUSEHOLD_CARD, _households_sql),
        ("persons", cards.PERSON_CARD, _persons_sql),
        ("movements", cards.MOVEMENT, _movements_sql),
        ("villages", cards.VILLAGE_FACTS, _village_facts_sql),
    ):
        weight = 4 if name == "persons" else 1
        queries = {county: sql(year, inside("c.village_code", county)) for county in weights}
        made.append(TableSource(name, schema, queries, {county: n * weight for county, n in weights.items()}))
    return made


def household_cards(household_id: int, year: int) -> tuple[pa.Table, pa.Table]:
    """The cards of one household and of its members as rules read them."""
    where = f"c.household_id = {household_id}"
    return (
        bulk.read(_households_sql(year, where), [], cards.HOUSEHOLD_CARD),
        bulk.read(_persons_sql(year, where), [], cards.PERSON_CARD),
    )
