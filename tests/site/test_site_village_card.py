"""The card of a village: years beside each other, counts of the register beside what is stated, one officer at a time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.site import county, pages

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.areas import actions, facts, queries
from jiefa.areas.models import DivisionYear
from jiefa.responsibility.actions import people, teams
from jiefa.responsibility.actions.people import NewCadre

pytestmark = pytest.mark.usefixtures("small_county")

URL = f"/area/{county.VILLAGE}/card/"
WANG = holder("wang", [(Role.COUNTY_OFFICER, county.COUNTY)])


def stated(year: int, **values: object) -> DivisionYear:
    return actions.edit_facts(code=county.VILLAGE, year=year, version=0, values=values, by="tests")


def words(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(pages.text(answer).split())


def test_years_stand_beside_each_other_and_the_register_beside_what_is_stated() -> None:
    stated(2014, rural_registered_people=800, village_plan="under_way", disasters=["flood", "drought"])
    stated(2015, rural_registered_people=790, reported_poor_households=9, road_km="6.5", collective_income=1_234_500)
    member = people.enter(
        cadre=NewCadre(
            "1", "何书记", "staff", county.VILLAGE[:9], "县农委", "county", county.COUNTY, dt.date(2015, 3, 1), ""
        ),
        by=WANG,
    )
    teams.form_team(village_code=county.VILLAGE, members=[(member.pk, "first_sec")], on=dt.date(2015, 3, 1), by=WANG)

    said = words(county.signed_in("li"), f"{URL}?year=2015")

    assert "B4* 农业户籍人口 人 800 790" in said
    assert "B46* 整村推进 正在实施 —" in said
    assert "B47* 上年遭受的自然灾害 涝灾、旱灾 —" in said
    assert "B26* 到乡镇的里程 公里 — 6.5" in said
    assert "B24* 村集体经济收入 元 — 12,345" in said
    assert "B48 驻村工作队人数 — 1" in said
    assert "B49 第一书记 — 何书记（县农委）" in said
    # Three poor households are on cards of 2015, nine are stated: shown beside each other, none replaces the other.
    assert "B5*上报贫困户数—9（3◐与填报不一致）" in said.replace(" ", "")


def test_card_asks_few_questions_however_many_years(django_assert_max_num_queries: Any) -> None:
    for year in (2011, 2012, 2013, 2014, 2015):
        stated(year, women=300)
    client = county.signed_in("li")
    client.get(URL)

    with django_assert_max_num_queries(16):
        client.get(URL)


def test_officer_fills_in_a_year_and_who_saves_second_is_told() -> None:
    client, url = county.signed_in("li"), f"{URL}2015/"
    first = pages.form_with(client.get(url), "women")
    late = first.filled(women="1")

    saved = client.post(url, first.filled(women="312", collective_income="12000.50", bus="True", disasters=["frost"]))
    overtaken = client.post(url, late)

    assert saved.status_code == 302
    (row,) = queries.facts(county.VILLAGE)
    assert (row.own, row.collective_income_fen, row.bus) == ({"women": 312, "disasters": ["frost"]}, 1_200_050, True)
    assert overtaken.status_code == 409
    assert "已被他人修改" in overtaken.content.decode()
    assert pages.form_with(overtaken, "women").fields["women"] == ["312"]
    assert queries.facts(county.VILLAGE)[0].own["women"] == 312


def test_nonsense_is_refused_and_nothing_written() -> None:
    client, url = county.signed_in("li"), f"{URL}2015/"

    answer = client.post(url, pages.form_with(client.get(url), "women").filled(women="-5"))

    assert answer.status_code == 422
    assert queries.facts(county.VILLAGE) == []


@pytest.mark.parametrize(
    ("user", "url", "status"),
    [
        ("li", f"{URL}2015/", 200),
        ("helper", URL, 200),
        ("helper", f"{URL}2015/", 403),
        ("li", f"/area/{county.NEXT_TOWNSHIP}/card/", 403),
        ("wang", f"/area/{county.COUNTY}/card/", 404),
        ("wang", f"{URL}1999/", 404),
    ],
)
def test_who_may_read_and_who_may_write(user: str, url: str, status: int) -> None:
    assert county.signed_in(user).get(url).status_code == status


def test_excel_that_goes_out_comes_in_again(tmp_path: Path) -> None:
    values: dict[str, object] = {"women": 312, "road_km": "6.5", "collective_income": 1_234_500, "bus": False}
    stated(2015, **values, village_plan="done", disasters=["frost", "landslide"])
    before = queries.facts(county.VILLAGE)[0]
    answer = county.signed_in("wang").get(f"/area/{county.COUNTY}/card.xlsx?year=2015")
    file = tmp_path / "card.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    DivisionYear.objects.all().delete()

    assert facts.load(file, policy.load(), (county.COUNTY,), by="tests") == 1

    (after,) = queries.facts(county.VILLAGE)
    assert (after.own, after.collective_income_fen, after.bus) == (before.own, before.collective_income_fen, before.bus)


def test_area_page_of_a_village_leads_to_its_card() -> None:
    assert f"{URL}?year=2015" in county.signed_in("li").get(f"/area/{county.VILLAGE}/").content.decode()
    assert "card/" not in county.signed_in("wang").get(f"/area/{county.COUNTY}/").content.decode()
