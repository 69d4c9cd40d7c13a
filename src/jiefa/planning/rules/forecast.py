"""How far a place ought to be in a month, whether it is behind, and what the year may come to. Plain numbers, by month.

*Behind*: less is done than the part of the target that ought to be. That part is, where the years before say when such work
is done, their share by that month; else the share of the year that has passed.

*Forecast*: where the years before say when such work is done, what is done divided by their share by that month, from the
year whose share was largest to the one whose share was smallest; else what is done and, for every month to come, the mean of
the months so far, from their least to their most. With fewer than three months and no earlier year nothing is foretold, and
nothing where no earlier year had done anything by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MONTHS = 12
FEWEST_MONTHS = 3
"""Months before a straight line is drawn through them. Own judgement."""
FEWEST_DONE = 20
"""Done in a year before, that its months may say when such work is done: of fewer, one household more or less would decide. Own
judgement."""
YEARS_BACK = 3
"""Years before that are asked when such work is done."""
Months = Sequence[int]
"""Twelve numbers: done in each month."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the year may come to. ``method``: ``over``, ``season``, ``line`` or, with no number, ``few_months``, ``nothing_yet``."""

    method: str
    expected: int | None = None
    least: int | None = None
    most: int | None = None


def usable(history: Sequence[Months]) -> list[Months]:
    """The years before that did enough to say when."""
    return [year for year in history if sum(year) >= FEWEST_DONE]


def share_by(history: Sequence[Months], month: int) -> Fraction | None:
    """The share of a year's work that the years before had done by the end of the month, all together; None without such years."""
    known = usable(history)
    return Fraction(sum(sum(year[:month]) for year in known), sum(map(sum, known))) if known else None


def ought(target: int, month: int, history: Sequence[Months]) -> int:
    """What ought to be done of the target by the end of the month, rounded down."""
    share = share_by(history, month)
    return int(target * (Fraction(month, MONTHS) if share is None else share))


def behind(target: int, done: int, month: int, history: Sequence[Months]) -> int:
    """By how much a place is behind at the end of the month; 0 where it is not."""
    return max(0, ought(target, month, history) - done)


def forecast(months: Months, month: int, history: Sequence[Months]) -> Forecast:
    """What the year comes to, as seen at the end of ``month``; months after it do not count."""
    done = sum(months[:month])
    if month >= MONTHS:
        return Forecast("over", done, done, done)
    known = usable(history)
    if known:
        share = share_by(history, month)
        if not share:
            return Forecast("nothing_yet")
        shares = [part for year in known if (part := Fraction(sum(year[:month]), sum(year)))]
        return Forecast("season", round(done / share), round(done / max(shares)), round(done / min(shares)))
    if month < FEWEST_MONTHS:
        return Forecast("few_months")
    left = MONTHS - month
    so_far = months[:month]
    mean = Fraction(done, month)
    return Forecast("line", round(done + mean * left), done + min(so_far) * left, done + max(so_far) * left)
