"""Making a snapshot and everything that is computed from it: violations, indicators. The derived files stand beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import snapshots
from jiefa.audit import actions as audit
from jiefa.audit import queries as audit_queries
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.queries import readout
from jiefa.snapshots import Snapshot, TableSource
from jiefa.stores import bulk

Beside = Callable[[int, dt.date, Mapping[str, int]], Sequence[TableSource]]
"""The tables that capabilities above put beside the cards: of a year, as of a day, for counties with their households."""


class NoCards(JiefaError):
    code = "insight.no_cards"
    zh = "登记册里没有 {year} 年的卡片，无法生成快照。请先导入该年花名册。"
    en = "The register holds no cards of {year}; a snapshot cannot be made. Load a roster of that year first."


def make_snapshot(
    *,
    year: int,
    now: bool,
    pack: Pack,
    by: str,
    beside: Beside,
    on_progress: Callable[[int, int], None] | None = None,
) -> Snapshot:
    """The records of ``year`` frozen: as of its end, or (``now``) as they stand. Raises ``NoCards``."""
    counties = readout.counties(year)
    if not counties:
        raise NoCards(year=year)
    as_of = (
        timezone.localtime() if now else dt.datetime(year, 12, 31, 23, 59, 59, tzinfo=timezone.get_default_timezone())
    )
    day = min(as_of.date(), dt.date(year, 12, 31))
    # Lists that came in since are read by every county's queries. Without statistics of visits and cases one county of a whole province's
    # help took more than eight minutes, with them a second (PostgreSQL, 2026-11).
    bulk.refresh_statistics([model._meta.db_table for model in apps.get_models()])
    tables = [*readout.sources(year, counties), *beside(year, day, counties)]
    mark = audit_queries.newest()
    snapshot = snapshots.build(
        Path(settings.JIEFA_HOME),
        year=year,
        kind="now" if now else "freeze",
        as_of=as_of,
        made_by=by,
        policy_version=pack.version,
        mark=mark,
        tables=tables,
        on_progress=on_progress,
    )
    with transaction.atomic():
        audit.record(
            chain="system",
            by=by,
            action="snapshot.made",
            object_type="snapshot",
            object_id=snapshot.id,
            diff={"digest": snapshot.digest, **{table.name: table.rows for table in snapshot.manifest.tables}},
        )
    return snapshot
