"""The ledger of the province: each stated figure beside what is counted for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jiefa.ledger.queries.counted import BESIDE, FIGURES, SUBJECTS, Counted
from jiefa.ledger.rules import agreeing
from jiefa.policy import Pack
from jiefa.policy.stated import StatedFigure

PROVINCE = "52"
"""The place that the pack's stated figures are about."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: as stated, at the register's size, as counted (None: nothing on file yet), and whether both agree.

    ``subject``: the key of the plan or round of which it is counted; ``beside``: an indicator that counts the same matter otherwise,
    with its figure.
    """

    figure: StatedFigure
    scaled: Decimal
    counted: Decimal | None
    subject: int | None = None
    beside: tuple[str, int] | None = None

    @property
    def agrees(self) -> bool | None:
        return agreeing.agrees(self.figure, self.scaled, self.counted)

    @property
    def difference(self) -> Decimal | None:
        """Counted less stated at the register's size."""
        return None if self.counted is None else self.counted - self.scaled


def rows(pack: Pack, home: Path, scale: Decimal, only: Iterable[str] = ()) -> list[Row]:
    """Every figure of the pack (or ``only`` these), in its order. The number of queries does not depend on the register."""
    counted = Counted(PROVINCE, pack, home)
    wanted = set(only)
    found = []
    for figure in pack.stated_figures():
        if not wanted or figure.id in wanted:
            number = FIGURES[figure.id](counted)
            plain = None if number is None else Decimal(number)
            subject = SUBJECTS[figure.id](counted) if figure.id in SUBJECTS else None
            found.append(Row(figure, agreeing.scaled(figure, scale), plain, subject, _beside(figure.id, counted)))
    return found


def _beside(identity: str, counted: Counted) -> tuple[str, int] | None:
    if identity not in BESIDE:
        return None
    indicator, ask = BESIDE[identity]
    number = ask(counted)
    return None if number is None else (indicator, number)


def scale_of(mark: Path) -> Decimal:
    """How large a part of the people the register holds: 1, or what the demonstration that stands here says of itself."""
    if not mark.exists():
        return Decimal(1)
    return Decimal(str(json.loads(mark.read_text(encoding="utf-8"))["scale"]))
