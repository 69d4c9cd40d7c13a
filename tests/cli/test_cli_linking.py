"""``jiefa match`` on files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyarrow import csv
from tests.linkage import lists
from typer.testing import CliRunner

from jiefa.cli.app import build
from jiefa.kernel.errors import JiefaError
from jiefa.linkage.errors import SpecWrong
from jiefa.survey.errors import ColumnsMissing

SPEC = """
id: {left: 户编号, right: xh}
columns:
  - {name: name, left: 姓名, right: xm, kind: name}
  - {name: born, left: 出生日期, right: csrq, kind: date}
  - {name: number, left: 证件号, right: zjh, kind: number}
  - {name: village, left: 村, right: cun, kind: place}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    drawn = lists.drawn(600, 3)
    csv.write_csv(drawn.left, tmp_path / "left.csv")
    csv.write_csv(drawn.right, tmp_path / "right.csv")
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


def run(files: Path, *more: str) -> str:
    result = CliRunner().invoke(
        build("match"),
        ["match", str(files / "left.csv"), str(files / "right.csv"), "--spec", str(files / "spec.yaml"), *more],
    )
    if isinstance(result.exception, JiefaError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_pairs_as_json_and_as_a_file(files: Path) -> None:
    said = json.loads(run(files, "--json", "--out", str(files / "pairs.csv")))

    assert said["count"] == len(said["pairs"]) > 250
    assert 0.9 < said["precision"] <= 1
    assert said["compared"] >= said["count"]
    assert said["unread"] == {}
    written = csv.read_csv(files / "pairs.csv")
    assert written.column_names == ["left", "right", "probability", "how"]
    assert written["left"].to_pylist() == [one["left"] for one in said["pairs"]]
    truth = lists.drawn(600, 3).truth
    assert sum((one["left"], one["right"]) in truth for one in said["pairs"]) > 0.97 * said["count"]


def test_for_people(files: Path) -> None:
    said = run(files)
    assert "估计准确率" in said
    assert "R" in said


def test_a_column_that_is_not_there_is_named(files: Path) -> None:
    (files / "spec.yaml").write_text(SPEC.replace("csrq", "sr"), encoding="utf-8")
    with pytest.raises(ColumnsMissing) as refused:
        run(files)
    assert "sr" in str(refused.value)


def test_a_wrong_specification_is_refused_before_any_file_is_read(files: Path) -> None:
    (files / "spec.yaml").write_text(SPEC.replace("kind: date", "kind: day"), encoding="utf-8")
    (files / "left.csv").unlink()
    with pytest.raises(SpecWrong):
        run(files)
