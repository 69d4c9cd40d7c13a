"""Multidimensional poverty: published examples, identities, what a specification may say."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.survey import samples

from jiefa.survey import errors, mpi, spec
from jiefa.survey.design import Asked, designed
from jiefa.survey.microdata import Microdata

Rows = list[list[float | None]]
UNWEIGHTED = Asked()

VIGNETTE: Rows = [[1, 0, 1, 0], [0, 1, 0, 0], [0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 1, 0]]
"""Five people of the vignette of the R package mpitbR 1.0.1, sections 2.1 and 2.2."""


def specification(indicators: int, *cutoffs: float, **options: spec.Missing) -> spec.Spec:
    each = tuple(spec.Indicator(f"d{number}", 1 / indicators) for number in range(indicators))
    return spec.Spec(each, cutoffs, **options)


def data_of(matrix: Rows, **more: list[object]) -> Microdata:
    columns = {f"d{at}": [row[at] for row in matrix] for at in range(len(matrix[0]))}
    return samples.microdata(**columns, **more)


def measured(
    data: Microdata,
    asked: spec.Spec,
    drawn: Asked = UNWEIGHTED,
    by: str | None = None,
) -> dict[tuple[object, ...], mpi.Measured]:
    groups = [] if by is None else [(by, data.labels(by))]
    rows = mpi.measures(designed(data, drawn), mpi.deprivations(data, asked), asked, groups)
    several = len(asked.cutoffs) > 1
    return {(one.group, one.measure, one.indicator, *([one.k] if several else [])): one for one in rows}


def value(one: mpi.Measured) -> float:
    return math.nan if one.value is None else one.value


def test_an_example_published_with_mpitb() -> None:
    data = data_of(VIGNETTE, place=["North", "North", "South", "South", "South"])

    found = measured(data, specification(4, 0.5), by="place")

    assert value(found[None, "H", None]) == pytest.approx(0.6)
    assert value(found[None, "A", None]) == pytest.approx(0.5833, abs=5e-5)
    assert value(found[None, "M0", None]) == pytest.approx(0.35)
    assert value(found["North", "M0", None]) == pytest.approx(0.25)
    assert value(found["South", "M0", None]) == pytest.approx(0.416, abs=1e-3)
    names = ["d0", "d1", "d2", "d3"]
    assert [value(found[None, "hd", name]) for name in names] == pytest.approx([0.6, 0.4, 0.6, 0.2])
    assert [value(found[None, "hdk", name]) for name in names] == pytest.approx([0.4, 0.2, 0.6, 0.2])
    assert [value(found[None, "pctb", name]) for name in names] == pytest.approx(
        [0.2858, 0.1429, 0.4285, 0.1429], abs=1e-4
    )


def test_an_example_published_with_mpindex() -> None:
    # R package mpindex 0.2.1, tests/testthat/test-compute-mpi.R
    found = measured(data_of([[0, 0, 0, 0], [1, 0, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]]), specification(4, 0.5))

    assert [value(found[None, name, None]) for name in ("H", "A", "M0")] == pytest.approx([0.5, 0.75, 0.375])


def test_a_cut_off_that_is_a_sum_of_thirds_is_reached() -> None:
    found = measured(data_of([[1, 0, 0], [0, 0, 0], [1, 1, 0]]), specification(3, 1 / 3, 2 / 3))

    assert value(found[None, "H", None, 1 / 3]) == pytest.approx(2 / 3)
    assert value(found[None, "H", None, 2 / 3]) == pytest.approx(1 / 3)


def test_a_missing_indicator_leaves_out_or_counts_as_not_deprived() -> None:
    data = data_of([[1, 1], [None, 1], [0, 0], [1, 0]])

    left_out = measured(data, specification(2, 0.5))
    kept = measured(data, specification(2, 0.5, missing=spec.Missing.NOT_DEPRIVED))

    assert value(left_out[None, "H", None]) == pytest.approx(2 / 3)
    assert value(kept[None, "H", None]) == pytest.approx(3 / 4)
    assert (left_out[None, "H", None].n, left_out[None, "H", None].missing) == (3, 1)
    assert (kept[None, "hd", "d0"].n, value(kept[None, "hd", "d0"])) == (4, 0.5)


def test_nobody_poor_has_no_intensity_and_no_contributions() -> None:
    found = measured(data_of([[0, 0], [1, 0], [0, 0]]), specification(2, 1.0))

    assert value(found[None, "H", None]) == 0
    assert found[None, "A", None].value is None
    assert found[None, "pctb", "d0"].value is None


def test_errors_are_those_of_the_design() -> None:
    rows = samples.two_stages()
    flags: Rows = [[float(at % 2), float(at % 3 == 0)] for at in range(len(rows))]
    drawn = {name: [row[name] for row in rows] for name in ("w", "h", "i")}
    data = data_of(flags, **drawn)

    found = measured(data, specification(2, 0.5), Asked("w", "h", ("i",)))

    w = np.array(drawn["w"], dtype=float)
    score = np.array([sum(row) / 2 for row in flags if None not in row], dtype=float)
    poor = (score >= 0.5).astype(float)
    many = [{**row, "N": 1e12} for row in rows]
    share = w @ poor / w.sum()
    mean = w @ (score * poor) / (w @ poor)
    assert found[None, "H", None].se == pytest.approx(samples.by_hand(many, w * (poor - share) / w.sum(), 1))
    assert found[None, "A", None].se == pytest.approx(samples.by_hand(many, w * poor * (score - mean) / (w @ poor), 1))


households = st.lists(
    st.tuples(st.lists(st.integers(0, 1), min_size=3, max_size=3), st.integers(1, 4), st.sampled_from("ab")),
    min_size=4,
    max_size=25,
)


@settings(max_examples=25)  # each asks for some forty estimates
@given(households, st.sampled_from([0.2, 1 / 3, 0.5, 0.75, 1.0]))
def test_identities_of_the_method(given_rows: list[tuple[list[int], int, str]], k: float) -> None:
    indicators = (spec.Indicator("d0", 0.5), spec.Indicator("d1", 0.3), spec.Indicator("d2", 0.2))
    weights: list[object] = [float(w) for _, w, _ in given_rows]
    data = data_of(
        [[float(one) for one in row] for row, _, _ in given_rows], w=weights, g=[g for _, _, g in given_rows]
    )

    found = measured(data, spec.Spec(indicators, (k,)), Asked("w"), "g")

    share, adjusted = value(found[None, "H", None]), value(found[None, "M0", None])
    names = ["d0", "d1", "d2"]
    assert sum(value(found[None, "actb", name]) for name in names) == pytest.approx(adjusted)
    if share:
        assert share * value(found[None, "A", None]) == pytest.approx(adjusted)
        assert sum(value(found[None, "pctb", name]) for name in names) == pytest.approx(1)
    for name in names:
        assert value(found[None, "hdk", name]) <= value(found[None, "hd", name]) + 1e-12
    groups = sorted({g for _, _, g in given_rows})
    sizes = {group: sum(w for _, w, g in given_rows if g == group) for group in groups}
    parts = sum(sizes[group] * value(found[group, "M0", None]) for group in groups)
    assert parts / sum(sizes.values()) == pytest.approx(adjusted)


@settings(max_examples=25)
@given(households)
def test_a_weight_is_as_many_rows(given_rows: list[tuple[list[int], int, str]]) -> None:
    weights: list[object] = [float(w) for _, w, _ in given_rows]
    weighted = measured(
        data_of([[float(one) for one in row] for row, _, _ in given_rows], w=weights), specification(3, 0.5), Asked("w")
    )
    repeated = measured(
        data_of([[float(one) for one in row] for row, w, _ in given_rows for _ in range(w)]), specification(3, 0.5)
    )

    assert {key: value(one) for key, one in weighted.items()} == pytest.approx(
        {key: value(one) for key, one in repeated.items()}, nan_ok=True
    )


def written(folder: Path, text: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_specification_says_what_deprives(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        indicators:
          - {column: rooms, weight: 1/2, deprived_if: "< 1.5"}
          - {column: water, weight: 0.25, deprived_if: [3, 井水]}
          - {column: toilet, weight: 0.25, deprived_if: 2}
        k: [0.3, 0.5]
        by: county
        missing: not_deprived
        """,
    )
    data = samples.microdata(rooms=[1.0, 2, None], water=["3", "井水", "1"], toilet=[2, 1, 2])

    asked = spec.read(path)

    assert (asked.cutoffs, asked.by, asked.missing) == ((0.3, 0.5), ("county",), spec.Missing.NOT_DEPRIVED)
    assert mpi.deprivations(data, asked).matrix.tolist() == [[1, 1, 1], [0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("k: 0.5", "indicators"),
        ("indicators: []\nk: 0.5", "indicators"),
        ("indicators: [{column: a, weight: 0.9}]\nk: 0.5", "weight"),
        ("indicators: [{column: a, weight: 1}]\nk: 33", "k"),
        ("indicators: [{column: a, weight: 1}]", "k"),
        ("indicators: [{column: a, weight: x}]\nk: 0.5", "indicators[1].weight"),
        ("indicators: [{column: a, weight: -1}]\nk: 0.5", "indicators[1].weight"),
        ("indicators: [{column: a, weight: 1, cutoff: 3}]\nk: 0.5", "indicators[1] cutoff"),
        ('indicators: [{column: a, weight: 1, deprived_if: "< few"}]\nk: 0.5', "indicators[1].deprived_if"),
        ("indicators: [{column: a, weight: 0.5}, {column: a, weight: 0.5}]\nk: 0.5", "indicators"),
        ("indicators: [{column: a, weight: 1}]\nk: 0.5\nmissing: drop", "missing"),
        ("indicators: [{column: a, weight: 1}]\nk: 0.5\nnormalize: true", "normalize"),
        ("indicators: [", "YAML"),
        ("indicators: {}\nk: 0.5", "indicators"),
        ("indicators: a\nk: 0.5", "indicators"),
        ("indicators: {a: x}\nk: 0.5", "indicators.a.weight"),
        ("indicators: {a: .nan, b: 1}\nk: 0.5", "indicators.a.weight"),
        ("indicators: {a: {weight: 1, cutoff: 3}}\nk: 0.5", "indicators.a cutoff"),
        ("indicators: {a: {deprived_if: 1}}\nk: 0.5", "indicators.a.weight"),
        ("indicators: {no: 1}\nk: 0.5", "indicators.False"),
        ("indicators: [a, b]\nk: 0.5", "indicators[1]"),
    ],
)
def test_a_wrong_specification_is_refused_by_field(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(errors.SpecWrong) as refused:
        spec.read(written(tmp_path, text))

    assert refused.value.context["field"] == field


def test_weights_are_made_to_add_up_only_when_it_says_so(tmp_path: Path) -> None:
    text = "indicators: [{column: a, weight: 3}, {column: b, weight: 1}]\nk: 0.5\nnormalise: true"

    assert [one.weight for one in spec.read(written(tmp_path, text)).indicators] == [0.75, 0.25]


def test_indicators_may_be_a_mapping_of_columns(tmp_path: Path) -> None:
    text = 'indicators: {d1: 0.25, 2010: 1/4, d3: {weight: 1/2, deprived_if: "< 2"}}\nk: 1/3'

    assert spec.read(written(tmp_path, text)).indicators == (
        spec.Indicator("d1", 0.25),
        spec.Indicator("2010", 0.25),
        spec.Indicator("d3", 0.5, spec.Comparison("<", 2.0)),
    )


def test_weights_written_with_eight_decimals_reach_a_third(tmp_path: Path) -> None:
    text = "indicators: {d0: .33333333, d1: .33333333, d2: .33333334}\nk: [1/3, 2/3]"

    asked = spec.read(written(tmp_path, text))
    found = measured(data_of([[1, 0, 0], [0, 0, 0], [1, 1, 0]]), asked)

    assert value(found[None, "H", None, 1 / 3]) == pytest.approx(2 / 3)
    assert value(found[None, "H", None, 2 / 3]) == pytest.approx(1 / 3)


@given(st.integers(2, 12), st.integers(6, 12), st.data())
def test_rounded_weights_judge_as_fractions_do(many: int, digits: int, data: st.DataObject) -> None:
    weights = [round(1 / many, digits)] * (many - 1)
    weights.append(round(1 - sum(weights), digits))
    reader = spec._Reader("spec.yaml")
    rounded = reader.spec({"indicators": {f"d{at}": one for at, one in enumerate(weights)}, "k": "1/2"}).indicators
    reached = data.draw(st.integers(1, many))
    rows: Rows = [[float(at < count) for at in range(many)] for count in range(many + 1)]

    by_fraction = measured(data_of(rows), specification(many, reached / many))
    by_rounded = measured(data_of(rows), spec.Spec(rounded, (reached / many,)))

    assert (
        value(by_rounded[None, "H", None]) == value(by_fraction[None, "H", None]) == (many + 1 - reached) / (many + 1)
    )


@pytest.mark.parametrize(("weight", "many"), [("0.0909", 11), ("0.3333", 3)])
def test_weights_that_do_not_add_up_are_told_of_fractions(tmp_path: Path, weight: str, many: int) -> None:
    listed = ", ".join(f"{{column: d{at}, weight: {weight}}}" for at in range(many))

    with pytest.raises(errors.SpecWrong) as refused:
        spec.read(written(tmp_path, f"indicators: [{listed}]\nk: 0.5"))

    remedy = str(refused.value.context["remedy"])
    assert "1/11" in remedy
    assert "normalise: true" in remedy


def test_a_column_of_true_and_false_is_one_of_deprivations(tmp_path: Path) -> None:
    text = "indicators: {d0: 1/2, d1: {weight: 1/2, deprived_if: false}}\nk: 1/2"
    data = samples.microdata(d0=["TRUE", "FALSE", "TRUE", None], d1=["true", "false", "false", "true"])

    assert mpi.deprivations(data, spec.read(written(tmp_path, text))).matrix[:3].tolist() == [[1, 0], [0, 1], [1, 1]]


def test_a_specification_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(errors.SpecNotThere) as refused:
        spec.read(tmp_path / "mpi.yaml")

    assert refused.value.context["file"] == str(tmp_path / "mpi.yaml")
    with pytest.raises(errors.SpecUnreadable):
        spec.read(tmp_path)


def test_a_specification_in_another_encoding_is_told_to_be_saved_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes("indicators: {饮水: 1}\nk: 1".encode("gb18030"))

    with pytest.raises(errors.SpecWrong) as refused:
        spec.read(path)

    assert "UTF-8" in str(refused.value.context["remedy"])


def test_raw_data_without_a_rule_are_refused() -> None:
    with pytest.raises(errors.NotDeprivation) as refused:
        mpi.deprivations(samples.microdata(d0=[0, 1, 2]), specification(1, 0.5))

    assert (refused.value.context["row"], refused.value.context["text"]) == (4, "2")
