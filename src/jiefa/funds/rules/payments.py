"""A payment file: its columns, its last line with count, sum and digest, and what the digest is of. No Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType

COLUMNS = (
    Column("number", "流水号", "Payment", ColumnType.TEXT),
    Column("holder", "收款人", "Receiver", ColumnType.TEXT),
    Column("bank", "开户行", "Bank", ColumnType.TEXT),
    Column("account", "账号", "Account", ColumnType.TEXT),
    Column("amount", "金额", "Amount", ColumnType.MONEY),
    Column("purpose", "用途", "Purpose", ColumnType.TEXT),
    Column("document", "依据", "Document", ColumnType.TEXT),
)
TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class Line:
    """One payment as the bank reads it. ``number``: by which the bank's answer names it."""

    number: int
    holder: str
    bank: str
    account: str
    amount_fen: int
    purpose: str
    document: str


def digest(lines: Iterable[Line]) -> str:
    """SHA-256 in hex of number, receiver, bank, account and fen of every line, in their order."""
    texts = ("\x1f".join((str(one.number), one.holder, one.bank, one.account, str(one.amount_fen))) for one in lines)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def rows(lines: list[Line]) -> list[tuple[object, ...]]:
    """The lines by ``COLUMNS``, and the last one: count, sum, digest."""
    told = [
        (str(one.number), one.holder, one.bank, one.account, one.amount_fen, one.purpose, one.document) for one in lines
    ]
    total = (TOTAL, str(len(lines)), "", "", sum(one.amount_fen for one in lines), "", digest(lines))
    return [*told, total]
