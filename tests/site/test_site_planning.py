"""The pages of plans: who opens them, a plan made and what is refused, a household's options and an officer's decision on it."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.assistance import help_lists as given
from tests.planning import promised
from tests.planning.promised import TARGETS, YEAR
from tests.site import county, pages
from tests.site.test_site_query_counts import asked, put_in

from jiefa import snapshots
from jiefa.audit.models import Entry
from jiefa.casework import lists
from jiefa.planning.actions import making
from jiefa.planning.models import Assignment, Overrule, Plan
from jiefa.planning.queries import plans
from jiefa.site.views import planned as planned_view
from jiefa.site.views import planning as view

pytestmark = pytest.mark.usefixtures("small_county")
PLANS = reverse("site:plans")


@pytest.fixture
def plan(small_county: None) -> Plan:
    promised.targets()
    return promised.made()


def household_url(plan: Plan, number: str = "B") -> str:
    return reverse("site:plan-household", args=[plan.pk, county.household(number).pk])


def workbook(client: Client, url: str) -> list[tuple[Any, ...]]:
    answer: Any = client.get(url)
    body = b"".join(answer.streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True))


def test_every_page_opens_for_who_may_see_it_and_for_nobody_else(plan: Plan) -> None:
    figures = [
        PLANS,
        reverse("site:plan", args=[plan.pk]),
        f"{reverse('site:plan', args=[plan.pk])}?place={county.VILLAGE}",
        reverse("site:plan-export", args=[plan.pk]),
        reverse("site:plan-compare"),
        f"{reverse('site:plan-compare')}?one={plan.pk}&other={plan.pk}",
        reverse("site:plan-list-export", args=["planning_targets"]),
    ]
    for username in ("zhao", "wang", "li", "wei", "auditor", "evaluator", "chen", "helper"):
        client = county.signed_in(username)
        assert [client.get(url).status_code for url in figures] == [200] * len(figures), username
    assert {county.signed_in("admin").get(url).status_code for url in figures} == {403}
    assert {Client().get(url).status_code for url in figures} == {302}
    sees = {name: county.signed_in(name).get(household_url(plan)).status_code for name in ("wang", "li", "evaluator")}
    assert sees == {"wang": 200, "li": 200, "evaluator": 403}
    assert county.signed_in("li").get(household_url(plan, "E")).status_code == 404
    assert county.signed_in("wang").get(reverse("site:plan", args=[plan.pk + 1])).status_code == 404
    assert county.signed_in("wang").get(household_url(plan, "D")).status_code == 404


def test_plan_of_a_place_adds_up_and_leads_down_to_the_household(plan: Plan) -> None:
    wang = county.signed_in("wang")

    page = wang.get(reverse("site:plan", args=[plan.pk])).context

    assert [(one["year"], one["planned"], one["target"]) for one in page["years"]] == [
        (year, people, people) for year, people in TARGETS.items()
    ]
    assert page["total"]["people"] == sum(row["people"] for row in page["below"]) == 10
    assert page["households"] == []
    village = wang.get(f"{reverse('site:plan', args=[plan.pk])}?place={county.VILLAGE}")
    assert len(village.context["households"]) == 3
    for row in village.context["households"]:
        assert wang.get(row["url"]).status_code == 200
    hidden = county.signed_in("evaluator").get(f"{reverse('site:plan', args=[plan.pk])}?place={county.VILLAGE}")
    assert hidden.context["households"] == []
    rows = workbook(wang, page["export_url"])
    assert rows[0][:4] == ("区划代码", "地方", "户", "人")
    assert rows[1][3] == sum(int(row[3]) for row in rows[2:]) == 10


def test_map_shows_what_is_planned_and_of_a_year_that_is_over_how_much_is_done(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang, url = county.signed_in("wang"), reverse("site:plan", args=[plan.pk])
    below = wang.get(url).context["below"]

    planned = wang.get(url, {"of_year": "2017"}).context
    newest = snapshots.latest(settings.JIEFA_HOME, YEAR)
    monkeypatch.setattr(planned_view, "_taken", lambda reader, year: newest if year == 2016 else None)
    done = wang.get(url).context

    of_year = [one["people"] for row in below for one in row["years"] if one["year"] == 2017]
    assert (planned["map"], planned["map_year"]) == (None, 2017)  # a county has no polygons
    people = [int("".join(filter(str.isdecimal, tile.exact)) or 0) for tile in planned["tiles"]]
    assert sum(people) == sum(of_year) == TARGETS[2017]
    assert done["map_year"] == 2016
    assert any(tile.exact.endswith("%") for tile in done["tiles"])


def test_targets_stand_beside_the_sum_of_the_places_below() -> None:
    promised.target(2016, 100, "5203")
    promised.target(2016, 90)

    page = county.signed_in("qian").get(PLANS, {"place": "5203"})

    cell = page.context["targets"]["rows"][0]["cells"][0]
    assert (cell["value"], cell["below"], cell["difference"]) == (100, 90, 10)
    assert "还没有规划" in pages.text(page)


def test_county_makes_its_plan_and_reads_what_it_asked_for() -> None:
    promised.targets()
    wang = county.signed_in("wang")

    answer = wang.post(f"{PLANS}?place={county.COUNTY}", {"note": "试算", "target_2019": "0", "line": "2800"})

    made = Plan.objects.get()
    assert answer.status_code == 302
    assert f"/plans/{made.pk}/" in answer["Location"]
    page = wang.get(answer["Location"])
    assert "2,800" in pages.text(page)
    assert page.context["total"]["unplanned"] == 2
    assert (made.note, made.by, made.line_fen) == ("试算", "wang", 280_000)
    assert Entry.objects.filter(action="plan.made", chain=county.COUNTY).count() == 1


@pytest.mark.parametrize(
    "typed", [{"target_2016": "-1"}, {"line": "0"}, {"times_training": "x"}, {"target_2016": "999"}]
)
def test_wrong_wish_is_refused_in_words(typed: dict[str, str]) -> None:
    promised.targets()

    page = county.signed_in("wang").post(f"{PLANS}?place={county.COUNTY}", typed)

    assert page.status_code == 422
    assert page.context["form"].errors or page.context["refusal"]
    assert not Plan.objects.exists()


def test_county_without_targets_is_told_what_to_do() -> None:
    page = county.signed_in("wang").post(f"{PLANS}?place={county.COUNTY}", {})

    assert page.status_code == 422
    assert "没有 2016–2019 年的减贫目标" in pages.text(page)


def test_year_from_which_no_plan_is_made_has_no_form() -> None:
    page = county.signed_in("wang").get(PLANS, {"year": county.YEARS[0]})

    assert page.status_code == 200
    assert (page.context["form"], page.context["command"]) == (None, "")


def test_who_makes_no_plans_gets_no_form_and_is_refused(plan: Plan) -> None:
    for username in ("li", "sunx", "auditor", "evaluator", "chen"):
        client = county.signed_in(username)
        assert client.get(PLANS).context["form"] is None
        assert client.post(PLANS, {}).status_code == 403
        if username in ("li", "auditor"):
            assert client.post(household_url(plan), {"year": 2019, "reason": "x"}).status_code == 403
    assert Plan.objects.count() == 1
    assert county.signed_in("wang").get(PLANS, {"place": county.VILLAGE}).context["form"] is None


def test_large_place_is_planned_on_the_command_line(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "AT_ONCE", 2)

    page = county.signed_in("zhao").get(PLANS, {"place": "52"})

    assert page.context["form"] is None
    assert f"jiefa plan make --year {YEAR} --division 52" in pages.text(page)
    assert county.signed_in("wang").get(PLANS).context["form"] is not None


def test_decision_on_a_household_is_made_told_and_taken_back(plan: Plan) -> None:
    wang, key = county.signed_in("wang"), county.household("B").pk
    year = 2019 if Assignment.objects.get(plan=plan, household_id=key).year != 2019 else 2018
    before = wang.get(household_url(plan))
    assert [row["chosen"] for row in before.context["options"]].count(True) == 1
    assert before.context["overrule"] is None

    answer = wang.post(household_url(plan), {"year": year, "reason": "户主住院"}, follow=True)

    assert Overrule.objects.get().year == year
    assert answer.context["decided"]["year"] == year
    assert "户主住院" in pages.text(answer)
    assert "户主住院" not in pages.text(county.signed_in("evaluator").get(PLANS))
    again = wang.post(answer.request["PATH_INFO"], {"take_back": "1", "back-reason": "已出院"}, follow=True)
    assert again.context["overrule"] is None
    assert [one.taken_back for one in Overrule.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize(
    "typed", [{"year": "2019"}, {"reason": "x"}, {"year": "2031", "reason": "x"}, {"pathway": "lottery", "reason": "x"}]
)
def test_incomplete_decision_is_refused_in_words(plan: Plan, typed: dict[str, str]) -> None:
    page = county.signed_in("wang").post(household_url(plan), typed)

    assert page.status_code == 422
    assert page.context["form"].errors or page.context["refusal"]
    assert not Overrule.objects.exists()


def test_decision_that_no_plan_keeps_changes_nothing(plan: Plan) -> None:
    page = county.signed_in("wang").post(household_url(plan, "A"), {"year": "2018", "reason": "x"})

    assert page.status_code == 422
    assert "没有改动任何数据" in page.context["refusal"]
    assert (Plan.objects.count(), Overrule.objects.count()) == (1, 0)


def test_household_s_own_page_says_what_is_planned(plan: Plan) -> None:
    wang = county.signed_in("wang")

    page = wang.get(reverse("site:household", args=[county.household("B").pk]))

    assert page.context["planned"]["plan"] == plan.pk
    assert wang.get(page.context["planned"]["url"]).status_code == 200
    assert wang.get(reverse("site:household", args=[county.household("D").pk])).context["planned"] is None


def test_two_plans_stand_beside_each_other(plan: Plan) -> None:
    other = promised.made(targets={2019: 0})
    wang = county.signed_in("wang")

    page = wang.get(reverse("site:plan-compare"), {"one": plan.pk, "other": other.pk})

    first = [next(cell for cell in row["years"] if cell["year"] == 2019) for row in page.context["rows"]]
    assert sum(cell["before"] - cell["after"] for cell in first) == 2
    assert wang.get(page.context["rows"][0]["url"]).status_code == 200
    for query in ({"one": "x", "other": plan.pk}, {"one": plan.pk}):
        assert wang.get(reverse("site:plan-compare"), query).status_code == 200
    assert wang.get(reverse("site:plan-compare"), {"one": plan.pk, "other": 999}).status_code == 404


def test_a_plan_made_to_see_what_if_is_compared_and_never_followed(plan: Plan) -> None:
    other = promised.made(targets={2019: 0})
    wang = county.signed_in("wang")

    household = wang.get(reverse("site:household", args=[county.household("B").pk]))
    listed = {row["pk"]: row["what_if"] for row in wang.get(PLANS).context["rows"]}

    assert listed == {plan.pk: False, other.pk: True}
    assert household.context["planned"]["plan"] == plan.pk
    assert plans.of_year(county.COUNTY, 2016) == plans.from_year(county.COUNTY, 2015) == plan
    assert "试算，不执行" in pages.text(wang.get(reverse("site:plan", args=[other.pk])))
    assert "试算，不执行" not in pages.text(wang.get(reverse("site:plan", args=[plan.pk])))


def test_lists_go_out_and_come_in_again(tmp_path: Any) -> None:
    promised.targets()
    wang = county.signed_in("wang")

    rows = workbook(wang, f"{reverse('site:plan-list-export', args=['planning_targets'])}?place={county.COUNTY}")

    file = given.written(
        tmp_path, [str(cell) for cell in rows[0]], *(["" if c is None else c for c in r] for r in rows[1:])
    )
    staged = lists.stage(file=file, name=file.name, kind="planning_targets", by=promised.WANG, pack=promised.PACK)
    assert (len(rows) - 1, staged.rows) == (4, 4)
    assert wang.get(reverse("site:watched-load", args=["planning_targets"])).status_code == 200
    assert county.signed_in("li").get(reverse("site:watched-load", args=["planning_targets"])).status_code == 403
    assert wang.get(reverse("site:plan-list-export", args=["contracts"])).status_code == 404


def test_english_pages(plan: Plan) -> None:
    wang = county.signed_in("wang")
    wang.post(reverse("site:language"), {"language": "en", "next": "/"})

    assert "Gap to the bound" in pages.text(wang.get(reverse("site:plan", args=[plan.pk])))
    assert "What was open to it" in pages.text(wang.get(household_url(plan)))


def test_pages_ask_as_much_for_few_households_and_plans_as_for_many(plan: Plan) -> None:
    addresses = [
        PLANS,
        reverse("site:plan", args=[plan.pk]),
        f"{reverse('site:plan', args=[plan.pk])}?place={county.VILLAGE}",
        f"{reverse('site:plan-compare')}?one={plan.pk}&other={plan.pk}",
    ]
    few = [asked(address) for address in addresses]
    put_in(range(60))
    known = Assignment.objects.filter(plan=plan, village_code=county.VILLAGE)[0]
    homes = county.Household.objects.filter(number__startswith="X").values_list("pk", flat=True)
    Assignment.objects.bulk_create(
        Assignment(
            plan=plan, village_code=county.VILLAGE, household_id=home, size=1, year=known.year, pathway=known.pathway,
            poorest=False, gap_yuan=0,
        )
        for home in homes
    )  # fmt: skip
    for _more in range(3):
        Plan.objects.create(**{name: value for name, value in vars(plan).items() if name not in ("id", "_state")})

    many = [asked(address) for address in addresses]

    assert many == few
    assert max(many) <= 26


def test_plan_is_not_kept_when_its_rows_cannot_be(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(making, "keep", broken)
    with pytest.raises(RuntimeError):
        promised.made()
    assert list(Plan.objects.all()) == [plan]
