"""Which of the matched rows are leads, which a clerk decides: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jiefa.linkage.spec import Column, Kind, Spec

SPEC_COLUMNS = (
    Column("name", Kind.NAME, "name", "name"),
    Column("born", Kind.DATE, "born", "born"),
    Column("place", Kind.TEXT, "place", "place"),
)


def spec(clerk_from: float) -> Spec:
    """How rows without a number that is on the register are compared with people: name, birthday (by sun or moon), village."""
    return Spec("line", "person", SPEC_COLUMNS, lunar=True, threshold=clerk_from, one_to_one=True)


@dataclass(frozen=True, slots=True)
class Likely:
    """A row of a list and somebody on the register, with the probability that they are the same."""

    line: int
    person: int
    probability: float


def parted(pairs: Iterable[Likely], lead_from: float) -> tuple[list[Likely], list[Likely]]:
    """``(leads, doubtful)``: those from the threshold on, and those below it that a clerk decides."""
    every = list(pairs)
    return [one for one in every if one.probability >= lead_from], [one for one in every if one.probability < lead_from]


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
