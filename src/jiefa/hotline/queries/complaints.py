"""Complaints as whoever may see them sees them: the one gate, one complaint with its steps, lists to act on.

Two ways lead to a complaint: to keep it (a keeper's area holds ``kept_at``), or to belong to the unit that looks into it (a post in exactly
that place). Whoever belongs to a body that is complained of finds nothing on either way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission, Role, bodies_of
from jiefa.areas import queries as areas
from jiefa.hotline.models import Complaint, ComplaintFile, ComplaintStep, Followed, Look, State
from jiefa.hotline.rules import moves, refusals, units
from jiefa.hotline.rules.units import Unit

P = Permission


def unconcerned(rows: QuerySet[Complaint], by: Actor) -> QuerySet[Complaint]:
    """``rows`` without those against a body to which a post of ``by`` belongs."""
    own = bodies_of(by.posts)
    return rows.exclude(against_code__in=sorted(own)) if own else rows


def _of_units(own: Collection[Unit]) -> Q:
    found = Q(pk__in=())
    for kind in (units.OFFICE, units.SUPERVISION):
        places = sorted(unit.place for unit in own if unit.kind == kind)
        if places:
            found |= Q(unit_kind=kind, unit_code__in=places)
    return found


def kept(by: Actor) -> QuerySet[Complaint]:
    """The complaints that ``by`` keeps: those of the keeper's area, none against it."""
    return unconcerned(gate(Complaint.objects.all(), by.scope(P.HOTLINE_KEEP), "kept_at"), by)


def handled(by: Actor) -> QuerySet[Complaint]:
    """The complaints that a unit to which ``by`` belongs looks into or looked into."""
    if not by.may(P.HOTLINE_HANDLE):
        return Complaint.objects.none()
    return unconcerned(Complaint.objects.filter(_of_units(units.units_of(by.posts))), by)


def seen(by: Actor) -> QuerySet[Complaint]:
    """Every complaint that ``by`` may see, the newest first."""
    return (kept(by) | handled(by)).order_by("-pk")


def is_kept(found: Complaint, by: Actor) -> bool:
    """Whether ``by`` keeps this complaint, which passed the gate."""
    return by.may(P.HOTLINE_KEEP, found.kept_at) and not units.is_concerned(by.posts, found.against_code)


def is_handled(found: Complaint, by: Actor) -> bool:
    """Whether ``by`` belongs to the unit that looks into it."""
    own = by.may(P.HOTLINE_HANDLE) and Unit(found.unit_kind, found.unit_code) in units.units_of(by.posts)
    return own and not units.is_concerned(by.posts, found.against_code)


def complaint(receipt: str, by: Actor) -> Complaint:
    """The complaint of this number, if ``by`` may see it. Raises ``ComplaintUnknown`` as if there were none."""
    found = seen(by).filter(receipt=receipt).select_related("household", "merged_into").first()
    if found is None:
        raise refusals.ComplaintUnknown(receipt=receipt)
    return found


def demand(by: Actor) -> None:
    """Raises ``NotAllowed`` for whoever neither keeps complaints nor looks into them."""
    if not by.may(P.HOTLINE_HANDLE):
        by.demand(P.HOTLINE_KEEP)


@dataclass(frozen=True, slots=True)
class Sifted:
    """Which complaints to list: '' for any. ``state``: a state, or ``open``, ``overdue``."""

    state: str = ""
    category: str = ""
    year: int | None = None


def sifted(rows: QuerySet[Complaint], wish: Sifted, on: dt.date) -> QuerySet[Complaint]:
    """``rows`` sifted. ``on``: the day by which something is overdue. An unknown state finds nothing."""
    if wish.category:
        rows = rows.filter(category=wish.category)
    if wish.year is not None:
        rows = rows.filter(received_on__year=wish.year)
    if wish.state == "open":
        return rows.filter(state__in=moves.OPEN)
    if wish.state == "overdue":
        return rows.filter(state__in=moves.OPEN, due_on__lt=on)
    return rows.filter(state=wish.state) if wish.state else rows


def steps(found: Complaint) -> list[ComplaintStep]:
    """The steps of a complaint that passed the gate, oldest first."""
    return list(ComplaintStep.objects.filter(complaint=found).order_by("pk"))


