"""An estimate as a point with its interval on a line of shares, against the standard: small enough for a row of a table."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 220, 30, 6
ROOM = 1.25
"""How far the line goes on beyond the outermost mark."""


@dataclass(frozen=True, slots=True)
class IntervalMark:
    """Places in a box of 220 x 30. ``limit`` is None where there is no standard; ``tone``: good, bad, open or plain."""

    low: float
    high: float
    value: float
    limit: float | None
    tone: str
    label: str

    @property
    def width(self) -> float:
        """How long the interval is drawn; never less than can be seen."""
        return max(1.5, round(self.high - self.low, 1))


def interval_mark(
    value: float | None, low: float | None, high: float | None, limit: float | None, *, tone: str, label: str
) -> IntervalMark | None:
    """The marks on a line that begins at 0, or ends at 1 where everything lies above a half; None without an interval."""
    if value is None or low is None or high is None:
        return None
    known = [low, high, *([] if limit is None else [limit])]
    if min(known) > 0.5:
        start, end = max(0.0, 1 - (1 - min(known)) * ROOM), 1.0
    else:
        start, end = 0.0, min(1.0, max(known) * ROOM)
    spread = (end - start) or 1.0

    def at(share: float) -> float:
        return round(MARGIN + (share - start) / spread * (WIDTH - 2 * MARGIN), 1)

    return IntervalMark(at(low), at(high), at(value), None if limit is None else at(limit), tone, label)
