"""Lists to act on: whom help did not reach, or whose money is late. Each is one question to the records, in order of a key.

Four of the pack's programmes are known here by name, because a rule of the method speaks of each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import Loan, ProgrammeRecord
from jiefa.assistance.queries import hamlets, industry, plans, programmes, promises, training
from jiefa.assistance.queries.promises import LABOUR, RELOCATION
from jiefa.assistance.queries.training import TRAINING
from jiefa.assistance.rules import credit
from jiefa.assistance.rules.credit import ends_on
from jiefa.policy import NotInForce, Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear, PersonYear

GUARANTEE, SCHOOL_AID = "guarantee", "school_aid"
GUARANTEED_CLASSES = ("dibao", "dibao_poor", "wubao", "wubao_poor", "tekun_poor")

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which area, year and day the question is."""

    within: Scope
    year: int
    on: dt.date
    pack: Pack


@dataclass(frozen=True, slots=True)
class Gap:
    """A list to act on. ``key``: the column that orders it; ``home``: the path from a row to its household, '' for a list of organisations.

    ``place``: the column with the division of a row.
    """

    id: str
    rows: Callable[[Asked], Rows]
    key: str
    home: str
    place: str = "village_code"


def _poor_cards(asked: Asked) -> QuerySet[HouseholdYear]:
    cards = HouseholdYear.objects.filter(year=asked.year, poverty_status__in=IN_POVERTY)
    return gate(cards.select_related("household"), asked.within).order_by("household_id")


def _helped(programme: str, household: str, **more: object) -> Exists:
    """That a case of the programme stands for the household named by the outer column."""
    rows = ProgrammeRecord.objects.filter(programme=programme, household=OuterRef(household), off_list=False, **more)
    return Exists(rows)


def _unanswered(asked: Asked) -> Rows:
    return plans.unanswered(asked.within, asked.year)


def _untraced(asked: Asked) -> Rows:
    return plans.untraced(asked.within, asked.year, asked.on, programmes.traced_kinds(asked.pack))


def _overdue(asked: Asked) -> Rows:
    """Loans past grace that nobody has paid for, those past compensation among them; none before the programme began."""
    try:
        held = credit.limits(asked.pack.at(asked.on))
    except NotInForce:
        return Loan.objects.none()
    late = Q(balance_fen__gt=0, compensated_on__isnull=True, to_on__lt=asked.on - dt.timedelta(days=held.grace_days))
    return gate(Loan.objects.select_related("household", "borrower").filter(late), asked.within).order_by("pk")


def _unguaranteed(asked: Asked) -> Rows:
    """Households whom the guarantee is to catch and whom no list of civil affairs names."""
    kinds = asked.pack.for_year(asked.year).texts("programme.guarantee_kinds")
    listed = _helped(GUARANTEE, "household_id", year=asked.year)
    return _poor_cards(asked).filter(~listed, kind__in=kinds)


def _guaranteed_not_poor(asked: Asked) -> Rows:
    """Whom civil affairs lists and the register does not hold poor: neither is changed by it, somebody has to look."""
    rows = ProgrammeRecord.objects.filter(programme=GUARANTEE, year=asked.year, off_list=False)
    poor = Exists(
        HouseholdYear.objects.filter(household=OuterRef("household_id"), year=asked.year, poverty_status__in=IN_POVERTY)
    )
    return gate(rows.filter(~poor).select_related("household"), asked.within).order_by("pk")


def _guarantee_unlisted(asked: Asked) -> Rows:
    """Cards that say guarantee where the list of civil affairs says none: their list wins, the card is to be corrected."""
    listed = _helped(GUARANTEE, "household_id", year=asked.year)
    return _poor_cards(asked).filter(~listed, household_class__in=GUARANTEED_CLASSES)


def pupils(asked: Asked) -> Rows:
    """Pupils of poor households at a stage that is entitled to the grant; ``kept``: whether something was paid in the year."""
    try:
        stages = asked.pack.for_year(asked.year).texts("programme.school_aid_stages")
    except NotInForce:
        return PersonYear.objects.annotate(kept=Value(False)).none()
    paid = ProgrammeRecord.objects.filter(
        programme=SCHOOL_AID, person=OuterRef("person_id"), year=asked.year, traced_on__isnull=False
    )
    poor = HouseholdYear.objects.filter(
        household=OuterRef("household_id"), year=asked.year, poverty_status__in=IN_POVERTY
    )
    rows = PersonYear.objects.filter(Exists(poor), year=asked.year, school_stage__in=stages)
    found = gate(rows.select_related("person", "household"), asked.within)
    return found.annotate(kept=Exists(paid)).order_by("person_id")


def _pupils_unpaid(asked: Asked) -> Rows:
    return pupils(asked).filter(kept=False)


