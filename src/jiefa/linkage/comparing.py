"""How two values of a kind agree: levels from the same to nothing in common, as Splink weighs them."""

from __future__ import annotations

from collections.abc import Sequence

from splink import comparison_level_library as levels
from splink import comparison_library as comparisons
from splink.internals.comparison_creator import ComparisonCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from jiefa.linkage.places import CITY, COUNTY, TOWN, VILLAGE
from jiefa.linkage.prepare import MOON, SOUND
from jiefa.linkage.spec import Column, Kind, Spec

NEAR, LIKE = 0.92, 0.8
"""Jaro-Winkler similarity from which names are nearly the same, and alike. Chosen, not measured."""
TEXT_NEAR, TEXT_LIKE = 0.9, 0.7
"""The same of other texts. Chosen, not measured."""


def _said(sql: str, label: str | None = None) -> ComparisonLevelCreator:
    """A level said in the SQL of DuckDB, which other engines are told in their own."""
    return levels.CustomLevel(sql, label, base_dialect_str="duckdb")


def comparison(one: Column, spec: Spec) -> ComparisonCreator:
    """The comparison of a column."""
    found = _address(one.name) if one.units else [levels.NullLevel(one.name), *_LEVELS[one.kind](one.name, spec)]
    return comparisons.CustomComparison(
        output_column_name=one.name,
        comparison_levels=[*found, levels.ElseLevel()],
        comparison_description=str(one.kind),
    )


def names_swapped(first: str, second: str) -> ComparisonCreator:
    """Two columns of names in one comparison, since they are filled in the wrong way round often enough."""
    one, other = first + SOUND, second + SOUND
    both_null = f'("{one}_l" IS NULL OR "{one}_r" IS NULL) AND ("{other}_l" IS NULL OR "{other}_r" IS NULL)'

    def both(at_least: float) -> str:
        return " AND ".join(f'jaro_winkler_similarity("{name}_l", "{name}_r") >= {at_least}' for name in (one, other))

    swapped = f'"{one}_l" = "{other}_r" AND "{other}_l" = "{one}_r"'
    either = [f'"{name}_l" = "{name}_r"' for name in (one, other)]
    near = [f'jaro_winkler_similarity("{name}_l", "{name}_r") >= {NEAR}' for name in (one, other)]
    crossed = f'"{one}_l" = "{other}_r" OR "{other}_l" = "{one}_r"'
    return comparisons.CustomComparison(
        output_column_name=f"{first}_{second}",
        comparison_levels=[
            _said(both_null).configure(is_null_level=True),
            _said(" AND ".join(either), "the same"),
            _said(swapped, "the wrong way round"),
            _said(both(NEAR), "nearly the same"),
            levels.ExactMatchLevel(other, term_frequency_adjustments=True),
            levels.ExactMatchLevel(one, term_frequency_adjustments=True),
            _said(" OR ".join(near), "one nearly the same"),
            _said(crossed, "one in the other's place"),
            levels.ElseLevel(),
        ],
    )


def _name(name: str, spec: Spec) -> Sequence[ComparisonLevelCreator]:
    heard = name + SOUND
    return (
        levels.ExactMatchLevel(name, term_frequency_adjustments=True),
        levels.ExactMatchLevel(heard),
        levels.JaroWinklerLevel(heard, NEAR),
        levels.JaroWinklerLevel(heard, LIKE),
    )


def _date(name: str, spec: Spec) -> Sequence[ComparisonLevelCreator]:
    moon = name + MOON
    by_moon = _said(f'"{name}_l" = "{moon}_r" OR "{moon}_l" = "{name}_r"', "the same by the moon")
    swapped = (
        f'substr("{name}_l", 1, 4) = substr("{name}_r", 1, 4) AND substr("{name}_l", 5, 2) = substr("{name}_r", 7, 2) '
        f'AND substr("{name}_l", 7, 2) = substr("{name}_r", 5, 2)'
    )
    return (
        levels.ExactMatchLevel(name),
        *((by_moon,) if spec.lunar else ()),
        _said(swapped, "day and month the wrong way round"),
        levels.DamerauLevenshteinLevel(name, 1),
        levels.DamerauLevenshteinLevel(name, 2),
        _said(f'substr("{name}_l", 1, 4) = substr("{name}_r", 1, 4)', "the same year"),
    )


