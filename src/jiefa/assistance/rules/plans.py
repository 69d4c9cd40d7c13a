"""What a household signed, as one digest: two plans that promise the same have the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One measure as it is agreed. ``cause``: '' where it answers none; ``fen``: None where it is not money.

    ``cadre``: who answers now; it may be handed on and is no part of what is signed, as the name is.
    """

    kind: str
    responsible: str
    planned_on: dt.date
    cause: str = ""
    what: str = ""
    fen: int | None = None
    person: int | None = None
    responsible_user: str = ""
    cadre: int | None = None


def digest(promises: Iterable[Promise]) -> str:
    """The SHA-256 of what is promised, in whatever order."""
    signed = [{name: value for name, value in asdict(one).items() if name != "cadre"} for one in promises]
    lines = sorted(json.dumps(one, ensure_ascii=False, sort_keys=True, default=str) for one in signed)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
