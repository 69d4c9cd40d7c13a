"""Lists of made-up people matched by the product, and beside it a plain join on the number: each in a process of its own."""

from __future__ import annotations

import time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiefa.linkage import matching, prepare
from jiefa.linkage.spec import Column, Kind, Spec

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红春华建国金玉珍海燕小龙梅云飞凤莲志林生德光成荣贵福祥发家兴永昌庆喜"
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = "10X98765432"
VILLAGES, DAYS, FIRST = 18_456, 25_000, np.datetime64("1935-01-01")
SPEC = Spec(
    "key",
    "key",
    (
        Column("name", Kind.NAME, "name", "name"),
        Column("born", Kind.DATE, "born", "born"),
        Column("number", Kind.NUMBER, "number", "number"),
        Column("village", Kind.PLACE, "village", "village"),
    ),
    exact=(("number", "name"),),
    one_to_one=True,
)
SHARES = {"number": 0.5, "mistyped": 0.1}
"""Of the rows about somebody on the register: with the number, with one digit of it wrong; the rest without."""
ON_FILE = 0.6


def link(persons: int, rows: int) -> dict[str, Any]:
    """Seconds of a list matched with a register, preparation included; of the plain join on the number; what was found."""
    random = np.random.default_rng(1)
    register = _people(persons, random)
    listed, truth = _listed(register, rows, random)
    raw = _raw(register, listed)
    began = time.perf_counter()
    left = prepare.prepared(register, SPEC, "register", right=False)
    right = prepare.prepared(listed, SPEC, "list", right=True)
    prepared = time.perf_counter() - began
    found = matching.matched(left, right, SPEC)
    return _said(found, truth, time.perf_counter() - began, prepared, raw)


def dedupe(rows: int) -> dict[str, Any]:
    """The same of one list within itself: every sixth row is somebody who is there already."""
    random = np.random.default_rng(2)
    originals = _people(rows * 5 // 6, random)
    again, truth = _listed(originals, rows - originals.num_rows, random, on_file=1.0)
    every = pa.concat_tables([originals, again])
    spec = Spec("key", "key", SPEC.columns, SPEC.exact)
    raw = _raw(every, every)
    began = time.perf_counter()
    side = prepare.prepared(every, spec, "list", right=False)
    prepared = time.perf_counter() - began
    return _said(matching.matched(side, None, spec), truth, time.perf_counter() - began, prepared, raw)


def _said(
    found: matching.Matched, truth: set[tuple[str, str]], seconds: float, prepared: float, raw: float
) -> dict[str, Any]:
    pairs = set(zip(found.pairs["left"].to_pylist(), found.pairs["right"].to_pylist(), strict=True))
    hits = len(pairs & truth)
    return {
        "seconds": seconds,
        "prepared": prepared,
        "raw": raw,
        "pairs": len(pairs),
        "compared": found.compared,
        "precision": hits / max(1, len(pairs)),
        "recall": hits / max(1, len(truth)),
        "expected_precision": found.precision,
        "expected_recall": found.recall,
    }


def _raw(one: pa.Table, other: pa.Table) -> float:
    """Seconds of the plain join on the number, counted."""
    with duckdb.connect() as database:
        database.register("one", one)
        database.register("other", other)
        began = time.perf_counter()
        database.execute("SELECT count(*) FROM one JOIN other USING (number)").fetchall()
        return time.perf_counter() - began


def _people(count: int, random: np.random.Generator) -> pa.Table:
    """``key, name, born, number, village`` of as many people."""
    days = random.integers(DAYS, size=count)
    born = np.datetime_as_string(FIRST + days)
    village = 520_000_000_000 + random.integers(VILLAGES, size=count) * 7_919
    return pa.table(
        {
            "key": pa.array([f"P{place}" for place in range(count)]),
            "name": _names(count, random),
            "born": pa.array(born),
            "number": _numbers(village, born, random),
            "village": pa.array(village.astype(str)),
        }
    )


def _names(count: int, random: np.random.Generator) -> pa.Array:
    weights = 1 / np.arange(2, len(SURNAMES) + 2)
    family = random.choice(np.array(list(SURNAMES)), count, p=weights / weights.sum())
    first, second = (random.choice(np.array(list(GIVEN)), count) for _ in range(2))
    return pc.binary_join_element_wise(pa.array(family), pa.array(first), pa.array(second), "")


def _numbers(village: Any, born: Any, random: np.random.Generator) -> pa.Array:
    digits = np.char.add(
        np.char.add((village // 1_000_000).astype(str), np.char.replace(born, "-", "")),
        np.char.zfill(random.integers(1_000, size=len(born)).astype(str), 3),
    )
    letters = digits.astype("U17").view("U1").reshape(len(born), 17).astype(np.int8)
    check = np.array(list(CHECK))[(letters @ WEIGHTS) % 11]
    return pa.array(np.char.add(digits, check))


def _listed(
    register: pa.Table, rows: int, random: np.random.Generator, on_file: float = ON_FILE
) -> tuple[pa.Table, set[tuple[str, str]]]:
    """A list of people on the register, some written otherwise, and of strangers; with the pairs that are true."""
    known = int(rows * on_file)
    chosen = random.permutation(register.num_rows)[:known]
    people = register.take(pa.array(chosen))
    every = people.drop(["key"])
    if rows > known:
        every = pa.concat_tables([every, _people(rows - known, random).drop(["key"])])
    numbers = np.array(every["number"].to_pylist(), dtype=object)
    way = random.random(rows)
    mistyped = np.flatnonzero((way >= SHARES["number"]) & (way < SHARES["number"] + SHARES["mistyped"]))
    for place in mistyped:
        number = numbers[place]
        numbers[place] = f"{number[:14]}{(int(number[14]) + 1) % 10}{number[15:]}"
    numbers[way >= SHARES["number"] + SHARES["mistyped"]] = None
    names = np.array(every["name"].to_pylist(), dtype=object)
    for place in np.flatnonzero(random.random(rows) < 0.03):
        names[place] = names[place][:2] + GIVEN[int(random.integers(len(GIVEN)))]
    keys = [f"R{place}" for place in range(rows)]
    table = pa.table(
        {
            "key": pa.array(keys),
            "name": pa.array(names, pa.string()),
            "born": every["born"],
            "number": pa.array(numbers, pa.string()),
            "village": every["village"],
        }
    )
    owners = register["key"].take(pa.array(chosen)).to_pylist()
    return table, set(zip(owners, keys[:known], strict=True))
