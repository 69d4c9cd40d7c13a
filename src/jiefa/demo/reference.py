"""The real things that the synthetic province stands on: divisions, county lists, census figures. Reads files only."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from jiefa.demo.arrays import IntArray, RealArray


@dataclass(frozen=True, slots=True)
class County:
    """One county with what weighs in its poverty: lists of method.md 18 and figures of the 2010 census."""

    code: str
    name: str
    prefecture: str
    key_county: bool
    contiguous_area: str
    delisted_year: int | None
    rural_registered: int
    minority_share: float

    @property
    def poor_county(self) -> bool:
        """Whether it is one of the 66: a key county or inside a contiguous poor area."""
        return self.key_county or bool(self.contiguous_area)


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str


def _rows(package: str, file: str) -> list[dict[str, str]]:
    with resources.files(package).joinpath("data", file).open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions of the carried list, in code order within each level."""
    return tuple(Division(row["code"], row["name"]) for row in _rows("jiefa.areas", "divisions_guizhou.csv"))


@cache
def counties() -> tuple[County, ...]:
    """The 88 counties in code order."""
    census = {row["code"]: row for row in _rows("jiefa.demo", "census2010_counties.csv")}
    found = [
        County(
            code=row["code"],
            name=row["name"],
            prefecture=row["prefecture"],
            key_county=row["key_county"] == "1",
            contiguous_area=row["contiguous_area"],
            delisted_year=int(row["delisted_year"]) if row["delisted_year"] else None,
            rural_registered=int(census[row["code"]]["rural_registered"]),
            minority_share=float(census[row["code"]]["minority_percent"]) / 100,
        )
        for row in _rows("jiefa.areas", "counties_guizhou.csv")
    ]
    return tuple(sorted(found, key=lambda county: county.code))


AGE_BANDS: IntArray = np.arange(0, 90, 5, dtype=np.int64)
"""Lower ends of the bands in which ages are compared with the census; the last one is open."""


@cache
def census_shares() -> RealArray:
    """Share of all people by five-year age band (rows) and sex (0 male, 1 female); sums to 1."""
    shares = np.zeros((len(AGE_BANDS), 2))
    for row in _rows("jiefa.demo", "census2010_age_sex.csv"):
        band = min(int(row["from_age"]) // 5, len(AGE_BANDS) - 1)
        shares[band, 0 if row["sex"] == "male" else 1] += int(row["population"])
    return np.asarray(shares / shares.sum())
