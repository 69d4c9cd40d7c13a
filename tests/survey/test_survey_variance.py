"""Errors of random designs: against svy, against the definition stage inside stage, and what must not change them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.survey import samples

from jiefa.survey import mpi, spec, through_svy
from jiefa.survey.design import Asked, Design, Lonely, designed
from jiefa.survey.estimate import Asked as Statistic
from jiefa.survey.estimate import numbers, proportions
from jiefa.survey.microdata import FloatArray, Microdata
from jiefa.survey.variance import Moment

row = st.tuples(st.integers(0, 20), st.integers(1, 5), st.sampled_from("ab"))


def place(inside: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[Any]:
    """Something drawn from, with how many more there are than were drawn."""
    return st.tuples(st.integers(0, 3), st.lists(inside, min_size=least, max_size=3))


def samples_of(least: int) -> st.SearchStrategy[list[samples.Row]]:
    """Strata h of N villages i of M hamlets j of K households; ``least``: how many are drawn from each at least."""
    return st.lists(place(place(place(row, least), least), least), min_size=1, max_size=3).map(_rows)


Drawn = list[tuple[int, list[tuple[int, list[tuple[int, list[tuple[int, int, str]]]]]]]]


def _rows(strata: Drawn) -> list[samples.Row]:
    found: list[samples.Row] = []
    for h, (more_villages, villages) in enumerate(strata):
        for i, (more_hamlets, hamlets) in enumerate(villages):
            for j, (more_rows, households) in enumerate(hamlets):
                sizes = {
                    "N": len(villages) + more_villages,
                    "M": len(hamlets) + more_hamlets,
                    "K": len(households) + more_rows,
                }
                for number, (y, w, g) in enumerate(households):
                    names = {"h": f"h{h}", "i": f"h{h}i{i}", "j": f"h{h}i{i}j{j}", "r": f"h{h}i{i}j{j}r{number}"}
                    found.append({**names, **sizes, "y": float(y), "x": float(1 + y % 3), "w": w / 2, "g": g})
    return found


def columns(rows: Sequence[samples.Row]) -> Microdata:
    return samples.microdata(**{name: [row[name] for row in rows] for name in rows[0]})


def floats(rows: Sequence[samples.Row], name: str) -> FloatArray:
    return np.array([row[name] for row in rows], dtype=float)


DESIGNS = (
    Asked("w", None),
    Asked("w", "h"),
    Asked("w", "h", ("i",)),
    Asked("w", "h", (), ("n",)),
    Asked("w", "h", ("i",), ("N",)),
    Asked("w", "h", ("i", "j"), ("N",)),
    Asked("w", "h", ("i", "j"), ("N", "M")),
    Asked("w", "h", ("i",), ("N", "m")),
    Asked(None, "h", ("i", "j"), ("N", "M")),
)
"""One and two stages, with and without sizes. ``n`` and ``m``: of rows, in a stratum and in a village."""


def with_rows_counted(rows: Sequence[samples.Row]) -> list[samples.Row]:
    def many(name: str, value: object) -> int:
        return sum(one[name] == value for one in rows)

    return [{**one, "n": many("h", one["h"]) + 2, "m": many("i", one["i"]) + 1} for one in rows]


def same(ours: Moment, theirs: Moment, scale: float) -> None:
    assert ours.value == pytest.approx(theirs.value, rel=1e-9, abs=1e-12)
    assert ours.df == theirs.df
    # Where nothing varies svy has a last digit of rounding, and we 0 or nothing.
    assert (ours.se or 0.0) == pytest.approx(theirs.se or 0.0, rel=1e-7, abs=1e-9 * scale)


@settings(max_examples=30)  # three calls of svy each
@given(samples_of(1), st.sampled_from(DESIGNS), st.sampled_from([Lonely.CENTRE, Lonely.CERTAINTY]), st.booleans())
def test_totals_means_and_ratios_are_those_of_svy(
    rows: list[samples.Row], asked: Asked, lonely: Lonely, whole: bool
) -> None:
    data = columns(with_rows_counted(rows))
    made = designed(data, Asked(asked.weight, asked.strata, asked.clusters, asked.sizes, lonely))
    y, x = data.numbers("y"), data.numbers("x")
    inside = np.array([whole or one["g"] == "a" for one in rows])
    assume(inside.any())
    total = float(np.abs(made.weight * y).sum())

    same(made.totals([y], inside)[0], through_svy.totals(made, [y], inside)[0], total)
    same(made.means([y], inside)[0], through_svy.means(made, [y], inside)[0], 20)
    same(made.ratios([y], x, inside)[0], through_svy.ratios(made, [y], x, inside)[0], 20)


@given(samples_of(1), st.integers(1, 3), st.integers(0, 3))
def test_any_number_of_stages_is_as_the_definition_says(rows: list[samples.Row], named: int, sized: int) -> None:
    # Below the last cluster named come the rows, of which a village has m.
    sizes, clusters = ("N", "m" if named == 1 else "M", "K")[:sized], ("i", "j", "r")[:named]
    assume(len(sizes) <= len(clusters) + 1)
    rows = with_rows_counted(rows)
    data, w, y = columns(rows), floats(rows, "w"), floats(rows, "y")

    made = designed(data, Asked("w", "h", clusters, sizes, Lonely.CERTAINTY))
    (found,) = made.totals([y], np.ones(len(rows), dtype=bool))

    stages: list[tuple[str, str | None]] = list(zip((*clusters, "r")[: len(sizes)], sizes, strict=True))
    if len(sizes) < len(clusters):
        stages.append((clusters[len(sizes)], None))
    expected = math.sqrt(samples.going_down(rows, (w * y).tolist(), "h", stages))
    assert (found.se or 0.0) == pytest.approx(expected, abs=1e-9)
    assert made.ignored == clusters[len(stages) :]


STAGES = (Asked("w", "h", ("i",)), Asked("w", "h", ("i", "j"), ("N", "M", "K")))


def estimated(made: Design, data: Microdata) -> list[float | None]:
    """Values and errors of means and ratios, of the whole and of both groups."""
    y, x, groups = data.numbers("y"), data.numbers("x"), data.labels("g")
    found = numbers(made, Statistic.MEAN, y, None, groups) + numbers(made, Statistic.RATIO, y, x, groups)
    shares = proportions(made, data.labels("x"), groups)
    return [value for one in (*found, *shares) for value in (one.value, one.se, one.ci_low, one.df, one.n)]


def close(one: Sequence[float | None], other: Sequence[float | None]) -> None:
    assert [value is None for value in one] == [value is None for value in other]
    assert [value or 0.0 for value in one] == pytest.approx([value or 0.0 for value in other], rel=1e-9, abs=1e-10)


@given(samples_of(2), st.sampled_from(STAGES), st.integers(-20, 20))
def test_the_unit_of_weights_changes_no_mean_and_scales_totals(
    rows: list[samples.Row], asked: Asked, power: int
) -> None:
    times = 2.0**power
    scaled = [{**one, "w": float(str(one["w"])) * times} for one in rows]
    before, after = designed(columns(rows), asked), designed(columns(scaled), asked)

    close(estimated(before, columns(rows)), estimated(after, columns(scaled)))
    y, every = floats(rows, "y"), np.ones(len(rows), dtype=bool)
    (total,), (times_more,) = before.totals([y], every), after.totals([y], every)
    assert times_more.value == pytest.approx(total.value * times)
    assert (times_more.se or 0.0) == pytest.approx((total.se or 0.0) * times)


@given(samples_of(2).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))), st.sampled_from(STAGES))
def test_the_order_of_rows_does_not_matter(both: tuple[list[samples.Row], list[samples.Row]], asked: Asked) -> None:
    before, after = (columns(rows) for rows in both)

    close(estimated(designed(before, asked), before), estimated(designed(after, asked), after))


@given(samples_of(2), st.sampled_from(STAGES))
def test_totals_of_groups_add_up_to_that_of_all(rows: list[samples.Row], asked: Asked) -> None:
    data = columns(rows)

    whole, *groups = numbers(designed(data, asked), Statistic.TOTAL, data.numbers("y"), None, data.labels("g"))

    assert sum(one.value or 0.0 for one in groups) == pytest.approx(whole.value)
    assert sum(one.n for one in groups) == whole.n == len(rows)


@settings(max_examples=10)  # each asks svy for some twenty figures
@given(samples_of(2), st.sampled_from(["a", "b"]))
def test_multidimensional_poverty_of_a_group_has_the_errors_of_svy(rows: list[samples.Row], group: str) -> None:
    flags = [{**one, "d0": float(n % 2), "d1": float(n % 3 == 0), "d2": one["y"] == 0} for n, one in enumerate(rows)]
    data = columns([{**one, "d2": float(bool(one["d2"]))} for one in flags])
    indicators = (spec.Indicator("d0", 0.5), spec.Indicator("d1", 0.3), spec.Indicator("d2", 0.2))
    asked = spec.Spec(indicators, (0.5,))
    made = designed(data, Asked("w", "h", ("i",)))
    inside = np.array([one["g"] == group for one in rows])
    matrix = np.stack([data.numbers(one.column) for one in indicators])
    score = np.array([0.5, 0.3, 0.2]) @ matrix
    poor = (score >= 0.5 - 1e-9).astype(float)
    assume((poor * inside).any())

    found = {
        (one.measure, one.indicator): one
        for one in mpi.measures(made, mpi.deprivations(data, asked), asked, [("g", data.labels("g"))])
        if one.group == group
    }

    means = through_svy.means(made, [poor, score * poor, *matrix, *(matrix * poor)], inside)
    keys = [("H", None), ("M0", None)] + [(name, f"d{at}") for name in ("hd", "hdk") for at in range(3)]
    (a,) = through_svy.ratios(made, [score * poor], poor, inside)
    parts = through_svy.ratios(made, list(matrix * poor * np.array([[0.5], [0.3], [0.2]])), score * poor, inside)
    expected = dict(
        zip([*keys, ("A", None), *(("pctb", f"d{at}") for at in range(3))], [*means, a, *parts], strict=True)
    )
    for key, theirs in expected.items():
        assert found[key].value == pytest.approx(theirs.value, abs=1e-12), key
        assert (found[key].se or 0.0) == pytest.approx(theirs.se or 0.0, rel=1e-7, abs=1e-9), key
    for at, weight in enumerate((0.5, 0.3, 0.2)):
        whole = found["hdk", f"d{at}"]
        part = found["actb", f"d{at}"]
        assert (part.value, part.se or 0.0) == pytest.approx(((whole.value or 0) * weight, (whole.se or 0) * weight))


def test_an_error_of_nothing_is_not_known_where_all_poor_live_in_one_village() -> None:
    data = samples.microdata(d0=[1.0, 1, 0, 0, 0, 0], d1=[1.0, 0, 0, 0, 0, 0], i=["1", "1", "2", "2", "3", "3"])
    asked = spec.Spec((spec.Indicator("d0", 0.5), spec.Indicator("d1", 0.5)), (0.5,))

    found = {
        (one.measure, one.indicator): one
        for one in mpi.measures(designed(data, Asked(clusters=("i",))), mpi.deprivations(data, asked), asked)
    }

    assert (found["A", None].value, found["A", None].se, found["A", None].ci_low) == (0.75, None, None)
    assert found["pctb", "d0"].se is None
    assert found["H", None].se
