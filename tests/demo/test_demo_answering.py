"""Who answered in the demonstration: the published numbers, counted from rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.demo import answering as demo
from jiefa.demo import build
from jiefa.demo.targets import scaled
from jiefa.registry.models import Household
from jiefa.responsibility.models import Helper, Round, TeamMember, Visit
from jiefa.responsibility.queries import answering, teams, visits

PROVINCE = Scope(("52",))
SCALE, YEAR = 0.001, 2015
YEARS_END = dt.date(YEAR, 12, 31)
LEDGER = {"T01": 56_000, "T03": 11_590, "T04": 9_000, "T05": 5, "V01": 86_300, "V02": 9_000, "V03": 100}


@pytest.mark.xdist_group("walk")
def test_numbers_of_the_ledger_are_counted_from_rows(transactional_db: None, home: Path) -> None:
    build.build(scale=SCALE, seed=3, until=YEAR, pack=policy.load(), on_step=lambda step: None)

    serving = teams.serving(PROVINCE, YEARS_END)
    covered = visits.coverage(Round.objects.get(), PROVINCE)
    found = {
        "T01": serving.people,
        "T03": serving.villages,
        "T04": serving.poor_villages,
        "T05": round(serving.people / serving.villages),
        "V01": covered.visitors,
        "V02": covered.villages_visited,
        "V03": 100 * covered.households_visited / covered.households,
    }

    # Places do not shrink with the scale; people who visit do.
    assert found == {**LEDGER, "V01": scaled(LEDGER["V01"], SCALE)}
    assert TeamMember.objects.filter(role="first_sec").count() == demo.VILLAGES
    without = answering.without_helper(PROVINCE, YEARS_END).count()
    assert 0 < without < Household.objects.count() / 50
    assert not teams.without_team(PROVINCE, YEARS_END)
    assert Helper.objects.filter(to_date__isnull=True).values("household").distinct().count() == Helper.objects.count()
    assert Visit.objects.filter(on__gte=demo.LAST_QUARTER).exists()
