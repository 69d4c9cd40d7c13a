"""Pages of monitoring: what they show and do, in both languages, inside the reader's area, with the looks kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from tests.site import county

from jiefa import policy
from jiefa.access.queries import operator
from jiefa.audit.models import Read
from jiefa.monitoring.actions import scoring
from jiefa.monitoring.models import Event, ModelCard, Watch
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

pytestmark = pytest.mark.usefixtures("small_county")
DAY = dt.date(2015, 6, 1)


@pytest.fixture
def wang() -> Client:
    return county.signed_in("wang")


@pytest.fixture
def li() -> Client:
    return county.signed_in("li")


def lead(home: Household, trigger: str = "disaster") -> Event:
    return Event.objects.create(
        household=home, village_code=home.village_code, year=2015, source="self", trigger=trigger, on=DAY, by="x",
        at=timezone.now(), amount_fen=350_000, detail="冰雹",
    )  # fmt: skip


def watch(home: Household, dossier: int = 1) -> Watch:
    return Watch.objects.create(
        household=home, group="unstable", triggers="income,house", year=2015, since=DAY, dossier=dossier, by="x",
        at=timezone.now(),
    )  # fmt: skip


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(language: str, wang: Client) -> None:
    wang.cookies["django_language"] = language
    home = county.household("D")
    one, other = lead(home), watch(home)
    card = scoring.score(year=2015, by=operator(("52",)), pack=policy.load())
    said = {
        reverse("site:watches"): ("脱贫不稳定户", "Unstable"),
        reverse("site:watch", args=[other.pk]): ("风险能否消除", "May the risk be removed?"),
        reverse("site:watch-leads"): ("遭受灾害", "Disaster"),
        reverse("site:watch-lead", args=[one.pk]): ("关闭线索", "Close the lead"),
        reverse("site:household-report", args=[home.pk]): ("报告风险", "Report a risk"),
        f"{reverse('site:kept')}?year=2015": ("退出后的帮扶", "Help that went on"),
        f"{reverse('site:early-warning')}?year=2015": ("按风险情形排序", "Ordered by the plain triggers"),
        reverse("site:model-cards"): ("弃用", "dropped"),
        reverse("site:model-card", args=[card.pk]): ("民族和性别不参加计算", "Nationality and sex are no part"),
        reverse("site:household", args=[home.pk]): ("监测", "After exit"),
    }

    for url, words in said.items():
        assert words[language == "en"] in text(wang, url), url


def test_empty_pages_say_what_to_do(wang: Client) -> None:
    for name, words in (
        ("watches", "监测从线索开始"),
        ("watch-leads", "筛查卡片"),
        ("early-warning", "还没有走访顺序"),
        ("model-cards", "还没有试过评分"),
    ):
        assert words in text(wang, reverse(f"site:{name}")), name


def test_a_watch_without_measures_stands_out_and_is_a_list(wang: Client) -> None:
    watch(county.household("D"))

    assert "没有措施" in text(wang, reverse("site:watches"))
    rows = wang.get(reverse("site:watches"), {"state": "unmeasured"}).context["rows"]
    assert [row["number"] for row in rows] == ["D"]


def test_an_unknown_filter_shows_nobody(wang: Client) -> None:
    watch(county.household("D"))
    lead(county.household("D"))

    for name in ("watches", "watch-leads", "kept"):
        response = wang.get(reverse(f"site:{name}"), {"state": "whatever"})
        assert response.status_code == 422, name
        assert list(response.context["rows"]) == [], name


def test_the_cards_are_searched_by_who_loads_lists(wang: Client, li: Client) -> None:
    Household.objects.filter(number="D").update(poverty_status="exited")

    done = wang.post(f"{reverse('site:watch-leads')}?year=2015")

    assert done.status_code == 302
    assert li.post(f"{reverse('site:watch-leads')}?year=2015").status_code == 403


def test_a_village_officer_takes_a_lead_up(li: Client) -> None:
    one = lead(county.household("D"))

    done = li.post(reverse("site:watch-lead", args=[one.pk]), {"do": "watch"})

    dossier = Dossier.objects.get(procedure="watch_household")
    assert done.headers["Location"] == reverse("site:dossier", args=[dossier.pk])
    one.refresh_from_db()
    assert (one.state, one.dossier) == ("followed", dossier.pk)
    page = text(li, reverse("site:dossier", args=[dossier.pk]))
    assert "突发严重困难户" in page  # by the rules of today: a disaster, and no word of a low income
    assert "遭受灾害" in page


def test_a_lead_is_closed_with_a_reason(wang: Client) -> None:
    one = lead(county.household("D"))
    assert wang.post(reverse("site:watch-lead", args=[one.pk]), {"reason": ""}).status_code == 422

    wang.post(reverse("site:watch-lead", args=[one.pk]), {"reason": "损失已由保险赔付"})

    one.refresh_from_db()
    assert (one.state, one.reason, one.settled_by) == ("closed", "损失已由保险赔付", "wang")


def test_what_happened_is_reported_on_the_page_of_a_household(li: Client) -> None:
    home = county.household("D")
    url = reverse("site:household-report", args=[home.pk])
    typed = {"source": "self", "trigger": "accident", "on": "2015-06-01", "amount": "3500.50", "detail": "摔伤"}
    assert li.post(url, {**typed, "detail": "电话13800000001"}).status_code == 422

    li.post(url, typed)

    one = Event.objects.get()
    assert (one.trigger, one.amount_fen, one.by) == ("accident", 350_050, "li")


def test_who_is_poor_is_not_reported(li: Client) -> None:
    url = reverse("site:household-report", args=[county.household("A").pk])

    response = li.post(url, {"source": "self", "trigger": "accident", "on": "2015-06-01"})

    assert "在册贫困户" in response.content.decode()
    assert not Event.objects.exists()


def test_removal_and_return_are_proposed_from_the_watch(li: Client) -> None:
    found = watch(county.household("D"))
    url = reverse("site:watch", args=[found.pk])

    li.post(url, {"do": "remove"})
    li.post(url, {"do": "return"})

    assert set(Dossier.objects.values_list("procedure", flat=True)) == {"watch_removal", "household_return"}
    found.refresh_from_db()
    assert found.ended == ""


def test_outside_the_area_nothing_exists(li: Client) -> None:
    other = county.household("F")
    one, found = lead(other), watch(other)

    for url in (
        reverse("site:watch-lead", args=[one.pk]),
        reverse("site:watch", args=[found.pk]),
        reverse("site:household-report", args=[other.pk]),
    ):
        assert li.get(url).status_code == 404, url
        assert li.post(url, {"do": "watch"}).status_code == 404, url
    assert li.get(reverse("site:watches")).context["rows"] == []
    assert li.get(reverse("site:watches")).context["places"] == []
    assert li.get(reverse("site:watch-leads")).context["counts"] == []


def test_leads_that_lie_too_long_are_a_list(wang: Client) -> None:
    home = county.household("D")
    old, new = lead(home), lead(home, "accident")
    days = int(policy.load().at(timezone.localdate()).number("monitoring.procedure_days"))
    Event.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=days + 1))
    Event.objects.filter(pk=new.pk).update(at=timezone.now() - dt.timedelta(days=days - 1))

    rows = wang.get(reverse("site:watch-leads"), {"state": "late"}).context["rows"]

    assert [row["pk"] for row in rows] == [old.pk]


def test_looks_at_households_are_kept(wang: Client) -> None:
    home = county.household("D")
    one, found = lead(home), watch(home)

    for url in (reverse("site:watch", args=[found.pk]), reverse("site:watch-lead", args=[one.pk])):
        wang.get(url)

    assert set(Read.objects.filter(household_id=home.pk, by="wang").values_list("purpose", flat=True)) == {
        *("watch", "watch lead"),
    }


def test_lists_leave_as_excel_without_a_number(wang: Client, tmp_path: object) -> None:
    home = county.household("D")
    lead(home)
    watch(home)

    for name in ("watches-export", "watch-leads-export", "kept-export"):
        response = wang.get(f"{reverse(f'site:{name}')}?year=2015")
        file = f"{tmp_path}/{name}.xlsx"
        with open(file, "wb") as stream:
            stream.writelines(response.streaming_content)
        rows = list(load_workbook(file, read_only=True).active.iter_rows(values_only=True))
        assert "户编号" in rows[0], name
        assert name == "kept-export" or any("D" in row for row in rows[1:]), name


def test_pages_ask_as_often_for_many_as_for_few(wang: Client) -> None:
    home = county.household("D")
    urls = [reverse("site:watches"), reverse("site:watch-leads")]

    def asked() -> list[int]:
        counts = []
        for url in urls:
            wang.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert wang.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    lead(home)
    watch(home)
    few = asked()
    others = list(Household.objects.exclude(number__in=("D", "F")).order_by("pk"))
    for place, one in enumerate(others, start=2):
        lead(one)
        watch(one, place)

    assert asked() == few


def test_only_who_makes_snapshots_trains_a_score(wang: Client) -> None:
    assert wang.post(reverse("site:model-cards")).status_code == 403

    done = county.signed_in("zhao").post(f"{reverse('site:model-cards')}?year=2015")

    assert done.status_code == 302
    assert ModelCard.objects.get().reason == "too_short"
