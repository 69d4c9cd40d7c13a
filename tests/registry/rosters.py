"""Small rosters as an office would send them: every household without a fault unless the test puts one in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.insight.actions import intake
from jiefa.insight.actions.intake import Checked
from jiefa.kernel.id_numbers import check_character
from jiefa.registry import roster
from jiefa.registry.actions import batches
from jiefa.registry.intake import stage
from jiefa.registry.intake.folder import REMARK_COLUMNS
from jiefa.registry.models import Batch

Row = dict[str, object]
PROVINCE = Scope(("52",))


def id_number(born: dt.date, serial: int, *, male: bool, region: str = "520326") -> str:
    """A valid number of nobody: the serial is ours."""
    first = f"{region}{born:%Y%m%d}{(serial % 500) * 2 + (1 if male else 0):03d}"
    return first + check_character(first)


def household(number: str, village: str, year: int = 2014, **changes: object) -> Row:
    """A household's row."""
    row: Row = {
        "household_number": number,
        "year": year,
        "village_code": village,
        "poverty_status": "poor",
        "household_class": "general",
        "standard": "national",
        "main_cause": "funds",
        "entered_year": 2013,
        "stated_size": 2,
        "wage_income_fen": 600_000,
        "house_area_m2": 50,
        "house_structure": "brick_conc",
        "house_danger": "A",
        "water_source": "tap",
        "water_difficult": False,
        "water_safe": True,
        "electricity": True,
        "production_electricity": True,
        "fuel": "power",
        "sanitary_toilet": True,
        "road_type": "cement",
        "road_distance_km": 1,
        "cooperative": False,
        "cultivated_land_mu": 2,
        "irrigated_land_mu": 1,
        "forest_land_mu": 1,
        "orchard_land_mu": 0,
        "grass_land_mu": 0,
        "water_area_mu": 0,
    }
    return row | changes


def member(number: str, serial: int, year: int = 2014, **changes: object) -> Row:
    """A grown-up member's row: the head when ``serial`` is a multiple of 10, else another adult."""
    head = serial % 10 == 0
    born = dt.date(1970 + serial % 10, 3, 1 + serial % 27)
    row: Row = {
        "household_number": number,
        "year": year,
        "name": f"{'张王李赵'[serial % 4]}{'伟芳娜强敏静丽军'[serial // 4 % 8]}{'东南西北中'[serial // 32 % 5]}",
        "id_number": id_number(born, serial, male=head),
        "relation": "head" if head else "other",
        "sex": "male" if head else "female",
        "ethnic_group": "01",
        "education": "primary",
        "school_stage": "not_pupil",
        "health": "healthy",
        "labour": "ordinary",
        "work_place": "county" if head else None,
        "work_county": "520326" if head else None,
        "work_months": 6 if head else 0,
        "monthly_wage_fen": 100_000 if head else None,
        "dibao": False,
        "tekun": False,
        "resident_medical": True,
        "employee_medical": False,
        "serious_illness_insurance": True,
        "pension": True,
    }
    return row | changes


def family(
    number: str, village: str, first: int, year: int = 2014, size: int = 2, **changes: object
) -> tuple[Row, list[Row]]:
    """A household and its members, serial numbers from ``first`` on (a multiple of 10)."""
    assert first % 10 == 0
    return household(number, village, year, stated_size=size, **changes), [
        member(number, first + one, year) for one in range(size)
    ]


def write(folder: Path, households: Sequence[Mapping[str, object]], members: Sequence[Mapping[str, object]]) -> Path:
    """The two sheets as Parquet in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for spec, rows in zip(roster.specs(policy.load()), (households, members), strict=True):
        schema = pa.schema([field for field in spec.schema if field.name != "row"])
        table = pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)
        pq.write_table(table, folder / f"{spec.id}.parquet")
    return folder


def load(path: Path, *, within: Scope = PROVINCE, take_over: bool = False, by: str = "operator") -> Checked:
    """Read, checked and taken in at once, as the operator does."""
    return intake.load_roster(path=path, pack=policy.load(), within=within, by=by, take_over=take_over)


def load_unjudged(path: Path) -> Batch:
    """Taken in with the quality rules left out: for tests of many loads whose subject is the register alone."""
    staged = stage.read_roster(path, policy.load(), PROVINCE)
    batch = batches.keep_batch(
        staged=staged, remarks=REMARK_COLUMNS.empty_table(), by="operator", take_over=True, source=None
    )
    return batches.accept_batch(batch=batch, by="operator", second_officer=False)


def check(path: Path, *, within: Scope = PROVINCE, take_over: bool = False, by: str = "li") -> Checked:
    """Read, checked and kept for a second officer."""
    return intake.check_roster(path=path, pack=policy.load(), within=within, by=by, take_over=take_over)


def rules_said(checked: Checked, level: str = "error") -> set[tuple[str, str | None]]:
    """What was said of which household, at one level; that it waits because of another row (RO14) left out."""
    rows = [row for row in checked.remarks.to_pylist() if row["level"] == level and row["rule"] != "RO14"]
    return {(row["rule"], row["household"]) for row in rows}
