"""Reading comparisons inside a scope: lists with what they are worth, pairs that wait for a clerk, the course of a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.comparison.models import Comparison, Course, Pair, PairState, SiteFinding
from jiefa.comparison.rules import Worth
from jiefa.identification.models import Lead


@dataclass(frozen=True, slots=True)
class Rate:
    """A list and rule with what its leads inside the scope turned out to be; ``overdue``: nobody looked into them by their day."""

    comparison: Comparison
    how: str
    worth: Worth


def rates(within: Scope, most: int = 200) -> list[Rate]:
    """By list (the newest first, so many rows at most) and rule. Two queries."""
    counted = (
        gate(Course.objects.all(), within, "lead__village_code")
        .values("comparison", "how")
        .annotate(
            leads=Count("pk"),
            true=Count("pk", filter=Q(lead__settled="true")),
            kept=Count("pk", filter=Q(lead__settled="kept")),
            wrong=Count("pk", filter=Q(lead__settled="wrong")),
        )
        .order_by("-comparison", "how")[:most]
    )
    rows = list(counted)
    lists = Comparison.objects.select_related("list").in_bulk({row["comparison"] for row in rows})
    return [
        Rate(lists[row["comparison"]], row["how"], Worth(row["leads"], row["true"], row["kept"], row["wrong"]))
        for row in rows
    ]


def waiting(within: Scope, after: int = 0, state: PairState = PairState.WAITING) -> QuerySet[Pair]:
    """Pairs inside the scope that nobody has decided, or that were unclear to whoever looked, after a key."""
    rows = Pair.objects.filter(state=state, pk__gt=after)
    return gate(rows, within).select_related("comparison__list", "person", "household").order_by("pk")


def pair(pk: int, within: Scope) -> Pair | None:
    """The pair, if its household lies inside the scope."""
    rows = Pair.objects.filter(pk=pk).select_related("comparison__list", "person", "household")
    return gate(rows, within).first()


def to_look_into(within: Scope) -> QuerySet[Lead]:
    """Leads of comparisons inside the scope that wait for a visit: neither settled nor found anything of that waits for its review."""
    found = SiteFinding.objects.filter(course__lead=OuterRef("pk"), agreed__isnull=True)
    rows = Lead.objects.filter(settled="", course__isnull=False)
    return gate(rows, within).exclude(Exists(found)).order_by("-pk")


def to_review(within: Scope, by: str) -> QuerySet[Lead]:
    """Leads of comparisons inside the scope of which something was found that waits for this officer: whoever found it is another."""
    found = SiteFinding.objects.filter(agreed__isnull=True).exclude(by=by)
    return gate(Lead.objects.filter(settled="", course__findings__in=found), within).order_by("-pk")


def course_of(lead: Lead) -> Course | None:
    """The course of a lead that passed the gate; None for one of no comparison."""
    return Course.objects.filter(lead=lead).select_related("comparison").first()


def compared(leads: Sequence[int]) -> set[int]:
    """Those of these leads that came of a comparison."""
    return set(Course.objects.filter(lead__in=list(leads)).values_list("lead_id", flat=True))
