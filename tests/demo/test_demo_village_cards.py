"""The demonstration's village cards: whole, plausible, the same every time; one county's through the list of the form."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from jiefa import policy
from jiefa.areas import queries
from jiefa.areas.models import DivisionYear
from jiefa.demo import services, village_cards

VILLAGES = ("520324103200", "520324101200", "520326101200")


def _facts() -> pa.Table:
    rows = [
        {
            "village_code": code,
            "year": year,
            "rural_registered_people": 1_000 + 10 * at,
            "rural_registered_households": 250,
            "reported_poor_households": 40,
            "reported_poor_people": 150,
            "cultivated_land_mu": Decimal("830.50"),
            "collective_income_fen": 1_234_500,
            "net_income_per_person_fen": 600_000,
            **dict.fromkeys(services.SERVICES, year > 2014),
        }
        for at, code in enumerate(VILLAGES)
        for year in (2014, 2015)
    ]
    return pa.Table.from_pylist(rows)


def test_parts_fit_into_their_wholes_and_come_out_the_same_again() -> None:
    first, again = village_cards.own_items(_facts()), village_cards.own_items(_facts())

    assert first == again
    for row, own in zip(_facts().to_pylist(), first, strict=True):
        people, homes = row["rural_registered_people"], row["rural_registered_households"]
        numbers = {name: int(str(own[name])) for name in (*village_cards.SHARES, "migrant_workers", "migrants_outside")}
        assert all(0 <= number <= people for number in numbers.values())
        assert numbers["migrants_outside"] <= numbers["migrant_workers"] <= people
        assert 0 <= int(str(own["households_without_power"])) <= homes
        assert (own["households_without_power"] == 0) == row["electricity"]


@pytest.mark.usefixtures("db")
def test_a_county_sends_its_cards_as_a_list(tmp_path: Path) -> None:
    pack = policy.load()
    expected = village_cards.own_items(_facts())

    village_cards.load(_facts(), tmp_path, pack, "demo")

    assert DivisionYear.objects.count() == 6
    by_list = queries.facts(VILLAGES[0])[1]
    assert (by_list.source, by_list.collective_income_fen, by_list.bus) == ("贫困村登记表.csv", 1_234_500, True)
    stated = {name: value for name, value in expected[1].items() if value != []}
    assert {name: str(value).removesuffix(".0") for name, value in by_list.own.items()} == {
        name: str(value).removesuffix(".0") for name, value in stated.items()
    }
    assert queries.facts(VILLAGES[2])[0].source == "demo"
    assert not list(tmp_path.glob("*.csv"))
