"""House, water, power, road and land of each household in a year, and how they get better over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.demo.arrays import NULL, AnyArray, BoolArray, IntArray, RealArray, searched
from jiefa.demo.luck import Luck

STRUCTURES = ("concrete", "brick_conc", "brick_wood", "earth", "other")
DANGERS = ("A", "B", "C", "D")
RESETTLEMENTS = ("county_town", "park", "scenic", "market", "village", "scattered")
WATERS = ("tap", "well_safe", "well_unsafe", "river", "rain", "bucket", "other")
FUELS = ("firewood", "coal", "lpg", "gas", "power", "biogas", "other", "none")
ROADS = ("earth", "gravel", "cement", "asphalt")
ORGANISATIONS = ("cooperative", "enterprise", "association", "other")
NOT_YET = 9999
RELOCATIONS = ((2014, 0.010), (2015, 0.013), (2016, 0.045), (2017, 0.055), (2018, 0.035), (2019, 0.006))
"""Share of households relocated in each year (assumption in the order of method.md 10)."""
REPAIRED_A_YEAR, WATER_MENDED_A_YEAR = 0.11, 0.09
SMALLEST_M2, LARGEST_M2, RELOCATED_M2 = 8.6, 57.0, 19.8
"""Living area per person: limits of rule HO02 with a margin, and the town cap of rule HO03."""


@dataclass(frozen=True)
class Stay:
    """What the house must know of the household's years: when it entered and first left, and its sizes."""

    entered: IntArray
    first_exit: IntArray
    size_then: IntArray
    smallest: IntArray
    largest: IntArray


def _steps(draws: RealArray, shares: tuple[float, ...]) -> IntArray:
    return searched(np.cumsum(shares)[:-1], draws)


def _mended_in(draws: RealArray, share: float) -> IntArray:
    """The year from 2014 in which a thing that is mended with this yearly chance is mended."""
    return np.asarray(2014 + np.floor(np.log(np.maximum(draws, 1e-9)) / np.log(1 - share)), dtype=np.int64)


def _relocated_in(luck: Luck, stay: Stay) -> IntArray:
    draws = luck("relocation")
    year = np.full(len(draws), NOT_YET)
    low = 0.0
    for when, share in RELOCATIONS:
        hit = (draws >= low) & (draws < low + share)
        year[hit] = when
        low += share
    roomy = SMALLEST_M2 * stay.largest <= (RELOCATED_M2 - 0.8) * stay.smallest
    return np.where((year > stay.entered) & roomy, year, NOT_YET)


def columns(luck: Luck, stay: Stay, year: int) -> dict[str, AnyArray]:
    """The columns of house, living and land for every household at the end of ``year``."""
    relocated_in = _relocated_in(luck, stay)
    relocated = relocated_in <= year
    return {
        **_house(luck, stay, relocated_in, relocated, year),
        **_living(luck, stay, relocated_in, year),
        **_land(luck, stay, year),
    }


def _house(luck: Luck, stay: Stay, relocated_in: IntArray, relocated: BoolArray, year: int) -> dict[str, AnyArray]:
    danger = _steps(luck("danger"), (0.18, 0.50, 0.22, 0.10))
    unsafe = danger >= 2
    safe_from = np.minimum(np.minimum(stay.first_exit, _mended_in(luck("repair"), REPAIRED_A_YEAR)), relocated_in)
    mended = unsafe & (year >= safe_from)
    rebuilt = mended & (danger == 3) & ~relocated
    structure = _steps(luck("structure"), (0.04, 0.30, 0.54, 0.10, 0.02))
    structure = np.where(rebuilt | relocated, _steps(luck("rebuilt"), (0.3, 0.7)), structure)
    built = 1994 + np.clip(11 * luck.normal("built"), -40, 19).astype(np.int64)
    built = np.where(relocated, relocated_in, np.where(rebuilt, np.minimum(safe_from, year), built))
    per_person = np.clip(21 * np.exp(0.38 * luck.normal("area")), 9.5, 50)
    area = np.clip(per_person * stay.size_then, SMALLEST_M2 * stay.largest, LARGEST_M2 * stay.smallest)
    area = np.where(relocated, (RELOCATED_M2 - 0.8 * luck("moved_area")) * stay.smallest, area)
    demolished = relocated & ((year > relocated_in) | (luck("demolished") < 0.6))
    return {
        "house_area_m2": np.rint(area).astype(np.int64) * 100,
        "house_structure": structure,
        "house_built_year": built,
        "house_danger": np.where(relocated | mended, 0, danger),
        "house_repair_subsidy": (mended & ~relocated).astype(np.int64),
        "relocated_year": np.where(relocated, relocated_in, NULL),
        "resettlement": np.where(relocated, _steps(luck("resettlement"), (0.38, 0.08, 0.04, 0.28, 0.17, 0.05)), NULL),
        "old_house_demolished": np.where(relocated, demolished, NULL),
    }


