"""A card as the two tables of the roster form: typed columns, codes as identifiers, money in fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.demo import dwellings, families, hardships, incomes, names, people, population, reference
from jiefa.demo.arrays import NULL, AnyArray, IntArray
from jiefa.demo.cards import Card, Part

CODES: dict[str, tuple[str, ...]] = {
    "poverty_status": population.STATUSES,
    "household_class": hardships.CLASSES,
    "standard": hardships.STANDARDS,
    "main_cause": hardships.CAUSES,
    "house_structure": dwellings.STRUCTURES,
    "house_danger": dwellings.DANGERS,
    "resettlement": dwellings.RESETTLEMENTS,
    "water_source": dwellings.WATERS,
    "fuel": dwellings.FUELS,
    "road_type": dwellings.ROADS,
    "industry_organisation": dwellings.ORGANISATIONS,
    "relation": families.RELATIONS,
    "sex": ("male", "female"),
    "ethnic_group": names.ETHNIC,
    "education": people.EDUCATIONS,
    "school_stage": people.STAGES,
    "dropout_reason": people.DROPOUT_REASONS,
    "health": people.HEALTHS,
    "labour": people.LABOURS,
    "work_place": incomes.PLACES,
    "change": population.MEMBER_CHANGES,
}
MEASURES = frozenset({
    "house_area_m2", "road_distance_km", "market_distance_km", "cultivated_land_mu", "irrigated_land_mu",
    "forest_land_mu", "orchard_land_mu", "grass_land_mu", "water_area_mu",
})  # fmt: skip
FLAGS = frozenset({
    "house_repair_subsidy", "old_house_demolished", "water_difficult", "water_safe", "electricity",
    "production_electricity", "sanitary_toilet", "cooperative", "welfare_post", "dibao", "tekun",
    "resident_medical", "employee_medical", "serious_illness_insurance", "pension",
})  # fmt: skip
DATES = frozenset({"birth_date", "changed_on"})
GROUPS = "一二三四五六七八九十"
BANK = "虚构农村信用社"
FICTION = "（虚构）"
HOUSEHOLD_COLUMNS = (
    "household_number", "year", "village_code", "county_name", "township_name", "village_name", "group_name",
    "address", "phone", "bank_name", "bank_account", "account_holder", "poverty_status", "household_class",
    "standard", "main_cause", "other_causes", "kind", "entered_year", "exited_year", "stated_size",
    "wage_income_fen", "business_income_fen", "property_income_fen", "birth_plan_grant_fen", "dibao_income_fen",
    "tekun_income_fen", "pension_income_fen", "ecology_income_fen", "other_transfer_fen", "business_cost_fen",
    "excluded_grants_fen", "stated_income_per_person_fen", "house_area_m2", "house_structure",
    "house_built_year", "house_danger", "house_repair_subsidy", "relocated_year", "resettlement",
    "old_house_demolished", "water_source", "water_difficult", "water_safe", "electricity",
    "production_electricity", "fuel", "sanitary_toilet", "road_type", "road_distance_km", "market_distance_km",
    "cultivated_land_mu", "irrigated_land_mu", "forest_land_mu", "orchard_land_mu", "grass_land_mu",
    "water_area_mu", "cooperative", "industry_organisation",
)  # fmt: skip
MEMBER_COLUMNS = (
    "household_number", "year", "name", "id_number", "relation", "sex", "birth_date", "ethnic_group",
    "education", "school_stage", "grade", "dropout_reason", "health", "labour", "work_place", "work_county",
    "work_months", "monthly_wage_fen", "welfare_post", "dibao", "tekun", "resident_medical", "employee_medical",
    "serious_illness_insurance", "pension", "yulu_grant_fen", "change", "changed_on",
)  # fmt: skip


@dataclass
class Spare:
    """Rows added to the sheets that belong to no proper household: copies under another number."""

    homes: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    home_numbers: list[str] = field(default_factory=list)
    exited_year: int = 0
    members: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    member_numbers: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)

    def add(self, households: pa.Table, members: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Both tables with the copies at their ends."""
        empty = _with(
            households.take(pa.array(self.homes)),
            household_number=self.home_numbers,
            poverty_status=["exited"] * len(self.homes),
            exited_year=[self.exited_year] * len(self.homes),
            house_danger=["A"] * len(self.homes),
            water_safe=[True] * len(self.homes),
            **dict.fromkeys(("stated_size", "phone", "bank_account", "account_holder"), [None] * len(self.homes)),
        )
        orphans = _with(
            members.take(pa.array(self.members)), household_number=self.member_numbers, id_number=self.certificates
        )
        return pa.concat_tables([households, empty]), pa.concat_tables([members, orphans])


def _with(table: pa.Table, **columns: Sequence[object]) -> pa.Table:
    for name, values in columns.items():
        index = table.column_names.index(name)
        table = table.set_column(index, table.schema.field(index), pa.array(values, table.schema.field(index).type))
    return table


