"""What everybody may read of money: approved projects whose notice has run, and what they paid. No number of a household, no whole name."""

from __future__ import annotations

from django.db.models import QuerySet

from jiefa.disclosure.rules import masked
from jiefa.funds.models import Account, Project, Transfer
from jiefa.kernel import division_codes


def projects(place: str | None) -> QuerySet[Project]:
    """The projects inside ``place``, everywhere for None, the newest first."""
    rows = Project.objects.filter(approved_on__isnull=False, noticed_on__isnull=False)
    if place:
        low, high = division_codes.prefix_range(place)
        rows = rows.filter(place_code__gte=low, place_code__lt=high)
    return rows.order_by("-pk")


def payments(found: Project) -> QuerySet[Transfer]:
    """What the project paid and was not taken back, the newest first."""
    pots = Account.objects.filter(kind="project", area_code=found.place_code, owner=found.number).values("pk")
    rows = Transfer.objects.filter(
        from_code=found.place_code,
        from_account__in=pots,
        to_account__kind="payee",
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    return rows.select_related("to_account__household").order_by("-pk")


def payee(one: Transfer) -> str:
    """Who was paid: a unit by its name, a household by its head's masked name."""
    household = one.to_account.household
    return one.to_account.owner if household is None else masked(household.head_name)
