"""As many villages advance as a whole in the demonstration as were planned, counted from their works."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.areas import bundled
from jiefa.assistance.models import VillageWork
from jiefa.assistance.queries import villages as queries
from jiefa.demo import village_plans
from jiefa.demo.help_lists import YEAR
from jiefa.lists.models import ReceivedList


@pytest.mark.parametrize(("until", "villages"), [(YEAR - 1, 0), (YEAR, 780)])
def test_plans_of_the_year(db: None, home: Path, until: int, villages: int) -> None:
    bundled.load(by="tests")

    village_plans.fill(until, policy.load())

    sums = queries.sums(Scope(("52",)), YEAR)
    assert (sums.villages, sums.works, sums.accepted) == (villages, villages * 6, villages * 3 // 4)
    assert sums.planned_fen == sum(one.planned_fen for one in VillageWork.objects.all())
    assert not ReceivedList.objects.filter(held_back__gt=0).exists()
