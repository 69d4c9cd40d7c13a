"""What every kind of list answers: what it asks of a row, what there is to say of rows, how they are put on file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jiefa.access.rules import Scope
from jiefa.assistance.actions.records import Kept, Row
from jiefa.assistance.models import HelpList
from jiefa.assistance.rules.programmes import Remark
from jiefa.policy import Form, Pack

Say = Callable[[int, Remark], None]


class Kind(ABC):
    """A kind of list. ``about``: household, person or place; ``strangers``: rows about nobody on the register are left out.

    ``place``: of a list about places, the column with the code of the division, which has so many ``digits``.
    """

    id: str
    zh: str
    en: str
    about: str
    strangers = False
    needs_year = True
    place = "village_code"
    digits = 12
    form: Form

    @abstractmethod
    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        """What the row says beside whom it is about."""

    @abstractmethod
    def identity(self, row: Row) -> str | None:
        """By what a row is told from the others of its year; None where two may say the same."""

    @abstractmethod
    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        """Says what there is to say of the rows."""

    @abstractmethod
    def unchanged(self, rows: Sequence[Row]) -> int:
        """How many of the rows say what is on file already."""

    @abstractmethod
    def keep(self, rows: Sequence[Row], of_list: HelpList, over: Scope, by: str, pack: Pack) -> Kept:
        """The rows, put on file inside the transaction of the caller."""
