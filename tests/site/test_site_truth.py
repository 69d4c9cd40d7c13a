"""Pages of the truth checks: what is asked of a place and how it is put, the picture, the list behind it; who sees what; empty and wrong."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.site import county, pages
from tests.truth import drawn

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.registry.models import Household, HouseholdYear
from jiefa.responsibility.models import Cadre, Organisation
from jiefa.snapshots import Snapshot
from jiefa.truth.actions import checking
from jiefa.truth.queries import results
from jiefa.truth.rules.tables import Check

pytestmark = pytest.mark.usefixtures("small_county")

LIST, EXPORT = reverse("site:truth"), reverse("site:truth-export")
CARDS = 10
"""Households of the copied village whose cards are the same."""
SEES_NO_HOUSEHOLD = ("feng", "chen", "evaluator", "bao")
WITHOUT_STATISTICS = ("jie", "admin")
COPIED_NAME, SAME_DAY_NAME = "三把车村", "和溪镇"


def check(name: Check, **query: object) -> str:
    return _at(reverse("site:truth-check", args=[name.value]), query)


def households(name: Check, **query: object) -> str:
    return _at(reverse("site:truth-households", args=[name.value]), query)


def _at(url: str, query: dict[str, object]) -> str:
    return f"{url}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


@pytest.fixture
def planted(small_county: None, home: Path, settings: Any) -> Snapshot:
    """The county drawn with every effect once; on file are the cadre and the households with the same card."""
    settings.JIEFA_HOME = home
    made = drawn.snapshot(home, planted=True)
    checking.check(made, policy.load())
    office = Organisation.objects.create(name="镇政府", kind="township", area_code=drawn.COPIED[:9])
    Cadre.objects.create(
        pk=drawn.CADRE, number="7", name="钱三", organisation=office, rank="staff", area_code=drawn.COPIED[:9],
        from_date=dt.date(2014, 1, 1),
    )  # fmt: skip
    put_in(range(CARDS))
    return made


def put_in(numbers: range) -> None:
    """Households of the copied village on file, as the snapshot knows them."""
    homes = Household.objects.bulk_create(
        Household(
            pk=4_000 + number, number=f"T{number:04d}", village_code=drawn.COPIED, head_name=f"某户{number}", size=4,
            poverty_status="poor", household_class="general", card_year=drawn.YEAR,
        )
        for number in numbers
    )  # fmt: skip
    HouseholdYear.objects.bulk_create(
        HouseholdYear(household=home, year=drawn.YEAR, village_code=drawn.COPIED, poverty_status="poor", size=4)
        for home in homes
    )


@pytest.fixture
def honest(small_county: None, home: Path, settings: Any) -> None:
    """The same county with honest figures."""
    settings.JIEFA_HOME = home
    checking.check(drawn.snapshot(home, planted=False), policy.load())


def test_every_check_says_what_it_asks_of_the_place_and_of_how_many_below(planted: Snapshot) -> None:
    answer = county.signed_in("wang").get(LIST)

    said = pages.text(answer)
    shown = {one["id"]: one for one in answer.context["checks"]}
    assert list(shown) == [one.value for one in Check]
    assert {name for name, one in shown.items() if one["asked"]} == {"bunching", "heaping", "same_day", "exact"}
    assert (
        "“正安县”与减贫任务相差10人以内的 20 个地方中，20 个一人不差；各种差数一样可能时约 1.0 个。是先有人数，还是先有名单？"
        in said
    )
    below = {
        name: {part["label"]: (part["asked"], part["judged"]) for part in one["below"]} for name, one in shown.items()
    }
    assert below["copied"] == {"行政村": (1, 20)}
    assert below["same_day"] == {"乡镇": (1, 4)}
    assert below["visits"] == {"干部": (1, 10)}
    assert "判断了 20 个，问 1 个" in said
    assert "问题不是结论，不指责任何人" in said


def test_one_check_shows_question_statistic_picture_and_how_it_reckons(planted: Snapshot) -> None:
    answer = county.signed_in("wang").get(check(Check.HEAPING))

    said, own, chart = pages.text(answer), answer.context["own"], answer.context["chart"]
    assert own["question"] in said
    assert (own["p"], own["q"]) == ("< 0.0001", "< 0.0001")
    assert float(own["chi_square"]) > 1_000
    assert f"χ² {own['chi_square']}" in said
    assert own["p"] in said
    assert "精确二项检验" in said
    assert chart.frame.title.startswith("正安县 · ")
    assert [row.cells[0] for row in chart.rows] == ["×1000", "×500", "×100"]
    assert sum(int(row.cells[1].replace(",", "")) for row in chart.rows) == own["observed"]
    assert 'id="truth-heaping"' in answer.content.decode()


def test_the_places_at_their_targets_are_named(planted: Snapshot) -> None:
    page = county.signed_in("wang").get(check(Check.EXACT))

    rows = page.context["at_target"]
    assert len(rows) == page.context["at_target_count"] == page.context["own"]["observed"] == 20
    assert {row["above"] for row in rows} == {"正安县"}
    assert "一人不差的地方" in pages.text(page)
    assert county.signed_in("wang").get(check(Check.HEAPING)).context["at_target"] == []


@pytest.mark.parametrize("wanted", list(Check))
def test_every_check_has_its_page_and_its_picture_in_both_languages(planted: Snapshot, wanted: Check) -> None:
    zh = county.signed_in("wang").get(check(wanted))
    en = county.in_english("wang").get(check(wanted))

    assert zh.status_code == en.status_code == 200
    assert zh.context["chart"] is not None
    assert zh.context["label"] in pages.text(zh)
    assert en.context["label"] in pages.text(en)
    assert zh.context["label"] != en.context["label"]
    assert zh.context["how"] != en.context["how"]


def test_places_and_cadres_that_are_asked_stand_below_with_their_numbers(planted: Snapshot) -> None:
    wang = county.signed_in("wang")

    (village,) = wang.get(check(Check.COPIED)).context["rows"]
    (cadre,) = wang.get(check(Check.VISITS)).context["rows"]
    every = wang.get(check(Check.COPIED, all=1)).context["rows"]

    assert (village["n"], village["observed"]) == (drawn.HOMES, CARDS)
    assert village["question"].startswith(f"“{COPIED_NAME}")
    assert village["question"].endswith("这些卡片是逐户填的吗？")
    assert (cadre["name"], cadre["n"], cadre["observed"]) == ("钱三", 40, 9)
    assert len(every) == len(drawn.VILLAGES)
    assert [one["asked"] for one in every].count(True) == 1


def test_questions_are_put_in_english_too(planted: Snapshot) -> None:
    client = county.in_english("wang")

    overview = pages.text(client.get(LIST))
    one = pages.text(client.get(check(Check.VISITS)))

    assert "20 are at them to the last person" in overview
    assert "A question is no finding and accuses nobody" in overview
    assert "Of 40 households that 钱三 visited, 9 have the very same report" in one
    assert "Was each of them seen?" in one
    assert "How it reckons" in one


def test_behind_a_question_stand_its_households(planted: Snapshot) -> None:
    wang = county.signed_in("wang")
    (village,) = wang.get(check(Check.COPIED)).context["rows"]
    (cadre,) = wang.get(check(Check.VISITS)).context["rows"]

    cards = wang.get(village["households_url"])
    reports = wang.get(cadre["households_url"])

    assert [row["pk"] for row in cards.context["rows"]] == [4_000 + number for number in range(CARDS)]
    assert cards.context["total"] == CARDS
    assert cards.context["because"]["text"] == village["question"]
    assert village["question"] in pages.text(cards)
    assert reports.context["total"] == 9
    assert reports.context["because"]["text"] == cadre["question"]


def test_a_village_that_nothing_is_asked_of_has_no_households_behind_it(planted: Snapshot) -> None:
    answer = county.signed_in("wang").get(households(Check.COPIED, place=drawn.VILLAGES[8]))

    assert answer.status_code == 200
    assert (answer.context["rows"], answer.context["total"]) == ([], 0)
    assert answer.context["because"]["text"] == "没有反常雷同的卡片。"


def test_the_workbook_holds_every_row_as_reckoned(planted: Snapshot) -> None:
    answer = county.signed_in("wang").get(EXPORT)

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert (heads[0], heads[-1]) == ("检查", "问题")
    assert len(rows) == len(results.every(planted, policy.load(), Scope((county.COUNTY,))))
    (copied,) = [row for row in rows if row[1] == drawn.COPIED and "卡片" in str(row[-1])]
    assert str(copied[2]).startswith(COPIED_NAME)
    assert float(str(copied[6])) < 1e-6


def test_figures_are_for_whoever_sees_statistics(planted: Snapshot) -> None:
    addresses = (LIST, EXPORT, check(Check.COPIED))

    for user in WITHOUT_STATISTICS:
        assert [county.signed_in(user).get(url).status_code for url in addresses] == [403] * 3, user
    for user in ("zhao", "qian", "wang", "sunx", "li", "helper", "auditor", "wei", *SEES_NO_HOUSEHOLD):
        assert [county.signed_in(user).get(url).status_code for url in addresses] == [200] * 3, user
    for url in (*addresses, households(Check.COPIED)):
        assert Client().get(url).status_code == 302


def test_households_and_names_of_cadres_are_for_whoever_sees_households(planted: Snapshot) -> None:
    for user in (*SEES_NO_HOUSEHOLD, *WITHOUT_STATISTICS):
        assert county.signed_in(user).get(households(Check.COPIED, place=drawn.COPIED)).status_code == 403, user
    chen = county.signed_in("chen")
    (cadre,) = chen.get(check(Check.VISITS)).context["rows"]
    assert cadre["name"] == f"{drawn.CADRE}号干部"
    for url in (LIST, check(Check.VISITS), check(Check.VISITS, place=cadre["above"])):
        assert "钱三" not in pages.text(chen.get(url))
    assert "钱三" not in _words(chen.get(EXPORT))
    assert "钱三" in _words(county.signed_in("wang").get(EXPORT))


def _words(answer: Any) -> str:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return " ".join(str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row)


def test_another_county_sees_nothing_of_it(planted: Snapshot) -> None:
    wu = county.neighbour()
    for place in ({}, {"place": county.COUNTY}, {"place": drawn.COPIED}):
        overview = wu.get(_at(LIST, place))
        assert not any(one["asked"] or one["said"] or one["below"] for one in overview.context["checks"])
        for wanted in Check:
            one = wu.get(check(wanted, **place, all=1))
            assert (one.context["own"], one.context["chart"], one.context["rows"]) == (None, None, [])
            behind = wu.get(households(wanted, **place, cadre=drawn.CADRE))
            assert (behind.context["rows"], behind.context["total"]) == ([], 0)
        assert drawn.COUNTY not in _words(wu.get(_at(EXPORT, place)))


def test_an_officer_sees_of_the_county_what_lies_in_the_own_area(planted: Snapshot) -> None:
    sunx = county.signed_in("sunx")  # of a township in which nothing was planted

    assert sunx.get(check(Check.COPIED)).context["rows"] == []
    behind = sunx.get(households(Check.COPIED, place=drawn.COPIED))
    assert (behind.context["rows"], behind.context["total"]) == ([], 0)
    assert drawn.COPIED not in _words(sunx.get(EXPORT))
    assert SAME_DAY_NAME in pages.text(county.signed_in("wang").get(check(Check.SAME_DAY)))


def test_honest_figures_ask_nothing_and_the_page_says_so(honest: None) -> None:
    wang = county.signed_in("wang")

    overview = wang.get(LIST)
    one = wang.get(check(Check.SAME_DAY))

    assert not any(check["asked"] for check in overview.context["checks"])
    assert "退出的日子没有反常集中。" in pages.text(overview)
    assert one.context["own"]["question"] == "退出的日子没有反常集中。"
    assert one.context["own"]["households_url"] == ""
    assert "下面没有要问的" in pages.text(one)


def test_a_place_with_too_little_is_not_judged() -> None:
    answer = county.signed_in("li").get(LIST)

    assert {(one["said"], one["asked"]) for one in answer.context["checks"]} == {("", False)}
    assert "数据太少，不好判断" in pages.text(answer)


def test_without_a_snapshot_or_checks_the_page_says_what_to_do(home: Path, settings: Any) -> None:
    settings.JIEFA_HOME = home
    wang = county.signed_in("wang")
    for url in (LIST, EXPORT, check(Check.COPIED), households(Check.COPIED)):
        assert wang.get(url).status_code == 404, url
    drawn.snapshot(home, planted=True)

    answer = wang.get(LIST)

    assert answer.status_code == 400
    assert "jiefa truth --year 2015" in pages.text(answer)
    assert "have not been computed" in pages.text(county.in_english("wang").get(LIST))


def test_an_unknown_check_does_not_exist_and_the_known_ones_are_named(planted: Snapshot) -> None:
    for name in ("truth-check", "truth-households"):
        answer = county.signed_in("wang").get(reverse(f"site:{name}", args=["luck"]))
        assert answer.status_code == 404
        assert "bunching, heaping" in pages.text(answer)
        assert county.signed_in("wang").get(f"{check(Check.COPIED)}?after=x&place=%27").status_code == 200


def test_pages_ask_the_same_of_few_rows_and_of_many(planted: Snapshot) -> None:
    urls = (
        LIST,
        check(Check.COPIED, all=1),
        check(Check.VISITS, all=1),
        households(Check.COPIED, place=drawn.COPIED),
    )
    HouseholdYear.objects.filter(household__in=range(4_002, 4_000 + CARDS)).delete()
    Household.objects.filter(pk__in=range(4_002, 4_000 + CARDS)).delete()
    few = [_questions(url) for url in urls]
    put_in(range(2, CARDS))
    many = [_questions(url) for url in urls]

    assert few == many
    assert max(many) <= 19


def _questions(url: str) -> int:
    client = county.signed_in("wang")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