def _number(name: str, spec: Spec) -> Sequence[ComparisonLevelCreator]:
    return (
        levels.ExactMatchLevel(name),
        levels.DamerauLevenshteinLevel(name, 1),
        levels.DamerauLevenshteinLevel(name, 2),
    )


def _place(name: str, spec: Spec) -> Sequence[ComparisonLevelCreator]:
    """Codes by the levels of divisions."""

    def begins(length: int) -> ComparisonLevelCreator:
        return _said(f'left("{name}_l", {length}) = left("{name}_r", {length})', f"first {length}")

    return levels.ExactMatchLevel(name, term_frequency_adjustments=True), begins(9), begins(6), begins(4)


def _address(name: str) -> list[ComparisonLevelCreator]:
    """Addresses from the smallest unit that both name upward; a larger one that only one names counts for nothing."""
    county, town, village = (name + unit for unit in (COUNTY, TOWN, VILLAGE))

    def unnamed(unit: str) -> str:
        return f'("{unit}_l" IS NULL OR "{unit}_r" IS NULL)'

    def same(unit: str) -> str:
        return f'"{unit}_l" = "{unit}_r"'

    def near(unit: str) -> str:
        # 正安安场镇, where 县 is left out, ends as 安场镇 does.
        ends = (f'right("{unit}_{one}", length("{unit}_{other}")) = "{unit}_{other}"' for one, other in ("lr", "rl"))
        return f'({" OR ".join(ends)} OR jaro_winkler_similarity("{unit}_l", "{unit}_r") >= {NEAR})'

    # A city that stands alone may be the prefecture of the other's county.
    city = " <> ".join(f"(right(\"{county}_{side}\", 1) = '{CITY}')" for side in "lr")
    county_unnamed = f"({unnamed(county)} OR ({city}))"
    fits = f"({county_unnamed} OR {same(county)})"
    unit_less = [" AND ".join(f'"{unit}_{side}" IS NULL' for unit in (county, town, village)) for side in "lr"]
    some_less = f"(({unit_less[0]}) OR ({unit_less[1]}))"
    nothing = f'"{name}_l" IS NULL OR "{name}_r" IS NULL'
    nothing_shared = f"{unnamed(village)} AND {unnamed(town)} AND {county_unnamed} AND NOT {some_less}"
    return [
        _said(f"{nothing} OR ({nothing_shared})").configure(is_null_level=True),
        levels.ExactMatchLevel(name, term_frequency_adjustments=True),
        _said(f"{same(village)} AND ({unnamed(town)} OR {same(town)}) AND {fits}", "the same village"),
        _said(f"{near(village)} AND ({unnamed(town)} OR {near(town)}) AND {fits}", "nearly the same village"),
        _said(f"{near(town)} AND {fits}", "the same township"),
        _said(same(county), "the same county"),
        _said(
            f'{some_less} AND jaro_winkler_similarity("{name}_l", "{name}_r") >= {TEXT_NEAR}', "texts nearly the same"
        ),
    ]


def _text(name: str, spec: Spec) -> Sequence[ComparisonLevelCreator]:
    return (
        levels.ExactMatchLevel(name, term_frequency_adjustments=True),
        levels.JaroWinklerLevel(name, TEXT_NEAR),
        levels.JaroWinklerLevel(name, TEXT_LIKE),
    )


_LEVELS = {Kind.NAME: _name, Kind.DATE: _date, Kind.NUMBER: _number, Kind.PLACE: _place, Kind.TEXT: _text}
