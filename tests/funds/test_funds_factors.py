"""Money shared out by factors: to the last fen, the same by a plain twin, with what is missing said."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from jiefa.funds.rules import factors
from jiefa.funds.rules.factors import FACTORS, Facts

WEIGHTS = {"people": 40, "incidence": 15, "depth": 15, "income": 10, "fiscal": 10, "performance": 10}
SHARES = st.decimals(0, 1, places=6)
YUAN = st.decimals(1, 100_000, places=2)
COUNTIES = st.lists(
    st.builds(
        lambda people, incidence, depth, income, fiscal, performance: (
            people,
            {"incidence": incidence, "depth": depth, "income": income, "fiscal": fiscal, "performance": performance},
        ),
        st.integers(0, 200_000),
        SHARES,
        SHARES,
        YUAN,
        st.none() | YUAN,
        st.decimals(0, 100, places=1),
    ),
    min_size=1,
    max_size=12,
).filter(lambda counties: any(people for people, _values in counties))


def _facts(counties: list[tuple[int, dict[str, Decimal | None]]]) -> list[Facts]:
    return [Facts(f"5203{place:02}", people, values) for place, (people, values) in enumerate(counties)]


@given(st.integers(0, 10**13), COUNTIES)
def test_every_fen_is_given_once(fen: int, counties: list[tuple[int, dict[str, Decimal | None]]]) -> None:
    found = factors.share_out(fen, _facts(counties), WEIGHTS)

    assert sum(part.fen for part in found.parts) == fen == sum(share.fen for share in found.shares)
    for factor in FACTORS:
        (part,) = (one for one in found.parts if one.factor == factor)
        assert sum(share.parts.get(factor, 0) for share in found.shares) == part.fen
    assert all(share.fen == 0 for share in found.shares if share.people == 0)
    assert all(share.fen == sum(share.parts.values()) for share in found.shares)


@given(st.integers(0, 10**13), COUNTIES)
def test_no_county_is_further_than_a_fen_a_factor_from_the_exact_share(
    fen: int, counties: list[tuple[int, dict[str, Decimal | None]]]
) -> None:
    facts = _facts(counties)
    found = factors.share_out(fen, facts, WEIGHTS)

    used = [part.factor for part in found.parts if part.fen]
    weight = sum(WEIGHTS[part.factor] for part in found.parts if found.shares[0].parts.keys() >= {part.factor})
    for place, county in enumerate(facts):
        exact = Fraction(0)
        for factor in found.shares[0].parts:
            values = [factors.value(factor, one.values.get(factor)) if one.people else 0 for one in facts]
            total = sum(one.people * (each or 0) for one, each in zip(facts, values, strict=True))
            exact += Fraction(fen * WEIGHTS[factor], weight) * Fraction(county.people * (values[place] or 0), total)
        assert abs(found.shares[place].fen - exact) < 2 * max(1, len(used)) + 1


def test_a_factor_that_nobody_reported_gives_its_weight_to_the_others() -> None:
    known = {
        "incidence": Decimal("0.2"),
        "depth": Decimal("0.05"),
        "income": Decimal(5_000),
        "performance": Decimal(80),
    }
    facts = [Facts("520324", 100, {**known, "fiscal": None}), Facts("520326", 300, {**known, "fiscal": Decimal(900)})]

    found = factors.share_out(9_000, facts, WEIGHTS)

    parts = {part.factor: (part.fen, part.missing) for part in found.parts}
    assert parts == {
        "people": (4_000, 0),
        "incidence": (1_500, 0),
        "depth": (1_500, 0),
        "income": (1_000, 0),
        "fiscal": (0, 1),
        "performance": (1_000, 0),
    }
    assert [share.fen for share in found.shares] == [2_250, 6_750]


def test_the_poorer_county_of_two_of_a_size_gets_more() -> None:
    rich = {"incidence": Decimal("0.1"), "depth": Decimal("0.02"), "income": Decimal(8_000)}
    poor = {"incidence": Decimal("0.3"), "depth": Decimal("0.08"), "income": Decimal(4_000)}

    found = factors.share_out(100_000, [Facts("520324", 500, rich), Facts("520326", 500, poor)], WEIGHTS)

    assert [share.fen for share in found.shares] == [25_000 + 4_688 + 3_750 + 4_167, 25_000 + 14_062 + 15_000 + 8_333]
