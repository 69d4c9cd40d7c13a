"""The lists that one may see, and whether a content was sent in before."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from jiefa.access.rules import Scope
from jiefa.lists.models import ListState, ReceivedList


def received(within: Scope, by: str, kinds: Collection[str] | None = None) -> QuerySet[ReceivedList]:
    """Lists that speak of an area inside the scope, and one's own; the newest first. ``kinds``: only lists of these."""
    inside = Q(staged_by=by)
    for area in within.areas:
        # The areas are few and written one after another: each begins the text or follows a comma.
        inside |= Q(areas__startswith=area) | Q(areas__contains=f",{area}")
    rows = ReceivedList.objects.filter(inside)
    return (rows if kinds is None else rows.filter(kind__in=kinds)).order_by("-pk")


def one(pk: int, within: Scope, by: str) -> ReceivedList | None:
    """The list, if every area of which it speaks lies inside the scope, or if it is one's own."""
    found = ReceivedList.objects.filter(pk=pk).first()
    if found is None or found.staged_by == by:
        return found
    return found if all(within.covers(area) for area in found.areas.split(",")) else None


def known(kind: str, digest: str) -> ReceivedList | None:
    """A list of this content that waits or went in whole."""
    whole = Q(state=ListState.STAGED) | Q(state=ListState.ACCEPTED, held_back=0)
    return ReceivedList.objects.filter(whole, kind=kind, digest=digest).first()
