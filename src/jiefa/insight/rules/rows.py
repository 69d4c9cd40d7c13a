"""One row of each card as typed Ibis columns, and the year's register made of them.

Rules name columns as attributes, so a misspelt column is a type error and not a surprise on an engine.
Ages are counted at 31 December of the register's year: year less year of birth. They are compared as birth dates
with constants, because taking the year out of 7.45 M dates costs more than most rules do.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, cast

import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Register:
    """The four tables of one year, columns as in ``registry.cards``; every table holds rows of ``year`` alone.

    ``more``: by name, what capabilities put beside them into the snapshot, with ``village_code`` in each; no rule reads it.
    """

    year: int
    persons: ir.Table
    households: ir.Table
    movements: ir.Table
    villages: ir.Table
    more: Mapping[str, ir.Table] = field(default_factory=dict)


class Row:
    """Attributes for all annotated columns of a subclass, taken from ``table`` by name."""

    def __init__(self, table: ir.Table, year: int) -> None:
        self.on_year = year
        for name in inspect.get_annotations(type(self)):
            setattr(self, name, table[name])


def any_of(*conditions: ir.BooleanValue) -> ir.BooleanValue:
    """True where at least one condition is true; a NULL condition does not count."""
    return reduce(or_, conditions)


def is_true(flag: ir.BooleanValue) -> ir.BooleanValue:
    """False for NULL as well: "marked", where a blank means not marked."""
    return flag.fill_null(False)


def empty_or_zero(amount: ir.NumericValue) -> ir.BooleanValue:
    return any_of(amount.isnull(), amount == 0)


def among(column: ir.StringValue, values: Iterable[Any]) -> ir.BooleanValue:
    """``isin`` for long lists: DuckDB 2.0 makes a join of IN with five or more constants, up to ten times as slow."""
    return any_of(*(column == value for value in values))


def hundredths(measure: ir.DecimalValue) -> ir.IntegerValue:
    """A measure with two decimals as a whole number of hundredths."""
    return cast("ir.IntegerValue", (measure * 100).cast("int64"))


class Person(Row):
    """One person card."""

    village_code: ir.StringColumn
    household_id: ir.IntegerColumn
    person_id: ir.IntegerColumn
    relation: ir.StringColumn
    sex: ir.StringColumn
    birth_date: ir.DateColumn
    ethnic_group: ir.StringColumn
    education: ir.StringColumn
    school_stage: ir.StringColumn
    same_grade_years: ir.IntegerColumn
    dropout_reason: ir.StringColumn
    health: ir.StringColumn
    labour: ir.StringColumn
    work_place: ir.StringColumn
    work_county: ir.StringColumn
    work_months: ir.IntegerColumn
    monthly_wage_fen: ir.IntegerColumn
    welfare_post: ir.BooleanColumn
    dibao: ir.BooleanColumn
    tekun: ir.BooleanColumn
    resident_medical: ir.BooleanColumn
    employee_medical: ir.BooleanColumn
    serious_illness_insurance: ir.BooleanColumn
    yulu_grant_fen: ir.IntegerColumn
    joined_reason: ir.StringColumn
    id_form: ir.StringColumn
    id_length: ir.IntegerColumn
    id_checksum_ok: ir.BooleanColumn
    id_birth_date: ir.DateColumn
    id_sex: ir.StringColumn
    id_region: ir.StringColumn
    id_placeholder: ir.BooleanColumn
    id_key: ir.IntegerColumn
    disability_kind: ir.IntegerColumn
    disability_level: ir.IntegerColumn

    def aged(self, youngest: int, oldest: int) -> ir.BooleanValue:
        """``youngest`` to ``oldest`` years, both included."""
        first, last = dt.date(self.on_year - oldest, 1, 1), dt.date(self.on_year - youngest, 12, 31)
        return self.birth_date.between(first, last)

    def aged_from(self, youngest: int) -> ir.BooleanValue:
        return self.birth_date <= dt.date(self.on_year - youngest, 12, 31)

    def aged_below(self, age: int) -> ir.BooleanValue:
        return self.birth_date > dt.date(self.on_year - age, 12, 31)


class Household(Row):
    """One household card with what its members' cards say (``member_facts``)."""

    village_code: ir.StringColumn
    household_id: ir.IntegerColumn
    poverty_status: ir.StringColumn
    household_class: ir.StringColumn
    main_cause: ir.StringColumn
    other_cause_1: ir.StringColumn
    other_cause_2: ir.StringColumn
    other_causes: ir.IntegerColumn
    exited_year: ir.IntegerColumn
    size: ir.IntegerColumn
    stated_size: ir.IntegerColumn
    wage_income_fen: ir.IntegerColumn
    business_income_fen: ir.IntegerColumn
    dibao_income_fen: ir.IntegerColumn
    tekun_income_fen: ir.IntegerColumn
    business_cost_fen: ir.IntegerColumn
    excluded_grants_fen: ir.IntegerColumn
    stated_income_per_person_fen: ir.IntegerColumn
    net_income_fen: ir.IntegerColumn
    net_income_per_person_fen: ir.IntegerColumn
    previous_income_per_person_fen: ir.IntegerColumn
    house_area_m2: ir.DecimalColumn
    house_danger: ir.StringColumn
    house_repair_subsidy: ir.BooleanColumn
    relocated_year: ir.IntegerColumn
    old_house_demolished: ir.BooleanColumn
    water_difficult: ir.BooleanColumn
    water_safe: ir.BooleanColumn
    electricity: ir.BooleanColumn
    production_electricity: ir.BooleanColumn
    fuel: ir.StringColumn
    sanitary_toilet: ir.BooleanColumn
    road_type: ir.StringColumn
    road_distance_km: ir.DecimalColumn
    cultivated_land_mu: ir.DecimalColumn
    forest_land_mu: ir.DecimalColumn
    grass_land_mu: ir.DecimalColumn
    water_area_mu: ir.DecimalColumn
    cooperative: ir.BooleanColumn
    phone_valid: ir.BooleanColumn
    phone_key: ir.IntegerColumn
    account_key: ir.IntegerColumn
    account_holder_is_member: ir.BooleanColumn
    # facts of the members
    members: ir.IntegerColumn
    heads: ir.IntegerColumn
    spouses: ir.IntegerColumn
    able: ir.IntegerColumn
    posts: ir.IntegerColumn
    male_head: ir.BooleanColumn
    female_head: ir.BooleanColumn
    male_spouse: ir.BooleanColumn
    female_spouse: ir.BooleanColumn
    unhealthy: ir.BooleanColumn
    health_unknown: ir.BooleanColumn
    disabled: ir.BooleanColumn
    pupil: ir.BooleanColumn
    stage_unknown: ir.BooleanColumn
    dibao_member: ir.BooleanColumn
    tekun_member: ir.BooleanColumn
    working: ir.BooleanColumn
    able_of_age: ir.BooleanColumn
    perhaps_labour: ir.BooleanColumn

    def __init__(self, table: ir.Table, year: int) -> None:
        super().__init__(table, year)
        self.table: Any = table

    @property
    def people(self) -> ir.IntegerValue:
        """``size``, wide enough to be multiplied."""
        return cast("ir.IntegerValue", self.size.cast("int64"))

    @property
    def exited_this_year(self) -> ir.BooleanValue:
        return self.exited_year == self.on_year


def works(person: Person) -> ir.BooleanValue:
    """Months of work or a place of work on the card."""
    return any_of(person.work_months > 0, person.work_place.notnull())
