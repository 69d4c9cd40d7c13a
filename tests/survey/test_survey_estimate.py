"""Estimates of samples: published examples, formulas written out, what is refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.survey import samples

from jiefa.kernel.errors import Words
from jiefa.survey import errors, intervals
from jiefa.survey.design import Asked, Lonely, designed
from jiefa.survey.estimate import Asked as Statistic
from jiefa.survey.estimate import Estimate, numbers, proportions
from jiefa.survey.microdata import Microdata


def columns(rows: Sequence[samples.Row]) -> Microdata:
    return samples.microdata(**{name: [row[name] for row in rows] for name in rows[0]})


def of(data: Microdata, asked: Asked, statistic: Statistic, variable: str, below: str | None = None) -> Estimate:
    denominator = None if below is None else data.numbers(below)
    return numbers(designed(data, asked), statistic, data.numbers(variable), denominator)[0]


def floats(rows: Sequence[samples.Row], name: str) -> Any:
    return np.array([row[name] for row in rows], dtype=float)


# Lohr, Sampling: Design and Analysis (2nd ed. 2010), example 5.2: 5 of 100 suites of four students drawn, everybody asked.
SUITES = (
    (3.08, 2.60, 3.44, 3.04),
    (2.36, 3.04, 3.28, 2.68),
    (2.00, 2.56, 2.52, 1.88),
    (3.00, 2.88, 3.44, 3.64),
    (2.68, 1.92, 3.28, 3.20),
)


@pytest.fixture
def suites() -> Microdata:
    return samples.microdata(
        suite=[str(number) for number, suite in enumerate(SUITES) for _ in suite],
        points=[points for suite in SUITES for points in suite],
        suites=[100] * 20,
    )


def test_clusters_of_a_textbook(suites: Microdata) -> None:
    asked = Asked(clusters=("suite",), sizes=("suites",))

    total, mean = (of(suites, asked, statistic, "points") for statistic in (Statistic.TOTAL, Statistic.MEAN))

    assert total.value == pytest.approx(1130.4)
    assert mean.value == pytest.approx(2.826)
    assert mean.se == pytest.approx(0.164, abs=5e-4)
    assert (mean.df, mean.n, mean.missing) == (4, 20, 0)
    assert mean.ci_low == pytest.approx(2.826 - stats.t.ppf(0.975, 4) * (mean.se or 0))


def test_a_simple_random_sample_of_a_known_population() -> None:
    y = [3.0, 7, 4, 9, 2]
    data = samples.microdata(y=y, N=[20] * 5, share=[0.25] * 5)

    found = of(data, Asked(sizes=("N",)), Statistic.TOTAL, "y")

    assert found.value == pytest.approx(20 * 5)
    assert found.se == pytest.approx(20 * math.sqrt((1 - 5 / 20) * np.var(y, ddof=1) / 5))
    assert of(data, Asked(sizes=("share",)), Statistic.TOTAL, "y") == found


def test_a_stratified_sample_with_population_sizes() -> None:
    strata = {"a": (40, [2.0, 4, 6]), "b": (10, [1.0, 9])}
    data = samples.microdata(
        h=[h for h, (_, ys) in strata.items() for _ in ys],
        N=[many for many, ys in strata.values() for _ in ys],
        y=[y for _, ys in strata.values() for y in ys],
    )

    found = of(data, Asked(strata="h", sizes=("N",)), Statistic.MEAN, "y")

    variance = sum(
        (many / 50) ** 2 * (1 - len(ys) / many) * np.var(ys, ddof=1) / len(ys) for many, ys in strata.values()
    )
    assert found.value == pytest.approx((40 * 4 + 10 * 5) / 50)
    assert found.se == pytest.approx(math.sqrt(variance))
    assert found.df == 5 - 2


@pytest.mark.parametrize("weight", ["w", None])
def test_two_stages_with_population_sizes_are_as_written_out(weight: str | None) -> None:
    rows = samples.two_stages()
    data, w, y, x = columns(rows), *(floats(rows, name) for name in "wyx")
    asked = Asked(weight, "h", ("i",), ("N", "M"))

    mean, total, ratio = (
        of(data, asked, statistic, "y", "x" if statistic is Statistic.RATIO else None)
        for statistic in (Statistic.MEAN, Statistic.TOTAL, Statistic.RATIO)
    )

    average, quotient = w @ y / w.sum(), w @ y / (w @ x)
    assert (mean.value, total.value, ratio.value) == pytest.approx((average, w @ y, quotient))
    assert mean.se == pytest.approx(samples.by_hand(rows, w * (y - average) / w.sum(), 2))
    assert total.se == pytest.approx(samples.by_hand(rows, w * y, 2))
    assert ratio.se == pytest.approx(samples.by_hand(rows, w * (y - quotient * x) / (w @ x), 2))
    assert mean.df == 7 - 2


def test_the_last_stage_named_or_not_is_the_same() -> None:
    rows = [{**row, "j": str(number)} for number, row in enumerate(samples.two_stages())]
    data = columns(rows)

    unnamed = of(data, Asked("w", "h", ("i",), ("N", "M")), Statistic.MEAN, "y")
    named = of(data, Asked("w", "h", ("i", "j"), ("N", "M")), Statistic.MEAN, "y")

    assert named == unnamed


def test_clusters_below_the_first_change_nothing_without_sizes() -> None:
    rows = [{**row, "j": str(number // 2), "k": str(number)} for number, row in enumerate(samples.two_stages())]
    data = columns(rows)

    assert designed(data, Asked("w", "h", ("i", "j", "k"))).ignored == ("j", "k")
    assert designed(data, Asked("w", "h", ("i", "j", "k"), ("N",), Lonely.CERTAINTY)).ignored == ("k",)
    assert of(data, Asked("w", "h", ("i", "j", "k")), Statistic.MEAN, "y") == of(
        data, Asked("w", "h", ("i",)), Statistic.MEAN, "y"
    )


def test_first_stage_alone_when_its_size_alone_is_given() -> None:
    rows = samples.two_stages()
    data, w, y = columns(rows), floats(rows, "w"), floats(rows, "y")

    found = of(data, Asked("w", "h", ("i",), ("N",)), Statistic.TOTAL, "y")

    assert found.se == pytest.approx(samples.by_hand(rows, w * y, 1))


def test_names_of_villages_that_come_again_in_another_stratum_are_other_villages() -> None:
    rows = samples.two_stages()
    again = [{**row, "i": str(row["i"])[1:]} for row in rows]

    assert of(columns(again), Asked("w", "h", ("i",)), Statistic.MEAN, "y") == of(
        columns(rows), Asked("w", "h", ("i",)), Statistic.MEAN, "y"
    )


def test_a_group_is_a_domain_of_the_design() -> None:
    rows = samples.two_stages()
    data, w, y = columns(rows), floats(rows, "w"), floats(rows, "y")
    inside = np.array([row["g"] == "east" for row in rows], dtype=float)
    made = designed(data, Asked("w", "h", ("i",), ("N", "M")))

    whole, east, west = numbers(made, Statistic.TOTAL, data.numbers("y"), None, data.labels("g"))

    assert [one.group for one in (whole, east, west)] == [None, "east", "west"]
    assert (east.value or 0) + (west.value or 0) == pytest.approx(whole.value)
    assert east.se == pytest.approx(samples.by_hand(rows, w * y * inside, 2))
    assert (east.n, east.missing) == (int(inside.sum()), 0)


def test_a_group_inside_a_single_unit_has_no_error() -> None:
    data = samples.microdata(i=["1", "1", "2", "3"], y=[1.0, 2, 3, 4], g=["a", "a", "b", "b"])

    whole, alone, rest = numbers(
        designed(data, Asked(clusters=("i",))), Statistic.MEAN, data.numbers("y"), None, data.labels("g")
    )

    assert (alone.value, alone.se, alone.ci_low, alone.df) == (1.5, None, None, 0)
    assert whole.se
    assert rest.se


def test_who_did_not_answer_stays_in_the_design() -> None:
    rows = samples.two_stages()
    silent = {3, 8}
    answered = np.array([0.0 if at in silent else 1.0 for at in range(len(rows))])
    w, y = floats(rows, "w"), floats(rows, "y")
    gaps = columns([{**row, "y": None if at in silent else row["y"]} for at, row in enumerate(rows)])

    found = of(gaps, Asked("w", "h", ("i",), ("N", "M")), Statistic.MEAN, "y")

    average = (w * answered) @ y / (w @ answered)
    assert found.value == pytest.approx(average)
    assert found.se == pytest.approx(samples.by_hand(rows, w * answered * (y - average) / (w @ answered), 2))
    assert (found.n, found.missing) == (len(rows) - 2, 2)


def test_rows_without_a_weight_are_not_in_the_sample() -> None:
    data = samples.microdata(y=[1.0, 2, 3, 4, 5], w=[1.0, 1, 0, None, 1])

    found = of(data, Asked("w"), Statistic.MEAN, "y")

    assert (found.value, found.n, found.missing, found.df) == (pytest.approx(8 / 3), 3, 2, 2)


def test_shares_of_categories_are_means_and_add_up() -> None:
    rows = [
        {**row, "answer": None if at == 0 else ("yes", "no", "unsure")[at % 3]}
        for at, row in enumerate(samples.two_stages())
    ]
    data, asked = columns(rows), Asked("w", "h", ("i",))
    made = designed(data, asked)

    found = proportions(made, data.labels("answer"), data.labels("g"))
    yes = np.array([math.nan if row["answer"] is None else float(row["answer"] == "yes") for row in rows])
    mean = numbers(made, Statistic.MEAN, yes)[0]

    whole = {one.category: one for one in found if one.group is None}
    assert set(whole) == {"yes", "no", "unsure"}
    assert sum(one.value or 0 for one in whole.values()) == pytest.approx(1)
    assert (whole["yes"].value, whole["yes"].se, whole["yes"].n) == (
        pytest.approx(mean.value),
        pytest.approx(mean.se),
        mean.n,
    )
    assert mean.value is not None
    assert mean.se is not None
    odds, half = (
        math.log(mean.value / (1 - mean.value)),
        stats.t.ppf(0.975, 5) * mean.se / mean.value / (1 - mean.value),
    )
    assert whole["yes"].ci_low == pytest.approx(1 / (1 + math.exp(half - odds)))
    assert whole["yes"].ci_high == pytest.approx(1 / (1 + math.exp(-half - odds)))
    assert len(found) == 9


def test_an_exact_interval_has_limits_where_nothing_is_found() -> None:
    low, high = intervals.korn_graubard(0.0, 0.0, 9, 100)

    assert (low, high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 100)))
    assert intervals.korn_graubard(1.0, 0.0, 9, 100)[0] == pytest.approx(0.025 ** (1 / 100))
    # A simple random sample is the exact interval of Clopper and Pearson: 5 of 50.
    exact = stats.binomtest(5, 50).proportion_ci(method="exact")
    assert intervals.korn_graubard(0.1, math.sqrt(0.1 * 0.9 / 50), 49, 50) == pytest.approx((exact.low, exact.high))
    assert intervals.logit(0.0, 0.0, 9) == (None, None)


@pytest.fixture
def lonely() -> Microdata:
    return samples.microdata(h=["a", "a", "b"], i=["1", "2", "3"], N=[5, 5, 4], one=[5, 5, 1], y=[1.0, 3, 8])


def test_a_single_unit_in_a_stratum_is_refused_by_name(lonely: Microdata) -> None:
    with pytest.raises(errors.LonelyUnit) as refused:
        designed(lonely, Asked(strata="h", clusters=("i",)))

    assert refused.value.context["found"] == Words("“b”", '"b"')


def test_a_single_unit_can_be_centred_or_taken_as_certain(lonely: Microdata) -> None:
    certain = of(lonely, Asked(strata="h", lonely=Lonely.CERTAINTY), Statistic.TOTAL, "y")
    centred = of(lonely, Asked(strata="h", lonely=Lonely.CENTRE), Statistic.TOTAL, "y")

    assert certain.se == pytest.approx(math.sqrt(2 * 2.0))  # n/(n-1) Σ(z - z̄)² of stratum a: 2 · ((1-2)² + (3-2)²)
    assert centred.se == pytest.approx(math.sqrt(2 * 2.0 + (8 - 4) ** 2))  # and 8 about the mean of all, 4


def test_the_only_unit_there_is_needs_no_rule(lonely: Microdata) -> None:
    found = of(lonely, Asked(strata="h", sizes=("one",)), Statistic.TOTAL, "y")

    assert found.value == pytest.approx(5 / 2 * 4 + 8)
    assert found.se == pytest.approx(math.sqrt((1 - 2 / 5) * 2 * 2 * (5 / 2) ** 2))


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (Asked(strata="gap"), errors.DesignGap),
        (Asked(sizes=("gapped",)), errors.DesignGap),
        (Asked(sizes=("few",)), errors.SizeTooSmall),
        (Asked(sizes=("uneven",)), errors.SizeUneven),
        (Asked(sizes=("few", "few")), errors.TooManySizes),
        (Asked(clusters=("i",), sizes=("N", "few", "few")), errors.TooManySizes),
    ],
)
def test_a_design_that_cannot_be_is_refused(asked: Asked, refusal: type[errors.SurveyError]) -> None:
    data = samples.microdata(
        gap=["a", None, "b", "b"],
        gapped=[9, None, 9, 9],
        few=[3, 3, 3, 3],
        uneven=[9, 9, 8, 9],
        N=[9, 9, 9, 9],
        i=["1", "1", "2", "2"],
        y=[1.0, 2, 3, 4],
    )

    with pytest.raises(refusal):
        designed(data, asked)


def test_a_ratio_by_nothing_has_no_value() -> None:
    data = samples.microdata(y=[1.0, 2], x=[0.0, 0])

    assert of(data, Asked(), Statistic.RATIO, "y", "x").value is None