def _text(values: AnyArray) -> pa.Array:
    """Bytes or text as Arrow text; empty is not filled in."""
    array = pa.array(values.astype("U") if values.dtype.kind == "S" else values, pa.string())
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def _bytes(values: AnyArray) -> pa.Array:
    """Fixed-width ASCII bytes as Arrow text without going through Python objects; empty is not filled in."""
    width = values.dtype.itemsize
    lengths = np.char.str_len(values).astype(np.int64)
    if width == 0 or not len(values):
        return pa.nulls(len(values), pa.string())
    matrix = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), width)
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    data = matrix[np.arange(width)[None, :] < lengths[:, None]]
    valid = pa.array(lengths > 0)
    text = pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(data.tobytes()))
    return pc.if_else(valid, text, pa.scalar(None, pa.string()))


def decimals(hundredths: IntArray, null: AnyArray) -> pa.Array:
    """Hundredths as decimals of two places."""
    words = np.empty((len(hundredths), 2), np.int64)
    words[:, 0], words[:, 1] = np.where(null, 0, hundredths), np.where(null, 0, hundredths >> 63)
    raw = pa.Array.from_buffers(pa.decimal128(10, 2), len(hundredths), [None, pa.py_buffer(words)])
    return pc.if_else(pa.array(null), pa.scalar(None, pa.decimal128(10, 2)), raw)


def column(name: str, values: AnyArray) -> pa.Array:
    """One typed column of the roster."""
    null = values == NULL if values.dtype.kind == "i" else np.zeros(len(values), bool)
    if name in CODES:
        return pa.array(CODES[name]).take(pa.array(np.where(null, 0, values), mask=null))
    if name in MEASURES:
        return decimals(values, null)
    if name in FLAGS:
        return pa.array(values == 1, mask=null)
    if name in DATES:
        return pa.array(values.astype(np.int32), mask=null).cast(pa.date32())
    if name.endswith("_fen"):
        return pa.array(values, pa.int64(), mask=null)
    if values.dtype.kind == "S":
        return _bytes(values)
    if values.dtype.kind == "U":
        return _text(values)
    return pa.array(
        values.astype(np.int32) if not null.any() else np.where(null, 0, values).astype(np.int32), mask=null
    )


def _other_causes(first: IntArray, second: IntArray) -> pa.Array:
    filled = np.stack([first, second], axis=1)
    there = filled != NULL
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(there.sum(axis=1)).astype(np.int32)])
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(hardships.CAUSES).take(pa.array(filled[there])))
    return pc.if_else(pa.array(there.any(axis=1)), lists, pa.scalar(None, lists.type))


def households(part: Part, card: Card) -> pa.Table:
    """The sheet 农户."""
    land = part.register.plan.land
    village, count = card.households["village"], len(card.home)
    at = pa.array(village)
    county_names = pa.array([county.name for county in reference.counties()]).take(pa.array(land.county[village]))
    townships, names_of = pa.array(land.township_name).take(at), pa.array(land.name).take(at)
    groups = pa.array([f"{text}组" for text in GROUPS]).take(
        pa.array((part.luck("group")[:count] * len(GROUPS)).astype(np.int64))
    )
    holder = card.households["account_holder"]
    ready: dict[str, pa.Array] = {
        "year": pa.array(np.full(count, card.year, np.int32)),
        "village_code": pa.array(land.code).take(at),
        "county_name": county_names,
        "township_name": townships,
        "village_name": names_of,
        "group_name": groups,
        "address": pc.binary_join_element_wise(county_names, townships, names_of, groups, FICTION, ""),
        "bank_name": pa.array([BANK]).take(pa.array(np.zeros(count, np.int64))),
        "account_holder": part.names.take(pa.array(card.members["name"][holder])),
        "other_causes": _other_causes(card.households["other_cause_1"], card.households["other_cause_2"]),
        "kind": pa.nulls(count, pa.string()),
    }
    columns = [ready[name] if name in ready else column(name, card.households[name]) for name in HOUSEHOLD_COLUMNS]
    return pa.Table.from_arrays(columns, names=list(HOUSEHOLD_COLUMNS))


def members(part: Part, card: Card) -> pa.Table:
    """The sheet 家庭成员."""
    count = len(card.person)
    ready = {
        "household_number": column("", card.households["household_number"][card.household]),
        "year": pa.array(np.full(count, card.year, np.int32)),
        "name": part.names.take(pa.array(card.members["name"])),
    }
    columns = [ready[name] if name in ready else column(name, card.members[name]) for name in MEMBER_COLUMNS]
    return pa.Table.from_arrays(columns, names=list(MEMBER_COLUMNS))


def tables(part: Part, card: Card, spare: Spare) -> tuple[pa.Table, pa.Table]:
    """Both sheets of a card, with the rows that belong to no proper household put at the end."""
    return spare.add(households(part, card), members(part, card))
