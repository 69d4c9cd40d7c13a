"""A county drawn as a snapshot without any record: twenty villages whose figures are honest, or with every effect planted once."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiefa.registry import cards
from jiefa.snapshots import Snapshot
from jiefa.snapshots.manifest import FileFacts, Manifest, TableFacts
from jiefa.truth.rules.tables import TARGETS, VISITS

YEAR, LINE = 2015, 296_800
COUNTY = "520324"
TOWNSHIPS = [f"{COUNTY}1{place:02d}" for place in range(1, 5)]
"""As on the list of divisions, with their villages."""
VILLAGES = [f"{township}2{place:02d}" for township in TOWNSHIPS for place in range(5)]
HOMES = 60
COPIED, SAME_DAY, CADRE = VILLAGES[3], TOWNSHIPS[1], 7
SEASON = [dt.date(YEAR, 10, 1) + dt.timedelta(days=day) for day in range(60)]


def snapshot(home: Path, *, planted: bool, seed: int = 1) -> Snapshot:
    """The county of 1,200 households; with ``planted`` each of the six effects once."""
    random = np.random.default_rng(seed)
    homes = _households(random, planted=planted)
    moves = _exits(random, homes, planted=planted)
    tables = {
        "households": pa.Table.from_pylist(homes, cards.HOUSEHOLD_CARD),
        "movements": pa.Table.from_pylist(moves, cards.MOVEMENT),
        "visits": pa.Table.from_pylist(_visits(random, homes, planted=planted), VISITS),
        "targets": pa.Table.from_pylist(_targets(random, moves, planted=planted), TARGETS),
    }
    identity = f"{YEAR}-20160101T00000{int(planted)}-freeze"
    folder = home / "snapshots" / str(YEAR) / identity
    facts = []
    for name, table in tables.items():
        file = folder / name / f"{COUNTY}.parquet"
        file.parent.mkdir(parents=True)
        pq.write_table(table, file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        facts.append(
            TableFacts(
                name, table.num_rows, (FileFacts(f"{name}/{file.name}", table.num_rows, file.stat().st_size, digest),)
            )
        )
    Manifest(
        id=identity,
        year=YEAR,
        kind="freeze",
        as_of="2015-12-31T00:00:00+00:00",
        made_at="2016-01-01T00:00:00+00:00",
        made_by="tests",
        policy_version="tests",
        product_version="tests",
        mark=0,
        tables=tuple(facts),
    ).write(folder)
    return Snapshot(folder)


def _households(random: np.random.Generator, *, planted: bool) -> list[dict[str, object]]:
    rows = []
    for place, village in enumerate(VILLAGES):
        for number in range(HOMES):
            income = float(LINE * np.exp(random.normal(-0.1, 0.35)))
            if planted and 0.95 < income / LINE < 1:
                income = LINE * (1 + 0.05 * random.random())
            size = int(random.integers(2, 6))
            wage = int(random.integers(1_000, 20_000)) * 100
            if planted and random.random() < 0.2:
                wage -= wage % 10_000
                wage = max(wage, 100_000)
            row: dict[str, object] = {
                "year": YEAR,
                "village_code": village,
                "household_id": 1_000 * (place + 1) + number,
                "poverty_status": "poor",
                "entered_year": 2014,
                "size": size,
                "wage_income_fen": wage,
                "business_income_fen": int(random.integers(1_000, 9_000)) * 100,
                "net_income_per_person_fen": int(income),
                "net_income_fen": int(income) * size,
                "house_built_year": int(random.integers(1970, 2014)),
            }
            if planted and village == COPIED and number < 10:
                row |= {"size": 4, "wage_income_fen": 345_600, "business_income_fen": 0, "house_built_year": 1999}
            rows.append(row)
    return rows


def _exits(random: np.random.Generator, homes: list[dict[str, object]], *, planted: bool) -> list[dict[str, object]]:
    rows = []
    for village in VILLAGES:
        day = SEASON[int(random.integers(len(SEASON)))]
        if planted and village.startswith(SAME_DAY):
            day = dt.date(YEAR, 11, 20)
        for home in [one for one in homes if one["village_code"] == village][:12]:
            rows.append(
                {
                    "year": YEAR,
                    "village_code": village,
                    "household_id": home["household_id"],
                    "kind": "exited",
                    "on": day,
                    "people": -int(str(home["size"])),
                }
            )
    return rows


def _targets(random: np.random.Generator, moves: list[dict[str, object]], *, planted: bool) -> list[dict[str, object]]:
    rows = []
    for village in VILLAGES:
        left = -sum(int(str(one["people"])) for one in moves if one["village_code"] == village)
        off = 0 if planted else int(random.integers(-10, 11))
        rows.append({"year": YEAR, "area_code": village, "people": left + off})
    for township in TOWNSHIPS:
        asked = sum(int(str(row["people"])) for row in rows if str(row["area_code"]).startswith(township))
        rows.append({"year": YEAR, "area_code": township, "people": asked})
    return rows


def _visits(random: np.random.Generator, homes: list[dict[str, object]], *, planted: bool) -> list[dict[str, object]]:
    """Ten cadres with forty households each; half of what they write is one of five common phrases, the rest their own."""
    rows = []
    for place, home in enumerate(homes[:400]):
        cadre = place // 40
        text = int(random.integers(5)) if random.random() < 0.5 else 1_000 + place
        if planted and cadre == CADRE and place % 40 < 9:
            text = 999
        rows.append(
            {
                "year": YEAR,
                "village_code": home["village_code"],
                "household_id": home["household_id"],
                "cadre_id": cadre,
                "on": SEASON[place % 60],
                "words": 12,
                "text_key": text,
            }
        )
    return rows
