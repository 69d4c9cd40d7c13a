"""Payment files: what a confirmed order pays goes to the bank once; what the bank says of it comes back by a list.

Full account numbers leave the vault here and nowhere else: for whoever confirms money, with an entry in the log and, of every
household, one in the read log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.funds.actions import posting
from jiefa.funds.models import (
    Account,
    Channel,
    Order,
    OrderState,
    Payment,
    PaymentFile,
    Transfer,
    UnitAccount,
)
from jiefa.funds.queries import payments as queries
from jiefa.funds.rules import payments as rules
from jiefa.funds.rules import refusals
from jiefa.funds.rules.payments import Line
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack


@dataclass(frozen=True, slots=True)
class Made:
    """The file, and how many payees of the order have no account on file and are not in it."""

    file: PaymentFile
    without_account: int


@transaction.atomic
def make(*, order_id: int, channel: Channel, by: Actor, pack: Pack) -> Made:
    """The payments of a confirmed order that no file holds yet. Raises ``NotAllowed``, ``PaymentsNotDue``, ``PaymentsNone``."""
    order = Order.objects.select_for_update().get(pk=order_id)
    for area in order.areas.split(","):
        by.demand(Permission.MONEY_CONFIRM, area)
    if order.state != OrderState.ACCEPTED:
        raise refusals.PaymentsNotDue(number=order.pk)
    due = queries.due(order.pk, channel)
    lines, missing = _lines(due, channel, pack)
    if not lines:
        raise refusals.PaymentsNone(number=order.pk, missing=missing)
    chosen = {line.number for line in lines}
    file = PaymentFile.objects.create(
        order=order,
        channel=channel,
        areas=order.areas,
        digest=rules.digest(lines),
        rows=len(lines),
        amount_fen=sum(line.amount_fen for line in lines),
        content=_vault().seal_bytes(json.dumps([asdict(line) for line in lines], ensure_ascii=False).encode()),
        by=by.name,
        at=timezone.now(),
    )
    Payment.objects.bulk_create(
        [Payment(file=file, transfer=one, amount_fen=one.amount_fen) for one in due if one.pk in chosen]
    )
    _log("payments.made", file, by, {"without_account": missing})
    return Made(file, missing)


def _vault() -> Vault:
    return Vault(settings.JIEFA_VAULT_KEY)


def _lines(due: Sequence[Transfer], channel: Channel, pack: Pack) -> tuple[list[Line], int]:
    """The lines of those that have an account, and the number of those that have none."""
    vault, purposes = _vault(), pack.codes("fund_purpose").by_id
    units = _units(one.to_account for one in due) if channel == Channel.BANK else {}
    lines = []
    for one in due:
        account = one.to_account
        home = account.household
        unit = units.get((account.area_code, account.owner))
        sealed = home.account_sealed if home else unit.account_sealed if unit else None
        if sealed is None:
            continue
        said = home or unit
        assert said is not None, one.pk
        holder = said.account_holder or (home.head_name if home else "")
        number = vault.open(bytes(sealed))
        purpose = purposes[one.purpose].zh
        lines.append(Line(one.pk, holder, said.bank_name, number, one.amount_fen, purpose, one.document))
    return lines, len(due) - len(lines)


def _units(accounts: Iterable[Account]) -> dict[tuple[str, str], UnitAccount]:
    names = {(one.area_code, one.owner) for one in accounts}
    found = UnitAccount.objects.filter(area_code__in={area for area, _owner in names})
    return {key: one for one in found if (key := (one.area_code, one.owner)) in names}


@transaction.atomic
def written(*, file_id: int, form: str, by: Actor) -> BinaryIO | bytes:
    """The file as it went to the bank, ``xlsx`` as an open file or ``csv``; that it left is told. Raises ``NotAllowed``."""
    file = PaymentFile.objects.get(pk=file_id)
    for area in file.areas.split(","):
        by.demand(Permission.MONEY_CONFIRM, area)
    lines = [Line(**one) for one in json.loads(_vault().open_bytes(bytes(file.content)))]
    assert rules.digest(lines) == file.digest, f"payment file {file.pk} is not what was made"
    _log("payments.file_left", file, by, {"form": form})
    homes = queries.homes(file.pk) if file.channel == Channel.CARD else []
    audit.record_reads(by=by.name, households=homes, purpose="payment_file")
    if form == "csv":
        return b"".join(sheets.stream_csv(rules.rows(lines), rules.COLUMNS))
    return sheets.opened_xlsx(rules.rows(lines), rules.COLUMNS, sheet_name="代发", language="zh")[0]


def _log(action: str, file: PaymentFile, by: Actor, more: dict[str, object]) -> None:
    said = {"order": file.order_id, "digest": file.digest, "rows": file.rows, "fen": file.amount_fen, **more}
    audit.record(
        chain=posting.chain(file.areas.split(",")),
        by=by.name,
        action=action,
        object_type="payment_file",
        object_id=file.pk,
        diff=said,
    )
