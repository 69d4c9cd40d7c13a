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

``columns`` may also be said as ``{姓名: name, born: {kind: date, left: 出生日期, right: csrq}}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from jiefa.linkage.errors import SpecMissing, SpecWrong


class Kind(StrEnum):
    """What a column holds, and with it how two of its values are compared."""

    NAME = "name"
    DATE = "date"
    NUMBER = "number"
    PLACE = "place"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that is compared. ``name``: ours; ``left``, ``right``: what the files call it.

    ``units``: of places, that county, township and village are columns beside it (``places``); what a file holds says so.
    """

    name: str
    kind: Kind
    left: str
    right: str
    units: bool = False


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

    def inside(self) -> Spec:
        """The same with columns named c1, c2, ...: what a file calls them may be anything, also what engines of SQL take for the same."""
        ours = {one.name: f"c{place}" for place, one in enumerate(self.columns, start=1)}
        return replace(
            self,
            columns=tuple(replace(one, name=ours[one.name]) for one in self.columns),
            exact=tuple(tuple(ours[name] for name in several) for several in self.exact),
        )

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.kind == kind)


KNOWN = frozenset({"id", "columns", "exact", "lunar", "threshold", "one_to_one"})
OF_COLUMN = frozenset({"name", "column", "left", "right", "kind"})
OF_SIDES = frozenset({"left", "right"})


def read(path: Path) -> Spec:
    """The specification of a file. Raises ``SpecMissing``, ``SpecWrong`` naming the field."""
    said = _yaml(path)
    if not isinstance(said, dict):
        raise _wrong(path, "", "应是“栏目: 值”的列表", "has to be a mapping")
    _known(path, "", said, KNOWN)
    left_id, right_id = _sides(path, "id", said.get("id"))
    columns = tuple(_columns(path, said.get("columns")))
    names = [one.name for one in columns]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(path, "columns", f"“{name}”写了两次", f"names {name!r} twice")
    return Spec(
        left_id=left_id,
        right_id=right_id,
        columns=columns,
        exact=_exact(path, said.get("exact"), names),
        lunar=_flag(path, said, "lunar"),
        threshold=_threshold(path, said.get("threshold")),
        one_to_one=_flag(path, said, "one_to_one"),
    )


def _yaml(path: Path) -> object:
    if not path.is_file():
        raise SpecMissing(file=str(path))
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as reason:
        raise _wrong(path, "", f"读不出来（{reason}）", f"cannot be read ({reason})") from reason


def _wrong(path: Path, field: str, zh: str, en: str) -> SpecWrong:
    return SpecWrong(file=path.name, field=field, why_zh=zh, why_en=en)


def _known(path: Path, field: str, said: dict[Any, Any], known: frozenset[str]) -> None:
    for name in sorted(str(one) for one in said if one not in known):
        inside = f"{field}.{name}" if field else name
        there = sorted(known)
        raise _wrong(
            path, inside, f"不是可用的栏目，可用的是 {'、'.join(there)}", f"is not known; known are {', '.join(there)}"
        )


def _named(value: object) -> str | None:
    """What can be the name of a column: text, or a number such as 2020 that YAML read as one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None


def _sides(path: Path, field: str, value: object) -> tuple[str, str]:
    if value is None:
        raise _wrong(
            path,
            field,
            "没有填，应是列名，或 {left: 列名, right: 列名}",
            "is missing; name a column, or {left: column, right: column}",
        )
    if isinstance(value, dict):
        _known(path, field, value, OF_SIDES)
        left, right = _named(value.get("left")), _named(value.get("right"))
    else:
        left = right = _named(value)
    if left is None or right is None:
        raise _wrong(
            path,
            field,
            "应是列名，或 {left: 列名, right: 列名}",
            "has to be a column, or {left: column, right: column}",
        )
    return left, right


def _columns(path: Path, said: object) -> Iterator[Column]:
    """The columns, said as a list or by their names."""
    if isinstance(said, list) and said:
        for place, one in enumerate(said, start=1):
            field = f"columns[{place}]"
            if not isinstance(one, dict):
                raise _wrong(path, field, "应写成 {column: 列名, kind: 种类}", "has to be {column: name, kind: kind}")
            yield _column(path, field, one)
    elif isinstance(said, dict) and said:
        for name, one in said.items():
            field = f"columns.{name}"
            if not isinstance(one, str | dict):
                raise _wrong(
                    path,
                    field,
                    "应是种类，或 {kind: 种类, left: 列名, right: 列名}",
                    "has to be a kind, or {kind, left, right}",
                )
            of_name = {"kind": one} if isinstance(one, str) else one
            yield _column(path, field, {"name": name, **of_name})
    else:
        raise _wrong(path, "columns", "没有填，应是列表", "is missing; it has to be a list, or kinds by column")


def _column(path: Path, field: str, one: dict[Any, Any]) -> Column:
    _known(path, field, one, OF_COLUMN)
    name = None if one.get("name") is None else _named(one["name"])
    if name is None and one.get("name") is not None:
        raise _wrong(path, f"{field}.name", "应是一个名称", "has to be a name")
    sides = one.get("column") or {side: one.get(side) or name for side in ("left", "right")}
    if isinstance(sides, dict) and None in sides.values():
        raise _wrong(path, field, "没有写列名", "names no column")
    left, right = _sides(path, field, sides)
    try:
        kind = Kind(str(one.get("kind")).strip().lower())
    except ValueError:
        known = "、".join(Kind)
        raise _wrong(path, f"{field}.kind", f"应是 {known} 之一", f"has to be one of {known}") from None
    return Column(name or left, kind, left, right)


def _exact(path: Path, said: object, names: list[str]) -> tuple[tuple[str, ...], ...]:
    """Lists of names; one name, or names without a list in the list, are one list."""
    if said is None or said == []:
        return ()
    several = said if isinstance(said, list) else [said]
    if all(not isinstance(one, list) for one in several):
        several = [several]
    found = []
    for one in several:
        if not isinstance(one, list) or not one or any(_named(name) is None for name in one):
            raise _wrong(
                path,
                "exact",
                "应是列名，或列名的列表，如 [[证件号, 姓名]]",
                "has to be names of columns, or lists of them: [[number, name]]",
            )
        for name in one:
            if str(name) not in names:
                raise _wrong(
                    path, "exact", f"“{name}”不在 columns 里", f"names {name!r}, which is not among the columns"
                )
        found.append(tuple(str(name) for name in one))
    return tuple(found)


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