def files(found: Complaint) -> list[ComplaintFile]:
    """The files of a complaint that passed the gate, oldest first."""
    return list(ComplaintFile.objects.filter(complaint=found).order_by("pk"))


def file(receipt: str, pk: int, by: Actor) -> ComplaintFile | None:
    """The file, if ``by`` may see its complaint."""
    return ComplaintFile.objects.filter(pk=pk, complaint__in=seen(by).filter(receipt=receipt).order_by()).first()


def looks(found: Complaint) -> list[Look]:
    """Who opened the caller's identity and words, the newest first."""
    return list(Look.objects.filter(complaint=found).order_by("-pk"))


def followed(found: Complaint) -> Followed | None:
    """What was made of it."""
    return Followed.objects.filter(complaint=found).select_related("case", "violation").first()


def earlier(found: Complaint, by: Actor) -> QuerySet[Complaint]:
    """The complaints with which it may be merged: earlier, of the same county, under way or answered, kept by ``by``, and against the
    same body or a broader one, so that whoever is complained of never answers it (``units.may_join``)."""
    rows = kept(by).filter(pk__lt=found.pk, about_code__startswith=found.about_code[:6])
    if found.against_code:
        rows = rows.filter(against_code__in=sorted(units.joined_to(found.against_code)))
    return rows.exclude(state__in=(State.REFUSED, State.MERGED, State.PASSED_ON)).order_by("-pk")


def joined(found: Complaint) -> list[str]:
    """The bodies complained of in those that were merged with it: its answer is theirs, too."""
    return sorted(
        {*Complaint.objects.filter(merged_into=found).exclude(against_code="").values_list("against_code", flat=True)}
    )


def mine(by: Actor) -> QuerySet[Complaint]:
    """What waits for ``by``: of a keeper's own places what is to be screened, routed, answered, called back; of a unit what it
    looks into. The most urgent first."""
    desk = kept(by).filter(state__in=moves.KEEPERS, kept_at__in=_keeps(by))
    return (desk | handled(by).filter(state=State.ROUTED)).order_by("due_on", "pk")


def _keeps(by: Actor) -> list[str]:
    return sorted(area for role, area in by.posts if role == Role.HOTLINE_KEEPER)


def late_below(by: Actor, on: dt.date) -> QuerySet[Complaint]:
    """What is overdue one level below ``by``: kept by the keepers, or looked into by the units, right below the places of these posts.

    A line of it says no more than its number, category, who owes the step and since when. The most urgent first.
    """
    below = Q(pk__in=())
    if keeps := _keeps(by):
        below |= Q(state__in=moves.KEEPERS, kept_at__in=areas.children_of(keeps).order_by().values("code"))
    own = units.units_of(by.posts) if by.may(P.HOTLINE_HANDLE) else frozenset()
    for kind in (units.OFFICE, units.SUPERVISION):
        if places := sorted(unit.place for unit in own if unit.kind == kind):
            codes = areas.children_of(places).order_by().values("code")
            below |= Q(state=State.ROUTED, unit_kind=kind, unit_code__in=codes)
    return unconcerned(Complaint.objects.filter(below, due_on__lt=on), by).order_by("due_on", "pk")


def waiting(by: Actor, on: dt.date) -> tuple[QuerySet[Complaint], ...]:
    """What waits for ``by``, what of it is overdue, and what is overdue one level below: for counting."""
    desk = mine(by)
    return desk, desk.filter(due_on__lt=on), late_below(by, on)


VIEWS = ("mine", "late", "all")


def viewed(view: str, by: Actor, on: dt.date) -> QuerySet[Complaint]:
    """One of the lists: ``mine``, ``late`` below ``by``, else all that ``by`` may see."""
    if view == "mine":
        return mine(by)
    return late_below(by, on) if view == "late" else seen(by)


def beyond(rows: QuerySet[Complaint], pk: int) -> QuerySet[Complaint]:
    """``rows``, ordered by day and key, behind the complaint of that key; none where there is no such day."""
    due_on = Complaint.objects.filter(pk=pk).values_list("due_on", flat=True).first()
    return rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk)) if due_on else rows.none()
