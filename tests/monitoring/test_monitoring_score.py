"""The score: measures against plain twins, used where there is signal, dropped where there is none, the same every time."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.monitoring.rules import measuring, scoring, worth
from jiefa.monitoring.rules.worth import Known, Verdict

NAMES = ("a", "b", "c")


def drawn(households: int, seed: int, *, signal: float, plain_signal: float = 0.4) -> Known:
    """Households whose falling follows from columns with the strength ``signal``, of which the plain order knows a part."""
    random = np.random.default_rng(seed)
    columns = random.normal(size=(households, 3))
    odds = signal * (columns[:, 0] - 0.8 * columns[:, 1]) - 2.0
    fell = random.random(households) < 1 / (1 + np.exp(-odds))
    plain = plain_signal * columns[:, 0] + random.normal(size=households)
    members = {"minority": random.random(households) < 0.4}
    return Known(np.arange(households, dtype=np.int64), columns, plain, fell, members)


def judged(train: Known | None, held_out: Known | None) -> Verdict:
    return worth.judge(train, held_out, NAMES, visit_percent=10, least_cases=30)


def test_a_score_with_signal_is_used_and_says_what_it_is_worth() -> None:
    held_out = drawn(3_000, 2, signal=1.5)

    verdict = judged(drawn(3_000, 1, signal=1.5), held_out)

    assert verdict.reason == "better"
    assert verdict.auc is not None
    assert verdict.baseline_auc is not None
    assert verdict.auc > verdict.baseline_auc + 0.1
    recall, plain = verdict.facts["recall"], verdict.facts["baseline_recall"]
    assert isinstance(recall, float)
    assert isinstance(plain, float)
    assert recall > plain
    weights = verdict.facts["weights"]
    assert isinstance(weights, dict)
    assert weights["a"] > 0 > weights["b"]
    assert abs(weights["c"]) < 0.2


def test_a_score_without_signal_is_dropped() -> None:
    verdicts = [judged(drawn(1_000, seed, signal=0.0), drawn(1_000, seed + 100, signal=0.0)) for seed in range(40)]

    assert all(verdict.fitted is not None for verdict in verdicts)
    assert {verdict.reason for verdict in verdicts} <= {"better", "not_better"}
    # One in a hundred by chance: two of forty have one chance in seventeen, three one in a hundred and thirty.
    assert sum(verdict.used for verdict in verdicts) <= 2


def test_a_score_that_is_no_better_than_strong_plain_triggers_is_dropped() -> None:
    def with_strong_plain(seed: int) -> Known:
        known = drawn(3_000, seed, signal=1.0)
        return Known(
            known.keys, known.columns, known.columns[:, 0] - 0.8 * known.columns[:, 1], known.fell, known.groups
        )

    assert judged(with_strong_plain(3), with_strong_plain(4)).reason == "not_better"


def test_signal_that_does_not_last_is_found_out_on_the_year_held_out() -> None:
    later = drawn(3_000, 6, signal=1.5)
    turned = Known(later.keys, -later.columns, later.plain, later.fell, later.groups)

    verdict = judged(drawn(3_000, 5, signal=1.5), turned)

    assert verdict.reason == "not_better"
    assert verdict.auc is not None
    assert verdict.auc < 0.5


@pytest.mark.parametrize(
    ("train", "held_out", "reason"),
    [
        (None, drawn(500, 1, signal=1.0), "too_short"),
        (drawn(500, 1, signal=1.0), None, "too_short"),
        (drawn(60, 1, signal=1.0), drawn(3_000, 2, signal=1.0), "too_few"),
        (drawn(3_000, 1, signal=1.0), drawn(60, 2, signal=1.0), "too_few"),
    ],
)
def test_without_enough_history_no_score_is_fitted(train: Known | None, held_out: Known | None, reason: str) -> None:
    verdict = judged(train, held_out)

    assert (verdict.reason, verdict.fitted, verdict.used, verdict.auc) == (reason, None, False, None)


def test_the_same_history_gives_the_same_score() -> None:
    one, other = (judged(drawn(2_000, 1, signal=1.0), drawn(2_000, 2, signal=1.0)) for _ in range(2))

    assert one.facts == other.facts


def test_what_is_said_comes_in_every_tenth() -> None:
    held_out = drawn(20_000, 8, signal=1.2)
    fitted = scoring.fit(*_train(drawn(20_000, 7, signal=1.2)))

    bands = measuring.calibration(fitted.chance(held_out.columns), held_out.fell)

    assert len(bands) == 10
    assert sum(band.households for band in bands) == 20_000
    # Two thousand households a band: three deviations of a share are at most 0.034.
    assert all(abs(band.expected - band.observed) < 0.034 for band in bands)
    assert bands[-1].observed > 5 * bands[0].observed


def _train(known: Known) -> tuple[scoring.Real, scoring.Flags, scoring.Ints]:
    return known.columns, known.fell, known.keys


def test_the_fit_is_where_the_likelihood_is_flat() -> None:
    known = drawn(800, 9, signal=1.0)

    fitted = scoring.fit(*_train(known))

    standard = (known.columns - fitted.mean) / fitted.spread
    chance = 1 / (1 + np.exp(-(standard @ fitted.weights + fitted.constant)))
    slope = standard.T @ (chance - known.fell) + scoring.RIDGE * fitted.weights
    assert np.abs(slope).max() < 1e-5
    assert abs(float((chance - known.fell).sum())) < 1e-5


def test_a_column_that_never_differs_weighs_nothing() -> None:
    known = drawn(800, 9, signal=1.0)
    columns = known.columns.copy()
    columns[:, 2] = 7.0

    fitted = scoring.fit(columns, known.fell, known.keys)

    assert abs(float(fitted.weights[2])) < 1e-6


few = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=4, max_size=24)


@given(few)
def test_area_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, int, bool]]) -> None:
    score, fell = _arrays(rows)
    pairs = [(a, b) for a, b in product(rows, rows) if a[2] and not b[2]]

    found = measuring.auc(score, fell)

    if not pairs:
        assert found is None
        return
    slow = sum((a[0] > b[0]) + (a[0] == b[0]) / 2 for a, b in pairs) / len(pairs)
    assert found == pytest.approx(slow)


@given(few)
def test_a_difference_is_that_of_two_areas_and_of_equal_orders_nothing(rows: list[tuple[int, int, bool]]) -> None:
    score, fell = _arrays(rows)
    other = np.asarray([row[1] for row in rows], np.float64)

    found = measuring.auc_difference(score, other, fell)
    same = measuring.auc_difference(score, score, fell)

    if fell.sum() < 2 or (~fell).sum() < 2:
        assert found is None
        return
    assert found is not None
    assert same is not None
    one, two = measuring.auc(score, fell), measuring.auc(other, fell)
    assert one is not None
    assert two is not None
    assert found.difference == pytest.approx(one - two)
    assert (same.difference, same.error) == (0, 0)
    assert found.lowest <= found.difference


def test_the_error_of_a_difference_is_what_repetition_shows() -> None:
    differences, errors = [], []
    for seed in range(200):
        known = drawn(400, seed, signal=1.0)
        found = measuring.auc_difference(known.columns[:, 0], known.plain, known.fell)
        assert found is not None
        differences.append(found.difference)
        errors.append(found.error)

    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.15)


def _arrays(rows: list[tuple[int, int, bool]]) -> tuple[measuring.Real, measuring.Flags]:
    return np.asarray([row[0] for row in rows], np.float64), np.asarray([row[2] for row in rows], bool)


@given(few, st.integers(1, 24))
def test_recall_is_what_the_first_visits_find(rows: list[tuple[int, int, bool]], visits: int) -> None:
    score, fell = _arrays(rows)
    first = sorted(range(len(rows)), key=lambda at: (-rows[at][0], at))[:visits]

    found = measuring.recall(score, fell, visits)

    cases = int(fell.sum())
    assert found == (pytest.approx(sum(rows[at][2] for at in first) / cases) if cases else None)


def test_groups_are_measured_on_their_own_and_only_where_enough_fell() -> None:
    known = drawn(4_000, 3, signal=1.5)
    few_of_them = np.zeros(4_000, bool)
    few_of_them[:12] = True

    many = measuring.of_group(known.columns[:, 0], np.full(4_000, 0.2), known.fell, known.groups["minority"], 400, 10)
    rare = measuring.of_group(known.columns[:, 0], np.full(4_000, 0.2), known.fell, few_of_them, 400, 10)

    assert many.fell == int((known.fell & known.groups["minority"]).sum())
    assert many.expected == pytest.approx(0.2)
    assert many.auc == measuring.auc(known.columns[known.groups["minority"], 0], known.fell[known.groups["minority"]])
    assert (rare.households, rare.auc, rare.recall) == (12, None, None)
