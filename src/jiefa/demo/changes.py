"""Changes of members within a year: at most one per household, and a household never loses its last member."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import BoolArray, IntArray, Random, day, years_of
from jiefa.demo.families import FEMALE, MALE, RELATIONS, R
from jiefa.demo.population import CHANGE, NEVER, OWN_NAME, People, Register

LARGEST_HOUSEHOLD = 11
# yearly chances (assumptions in the order of the province's vital rates: births 14, deaths 7 per thousand)
BIRTH, MARRY_IN, MARRY_OUT, MOVE_OUT, PRISON, MISSING, CORRECT = 0.20, 0.06, 0.12, 0.010, 0.0004, 0.0003, 0.0008
CHILD_FOUND, CHILD_MOVED, SON_BACK = 0.004, 0.003, 0.004


def _yearly_death(age: IntArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(np.clip(0.0005 + 0.00006 * np.exp(0.088 * age), 0, 0.35))


def happen(register: Register, year: int, open_to_change: BoolArray, random: Random) -> None:
    """Members who join or leave in ``year``, in the households that are ``open_to_change``."""
    people = register.people
    size = register.sizes()
    age = year - years_of(people.birth)
    here = (people.left == NEVER) & open_to_change[people.household]
    wanted = _leaving(people, age, size, here, random)
    joins = _joining(register, age, size, here, random)
    rows = np.concatenate([np.flatnonzero(wanted >= 0)] + [mothers for _, mothers in joins])
    kinds = np.concatenate([wanted[wanted >= 0]] + [np.full(len(mothers), change) for change, mothers in joins])
    order = random.permutation(len(rows))
    _, first = np.unique(people.household[rows[order]], return_index=True)
    kept = order[first]
    rows, kinds = rows[kept], kinds[kept]
    out = kinds >= CHANGE["death"]
    _leave(people, rows[out], kinds[out], year, random)
    _join(register, rows[~out], kinds[~out], year, random)


def _leaving(people: People, age: IntArray, size: IntArray, here: BoolArray, random: Random) -> IntArray:
    """The reason for which each person leaves, -1 for those who stay."""
    count = len(people)
    relation, several = people.relation, size[people.household] > 1
    spouses = np.bincount(people.household[here & (relation == R["spouse"])], minlength=len(size)) == 1
    replaceable = (relation != R["head"]) | spouses[people.household]
    child = np.isin(relation, (R["son"], R["daughter"]))
    reason = np.full(count, -1)
    for name, chance, able in (
        ("death", _yearly_death(age), replaceable),
        ("marriage_out", MARRY_OUT, (relation == R["daughter"]) & (age >= 20) & (age <= 32)),
        ("moved_out", MOVE_OUT, child & (age >= 19) & (age <= 40)),
        ("imprisoned", PRISON, child & (people.sex == MALE) & (age >= 18) & (age <= 45)),
        ("missing", MISSING, (child | (relation == R["son_wife"])) & (age >= 18) & (age <= 50)),
        ("correct_out", CORRECT, child & (age >= 5)),
        ("other_out", CORRECT / 3, child & (age >= 16)),
    ):
        hit = here & several & able & (reason < 0) & (random.random(count) < chance)
        reason[hit] = CHANGE[name]
    return reason


def _joining(
    register: Register, age: IntArray, size: IntArray, here: BoolArray, random: Random
) -> list[tuple[int, IntArray]]:
    """For each reason the persons to whom a child is born or found, or whom somebody marries."""
    people = register.people
    count = len(people)
    relation, household = people.relation, people.household
    married = np.bincount(household[here & (relation == R["spouse"])], minlength=len(size)) == 1
    wife = (people.sex == FEMALE) & ((relation == R["spouse"]) | ((relation == R["head"]) & married[household]))
    mother = (wife | (relation == R["son_wife"])) & here & (size[household] < LARGEST_HOUSEHOLD)
    has_in_law = np.bincount(household[here & (relation == R["son_wife"])], minlength=len(size)) > 0
    groom = here & (relation == R["son"]) & (age >= 21) & (age <= 30) & ~has_in_law[household]
    falling = np.clip((40 - age) / 16, 0, 1)
    chances = (
        ("birth", BIRTH * falling, mother & (age >= 20) & (age <= 39)),
        ("marriage_in", MARRY_IN, groom & (size[household] < LARGEST_HOUSEHOLD)),
        ("correct_in", CHILD_FOUND, wife & mother & (age >= 26) & (age <= 48)),
        ("moved_in", CHILD_MOVED, wife & mother & (age >= 26) & (age <= 48)),
        ("demobilised", SON_BACK, wife & mother & (age >= 43) & (age <= 58)),
        ("released", SON_BACK / 5, wife & mother & (age >= 48) & (age <= 62)),
        ("other_in", CHILD_MOVED / 4, wife & mother & (age >= 26) & (age <= 48)),
    )
    return [(CHANGE[name], np.flatnonzero(able & (random.random(count) < chance))) for name, chance, able in chances]


# what the others are to the head's widow or widower
_WIDOW = np.arange(len(RELATIONS))
_WIDOWER = np.arange(len(RELATIONS))
for _table, _pairs in (
    (
        _WIDOW,
        {"father": "hus_father", "mother": "hus_mother", "wife_father": "father", "wife_mother": "mother"},
    ),
    (
        _WIDOWER,
        {"hus_father": "father", "hus_mother": "mother", "father": "wife_father", "mother": "wife_mother"},
    ),
):
    for _name in (
        "sibling",
        "sibling_wife",
        "uncle",
        "nephew",
        "niece",
        "pat_gfather",
        "pat_gmother",
        "mat_gfather",
        "mat_gmother",
    ):
        _table[R[_name]] = R["other"]
    for _old, _new in _pairs.items():
        _table[R[_old]] = R[_new]


def _leave(people: People, rows: IntArray, reasons: IntArray, year: int, random: Random) -> None:
    people.left[rows] = year
    people.leave_change[rows] = reasons
    # nobody leaves before being born: births of this year are not among the candidates
    people.left_on[rows] = random.integers(day(year), day(year, 12, 31) + 1, len(rows))
    heads = rows[people.relation[rows] == R["head"]]
    if not len(heads):
        return
    bereaved = np.full(int(people.household.max()) + 1, -1)
    bereaved[people.household[heads]] = people.sex[heads]
    concerned = (bereaved[people.household] >= 0) & (people.left == NEVER)
    dead_man = bereaved[people.household] == MALE
    relation = people.relation
    renamed = np.where(relation == R["spouse"], R["head"], np.where(dead_man, _WIDOW[relation], _WIDOWER[relation]))
    people.relation = np.where(concerned, renamed, relation)
    people.relation[heads] = R["spouse"]


def _join(register: Register, rows: IntArray, kinds: IntArray, year: int, random: Random) -> None:
    """New people beside the persons ``rows``: a child of a mother, a wife of a son, a grown son of a mother."""
    people = register.people
    count = len(rows)
    on = random.integers(day(year), day(year, 12, 31) + 1, count)
    beside_birth = people.birth[rows]
    grown = np.isin(kinds, (CHANGE["demobilised"], CHANGE["released"]))
    bride = kinds == CHANGE["marriage_in"]
    sex = (random.random(count) > 0.525).astype(np.int64)
    sex[grown], sex[bride] = MALE, FEMALE
    mother_age = year - years_of(beside_birth)
    child_age = 0.5 + random.random(count) * np.maximum(np.minimum(mother_age - 21.5, 16), 0.5)
    child_age = np.where(grown, np.maximum(20.2, mother_age - 22 - 3 * random.random(count)), child_age)
    birth = on - np.floor(child_age * 365.2425).astype(np.int64)
    birth = np.where(kinds == CHANGE["birth"], on, birth)
    wife_birth = beside_birth + np.floor(np.clip(random.normal(1.5, 2, count), -4, 6) * 365).astype(np.int64)
    birth = np.where(bride, np.minimum(wife_birth, day(year - 20)), birth)
    in_law = people.relation[rows] == R["son_wife"]
    relation = np.where(
        in_law,
        np.where(sex == MALE, R["grandson"], R["granddaugh"]),
        np.where(sex == MALE, R["son"], R["daughter"]),
    )
    relation = np.where(bride, R["son_wife"], relation)
    people.add(
        People(
            household=people.household[rows],
            relation=relation,
            sex=sex,
            birth=birth,
            married_in=np.asarray(OWN_NAME[relation], dtype=np.bool_),
            joined=np.full(count, year),
            join_change=kinds,
            joined_on=on,
            left=np.full(count, NEVER),
            leave_change=np.full(count, -1),
            left_on=np.zeros(count, np.int64),
        )
    )
