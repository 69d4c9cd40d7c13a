"""The dated lookup against its slow obvious twin, and at the borders of periods."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa import policy

DAYS = st.dates(dt.date(2013, 1, 1), dt.date(2016, 12, 31))


def parameter(periods: list[tuple[dt.date, dt.date | None]]) -> policy.Parameter:
    values = tuple(
        policy.Value("line.national", number, "yuan", "年鉴", False, start, end, None)
        for number, (start, end) in enumerate(periods)
    )
    return policy.Parameter("line.national", "标准", "Line", "yuan", values)


@st.composite
def periods_in_order(draw: st.DrawFn) -> list[tuple[dt.date, dt.date | None]]:
    starts = sorted(draw(st.sets(DAYS, min_size=1, max_size=6)))
    periods: list[tuple[dt.date, dt.date | None]] = []
    for start, following in zip(starts, [*starts[1:], dt.date(2018, 1, 1)], strict=True):
        last = following - dt.timedelta(days=1)
        periods.append((start, draw(st.none() | st.dates(start, last))))
    return periods


def slow_lookup(periods: list[tuple[dt.date, dt.date | None]], day: dt.date) -> int | None:
    held = None
    for number, (start, end) in enumerate(periods):
        if start <= day:
            held = number if end is None or day <= end else None
    return held


@given(periods_in_order(), DAYS)
def test_lookup_agrees_with_its_slow_twin(periods: list[tuple[dt.date, dt.date | None]], day: dt.date) -> None:
    wanted = slow_lookup(periods, day)

    if wanted is None:
        with pytest.raises(policy.NotInForce):
            parameter(periods).on(day)
    else:
        assert parameter(periods).on(day).amount == wanted


def test_value_holds_from_its_first_to_its_last_day() -> None:
    line = parameter([(dt.date(2014, 1, 1), None), (dt.date(2015, 1, 1), dt.date(2015, 12, 31))])

    assert line.on(dt.date(2014, 12, 31)).amount == 0
    assert line.on(dt.date(2015, 1, 1)).amount == 1
    assert line.on(dt.date(2015, 12, 31)).amount == 1
    for day in (dt.date(2013, 12, 31), dt.date(2016, 1, 1)):
        with pytest.raises(policy.NotInForce, match=str(day)):
            line.on(day)
