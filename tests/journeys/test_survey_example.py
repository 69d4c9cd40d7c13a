"""The made-up survey of the demonstration, and the commands on it that the documents tell people to type."""

from __future__ import annotations

import csv
import json
import re
import shlex

import pytest
from django.conf import settings
from tests.journeys.office import REPOSITORY, SHARES_PROVINCE, province

from jiefa.demo import surveying

pytestmark = SHARES_PROVINCE
TYPED = re.compile(r"^jiefa (survey .*\bvar/survey/.*)$", flags=re.MULTILINE)
DOCUMENTS = ("README.md", "README.zh.md", "docs/guide.en.md", "docs/guide.zh.md")
FIRST = {"poverty": "headcount", "mpi": "hd", "estimate": None}
"""Of the first row of results of each command: what it is called."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_show_the_three_questions(document: str) -> None:
    typed = TYPED.findall((REPOSITORY / document).read_text(encoding="utf-8"))

    assert [shlex.split(line)[1] for line in typed] == list(FIRST)
    assert typed == TYPED.findall((REPOSITORY / DOCUMENTS[0]).read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", FIRST)
def test_a_documented_command_runs_on_the_made_up_survey(kind: str) -> None:
    office = province()
    typed = TYPED.findall((REPOSITORY / DOCUMENTS[0]).read_text(encoding="utf-8"))
    (line,) = [line for line in typed if shlex.split(line)[1] == kind]
    arguments = [one.replace("var/", f"{office.home}/", 1) for one in shlex.split(line)]

    done = office.run(*arguments, "--json")

    first, *others = json.loads(done.stdout)
    assert first.get("statistic", first.get("measure")) == FIRST[kind]
    assert first["group"] is None
    assert first["value"] > 0 < first["se"]
    assert {"遵义市", "贵阳市"} < {row["group"] for row in others}
    if kind != "mpi":
        assert first["missing"] > 0  # some households do not say what they earn
        assert f"{first['missing']}" in done.stderr


def test_the_survey_names_nobody_and_weighs_up_to_all_households(demonstration: None) -> None:
    file = settings.JIEFA_HOME / "survey" / "microdata.csv"
    drawn = file.read_bytes()
    rows = list(csv.DictReader(drawn.decode().splitlines()))

    assert list(rows[0]) == [
        *("prefecture", "county", "village", "villages", "households", "weight", "people_weight", "people", "income"),
        *("schooling", "illness", "insurance", "house", "water", "toilet"),
    ]
    assert 500 < len(rows) <= 9 * surveying.VILLAGES * surveying.HOUSEHOLDS
    assert not re.search(r"\d{9}", drawn.decode())
    for prefecture in {row["prefecture"] for row in rows}:
        inside = [row for row in rows if row["prefecture"] == prefecture]
        villages = {row["village"]: float(row["villages"]) for row in inside}
        assert len(villages) == min(surveying.VILLAGES, *villages.values())
    for row in rows:
        there = sum(row["village"] == other["village"] for other in rows)
        assert there == min(surveying.HOUSEHOLDS, int(row["households"]))
        share = min(surveying.VILLAGES / int(row["villages"]), 1.0) * there / int(row["households"])
        assert float(row["weight"]) == pytest.approx(1 / share, abs=1e-4)
        assert float(row["people_weight"]) == pytest.approx(float(row["weight"]) * int(row["people"]), abs=1e-2)

    surveying.survey(2015, 7)
    again = file.read_bytes()
    surveying.survey(2015, 8)

    assert again == drawn
    assert file.read_bytes() != drawn
