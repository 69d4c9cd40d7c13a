"""The specification of a multidimensional poverty measure: a YAML file that says which columns, how heavy, and when somebody is poor.

indicators:
  - {column: schooling, weight: 0.25}                          # the column holds 1 for deprived, 0 for not
  - {column: water, weight: 0.25, deprived_if: [3, 4]}         # one value or a list of values
  - {column: rooms_per_head, weight: 0.5, deprived_if: "< 0.5"}  # a comparison: < <= > >= == !=
k: [0.33, 0.5]          # poor from this share of the weights on; one or several
by: [region]            # groups, optional
missing: exclude        # or not_deprived
normalise: false        # true: weights are divided by their sum
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from jiefa.survey import errors

TOLERANCE = 1e-9
"""Sums of weights such as 1/3 may miss 1, and a cut-off, by this much."""

COMPARISON = re.compile(r"\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*\Z")
KEYS = frozenset(("indicators", "k", "by", "missing", "normalise"))
INDICATOR_KEYS = frozenset(("column", "weight", "deprived_if"))
ASK = "见 docs/commands.md 的 jiefa survey mpi / see jiefa survey mpi in docs/commands.md"


class Missing(StrEnum):
    EXCLUDE = "exclude"
    NOT_DEPRIVED = "not_deprived"


@dataclass(frozen=True)
class Comparison:
    sign: str
    value: float


@dataclass(frozen=True)
class Indicator:
    """``deprived_if``: a comparison, the labels that deprive, or none for a column of 1 and 0."""

    column: str
    weight: float
    deprived_if: Comparison | frozenset[str] | None = None


@dataclass(frozen=True)
class Spec:
    indicators: tuple[Indicator, ...]
    cutoffs: tuple[float, ...]
    by: tuple[str, ...] = ()
    missing: Missing = Missing.EXCLUDE

    @property
    def columns(self) -> list[str]:
        return [one.column for one in self.indicators]


def read(path: Path) -> Spec:
    """The specification in a file. Raises ``SpecWrong``, naming the field."""
    reader = _Reader(path.name)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise reader.wrong("YAML", type(error).__name__, ASK) from error
    return reader.spec(content)


@dataclass(frozen=True)
class _Reader:
    file: str

    def wrong(self, field: str, reason: str, remedy: str = ASK) -> errors.SpecWrong:
        return errors.SpecWrong(file=self.file, field=field, reason=reason, remedy=remedy)

    def spec(self, content: object) -> Spec:
        if not isinstance(content, Mapping):
            raise self.wrong("indicators", "缺 / missing")
        self._known("", content, KEYS)
        given = content.get("indicators")
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise self.wrong("indicators", "没有指标 / there is no indicator")
        indicators = [self._indicator(f"indicators[{at}]", one) for at, one in enumerate(given, start=1)]
        names = [one.column for one in indicators]
        if len(set(names)) < len(names):
            raise self.wrong("indicators", "同一列写了两次 / a column stands twice")
        missing = content.get("missing", Missing.EXCLUDE.value)
        if missing not in tuple(Missing):
            raise self.wrong("missing", repr(missing), "exclude / not_deprived")
        return Spec(
            self._weighed(indicators, content.get("normalise", False)),
            self._cutoffs(content.get("k")),
            self._by(content.get("by")),
            Missing(missing),
        )

    def _known(self, field: str, content: Mapping[object, object], keys: frozenset[str]) -> None:
        strange = [str(key) for key in content if key not in keys]
        if strange:
            raise self.wrong(f"{field} {strange[0]}".strip(), "没有这个字段 / no such field", "、".join(sorted(keys)))

    def _indicator(self, field: str, content: object) -> Indicator:
        if not isinstance(content, Mapping) or not isinstance(content.get("column"), str):
            raise self.wrong(field, "要有 column 和 weight / needs column and weight")
        self._known(field, content, INDICATOR_KEYS)
        weight = self._number(f"{field}.weight", content.get("weight"))
        if weight <= 0:
            raise self.wrong(f"{field}.weight", f"{weight:g} ≤ 0")
        return Indicator(content["column"], weight, self._deprived(f"{field}.deprived_if", content.get("deprived_if")))

    def _number(self, field: str, value: object) -> float:
        if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", value)) and int(match[2]):
            return int(match[1]) / int(match[2])
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(field, f"不是数 / no number: {value!r}", "0.25 或 / or 1/4")
        return float(value)

    def _deprived(self, field: str, value: object) -> Comparison | frozenset[str] | None:
        if value is None:
            return None
        if isinstance(value, str) and (match := COMPARISON.match(value)):
            return Comparison(match[1], float(match[2]))
        if isinstance(value, str) and re.match(r"\s*[<>=!]", value):
            raise self.wrong(field, repr(value), '"< 0.5"')
        several = value if isinstance(value, list) else [value]
        if not several or any(isinstance(one, bool) or not isinstance(one, int | float | str) for one in several):
            raise self.wrong(field, repr(value), '3, [3, 4], "< 0.5"')
        return frozenset(_label(one) for one in several)

    def _weighed(self, indicators: Sequence[Indicator], normalise: object) -> tuple[Indicator, ...]:
        total = sum(one.weight for one in indicators)
        if normalise is True:
            return tuple(Indicator(one.column, one.weight / total, one.deprived_if) for one in indicators)
        if abs(total - 1) > 1e-6:
            raise self.wrong("weight", f"合计 / sum {total:.6g} ≠ 1", "normalise: true")
        return tuple(indicators)

    def _cutoffs(self, value: object) -> tuple[float, ...]:
        several = value if isinstance(value, list) else [value]
        found = tuple(self._number("k", one) for one in several)
        if not found or any(not 0 < one <= 1 for one in found):
            raise self.wrong("k", repr(value), "0 < k ≤ 1 (33 % = 0.33)")
        return found

    def _by(self, value: object) -> tuple[str, ...]:
        several = [] if value is None else value if isinstance(value, list) else [value]
        if any(not isinstance(one, str) for one in several):
            raise self.wrong("by", repr(value), "[COL]")
        return tuple(dict.fromkeys(several))


def _label(value: object) -> str:
    """As labels of a file are written: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
