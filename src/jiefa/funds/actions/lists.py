"""Lists of money in Excel, appropriations or transfers: read, every row judged, kept as an order that a second officer confirms.

Errors hold a row back, odd things are said, the same content is taken once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.funds.actions import orders, posting
from jiefa.funds.models import Order, OrderKind
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import SOURCE, WORLD, NewTransfer, OriginKey, Party
from jiefa.identification import queries as register
from jiefa.lists import judged as judging
from jiefa.lists.judged import Remarks
from jiefa.lists.rules import Remark
from jiefa.policy import Pack
from jiefa.sheets.forms import specs_of

KEPT_SOURCE_BYTES = 64 << 20
LISTS = (OrderKind.BUDGETS, OrderKind.TRANSFERS)
Homes = Mapping[str, tuple[int, str]]


def stage(*, file: Path, name: str, kind: OrderKind, by: Actor, pack: Pack) -> Order:
    """The list as an order that waits. Raises ``NotAllowed``, errors of ``sheets``, ``OrderKnown``, ``OrderEmpty``."""
    within = by.demand(Permission.MONEY_PROPOSE)
    form = pack.form(kind.value)
    sheet = form.sheets[0].id
    read = sheets.read(file, specs_of(pack, form))
    orders.refuse_known(kind=kind, digest=read.digest)
    remarks = Remarks()
    remarks.say_of_cells(read)
    found = [judging.named(form, row) for row in read.tables[sheet].to_pylist()]
    made = _transfers(found, kind, within, remarks)
    rows, lines = rules.table(transfer for _line, transfer in made), [line for line, _transfer in made]
    problems, on_file = posting.try_out(rows=rows, pack=pack) if made else ([], frozenset())
    for one in problems:
        error = one.error
        remarks.say(
            lines[one.row], Remark("error", error.code, _column(error, form), error.message("zh"), error.message("en"))
        )
    if made:
        _say_alike(made, remarks)
    if not set(lines) - remarks.held:
        raise refusals.OrderEmpty(title=name)
    small = file.is_file() and file.stat().st_size <= KEPT_SOURCE_BYTES
    return orders.keep(
        kind=kind,
        title=name,
        digest=read.digest,
        rows=rows,
        lines=pa.array(lines, pa.int64()),
        remarks=remarks,
        sheet=sheet,
        read=read.rows_read[sheet] - read.skipped_rows(sheet),
        on_file=len(on_file),
        source=file.read_bytes() if small else None,
        by=by,
    )


def _column(error: refusals.TransferWrong, form: Any) -> str:
    """Where in this list the error belongs; '' where the list has no such column."""
    return error.column if error.column in {one.id for one in form.sheets[0].fields} else ""


def _transfers(
    found: Sequence[Mapping[str, Any]], kind: OrderKind, within: Scope, remarks: Remarks
) -> list[tuple[int, NewTransfer]]:
    """The transfers of rows without an error in a cell, with their line; those of other places are held back."""
    numbers = sorted({row["household_number"] for row in found if row.get("household_number")})
    homes: Homes = register.homes_by_number(numbers, within) if numbers else {}
    made = []
    for row in found:
        if row["row"] in remarks.held:
            continue
        if kind is OrderKind.BUDGETS:
            transfer: NewTransfer | Remark = _appropriation(row)
        else:
            transfer = _transfer(row, homes)
        if isinstance(transfer, NewTransfer) and not within.covers(_paying(transfer)):
            transfer = _NOT_YOURS
        if isinstance(transfer, Remark):
            remarks.say(row["row"], transfer)
        else:
            made.append((row["row"], transfer))
    return made


def _paying(transfer: NewTransfer) -> str:
    return transfer.payer.area_code or transfer.receiver.area_code


def _text(row: Mapping[str, Any], column: str) -> str:
    return (row.get(column) or "").strip()


def _appropriation(row: Mapping[str, Any]) -> NewTransfer:
    code = _text(row, "area_code")
    origin = OriginKey(row["source"], row["fund_type"], row["fund_year"], code, _text(row, "giver"))
    return NewTransfer(
        payer=WORLD,
        receiver=Party(SOURCE, code),
        origin=origin,
        amount_fen=row["amount"],
        on=row["day"],
        purpose=row["purpose"],
        document=_text(row, "document"),
        key=f"{code}/{_text(row, 'voucher')}",
    )


def _transfer(row: Mapping[str, Any], homes: Homes) -> NewTransfer | Remark:
    number = _text(row, "household_number")
    if number and number not in homes:
        return _NO_HOUSEHOLD
    sides = {}
    for side in ("from", "to"):
        kind, code, owner = row[f"{side}_kind"], _text(row, f"{side}_code"), _text(row, f"{side}_owner")
        # A household is the side that is a payee without a name.
        if number and kind == rules.PAYEE and not owner:
            key, village = homes[number]
            if not village.startswith(code):
                return _OTHER_PLACE
            sides[side] = Party(kind, village, "", key)
        else:
            sides[side] = Party(kind, code, owner)
    origin = OriginKey(
        row["source"], row["fund_type"], row["fund_year"], _text(row, "origin_code"), _text(row, "giver")
    )
    return NewTransfer(
        payer=sides["from"],
        receiver=sides["to"],
        origin=origin,
        amount_fen=row["amount"],
        on=row["day"],
        purpose=row["purpose"],
        document=_text(row, "document"),
        key=f"{sides['from'].area_code}/{_text(row, 'voucher')}",
    )


def _say_alike(made: Sequence[tuple[int, NewTransfer]], remarks: Remarks) -> None:
    """Rows that say the same of the same day but for their number may be one payment twice."""
    seen: dict[tuple[object, ...], int] = {}
    for line, one in made:
        content = (one.payer, one.receiver, one.origin, one.amount_fen, one.on, one.purpose)
        first = seen.setdefault(content, line)
        if first != line:
            remarks.say(line, _alike(first))


def _alike(line: int) -> Remark:
    return Remark(
        "warn",
        "funds.alike",
        "amount",
        f"与第 {line} 行同一天、同样的双方和金额，只有编号不同。如是重复付款，请删去一行。",
        f"Day, accounts and amount are those of row {line}; only the number differs. Delete one if it is the same payment.",
    )


_NOT_YOURS = Remark(
    "error",
    "funds.not_yours",
    "from_code",
    "付款（记账）地区不在您的管辖范围内。请由当地提出。",
    "The payer (or where it is booked) lies outside your area. The office there proposes it.",
)
_NO_HOUSEHOLD = Remark(
    "error",
    "funds.no_household",
    "household_number",
    "在您管辖范围的登记册里找不到这个户编号。请核对。",
    "No household of that number on the register of your area. Check it.",
)
_OTHER_PLACE = Remark(
    "error",
    "funds.household_elsewhere",
    "household_number",
    "这一户不在所写的地区。请核对地区代码和户编号。",
    "The household does not live in that place. Check the code and the number.",
)


def write_report(found: Order, pack: Pack, source: Path, target: Path) -> bool:
    """The owner's workbook with what is wrong beside it; False where there is nothing to say of any row."""
    return judging.write_report(orders.folder_of(found), pack.form(found.kind), pack, source, target)
