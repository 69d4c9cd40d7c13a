"""One part of the province: its register over the years, and the card of every household and member for each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from jiefa.demo import dwellings, hardships, identities, incomes, names, people, population, reference, years
from jiefa.demo.arrays import NULL, AnyArray, BoolArray, IntArray, generator
from jiefa.demo.families import R
from jiefa.demo.geography import Plan
from jiefa.demo.hardships import Household
from jiefa.demo.luck import Luck
from jiefa.demo.people import Condition, Traits
from jiefa.demo.population import NEVER, Register
from jiefa.demo.years import YearEnd


@dataclass
class Card:
    """The cards of one part and year as columns; codes are indices, ``NULL`` is not filled in.

    ``households`` has one row per household on the register, ``members`` one per person of the year, also those who
    left in it; ``household`` and ``present`` say to whose household each belongs and whether still.
    """

    year: int
    households: dict[str, AnyArray]
    members: dict[str, AnyArray]
    household: IntArray
    present: BoolArray
    family: Household
    state: Condition
    person: IntArray
    """Row of each member in the part's list of people."""
    home: IntArray
    """Row of each household in the part's list of homes: 0, 1, 2, ..."""


@dataclass
class Part:
    """The lasting facts of one part: who there is, and what never changes."""

    seed: int
    number: int
    register: Register
    ends: list[YearEnd]
    lasting: Traits
    luck: Luck
    ethnic: IntArray
    names: pa.Array
    certificates: AnyArray
    numbers: AnyArray
    phones: AnyArray
    accounts: AnyArray
    first_exit: IntArray
    smallest: IntArray
    largest: IntArray
    size_then: IntArray


def build_part(plan: Plan, counties: tuple[int, ...], seed: int, number: int) -> Part:
    """The part with these counties (indices into ``reference.counties()``), simulated to the plan's last year."""
    register = population.baseline(plan, counties, generator(seed, 1, number))
    ends = [years.first_year(register)]
    for year in plan.years[1:]:
        ends.append(years.next_year(register, ends[-1], generator(seed, 2, number, year)))
    homes, members = register.homes, register.people
    lasting = people.traits(members, generator(seed, 3, number))
    luck = Luck(seed, number, len(homes))
    ethnic = names.ethnic_groups(members, homes, generator(seed, 4, number))
    first_exit = np.full(len(homes), NEVER)
    smallest, largest = np.full(len(homes), 99), np.zeros(len(homes), np.int64)
    size_then = np.zeros(len(homes), np.int64)
    for end in reversed(ends):
        known = len(end.status)
        first_exit[:known] = np.where(end.exited > 0, np.minimum(end.exited, first_exit[:known]), first_exit[:known])
        size = sizes_at(register, end)
        smallest[:known], largest[:known] = np.minimum(smallest[:known], size), np.maximum(largest[:known], size)
        size_then[:known] = size
    return Part(
        seed, number, register, ends, lasting, luck, ethnic,
        names=names.full_names(members, homes, ethnic, generator(seed, 5, number)),
        certificates=identities.certificates(members, homes, lasting),
        numbers=identities.household_numbers(homes, plan.land.code),
        phones=identities.phones(homes, luck("phone")),
        accounts=identities.accounts(homes),
        first_exit=first_exit, smallest=smallest, largest=largest, size_then=size_then,
    )  # fmt: skip


def sizes_at(register: Register, end: YearEnd) -> IntArray:
    """Members present at the end of that year, by household on the register then."""
    members = register.people
    known = len(end.status)
    rows = (members.household < known) & (members.joined <= end.year) & (members.left > end.year)
    return np.bincount(members.household[rows], minlength=known).astype(np.int64)


def _members_of(part: Part, end: YearEnd) -> IntArray:
    """Rows of the people on the year's card, in order of household, head first."""
    members = part.register.people
    known = len(end.relation)
    rows = np.flatnonzero((members.left[:known] >= end.year) & (members.joined[:known] <= end.year))
    behind = end.relation[rows] != R["head"]
    gone = members.left[rows] == end.year
    return rows[np.lexsort((rows, behind, gone, members.household[rows]))]


def _restricted(part: Part, rows: IntArray, year: int) -> tuple[Traits, Condition]:
    """Traits and state of these people."""
    lasting = Traits(*(getattr(part.lasting, name)[rows] for name in Traits.__dataclass_fields__))
    members = population.People(
        *(getattr(part.register.people, name)[rows] for name in population.People.__dataclass_fields__)
    )
    return lasting, people.condition(members, lasting, year)


