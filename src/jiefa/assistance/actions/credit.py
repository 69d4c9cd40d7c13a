"""Loans: asked for by dossier or put on file from a bank's list, paid out once. A household never owes more than the limit.

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
from jiefa.assistance.models import Loan
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
AT_ONCE = 500
"""Households whose debts are read in one question: SQLite of older builds takes at most 999 values."""


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


def _against(household: Household, wish: Wish, debts: queries.Debts, held: Limits, pack: Pack) -> JiefaError | None:
    """What speaks against lending, if anything."""
    title = household.head_name or household.number
    if household.poverty_status not in IN_POVERTY and (household.pk, wish.begins.year) not in debts.were_poor:
        return NoLoanForStatus(title=title)
    for name, value in (("credit_platform", wish.platform), ("loan_use", wish.use)):
        if value not in pack.codes(name).by_id:
            return LoanCodeUnknown(title=title, value=value)
    if not 1 <= wish.months <= held.months:
        return LoanTooLong(title=title, months=wish.months, limit=held.months)
    who = debts.people.get(wish.borrower)
    born = who.birth_date if who is not None and who.household_id == household.pk else None
    if born is None or not held.least_age <= rules.age_on(born, wish.begins) <= held.greatest_age:
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
    _lend(
        [
            (subjects.household_key(dossier.subject) or 0, _wished(dossier, done.on), dossier.pk)
            for dossier, done in moved
            if done.outcome == "approved"
        ],
        by,
        pack,
    )


@transaction.atomic
def lend(*, household_id: int, wish: Wish, by: Actor, pack: Pack) -> Loan:
    """A loan that a bank paid out, put on file by the county. Raises what speaks against it, ``NotAllowed``."""
    village = Household.objects.values_list("village_code", flat=True).get(pk=household_id)
    by.demand(Permission.FUND_MANAGE, village)
    (made,) = _lend([(household_id, wish, None)], by.name, pack)
    return made


def lend_many(*, wishes: Sequence[tuple[int, Wish]], by: str, pack: Pack) -> list[Loan]:
    """Loans of a bank's list, put on file by households; all or none. Must run inside a transaction. Raises as ``lend``."""
    made: list[Loan] = []
    homes = sorted({household for household, _wish in wishes})
    of_home: dict[int, list[Wish]] = {household: [] for household in homes}
    for household, wish in wishes:
        of_home[household].append(wish)
    for first in range(0, len(homes), AT_ONCE):
        made += _lend([(key, wish, None) for key in homes[first : first + AT_ONCE] for wish in of_home[key]], by, pack)
    return made


def against_many(wishes: Sequence[tuple[int, Wish]], pack: Pack) -> list[JiefaError | None]:
    """What speaks against each loan of a bank's list, in its order, if those before it were lent."""
    found: list[JiefaError | None] = []
    for first in range(0, len(wishes), AT_ONCE):
        part = wishes[first : first + AT_ONCE]
        homes = Household.objects.in_bulk([household for household, _wish in part])
        found += _each_against([(homes[key], wish) for key, wish in part], pack)
    return found


def _each_against(asked: Sequence[tuple[Household, Wish]], pack: Pack) -> list[JiefaError | None]:
    """What speaks against each, if those before it are lent: what a household owes grows with them."""
    latest = max(wish.begins for _household, wish in asked)
    borrowers = [wish.borrower for _household, wish in asked]
    homes = [home for home, _wish in asked]
    years = {wish.begins.year for _household, wish in asked}
    debts = queries.debts(homes, borrowers, latest, rules.limits(pack.at(latest)), years)
    owed = dict(debts.owed_fen)
    debts = queries.Debts(owed, debts.counties, debts.people, debts.were_poor)
    held = {begins: rules.limits(pack.at(begins)) for begins in {wish.begins for _household, wish in asked}}
    found = []
    for household, wish in asked:
        against = _against(household, wish, debts, held[wish.begins], pack)
        if against is None:
            owed[household.pk] = owed.get(household.pk, 0) + wish.fen
        found.append(against)
    return found


def _lend(wished: Sequence[tuple[int, Wish, int | None]], by: str, pack: Pack) -> list[Loan]:
    """The loans; the rows of their households are locked, in order, before their debts are read."""
    if not wished:
        return []
    keys = {key for key, _wish, _dossier in wished}
    homes = {home.pk: home for home in Household.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    for against in _each_against([(homes[key], wish) for key, wish, _dossier in wished], pack):
        if against is not None:
            raise against
    now = timezone.now()
    loans = [
        Loan(
            household=homes[key],
            borrower_id=wish.borrower,
            village_code=homes[key].village_code,
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
        for key, wish, dossier in wished
    ]
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
