"""What a rebuttal is about and until when it is taken."""

from __future__ import annotations

import datetime as dt

PROCEDURE = "evaluation_rebuttal"


def subject(sample: int, sheet: int) -> str:
    """What the dossier of a rebuttal is about: one sheet of one sample."""
    return f"evaluation:{sample}:{sheet}"


def last_day(handed_on: dt.date, days: int) -> dt.date:
    """The last day on which the county may begin: ``days`` after the hand-over, that day included."""
    return handed_on + dt.timedelta(days=days)
