"""ID numbers against published vectors and against a second way of computing the check character.

``id_number_vectors.csv``: the vectors that do not depend on a list of regions, each with its source.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.kernel import id_numbers
from jiefa.kernel.id_numbers import IdForm

VECTORS = list(csv.DictReader((Path(__file__).parent / "id_number_vectors.csv").open(encoding="utf-8")))
FIRST_17 = st.text("0123456789", min_size=17, max_size=17)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["number"])
def test_vector(vector: dict[str, str]) -> None:
    facts = id_numbers.facts(vector["number"])

    assert (facts.checksum_ok is True and facts.birth_date is not None) == (vector["valid"] == "1")
    if vector["birth_date"]:
        assert facts.birth_date == dt.date.fromisoformat(vector["birth_date"])
        assert facts.sex == vector["sex"]
        assert facts.region == vector["number"][:6]


def test_vectors_are_both_good_and_bad() -> None:
    assert {vector["valid"] for vector in VECTORS} == {"0", "1"}


@given(FIRST_17)
def test_check_character_by_iso_7064(first_17: str) -> None:
    # ISO 7064 MOD 11-2 by its own definition: a(18) completes sum a(i) * 2^(18-i) to 1 modulo 11.
    character = id_numbers.check_character(first_17)

    value = 10 if character == "X" else int(character)
    assert (sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(first_17)) + value) % 11 == 1


@given(FIRST_17, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first_17: str, place: int, step: int) -> None:
    number = first_17 + id_numbers.check_character(first_17)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]

    assert id_numbers.facts(wrong).checksum_ok is False


@given(FIRST_17, st.integers(0, 15))
def test_two_neighbours_swapped_are_always_found(first_17: str, place: int) -> None:
    number = first_17 + id_numbers.check_character(first_17)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert id_numbers.facts(swapped).checksum_ok is (swapped == number)


@given(st.text(max_size=24))
def test_facts_of_any_text_never_raise(text: str) -> None:
    facts = id_numbers.facts(text)

    assert facts.length == len(text)


@pytest.mark.parametrize(
    ("number", "form", "kind", "level"),
    [
        ("", IdForm.MISSING, None, None),
        ("11010519491231002X", IdForm.CITIZEN, None, None),
        ("11010519491231002x", IdForm.OTHER, None, None),
        ("110105491231002", IdForm.OLD_CITIZEN, None, None),
        ("11010519491231002X43", IdForm.DISABILITY, 4, 3),
        ("11010519491231002X43B1", IdForm.DISABILITY, 4, 3),
        ("11010519491231002X4B", IdForm.OTHER, None, None),
        ("11010519491231002X4", IdForm.OTHER, None, None),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٠", IdForm.OTHER, None, None),
    ],
)
def test_form(number: str, form: IdForm, kind: int | None, level: int | None) -> None:
    facts = id_numbers.facts(number)

    assert (facts.form, facts.disability_kind, facts.disability_level) == (form, kind, level)


def test_placeholder_region() -> None:
    assert id_numbers.facts("999999199001010013").placeholder
    assert not id_numbers.facts("11010519491231002X").placeholder


@given(st.text(max_size=30))
def test_mask_shows_ten_characters_at_most(number: str) -> None:
    masked = id_numbers.mask(number)

    assert len(masked) == len(number)
    assert masked[6:-4] == "*" * len(masked[6:-4])
    assert masked == "*" * len(number) or (masked[:6], masked[-4:]) == (number[:6], number[-4:])


@given(FIRST_17)
def test_citizen_part_of_a_disability_card_is_its_number(first_17: str) -> None:
    number = first_17 + id_numbers.check_character(first_17)

    assert id_numbers.citizen_part(number + "43") == number
    assert id_numbers.citizen_part(number + "43B1") == number
    assert id_numbers.citizen_part(number) == number
    assert id_numbers.citizen_part(first_17) == first_17
