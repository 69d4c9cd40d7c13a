"""How a sample was drawn: weights, strata, clusters of any number of stages, population sizes. What follows from it: ``variance``.

Without population sizes the first stage alone counts, drawn with replacement, whatever happened below. With them each stage that has
its size counts, and the next one named as if drawn with replacement; stages below that change nothing and are left aside
(``ignored``), as R's ``svydesign`` treats them. One size more than clusters are named means the rows themselves as the last stage.

A group is a domain: rows outside count as 0 and stay in the design. Degrees of freedom are clusters less strata, of those in which the
domain has rows, as R's ``degf`` of a subset; without clusters every row is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from jiefa.kernel.errors import Words
from jiefa.survey import errors, variance
from jiefa.survey.microdata import BoolArray, FloatArray, IntArray, Microdata
from jiefa.survey.variance import Moment, Part, Stage

SHOWN = 5


class Lonely(StrEnum):
    """What to do with a stratum in which a single unit was drawn."""

    REFUSE = "refuse"
    CENTRE = "centre"
    CERTAINTY = "certainty"


@dataclass(frozen=True)
class Asked:
    """The columns that say how the sample was drawn."""

    weight: str | None = None
    strata: str | None = None
    clusters: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    lonely: Lonely = Lonely.REFUSE

    @property
    def columns(self) -> list[str]:
        return [name for name in (self.weight, self.strata, *self.clusters, *self.sizes) if name is not None]


@dataclass(frozen=True)
class Design:
    """The rows that have a weight above 0 (``used`` among all rows of the file), and how they were drawn.

    ``stages``: those that count; ``lonely``: what to do with single units, none where there are none; ``ignored``: clusters named
    that change nothing.
    """

    used: BoolArray
    weight: FloatArray
    stages: tuple[Stage, ...]
    lonely: Lonely | None = None
    ignored: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        return int(np.count_nonzero(~self.used))

    @cached_property
    def levels(self) -> tuple[variance.Level, ...]:
        return variance.levels(self.stages, self.lonely is Lonely.CENTRE)

    @cached_property
    def order(self) -> IntArray:
        """The rows of the design as a part wants them."""
        return variance.order(self.levels)

    def part(self, rows: IntArray) -> Part:
        """Some rows of the design, in the order of ``order``."""
        return Part(self.levels, self.weight, rows)

    def means(self, values: Sequence[FloatArray], domain: BoolArray) -> list[Moment]:
        """The weighted mean of each of ``values`` over the rows of ``domain``, of which there must be some."""
        part, inside = self._inside(values, domain)
        return part.means(inside)

    def totals(self, values: Sequence[FloatArray], domain: BoolArray) -> list[Moment]:
        """The weighted sum of each of ``values`` over the rows of ``domain``."""
        part, inside = self._inside(values, domain)
        return part.totals(inside)

    def ratios(self, values: Sequence[FloatArray], by: FloatArray, domain: BoolArray) -> list[Moment]:
        """The total of each of ``values`` over that of ``by``, which must not be 0."""
        part, inside = self._inside(values, domain)
        return part.ratios(inside, by[part.rows])

    def _inside(self, values: Sequence[FloatArray], domain: BoolArray) -> tuple[Part, FloatArray]:
        rows = self.order[domain[self.order]]
        return self.part(rows), np.stack([one[rows] for one in values])


def designed(data: Microdata, asked: Asked) -> Design:
    """The design that the columns describe. Without a weight, each row stands for what the population sizes say, else for itself.

    Rows without a weight above 0 are left out. Raises ``DesignGap``, ``TooManySizes``, ``SizeUneven``, ``SizeTooSmall``, ``LonelyUnit``.
    """
    most = len(asked.clusters) + 1
    if len(asked.sizes) > most:
        raise errors.TooManySizes(most=most, given=len(asked.sizes))
    weight = np.ones(len(data)) if asked.weight is None else data.numbers(asked.weight)
    used = np.asarray(weight > 0, dtype=bool)
    weight = weight[used]
    above, places = _codes(data, asked.strata, used)
    stages: list[Stage] = []
    names: list[Sequence[str]] = []
    counted = _counted(asked)
    for number in range(counted):
        unit, units = _nested(data, asked.clusters[number : number + 1], used, above)
        size = None
        if number < len(asked.sizes):
            size = _size(data, asked.sizes[number], used, above, unit, places)
            weight = weight * size / _counts(above, unit) if asked.weight is None else weight
        stages.append(Stage(above, unit, size))
        names.append(places)
        above, places = unit, units
    return Design(used, weight, tuple(stages), _lonely(asked, stages, names), asked.clusters[counted:])


def _counted(asked: Asked) -> int:
    """How many stages count: those with a size and the next one named, one at least."""
    if not asked.sizes:
        return 1
    return max(len(asked.sizes), min(len(asked.sizes) + 1, len(asked.clusters)))


def _codes(data: Microdata, name: str | None, used: BoolArray) -> tuple[IntArray, Sequence[str]]:
    if name is None:
        return np.zeros(int(used.sum()), dtype=np.int64), ("",)
    labels = data.labels(name)
    _no_gap(data, name, labels.missing & used)
    return labels.codes[used], labels.names


def _no_gap(data: Microdata, name: str, gaps: BoolArray) -> None:
    if gaps.any():
        row = int(data.rows[np.flatnonzero(gaps)[0]])
        raise errors.DesignGap(file=data.file, column=name, row=row, count=int(gaps.sum()))


def _nested(data: Microdata, name: Sequence[str], used: BoolArray, within: IntArray) -> tuple[IntArray, Sequence[str]]:
    """The units of a stage, numbered anew in each of what they lie in; every row is one where no column is named."""
    if not name:
        return np.arange(int(used.sum())), ()
    codes, names = _codes(data, name[0], used)
    pairs, unit = np.unique(np.stack([within, codes]), axis=1, return_inverse=True)
    return unit.reshape(-1).astype(np.int64), [names[code] for code in pairs[1].tolist()]


def _counts(above: IntArray, drawn: IntArray) -> FloatArray:
    """How many different units were drawn in that in which each row lies."""
    pairs = np.unique(np.stack([above, drawn]), axis=1)
    return np.bincount(pairs[0], minlength=int(above.max(initial=0)) + 1)[above].astype(np.float64)


def _size(
    data: Microdata, name: str, used: BoolArray, above: IntArray, drawn: IntArray, names: Sequence[str]
) -> FloatArray:
    """How many units there are; where the column holds shares up to 1, they are sampling fractions."""
    size = data.numbers(name)
    _no_gap(data, name, np.isnan(size) & used)
    size = size[used]
    _check_even(name, above, size, names)
    counts = _counts(above, drawn)
    if len(size) and size.max() <= 1 and size.min() > 0:
        size = counts / size
    if (size < counts - 1e-9).any():
        at = int(np.flatnonzero(size < counts - 1e-9)[0])
        raise errors.SizeTooSmall(
            column=name, place=_place(names, int(above[at])), size=f"{size[at]:g}", drawn=int(counts[at])
        )
    return size


def _check_even(name: str, above: IntArray, size: FloatArray, names: Sequence[str]) -> None:
    order = np.lexsort((size, above))
    differs = (np.diff(above[order]) == 0) & (np.abs(np.diff(size[order])) > 1e-9 * size[order][1:])
    if differs.any():
        code = int(above[order][1:][differs][0])
        raise _uneven(name, names, code, np.unique(size[above == code]))


def _uneven(name: str, names: Sequence[str], code: int, values: FloatArray) -> errors.SizeUneven:
    shown = "、".join(f"{value:g}" for value in values[:SHOWN].tolist())
    return errors.SizeUneven(column=name, place=_place(names, code), values=shown)


def _place(names: Sequence[str], code: int) -> Words:
    name = names[code] if code < len(names) else ""
    return Words(f"“{name}”", f'"{name}"') if name else Words("全体", "the whole file")


def _lonely(asked: Asked, stages: Sequence[Stage], names: Sequence[Sequence[str]]) -> Lonely | None:
    """The rule for single units, none where there are none. Raises ``LonelyUnit`` at the first stage that has some."""
    for number, (stage, places) in enumerate(zip(stages, names, strict=True)):
        single = _counts(stage.above, stage.unit) == 1
        if stage.size is not None:
            # A unit that is the only one there is was not drawn by chance: it has no error and is nothing to refuse.
            single &= stage.size > 1
        if not single.any():
            continue
        if asked.lonely is not Lonely.REFUSE:
            return asked.lonely
        found = [_place(places, int(code)) for code in np.unique(stage.above[single]).tolist()]
        more = [Words("……", "…")] if len(found) > SHOWN else []
        kind = Words("群", "clusters") if number else Words("层", "strata")
        raise errors.LonelyUnit(places=kind, found=Words.listed([*found[:SHOWN], *more]))
    return None
