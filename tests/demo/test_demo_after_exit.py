"""The demonstration after exit: leads of every source, watches at their steps, help kept and stopped, an honest card of a score."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.journeys.office import SHARES_PROVINCE

from jiefa.access.rules import Scope
from jiefa.demo.help_lists import YEAR
from jiefa.monitoring.models import Event, ModelCard, Watch
from jiefa.monitoring.queries import kept, model_cards
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, Movement

pytestmark = [SHARES_PROVINCE, pytest.mark.usefixtures("demonstration")]
COUNTY = Scope(("520324",))


def test_leads_watches_and_what_waits() -> None:
    assert set(Event.objects.values_list("source", flat=True)) == {"card", "self", "department"}
    assert set(Event.objects.values_list("state", flat=True)) == {"open", "followed"}
    assert sorted(Watch.objects.values_list("ended", flat=True)) == ["", "", "removed"]
    waiting = Dossier.objects.filter(procedure="watch_household", outcome="").values_list("step", flat=True)
    assert sorted(waiting) == ["check", "notice", "township_review"]


def test_the_relapse_waits_and_moves_no_published_number() -> None:
    going_back = Dossier.objects.get(procedure="household_return", campaign="")

    assert (going_back.step, going_back.outcome) == ("township_review", "")
    assert Watch.objects.filter(household_id=int(going_back.subject.split(":")[1]), ended="").exists()
    assert not Movement.objects.filter(year=YEAR, kind="returned").exists()


def test_cards_gave_a_lead_only_of_households_outside_poverty() -> None:
    statuses = set(Household.objects.filter(watch_events__source="card").values_list("poverty_status", flat=True))

    assert statuses <= {"exited", "applicant", "removed"}


def test_help_went_on_and_some_of_it_stopped() -> None:
    snapshot = kept.snapshot_of(YEAR)
    assert snapshot is not None
    states = {one.policy: (one.kept, one.stopped) for one in kept.by_policy(snapshot, COUNTY) if one.sort == "measure"}

    assert states == {"medical_aid": (6, 0), "employment": (6, 0), "education_aid": (2, 4)}
    assert sum(one.some_stopped for one in kept.by_place(snapshot, COUNTY, 6)) == 4


def test_the_score_of_a_small_register_is_dropped_and_visits_go_by_triggers(home: Path) -> None:
    card = ModelCard.objects.get()

    assert (card.used, card.reason) == (False, "too_few")
    assert len(card.snapshots) == 3
    first, _more = model_cards.visits(card, Scope(("52",)), size=10)
    assert [one.triggers for one in first] == sorted((one.triggers for one in first), reverse=True)
    assert first[0].triggers > 0
