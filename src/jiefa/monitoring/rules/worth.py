"""Whether a score is worth using: fitted on earlier years, measured on a year that it never saw, beside the plain triggers.

It is dropped unless it orders better than they do, by more than chance would, and the first visits find no fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from jiefa.monitoring.rules import measuring, scoring
from jiefa.monitoring.rules.measuring import Flags, Real
from jiefa.monitoring.rules.scoring import Fitted, Ints

BETTER, NOT_BETTER, TOO_FEW, TOO_SHORT = "better", "not_better", "too_few", "too_short"
REASONS = (BETTER, NOT_BETTER, TOO_FEW, TOO_SHORT)
"""Why a score is used, or is not."""
LEAST_OF_GROUP = 10
"""Households of a group that fell, without which nothing is said of how it is ordered."""


@dataclass(frozen=True)
class Known:
    """Households whose next year is known, one place each in every array."""

    keys: Ints
    columns: Real
    plain: Real
    fell: Flags
    groups: Mapping[str, Flags]

    @property
    def cases(self) -> int:
        return int(self.fell.sum())


@dataclass(frozen=True)
class Verdict:
    """The score, or None where none could be fitted; why it is used or not; everything that was measured, as JSON takes it."""

    fitted: Fitted | None
    reason: str
    facts: dict[str, object]
    auc: float | None = None
    baseline_auc: float | None = None

    @property
    def used(self) -> bool:
        return self.reason == BETTER


def judge(
    train: Known | None, held_out: Known | None, names: tuple[str, ...], visit_percent: int, least_cases: int
) -> Verdict:
    """The verdict on a score fitted to ``train`` and measured on ``held_out``; None for either: the history is too short."""
    facts: dict[str, object] = {
        "train": _size(train),
        "held_out": _size(held_out),
        "visit_percent": visit_percent,
        "least_cases": least_cases,
    }
    if train is None or held_out is None:
        return Verdict(None, TOO_SHORT, facts)
    if min(train.cases, held_out.cases) < least_cases or train.cases == len(train.keys):
        return Verdict(None, TOO_FEW, facts)
    fitted = scoring.fit(train.columns, train.fell, train.keys)
    score, chance = fitted.score(held_out.columns), fitted.chance(held_out.columns)
    # Stable orders: who stands where among equals must not depend on the order of the rows.
    visits = max(1, len(score) * visit_percent // 100)
    difference = measuring.auc_difference(score, held_out.plain, held_out.fell)
    recall = measuring.recall(score, held_out.fell, visits)
    of_plain = measuring.recall(held_out.plain, held_out.fell, visits)
    facts |= {
        "difference": None if difference is None else {**asdict(difference), "lowest": difference.lowest},
        "visits": visits,
        "recall": recall,
        "baseline_recall": of_plain,
        "brier": measuring.brier(chance, held_out.fell),
        "calibration": [asdict(band) for band in measuring.calibration(chance, held_out.fell)],
        "groups": {
            name: {
                side: asdict(measuring.of_group(score, chance, held_out.fell, member, visits, LEAST_OF_GROUP))
                for side, member in (("in", flags), ("out", ~flags))
            }
            for name, flags in held_out.groups.items()
        },
        "weights": {name: float(weight) for name, weight in zip(names, fitted.weights, strict=True)},
        "constant": fitted.constant,
        "slope": fitted.slope,
        "shift": fitted.shift,
    }
    better = difference is not None and difference.lowest > 0 and (recall or 0) >= (of_plain or 0)
    return Verdict(
        fitted,
        BETTER if better else NOT_BETTER,
        facts,
        measuring.auc(score, held_out.fell),
        measuring.auc(held_out.plain, held_out.fell),
    )


def _size(known: Known | None) -> dict[str, int] | None:
    return None if known is None else {"households": len(known.keys), "fell": known.cases}
