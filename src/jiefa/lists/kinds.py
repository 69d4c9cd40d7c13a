"""What every kind of list answers: what it reads, what there is to say of its rows, how they are put on file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.lists.judged import Remarks
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Form, Pack

Say = Callable[[int, Remark], None]
Row = TypeVar("Row")


@dataclass
class Judged(Remarks, Generic[Row]):
    """The rows of a file with what there is to say of each; ``found`` with their line, in the order of the file.

    ``areas``: of which they speak, as prefixes. ``strangers``: rows that are about nobody here and are left out.
    """

    found: list[tuple[int, Row]] = field(default_factory=list)
    strangers: int = 0
    areas: set[str] = field(default_factory=set)


class Kind(ABC, Generic[Row]):
    """A kind of list: its form, who may send it in and who may accept it."""

    id: str
    zh: str
    en: str
    form: Form
    logged_as: ClassVar[str] = "list"
    """What the log calls it: ``list`` where snapshots hold what it says, ``paper`` where none does."""

    def uploads(self, by: Actor) -> Permission:
        """What the actor needs to send such a list in."""
        return Permission.ROSTER_UPLOAD

    def accepts(self, by: Actor) -> Permission:
        """What the actor needs to accept or refuse one."""
        return Permission.ROSTER_ACCEPT

    @abstractmethod
    def examine(
        self, rows: Sequence[Mapping[str, Any]], judged: Judged[Row], within: Scope, by: Actor, pack: Pack
    ) -> None:
        """Finds what each row of the sheet is about and says what there is to say of it; a row is its columns by identifier, and ``row``."""

    @abstractmethod
    def unchanged(self, rows: Sequence[Row]) -> int:
        """How many of the rows say what is on file already."""

    @abstractmethod
    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        """The rows, put on file inside the transaction of the caller."""

    @abstractmethod
    def plain(self, row: Row) -> Mapping[str, object]:
        """The row as JSON holds it while it waits; no number of a certificate."""

    @abstractmethod
    def row(self, plain: Mapping[str, Any]) -> Row:
        """The row again."""
