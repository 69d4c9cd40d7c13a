"""The poor villages and townships of 2014, each by its own procedure: who they are is the generator's, that they are is decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from jiefa.demo import history, reference
from jiefa.exits.actions import places
from jiefa.policy import Pack

PROCEDURES = ("poor_township", "poor_village")
"""Kinds of designation that are decided by the procedure of the same name; all others are published lists."""


def identify(rows: Iterable[Mapping[str, str]], pack: Pack) -> None:
    """Those of ``rows`` (``code, kind, from_year, detail``) that procedures decide, grade by grade, begun with the register."""
    offices = history.offices_of(tuple(county.code for county in reference.counties()))
    by_grade: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for row in rows:
        if row["kind"] in PROCEDURES:
            by_grade[(row["kind"], int(row["from_year"]), int(row["detail"]))].append(row["code"])
    for (procedure, year, grade), codes in sorted(by_grade.items()):
        begins = dt.date(year + 1, 1, 10)
        by = offices.of(pack.procedure(procedure, begins).first, {})
        keys = places.propose(
            procedure=procedure, codes=codes, year=year, by=by, on=begins, pack=pack, campaign=f"{year}"
        )
        history.walk(procedure=procedure, keys=keys, offices=offices, begins=begins, pack=pack, facts={"grade": grade})