def _living(luck: Luck, stay: Stay, relocated_in: IntArray, year: int) -> dict[str, AnyArray]:
    since = year - 2013
    unsafe = luck("water") < 0.25
    safe_from = np.minimum(
        np.minimum(stay.first_exit, _mended_in(luck("water_mended"), WATER_MENDED_A_YEAR)), relocated_in
    )
    safe = ~unsafe | (year >= safe_from)
    difficult = (luck("water_difficult") < np.where(unsafe, 0.42, 0.05)) & ~(
        (year >= safe_from) & (luck("water_solved") < 0.7)
    )
    good, bad = _steps(luck("source"), (0.56, 0.40, 0.0, 0.0, 0.04)), 2 + _steps(luck("source"), (0.62, 0.18, 0.20))
    distance = np.clip(0.55 * np.exp(0.75 * luck.normal("road_distance")), 0.05, 4.8)
    market = np.clip(5.5 * np.exp(0.6 * luck.normal("market")), 0.3, 30)
    road = _steps(np.clip(luck("road") + 0.05 * since, 0, 0.999), (0.36, 0.22, 0.37, 0.05))
    return {
        "water_source": np.where(safe, good, bad),
        "water_difficult": difficult.astype(np.int64),
        "water_safe": safe.astype(np.int64),
        "electricity": (luck("electricity") >= 0.007 - 0.0035 * since).astype(np.int64),
        "production_electricity": (luck("power") < 0.55 + 0.05 * since).astype(np.int64),
        "fuel": _steps(
            np.clip(luck("fuel") + 0.02 * since, 0, 0.999), (0.53, 0.27, 0.03, 0.01, 0.12, 0.02, 0.01, 0.01)
        ),
        "sanitary_toilet": (luck("toilet") < 0.24 + 0.07 * since).astype(np.int64),
        "road_type": road,
        "road_distance_km": np.rint(distance * 100).astype(np.int64),
        "market_distance_km": np.rint(market * 10).astype(np.int64) * 10,
    }


def _land(luck: Luck, stay: Stay, year: int) -> dict[str, AnyArray]:
    size = stay.size_then
    cultivated = np.rint(np.clip(np.exp(0.55 * luck.normal("land")), 0.1, 7) * size * 10) * 10
    cooperative = luck("cooperative") < 0.07 + 0.05 * (year - 2013)
    other = luck("organisation") < 0.06
    grass = np.where(luck("grass") < 0.10, luck("grass_area") * 6 * size, 0)
    water = np.where(luck("pond") < 0.04, luck("pond_area") * 2, 0)
    orchard = np.where(luck("orchard") < 0.25, luck("orchard_area") * 1.2 * size, 0)
    return {
        "cultivated_land_mu": cultivated.astype(np.int64),
        "irrigated_land_mu": np.floor(cultivated * np.clip(luck("irrigated") - 0.25, 0, 0.6) / 10).astype(np.int64)
        * 10,
        "forest_land_mu": np.rint(np.clip(1.3 * np.exp(0.9 * luck.normal("forest")), 0, 25) * size * 10).astype(
            np.int64
        )
        * 10,
        "orchard_land_mu": np.rint(orchard * 10).astype(np.int64) * 10,
        "grass_land_mu": np.rint(grass * 10).astype(np.int64) * 10,
        "water_area_mu": np.rint(water * 10).astype(np.int64) * 10,
        "cooperative": cooperative.astype(np.int64),
        "industry_organisation": np.where(
            cooperative, 0, np.where(other, 1 + _steps(luck("organisation_kind"), (0.6, 0.3, 0.1)), NULL)
        ),
    }
