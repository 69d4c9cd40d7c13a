"""``python -m benchmarks``: builds what is to be measured, measures, writes ``RESULTS.md`` after every subject.

Exit status 0 when it ran; a target that is missed is a result, said in words.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import psycopg

from benchmarks import (
    assessing,
    assigning,
    funds,
    indicators,
    load,
    match,
    names,
    planning,
    procedures,
    rules,
    sampling,
    snapshot,
    spark,
    todo,
    web,
)
from benchmarks.harness import POSTGRES, ROOT, RUNS, Bench
from benchmarks.report import Results

SUBJECTS: dict[str, ModuleType] = {
    "load": load,
    "snapshot": snapshot,
    "rules": rules,
    "indicators": indicators,
    "names": names,
    "web": web,
    "procedures": procedures,
    "todo": todo,
    "assigning": assigning,
    "funds": funds,
    "match": match,
    "planning": planning,
    "assessing": assessing,
    "sample": sampling,
    "spark": spark,
}
OF_FILES = frozenset({"rules", "indicators", "match", "planning", "spark"})
"""Subjects that ask no records: measured once."""

OF_ARRAYS = {"planning": "arrays"}
RECORDS = ("sqlite", "postgres")


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the province, 0.001 to 1")
    parser.add_argument("--sqlite-scale", type=float, help="another scale for records in SQLite, which one office has")
    parser.add_argument("--only", action="append", choices=list(SUBJECTS), help="one subject; may be repeated")
    parser.add_argument(
        "--database", action="append", choices=list(RECORDS), help="one kind of records; may be repeated"
    )
    parser.add_argument("--fresh", action="store_true", help="build everything anew")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often what is quick is measured")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "benchmarks", help="folder of RESULTS.md and RESULTS.json"
    )
    return parser.parse_args(given)


def _postgres_answers() -> bool:
    try:
        psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def main(given: list[str]) -> int:
    asked = _arguments(given)
    folder = Path(os.environ.get("JIEFA_BENCH_HOME", ROOT / "var" / "bench")).resolve()
    bench = Bench(asked.scale, folder, os.environ.get("JIEFA_BENCH_PREFIX", "jiefa_bench"), asked.runs)
    benches = dict.fromkeys(RECORDS, bench) | {"sqlite": bench.at_scale(asked.sqlite_scale or asked.scale)}
    if asked.fresh:
        for records, own in benches.items():
            for built in (f"built-{own.scale:g}", own.home(records).name):
                shutil.rmtree(folder / built, ignore_errors=True)
    kinds = list(asked.database or RECORDS)
    if "postgres" in kinds and not _postgres_answers():
        kinds.remove("postgres")
        bench.say("no PostgreSQL server answers: measured without it")
    # A snapshot's files are alike whatever the records: they are read where the scale is the larger.
    kinds.sort(key=lambda records: -benches[records].scale)
    for name in asked.only or SUBJECTS:
        subject = SUBJECTS[name]
        for records in kinds[:1] if name in OF_FILES else kinds:
            own = benches[records]
            own.say(f"{name}, {records}")
            results = Results(asked.output, own.scale)
            results.drop(name, OF_ARRAYS.get(name, "Parquet") if name in OF_FILES else records)
            results.add(name, subject.figures(own, records), subject.notes(own))
    if asked.json:
        print(json.dumps(Results(asked.output, bench.scale).plain(), ensure_ascii=False, indent=1))
    else:
        print((asked.output / "RESULTS.md").read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
