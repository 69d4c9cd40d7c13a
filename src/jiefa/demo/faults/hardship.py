"""Faults of causes, classes and allowances (CA01-CA06, DB01-DB06)."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import NULL, BoolArray
from jiefa.demo.families import R
from jiefa.demo.faults.bench import Bench
from jiefa.demo.hardships import CAUSE, CLASS, is_dibao, is_tekun
from jiefa.demo.people import LABOUR, STAGE

RICH_LAND_MU = 2.2
"""Cultivated land per head that is above the mean of every county (means are near 1.2)."""


def _named(bench: Bench, rule: str, cause: str, eligible: BoolArray) -> None:
    rows = bench.homes(rule, eligible & bench.no_cause(cause))
    bench.h["main_cause"][rows] = CAUSE[cause]
    bench.note(rule, rows)


def ca01(bench: Bench) -> None:
    family = bench.card.family
    _named(bench, "CA01", "illness", (family.ill == 0) & (family.disabled == 0))


def ca02(bench: Bench) -> None:
    young = bench.any_member(bench.m["school_stage"] != STAGE["not_pupil"])
    _named(bench, "CA02", "schooling", ~young)


def ca03(bench: Bench) -> None:
    _named(bench, "CA03", "disability", bench.card.family.disabled == 0)


def ca04(bench: Bench) -> None:
    rows = bench.homes("CA04", bench.h["main_cause"] != NULL)
    bench.h["other_cause_1"][rows] = bench.h["main_cause"][rows]
    bench.note("CA04", rows)


def ca05(bench: Bench) -> None:
    family = bench.card.family
    _named(bench, "CA05", "labour", family.fit > 0.34 * family.size)


def ca06(bench: Bench) -> None:
    """Land named as cause where there is plenty, or water where it is near and safe."""
    land = bench.lasting("ca06") < 0.5
    plenty = bench.h["cultivated_land_mu"] > RICH_LAND_MU * 100 * bench.card.family.size
    fine = (bench.h["water_difficult"] == 0) & (bench.h["water_safe"] == 1)
    rows = bench.homes("CA06", np.where(land, plenty, fine) & bench.no_cause("land", "water"))
    bench.h["main_cause"][rows] = np.where(land[rows], CAUSE["land"], CAUSE["water"])
    bench.note("CA06", rows)


def db01(bench: Bench) -> None:
    rows = bench.homes("DB01", is_dibao(bench.h["household_class"]) & (bench.card.family.able > 0))
    hit = np.zeros(len(bench.busy), bool)
    hit[rows] = True
    bench.m["dibao"][bench.to_members(hit)] = 0
    bench.note("DB01", rows)


def db02(bench: Bench) -> None:
    general = bench.to_members(bench.h["household_class"] == CLASS["general"])
    rows = bench.people("DB02", general & (bench.m["relation"] == R["head"]))
    bench.m["dibao"][rows] = 1
    bench.note_people("DB02", rows)


def db03(bench: Bench) -> None:
    state = bench.card.state
    homes = is_tekun(bench.h["household_class"]) & bench.no_cause("labour")
    able = (state.age >= 17) & (state.age <= 64) & (bench.part.lasting.disability_level[bench.card.person] == 0)
    rows = bench.people("DB03", bench.to_members(homes) & able)
    bench.m["labour"][rows] = LABOUR["ordinary"]
    bench.note_people("DB03", rows)


def db04(bench: Bench) -> None:
    rows = bench.homes("DB04", bench.h["dibao_income_fen"] >= 20_000)
    half = bench.h["dibao_income_fen"][rows] // 20_000 * 10_000
    bench.h["dibao_income_fen"][rows] -= half
    bench.h["tekun_income_fen"][rows] += half
    bench.note("DB04", rows)


def db05(bench: Bench) -> None:
    """The allowance of the class is missing: it stands among the other transfers."""
    for column, has in (("dibao_income_fen", is_dibao), ("tekun_income_fen", is_tekun)):
        rows = bench.homes("DB05", has(bench.h["household_class"]))
        bench.h["other_transfer_fen"][rows] += bench.h[column][rows]
        bench.h[column][rows] = 0
        bench.note("DB05", rows, column=column.removesuffix("_fen"))


def db06(bench: Bench) -> None:
    rows = bench.homes("DB06", is_dibao(bench.h["household_class"]) & (bench.card.family.able == 0))
    hit = np.zeros(len(bench.busy), bool)
    hit[rows] = True
    bench.h["household_class"][rows] = CLASS["general"]
    bench.h["other_transfer_fen"][rows] += bench.h["dibao_income_fen"][rows]
    bench.h["dibao_income_fen"][rows] = 0
    bench.m["dibao"][bench.to_members(hit)] = 0
    bench.note("DB06", rows)
