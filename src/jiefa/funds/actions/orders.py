"""Orders: transfers that one officer proposes, frozen with their digest, and another confirms; then they are posted whole.

Who confirms holds another right than who proposes, and is another person.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.funds.actions import posting
from jiefa.funds.models import Order, OrderKind, OrderState
from jiefa.funds.queries import orders as queries
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.kernel.errors import Words
from jiefa.kernel.vault import Vault
from jiefa.lists.judged import Remarks, as_table
from jiefa.policy import Pack
from jiefa.registry.intake import folder

KINDS: Mapping[OrderKind, Words] = {
    OrderKind.BUDGETS: Words("资金指标名单", "list of appropriations"),
    OrderKind.TRANSFERS: Words("资金拨付名单", "list of transfers"),
    OrderKind.TYPED: Words("拨付", "transfer"),
    OrderKind.REVERSAL: Words("冲销", "reversal"),
    OrderKind.ALLOCATION: Words("因素法分配", "allocation by factors"),
}


def propose(*, kind: OrderKind, title: str, rows: pa.Table, by: Actor, pack: Pack) -> Order:
    """The order that waits for a second officer. Raises what speaks against a transfer now, ``OrderKnown``, ``NotAllowed``."""
    for code in posting.paying(rows):
        by.demand(Permission.MONEY_PROPOSE, code)
    refuse_known(kind=kind, digest=rules.digest(rows))
    problems, on_file = posting.try_out(rows=rows, pack=pack)
    if problems:
        raise problems[0].error
    lines = pa.array(range(1, rows.num_rows + 1), pa.int64())
    return keep(
        kind=kind, title=title, digest=rules.digest(rows), rows=rows, lines=lines, remarks=Remarks(),
        sheet="", read=rows.num_rows, on_file=len(on_file), source=None, by=by,
    )  # fmt: skip


def refuse_known(*, kind: OrderKind, digest: str) -> None:
    """Nothing where no such order waits or was confirmed. Raises ``OrderKnown``."""
    known = queries.known(kind, digest)
    if known is not None:
        state = known.get_state_display()
        raise refusals.OrderKnown(kind=KINDS[kind], number=known.pk, state=state, title=known.title)


def keep(
    *, kind: OrderKind, title: str, digest: str, rows: pa.Table, lines: pa.Array, remarks: Remarks, sheet: str,
    read: int, on_file: int, source: bytes | None, by: Actor,
) -> Order:  # fmt: skip
    """The order on file as it waits. ``lines``: where each row stands in its file; held rows are not posted."""
    held = pa.array([line in remarks.held for line in lines.to_pylist()], pa.bool_())
    going = rows.filter(pc.invert(held))
    kept = folder.keep(
        settings.JIEFA_HOME,
        rows.append_column("line", lines).append_column("held", held),
        pa.table({}),
        as_table(remarks, sheet),
        Vault(settings.JIEFA_VAULT_KEY).seal_bytes(source) if source is not None else None,
        {"kind": kind.value},
    )
    return Order.objects.create(
        kind=kind,
        title=title[:200],
        digest=digest,
        rows_digest=rules.digest(going),
        state=OrderState.STAGED,
        areas=",".join(Scope.over(posting.paying(rows)).areas),
        rows=read,
        posted=going.num_rows - on_file,
        unchanged=on_file,
        held_back=len(remarks.held),
        warnings=remarks.warnings,
        amount_fen=int(pc.sum(going["amount_fen"]).as_py() or 0),
        folder=kept.path.name,
        staged_at=timezone.now(),
        staged_by=by.name,
    )


def folder_of(found: Order) -> folder.StagedFolder:
    """Where the order waits, with its remarks and its sealed source."""
    return folder.StagedFolder(Path(settings.JIEFA_HOME) / "staged" / found.folder)


def waiting(found: Order) -> pa.Table:
    """The transfers that are posted when it is confirmed, as ``rules.rows.COLUMNS``."""
    table = folder_of(found).households()
    return table.filter(pc.invert(table["held"])).select(rules.COLUMNS.names).cast(rules.COLUMNS)


def _locked(order_id: int, by: Actor) -> Order:
    found = Order.objects.select_for_update().get(pk=order_id)
    for area in found.areas.split(","):
        by.demand(Permission.MONEY_CONFIRM, area)
    if found.state != OrderState.STAGED:
        raise refusals.OrderDecided(number=found.pk, state=found.get_state_display())
    return found


@transaction.atomic
def confirm(*, order_id: int, by: Actor, pack: Pack) -> Order:
    """The order with all its transfers posted, or none.

    Raises ``OrderOwn``, ``OrderDecided``, ``OrderChanged``, ``NotAllowed``, and what speaks against a transfer by now.
    """
    found = _locked(order_id, by)
    if found.staged_by == by.name:
        raise refusals.OrderOwn(number=found.pk)
    rows = waiting(found)
    if rules.digest(rows) != found.rows_digest:
        raise refusals.OrderChanged(number=found.pk)
    done = posting.post_many(rows=rows, by=by, pack=pack, of_order=found)
    # What came on file since it was proposed is not posted again: the counts say what really was.
    found.posted, found.unchanged = done.new, done.unchanged
    _decide(found, OrderState.ACCEPTED, by, "", {"transfers": done.new, "fen": done.fen})
    return found


@transaction.atomic
def refuse(*, order_id: int, reason: str, by: Actor) -> Order:
    """The order, refused; nothing of it was posted. Raises ``OrderDecided``, ``OrderReason``, ``NotAllowed``."""
    found = _locked(order_id, by)
    if not reason.strip():
        raise refusals.OrderReason(number=found.pk)
    _decide(found, OrderState.REFUSED, by, reason.strip()[:400], {})
    return found


def _decide(found: Order, state: OrderState, by: Actor, reason: str, counts: Mapping[str, int]) -> None:
    found.state, found.decided_at, found.decided_by, found.reason = state, timezone.now(), by.name, reason
    changed = ["state", "decided_at", "decided_by", "reason", "posted", "unchanged"]
    found.save(update_fields=changed, force_update=True)
    diff = {"kind": found.kind, "digest": found.digest, "staged_by": found.staged_by, "reason": reason, **counts}
    audit.record(
        chain=posting.chain(found.areas.split(",")),
        by=by.name,
        action=f"order.{state.value}",
        object_type="order",
        object_id=found.pk,
        diff=diff,
    )