def trainable(asked: Asked) -> Rows:
    """Poor households with a labourer; ``kept``: whether one of them has a certificate by the end of the year."""
    certified = _helped(TRAINING, "household_id", year__lte=asked.year, traced_on__isnull=False)
    able = promises.homes_with(asked.within, asked.year, labour__in=LABOUR)
    return _poor_cards(asked).filter(household_id__in=able).annotate(kept=certified)


def _untrained(asked: Asked) -> Rows:
    return trainable(asked).filter(kept=False)


def _moved_without_a_job(asked: Asked) -> Rows:
    """Households that have moved, with a labourer on the card of the year, of whom nobody has work."""
    rows = ProgrammeRecord.objects.filter(
        household_id__in=promises.homes_with(asked.within, asked.year, labour__in=LABOUR),
        programme=RELOCATION,
        year__lte=asked.year,
        off_list=False,
        traced_on__isnull=False,
        own__employed_on__isnull=True,
    )
    return gate(rows.select_related("household"), asked.within).order_by("pk")


def _invested_unlinked(asked: Asked) -> Rows:
    return industry.unlinked(asked.within, asked.year)


def _moved_unsettled(asked: Asked) -> Rows:
    """Households that have moved and for whom school, insurance or guarantee have not moved with them."""
    known = promises.promises(asked.on)
    settled = known["settled"].kept & known["secured"].kept
    rows = promises.standing(asked.within, asked.year).filter(known["settled"].of)
    return rows.filter(~settled).select_related("household").order_by("pk")


def _old_house_standing(asked: Asked) -> Rows:
    """Households that moved longer ago than the old house may stand; none while no limit is in force."""
    try:
        months = int(asked.pack.at(asked.on).number("relocation.demolish_months"))
    except NotInForce:
        return ProgrammeRecord.objects.none()
    moved, down = Q(traced_on__lte=ends_on(asked.on, -months)), promises.promises(asked.on)["demolished"].kept
    rows = promises.standing(asked.within, asked.year).filter(moved, ~down)
    return rows.select_related("household").order_by("pk")


def _hamlets_not_whole(asked: Asked) -> Rows:
    return hamlets.not_whole(asked.within, asked.year)


def _courses_overfull(asked: Asked) -> Rows:
    return training.overfull(asked.within, asked.year)


def _sites_overfull(asked: Asked) -> Rows:
    return hamlets.overfull(asked.within, asked.year)


GAPS: Mapping[str, Gap] = {
    gap.id: gap
    for gap in (
        Gap("unanswered", _unanswered, "household_id", "household"),
        Gap("untraced", _untraced, "pk", "plan__household"),
        Gap("overdue", _overdue, "pk", "household"),
        Gap("moved-without-a-job", _moved_without_a_job, "pk", "household"),
        Gap("moved-unsettled", _moved_unsettled, "pk", "household"),
        Gap("old-house-standing", _old_house_standing, "pk", "household"),
        Gap("unguaranteed", _unguaranteed, "household_id", "household"),
        Gap("guaranteed-not-poor", _guaranteed_not_poor, "pk", "household"),
        Gap("guarantee-unlisted", _guarantee_unlisted, "household_id", "household"),
        Gap("pupils-unpaid", _pupils_unpaid, "person_id", "household"),
        Gap("untrained", _untrained, "household_id", "household"),
        Gap("invested-unlinked", _invested_unlinked, "pk", ""),
        Gap("hamlets-not-whole", _hamlets_not_whole, "pk", ""),
        Gap("sites-overfull", _sites_overfull, "pk", "", "county_code"),
        Gap("courses-overfull", _courses_overfull, "pk", "", "county_code"),
    )
}
"""By identifier, the urgent first."""

COUNT_LIMIT = 10_000
"""Counts go no further: a page says so many or more."""


def counts(asked: Asked) -> dict[str, int]:
    """How long each list is, up to ``COUNT_LIMIT``. One query a list."""
    return {name: gap.rows(asked).order_by()[:COUNT_LIMIT].count() for name, gap in GAPS.items()}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Those of a place whom a question is about, and how many of them it reached."""

    households: int
    covered: int

    @property
    def missed(self) -> int:
        return self.households - self.covered

    @property
    def share(self) -> float | None:
        return self.covered / self.households if self.households else None


def _covered(rows: Rows, digits: int) -> dict[str, Coverage]:
    """By place of so many digits; ``rows``: with ``kept``. One query."""
    counted = (
        rows.order_by()
        .annotate(place=Substr("village_code", 1, digits))
        .values("place")
        .annotate(all=Count("pk"), with_one=Count("pk", filter=Q(kept=True)))
        .order_by("place")
    )
    return {row["place"]: Coverage(row["all"], row["with_one"]) for row in counted}


def coverage(asked: Asked, digits: int) -> dict[str, Coverage]:
    """One household, one person, one skill: poor households with a labourer, and those with somebody who has a certificate."""
    return _covered(trainable(asked), digits)


def paid_pupils(asked: Asked, digits: int) -> dict[str, Coverage]:
    """Entitled pupils, and those to whom something was paid in the year."""
    return _covered(pupils(asked), digits)
