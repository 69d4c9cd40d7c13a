"""How far the fieldwork of samples is: households asked and answered, by sample and by village. Never by what the register says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jiefa.access.models import User
from jiefa.access.queries import posts_in
from jiefa.access.rules import Role, Scope
from jiefa.evaluation.models import DrawnHousehold, DrawnVillage, Sample

_IN_FIELD = Q(replaced__isnull=True) & (Q(reserve=False) | Q(stands_for__isnull=False))


@dataclass(frozen=True)
class Progress:
    """Households to be asked, those answered, replaced by others, and left in reserve."""

    asked: int = 0
    answered: int = 0
    replaced: int = 0
    reserve: int = 0

    @property
    def begun(self) -> bool:
        return self.answered > 0


@dataclass(frozen=True)
class Stratum:
    """Of ``of`` villages ``drawn`` were drawn."""

    name: str
    of: int
    drawn: int


def of_samples(several: Iterable[Sample]) -> dict[int, Progress]:
    """The progress of samples, by key. One query."""
    return _counted(DrawnHousehold.objects.filter(sample__in=list(several)), "sample")


def by_village(of: Sample) -> list[tuple[DrawnVillage, Progress]]:
    """The villages of a sample by code, each with its progress. Two queries."""
    found = _counted(DrawnHousehold.objects.filter(sample=of), "village")
    return [(one, found.get(one.pk, Progress())) for one in of.villages.order_by("village_code")]


def _counted(rows: QuerySet[DrawnHousehold], by: str) -> dict[int, Progress]:
    counted = (
        rows.order_by()
        .values_list(by)
        .annotate(
            asked=Count("pk", filter=_IN_FIELD, distinct=True),
            answered=Count("pk", filter=_IN_FIELD & Q(answers__isnull=False), distinct=True),
            gone=Count("pk", filter=Q(replaced__isnull=False), distinct=True),
            waiting=Count("pk", filter=Q(reserve=True, stands_for__isnull=True), distinct=True),
        )
    )
    return {key: Progress(*counts) for key, *counts in counted}


def strata(villages: Iterable[DrawnVillage]) -> list[Stratum]:
    """The strata of the first stage, by name."""
    return sorted({Stratum(one.stratum, one.of, one.drawn) for one in villages}, key=lambda one: one.name)


def evaluators(within: Scope, on: dt.date) -> list[User]:
    """Who holds a post of an evaluator inside the scope that day, by user name."""
    posts = posts_in(within).filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on), role=Role.EVALUATOR, from_date__lte=on
    )
    return list(User.objects.filter(pk__in=posts.order_by().values("user"), is_active=True).order_by("username"))
