"""Orders: proposed by one, confirmed by another, frozen in between; lists in Excel judged row by row."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.assistance.conftest import found as village_found
from tests.funds.moves import (
    COUNTY,
    FIRM,
    FUNDS,
    HELD,
    ON,
    PACK,
    PROVINCE,
    balance,
    fill,
    move,
    payer,
    posted,
    proposer,
)

from jiefa import sheets
from jiefa.audit.models import Entry
from jiefa.funds.actions import lists, orders, posting
from jiefa.funds.models import Account, Order, OrderKind, Transfer
from jiefa.funds.queries.books import books
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import PAYEE, SOURCE, Party
from jiefa.kernel.errors import NotAllowed
from jiefa.sheets.forms import specs_of

pytestmark = pytest.mark.django_db
BUDGETS = ("编号", "日期", "资金来源", "资金类型", "资金年度", "出资单位", "记账地区代码", "金额", "用途", "文号")
TRANSFERS = (
    *("编号", "日期", "资金来源", "资金类型", "资金年度", "出资单位", "来源地区代码", "付款账户类别", "付款地区代码"),
    *("付款单位", "收款账户类别", "收款地区代码", "收款单位", "户编号", "金额", "用途", "文号"),
)
WANG, CAI = proposer(), payer(COUNTY)
ZHAO, PROVINCE_PAYER = proposer(PROVINCE, "zhao"), payer(PROVINCE, "qian")


def _file(folder: Path, header: tuple[str, ...], *rows: tuple[object, ...], name: str = "list.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return file


def _budget(number: str, yuan: str, **changes: str) -> tuple[str, ...]:
    said = {
        "day": "2015-03-01", "source": "中央财政", "type": "发展资金", "year": "2015", "giver": "", "area": PROVINCE,
        "purpose": "未定用途", "document": "财农〔2015〕9号", **changes,
    }  # fmt: skip
    return (
        *(number, said["day"], said["source"], said["type"], said["year"], said["giver"], said["area"], yuan),
        *(said["purpose"], said["document"]),
    )


def _transfer(number: str, yuan: str, to: tuple[str, str, str, str], **changes: str) -> tuple[str, ...]:
    said = {"from": "资金持有单位", "from_code": COUNTY, "purpose": "培训", **changes}
    return (
        *(number, "2015-06-01", "中央财政", "发展资金", "2015", "", PROVINCE, said["from"], said["from_code"], ""),
        *(*to, yuan, said["purpose"], "正扶〔2015〕3号"),
    )


def _propose(fen: int = 10, key: str = "P1") -> Order:
    rows = rules.table([move(HELD, FIRM, fen, key)])
    return orders.propose(kind=OrderKind.TYPED, title="培训班", rows=rows, by=WANG, pack=PACK)


def test_nothing_moves_before_another_person_confirms() -> None:
    fill()
    posted(move(FUNDS, HELD, 50))

    order = _propose()

    assert balance(HELD) == 50
    for nobody in (WANG, proposer(COUNTY, "zhou"), payer("520326", "wu"), proposer(PROVINCE, "zhao")):
        with pytest.raises(NotAllowed):
            orders.confirm(order_id=order.pk, by=nobody, pack=PACK)
    done = orders.confirm(order_id=order.pk, by=CAI, pack=PACK)
    assert (done.state, done.posted, done.decided_by) == ("accepted", 1, "cai")
    assert balance(HELD) == 40
    assert Transfer.objects.get(of_order=order).by == "cai"
    with pytest.raises(refusals.OrderDecided):
        orders.confirm(order_id=order.pk, by=CAI, pack=PACK)
    (entry,) = Entry.objects.filter(action="order.accepted")
    assert (entry.chain, entry.by) == (COUNTY, "cai")
    assert done.digest in entry.diff


def test_who_proposed_may_not_confirm_whatever_the_posts() -> None:
    fill()
    posted(move(FUNDS, HELD, 50))
    order = _propose()

    with pytest.raises(refusals.OrderOwn):
        orders.confirm(order_id=order.pk, by=payer(COUNTY, "wang"), pack=PACK)


def test_who_confirms_may_not_propose() -> None:
    fill()
    rows = rules.table([move(FUNDS, HELD, 1)])

    for nobody in (PROVINCE_PAYER, WANG):
        with pytest.raises(NotAllowed):
            orders.propose(kind=OrderKind.TYPED, title="x", rows=rows, by=nobody, pack=PACK)


def test_what_could_not_be_paid_cannot_be_proposed_and_leaves_nothing() -> None:
    fill()
    posted(move(FUNDS, HELD, 5))
    before = Account.objects.count()

    with pytest.raises(refusals.BalanceShort):
        _propose(6)

    assert Account.objects.count() == before
    assert not Order.objects.exists()


def test_money_gone_in_between_refuses_the_whole_order() -> None:
    fill()
    posted(move(FUNDS, HELD, 10))
    order = _propose(10)
    posted(move(HELD, FUNDS, 1))

    with pytest.raises(refusals.BalanceShort):
        orders.confirm(order_id=order.pk, by=CAI, pack=PACK)

    order.refresh_from_db()
    assert order.state == "staged"
    assert balance(FIRM) == 0


def test_an_order_that_was_touched_is_not_confirmed() -> None:
    fill()
    posted(move(FUNDS, HELD, 50))
    order = _propose()
    file = orders.folder_of(order).path / "households.parquet"
    table = pq.read_table(file)
    place = table.schema.get_field_index("amount_fen")
    pq.write_table(table.set_column(place, "amount_fen", [[40]]), file)

    with pytest.raises(refusals.OrderChanged):
        orders.confirm(order_id=order.pk, by=CAI, pack=PACK)


def test_the_same_order_is_taken_once_and_a_refused_one_may_come_again() -> None:
    fill()
    posted(move(FUNDS, HELD, 50))
    order = _propose()

    with pytest.raises(refusals.OrderKnown):
        _propose()
    with pytest.raises(refusals.OrderReason):
        orders.refuse(order_id=order.pk, reason=" ", by=CAI)
    orders.refuse(order_id=order.pk, reason="文号不对", by=CAI)
    again = _propose()
    orders.confirm(order_id=again.pk, by=CAI, pack=PACK)
    with pytest.raises(refusals.OrderKnown):
        _propose()


def test_list_of_appropriations_from_excel_to_the_sources(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        BUDGETS,
        _budget("1", "1000.01"),
        _budget("2", "20", source="对口帮扶城市", type="帮扶资金", giver="大连市", area="5202"),
        _budget("3", "5", document=""),
        _budget("4", "7", area="529999"),
        _budget("5", "8", day="2014-03-01"),
    )

    order = lists.stage(file=file, name="指标.csv", kind=OrderKind.BUDGETS, by=ZHAO, pack=PACK)
    orders.confirm(order_id=order.pk, by=PROVINCE_PAYER, pack=PACK)

    assert (order.rows, order.posted, order.held_back, order.areas) == (5, 2, 3, "52")
    assert balance(Party(SOURCE, PROVINCE)) == 1000_01
    assert sorted(Transfer.objects.values_list("key", flat=True)) == ["52/1", "5202/2"]
    assert {one["rule"] for one in orders.folder_of(order).remarks().to_pylist() if one["level"] == "error"} >= {
        "funds.place",
        "funds.day",
    }
    assert books().add_up


def test_list_of_transfers_holds_wrong_rows_back_and_pays_the_rest(tmp_path: Path) -> None:
    household = village_found(tmp_path)["A"]
    fill()
    posted(move(FUNDS, HELD, 100_00))
    village = household.village_code
    good = [
        _transfer("1", "60", ("收款人", COUNTY, "养牛合作社", "")),
        _transfer("2", "30", ("收款人", village, "", household.number)),
    ]
    bad = [
        _transfer("3", "20", ("收款人", COUNTY, "茶叶合作社", "")),
        _transfer("4", "1", ("收款人", village, "", "NOBODY")),
        _transfer("5", "1", ("收款人", "520324999", "", household.number)),
        _transfer("6", "1", ("收款人", COUNTY, "x", ""), from_code="520326"),
        _transfer("7", "1", ("收款人", COUNTY, "x", ""), purpose="未定用途"),
        _transfer("8", "0", ("收款人", COUNTY, "x", "")),
    ]
    twice = _transfer("9", "60", ("收款人", COUNTY, "养牛合作社", ""))
    last = _transfer("10", "10", ("资金持有单位", f"{COUNTY}103", "", ""))
    file = _file(tmp_path, TRANSFERS, *good, *bad, last, twice)

    order = lists.stage(file=file, name="拨付.csv", kind=OrderKind.TRANSFERS, by=WANG, pack=PACK)
    remarks = orders.folder_of(order).remarks().to_pylist()
    source = tmp_path / "source.csv"
    source.write_bytes(file.read_bytes())
    report = tmp_path / "report.xlsx"
    written = lists.write_report(order, PACK, source, report)
    orders.confirm(order_id=order.pk, by=CAI, pack=PACK)

    assert (order.rows, order.posted, order.held_back, order.amount_fen) == (10, 3, 7, 100_00)
    by_row = {one["row"]: one["rule"] for one in remarks if one["level"] == "error"}
    assert by_row == {
        4: "funds.short",
        5: "funds.no_household",
        6: "funds.household_elsewhere",
        7: "funds.not_yours",
        8: "funds.purpose",
        9: by_row[9],
        11: "funds.short",
    }
    assert by_row[9].startswith("cell.")
    assert [one["row"] for one in remarks if one["rule"] == "funds.alike"] == [11]
    assert balance(Party(PAYEE, village, "", household.pk)) == 30_00
    assert balance(HELD) == 0
    assert written
    assert report.stat().st_size > 0
    with pytest.raises(refusals.OrderEmpty):
        lists.stage(
            file=_file(tmp_path, TRANSFERS, *bad, name="bad.csv"),
            name="bad",
            kind=OrderKind.TRANSFERS,
            by=WANG,
            pack=PACK,
        )


def test_same_list_is_taken_once_and_an_overlapping_one_pays_what_is_new(tmp_path: Path) -> None:
    fill()
    posted(move(FUNDS, HELD, 100_00))
    one, two = (_transfer(number, "10", ("收款人", COUNTY, "养牛合作社", "")) for number in ("1", "2"))
    lists_of = {"by": WANG, "pack": PACK, "kind": OrderKind.TRANSFERS}
    first = lists.stage(file=_file(tmp_path, TRANSFERS, one), name="a", **lists_of)
    orders.confirm(order_id=first.pk, by=CAI, pack=PACK)

    with pytest.raises(refusals.OrderKnown):
        lists.stage(file=_file(tmp_path, TRANSFERS, one, name="b.csv"), name="b", **lists_of)
    second = lists.stage(file=_file(tmp_path, TRANSFERS, one, two, name="c.csv"), name="c", **lists_of)
    done = orders.confirm(order_id=second.pk, by=CAI, pack=PACK)

    assert (second.posted, second.unchanged) == (1, 1)
    assert (done.posted, done.unchanged) == (1, 1)
    assert balance(HELD) == 80_00


def test_reversal_goes_the_same_way() -> None:
    fill()
    wrong = posted(move(FUNDS, HELD, 30))
    back = posting.reversal(transfer_id=wrong.pk, on=ON, reason="拨错", document="更正1号")
    order = orders.propose(kind=OrderKind.REVERSAL, title="冲销", rows=rules.table([back]), by=ZHAO, pack=PACK)
    with pytest.raises(NotAllowed):
        orders.propose(kind=OrderKind.REVERSAL, title="冲销", rows=rules.table([back]), by=WANG, pack=PACK)

    orders.confirm(order_id=order.pk, by=PROVINCE_PAYER, pack=PACK)

    assert Transfer.objects.get(reverses=wrong).reason == "拨错"
    assert balance(HELD) == 0


@pytest.mark.parametrize("name", ["budgets", "transfers", "factors"])
def test_empty_workbooks_can_be_written(name: str, tmp_path: Path) -> None:
    target = tmp_path / "x.xlsx"

    form = PACK.form(name)
    sheets.write_template(target, specs_of(PACK, form, 2015), title=form.zh)

    assert target.stat().st_size > 1_000
