"""The checks over a snapshot: each planted effect is asked about and nothing else is; behind a question stand its households."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.truth import drawn

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.casework import actions as casework
from jiefa.planning.models import Target, TargetState
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.models import Cadre, Organisation, Visit
from jiefa.snapshots import Snapshot
from jiefa.truth.actions import checking
from jiefa.truth.queries import behind, counted, pictures, results
from jiefa.truth.rules import limits as asked
from jiefa.truth.rules.tables import Check

WITHIN = Scope((drawn.COUNTY,))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def planted(home: Path, pack: Pack) -> Snapshot:
    made = drawn.snapshot(home, planted=True)
    checking.check(made, pack)
    return made


def test_what_was_planted_is_asked_about(planted: Snapshot, pack: Pack) -> None:
    found = {(one.check, one.division, one.unit) for one in results.every(planted, pack, WITHIN) if one.asked}

    assert (Check.BUNCHING, drawn.COUNTY, None) in found
    assert (Check.HEAPING, drawn.COUNTY, None) in found
    assert {place for check, place, _ in found if check == Check.COPIED} == {drawn.COPIED}
    assert {place for check, place, _ in found if check == Check.SAME_DAY} == {drawn.SAME_DAY, drawn.COUNTY}
    assert (Check.EXACT, drawn.COUNTY, None) in found
    assert {unit for check, _, unit in found if check == Check.VISITS} == {drawn.CADRE}


def test_honest_figures_raise_no_question(home: Path, pack: Pack) -> None:
    honest = drawn.snapshot(home, planted=False)

    checking.check(honest, pack)

    judged = results.every(honest, pack, WITHIN)
    assert {one.check for one in judged} == set(Check)
    assert [one for one in judged if one.asked] == []


def test_behind_a_question_stand_its_households_inside_the_scope(planted: Snapshot, pack: Pack) -> None:
    limits = asked.of(pack.for_year(drawn.YEAR))
    copied = results.one(planted, pack, Check.COPIED, drawn.COPIED)
    (visits,) = [one for one in results.every(planted, pack, WITHIN, Check.VISITS) if one.asked]
    assert copied is not None

    cards = behind.households(planted, limits, copied, WITHIN)
    written = behind.households(planted, limits, visits, WITHIN)
    elsewhere = behind.households(planted, limits, copied, Scope(("520102",)))

    assert cards is not None
    assert written is not None
    assert elsewhere is not None
    assert cards.page(None, 50) == [4_000 + number for number in range(10)]
    assert written.count() == 9
    assert elsewhere.count() == 0
    assert results.every(planted, pack, Scope(("520102",))) == []
    assert results.every(planted, pack, Scope(())) == []


def test_townships_are_at_their_targets_because_their_villages_are(planted: Snapshot, pack: Pack) -> None:
    """Targets of villages and townships: villages alone are counted, since the township's people are theirs."""
    exact = results.one(planted, pack, Check.EXACT, drawn.COUNTY)
    assert exact is not None

    named = behind.at_target(planted, exact, WITHIN)

    assert exact.mark == "12"
    assert exact.n == len(drawn.VILLAGES)
    assert [one.code for one in named] == sorted(drawn.VILLAGES)[: len(named)]
    assert len(named) == exact.observed
    assert behind.at_target(planted, exact, Scope(("520102",))) == []


def test_pictures_add_up_to_what_was_judged(planted: Snapshot, pack: Pack) -> None:
    limits = asked.of(pack.for_year(drawn.YEAR))

    for check in Check:
        found = pictures.of_place(planted, pack, limits, check, WITHIN)
        assert found is not None, check
        assert len(found.labels) == len(found.observed) > 0
    bunching = pictures.of_place(planted, pack, limits, Check.BUNCHING, WITHIN)
    result = results.one(planted, pack, Check.BUNCHING, drawn.COUNTY)
    assert bunching is not None
    assert result is not None
    assert sum(bunching.observed[place] for place in bunching.marked) == result.observed


def test_a_snapshot_holds_visits_that_stand_and_targets_as_fixed(
    committed_village: dict[str, Household], pack: Pack
) -> None:
    homes = list(committed_village.values())
    place = homes[0].village_code
    office = Organisation.objects.create(name="镇政府", kind="township", area_code=place[:9])
    cadre = Cadre.objects.create(
        number="1", name="张三", organisation=office, rank="staff", area_code=place[:9], from_date=dt.date(2014, 1, 1)
    )
    common = {"cadre": cadre, "village_code": place, "purpose": "check", "by": "t", "at": dt.datetime.now(dt.UTC)}
    texts = ["家中安好，按计划种植", " 家中安好，按计划种植", "老人患病，正在就医"]
    visits = [
        Visit.objects.create(household=home, on=dt.date(2015, 5, 4), found=text, **common)
        for home, text in zip(homes[:3], texts, strict=True)
    ]
    Visit.objects.create(
        household=homes[2],
        on=dt.date(2015, 5, 4),
        found="没有去过",
        corrects=visits[2],
        reason="错",
        void=True,
        **common,
    )
    for state, value in ((TargetState.FIXED, 40), (TargetState.FIXED, 44), (TargetState.DRAFT, 50)):
        Target.objects.create(
            area_code=place, year=2015, metric="people", value=value, state=state, document="d", by="t",
            at=dt.datetime.now(dt.UTC),
        )  # fmt: skip

    made = casework.freeze(year=2015, now=False, pack=pack, by="tests")

    found = counted.rows(made, made.table("visits")).sort_by("household_id").to_pylist()
    assert [(row["household_id"], row["text_key"]) for row in found] == [
        (homes[0].pk, visits[0].pk),
        (homes[1].pk, visits[0].pk),
    ]
    assert counted.rows(made, made.table("targets")).to_pylist() == [{"year": 2015, "area_code": place, "people": 44}]
    assert results.results_file(made, pack).exists()


def test_a_snapshot_made_for_want_of_a_newer_one_is_checked_too(
    committed_village: dict[str, Household], pack: Pack
) -> None:
    made = casework.current(year=2015, pack=pack, by="tests")

    assert made.manifest.kind == "now"
    assert results.served_file(made, pack) == results.results_file(made, pack)
