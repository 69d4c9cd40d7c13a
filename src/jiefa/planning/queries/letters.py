"""Letters of responsibility: those signed, what each line asked and what came of it, the households behind a line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.kernel.errors import JiefaError
from jiefa.planning.models import Assignment, Letter, Plan
from jiefa.planning.queries import done, plans, promised
from jiefa.planning.rules.problem import GUARANTEE
from jiefa.procedures.models import StepTaken
from jiefa.registry.models import Household

SIGNERS = ("signature", "countersignature")
"""The steps of every letter's procedure that sign it, in order."""


class LetterUnknown(JiefaError):
    code = "planning.letter_unknown"
    zh = "您管辖范围内没有编号为 {number} 的责任书。请核对编号。"
    en = "There is no letter number {number} in your area. Check the number."


def letters(within: Scope, year: int | None = None) -> QuerySet[Letter]:
    """The letters of places in the scope, the newest first."""
    rows = gate(Letter.objects.all(), within, "area_code")
    return (rows if year is None else rows.filter(year=year)).order_by("-pk")


def letter(number: int, within: Scope) -> Letter:
    """One letter. Raises ``LetterUnknown``."""
    found = letters(within).filter(pk=number).first()
    if found is None:
        raise LetterUnknown(number=number)
    return found


def newest(codes: Collection[str], year: int) -> dict[str, Letter]:
    """By place the newest letter of a year: the one that is in force."""
    rows = Letter.objects.filter(area_code__in=sorted(codes), year=year)
    last = rows.order_by().values("area_code").annotate(last=Max("id")).values("last")
    return {one.area_code: one for one in Letter.objects.filter(pk__in=last)}


def in_force(found: Letter) -> bool:
    """Whether no newer letter of the place and year was signed."""
    return not Letter.objects.filter(area_code=found.area_code, year=found.year, pk__gt=found.pk).exists()


def lines(code: str, year: int) -> list[dict[str, Any]]:
    """What a letter drawn up now would say: the fixed targets of the place, by metric."""
    return [{"metric": one.metric, "value": one.value} for one in promised.fixed(code, year)]


def signatures(found: Letter) -> list[StepTaken]:
    """Who signed, the promising side first: the last time each step was taken."""
    rows = StepTaken.objects.filter(dossier=found.dossier_id, step__in=SIGNERS, decision="approve").order_by("seq")
    last = {one.step: one for one in rows}
    return [last[step] for step in SIGNERS if step in last]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a letter: asked, done by what is on file (None: the metric is not counted), planned in the newest plan of the year
    (None: no plan speaks of it)."""

    metric: str
    target: int
    done: int | None
    planned: int | None

    @property
    def gap(self) -> int | None:
        """What is left; 0 where the line is fulfilled, None where nothing is counted."""
        return None if self.done is None else max(0, self.target - self.done)

    @property
    def share(self) -> float | None:
        return None if self.done is None or not self.target else self.done / self.target


def followed(found: Letter) -> list[Line]:
    """The lines as they stand now, in the order of the letter. Six queries at most."""
    metrics = [str(line["metric"]) for line in found.lines]
    counted = done.total(found.area_code, found.year, metrics)
    plan = plans.of_year(found.area_code, found.year)
    sums = plans.total(plan, found.area_code) if plan else None
    return [
        Line(
            str(line["metric"]),
            int(line["value"]),
            counted.get(str(line["metric"])),
            promised.of_metric(sums, found.year, str(line["metric"]))
            if sums and line["metric"] in promised.BY_PLAN
            else None,
        )
        for line in found.lines
    ]


def planned(plan: Plan, within: Scope, year: int, metric: str) -> QuerySet[Assignment]:
    """The households that a plan has for a metric in a year, by key; nobody for one that plans do not know."""
    rows = plans.assignments(plan, within).order_by("household_id")
    if metric in done.LEFT:
        return rows.filter(year=year).exclude(pathway=GUARANTEE)
    if metric == "guaranteed":
        return rows.filter(year__lte=year, pathway=GUARANTEE)
    if metric == "moved":
        return rows.filter(year=year, pathway=promised.RELOCATION)
    return rows.none()


def done_among(within: Scope, year: int, metric: str, keys: Sequence[int]) -> set[int]:
    """Of these households those for whom the metric is done. One query."""
    return set(_done(within, year, metric).filter(household_id__in=list(keys)).values_list("household_id", flat=True))


def _done(within: Scope, year: int, metric: str) -> QuerySet[Any]:
    """The rows by which a metric of households is counted, each with its ``household_id``."""
    if metric in done.LEFT:
        return done.exits(within, [year])
    if metric in done.PROGRAMMES:
        return done.cases(within, [year], [metric])
    return done.loans(within, [year])


OF_HOUSEHOLDS = frozenset((*done.LEFT, *done.PROGRAMMES, done.LENT))
"""Metrics whose lines open households; those of places open places."""


def beside_plan(within: Scope, year: int, metric: str, plan: Plan | None) -> QuerySet[Household]:
    """The households for whom the metric is done although no plan has them for it, by key."""
    rows = Household.objects.filter(pk__in=_done(within, year, metric).values("household_id"))
    if plan is not None:
        rows = rows.exclude(pk__in=planned(plan, within, year, metric).order_by().values("household_id"))
    return rows.order_by("pk")
