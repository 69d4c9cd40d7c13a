"""Where each condition of many rules stands among the bits of a row's words, and the rows of violations made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from operator import or_
from typing import cast

import ibis
import ibis.expr.types as ir

from jiefa.insight.rules import masks

RULE_LENGTH = 4
BYTE = 8


@dataclass(slots=True)
class Layout:
    """Bits of rules, in order. All bits of a rule stand in one byte, so that its first that is true can silence the others."""

    names: list[str] = field(default_factory=list)
    """Rule and detail of each bit; empty where a byte is filled up."""
    earlier: list[int] = field(default_factory=list)
    """Of each bit: the bits of its byte that belong to the same rule and come first."""
    cases: dict[int, masks.Case] = field(default_factory=dict)

    @classmethod
    def of(cls, tests: Iterable[tuple[str, Mapping[str, ir.BooleanValue]]]) -> Layout:
        """The layout of rules given as ``(id, condition by detail)``."""
        layout = cls()
        for rule, details in tests:
            layout._add(rule, [(name, case) for name, test in details.items() for case in masks.cases_of(test)])
        layout._fill()
        return layout

    def _add(self, rule: str, cases: list[tuple[str, masks.Case]]) -> None:
        if len(cases) > BYTE:
            raise ValueError(f"{rule} has {len(cases)} cases, more than a byte holds")
        if len(self.names) % BYTE + len(cases) > BYTE:
            self._fill()
        first, place = len(self.names) % BYTE, len(self.names)
        self.earlier += [(1 << first + step) - (1 << first) for step in range(len(cases))]
        self.names += [rule + detail for detail, _ in cases]
        self.cases |= {place + step: case for step, (_, case) in enumerate(cases)}

    def _fill(self) -> None:
        """The last byte filled up: Spark looks names up before it filters, so that every bit must have one."""
        missing = -len(self.names) % BYTE
        self.names += [""] * missing
        self.earlier += [0] * missing

    def broken(self, marked: ir.Table) -> ir.Table:
        """One row per rule that a row of ``marked`` (with ``masks.words``) breaks, with ``rule`` and ``detail``.

        First bytes, then bits: far fewer rows than one unnest over all bits would make.
        """
        of_word = {
            word: marked[masks.column_name(word)] & sum(1 << bit % masks.WORD for bit in bits)
            for word, bits in groupby(sorted(self.cases), key=lambda bit: bit // masks.WORD)
        }
        some = reduce(or_, (own != 0 for own in of_word.values()))
        # Each byte carries its place: two lists unnested side by side are paired by DuckDB but multiplied by Spark.
        placed = [
            ((of_word[at // masks.WORD] >> at % masks.WORD) & 255) + (at << BYTE)
            for at in range(0, len(self.names), BYTE)
        ]
        by_byte = marked.filter(some).mutate(placed=ibis.array(placed).unnest())
        by_byte = by_byte.mutate(byte=by_byte.placed & 255, offset=by_byte.placed >> BYTE)
        by_bit = by_byte.filter(by_byte.byte != 0).mutate(bit=ibis.array([_int64(bit) for bit in range(BYTE)]).unnest())
        set_bits = by_bit.filter((by_bit.byte >> by_bit.bit) & 1 == 1)
        place = (set_bits.offset + set_bits.bit).cast("int32")
        earlier = ibis.array([_int64(bits) for bits in self.earlier])
        found = set_bits.mutate(name=ibis.array(self.names)[place], earlier=earlier[place])
        first = found.filter(found.byte & found.earlier == 0)
        return first.mutate(rule=first.name.left(RULE_LENGTH), detail=first.name.substr(RULE_LENGTH).nullif(""))


def _int64(number: int) -> ir.IntegerScalar:
    return cast("ir.IntegerScalar", ibis.literal(number, "int64"))
