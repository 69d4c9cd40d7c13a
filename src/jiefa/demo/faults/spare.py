"""Rows that belong to no proper household: a household without members, a member without a household (HH02, HH04)."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import NULL
from jiefa.demo.families import MALE
from jiefa.demo.faults.bench import FIRST_YEAR, Bench
from jiefa.demo.identities import FIRST_FAULT_SEQUENCE, digits
from jiefa.demo.roster import Spare

EMPTY_SERIAL, ORPHAN_SERIAL = 98_000, 99_000
"""Serial numbers within a village that no real household of the demo reaches."""


def _numbers(bench: Bench, villages: np.ndarray[tuple[int], np.dtype[np.int64]], serial: int) -> list[str]:
    codes = bench.part.register.plan.land.code[villages]
    return [f"{code}{serial + index % 1000:05d}" for index, code in enumerate(codes.tolist())]


def hh02(bench: Bench) -> None:
    """Nothing yet: ``collect`` copies the household as an empty one. From the third year, since it counts as exited."""


def hh04(bench: Bench) -> None:
    """Nothing yet: ``collect`` copies the head as a member of a household that is not there."""


def collect(bench: Bench) -> Spare:
    """The extra rows of the year, with their truth in the bench's book."""
    spare = Spare()
    if bench.year >= FIRST_YEAR + 2:
        spare.homes = bench.homes("HH02", bench.h["entered_year"] == FIRST_YEAR)
        spare.home_numbers = _numbers(bench, bench.h["village"][spare.homes], EMPTY_SERIAL)
        spare.exited_year = FIRST_YEAR + 1
    plain = np.char.str_len(bench.m["id_number"]) == 18
    spare.members = bench.people("HH04", plain & (bench.m["education"] != NULL))
    homes = bench.card.household[spare.members]
    spare.member_numbers = _numbers(bench, bench.h["village"][homes], ORPHAN_SERIAL)
    matrix = bench.certificate(spare.members)
    sex = bench.m["sex"][spare.members]
    matrix[:, 14:17] = digits(FIRST_FAULT_SEQUENCE + 98 + np.where(sex == MALE, 1, 0), 3)
    kept = bench.m["id_number"].copy()
    bench.set_certificate(spare.members, matrix)
    spare.certificates = bench.m["id_number"][spare.members].astype("U").tolist()
    bench.m["id_number"] = kept
    bench.note("HH02", spare.homes)
    bench.note("HH04", homes, len(bench.card.person) + np.arange(len(homes)))
    rename = dict(
        zip(
            range(len(bench.book) - 3, len(bench.book)),
            (spare.home_numbers, spare.home_numbers, spare.member_numbers),
            strict=True,
        )
    )
    for index, numbers in rename.items():
        table = bench.book[index]
        bench.book[index] = table.set_column(
            4, table.schema.field(4), [numbers] if numbers else table["household_number"]
        )
    return spare
