"""What a change proposes, line by line: the same lines are frozen, shown and applied.

Values are those of JSON: dates as ISO text, amounts as whole fen, measures as text. No number stands here in clear.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from jiefa.kernel.errors import Words

NEW = 0
"""In the place of a person's key: who is not on file yet."""
SEALED_FIELDS = frozenset(("phone", "bank_account", "id_number"))


class Flag(StrEnum):
    """What whoever decides has to see before anything else."""

    NEW_ENTRY = "new_entry"
    APPLIES = "applies"
    PEOPLE_LEAVE = "people_leave"
    PEOPLE_ENTER = "people_enter"
    RESTATE_INCOME = "restate_income"


FLAGS: dict[str, Words] = {
    Flag.NEW_ENTRY: Words(
        "分户将使登记册多出一户贫困户，而没有经过识别。请查实是否为进入或增加补助而拆户。",
        "The split would put one more poor household on the register without identification. Make sure that it is no split to gain entry or grants.",
    ),
    Flag.APPLIES: Words(
        "分出的户将成为申请户，是否贫困须经识别程序决定。请查实是否为纳入而拆户。",
        "The household that is split off becomes an applicant; identification decides whether it is poor. Make sure that it is no split to gain entry.",
    ),
    Flag.PEOPLE_LEAVE: Words(
        "其中有人将不再是在册贫困人口，而没有办理脱贫退出。",
        "People on the register as poor would be so no longer, without an exit.",
    ),
    Flag.PEOPLE_ENTER: Words(
        "其中有人将随户成为在册贫困人口，而没有经过识别。",
        "People would come onto the register as poor with the household, without identification.",
    ),
    Flag.RESTATE_INCOME: Words(
        "收入、住房、土地仍记在原户，人均收入会变；分户后请按户重新填写。",
        "Income, house and land stay with the old household, so that income per person changes; fill them in anew for both.",
    ),
}


MARKS: dict[str, Words] = {
    Flag.NEW_ENTRY: Words("将新增贫困户", "would add a poor household"),
    Flag.APPLIES: Words("分户申请纳入", "split to apply"),
    Flag.PEOPLE_LEAVE: Words("减少在册贫困人口", "takes people off the register"),
    Flag.PEOPLE_ENTER: Words("增加在册贫困人口", "brings people onto the register"),
}
"""In short, for lists; what is not named there needs no mark."""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference. ``person``: whose, by key; ``NEW`` for who comes; None for the household. ``who``: their name.

    ``field``: a column of the cards; ``member`` (before: relation, after: reason for leaving) or ``household_number``.
    Of sealed fields ``before`` and ``after`` are marks that only tell same from other.
    """

    field: str
    before: object
    after: object
    person: int | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as it is frozen.

    ``person``: somebody on file who comes. ``members``, ``other_members``: of whom household and ``other`` consisted.
    ``sealed``: numbers as the vault sealed them, by ``PERSON.FIELD``. ``year``: of the card that a correction is about.
    """

    kind: str
    on: dt.date
    lines: tuple[Line, ...]
    person: int | None = None
    members: tuple[int, ...] = ()
    other: int | None = None
    other_members: tuple[int, ...] = ()
    inherits: bool = False
    year: int | None = None
    sealed: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    remark: str = ""

    def as_json(self) -> dict[str, object]:
        """What the dossier keeps."""
        facts = asdict(self)
        return {
            "change": facts.pop("kind"),
            **facts,
            "on": self.on.isoformat(),
            "lines": [asdict(x) for x in self.lines],
        }

    def of(self, person: int | None) -> dict[str, object]:
        """The values afterwards by field: of a person, of who comes, of the household."""
        return {line.field: line.after for line in self.lines if line.person == person}

    def relations(self, people: Iterable[int]) -> dict[int, str]:
        """Relations to the head afterwards, of those of ``people`` for whom one is stated."""
        stated = {line.person: str(line.after) for line in self.lines if line.field == "relation"}
        return {person: stated[person] for person in people if person in stated}

    def movers(self) -> tuple[int, ...]:
        """Who goes from one household into another."""
        return tuple(line.person for line in self.lines if line.field == "household_number" and line.person)

    def leavers(self) -> tuple[int, ...]:
        """Who leaves the household and goes to none that is on file."""
        return tuple(line.person for line in self.lines if line.field == "member" and line.person)


def is_change(proposal: Mapping[str, Any]) -> bool:
    """Whether a dossier's proposal is one of these."""
    return "change" in proposal and "lines" in proposal


def read(proposal: Mapping[str, Any]) -> Proposal:
    """The proposal that a dossier keeps."""
    facts = dict(proposal)
    return Proposal(
        kind=facts["change"],
        on=dt.date.fromisoformat(facts["on"]),
        lines=tuple(Line(**line) for line in facts["lines"]),
        person=facts["person"],
        members=tuple(facts["members"]),
        other=facts["other"],
        other_members=tuple(facts["other_members"]),
        inherits=facts["inherits"],
        year=facts["year"],
        sealed=facts["sealed"],
        grounds=tuple(facts["grounds"]),
        flags=tuple(facts["flags"]),
        remark=facts["remark"],
    )


def plain(value: object) -> object:
    """``value`` as JSON has it; an empty text is nothing."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return None if value == "" else value
