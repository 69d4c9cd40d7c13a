"""Transfers and projects as Excel files: complete, in scope, in the columns by which a list can be loaded again; no name of a household."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from django.db.models import QuerySet

from jiefa import sheets
from jiefa.areas import queries as areas
from jiefa.funds.models import Project, Transfer
from jiefa.kernel.errors import Language
from jiefa.policy import Pack
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.sheets.forms import specs_of

CHUNK = 2_000
MORE = (
    Column("from_place", "付款地区", "Payer's place", ColumnType.TEXT),
    Column("to_place", "收款地区", "Receiver's place", ColumnType.TEXT),
    Column("reverses", "冲销的拨付编号", "Reverses", ColumnType.TEXT),
)


def transfers(found: QuerySet[Transfer], pack: Pack, language: Language, *, homes: bool) -> BinaryIO:
    """The transfers, an open file that the caller streams. ``homes``: with the numbers of households that were paid."""
    (spec,) = specs_of(pack, pack.form("transfers"))
    rows = (_row(one, names, spec.columns, homes) for one, names in _placed(found))
    name = "资金拨付" if language == "zh" else "Transfers"
    return sheets.opened_xlsx(rows, [*spec.columns, *MORE], sheet_name=name, language=language)[0]


def _placed(found: QuerySet[Transfer]) -> Iterator[tuple[Transfer, dict[str, str]]]:
    rows = found.select_related("reverses").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        names = areas.named(sorted({code for one in chunk for code in (one.from_code, one.to_code) if code}))
        for one in chunk:
            yield one, names


def _row(one: Transfer, names: dict[str, str], columns: Sequence[Column], homes: bool) -> tuple[object, ...]:
    payer, receiver, origin = one.from_account, one.to_account, one.origin
    home = payer.household or receiver.household
    said = {
        "voucher": one.key.rpartition("/")[2],
        "day": one.on,
        "source": origin.source,
        "fund_type": origin.type,
        "fund_year": origin.year,
        "giver": origin.giver,
        "origin_code": origin.area_code,
        "from_kind": payer.kind,
        "from_code": one.from_code,
        "from_owner": payer.owner,
        "to_kind": receiver.kind,
        "to_code": one.to_code,
        "to_owner": receiver.owner,
        "household_number": home.number if home and homes else "",
        "amount": one.amount_fen,
        "purpose": one.purpose,
        "document": one.document,
    }
    more = (names.get(one.from_code, ""), names.get(one.to_code, ""), one.reverses.key if one.reverses else "")
    return (*(said[column.id] for column in columns), *more)


PROJECT_MORE = (
    Column("number", "项目编号", "Project number", ColumnType.TEXT),
    Column("place", "地区", "Place", ColumnType.TEXT),
    Column("approved_fen", "批准金额", "Approved", ColumnType.MONEY, unit="yuan"),
    Column("received_fen", "已拨入", "Gone in", ColumnType.MONEY, unit="yuan"),
    Column("paid_fen", "已支付", "Paid", ColumnType.MONEY, unit="yuan"),
    Column("progress_percent", "进度（%）", "Progress, %", ColumnType.INT),
    Column("step", "所在步骤", "Where it stands", ColumnType.TEXT),
)


def projects(found: QuerySet[Project], pack: Pack, language: Language) -> BinaryIO:
    """The projects, an open file that the caller streams, in the columns by which a library can be loaded again."""
    (spec,) = specs_of(pack, pack.form("project_library"))
    rows = (_project(one, names, spec.columns) for one, names in _projects(found))
    name = "项目库" if language == "zh" else "Projects"
    return sheets.opened_xlsx(rows, [*spec.columns, *PROJECT_MORE], sheet_name=name, language=language)[0]


def _projects(found: QuerySet[Project]) -> Iterator[tuple[Project, dict[str, str]]]:
    rows = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        names = areas.named(sorted({one.place_code for one in chunk}))
        for one in chunk:
            yield one, names


def _project(one: Project, names: dict[str, str], columns: Sequence[Column]) -> tuple[object, ...]:
    own = {"area_code": one.place_code, "fund_year": one.year, "amount": one.asked_fen}
    said = [own[column.id] if column.id in own else getattr(one, column.id) for column in columns]
    more = [getattr(one, name) for name in ("approved_fen", "received_fen", "paid_fen", "progress_percent")]
    return (
        *said,
        one.number,
        names.get(one.place_code, one.place_code),
        *more,
        one.dossier.step if one.dossier else "",
    )
