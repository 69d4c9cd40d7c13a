"""Where money went, from a snapshot: the picture, its bands that open transfers, the area's figure, the public page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from tests.funds.building import done
from tests.funds.moves import FUNDS, HELD_OTHER, PACK, fill, move, posted
from tests.site import county, pages

from jiefa.casework import actions as casework
from jiefa.disclosure.rules import masked
from jiefa.funds.rules.rows import HOLDER, PAYEE, PROJECT, OriginKey, Party

COUNTY = Party(HOLDER, county.COUNTY)
OLD = OriginKey("central", "development", 2013, "52")


@pytest.mark.usefixtures("committed_county")
def test_every_band_opens_its_transfers_and_the_public_sees_sums_alone() -> None:
    fill(1_000_00)
    fill(30_00, OLD)
    posted(move(FUNDS, COUNTY, 600_00))
    posted(move(FUNDS, COUNTY, 30_00, origin=OLD))
    posted(move(FUNDS, HELD_OTHER, 100_00))
    home = county.household("A")
    road = Party(PROJECT, county.COUNTY, "通村公路")
    posted(move(COUNTY, Party(PAYEE, home.village_code, "", home.pk), 50_00, purpose="relocation"))
    firm = Party(PAYEE, county.COUNTY, "茶叶专业合作社")
    done(road, firm, 200_00)
    posted(move(COUNTY, road, 200_00))
    posted(move(road, firm, 120_00))
    posted(move(COUNTY, Party(PAYEE, county.COUNTY, "王小二"), 5_00))
    casework.freeze(year=2015, now=False, pack=PACK, by="tests")
    wang = county.signed_in("wang")

    page = wang.get(reverse("site:money-flow"), {"place": county.COUNTY}).context
    assert (page["came_fen"], page["reached_fen"], page["household_fen"], page["lies_fen"]) == (
        600_00,
        175_00,
        50_00,
        425_00,
    )
    links = {(one["title"], one["value"]) for series in page["chart"].option["series"] for one in series["links"]}
    assert ("县级单位 → 尚未付出：县级单位", 345) in links
    assert ("项目 → 尚未付出：项目", 80) in links
    assert len(links) == len(page["rows"]) == 7
    for row in page["rows"]:
        opened = wang.get(row["url"])
        assert opened.status_code == 200, row["url"]
        if not row["lies"]:
            assert (opened.context["band_fen"], len(opened.context["rows"])) == (row["fen"], row["transfers"])
    asked = parse_qs(urlsplit(page["rows"][0]["url"]).query)
    assert (asked["source"], asked["from_kind"], asked["to_level"]) == (["central"], ["in"], ["6"])
    old = wang.get(reverse("site:money-flow"), {"place": county.COUNTY, "fund_year": "2013"}).context
    assert (old["came_fen"], old["lies_fen"], [one["year"] for one in old["years"]]) == (30_00, 30_00, [2015, 2013])
    assert wang.get(reverse("site:money-flow"), {"place": "520326"}).context["code"] == county.COUNTY
    empty = county.signed_in("zhao").get(reverse("site:money-flow"), {"place": "5201"})
    assert "rows" not in empty.context or not empty.context["rows"]

    area = wang.get(reverse("site:area", args=[county.COUNTY]), {"year": "2015"}).context
    (figure,) = (one for one in area["figures"] if one.id == "money_to_households")
    assert figure.value == 50
    (idle,) = (one for one in area["needs"] if "idle" in one["url"])
    assert idle["count"] == 1
    assert [row["balance_fen"] for row in wang.get(idle["url"]).context["rows"]] == [30_00]

    (pot,) = wang.get(reverse("site:household", args=[home.pk])).context["pots"]
    assert pot["balance_fen"] == 50_00
    back = wang.get(pot["url"]).context["chart"]
    assert [row.cells[2] for row in back.rows] == ["50.00"] * 3

    public = Client().get(reverse("site:public-money"), {"q": "正安", "year": "2015"})
    text = pages.text(public)
    for said in (
        "正安县 2015 年资金",
        "630.00",
        "50.00",
        "通村公路",
        "茶叶专业合作社",
        "农户合计",
        masked("王小二"),
        "12317",
    ):
        assert said in text, said
    for hidden in (home.head_name or "", home.number, "王小二"):
        assert hidden not in text.split(), hidden
    assert "王小二" not in text
    assert [row["name"] for row in public.context["below"]]
    assert Client().get(reverse("site:public-money"), {"q": "没有这个地方"}).context["place"] is None
    assert Client().get(reverse("site:public-money")).context["place"].code == "52"
