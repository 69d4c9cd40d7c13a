"""The register of industry in the demonstration comes to the published figures, computed from the rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Count

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.assistance.models import BenefitLink, IndustryBody, IndustryYear
from jiefa.assistance.queries import industry as queries
from jiefa.audit import queries as audit
from jiefa.demo import industry
from jiefa.demo.generate import Demo
from jiefa.demo.help_lists import YEAR
from jiefa.demo.targets import scaled
from jiefa.insight.actions import intake
from jiefa.lists.models import ReceivedList

PROVINCE = Scope(("52",))
SCALE = 0.001


def test_register_comes_to_the_published_figures(db: None, home: Path, tmp_path: Path) -> None:
    for part in Demo(tmp_path, SCALE, 2015, YEAR):
        if part.year == YEAR:
            paths = (part.households, part.members)
            intake.load_roster(path=paths, pack=policy.load(), within=PROVINCE, by="demo", take_over=True)

    industry.fill(SCALE, YEAR, policy.load())

    sums = queries.by_kind(PROVINCE, YEAR)
    found = {
        "I02": queries.industries(PROVINCE, YEAR),
        "I03": sums["park"].recognised,
        "I04": sums["park"].output_fen,
        "I05": sums["park"].sales_fen,
        "I06": sums["enterprise"].in_parks,
        "I07": sums["enterprise"].leading,
        "I08": sums["cooperative"].bodies,
        "I09": sums["cooperative"].members,
    }
    assert found == {
        "I02": 10,
        "I03": 113,
        "I04": 3_840_300_000_000,
        "I05": 2_786_700_000_000,
        "I06": 910,
        "I07": 136,
        "I08": 1_165,
        "I09": scaled(154_300, SCALE),
    }
    assert not ReceivedList.objects.filter(held_back__gt=0).exists()
    # A cooperative's poor members are the households that have a dividend of it.
    joined = BenefitLink.objects.filter(way="dividend").values("body").annotate(n=Count("household", distinct=True))
    reported = IndustryYear.objects.filter(poor_members__gt=0).values_list("body", "poor_members")
    assert dict(reported) == {row["body"]: row["n"] for row in joined}
    assert queries.unlinked(PROVINCE, YEAR).exists()
    assert not audit.verify().faults


@pytest.mark.parametrize("until", [2014])
def test_year_before_it_has_none_of_it(db: None, home: Path, until: int) -> None:
    industry.fill(SCALE, until, policy.load())

    assert not IndustryBody.objects.exists()
