"""What a household signed, as one digest: two plans that promise the same have the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One measure as it is agreed. ``cause``: '' where it answers none; ``fen``: None where it is not money."""

    kind: str
    responsible: str
    planned_on: dt.date
    cause: str = ""
    what: str = ""
    fen: int | None = None
    person: int | None = None
    responsible_user: str = ""


def digest(promises: Iterable[Promise]) -> str:
    """The SHA-256 of what is promised, in whatever order."""
    lines = sorted(json.dumps(asdict(one), ensure_ascii=False, sort_keys=True, default=str) for one in promises)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
