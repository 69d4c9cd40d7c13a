"""What becomes of loans: repaid, paid for by the county's fund where they are not, interest paid back; what is paid into the fund."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.assistance.models import FundEntry, FundKind, Loan, Repayment
from jiefa.assistance.queries import credit as queries
from jiefa.assistance.rules import credit as rules
from jiefa.assistance.rules import repaid
from jiefa.assistance.rules.repaid import Known, Paid
from jiefa.audit import actions as audit
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack

AT_ONCE = 500


class RepaidTooMuch(JiefaError):
    code = "assistance.repaid_too_much"
    zh = "“{title}”的这笔贷款还欠 {balance} 元，还本 {paid} 元不对。请核对金额。"
    en = "This loan of {title!r} has {balance} yuan left; a repayment of {paid} cannot be. Check the amount."


class VoucherContradicts(JiefaError):
    code = "assistance.voucher_contradicts"
    zh = "“{title}”的这笔贷款：凭证号 {voucher} 已登记为另一天或另一金额的还款。请核对凭证号、日期和金额。"
    en = "This loan of {title!r}: voucher {voucher} is on file with another day or amount. Check voucher, day and amounts."


class RepaidAlready(JiefaError):
    code = "assistance.repaid_already"
    zh = "“{title}”的这笔贷款 {on} 还本 {paid} 元已经登记，没有重复写入。如确是另一笔，请填它自己的凭证号。"
    en = "This loan of {title!r}: {paid} yuan repaid on {on} are on file; nothing was written twice. Give another repayment its own voucher."


class NotYetCompensated(JiefaError):
    code = "assistance.not_to_compensate"
    zh = "“{title}”的这笔贷款还没有到代偿的时候（到期 {days} 天后仍未还清才代偿），或已代偿。"
    en = "This loan of {title!r} is not to be paid by the fund: only {days} days after its end, and once."


class FundShort(JiefaError):
    code = "assistance.fund_short"
    zh = "县风险补偿金余额 {balance} 元，不够支付 {asked} 元。请先注入资金。"
    en = "The county's fund holds {balance} yuan, less than {asked}. Pay into it first."


def _said(loan: Loan, by: str, action: str, diff: Mapping[str, object]) -> audit.Said:
    return audit.Said(
        chain=loan.village_code,
        by=by,
        action=action,
        object_type="household",
        object_id=loan.household_id,
        diff={"loan": loan.pk, **diff},
    )


def _locked(loan_id: int, by: Actor) -> Loan:
    """The loan with its household, both locked, for whoever keeps the county's fund. Raises ``NotAllowed``."""
    loan = Loan.objects.select_for_update().select_related("household").get(pk=loan_id)
    by.demand(Permission.FUND_MANAGE, loan.village_code)
    return loan


@transaction.atomic
def repay(*, loan_id: int, principal_fen: int, interest_fen: int, on: dt.date, by: Actor, voucher: str = "") -> Loan:
    """The loan after a repayment; what is repaid after the fund has paid goes to the fund by its share.

    Raises ``RepaidTooMuch``, ``RepaidAlready``, ``VoucherContradicts``, ``NotAllowed``.
    """
    loan = _locked(loan_id, by)
    one = Paid(loan_id, on, principal_fen, interest_fen, voucher)
    (found,) = repaid.known([one], queries.paid_for([loan_id]))
    # Who types a voucher says which repayment it is, also beside one of the same day and amount that has none.
    if found is Known.ON_FILE or (found is Known.LIKE and not voucher):
        raise RepaidAlready(title=_title(loan), on=on, paid=money.format_yuan(principal_fen))
    _repay([(loan, one)], by.name)
    return loan


def repay_many(*, paid: Sequence[Paid], by: str) -> int:
    """How many repayments of a bank's list are new and now on file; all of them or none. Must run inside a transaction.

    What is on file is read when the loans are locked: of two lists at the same moment the second sees the first. Raises
    ``RepaidTooMuch``, ``VoucherContradicts``.
    """
    keys = sorted({one.loan for one in paid})
    loans: dict[int, Loan] = {}
    for first in range(0, len(keys), AT_ONCE):
        chosen = Loan.objects.select_for_update(of=("self",)).select_related("household")
        loans |= {loan.pk: loan for loan in chosen.filter(pk__in=keys[first : first + AT_ONCE]).order_by("pk")}
    found = repaid.known(paid, queries.paid_for(keys))
    fresh = [one for one, what in zip(paid, found, strict=True) if what not in (Known.ON_FILE, Known.LIKE)]
    _repay([(loans[one.loan], one) for one in fresh], by)
    return len(fresh)


def _title(loan: Loan) -> str:
    return loan.household.head_name or loan.household.number


def contradicts(loan: Loan, paid: Paid) -> VoucherContradicts:
    """That the voucher stands for another repayment."""
    return VoucherContradicts(title=_title(loan), voucher=paid.voucher)


def wrong(loan: Loan, balance_fen: int, paid: Paid) -> RepaidTooMuch | None:
    """What speaks against a repayment when so much is still owed."""
    principal, interest = paid.principal_fen, paid.interest_fen
    if principal >= 0 and interest >= 0 and principal + interest > 0 and principal <= balance_fen:
        return None
    return RepaidTooMuch(title=_title(loan), balance=money.format_yuan(balance_fen), paid=money.format_yuan(principal))


