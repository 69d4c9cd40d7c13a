"""Two lists of made-up people with known counterparts, some of them written otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from jiefa.kernel.id_numbers import check_character
from jiefa.linkage.spec import Column, Kind, Spec

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲"
SAME_SOUND = {
    "伟": "为",
    "芳": "方",
    "静": "敬",
    "丽": "力",
    "明": "名",
    "文": "闻",
    "杰": "洁",
    "霞": "侠",
    "英": "应",
}
TOWNS = ("安场", "土坪", "瑞溪", "和溪", "流渡", "格林", "新州", "庙塘", "中观", "小雅", "班竹", "杨兴", "凤仪", "碧峰")
VILLAGES = ("光明", "团结", "石井", "自强", "解放", "红岩", "建政", "三把车", "浩溪", "新民", "大坎", "桃花源")
WAYS = (
    "正安县{town}镇{village}村",
    "{town}镇{village}村",
    "正安{town}镇{village}村民委员会",
    "贵州省遵义市正安县{town}镇{village}村民委员会",
    "遵义市正安县{town}镇{village}社区居委会",
)
"""How one place is written: without the province, without 县, with what the village is called in full."""
COLUMNS = (
    Column("name", Kind.NAME, "姓名", "xm"),
    Column("born", Kind.DATE, "出生日期", "csrq"),
    Column("number", Kind.NUMBER, "证件号", "zjh"),
    Column("village", Kind.PLACE, "村", "cun"),
)
SPEC = Spec("户编号", "xh", COLUMNS)
SHORT_SPEC = Spec(
    "line",
    "person",
    (
        Column("name", Kind.NAME, "name", "name"),
        Column("born", Kind.DATE, "born", "born"),
        Column("place", Kind.TEXT, "place", "place"),
    ),
    threshold=0.5,
    one_to_one=True,
)


@dataclass(frozen=True)
class Lists:
    """``truth``: pairs of identifiers that are the same person."""

    left: pa.Table
    right: pa.Table
    truth: frozenset[tuple[str, str]]


def drawn(people: int, seed: int, *, numbers: float = 0.6) -> Lists:
    """``people`` on the left; of every second one a row on the right, as many strangers beside it. ``numbers``: share of rows with a number."""
    random = np.random.default_rng(seed)
    everybody = [_person(random) for _one in range(people + people // 2)]
    left = [(f"L{place}", *one) for place, one in enumerate(everybody[:people])]
    chosen = random.permutation(people)[: people // 2]
    right = [(f"R{place}", *_otherwise(everybody[place], random)) for place in chosen]
    right += [(f"S{place}", *one) for place, one in enumerate(everybody[people:])]
    right = [right[place] for place in random.permutation(len(right))]
    truth = frozenset((f"L{place}", f"R{place}") for place in chosen)
    return Lists(
        _table(left, ("户编号", "姓名", "出生日期", "证件号", "村"), random, numbers),
        _table(right, ("xh", "xm", "csrq", "zjh", "cun"), random, numbers),
        truth,
    )


def addressed(people: int, seed: int) -> Lists:
    """People of one county without numbers, born in few years; the right list has every second one, the place in one of ``WAYS``."""
    random = np.random.default_rng(seed)
    left, right, truth = [], [], []
    for place in range(people):
        name = str(random.choice(list(SURNAMES[:8]))) + str(random.choice(list(GIVEN[:12])))
        born = f"{random.integers(1960, 1970)}{random.integers(1, 13):02}{random.integers(1, 29):02}"
        town, village = random.choice(list(TOWNS)), random.choice(list(VILLAGES))
        left.append((f"L{place}", name, born, f"贵州省遵义市正安县{town}镇{village}村"))
        if place % 2:
            continue
        if random.random() < 0.15:
            born = f"{random.integers(1960, 1970)}{born[4:]}"
        if random.random() < 0.15:
            name = name[0] + str(random.choice(list(GIVEN[:12])))
        written = WAYS[place // 2 % len(WAYS)].format(town=town, village=village)
        right.append((f"R{place}", name, born, f"{written}{random.integers(1, 9)}组"))
        truth.append((f"L{place}", f"R{place}"))
    names = ("key", "name", "born", "address")
    tables = [
        pa.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})
        for rows in (left, right)
    ]
    return Lists(tables[0], tables[1], frozenset(truth))


def short(seed: int) -> Lists:
    """A dozen rows against 120 people: names and birthdays as they are or not quite, some without a village."""
    random = np.random.default_rng(seed)
    right = []
    for place in range(120):
        name = random.choice(list(SURNAMES)) + "".join(random.choice(list(GIVEN), 2))
        right.append((f"R{place}", name, dt.date(1940, 1, 1) + dt.timedelta(days=int(random.integers(20_000)))))
    left = []
    for place, (_key, name, born) in enumerate(right[:12]):
        same, days, village = ((1, 0, 1), (1, 9, 1), (1, 9, 0), (0, 0, 0), (0, 9, 0), (1, 40, 0))[place % 6]
        written = name if same else f"{name[:-1]}某"
        left.append((f"L{place}", written, born + dt.timedelta(days=days), f"村{place % 5}" if village else None))
    return Lists(
        pa.table(
            {
                "line": [row[0] for row in left],
                "name": [row[1] for row in left],
                "born": [row[2].isoformat() for row in left],
                "place": pa.array([row[3] for row in left], pa.string()),
            }
        ),
        pa.table(
            {
                "person": [row[0] for row in right],
                "name": [row[1] for row in right],
                "born": [row[2].isoformat() for row in right],
                "place": [f"村{place % 5}" for place in range(len(right))],
            }
        ),
        frozenset((f"L{place}", f"R{place}") for place in range(len(left))),
    )


def _table(
    rows: list[tuple[str, ...]], names: tuple[str, ...], random: np.random.Generator, numbers: float
) -> pa.Table:
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns[3] = [one if random.random() < numbers else "" for one in columns[3]]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def _person(random: np.random.Generator) -> tuple[str, str, str, str]:
    given = "".join(random.choice(list(GIVEN), random.integers(1, 3)))
    born = f"{random.integers(1935, 2012)}{random.integers(1, 13):02}{random.integers(1, 29):02}"
    village = f"5203241{random.integers(0, 10):02}{random.integers(200, 230)}"
    first = f"520324{born}{random.integers(0, 1000):03}"
    return str(random.choice(list(SURNAMES))) + given, born, first + check_character(first), village


def _otherwise(person: tuple[str, str, str, str], random: np.random.Generator) -> tuple[str, str, str, str]:
    """The same person as another office writes it."""
    name, born, number, village = person
    if random.random() < 0.2:
        name = "".join(SAME_SOUND.get(letter, letter) for letter in name)
    if random.random() < 0.1:
        born = born[:6] + f"{random.integers(1, 29):02}"
    if random.random() < 0.1:
        number = number[:15] + str(random.integers(0, 10)) + number[16:]
    if random.random() < 0.1:
        village = village[:9] + str(random.integers(200, 230))
    return name, f"{born[:4]}年{int(born[4:6])}月{int(born[6:])}日", number, village
