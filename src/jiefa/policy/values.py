"""Dated parameters: every line, limit and threshold with its unit, its source and the days on which it holds."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from jiefa.policy import yaml_source
from jiefa.policy.code_lists import CodeList
from jiefa.policy.errors import NotInForce
from jiefa.policy.yaml_source import Item, Record

Amount = Decimal | int | str | bool | tuple[str, ...]

PARAMETER_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from ``from_date`` on, until ``to_date`` or the next value.

    ``assumption``: no document was found for it; an office must be able to see that.
    """

    parameter: str
    amount: Amount
    unit: str
    reference: str
    assumption: bool
    from_date: dt.date
    to_date: dt.date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter with its values in order of date."""

    id: str
    label_zh: str
    label_en: str
    unit: str
    values: tuple[Value, ...]

    def on(self, date: dt.date) -> Value:
        """The value that held on ``date``. Raises ``NotInForce`` before the first value and after one that ended."""
        position = bisect_right(self.values, date, key=lambda value: value.from_date)
        if position == 0:
            first = self.values[0].from_date
            raise NotInForce(
                name=self.id, date=date, why_zh=f"最早的值自 {first} 起", why_en=f"the first value begins on {first}"
            )
        value = self.values[position - 1]
        if value.to_date is not None and date > value.to_date:
            end = value.to_date
            raise NotInForce(
                name=self.id, date=date, why_zh=f"上一个值到 {end} 为止", why_en=f"the last value ended on {end}"
            )
        return value


def load(folder: Path, lists: Mapping[str, CodeList]) -> Mapping[str, Parameter]:
    """All parameters of the files under ``folder``, by identifier. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    parameters: dict[str, Parameter] = {}
    for item in yaml_source.entries(folder, "parameters"):
        record = item.record(["id", "label_zh", "label_en", "unit", "values"], ["code_list"])
        name = yaml_source.unique(seen, record.text("id"), record["id"])
        if not PARAMETER_ID.fullmatch(name):
            raise record["id"].error(
                "参数名应写成 group.name（小写）。", "A parameter is named group.name in lower case."
            )
        unit = record["unit"].one_of(lists["unit"].ids if "unit" in lists else ())
        codes = record.optional("code_list", lambda named: lists[named.one_of(lists)])
        values = _values(record, name, unit, codes)
        parameters[name] = Parameter(name, record.text("label_zh"), record.text("label_en"), unit, values)
    return MappingProxyType(parameters)


def _values(record: Record, name: str, unit: str, codes: CodeList | None) -> tuple[Value, ...]:
    dated = [(_value(item, name, unit, codes), item) for item in record["values"].items()]
    dated.sort(key=lambda pair: pair[0].from_date)
    for (earlier, earlier_item), (later, later_item) in pairwise(dated):
        if earlier.from_date == later.from_date or (earlier.to_date and later.from_date <= earlier.to_date):
            raise later_item.error(
                f"“{name}”的两个值在 {later.from_date} 同时有效（另一个在第 {earlier_item.line} 行），请改日期。",
                f"two values of {name!r} hold on {later.from_date} (see line {earlier_item.line}); mend the dates.",
            )
    return tuple(value for value, _ in dated)


def _value(item: Item, name: str, unit: str, codes: CodeList | None) -> Value:
    record = item.record(["from", "value", "reference"], ["to", "assumption", "note"])
    _, end = record.period()
    return Value(
        parameter=name,
        amount=_amount(record["value"], unit, codes),
        unit=unit,
        reference=record.text("reference"),
        assumption=record.flag("assumption"),
        from_date=record["from"].date(),
        to_date=end,
        note=record.optional("note", Item.text),
    )


def _amount(item: Item, unit: str, codes: CodeList | None) -> Amount:
    if unit == "list":
        if codes is not None:
            for entry in item.items():
                entry.one_of(codes.ids)
        return item.texts()
    if unit == "text":
        return item.text() if codes is None else item.one_of(codes.ids)
    if unit == "flag":
        return item.flag()
    if unit == "month_day":
        text = item.text()
        if not MONTH_DAY.fullmatch(text):
            raise item.error('这里应当是月-日，写成 "05-31"。', 'A month and day is needed here, written as "05-31".')
        return text
    return item.integer() if item.is_kind("int") else item.decimal()
