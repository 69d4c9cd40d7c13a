"""The whole suite: every test with the records in SQLite, then those that use the records once more in PostgreSQL.

``python -m tests.suite`` ends with one line, ``N passed, N failed, N skipped``, and status 0 when nothing failed. Where a
server, browser or Java is missing, the tests that need it are skipped and named; with CI=true a skip is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from tests import engines

WORKERS = "2"
NAMED_AT_MOST = 40
SLOWEST = 40
"""Tests whose time is told, for whoever wants the suite to be quicker."""
NO_TESTS = 5
"""pytest's own status when nothing was selected."""


@dataclass
class Count:
    """What became of the tests of one or more runs, with the names of those that did not pass."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, report: Path, engine: str) -> None:
        """The results of one run's JUnit report are added."""
        for case in ET.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname', '').replace('.', '/')}::{case.get('name')} [{engine}]"
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed.append(name)
            elif skipped is not None:
                self.skipped.append(f"{name}: {skipped.get('message')}")
            else:
                self.passed += 1


def _run(engine: str, environment: dict[str, str], arguments: list[str], count: Count) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadgroup", f"--junitxml={report}"]
        command += [f"--durations={SLOWEST}"]
        started = time.monotonic()
        sys.stdout.write(f"== {engine}\n")
        sys.stdout.flush()
        status = subprocess.run([*command, *arguments], env=environment, check=False).returncode
        sys.stdout.write(f"\n== {engine}: {time.monotonic() - started:.0f} s\n")
        before = len(count.failed)
        if report.exists():
            count.add(report, engine)
        if status not in (0, NO_TESTS) and len(count.failed) == before:
            count.failed.append(f"pytest itself ended with status {status} [{engine}]")


def main(arguments: list[str]) -> int:
    """The status: 0 when all that ran passed and, in CI, nothing was skipped."""
    count = Count()
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    there = engines.postgres_answers()
    changed = {"DATABASE_URL": engines.postgres_url()} if there else {"JIEFA_TEST_ABSENT": "postgres"}
    with tempfile.TemporaryDirectory(prefix="jiefa-tests-") as home:
        # One home for both: what one builds for all its tests, the other finds.
        plain["JIEFA_TEST_HOME"] = home
        _run("SQLite", plain, arguments, count)
        _run("PostgreSQL", {**plain, **changed}, ["-m", "database", *arguments], count)
    in_ci = os.environ.get("CI") == "true"
    for title, names in (("failed", count.failed), ("skipped", count.skipped)):
        for name in names if title == "failed" else names[: None if in_ci else NAMED_AT_MOST]:
            sys.stdout.write(f"{title}: {name}\n")
    if not in_ci and len(count.skipped) > NAMED_AT_MOST:
        sys.stdout.write(f"skipped: and {len(count.skipped) - NAMED_AT_MOST} more of the same kinds\n")
    if in_ci and count.skipped:
        sys.stdout.write("in CI nothing may be skipped\n")
    sys.stdout.write(f"{count.passed} passed, {len(count.failed)} failed, {len(count.skipped)} skipped\n")
    return 1 if count.failed or not count.passed or (in_ci and count.skipped) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
