"""Loans: asked for by dossier, paid out once, repaid, paid for by the fund where they are not. A household never owes more than the limit.

The row of the household is locked before what it owes is read: of two loans at the same moment the second sees the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.assistance.models import FundEntry, FundKind, Loan, Repayment
from jiefa.assistance.queries import credit as queries
from jiefa.assistance.rules import credit as rules
from jiefa.assistance.rules.credit import Limits, Wish
from jiefa.audit import actions as audit
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions as dossiers
from jiefa.procedures import subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household

PROCEDURE = "microcredit"


class LoanTooLarge(JiefaError):
    code = "assistance.loan_too_large"
    zh = "“{title}”现欠 {owed} 元，再贷 {asked} 元将超过每户 {limit} 元的上限。请减少金额，或还款后再申请。"
    en = "{title!r} owes {owed} yuan; {asked} more would pass the limit of {limit} a household. Ask for less, or repay first."


class LoanTooLong(JiefaError):
    code = "assistance.loan_too_long"
    zh = "“{title}”申请 {months} 个月，期限应为 1 至 {limit} 个月。请改期限。"
    en = "{title!r} asks for {months} months; a loan runs from 1 to {limit} months. Change the term."


class BorrowerUnfit(JiefaError):
    code = "assistance.borrower_unfit"
    zh = "“{title}”的借款人应是本户成员，年满 {least} 周岁、不超过 {greatest} 周岁。请另选借款人，或先更正出生日期。"
    en = "The borrower of {title!r} must be a member aged {least} to {greatest}. Choose another, or correct the day of birth first."


class NoLoanForStatus(JiefaError):
    code = "assistance.loan_status"
    zh = "“{title}”现在不是在册贫困户，不能申请扶贫小额信贷。"
    en = "{title!r} is not on the register as poor; microcredit does not apply."


class LendingStopped(JiefaError):
    code = "assistance.lending_stopped"
    zh = "“{title}”所在县逾期贷款已超过余额的 {limit}%，停止放贷。请先清收逾期贷款。"
    en = "More than {limit} % of the loans in the county of {title!r} are overdue; nothing is lent. Collect what is overdue first."


class LoanCodeUnknown(JiefaError):
    code = "assistance.loan_code"
    zh = "“{title}”：放贷机构或用途“{value}”不在代码表内。贷款只用于发展生产。请从列表中选。"
    en = "{title!r}: no lender or use is called {value!r}; loans are for production alone. Choose from the list."


class RepaidTooMuch(JiefaError):
    code = "assistance.repaid_too_much"
    zh = "“{title}”的这笔贷款还欠 {balance} 元，还本 {paid} 元不对。请核对金额。"
    en = "This loan of {title!r} has {balance} yuan left; a repayment of {paid} cannot be. Check the amount."


class NotYetCompensated(JiefaError):
    code = "assistance.not_to_compensate"
    zh = "“{title}”的这笔贷款还没有到代偿的时候（到期 {days} 天后仍未还清才代偿），或已代偿。"
    en = "This loan of {title!r} is not to be paid by the fund: only {days} days after its end, and once."


class FundShort(JiefaError):
    code = "assistance.fund_short"
    zh = "县风险补偿金余额 {balance} 元，不够支付 {asked} 元。请先注入资金。"
    en = "The county's fund holds {balance} yuan, less than {asked}. Pay into it first."


def _against(household: Household, wish: Wish, debts: queries.Debts, held: Limits, pack: Pack) -> JiefaError | None:
    """What speaks against lending, if anything."""
    title = household.head_name or household.number
    if household.poverty_status not in IN_POVERTY:
        return NoLoanForStatus(title=title)
    for name, value in (("credit_platform", wish.platform), ("loan_use", wish.use)):
        if value not in pack.codes(name).by_id:
            return LoanCodeUnknown(title=title, value=value)
    if not 1 <= wish.months <= held.months:
        return LoanTooLong(title=title, months=wish.months, limit=held.months)
    who = debts.people.get(wish.borrower)
    member = who is not None and who.household_id == household.pk and who.birth_date is not None
    if not member or not held.least_age <= rules.age_on(who.birth_date, wish.begins) <= held.greatest_age:  # type: ignore[union-attr, arg-type]
        return BorrowerUnfit(title=title, least=held.least_age, greatest=held.greatest_age)
    owed = debts.owed_fen.get(household.pk, 0)
    if wish.fen <= 0 or owed + wish.fen > held.household_fen:
        said = {"owed": owed, "asked": wish.fen, "limit": held.household_fen}
        return LoanTooLarge(title=title, **{name: money.format_yuan(fen) for name, fen in said.items()})
    if rules.stopped(*debts.counties.get(household.village_code[:6], (0, 0)), held):
        return LendingStopped(title=title, limit=held.stop_percent)
    return None


def propose(*, household_id: int, wish: Wish, by: Actor, on: dt.date, pack: Pack) -> int:
    """The key of the dossier by which the household asks for a loan. Raises what speaks against it, and as ``open_many``."""
    household = Household.objects.get(pk=household_id)
    held = rules.limits(pack.at(on))
    against = _against(household, wish, queries.debts([household], [wish.borrower], on, held), held, pack)
    if against is not None:
        raise against
    title = household.head_name or household.number
    opening = Opening(subjects.household(household.pk), household.village_code, title, on.year, wish.as_json())
    (key,) = dossiers.open_many(procedure=PROCEDURE, openings=[opening], by=by, on=on, pack=pack)
    return key


def _wished(dossier: Dossier, on: dt.date) -> Wish:
    return Wish(begins=on, **{name: dossier.proposal[name] for name in Wish.__slots__ if name != "begins"})


def check(waiting: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing to a loan, as things stand now; at every step."""
    if decision.kind != "approve" or not waiting:
        return {}
    held = rules.limits(pack.at(decision.on))
    wishes = {dossier.pk: _wished(dossier, decision.on) for dossier in waiting}
    keys = {dossier.pk: subjects.household_key(dossier.subject) or 0 for dossier in waiting}
    homes = Household.objects.in_bulk(list(keys.values()))
    debts = queries.debts(homes.values(), [wish.borrower for wish in wishes.values()], decision.on, held)
    found = {pk: _against(homes[key], wishes[pk], debts, held, pack) for pk, key in keys.items()}
    return {pk: reason for pk, reason in found.items() if reason is not None}


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The loans of dossiers that ended well, each paid out on the day of the decision. Raises what speaks against one."""
    wished = {
        subjects.household_key(dossier.subject) or 0: (_wished(dossier, done.on), dossier.pk)
        for dossier, done in moved
        if done.outcome == "approved"
    }
    _lend(wished, by, pack)


@transaction.atomic
def lend(*, household_id: int, wish: Wish, by: Actor, pack: Pack) -> Loan:
    """A loan that a bank paid out, put on file by the county. Raises what speaks against it, ``NotAllowed``."""
    village = Household.objects.values_list("village_code", flat=True).get(pk=household_id)
    by.demand(Permission.FUND_MANAGE, village)
    (made,) = _lend({household_id: (wish, None)}, by.name, pack)
    return made


def _lend(wished: Mapping[int, tuple[Wish, int | None]], by: str, pack: Pack) -> list[Loan]:
    """One loan for each household, by key; each row is locked, in order, before its debts are read."""
    if not wished:
        return []
    homes = {home.pk: home for home in Household.objects.select_for_update().filter(pk__in=wished).order_by("pk")}
    begins = next(iter(wished.values()))[0].begins
    held = rules.limits(pack.at(begins))
    debts = queries.debts(homes.values(), [wish.borrower for wish, _dossier in wished.values()], begins, held)
    now, loans = timezone.now(), []
    for key, household in homes.items():
        wish, dossier = wished[key]
        against = _against(household, wish, debts, held, pack)
        if against is not None:
            raise against
        loans.append(
            Loan(
                household=household,
                borrower_id=wish.borrower,
                village_code=household.village_code,
                platform=wish.platform,
                use=wish.use,
                amount_fen=wish.fen,
                balance_fen=wish.fen,
                months=wish.months,
                rate_percent=Decimal(wish.rate_percent),
                from_on=wish.begins,
                to_on=rules.ends_on(wish.begins, wish.months),
                dossier=dossier,
                by=by,
                at=now,
            )
        )
    made = Loan.objects.bulk_create(loans, batch_size=500)
    audit.record_many(
        [
            audit.Said(
                chain=loan.village_code,
                by=by,
                action="loan.lent",
                object_type="household",
                object_id=loan.household_id,
                diff={"loan": loan.pk, "fen": loan.amount_fen, "months": loan.months},
            )
            for loan in made
        ]
    )
    return made


def _log(loan: Loan, by: Actor, action: str, diff: Mapping[str, object]) -> None:
    audit.record(
        chain=loan.village_code,
        by=by.name,
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
def repay(*, loan_id: int, principal_fen: int, interest_fen: int, on: dt.date, by: Actor) -> Loan:
    """The loan after a repayment; what is repaid after the fund has paid goes to the fund by its share.

    Raises ``RepaidTooMuch``, ``NotAllowed``.
    """
    loan = _locked(loan_id, by)
    title = loan.household.head_name or loan.household.number
    if principal_fen < 0 or interest_fen < 0 or principal_fen + interest_fen == 0 or principal_fen > loan.balance_fen:
        balance, paid = money.format_yuan(loan.balance_fen), money.format_yuan(principal_fen)
        raise RepaidTooMuch(title=title, balance=balance, paid=paid)
    now = timezone.now()
    Repayment.objects.create(
        loan=loan, on=on, principal_fen=principal_fen, interest_fen=interest_fen, by=by.name, at=now
    )
    loan.balance_fen -= principal_fen
    loan.save(update_fields=["balance_fen"], force_update=True)
    borne = loan.fund_entries.filter(kind=FundKind.COMPENSATION).first()
    if borne is not None:
        # The bank lost its part too: it has its part of what comes back, to the fen by the same proportion.
        back = principal_fen * -borne.amount_fen // (borne.bank_fen - borne.amount_fen)
        if back:
            FundEntry.objects.create(
                county_id=borne.county_id, kind=FundKind.RECOVERY, on=on, amount_fen=back, loan=loan, by=by.name, at=now
            )
    _log(loan, by, "loan.repaid", {"fen": principal_fen, "on": on})
    return loan


@transaction.atomic
def compensate(*, loan_id: int, on: dt.date, by: Actor, pack: Pack) -> FundEntry:
    """What the fund pays for a loan that nobody repaid; the household still owes it. Raises ``NotYetCompensated``, ``FundShort``,
    ``NotAllowed``."""
    loan = _locked(loan_id, by)
    held = rules.limits(pack.at(on))
    title = loan.household.head_name or loan.household.number
    stage = rules.stage(
        to_on=loan.to_on,
        balance_fen=loan.balance_fen,
        compensated=loan.compensated_on is not None,
        on=on,
        held=held,
    )
    if stage != "to_compensate":
        raise NotYetCompensated(title=title, days=held.compensation_days)
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
    _log(loan, by, "loan.compensated", {"fen": parts.fund, "on": on})
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
