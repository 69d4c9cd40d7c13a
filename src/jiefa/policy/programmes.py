"""Programmes of help as data: whom each is for, what its list holds, the stages of a case, limits, what counts as its trace.

A programme is a YAML entry; the mechanism (``assistance``) knows none by name. Another province adds one without code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jiefa.policy import yaml_source
from jiefa.policy.code_lists import CodeList
from jiefa.policy.forms import Field, Form, FormSheet, fields_of
from jiefa.policy.values import Parameter
from jiefa.policy.yaml_source import Item, Record

COMMON = "programmes"
"""The form with the columns that every list of its kind has: sheets ``household``, ``person`` and ``months``."""

SUBJECTS = ("household", "person")
MEASURES = "suggested_measure"


@dataclass(frozen=True, slots=True)
class Stage:
    """A step that a case has reached when the day in ``field`` is filled in."""

    id: str
    zh: str
    en: str
    field: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a number may be: a parameter of the pack. ``times``: the field by which it is multiplied, '' for none.

    ``where``: a field and the value at which this cap holds, None where it always does.
    """

    parameter: str
    field: str
    times: str
    where: tuple[str, str] | None


@dataclass(frozen=True)
class Programme:
    """A programme. ``traces``: the kinds of measures of which its records are the trace, by the day of the stage ``trace``.

    ``amount``: the column with the money that arrived ('' where twelve ``monthly`` columns hold it); ``people``: with how many
    people it reaches ('' : one, or the whole household). ``key``: the columns that tell several cases of a year apart.
    ``fits``: columns of the card with the values for which it is meant. ``whole``: a list says everything about its area and
    year, and who is not on it is no longer helped. ``strangers``: rows about people who are not on the register are left out
    and counted; else they are errors. ``assumption``: the description rests on no document.
    """

    id: str
    zh: str
    en: str
    reference: str
    assumption: bool
    from_date: dt.date
    about: str
    traces: tuple[str, ...]
    fields: tuple[Field, ...]
    stages: tuple[Stage, ...]
    trace: str
    amount: str
    people: str
    monthly: tuple[str, ...]
    key: tuple[str, ...]
    caps: tuple[Cap, ...]
    fits: Mapping[str, tuple[str, ...]]
    whole: bool
    strangers: bool
    form: Form

    @property
    def own(self) -> Mapping[str, Field]:
        """Its own columns by identifier, in order."""
        return {field.id: field for field in self.fields}

    def stage(self, name: str) -> Stage | None:
        """The stage of that identifier."""
        return next((stage for stage in self.stages if stage.id == name), None)


def load(
    folder: Path, lists: Mapping[str, CodeList], forms: Mapping[str, Form], parameters: Mapping[str, Parameter]
) -> Mapping[str, Programme]:
    """All programmes of the files under ``folder``, by identifier, in order of file. Raises ``PolicyError``."""
    seen: dict[str, Item] = {}
    found: dict[str, Programme] = {}
    for item in yaml_source.entries(folder, "programmes"):
        record = item.record(
            ["id", "zh", "en", "reference", "from", "about", "fields", "stages"],
            [
                "assumption",
                "traces",
                "trace",
                "amount",
                "people",
                "monthly",
                "key",
                "caps",
                "fits",
                "whole",
                "strangers",
            ],
        )
        name = yaml_source.unique(seen, record.text("id"), record["id"])
        found[name] = _programme(name, record, lists, forms, parameters)
    return MappingProxyType(found)


def _programme(
    name: str,
    record: Record,
    lists: Mapping[str, CodeList],
    forms: Mapping[str, Form],
    parameters: Mapping[str, Parameter],
) -> Programme:
    about = record["about"].one_of(SUBJECTS)
    if COMMON not in forms:
        raise record.place.error(f"缺少表格“{COMMON}”。", f"The form {COMMON!r} is missing.")
    common = forms[COMMON].sheet(about).fields
    months = forms[COMMON].sheet("months").fields if record.flag("monthly") else ()
    own = fields_of(record["fields"], lists, (*common, *months))
    numbers = [field.id for field in own if field.type in ("money", "int", "measure")]
    amount = record.optional("amount", lambda item: item.one_of(numbers)) or ""
    stages = tuple(_stage(item, own) for item in record["stages"].items())
    named = [stage.id for stage in stages]
    trace = record.optional("trace", lambda item: item.one_of(named)) or named[-1]
    people = (
        record.optional("people", lambda item: item.one_of([field.id for field in own if field.type == "int"])) or ""
    )
    sheet = FormSheet(name, record.text("zh"), record.text("en"), (), (*common, *own, *months))
    return Programme(
        id=name,
        zh=record.text("zh"),
        en=record.text("en"),
        reference=record.text("reference"),
        assumption=record.flag("assumption"),
        from_date=record["from"].date(),
        about=about,
        traces=_traces(record, lists),
        fields=own,
        stages=stages,
        trace=trace,
        amount=amount,
        people=people,
        monthly=tuple(field.id for field in months),
        key=tuple(item.one_of([field.id for field in own]) for item in (record.optional("key", Item.items) or ())),
        caps=tuple(_cap(item, own, parameters) for item in (record.optional("caps", Item.items) or ())),
        fits=_fits(record),
        whole=record.flag("whole"),
        strangers=record.flag("strangers"),
        form=Form(
            id=name,
            zh=record.text("zh"),
            en=record.text("en"),
            reference=record.text("reference"),
            notes_zh=forms[COMMON].notes_zh,
            notes_en=forms[COMMON].notes_en,
            sheets=(sheet,),
        ),
    )


def _traces(record: Record, lists: Mapping[str, CodeList]) -> tuple[str, ...]:
    known = lists[MEASURES].ids if MEASURES in lists else ()
    return tuple(item.one_of(known) for item in (record.optional("traces", Item.items) or ()))


def _stage(item: Item, own: tuple[Field, ...]) -> Stage:
    record = item.record(["id", "zh", "en", "field"])
    days = [field.id for field in own if field.type == "date"]
    return Stage(record.text("id"), record.text("zh"), record.text("en"), record["field"].one_of(days))


def _cap(item: Item, own: tuple[Field, ...], parameters: Mapping[str, Parameter]) -> Cap:
    record = item.record(["parameter", "field"], ["times", "where", "is"])
    numbers = [field.id for field in own if field.type in ("money", "int", "measure")]
    where = record.optional("where", lambda one: one.one_of([field.id for field in own]))
    value = record.optional("is", Item.text)
    if (where is None) != (value is None):
        raise item.error("where 和 is 要一起写。", "where and is belong together.")
    return Cap(
        parameter=record["parameter"].one_of(parameters),
        field=record["field"].one_of(numbers),
        times=record.optional("times", lambda one: one.one_of(numbers)) or "",
        where=(where, value) if where is not None and value is not None else None,
    )


def _fits(record: Record) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in record.optional("fits", Item.items) or ():
        one = item.record(["column", "values"])
        found[one.text("column")] = one["values"].texts()
    return MappingProxyType(found)
