"""Specifications: what is read, and what is refused with the field and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiefa.linkage import spec
from jiefa.linkage.errors import SpecWrong
from jiefa.linkage.spec import Column, Kind

GOOD = """
id: {left: 户编号, right: xh}
columns:
  - {column: 姓名, kind: name}
  - {name: born, left: 出生日期, right: csrq, kind: date}
exact: [[姓名, born]]
lunar: true
threshold: 0.9
one_to_one: true
"""


def _read(folder: Path, text: str) -> spec.Spec:
    path = folder / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return spec.read(path)


def test_a_whole_specification(tmp_path: Path) -> None:
    found = _read(tmp_path, GOOD)

    assert (found.left_id, found.right_id) == ("户编号", "xh")
    assert found.columns == (
        Column("姓名", Kind.NAME, "姓名", "姓名"),
        Column("born", Kind.DATE, "出生日期", "csrq"),
    )
    assert found.exact == (("姓名", "born"),)
    assert (found.lunar, found.threshold, found.one_to_one) == (True, 0.9, True)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[1, 2]", ""),
        ("id: a\ncolumns: []", "columns"),
        ("columns: [{column: a, kind: name}]", "id"),
        ("id: a\ncolumns: [{column: a, kind: colour}]", "columns[1].kind"),
        ("id: a\ncolumns: [{left: a, kind: name}]", "columns[1]"),
        ("id: a\ncolumns: [a]", "columns[1]"),
        ("id: a\ncolumns: [{column: a, kind: name}, {column: a, kind: text}]", "columns"),
        ("id: a\ncolumns: [{column: a, kind: name}]\nexact: [[b]]", "exact"),
        ("id: a\ncolumns: [{column: a, kind: name}]\nthreshold: 2", "threshold"),
        ("id: a\ncolumns: [{column: a, kind: name}]\nlunar: perhaps", "lunar"),
        ("id: a\ncolumns: [{column: a, kind: name}]\nthreshhold: 0.9", "threshhold"),
        ("id: [", ""),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(SpecWrong) as refused:
        _read(tmp_path, text)
    assert refused.value.context["field"] == field
