"""Whole tables in and out: what was written is what is read, on either engine."""

from __future__ import annotations

import datetime as dt
import threading

import pyarrow as pa
import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.stores import probe
from tests.stores.probe import SCHEMA

from jiefa.stores import bulk

SELECT = f"SELECT {', '.join(SCHEMA.names)} FROM probe ORDER BY id"


@given(probe.tables())
def test_rows_written_are_the_rows_read(db: None, rows: pa.Table) -> None:
    with probe.probe():
        written = bulk.insert("probe", rows)
        found = bulk.read(SELECT, [], SCHEMA)

    assert written == rows.num_rows
    assert found.to_pylist() == rows.to_pylist()
    assert found.schema == SCHEMA


@given(probe.tables(), st.sampled_from([name for name in SCHEMA.names if name != "id"]))
def test_one_column_is_read_with_all_its_nulls(db: None, rows: pa.Table, name: str) -> None:
    schema = pa.schema([SCHEMA.field(name)])

    with probe.probe():
        bulk.insert("probe", rows)
        found = bulk.read(f"SELECT {name} FROM probe ORDER BY id", [], schema)

    assert found.to_pylist() == rows.select([name]).to_pylist()


def test_insert_matches_columns_by_name_and_leaves_the_rest_empty(db: None) -> None:
    with probe.probe():
        bulk.insert("probe", pa.table({"word": ["乙"], "id": [7]}))
        found = bulk.read(SELECT, [], SCHEMA).to_pylist()

    assert found == [dict.fromkeys(SCHEMA.names) | {"id": 7, "word": "乙"}]


def test_insert_of_more_rows_than_one_piece(db: None) -> None:
    count = bulk.COPY_ROWS + 17
    rows = pa.table({"id": range(1, count + 1), "number": range(count)})

    with probe.probe():
        bulk.insert("probe", rows)
        found = bulk.read(
            "SELECT count(*), sum(number) FROM probe", [], pa.schema([("n", pa.int64()), ("s", pa.int64())])
        )

    assert found.to_pylist() == [{"n": count, "s": count * (count - 1) // 2}]


def test_insert_of_words_from_a_dictionary(db: None) -> None:
    words = pa.array(["甲", None, "甲"]).dictionary_encode()

    with probe.probe():
        bulk.insert("probe", pa.table({"id": [1, 2, 3], "word": words}))
        found = bulk.read("SELECT word FROM probe ORDER BY id", [], pa.schema([("word", pa.string())]))

    assert found["word"].to_pylist() == ["甲", None, "甲"]


def test_insert_of_a_moment_is_the_moment_that_django_reads(db: None) -> None:
    from jiefa.audit.models import Read

    moment = dt.datetime(2014, 6, 30, 23, 59, 58, tzinfo=dt.UTC)
    rows = pa.table(
        {
            "id": [900_001],
            "at": pa.array([moment], pa.timestamp("s", "UTC")),
            "by": ["li"],
            "household_id": [1],
            "village_code": ["520326001001"],
            "purpose": ["page"],
        }
    )

    bulk.insert("audit_read", rows)

    assert Read.objects.get(pk=900_001).at == moment


@given(st.lists(st.integers(0, 50), max_size=8))
def test_read_takes_parameters(db: None, wanted: list[int]) -> None:
    with probe.probe():
        bulk.insert("probe", pa.table({"id": range(1, 52), "number": range(51), "word": ["100% '\"?"] * 51}))
        found = [
            bulk.read(
                "SELECT id FROM probe WHERE number = %s AND word = %s",
                [one, "100% '\"?"],
                pa.schema([("id", pa.int64())]),
            )
            for one in wanted
        ]

    assert [table["id"].to_pylist() for table in found] == [[one + 1] for one in wanted]


@given(probe.tables(), st.data())
def test_update_changes_the_named_rows_and_counts_their_version(db: None, rows: pa.Table, data: st.DataObject) -> None:
    before = rows.to_pylist()
    news = data.draw(probe.tables(max_rows=len(before)))
    keys = data.draw(st.permutations(range(1, len(before) + 3)))[: news.num_rows]
    news = news.set_column(0, "id", pa.array(keys, pa.int64())).drop_columns(["version"])

    with probe.probe():
        bulk.insert("probe", rows)
        changed = bulk.update("probe", news, "id", version="version")
        found = bulk.read(SELECT, [], SCHEMA).to_pylist()

    by_key = {row["id"]: row for row in news.to_pylist()}
    expected = [
        row | by_key[row["id"]] | {"version": None if row["version"] is None else row["version"] + 1}
        if row["id"] in by_key
        else row
        for row in before
    ]
    assert found == expected
    assert changed == sum(row["id"] in by_key for row in before)


def test_update_of_nothing(db: None) -> None:
    assert bulk.update("probe", SCHEMA.empty_table(), "id") == 0


def test_staged_is_gone_afterwards_and_can_come_again(db: None) -> None:
    rows = pa.table({"id": [1, 2]})

    for _ in range(2):
        with bulk.staged("lent", rows, "id") as name:
            found = bulk.read(f"SELECT id FROM {name} ORDER BY id", [], pa.schema([("id", pa.int64())]))

    assert found["id"].to_pylist() == [1, 2]
    assert "lent" not in connection.introspection.table_names()


def test_new_ids_are_fresh_and_grow(db: None) -> None:
    with probe.probe():
        first = bulk.new_ids("probe", 3)
        bulk.insert("probe", pa.table({"id": first}))
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO probe (word) VALUES ('甲')")
        second = bulk.new_ids("probe", 4)
        bulk.insert("probe", pa.table({"id": second}))

    taken = first.to_pylist() + second.to_pylist()
    assert taken == sorted(set(taken))
    assert second[0].as_py() > first[2].as_py() + 1, "the row written in between has a number of its own"
    assert bulk.new_ids("probe", 0).to_pylist() == []


@pytest.mark.postgres
def test_new_ids_of_threads_never_meet(transactional_db: None) -> None:
    probe.create()
    taken: list[list[int]] = []

    def take() -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    ids = bulk.new_ids("probe", 50)
                    bulk.insert("probe", pa.table({"id": ids}))
                taken.append(ids.to_pylist())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 120
    assert all(ids == sorted(ids) for ids in taken)
    assert len({one for ids in taken for one in ids}) == 6_000
