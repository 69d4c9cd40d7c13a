"""Weights that make a pool of families add up to known totals: exponential tilting by Newton's method."""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import RealArray

STEPS = 60
RIDGE = 1e-9
LARGEST_STEP = 3.0
LARGEST_TILT = 6.0


def tilted_weights(features: RealArray, targets: RealArray) -> RealArray:
    """Weights, one per row and summing to 1, whose weighted feature sums are ``targets`` as nearly as the rows allow.

    ``features`` has one row per family. Of all weights that meet the targets these stay closest to equal ones
    (least relative entropy), so no family is copied much more often than it must.
    """
    slope = np.zeros(features.shape[1])
    weights = np.full(len(features), 1 / len(features))
    for _ in range(STEPS):
        found = weights @ features
        miss = targets - found
        if np.abs(miss).max() < 1e-7:
            break
        spread = (features * weights[:, None]).T @ features - np.outer(found, found)
        spread[np.diag_indices_from(spread)] += RIDGE + 1e-4 * np.diag(spread)
        step = np.linalg.solve(spread, miss)
        slope = np.clip(slope + step * min(1.0, LARGEST_STEP / np.abs(step).max()), -LARGEST_TILT, LARGEST_TILT)
        tilt = features @ slope
        weights = np.exp(tilt - tilt.max())
        weights /= weights.sum()
    return weights
