"""Help in the demonstration comes to the published figures, scaled: computed from the rows, county by county inside the province."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db.models import Count, F, Q, Sum

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.assistance.models import (
    Course,
    FundEntry,
    Hamlet,
    Loan,
    ProgrammeRecord,
    Repayment,
    SettlementSite,
)
from jiefa.assistance.queries import credit, gaps, programmes, promises
from jiefa.assistance.rules import credit as rules
from jiefa.audit import queries as audit
from jiefa.demo import helping, moving
from jiefa.demo.generate import Demo
from jiefa.demo.help_lists import YEAR
from jiefa.demo.targets import scaled
from jiefa.insight.actions import intake
from jiefa.lists.models import ReceivedList
from jiefa.registry.models import PersonYear

PROVINCE = Scope(("52",))
SCALE = 0.001


@pytest.fixture
def helped(db: None, home: Path, tmp_path: Path) -> None:
    """The cards of the year alone, and the help that followed."""
    for part in Demo(tmp_path, SCALE, 2015, YEAR):
        if part.year == YEAR:
            paths = (part.households, part.members)
            intake.load_roster(path=paths, pack=policy.load(), within=PROVINCE, by="demo", take_over=True)
    helping.help_households(SCALE, YEAR, policy.load())


def test_totals_are_those_published(helped: None) -> None:
    lent = Loan.objects.filter(from_on__year=YEAR)
    of = ProgrammeRecord.objects.filter

    found = {
        "F01": FundEntry.objects.filter(kind="contribution", on__year=YEAR).aggregate(n=Sum("amount_fen"))["n"],
        "F02": lent.aggregate(n=Sum("amount_fen"))["n"],
        "F03": of(programme="training").aggregate(n=Sum("amount_fen"))["n"],
        "F04": of(programme="training", traced_on__year=YEAR).count(),
        "F05": of(programme="relocation").aggregate(n=Sum("amount_fen"))["n"],
        "F06": of(programme="relocation", traced_on__year=YEAR).aggregate(n=Sum("people"))["n"],
        "M01": of(programme="relocation").count(),
        "M02": of(programme="relocation").aggregate(n=Sum("people"))["n"],
    }

    assert found == {
        "F01": scaled(21_600_000_000, SCALE),
        "F02": scaled(7_600_000_000, SCALE) * 100,
        "F03": scaled(15_000_000_000, SCALE),
        "F04": scaled(393_500, SCALE),
        "F05": scaled(380_000_000_000, SCALE),
        "F06": scaled(200_000, SCALE),
        "M01": scaled(477_100, SCALE),
        "M02": scaled(2_043_000, SCALE),
    }
    assert not ReceivedList.objects.filter(held_back__gt=0).exists()
    assert not audit.verify().faults


def test_pages_and_limits_hold_over_all_of_it(helped: None) -> None:
    on = dt.date(YEAR, 12, 31)
    held = rules.limits(policy.load().at(on))
    lent = Loan.objects.filter(from_on__year=YEAR).aggregate(n=Sum("amount_fen"))["n"]
    assert round(lent / credit.standing(PROVINCE, on, held).paid_in_fen, 1) == 35.2
    most = Loan.objects.values("household").annotate(owed=Sum("balance_fen"), n=Count("pk"))
    assert not most.filter(owed__gt=held.household_fen).exists()
    repaid = Repayment.objects.aggregate(n=Sum("principal_fen"))["n"]
    assert repaid == Loan.objects.aggregate(n=Sum(F("amount_fen") - F("balance_fen")))["n"]

    sums = programmes.by_programme(PROVINCE, YEAR)
    for name, one in sums.items():
        rows = ProgrammeRecord.objects.filter(programme=name)
        by_county = programmes.by_place(PROVINCE, name, YEAR, 6)
        assert sum(each.fen for each in by_county.values()) == one.fen == sum(row.amount_fen for row in rows)
        assert one.traced == rows.filter(traced_on__isnull=False).count()
    (covered,) = gaps.coverage(gaps.Asked(PROVINCE, YEAR, on, policy.load()), 2).values()
    trained = ProgrammeRecord.objects.filter(programme="training", traced_on__isnull=False)
    assert covered.covered == trained.values("household").distinct().count()
    assert sums["guarantee"].fen == sum(
        int(row.own[f"m{month:02}"])
        for row in ProgrammeRecord.objects.filter(programme="guarantee")
        for month in range(1, 13)
    )
    assert not ProgrammeRecord.objects.filter(Q(programme="relocation", people__gt=F("household__size"))).exists()


def test_what_cases_name_is_on_file_and_promises_are_what_a_plain_count_finds(helped: None) -> None:
    assert not ReceivedList.objects.filter(
        kind__in=("courses", "sites", "hamlets", "training", "relocation"), warnings__gt=0
    )
    held = dict(Course.objects.values_list("number", "trade"))
    trained = ProgrammeRecord.objects.filter(programme="training")
    assert all(held[row.own["course"]] == row.own["trade"] for row in trained)
    cases = list(ProgrammeRecord.objects.filter(programme="relocation"))
    sites = set(SettlementSite.objects.values_list("county_code", "name"))
    hamlets = set(Hamlet.objects.values_list("village_code", "name"))
    assert {(row.village_code, row.own["hamlet"]) for row in cases} == hamlets
    assert {(row.village_code[:6], row.own["site"]) for row in cases if "site" in row.own} == sites

    people = PersonYear.objects.filter(year=YEAR)
    able = set(people.filter(labour__in=promises.LABOUR).values_list("household_id", flat=True))
    at_school = people.exclude(school_stage__in=promises.NOT_AT_SCHOOL).exclude(school_stage=None)
    pupils = set(at_school.values_list("household_id", flat=True))
    moved = [row.own for row in cases if row.traced_on]
    homes = [row for row in cases if row.traced_on]
    settled = [
        row
        for row in homes
        if by_end(row, "medical_on") and (by_end(row, "school_on") or row.household_id not in pupils)
    ]
    workers = [row for row in homes if row.household_id in able]
    total = promises.Standing.total([*promises.by_place(PROVINCE, YEAR, 6).values()])
    assert {name: (one.of, one.kept) for name, one in total.shares.items()} == {
        "moved_out": (len(cases), len(moved)),
        "settled": (len(moved), len(settled)),
        "employed": (len(workers), sum(by_end(row, "employed_on") for row in workers)),
        "secured": (len(moved), sum(by_end(row, "secured_on") for row in homes)),
        "occupied": (len(moved), len(moved)),
        "demolished": (len(moved), sum(by_end(row, "demolished_on") for row in homes)),
    }
    assert total == promises.Standing.total([*promises.by_site(PROVINCE, YEAR).values()])
    assert total.moved_people == scaled(200_000, SCALE)


def by_end(row: ProgrammeRecord, column: str) -> bool:
    """Whether the day in the column lies in the year or before it."""
    return column in row.own and row.own[column] <= f"{YEAR}-12-31"


def test_year_before_it_has_none_of_it(db: None, home: Path) -> None:
    helping.help_households(SCALE, YEAR - 1, policy.load())

    assert not ReceivedList.objects.exists()


@pytest.mark.parametrize("total", range(3, 40))
def test_places_come_to_exactly_so_many_people(total: int) -> None:
    people = [3 + place % 4 for place in range(12)]

    assert sum(people[place] for place in moving._exactly(people, total)) == total
