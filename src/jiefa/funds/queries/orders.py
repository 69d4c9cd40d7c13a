"""Orders: those of an area, one, whether there is one of the same content."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiefa.access.rules import Scope
from jiefa.funds.models import Order, OrderState


def known(kind: str, digest: str) -> Order | None:
    """An order of that content that waits, or was confirmed with every row."""
    standing = Q(state=OrderState.STAGED) | Q(state=OrderState.ACCEPTED, held_back=0)
    return Order.objects.filter(standing, kind=kind, digest=digest).first()


def _inside(within: Scope) -> Q:
    """Orders all of whose areas lie inside: the first area is the smallest code, yet each has to be covered."""
    inside = Q(pk__in=[])
    for low, high in within.ranges():
        inside |= Q(areas__gte=low, areas__lt=high)
    return inside


def orders(within: Scope) -> QuerySet[Order]:
    """The orders whose money lies inside the scope, the newest first; those of several areas are filtered by ``visible``."""
    return Order.objects.filter(_inside(within)).order_by("-pk")


def visible(order: Order, within: Scope) -> bool:
    """Whether every area of the order lies inside the scope."""
    return all(within.covers(area) for area in order.areas.split(","))


def order(pk: int, within: Scope) -> Order | None:
    """The order, if all of its areas lie inside the scope."""
    found = Order.objects.filter(pk=pk).first()
    return found if found is not None and visible(found, within) else None
