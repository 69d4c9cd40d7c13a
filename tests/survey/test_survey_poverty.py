"""Income poverty: figures reckoned by hand, properties that must hold, standard errors against a bootstrap."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.survey import linearised, poverty
from jiefa.survey.linearised import Incomes
from jiefa.survey.microdata import FloatArray, Labels

amounts = st.lists(st.integers(1, 10_000).map(lambda cents: cents / 4), min_size=2, max_size=40)
RELATIVE = ("headcount", "gap", "severity", "gini", "arpr", "s80s20", "theil", "watts")


def found(
    y: Sequence[float] | FloatArray,
    w: Sequence[float] | FloatArray | None = None,
    *,
    groups: Labels | None = None,
    group: str | None = None,
    line: float | None = None,
    share: float = 0.6,
) -> dict[str, poverty.Statistic]:
    weight = None if w is None else np.array(w, dtype=float)
    rows = poverty.statistics(np.array(y, dtype=float), weight, groups, line=line, share=share)
    return {one.statistic: one for one in rows if one.group == group}


def plain(rows: dict[str, poverty.Statistic]) -> dict[str, float]:
    """The values, NaN for those that are not defined."""
    return {name: math.nan if one.value is None else one.value for name, one in rows.items()}


def test_figures_reckoned_by_hand() -> None:
    # 10 people with 1..10: the median is 5.5, 60 % of it 3.3; the quintiles lie between 2 and 3 and between 8 and 9.
    rows = plain(found(range(1, 11), line=4))

    assert rows["headcount"] == pytest.approx(0.3)
    assert rows["gap"] == pytest.approx((3 / 4 + 2 / 4 + 1 / 4) / 10)
    assert rows["severity"] == pytest.approx((9 / 16 + 4 / 16 + 1 / 16) / 10)
    assert rows["mean"] == rows["median"] == pytest.approx(5.5)
    assert rows["arpt"] == pytest.approx(3.3)
    assert rows["arpr"] == pytest.approx(0.3)
    assert rows["gini"] == pytest.approx(99 / (6 * 55))  # (n² - 1) / (6 Σy) for 1..n
    assert rows["s80s20"] == pytest.approx((9 + 10) / (1 + 2))
    assert rows["theil"] == pytest.approx(sum(y / 5.5 * math.log(y / 5.5) for y in range(1, 11)) / 10)
    assert rows["watts"] == pytest.approx((math.log(4 / 1) + math.log(4 / 2) + math.log(4 / 3)) / 10)


def test_foster_greer_thorbecke_on_the_example_of_a_textbook() -> None:
    # Haughton & Khandker, Handbook on Poverty and Inequality (World Bank 2009), chapter 4: at a line of 125 half the people are poor
    # in both of the first two countries; the third has a poverty gap index of 0.08.
    assert plain(found([100, 100, 150, 150], line=125))["headcount"] == 0.5
    assert plain(found([124, 124, 150, 150], line=125))["headcount"] == 0.5
    assert plain(found([100, 110, 150, 160], line=125))["gap"] == pytest.approx(0.08)


def test_who_has_the_line_exactly_is_not_poor() -> None:
    assert plain(found([1, 2, 3, 4], line=2))["headcount"] == 0.25


@pytest.mark.parametrize(
    ("weights", "p", "expected"),
    [
        ([1, 1, 1, 1], 0.5, 2.5),
        ([1, 1, 1, 2], 0.5, 3.0),
        ([3, 1, 1, 1], 0.5, 1.5),
        ([1, 1, 1, 1], 0.2, 1.0),
        ([0.1, 0.2, 0.3, 0.4], 0.6, 3.5),
        ([1, 1, 1, 1], 1.0, 4.0),
    ],
)
def test_a_quantile_is_where_the_weight_passes_it_and_between_two_where_it_hits_it(
    weights: list[float], p: float, expected: float
) -> None:
    assert linearised.quantile(Incomes(np.array([1.0, 2, 3, 4]), np.array(weights, dtype=float)), p) == expected


def test_without_a_line_the_rate_is_that_at_sixty_percent_of_the_median() -> None:
    rows = plain(found([1, 2, 10, 11, 12]))
    other = plain(found([1, 2, 10, 11, 12], share=0.2))

    assert rows["arpt"] == pytest.approx(6)
    assert rows["headcount"] == rows["arpr"] == pytest.approx(0.4)
    assert (other["arpt"], other["headcount"]) == pytest.approx((2, 0.2))


def test_groups_are_measured_by_the_line_of_everybody() -> None:
    groups = Labels(("poor", "rich"), np.array([0, 0, 0, 1, 1, 1, -1]))

    whole = plain(found([1, 2, 3, 10, 20, 30, 40], groups=groups))
    rich = plain(found([1, 2, 3, 10, 20, 30, 40], groups=groups, group="rich"))
    poor = plain(found([1, 2, 3, 10, 20, 30, 40], groups=groups, group="poor"))

    assert whole["arpt"] == rich["arpt"] == poor["arpt"] == pytest.approx(6)
    assert (rich["arpr"], poor["arpr"]) == (0, 1)
    assert found([1, 2, 3, 10, 20, 30, 40], groups=groups)["mean"].n == 7


def test_what_is_missing_is_left_out_and_counted() -> None:
    y = [10, math.nan, 20, 30, 0, -5, 40]
    w = [1, 1, 0, math.nan, 2, 1, 1]
    groups = Labels(("a", "b"), np.array([0, 0, 0, 1, 1, 1, 1]))

    whole = found(y, w, groups=groups)
    b = found(y, w, groups=groups, group="b")

    assert (whole["mean"].n, whole["mean"].missing) == (4, 3)
    assert (whole["theil"].n, whole["theil"].missing) == (3, 4)
    assert (whole["watts"].n, whole["watts"].missing) == (2, 5)
    assert (b["mean"].n, b["mean"].missing, b["watts"].n, b["watts"].missing) == (3, 1, 1, 3)
    assert plain(whole)["mean"] == pytest.approx((10 + 0 - 5 + 40) / 5)
    assert plain(whole)["theil"] == pytest.approx(plain(found([10, 0, 40], [1, 2, 1]))["theil"])


def test_what_is_not_defined_has_no_value() -> None:
    nothing = found([0, 0, 0])
    nobody = found([math.nan, math.nan])

    assert {name for name, one in nothing.items() if one.value is None} == {
        *("gap", "severity", "gini", "s80s20", "theil", "watts"),
    }
    assert all(one.value is None and one.se is None and one.n == 0 for one in nobody.values())


def test_one_row_has_a_value_and_no_error() -> None:
    groups = Labels(("alone", "many"), np.array([0, 1, 1, 1]))

    assert found([5])["mean"] == poverty.Statistic(None, "mean", 5, None, 1, 0)
    assert found([5, 1, 2, 3], groups=groups, group="alone")["mean"].se is None


@given(amounts, st.floats(1e-3, 1e3))
def test_the_unit_of_incomes_does_not_matter(y: list[float], times: float) -> None:
    # By a power of two no income moves across a line by rounding.
    times = 2.0 ** round(math.log2(times))
    before, after = plain(found(y)), plain(found([one * times for one in y]))

    assert {name: after[name] for name in RELATIVE} == pytest.approx(
        {name: before[name] for name in RELATIVE}, rel=1e-9, abs=1e-12, nan_ok=True
    )
    assert after["mean"] == pytest.approx(before["mean"] * times)


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(1, 4)), min_size=2, max_size=20))
def test_a_weight_is_as_many_rows(pairs: list[tuple[int, int]]) -> None:
    weighted = plain(found([y for y, _ in pairs], [w for _, w in pairs]))
    repeated = plain(found([y for y, w in pairs for _ in range(w)]))

    assert weighted == pytest.approx(repeated, rel=1e-9, abs=1e-12, nan_ok=True)


@given(amounts.flatmap(lambda y: st.tuples(st.just(y), st.permutations(y))))
def test_the_order_of_rows_does_not_matter(both: tuple[list[float], list[float]]) -> None:
    before, after = (plain(found(y)) for y in both)

    assert before == pytest.approx(after, rel=1e-9, abs=1e-12, nan_ok=True)


@given(amounts)
def test_limits_within_which_statistics_lie(y: list[float]) -> None:
    rows = plain(found(y))

    assert -1e-12 <= rows["gini"] < 1
    assert 0 <= rows["severity"] <= rows["gap"] <= rows["headcount"] <= 1
    assert rows["gap"] <= rows["watts"] + 1e-12
    assert -1e-12 <= rows["theil"] <= math.log(len(y)) + 1e-12


@given(amounts, st.integers(1, 39))
def test_poverty_of_all_is_that_of_the_groups_by_their_size(y: list[float], at: int) -> None:
    at = min(at, len(y) - 1)
    groups = Labels(("a", "b"), np.array([0] * at + [1] * (len(y) - at)))

    whole, a, b = (plain(found(y, groups=groups, group=group, line=700)) for group in (None, "a", "b"))

    for name in ("headcount", "gap", "severity", "watts", "mean"):
        assert whole[name] == pytest.approx((at * a[name] + (len(y) - at) * b[name]) / len(y))


def test_errors_of_fixed_line_are_those_of_a_mean() -> None:
    y, w = np.array([1.0, 2, 3, 4, 5, 6]), np.array([1.0, 2, 1, 3, 1, 2])
    poor = (y < 3.5).astype(float)
    share = float(w @ poor / w.sum())

    rows = found(y, w, line=3.5)

    u = w * (poor - share) / w.sum()
    assert rows["headcount"].se == pytest.approx(math.sqrt(6 / 5 * float(u @ u)))


def test_errors_agree_with_a_bootstrap() -> None:
    """1,500 rows of unequal weight, 300 resamples: a bootstrap error is itself known to 4 %, that of a median to some more."""
    random = np.random.default_rng(20151128)
    n, groups = 1500, ("a", "b")
    y, w, codes = random.lognormal(8, 0.6, n), random.uniform(0.5, 3, n), random.integers(0, 2, n)
    drawn: dict[tuple[str | None, str], list[float]] = {}
    for _ in range(300):
        again = random.integers(0, n, n)
        for one in poverty.statistics(y[again], w[again], Labels(groups, codes[again])):
            assert one.value is not None
            drawn.setdefault((one.group, one.statistic), []).append(one.value)

    for one in poverty.statistics(y, w, Labels(groups, codes)):
        known = np.std(drawn[one.group, one.statistic], ddof=1)
        loose = one.statistic in ("median", "arpt", "arpr", "headcount")
        assert one.se == pytest.approx(known, rel=0.30 if loose else 0.16), (one.group, one.statistic)


def test_errors_of_a_rate_know_that_the_line_is_estimated() -> None:
    random = np.random.default_rng(7)
    y = random.lognormal(8, 0.6, 4000)
    estimated = found(y)
    fixed = found(y, line=plain(estimated)["arpt"])

    assert estimated["headcount"].value == fixed["headcount"].value
    # The line moves with the incomes, so that fewer chance poor count: known for rates at a share of the median.
    assert estimated["headcount"].se is not None
    assert fixed["headcount"].se is not None
    assert abs(estimated["headcount"].se / fixed["headcount"].se - 1) > 0.05
