"""What is written of figures: a missed target is said in words, an earlier run's figures stay until they are taken again."""

from __future__ import annotations

from pathlib import Path

from benchmarks.__main__ import SUBJECTS
from benchmarks.harness import Figure
from benchmarks.report import Results

from benchmarks import report


def _figure(name: str, met: bool | None, **more: object) -> Figure:
    given: dict[str, object] = {"ratio": 0.25, "target": "≥ 0.5 × raw", **more}
    return Figure(subject="load", name=name, records="sqlite", value=1_000.0, unit="rows/s", met=met, **given)


def test_missed_target_is_said_in_words(tmp_path: Path) -> None:
    results = Results(tmp_path, 0.01)

    results.add("load", [_figure("slow", False), _figure("quick", True), _figure("beside", None)], ["how it was done"])

    written = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "2 figures have a target; 1 meet it, 1 miss it." in written
    assert [line.count("**missed**") for line in written.splitlines() if line.startswith("| slow")] == [1]
    assert "- how it was done" in written


def test_memory_beyond_its_limit_is_said(tmp_path: Path) -> None:
    results = Results(tmp_path, 0.01)

    results.add("load", [_figure("large", None, peak_mib=3_000, peak_target_mib=2_048)], [])

    assert "3,000 (≤ 2,048: **missed**)" in (tmp_path / "RESULTS.md").read_text(encoding="utf-8")


def test_figures_of_an_earlier_run_stay_until_taken_again(tmp_path: Path) -> None:
    Results(tmp_path, 0.01).add("load", [_figure("one", True), _figure("two", True)], [])

    again = Results(tmp_path, 0.01)
    again.add("load", [_figure("one", False)], [])

    met = {row["name"]: row["met"] for row in again.plain()["figures"]}
    assert met == {"one": False, "two": True}


def test_every_figure_says_its_scale(tmp_path: Path) -> None:
    Results(tmp_path, 0.2).add("load", [_figure("office", True)], [])

    Results(tmp_path, 1.0).add("load", [_figure("province", True)], [])

    written = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| office | sqlite | 0.2 |" in written
    assert "| province | sqlite | 1 |" in written


def test_every_subject_has_a_heading() -> None:
    assert set(report.HEADINGS) == set(SUBJECTS)
