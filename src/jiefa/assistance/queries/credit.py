"""Loans and funds: what a household owes, the loans of an area, what is overdue, how far the fund reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import CreditParty, FundEntry, FundKind, Loan, Repayment
from jiefa.assistance.rules.credit import Limits
from jiefa.assistance.rules.repaid import Paid
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household, HouseholdYear, Person

AT_ONCE = 900


def parties(county: str) -> list[CreditParty]:
    """Who fills or filled a role of microcredit in the county, the latest first."""
    return list(CreditParty.objects.filter(county=county).order_by("-from_on", "-pk"))


def parties_of(counties: Iterable[str]) -> list[CreditParty]:
    """Who fills or filled roles of microcredit in these counties, by county, role and day."""
    wanted = CreditParty.objects.filter(county__in=list(counties))
    return list(wanted.select_related("county").order_by("county", "role", "from_on", "pk"))


def parties_inside(within: Scope) -> QuerySet[CreditParty]:
    """Who fills or filled roles of microcredit in the counties of the scope, by county, role and day."""
    rows = gate(CreditParty.objects.select_related("county"), within, "county_id")
    return rows.order_by("county", "role", "from_on", "pk")


def of_household(household: int) -> list[Loan]:
    """The household's loans, the newest first."""
    return list(Loan.objects.filter(household=household).order_by("-from_on", "-pk"))


def loan(pk: int, within: Scope) -> Loan | None:
    """The loan, if it lies inside the scope."""
    return gate(Loan.objects.select_related("household", "borrower"), within).filter(pk=pk).first()


def at_stage(stage: str, on: dt.date, held: Limits) -> Q:
    """The condition under which a loan is at ``stage``: the same borders as ``rules.credit.stage``."""
    open_ones = Q(balance_fen__gt=0, compensated_on__isnull=True)
    days = dt.timedelta
    borders = {
        "closed": Q(balance_fen=0),
        "recovering": Q(balance_fen__gt=0, compensated_on__isnull=False),
        "to_compensate": open_ones & Q(to_on__lt=on - days(held.compensation_days)),
        "overdue": open_ones & Q(to_on__lt=on - days(held.grace_days), to_on__gte=on - days(held.compensation_days)),
        "grace": open_ones & Q(to_on__lt=on, to_on__gte=on - days(held.grace_days)),
        "falling_due": open_ones & Q(to_on__gte=on, to_on__lte=on + days(held.notice_days)),
        "running": open_ones & Q(to_on__gt=on + days(held.notice_days)),
    }
    return borders[stage]


def loans(within: Scope, stage: str, on: dt.date, held: Limits) -> QuerySet[Loan]:
    """The loans of an area, at one stage or (``''``) at any; the newest first."""
    rows = gate(Loan.objects.select_related("household", "borrower"), within)
    return (rows.filter(at_stage(stage, on, held)) if stage else rows).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """The loans of an area on a day. ``fund_fen``: of the counties' funds that lie inside; ``overdue``: past grace."""

    loans: int
    households: int
    lent_fen: int
    balance_fen: int
    overdue: int
    overdue_fen: int
    fund_fen: int
    paid_in_fen: int

    @property
    def overdue_share(self) -> float | None:
        return self.overdue_fen / self.balance_fen if self.balance_fen else None

    @property
    def leverage(self) -> float | None:
        """Yuan lent for every yuan paid into the funds."""
        return self.lent_fen / self.paid_in_fen if self.paid_in_fen else None


def standing(within: Scope, on: dt.date, held: Limits) -> Standing:
    """How the loans of the area stand. Two queries."""
    late = Q(balance_fen__gt=0, to_on__lt=on - dt.timedelta(days=held.grace_days))
    found = gate(Loan.objects.all(), within).aggregate(
        loans=Count("pk"),
        households=Count("household", distinct=True),
        lent_fen=Sum("amount_fen"),
        overdue=Count("pk", filter=late),
        overdue_fen=Sum("balance_fen", filter=late),
        # Last: an aggregate that is named like a column hides it from those after it.
        balance_fen=Sum("balance_fen"),
    )
    fund = gate(FundEntry.objects.all(), within, "county_id").aggregate(
        fund_fen=Sum("amount_fen"), paid_in_fen=Sum("amount_fen", filter=Q(kind=FundKind.CONTRIBUTION))
    )
    return Standing(**{name: int(value or 0) for name, value in {**found, **fund}.items()})


def to_subsidise(county: str, first: dt.date, last: dt.date) -> list[Repayment]:
    """Interest paid in the county in these days, in time and not paid back yet; with its loan, by key."""
    rows = Repayment.objects.filter(
        Q(on__lte=F("loan__to_on")), on__gte=first, on__lte=last, interest_fen__gt=0, subsidised_on__isnull=True
    )
    return list(gate(rows.select_related("loan"), Scope((county,)), "loan__village_code").order_by("pk"))


def paid_for(loans: Sequence[int]) -> list[Paid]:
    """What was paid for these loans so far."""
    found: list[Paid] = []
    columns = ("loan_id", "on", "principal_fen", "interest_fen", "voucher")
    for first in range(0, len(loans), AT_ONCE):
        rows = Repayment.objects.filter(loan__in=loans[first : first + AT_ONCE])
        found += [Paid(*row) for row in rows.values_list(*columns)]
    return found