def _repay(paid: Sequence[tuple[Loan, Paid]], by: str) -> None:
    """What was paid for loans that are locked, and the fund's share of what comes back. Five statements, however many."""
    now = timezone.now()
    standing = queries.paid_for(sorted({loan.pk for loan, _one in paid}))
    times, vouchers = Counter(one.amounts for one in standing), {(one.loan, one.voucher) for one in standing}
    rows: list[Repayment] = []
    compensated = [loan.pk for loan, _one in paid if loan.compensated_on is not None]
    borne = {
        entry.loan_id: entry for entry in FundEntry.objects.filter(loan__in=compensated, kind=FundKind.COMPENSATION)
    }
    back: list[FundEntry] = []
    for loan, one in paid:
        against = wrong(loan, loan.balance_fen, one)
        if against is not None:
            raise against
        if one.voucher and (one.loan, one.voucher) in vouchers:
            raise contradicts(loan, one)
        vouchers.add((one.loan, one.voucher))
        times[one.amounts] += 1
        rows.append(
            Repayment(
                loan=loan,
                on=one.on,
                principal_fen=one.principal_fen,
                interest_fen=one.interest_fen,
                voucher=one.voucher,
                time=times[one.amounts],
                by=by,
                at=now,
            )
        )
        loan.balance_fen -= one.principal_fen
        entry = borne.get(loan.pk)
        # The bank lost its part too: it has its part of what comes back, to the fen by the same proportion.
        fen = one.principal_fen * -entry.amount_fen // (entry.bank_fen - entry.amount_fen) if entry else 0
        if entry and fen:
            kind = FundKind.RECOVERY
            back.append(
                FundEntry(county_id=entry.county_id, kind=kind, on=one.on, amount_fen=fen, loan=loan, by=by, at=now)
            )
    Repayment.objects.bulk_create(rows, batch_size=AT_ONCE)
    Loan.objects.bulk_update({loan.pk: loan for loan, _one in paid}.values(), ["balance_fen"], batch_size=AT_ONCE)
    FundEntry.objects.bulk_create(back, batch_size=AT_ONCE)
    audit.record_many([_said(loan, by, "loan.repaid", {"fen": one.principal_fen, "on": one.on}) for loan, one in paid])


@transaction.atomic
def compensate(*, loan_id: int, on: dt.date, by: Actor, pack: Pack) -> FundEntry:
    """What the fund pays for a loan that nobody repaid; the household still owes it. Raises ``NotYetCompensated``, ``FundShort``,
    ``NotAllowed``."""
    loan = _locked(loan_id, by)
    held = rules.limits(pack.at(on))
    stage = rules.stage(
        to_on=loan.to_on,
        balance_fen=loan.balance_fen,
        compensated=loan.compensated_on is not None,
        on=on,
        held=held,
    )
    if stage != "to_compensate":
        raise NotYetCompensated(title=_title(loan), days=held.compensation_days)
    parts = rules.shared(loan.balance_fen, held)
    county = Division.objects.select_for_update().get(pk=loan.village_code[:6])
    balance = queries.fund_fen(county.pk)
    if balance < parts.fund:
        raise FundShort(balance=money.format_yuan(balance), asked=money.format_yuan(parts.fund))
    entry = FundEntry.objects.create(
        county=county,
        kind=FundKind.COMPENSATION,
        on=on,
        amount_fen=-parts.fund,
        loan=loan,
        bank_fen=parts.bank,
        county_fen=parts.county,
        township_fen=parts.township,
        village_fen=parts.village,
        by=by.name,
        at=timezone.now(),
    )
    loan.compensated_on = on
    loan.save(update_fields=["compensated_on"], force_update=True)
    audit.record_many([_said(loan, by.name, "loan.compensated", {"fen": parts.fund, "on": on})])
    return entry


@transaction.atomic
def pay_in(*, county: str, fen: int, on: dt.date, source: str, by: Actor) -> FundEntry:
    """Money paid into a county's fund. Raises ``NotAllowed``."""
    by.demand(Permission.FUND_MANAGE, county)
    entry = FundEntry.objects.create(
        county_id=county,
        kind=FundKind.CONTRIBUTION,
        on=on,
        amount_fen=fen,
        source=source,
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=county,
        by=by.name,
        action="fund.paid_in",
        object_type="division",
        object_id=county,
        diff={"fen": fen, "on": on, "source": source},
    )
    return entry


@transaction.atomic
def subsidise(*, county: str, first: dt.date, last: dt.date, by: Actor, pack: Pack) -> list[FundEntry]:
    """The interest that households of the county paid in the days from ``first`` to ``last``, paid back to each, once.

    No more than the interest at the base rate of the day; nothing for what was paid after the end of the loan. Raises
    ``FundShort``, ``NotAllowed``. Source: 国开办发〔2014〕78号（财政贴息）.
    """
    by.demand(Permission.FUND_MANAGE, county)
    Division.objects.select_for_update().get(pk=county)
    paid = queries.to_subsidise(county, first, last)
    fen: dict[int, int] = defaultdict(int)
    for one in paid:
        base = pack.at(one.on).number("credit.base_rate")
        fen[one.loan_id] += rules.subsidy(one.interest_fen, one.loan.rate_percent, base)
    balance = queries.fund_fen(county)
    if sum(fen.values()) > balance:
        raise FundShort(balance=money.format_yuan(balance), asked=money.format_yuan(sum(fen.values())))
    now = timezone.now()
    made = FundEntry.objects.bulk_create(
        [
            FundEntry(
                county_id=county, kind=FundKind.SUBSIDY, on=last, amount_fen=-each, loan_id=loan, by=by.name, at=now
            )
            for loan, each in sorted(fen.items())
            if each
        ],
        batch_size=AT_ONCE,
    )
    for at in range(0, len(paid), AT_ONCE):
        Repayment.objects.filter(pk__in=[one.pk for one in paid[at : at + AT_ONCE]]).update(subsidised_on=last)
    audit.record(
        chain=county,
        by=by.name,
        action="fund.subsidised",
        object_type="division",
        object_id=county,
        diff={"fen": sum(fen.values()), "loans": len(made), "from": first, "to": last},
    )
    return made
