"""That a list left the system is an entry of the log."""

from __future__ import annotations

from django.db import transaction

from jiefa.audit import actions as audit


@transaction.atomic
def record(*, by: str, what: str, areas: tuple[str, ...], rows: str = "") -> None:
    """One entry per area of the list that left."""
    for area in areas:
        audit.record(
            chain=area,
            by=by,
            action="list.exported",
            object_type="list",
            object_id=what,
            diff={"area": area, "rows": rows},
        )
