"""Every measurement runs at the smallest scale, and what it says of correctness is true there. Times are not looked at.

But Spark's, which takes a minute and a half to say at this scale what ``tests/insight/rules`` hold on more registers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests import engines

pytestmark = pytest.mark.xdist_group("benchmarks")  # what they measure is built once

ROOT = Path(__file__).resolve().parents[2]
QUICK = (
    "load",
    "snapshot",
    "rules",
    "indicators",
    "names",
    "web",
    "procedures",
    "todo",
    "assigning",
    "funds",
    "planning",
    "assessing",
    "sample",
)
SMALLEST = "0.001"
PREFIX = "jiefa_bench_smoke_test"


def _run(folder: Path, subjects: tuple[str, ...], records: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks", "--scale", SMALLEST, "--runs", "1", "--database", records, "--json"]
    command += ["--output", str(folder / "results"), *(word for name in subjects for word in ("--only", name))]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "JIEFA_BENCH_HOME": str(folder),
        "JIEFA_BENCH_PREFIX": PREFIX,
        "JIEFA_BENCH_POSTGRES": engines.POSTGRES.rstrip("/"),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert told.returncode == 0, told.stderr[-4_000:]
    results: dict[str, Any] = json.loads(told.stdout)
    written = (folder / "results" / "RESULTS.md").read_text(encoding="utf-8")
    assert all(row["name"] in written for row in results["figures"])
    return results


def _of(results: dict[str, Any], subject: str) -> list[dict[str, Any]]:
    return [row for row in results["figures"] if row["subject"] == subject]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def on_sqlite(built: Path) -> dict[str, Any]:
    return _run(built, QUICK, "sqlite")


@pytest.fixture
def postgres_databases() -> Iterator[None]:
    yield
    with psycopg.connect(f"{engines.POSTGRES.rstrip('/')}/postgres", autocommit=True) as link:
        made = link.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]).fetchall()
        for (name,) in made:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.sqlite
def test_every_subject_gives_figures(on_sqlite: dict[str, Any]) -> None:
    assert {row["subject"] for row in on_sqlite["figures"]} == set(QUICK)
    assert all(row["value"] is not None for row in on_sqlite["figures"]), on_sqlite["figures"]


@pytest.mark.sqlite
def test_pages_are_answered(on_sqlite: dict[str, Any]) -> None:
    assert not [row["note"] for row in _of(on_sqlite, "web") if "not answered" in row["note"]]


@pytest.mark.sqlite
def test_plans_keep_every_limit(on_sqlite: dict[str, Any]) -> None:
    assert all("; 0 limits broken" in row["note"] for row in _of(on_sqlite, "planning"))


@pytest.mark.sqlite
def test_points_of_counties_add_up_and_are_the_same_again(on_sqlite: dict[str, Any]) -> None:
    (row,) = _of(on_sqlite, "assessing")
    assert "NO" not in row["note"]
    assert row["name"].startswith("88 counties")


@pytest.mark.sqlite
def test_a_seed_draws_the_same_again_and_what_was_put_in_comes_out(on_sqlite: dict[str, Any]) -> None:
    drawn, estimated = _of(on_sqlite, "sample")
    assert "NO" not in drawn["note"]
    assert "NO" not in estimated["note"]


@pytest.mark.sqlite
def test_names_are_those_of_like_and_pandas_finds_as_many(on_sqlite: dict[str, Any]) -> None:
    assert not [row["note"] for row in _of(on_sqlite, "names") if not row["met"]]
    assert not [row["note"] for row in _of(on_sqlite, "rules") if "unlike" in row["note"]]


@pytest.mark.database
@pytest.mark.postgres
def test_records_in_postgres(built: Path, postgres_databases: None) -> None:
    results = _run(built, ("load", "names", "funds"), "postgres")

    assert {row["records"] for row in results["figures"]} == {"postgres"}
    assert not [row["note"] for row in _of(results, "names") if "finds other people" in row["note"]]
