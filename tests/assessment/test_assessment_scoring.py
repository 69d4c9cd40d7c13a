"""Points: bounded, exact, one way, the same in whatever order places come; grades and vetoes; what is missing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assessment import schemes

from jiefa import policy
from jiefa.assessment.rules import explaining, scoring
from jiefa.assessment.rules.figures import exact, followed, percent

FIGURE = st.decimals(min_value=-50, max_value=150, places=2)
PLACES = tuple(f"5203{number:02}" for number in range(12))
OF_PLACES = st.dictionaries(st.sampled_from(PLACES), st.none() | FIGURE, min_size=1)


@given(st.sampled_from(schemes.ALONE), FIGURE, FIGURE)
def test_a_share_is_bounded_and_a_better_figure_never_has_less(
    function: scoring.Scoring, one: Decimal, other: Decimal
) -> None:
    worse, better = sorted((one, other), reverse=function.better == "lower")

    assert 0 <= scoring.share(function, worse) <= scoring.share(function, better) <= 1


@given(st.sampled_from(schemes.RANKED), OF_PLACES, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_places_and_equal_figures_share_theirs(
    function: scoring.Scoring, figures: dict[str, Decimal | None], random: Random
) -> None:
    shuffled = list(figures.items())
    random.shuffle(shuffled)

    found = scoring.standings(function, figures)

    assert found == scoring.standings(function, dict(shuffled))
    known = {place: figure for place, figure in figures.items() if figure is not None}
    assert sum((one.rank for one in found.values()), Fraction(0)) == Fraction(len(known) * (len(known) + 1), 2)
    for a, of_a in known.items():
        for b, of_b in known.items():
            if of_a == of_b:
                assert found[a] == found[b]
            elif (of_a > of_b) == (function.better == "higher"):
                assert found[a].share > found[b].share
    assert all(0 <= one.share <= 1 for one in found.values())


WHOLE = schemes.scheme(
    schemes.item("linear", schemes.LINEAR, "33.33"),
    schemes.item("steps", schemes.STEPS, "16.67", "neutral"),
    schemes.item("rank", schemes.RANK, "20", "neutral"),
    schemes.item("cases", schemes.DEDUCTION, "30"),
)


@given(st.fixed_dictionaries({one.id: OF_PLACES for one in WHOLE.indicators}))
def test_points_add_up_to_the_score_exactly_and_full_points_to_a_hundred(
    figures: dict[str, dict[str, Decimal | None]],
) -> None:
    groups = dict.fromkeys(PLACES, "all")

    found = scoring.scored(WHOLE, groups, figures)

    assert [one.place for one in found] == list(PLACES)
    for one in found:
        assert one.hundredths == sum(item.hundredths for item in one.items)
        assert sum(item.of for item in one.items) == scoring.HUNDREDTHS
        assert all(0 <= item.hundredths <= item.of for item in one.items)
        assert one.rank == 1 + sum(other.hundredths > one.hundredths for other in found)
        for item in one.items:
            said = explaining.why(item.figure, item.hundredths, item.of, _workings(item))
            assert explaining.points_words(item.hundredths) in said.zh or item.figure is None
    assert scoring.scored(WHOLE, dict(reversed(groups.items())), figures) == found


def _workings(item: scoring.ItemPoints) -> dict[str, object]:
    known = {one.id: one for one in WHOLE.indicators}
    return explaining.plain(known[item.item], item.worked)


@given(OF_PLACES, FIGURE)
def test_a_better_figure_of_one_place_never_lowers_its_score(figures: dict[str, Decimal | None], more: Decimal) -> None:
    place = min(figures)
    groups = dict.fromkeys(figures, "all")
    before = figures[place]
    better = {**figures, place: (before if before is not None else Decimal(0)) + abs(more)}

    low = scoring.scored(WHOLE, groups, {"linear": figures})[0]
    high = scoring.scored(WHOLE, groups, {"linear": better})[0]

    assert high.hundredths >= low.hundredths


def test_without_a_figure_no_points_or_left_out_as_the_scheme_says() -> None:
    (one,) = scoring.scored(WHOLE, {"520301": "all"}, {"linear": {"520301": Decimal(20)}})

    points = {item.item: (item.hundredths, item.of) for item in one.items}
    # 33.33 and 30 of the 63.33 that are left; the larger remainder takes the last hundredth
    assert points == {"linear": (5263, 5263), "steps": (0, 0), "rank": (0, 0), "cases": (0, 4737)}
    assert explaining.why(None, 0, 0, {}).en.startswith("No figure: the scheme leaves the item out")
    assert explaining.why(None, 0, 4737, {}).zh == "没有数据：按办法不得分。"


@pytest.mark.parametrize(
    ("function", "figure", "points", "words"),
    [
        (schemes.LINEAR, "15", 7500, "75%"),
        (schemes.FALLING, "30", 0, "0%"),
        (schemes.STEPS, "89.99", 4000, "40%"),
        (schemes.STEPS, "90", 10000, "100%"),
        (schemes.STEPS_DOWN, "10.01", 0, "0%"),
        (schemes.STEPS_DOWN, "2", 10000, "100%"),
        (schemes.DEDUCTION, "1", 10000, "100%"),
        (schemes.DEDUCTION, "3", 5000, "50%"),
        (schemes.DEDUCTION, "9", 0, "0%"),
    ],
)
def test_points_by_hand(function: scoring.Scoring, figure: str, points: int, words: str) -> None:
    one_item = schemes.scheme(schemes.item("x", function, "100"))

    (one,) = scoring.scored(one_item, {"520301": "all"}, {"x": {"520301": Decimal(figure)}})

    assert one.hundredths == points
    (item,) = one.items
    said = explaining.why(item.figure, item.hundredths, item.of, explaining.plain(one_item.indicators[0], item.worked))
    assert words in said.zh
    assert f"= {explaining.points_words(points)}分" in said.zh


def test_a_veto_leaves_no_better_grade_and_a_missing_figure_is_no_veto() -> None:
    trial = schemes.scheme(schemes.item("x", schemes.LINEAR, "100"), vetoes=(schemes.veto("v", "0"),))
    figures = {
        "x": dict.fromkeys(("520301", "520302", "520303"), Decimal(20)),
        "v": {"520301": Decimal(1), "520302": Decimal(0)},
    }

    found = scoring.scored(trial, dict.fromkeys(figures["x"], "all"), figures)

    # Ranks go by points alone: a veto takes a grade, not a place.
    assert [(one.grade, one.vetoes, one.rank) for one in found] == [
        ("bad", ("v",), 1),
        ("good", (), 1),
        ("good", (), 1),
    ]


def test_groups_have_their_own_weights_and_compare_among_themselves() -> None:
    trial = schemes.scheme(
        schemes.item("gdp", schemes.LINEAR, {"others": "40"}),
        schemes.item("trees", schemes.RANK_DOWN, {"eco": "100", "others": "60"}),
        groups=("eco", "others"),
    )
    groups = {"520301": "eco", "520302": "others", "520303": "others"}
    trees = {"520301": Decimal(9), "520302": Decimal(5), "520303": Decimal(7)}

    eco, first, last = scoring.scored(trial, groups, {"gdp": dict.fromkeys(groups, Decimal(10)), "trees": trees})

    assert [item.item for item in eco.items] == ["trees"]
    assert (eco.hundredths, first.hundredths, last.hundredths) == (10_000, 8_000, 2_000)
    assert [(one.rank, one.ranked) for one in (eco, first, last)] == [(1, 3), (2, 3), (3, 3)]


def test_what_would_gain_most_comes_first_with_the_next_step() -> None:
    linear, steps = (
        explaining.plain(schemes.item("x", one, "50"), scoring.standings(one, {"a": Decimal(65)})["a"])
        for one in (schemes.LINEAR, schemes.STEPS)
    )

    found = explaining.gains([("full", 500, 500, linear), ("small", 400, 500, linear), ("steps", 400, 1000, steps)])

    assert [(one.item, one.hundredths, one.step) for one in found] == [("steps", 600, 600), ("small", 100, 0)]
    assert explaining.needed(steps).zh == "达到 90 以上"


def test_figures_follow_from_what_stands_on_file() -> None:
    assert percent(Fraction(38), Fraction(164)) == Fraction(950, 41)
    assert exact(Fraction(950, 41)) == Decimal("23.170732")
    assert followed("growth", Fraction(110), Fraction(100)) == 10
    assert followed("growth", Fraction(110), Fraction(0)) is None
    assert followed("change", Fraction(3), Fraction(5)) == -2
    assert percent(Fraction(1), Fraction(0)) is None


def test_the_schemes_of_the_pack_are_those_of_the_documents() -> None:
    key = policy.load().scheme("key_counties", 2015)
    known = {one.id: one.weights for one in key.indicators}

    assert len(key.indicators) == 44
    assert known["poor_reduction"] == known["income_growth"] == {"ecological": Decimal(10), "others": Decimal(10)}
    assert max(weight for weights in known.values() for weight in weights.values()) == 10
    assert len(key.group("ecological").codes) == 10
    assert [one.id for one in key.indicators if "ecological" not in one.weights] == ["gdp"]
    province = policy.load().scheme("provinces_2016", 2016)
    assert {one.section for one in province.indicators} == {"reduction", "identification", "help", "funds"}


def test_what_no_document_gives_is_marked_part_by_part() -> None:
    key, province = (policy.load().scheme(name, 2016) for name in ("key_counties", "provinces_2016"))
    assumed = {one.id: one.assumption for one in key.indicators}

    # The news names two weights and, among the contents, these; nothing is said of any function.
    assert {name for name, parts in assumed.items() if "weight" not in parts} == {"poor_reduction", "income_growth"}
    named = {"special_industry", "collective", "roads", "water", "rocky_area", "forest", "gdp"}
    assert {name for name, parts in assumed.items() if "item" not in parts} == named | {
        "poor_reduction",
        "income_growth",
    }
    assert all("scoring" in parts for parts in assumed.values())
    # The national scheme names its contents and no weight.
    assert {one.assumption for one in province.indicators} == {("weight", "scoring")}
    assert all(one.assumption == ("item", "limit", "grade") for one in key.vetoes)
    limits = {one.id for one in province.vetoes if "limit" in one.assumption}
    assert limits == {"low_identification", "low_exit", "low_approval"}
    assert all("item" not in one.assumption and "grade" in one.assumption for one in province.vetoes)
