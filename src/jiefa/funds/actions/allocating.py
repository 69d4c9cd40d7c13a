"""Money of one pot shared out to counties by factors: proposed with its arithmetic, confirmed by a second officer, then paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.funds.actions import orders
from jiefa.funds.models import KEY_LENGTH, Account, Allocation, AllocationShare, FactorValue, OrderKind
from jiefa.funds.queries import factors as queries
from jiefa.funds.rules import factors as rules
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as flat
from jiefa.funds.rules.factors import Workings
from jiefa.funds.rules.rows import HOLDER, NewTransfer, OriginKey, Party
from jiefa.kernel.allocation import largest_remainder
from jiefa.policy import Pack
from jiefa.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shared out and what for. ``task_people``: who are to leave poverty with it, in all counties."""

    account: int
    fen: int
    purpose: str
    document: str
    goal: str
    rights: str
    task_people: int
    on: dt.date


def reckon(*, wish: Wish, snapshot: Snapshot, by: Actor, pack: Pack) -> Workings:
    """The arithmetic, nothing kept. Raises ``NothingToAllocate``, ``FiguresMissing``, ``NotAllowed``."""
    account = Account.objects.get(pk=wish.account)
    by.demand(Permission.MONEY_PROPOSE, account.area_code)
    try:
        return rules.share_out(
            wish.fen, queries.facts(account.area_code, snapshot, pack), queries.weights(pack.at(wish.on))
        )
    except ValueError as reason:
        raise refusals.NothingToAllocate(place=account.area_code, year=snapshot.year) from reason


@transaction.atomic
def propose(*, wish: Wish, snapshot: Snapshot, by: Actor, pack: Pack) -> Allocation:
    """The allocation, waiting for a second officer. Raises as ``reckon`` and ``orders.propose``."""
    workings = reckon(wish=wish, snapshot=snapshot, by=by, pack=pack)
    account = Account.objects.select_related("origin").get(pk=wish.account)
    given = [share for share in workings.shares if share.fen]
    of = account.origin
    transfers = [
        NewTransfer(
            payer=Party(HOLDER, account.area_code),
            receiver=Party(HOLDER, share.area),
            origin=OriginKey(of.source, of.type, of.year, of.area_code, of.giver),
            amount_fen=share.fen,
            on=wish.on,
            purpose=wish.purpose,
            document=wish.document,
            key=f"{account.area_code}/{share.area}/{wish.document}"[:KEY_LENGTH],
        )
        for share in given
    ]
    order = orders.propose(kind=OrderKind.ALLOCATION, title=wish.document, rows=flat.table(transfers), by=by, pack=pack)
    made = Allocation.objects.create(
        account=account,
        snapshot=snapshot.id,
        snapshot_year=snapshot.year,
        policy_version=pack.version,
        amount_fen=wish.fen,
        purpose=wish.purpose,
        goal=wish.goal.strip()[:400],
        rights=wish.rights.strip()[:400],
        document=wish.document,
        workings=workings.as_json(),
        order=order,
        by=by.name,
        at=timezone.now(),
    )
    tasks = largest_remainder(wish.task_people, [share.people for share in given])
    AllocationShare.objects.bulk_create(
        [
            AllocationShare(allocation=made, area_code=share.area, amount_fen=share.fen, task_people=task)
            for share, task in zip(given, tasks, strict=True)
        ]
    )
    audit.record(
        chain=account.area_code,
        by=by.name,
        action="allocation.proposed",
        object_type="allocation",
        object_id=made.pk,
        diff={"fen": wish.fen, "order": order.pk, "snapshot": snapshot.id, "policy": pack.version},
    )
    return made


@dataclass(frozen=True, slots=True)
class Reported:
    """A factor's value of a county in a year, as an office stated it."""

    area_code: str
    year: int
    factor: str
    value: Decimal
    source: str


@transaction.atomic
def report(*, values: Sequence[Reported], by: Actor) -> int:
    """How many values stand now for what was reported; a county's earlier value of that year is replaced. Raises ``NotAllowed``."""
    for one in values:
        by.demand(Permission.MONEY_PROPOSE, one.area_code)
    return keep(values=values, by=by)


def keep(*, values: Sequence[Reported], by: Actor) -> int:
    """As ``report``, of a list whose sender and second officer had the right. Must run inside a transaction."""
    now = timezone.now()
    rows = {
        (one.area_code, one.year, one.factor): FactorValue(
            area_code=one.area_code,
            year=one.year,
            factor=one.factor,
            value=one.value,
            source=one.source,
            by=by.name,
            at=now,
        )
        for one in values
    }
    FactorValue.objects.bulk_create(
        rows.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["area_code", "year", "factor"],
        update_fields=["value", "source", "by", "at"],
    )
    audit.record(
        chain="system",
        by=by.name,
        action="factors.reported",
        object_type="factor",
        object_id=len(rows),
        diff={"values": [[one.area_code, one.year, one.factor, str(one.value)] for one in values]},
    )
    return len(rows)
