"""The same seed and scale give the same bytes; another seed another province."""

from __future__ import annotations

import hashlib
from pathlib import Path

from jiefa.demo.generate import generate
from jiefa.demo.manifest import Manifest


def digests(manifest: Manifest) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in manifest.folder.iterdir()}


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    first = generate(tmp_path / "first", scale=0.001, seed=4, until=2016)
    second = generate(tmp_path / "second", scale=0.001, seed=4, until=2016)

    assert digests(first) == digests(second)


def test_another_seed_gives_other_people_and_the_same_totals(tmp_path: Path) -> None:
    first = generate(tmp_path / "first", scale=0.001, seed=4, until=2014)
    other = generate(tmp_path / "other", scale=0.001, seed=5, until=2014)

    assert digests(first)["members-2014-001.parquet"] != digests(other)["members-2014-001.parquet"]
    assert [flow.closing for flow in first.totals] == [flow.closing for flow in other.totals] == [7450, 6230]


def test_only_the_years_asked_for_are_written(tmp_path: Path) -> None:
    manifest = generate(tmp_path, scale=0.001, seed=4, until=2015, years=[2015])

    assert [part.year for part in manifest.parts] == [2015]
    assert [flow.year for flow in manifest.totals] == [2013, 2014, 2015]
