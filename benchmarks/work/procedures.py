"""A province's yearly exit as dossiers, step by step, each step by the bulk path."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Substr

from jiefa import policy
from jiefa.areas.models import Division
from jiefa.casework import actions as casework
from jiefa.demo.history import STATED, Offices
from jiefa.demo.papers import paper
from jiefa.exits.actions import households as leaving
from jiefa.exits.queries import household as standards
from jiefa.exits.rules.household import unmet
from jiefa.procedures import actions as procedures
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import HouseholdYear, PersonYear
from jiefa.stores import bulk

STEPS = ("appraisal", "check")
SPOT = {"food": True, "clothing": True}


def yearly_exit(year: int, most: int, list_of: int) -> dict[str, Any]:
    """Seconds of opening and of two decisions about up to ``most`` households, and of one list of ``list_of``."""
    call_command("migrate", verbosity=0)
    pack = policy.load()
    offices = Offices(list(Division.objects.filter(level="county").values_list("code", flat=True)))
    _lift(year, most, pack)
    keys = _fit(year, most, pack)
    begins = dt.date(year, 9, 10)
    version = pack.procedure(leaving.EXIT, begins)
    by = offices.of(version.first, {})
    mark = time.perf_counter()
    made: list[int] = []
    for at in range(0, len(keys), 10_000):
        made += leaving.propose(
            procedure=leaving.EXIT, household_ids=keys[at : at + 10_000], year=year, by=by, on=begins, pack=pack
        )
    parts = {"opened": {"dossiers": len(made), "seconds": time.perf_counter() - mark}}
    rest, chosen = made[list_of:], made[:list_of]
    answer: dict[str, Any] = {"parts": parts}
    for name in STEPS:
        step = version.by_id[name]
        for kind in step.evidence:
            procedures.lay_in_many(dossier_ids=made, kind=kind, name="a.pdf", content=paper(name), by=by, pack=pack)
        decision = Decision("approve", by.name, by.posts, begins, "", {ask.id: STATED[ask.id] for ask in step.asks})
        for dossiers, of in ((rest, "parts"), (chosen, "list")):
            mark = time.perf_counter()
            decided, refused = casework.decide_many(
                procedure=leaving.EXIT, dossier_ids=dossiers, decision=decision, by=by, key=f"bench-{name}", pack=pack
            )
            took = {"dossiers": len(decided), "seconds": time.perf_counter() - mark}
            assert not refused, refused[0]
            if of == "parts":
                parts[f"decided at the step {name}"] = took
            else:
                answer["list"] = took
        print(name, parts, flush=True)
    return answer


def open_desks(year: int, most: int) -> dict[str, Any]:
    """Up to ``most`` dossiers of exit are opened, and a third each put on the desks of village, township and county."""
    call_command("migrate", verbosity=0)
    pack = policy.load()
    offices = Offices(list(Division.objects.filter(level="county").values_list("code", flat=True)))
    poor = HouseholdYear.objects.filter(year=year, poverty_status__in=("poor", "pre_exit"), entered_year__lt=year)
    keys = list(poor.order_by("household").values_list("household_id", flat=True)[:most])
    begins = dt.date(year, 9, 10)
    by = offices.of(pack.procedure(leaving.EXIT, begins).first, {})
    for at in range(0, len(keys), 10_000):
        leaving.propose(
            procedure=leaving.EXIT, household_ids=keys[at : at + 10_000], year=year, by=by, on=begins, pack=pack
        )
    # Only where they lie matters here; the steps on the way there are what the other measurement takes.
    opened = Dossier.objects.filter(outcome="")
    for rest, (step, digits) in enumerate((("township_review", 9), ("county_review", 6)), start=1):
        opened.filter(pk__in=RawSQL("SELECT id FROM procedures_dossier WHERE id %% 3 = %s", [rest])).update(
            step=step, desk=Substr("place_code", 1, digits)
        )
    bulk.refresh_statistics(["procedures_dossier"])
    return {"dossiers": opened.count()}


def _lift(year: int, most: int, pack: policy.Pack) -> None:
    """The cards of households enough are put above every item of the standard: few of a generated province meet it all.

    Whether they do is then judged from the cards, household by household, at every decision, as it would be anyway.
    """
    poor = HouseholdYear.objects.filter(year=year, poverty_status__in=("poor", "pre_exit"), entered_year__lt=year)
    keys = poor.order_by("household").values("household")[:most]
    line = pack.for_year(year).fen("poverty_line.province")
    above = Greatest(F("net_income_fen"), F("size") * (line + 100))
    with transaction.atomic():
        lifted = HouseholdYear.objects.filter(year=year, household__in=keys)
        lifted.update(net_income_fen=above, house_danger="A", water_safe=True)
        members = PersonYear.objects.filter(year=year, household__in=keys)
        members.update(resident_medical=True)
        members.filter(school_stage="not_pupil").update(dropout_reason="illness")


def _fit(year: int, most: int, pack: policy.Pack) -> list[int]:
    """Households in poverty that meet the standard and did not enter this year, by key."""
    found: list[int] = []
    poor = HouseholdYear.objects.filter(year=year, poverty_status__in=("poor", "pre_exit"), entered_year__lt=year)
    last = 0
    while len(found) < most:
        keys = list(
            poor.filter(household__gt=last).order_by("household").values_list("household_id", flat=True)[:20_000]
        )
        if not keys:
            break
        last = keys[-1]
        items = standards.standard_of(keys, year, pack, dict.fromkeys(keys, SPOT))
        found += [key for key in keys if key in items and not unmet(items[key])]
    return found[:most]
