"""The books of a year closed for a place, and opened again by whoever may confirm."""

from __future__ import annotations

import pyarrow as pa
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.funds.actions.posting import ACCOUNTS, LOCKED
from jiefa.funds.models import Account, ClosedYear
from jiefa.funds.rules import refusals
from jiefa.kernel import division_codes
from jiefa.stores.locking import lock


@transaction.atomic
def close_year(*, area: str, year: int, by: Actor) -> ClosedYear:
    """From now on nothing is dated into ``year`` there or inside. Raises ``YearStands``, ``NotAllowed``."""
    place = _held(area, by)
    closed, made = ClosedYear.objects.get_or_create(
        area_code=area, year=year, defaults={"by": by.name, "at": timezone.now()}
    )
    if not made:
        raise refusals.YearStands(place=place, year=year)
    _log("money.year_closed", area, year, by)
    return closed


@transaction.atomic
def open_year(*, area: str, year: int, by: Actor) -> None:
    """The year is open again. Raises ``YearStands``, ``NotAllowed``."""
    place = _held(area, by)
    if not ClosedYear.objects.filter(area_code=area, year=year).delete()[0]:
        raise refusals.YearStands(place=place, year=year)
    _log("money.year_opened", area, year, by)


def _held(area: str, by: Actor) -> str:
    """The name of the place, when everything that money could come from is locked: who posts reads closed years after that."""
    by.demand(Permission.MONEY_CONFIRM, area)
    name = areas.division(area).name
    low, high = division_codes.prefix_range(area)
    above = Q(area_code__in=["", *division_codes.ancestors(area)])
    inside = Account.objects.filter(Q(area_code__gte=low, area_code__lt=high) | above)
    lock(ACCOUNTS, pa.array(inside.order_by("pk").values_list("pk", flat=True), pa.int64()), LOCKED)
    return name


def _log(action: str, area: str, year: int, by: Actor) -> None:
    audit.record(chain=area, by=by.name, action=action, object_type="division", object_id=area, diff={"year": year})
