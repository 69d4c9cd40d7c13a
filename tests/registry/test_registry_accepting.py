"""Who may accept, what is taken once, what is moved, and that no number lies open anywhere."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from tests.registry import rosters

from jiefa import policy
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.insight.actions import freeze
from jiefa.registry.actions import batches
from jiefa.registry.actions.batches import AlreadyDecided, NotYours, SameContent
from jiefa.registry.models import Batch, Household, HouseholdYear, Membership, Movement, Person


@pytest.fixture
def path(db: None, villages: list[str], tmp_path: Path) -> Path:
    households, members = [], []
    for position, number in enumerate("AB"):
        row, people = rosters.family(number, villages[3 * position], 10 * (position + 1))
        households.append(row | {"phone": f"1380000000{position}", "bank_account": f"62220000000000000{position}"})
        members += people
    return rosters.write(tmp_path / "roster", households, members)


class TestDecision:
    def test_who_loaded_cannot_accept(self, path: Path) -> None:
        batch = rosters.check(path, by="li").batch

        with pytest.raises(NotYours):
            batches.accept_batch(batch=batch, by="li")
        assert not Household.objects.exists()

    def test_second_officer_accepts_with_an_entry_per_county(self, path: Path) -> None:
        batch = batches.accept_batch(batch=rosters.check(path, by="li").batch, by="wang")

        entries = Entry.objects.filter(action="batch.accepted").order_by("chain")
        assert [(entry.chain, entry.by) for entry in entries] == [("520302", "wang"), ("520326", "wang")]
        assert (batch.state, batch.decided_by, batch.staged_by) == ("accepted", "wang", "li")
        assert audit.verify().faults == ()

    def test_refused_batch_writes_nothing_and_can_come_again(self, path: Path) -> None:
        batch = rosters.check(path, by="li").batch

        batches.refuse_batch(batch=batch, by="wang", reason="图章不全")
        again = rosters.check(path, by="li").batch

        assert not Household.objects.exists()
        assert Entry.objects.filter(action="batch.refused").count() == 2
        assert again.pk != batch.pk

    def test_decided_batch_is_decided(self, path: Path) -> None:
        batch = batches.accept_batch(batch=rosters.check(path, by="li").batch, by="wang")

        with pytest.raises(AlreadyDecided):
            batches.accept_batch(batch=batch, by="zhao")
        with pytest.raises(AlreadyDecided):
            batches.refuse_batch(batch=batch, by="zhao", reason="")

    @pytest.mark.parametrize("accepted", [False, True])
    def test_same_content_twice_is_refused(self, path: Path, accepted: bool) -> None:
        (rosters.load if accepted else rosters.check)(path)

        with pytest.raises(SameContent):
            rosters.check(path)
        assert Batch.objects.count() == 1

    def test_household_that_changed_after_the_check_is_held(self, path: Path) -> None:
        rosters.load(path)
        rows, people = rosters.family("A", Household.objects.get(number="A").village_code, 10, 2015)
        batch = rosters.check(rosters.write(path.parent / "next", [rows], people), by="li").batch
        Household.objects.filter(number="A").update(version=9)

        batch = batches.accept_batch(batch=batch, by="wang")

        assert (batch.accepted, batch.held_back) == (0, 1)
        assert not HouseholdYear.objects.filter(year=2015).exists()


class TestCorrectedRosterOfTheSameYear:
    """A year's roster may come again, corrected: what it said before must leave no trace."""

    def _load(
        self, folder: Path, name: str, village: str, year: int, *changes: dict[str, object], **card: object
    ) -> None:
        row, people = rosters.family("A", village, 10, year, 3, **card)
        people = [person | change for person, change in zip(people, changes or ({}, {}, {}), strict=True)]
        leaving = sum(person.get("change") == "death" for person in people)
        row["stated_size"] = 3 - leaving
        checked = rosters.load(rosters.write(folder / name, [row], people))
        assert rosters.rules_said(checked) == set()

    def test_death_that_was_none_opens_the_membership_again(
        self, db: None, villages: list[str], tmp_path: Path
    ) -> None:
        died: dict[str, object] = {"change": "death", "changed_on": dt.date(2015, 3, 1)}
        self._load(tmp_path, "1", villages[0], 2014)
        self._load(tmp_path, "2", villages[0], 2015, {}, {}, died)
        assert Membership.objects.filter(left_on=None).count() == 2

        self._load(tmp_path, "3", villages[0], 2015)

        assert Membership.objects.filter(left_on=None, left_reason=None).count() == 3
        assert not Movement.objects.filter(kind="natural_loss").exists()
        assert HouseholdYear.objects.get(year=2015).size == 3
        self._load(tmp_path, "4", villages[0], 2016)  # and the next year knows all three

    def test_day_of_a_death_corrected(self, db: None, villages: list[str], tmp_path: Path) -> None:
        self._load(tmp_path, "1", villages[0], 2014)
        for name, day in (("2", dt.date(2015, 3, 1)), ("3", dt.date(2015, 9, 9))):
            self._load(tmp_path, name, villages[0], 2015, {}, {}, {"change": "death", "changed_on": day})

        (left,) = Membership.objects.exclude(left_on=None)
        assert left.left_on == dt.date(2015, 9, 9)
        assert list(Movement.objects.filter(kind="natural_loss").values_list("on", "people")) == [(left.left_on, -1)]

    def test_entry_in_an_earlier_year_is_counted_once(self, db: None, villages: list[str], tmp_path: Path) -> None:
        self._load(tmp_path, "1", villages[0], 2014)  # entered in 2013
        self._load(tmp_path, "2", villages[0], 2014, wage_income_fen=612_300)

        assert list(Movement.objects.values_list("year", "kind", "people")) == [(2013, "new", 3)]


