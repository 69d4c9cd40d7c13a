"""Faults of relations and of cells left empty (HH01-HH08, NU01-NU08)."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import NULL
from jiefa.demo.families import FEMALE, R
from jiefa.demo.faults.bench import Bench
from jiefa.demo.faults.identity import wrong_sex_sequence
from jiefa.demo.people import EDU, HEALTH, STAGE


def hh01(bench: Bench) -> None:
    """No head, or a second one."""
    relation = bench.m["relation"]
    several = bench.to_members(bench.card.family.size >= 2)
    second = bench.to_members(bench.lasting("hh01") < 0.5)
    head_sex = np.full(len(bench.busy), -1)
    heads = np.flatnonzero((relation == R["head"]) & bench.card.present)
    head_sex[bench.card.household[heads]] = bench.m["sex"][heads]
    grown = (bench.card.state.age >= 20) & (bench.m["sex"] == bench.to_members(head_sex))
    grown &= np.isin(relation, [R["son"], R["daughter"], R["father"], R["mother"]])
    rows = bench.people("HH01", several & np.where(second, grown, relation == R["head"]))
    relation[rows] = np.where(relation[rows] == R["head"], R["other"], R["head"])
    bench.note_people("HH01", rows)


def hh03(bench: Bench) -> None:
    rows = bench.homes("HH03", np.ones(len(bench.busy), bool))
    step = np.where((bench.lasting("hh03")[rows] < 0.5) & (bench.h["stated_size"][rows] > 1), -1, 1)
    bench.h["stated_size"][rows] += step
    bench.note("HH03", rows)


def hh05(bench: Bench) -> None:
    relation, sex = bench.m["relation"], bench.m["sex"]
    spouse_sex = np.full(len(bench.busy), -1)
    spouses = np.flatnonzero((relation == R["spouse"]) & bench.card.present)
    spouse_sex[bench.card.household[spouses]] = sex[spouses]
    able = (sex == spouse_sex[bench.card.household]) & (bench.card.state.age >= 21)
    rows = bench.people("HH05", able & np.isin(relation, [R["daughter"], R["son"], R["sibling"], R["other"]]))
    relation[rows] = R["spouse"]
    bench.note_people("HH05", rows)


def hh06(bench: Bench) -> None:
    """Head and spouse of one sex: the spouse's sex and number are both wrong, so that they agree with each other."""
    several = bench.m["relation"] == R["spouse"]
    rows = bench.people("HH06", several & (np.char.str_len(bench.m["id_number"]) == 18))
    bench.m["sex"][rows] = 1 - bench.m["sex"][rows]
    matrix = bench.certificate(rows)
    wrong_sex_sequence(bench, rows, bench.m["sex"][rows], matrix)
    bench.set_certificate(rows, matrix)
    bench.note_people("HH06", rows)


OPPOSITE = {"son": "daughter", "grandson": "granddaugh", "father": "mother"}


def hh07(bench: Bench) -> None:
    relation = bench.m["relation"]
    other = np.arange(len(R))
    for one, two in OPPOSITE.items():
        other[R[one]], other[R[two]] = R[two], R[one]
    rows = bench.people("HH07", other[relation] != relation)
    relation[rows] = other[relation[rows]]
    bench.note_people("HH07", rows)


def hh08(bench: Bench) -> None:
    """A brother or sister of the head's age entered as a child."""
    relation = bench.m["relation"]
    head_birth = np.zeros(len(bench.busy), np.int64)
    heads = np.flatnonzero((relation == R["head"]) & bench.card.present)
    head_birth[bench.card.household[heads]] = bench.m["birth_date"][heads]
    near = bench.m["birth_date"] - head_birth[bench.card.household] < 13 * 365
    rows = bench.people("HH08", (relation == R["sibling"]) & near)
    relation[rows] = np.where(bench.m["sex"][rows] == FEMALE, R["daughter"], R["son"])
    bench.note_people("HH08", rows)


def nu01(bench: Bench) -> None:
    rows = bench.people("NU01", np.ones(len(bench.card.person), bool))
    bench.m["ethnic_group"][rows] = NULL
    bench.note_people("NU01", rows)


def nu02(bench: Bench) -> None:
    homes = bench.no_cause("illness", "disability")
    rows = bench.people("NU02", bench.to_members(homes) & (bench.m["health"] == HEALTH["healthy"]))
    bench.m["health"][rows] = NULL
    bench.note_people("NU02", rows)


def nu03(bench: Bench) -> None:
    state = bench.card.state
    homes = (bench.card.family.fit >= 3) & bench.no_cause("labour")
    able = state.fit & (state.age >= 17) & (state.age <= 64) & (bench.m["work_months"] == NULL)
    rows = bench.people("NU03", able & (bench.m["welfare_post"] == 0) & bench.to_members(homes))
    bench.m["labour"][rows] = NULL
    bench.note_people("NU03", rows)


def nu04(bench: Bench) -> None:
    """Schooling empty for a grown person, or filled beside a stage of school."""
    state = bench.card.state
    grown = (state.age >= 24) & (bench.m["school_stage"] == STAGE["not_pupil"])
    pupil = np.isin(bench.m["school_stage"], [STAGE["primary"], STAGE["junior"]])
    rows = bench.people("NU04", np.where(bench.to_members(bench.lasting("nu04") < 0.6), grown, pupil))
    bench.m["education"][rows] = np.where(pupil[rows], EDU["primary"], NULL)
    bench.note_people("NU04", rows)


def nu05(bench: Bench) -> None:
    age = bench.card.state.age
    rows = bench.people("NU05", (age >= 17) & (age <= 23) & (bench.m["school_stage"] == STAGE["not_pupil"]))
    bench.m["school_stage"][rows] = NULL
    bench.note_people("NU05", rows)


def nu06(bench: Bench) -> None:
    rows = bench.homes("NU06", bench.h["other_cause_1"] == NULL)
    bench.h["main_cause"][rows] = NULL
    bench.note("NU06", rows)


def _blank(bench: Bench, rule: str, columns: tuple[str, ...]) -> None:
    rows = bench.homes(rule, np.ones(len(bench.busy), bool))
    which = (bench.lasting(rule)[rows] * len(columns)).astype(np.int64)
    for index, column in enumerate(columns):
        here = rows[which == index]
        bench.h[column][here] = NULL
        bench.note(rule, here, column=column)


def nu07(bench: Bench) -> None:
    _blank(bench, "NU07", ("fuel", "sanitary_toilet", "road_type", "electricity"))


def nu08(bench: Bench) -> None:
    _blank(bench, "NU08", ("cooperative", "production_electricity", "road_distance_km"))
