"""The same estimates by the library svy (successor of samplics), which independent evaluations use: somebody else's arithmetic.

svy knows two stages and reads the whole sample for each call, so that many groups are slow; ``variance`` does those. Tests hold the
two against each other over random designs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl
import svy

from jiefa.survey.design import Design, Lonely
from jiefa.survey.microdata import BoolArray, FloatArray
from jiefa.survey.variance import Moment

RULE: Mapping[Lonely, Literal["center", "skip"]] = {Lonely.CENTRE: "center", Lonely.CERTAINTY: "skip"}
"""``skip`` adds no error of the first stage, as R's and Stata's "certainty"; that of the second stage stays."""

MOST_STAGES = 2


def means(design: Design, values: Sequence[FloatArray], domain: BoolArray) -> list[Moment]:
    """As ``Design.means``, of a design of at most two stages."""
    names, columns, where = _columns(values, domain)
    return _moments(_sample(design, columns).estimation.mean(names, where=where))


def totals(design: Design, values: Sequence[FloatArray], domain: BoolArray) -> list[Moment]:
    """As ``Design.totals``, of a design of at most two stages."""
    names, columns, where = _columns(values, domain)
    return _moments(_sample(design, columns).estimation.total(names, where=where))


def ratios(design: Design, values: Sequence[FloatArray], by: FloatArray, domain: BoolArray) -> list[Moment]:
    """As ``Design.ratios``, of a design of at most two stages."""
    names, columns, where = _columns(values, domain)
    columns["by"] = np.where(domain, by, 0.0)
    return _moments(_sample(design, columns).estimation.ratio(names, "by", where=where))


def _columns(
    values: Sequence[FloatArray], domain: BoolArray
) -> tuple[list[str], dict[str, FloatArray | BoolArray], pl.Expr | None]:
    """Outside the domain a value counts as nothing; there it may be missing."""
    names = [f"y{number}" for number in range(len(values))]
    columns = {name: np.where(domain, one, 0.0) for name, one in zip(names, values, strict=True)}
    return names, {**columns, "domain": domain}, None if domain.all() else pl.col("domain")


def _sample(design: Design, columns: Mapping[str, FloatArray | BoolArray]) -> svy.Sample:
    assert len(design.stages) <= MOST_STAGES, "svy knows two stages"
    first, sizes = design.stages[0], {}
    frame = {"weight": design.weight, "stratum": first.above, "unit": first.unit, "second": design.stages[-1].unit}
    for number, stage in enumerate(design.stages):
        if stage.size is not None:
            sizes[f"size{number}"] = stage.size
    known: svy.PopSize | str | None = "size0" if sizes else None
    if len(design.stages) > 1:
        # Without its own column of units svy leaves the second stage out in silence: it always gets one.
        known = svy.PopSize(psu="size0", ssu="size1" if len(sizes) > 1 else None)
    alone = any(bool((stage.size <= 1).any()) for stage in design.stages if stage.size is not None)
    lonely = design.lonely or (Lonely.CERTAINTY if alone else None)
    drawn = svy.Design(
        stratum="stratum",
        wgt="weight",
        psu="unit",
        ssu="second" if len(design.stages) > 1 else None,
        pop_size=known,
        singleton=None if lonely is None else RULE[lonely],
    )
    return svy.Sample(pl.DataFrame({**frame, **sizes, **columns}), drawn)


def _moments(found: svy.Estimate | list[svy.Estimate]) -> list[Moment]:
    several = found if isinstance(found, list) else [found]
    return [_moment(one.estimates[0]) for one in several]


def _moment(found: svy.estimation.estimate.ParamEst) -> Moment:
    df = int(found.df or 0)
    known = found.se is not None and np.isfinite(found.se)
    # A domain inside a single unit has an error of 0 because nothing was there to differ from.
    known = known and (df > 0 or found.se > 0)
    return Moment(float(found.est), float(found.se) if known else None, df)
