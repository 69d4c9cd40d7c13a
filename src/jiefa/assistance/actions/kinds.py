"""The kinds of lists that can be loaded: every programme of the pack. What each asks of a row and does with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiefa.access.rules import Scope
from jiefa.assistance.actions import records
from jiefa.assistance.actions.records import Kept, Row
from jiefa.assistance.models import HelpList
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.rules import programmes as rules
from jiefa.assistance.rules.programmes import Remark
from jiefa.policy import Form, Pack, Programme

Say = Callable[[int, Remark], None]


class Kind:
    """A kind of list. ``about``: household or person; ``strangers``: rows about nobody on the register are left out."""

    id: str
    zh: str
    en: str
    about: str
    strangers = False
    needs_year = True
    form: Form

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        """What the row says beside whom it is about."""
        raise NotImplementedError

    def identity(self, row: Row) -> str:
        """By what a row is told from the others of its year."""
        raise NotImplementedError

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        """Says what there is to say of the rows."""
        raise NotImplementedError

    def unchanged(self, rows: Sequence[Row]) -> int:
        """How many of the rows say what is on file already."""
        raise NotImplementedError

    def keep(self, rows: Sequence[Row], of_list: HelpList, over: Scope, by: str, pack: Pack) -> Kept:
        """The rows, put on file inside the transaction of the caller."""
        raise NotImplementedError


@dataclass
class OfProgramme(Kind):
    """The list of a programme."""

    programme: Programme

    def __post_init__(self) -> None:
        of = self.programme
        self.id, self.zh, self.en, self.about, self.form = of.id, of.zh, of.en, of.about, of.form
        self.strangers = of.strangers

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return rules.own_of(self.programme, row)

    def identity(self, row: Row) -> str:
        return rules.identity(self.programme, row.household, row.person, row.own)

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        subjects = [row.person if self.about == "person" else row.household for _line, row in rows]
        cards = queries.cards(self.programme, [key for key in subjects if key], [row.year for _line, row in rows])
        policies = {year: pack.for_year(year) for year in {row.year for _line, row in rows}}
        for (line, row), subject in zip(rows, subjects, strict=True):
            card = cards.get((subject, row.year)) if subject else None
            for remark in rules.remarks(self.programme, row.own, row.year, card, policies[row.year]):
                say(line, remark)

    def unchanged(self, rows: Sequence[Row]) -> int:
        identities = [self.identity(row) for row in rows]
        standing = queries.standing(self.id, {row.year for row in rows}, identities)
        known = [standing.get((row.year, identity)) for row, identity in zip(rows, identities, strict=True)]
        return sum(
            one is not None and not one.off_list and {**one.own, **row.own} == one.own
            for one, row in zip(known, rows, strict=True)
        )

    def keep(self, rows: Sequence[Row], of_list: HelpList, over: Scope, by: str, pack: Pack) -> Kept:
        return records.keep(programme=self.programme, rows=rows, by=by, of_list=of_list, over=over)


def kind(name: str, pack: Pack) -> Kind:
    """The kind of that name. Raises ``UnknownPolicy``."""
    return OfProgramme(pack.programme(name))
