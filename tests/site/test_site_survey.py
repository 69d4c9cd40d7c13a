"""Survey statistics on the page: what the command line computes, refusals at the field, Excel as the page, nothing kept."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.site import county, pages
from typer.testing import CliRunner

from jiefa import sheets
from jiefa.cli import app
from jiefa.kernel.errors import Language
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site import survey_forms
from jiefa.site.presenters import survey as shown
from jiefa.site.views import survey as view

pytestmark = pytest.mark.usefixtures("small_county")
PAGE = reverse("site:evaluation-survey")
MICRODATA = (
    "县,村,N,收入,权重,上学,饮水\n"
    "威宁,1,9,1000,2,1,3\n威宁,1,9,2200,1,0,1\n威宁,2,9,3900,1,,1\n"
    "盘县,3,5,800,1,1,4\n盘县,3,5,NA,1,0,1\n盘县,4,5,5100,2.5,0,3\n,4,5,2600,0,0,1\n"
)
SPEC = """indicators:
  - {column: 上学, weight: 0.5}
  - {column: 饮水, weight: 0.5, deprived_if: [3, 4]}
k: [0.5, 1.0]
by: [县]
"""
ASKED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "poverty": (
        {"income": "收入", "weight": "权重", "by": "县", "line": "2300"},
        ("--income", "收入", "--weight", "权重", "--by", "县", "--line", "2300"),
    ),
    "mpi": (
        {"spec_text": SPEC, "weight": "权重", "cluster": "村", "lonely": "refuse"},
        ("--spec", "SPEC", "--weight", "权重", "--cluster", "村"),
    ),
    "estimate": (
        {"statistic": "mean", "variable": "收入", "cluster": "村", "fpc": "N", "strata": "N", "lonely": "centre"},
        (
            *("--statistic", "mean", "--variable", "收入", "--cluster", "村", "--fpc", "N", "--strata", "N"),
            *("--lonely", "centre"),
        ),
    ),
}
"""By kind what is typed into the form, and the same on the command line."""


def file_of(text: str = MICRODATA, name: str = "调查.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding))


def ask(client: Client, kind: str, file: SimpleUploadedFile | None = None, **typed: Any) -> Any:
    return client.post(f"{PAGE}?kind={kind}", {"file": file or file_of(), "lonely": "refuse", **typed})


def reckoned(tmp_path: Path, kind: str, text: str = MICRODATA) -> list[dict[str, Any]]:
    """What ``jiefa survey`` says of the same file."""
    file, spec = tmp_path / "microdata.csv", tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    spec.write_text(SPEC, encoding="utf-8")
    arguments = [str(spec) if one == "SPEC" else one for one in ASKED[kind][1]]
    result = CliRunner().invoke(app.build("survey"), ["survey", kind, str(file), *arguments, "--json"])
    assert result.exception is None, result.exception
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def workbook(answer: Any, client: Client) -> list[tuple[Any, ...]]:
    """The lines of the Excel file that the page offers, its header first."""
    form = pages.form_with(answer, "answer")
    sent: Any = client.post(PAGE, form.filled())
    assert sent["Content-Disposition"].endswith('.xlsx"')
    (sheet,) = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content))).worksheets
    return list(sheet.iter_rows(values_only=True))


def results(answer: Any) -> list[dict[str, Any]]:
    """Every result that stands on the page."""
    blocks = answer.context["result"]["blocks"]
    whole = [row for block in blocks for part in block.get("sections", ()) for row in part["rows"]]
    return whole + [cell for block in blocks for row in block.get("rows", ()) for cell in row["cells"]]


@pytest.mark.parametrize("kind", shown.KINDS)
def test_the_page_and_its_workbook_say_what_the_command_line_says(kind: str, tmp_path: Path) -> None:
    client = county.signed_in("evaluator")
    rows = reckoned(tmp_path, kind)

    answer = ask(client, kind, **ASKED[kind][0])

    assert answer.status_code == 200
    lines = [(row["value"], row["se"], row["n"], row["missing"]) for row in results(answer)]
    forms = [shown.FORMS.get(str(row.get("statistic") or row.get("measure")), shown.PLAIN) for row in rows]
    wanted = [
        (
            *(shown.number(row[name], form, (row["value"], row["se"])) for name in ("value", "se")),
            *(row["n"], row["missing"]),
        )
        for row, form in zip(rows, forms, strict=True)
    ]
    assert sorted(lines) == sorted(wanted)
    said = pages.text(answer)
    assert all(value in said for value, _se, _n, _missing in wanted)
    _header, *exported = workbook(answer, client)
    places = [[column.id for column in shown.COLUMNS[kind]].index(name) for name in ("value", "se", "n", "missing")]
    assert [[line[place] for place in places] for line in exported] == [
        [row[name] if row[name] is None else pytest.approx(row[name]) for name in ("value", "se", "n", "missing")]
        for row in rows
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_left_out_stands_above_the_table(language: Language) -> None:
    client = county.signed_in("zhao") if language == "zh" else county.in_english("zhao")

    answer = ask(client, "poverty", **ASKED["poverty"][0])

    said = pages.text(answer)
    left_out = (
        ("共 7 行，2 行缺收入", "1 行没有写组") if language == "zh" else ("2 of 7 rows without income", "1 rows state")
    )
    for words in left_out:
        assert said.index(words) < said.index("威宁")
    assert ("基尼系数" if language == "zh" else "Gini coefficient") in said


def test_groups_stand_below_each_other_so_that_they_can_be_compared() -> None:
    text = MICRODATA + "盘县,4,5,-100,1,0,1\n"

    answer = ask(county.signed_in("evaluator"), "poverty", file_of(text), income="收入", by="县")

    whole, groups = answer.context["result"]["blocks"]
    assert groups["columns"] == [row["label"] for row in whole["sections"][0]["rows"]]
    assert [row["label"] for row in groups["rows"]] == ["威宁", "盘县"]
    assert [(row["n"], row["missing"]) for row in groups["rows"]] == [(3, 0), (3, 1)]
    # Theil and Watts leave out the income below 0.
    assert [cell["other_n"] for cell in groups["rows"][1]["cells"]] == [None] * 9 + [2, 2]


def test_measures_of_indicators_stand_under_headings_of_their_own() -> None:
    answer = ask(county.signed_in("evaluator"), "mpi", **ASKED["mpi"][0])

    whole, *groups = answer.context["result"]["blocks"]
    assert [part["heading"] for part in whole["sections"]][:3] == [
        *("", "被剥夺（不论是否贫困）", "贫困且被剥夺 · k = 0.5"),
    ]
    assert groups[0]["columns"] == [f"{name} · k = {k}" for k in ("0.5", "1") for name in ("H", "A", "M0")]
    assert [block["columns"] for block in groups[1:]] == [["上学", "饮水"]] * 7


@pytest.mark.parametrize("suffix", ["gb18030", "parquet", "xlsx"])
def test_other_kinds_of_files_give_the_same(suffix: str, tmp_path: Path) -> None:
    header, *lines = [line.split(",") for line in MICRODATA.splitlines()]
    rows = [[cell or None for cell in line] for line in lines]
    path = tmp_path / f"file.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))), path)
    elif suffix == "xlsx":
        sheets.stream_xlsx(rows, [Column(name, name, name, ColumnType.TEXT) for name in header], path)
    else:
        path.write_text(MICRODATA, encoding="gb18030")
    client = county.signed_in("evaluator")
    file = SimpleUploadedFile("调查.csv" if suffix == "gb18030" else path.name, path.read_bytes())

    answer = ask(client, "poverty", file, **ASKED["poverty"][0])

    usual = ask(client, "poverty", **ASKED["poverty"][0])
    assert answer.context["result"]["blocks"] == usual.context["result"]["blocks"]


def test_a_specification_may_be_a_file() -> None:
    client = county.signed_in("evaluator")
    typed = {name: value for name, value in ASKED["mpi"][0].items() if name != "spec_text"}

    answer = ask(client, "mpi", spec_file=SimpleUploadedFile("mpi.yaml", b"\xef\xbb\xbf" + SPEC.encode()), **typed)

    usual = ask(client, "mpi", **ASKED["mpi"][0])
    assert answer.context["result"]["blocks"] == usual.context["result"]["blocks"]


WRONG: tuple[tuple[str, dict[str, Any], str, str, str], ...] = (
    (
        "poverty",
        {"income": "收人"},
        "income",
        "没有这些列：收人。文件里有：县、村",
        "has no column 收人. It has: 县、村",
    ),
    ("poverty", {"income": "收入", "weight": "wt"}, "weight", "没有这些列：wt", "has no column wt"),
    ("poverty", {"income": "县"}, "income", "第 2 行的“县”是“威宁”", "Row 2 of 调查.csv has '威宁'"),
    ("poverty", {}, "income", "这个字段是必填项", "This field is required"),
    ("mpi", {"spec_text": SPEC, "strata": "县"}, "strata", "缺“县”", "lack '县'"),
    ("mpi", {}, "spec_text", "写规格，或选规格文件", "type a specification"),
    ("mpi", {"spec_text": "k: 1"}, "spec_text", "indicators 不对", "indicators in the specification"),
    ("mpi", {"spec_text": "k: [" * 900}, "spec_text", "YAML 不对", "YAML in the specification"),
    ("mpi", {"spec_text": "a: &a [1]\nk: *a"}, "spec_text", "不能用别名", "no use for aliases"),
    ("mpi", {"spec_text": SPEC.replace("饮水", "厕所")}, "spec_text", "没有这些列：厕所", "has no column 厕所"),
    ("mpi", {"spec_text": SPEC.replace(", deprived_if: [3, 4]", "")}, "spec_text", "第 2 行的“饮水”是“3”", "has '3'"),
    ("estimate", {"statistic": "ratio", "variable": "收入"}, "denominator", "要写明分母列", "needs its denominator"),
    ("estimate", {"statistic": "mean", "variable": "收入", "strata": "收入"}, "strata", "缺“收入”", "lack '收入'"),
    (
        "estimate",
        {"statistic": "mean", "variable": "收入", "strata": "村", "cluster": "村"},
        "lonely",
        "请并层",
        "Merge",
    ),
    ("estimate", {"statistic": "total", "variable": "权重", "fpc": "N, N"}, "fpc", "最多 1 个", "at most 1"),
    (
        "estimate",
        {"statistic": "mean", "variable": "权重", "cluster": "N，寸"},
        "cluster",
        "没有这些列：寸",
        "has no column 寸",
    ),
)


@pytest.mark.parametrize(("kind", "typed", "field", "zh", "en"), WRONG)
def test_a_mistake_is_told_at_its_field(kind: str, typed: dict[str, Any], field: str, zh: str, en: str) -> None:
    for client, words in ((county.signed_in("evaluator"), zh), (county.in_english("evaluator"), en)):
        answer = ask(client, kind, **typed)

        assert answer.status_code == 422
        assert answer.context["result"] is None
        assert any(words in error for error in answer.context["form"].errors[field]), answer.context["form"].errors
        assert words in pages.text(answer)


FILES: tuple[tuple[Callable[[], SimpleUploadedFile], str], ...] = (
    (lambda: SimpleUploadedFile("照片.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)), "不是表格"),
    (lambda: SimpleUploadedFile("坏.xlsx", b"PK\x03\x04" + bytes(200)), "坏.xlsx"),
    (lambda: file_of("县,收入\n"), "只有表头"),
    (lambda: file_of("县,收入\nx,NA\ny,\n"), "都因为缺值不能用"),
    (lambda: file_of(name="长" * 200 + ".csv", text="县,收人\nx,1\n"), "没有这些列"),
)


@pytest.mark.parametrize(("file", "words"), FILES)
def test_a_file_that_is_no_microdata_is_refused(file: Callable[[], SimpleUploadedFile], words: str) -> None:
    answer = ask(county.signed_in("evaluator"), "poverty", file(), income="收入")

    assert answer.status_code == 422
    assert words in pages.text(answer)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_forms, "MEGABYTES", 0)

    answer = ask(county.signed_in("evaluator"), "poverty", **ASKED["poverty"][0])

    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["file"]
    assert "文件超过 0 MB" in error


def test_a_column_of_identities_taken_for_groups_is_refused() -> None:
    text = "户,收入\n" + "".join(f"{number},{number}\n" for number in range(view.MOST_ROWS // 11 + 1))

    answer = ask(county.signed_in("evaluator"), "poverty", file_of(text), income="收入", by="户")

    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["by"]
    assert "“户”" in error


def test_a_line_of_nothing_is_no_fault_of_the_server() -> None:
    answer = ask(county.signed_in("evaluator"), "poverty", income="收入", line="0")

    assert answer.status_code == 200
    assert results(answer)[0]["value"] == "0.00%"


@pytest.mark.parametrize("username", ["wang", "auditor", "li", "helper", "feng", "admin"])
def test_only_who_orders_or_carries_evaluations_may_ask(username: str) -> None:
    client = county.signed_in(username)

    assert client.get(PAGE).status_code == 403
    assert ask(client, "poverty", **ASKED["poverty"][0]).status_code == 403
    listed = client.get(reverse("site:evaluations"))
    assert PAGE not in listed.content.decode()


def test_an_answer_that_was_changed_on_its_way_is_not_taken() -> None:
    client = county.signed_in("evaluator")
    signed = ask(client, "poverty", **ASKED["poverty"][0]).context["result"]["signed"]

    assert client.post(PAGE, {"answer": signed}).status_code == 200
    assert client.post(PAGE, {"answer": signed[:-3] + "abc"}).status_code == 404
    assert county.signed_in("wang").post(PAGE, {"answer": signed}).status_code == 403


def test_nothing_of_the_file_remains(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    client = county.signed_in("evaluator")
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}

    for kind in shown.KINDS:
        assert ask(client, kind, **ASKED[kind][0]).status_code == 200
    ask(client, "poverty", income="没有")

    assert {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()} == before
    assert list(scratch.iterdir()) == []


def test_every_kind_has_its_own_fields_and_works_without_script() -> None:
    client = county.signed_in("evaluator")

    for kind, typed in ASKED.items():
        form = pages.form_with(client.get(f"{PAGE}?kind={kind}"), "weight")
        fields = {*form.fields, *(["statistic"] if kind == "estimate" else []), "lonely"}
        assert typed[0].keys() <= fields
        assert ("spec_text" in form.fields) == (kind == "mpi")
    assert "income" in pages.form_with(client.get(f"{PAGE}?kind=unheard"), "weight").fields
    assert PAGE in client.get(reverse("site:evaluations")).content.decode()


def test_large_and_small_numbers_can_be_read() -> None:
    assert shown.number(None, shown.SHARE) == "—"
    assert shown.number(0.12345, shown.SHARE) == "12.35%"
    assert shown.number(1_234_567.891, shown.PLAIN) == "1,234,568"
    assert shown.number(-2.5, shown.PLAIN) == "\u22122.50000"
    assert shown.number(0.0, shown.PLAIN) == "0"
    assert shown.number(18.98765, shown.PLAIN, (2_232.191, 18.98765)) == "18.99"
    assert shown.number(18_604.6, shown.PLAIN, (7_765.24, 5_137.57)) == "18,604.60"
    assert shown.number(2_232.191, shown.PLAIN, (2_232.191, 0.0042)) == "2,232.1910"
    assert shown.number(1e300, shown.SHARE) == "1e+302%"
    assert shown.number(3e-9, shown.PLAIN) == "3e\u221209"
