"""The workbench of fault making: which households are free, which get a fault this year, and the book of truth."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from jiefa.demo.arrays import NULL, AnyArray, BoolArray, IntArray, RealArray, generator
from jiefa.demo.cards import Card, Part
from jiefa.demo.faults.catalogue import BY_RULE, Fault
from jiefa.demo.hardships import CAUSE
from jiefa.demo.identities import check_characters

STILL_THERE = 0.45
"""Of the faults of a year, the share that nobody has mended a year later."""
MEMORY_YEARS = 3
FIRST_YEAR = 2013
TRUTH = pa.schema(
    [
        ("year", pa.int32()),
        ("part", pa.int32()),
        ("rule", pa.string()),
        ("kind", pa.string()),  # injected, or also: broken by the same edit
        ("household_number", pa.string()),
        ("village_code", pa.string()),
        ("member_line", pa.int64()),  # row of the members table of that year and part, from 0; NULL: the household
        ("column", pa.string()),
    ]
)


@dataclass
class Bench:
    """One year's card of one part on which faults are made."""

    part: Part
    card: Card
    busy: BoolArray
    before: IntArray | None
    """Net income per person in fen of last year's card, as it stood with its faults."""
    book: list[pa.Table] = field(default_factory=list)
    wrong_income: BoolArray = field(init=False)
    """Households whose net income of the year is wrong: next year's right one will look like a jump."""

    def __post_init__(self) -> None:
        self.wrong_income = np.zeros(len(self.busy), bool)

    @property
    def h(self) -> dict[str, AnyArray]:
        """Columns of the households."""
        return self.card.households

    @property
    def m(self) -> dict[str, AnyArray]:
        """Columns of the members."""
        return self.card.members

    @property
    def year(self) -> int:
        return self.card.year

    def lasting(self, name: str) -> RealArray:
        """Uniform(0, 1) for each household, the same in every year."""
        key = zlib.crc32(name.encode())
        return generator(self.part.seed, 10, self.part.number, key).random(len(self.part.luck("group")))[
            : len(self.busy)
        ]

    def of_person(self, name: str) -> RealArray:
        """Uniform(0, 1) for each member, the same in every year."""
        key = zlib.crc32(name.encode())
        draws = generator(self.part.seed, 11, self.part.number, key).random(len(self.part.register.people))
        return np.asarray(draws[self.card.person])

    def _due(self, fault: Fault) -> BoolArray:
        due = np.zeros(len(self.busy), bool)
        for begun in range(max(FIRST_YEAR, self.year - MEMORY_YEARS + 1), self.year + 1):
            due |= self.lasting(f"{fault.rule}-{begun}") < fault.share * STILL_THERE ** (self.year - begun)
        return due

    def homes(self, rule: str, eligible: BoolArray) -> IntArray:
        """Households that get the fault: eligible, free, and due this year. They are taken."""
        rows = np.flatnonzero(eligible & ~self.busy & self._due(BY_RULE[rule]))
        self.busy[rows] = True
        return rows

    def people(self, rule: str, eligible: BoolArray) -> IntArray:
        """One eligible member (present) for each household that gets the fault. The households are taken."""
        rows = np.flatnonzero(eligible & self.card.present)
        able = np.zeros(len(self.busy), bool)
        able[self.card.household[rows]] = True
        chosen = np.zeros(len(self.busy), bool)
        chosen[self.homes(rule, able)] = True
        rows = rows[chosen[self.card.household[rows]]]
        order = rows[np.lexsort((self.of_person("pick")[rows], self.card.household[rows]))]
        _, first = np.unique(self.card.household[order], return_index=True)
        return np.asarray(order[first])

    def note(self, rule: str, homes: IntArray, lines: IntArray | None = None, column: str = "") -> None:
        """The faults written in the book of truth, with what they break besides."""
        fault = BY_RULE[rule]
        for name, kind in ((rule, "injected"), *((other, "also") for other in fault.also)):
            self._write(name, kind, homes, lines, column or fault.column)

    def note_also(self, rule: str, homes: IntArray) -> None:
        """A rule that an edit of another year breaks in this one."""
        self._write(rule, "also", homes, None, BY_RULE[rule].column)

    def _write(self, rule: str, kind: str, homes: IntArray, lines: IntArray | None, column: str) -> None:
        count = len(homes)
        village = self.part.register.plan.land.code[self.h["village"][homes]]
        self.book.append(
            pa.table(
                [
                    pa.array(np.full(count, self.year, np.int32)),
                    pa.array(np.full(count, self.part.number + 1, np.int32)),
                    pa.array([rule] * count, pa.string()),
                    pa.array([kind] * count, pa.string()),
                    pa.array(self.h["household_number"][homes].astype("U"), pa.string()),
                    pa.array(village, pa.string()),
                    pa.array(lines, pa.int64()) if lines is not None else pa.nulls(count, pa.int64()),
                    pa.array([column] * count, pa.string()),
                ],
                schema=TRUTH,
            )
        )

    def note_people(self, rule: str, lines: IntArray, column: str = "") -> None:
        self.note(rule, self.card.household[lines], lines, column)

    # what edits ask of a household

    def no_cause(self, *names: str) -> BoolArray:
        """Households that name none of these causes."""
        wanted = [CAUSE[name] for name in names]
        named = np.zeros(len(self.busy), bool)
        for column in ("main_cause", "other_cause_1", "other_cause_2"):
            named |= np.isin(self.h[column], wanted)
        return ~named

    def any_member(self, chosen: BoolArray) -> BoolArray:
        """Households of which a present member is ``chosen``."""
        found = np.zeros(len(self.busy), bool)
        found[self.card.household[chosen & self.card.present]] = True
        return found

    def exits_now(self) -> BoolArray:
        return np.asarray(self.h["exited_year"] == self.year)

    def to_members(self, homes: AnyArray) -> AnyArray:
        """For each member, what holds for the household."""
        return np.asarray(homes[self.card.household])

    # certificate numbers

    def certificate(self, rows: IntArray) -> AnyArray:
        """The numbers of these members as a matrix of ASCII codes that may be changed."""
        numbers = np.ascontiguousarray(self.m["id_number"][rows])
        return numbers.view(np.uint8).reshape(len(rows), numbers.dtype.itemsize).copy()

    def set_certificate(self, rows: IntArray, matrix: AnyArray, checked: bool = True) -> None:
        """The numbers put back, with the right check character when ``checked``."""
        if checked and len(rows):
            matrix[:, 17] = check_characters(matrix[:, :17])
        self.m["id_number"][rows] = np.ascontiguousarray(matrix).view(self.m["id_number"].dtype).ravel()

    # money

    def net(self) -> IntArray:
        """Net income of each household in fen, from the parts as they stand."""
        return net_income(self.h)

    def restate(self, rows: IntArray) -> None:
        """The stated income per person made to agree with the parts."""
        size = np.maximum(self.card.family.size[rows], 1)
        net = self.net()[rows]
        self.h["stated_income_per_person_fen"][rows] = (2 * net + size) // (2 * size)


INCOME_PARTS = (
    "wage_income_fen", "business_income_fen", "property_income_fen", "birth_plan_grant_fen", "dibao_income_fen",
    "tekun_income_fen", "pension_income_fen", "ecology_income_fen", "other_transfer_fen",
)  # fmt: skip
TRANSFERS = INCOME_PARTS[3:]


def net_income(columns: dict[str, AnyArray]) -> IntArray:
    """Sum of the parts less the cost of business, in fen."""

    def amount(name: str) -> AnyArray:
        return np.where(columns[name] == NULL, 0, columns[name])

    total = np.sum([amount(name) for name in INCOME_PARTS], axis=0)
    return np.asarray(total - amount("business_cost_fen"), dtype=np.int64)
