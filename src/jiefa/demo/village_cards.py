"""The rest of the village card of every year, made up around what the villages report: plausible, and the same every time.

One county sends its cards as a list of the form, as offices do; the others' come with the facts that the demonstration knows.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiefa.areas import actions, facts
from jiefa.demo import geography
from jiefa.demo.arrays import generator
from jiefa.kernel import money
from jiefa.policy import Field, Pack

BY_LIST = "520324"
"""Zheng'an, the county of the demonstration's officers."""
SHARES: Mapping[str, tuple[float, float]] = {
    "women": (0.44, 0.06),
    "minority_people": (0.02, 0.75),
    "disabled_members": (0.03, 0.04),
    "labourers": (0.48, 0.12),
    "dibao_members": (0.02, 0.09),
    "tekun_members": (0.001, 0.004),
    "medical_members": (0.90, 0.09),
    "pension_members": (0.40, 0.25),
    "tourism_people": (0.0, 0.01),
}
"""Of rural people: the least, and what the draw adds at most."""
DISASTERS = ("drought", "flood", "frost", "landslide", "other")
PLANS = ("not_begun", "under_way", "done")
DRAWS = 24

Floats = npt.NDArray[np.float64]
Items = dict[str, object]


def own_items(table: pa.Table) -> list[Items]:
    """By row of the villages' facts, the items of the card that no rule reads."""
    codes = np.asarray(table["village_code"].to_pylist())
    villages, place = np.unique(codes, return_inverse=True)
    drawn = generator(geography.LAND_SEED, 9).random((len(villages), DRAWS))[place]
    people = table["rural_registered_people"].to_numpy().astype(np.int64)
    homes = table["rural_registered_households"].to_numpy().astype(np.int64)
    years = table["year"].to_numpy().astype(np.int64)
    land = np.asarray(table["cultivated_land_mu"].to_numpy(), dtype=np.float64)
    columns: dict[str, Sequence[object]] = {
        name: _whole(people * (least + more * drawn[:, at])) for at, (name, (least, more)) in enumerate(SHARES.items())
    }
    columns |= _of_people_and_land(people, homes, land, drawn[:, len(SHARES) :])
    columns |= _by_service(table, homes, years, drawn[:, len(SHARES) :])
    names = list(columns)
    rows: list[Items] = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for row, chance, year in zip(rows, drawn[:, DRAWS - 1], years.tolist(), strict=True):
        at = int(chance * 1_000 + year) % 11
        row["disasters"] = [DISASTERS[at]] if at < len(DISASTERS) else []
        row["village_plan"] = PLANS[min(2, max(0, year - 2013 - int(chance * 4)))]
    return rows


def _whole(numbers: Floats) -> list[object]:
    found: list[object] = np.rint(numbers).astype(np.int64).tolist()
    return found


def _mu(numbers: Floats) -> list[object]:
    return [f"{number:.1f}" for number in numbers.tolist()]


def _of_people_and_land(
    people: npt.NDArray[np.int64], homes: npt.NDArray[np.int64], land: Floats, drawn: Floats
) -> dict[str, Sequence[object]]:
    labour = people * (0.48 + 0.12 * drawn[:, 0])
    away = labour * (0.2 + 0.3 * drawn[:, 1])
    forest = land * (0.5 + 2 * drawn[:, 2])
    groups = np.maximum(1, homes / 45)
    return {
        "groups": _whole(groups),
        "natural_villages": _whole(np.maximum(1, groups * (0.6 + 0.6 * drawn[:, 3]))),
        "dibao_households": _whole(homes * 0.03 * (1 + drawn[:, 4])),
        "migrant_workers": _whole(away),
        "migrants_outside": _whole(away * (0.6 + 0.2 * drawn[:, 5])),
        "irrigated_mu": _mu(land * (0.15 + 0.3 * drawn[:, 6])),
        "forest_mu": _mu(forest),
        "returned_forest_mu": _mu(forest * 0.2 * drawn[:, 7]),
        "orchard_mu": _mu(forest * 0.1 * drawn[:, 8]),
        "grass_mu": _mu(land * 0.1 * drawn[:, 9]),
        "water_mu": _mu(land * 0.01 * drawn[:, 10]),
        "road_km": _mu(1 + 18 * drawn[:, 11]),
    }


