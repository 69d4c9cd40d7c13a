"""Payments to the bank and back: each sent once, to the account on file; answers judged by row; what came back is proposed for reversal."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from tests.assistance.conftest import found as village_found
from tests.funds.moves import COUNTY, FIRM, FUNDS, HELD, PACK, fill, move, payer, posted, proposer

from jiefa.audit.models import Read
from jiefa.casework import lists
from jiefa.funds.actions import orders, paying, posting
from jiefa.funds.models import Channel, FactorValue, Order, OrderKind, Payment, PaymentFile, Transfer, UnitAccount
from jiefa.funds.queries import payments
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as flat
from jiefa.funds.rules.rows import PAYEE, Party
from jiefa.kernel.errors import NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.lists.actions import ListEmpty, ListLoaded, ListNotYours, folder_of
from jiefa.registry.models import Household

pytestmark = pytest.mark.django_db
ACCOUNT = "6217993010000456789"
RESULTS = ("流水号", "金额", "结果", "日期", "退回原因", "摘要")
UNITS = ("地区代码", "收款单位", "开户行", "银行账号", "户名")


@pytest.fixture
def order(tmp_path: Path, settings: object) -> Order:
    """A confirmed order: three households, of which two have an account, and a firm."""
    homes = village_found(tmp_path)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    Household.objects.update(account_sealed=vault.seal(ACCOUNT), bank_name="信用社", account_holder="=户主")
    Household.objects.filter(number="C").update(account_sealed=None)
    fill()
    posted(move(FUNDS, HELD, 500_00))
    rows = [
        move(HELD, Party(PAYEE, home.village_code, "", home.pk), fen)
        for home, fen in zip(homes.values(), (100_00, 50_50, 20_00), strict=True)
    ]
    rows.append(move(HELD, FIRM, 80_00))
    proposed = orders.propose(kind=OrderKind.TRANSFERS, title="x", rows=flat.table(rows), by=proposer(), pack=PACK)
    with pytest.raises(refusals.PaymentsNotDue):
        paying.make(order_id=proposed.pk, channel=Channel.CARD, by=payer(COUNTY), pack=PACK)
    return orders.confirm(order_id=proposed.pk, by=payer(COUNTY), pack=PACK)


def _sent(tmp_path: Path, kind: str, head: tuple[str, ...], rows: list[tuple[object, ...]], by: object) -> object:
    file = tmp_path / f"{kind}-{len(rows)}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return lists.stage(file=file, name=file.name, kind=kind, by=by, pack=PACK)


def test_payments_go_once_and_the_file_says_count_sum_and_digest(order: Order, tmp_path: Path) -> None:
    finance = payer(COUNTY)
    assert payments.due_counts(order.pk) == {"card": 3, "bank": 1}
    with pytest.raises(NotAllowed):
        paying.make(order_id=order.pk, channel=Channel.CARD, by=proposer(), pack=PACK)

    made = paying.make(order_id=order.pk, channel=Channel.CARD, by=finance, pack=PACK)

    assert (made.file.rows, made.file.amount_fen, made.without_account) == (2, 150_50, 1)
    assert ACCOUNT.encode() not in bytes(made.file.content)
    with pytest.raises(refusals.PaymentsNone):
        paying.make(order_id=order.pk, channel=Channel.CARD, by=finance, pack=PACK)
    text = paying.written(file_id=made.file.pk, form="csv", by=finance)
    assert isinstance(text, bytes)
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[0] == ["流水号", "收款人", "开户行", "账号", "金额", "用途", "依据"]
    assert [row[1:5] for row in rows[1:3]] == [
        ["'=户主", "信用社", ACCOUNT, "100.00"],
        ["'=户主", "信用社", ACCOUNT, "50.50"],
    ]
    assert rows[3] == ["合计", "2", "", "", "150.50", "", made.file.digest]
    book = paying.written(file_id=made.file.pk, form="xlsx", by=finance)
    assert not isinstance(book, bytes)
    assert [tuple(map(str, row))[3] for row in openpyxl.load_workbook(book).active.values][1:3] == [ACCOUNT] * 2
    assert Read.objects.filter(purpose="payment_file", by=finance.name).count() == 4
    with pytest.raises(NotAllowed):
        paying.written(file_id=made.file.pk, form="csv", by=proposer())
    with pytest.raises(NotAllowed):
        paying.written(file_id=made.file.pk, form="csv", by=payer("520326"))
    Household.objects.filter(number="C").update(account_sealed=Household.objects.get(number="A").account_sealed)
    later = paying.make(order_id=order.pk, channel=Channel.CARD, by=finance, pack=PACK)
    assert (later.file.rows, later.file.amount_fen) == (1, 20_00)

    with pytest.raises(refusals.PaymentsNone):
        paying.make(order_id=order.pk, channel=Channel.BANK, by=finance, pack=PACK)
    unit = (FIRM.area_code, FIRM.owner, "农行", "100200300400", "茶叶合作社")
    sent = _sent(tmp_path, "unit_accounts", UNITS, [unit, unit, ("520326", "x", "农行", "1002", "x")], proposer())
    assert (sent.accepted, sent.held_back) == (1, 2)
    assert "100200300400" not in str(folder_of(sent).households().to_pylist())
    lists.accept(list_id=sent.pk, by=finance, pack=PACK)
    assert UnitAccount.objects.get().bank_name == "农行"
    bank = paying.make(order_id=order.pk, channel=Channel.BANK, by=finance, pack=PACK)
    content = paying.written(file_id=bank.file.pk, form="csv", by=finance)
    assert isinstance(content, bytes)
    assert b"100200300400" in content
    assert Payment.objects.count() == 4


def test_answers_are_judged_by_row_and_returned_money_comes_back(order: Order, tmp_path: Path) -> None:
    finance, officer = payer(COUNTY), proposer()
    file = paying.make(order_id=order.pk, channel=Channel.CARD, by=finance, pack=PACK).file
    first, second = payments.payments(file.pk)
    digest, day = file.digest, "2015-07-01"
    firm = Transfer.objects.get(to_account__owner=FIRM.owner)
    good = (first.transfer_id, "100.00", "成功", day, "", digest)
    back = (second.transfer_id, "50.50", "退票", day, "账号错误", digest)

    with pytest.raises(NotAllowed):
        _sent(tmp_path, "payment_results", RESULTS, [good], officer)
    with pytest.raises(ListEmpty):
        _sent(tmp_path, "payment_results", RESULTS, [good], payer("520326"))
    wrong = [
        (first.transfer_id, "100.01", "已付", day, "", digest),
        (first.transfer_id, "100.00", "已付", day, "", "0" * 64),
        (firm.pk, "80.00", "已付", day, "", digest),
        (second.transfer_id, "50.50", "退回", day, "", digest),
        (second.transfer_id, "50.50", "退回", "2999-01-01", "x", digest),
    ]
    judged = _sent(tmp_path, "payment_results", RESULTS, wrong, finance)
    remarks = folder_of(judged).remarks().to_pylist()
    assert {(one["row"], one["rule"]) for one in remarks if one["level"] == "error"} == {
        (2, "funds.amount"),
        (3, "funds.row_twice"),
        (3, "funds.digest"),
        (4, "funds.number"),
        (5, "funds.reason"),
        (6, "funds.row_twice"),
        (6, "funds.day"),
    }
    assert judged.accepted == 0

    sent = _sent(tmp_path, "payment_results", RESULTS, [good, back], finance)
    with pytest.raises(ListLoaded):
        _sent(tmp_path, "payment_results", RESULTS, [good, back], finance)
    with pytest.raises((NotAllowed, ListNotYours)):
        lists.accept(list_id=sent.pk, by=finance, pack=PACK)
    lists.accept(list_id=sent.pk, by=officer, pack=PACK)

    answers = {one.transfer_id: (one.result, one.reason) for one in Payment.objects.all()}
    assert answers == {first.transfer_id: ("paid", ""), second.transfer_id: ("returned", "账号错误")}
    said = payments.answered([file.pk])[file.pk]
    assert (said.sent, said.paid, said.paid_fen, said.returned, said.returned_fen) == (0, 1, 100_00, 1, 50_50)
    proposed = Order.objects.get(kind="reversal")
    assert (proposed.state, proposed.amount_fen, proposed.staged_by) == ("staged", 50_50, officer.name)
    orders.confirm(order_id=proposed.pk, by=finance, pack=PACK)
    assert Transfer.objects.get(reverses=second.transfer_id).reason == "账号错误"

    changed = _sent(
        tmp_path,
        "payment_results",
        RESULTS,
        [good, (first.transfer_id, "100.00", "退回", day, "x", digest), back],
        finance,
    )
    rules = [one["rule"] for one in folder_of(changed).remarks().to_pylist()]
    assert (changed.accepted, changed.unchanged) == (0, 2)
    assert sorted(rules) == ["funds.result", "funds.row_twice"]
    assert payments.due_counts(order.pk) == {"card": 1, "bank": 1}


def test_reversed_payment_is_not_sent(order: Order) -> None:
    wrong = Transfer.objects.filter(of_order=order).order_by("pk")[0]
    posting.reverse(transfer_id=wrong.pk, on=wrong.on, reason="x", document="x", by=payer(COUNTY), pack=PACK)

    file = paying.make(order_id=order.pk, channel=Channel.CARD, by=payer(COUNTY), pack=PACK).file

    assert (file.rows, file.amount_fen) == (1, 50_50)
    assert PaymentFile.objects.count() == 1


def test_factors_are_a_list_with_a_second_officer(tmp_path: Path) -> None:
    head = ("县代码", "年度", "因素", "数值", "数据来源")
    rows: list[tuple[object, ...]] = [
        (COUNTY, 2015, "人均财力", "900.5", "财政局"),
        (COUNTY, 2015, "人均财力", "901", "财政局"),
        (COUNTY, 2015, "贫困人口", "5", "x"),
        ("520326", 2015, "绩效考核", "70", "x"),
    ]

    sent = _sent(tmp_path, "factors", head, rows, proposer())

    rules = [one["rule"] for one in folder_of(sent).remarks().to_pylist() if one["level"] == "error"]
    assert sorted(rules) == ["funds.area_code", "funds.factor", "funds.row_twice"]
    assert not FactorValue.objects.exists()
    lists.accept(list_id=sent.pk, by=payer(COUNTY), pack=PACK)
    stated = FactorValue.objects.get()
    assert (stated.area_code, str(stated.value), stated.source) == (COUNTY, "900.5000", "财政局")
    again = _sent(tmp_path, "factors", head, [*rows[:1], ("520324", 2014, "绩效考核", "60", "x")], proposer())
    assert (again.accepted, again.unchanged) == (1, 1)
