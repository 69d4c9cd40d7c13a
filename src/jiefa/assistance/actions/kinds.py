"""The kinds of lists that can be loaded: every programme of the pack, a bank's loans and repayments, the roles of microcredit,
the registers of industry, courses, settlement sites and hamlets, village plans.

What each asks of a row and does with it. Loans are not cases of a programme: a row of one holds another back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiefa.access.rules import Scope
from jiefa.assistance.actions import credit, industry, parties, records, registers, repaying, villages
from jiefa.assistance.actions.kind import Kind
from jiefa.assistance.actions.records import Row
from jiefa.assistance.models import VOUCHER_LENGTH, Loan
from jiefa.assistance.queries import credit as loans
from jiefa.assistance.queries import naming
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.rules import programmes as rules
from jiefa.assistance.rules import repaid
from jiefa.assistance.rules.credit import Wish
from jiefa.assistance.rules.repaid import Known, Paid
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import NotInForce, Pack, Programme


@dataclass
class OfProgramme(Kind):
    """The list of a programme."""

    programme: Programme

    def __post_init__(self) -> None:
        of = self.programme
        self.id, self.zh, self.en, self.about, self.form = of.id, of.zh, of.en, of.about, of.form
        self.strangers = of.strangers

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return rules.own_of(self.programme, row)

    def identity(self, row: Row) -> str:
        return rules.identity(self.programme, row.household, row.person, row.own)

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        subjects = [row.person if self.about == "person" else row.household for _line, row in rows]
        cards = queries.cards(self.programme, [key for key in subjects if key], [row.year for _line, row in rows])
        policies = {year: pack.for_year(year) for year in {row.year for _line, row in rows}}
        for (line, row), subject in zip(rows, subjects, strict=True):
            card = cards.get((subject, row.year)) if subject else None
            for remark in rules.remarks(self.programme, row.own, row.year, card, policies[row.year]):
                say(line, remark)
        named = naming.remarks(self.id, [(row.village, row.year, row.own) for _line, row in rows], pack)
        for (line, _row), remarks in zip(rows, named, strict=True):
            for remark in remarks:
                say(line, remark)

    def unchanged(self, rows: Sequence[Row]) -> int:
        identities = [self.identity(row) for row in rows]
        standing = queries.standing(self.id, {row.year for row in rows}, identities)
        known = [standing.get((row.year, identity)) for row, identity in zip(rows, identities, strict=True)]
        return sum(
            one is not None and not one.off_list and {**one.own, **row.own} == one.own
            for one, row in zip(known, rows, strict=True)
        )

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        return records.keep(programme=self.programme, rows=rows, by=by, of_list=of_list, over=over)


class OfLoans(Kind):
    """The loans that a bank has paid out. A household beyond its limit holds its row back."""

    about = "person"
    needs_year = False

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(LOANS)
        self.id, self.zh, self.en = LOANS, self.form.zh, self.form.en

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return {
            name: rules.plain(row[name]) for name in ("platform", "use", "amount", "months", "rate_percent", "from_on")
        }

    def identity(self, row: Row) -> str:
        return f"p{row.person}/{row.own['from_on']}"

    @staticmethod
    def _wish(row: Row) -> Wish:
        said, begins = row.own, rules.day(row.own, "from_on")
        assert row.person is not None
        assert begins is not None
        months, fen = int(str(said["months"])), int(str(said["amount"]))
        return Wish(row.person, str(said["platform"]), str(said["use"]), fen, months, str(said["rate_percent"]), begins)

    def _whole(self, row: Row) -> bool:
        return all(value is not None for value in row.own.values())

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        whole = [(line, row) for line, row in rows if self._whole(row)]
        for line, row in rows:
            if not self._whole(row):
                say(line, _INCOMPLETE)
        standing = loans.on_file([row.person or 0 for _line, row in whole])
        fresh = [(line, row) for line, row in whole if not self._stands(row, standing)]
        try:
            against = credit.against_many([(row.household, self._wish(row)) for _line, row in fresh], pack)
        except NotInForce as before:
            against = [before for _ in fresh]
        for (line, _row), reason in zip(fresh, against, strict=True):
            if reason is not None:
                say(line, Remark("error", "HP20", "amount", reason.message("zh"), reason.message("en")))

    def _stands(self, row: Row, standing: Mapping[tuple[int, dt.date], Loan]) -> bool:
        wish = self._wish(row)
        loan = standing.get((wish.borrower, wish.begins))
        return loan is not None and loan.amount_fen == wish.fen

    def _fresh(self, rows: Sequence[Row]) -> list[Row]:
        standing = loans.on_file([row.person or 0 for row in rows])
        return [row for row in rows if not self._stands(row, standing)]

    def unchanged(self, rows: Sequence[Row]) -> int:
        return len(rows) - len(self._fresh(rows))

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        made = credit.lend_many(
            wishes=[(row.household, self._wish(row)) for row in self._fresh(rows)], by=by, pack=pack
        )
        return Kept(len(made), 0, 0)


class OfRepayments(Kind):
    """What households paid back to a bank, each for the loan that the borrower was paid on the day named."""

    about = "person"
    needs_year = False

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(REPAYMENTS)
        self.id, self.zh, self.en = REPAYMENTS, self.form.zh, self.form.en

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        said = {name: rules.plain(row[name] or 0) for name in ("from_on", "paid_on", "principal", "interest")}
        return {**said, "voucher": (row["voucher"] or "").strip()}

    def identity(self, row: Row) -> str | None:
        voucher = row.own.get("voucher")
        return f"p{row.person}/{row.own['from_on']}/{voucher}" if voucher else None

    def _paid(self, rows: Sequence[Row]) -> list[tuple[Loan | None, Paid]]:
        standing = loans.on_file([row.person or 0 for row in rows])
        found: list[tuple[Loan | None, Paid]] = []
        for row in rows:
            begins, on = rules.day(row.own, "from_on"), rules.day(row.own, "paid_on")
            loan = standing.get((row.person or 0, begins)) if begins and on else None
            principal, interest = int(rules.number(row.own, "principal")), int(rules.number(row.own, "interest"))
            voucher = str(row.own.get("voucher") or "")
            found.append((loan, Paid(loan.pk if loan else 0, on or dt.date.min, principal, interest, voucher)))
        return found

    def _known(self, rows: Sequence[Row]) -> list[tuple[Loan | None, Paid, Known]]:
        paid = self._paid(rows)
        on_file = loans.paid_for(sorted({loan.pk for loan, _one in paid if loan is not None}))
        found = repaid.known([one for _loan, one in paid], on_file)
        return [(loan, one, what) for (loan, one), what in zip(paid, found, strict=True)]

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        balance: dict[int, int] = {}
        bare: dict[tuple[object, ...], int] = {}
        for (line, _row), (loan, paid, what) in zip(rows, self._known([row for _line, row in rows]), strict=True):
            if loan is None:
                say(line, _NO_LOAN)
                continue
            if len(paid.voucher) > VOUCHER_LENGTH:
                say(line, _LONG_VOUCHER)
            if not paid.voucher:
                first = bare.setdefault(paid.amounts, line)
                say(line, _NO_VOUCHER if first == line else _same_amounts(first))
            if what is Known.LIKE and paid.voucher:
                say(line, _LIKE)
            if what is Known.OTHERWISE:
                reason = repaying.contradicts(loan, paid)
                say(line, Remark("error", "HP23", "voucher", reason.message("zh"), reason.message("en")))
            if what is not Known.NEW:
                continue
            owed = balance.get(loan.pk, loan.balance_fen)
            against = repaying.wrong(loan, owed, paid)
            if against is not None:
                say(line, Remark("error", "HP22", "principal", against.message("zh"), against.message("en")))
            else:
                balance[loan.pk] = owed - paid.principal_fen

    def unchanged(self, rows: Sequence[Row]) -> int:
        return sum(what in (Known.ON_FILE, Known.LIKE) for _loan, _paid, what in self._known(rows))

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        paid = [one for loan, one in self._paid(rows) if loan is not None]
        return Kept(repaying.repay_many(paid=paid, by=by), 0, 0)


_INCOMPLETE = Remark(
    "error",
    "HP19",
    "amount",
    "贷款的各栏都要填。请补上空的栏。",
    "Every column of a loan is needed. Fill in the empty ones.",
)
_NO_LOAN = Remark(
    "error",
    "HP21",
    "from_on",
    "找不到此人在这一天放款的贷款。请核对放款日期，或先导入贷款名单。",
    "No loan was paid out to this person on that day. Check the day, or load the list of loans first.",
)

_NO_VOUCHER = Remark(
    "warn",
    "HP24",
    "voucher",
    "没有凭证号：按贷款、日期、金额区分。请向银行要凭证号。",
    "No voucher: told apart by loan, day and amounts. Ask the bank for its number.",
)
_LONG_VOUCHER = Remark(
    "error",
    "HP27",
    "voucher",
    f"凭证号超过 {VOUCHER_LENGTH} 个字符。请核对。",
    f"The voucher has more than {VOUCHER_LENGTH} characters. Check it.",
)
_LIKE = Remark(
    "warn",
    "HP25",
    "voucher",
    "同一天同样金额的还款已登记（当时没有凭证号），按同一笔处理，不再入账。如确是另一笔，请在贷款页面登记。",
    "The same day and amounts are on file without a voucher; taken as the same and not booked again. Enter another repayment on the loan's page.",
)


def _same_amounts(line: int) -> Remark:
    return Remark(
        "warn",
        "HP26",
        "voucher",
        f"与第 {line} 行同一天同样金额，都没有凭证号，按两笔还款处理。如是重复行，请删去一行。",
        f"The same day and amounts as row {line}, neither with a voucher; taken as two repayments. Delete one if it is the same.",
    )


LOANS, REPAYMENTS = "loans", "repayments"
OTHERS: Mapping[str, Callable[[Pack], Kind]] = {
    LOANS: OfLoans,
    REPAYMENTS: OfRepayments,
    parties.PARTIES: parties.OfParties,
    industry.BODIES: industry.OfBodies,
    industry.BENEFITS: industry.OfBenefits,
    villages.WORKS: villages.OfWorks,
    **registers.KINDS,
}


def kind(name: str, pack: Pack) -> Kind:
    """The kind of that name. Raises ``UnknownPolicy``."""
    return OTHERS[name](pack) if name in OTHERS else OfProgramme(pack.programme(name))
