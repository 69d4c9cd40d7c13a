"""A survey to try survey statistics with: households on file, drawn in two stages from the last snapshot of the demonstration.

``<home>/survey/microdata.csv`` and ``mpi.yaml``. A prefecture is a stratum, a village a cluster under a running number; a row is a
household, without name, number or code of its village. Drawn with the seed of the demonstration: the same again for the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from django.conf import settings

from jiefa import snapshots
from jiefa.areas import queries as areas
from jiefa.demo.arrays import IntArray
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.snapshots import Snapshot

FOLDER = "survey"
VILLAGES, HOUSEHOLDS = 30, 10
"""Drawn at most in a prefecture, and in each of its villages: 2,700 rows of a province."""
SILENT = 0.02
"""Share of the households that do not say what they earn."""
PREFECTURE, COUNTY = 4, 6
SPEC = """# Deprived of schooling: nobody in the household has been to a junior middle school.
indicators:
  - {column: schooling, weight: 1/3}
  - {column: illness, weight: 1/6}
  - {column: insurance, weight: 1/6}
  - {column: house, weight: 1/9, deprived_if: [C, D]}
  - {column: water, weight: 1/9}
  - {column: toilet, weight: 1/9}
k: [0.33, 0.5]
by: [prefecture]
missing: exclude
"""


def survey(until: int, seed: int) -> Path:
    """The folder with both files; ``microdata.csv`` has a row for each household drawn, by village."""
    home = Path(settings.JIEFA_HOME)
    snapshot = snapshots.latest(home, until)
    drawn = _villages(snapshot, np.random.default_rng(seed))
    homes = _households(_cards(snapshot, drawn["village_code"].to_pylist()), drawn, np.random.default_rng([seed, 1]))
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pcsv.write_csv(_named(homes), folder / "microdata.csv")
    (folder / "mpi.yaml").write_text(SPEC, encoding="utf-8")
    return folder


def _homes(snapshot: Snapshot) -> Any:
    cards = snapshot.table("households")
    return cards.filter(cards.poverty_status.isin(["exited", *IN_POVERTY]), cards["size"] > 0)


def _villages(snapshot: Snapshot, luck: np.random.Generator) -> pa.Table:
    """The villages drawn, each prefecture's with the same chance: how many ``there`` are in it, how many were ``taken``."""
    homes = _homes(snapshot)
    every = homes.select("village_code").distinct().order_by("village_code").to_pyarrow()
    prefecture = pc.utf8_slice_codeunits(every["village_code"], 0, PREFECTURE).combine_chunks().dictionary_encode()
    place, there = _places(prefecture.indices.to_numpy(zero_copy_only=False), luck)
    keep = place < VILLAGES
    found = pa.table(
        {
            "village_code": every["village_code"].filter(pa.array(keep)),
            "villages": there[keep],
            "taken": np.minimum(there, VILLAGES)[keep],
        }
    )
    return found.append_column("village", pa.array(np.arange(1, len(found) + 1)))


def _places(group: IntArray, luck: np.random.Generator) -> tuple[IntArray, IntArray]:
    """The place of each row in a draw inside its group, from 0, and how many the group has."""
    order = np.lexsort((luck.random(len(group)), group))
    count = np.bincount(group)
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    return place, count[group]


def _cards(snapshot: Snapshot, villages: list[str]) -> pa.Table:
    """The households of these villages, by village and household, with what their members tell of them."""
    homes, people = _homes(snapshot), snapshot.table("persons")
    inside = people.filter(people.village_code.isin(villages))
    schooled = inside.education.isin(["junior", "senior", "college", "bachelor"])
    told = inside.group_by("household_id").agg(
        schooling=1 - schooled.fill_null(False).max().cast("int8"),
        illness=(inside.health != "healthy").max().cast("int8"),
        insurance=(~inside.resident_medical & ~inside.employee_medical.fill_null(False)).max().cast("int8"),
    )
    rows = homes.filter(homes.village_code.isin(villages)).left_join(told, "household_id")
    return (
        rows.order_by("village_code", "household_id")
        .select(
            "village_code",
            people=rows["size"],
            income=(rows.net_income_per_person_fen / 100).round(2),
            schooling=rows.schooling,
            illness=rows.illness,
            insurance=rows.insurance,
            house=rows.house_danger,
            water=(~rows.water_safe).cast("int8"),
            toilet=(~rows.sanitary_toilet).cast("int8"),
        )
        .to_pyarrow()
    )


def _households(cards: pa.Table, drawn: pa.Table, luck: np.random.Generator) -> pa.Table:
    """The households drawn of each village, with the weight that both stages give a household, and its people."""
    at = pc.index_in(cards["village_code"], drawn["village_code"].combine_chunks()).to_numpy(zero_copy_only=False)
    place, there = _places(at, luck)
    keep = place < HOUSEHOLDS
    at, there = at[keep], there[keep]
    villages, taken = (drawn[name].to_numpy()[at] for name in ("villages", "taken"))
    weight = villages / taken * (there / np.minimum(there, HOUSEHOLDS))
    cards = cards.filter(pa.array(keep))
    silent = pa.array(luck.random(len(cards)) < SILENT)
    income = pc.if_else(silent, pa.scalar(None, pa.float64()), cards["income"].cast(pa.float64()))
    shown = {name: cards[name] for name in cards.column_names if name != "village_code"} | {"income": income}
    return pa.table(
        {
            "village_code": cards["village_code"],
            "village": drawn["village"].to_numpy()[at],
            "villages": villages,
            "households": there,
            "weight": np.round(weight, 4),
            "people_weight": np.round(weight * cards["people"].to_numpy(), 4),
            **shown,
        }
    )


def _named(homes: pa.Table) -> pa.Table:
    """Prefecture and county by name in place of the code of the village."""
    codes = homes["village_code"].to_pylist()
    names = areas.named(sorted({code[:digits] for code in codes for digits in (PREFECTURE, COUNTY)}))
    places = {
        column: [names[code[:digits]] for code in codes]
        for column, digits in (("prefecture", PREFECTURE), ("county", COUNTY))
    }
    rest = homes.drop_columns(["village_code"])
    return pa.table({**places, **{name: rest[name] for name in rest.column_names}})
