"""The statistics: a planted effect is found, none is found where there is none, and false alarms come about as often as is said."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa import policy
from jiefa.truth.rules import bunching, chance, heaping, limits, questions
from jiefa.truth.rules.bunching import Window
from jiefa.truth.rules.tables import Check

WINDOW = Window(bins=16, near=2, least_near=20, least_far=60)
TIMES = 400


def drawn(households: int, seed: int, *, moved: float = 0.0) -> np.ndarray:
    """Households by bin of a density that falls and bends; of those just under the line a part is moved just over it."""
    random = np.random.default_rng(seed)
    at = (np.arange(2 * WINDOW.bins) - WINDOW.bins + 0.5) / WINDOW.bins
    density = np.exp(-0.8 * at - 0.6 * at**2)
    counts = random.multinomial(households, density / density.sum()).astype(np.int64)
    for place in range(WINDOW.bins - WINDOW.near, WINDOW.bins):
        over = random.binomial(counts[place], moved)
        counts[place] -= over
        counts[place + WINDOW.near] += over
    return counts


def test_incomes_that_were_pushed_over_the_line_are_found() -> None:
    found = bunching.test(drawn(2_000, 1, moved=0.4), WINDOW)

    assert found is not None
    assert found.p < 1e-4
    assert found.above > found.expected + 30


@pytest.mark.parametrize("households", [300, 2_000, 50_000])
def test_smooth_incomes_raise_an_alarm_about_as_often_as_is_said(households: int) -> None:
    p = np.array([found.p for seed in range(TIMES) if (found := bunching.test(drawn(households, seed), WINDOW))])

    assert len(p) > 0.9 * TIMES
    # Three deviations of a share of 5 % in 400 draws are 3.3 %.
    assert (p < 0.05).mean() < 0.05 + 0.033
    assert 0.4 < p.mean() < 0.7


def test_a_place_with_few_households_is_not_judged() -> None:
    assert bunching.test(drawn(60, 1), WINDOW) is None


def test_round_amounts_are_found_and_counted_ones_are_not() -> None:
    random = np.random.default_rng(2)
    counted = [heaping.test(random.multinomial(1_000, heaping.SHARES)).p for _ in range(TIMES)]
    rounded = heaping.test(np.array([10, 10, 40, 940]))

    assert np.mean(np.array(counted) < 0.05) < 0.083
    assert rounded.p < 1e-20
    assert rounded.chi_square_p is not None
    assert rounded.chi_square_p < 1e-20
    assert heaping.test(np.array([0, 0, 1, 99])).chi_square is None


def test_classes_of_round_amounts_are_those_of_all_last_three_digits() -> None:
    counted = [sum(1 for yuan in range(1000) if _class(yuan) == place) for place in range(len(heaping.SHARES))]

    assert np.allclose(np.array(counted) / 1000, heaping.SHARES)


def _class(yuan: int) -> int:
    return next((place for place, step in enumerate(heaping.STEPS) if yuan % step == 0), len(heaping.STEPS))


@given(st.integers(0, 12), st.integers(0, 12), st.sampled_from([Fraction(1, 3), Fraction(1, 60), Fraction(1, 2)]))
def test_the_tail_is_the_sum_of_its_parts(count: int, n: int, share: Fraction) -> None:
    plain = sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1))

    assert chance.at_least(np.array([count]), np.array([n]), np.array([float(share)]))[0] == pytest.approx(float(plain))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_questions_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    q = chance.false_shares(np.array(p))

    ranked = sorted(p)
    for level in (0.01, 0.05, 0.2):
        rank = max((k for k in range(1, len(p) + 1) if ranked[k - 1] <= level * k / len(p)), default=0)
        asked = {one for one in p if rank and one <= ranked[rank - 1]}
        # A hair's breadth at the limit is the float's, not the rule's.
        assert {one for one, of in zip(p, q, strict=True) if of <= level * (1 - 1e-12)} <= asked
        assert asked <= {one for one, of in zip(p, q, strict=True) if of <= level * (1 + 1e-12)}


def ties_in(texts: np.ndarray, county: np.ndarray) -> float:
    """The least p among the kinds of one group, as the checks reckon it."""
    kinds, own = np.unique(texts, return_counts=True)
    elsewhere = np.array([(county == kind).sum() for kind in kinds])
    every = len(np.unique(np.concatenate([texts, county])))
    ones = np.ones(len(kinds), np.int64)
    return float(chance.tied(own, ones * len(texts), elsewhere, ones * len(county), ones * every).min())


def test_words_that_all_use_are_no_copy_and_words_of_one_cadre_are() -> None:
    random = np.random.default_rng(3)
    frequency = np.array([0.5, 0.2, 0.1, *([0.2 / 200] * 200)])
    alarms = 0
    for _ in range(TIMES):
        county = random.choice(203, 600, p=frequency / frequency.sum())
        alarms += ties_in(random.choice(203, 30, p=frequency / frequency.sum()), county) < 0.05
    copied = np.concatenate([np.full(8, 150), random.choice(203, 22, p=frequency / frequency.sum())])

    assert alarms / TIMES < 0.083
    assert ties_in(copied, county) < 1e-4


def test_every_check_asks_in_both_languages_and_accuses_nobody() -> None:
    known = limits.of(policy.load().for_year(2015))

    for check, language in product(Check, ("zh", "en")):
        said = questions.question(check, known, n=1_234, observed=30, expected=4.2, mark="2015-11-21", name="新民村")
        text = said.zh if language == "zh" else said.en
        assert text.endswith("？" if language == "zh" else "?")
        assert all(part in text for part in ("1,234", "30", "4.2", "新民村"))
        assert not any(word in text for word in ("造假", "作假", "违规", "fake", "fraud", "cheat"))
        assert questions.how(check, known).say("en")
        assert "{" not in questions.how(check, known).zh + text
