"""The poor villages and townships of 2014, each by its own procedure: who they are is the generator's, that they are is decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from jiefa.areas import actions as areas
from jiefa.areas.models import DivisionYear
from jiefa.demo import geography, history, reference, services
from jiefa.exits.actions import places
from jiefa.policy import Pack

PROCEDURES = ("poor_township", "poor_village")
"""Kinds of designation that are decided by the procedure of the same name; all others are published lists."""


def identify(rows: Iterable[Mapping[str, str]], pack: Pack, by: str) -> None:
    """Those of ``rows`` (``code, kind, from_year, detail``) that procedures decide, grade by grade, begun with the register."""
    declared = list(rows)
    _report({row["code"] for row in declared if row["kind"] == "poor_village"}, by)
    offices = history.offices_of(tuple(county.code for county in reference.counties()))
    by_grade: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for row in declared:
        if row["kind"] in PROCEDURES:
            by_grade[(row["kind"], int(row["from_year"]), int(row["detail"]))].append(row["code"])
    for (procedure, year, grade), codes in sorted(by_grade.items()):
        begins = dt.date(year + 1, 1, 10)
        office = offices.of(pack.procedure(procedure, begins).first, {})
        keys = places.propose(
            procedure=procedure, codes=codes, year=year, by=office, on=begins, pack=pack, campaign=f"{year}"
        )
        history.walk(procedure=procedure, keys=keys, offices=offices, begins=begins, pack=pack, facts={"grade": grade})


def _report(asking: set[str], by: str) -> None:
    """What the standard of a poor village compares: of the province, and of villages in which nobody of this scale lives."""
    land, year = geography.land(), services.BASE_YEAR
    reported = set(DivisionYear.objects.filter(year=year).values_list("division_id", flat=True))
    incomes, collective = services.net_income_per_person_fen(year), services.collective_income_fen(year)
    rows: list[dict[str, object]] = [
        {
            "code": str(land.code[place]),
            "year": year,
            "net_income_per_person_fen": int(incomes[place]),
            "collective_income_fen": int(collective[place]),
        }
        for place in range(len(land.code))
        if land.code[place] in asking and land.code[place] not in reported
    ]
    rows.append({"code": "52", "year": year, "net_income_per_person_fen": services.province_net_income_fen(year)})
    areas.load_facts(rows=rows, source="demo", by=by)
