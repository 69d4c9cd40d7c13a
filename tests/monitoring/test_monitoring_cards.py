"""Leads from the cards of a snapshot, the history that a score learns from, help kept: set by set, against plain twins."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.keeping import Kept, kept_records
from tests.monitoring.conftest import LEFT, ON, RICH, YEAR, put_on_file
from tests.procedures.people import COUNTY, VILLAGE, People
from tests.registry import rosters

from jiefa import policy, snapshots
from jiefa.access.rules import Scope
from jiefa.assistance.models import HouseholdPlan, Measure, ProgrammeRecord
from jiefa.casework import actions as casework
from jiefa.kernel.errors import NotAllowed
from jiefa.monitoring.actions import events, scoring, watches
from jiefa.monitoring.models import Event, ModelCard, Watch
from jiefa.monitoring.queries import cards, history, kept, model_cards
from jiefa.policy import NotInForce, Pack
from jiefa.registry.models import Household, HouseholdYear
from jiefa.snapshots import Snapshot

pytestmark = pytest.mark.xdist_group("monitoring")  # what is kept is built once

FOUND = {("left-poor", "income"), ("never-poor", "income"), ("left-house", "house"), ("left-water", "water")}
DAY = dt.date(2015, 6, 1)
NOW = dt.datetime(2015, 6, 1, tzinfo=dt.UTC)


def leads() -> set[tuple[str, str]]:
    return set(Event.objects.values_list("household__number", "trigger"))


def test_cards_give_a_lead_for_every_trigger_and_only_outside_poverty(
    snapshot: Snapshot, people: People, pack: Pack
) -> None:
    done = events.raise_from_cards(snapshot=snapshot, by=people.wang, pack=pack)

    assert leads() == FOUND
    assert (done.found, done.new) == (4, 4)
    one = Event.objects.get(household__number="left-poor")
    card = HouseholdYear.objects.get(household=one.household, year=YEAR)
    assert (one.found, one.snapshot, one.source) == (card.net_income_per_person_fen, snapshot.id, "card")


def test_a_card_gives_its_lead_once(snapshot: Snapshot, people: People, pack: Pack) -> None:
    events.raise_from_cards(snapshot=snapshot, by=people.wang, pack=pack)
    Event.objects.filter(trigger="water").update(state="closed", reason="已通水")

    again = events.raise_from_cards(snapshot=snapshot, by=people.wang, pack=pack)

    assert (again.found, again.new) == (4, 0)
    assert Event.objects.count() == 4


def test_who_is_watched_or_under_way_gives_no_lead(
    snapshot: Snapshot, committed_village: dict[str, Household], people: People, pack: Pack
) -> None:
    watched = committed_village["left-water"]
    Watch.objects.create(
        household=watched, group="unstable", triggers="water", year=YEAR, since=DAY, dossier=1, by="x", at=NOW
    )
    told = events.Happened("self", "disaster", ON)
    events.report(household=committed_village["left-house"], happened=told, today=ON, by=people.li, pack=pack)
    watches.propose(household_ids=[committed_village["left-house"].pk], by=people.li, on=ON, pack=pack)

    events.raise_from_cards(snapshot=snapshot, by=people.wang, pack=pack)

    cards_say = set(Event.objects.filter(source="card").values_list("household__number", flat=True))
    assert cards_say == {"left-poor", "never-poor"}


def test_a_search_stays_inside_the_area(snapshot: Snapshot, people: People, pack: Pack) -> None:
    assert events.raise_from_cards(snapshot=snapshot, by=people.wu, pack=pack).found == 0
    with pytest.raises(NotAllowed):
        events.raise_from_cards(snapshot=snapshot, by=people.li, pack=pack)

    assert not Event.objects.exists()


def test_a_search_asks_as_often_for_many_as_for_few(
    transactional_db: None, tmp_path: Path, people: People, pack: Pack
) -> None:
    def queries(folder: str, count: int) -> int:
        homes, members = [], []
        for place in range(count):
            row, own = rosters.family(
                f"{folder}{place}", VILLAGE, 10 * place + 10, YEAR, **LEFT, **RICH, house_danger="D"
            )
            homes.append(row)
            members += own
        assert rosters.load_unjudged(rosters.write(tmp_path / folder, homes, members)).held_back == 0
        snapshot = casework.freeze(year=YEAR, now=True, pack=pack, by="tests")
        with CaptureQueriesContext(connection) as asked:
            assert events.raise_from_cards(snapshot=snapshot, by=people.wang, pack=pack).new > 0
        return len(asked)

    assert queries("few", 2) == queries("many", 40)


def test_a_year_without_a_line_raises_nothing(
    snapshot: Snapshot, people: People, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Snapshot, "year", 2022)

    with pytest.raises(NotInForce, match=r"monitoring\.line"):
        events.raise_from_cards(snapshot=snapshot, by=people.wang, pack=pack)


def _of_two_years(folder: Path) -> None:
    """The village in 2014, when two of its households stood otherwise, and in 2015."""
    earlier = {"left-poor": {**LEFT, **RICH}, "left-water": {**LEFT, **RICH}}
    put_on_file(folder, YEAR)
    put_on_file(folder, YEAR - 1, earlier)
    for year in (YEAR - 1, YEAR):
        casework.freeze(year=year, now=False, pack=policy.load(), by="tests")


two_years_kept = kept_records("two_years", _of_two_years)


@pytest.fixture
def years(two_years_kept: Kept, transactional_db: None, home: Path) -> tuple[Snapshot, Snapshot]:
    two_years_kept.back(home)
    return snapshots.latest(home, YEAR - 1), snapshots.latest(home, YEAR)


def test_history_holds_who_left_and_how_the_next_year_ended(years: tuple[Snapshot, Snapshot], pack: Pack) -> None:
    found = history.sample(*years, pack)

    numbers = dict(Household.objects.values_list("pk", "number"))
    fell = {numbers[int(key)]: bool(one) for key, one in zip(found.keys, found.fell, strict=True)}
    assert fell == {"left-well": False, "left-poor": True, "left-house": False, "left-water": False}
    triggers = {numbers[int(key)]: int(one) for key, one in zip(found.keys, found.triggers, strict=True)}
    assert triggers == {"left-well": 0, "left-poor": 0, "left-house": 1, "left-water": 0}
    assert found.columns.shape == (4, len(history.COLUMNS))
    # A trigger goes before any income.
    order = sorted(numbers[int(key)] for key, one in zip(found.keys, found.plain, strict=True) if one > 0)
    assert order == ["left-house"]


def test_a_score_of_a_short_history_is_dropped_and_visits_go_by_triggers(
    years: tuple[Snapshot, Snapshot], people: People, pack: Pack
) -> None:
    with pytest.raises(NotAllowed):
        scoring.score(year=YEAR, by=people.wang, pack=pack)

    made = scoring.score(year=YEAR, by=people.zhao, pack=pack)

    assert (made.used, made.reason, made.auc) == (False, "too_short", None)
    assert made.snapshots == [one.id for one in years]
    listed, more = model_cards.visits(made, Scope((COUNTY,)), size=2)
    assert [one.place for one in listed] == [1, 2]
    # The only trigger each, and of these the lowest income first.
    assert listed[0].household.number == "left-poor"
    assert more
    rest, more = model_cards.visits(made, Scope((COUNTY,)), after=2)
    assert [one.place for one in rest] == [3, 4]
    assert not more
    assert model_cards.visits(made, Scope(("520326",))) == ([], False)
    assert model_cards.visits(made, Scope(())) == ([], False)


def test_a_year_without_a_snapshot_is_not_ordered(people: People, pack: Pack, db: None) -> None:
    with pytest.raises(cards.NoSnapshot, match="2015"):
        scoring.score(year=YEAR, by=people.zhao, pack=pack)

    assert not ModelCard.objects.exists()


def helped(home: Household, year: int, kind: str, *, arrived: bool = True) -> None:
    own = {"village_code": home.village_code}
    plan, _ = HouseholdPlan.objects.get_or_create(
        household=home, year=year, version=1, state="signed", signed_on=dt.date(year, 3, 1), by="x", at=NOW, **own
    )
    on = dt.date(year, 9, 1)
    Measure.objects.create(
        plan=plan,
        kind=kind,
        responsible="x",
        planned_on=on,
        delivered_on=on if arrived else None,
        delivered_fen=10_000 if arrived else None,
        **own,
    )


def case(home: Household, year: int, programme: str, *, off_list: bool = False) -> None:
    ProgrammeRecord.objects.create(
        programme=programme, household=home, village_code=home.village_code, year=year, identity=f"{home.pk}{year}",
        own={}, traced_on=dt.date(year, 5, 1), amount_fen=50_000, off_list=off_list, by="x", at=NOW,
    )  # fmt: skip


def _helped(folder: Path) -> None:
    """Help of three households that left in 2014, and of one that is poor."""
    on_file = put_on_file(folder, YEAR)
    well, poor, house = (on_file[name] for name in ("left-well", "left-poor", "left-house"))
    for year in (2014, 2015):
        helped(well, year, "medical_aid")
        case(well, year, "guarantee")
    helped(poor, 2014, "medical_aid")
    case(poor, 2014, "guarantee")
    case(poor, 2015, "guarantee", off_list=True)
    helped(poor, 2015, "employment", arrived=False)
    case(house, 2014, "house_repair")  # given once: cannot stop
    helped(on_file["poor"], 2014, "medical_aid")
    casework.freeze(year=YEAR, now=False, pack=policy.load(), by="tests")


helped_kept = kept_records("helped", _helped)


@pytest.fixture
def had(helped_kept: Kept, transactional_db: None, home: Path) -> Snapshot:
    helped_kept.back(home)
    return snapshots.latest(home, YEAR)


def test_help_is_kept_stopped_or_begun_by_household(had: Snapshot) -> None:
    found, more = kept.rows(had, Scope((COUNTY,)), "", "", 0, 50)

    numbers = dict(Household.objects.values_list("pk", "number"))
    assert not more
    assert {(numbers[one.household_id], one.policy): (one.state, one.last_year) for one in found} == {
        ("left-well", "guarantee"): ("kept", 2015),
        ("left-well", "medical_aid"): ("kept", 2015),
        ("left-poor", "guarantee"): ("stopped", 2014),
        ("left-poor", "medical_aid"): ("stopped", 2014),
        ("left-poor", "employment"): ("begun", 2015),
    }
    stopped, _ = kept.rows(had, Scope((COUNTY,)), "stopped", "guarantee", 0, 50)
    assert [(one.before_fen, one.year_fen, one.last_on) for one in stopped] == [(50_000, 0, dt.date(2014, 5, 1))]


def test_places_and_kinds_add_up_to_the_list(had: Snapshot) -> None:
    within = Scope((COUNTY,))
    (place,) = kept.by_place(had, within, 12)
    policies = {one.policy: (one.kept, one.stopped, one.begun) for one in kept.by_policy(had, within)}

    assert (place.place, place.left, place.helped, place.all_kept, place.some_stopped) == (VILLAGE, 4, 2, 1, 1)
    assert place.year_fen == 60_000
    assert policies == {"guarantee": (1, 1, 0), "medical_aid": (1, 1, 0), "employment": (0, 0, 1)}
    assert kept.by_place(had, Scope(("520326",)), 12) == []
    assert kept.rows(had, Scope(()), "", "", 0, 50) == ([], False)


def test_pages_of_a_list_follow_on_one_another(had: Snapshot) -> None:
    within = Scope((COUNTY,))
    whole = list(kept.every(had, within, "", ""))
    first, more = kept.rows(had, within, "", "", 0, 2)
    second, rest = kept.rows(had, within, "", "", first[-1].key, 50)

    assert more
    assert not rest
    assert [*first, *second] == whole


def test_the_page_of_a_household_says_what_the_snapshot_says(had: Snapshot, pack: Pack) -> None:
    for home in Household.objects.all():
        of_snapshot = [
            (one.policy, one.state, one.first_year, one.last_year, one.last_on, one.before_fen, one.year_fen)
            for one in kept.every(had, Scope((COUNTY,)), "", "")
            if one.household_id == home.pk
        ]
        of_records = [
            (one.policy, one.state, one.first_year, one.last_year, one.last_on, one.before_fen, one.year_fen)
            for one in kept.of_household(home.pk, YEAR, dt.date(YEAR, 12, 31), pack)
        ]

        assert of_records == of_snapshot
