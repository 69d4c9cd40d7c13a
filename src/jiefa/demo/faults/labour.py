"""Faults of labour and work (LA01-LA05, WK01-WK08)."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import NULL, AnyArray, BoolArray, counts
from jiefa.demo.faults.bench import Bench
from jiefa.demo.hardships import is_tekun
from jiefa.demo.people import HEALTH, LABOUR, LIMBS, STAGE


def _works(bench: Bench) -> BoolArray:
    return np.asarray(bench.m["work_months"] != NULL)


def _idle_fit(bench: Bench) -> AnyArray:
    """Healthy fit people of 17 to 58 who do not work away, in households with other labour."""
    state = bench.card.state
    spare = bench.to_members(bench.card.family.fit >= 2)
    healthy = bench.m["health"] == HEALTH["healthy"]
    return np.asarray(
        state.fit
        & healthy
        & (state.age >= 17)
        & (state.age <= 58)
        & ~_works(bench)
        & spare
        & (bench.m["welfare_post"] == 0)
    )


def _relabel(bench: Bench, rule: str, eligible: AnyArray, labour: str) -> None:
    rows = bench.people(rule, np.asarray(eligible, dtype=np.bool_))
    bench.m["labour"][rows] = LABOUR[labour]
    bench.note_people(rule, rows)


def la01(bench: Bench) -> None:
    _relabel(bench, "LA01", _idle_fit(bench), "lost")


def la02(bench: Bench) -> None:
    _relabel(bench, "LA02", _idle_fit(bench), "none")


def _no_labour_named(bench: Bench) -> BoolArray:
    """Members of households whose cause and class do not depend on one able person more."""
    return bench.to_members(bench.no_cause("labour") & ~is_tekun(bench.h["household_class"]))


def la03(bench: Bench) -> None:
    age = bench.card.state.age
    _relabel(bench, "LA03", (age >= 9) & (age <= 15) & _no_labour_named(bench), "ordinary")


def la04(bench: Bench) -> None:
    lasting, age = bench.part.lasting, bench.card.state.age
    kind, level = (values[bench.card.person] for values in (lasting.disability_kind, lasting.disability_level))
    hit = (kind == LIMBS) & (level <= 2) & (age >= 18) & (age <= 58) & ~bench.card.state.pupil
    _relabel(bench, "LA04", hit & _no_labour_named(bench), "ordinary")


def la05(bench: Bench) -> None:
    level = bench.part.lasting.disability_level[bench.card.person]
    old = (bench.card.state.age >= 70) & (level == 0)
    _relabel(bench, "LA05", old & _no_labour_named(bench), "ordinary")


def wk01(bench: Bench) -> None:
    rows = bench.people("WK01", _works(bench))
    bench.m["work_months"][rows] = 13 + (bench.of_person("wk01")[rows] * 18).astype(np.int64)
    bench.note_people("WK01", rows)


def wk02(bench: Bench) -> None:
    several = counts(bench.card.household, _works(bench) & bench.card.present, len(bench.busy)) >= 2
    rows = bench.people("WK02", _works(bench) & bench.to_members(several))
    bench.m["work_months"][rows] = np.where(bench.of_person("wk02")[rows] < 0.5, 0, NULL)
    bench.note_people("WK02", rows)


def wk03(bench: Bench) -> None:
    rows = bench.people("WK03", _works(bench))
    bench.m["work_place"][rows] = NULL
    bench.m["work_county"][rows] = ""
    bench.note_people("WK03", rows)


def wk04(bench: Bench) -> None:
    frail = (bench.m["health"] != HEALTH["healthy"]) | (bench.card.state.age >= 60)
    spare = bench.to_members(bench.card.family.fit >= 2)
    _relabel(bench, "WK04", _works(bench) & frail & spare, "lost")


def wk05(bench: Bench) -> None:
    """A pupil of a secondary school who works away (and has, as a pupil, no labour: WK04 too)."""
    pupil = bench.m["school_stage"] == STAGE["senior"]
    paid = bench.to_members(bench.h["wage_income_fen"] > 0)
    rows = bench.people("WK05", pupil & paid)
    homes = bench.part.register.homes.village[bench.card.household[rows]]
    bench.m["work_place"][rows] = 0
    bench.m["work_county"][rows] = bench.part.register.plan.land.code[homes].astype("U6")
    bench.m["work_months"][rows] = 2
    bench.m["monthly_wage_fen"][rows] = 80_000
    bench.note_people("WK05", rows)


def wk06(bench: Bench) -> None:
    rows = bench.homes("WK06", (bench.h["wage_income_fen"] > 0) & ~bench.exits_now())
    bench.h["other_transfer_fen"][rows] += bench.h["wage_income_fen"][rows]
    bench.h["wage_income_fen"][rows] = 0
    bench.note("WK06", rows)


def wk07(bench: Bench) -> None:
    """The county of work is empty, or the monthly wage is not one."""
    rows = bench.people("WK07", _works(bench) & (bench.m["work_place"] >= 2))
    place = bench.of_person("wk07")[rows] < 0.6
    bench.m["work_county"][rows[place]] = ""
    bench.m["monthly_wage_fen"][rows[~place]] = 3_600_000
    bench.note_people("WK07", rows[place])
    bench.note_people("WK07", rows[~place], "monthly_wage")


def wk08(bench: Bench) -> None:
    paid = bench.to_members(bench.h["wage_income_fen"] > 0)
    rows = bench.people("WK08", paid & (bench.card.state.age >= 70))
    bench.m["welfare_post"][rows] = 1
    bench.note_people("WK08", rows)
