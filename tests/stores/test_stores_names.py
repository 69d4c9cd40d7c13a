"""The name index answers exactly what a LIKE scan answers, and through the index."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jiefa.registry.models import Person
from jiefa.stores import names

SURNAMES, GIVEN = "张王李吴欧阳𠮷", "伟芳娜秀英敏静阿朵木·A3 é"
NAMES = st.text(SURNAMES + GIVEN, min_size=1, max_size=7).filter(lambda name: name.strip() == name)
VILLAGES = st.sampled_from(["520326001001", "520302003004", "522601001002"])
PARTS = st.text(SURNAMES + GIVEN, min_size=1, max_size=4)


def _save(people: list[tuple[str, str]]) -> None:
    made = []
    for name, village in people:
        person = Person(village_code=village, id_form="missing", id_length=0, id_placeholder=False)
        person.set_name(name)
        made.append(person)
    Person.objects.bulk_create(made)


def _scanned(people: list[tuple[str, str]], part: str) -> list[str]:
    wanted = part.replace(" ", "")
    return sorted(name for name, _ in people if wanted in name.replace(" ", ""))


def _searched(part: str) -> list[str]:
    tokens = names.query_tokens(part)
    narrowed = names.narrow(Person.objects.all(), "registry_person", tokens)
    wanted = part.replace(" ", "")
    # The index knows pairs alone; whoever searches holds the candidates against the part itself.
    return sorted(person.name for person in narrowed if wanted in person.name.replace(" ", ""))


@settings(max_examples=60)
@given(st.lists(st.tuples(NAMES, VILLAGES), max_size=25), st.lists(PARTS, min_size=1, max_size=6), st.data())
def test_search_finds_what_a_scan_finds(
    db: None, people: list[tuple[str, str]], parts: list[str], data: st.DataObject
) -> None:
    if people:  # parts that are there, too
        name = data.draw(st.sampled_from(people))[0]
        start = data.draw(st.integers(0, len(name) - 1))
        parts = [*parts, name[start : start + data.draw(st.integers(1, 4))]]

    with transaction.atomic():
        _save(people)
        found = {part: _searched(part) for part in parts if part.strip()}
        transaction.set_rollback(True)

    assert found == {part: _scanned(people, part) for part in found}


def test_narrowed_people_may_stand_in_a_sub_query(db: None) -> None:
    _save([("张伟", "520326001001"), ("王芳", "520326001001")])

    narrowed = names.narrow(Person.objects.all(), "registry_person", ["张"])

    assert [person.name for person in Person.objects.filter(pk__in=narrowed.values("pk"))] == ["张伟"]


@given(NAMES, NAMES, PARTS)
def test_index_follows_a_changed_and_a_deleted_name(db: None, before: str, after: str, part: str) -> None:
    with transaction.atomic():
        _save([(before, "520326001001"), ("李静", "520326001001")])
        person = Person.objects.order_by("id").first()
        assert person is not None
        person.set_name(after)
        person.save()
        renamed = _searched(part) if part.strip() else []
        person.delete()
        deleted = _searched(part) if part.strip() else []
        transaction.set_rollback(True)

    expected = [(after, ""), ("李静", "")]
    assert renamed == (_scanned(expected, part) if part.strip() else [])
    assert deleted == (_scanned(expected[1:], part) if part.strip() else [])


def test_county_token_narrows_a_common_surname(db: None) -> None:
    _save([("张伟", "520326001001"), ("张伟", "520302003004"), ("张芳", "522601001002")])

    found = names.narrow(Person.objects.all(), "registry_person", [*names.query_tokens("张"), "520302"])

    assert [person.village_code for person in found] == ["520302003004"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("张伟", ["张", "伟", "张伟"]), ("李", ["李"]), ("欧阳 娜", ["欧", "阳", "娜", "欧阳", "阳娜"]), ("", [])],
)
def test_tokens_of(text: str, tokens: list[str]) -> None:
    assert names.tokens_of(text) == tokens


@given(NAMES, st.data())
def test_every_part_of_a_name_has_its_tokens_in_the_name(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : start + data.draw(st.integers(1, 4))]

    assert set(names.query_tokens(part)) <= set(names.tokens_of(name))


@pytest.mark.parametrize("part", ["伟", "张伟", "欧阳娜"])
def test_search_goes_through_the_index(db: None, part: str) -> None:
    _save(
        [(f"{surname}{first}{second}", "520326001001") for surname in SURNAMES for first in GIVEN for second in GIVEN]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_person" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a thousand rows are quicker scanned; two million are not

    plan = names.narrow(Person.objects.all(), "registry_person", names.query_tokens(part)).explain()

    if connection.vendor == "postgresql":
        assert "registry_person_names" in plan
        assert "Seq Scan" not in plan
    else:
        assert "VIRTUAL TABLE INDEX" in plan
        assert "SCAN registry_person\n" not in f"{plan}\n"
