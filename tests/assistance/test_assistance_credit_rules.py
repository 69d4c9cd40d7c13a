"""Loans by the book: the last day, the ladder to the day, shares to the fen."""

from __future__ import annotations

import datetime as dt

import pytest

from jiefa import policy
from jiefa.assistance.rules import credit as rules

HELD = rules.limits(policy.load().at(dt.date(2016, 3, 1)))
END = dt.date(2018, 6, 30)


def test_limits_are_those_of_the_sources() -> None:
    assert (HELD.household_fen, HELD.months, HELD.stop_percent) == (5_000_000, 36, 3)
    assert (HELD.fund_percent, HELD.county_percent, HELD.township_percent) == (70, 50, 30)


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (dt.date(2016, 1, 31), 1, dt.date(2016, 2, 29)),
        (dt.date(2015, 12, 31), 36, dt.date(2018, 12, 31)),
        (dt.date(2016, 2, 29), 12, dt.date(2017, 2, 28)),
    ],
)
def test_loan_ends_on_the_same_day_or_the_last_of_the_month(begins: dt.date, months: int, ends: dt.date) -> None:
    assert rules.ends_on(begins, months) == ends


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-61, "running"),
        (-60, "falling_due"),
        (0, "falling_due"),
        (1, "grace"),
        (30, "grace"),
        (31, "overdue"),
        (90, "overdue"),
        (91, "to_compensate"),
    ],
)
def test_ladder_turns_on_its_days(days: int, stage: str) -> None:
    on = END + dt.timedelta(days=days)

    assert rules.stage(to_on=END, balance_fen=1, compensated=False, on=on, held=HELD) == stage


def test_what_is_repaid_is_closed_and_what_the_fund_paid_is_recovered() -> None:
    late = END + dt.timedelta(days=400)

    assert rules.stage(to_on=END, balance_fen=0, compensated=True, on=late, held=HELD) == "closed"
    assert rules.stage(to_on=END, balance_fen=5, compensated=True, on=late, held=HELD) == "recovering"


@pytest.mark.parametrize("loss", [0, 1, 3, 99, 3_333_333, 5_000_000])
def test_loss_is_shared_to_the_fen(loss: int) -> None:
    parts = rules.shared(loss, HELD)

    assert parts.bank + parts.fund == loss
    assert parts.county + parts.township + parts.village == parts.fund
    assert min(parts.bank, parts.county, parts.township, parts.village) >= 0


def test_loss_of_the_limit_falls_as_the_county_wrote() -> None:
    assert rules.shared(5_000_000, HELD) == rules.Shared(1_500_000, 3_500_000, 1_750_000, 1_050_000, 700_000)


def test_lending_stops_above_three_per_cent_not_at_it() -> None:
    assert not rules.stopped(3, 100, HELD)
    assert rules.stopped(301, 10_000, HELD)
    assert not rules.stopped(0, 0, HELD)
