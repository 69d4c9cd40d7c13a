"""How large a sample, how it is drawn, what an answer means: published sizes, properties of the draw, chances by count."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.evaluation.rules import drawing, judging, size
from jiefa.evaluation.rules.drawing import DrawnHousehold, Homes, Part, Village, Wanted
from jiefa.evaluation.rules.judging import Found, Measure, Verdict


def test_sizes_of_textbooks() -> None:
    # 385 for a half within five points; Cochran 1977, 4.4: 0.43 of 4,000 within 5 points is 378 before and 345 with a population of
    # that size at t = 2; at 1.96 they are 377 and 345.
    assert size.needed(0.5, 0.05).answers == 385
    assert size.needed(0.43, 0.05).simple == 377
    assert size.needed(0.43, 0.05, population=4000).answers == 345


def test_a_size_with_clusters_and_silence() -> None:
    deff = size.design_effect(37, 0.05)

    found = size.needed(0.02, 0.01, deff=deff, response=0.9)

    assert deff == pytest.approx(2.8)
    assert (found.simple, found.answers, found.drawn) == (753, 2109, 2344)


@given(st.floats(0.01, 0.99), st.floats(0.005, 0.2), st.integers(1, 5000), st.floats(1, 5), st.floats(0.3, 1))
def test_never_more_than_there_are(share: float, margin: float, population: int, deff: float, response: float) -> None:
    found = size.needed(share, margin, population=population, deff=deff, response=response)

    assert 1 <= found.answers <= found.drawn <= population


def villages(count: int) -> list[Village]:
    return [
        Village(
            f"{number:012d}",
            "poor" if number % 2 else "other",
            6,
            2,
            40 if number % 3 else None,
        )
        for number in range(1, count + 1)
    ]


def drawn_of(village: Village, wanted: Wanted, seed: int) -> list[DrawnHousehold]:
    """The second stage, with keys that tell the village: its number in hundreds, from 50 on those in poverty."""
    first = 100 * int(village.code)
    homes = Homes(list(range(first, first + village.exited)), list(range(first + 50, first + 50 + village.poor)))
    return list(drawing.draw_households(village, homes, wanted, seed))


WANTED = Wanted({"poor": 3, "other": 2}, {Part.EXITED: 3, Part.POOR: 3, Part.OUTSIDE: 4}, 2)


@given(st.integers(0, 2**32), st.permutations(villages(12)))
def test_the_same_seed_and_frame_draw_the_same_in_any_order(seed: int, mixed: list[Village]) -> None:
    assert drawing.draw_villages(mixed, WANTED, seed) == drawing.draw_villages(villages(12), WANTED, seed)


@given(st.integers(0, 2**32), st.permutations(range(100, 140)))
def test_households_are_those_that_a_whole_shuffle_puts_first_in_any_order(seed: int, mixed: list[int]) -> None:
    village = villages(1)[0]

    found = list(drawing.draw_households(village, Homes(mixed, []), Wanted({}, {Part.EXITED: 7}, 3), seed))

    line = sorted(mixed)
    for turn in range(len(line)):
        digest = hashlib.sha256(f"{seed}|{village.code}|exited|{turn}".encode()).digest()
        there = turn + int.from_bytes(digest[:8], "big") * (len(line) - turn) // 2**64
        line[turn], line[there] = line[there], line[turn]
    assert [one.household for one in found] == line[:10]
    assert [one.reserve for one in found] == [False] * 7 + [True] * 3


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_more_wanted_than_there_are_draws_each_once(seed: int, there: int) -> None:
    village = villages(1)[0]

    found = list(drawing.draw_households(village, Homes([], list(range(there))), Wanted({}, {Part.POOR: 30}, 5), seed))

    assert sorted(one.household for one in found) == list(range(there))


def test_another_seed_draws_others() -> None:
    drawn = {tuple(one.village.code for one in drawing.draw_villages(villages(12), WANTED, seed)) for seed in range(20)}

    assert len(drawn) > 10


def test_the_numbers_can_be_checked_by_hand() -> None:
    # printf '7|village|520324103200' | sha256sum
    assert drawing.number(7, "village", "520324103200") == int("e2a979bad7a4b31b", 16) / 2**64


@given(st.integers(0, 2**32))
def test_what_is_drawn_keeps_to_what_is_wanted(seed: int) -> None:
    found = drawing.draw_villages(villages(12), WANTED, seed)

    assert Counter(one.stratum for one in found) == {"poor": 3, "other": 2}
    assert {(one.of, one.drawn, one.probability) for one in found} == {(6, 3, 3 / 6), (6, 2, 2 / 6)}
    for one in found:
        households = drawn_of(one.village, WANTED, seed)
        asked = Counter(each.part for each in households if not each.reserve)
        outside = 0 if one.village.outside is None else 4
        assert (asked[Part.EXITED], asked[Part.POOR], asked[Part.OUTSIDE]) == (3, 2, outside)
        exited = [each for each in households if each.part is Part.EXITED]
        assert [each.order for each in exited] == [1, 2, 3, 4, 5]
        assert [each.reserve for each in exited] == [False] * 3 + [True] * 2
        assert {each.probability for each in exited} == {0.5}
        assert len({each.household for each in exited}) == 5
        assert all(each.household is None for each in households if each.part is Part.OUTSIDE)


def test_every_village_and_household_has_the_chance_that_is_kept() -> None:
    """2,000 draws: a chance of 1/2 is met within five standard errors of 0.011."""
    frame, times = villages(12), 2000
    drawn: Counter[str] = Counter()
    first: Counter[int | None] = Counter()
    for seed in range(times):
        for one in drawing.draw_villages(frame, WANTED, seed):
            drawn[one.village.code] += 1
            asked = (each for each in drawn_of(one.village, WANTED, seed) if not each.reserve)
            first.update(each.household for each in asked if each.part is Part.EXITED)

    assert all(abs(drawn[one.code] / times - (1 / 2 if one.kind == "poor" else 1 / 3)) < 0.056 for one in frame)
    for household in range(100, 106):
        assert first[household] / times == pytest.approx(1 / 4, abs=0.056)


def test_by_size_large_villages_come_more_often_and_the_largest_for_certain() -> None:
    frame = [Village(f"{at:012d}", "poor", size, 0, None) for at, size in enumerate((5, 10, 20, 100))]
    wanted = Wanted({"poor": 2}, {Part.EXITED: 1}, 0, by_size=True)
    drawn: Counter[str] = Counter()
    for seed in range(3000):
        found = drawing.draw_villages(frame, wanted, seed)
        drawn.update(one.village.code for one in found)

    chances = {
        one.village.code: one.probability for seed in range(50) for one in drawing.draw_villages(frame, wanted, seed)
    }
    assert chances[frame[3].code] == 1.0
    assert drawn[frame[3].code] == 3000
    assert [chances[one.code] for one in frame[:3]] == pytest.approx([5 / 35, 10 / 35, 20 / 35])
    assert sum(drawn.values()) == 2 * 3000
    # Five standard errors of a half.
    assert [drawn[one.code] / 3000 for one in frame[:3]] == pytest.approx([5 / 35, 10 / 35, 20 / 35], abs=0.046)


def test_a_village_without_households_is_no_unit() -> None:
    empty = Village("000000000009", "poor", 0, 0, None)

    found = drawing.draw_villages([empty, *villages(3)], Wanted({"poor": 9}, {Part.EXITED: 1}, 0), 1)

    assert [one.village.code for one in found] == ["000000000001", "000000000003"]
    assert {one.of for one in found} == {2}


@pytest.mark.parametrize(
    ("income", "lacking", "poor"),
    [(299_999, (), True), (300_000, (), False), (900_000, ("housing",), True), (900_000, ("water",), False)],
)
def test_who_is_poor(income: int, lacking: tuple[str, ...], poor: bool) -> None:
    found = Found(4, income, frozenset(lacking), None)

    # 2015 did not ask for water.
    assert judging.is_poor(found, 300_000, ("food", "clothing", "education", "medical", "housing")) is poor


@pytest.mark.parametrize(
    ("measure", "low", "high", "verdict"),
    [
        (Measure.MISSED, 0.0, 0.019, Verdict.MET),
        (Measure.MISSED, 0.0, 0.02, Verdict.OPEN),
        (Measure.WRONGLY_EXITED, 0.02, 0.05, Verdict.FAILED),
        (Measure.WRONGLY_EXITED, None, None, Verdict.OPEN),
        (Measure.APPROVAL, 0.9, 0.95, Verdict.MET),
        (Measure.APPROVAL, 0.85, 0.95, Verdict.OPEN),
        (Measure.APPROVAL, 0.8, 0.899, Verdict.FAILED),
    ],
)
def test_a_verdict_is_of_the_whole_interval(
    measure: Measure, low: float | None, high: float | None, verdict: Verdict
) -> None:
    limit = 0.9 if measure is Measure.APPROVAL else 0.02

    assert judging.verdict(measure, low, high, limit) is verdict


def placed(distances: list[float | None]) -> list[Village]:
    """Poor villages with these distances to a market, ten exited households each."""
    return [Village(f"{at:012d}", "poor", 10, 0, None, km) for at, km in enumerate(distances)]


def strata_of(frame: list[Village], most: int, seed: int = 1) -> dict[str, tuple[int, int]]:
    found = drawing.draw_villages(frame, Wanted({"poor": most}, {Part.EXITED: 1}, 0), seed)
    return {one.stratum: (one.of, one.drawn) for one in found}


def test_from_four_villages_on_the_farther_half_is_a_stratum() -> None:
    frame = placed([9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0])

    assert strata_of(frame, 3) == {"poor": (8, 3)}
    assert strata_of(frame, 4) == {"poor_near": (4, 2), "poor_far": (4, 2)}
    assert strata_of(frame, 5) == {"poor_near": (4, 3), "poor_far": (4, 2)}
    found = drawing.draw_villages(frame, Wanted({"poor": 8}, {Part.EXITED: 1}, 0), 1)
    assert {one.village.km for one in found if one.stratum == "poor_far"} == {9.0, 8.0, 7.0, 6.0}
    assert {one.probability for one in found} == {1.0}


def test_villages_of_unknown_distance_stand_with_the_near_ones() -> None:
    assert strata_of(placed([None] * 8), 6) == {"poor": (8, 6)}
    assert strata_of(placed([5.0, 1.0, None, None, None, 2.0, 3.0]), 4) == {"poor_near": (5, 2), "poor_far": (2, 2)}


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 50)), min_size=1, max_size=30),
    st.integers(0, 40),
    st.integers(0, 2**32),
)
def test_every_village_has_a_chance_and_as_many_are_drawn_as_can_be(
    distances: list[float | None], most: int, seed: int
) -> None:
    frame = placed(distances)
    found = drawing.draw_villages(frame, Wanted({"poor": most}, {Part.EXITED: 1}, 0), seed)
    strata = {one.stratum: (one.of, one.drawn) for one in found}

    assert len(found) == min(most, len(frame))
    if found:
        assert sum(of for of, _drawn in strata.values()) == len(frame)
    assert all(one.probability == strata[one.stratum][1] / strata[one.stratum][0] for one in found)
    if len(strata) > 1:
        assert min(drawn for _of, drawn in strata.values()) >= drawing.LEAST_IN_HALF