def repayments(loan: int) -> list[Repayment]:
    """What was paid for the loan, the newest first."""
    return list(Repayment.objects.filter(loan=loan).order_by("-on", "-pk"))


def fund_entries(within: Scope) -> QuerySet[FundEntry]:
    """Movements of the funds that lie inside the scope, the newest first."""
    return gate(FundEntry.objects.select_related("county"), within, "county_id").order_by("-pk")


@dataclass(frozen=True, slots=True)
class CountyCredit:
    """Loans and fund of a county. ``subsidy_fen``: interest paid back, as a sum of its own sign."""

    loans: int = 0
    households: int = 0
    lent_fen: int = 0
    balance_fen: int = 0
    overdue_fen: int = 0
    fund_fen: int = 0
    paid_in_fen: int = 0
    subsidy_fen: int = 0

    @property
    def leverage(self) -> float | None:
        """Yuan lent for every yuan paid into the fund."""
        return self.lent_fen / self.paid_in_fen if self.paid_in_fen else None


def by_county(within: Scope, on: dt.date, held: Limits) -> dict[str, CountyCredit]:
    """Every county with loans or a fund, in order. Two queries."""
    late = Q(balance_fen__gt=0, to_on__lt=on - dt.timedelta(days=held.grace_days))
    placed = gate(Loan.objects.all(), within).annotate(place=Substr("village_code", 1, 6)).values("place")
    lent = placed.annotate(
        loans=Count("pk"),
        households=Count("household", distinct=True),
        lent_fen=Sum("amount_fen"),
        overdue_fen=Sum("balance_fen", filter=late),
        balance=Sum("balance_fen"),
    )
    entries = gate(FundEntry.objects.all(), within, "county_id").values("county_id")
    funds = {
        row["county_id"]: row
        for row in entries.annotate(
            fund_fen=Sum("amount_fen"),
            paid_in_fen=Sum("amount_fen", filter=Q(kind=FundKind.CONTRIBUTION)),
            subsidy_fen=Sum("amount_fen", filter=Q(kind=FundKind.SUBSIDY)),
        )
    }
    loans = {row["place"]: row for row in lent}
    found = {}
    for county in sorted({*loans, *funds}):
        of_loans, of_fund = loans.get(county), funds.get(county)
        found[county] = CountyCredit(
            *(of_loans[name] or 0 for name in ("loans", "households", "lent_fen", "balance", "overdue_fen"))
            if of_loans
            else (0, 0, 0, 0, 0),
            *(of_fund[name] or 0 for name in ("fund_fen", "paid_in_fen", "subsidy_fen")) if of_fund else (0, 0, 0),
        )
    return found


def on_file(borrowers: Sequence[int]) -> dict[tuple[int, dt.date], Loan]:
    """The loans of these borrowers by the day on which each was paid out."""
    found: dict[tuple[int, dt.date], Loan] = {}
    for first in range(0, len(borrowers), AT_ONCE):
        rows = Loan.objects.select_related("household").filter(borrower__in=borrowers[first : first + AT_ONCE])
        found |= {(loan.borrower_id, loan.from_on): loan for loan in rows.order_by("pk")}
    return found


def fund_fen(county: str) -> int:
    """What is in the county's fund."""
    return int(FundEntry.objects.filter(county=county).aggregate(sum=Sum("amount_fen"))["sum"] or 0)


@dataclass(frozen=True, slots=True)
class Debts:
    """Of some households: what each owes, and how their counties stand ``(overdue, balance)``; and their people by key.

    ``were_poor``: ``(household, year)`` of cards that say so: a bank's list may speak of a year gone by.
    """

    owed_fen: Mapping[int, int]
    counties: Mapping[str, tuple[int, int]]
    people: Mapping[int, Person]
    were_poor: Collection[tuple[int, int]] = frozenset()


def debts(
    households: Iterable[Household], borrowers: Iterable[int], on: dt.date, held: Limits, years: Iterable[int] = ()
) -> Debts:
    """What speaks for or against lending to these households, in these years. Four queries, however many."""
    homes = list(households)
    owed = Loan.objects.filter(household__in=[home.pk for home in homes]).values("household")
    late = Q(to_on__lt=on - dt.timedelta(days=held.grace_days))
    inside = Scope.over({home.village_code[:6] for home in homes})
    counties = (
        gate(Loan.objects.annotate(county=Substr("village_code", 1, 6)), inside)
        .values("county")
        .annotate(late=Sum("balance_fen", filter=late), all=Sum("balance_fen"))
    )
    return Debts(
        {row["household"]: int(row["sum"]) for row in owed.annotate(sum=Sum("balance_fen"))},
        {row["county"]: (int(row["late"] or 0), int(row["all"] or 0)) for row in counties},
        Person.objects.in_bulk(list(borrowers)),
        frozenset(
            HouseholdYear.objects.filter(
                household__in=[home.pk for home in homes], year__in=set(years), poverty_status__in=IN_POVERTY
            ).values_list("household_id", "year")
        ),
    )
