"""The four looks: what the card answers, what is asked, how the score speaks for or against the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa import policy
from jiefa.identification.rules import looks
from jiefa.identification.rules.looks import CardFacts

CARD = policy.load().at(dt.date(2015, 12, 31)).scorecard("four_looks")
ASKED = {f"{look.id}.{item.id}": item for look in CARD.looks for item in look.items if item.fact is None}
BEST = {name: max(item.options, key=lambda option: option.points).id for name, item in ASKED.items()}
WORST = {name: min(item.options, key=lambda option: option.points).id for name, item in ASKED.items()}

RICH = CardFacts(
    size=2,
    house_area_m2=Decimal(120),
    house_structure="concrete",
    house_danger="A",
    house_age_years=3,
    road_type="cement",
    electricity=True,
    water_difficult=False,
    water_safe=True,
    labour=("skilled", "ordinary"),
    education=("senior", "junior"),
    health=("healthy", "healthy"),
    stages=("not_pupil", "not_pupil"),
    work_months=(10, 0),
)
POOR = CardFacts(
    size=3,
    house_area_m2=Decimal(30),
    house_structure="earth",
    house_danger="D",
    house_age_years=40,
    road_type="earth",
    electricity=False,
    water_difficult=True,
    water_safe=None,
    labour=("lost", "none", "none"),
    education=("illiterate", None, None),
    health=("serious", "healthy", "healthy"),
    stages=("not_pupil", "senior", "vocational"),
    work_months=(0, None, None),
)
EMPTY = CardFacts(0, None, None, None, None, None, None, None, None, (), (), (), (), ())


def total(card: CardFacts, asked: dict[str, str]) -> Decimal | None:
    return looks.score(CARD, looks.facts(card), asked).total


def test_best_of_everything_is_a_hundred() -> None:
    assert total(RICH, BEST) == 100


def test_worst_of_everything_is_near_nothing() -> None:
    # Ten square metres a head, an earth road, and the least that the return of schooling gives: one point each.
    assert total(POOR, WORST) == 3


def test_what_no_card_answers_is_asked() -> None:
    scored = looks.score(CARD, looks.facts(RICH), {})

    assert scored.total is None
    open_items = {f"{a.look}.{a.item.id}" for a in scored.answers if a.option is None}
    assert open_items == set(ASKED)
    assert scored.highest == 100
    assert scored.highest - scored.lowest == sum(
        item.points - min(option.points for option in item.options) for item in ASKED.values()
    )


def test_what_was_seen_goes_before_the_card() -> None:
    seen = looks.score(CARD, looks.facts(RICH), {**BEST, "house.area": "none"})

    assert seen.total == 97
    assert not next(a for a in seen.answers if a.item.id == "area").from_card


@pytest.mark.parametrize(
    ("change", "item", "option"),
    [
        ({"house_area_m2": Decimal(0)}, "area", "none"),
        ({"house_area_m2": Decimal("25.98")}, "area", "narrow"),
        ({"house_area_m2": Decimal(26)}, "area", "fair"),
        ({"house_area_m2": Decimal(50)}, "area", "wide"),
        ({"house_danger": "C"}, "structure", "dangerous"),
        ({"house_age_years": 9}, "built", "new"),
        ({"house_age_years": 10}, "built", "middle"),
        ({"house_age_years": 20}, "built", "old"),
        ({"water_safe": False}, "water", "unsafe"),
        ({"labour": ("ordinary", "none")}, "share", "more"),
        ({"labour": ("lost", "none")}, "share", "none"),
        ({"health": ("chronic", "healthy")}, "health", "chronic"),
        ({"stages": ("senior", "not_pupil")}, "stage", "one"),
        ({"work_months": (5, 0)}, "work", "odd"),
        ({"work_months": (6, 0)}, "work", "steady"),
    ],
)
def test_card_answers(change: dict[str, object], item: str, option: str) -> None:
    scored = looks.score(CARD, looks.facts(replace(RICH, **change)), {})

    chosen = next(a for a in scored.answers if a.item.id == item).option
    assert chosen is not None
    assert chosen.id == option


def test_empty_card_answers_nothing_but_is_bounded() -> None:
    scored = looks.score(CARD, looks.facts(EMPTY), {})

    assert all(answer.option is None for answer in scored.answers)
    assert (scored.lowest >= 0, scored.highest) == (True, 100)


def test_option_that_there_is_not() -> None:
    with pytest.raises(looks.NoSuchOption, match="种植结构"):
        looks.score(CARD, looks.facts(RICH), {"grain.crops": "gold"})


def test_score_speaks_against_the_register_only_when_even_its_bounds_do() -> None:
    rich = looks.score(CARD, looks.facts(RICH), BEST)
    unsure = looks.score(CARD, looks.facts(RICH), {})

    assert looks.disagreement(CARD, rich, in_poverty=True) == "false_in"
    assert looks.disagreement(CARD, rich, in_poverty=False) is None
    assert looks.disagreement(CARD, unsure, in_poverty=False) is None
    assert looks.disagreement(CARD, looks.score(CARD, looks.facts(POOR), WORST), in_poverty=False) == "missed"
    assert looks.disagreement(CARD, unsure, in_poverty=True) is None
    assert "大病" in looks.reasons(looks.score(CARD, looks.facts(POOR), WORST), "missed", 20).zh


@given(st.dictionaries(st.sampled_from(sorted(ASKED)), st.integers(0, 3)))
def test_more_answers_never_widen_the_bounds(chosen: dict[str, int]) -> None:
    asked = {name: ASKED[name].options[at % len(ASKED[name].options)].id for name, at in chosen.items()}
    before = looks.score(CARD, looks.facts(POOR), {})

    after = looks.score(CARD, looks.facts(POOR), asked)

    assert before.lowest <= after.lowest <= after.highest <= before.highest
