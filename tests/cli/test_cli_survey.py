"""``jiefa survey poverty|mpi|estimate``: what they print, what they say of rows left out, and that they need no records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jiefa.cli import app
from jiefa.survey import errors

INCOMES = "人均收入,权重,县\n100,1,威宁\n200,2,威宁\n300,1,盘县\nNA,1,盘县\n400,0,\n500,1,\n"
SPEC = """
indicators:
  - {column: d1, weight: 0.5}
  - {column: d2, weight: 0.5}
k: [0.5, 1.0]
by: [g]
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build("survey"), ["survey", *arguments])


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return str(path)


def test_poverty_is_one_list_of_statistics_by_group(tmp_path: Path) -> None:
    file = written(tmp_path, "incomes.csv", INCOMES, "gb18030")

    rows = shown("poverty", file, "--income", "人均收入", "--weight", "权重", "--by", "县", "--line", "250")

    assert all(list(row) == ["group", "statistic", "value", "se", "n", "missing"] for row in rows)
    names = ["headcount", "gap", "severity", "gini", "mean", "median", "arpt", "arpr", "s80s20", "theil", "watts"]
    assert [(row["group"], row["statistic"]) for row in rows] == [
        (group, name) for group in (None, "威宁", "盘县") for name in names
    ]
    total = rows[0]
    assert (total["value"], total["n"], total["missing"]) == (pytest.approx(3 / 5), 4, 2)


def test_what_is_left_out_is_said_beside_the_json(tmp_path: Path) -> None:
    file = written(tmp_path, "incomes.csv", INCOMES)

    result = run("poverty", file, "--income", "人均收入", "--weight", "权重", "--by", "县", "--json")

    assert len(json.loads(result.stdout)) == 33
    assert "2 行缺收入" in result.stderr
    assert "2 行没有写组" in result.stderr


def test_poverty_for_people_is_a_table(tmp_path: Path) -> None:
    result = run("poverty", written(tmp_path, "incomes.csv", INCOMES), "--income", "人均收入")

    assert "基尼系数" in result.stdout
    assert "合计" not in result.stdout


def test_multidimensional_poverty_names_its_cut_off(tmp_path: Path) -> None:
    file = written(tmp_path, "m.csv", "d1,d2,g,village\n1,1,a,1\n1,0,a,2\n0,0,b,3\n0,1,b,4\n,1,b,4\n")
    spec = written(tmp_path, "spec.yaml", SPEC)

    rows = shown("mpi", file, "--spec", spec, "--cluster", "village")

    found = {(row["group"], row["measure"], row["indicator"], row["k"]): row for row in rows}
    assert found[None, "H", None, 0.5]["value"] == pytest.approx(0.75)
    assert found["a", "H", None, 1.0]["value"] == pytest.approx(0.5)
    assert found[None, "hd", "d1", None]["value"] == pytest.approx(0.5)
    assert {"group", "measure", "indicator", "value", "se", "ci_low", "ci_high"} < set(rows[0])
    assert (found["b", "H", None, 0.5]["n"], found["b", "H", None, 0.5]["missing"]) == (2, 1)


def test_an_estimate_has_its_interval_and_degrees_of_freedom(tmp_path: Path) -> None:
    file = written(tmp_path, "e.csv", "h,i,y,N\na,1,2,9\na,2,4,9\nb,1,1,5\nb,2,,5\nb,3,3,5\n")

    (row,) = shown(
        *("estimate", file, "--statistic", "mean", "--variable", "y", "--strata", "h", "--cluster", "i", "--fpc", "N")
    )

    assert {"group", "category", "value", "se", "ci_low", "ci_high", "df"} < set(row)
    assert (row["group"], row["category"], row["n"], row["missing"]) == (None, None, 4, 1)
    # Strata of 9 and 5 villages: weights 4.5 and 5/3; who did not answer counts as outside.
    assert row["value"] == pytest.approx((4.5 * 6 + 5 / 3 * 4) / (4.5 * 2 + 5 / 3 * 2))
    assert row["ci_low"] < row["value"] < row["ci_high"]


def test_lower_clusters_without_sizes_are_said_to_be_left_aside(tmp_path: Path) -> None:
    file = written(tmp_path, "e.csv", "v,t,y\n1,1,2\n1,2,4\n2,1,1\n2,2,5\n3,1,3\n")
    asked = ("estimate", file, "--statistic", "mean", "--variable", "y")

    result = run(*asked, "--cluster", "v,t", "--json")

    assert json.loads(result.stdout) == shown(*asked, "--cluster", "v")
    assert "下级群 t 没有总体数" in result.stderr


def test_a_third_population_size_is_of_the_rows(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "e.csv",
        "v,t,y,N,M,K\n1,1,2,9,4,5\n1,1,3,9,4,5\n1,2,4,9,4,5\n1,2,6,9,4,5\n2,1,1,9,4,5\n2,1,8,9,4,5\n2,2,5,9,4,5\n2,2,5,9,4,5\n",
    )
    asked = ("estimate", file, "--statistic", "total", "--variable", "y", "--cluster", "v,t", "--fpc")

    three, two = shown(*asked, "N,M,K"), shown(*asked, "N,M")

    # Villages 2 of 9, hamlets 2 of 4, households 2 of 5: each household stands for 22.5.
    assert three[0]["value"] == pytest.approx(22.5 * 34)
    rows = 2 / 9 * 2 / 4 * (1 - 2 / 5) * 2 * 22.5**2 * (0.5 + 2 + 24.5 + 0)
    first = (1 - 2 / 9) * 2 * 2 * (22.5 * 2) ** 2
    second = 2 / 9 * (1 - 2 / 4) * 2 * 22.5**2 * (2 * 2.5**2 + 2 * 0.5**2)
    assert three[0]["se"] == pytest.approx((first + second + rows) ** 0.5)
    assert two[0]["value"] == pytest.approx(9 * 34)
    assert isinstance(run(*asked, "N,M,K,K").exception, errors.TooManySizes)


def test_a_specification_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "m.csv", "d1\n1\n0\n")

    assert isinstance(run("mpi", file, "--spec", str(tmp_path / "none.yaml")).exception, errors.SpecNotThere)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("poverty", "FILE", "--income", "收入"), errors.ColumnsMissing),
        (("poverty", "FILE", "--income", "县"), errors.NotANumber),
        (("estimate", "FILE", "--statistic", "ratio", "--variable", "权重"), errors.NoDenominator),
        (
            ("estimate", "FILE", "--statistic", "mean", "--variable", "权重", "--denominator", "权重"),
            errors.NoDenominator,
        ),
        (("estimate", "FILE", "--statistic", "mean", "--variable", "人均收入", "--strata", "县"), errors.DesignGap),
    ],
)
def test_a_refusal_says_why(tmp_path: Path, arguments: tuple[str, ...], refusal: type[Exception]) -> None:
    file = written(tmp_path, "incomes.csv", INCOMES)

    result = run(*(file if one == "FILE" else one for one in arguments))

    assert isinstance(result.exception, refusal)


def test_a_file_with_nothing_in_the_column_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "empty.csv", "x,y\n,1\nNA,2\n")

    assert isinstance(run("poverty", file, "--income", "x").exception, errors.NothingLeft)
    assert isinstance(run("estimate", file, "--statistic", "mean", "--variable", "x").exception, errors.NothingLeft)
