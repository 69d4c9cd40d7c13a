"""How a figure is taken: processes of their own, the memory of all of them, medians, what is kept between runs."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("JIEFA_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
VAULT_KEY = "5a" * 32
"""The records are synthetic; a key of its own keeps runs comparable."""

RUNS = 3
LONG_SECONDS = 240.0
"""What takes longer than this in all is not repeated any more: the report says how often it ran."""

EMPTY = "empty"
"""What the database with nothing but tables and divisions is for."""

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Outcome:
    """What a process answered, how long it lived, and the most memory that it and its children held at one moment."""

    answer: dict[str, Any]
    seconds: float
    peak_mib: int
    answers: list[dict[str, Any]]


@dataclass(frozen=True)
class Figure:
    """One measured number beside its raw limit. ``met`` None: nothing was promised."""

    subject: str
    name: str
    records: str
    value: float | None
    unit: str
    raw: float | None = None
    raw_name: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    peak_mib: int | None = None
    peak_target_mib: int | None = None
    runs: int = 1
    note: str = ""
    scale: float = 1.0
    """Share of the province at which it was taken."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.subject, self.name, self.records


@dataclass(frozen=True)
class Bench:
    """Where a run of the benchmarks works and at what scale."""

    scale: float
    folder: Path
    prefix: str = "jiefa_bench"
    runs: int = RUNS
    say: Callable[[str], None] = field(default=lambda text: print(text, file=sys.stderr, flush=True))

    def home(self, records: str) -> Path:
        """The home folder of the product with these records."""
        return self.folder / f"home-{records}-{self.scale:g}"

    def rosters(self) -> Path:
        return self.folder / f"rosters-{self.scale:g}"

    def database_name(self, purpose: str = "") -> str:
        """The name of a PostgreSQL database of the bench."""
        return "_".join(part for part in (self.prefix, f"{self.scale:g}".replace(".", "_"), purpose) if part)

    def database(self, records: str, purpose: str = "") -> str:
        """The address of the records, or of a database of its own for ``purpose``."""
        if records == "postgres":
            return f"{POSTGRES}/{self.database_name(purpose)}"
        return f"sqlite:///{self.home(records) / purpose / 'jiefa.sqlite3'}"

    def empty_database(self, records: str, purpose: str = "") -> None:
        """The database made anew: every table with the divisions, nothing else. Migrated once, copied for each purpose."""
        self.drop_database(records, purpose)
        self._tables_made(records)
        self._copy(records, EMPTY, purpose)

    def _tables_made(self, records: str) -> None:
        mark = self.home(records) / EMPTY / "made"
        if mark.exists():
            return
        self.drop_database(records, EMPTY)
        if records == "postgres":
            with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as link:
                link.execute(f'CREATE DATABASE "{self.database_name(EMPTY)}"')
        self.work("copying", "empty_tables", {}, self.environment(records, EMPTY))
        mark.touch()

    def copy_database(self, records: str, purpose: str) -> None:
        """The records once more, in a database of their own for ``purpose``."""
        self.drop_database(records, purpose)
        self._copy(records, "", purpose)

    def _copy(self, records: str, source: str, purpose: str) -> None:
        if records == "postgres":
            names = self.database_name(purpose), self.database_name(source)
            with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as link:
                link.execute('CREATE DATABASE "{}" TEMPLATE "{}"'.format(*names))
            return
        target = self.home(records) / purpose
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.home(records) / source / "jiefa.sqlite3", target / "jiefa.sqlite3")

    def drop_database(self, records: str, purpose: str) -> None:
        """A database of its own for ``purpose`` and its home are gone."""
        if records == "postgres":
            with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as link:
                link.execute(f'DROP DATABASE IF EXISTS "{self.database_name(purpose)}" WITH (FORCE)')
        shutil.rmtree(self.home(records) / purpose, ignore_errors=True)

    def at_scale(self, scale: float) -> Bench:
        return Bench(scale, self.folder, self.prefix, self.runs, self.say)

    def environment(self, records: str, purpose: str = "", **more: str) -> dict[str, str]:
        """What a process of the bench is started with."""
        home = self.home(records) / purpose
        home.mkdir(parents=True, exist_ok=True)
        left_out = ("JIEFA_", "DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
        plain = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        return plain | {
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),  # as on a machine where the product has run before
            "DJANGO_SETTINGS_MODULE": "jiefa.config.settings",
            "JIEFA_HOME": str(home),
            "JIEFA_VAULT_KEY": VAULT_KEY,
            "DATABASE_URL": self.database(records, purpose),
            **more,
        }

    def work(self, module: str, function: str, arguments: dict[str, Any], environment: dict[str, str]) -> Outcome:
        """``benchmarks.work.MODULE.FUNCTION(**arguments)`` in a process of its own. Its failure is this one's."""
        return self.work_in_turn([(module, function, arguments)], environment)

    def work_in_turn(self, steps: Sequence[tuple[str, str, dict[str, Any]]], environment: dict[str, str]) -> Outcome:
        """Several functions in one process; the answer is that of the last, those of all stand in ``answers``."""
        command = [sys.executable, "-m", "benchmarks.work", json.dumps(steps)]
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        peak = [0]
        sampler = threading.Thread(target=_sample, args=(process, peak), daemon=True)
        sampler.start()
        assert process.stdout is not None
        last = ""
        for line in process.stdout:
            if last:
                self.say(f"    {last}")
            last = line.strip()
        if process.wait() != 0:
            raise RuntimeError(f"{steps[-1][0]}.{steps[-1][1]} ended with status {process.returncode}")
        sampler.join()
        answers = json.loads(last)
        return Outcome(answers[-1], time.monotonic() - started, peak[0] // 1024, answers)

    def repeated(self, measure: Callable[[], Outcome]) -> tuple[float, int, list[Outcome]]:
        """``(median seconds, peak MiB, outcomes)`` of ``runs`` runs; of fewer where they take long."""
        outcomes: list[Outcome] = []
        while len(outcomes) < self.runs and sum(outcome.seconds for outcome in outcomes) < LONG_SECONDS:
            outcomes.append(measure())
        median = statistics.median(float(outcome.answer["seconds"]) for outcome in outcomes)
        return median, max(outcome.peak_mib for outcome in outcomes), outcomes

    def kept(self, name: str, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What ``build`` answers, or what it answered in an earlier run of this scale."""
        file = self.folder / f"built-{self.scale:g}" / f"{name}.json"
        if file.exists():
            answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return answer
        answer = build()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(answer, indent=1), encoding="utf-8")
        return answer


def _sample(process: subprocess.Popen[str], peak: list[int]) -> None:
    """The largest sum of resident memory (KiB) seen; pages that processes share are counted in each."""
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_resident_kib(pid) for pid in _family(process.pid)))
        time.sleep(SAMPLE_SECONDS)


def _family(pid: int) -> list[int]:
    found, waiting = [pid], [pid]
    while waiting:
        one = waiting.pop()
        try:
            tasks = [task / "children" for task in Path(f"/proc/{one}/task").iterdir()]
            below = [int(child) for task in tasks for child in task.read_text().split()]
        except OSError:
            continue
        found += below
        waiting += below
    return found


def _resident_kib(pid: int) -> int:
    try:
        with Path(f"/proc/{pid}/status").open() as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    except OSError:
        return 0