def _by_service(
    table: pa.Table, homes: npt.NDArray[np.int64], years: npt.NDArray[np.int64], drawn: Floats
) -> dict[str, Sequence[object]]:
    """Who still lacks what: nobody once the village has it; the lack shrinks from year to year."""

    def lacking(name: str, share: float, at: int) -> Floats:
        there = np.asarray(table[name].to_pylist(), dtype=bool)
        left = np.maximum(0.2, 1 - 0.2 * (years - 2013))
        return np.where(there, 0.0, np.maximum(1.0, homes * share * drawn[:, at] * left))

    def several(name: str, more: int, at: int) -> list[object]:
        there = np.asarray(table[name].to_pylist(), dtype=bool)
        return _whole(np.where(there, 1 + np.floor(more * drawn[:, at]), 0))

    reached = homes - lacking("broadband", 0.9, 3)
    return {
        "hamlets_without_road": _whole(lacking("hardened_road", 0.1, 0)),
        "households_without_power": _whole(lacking("electricity", 0.1, 1)),
        "water_difficult_households": _whole(lacking("safe_water", 0.4, 2)),
        "water_unsafe_households": _whole(lacking("safe_water", 0.4, 2)),
        "dangerous_households": _whole(homes * 0.15 * drawn[:, 4] * np.maximum(0.2, 1 - 0.15 * (years - 2013))),
        "broadband_households": _whole(np.maximum(0, reached * (0.2 + 0.5 * drawn[:, 5]))),
        "broadcast_households": _whole(homes * (0.85 + 0.15 * drawn[:, 6])),
        "clinics": several("clinic", 2, 7),
        "doctors": several("doctor", 2, 8),
        "culture_rooms": several("culture_room", 2, 9),
        "public_toilets": _whole(np.floor(4 * drawn[:, 10])),
        "rubbish_points": _whole(np.floor(6 * drawn[:, 11])),
        "schools": _whole(np.floor(1.8 * drawn[:, 12])),
        "kindergartens": _whole(np.floor(1.6 * drawn[:, 13])),
        "cooperatives": _whole(np.floor(3 * drawn[:, 1] + 0.3 * np.maximum(0, years - 2013))),
        "cooperative_poor_households": _whole(homes * 0.05 * drawn[:, 2]),
    }


def load(table: pa.Table, folder: Path, pack: Pack, by: str) -> None:
    """The facts and cards of every village and year: ``BY_LIST`` by a list of the form, all others at once."""
    rows: list[dict[str, Any]] = [
        {**row, "code": row["village_code"], "own": own}
        for row, own in zip(table.to_pylist(), own_items(table), strict=True)
    ]
    listed = [row for row in rows if row["code"].startswith(BY_LIST)]
    actions.load_facts(rows=[row for row in rows if not row["code"].startswith(BY_LIST)], source="demo", by=by)
    if listed:
        file = _written(listed, folder, pack)
        facts.load(file, pack, (BY_LIST,), by=by)
        file.unlink()


def _written(rows: Sequence[Mapping[str, Any]], folder: Path, pack: Pack) -> Path:
    """The list as the county's office writes it."""
    (sheet,) = pack.form("places").sheets
    file = folder / "贫困村登记表.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow([f"{field.card.number}{field.zh}" if field.card else field.zh for field in sheet.fields])
        lines.writerows([_cell(pack, field, row) for field in sheet.fields] for row in rows)
    return file


def _cell(pack: Pack, field: Field, row: Mapping[str, Any]) -> str:
    value = next((row[name] for name in (field.id, f"{field.id}_fen") if name in row), row["own"].get(field.id))
    if value is None:
        return ""
    if field.type == "money":
        return str(money.yuan_from_fen(value))
    if field.type == "bool":
        return "是" if value else "否"
    if field.code_list:
        chosen = value if isinstance(value, list) else [value]
        return "、".join(pack.codes(field.code_list).label(code, "zh") for code in chosen)
    return str(value)