SECRETS = ("phone", "bank_account", "id_number")


def _secrets(path: Path) -> set[str]:
    import pyarrow.parquet as pq

    found: set[str] = set()
    for file in path.glob("*.parquet"):
        table = pq.read_table(file)
        for name in SECRETS:
            if name in table.column_names:
                found |= {value for value in table[name].to_pylist() if value}
    return found


def test_no_number_lies_open_in_files_or_database(
    transactional_db: None, villages: list[str], tmp_path: Path, home: Path
) -> None:
    row, people = rosters.family("A", villages[0], 10, phone="13800000001", bank_account="622200000000000017")
    roster_path = rosters.write(tmp_path / "roster", [row], people)
    checked = rosters.check(roster_path, by="li")
    batches.accept_batch(batch=checked.batch, by="wang")
    freeze.make_snapshot(year=2014, now=False, pack=policy.load(), by="li", beside=lambda _year, _day, _counties: ())
    secrets = _secrets(roster_path)
    assert len(secrets) == 4

    files = [file for file in home.rglob("*") if file.is_file()]
    contents = {str(file): _readable(file) for file in files}
    contents |= _database()

    assert any(name.endswith(".parquet") for name in contents)
    assert any(b"batch.accepted" in content for content in contents.values()), "the search must see what is there"
    for place, content in contents.items():
        for secret in secrets:
            assert secret.encode() not in content, place
            assert str(secret.encode().hex()).encode() not in content, place


def _readable(file: Path) -> bytes:
    """The bytes of a file; of Parquet also its values, because they are packed."""
    content = file.read_bytes()
    if file.suffix == ".parquet":
        import pyarrow.parquet as pq

        content += repr(pq.read_table(file).to_pylist()).encode()
    return content


def _database() -> dict[str, bytes]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(FULL)")
        name = str(connection.settings_dict["NAME"])
        return {file: Path(file).read_bytes() for file in (name, f"{name}-wal") if Path(file).exists()}
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    return found


def test_sealed_numbers_open_with_the_key(path: Path) -> None:
    from jiefa.kernel.vault import Vault

    rosters.load(path)

    vault = Vault(django_settings.JIEFA_VAULT_KEY)
    opened = {vault.open(bytes(sealed)) for sealed in Person.objects.values_list("id_sealed", flat=True)}
    opened |= {vault.open(bytes(h.phone_sealed or b"")) for h in Household.objects.all()}
    opened |= {vault.open(bytes(h.account_sealed or b"")) for h in Household.objects.all()}
    assert opened == _secrets(path)
