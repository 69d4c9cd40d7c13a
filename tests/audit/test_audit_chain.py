"""Whoever changes the log behind the product's back is found and the place is named: any byte of any entry or head."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from jiefa.audit import actions, queries, rules
from jiefa.audit.models import ChainHead, Entry, Read

COUNTIES = ("520326", "520302")
ENTRIES = 5
FIELDS = ("chain", "seq", "at", "by", "action", "object_type", "object_id", "diff", "previous_hash", "hash")
HEAD_FIELDS = ("chain", "seq", "hash", "mark")


def _record(chain: str, number: int) -> Entry:
    with transaction.atomic():
        return actions.record(
            chain=chain,
            by="王芳",
            action="household.changed",
            object_type="household",
            object_id=number,
            diff={"地址": ["苗岭组", "河边组"], "size": [4, number]},
        )


@pytest.fixture
def log(db: None) -> None:
    for number in range(1, ENTRIES + 1):
        for county in COUNTIES:
            _record(county, number)


def _sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _without_triggers() -> None:
    if connection.vendor == "postgresql":
        _sql("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        return
    for event in ("update", "delete", "replace"):
        _sql(f"DROP TRIGGER audit_entry_no_{event}")


def _verify_after(tamper: Callable[[], None]) -> tuple[rules.Fault, ...]:
    """The faults found after somebody who can do anything in the database did ``tamper``; undone afterwards."""
    with transaction.atomic():
        _without_triggers()
        tamper()
        faults = queries.verify().faults
        transaction.set_rollback(True)
    return faults


@pytest.mark.usefixtures("log")
class TestUntouched:
    def test_verify_is_content(self) -> None:
        found = queries.verify()

        assert found.faults == ()
        assert found.chains == 3
        assert found.entries == Entry.objects.count() == 2 * ENTRIES + Entry.objects.filter(chain="system").count()

    def test_each_entry_hangs_on_the_one_before(self) -> None:
        entries = list(Entry.objects.filter(chain="520326").order_by("seq"))

        assert [entry.seq for entry in entries] == list(range(1, ENTRIES + 1))
        assert entries[0].previous_hash == rules.FIRST_HASH
        assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]

    def test_opening_of_a_chain_stands_in_the_systems_chain(self) -> None:
        opened = Entry.objects.filter(chain="system", action=rules.CHAIN_OPENED).values_list("object_id", flat=True)

        assert set(opened) == set(COUNTIES)

    def test_entries_are_shown_by_area(self) -> None:
        assert {entry.chain for entry in queries.entries(("520326",))} == {"520326"}
        assert list(queries.entries(("520326001",))) == [], "a chain is of a whole county"
        assert {entry.chain for entry in queries.entries(("5203",))} == set(COUNTIES)
        assert {entry.chain for entry in queries.entries(("52",))} == {*COUNTIES, "system"}
        assert list(queries.entries(())) == []

    def test_history_of_one_thing_newest_first(self) -> None:
        found = list(queries.history("household", 3))

        assert [entry.object_id for entry in found] == ["3", "3"]


def _other(value: object, place: int, step: int) -> object:
    """``value`` with one character changed; numbers by a step."""
    if isinstance(value, int):
        return value + step
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(microseconds=step)
    text = str(value) or "-"
    place %= len(text)
    return text[:place] + chr((ord(text[place]) - 33 + step) % 90 + 33) + text[place + 1 :]


@settings(max_examples=120)
@given(
    st.sampled_from(FIELDS),
    st.sampled_from([*COUNTIES, "system"]),
    st.integers(0, 99),
    st.integers(0, 400),
    st.integers(1, 89),
)
def test_one_changed_character_of_any_field_of_any_entry(
    log: None, field: str, chain: str, number: int, place: int, step: int
) -> None:
    entries = list(Entry.objects.filter(chain=chain).order_by("seq"))
    entry = entries[number % len(entries)]
    new = _other(getattr(entry, field), place, step)
    if field == "seq":  # two entries of one number are impossible: the database has its own rule
        new = entry.seq + step + len(entries)

    faults = _verify_after(lambda: _sql(f"UPDATE audit_entry SET {field} = %s WHERE id = %s", new, entry.pk))

    assert faults, (field, new)
    named = {(fault.chain, fault.seq) for fault in faults}
    assert named & {(chain, entry.seq), (chain, entry.seq + 1), (chain, new), (new, entry.seq)}, faults


@pytest.mark.sqlite
@pytest.mark.parametrize("field", ["seq", "at"])
@pytest.mark.parametrize("value", ["2026-13-45 99:00:00", "nonsense", "", b"\xff", 3.5])
def test_value_that_is_not_even_of_its_type(log: None, field: str, value: object) -> None:
    entry = Entry.objects.get(chain="520326", seq=3)

    faults = _verify_after(lambda: _sql(f"UPDATE audit_entry SET {field} = %s WHERE id = %s", value, entry.pk))

    assert {fault.chain for fault in faults} == {"520326"}
    assert any(fault.kind in ("altered", "missing") for fault in faults)


@given(st.sampled_from(COUNTIES), st.integers(1, ENTRIES))
def test_one_deleted_entry(log: None, chain: str, seq: int) -> None:
    faults = _verify_after(lambda: _sql("DELETE FROM audit_entry WHERE chain = %s AND seq = %s", chain, seq))

    kind = "cut" if seq == ENTRIES else "missing"
    assert rules.Fault(chain, seq, kind) in faults


@given(st.sampled_from(COUNTIES), st.integers(1, ENTRIES))
def test_cut_tail(log: None, chain: str, seq: int) -> None:
    faults = _verify_after(lambda: _sql("DELETE FROM audit_entry WHERE chain = %s AND seq >= %s", chain, seq))

    assert [(fault.chain, fault.kind) for fault in faults] == [(chain, "cut")]


@given(st.sampled_from(COUNTIES), st.integers(2, ENTRIES))
def test_cut_tail_with_a_head_made_to_fit(log: None, chain: str, seq: int) -> None:
    """Without the key nobody can make the mark of another end."""
    last = Entry.objects.get(chain=chain, seq=seq - 1)

    def cut() -> None:
        _sql("DELETE FROM audit_entry WHERE chain = %s AND seq >= %s", chain, seq)
        _sql("UPDATE audit_chainhead SET seq = %s, hash = %s WHERE chain = %s", last.seq, last.hash, chain)

    assert _verify_after(cut) == (rules.Fault(chain, seq - 1, "cut"),)


@given(st.sampled_from(COUNTIES), st.lists(st.integers(1, ENTRIES), min_size=2, max_size=2, unique=True))
def test_two_swapped_entries(log: None, chain: str, pair: list[int]) -> None:
    one, other = pair

    def swap() -> None:
        _sql("UPDATE audit_entry SET seq = -1 WHERE chain = %s AND seq = %s", chain, one)
        _sql("UPDATE audit_entry SET seq = %s WHERE chain = %s AND seq = %s", one, chain, other)
        _sql("UPDATE audit_entry SET seq = %s WHERE chain = %s AND seq = -1", other, chain)

    faults = _verify_after(swap)

    assert {(fault.chain, fault.seq) for fault in faults} >= {(chain, one), (chain, other)}


def test_rewritten_entry_with_a_fitting_hash_breaks_the_next(log: None) -> None:
    entry = Entry.objects.get(chain="520326", seq=2)
    facts = rules.EntryFacts(
        entry.chain, entry.seq, entry.at, "somebody", entry.action, entry.object_type, entry.object_id, entry.diff,
        entry.previous_hash,
    )  # fmt: skip

    faults = _verify_after(
        lambda: _sql(
            "UPDATE audit_entry SET by = 'somebody', hash = %s WHERE id = %s", rules.entry_hash(facts), entry.pk
        )
    )

    assert faults == (rules.Fault("520326", 3, "reordered"),)


@given(st.sampled_from(HEAD_FIELDS), st.sampled_from(COUNTIES), st.integers(0, 63), st.integers(1, 89))
def test_altered_head(log: None, field: str, chain: str, place: int, step: int) -> None:
    head = ChainHead.objects.get(pk=chain)
    new = _other(getattr(head, field), place, step)

    faults = _verify_after(lambda: _sql(f"UPDATE audit_chainhead SET {field} = %s WHERE chain = %s", new, chain))

    assert any(fault.chain == chain and fault.kind == "cut" for fault in faults), faults


def test_vanished_head(log: None) -> None:
    faults = _verify_after(lambda: _sql("DELETE FROM audit_chainhead WHERE chain = '520326'"))

    assert faults == (rules.Fault("520326", ENTRIES, "cut"),)


@pytest.mark.parametrize("chain", [*COUNTIES, "system"])
def test_whole_chain_vanished_with_its_head(log: None, chain: str) -> None:
    def vanish() -> None:
        _sql("DELETE FROM audit_entry WHERE chain = %s", chain)
        _sql("DELETE FROM audit_chainhead WHERE chain = %s", chain)

    assert rules.Fault(chain, 1, "missing") in _verify_after(vanish)


def test_inserted_entry(log: None) -> None:
    columns = "chain, at, by, action, object_type, object_id, diff, previous_hash, hash"

    faults = _verify_after(
        lambda: _sql(
            f"INSERT INTO audit_entry (seq, {columns}) SELECT %s, {columns} FROM audit_entry WHERE chain = %s AND seq = %s",
            ENTRIES + 1,
            "520326",
            ENTRIES,
        )
    )

    assert ("520326", ENTRIES + 1) in {(fault.chain, fault.seq) for fault in faults}


def test_entry_of_a_change_that_came_to_nothing_is_not_there(log: None) -> None:
    before = Entry.objects.count()

    with transaction.atomic():
        actions.record(chain="520326", by="li", action="x.done", object_type="x", object_id=1, diff={})
        transaction.set_rollback(True)

    assert Entry.objects.count() == before
    assert queries.verify().faults == ()


def test_entry_outside_a_transaction_is_a_bug(transactional_db: None) -> None:
    with pytest.raises(AssertionError, match="transaction"):
        actions.record(chain="520326", by="li", action="x.done", object_type="x", object_id=1, diff={})


@pytest.mark.parametrize(
    ("code", "chain"), [("520326001001", "520326"), ("520326", "520326"), ("5203", "system"), ("52", "system")]
)
def test_chain_of_a_place(db: None, code: str, chain: str) -> None:
    assert _record(code, 1).chain == chain


def test_look_at_a_household_is_kept(db: None) -> None:
    actions.record_read(by="li", household_id=7, village_code="520326001001", purpose="page")
    actions.record_read(by="wang", household_id=8, village_code="520326001001", purpose="page")

    (read,) = queries.reads(7)
    assert (read.by, read.purpose) == ("li", "page")
    assert Read.objects.count() == 2


def _in_threads(*works: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # shown by the caller's assertion
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return failures


def test_threads_writing_one_chain_leave_no_gap(transactional_db: None) -> None:
    def write() -> None:
        for number in range(15):
            _record("520326", number)

    failures = _in_threads(write, write, write, write)

    assert failures == []
    assert list(Entry.objects.filter(chain="520326").order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 61)
    )
    assert queries.verify().faults == ()


@pytest.mark.postgres
def test_counties_do_not_wait_for_each_other(transactional_db: None) -> None:
    for county in COUNTIES:
        _record(county, 1)
    both = threading.Barrier(2, timeout=20)

    def write(county: str) -> Callable[[], None]:
        def run() -> None:
            with transaction.atomic():
                _sql("SET LOCAL lock_timeout = '2s'")
                _record(county, 2)
                both.wait()  # each has written and neither has committed

        return run

    assert _in_threads(write("520326"), write("520302")) == []
    assert queries.verify().faults == ()


@pytest.mark.postgres
def test_second_writer_of_one_county_waits(transactional_db: None) -> None:
    _record("520326", 1)
    written, stop = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            _record("520326", 2)
            written.set()
            stop.wait(20)

    def second() -> None:
        try:
            written.wait(20)
            with transaction.atomic():
                _sql("SET LOCAL lock_timeout = '300ms'")
                _record("520326", 3)
        finally:
            stop.set()

    (failure,) = _in_threads(hold, second)

    assert isinstance(failure, OperationalError)
    assert queries.verify().faults == ()


def _said(chain: str, number: int) -> actions.Said:
    return actions.Said(chain, "王芳", "household.changed", "household", number, {"size": [4, number]})


@pytest.mark.usefixtures("log")
class TestMany:
    def test_entries_of_many_chains_are_what_one_after_another_would_be(self) -> None:
        before = {chain: ChainHead.objects.get(pk=chain).seq for chain in (*COUNTIES, "system")}

        with transaction.atomic():
            made = actions.record_many([_said(chain, 9) for chain in ("520326", "522301", "520326", "52", "520302")])

        assert [entry.chain for entry in made] == ["520326", "522301", "520326", "system", "520302"]
        assert [entry.seq - before.get(entry.chain, 0) for entry in made] == [1, 1, 2, 2, 1]
        assert Entry.objects.get(action=rules.CHAIN_OPENED, object_id="522301").seq == before["system"] + 1
        assert queries.verify().faults == ()

    def test_of_nothing_there_is_no_entry(self) -> None:
        entries = Entry.objects.count()

        with transaction.atomic():
            assert actions.record_many([]) == []

        assert Entry.objects.count() == entries

    def test_many_counties_take_as_many_statements_as_one(self) -> None:
        taken = []
        for chains in (COUNTIES[:1], [f"5203{number:02d}" for number in range(10, 60)]):
            for _ in range(2):  # the second time the chains are there
                with transaction.atomic(), CaptureQueriesContext(connection) as captured:
                    actions.record_many([_said(chain, 1) for chain in chains])
            taken.append(len(captured))

        assert taken[0] == taken[1]
