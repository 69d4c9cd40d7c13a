"""The report of a roster: the sender's own workbook back, with what is wrong written beside it; only for who may read numbers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from tests.registry import rosters
from tests.site import county, uploads

from jiefa.registry.models import Batch

pytestmark = pytest.mark.usefixtures("committed_county")


def sent(path: Path, cause: str = "funds") -> Batch:
    """One new household with two healthy members, sent in by a county officer."""
    family = rosters.family("N1", county.VILLAGE, 500, uploads.YEAR, main_cause=cause)
    return uploads.taken(county.signed_in("wang"), uploads.workbook(path, [family]))


def report(username: str, batch: Batch) -> Any:
    return county.signed_in(username).get(reverse("site:import-report", args=[batch.pk]))


def review(username: str, batch: Batch) -> str:
    page = county.signed_in(username).get(reverse("site:import", args=[batch.pk]))
    assert page.status_code == 200
    return str(page.content.decode())


def test_report_is_the_senders_workbook_with_the_problem_on_its_row_for_who_may_read_numbers(tmp_path: Path) -> None:
    batch = sent(tmp_path / "光明村.xlsx", cause="illness")

    answer = report("wang", batch)

    assert reverse("site:import-report", args=[batch.pk]) in review("wang", batch)
    assert answer.streaming
    assert "report.xlsx" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))["农户"]
    headers = {str(cell.value): cell.column for cell in sheet[1]}
    assert sheet.cell(2, 1).value == "N1"
    assert "主要致贫原因是因病，但全家人都健康。" in str(sheet.cell(2, headers["问题"]).value)
    number = str(rosters.member("N1", 500)["id_number"])
    people = openpyxl.load_workbook(io.BytesIO(report("zhou", batch).getvalue()))["家庭成员"]
    assert number in {str(cell.value) for row in people.iter_rows() for cell in row}
    assert reverse("site:import-report", args=[batch.pk]) not in review("qian", batch)
    assert report("qian", batch).status_code == 403
    assert report("sunx", batch).status_code == 404


def test_roster_without_a_remark_offers_no_report(tmp_path: Path) -> None:
    batch = sent(tmp_path / "无误.xlsx")

    answer = report("wang", batch)

    assert batch.accepted == 1
    assert reverse("site:import-report", args=[batch.pk]) not in review("wang", batch)
    assert answer.status_code == 404
