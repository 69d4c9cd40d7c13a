"""What is derived set by set is what the plain functions say one by one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from django.conf import settings as django_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.registry import rosters

from jiefa.kernel import id_numbers, money
from jiefa.kernel.vault import Vault
from jiefa.registry import cards
from jiefa.registry.actions.entering import token_column
from jiefa.registry.intake import derive
from jiefa.registry.models import HouseholdYear, PersonYear
from jiefa.stores import names

DIGITS_17 = st.text("0123456789", min_size=17, max_size=17)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(lambda day: f"{day.year:04}{day:%m%d}")
DATED_17 = st.builds(
    "{}{}{}".format, st.text("0123456789", min_size=6, max_size=6), DAYS, st.text("0123456789", min_size=3, max_size=3)
)
CITIZENS = (DIGITS_17 | DATED_17).map(lambda first: first + id_numbers.check_character(first))
NUMBERS = st.one_of(
    st.none(),
    st.text(max_size=24),
    CITIZENS,
    DIGITS_17.flatmap(lambda first: st.sampled_from("0123456789Xx").map(lambda last: first + last)),
    st.builds("{}{}".format, CITIZENS, st.from_regex(r"[0-9]{2}(B[0-9])?", fullmatch=True)),
    st.builds("{}{}".format, CITIZENS, st.text(max_size=4)),
    st.text("0123456789", min_size=15, max_size=15),
)


def _members(numbers: list[str | None]) -> pa.Table:
    return pa.table({"id_number": pa.array(numbers, pa.string())})


@settings(max_examples=150)
@given(st.lists(NUMBERS, min_size=1, max_size=30))
@example(["00000101000101000X", "520326000001010010", "520326999912310010", "5203261990022910" + "10"])
@example(["11010519491231002X43\n1", "11010519491231002X43残1", "11010519491231002X43", "\0" * 18])
def test_facts_of_numbers_are_those_of_the_kernel(numbers: list[str | None]) -> None:
    vault = Vault(django_settings.JIEFA_VAULT_KEY)

    rows = derive.seal_members(_members(numbers), vault).to_pylist()

    for number, row in zip(numbers, rows, strict=True):
        facts = id_numbers.facts(number or "")
        assert row["id_form"] == facts.form.value, number
        assert row["id_length"] == facts.length
        assert row["id_checksum_ok"] == facts.checksum_ok
        assert row["id_birth_date"] == facts.birth_date, number
        assert (row["id_sex"], row["id_region"]) == (facts.sex, facts.region)
        assert row["id_placeholder"] == facts.placeholder
        assert (row["disability_kind"], row["disability_level"]) == (facts.disability_kind, facts.disability_level)
        assert row["id_key"] == (vault.blind_index(id_numbers.citizen_part(number)) if number else None)
        assert (vault.open(row["id_sealed"]) if number else row["id_sealed"]) == (number or None)


def test_masked_number_is_found_by_what_is_shown_of_it() -> None:
    vault = Vault(django_settings.JIEFA_VAULT_KEY)

    (row,) = derive.seal_members(_members(["11010519491231002X"]), vault).to_pylist()

    assert row["id_shown_key"] == vault.blind_index("110105" + "002X")


@given(st.lists(st.text("张王李欧阳·A é𠮷", min_size=1, max_size=6), min_size=1, max_size=20))
def test_tokens_of_names_are_those_of_the_index(texts: list[str]) -> None:
    village = "520326001200"

    tokens = token_column(pa.table({"name": texts, "village_code": [village] * len(texts)}))

    assert tokens.to_pylist() == [names.token_text(text, village) for text in texts]


PARTS = (*cards.INCOME_COLUMNS, "business_cost_fen")
AMOUNTS = st.none() | st.integers(0, 10**9)


@given(st.fixed_dictionaries(dict.fromkeys(PARTS, AMOUNTS)), st.integers(0, 12))
def test_net_income_is_the_sum_less_the_cost_shared_half_up(parts: dict[str, int | None], size: int) -> None:
    table = pa.table({**{name: pa.array([value], pa.int64()) for name, value in parts.items()}, "size": [size]})

    with duckdb.connect() as db:
        db.register("t", table)
        sql = f"SELECT net, {derive.per_person_sql('net', 'size')} FROM (SELECT *, {derive.net_income_sql()} AS net FROM t)"
        ((net, per_person),) = db.execute(sql).fetchall()

    if all(value is None for value in parts.values()):
        assert (net, per_person) == (None, None)
        return
    expected = sum(parts[name] or 0 for name in cards.INCOME_COLUMNS) - (parts["business_cost_fen"] or 0)
    assert net == expected
    assert per_person == (money.divide_half_up(expected, size) if size else None)


def test_worked_example_of_the_method_through_the_intake(db: None, villages: list[str], tmp_path: Path) -> None:
    """4 people; wages 6,000, business 5,200 at a cost of 1,900, property 300, transfers 1,480, a repair grant of 8,000."""
    row, people = rosters.family(
        "E1",
        villages[0],
        10,
        size=4,
        wage_income_fen=600_000,
        business_income_fen=520_000,
        business_cost_fen=190_000,
        property_income_fen=30_000,
        other_transfer_fen=148_000,
        excluded_grants_fen=800_000,
        stated_income_per_person_fen=277_000,
    )

    checked = rosters.load(rosters.write(tmp_path / "roster", [row], people))

    card = HouseholdYear.objects.get(household__number="E1")
    assert rosters.rules_said(checked) == set()
    assert (card.net_income_fen, card.net_income_per_person_fen, card.size) == (1_108_000, 277_000, 4)
    assert money.format_yuan(card.net_income_per_person_fen or 0) == "2,770.00"


def test_cards_of_the_tables_are_the_cards_of_the_rules() -> None:
    """``registry.cards`` and the models name the same columns, those of the record aside."""
    household = {field.column for field in HouseholdYear._meta.concrete_fields}
    person = {field.column for field in PersonYear._meta.concrete_fields}

    assert household - set(cards.HOUSEHOLD_CARD.names) == {"content_key"}
    assert person <= set(cards.PERSON_CARD.names)


def test_measures_survive_as_typed(db: None, villages: list[str], tmp_path: Path) -> None:
    row, people = rosters.family(
        "M1", villages[0], 20, house_area_m2=Decimal("80.35"), road_distance_km=Decimal("0.05")
    )

    rosters.load(rosters.write(tmp_path / "roster", [row], people))

    card = HouseholdYear.objects.get(household__number="M1")
    assert (card.house_area_m2, card.road_distance_km) == (Decimal("80.35"), Decimal("0.05"))


@pytest.mark.parametrize(
    ("labour", "cause", "kind"),
    [("ordinary", "funds", "two_have"), ("none", "funds", "two_none"), ("lost", "illness", "two_none")],
)
def test_kind_of_a_household(db: None, villages: list[str], tmp_path: Path, labour: str, cause: str, kind: str) -> None:
    row, people = rosters.family("K1", villages[0], 30, main_cause=cause)
    people = [person | {"labour": labour} for person in people]

    rosters.load(rosters.write(tmp_path / "roster", [row], people), take_over=True)

    assert HouseholdYear.objects.get(household__number="K1").kind in (kind, "two_lack" if kind == "two_have" else kind)
