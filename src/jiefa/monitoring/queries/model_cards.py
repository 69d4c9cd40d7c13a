"""Reading model cards, and the order of visits that the newest card of a year stands for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from jiefa import snapshots
from jiefa.access.rules import Scope
from jiefa.monitoring.models import ModelCard
from jiefa.registry.models import Household
from jiefa.snapshots import Snapshot
from jiefa.stores.analysis import duckdb_space


def cards() -> QuerySet[ModelCard]:
    """Every card, the newest first."""
    return ModelCard.objects.order_by("-pk")


def newest(year: int) -> ModelCard | None:
    """The card that holds of a year."""
    return cards().filter(year=year).first()


def card(pk: int) -> ModelCard | None:
    """The card of that number."""
    return ModelCard.objects.filter(pk=pk).first()


def order_file(card: ModelCard, snapshot: Snapshot) -> Path:
    """Where the order of visits stands beside the snapshot whose households it orders."""
    return snapshot.derived(f"visits-{card.pk}.parquet")


@dataclass(frozen=True, slots=True)
class Visit:
    """One household in the order of visits: its place among all, triggers on its card."""

    place: int
    household: Household
    triggers: int


def visits(card: ModelCard, within: Scope, after: int = 0, size: int = 50) -> tuple[list[Visit], bool]:
    """The households inside the scope after a place in the order, and whether more follow. Those who moved out of it since are left out."""
    try:
        file = order_file(card, snapshots.find(Path(settings.JIEFA_HOME), card.order_of))
    except snapshots.SnapshotUnknown:
        return [], False
    if not within or not file.exists():
        return [], False
    inside = " OR ".join("(village_code >= ? AND village_code < ?)" for _ in within.areas)
    sql = f"SELECT place, household_id, triggers FROM read_parquet(?) WHERE ({inside}) AND place > ? ORDER BY place LIMIT ?"
    bounds = [bound for pair in within.ranges() for bound in pair]
    with duckdb_space() as db:
        rows = db.execute(sql, [str(file), *bounds, after, size + 1]).fetchall()
    homes = Household.objects.in_bulk([key for _place, key, _triggers in rows[:size]])
    found = [Visit(place, homes[key], fired) for place, key, fired in rows[:size] if key in homes]
    return [one for one in found if within.covers(one.household.village_code)], len(rows) > size
