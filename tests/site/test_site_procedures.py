"""The procedures' pages: every procedure of the pack, each version with its steps, source and picture, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.site import county, pages

from jiefa import policy
from jiefa.policy import Procedure
from jiefa.procedures import drawing
from jiefa.site.charts import procedures as charts

pytestmark = pytest.mark.usefixtures("small_county")

VERSIONS = [version for versions in policy.load().procedures.values() for version in versions]
PHONE = 360
"""The narrowest screen in use."""


def url(version: Procedure) -> str:
    return f"{reverse('site:procedure', args=[version.id])}?on={version.from_date}"


def test_catalogue_names_every_procedure_with_its_source() -> None:
    said = pages.text(county.signed_in("evaluator").get(reverse("site:procedures")))

    for versions in policy.load().procedures.values():
        assert versions[-1].zh in said
        assert versions[-1].reference.split("：")[0] in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_version_shows_its_steps_in_both_languages(language: str) -> None:
    client = county.signed_in("li")
    client.cookies["django_language"] = language
    for version in VERSIONS:
        answer = client.get(url(version))

        said = pages.text(answer)
        assert answer.status_code == 200
        assert version.reference in said
        for step in version.steps:
            assert (step.en if language == "en" else step.zh) in said
        assert '<svg class="way"' in answer.content.decode()
        assert ("待证" if language != "en" else "assumption") in said or not version.assumption


def test_version_of_a_day_is_shown_and_the_others_are_linked() -> None:
    client = county.signed_in("li")
    page = reverse("site:procedure", args=["identification"])

    old, new = client.get(page, {"on": "2015-06-30"}), client.get(page, {"on": "2017-06-30"})

    assert "数据比对" not in pages.text(old)
    assert "数据比对" in pages.text(new)
    assert "2014年1月1日起" in pages.text(new)
    assert client.get(page, {"on": "1990-01-01"}).status_code == 200
    assert client.get(reverse("site:procedure", args=["nothing"])).status_code == 404
    assert "/sign-in/" in Client().get(page)["Location"]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.id}-{version.from_date}")
def test_picture_fits_a_phone_and_its_words_fit_their_boxes(version: Procedure) -> None:
    for language in ("zh", "en"):
        stations = [
            charts.Station(name, entry.zh if language == "zh" else entry.en, "", "step")
            for name in drawing.order(version)
            for entry in [version.by_id.get(name) or version.ends_by_id[name]]
        ]

        drawn = charts.diagram(stations, drawing.tracks(version))

        assert drawn.width <= PHONE
        for box in drawn.boxes:
            assert all(charts.units(line.text) <= charts.TITLE_UNITS for line in box.titles)
            assert box.y + box.height <= drawn.height
        tops = [box.y for box in drawn.boxes]
        assert tops == sorted(tops)


def test_words_are_broken_where_a_line_may_end() -> None:
    assert charts.wrapped("First notice in the village", 15) == ["First notice in", "the village"]
    assert charts.wrapped("贫困人口动态管理复审", 12) == ["贫困人口动态", "管理复审"]
    assert charts.wrapped("", 10) == [""]
