"""One number, four ways: the map, ``jiefa indicators --json``, the Excel export, and a plain SQL count over the records."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from tests.journeys import office
from tests.journeys.office import REPOSITORY, Office

YEAR = 2015

FETCH = """
import sys, django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
from jiefa.access.models import User
client = Client()
client.force_login(User.objects.get(username="zhao"), backend="django.contrib.auth.backends.ModelBackend")
page = client.get("/area/52/?year=2015&indicator=poor_people")
assert page.status_code == 200, page.status_code
open(sys.argv[1], "wb").write(page.content)
export = client.get("/indicators/export/?place=52&year=2015")
assert export.status_code == 200, export.status_code
open(sys.argv[2], "wb").write(b"".join(export.streaming_content))
"""


pytestmark = office.SHARES_PROVINCE


@pytest.fixture(scope="module")
def province() -> Office:
    return office.province()


@pytest.fixture(scope="module")
def pages(province: Office, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    page, export = folder / "area.html", folder / "export.xlsx"
    environment = {
        **os.environ,
        "JIEFA_HOME": str(province.home),
        "PYTHONPATH": str(REPOSITORY / "src"),
        "DJANGO_SETTINGS_MODULE": "jiefa.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", FETCH, str(page), str(export)], env=environment, check=True, timeout=120)
    return page.read_text(encoding="utf-8"), export


def counted(province: Office, digits: int) -> dict[str, int]:
    """Poor people by the first digits of the village code, straight from the cards."""
    with sqlite3.connect(f"file:{province.home / 'jiefa.sqlite3'}?mode=ro", uri=True) as records:
        rows = records.execute(
            "SELECT substr(village_code, 1, ?), sum(size) FROM registry_householdyear "
            "WHERE year = ? AND poverty_status IN ('poor', 'pre_exit', 'returned') GROUP BY 1",
            (digits, YEAR),
        ).fetchall()
    return {code: int(people) for code, people in rows if people}


@pytest.mark.parametrize(("level", "digits"), [("prefecture", 4), ("county", 6), ("township", 9), ("village", 12)])
def test_indicators_are_the_count_over_the_records_at_every_level(province: Office, level: str, digits: int) -> None:
    expected = counted(province, digits)

    rows = province.json("indicators", "--year", str(YEAR), "--level", level, "--indicator", "poor_people")

    assert {row["division"]: int(row["value"]) for row in rows if row["value"]} == expected


def test_the_map_shows_the_count_over_the_records(province: Office, pages: tuple[str, Path]) -> None:
    page, _ = pages
    expected = counted(province, 6)

    start = page.index('type="application/json"')
    blocks = [block.split("</script>")[0].split(">", 1)[1] for block in page[start - 40 :].split("<script")[1:]]
    options = [json.loads(block) for block in blocks if block.strip().startswith("{")]
    drawn = next(o for o in options if any(s.get("type") == "map" for s in o.get("series", [])))
    data = next(s for s in drawn["series"] if s["type"] == "map")["data"]

    assert {item["name"]: int(item["value"]) for item in data if item.get("value")} == expected


def test_the_export_holds_the_numbers_of_the_command(province: Office, pages: tuple[str, Path]) -> None:
    _, export = pages
    rows = province.json("indicators", "--year", str(YEAR), "--division", "52")
    expected = {row["indicator"]: row["value"] for row in rows}

    sheet = openpyxl.load_workbook(export, read_only=True).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    exported = {line[2]: line[4] for line in lines[1:] if line[0] == "52"}

    assert exported.keys() == expected.keys()
    for identity, value in expected.items():
        if value is None:
            assert exported[identity] in (None, "")
        else:
            assert float(str(exported[identity])) == pytest.approx(value, rel=1e-12)


def test_the_demo_has_exactly_its_share_of_the_published_totals(province: Office) -> None:
    for year, people in ((2013, 7_450), (2014, 6_230), (2015, 4_930)):
        rows = province.json("indicators", "--year", str(year), "--indicator", "poor_people")

        assert [row["value"] for row in rows] == [people]


def test_opening_and_movements_give_the_closing_everywhere(province: Office) -> None:
    for level in ("province", "county", "village"):
        rows = province.json("indicators", "--year", str(YEAR), "--level", level, "--indicator", "flow_gap_people")

        assert [row for row in rows if row["value"]] == []
