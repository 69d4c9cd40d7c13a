"""Specifications: what is read, and what is refused with the field and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiefa.linkage import spec
from jiefa.linkage.errors import SpecMissing, SpecWrong
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
        ("id: a\ncolumns: [{column: a, kinde: name}]", "columns[1].kinde"),
        ("id: a\ncolumns: [{column: a, kind: name, weight: 2}]", "columns[1].weight"),
        ("id: {left: a, rihgt: b}\ncolumns: [{column: a, kind: name}]", "id.rihgt"),
        ("id: {left: a}\ncolumns: [{column: a, kind: name}]", "id"),
        ("id: a\ncolumns: {a: colour}", "columns.a.kind"),
        ("id: a\ncolumns: {a: 5}", "columns.a"),
        ("id: a\ncolumns: {a: {kind: name, weight: 2}}", "columns.a.weight"),
        ("id: a\ncolumns: [{name: [b], left: a, right: a, kind: name}]", "columns[1].name"),
        ("id: a\ncolumns: {a: name}\nexact: 5", "exact"),
        ("id: a\ncolumns: {a: name}\nexact: b", "exact"),
        ("id: a\ncolumns: {a: name}\nexact: [[a], a]", "exact"),
        ("id: a\ncolumns: {a: name}\nexact: {a: b}", "exact"),
        ("id: a\ncolumns: {a: name}\nexact: [[]]", "exact"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(SpecWrong) as refused:
        _read(tmp_path, text)
    assert refused.value.context["field"] == field


def test_missing_fields_are_called_missing(tmp_path: Path) -> None:
    with pytest.raises(SpecWrong, match="没有填"):
        _read(tmp_path, "columns: [{column: a, kind: name}]")


def test_unknown_keys_name_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SpecWrong) as refused:
        _read(tmp_path, "id: a\ncolumns: [{column: a, kind: name, weight: 2}]")
    assert "column, kind, left, name, right" in refused.value.message("en")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpecMissing, match=r"nowhere\.yaml"):
        spec.read(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("said", "exact"),
    [
        ("soc_sec_id", (("soc_sec_id",),)),
        ("[soc_sec_id]", (("soc_sec_id",),)),
        ("[soc_sec_id, born]", (("soc_sec_id", "born"),)),
        ("[[soc_sec_id], [born]]", (("soc_sec_id",), ("born",))),
        ("2020", (("2020",),)),
        ("[]", ()),
    ],
)
def test_ways_of_saying_what_is_exact(tmp_path: Path, said: str, exact: tuple[tuple[str, ...], ...]) -> None:
    text = f"id: a\ncolumns: {{soc_sec_id: number, born: date, 2020: text}}\nexact: {said}"
    assert _read(tmp_path, text).exact == exact


def test_columns_by_their_names(tmp_path: Path) -> None:
    text = "id: a\ncolumns: {given_name: name, born: {kind: Date, left: dob, right: csrq}, place: {kind: PLACE, column: b}}"
    assert _read(tmp_path, text).columns == (
        Column("given_name", Kind.NAME, "given_name", "given_name"),
        Column("born", Kind.DATE, "dob", "csrq"),
        Column("place", Kind.PLACE, "b", "b"),
    )


def test_kinds_are_read_in_any_case(tmp_path: Path) -> None:
    assert _read(tmp_path, "id: a\ncolumns: [{column: a, kind: ' Name'}]").columns[0].kind is Kind.NAME


def test_columns_are_called_otherwise_inside() -> None:
    columns = tuple(Column(name, Kind.TEXT, name, name) for name in ('a"b', "A", "a", "unique_id"))
    inside = spec.Spec("id", "id", columns, (("a", "unique_id"),)).inside()
    assert [one.name for one in inside.columns] == ["c1", "c2", "c3", "c4"]
    assert [one.left for one in inside.columns] == ['a"b', "A", "a", "unique_id"]
    assert inside.exact == (("c3", "c4"),)
    assert inside.inside() == inside
