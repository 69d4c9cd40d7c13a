"""Which of the matched rows are leads, which a clerk decides: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from jiefa.kernel import id_numbers
from jiefa.kernel.id_numbers import IdForm
from jiefa.linkage.spec import Column, Kind, Spec

SPEC_COLUMNS = (
    Column("name", Kind.NAME, "name", "name"),
    Column("born", Kind.DATE, "born", "born"),
    Column("place", Kind.TEXT, "place", "place"),
)

NEAR = 2
"""Places in which a mistyped number differs: one wrong, or two exchanged."""


def spec(clerk_from: float) -> Spec:
    """How rows without a number that is on the register are compared with people: name, birthday (by sun or moon), village."""
    return Spec("line", "person", SPEC_COLUMNS, lunar=True, threshold=clerk_from)


@dataclass(frozen=True, slots=True)
class Likely:
    """A row of a list and somebody on the register, with the probability that they are the same."""

    line: int
    person: int
    probability: float


class Numbers(Enum):
    """What the numbers of a row and of somebody on the register say of whether they are the same person."""

    NOTHING = "nothing"
    MISTYPED = "mistyped"
    UNCLEAR = "unclear"
    ANOTHER = "another"


def numbers(listed: str | None, on_file: str | None) -> Numbers:
    """Two citizens' numbers beside each other. One that is wrong in itself and differs in two places at most was mistyped. A number that
    is right in itself is somebody's: where it is far from ours, somebody else's; where it is near, that of a twin, or ours is wrong."""
    if not listed or not on_file or listed == on_file:
        return Numbers.NOTHING
    if IdForm.CITIZEN not in (said := {id_numbers.facts(one).form for one in (listed, on_file)}) or len(said) > 1:
        return Numbers.NOTHING
    near = sum(one != other for one, other in zip(listed, on_file, strict=True)) <= NEAR
    if not id_numbers.facts(listed).checksum_ok:
        return Numbers.MISTYPED if near else Numbers.UNCLEAR
    return Numbers.UNCLEAR if near else Numbers.ANOTHER


def parted(
    pairs: Iterable[Likely], said: Mapping[Likely, Numbers], lead_from: float
) -> tuple[list[Likely], list[Likely]]:
    """``(leads, doubtful)``, by row, each row once: leads are those from the threshold on. A clerk decides of those below it, of those
    with an unclear number (``said``), and of a row that two people from the threshold on may be meant by. Whose numbers are two
    people's are neither."""
    by_line: dict[int, list[Likely]] = {}
    for one in sorted(pairs, key=lambda one: (one.line, -one.probability, one.person)):
        if said.get(one) is not Numbers.ANOTHER:
            by_line.setdefault(one.line, []).append(one)
    leads: list[Likely] = []
    doubtful: list[Likely] = []
    for first, *others in by_line.values():
        alone = not any(one.probability >= lead_from for one in others)
        sure = first.probability >= lead_from and alone and said.get(first) is not Numbers.UNCLEAR
        (leads if sure else doubtful).append(first)
    return leads, doubtful


@dataclass(frozen=True, slots=True)
class Worth:
    """What leads of a list and rule turned out to be: ``hit`` of those settled are true, ``removed`` were to be taken off."""

    leads: int
    true: int
    kept: int
    wrong: int

    @property
    def settled(self) -> int:
        return self.true + self.kept + self.wrong

    @property
    def hit(self) -> float | None:
        """The share that was true of those settled; None before the first."""
        return (self.true + self.kept) / self.settled if self.settled else None

    @property
    def removed(self) -> float | None:
        """The share that was to be taken off the register of those settled; None before the first."""
        return self.true / self.settled if self.settled else None
