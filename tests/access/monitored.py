"""A lead, a watch and a model card about a household, planted for the walk."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa.monitoring.models import Event, ModelCard, Watch
from jiefa.registry.models import Household


def plant(household: Household, year: int, snapshot: str) -> dict[str, object]:
    """What pages of monitoring are about, by the names of the walk."""
    now, day = timezone.now(), dt.date(year, 10, 8)
    lead = Event.objects.create(
        household=household,
        village_code=household.village_code,
        year=year,
        source="self",
        trigger="accident",
        on=day,
        detail="x",
        by="x",
        at=now,
    )
    watch = Watch.objects.create(
        household=household,
        group="unstable",
        triggers="accident",
        year=year,
        since=day,
        dossier=10_000_000 + household.pk,
        by="x",
        at=now,
    )
    card = ModelCard.objects.create(
        year=year,
        order_of=snapshot,
        snapshots=[snapshot],
        policy_version="x",
        used=False,
        reason="too_short",
        facts={"train": None, "held_out": None, "years": []},
        seconds=0,
        by="x",
        at=now,
    )
    return {"watch_lead": lead.pk, "watch": watch.pk, "model_card": card.pk}
