"""Rosters one after another: each finds the register as the one before left it, though it was prepared beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from tests.registry import rosters

from jiefa import policy
from jiefa.insight.actions import intake
from jiefa.insight.actions.intake import Checked
from jiefa.registry.models import Household, Person


def _follow(*paths: Path) -> list[Checked]:
    taken = intake.load_rosters(paths=paths, pack=policy.load(), within=rosters.PROVINCE, by="operator", take_over=True)
    return list(taken)


def _said(checked: Checked) -> Counter[str]:
    return Counter(rule for rule in checked.remarks["rule"].to_pylist() if rule.startswith("RO"))


@pytest.mark.django_db(transaction=True)
class TestFollowing:
    def test_somebody_in_the_one_before_is_found_by_the_next(self, villages: list[str], tmp_path: Path) -> None:
        one, people = rosters.family("A", villages[0], 10)
        other, others = rosters.family("B", villages[3], 20)
        others[1] |= {name: people[1][name] for name in ("name", "id_number", "birth_date") if name in people[1]}

        first, second = _follow(
            rosters.write(tmp_path / "one", [one], people), rosters.write(tmp_path / "two", [other], others)
        )

        assert _said(first) == Counter()
        assert _said(second)["RO10"] == 1, "the number belongs to a member of the household before"
        assert second.batch.state == "accepted"

    def test_the_next_year_finds_everybody(self, villages: list[str], tmp_path: Path) -> None:
        paths = []
        for year in (2014, 2015):
            row, people = rosters.family("A", villages[0], 10, year)
            paths.append(rosters.write(tmp_path / str(year), [row], people))

        _, second = _follow(*paths)

        assert second.batch.accepted == 1
        assert Household.objects.get().card_year == 2015
        assert Person.objects.count() == 2, "nobody was entered twice"

    def test_strangers_are_not_matched_again(self, villages: list[str], tmp_path: Path) -> None:
        paths = []
        for place in range(3):
            row, people = rosters.family(f"H{place}", villages[place], 10 * (place + 1))
            paths.append(rosters.write(tmp_path / str(place), [row], people))
        steps: list[str] = []

        taken = list(
            intake.load_rosters(
                paths=paths,
                pack=policy.load(),
                within=rosters.PROVINCE,
                by="operator",
                on_step=steps.append,
            )
        )

        assert [checked.batch.accepted for checked in taken] == [1, 1, 1]
        # Checked beside the writing where a reader need not wait for the writer, else in turn.
        assert steps.count("checking") == (0 if connection.vendor == "postgresql" else 3)
