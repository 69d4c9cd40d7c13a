"""What every action of responsibility asks first: a day that has come, cadres who serve on it and may be asked to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pyarrow as pa
from django.db import IntegrityError, transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.kernel.division_codes import ancestors
from jiefa.responsibility.models import Cadre
from jiefa.responsibility.rules import refusals
from jiefa.stores import bulk

CADRE = pa.schema(
    [
        ("id", pa.int64()),
        ("number", pa.string()),
        ("name", pa.string()),
        ("area_code", pa.string()),
        ("from_date", pa.date32()),
        ("to_date", pa.date32()),
    ]
)


@contextmanager
def all_or_none() -> Iterator[None]:
    """One transaction. Raises ``ChangedMeanwhile`` where the database refuses what somebody else made impossible at the same moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise refusals.ChangedMeanwhile from None


def check_day(on: dt.date) -> None:
    """Nothing for today and before. Raises ``DayToCome``."""
    if on > timezone.localdate():
        raise refusals.DayToCome(on=on)


def known(keys: Collection[int], within: Scope) -> dict[int, Cadre]:
    """By key those of the cadres who are posted inside the scope or above it. Call inside a transaction.

    Two statements however many they are. The rows hold what refusals speak of, not the organisation.
    """
    above = {code for area in within.areas for code in ancestors(area)}
    wanted = pa.table({"id": pa.array(sorted(keys), pa.int64())})
    with bulk.staged("wanted_cadres", wanted, "id"):
        columns = ", ".join(f"c.{name}" for name in CADRE.names)
        sql = f"SELECT {columns} FROM wanted_cadres w JOIN responsibility_cadre c ON c.id = w.id"
        rows = bulk.read(sql, [], CADRE).to_pylist()
    reached = {area: area in above or within.covers(area) for area in {row["area_code"] for row in rows}}
    return {row["id"]: Cadre(**row) for row in rows if reached[row["area_code"]]}


def check_serving(
    keys: Collection[int], on: dt.date, by: Actor, permission: Permission = Permission.HELPER_ASSIGN
) -> dict[int, Cadre]:
    """The cadres, each posted in the actor's area or above it and serving that day. Raises ``CadreUnknown``, ``CadreNotServing``."""
    found = known(keys, by.demand(permission))
    for key in sorted(keys):
        if key not in found:
            raise refusals.CadreUnknown(number=key)
        check_on(found[key], on)
    return found


def check_on(cadre: Cadre, on: dt.date) -> None:
    """Nothing where the cadre serves that day. Raises ``CadreNotServing``."""
    if cadre.from_date > on or (cadre.to_date is not None and cadre.to_date <= on):
        raise refusals.CadreNotServing(
            name=cadre.name, number=cadre.number, on=on, begins=cadre.from_date, ends=cadre.to_date or "—"
        )
