"""Splitting a whole number by weights so that the parts add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` split in proportion to ``weights`` (Hamilton's method); parts are whole and sum to ``total``.

    Ties of the remainder go to the earlier part. All-zero weights raise ``ValueError`` unless ``total`` is 0.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("total and weights must not be negative")
    weight_sum = sum(weights)
    if weight_sum == 0:
        if total:
            raise ValueError("cannot split a positive total by zero weights")
        return [0] * len(weights)
    parts = [total * weight // weight_sum for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % weight_sum), i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
