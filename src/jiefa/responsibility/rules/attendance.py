"""Days in a village in a month: what can be, and what is fewer than asked for."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

from jiefa.kernel.errors import JiefaError


class TooManyDays(JiefaError):
    code = "responsibility.too_many_days"
    zh = "“{name}”{year} 年 {month} 月：驻村 {present} 天、请假 {leave} 天，合计超过当月 {days} 天，或有负数。请核对。"
    en = "{name}, {year}-{month:02d}: {present} days present and {leave} on leave are more than the month's {days}, or negative. Check them."


def check_month(name: str, year: int, month: int, present: int, leave: Mapping[str, int]) -> None:
    """Nothing where the days fit into the month. Raises ``TooManyDays``."""
    days, away = calendar.monthrange(year, month)[1], sum(leave.values())
    if present < 0 or any(part < 0 for part in leave.values()) or present + away > days:
        raise TooManyDays(name=name, year=year, month=month, present=present, leave=away, days=days)
