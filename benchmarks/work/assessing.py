"""All counties scored from snapshots: seconds of the whole run, and of reading the same figures from the file alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiefa import policy, snapshots
from jiefa.access.queries import operator
from jiefa.areas import actions as areas
from jiefa.areas import queries as places
from jiefa.assessment.actions import running
from jiefa.assessment.models import CountyFigure, Run
from jiefa.assessment.queries import runs
from jiefa.insight.actions import figures as product
from jiefa.insight.queries.figures import figures_file
from jiefa.kernel.division_codes import Level

SCHEME, PROVINCE = "key_counties", "52"


def prepare(years: Sequence[int]) -> dict[str, Any]:
    """All counties designated, every figure sent in, the figures of the snapshots computed."""
    pack, codes = policy.load(), places.codes_under(PROVINCE, Level.COUNTY)
    rows = [{"code": code, "kind": "key_county", "from_year": "2011", "source": "bench"} for code in codes]
    areas.load_designations(rows=rows, by="bench")
    incomes = [
        {"code": code, "year": year, "disposable_income_per_person_fen": 600_000 + 60_000 * (year - years[0]) + place}
        for place, code in enumerate(codes)
        for year in years
    ]
    areas.load_facts(rows=incomes, source="bench", by="bench")
    names = sorted(pack.codes("assessment_figure").ids)
    CountyFigure.objects.bulk_create(
        CountyFigure(
            area_code=code,
            year=years[-1],
            figure=name,
            value=(7 * place + 3 * number) % 50,
            source="bench",
            by="bench",
            at=timezone.now(),
        )
        for place, code in enumerate(codes)
        for number, name in enumerate(names)
    )
    for year in years:
        product.figures(snapshots.latest(Path(settings.JIEFA_HOME), year), pack)
    return {"counties": len(codes)}


def score(repeats: int) -> dict[str, Any]:
    """The median of the runs, their statements, whether points add up and every run is the same."""
    pack, by = policy.load(), operator((PROVINCE,))
    year = snapshots.latest(Path(settings.JIEFA_HOME)).year
    scheme = pack.scheme(SCHEME, year)
    took, made, statements = [], [], 0
    for _ in range(repeats):
        with CaptureQueriesContext(connection) as captured:
            started = time.perf_counter()
            made.append(running.run(scheme=SCHEME, year=year, by=by, pack=pack))
            took.append(time.perf_counter() - started)
        statements = len(captured)
    last: Run = made[-1]
    return {
        "seconds": statistics.median(took),
        "raw_seconds": _raw(year),
        "counties": last.scores.count(),
        "items": len(scheme.indicators),
        "points": sum(len(one) for one in runs.points_of(last, by.scope(next(iter(by.rights)))).values()),
        "queries": statements,
        "adds_up": runs.adds_up(last),
        "same": len({one.digest for one in made}) == 1,
    }


def _raw(year: int) -> float:
    """Seconds of reading every figure of every county from the file of each year, with nothing done to them."""
    pack, codes = policy.load(), places.codes_under(PROVINCE, Level.COUNTY)
    names = sorted(
        {name for one in pack.scheme(SCHEME, year).sources().values() for name in (one.name, one.of) if name}
    )
    files = [str(figures_file(snapshots.latest(Path(settings.JIEFA_HOME), one), pack)) for one in (year - 1, year)]
    sql = "SELECT * FROM read_parquet(?) WHERE division IN (SELECT unnest(?)) AND indicator IN (SELECT unnest(?))"
    started = time.perf_counter()
    with duckdb.connect(config={"threads": 1}) as db:
        for file in files:
            db.execute(sql, [file, codes, names]).fetchall()
    return time.perf_counter() - started
