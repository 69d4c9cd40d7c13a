"""A stated figure at the register's size, and what agreement with it means."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa import policy
from jiefa.ledger.queries.counted import FIGURES
from jiefa.ledger.rules.agreeing import agrees, scaled
from jiefa.site.presenters.ledger import OPENS

BY_ID = {figure.id: figure for figure in policy.load().stated_figures()}


def test_every_stated_figure_is_counted_and_can_be_opened_and_no_other() -> None:
    assert len(BY_ID) == 60
    assert set(BY_ID) == set(FIGURES) == set(OPENS)


@pytest.mark.parametrize(
    ("identity", "counted", "agreed"),
    [
        ("F04", "394", True),  # 393.5 rounds up
        ("F04", "393", False),
        ("T01", "56000", True),
        ("A13", "5000000.01", True),  # "at least"
        ("A13", "4999999.99", False),
        ("T02", "11590", True),  # "about 11,000", cut
        ("T02", "12000", False),
        ("T02", "10999", False),
        ("T05", "4.5", True),  # rounded to 5
        ("T05", "4.49", False),
        ("R05", "49", False),
        ("F01", "216000.00", True),
        ("F01", "216000.01", False),
    ],
)
def test_agreement_is_what_the_source_says(identity: str, counted: str, agreed: bool) -> None:
    figure = BY_ID[identity]
    assert agrees(figure, scaled(figure, Decimal("0.001")), Decimal(counted)) is agreed


def test_nothing_on_file_is_neither_agreement_nor_difference() -> None:
    assert all(agrees(figure, figure.value, None) is None for figure in BY_ID.values())


@given(st.decimals(min_value="0.0001", max_value=1, places=4), st.integers(0, 10**12))
def test_scaling_keeps_places_and_is_exact_at_one(scale: Decimal, value: int) -> None:
    people = replace(BY_ID["R03"], value=Decimal(value))
    assert scaled(people, Decimal(1)) == value
    assert abs(scaled(people, scale) - value * scale) <= Decimal("0.5")
    assert scaled(BY_ID["R02"], scale) == BY_ID["R02"].value
