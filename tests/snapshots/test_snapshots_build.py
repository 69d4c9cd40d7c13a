"""A snapshot is whole or not there; what is in it is what was on file; what was changed in it is found."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection

from jiefa import snapshots
from jiefa.snapshots import FileFault, Snapshot, SnapshotUnknown, TableSource
from jiefa.stores.export import ExportFailed

MOMENT = dt.datetime(2014, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
SCHEMA = pa.schema([("code", pa.string()), ("name", pa.string())])
COUNTIES = ("520326", "520302")


def _source(name: str = "villages", counties: tuple[str, ...] = COUNTIES, where: str = "1 = 1") -> TableSource:
    queries = {
        county: f"SELECT code, name FROM areas_division WHERE code >= '{county}' AND code < '{int(county) + 1}' AND {where} ORDER BY code"
        for county in counties
    }
    return TableSource(name, SCHEMA, queries, dict.fromkeys(counties, 1))


def _build(home: Path, *sources: TableSource, year: int = 2014, kind: str = "freeze") -> Snapshot:
    return snapshots.build(
        home,
        year=year,
        kind=kind,
        as_of=MOMENT,
        made_by="li",
        policy_version="0123456789ab",
        mark=0,
        tables=sources or [_source()],
    )


@pytest.mark.usefixtures("transactional_db")
class TestBuilt:
    def test_rows_are_those_on_file(self, home: Path) -> None:
        snapshot = _build(home, _source(), _source("counties", ("52",), "length(code) = 6"))

        codes = snapshot.table("villages").to_pyarrow()["code"].to_pylist()
        facts = snapshot.manifest.table("villages")
        assert len(codes) == facts.rows == len(set(codes)) > 200
        assert {code[:6] for code in codes} == set(COUNTIES)
        assert snapshot.table("counties").count().execute() == 88
        assert [file.path for file in facts.files] == ["villages/520326.parquet", "villages/520302.parquet"]
        assert (snapshot.manifest.made_by, snapshot.manifest.moment, snapshot.year) == ("li", MOMENT, 2014)
        assert snapshots.verify(snapshot) == []

    def test_reopened_says_the_same(self, home: Path) -> None:
        snapshot = _build(home)

        again = snapshots.find(home, snapshot.id)

        assert again.manifest == snapshot.manifest

    def test_table_without_rows(self, home: Path) -> None:
        snapshot = _build(home, _source(where="1 = 0"))

        assert snapshot.manifest.table("villages").rows == 0
        assert snapshot.table("villages").to_pyarrow() == SCHEMA.empty_table()
        assert snapshots.verify(snapshot) == []

    def test_county_without_rows_among_others(self, home: Path) -> None:
        snapshot = _build(home, _source(counties=("520326", "529999")))

        assert snapshot.files("villages") == [snapshot.part("villages", "520326")]
        assert snapshots.verify(snapshot) == []

    def test_several_of_one_second_are_all_kept_and_the_last_is_the_newest(self, home: Path) -> None:
        made = [_build(home, kind=kind) for kind in ("now", "freeze", "freeze")]

        assert len({snapshot.id for snapshot in made}) == 3
        assert [snapshot.id for snapshot in snapshots.listing(home)] == [snapshot.id for snapshot in reversed(made)]
        assert snapshots.latest(home, 2014).id == made[-1].id
        for snapshot in made:
            assert snapshots.find(home, snapshot.id).manifest.id == snapshot.id

    def test_latest_is_of_the_latest_year(self, home: Path) -> None:
        newer_year = _build(home, year=2015)
        older_year = _build(home, year=2014)
        (home / "snapshots" / "2016").mkdir()

        assert snapshots.latest(home).id == newer_year.id
        assert snapshots.latest(home, 2014).id == older_year.id

    def test_broken_query_leaves_nothing(self, home: Path) -> None:
        broken = TableSource("villages", SCHEMA, {"520326": "SELECT no_such_column FROM areas_division"}, {})

        with pytest.raises(ExportFailed):
            _build(home, _source("counties"), broken)

        assert snapshots.listing(home) == []
        assert list((home / "snapshots" / "2014").iterdir()) == []

    def test_derived_files_stand_beside_not_inside(self, home: Path) -> None:
        snapshot = _build(home)

        assert not snapshot.derived("x.parquet").is_relative_to(home / "snapshots")
        assert snapshot.derived("x.parquet").is_relative_to(home)


@pytest.mark.parametrize("identity", ["2014-20150101T000000-freeze", "", "../../etc", "2014-x/../..", "2014"])
def test_find_what_is_not_there(home: Path, identity: str) -> None:
    with pytest.raises(SnapshotUnknown):
        snapshots.find(home, identity)


def test_latest_where_there_is_none(home: Path) -> None:
    with pytest.raises(SnapshotUnknown, match="jiefa snapshot"):
        snapshots.latest(home)
    assert snapshots.listing(home) == []


@pytest.fixture
def built(transactional_db: None, home: Path) -> Snapshot:
    return _build(home)


class TestVerify:
    @pytest.mark.parametrize("place", [0, 500, -1])
    def test_changed_byte(self, built: Snapshot, place: int) -> None:
        path = built.part("villages", "520326")
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)

        assert snapshots.verify(built) == [FileFault("villages/520326.parquet", "altered")]

    def test_missing_file(self, built: Snapshot) -> None:
        built.part("villages", "520302").unlink()

        assert snapshots.verify(built) == [FileFault("villages/520302.parquet", "missing")]

    def test_extra_file(self, built: Snapshot) -> None:
        built.part("villages", "520399").write_bytes(b"PAR1")

        assert snapshots.verify(built) == [FileFault("villages/520399.parquet", "extra")]

    def test_two_files_exchanged(self, built: Snapshot) -> None:
        one, other = built.part("villages", "520326"), built.part("villages", "520302")
        content = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(content)

        assert {fault.kind for fault in snapshots.verify(built)} == {"altered"}
        assert len(snapshots.verify(built)) == 2


BUILDER = """
import datetime as dt, sys, pathlib
import django
django.setup()
from tests.snapshots.test_snapshots_build import _build, _source
home = pathlib.Path(sys.argv[1])
print("begun", flush=True)
while True:
    snapshot = _build(home, _source(), _source("again"))
    print(snapshot.id, flush=True)
