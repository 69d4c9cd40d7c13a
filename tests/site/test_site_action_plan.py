"""The page of the action plan: its numbers with their places, within the reader's area; every count opens what it counts."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from tests.site import county, pages
from tests.site.test_site_query_counts import asked

from jiefa.areas import actions as areas
from jiefa.areas import bundled
from jiefa.assistance.models import ProgrammeRecord, VillageWork

pytestmark = pytest.mark.usefixtures("small_county")
YEAR = county.YEARS[-1]


@pytest.fixture(autouse=True)
def help_on_file(small_county: None) -> None:
    own = {"by": "zhou", "at": timezone.now()}
    for number in ("A", "B", "F"):
        home = county.household(number)
        ProgrammeRecord.objects.create(
            programme="house_repair", household=home, village_code=home.village_code, year=YEAR, own={},
            identity=number, people=2, amount_fen=500_000, traced_on=dt.date(YEAR, 9, 1), stage="paid", **own,
        )  # fmt: skip
    VillageWork.objects.create(
        village_code=county.VILLAGE, year=YEAR, work="water", planned_fen=5_000, percent=0, **own
    )
    VillageWork.objects.create(village_code=county.VILLAGE, year=YEAR, work="road", planned_fen=1, percent=0, **own)
    VillageWork.objects.create(
        village_code=county.NEXT_TOWNSHIP, year=YEAR, work="road", planned_fen=1, percent=0, **own
    )
    areas.load_designations(rows=bundled.county_designations(), by="tests")
    income = {"code": county.COUNTY, "year": YEAR, "disposable_income_per_person_fen": 812_345}
    areas.load_facts(rows=[income], source="tests", by="tests")


def context(username: str, **query: object) -> dict[str, object]:
    answer = county.signed_in(username).get(reverse("site:action-plan"), {"year": YEAR, **query})
    assert answer.status_code == 200
    return answer.context


def test_county_reads_its_own_numbers_and_the_province_all() -> None:
    county_page, province_page = context("wang"), context("zhao", place="52")

    houses = {one["label"]: one["count"] for one in county_page["lines"]}["农村危房改造"]
    everywhere = {one["label"]: one["count"] for one in province_page["lines"]}["农村危房改造"]
    assert (houses, everywhere) == (2, 3)
    assert [one["number"] for one in province_page["numbers"]] == [3, "3,000,000", 6, 6, "8,000"]
    assert [row["name"] for row in county_page["incomes"]] == ["正安县"]
    assert county_page["incomes"][0]["reached"] is True
    assert len(province_page["incomes"]) == 66
    assert sum(one["count"] for row in province_page["below"] for one in row["lines"] if "危房" in one["label"]) == 3


def test_place_outside_the_posts_counts_as_ones_own() -> None:
    own, asked_outside = context("wang"), context("wang", place=county.NEXT_COUNTY[:6])

    assert asked_outside["here"] == own["here"] == "正安县"


def test_every_count_opens_what_it_counts() -> None:
    page = context("wang")

    for one in page["lines"]:
        assert county.signed_in("wang").get(one["url"]).status_code == 200, one["label"]
    houses = next(one for one in page["lines"] if one["label"] == "农村危房改造")
    listed = county.signed_in("wang").get(houses["url"]).context["rows"]
    assert len(listed) == houses["count"] == 2
    missing = next(one for one in page["lines"] if one["missing"])
    without = county.signed_in("wang").get(missing["missing_url"]).context
    assert without["total"] == missing["missing"]
    for one in page["works"]:
        found = county.signed_in("wang").get(one["url"]).context
        assert len(found["rows"]) == one["sums"].villages, one["label"]
    for one in page["years"]:
        behind = county.signed_in("wang").get(one["url"])
        assert (behind.status_code == 200) == bool(one["url"])


def test_who_sees_no_household_reads_the_counts_without_their_lists() -> None:
    page = context("evaluator", place="52")

    assert [one["url"] for one in page["lines"] if not one["villages"]] == [""] * 6
    assert all(one["url"] == "" for one in page["years"])


def test_english_page_and_a_year_without_the_plan() -> None:
    client = county.signed_in("wang")
    client.post(reverse("site:language"), {"language": "en", "next": "/"})

    text = pages.text(client.get(reverse("site:action-plan"), {"year": YEAR}))

    assert "Dangerous houses repaired" in text
    assert "The target is the province" in text
    before = context("wang", year=2014)
    assert [one["number"] for one in before["numbers"]] == [6, 6]
    assert any(one["villages"] for one in before["lines"])


def test_place_and_places_below_leave_as_excel() -> None:
    answer = county.signed_in("wang").get(reverse("site:action-plan-export"), {"year": YEAR})

    body = b"".join(answer.streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("区划代码", "地方", "当年脱贫人口")
    column = rows[0].index("农村危房改造")
    own, *below = rows[1:]
    assert (own[0], own[column]) == (county.COUNTY, 2)
    assert sum(int(row[column]) for row in below) == 2


def test_page_asks_as_much_for_three_households_as_for_many() -> None:
    few = asked(reverse("site:action-plan"))
    own = {"by": "zhou", "at": timezone.now()}
    home = county.household("A")
    ProgrammeRecord.objects.bulk_create(
        ProgrammeRecord(
            programme="training", household=home, village_code=home.village_code, year=YEAR, own={}, identity=f"{n}",
            people=1, amount_fen=1, traced_on=dt.date(YEAR, 9, 1), **own,
        )
        for n in range(200)
    )  # fmt: skip

    many = asked(reverse("site:action-plan"))

    assert few == many
    assert many <= 30
