"""``jiefa training`` and ``relocation``: courses, coverage, promises, sites and hamlets, within the posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.assistance import help_lists as given
from tests.assistance import moving
from tests.assistance.test_assistance_moving_lists import HEADERS
from tests.site import county
from typer.testing import CliRunner

from jiefa.cli import app
from jiefa.demo import users
from jiefa.registry.models import PersonYear

pytestmark = pytest.mark.usefixtures("office")
YEAR = str(county.YEARS[-1])
TOWNSHIP = county.VILLAGE[:9]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.build(arguments[0]), list(arguments))


def shown(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


@pytest.fixture
def office(db: None, tmp_path: Path) -> None:
    """Households of two townships, with what the operator loaded for them."""
    users.create(by="tests")
    county.load(tmp_path, county.YEARS[-1], county.FAMILIES)
    PersonYear.objects.update(labour="ordinary", school_stage="not_pupil")
    head = county.household("A").people.order_by("pk")[0].name
    for kind, rows in (
        ("courses", [moving.course(places=10)]),
        ("sites", [moving.site(built=1)]),
        ("hamlets", [moving.hamlet(decided="2015-01-10"), moving.hamlet("别寨", village=county.NEXT_TOWNSHIP)]),
        ("training", [moving.trained("A", head, work="就业", work_on="2015-05-01")]),
        ("relocation", [moving.moving("A", people=1, medical="2015-08-01"), moving.moving("E", people=1)]),
    ):
        file = given.written(tmp_path, HEADERS[kind], *rows, name=f"{kind}.csv")
        assert shown("programmes", "load", kind, str(file))["held_back"] == 0


def test_courses_and_coverage_count_people_within_the_posts() -> None:
    (course,) = shown("training", "courses", "--year", YEAR, "--as", "li")
    assert (course["number"], course["people"], course["certified"], course["working"]) == ("T1", 1, 1, 1)
    assert course["attendance"] == 0.95
    assert shown("training", "courses", "--year", YEAR, "--place", county.NEXT_TOWNSHIP)[0]["people"] == 0
    assert shown("training", "courses", "--year", "2014") == []

    (village,) = shown("training", "coverage", "--year", YEAR, "--as", "li")
    assert (village["place"], village["households"], village["covered"]) == (county.VILLAGE, 3, 1)
    counties = shown("training", "coverage", "--year", YEAR, "--place", "5203")
    assert {row["place"]: row["households"] for row in counties} == {county.COUNTY: 4, county.NEXT_COUNTY[:6]: 1}


def test_promises_by_place_and_by_site() -> None:
    places = shown("relocation", "promises", "--year", YEAR, "--place", county.COUNTY)

    assert [(row["place"], row["moved_out_of"], row["settled"]) for row in places] == [
        (county.NEXT_TOWNSHIP[:9], 1, 0),
        (TOWNSHIP, 1, 1),
    ]
    (site,) = shown("relocation", "promises", "--year", YEAR, "--by-site", "--as", "li")
    assert (site["place"], site["moved_out"], site["moved_out_of"]) == (f"{county.COUNTY}/县城安置区", 1, 1)
    assert "县城安置区" in run("relocation", "promises", "--year", YEAR, "--by-site").stdout


def test_site_counts_the_whole_county_and_hamlets_are_those_of_the_posts() -> None:
    (site,) = shown("relocation", "sites", "--year", YEAR, "--as", "li")
    assert (site["name"], site["households"], site["too_many"]) == ("县城安置区", 2, 1)

    (hamlet,) = shown("relocation", "hamlets", "--year", YEAR, "--as", "li")
    assert (hamlet["name"], hamlet["eligible"], hamlet["listed"], hamlet["missing"]) == ("上寨", True, 1, 1)
    assert hamlet["items"] == {"area": True}
    assert len(shown("relocation", "hamlets", "--year", YEAR)) == 2
    # Organisations on the lists to act on are named, too.
    listed = shown("programmes", "gaps", "--year", YEAR, "--name", "hamlets-not-whole", "--as", "li")
    assert [(row["place"], row["head"]) for row in listed] == [(county.VILLAGE, "上寨")]
    full = shown("programmes", "gaps", "--year", YEAR, "--name", "sites-overfull")
    assert [(row["place"], row["head"]) for row in full] == [(county.COUNTY, "县城安置区")]
