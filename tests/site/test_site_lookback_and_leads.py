"""Pages of look-back campaigns and of leads: what becomes a dossier, what is refused, what others see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.site import county, pages

from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.identification.actions import lookback
from jiefa.identification.models import Lead, LeadList, LookBack, LookBackHousehold
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")

YEAR = county.YEARS[-1]


def campaign(code: str = county.COUNTY, ends: dt.date | None = None) -> LookBack:
    by = holder("wang", [(Role.COUNTY_OFFICER, code)])
    begins = timezone.localdate() - dt.timedelta(days=30)
    ends = ends or begins + dt.timedelta(days=200)
    return lookback.begin(title="回头看", area=code, year=YEAR, begins=begins, ends=ends, by=by)


class TestLookBack:
    def visit(self, client: Client, begun: LookBack, number: str, **typed: str) -> int:
        url = f"/lookbacks/{begun.pk}/households/{county.household(number).pk}/"
        on = timezone.localdate().isoformat()
        return client.post(url, {"on": on, "note": "有车", **typed}).status_code

    def test_county_begins_and_the_list_is_frozen(self) -> None:
        client = county.signed_in("wang")
        typed = {"title": "2015年回头看", "begins": "2015-08-01", "ends": "2016-06-30"}

        assert client.post("/lookbacks/new/", typed).status_code == 302

        assert LookBack.objects.get().households == 4
        assert "2015年回头看" in pages.text(county.signed_in("li").get("/lookbacks/"))
        assert county.signed_in("li").post("/lookbacks/new/", typed).status_code == 403

    @pytest.mark.parametrize(
        "typed",
        [
            {"title": "", "begins": "2015-08-01", "ends": "2016-06-30"},
            {"title": "x", "begins": "2015-08-01", "ends": "2015-07-01"},
            {"title": "x", "begins": "heute", "ends": "2015-07-01"},
        ],
    )
    def test_campaign_that_cannot_be(self, typed: dict[str, str]) -> None:
        assert county.signed_in("wang").post("/lookbacks/new/", typed).status_code == 422
        assert not LookBack.objects.exists()

    def test_result_leads_to_a_dossier_and_progress_shows_it(self) -> None:
        found = campaign()
        client = county.signed_in("li")

        assert self.visit(client, found, "A", found="wrongly_in") == 302

        assert Dossier.objects.get().procedure == "household_removal"
        answer = client.get(f"/lookbacks/{found.pk}/?place={county.VILLAGE}")
        assert answer.context["total"]["wrongly_in"] == 1
        rows = {row["number"]: row for row in answer.context["rows"]}
        assert rows["A"]["dossier_url"]
        assert rows["B"]["found"] == "尚未核查"

    def test_result_of_another_post_says_that_the_dossier_is_due(self) -> None:
        found = campaign()
        assert self.visit(county.signed_in("wang"), found, "A", found="wrongly_in") == 302

        answer = county.signed_in("li").get(f"/lookbacks/{found.pk}/?place={county.VILLAGE}")

        assert "尚未提出办理" in pages.text(answer)

    def test_nothing_is_due_about_who_left_since(self) -> None:
        found = campaign()
        Household.objects.filter(number="A").update(poverty_status="exited")

        assert self.visit(county.signed_in("li"), found, "A", found="wrongly_in") == 302

        text = pages.text(county.signed_in("li").get(f"/lookbacks/{found.pk}/?place={county.VILLAGE}"))
        assert "尚未提出办理" not in text
        assert not Dossier.objects.exists()

    def test_missed_household_is_entered_from_its_page(self) -> None:
        found = campaign()
        client = county.signed_in("li")
        page = client.get(f"/households/{county.household('D').pk}/")
        assert "不在名单：登记为漏评" in pages.text(page)

        assert self.visit(client, found, "D", found="missed") == 302

        assert Dossier.objects.get().procedure == "household_return"

    @pytest.mark.parametrize(
        "typed",
        [
            {"found": "missed"},  # on the list: cannot have been missed
            {"found": "lost"},
            {"found": "gone", "note": ""},
            {"found": "confirmed", "on": "2010-01-01"},
            {"found": "confirmed", "on": "2099-01-01"},
            {"found": "confirmed", "on": ""},
        ],
    )
    def test_result_that_cannot_be(self, typed: dict[str, str]) -> None:
        found = campaign()
        assert self.visit(county.signed_in("li"), found, "A", **typed) == 422
        assert not LookBackHousehold.objects.exclude(found="").exists()

    def test_scope(self) -> None:
        found, other = campaign(), campaign(county.NEXT_COUNTY[:6])
        li = county.signed_in("li")

        assert li.get(f"/lookbacks/{other.pk}/").status_code == 404
        assert li.get(f"/lookbacks/{found.pk}/?place={county.NEXT_TOWNSHIP}").context["total"]["listed"] == 3
        assert self.visit(li, found, "E", found="confirmed") == 404
        assert self.visit(county.signed_in("auditor"), found, "A", found="confirmed") == 403
        for place in ("520324x", "5203241", "52", "'"):
            answer = county.signed_in("wang").get(f"/lookbacks/{found.pk}/", {"place": place})
            assert answer.context["total"]["listed"] == 4

    def test_empty(self) -> None:
        assert "还没有回头看活动" in pages.text(county.signed_in("wang").get("/lookbacks/"))


class TestLeads:
    def lead(self, number: str) -> Lead:
        home = county.household(number)
        made = LeadList.objects.create(title="车辆", digest=number, rows=1, found=1, by="wang", at=timezone.now())
        return Lead.objects.create(of_list=made, household=home, village_code=home.village_code, kind="vehicle")

    def send(self, username: str, content: str, name: str = "车辆.csv") -> int:
        file = SimpleUploadedFile(name, content.encode())
        return county.signed_in(username).post("/leads/new/", {"file": file}).status_code

    def test_list_is_loaded_and_shown_with_the_household(self) -> None:
        content = "户编号,证件号码,线索类型,线索内容\nA,,车辆,小型客车\nF,,车辆,外县的户\n"

        assert self.send("wang", content) == 302

        answer = county.signed_in("wang").get("/leads/")
        (row,) = answer.context["rows"]
        assert (row["number"], row["kind"], row["detail"]) == ("A", "名下有车辆", "小型客车")
        assert "名下有车辆" in pages.text(county.signed_in("li").get(f"/households/{county.household('A').pk}/"))

    @pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "户编号,线索类型\nA,飞艇\n", "户编号,线索类型\nF,车辆\n"])
    def test_list_that_cannot_be_taken(self, content: str) -> None:
        assert self.send("wang", content) == 422
        assert not LeadList.objects.exists()

    def test_who_loads(self) -> None:
        for username in ("li", "sunx", "auditor", "helper", "evaluator"):
            assert self.send(username, "户编号,线索类型\nA,车辆\n") == 403
        assert not LeadList.objects.exists()

    def test_template_is_a_workbook(self) -> None:
        assert county.signed_in("wang").get("/leads/template/").content[:2] == b"PK"

    def test_lead_is_settled_with_a_reason_once(self) -> None:
        lead = self.lead("A")
        url, client = f"/leads/{lead.pk}/", county.signed_in("li")
        assert client.post(url, {"settled": "kept", "reason": ""}).status_code == 422
        assert client.post(url, {"settled": "x", "reason": "x"}).status_code == 422

        assert client.post(url, {"settled": "kept", "reason": "旧车，无价值"}).status_code == 302

        assert "旧车，无价值" in pages.text(client.get(url))
        again = client.post(url, {"settled": "true", "reason": "x"})
        assert again.status_code == 422
        assert "已由 li" in pages.text(again)
        assert not Dossier.objects.exists()

    def test_true_lead_draws_up_a_removal(self) -> None:
        lead = self.lead("A")
        county.signed_in("li").post(f"/leads/{lead.pk}/", {"settled": "true", "reason": "营运车辆"})

        assert Dossier.objects.get().procedure == "household_removal"

    def test_scope(self) -> None:
        inside, outside = self.lead("A"), self.lead("F")
        wang = county.signed_in("wang")

        assert [row["number"] for row in wang.get("/leads/").context["rows"]] == ["A"]
        assert wang.get(f"/leads/{outside.pk}/").status_code == 404
        assert wang.get("/leads/?kind=airship").status_code == 422
        assert county.signed_in("auditor").post(
            f"/leads/{inside.pk}/", {"settled": "kept", "reason": "x"}
        ).status_code == 403  # fmt: skip
        assert Lead.objects.filter(settled="").count() == 2

    def test_empty(self) -> None:
        assert "这里没有线索" in pages.text(county.signed_in("li").get("/leads/"))
