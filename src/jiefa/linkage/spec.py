"""What is compared with what: a specification read from YAML and checked before anything is opened.

::

    id: 编号                    # or {left: 编号, right: 身份证号}
    columns:
      - {column: 姓名, kind: name}
      - {name: born, left: 出生日期, right: csrq, kind: date}
      - {column: 身份证号, kind: number}
    exact: [[身份证号, 姓名]]   # pairs that agree in all of these are the same without further question
    lunar: true                 # a date may be of the lunar calendar on one side
    threshold: 0.9              # without it, the one with the best expected F1
    one_to_one: true            # two lists: a record has one counterpart at most
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from jiefa.linkage.errors import SpecWrong


class Kind(StrEnum):
    """What a column holds, and with it how two of its values are compared."""

    NAME = "name"
    DATE = "date"
    NUMBER = "number"
    PLACE = "place"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that is compared. ``name``: ours; ``left``, ``right``: what the files call it."""

    name: str
    kind: Kind
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole specification. ``exact``: lists of names of columns; ``threshold``: None where it is to be found."""

    left_id: str
    right_id: str
    columns: tuple[Column, ...]
    exact: tuple[tuple[str, ...], ...] = ()
    lunar: bool = False
    threshold: float | None = None
    one_to_one: bool = False

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.kind == kind)


KNOWN = frozenset({"id", "columns", "exact", "lunar", "threshold", "one_to_one"})


def read(path: Path) -> Spec:
    """The specification of a file. Raises ``SpecWrong`` naming the field."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as reason:
        raise _wrong(path, "", f"读不出来（{reason}）", f"cannot be read ({reason})") from reason
    if not isinstance(said, dict):
        raise _wrong(path, "", "应是“栏目: 值”的列表", "has to be a mapping")
    for name in sorted(set(said) - KNOWN):
        raise _wrong(path, str(name), "不是可用的栏目", f"is not known; known are {', '.join(sorted(KNOWN))}")
    left_id, right_id = _sides(path, "id", said.get("id"))
    columns = tuple(_column(path, place, one) for place, one in enumerate(_listed(path, "columns", said), start=1))
    names = [one.name for one in columns]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(path, "columns", f"“{name}”写了两次", f"names {name!r} twice")
    exact = tuple(_exact(path, one, names) for one in said.get("exact") or ())
    return Spec(
        left_id=left_id,
        right_id=right_id,
        columns=columns,
        exact=exact,
        lunar=_flag(path, said, "lunar"),
        threshold=_threshold(path, said.get("threshold")),
        one_to_one=_flag(path, said, "one_to_one"),
    )


def _wrong(path: Path, field: str, zh: str, en: str) -> SpecWrong:
    return SpecWrong(file=path.name, field=field, why_zh=zh, why_en=en)


def _listed(path: Path, field: str, said: dict[str, Any]) -> list[Any]:
    value = said.get(field)
    if not isinstance(value, list) or not value:
        raise _wrong(path, field, "没有填，应是列表", "is missing; it has to be a list")
    return value


def _sides(path: Path, field: str, value: object) -> tuple[str, str]:
    if isinstance(value, dict) and {"left", "right"} <= set(value):
        return str(value["left"]), str(value["right"])
    if isinstance(value, str) and value:
        return value, value
    raise _wrong(
        path, field, "应是列名，或 {left: 列名, right: 列名}", "has to be a column, or {left: column, right: column}"
    )


def _column(path: Path, place: int, one: object) -> Column:
    field = f"columns[{place}]"
    if not isinstance(one, dict):
        raise _wrong(path, field, "应写成 {column: 列名, kind: 种类}", "has to be {column: name, kind: kind}")
    sides = one.get("column") or {side: one.get(side) or one.get("name") for side in ("left", "right")}
    if isinstance(sides, dict) and None in sides.values():
        raise _wrong(path, field, "没有写列名", "names no column")
    left, right = _sides(path, field, sides)
    try:
        kind = Kind(str(one.get("kind")))
    except ValueError:
        known = "、".join(Kind)
        raise _wrong(path, f"{field}.kind", f"应是 {known} 之一", f"has to be one of {known}") from None
    return Column(str(one.get("name") or left), kind, left, right)


def _exact(path: Path, one: object, names: list[str]) -> tuple[str, ...]:
    several = [str(name) for name in one] if isinstance(one, list) else [str(one)]
    for name in several:
        if name not in names:
            raise _wrong(path, "exact", f"“{name}”不在 columns 里", f"names {name!r}, which is not among the columns")
    return tuple(several)


def _flag(path: Path, said: dict[str, Any], field: str) -> bool:
    value = said.get(field, False)
    if not isinstance(value, bool):
        raise _wrong(path, field, "应是 true 或 false", "has to be true or false")
    return value


def _threshold(path: Path, value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 1:
        raise _wrong(path, "threshold", "应在 0 到 1 之间", "has to lie between 0 and 1")
    return float(value)
