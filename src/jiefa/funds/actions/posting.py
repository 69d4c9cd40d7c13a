"""Transfers posted, one or a million by the same way: all of them or none, no account ever below zero in their order.

Accounts are locked in the order of their keys before any balance is read, so that two who post at the same moment see each
other. What is on file under a key is not posted again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.funds.actions import opening
from jiefa.funds.models import DOCUMENT_LENGTH, KEY_LENGTH, Account, AccountKind, Order, Transfer
from jiefa.funds.queries import checks
from jiefa.funds.queries import paying as projects
from jiefa.funds.rules import guards, refusals, running
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.refusals import Problem
from jiefa.funds.rules.rows import NewTransfer, OriginKey, Party
from jiefa.kernel import money
from jiefa.policy import Pack
from jiefa.stores import bulk
from jiefa.stores.locking import lock

TABLE, ACCOUNTS = "funds_transfer", "funds_account"
LENGTHS = (KEY_LENGTH, DOCUMENT_LENGTH)
LOCKED = pa.schema([("id", pa.int64()), ("kind", pa.string()), ("area_code", pa.string()), ("balance_fen", pa.int64())])
NAMED = 10
"""Accounts that the messages of one refusal name."""


@dataclass(frozen=True, slots=True)
class Posted:
    """How many transfers are new on file, how many stood there before, and the fen of the new ones."""

    new: int
    unchanged: int
    fen: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Judged:
    """Transfers with their accounts locked: what is wrong, which are on file already, what every account holds after the rest."""

    problems: list[Problem]
    on_file: frozenset[int]
    opened: opening.Opened
    locked: pa.Table
    balances: list[int]
    of_projects: projects.Judged


def paying(rows: pa.Table) -> list[str]:
    """The places whose money moves: of the payers; of the receiver where money comes from outside, or comes back."""
    outside = pc.or_(pc.equal(rows["from_kind"], rules.OUTSIDE), pc.is_valid(rows["reverses"]))
    back = pc.and_(outside, pc.not_equal(rows["to_kind"], rules.OUTSIDE))
    return sorted(pc.unique(pc.if_else(back, rows["to_code"], rows["from_code"])).to_pylist())


@transaction.atomic
def post(*, transfer: NewTransfer, by: Actor, pack: Pack) -> Transfer:
    """The transfer on file; the first one when it comes again under its key. Raises as ``post_many``."""
    post_many(rows=rules.table([transfer]), by=by, pack=pack)
    return Transfer.objects.get(key=transfer.key)


@transaction.atomic
def reverse(*, transfer_id: int, on: dt.date, reason: str, document: str, by: Actor, pack: Pack) -> Transfer:
    """The transfer that takes this one back, whole. Raises ``NotToReverse``, ``ReasonMissing``, and as ``post_many``."""
    return post(transfer=reversal(transfer_id=transfer_id, on=on, reason=reason, document=document), by=by, pack=pack)


def reversal(*, transfer_id: int, on: dt.date, reason: str, document: str) -> NewTransfer:
    """The transfer that would take this one back. Raises ``ReasonMissing``."""
    wrong = Transfer.objects.select_related("from_account", "to_account", "origin").get(pk=transfer_id)
    return reversal_of(wrong, on=on, reason=reason, document=document)


def reversal_of(wrong: Transfer, *, on: dt.date, reason: str, document: str) -> NewTransfer:
    """As ``reversal``, of a transfer that was read with its accounts and origin."""
    if not reason.strip():
        raise refusals.ReasonMissing(key=wrong.key)
    return NewTransfer(
        payer=_party(wrong.to_account),
        receiver=_party(wrong.from_account),
        origin=OriginKey(
            wrong.origin.source, wrong.origin.type, wrong.origin.year, wrong.origin.area_code, wrong.origin.giver
        ),
        amount_fen=wrong.amount_fen,
        on=on,
        purpose=wrong.purpose,
        document=document,
        key=f"reversal/{wrong.pk}",
        reverses=wrong.pk,
        reason=reason.strip()[:200],
    )


def _party(account: Account) -> Party:
    return Party(account.kind, account.area_code, account.owner, account.household_id)


@transaction.atomic
def post_many(*, rows: pa.Table, by: Actor, pack: Pack, of_order: Order | None = None) -> Posted:
    """What was posted of ``rows`` (``rules.rows.COLUMNS``, in the order in which they happen): all or nothing, one log entry,
    which with ``of_order`` is that of the order.

    Raises ``NotAllowed``, the first ``TransferWrong`` in the order of the rows, ``PostedMeanwhile``.
    """
    if not rows.num_rows:
        return Posted(0, 0, 0, rules.digest(rows))
    for code in paying(rows):
        by.demand(Permission.MONEY_CONFIRM, code)
    wrong = guards.problems(rows, pack, timezone.localdate(), LENGTHS) or list(projects.hands(rows, by.name))
    if wrong:
        raise wrong[0].error
    judged = _judge(rows, pack)
    if judged.problems:
        raise judged.problems[0].error
    fresh = pa.array([row for row in range(rows.num_rows) if row not in judged.on_file], pa.int64())
    fen = int(pc.sum(rows["amount_fen"].take(fresh)).as_py() or 0)
    posted = Posted(len(fresh), len(judged.on_file), fen, rules.digest(rows))
    if posted.new:
        keys = _write(rows, fresh, judged, by.name, of_order)
        if of_order is None:
            _log(rows, posted, keys, by.name)
    return posted


def try_out(*, rows: pa.Table, pack: Pack) -> tuple[list[Problem], frozenset[int]]:
    """What would be wrong with which row if ``rows`` were posted now, and which are on file already. Keeps nothing.

    A row with a problem moves nothing: those after it are judged without it.
    """
    wrong = guards.problems(rows, pack, timezone.localdate(), LENGTHS)
    bad = {one.row for one in wrong}
    good = [row for row in range(rows.num_rows) if row not in bad]
    if not good:
        return wrong, frozenset()
    with transaction.atomic():
        judged = _judge(rows.take(pa.array(good, pa.int64())), pack)
        transaction.set_rollback(True)
    problems = [*wrong, *(Problem(good[one.row], one.error) for one in judged.problems)]
    return sorted(problems, key=lambda one: one.row), frozenset(good[row] for row in judged.on_file)


def _judge(rows: pa.Table, pack: Pack) -> _Judged:
    """The rows against what is on file: keys, places, closed years, reversals, projects, balances. Locks accounts, then projects."""
    opened = opening.accounts(rows)
    locked = lock(ACCOUNTS, opened.keys, LOCKED)
    sides = (opened.keys.to_pylist(), opened.payers, opened.receivers)
    found = [
        *checks.keys(rows, *sides),
        *checks.places(rows),
        *checks.households(rows),
        *checks.closed(rows),
        *checks.reversals(rows, *sides),
    ]
    on_file = frozenset(one for one in found if isinstance(one, int))
    problems = [one for one in found if isinstance(one, Problem)]
    payers = [sides[0][place] for place in opened.payers]
    problems += projects.fees(rows, payers, on_file | {one.row for one in problems}, pack)
    of_projects = projects.judge(rows, on_file | {one.row for one in problems}, pack)
    problems += of_projects.problems
    left_out = on_file | {one.row for one in problems}
    balances = locked["balance_fen"].to_pylist()
    kinds = locked["kind"].to_pylist()
    outside = {place for place, kind in enumerate(kinds) if kind == AccountKind.OUTSIDE}
    amounts = rows["amount_fen"].to_pylist()
    short = running.walk(opened.payers, opened.receivers, amounts, balances, outside, left_out)
    names = checks.names([opened.keys[opened.payers[one.row]].as_py() for one in short[:NAMED]])
    for one in short:
        account = opened.keys[opened.payers[one.row]].as_py()
        said = {"balance": one.balance_fen, "asked": amounts[one.row]}
        error = refusals.BalanceShort(
            key=rows["key"][one.row].as_py(),
            account=names.get(account, "—"),
            **{name: money.format_yuan(fen) for name, fen in said.items()},
        )
        problems.append(Problem(one.row, error))
    return _Judged(sorted(problems, key=lambda one: one.row), on_file, opened, locked, balances, of_projects)


def _write(rows: pa.Table, fresh: pa.Array, judged: _Judged, by: str, of_order: Order | None) -> pa.Array:
    """The keys of the new transfers; balances follow, one statement for all accounts."""
    chosen = rows.take(fresh)
    codes = judged.locked["area_code"].combine_chunks()
    payers = pa.array(judged.opened.payers, pa.int64()).take(fresh)
    receivers = pa.array(judged.opened.receivers, pa.int64()).take(fresh)
    count = len(fresh)
    keys = bulk.new_ids(TABLE, count)
    made = pa.table(
        {
            "id": keys,
            "from_account_id": pc.take(judged.opened.keys, payers),
            "to_account_id": pc.take(judged.opened.keys, receivers),
            "origin_id": judged.opened.origins.take(fresh),
            "from_code": pc.take(codes, payers),
            "to_code": pc.take(codes, receivers),
            **{name: chosen[name] for name in ("amount_fen", "on", "purpose", "document", "key", "reason")},
            "reverses_id": chosen["reverses"],
            "of_order_id": pa.array([of_order.pk if of_order else None] * count, pa.int64()),
            "by": pa.array([by] * count, pa.string()),
            "at": pa.array([timezone.now()] * count, pa.timestamp("us", "UTC")),
        }
    )
    try:
        with transaction.atomic():
            bulk.insert(TABLE, made)
    except IntegrityError as reason:
        # Only a key that somebody else posted with other accounts, which no lock of ours held back.
        if not checks.any_key(chosen["key"].to_pylist()[: checks.AT_ONCE]):
            raise
        raise refusals.PostedMeanwhile from reason
    before = judged.locked["balance_fen"].to_pylist()
    changed = [place for place, fen in enumerate(judged.balances) if fen != before[place]]
    news = pa.table(
        {
            "id": judged.opened.keys.take(pa.array(changed, pa.int64())),
            "balance_fen": pa.array([judged.balances[place] for place in changed], pa.int64()),
        }
    )
    bulk.update(ACCOUNTS, news, "id")
    bulk.update(projects.TABLE, judged.of_projects.sums(), "id")
    bulk.update(projects.BENEFICIARIES, judged.of_projects.reached(), "id")
    return keys


def _log(rows: pa.Table, posted: Posted, keys: pa.Array, by: str) -> None:
    """One entry: how much, of what content; what went where stands in the transfers, which never change."""
    areas = Scope.over(paying(rows)).areas
    more = f"+{len(keys) - 1}" if len(keys) > 1 else ""
    audit.record(
        chain=chain(areas),
        by=by,
        action="money.posted",
        object_type="transfer",
        object_id=f"{keys[0].as_py()}{more}",
        diff={"transfers": posted.new, "fen": posted.fen, "digest": posted.digest, "areas": areas[:NAMED]},
    )


def chain(areas: Sequence[str]) -> str:
    """The chain of the log in which money of these places is told: their county's, else ``system``."""
    return areas[0] if len({area[:6] for area in areas}) == 1 else "system"