"""


@pytest.fixture
def builder(transactional_db: None, home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that makes one snapshot after another, in a group of its own with its workers."""
    records = connection.settings_dict
    name = records["NAME"]
    place = f"{records['USER']}:{records['PASSWORD']}@{records['HOST']}:{records['PORT'] or 5432}"
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgresql://{place}/{name}"
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={
            **os.environ,
            "PYTHONPATH": "src:.",
            "DATABASE_URL": url,
            "JIEFA_HOME": str(home),
            "JIEFA_VAULT_KEY": settings.JIEFA_VAULT_KEY.hex(),
        },
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_reader_never_sees_half_a_snapshot_even_of_a_killed_builder(home: Path, builder: subprocess.Popen[str]) -> None:
    assert builder.stdout is not None
    assert builder.stdout.readline() == "begun\n"
    seen: set[str] = set()
    end = time.monotonic() + 6

    while time.monotonic() < end:
        for snapshot in snapshots.listing(home):
            if snapshot.id not in seen:
                assert snapshots.verify(snapshot) == []
                seen.add(snapshot.id)
        if seen and len(seen) >= 2:
            break
        time.sleep(0.01)
    scratch = home / "snapshots" / "2014"
    while not any(path.name.startswith(".building-") for path in scratch.iterdir()):
        time.sleep(0.001)
    os.killpg(builder.pid, signal.SIGKILL)
    builder.wait()

    assert [snapshots.verify(snapshot) for snapshot in snapshots.listing(home)] == [[]] * len(snapshots.listing(home))
    if snapshots.listing(home):
        assert snapshots.latest(home).id == snapshots.listing(home)[0].id
    assert snapshots.verify(_build(home)) == []