def card(part: Part, end: YearEnd) -> Card:
    """The clean card of ``end.year``: it breaks no error rule of the catalogue."""
    register, year = part.register, end.year
    rows = _members_of(part, end)
    lasting, state = _restricted(part, rows, year)
    members = register.people
    household, present = members.household[rows], members.left[rows] > year
    known = len(end.status)
    luck = part.luck
    total = len(register.homes)
    family = hardships.summarise(household, present, state, total)
    stay = dwellings.Stay(register.homes.entered, part.first_exit, part.size_then, part.smallest, part.largest)
    dwelling = dwellings.columns(luck, stay, year)
    main, second, third = hardships.causes(luck, family, dwelling, year)
    kind = hardships.classes(luck, family, year)
    head = end.relation[rows] == R["head"]
    dibao, tekun = hardships.allowances(luck, kind, household, present, head, state)
    since_exit = np.full(total, -1)
    since_exit[:known] = np.where(years.in_poverty(end.status), -1, year - end.exited)
    random = generator(part.seed, 6, part.number, year)
    net = incomes.net_incomes(register.homes.prospect, luck, random, since_exit, np.maximum(family.size, 1), year)
    income = incomes.incomes(
        net, luck, kind, family, household, present, dibao, lasting, state,
        incomes.has_pension(lasting, state), year, random,
    )  # fmt: skip
    size = np.maximum(family.size, 1)
    per_person = (net * 200 + size) // (2 * size)
    grants = np.where(luck("grant") < 0.12, 100 * (2 + (luck("grant_size") * 8).astype(np.int64)), 0) * 100
    columns: dict[str, AnyArray] = {
        "village": register.homes.village,
        "poverty_status": np.concatenate([end.status, np.zeros(total - known, np.int64)]),
        "household_class": kind,
        "standard": np.searchsorted([0.93, 0.99], luck("standard")),
        "main_cause": main,
        "other_cause_1": second,
        "other_cause_2": third,
        "entered_year": np.concatenate([end.entered, np.zeros(total - known, np.int64)]),
        "exited_year": np.concatenate([np.where(end.exited > 0, end.exited, NULL), np.full(total - known, NULL)]),
        "stated_size": family.size,
        **income.columns,
        "excluded_grants_fen": grants,
        "stated_income_per_person_fen": per_person,
        **dwelling,
        "phone": part.phones,
        "bank_account": part.accounts,
        "household_number": part.numbers,
    }
    codes = np.array([county.code for county in reference.counties()])
    people_columns: dict[str, AnyArray] = {
        "name": rows,
        "id_number": part.certificates[rows],
        "relation": end.relation[rows],
        "sex": members.sex[rows],
        "birth_date": members.birth[rows],
        "ethnic_group": part.ethnic[rows],
        "education": state.education,
        "school_stage": state.stage,
        "grade": state.grade,
        "dropout_reason": state.dropout,
        "health": state.health,
        "labour": state.labour,
        **incomes.member_columns(income.workers, lasting, state, codes[register.homes.county[household]], codes, year),
        "dibao": dibao.astype(np.int64),
        "tekun": tekun.astype(np.int64),
        **_changes(members, rows, year),
    }
    columns = {name: values[:known] for name, values in columns.items()}
    family = Household(*(getattr(family, name)[:known] for name in Household.__dataclass_fields__))
    holder = np.full(known, -1)
    holder[household[head & present]] = np.flatnonzero(head & present)
    columns["account_holder"] = holder
    return Card(year, columns, people_columns, household, present, family, state, rows, np.arange(known))


def _changes(members: population.People, rows: IntArray, year: int) -> dict[str, AnyArray]:
    joined, left = members.joined[rows] == year, members.left[rows] == year
    change = np.where(left, members.leave_change[rows], np.where(joined, members.join_change[rows], NULL))
    on = np.where(left, members.left_on[rows], np.where(joined, members.joined_on[rows], NULL))
    return {"change": change, "changed_on": on}


def county_parts(plan: Plan, people_per_part: int) -> list[tuple[int, ...]]:
    """Counties in code order, put together so that a part has at most ``people_per_part`` people (or one county)."""
    parts: list[tuple[int, ...]] = []
    current: list[int] = []
    held = 0
    for index, people_there in enumerate(plan.county_poor[plan.years[0]].tolist()):
        if current and held + people_there > people_per_part:
            parts.append(tuple(current))
            current, held = [], 0
        current.append(index)
        held += people_there
    if current:
        parts.append(tuple(current))
    return parts
