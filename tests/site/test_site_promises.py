"""The pages of targets, letters of responsibility and progress: who opens them, what is typed and refused, what they show."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from tests.planning import promised as given
from tests.planning.promised import LU, TOWNSHIP, WANG, ZHAO
from tests.site import county, pages
from tests.site.test_site_query_counts import asked

from jiefa.planning.models import Confirmation, KeptDifference, Letter, ShortfallReason, Unlock
from jiefa.planning.queries import promised
from jiefa.procedures.models import Dossier

pytestmark = pytest.mark.usefixtures("small_county")
TARGETS, LETTERS, NEW, PROGRESS = (
    reverse(f"site:plan-{name}") for name in ("targets", "letters", "letter-new", "progress")
)
COUNTY, VILLAGE = county.COUNTY, county.VILLAGE
OF_2016, NOVEMBER = {"of_year": "2016"}, {"of_year": "2015", "month": "11"}


def target_url(code: str = COUNTY, year: int = 2016, metric: str = "people") -> str:
    return reverse("site:plan-target", args=[code, year, metric])


def post(client: Client, url: str, query: dict[str, str], **said: str) -> Any:
    """What a form is answered with, after the redirect that follows where something was written."""
    return client.post(f"{url}?{'&'.join(f'{name}={value}' for name, value in query.items())}", said, follow=True)


@pytest.fixture
def letter() -> Letter:
    given.targets()
    given.made()
    given.target(2016, 7, metric="whole_villages")
    return given.signed(COUNTY, "52", ZHAO, WANG, LU)


def test_pages_open_for_who_sees_figures_and_lines_for_who_sees_households(uncounted: str, letter: Letter) -> None:
    figures = [
        TARGETS,
        target_url(),
        LETTERS,
        reverse("site:plan-letter", args=[letter.pk]),
        reverse("site:plan-letter-print", args=[letter.pk]),
        PROGRESS,
        reverse("site:plan-progress-export"),
    ]
    line = reverse("site:plan-letter-line", args=[letter.pk, "people"])
    for username in ("zhao", "qian", "wang", "auditor", "evaluator", "chen"):
        client = county.signed_in(username)
        assert [client.get(url).status_code for url in figures] == [200] * len(figures), username
    assert {county.signed_in("admin").get(url).status_code for url in [*figures, line]} == {403}
    assert {Client().get(url).status_code for url in [*figures, line, NEW]} == {302}
    seen = {name: county.signed_in(name).get(line).status_code for name in ("zhao", "wang", "li", "evaluator")}
    assert seen == {"zhao": 200, "wang": 200, "li": 404, "evaluator": 403}
    assert county.signed_in("li").get(target_url()).status_code == 403
    assert county.signed_in("wang").get(target_url(metric="x")).status_code == 404
    assert (
        county.signed_in("wang").get(reverse("site:plan-letter-line", args=[letter.pk, uncounted])).status_code == 404
    )


def test_a_line_of_villages_opens_those_with_a_plan_of_works(letter: Letter) -> None:
    given.works(VILLAGE, dt.date(2016, 10, 8), dt.date(2016, 11, 2))
    given.works(county.NEXT_TOWNSHIP, dt.date(2016, 11, 3), None)

    page = county.signed_in("wang").get(reverse("site:plan-letter-line", args=[letter.pk, "whole_villages"]))

    assert (page.context["line"]["target"], page.context["line"]["done"], page.context["line"]["gap"]) == (7, 1, 6)
    assert [(one["planned"], one["done_on"]) for one in page.context["places"]] == [
        (True, None),
        (True, dt.date(2016, 11, 2)),
    ]


def test_a_target_is_negotiated_on_its_page() -> None:
    qian, wang = county.signed_in("qian"), county.signed_in("wang")
    said = {"value": "12", "state": "sent", "document": "文", "reason": ""}

    assert post(qian, target_url(), {}, **said).status_code == 200
    refused = post(wang, target_url(), {}, **said | {"state": "proposed", "value": "9"})
    answered = post(wang, target_url(), {}, **said | {"state": "proposed", "value": "9", "reason": "两村跨年"})
    fixed = post(qian, target_url(), {}, **said | {"state": "fixed", "value": "10", "reason": "各让一步"})

    assert refused.status_code == 422
    assert "须写明理由" in pages.text(refused)
    assert [one["state"] for one in answered.context["words"]] == ["下级提议", "已下达"]
    assert [one["value"] for one in fixed.context["words"]] == [10, 9, 12]
    assert "两村跨年" in pages.text(fixed)
    # What is fixed is not answered any more.
    assert wang.get(target_url()).context["form"] is None
    assert county.signed_in("lu").get(target_url()).context["form"] is not None
    assert county.signed_in("evaluator").post(target_url(), said).status_code == 403


def test_all_places_below_are_told_fixed_and_a_difference_is_signed_for() -> None:
    given.targets()
    given.made()
    given.target(2016, 9)
    wang = county.signed_in("wang")
    said = {"metric": "people", "document": "文", "reason": ""}

    sent = post(wang, TARGETS, OF_2016, **said, do="send_down")
    fixed = post(wang, TARGETS, OF_2016, **said, do="fix")
    unsigned = post(wang, TARGETS, OF_2016, **said, do="keep")
    kept = post(wang, TARGETS, OF_2016, **said | {"reason": "县里统筹"}, do="keep")

    (line,) = [row for row in sent.context["lines"] if row["below"] is not None]
    assert (line["own"]["value"], line["below"], line["difference"], line["kept"]) == (9, 4, 5, None)
    assert "未签认" in pages.text(sent)
    assert {cell["state"] for row in fixed.context["below"] for cell in row["cells"]} == {"已确定"}
    assert unsigned.status_code == 422
    assert KeptDifference.objects.get().by == "wang"
    assert "县里统筹" in pages.text(kept)
    assert post(county.signed_in("li"), TARGETS, OF_2016, **said, do="fix").status_code == 403
    assert wang.get(TARGETS, OF_2016).context["form"] is not None
    assert county.signed_in("auditor").get(TARGETS, OF_2016 | {"place": COUNTY}).context["form"] is None
    assert post(wang, TARGETS, OF_2016, **said, do="else").status_code == 404


def test_a_shortfall_is_carried_over_on_the_page_of_the_target() -> None:
    given.target(2015, 9)
    given.left("A", dt.date(2015, 11, 20))
    qian, url = county.signed_in("qian"), target_url(year=2015)

    page = qian.get(url)
    nothing = post(qian, url, {}, carry="yes")
    carried = post(qian, url, {}, **{"carry": "yes", "carry_over-document": "文", "carry_over-reason": "年底未达标"})

    assert (page.context["done"], page.context["left"]) == (4, 5)
    assert county.signed_in("wang").get(url).context["carry"] is None
    assert nothing.status_code == 422
    assert carried.context["of_year"] == 2016
    assert [one.carried for one in promised.newest_of([COUNTY], [2016])] == [5]
    assert "含结转" in pages.text(carried)


def test_a_letter_is_drawn_up_followed_up_and_opens_its_households(uncounted: str, letter: Letter) -> None:
    wang = county.signed_in("wang")

    page = wang.get(reverse("site:plan-letter", args=[letter.pk]))
    lines = {line["label"]: line for line in page.context["lines"]}
    opened = wang.get(lines["减贫人口"]["url"])

    assert (lines["减贫人口"]["target"], lines["减贫人口"]["done"], lines["减贫人口"]["gap"]) == (4, 0, 4)
    assert lines["整村推进村"]["counted"] is False
    assert "不统计" in pages.text(page)
    assert [row["done"] for row in opened.context["households"]] == [False]
    number = str(opened.context["households"][0]["number"])
    assert wang.get(opened.context["households"][0]["url"]).status_code == 200
    given.left(number, dt.date(2016, 11, 1))
    other = next(one for one in "ABCE" if one != number)
    given.left(other, dt.date(2016, 11, 1))
    again = wang.get(lines["减贫人口"]["url"])
    assert [row["done"] for row in again.context["households"]] == [True]
    assert [row["number"] for row in again.context["beside"]] == [other]
    paper = wang.get(reverse("site:plan-letter-print", args=[letter.pk]))
    assert letter.digest in paper.content.decode()
    assert [one["by"] for one in paper.context["signatures"]] == ["王县", "陆省"]
    assert [row["pk"] for row in wang.get(LETTERS, OF_2016).context["rows"]] == []
    assert wang.get(LETTERS, OF_2016).context["own"]["pk"] == letter.pk


def test_a_letter_is_begun_by_the_place_above_from_its_page() -> None:
    given.target(2016, 10)
    zhao, wang = county.signed_in("zhao"), county.signed_in("wang")
    said = {"area_code": COUNTY, "document": "黔扶责1号"}

    page = zhao.get(NEW, OF_2016)
    nothing = post(zhao, NEW, OF_2016, **said | {"document": ""})
    made = post(zhao, NEW, OF_2016, **said)

    assert [code for code, _name in page.context["form"].fields["area_code"].choices] == [COUNTY]
    assert nothing.status_code == 422
    dossier = Dossier.objects.get(procedure="letter_county")
    assert made.redirect_chain[-1][0] == reverse("site:dossier", args=[dossier.pk])
    assert "减贫人口" in pages.text(made)
    assert dossier.proposal["letter_digest"] not in made.content.decode()
    assert [one["step"] for one in wang.get(LETTERS, OF_2016).context["under_way"]] == ["省里起草"]
    assert county.signed_in("li").get(NEW).status_code == 403
    assert wang.get(NEW, OF_2016).context["form"].fields["area_code"].choices == []


def test_a_line_of_places_opens_its_places() -> None:
    given.target(2015, 2, metric="villages")
    given.target(2015, 1, VILLAGE, metric="villages")
    Dossier.objects.create(
        procedure="village_exit", in_force_from=dt.date(2014, 1, 1), subject="x", place_code=county.NEXT_TOWNSHIP, title="x",
        year=2015, step="x", outcome="approved", opened_at=dt.datetime(2015, 1, 1, tzinfo=dt.UTC), opened_by="x",
        opened_on=dt.date(2015, 1, 1), closed_on=dt.date(2015, 12, 1),
    )  # fmt: skip
    found = given.signed(COUNTY, "52", ZHAO, WANG, LU, year=2015)

    page = county.signed_in("wang").get(reverse("site:plan-letter-line", args=[found.pk, "villages"]))

    assert [(row["planned"], row["done_on"] is not None) for row in page.context["places"]] == [
        (False, True),
        (True, False),
    ]


def test_a_month_is_confirmed_explained_and_unlocked_on_its_page() -> None:
    given.target(2015, 8, TOWNSHIP)
    li, sun, wang = (county.signed_in(name) for name in ("li", "sunx", "wang"))

    refused = post(sun, PROGRESS, NOVEMBER, do="confirm")
    confirmed = post(li, PROGRESS, NOVEMBER, do="confirm")
    given.left("A", dt.date(2015, 11, 20))

    assert refused.status_code == 422
    assert "没有确认" in pages.text(refused)
    assert confirmed.context["state"]["confirmed"] is True
    assert (confirmed.context["state"]["settled"], confirmed.context["may_confirm"]) == (False, False)
    later = li.get(PROGRESS, NOVEMBER)
    assert later.context["changed"] == ["减贫人口：确认时 0，现在统计 4", "减贫户：确认时 0，现在统计 1"]
    explained = post(
        sun, PROGRESS, NOVEMBER, do="explain", **{"behind-metric": "people", "behind-reason": "房屋未完工"}
    )
    assert ShortfallReason.objects.get().by == "sunx"
    assert [row["reason"]["words"] for row in explained.context["rows"] if row["reason"]] == ["房屋未完工"]
    assert "房屋未完工" in pages.text(wang.get(PROGRESS, NOVEMBER))
    at_village = NOVEMBER | {"place": VILLAGE}
    silent = post(sun, PROGRESS, at_village, do="unlock", **{"unlock-reason": ""})
    assert (silent.status_code, Unlock.objects.count()) == (422, 0)
    assert post(wang, PROGRESS, at_village, do="unlock", **{"unlock-reason": "x"}).status_code == 422
    unlocked = post(sun, PROGRESS, at_village, do="unlock", **{"unlock-reason": "漏报一户"})
    assert unlocked.context["state"]["confirmed"] is False
    assert Unlock.objects.get().reason == "漏报一户"
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize(("username", "status"), [("helper", 403), ("evaluator", 403), ("auditor", 403), ("wang", 422)])
def test_nobody_else_confirms_a_village(username: str, status: int) -> None:
    client = county.signed_in(username)

    assert post(client, PROGRESS, NOVEMBER | {"place": VILLAGE}, do="confirm").status_code == status
    assert not Confirmation.objects.exists()


def test_places_below_are_marked_until_all_months_are_confirmed() -> None:
    given.target(2015, 4, TOWNSHIP)

    page = county.signed_in("wang").get(PROGRESS, NOVEMBER)

    (row,) = [one for one in page.context["below"] if one["code"] == TOWNSHIP]
    assert (row["row"]["target"], row["state"]["settled"], row["state"]["below_confirmed"]) == (4, False, 0)
    assert "未全部确认" in pages.text(page)
    assert [one["name"] for one in page.context["behind"]] == [row["name"]]


def test_progress_is_exported_with_empty_cells_where_nothing_is_counted(uncounted: str) -> None:
    given.target(2015, 4)
    given.target(2015, 3, metric=uncounted)

    answer: Any = county.signed_in("wang").get(reverse("site:plan-progress-export"), NOVEMBER)
    body = b"".join(answer.streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].iter_rows(values_only=True))

    own = {row[2]: row for row in rows if row[0] == COUNTY}
    assert own["减贫人口"][3:7] == (4, 0, 3, 3)
    assert own["整村推进村"][3:7] == (3, None, None, None)


def test_more_letters_and_places_are_no_more_queries(letter: Letter) -> None:
    addresses = [f"{LETTERS}?of_year=2016&place=52", f"{PROGRESS}?of_year=2015&month=11", f"{TARGETS}?of_year=2016"]
    before = [asked(address) for address in addresses]
    for code in (TOWNSHIP, county.NEXT_TOWNSHIP[:9]):
        given.target(2016, 4, code)
        given.target(2015, 4, code)
    given.signed(TOWNSHIP, COUNTY, WANG, given.SUN, given.ZHOU)
    for number in "ABCE":
        given.left(number, dt.date(2015, 11, 20))

    assert [asked(address) for address in addresses] == before
