"""The pages of the assessment: who sees which places, what stands there, scored anew, an appeal typed, Excel."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.assessment.test_assessment_evaluated import sample
from tests.assessment.test_assessment_runs import OTHER, YEAR, ZHAO, assessed, made, point, sent
from tests.site import county, pages

from jiefa import policy
from jiefa.areas import actions as areas
from jiefa.assessment.models import CountyFigure, Run
from jiefa.casework import lists
from jiefa.lists.models import ReceivedList
from jiefa.procedures.models import Dossier

__all__ = ["assessed"]

pytestmark = pytest.mark.usefixtures("small_county", "assessed")
RANKING = reverse("site:assessment") + "?scheme=key_counties&of_year=2015"


def asked(url: str, who: str) -> int:
    """How many questions the page asks of the records."""
    client = county.signed_in(who)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def given(folder: Path, *figures: tuple[str, str]) -> None:
    """Figures of the county by name, sent in and accepted."""
    names = policy.load().codes("assessment_figure")
    rows = [(YEAR, county.COUNTY, names.label(name, "zh"), value, f"来源 {name}", "核实") for name, value in figures]
    lists.accept(list_id=sent(folder, *rows), by=ZHAO, pack=policy.load())


def place_url(of: Run, code: str = county.COUNTY) -> str:
    return reverse("site:assessment-place", args=[of.pk, code])


def test_a_county_sees_its_own_row_with_its_rank_and_the_province_all() -> None:
    made()

    own = pages.text(county.signed_in("wang").get(RANKING))
    everywhere = pages.text(county.signed_in("zhao").get(RANKING))

    assert "正安县" in own
    assert "/ 12" in own
    assert "桐梓县" not in own
    assert all(name in everywhere for name in ("正安县", "关岭布依族苗族自治县"))


def test_every_point_stands_with_figure_source_words_and_link() -> None:
    of = made()
    client = county.signed_in("wang")

    page = client.get(place_url(of))

    text = pages.text(page)
    assert "农村居民人均可支配收入（元） 6,000 → 6,600 · communiqué" in text
    assert "没有数据：按办法不得分。" in text
    assert reverse("site:indicator-households", args=["exited_people"]) in page.content.decode()
    assert client.get(place_url(of, OTHER)).status_code == 404
    assert county.signed_in("li").get(place_url(of)).status_code == 404


def test_scored_anew_by_the_province_alone() -> None:
    assert county.signed_in("wang").post(RANKING).status_code == 403
    answer = county.signed_in("zhao").post(RANKING, follow=True)

    assert answer.status_code == 200
    assert Run.objects.count() == 1


def test_an_appeal_is_typed_and_becomes_a_dossier_that_shows_both_figures() -> None:
    of = made()
    client = county.signed_in("wang")
    url = reverse("site:assessment-appeal", args=[of.pk, county.COUNTY, "income_growth"])

    refused = client.post(url, {"value": "10", "reason": "数错了"})
    answer = client.post(url, {"value": "12.5", "reason": "公报已修订"}, follow=True)

    assert point(of, "income_growth")[0] == 10
    assert refused.status_code == 422
    assert "没有要更正的" in pages.text(refused)
    dossier = Dossier.objects.get(procedure="assessment_appeal")
    assert answer.redirect_chain[-1][0] == reverse("site:dossier", args=[dossier.pk])
    shown = pages.text(answer)
    assert "12.5" in shown
    assert "公报已修订" in shown


def test_excel_has_a_line_for_each_item_and_pages_ask_little() -> None:
    of = made()
    client = county.signed_in("zhao")

    body = b"".join(client.get(reverse("site:assessment-export", args=[of.pk])).streaming_content)

    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet.max_row == 1 + 10 * 43 + 2 * 44 + 12 * 2
    said = {row[6].value: row[11].value for row in sheet.iter_rows(min_row=2) if row[0].value == county.COUNTY}
    assert said["否决项：弄虚作假、数字脱贫"] == "没有数据，无法核对；触发条件：超过 0"


def test_pages_ask_the_same_number_of_questions_whatever_stands_on_them(tmp_path: Path) -> None:
    given(tmp_path, ("false_exits", "1"))
    sample(county.COUNTY, (True, True))
    few = made()
    figures_url = reverse("site:assessment-figures") + "?of_year=2015"
    before = [asked(url, who) for url in (RANKING, place_url(few), figures_url) for who in ("wang", "zhao")]

    given(tmp_path, *((name, "2") for name in policy.load().codes("assessment_figure").ids))
    sample(OTHER, (True, True))
    codes = ("520325", "520221")
    rows = [{"code": code, "kind": "key_county", "from_year": "2011", "source": "test"} for code in codes]
    areas.load_designations(rows=rows, by="test")
    many = made()

    assert many.scores.count() == few.scores.count() + len(codes)
    assert CountyFigure.objects.count() > 15
    now = [asked(url, who) for url in (RANKING, place_url(many), figures_url) for who in ("wang", "zhao")]
    assert now == before
    assert max(now) <= 20


def test_a_year_before_the_scheme_and_a_year_without_a_run_say_what_to_do() -> None:
    client = county.signed_in("zhao")

    early = client.get(reverse("site:assessment") + "?scheme=key_counties&of_year=2014").content.decode()
    empty = client.get(RANKING).content.decode()

    assert "2014-12-31" in early
    assert "还没有考核结果" in empty


def test_a_veto_without_a_figure_says_so_and_one_with_a_figure_opens_its_source(tmp_path: Path) -> None:
    empty = pages.text(county.signed_in("wang").get(place_url(made())))
    given(tmp_path, ("false_exits", "0"), ("fund_misuse", "2"))

    page = county.signed_in("wang").get(place_url(made()))

    assert empty.count("无法核对") == 2
    assert "未触发" not in empty
    assert "弄虚作假、数字脱贫（起）：未填报" in empty
    text = pages.text(page)
    assert "无法核对" not in text
    assert text.count("未触发") == 1
    assert "触发否决项： 违规使用扶贫资金" in text
    assert "来源 fund_misuse" in text
    assert reverse("site:assessment-figures") in page.content.decode()


def test_a_veto_is_appealed_against_on_its_page(tmp_path: Path) -> None:
    given(tmp_path, ("fund_misuse", "2"))
    of = made()
    client = county.signed_in("wang")
    url = reverse("site:assessment-appeal", args=[of.pk, county.COUNTY, "fund_misuse"])

    assert url in client.get(place_url(of)).content.decode()
    assert "现在的数是 2" in pages.text(client.get(url))
    answer = client.post(url, {"value": "0", "reason": "已查明不属实"}, follow=True)

    dossier = Dossier.objects.get(procedure="assessment_appeal")
    assert answer.redirect_chain[-1][0] == reverse("site:dossier", args=[dossier.pk])
    assert "违规使用扶贫资金" in pages.text(answer)
    assert client.get(url.replace("fund_misuse", "nothing")).status_code == 404


def test_the_ranking_says_what_a_veto_does_and_marks_who_has_one(tmp_path: Path) -> None:
    before = pages.text(county.signed_in("zhao").get(RANKING))
    made()
    none = pages.text(county.signed_in("zhao").get(RANKING))
    given(tmp_path, ("fund_misuse", "2"))
    made()

    marked = county.signed_in("zhao").get(RANKING)

    assert "名次只按得分排" not in before
    assert "名次只按得分排" in none
    assert "这里没有触发否决项的" in none
    text = pages.text(marked)
    assert "有 1 个地方触发否决项，已标出" in text
    assert text.count("违规使用扶贫资金") == 1
    assert marked.content.decode().count('aria-label="触发否决项"') == 1


def test_an_estimate_opens_its_sample_for_who_may_see_that_and_for_nobody_else() -> None:
    one = sample(county.COUNTY, (True, True, False, False))
    of = made()
    link = reverse("site:evaluation", args=[one.pk])

    seen = county.signed_in("wang")
    unseen = county.signed_in("evaluator")

    assert link in seen.get(place_url(of)).content.decode()
    assert seen.get(link).status_code == 200
    page = unseen.get(place_url(of))
    assert f"样本 {one.pk}" in pages.text(page)
    assert link not in page.content.decode()
    assert unseen.get(link).status_code == 404


def test_known_weights_have_no_mark_and_assumed_ones_do() -> None:
    of = made()
    scheme = county.signed_in("wang").get(reverse("site:assessment-scheme", args=["key_counties"]))
    place = county.signed_in("wang").get(place_url(of))

    for page in (scheme, place):
        assert "标在满分旁，指权重" in pages.text(page)
    rows = {row.split('"')[1]: row.split("</tr>")[0] for row in place.content.decode().split("<tr id=")[1:]}
    marks = {name: rows[name].count("own-mark") for name in ("poor_reduction", "forest", "incidence", "false_exits")}
    # function alone; weight and function; item, weight and function; that it is a veto, its limit, its grade
    assert marks == {"poor_reduction": 1, "forest": 2, "incidence": 3, "false_exits": 3}
    assert "/ 10</span>" not in rows["forest"]


def test_one_figure_is_typed_and_waits_for_a_second_officer() -> None:
    url = reverse("site:assessment-figures") + "?of_year=2015"
    said = {
        "area_code": county.COUNTY,
        "year": 2015,
        "figure": "forest_cover",
        "value": "52.5",
        "source": "县林业局",
        "reason": "",
    }
    client = county.signed_in("wang")

    assert "填报一项数据" in pages.text(client.get(url))
    answer = client.post(url, said, follow=True)

    waits = ReceivedList.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("site:help-list", args=[waits.pk])
    assert (waits.kind, waits.accepted, waits.held_back, waits.staged_by) == ("assessment_figures", 1, 0, "wang")
    assert CountyFigure.objects.count() == 0
    lists.accept(list_id=waits.pk, by=ZHAO, pack=policy.load())
    kept = CountyFigure.objects.get()
    assert (str(kept.value), kept.source, kept.by, kept.figure) == ("52.500000", "县林业局", "wang", "forest_cover")

    # the same checks as of a list: another number needs a reason; nothing is kept of what is refused
    other = client.post(url, said | {"value": "53"})
    assert other.status_code == 422
    assert "须写明理由" in pages.text(other)
    assert ReceivedList.objects.count() == 1
    large = client.post(url, said | {"value": "99999999", "reason": "x"})
    assert large.status_code == 422
    assert "没有保存" in pages.text(large)
    assert client.post(url, said | {"source": ""}).status_code == 422
    assert client.post(url, said | {"area_code": OTHER}).status_code == 422
    assert ReceivedList.objects.count() == 1


def test_a_figure_is_typed_by_who_answers_for_the_place_alone() -> None:
    url = reverse("site:assessment-figures") + "?of_year=2015"
    client = county.signed_in("evaluator")

    assert "填报一项数据" not in pages.text(client.get(url))
    assert client.post(url, {}).status_code == 403
    assert ReceivedList.objects.count() == 0
