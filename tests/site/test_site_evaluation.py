"""The pages of the independent evaluation: blind before the hand-over and after it, nothing for the county before; files with faults;
a rebuttal from the button to its dossier."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.access.blind import KNOWN, text
from tests.access.evaluated import plant, sample
from tests.site import county

from jiefa import snapshots
from jiefa.access.models import Post, User
from jiefa.audit.models import Entry
from jiefa.evaluation.models import FieldAnswer, HandOver, Sample
from jiefa.procedures.models import Dossier

pytestmark = pytest.mark.usefixtures("small_county")
LIST, NEW = reverse("site:evaluations"), reverse("site:evaluation-new")
MOST_QUERIES = 60


def url(name: str, *arguments: object) -> str:
    return reverse(f"site:evaluation{name}", args=arguments)


@pytest.fixture
def planted(small_county: None, settings: Any) -> dict[str, Any]:
    """``field_sample`` and ``handed_sample`` with the exited household D on sheet 1, in the second found poor."""
    return plant(county.household("D"), county.YEARS[-1], snapshots.latest(settings.JIEFA_HOME, county.YEARS[-1]).id)


def test_a_county_learns_of_a_sample_by_its_hand_over(planted: dict[str, Any]) -> None:
    wang, field, handed = county.signed_in("wang"), planted["field_sample"], planted["handed_sample"]

    listed = wang.get(LIST).content.decode()

    assert url("", handed) in listed
    assert url("", field) not in listed
    for name in ("", "-estimates-export", "-discrepancies-export", "-sheets", "-answers", "-replace", "-hand-over"):
        assert wang.get(url(name, field)).status_code in (403, 404), name
    assert wang.get(url("-rebut", field, 1)).status_code == 404
    county.signed_in("zhao").get(url("-estimates-export", field))
    assert not Entry.objects.filter(chain=county.COUNTY, object_id="evaluation_estimates").exists()
    for username in ("sunx", "li", "helper", "feng", "ji"):
        assert county.signed_in(username).get(LIST).status_code == 403, username


def test_nothing_that_an_evaluator_opens_says_what_the_register_says_of_a_household(planted: dict[str, Any]) -> None:
    client, field, handed = county.signed_in("evaluator"), planted["field_sample"], planted["handed_sample"]
    opened = [url(name, field) for name in ("", "-sheets", "-answers", "-replace", "-hand-over")]

    for address in (LIST, *opened):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not [word for word in KNOWN if word in text(answer)], address
    assert client.get(url("-estimates-export", field)).status_code == 403
    after = client.get(url("", handed)).content.decode()
    home = county.household("D")
    for said in (home.head_name, reverse("site:household", args=[home.pk]), "疑似", "/rebut/"):
        assert said not in after
    for address in (url("-discrepancies-export", handed), url("-rebut", handed, 1)):
        assert client.get(address).status_code == 403, address
    assert client.get(url("-estimates-export", handed)).status_code == 200
    assert client.get(reverse("site:household", args=[home.pk])).status_code == 403


def test_another_evaluator_sees_none_of_it(planted: dict[str, Any]) -> None:
    other = User.objects.create(username="other", must_change_password=False)
    Post.objects.create(user=other, role="evaluator", area_id=county.COUNTY, from_date="2015-01-01")
    client = county.signed_in("other")

    assert url("", planted["handed_sample"]) not in client.get(LIST).content.decode()
    for number in (planted["field_sample"], planted["handed_sample"]):
        for name in ("", "-sheets", "-answers", "-hand-over", "-estimates-export", "-discrepancies-export"):
            assert client.get(url(name, number)).status_code == 404, name


def test_the_evaluator_of_a_sample_stays_blind_with_a_second_post(planted: dict[str, Any]) -> None:
    evaluator = User.objects.get(username="evaluator")
    Post.objects.create(user=evaluator, role="province_officer", area_id="52", from_date="2015-01-01")
    client = county.signed_in("evaluator")

    assert client.get(url("-estimates-export", planted["field_sample"])).status_code == 403
    assert client.get(url("-discrepancies-export", planted["handed_sample"])).status_code == 403


def test_a_sample_is_drawn_with_the_usual_numbers_beside_the_needed_size(small_county: None) -> None:
    client = county.signed_in("evaluator")
    page = client.get(f"{NEW}?margin=5&share=50&per_village=1&rho=0&response=100").content.decode()
    assert 'value="19"' in page
    assert ">385<" in page
    # 664 = 2.5758² 0.25 / 0.05², of 1,000 there 400.
    smaller = f"{NEW}?margin=5&share=50&per_village=1&rho=0&response=100&population=1000&confidence=99"
    assert ">400<" in client.get(smaller).content.decode()
    said = {"poor_villages": 0, "other_villages": 2, "exited_households": 5, "poor_households": 1}
    said |= {"outside_households": 0, "reserve_households": 1, "place": county.COUNTY, "evaluator": "evaluator"}

    answer = client.post(NEW, {**said, "seed": 7})

    made = Sample.objects.get()
    assert answer.headers["Location"].startswith(url("", made.pk))
    assert (made.seed, made.asked["villages"]) == (7, {"poor": 0, "other": 2})
    refused = client.post(NEW, {**said, "other_villages": 0})
    assert refused.status_code == 422
    assert county.signed_in("wang").get(NEW).status_code == 403


def test_faults_are_told_by_row_and_answers_wait_for_a_whole_file(planted: dict[str, Any]) -> None:
    client, number = county.signed_in("evaluator"), planted["field_sample"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("-sheets", number)).content))
    sheet = book.active
    at = {str(cell.value): cell.column for cell in sheet[1]}
    well: dict[str, object] = {"入户日期": "2016-01-10", "实际人口": 2, "核实人均纯收入": 9000}
    well |= dict.fromkeys(("吃不愁", "穿不愁", "义务教育有保障", "基本医疗有保障", "住房安全有保障", "饮水安全"), "是")
    for name, value in (well | {"实际人口": None}).items():
        sheet.cell(2, at[name]).value = value

    wrong = client.post(url("-answers", number), {"file": uploaded(book)})

    assert wrong.status_code == 422
    assert "缺“实际人口”" in wrong.content.decode()
    assert not FieldAnswer.objects.filter(household__sample=number).exists()
    sheet.cell(2, at["实际人口"]).value = 2
    assert client.post(url("-answers", number), {"file": uploaded(book)}).status_code == 302
    assert client.post(url("-hand-over", number), {"note": ""}).status_code == 422
    assert client.post(url("-hand-over", number), {"note": "", "confirmed": "on"}).status_code == 302
    assert HandOver.objects.filter(sample=number).exists()
    late = client.post(url("-answers", number), {"file": uploaded(book)})
    assert (late.status_code, "已于" in late.content.decode()) == (422, True)


def uploaded(book: openpyxl.Workbook) -> SimpleUploadedFile:
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("sheets.xlsx", stream.getvalue())


def test_a_finding_is_rebutted_from_its_button(planted: dict[str, Any]) -> None:
    wang, number = county.signed_in("wang"), planted["handed_sample"]
    button = url("-rebut", number, 1)
    assert button in wang.get(url("", number)).content.decode()

    answer = wang.post(button, {"why": "收入漏算务工工资"})

    made = Dossier.objects.get(procedure="evaluation_rebuttal")
    assert answer.headers["Location"] == reverse("site:dossier", args=[made.pk])
    shown = wang.get(answer.headers["Location"]).content.decode()
    assert "收入漏算务工工资" in shown
    assert "疑似错退" in shown
    page = wang.get(url("", number)).content.decode()
    assert button not in page
    assert reverse("site:dossier", args=[made.pk]) in page
    assert wang.post(button, {"why": "x"}).status_code == 422
    assert county.signed_in("zhou").get(button).status_code == 200
    assert county.signed_in("auditor").get(button).status_code == 403
    # Who evaluated reads nothing of the dossier either.
    assert county.signed_in("evaluator").get(reverse("site:dossier", args=[made.pk])).status_code == 403


def test_pages_cost_as_many_queries_for_more_findings(planted: dict[str, Any], settings: Any) -> None:
    zhao, number = county.signed_in("zhao"), planted["handed_sample"]
    snapshot = snapshots.latest(settings.JIEFA_HOME, county.YEARS[-1]).id
    zhao.get(LIST)

    before = asked(zhao, LIST, url("", number))
    sample(county.household("C"), county.YEARS[-1], snapshot, "poor")
    plant(county.household("E"), county.YEARS[-1], snapshot)

    assert asked(zhao, LIST, url("", number)) == before
    assert max(before) <= MOST_QUERIES


def asked(client: Client, *addresses: str) -> list[int]:
    """How many questions each page asks of the records."""
    found = []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        found.append(len(captured))
    return found
