"""The specification of a multidimensional poverty measure: a YAML file that says which columns, how heavy, and when somebody is poor.

indicators:
  - {column: schooling, weight: 0.25}                          # the column holds 1 for deprived, 0 for not
  - {column: water, weight: 0.25, deprived_if: [3, 4]}         # one value or a list of values
  - {column: rooms_per_head, weight: 1/2, deprived_if: "< 0.5"}  # a comparison: < <= > >= == !=; weights may be fractions
k: [0.33, 0.5]          # poor from this share of the weights on; one or several
by: [region]            # groups, optional
missing: exclude        # or not_deprived
normalise: false        # true: weights are divided by their sum; else they must add up to 1

Indicators may also be a mapping of columns: ``indicators: {schooling: 1/4, water: {weight: 3/4, deprived_if: [3, 4]}}``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from jiefa.survey import errors

TOLERANCE = 1e-6
"""Weights may miss 1, and a score a cut-off, by this much: one number for both, because a score can be off by as much as its weights.

Weights of 0.33333333 and a ``k`` of 1/3 meet; scores that are meant to differ do not: written with up to five decimals they differ by
1e-5 or more, and so do fractions of up to 300 parts.
"""

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
    """The specification in a file, weights adding up to 1. Raises ``SpecWrong``, naming the field, ``SpecNotThere``, ``SpecUnreadable``."""
    reader = _Reader(path.name)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise errors.SpecNotThere(file=str(path)) from error
    except OSError as error:
        raise errors.SpecUnreadable(file=str(path), reason=error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise reader.wrong("YAML", "不是 UTF-8 / not UTF-8", "请另存为 UTF-8 / Save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise reader.wrong("YAML", _where(error), ASK) from error
    return reader.spec(content)


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return "不是 YAML / not YAML"
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 字写法不对 / not YAML at line {mark.line + 1}, column {mark.column + 1}"


@dataclass(frozen=True)
class _Reader:
    file: str

    def wrong(self, field: str, reason: str, remedy: str = ASK) -> errors.SpecWrong:
        return errors.SpecWrong(file=self.file, field=field, reason=reason, remedy=remedy)

    def spec(self, content: object) -> Spec:
        if not isinstance(content, Mapping):
            raise self.wrong("indicators", "缺 / missing")
        self._known("", content, KEYS)
        indicators = self._indicators(content.get("indicators"))
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

    def _indicators(self, given: object) -> list[Indicator]:
        """Of a list of mappings, or of a mapping of columns to weights or to mappings."""
        if not given:
            raise self.wrong("indicators", "没有指标 / there is no indicator")
        if isinstance(given, Mapping):
            return [self._named(f"indicators.{column}", column, one) for column, one in given.items()]
        if not isinstance(given, Sequence) or isinstance(given, str):
            raise self.wrong("indicators", f"不是列表 / no list: {given!r}")
        return [self._listed(f"indicators[{at}]", one) for at, one in enumerate(given, start=1)]

    def _named(self, field: str, column: object, content: object) -> Indicator:
        if isinstance(column, bool) or not isinstance(column, str | int):
            # YAML reads yes, no, on and off as true and false.
            raise self.wrong(field, "列名请加引号 / quote the name of the column", '"yes": 0.25')
        known = content if isinstance(content, Mapping) else {"weight": content}
        self._known(field, known, INDICATOR_KEYS - {"column"})
        return self._indicator(field, str(column), known)

    def _listed(self, field: str, content: object) -> Indicator:
        if not isinstance(content, Mapping) or not isinstance(content.get("column"), str):
            raise self.wrong(field, "要有 column 和 weight / needs column and weight")
        self._known(field, content, INDICATOR_KEYS)
        return self._indicator(field, content["column"], content)

    def _indicator(self, field: str, column: str, content: Mapping[object, object]) -> Indicator:
        weight = self._number(f"{field}.weight", content.get("weight"))
        if weight <= 0:
            raise self.wrong(f"{field}.weight", f"{weight:g} ≤ 0")
        return Indicator(column, weight, self._deprived(f"{field}.deprived_if", content.get("deprived_if")))

    def _number(self, field: str, value: object) -> float:
        if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", value)) and int(match[2]):
            return int(match[1]) / int(match[2])
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong(field, f"不是数 / no number: {value!r}", "0.25 或 / or 1/4")
        return float(value)

    def _deprived(self, field: str, value: object) -> Comparison | frozenset[str] | None:
        if value is None:
            return None
        if isinstance(value, bool):
            return Comparison("==", float(value))
        if isinstance(value, str) and (match := COMPARISON.match(value)):
            return Comparison(match[1], float(match[2]))
        if isinstance(value, str) and re.match(r"\s*[<>=!]", value):
            raise self.wrong(field, repr(value), '"< 0.5"')
        several = value if isinstance(value, list) else [value]
        if not several or any(isinstance(one, bool) or not isinstance(one, int | float | str) for one in several):
            raise self.wrong(field, repr(value), '3, [3, 4], "< 0.5"')
        return frozenset(_label(one) for one in several)

    def _weighed(self, indicators: Sequence[Indicator], normalise: object) -> tuple[Indicator, ...]:
        total = math.fsum(one.weight for one in indicators)
        # Rounded: seven weights of 0.142857 miss 1 by just the tolerance.
        if normalise is not True and round(abs(total - 1), 9) > TOLERANCE:
            raise self.wrong(
                "weight",
                f"合计 / sum {total:.7g} ≠ 1",
                "除不尽的写成分数，如 1/3、1/11；或写 normalise: true / "
                "Write fractions such as 1/3 or 1/11, or normalise: true to have them divided by their sum",
            )
        return tuple(Indicator(one.column, one.weight / total, one.deprived_if) for one in indicators)

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
