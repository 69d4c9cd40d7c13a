"""Days in a village in a month: what can be; in a year: how many are asked for."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping

from jiefa.kernel.errors import JiefaError


class TooManyDays(JiefaError):
    code = "responsibility.too_many_days"
    zh = "“{name}”{year} 年 {month} 月：驻村 {present} 天、请假 {leave} 天，合计超过当月 {days} 天，或有负数。请核对。"
    en = "{name}, month {month} of {year}: {present} days present and {leave} on leave are more than the month's {days}, or negative. Check them."


def check_month(name: str, year: int, month: int, present: int, leave: Mapping[str, int]) -> None:
    """Nothing where the days fit into the month. Raises ``TooManyDays``."""
    days, away = calendar.monthrange(year, month)[1], sum(leave.values())
    if present < 0 or any(part < 0 for part in leave.values()) or present + away > days:
        raise TooManyDays(name=name, year=year, month=month, present=present, leave=away, days=days)


def whole_months(since: dt.date, on: dt.date) -> int:
    """The whole calendar months of the year of ``on``, up to and with that day, in which somebody served who began at ``since``."""
    last = on.month if on.day == calendar.monthrange(on.year, on.month)[1] else on.month - 1
    if since.year > on.year:
        return 0
    first = 1 if since.year < on.year else since.month + (since.day > 1)
    return max(0, last - first + 1)


def days_asked(least_a_year: int, months: int) -> int:
    """The part of a year's days that is asked for in so many months, rounded down."""
    return least_a_year * months // 12
