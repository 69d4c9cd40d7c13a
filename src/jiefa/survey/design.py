"""How a sample was drawn: weights, strata, clusters of one or two stages, population sizes; and its estimates through svy.

What svy computes: Horvitz-Thompson totals and Taylor linearisation for means and ratios (Särndal, Swensson & Wretman 1992, 5.5). With
z the weighted linearised value, n_h of N_h units of stratum h drawn and m_hi of M_hi in unit i,

    V = Σ_h (1 - n_h/N_h) n_h/(n_h-1) Σ_i (z_hi - z̄_h)² + Σ_h n_h/N_h Σ_i (1 - m_hi/M_hi) m_hi/(m_hi-1) Σ_j (z_hij - z̄_hi)²

Without population sizes the first sum alone, its correction 1: drawn with replacement, whatever happened below. A group is a
domain: rows outside count as 0 and stay in the design. Degrees of freedom are clusters less strata, of those in which the domain has
rows; without clusters every row is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import polars as pl
import svy

from jiefa.kernel.errors import Words
from jiefa.survey import errors
from jiefa.survey.microdata import BoolArray, FloatArray, IntArray, Microdata

MOST_STAGES = 2
SHOWN = 5


class Lonely(StrEnum):
    """What to do with a stratum in which a single unit was drawn."""

    REFUSE = "refuse"
    CENTRE = "centre"
    CERTAINTY = "certainty"


Rule = Literal["center", "skip"]

SVY_RULE: Mapping[Lonely, Rule] = {Lonely.CENTRE: "center", Lonely.CERTAINTY: "skip"}
"""``skip`` adds no error of the first stage, as R's and Stata's "certainty"; that of the second stage stays."""


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
class Moment:
    """A mean, total or ratio of one domain. ``se`` is none where all lies in a single unit."""

    value: float
    se: float | None
    df: int


@dataclass(frozen=True)
class Design:
    """The rows that have a weight above 0 (``used`` among all rows of the file), and how they were drawn."""

    used: BoolArray
    weight: FloatArray
    stratum: IntArray
    unit: IntArray
    second: IntArray
    sizes: tuple[FloatArray, ...]
    rule: Rule | None

    @property
    def left_out(self) -> int:
        return int(np.count_nonzero(~self.used))

    def means(self, values: Sequence[FloatArray], domain: BoolArray) -> list[Moment]:
        """The weighted mean of each of ``values`` over the rows of ``domain``."""
        return self._asked("mean", values, None, domain)

    def totals(self, values: Sequence[FloatArray], domain: BoolArray) -> list[Moment]:
        return self._asked("total", values, None, domain)

    def ratios(self, values: Sequence[FloatArray], by: FloatArray, domain: BoolArray) -> list[Moment]:
        """The total of each of ``values`` over that of ``by``."""
        return self._asked("ratio", values, by, domain)

    def _asked(self, what: str, values: Sequence[FloatArray], by: FloatArray | None, domain: BoolArray) -> list[Moment]:
        names = [f"y{number}" for number in range(len(values))]
        # Outside the domain a value counts as nothing; there it may be missing.
        columns = {name: np.where(domain, one, 0.0) for name, one in zip(names, values, strict=True)}
        if by is not None:
            columns["by"] = np.where(domain, by, 0.0)
        sample = svy.Sample(self._frame().with_columns(**columns, domain=domain), self._design())
        where = None if domain.all() else pl.col("domain")
        ask = sample.estimation
        match what:
            case "ratio":
                found = ask.ratio(names, "by", where=where)
            case "total":
                found = ask.total(names, where=where)
            case _:
                found = ask.mean(names, where=where)
        several = found if isinstance(found, list) else [found]
        return [_moment(one.estimates[0]) for one in several]

    def _frame(self) -> pl.DataFrame:
        sizes = {f"size{stage}": size for stage, size in enumerate(self.sizes)}
        return pl.DataFrame(
            {"weight": self.weight, "stratum": self.stratum, "unit": self.unit, "second": self.second, **sizes}
        )

    def _design(self) -> svy.Design:
        sizes: svy.PopSize | str | None = None
        if self.sizes:
            # Without its own column of units svy leaves the second stage out in silence: it always gets one.
            sizes = "size0" if len(self.sizes) == 1 else svy.PopSize(psu="size0", ssu="size1")
        return svy.Design(
            stratum="stratum",
            wgt="weight",
            psu="unit",
            ssu="second" if len(self.sizes) > 1 else None,
            pop_size=sizes,
            singleton=self.rule,
        )


def _moment(found: svy.estimation.estimate.ParamEst) -> Moment:
    df = int(found.df or 0)
    known = found.se is not None and np.isfinite(found.se)
    # A domain inside a single unit has an error of 0 because nothing was there to differ from.
    known = known and (df > 0 or found.se > 0)
    return Moment(float(found.est), float(found.se) if known else None, df)


def designed(data: Microdata, asked: Asked) -> Design:
    """The design that the columns describe. Without a weight, each row stands for what the population sizes say, else for itself.

    Rows without a weight above 0 are left out. Raises ``DesignGap``, ``TooManyStages``, ``SizeUneven``, ``SizeTooSmall``, ``LonelyUnit``.
    """
    _check_stages(asked)
    weight = np.ones(len(data)) if asked.weight is None else data.numbers(asked.weight)
    used = np.asarray(weight > 0, dtype=bool)
    stratum, strata = _codes(data, asked.strata, used)
    unit, units = _nested(data, asked.clusters[:1], used, stratum)
    second, _ = _nested(data, asked.clusters[1:], used, unit)
    sizes: list[FloatArray] = []
    stages = ((stratum, unit, strata), (unit, second, units))
    for name, (above, drawn, names) in zip(asked.sizes, stages, strict=False):
        sizes.append(_size(data, name, used, above, drawn, names))
    weight = weight[used]
    if asked.weight is None:
        for size, (above, drawn, _names) in zip(sizes, stages, strict=False):
            weight = weight * size / _counts(above, drawn)
    rule = _rule(asked, sizes, stages)
    return Design(used, weight, stratum, unit, second, tuple(sizes), rule)


Stage = tuple[IntArray, IntArray, Sequence[str]]
"""What the units of a stage lie in, the units, and what to call the former."""


def _check_stages(asked: Asked) -> None:
    most = min(MOST_STAGES, max(1, len(asked.clusters)) + (1 if asked.clusters else 0))
    if len(asked.clusters) > MOST_STAGES or len(asked.sizes) > most:
        given = f"{len(asked.clusters)} / {len(asked.sizes)}"
        raise errors.TooManyStages(clusters=MOST_STAGES, sizes=most, given=given)


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


def _rule(asked: Asked, sizes: Sequence[FloatArray], stages: Sequence[Stage]) -> Rule | None:
    """The rule for single units, given to svy only where there are any."""
    found: list[Words] = []
    alone = False
    kinds = (Words("层", "strata"), Words("群", "clusters"))
    kind = kinds[0]
    for number in range(max(1, len(sizes))):
        above, drawn, names = stages[number]
        single = _counts(above, drawn) == 1
        if number < len(sizes):
            # A unit that is the only one there is was not drawn by chance: it has no error and is nothing to refuse.
            alone |= bool((single & (sizes[number] <= 1)).any())
            single &= sizes[number] > 1
        if single.any() and not found:
            kind = kinds[number]
            found = [_place(names, int(code)) for code in np.unique(above[single]).tolist()]
    if found and asked.lonely is Lonely.REFUSE:
        more = [Words("……", "…")] if len(found) > SHOWN else []
        raise errors.LonelyUnit(places=kind, found=Words.listed([*found[:SHOWN], *more]))
    if found:
        return SVY_RULE[asked.lonely]
    return SVY_RULE[Lonely.CERTAINTY] if alone else None
