"""The pages of the assessment: who sees which places, what stands there, scored anew, an appeal typed, Excel."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse
from tests.assessment.test_assessment_runs import OTHER, assessed, made, point
from tests.site import county, pages
from tests.site.test_site_query_counts import asked

from jiefa.assessment.models import Run
from jiefa.procedures.models import Dossier

__all__ = ["assessed"]

pytestmark = pytest.mark.usefixtures("small_county", "assessed")
RANKING = reverse("site:assessment") + "?scheme=key_counties&of_year=2015"


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
    assert refused.status_code == 422 or "没有要更正的" in refused.content.decode()
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
    assert sheet.max_row == 1 + 10 * 43 + 2 * 44
    assert asked(RANKING) <= 30
    assert asked(place_url(of)) <= 30


def test_a_year_before_the_scheme_and_a_year_without_a_run_say_what_to_do() -> None:
    client = county.signed_in("zhao")

    early = client.get(reverse("site:assessment") + "?scheme=key_counties&of_year=2014").content.decode()
    empty = client.get(RANKING).content.decode()

    assert "2014-12-31" in early
    assert "还没有考核结果" in empty
