"""Faults of school, insurance, house and land (ED01-ED06, ME01-ME03, HO01-HO04, LD01-LD02)."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import NULL, AnyArray, BoolArray
from jiefa.demo.faults.bench import FIRST_YEAR, Bench
from jiefa.demo.faults.catalogue import BY_RULE
from jiefa.demo.people import DROPOUT, EDU, HEALTH, STAGE, YULU_FEN
from jiefa.demo.population import EXITED


def _free_pupil(bench: Bench) -> BoolArray:
    """Pupils of primary and junior school in households whose cause does not depend on them."""
    pupil = np.isin(bench.m["school_stage"], [STAGE["primary"], STAGE["junior"]])
    return np.asarray(pupil & bench.to_members((bench.card.family.pupils >= 2) | bench.no_cause("schooling")))


def _out_of_school(bench: Bench, rule: str, eligible: AnyArray, reason: int) -> None:
    rows = bench.people(rule, np.asarray(eligible, dtype=np.bool_))
    bench.m["school_stage"][rows] = STAGE["not_pupil"]
    bench.m["grade"][rows] = NULL
    bench.m["education"][rows] = EDU["primary"]
    bench.m["dropout_reason"][rows] = reason
    bench.note_people(rule, rows)


def ed01(bench: Bench) -> None:
    age = bench.card.state.age
    _out_of_school(bench, "ED01", _free_pupil(bench) & (age >= 7) & (age <= 14), int(NULL))


def ed05(bench: Bench) -> None:
    healthy = bench.m["health"] == HEALTH["healthy"]
    _out_of_school(bench, "ED05", _free_pupil(bench) & healthy & (bench.card.state.age >= 10), DROPOUT["illness"])


def ed02(bench: Bench) -> None:
    age = bench.card.state.age
    rows = bench.people("ED02", _free_pupil(bench) & (age >= 8) & (age <= 12))
    bench.m["school_stage"][rows] = STAGE["senior"]
    bench.m["grade"][rows] = 1 + (bench.year - FIRST_YEAR) % 3
    bench.note_people("ED02", rows)


def ed03(bench: Bench) -> None:
    age = bench.card.state.age
    healthy = bench.m["health"] == HEALTH["healthy"]
    rows = bench.people("ED03", _free_pupil(bench) & healthy & (age >= 7) & (age <= 9))
    bench.m["school_stage"][rows] = STAGE["kindergarten"]
    bench.m["grade"][rows] = NULL
    bench.note_people("ED03", rows)


def ed04(bench: Bench) -> None:
    """The grade of the first year copied twice, found in the third: primary pupils of grades 1 to 3 at first."""
    since = bench.year - FIRST_YEAR
    if since > 2:
        return
    age = bench.card.state.age
    home = bench.part.register.homes.entered[: len(bench.busy)] == FIRST_YEAR
    there = bench.part.register.people.joined[bench.card.person] == 0
    young = (
        bench.card.present
        & there
        & (age - since >= 6)
        & (age - since <= 8)
        & (bench.m["school_stage"] == STAGE["primary"])
    )
    chosen = home & ~bench.busy & (bench.lasting("ED04") < BY_RULE["ED04"].share)
    rows = np.flatnonzero(young & bench.to_members(chosen))
    rows = rows[np.lexsort((bench.of_person("pick")[rows], bench.card.household[rows]))]
    _, first = np.unique(bench.card.household[rows], return_index=True)
    rows = rows[first]
    bench.busy[bench.card.household[rows]] = True
    bench.m["grade"][rows] -= since
    if since == 2:
        bench.note_people("ED04", rows)


def ed06(bench: Bench) -> None:
    """An eligible pupil is not paid, or one who is not eligible is."""
    stage = bench.m["school_stage"]
    unpaid = np.isin(stage, [STAGE["vocational"], STAGE["higher_voc"]])
    rows = bench.people("ED06", unpaid | ((stage == STAGE["senior"]) & (bench.of_person("ed06") < 0.3)))
    bench.m["yulu_grant_fen"][rows] = np.where(unpaid[rows], NULL, YULU_FEN)
    bench.note_people("ED06", rows)


def me01(bench: Bench) -> None:
    rows = bench.people("ME01", np.ones(len(bench.card.person), bool))
    blank = bench.of_person("me01")[rows] < 0.3
    for column in ("resident_medical", "employee_medical"):
        bench.m[column][rows] = np.where(blank, NULL, 0)
    bench.note_people("ME01", rows)


def me02(bench: Bench) -> None:
    rows = bench.people("ME02", bench.card.state.age >= 18)
    bench.m["resident_medical"][rows] = bench.m["employee_medical"][rows] = 1
    bench.note_people("ME02", rows)


def me03(bench: Bench) -> None:
    ill = np.isin(
        bench.m["health"], [HEALTH["chronic"], HEALTH["serious"], HEALTH["serious_dis"], HEALTH["chronic_dis"]]
    )
    rows = bench.people("ME03", ill & bench.to_members(bench.h["poverty_status"] == EXITED))
    bench.m["serious_illness_insurance"][rows] = 0
    bench.note_people("ME03", rows)


def ho01(bench: Bench) -> None:
    rows = bench.homes("HO01", (bench.h["poverty_status"] == EXITED) & (bench.h["relocated_year"] == NULL))
    house = bench.lasting("ho01")[rows] < 0.6
    bench.h["house_danger"][rows[house]] = 2
    bench.h["water_safe"][rows[~house]] = 0
    bench.note("HO01", rows[house])
    bench.note("HO01", rows[~house], column="water_safe")


def ho02(bench: Bench) -> None:
    rows = bench.homes("HO02", bench.h["relocated_year"] == NULL)
    wide = (70 + (bench.lasting("ho02")[rows] * 40).astype(np.int64)) * bench.card.family.size[rows] * 100
    bench.h["house_area_m2"][rows] = np.where(bench.lasting("ho02_kind")[rows] < 0.7, wide, 0)
    bench.note("HO02", rows)


def ho03(bench: Bench) -> None:
    rows = bench.homes("HO03", bench.h["relocated_year"] != NULL)
    bench.h["house_area_m2"][rows] = bench.card.family.size[rows] * 3200
    bench.note("HO03", rows)


def ho04(bench: Bench) -> None:
    """The old house still stands two years after the move, or the move and a repair were both paid."""
    moved = bench.h["relocated_year"]
    late = bench.lasting("ho04") < 0.6
    rows = bench.homes("HO04", (moved != NULL) & (~late | (moved + 2 <= bench.year)))
    bench.h["old_house_demolished"][rows[late[rows]]] = 0
    bench.h["house_repair_subsidy"][rows[~late[rows]]] = 1
    bench.note("HO04", rows[late[rows]])
    bench.note("HO04", rows[~late[rows]], column="house_repair_subsidy")


def ld01(bench: Bench) -> None:
    rows = bench.homes("LD01", bench.no_cause("land"))
    forest = bench.lasting("ld01")[rows] < 0.5
    size = bench.card.family.size[rows]
    bench.h["forest_land_mu"][rows[forest]] = np.maximum(size[forest] * 7_600, 20_500)
    bench.h["cultivated_land_mu"][rows[~forest]] = np.maximum(size[~forest] * 5_600, 10_500)
    bench.note("LD01", rows[forest], column="forest_land_mu")
    bench.note("LD01", rows[~forest])


def ld02(bench: Bench) -> None:
    rows = bench.homes("LD02", bench.h["road_distance_km"] != NULL)
    bench.h["road_distance_km"][rows] = 600 + (bench.lasting("ld02")[rows] * 3_900).astype(np.int64)
    bench.note("LD02", rows)
