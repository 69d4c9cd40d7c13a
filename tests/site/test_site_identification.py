"""Pages of quotas, ranking, four looks, kinds, and the register's flow: right and wrong input, scope, empty states."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from tests.site import cases, county, pages

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.identification.actions import quotas, scores
from jiefa.identification.models import Quota, Score
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear, KindChoice

pytestmark = pytest.mark.usefixtures("small_county")

YEAR = county.YEARS[-1]
QUOTA = f"/quotas/{county.COUNTY}/"


def allotted(people: int, code: str = county.COUNTY) -> Quota:
    return Quota.objects.create(division_id=code, year=YEAR, people=people, by="qian", at=timezone.now())


def applying(number: str, income_fen: int) -> None:
    Household.objects.filter(number=number).update(poverty_status="applicant")
    HouseholdYear.objects.filter(household__number=number, year=YEAR).update(
        poverty_status="applicant", net_income_fen=income_fen, net_income_per_person_fen=income_fen // 2
    )


class TestQuotas:
    def test_county_splits_among_its_townships(self) -> None:
        allotted(10)
        client = county.signed_in("wang")
        form = pages.form_with(client.get(QUOTA), "reason")
        fields = [name for name in form.fields if name.startswith("people_")]
        typed = dict.fromkeys(fields, "0") | {fields[0]: "4", fields[1]: "6"}

        assert client.post(QUOTA, form.filled(**typed)).status_code == 302

        text = pages.text(client.get(QUOTA))
        assert "10 规模（人） 10 已分解到下级 0 差额" in text
        assert "王县" in text  # who split it, in the history

    def test_sum_that_differs_is_refused_with_the_difference_unless_signed(self) -> None:
        allotted(10)
        client = county.signed_in("wang")
        form = pages.form_with(client.get(QUOTA), "reason")
        typed = {name: "0" for name in form.fields if name.startswith("people_")}

        refused = client.post(QUOTA, form.filled(**typed))

        assert refused.status_code == 422
        assert "相差 10 人" in pages.text(refused)
        assert Quota.objects.count() == 1
        assert client.post(QUOTA, form.filled(**typed, reason="等待核实")).status_code == 302
        assert "等待核实" in pages.text(client.get(QUOTA))

    @pytest.mark.parametrize("typed", ["", "-1", "x", "99999999999"])
    def test_number_that_cannot_be_read_saves_nothing(self, typed: str) -> None:
        allotted(10)
        client = county.signed_in("wang")
        form = pages.form_with(client.get(QUOTA), "reason")
        fields = [name for name in form.fields if name.startswith("people_")]

        answer = client.post(QUOTA, form.filled(**dict.fromkeys(fields, "0") | {fields[0]: typed}))

        assert answer.status_code == 422
        assert Quota.objects.count() == 1

    def test_others_read_and_are_refused(self) -> None:
        allotted(10)
        for username in ("zhao", "sunx", "li", "auditor", "evaluator"):
            client = county.signed_in(username)
            page = client.get(QUOTA)
            assert page.status_code == (200 if username in ("zhao", "auditor", "evaluator") else 403)
            assert client.post(QUOTA, {"reason": ""}).status_code == 403
        assert Quota.objects.count() == 1

    def test_province_sets_the_number_from_above(self) -> None:
        client = county.signed_in("zhao")
        assert client.post("/quotas/52/", {"people": "-3"}).status_code == 422

        assert client.post("/quotas/52/", {"people": "1234"}).status_code == 302

        assert "1,234 规模（人）" in pages.text(client.get("/quotas/52/"))
        assert county.signed_in("qian").post("/quotas/5203/", {"people": "1"}).status_code == 422

    def test_proposal_is_in_proportion_and_exact(self) -> None:
        allotted(7)
        answer = county.signed_in("wang").get(f"{QUOTA}?propose=1")

        proposed = [int(value[0]) for name, value in pages.form_with(answer, "reason").fields.items()
                    if name.startswith("people_")]  # fmt: skip
        assert sum(proposed) == 7

    def test_without_a_quota_the_page_says_who_comes_first(self) -> None:
        Quota.objects.create(division_id=county.COUNTY, year=YEAR - 1, people=5, by="x", at=timezone.now())

        text = pages.text(county.signed_in("wang").get(f"{QUOTA}?year={YEAR}"))

        assert "本年度没有规模" in text
        assert f"有规模的年度： {YEAR - 1}" in text

    def test_unknown_place(self) -> None:
        assert county.signed_in("wang").get("/quotas/529999/").status_code == 404


class TestRanking:
    URL = f"/quotas/{county.VILLAGE}/ranking/"

    def test_eligible_and_place_are_two_things(self) -> None:
        allotted(2 + 4 + 2, county.VILLAGE)  # A and C are registered: four and two
        applying("B", 200_000)
        applying("D", 2_000_000)

        answer = county.signed_in("li").get(self.URL)

        rows = [(row["number"], row["eligible"], row["place"]) for row in answer.context["rows"]]
        assert rows == [("B", True, "within"), ("D", False, "")]
        assert "不占名额" in pages.text(answer)

    def test_who_waits_stays_eligible(self) -> None:
        allotted(1, county.VILLAGE)
        applying("B", 200_000)

        (row,) = county.signed_in("li").get(self.URL).context["rows"]

        assert (row["eligible"], row["place"]) == (True, "waiting")

    def test_nobody_applies(self) -> None:
        assert "这里没有申请户" in pages.text(county.signed_in("li").get(self.URL))

    def test_only_villages_and_only_one_s_own(self) -> None:
        assert county.signed_in("wang").get(f"/quotas/{county.COUNTY}/ranking/").status_code == 404
        assert county.signed_in("li").get(f"/quotas/{county.NEXT_TOWNSHIP}/ranking/").status_code == 403
        assert county.signed_in("evaluator").get(self.URL).status_code == 403


class TestLooks:
    def url(self, number: str = "A") -> str:
        return f"/households/{county.household(number).pk}/looks/"

    def test_what_is_asked_is_kept_and_shown_with_its_source(self) -> None:
        client = county.signed_in("li")
        form = pages.form_with(client.get(self.url()), "house.area")
        assert "同卡片：砖混或钢筋混凝土" in client.get(self.url()).content.decode()

        answer = client.post(self.url(), form.filled(**{"grain.crops": "cash"}))

        assert answer.status_code == 302
        assert Score.objects.get().asked == {"grain.crops": "cash"}
        panel = client.get(f"/households/{county.household('A').pk}/").context["looks"]
        sources = {item["name"]: item["source"] for look in panel["looks"] for item in look["items"]}
        assert sources["grain.crops"] == "asked"
        assert sources["house.structure"] == "card"
        assert sources["pupils.debt"] == "open"
        assert HouseholdYear.objects.get(household__number="A", year=YEAR).poverty_status == "poor"

    def test_option_that_there_is_not(self) -> None:
        assert county.signed_in("li").post(self.url(), {"grain.crops": "gold"}).status_code == 422
        assert not Score.objects.exists()

    def test_before_anybody_asked_the_card_alone_speaks(self) -> None:
        text = pages.text(county.signed_in("li").get(f"/households/{county.household('A').pk}/"))
        assert "仅按卡片推算，尚未现场询问" in text
        assert not Score.objects.exists()

    def test_who_may_not_edit_does_not_score(self) -> None:
        for username, status in (("auditor", 403), ("helper", 403), ("evaluator", 403)):
            assert county.signed_in(username).get(self.url()).status_code == status
        assert county.signed_in("li").get(self.url("E")).status_code == 404

    def test_village_is_scored_at_once_by_its_officer(self) -> None:
        url = f"/looks/?place={county.VILLAGE}"
        assert county.signed_in("auditor").post(url).status_code == 403

        assert county.signed_in("li").post(url).status_code == 302

        assert set(Score.objects.values_list("household__number", flat=True)) == {"A", "B", "C", "D"}

    def test_disagreements_say_why_and_stay_in_their_area(self) -> None:
        for number in ("A", "F"):
            disagreeing(number)

        answer = county.signed_in("wang").get("/looks/")

        (row,) = answer.context["rows"]
        assert (row["number"], row["label"]) == ("A", "疑似错评")
        assert "房屋结构" in row["reasons"]
        assert "评分只作筛查" in pages.text(answer)
        assert county.signed_in("wang").get("/looks/?disagreement=missed").context["rows"] == []
        assert county.signed_in("wang").get("/looks/?disagreement=x").status_code == 422

    def test_newer_score_that_agrees_takes_the_household_off_the_list(self) -> None:
        disagreeing("A")
        li = cases.actor("li")
        scores.score(household_ids=[county.household("A").pk], year=YEAR, asked={}, by=li, pack=policy.load())

        assert "没有与登记不一致的评分" in pages.text(county.signed_in("wang").get("/looks/"))


def disagreeing(number: str) -> Score:
    home = county.household(number)
    return Score.objects.create(
        household=home, village_code=home.village_code, year=YEAR, scorecard="four_looks",
        in_force_from=dt.date(2014, 1, 1), asked={}, answers={"house.structure": "brick_conc"}, lowest=85, highest=90,
        disagreement="false_in", by="li", at=timezone.now(),
    )  # fmt: skip


class TestKind:
    def url(self, number: str = "A") -> str:
        return f"/households/{county.household(number).pk}/kind/"

    def test_rule_is_said_and_a_choice_is_kept_with_its_reason(self) -> None:
        client = county.signed_in("li")
        page = f"/households/{county.household('A').pk}/"
        assert "有劳动能力，且主要致贫原因“缺资金”属于" in pages.text(client.get(page))

        assert client.post(self.url(), {"kind": "two_none", "reason": "户主瘫痪"}).status_code == 302

        text = pages.text(client.get(page))
        assert "人工认定" in text
        assert "户主瘫痪" in text

    @pytest.mark.parametrize("typed", [{"kind": "two_none"}, {"kind": "x", "reason": "x"}, {"kind": "", "reason": "x"}])
    def test_choice_that_cannot_be(self, typed: dict[str, str]) -> None:
        assert county.signed_in("li").post(self.url(), typed).status_code == 422
        assert not KindChoice.objects.exists()

    def test_who_may(self) -> None:
        for username in ("auditor", "helper", "zhao", "evaluator"):
            assert county.signed_in(username).post(self.url(), {"kind": "two_none", "reason": "x"}).status_code == 403
        assert county.signed_in("li").post(self.url("E"), {"kind": "two_none", "reason": "x"}).status_code == 404
        assert not KindChoice.objects.exists()


class TestFlow:
    def test_every_number_of_a_year_opens_what_is_behind_it(self) -> None:
        rows = {
            row["year"]: row for row in county.signed_in("wang").get(f"/area/{county.COUNTY}/").context["flow_years"]
        }

        cells = rows[YEAR]["cells"]
        opening, *changes, closing = [cell["people"] if "−" not in cell["label"] else -cell["people"] for cell in cells]
        assert opening + sum(changes) == closing
        assert "indicators/closing_people/households/" in cells[-1]["url"]

    def test_link_to_dossiers_lists_those_of_the_year(self) -> None:
        dossier = cases.at_township()
        Dossier.objects.filter(pk=dossier.pk).update(outcome="approved", step="registered", desk="", year=2013)
        query = f"view=all&place={county.COUNTY}&step=identification&state=approved&of=2013"

        answer = county.signed_in("wang").get(f"/dossiers/?{query}")

        assert [row["pk"] for row in answer.context["rows"]] == [dossier.pk]
        assert county.signed_in("wang").get(f"/dossiers/?{query}2").context["rows"] == []

    def test_who_may_not_see_households_sees_bare_numbers(self) -> None:
        answer = county.signed_in("evaluator").get(f"/area/{county.COUNTY}/")

        assert {cell["url"] for row in answer.context["flow_years"] for cell in row["cells"]} == {""}


def test_split_reaches_the_village() -> None:
    """Level by level, each by its officer, on the same page."""
    zhao = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])
    quotas.set_total(code="52", year=YEAR, people=6, by=zhao)
    quotas.split(code="52", year=YEAR, parts={"5203": 6}, by=zhao)
    quotas.split(code="5203", year=YEAR, parts={county.COUNTY: 6}, by=cases.actor("qian"))
    township = county.VILLAGE[:9]
    for username, code, below in (("wang", county.COUNTY, township), ("sunx", township, county.VILLAGE)):
        client = county.signed_in(username)
        form = pages.form_with(client.get(f"/quotas/{code}/"), "reason")
        typed = {name: "0" for name in form.fields if name.startswith("people_")} | {f"people_{below}": "6"}
        assert client.post(f"/quotas/{code}/", form.filled(**typed)).status_code == 302

    assert "6 规模（人）" in pages.text(county.signed_in("li").get(f"/quotas/{county.VILLAGE}/"))
