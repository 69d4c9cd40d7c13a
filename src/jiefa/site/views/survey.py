"""Survey statistics of a file of one's own: one form, the answer on the same page, the answer in Excel.

Nothing is kept: the file is read in a folder that goes with the request, and the answer travels to Excel in the page itself, signed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jiefa import sheets
from jiefa.access.rules import Permission
from jiefa.kernel.errors import JiefaError
from jiefa.sheets import SheetsError
from jiefa.site.presenters import evaluation as parts
from jiefa.site.presenters import survey as shown
from jiefa.site.reader import Reader
from jiefa.site.survey_forms import (
    EXAMPLE,
    MEGABYTES,
    EstimateWish,
    FileWish,
    MultidimensionalWish,
    PovertyWish,
)
from jiefa.site.synthetic import is_synthetic
from jiefa.site.views.parts import page
from jiefa.survey import errors, questions, spec

P = Permission
FORMS: dict[str, type[FileWish]] = {"poverty": PovertyWish, "mpi": MultidimensionalWish, "estimate": EstimateWish}
MOST_ROWS = 3_000
"""Rows of results on one page: 100 counties with 30 measures. More is a column of identities taken for groups."""
SIGNED_AS = "jiefa.survey.answer"
EXAMPLES = ("microdata.csv", "mpi.yaml")
TO_TYPE = {
    "poverty": "income · people_weight · prefecture",
    "mpi": "people_weight · prefecture · village",
    "estimate": "income · people_weight · prefecture · village",
}
"""Columns of the made-up survey that suit the question."""


def _demand(reader: Reader) -> None:
    if not reader.actor.may(P.EVALUATION_ORDER):
        reader.actor.demand(P.EVALUATION_CARRY)


@page
def statistics(reader: Reader) -> HttpResponseBase:
    """The form of a question, and after it the answer above the form."""
    _demand(reader)
    request = reader.request
    if "answer" in request.POST:
        return _workbook(reader, request.POST["answer"])
    kind = request.GET.get("kind", "")
    kind = kind if kind in FORMS else shown.KINDS[0]
    posted = request.method == "POST"
    form = FORMS[kind](request.POST, request.FILES) if posted else FORMS[kind]()
    found = _answered(reader, form) if posted and form.is_valid() else None
    context = {
        "form": form,
        "kind": kind,
        "kinds": [
            one | {"url": reader.at(reverse("site:evaluation-survey"), kind=one["id"])} for one in shown.kinds(kind)
        ],
        "parts": parts.parts(reader, "survey"),
        "megabytes": MEGABYTES,
        "example": EXAMPLE if kind == "mpi" else "",
        "examples": [
            {"name": name, "url": reverse("site:evaluation-survey-example", args=[name])}
            for name in EXAMPLES
            if _example(reader, name)
        ],
        "to_type": TO_TYPE[kind],
        "command": f"jiefa survey {kind}",
        "result": None if found is None else _shown(reader, kind, form, *found),
    }
    return render(request, "site/survey.html", context, status=422 if posted and found is None else 200)


def _answered(reader: Reader, form: FileWish) -> tuple[questions.Question, questions.Answer] | None:
    """The question and its answer; none where it is refused, which the form then says at its field."""
    file = form.cleaned_data["file"]
    name = Path(file.name).name
    with tempfile.TemporaryDirectory() as folder:
        # Under a name of our own: names that people give can be longer than a disk takes.
        path = Path(folder) / f"microdata{Path(name).suffix.lower()[:16]}"
        with path.open("wb") as stream:
            stream.writelines(file.chunks())
        try:
            question = _question(form, Path(folder))
            return question, question.answer(path, MOST_ROWS)
        except JiefaError as reason:
            if reason.context.get("file") == path.name:
                reason.context["file"] = name
            _refuse(reader, form, reason)
    return None


def _question(form: FileWish, folder: Path) -> questions.Question:
    if isinstance(form, MultidimensionalWish):
        _name, text = form.specified
        path = folder / "mpi.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return form.question(spec.read(path))
        except RecursionError:
            raise errors.SpecWrong(file=path.name, field="YAML", reason="[[[…", remedy=spec.ASK) from None
    assert isinstance(form, PovertyWish | EstimateWish)
    return form.question()


def _refuse(reader: Reader, form: FileWish, reason: JiefaError) -> None:
    """The reason at the field that it is about: that which named the column, the specification, or the file."""
    said = shown.refusal(reader, reason)
    fields = {
        errors.LonelyUnit: "lonely",
        errors.NoDenominator: "denominator",
        errors.TooManySizes: "fpc",
        errors.SpecWrong: "spec",
        errors.NotDeprivation: "spec",
    }
    field = next((field for kind, field in fields.items() if isinstance(reason, kind)), "")
    if not field and not isinstance(reason, SheetsError):
        columns = {
            *str(reason.context.get("missing", "")).split("、"),
            *str(reason.context.get("column", "")).split("、"),
        }
        columns |= set(str(reason.context.get("columns", "")).split("、"))
        named = [name for column, name in form.names().items() if column in columns]
        field = named[0] if named else "spec" if isinstance(form, MultidimensionalWish) else ""
        for other in named[1:]:
            form.add_error(other, said)
    if field == "spec":
        field = form.specified[0] if isinstance(form, MultidimensionalWish) else ""
    form.add_error(field or "file", said)


def _shown(
    reader: Reader, kind: str, form: FileWish, question: questions.Question, answer: questions.Answer
) -> dict[str, Any]:
    name = Path(form.cleaned_data["file"].name).name
    columns = [column.id for column in shown.COLUMNS[kind]]
    rows = [[row[column] for column in columns] for row in answer.rows]
    return {
        "file": name,
        "asked": shown.asked(question),
        "left_out": [words.say(reader.lang) for words in answer.left_out],
        "blocks": shown.blocks(question, answer),
        "has_interval": "ci_low" in columns,
        "has_df": "df" in columns,
        "signed": signing.dumps({"kind": kind, "rows": rows}, salt=SIGNED_AS, compress=True),
    }


def _workbook(reader: Reader, signed: str) -> HttpResponseBase:
    """The answer that came back with the page, as Excel."""
    try:
        found = signing.loads(signed, salt=SIGNED_AS)
    except signing.BadSignature:
        raise Http404 from None
    columns = shown.COLUMNS[found["kind"]]
    rows = [dict(zip((column.id for column in columns), row, strict=True)) for row in found["rows"]]
    stream, _count = sheets.opened_xlsx(
        shown.lines(reader, found["kind"], rows),
        columns,
        sheet_name=reader.words("统计结果", "Results"),
        language=reader.lang,
    )
    return FileResponse(stream, as_attachment=True, filename=f"survey-{found['kind']}.xlsx")


def _example(reader: Reader, name: str) -> Path | None:
    """A file of the made-up survey that a demonstration brings along."""
    path = reader.home / "survey" / name
    return path if name in EXAMPLES and is_synthetic() and path.exists() else None


@page
def example(reader: Reader, name: str) -> HttpResponseBase:
    """A file of the made-up survey, to try the page with."""
    _demand(reader)
    path = _example(reader, name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
