"""What monitoring adds to the page of a household: its watches, its leads, and what became of its help since it left."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from jiefa.monitoring.queries import events, kept, watches
from jiefa.registry.models import Household
from jiefa.site.presenters import monitoring as shown
from jiefa.site.reader import Reader

EXITED = "exited"


def card(reader: Reader, household: Household, year: int) -> dict[str, Any] | None:
    """The card of a household that passed the gate; None where there is nothing to say."""
    on = min(timezone.localdate(), dt.date(year, 12, 31))
    help_ = kept.of_household(household.pk, year, on, reader.pack) if household.poverty_status == EXITED else []
    found, leads = watches.of_household(household.pk), events.of_household(household.pk)
    return shown.of_household(reader, household, found, leads, help_)
