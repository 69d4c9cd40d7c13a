"""Loans by the book: what speaks against one, how far an unpaid one has come, who bears what is not paid.

Source: method 8 with the dated values of ``parameters/credit.yaml``. All amounts in fen.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal

from jiefa.policy import Policy

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What held on a day."""

    household_fen: int
    months: int
    least_age: int
    greatest_age: int
    notice_days: int
    grace_days: int
    compensation_days: int
    fund_percent: int
    county_percent: int
    township_percent: int
    stop_percent: int


def limits(policy: Policy) -> Limits:
    """The limits of that day. Raises ``NotInForce`` before the programme began."""

    def number(name: str) -> int:
        return int(policy.number(f"credit.{name}"))

    return Limits(
        household_fen=policy.fen("credit.household_limit"),
        months=number("months_limit"),
        least_age=number("least_age"),
        greatest_age=number("greatest_age"),
        notice_days=number("notice_days"),
        grace_days=number("grace_days"),
        compensation_days=number("compensation_days"),
        fund_percent=number("fund_share"),
        county_percent=number("county_share"),
        township_percent=number("township_share"),
        stop_percent=number("stop_overdue"),
    )


def ends_on(begins: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of that month where it has no such day."""
    year, month = divmod(begins.month - 1 + months, 12)
    year, month = begins.year + year, month + 1
    return dt.date(year, month, min(begins.day, monthrange(year, month)[1]))


def age_on(born: dt.date, on: dt.date) -> int:
    """Full years of age."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def stage(*, to_on: dt.date, balance_fen: int, compensated: bool, on: dt.date, held: Limits) -> str:
    """How far a loan has come, of the code list ``loan_stage``."""
    if balance_fen == 0:
        return "closed"
    if compensated:
        return "recovering"
    late = (on - to_on).days
    if late > held.compensation_days:
        return "to_compensate"
    if late > held.grace_days:
        return "overdue"
    if late > 0:
        return "grace"
    return "falling_due" if -late <= held.notice_days else "running"


@dataclass(frozen=True, slots=True)
class Shared:
    """A loss to the last fen: ``bank`` + ``fund`` is all of it, ``county`` + ``township`` + ``village`` the fund's part."""

    bank: int
    fund: int
    county: int
    township: int
    village: int


def shared(loss_fen: int, held: Limits) -> Shared:
    """Who bears a loss. What does not divide stays with the last: the bank, and of the fund's part the village."""
    fund = loss_fen * held.fund_percent // PERCENT
    county, township = fund * held.county_percent // PERCENT, fund * held.township_percent // PERCENT
    return Shared(loss_fen - fund, fund, county, township, fund - county - township)


def stopped(overdue_fen: int, balance_fen: int, held: Limits) -> bool:
    """Whether so much is overdue that a county lends no more."""
    return overdue_fen * PERCENT > balance_fen * held.stop_percent


def subsidy(interest_fen: int, rate_percent: Decimal, base_percent: Decimal) -> int:
    """What of the interest is paid back: all of it up to the base rate, by proportion above it, to the fen downwards."""
    if rate_percent <= base_percent or not rate_percent:
        return interest_fen
    return int(interest_fen * base_percent / rate_percent)


@dataclass(frozen=True, slots=True)
class Wish:
    """A loan as it is asked for. ``rate_percent``: a year, as written; ``begins``: the day on which it is paid out."""

    borrower: int
    platform: str
    use: str
    fen: int
    months: int
    rate_percent: str
    begins: dt.date

    def as_json(self) -> dict[str, object]:
        """The proposal of a dossier."""
        return {
            "borrower": self.borrower,
            "platform": self.platform,
            "use": self.use,
            "fen": self.fen,
            "months": self.months,
            "rate_percent": self.rate_percent,
        }
