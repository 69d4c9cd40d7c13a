"""``jiefa match`` on files."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from pyarrow import csv
from tests.linkage import lists
from typer.testing import CliRunner

from jiefa.cli.app import build
from jiefa.cli.linking import FolderMissing, IsFolder, NoWorkbook
from jiefa.kernel.errors import JiefaError
from jiefa.linkage.errors import SpecMissing, SpecWrong
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
    said = json.loads(run(files, "--json", "--out", str(files / "pairs.csv"), "--review", str(files / "page.xlsx")))

    assert said["count"] == len(said["pairs"]) > 250
    assert 0.9 < said["precision"] <= 1
    assert said["compared"] >= said["count"]
    assert said["unread"] == {}
    assert (said["decided"], said["doubtful"]) == (
        0,
        openpyxl.load_workbook(files / "page.xlsx").worksheets[0].max_row - 1,
    )
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


def test_a_page_goes_out_and_comes_back(files: Path) -> None:
    page = files / "page.xlsx"
    assert str(page) in run(files, "--review", str(page))
    book = openpyxl.load_workbook(page)
    rows = list(book.worksheets[0].iter_rows(min_row=2))
    for row in rows:
        row[3].value = "不同"
    rows[0][3].value = "同一人"
    book.save(page)

    said = json.loads(run(files, "--json", "--decided", str(page)))

    assert said["decided"] == len(rows)
    pairs = {(one["left"], one["right"]): one["how"] for one in said["pairs"]}
    assert pairs[rows[0][0].value, rows[0][1].value] == "clerk"
    assert not any((row[0].value, row[1].value) in pairs for row in rows[1:])


def test_one_list_within_itself_has_a_page_too(files: Path) -> None:
    """The columns are those of the left file, whatever the specification calls them on the right."""
    page = files / "page.xlsx"
    (files / "spec.yaml").write_text(SPEC + "one_to_one: true\n", encoding="utf-8")
    result = CliRunner().invoke(
        build("match"), ["match", str(files / "left.csv"), "--spec", str(files / "spec.yaml"), "--review", str(page)]
    )
    assert result.exit_code == 0, result.output
    assert "one_to_one" in result.stderr
    header = [cell.value for cell in openpyxl.load_workbook(page).worksheets[0][1]]
    assert header[4:6] == ["name（左）", "name（右）"]


@pytest.mark.parametrize("option", ["--out", "--review"])
@pytest.mark.parametrize(("name", "error"), [("nowhere/pairs.xlsx", FolderMissing), ("folder.xlsx", IsFolder)])
def test_what_cannot_be_written_is_refused_before_the_work(
    files: Path, option: str, name: str, error: type[JiefaError]
) -> None:
    (files / "folder.xlsx").mkdir()
    (files / "left.csv").unlink()
    with pytest.raises(error) as refused:
        run(files, option, str(files / name))
    assert name.split("/")[0] in str(refused.value)


def test_the_page_is_a_workbook(files: Path) -> None:
    with pytest.raises(NoWorkbook):
        run(files, "--review", str(files / "page.csv"))


def test_a_missing_specification_is_named(files: Path) -> None:
    (files / "spec.yaml").unlink()
    with pytest.raises(SpecMissing, match=r"spec\.yaml"):
        run(files)
