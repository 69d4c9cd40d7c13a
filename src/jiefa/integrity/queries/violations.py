"""Violations of an area, sifted; counted by type and by place; what was handed over to discipline inspection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.integrity.models import HandOver, Violation

COUNT_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Sifted:
    """Which violations to list: '' and None for any. ``state``: open, overdue, settled."""

    kind: str = ""
    state: str = ""
    campaign: int | None = None


def violations(within: Scope, sifted: Sifted, on: dt.date) -> QuerySet[Violation]:
    """The violations inside the scope, the newest first. ``on``: the day by which something is overdue."""
    rows = gate(Violation.objects.select_related("campaign"), within, "area_code")
    if sifted.kind:
        rows = rows.filter(kind=sifted.kind)
    if sifted.campaign is not None:
        rows = rows.filter(campaign=sifted.campaign)
    if sifted.state == "settled":
        rows = rows.filter(settled_on__isnull=False)
    elif sifted.state in ("open", "overdue"):
        rows = rows.filter(settled_on__isnull=True)
    if sifted.state == "overdue":
        rows = rows.filter(due_on__lt=on)
    return rows.order_by("-pk")


def violation(pk: int, within: Scope) -> Violation | None:
    """The violation, if it lies inside the scope."""
    return gate(Violation.objects.select_related("campaign"), within, "area_code").filter(pk=pk).first()


def overdue(within: Scope, on: dt.date) -> int:
    """How many violations inside the scope are overdue, counted no further than ``COUNT_LIMIT``."""
    return violations(within, Sifted(state="overdue"), on).order_by()[:COUNT_LIMIT].count()


@dataclass(frozen=True, slots=True)
class Counted:
    """Violations of one type or of one place."""

    name: str
    violations: int
    amount_fen: int
    rectified_fen: int
    settled: int
    overdue: int


_COLUMNS = ("violations", "amount", "rectified", "settled", "overdue")


def _counted(rows: QuerySet[Violation], name: str, on: dt.date) -> list[Counted]:
    summed = rows.order_by().values(name)
    found = summed.annotate(
        violations=Count("pk"),
        amount=Sum("amount_fen"),
        rectified=Sum("rectified_fen"),
        settled=Count("pk", filter=Q(settled_on__isnull=False)),
        overdue=Count("pk", filter=Q(settled_on__isnull=True, due_on__lt=on)),
    )
    return [Counted(row[name], *(row[column] for column in _COLUMNS)) for row in found.order_by(name)]


def by_type(within: Scope, sifted: Sifted, on: dt.date) -> list[Counted]:
    """The violations inside the scope by type, by its code. One query."""
    return _counted(violations(within, sifted, on), "kind", on)


def by_place(within: Scope, digits: int, sifted: Sifted, on: dt.date) -> list[Counted]:
    """The violations inside the scope by place of so many digits; those of broader places are left out. One query."""
    rows = violations(within, sifted, on).annotate(place=Substr("area_code", 1, digits))
    return [one for one in _counted(rows, "place", on) if len(one.name) == digits]


def handed_over(within: Scope) -> QuerySet[HandOver]:
    """The violations of the area that were handed over, the newest first: for who keeps the case book there."""
    rows = gate(HandOver.objects.select_related("violation__campaign"), within, "area_code")
    return rows.filter(violation__isnull=False).order_by("-pk")


def handed(pk: int, within: Scope) -> Violation | None:
    """The violation, if it was handed over and lies inside the scope of a case book."""
    rows = gate(Violation.objects.select_related("campaign"), within, "area_code")
    return rows.filter(pk=pk, handed_over__isnull=False).first()
