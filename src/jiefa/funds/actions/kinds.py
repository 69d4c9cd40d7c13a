"""Lists about money that are no transfers: factors of an allocation, accounts of units, what the bank said of payments.

They go the way of every list: judged by row, kept aside, taken in by a second officer. Appropriations and transfers are orders
(docs/adr/0023): their rows move money and are frozen with a digest that is compared when they are confirmed.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.funds.actions import allocating, orders, posting
from jiefa.funds.actions.allocating import Reported
from jiefa.funds.models import FactorValue, OrderKind, Payment, PaymentResult, UnitAccount
from jiefa.funds.queries import payments as queries
from jiefa.funds.rules import rows as flat
from jiefa.funds.rules.factors import REPORTED
from jiefa.kernel import money
from jiefa.kernel.vault import Vault
from jiefa.lists.kinds import Judged, Kind
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack

Row = Mapping[str, Any]
LISTS = ("factors", "unit_accounts", "payment_results")
P = Permission


def kind(name: str, pack: Pack) -> Kind[Row]:
    """The kind of list of that name, one of ``LISTS``."""
    made: dict[str, Callable[[str, Pack], Kind[Row]]] = {
        "factors": OfFactors,
        "unit_accounts": OfUnitAccounts,
        "payment_results": OfPaymentResults,
    }
    return made[name](name, pack)


def _error(column: str, zh: str, en: str) -> Remark:
    return Remark("error", f"funds.{column}", column, zh, en)


NOT_YOURS = _error(
    "area_code",
    "地区代码不存在，或不在您的管辖范围内。请核对。",
    "There is no such place, or it lies outside your area. Check the code.",
)
TWICE = _error(
    "row_twice", "与前面一行说的是同一件事。请删去一行。", "An earlier row speaks of the same. Delete one of them."
)


class _OfMoney(Kind[Row]):
    """A list of rows about places where the actor may propose."""

    def __init__(self, name: str, pack: Pack) -> None:
        self.form = pack.form(name)
        self.id, self.zh, self.en = name, self.form.zh, self.form.en

    def uploads(self, by: Actor) -> Permission:
        return P.MONEY_PROPOSE

    def accepts(self, by: Actor) -> Permission:
        return P.MONEY_CONFIRM

    @abstractmethod
    def identity(self, row: Row) -> object:
        """What two rows of one list may not share."""

    def examine(self, rows: Sequence[Row], judged: Judged[Row], within: Scope, by: Actor, pack: Pack) -> None:
        left = [row for row in rows if row["row"] not in judged.held]
        known = areas.named(sorted({_text(row, "area_code") for row in left}))
        seen: set[object] = set()
        for row in left:
            code = _text(row, "area_code")
            judged.found.append((row["row"], row))
            if code not in known or not within.covers(code):
                judged.say(row["row"], NOT_YOURS)
                continue
            judged.areas.add(code)
            if (identity := self.identity(row)) in seen:
                judged.say(row["row"], TWICE)
            seen.add(identity)
            for remark in self.remarks(row):
                judged.say(row["row"], remark)
        # A list of which no row is of use speaks of where its sender is at home.
        judged.areas = judged.areas or set(within.areas)

    def remarks(self, row: Row) -> Sequence[Remark]:
        """What else there is to say of a row."""
        return ()

    def plain(self, row: Row) -> Mapping[str, object]:
        return {
            name: value.isoformat()
            if isinstance(value, dt.date)
            else str(value)
            if isinstance(value, Decimal)
            else value
            for name, value in row.items()
        }

    def row(self, plain: Mapping[str, Any]) -> Row:
        return dict(plain)


def _text(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()


class OfFactors(_OfMoney):
    """Values of factors that no card holds, stated of counties."""

    def identity(self, row: Row) -> object:
        return _text(row, "area_code"), row["fund_year"], row["factor"]

    def remarks(self, row: Row) -> Sequence[Remark]:
        if row["factor"] in REPORTED:
            return ()
        return (
            _error(
                "factor",
                "这个因素由卡片计算，不用填报。请删去这一行。",
                "This factor is computed from the cards and is not reported. Delete the row.",
            ),
        )

    def _reported(self, row: Row) -> Reported:
        code, source = _text(row, "area_code"), _text(row, "origin")[:200]
        return Reported(code, row["fund_year"], row["factor"], Decimal(str(row["value"])), source)

    def unchanged(self, rows: Sequence[Row]) -> int:
        wanted = [self._reported(row) for row in rows]
        found = FactorValue.objects.filter(
            area_code__in={one.area_code for one in wanted}, year__in={one.year for one in wanted}
        )
        standing = {(one.area_code, one.year, one.factor): (one.value, one.source) for one in found}
        return sum(standing.get((one.area_code, one.year, one.factor)) == (one.value, one.source) for one in wanted)

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        same = self.unchanged(rows)
        allocating.keep(values=[self._reported(row) for row in rows], by=by)
        return Kept(len(rows) - same, 0, 0)


class OfUnitAccounts(_OfMoney):
    """The accounts to which units are paid; the numbers wait sealed."""

    def identity(self, row: Row) -> object:
        return _text(row, "area_code"), _text(row, "unit")

    def plain(self, row: Row) -> Mapping[str, object]:
        sealed = Vault(settings.JIEFA_VAULT_KEY).seal(row["bank_account"]).hex()
        return {**super().plain(row), "bank_account": sealed}

    def row(self, plain: Mapping[str, Any]) -> Row:
        number = Vault(settings.JIEFA_VAULT_KEY).open(bytes.fromhex(plain["bank_account"]))
        return {**plain, "bank_account": number}

    def _standing(self, rows: Sequence[Row]) -> dict[tuple[str, str], UnitAccount]:
        found = UnitAccount.objects.filter(area_code__in={_text(row, "area_code") for row in rows})
        return {(one.area_code, one.owner): one for one in found}

    def _same(self, row: Row, standing: Mapping[tuple[str, str], UnitAccount], vault: Vault) -> bool:
        one = standing.get((_text(row, "area_code"), _text(row, "unit")))
        said = (vault.blind_index(row["bank_account"]), _text(row, "bank_name"), _text(row, "account_holder"))
        return one is not None and (one.account_key, one.bank_name, one.account_holder) == said

    def unchanged(self, rows: Sequence[Row]) -> int:
        standing, vault = self._standing(rows), Vault(settings.JIEFA_VAULT_KEY)
        return sum(self._same(row, standing, vault) for row in rows)

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        standing, vault, now = self._standing(rows), Vault(settings.JIEFA_VAULT_KEY), timezone.now()
        news = [row for row in rows if not self._same(row, standing, vault)]
        made = [
            UnitAccount(
                area_code=_text(row, "area_code"),
                owner=_text(row, "unit"),
                bank_name=_text(row, "bank_name")[:60],
                account_holder=_text(row, "account_holder"),
                account_sealed=vault.seal(row["bank_account"]),
                account_key=vault.blind_index(row["bank_account"]),
                by=by.name,
                at=now,
            )
            for row in news
        ]
        UnitAccount.objects.bulk_create(
            made,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["area_code", "owner"],
            update_fields=["bank_name", "account_holder", "account_sealed", "account_key", "by", "at"],
        )
        changed = sum((one.area_code, one.owner) in standing for one in made)
        audit.record(
            chain=posting.chain(over.areas),
            by=by.name,
            action="unit_accounts.kept",
            object_type="list",
            object_id=of_list.pk,
            diff={"accounts": len(made), "changed": changed},
        )
        return Kept(len(made) - changed, changed, 0)


class OfPaymentResults(Kind[Row]):
    """What a bank said of payments: finance sends it in, who proposes takes it in, and what was returned is proposed as reversals.

    A row that names a payment nobody sent, another sum or another digest than the payment file's is held back.
    """

    def __init__(self, name: str, pack: Pack) -> None:
        self.form = pack.form(name)
        self.id, self.zh, self.en = name, self.form.zh, self.form.en

    def uploads(self, by: Actor) -> Permission:
        return P.MONEY_CONFIRM

    def accepts(self, by: Actor) -> Permission:
        return P.MONEY_PROPOSE

    def examine(self, rows: Sequence[Row], judged: Judged[Row], within: Scope, by: Actor, pack: Pack) -> None:
        left = [row for row in rows if row["row"] not in judged.held]
        known = queries.by_number([row["number"] for row in left])
        times: Counter[int] = Counter()
        for row in left:
            payment = known.get(row["number"])
            if payment is None or not within.covers(payment.transfer.from_code):
                judged.say(row["row"], UNKNOWN)
                continue
            judged.areas.add(payment.transfer.from_code)
            judged.found.append((row["row"], row))
            times[row["number"]] += 1
            for remark in _against(row, payment, times[row["number"]] > 1):
                judged.say(row["row"], remark)
        judged.areas = judged.areas or set(within.areas)

    def unchanged(self, rows: Sequence[Row]) -> int:
        known = queries.by_number([row["number"] for row in rows])
        return sum(known[row["number"]].result != PaymentResult.SENT for row in rows)

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        known = queries.by_number([row["number"] for row in rows])
        news = [row for row in rows if known[row["number"]].result == PaymentResult.SENT]
        changed, back = [], []
        for row in news:
            payment, on = known[row["number"]], dt.date.fromisoformat(str(row["day"]))
            payment.result, payment.answered_on, payment.reason = row["result"], on, _text(row, "reason")[:200]
            changed.append(payment)
            if payment.result == PaymentResult.RETURNED:
                document = f"银行退回·付款文件{payment.file_id}"
                back.append(posting.reversal_of(payment.transfer, on=on, reason=payment.reason, document=document))
        Payment.objects.bulk_update(changed, ["result", "answered_on", "reason"], batch_size=200)
        order = None
        if back:
            title = f"银行退回·第{of_list.pk}份结果"
            order = orders.propose(kind=OrderKind.REVERSAL, title=title, rows=flat.table(back), by=by, pack=pack)
        said = {"payments": len(changed), "returned": len(back), "order": order.pk if order else None}
        audit.record(
            chain=posting.chain(over.areas),
            by=by.name,
            action="payments.answered",
            object_type="list",
            object_id=of_list.pk,
            diff=said,
        )
        return Kept(len(changed), 0, 0)

    def plain(self, row: Row) -> Mapping[str, object]:
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}

    def row(self, plain: Mapping[str, Any]) -> Row:
        return dict(plain)


UNKNOWN = _error(
    "number",
    "没有送过这个流水号的付款，或不在您的管辖范围内。请核对。",
    "No payment of that number was sent, or it lies outside your area. Check it.",
)


def _against(row: Row, payment: Payment, again: bool) -> list[Remark]:
    """What speaks against a row about a payment."""
    found = []
    if again:
        found.append(TWICE)
    if row["amount"] != payment.amount_fen:
        said = money.format_yuan(payment.amount_fen)
        found.append(
            _error("amount", f"送出的金额是 {said} 元。请核对。", f"What was sent is {said} yuan. Check the amount.")
        )
    if _text(row, "digest") != payment.file.digest:
        found.append(
            _error(
                "digest",
                f"摘要与第 {payment.file_id} 份付款文件不一致。请核对是哪一份。",
                f"The digest is not that of payment file no. {payment.file_id}. Check which one it is.",
            )
        )
    returned = row["result"] == PaymentResult.RETURNED
    if returned and not _text(row, "reason"):
        found.append(_error("reason", "退回的要写原因。", "Say why it was returned."))
    if payment.result not in (PaymentResult.SENT, row["result"]):
        found.append(
            _error(
                "result",
                f"这笔付款已登记为“{payment.get_result_display()}”，不能再改。",
                f"This payment is on file as {payment.get_result_display()!r} and stays so.",
            )
        )
    if returned and payment.result == PaymentResult.SENT and hasattr(payment.transfer, "reversed_by"):
        found.append(
            _error("result", "这笔拨付已经冲销。请核对。", "This transfer was reversed already. Check the row.")
        )
    if isinstance(row["day"], dt.date) and row["day"] > timezone.localdate():
        found.append(_error("day", "日期在今天之后。请核对。", "The day lies ahead. Check it."))
    return found
