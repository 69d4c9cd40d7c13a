"""Groups, flags, months; what the pack says of lines and days; what kept help is called."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa import policy
from jiefa.disclosure.rules import days_parameter
from jiefa.monitoring.queries import cards
from jiefa.monitoring.rules import tables, watching

PACK = policy.load()
TRIGGERS = PACK.codes("watch_trigger").ids
SUDDEN = PACK.for_year(2023).texts("monitoring.sudden_triggers")


@pytest.mark.parametrize(
    ("status", "triggers", "sudden", "group"),
    [
        ("exited", ["income"], SUDDEN, "unstable"),
        ("exited", ["house"], SUDDEN, "unstable"),
        ("exited", ["medical"], SUDDEN, "sudden"),
        ("exited", ["medical", "income"], SUDDEN, "unstable"),
        ("exited", ["medical"], (), "unstable"),
        ("applicant", ["income"], SUDDEN, "marginal"),
        ("applicant", ["disaster"], SUDDEN, "sudden"),
        ("removed", ["disaster", "income"], SUDDEN, "marginal"),
        ("applicant", ["disaster"], (), "marginal"),
    ],
)
def test_group_follows_from_status_triggers_and_the_rules_of_the_day(
    status: str, triggers: list[str], sudden: tuple[str, ...], group: str
) -> None:
    assert watching.group_of(status, triggers, sudden) == group


@given(
    st.sampled_from(watching.WATCHABLE),
    st.lists(st.sampled_from(TRIGGERS), min_size=1, unique=True),
    st.integers(2014, 2025),
)
def test_every_household_has_a_group_that_is_in_force(status: str, triggers: list[str], year: int) -> None:
    on = dt.date(year, 6, 30)
    try:
        sudden = PACK.at(on).texts("monitoring.sudden_triggers")
    except policy.NotInForce:
        sudden = ()

    group = watching.group_of(status, triggers, sudden)

    assert group in PACK.at(on).codes("watched_group").ids


@given(st.dates(dt.date(2014, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 2_000))
def test_full_months_are_those_whose_day_has_come(since: dt.date, days: int) -> None:
    on = since + dt.timedelta(days=days)

    months = watching.months_between(since, on)

    counted = 0  # month by month along the calendar
    year, month = since.year, since.month
    while True:
        month += 1
        year, month = (year + 1, 1) if month == 13 else (year, month)
        if (year, month, since.day) > (on.year, on.month, on.day):
            break
        counted += 1
    assert months == counted


def test_a_watch_is_short_until_its_last_month_is_full() -> None:
    since = dt.date(2021, 5, 10)

    assert watching.flags(since, dt.date(2021, 11, 9), 6, 2) == ("short",)
    assert watching.flags(since, dt.date(2021, 11, 10), 6, 2) == ()
    assert watching.flags(since, dt.date(2021, 11, 9), 6, 0) == ("short", "no_labour")


@pytest.mark.parametrize(
    ("year", "yuan"),
    [(2014, 2_800), (2016, 3_146), (2018, 3_535), (2019, 5_000), (2020, 5_000), (2021, 6_000), (2023, 7_300)],
)
def test_the_line_of_a_year_is_that_of_the_pack(year: int, yuan: int) -> None:
    assert cards.limits(year, PACK).line_fen == yuan * 100


@pytest.mark.parametrize("year", [2013, 2022, 2024])
def test_a_year_without_a_line_is_refused_by_name(year: int) -> None:
    with pytest.raises(policy.NotInForce, match=r"monitoring\.line"):
        cards.limits(year, PACK)


@pytest.mark.parametrize("year", range(2014, 2019))
def test_before_there_was_a_monitoring_line_the_poverty_line_is_assumed(year: int) -> None:
    value = PACK.for_year(year).value("monitoring.line")

    assert value.assumption
    assert value.amount == PACK.for_year(year).number("poverty_line.province")


@pytest.mark.parametrize("procedure", ["watch_household", "watch_removal"])
def test_steps_take_no_longer_than_the_whole_may(procedure: str) -> None:
    for version in PACK.procedure_versions(procedure):
        policy_then = PACK.at(version.from_date)
        allowed = sum(step.days or 0 for step in version.steps)
        notices = [step for step in version.steps if step.notice]

        assert allowed <= policy_then.number("monitoring.procedure_days")
        assert [str(step.level) for step in notices] == [str(version.by_id["appraisal"].level)], (
            "one notice, in the village"
        )
        days = int(policy_then.number(days_parameter(notices[0].notice or "")))
        # The day of posting does not count, and the last day has to pass.
        assert (notices[0].days or 0) > days
    assert PACK.at(dt.date(2021, 1, 1)).number("monitoring.notice_days") == 5
    assert PACK.at(dt.date(2021, 1, 1)).number("monitoring.procedure_days") == 15


@pytest.mark.parametrize(
    ("first", "last", "exited", "state"),
    [
        (2014, 2015, 2014, "kept"),
        (2013, 2014, 2014, "stopped"),
        (2015, 2015, 2014, "begun"),
        (2015, 2015, 2015, "kept"),
    ],
)
def test_help_goes_on_stops_or_begins(first: int, last: int, exited: int, state: str) -> None:
    assert tables.state(first, last, exited, 2015) == state
