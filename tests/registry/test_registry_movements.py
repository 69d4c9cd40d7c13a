"""opening + movements = closing, whatever happens to households over the years."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry import rosters
from tests.registry.rosters import Row

from jiefa.registry.models import HouseholdYear, Membership, Movement, PersonYear

YEARS = (2013, 2014, 2015)
POOR = ("poor", "pre_exit", "returned")
NEXT = {"poor": ["poor", "pre_exit", "exited"], "pre_exit": ["poor", "exited"], "exited": ["exited", "returned"]}
NEXT["returned"] = NEXT["poor"]
JOINING, LEAVING = ("birth", "marriage_in", "moved_in"), ("death", "marriage_out", "moved_out")


History = dict[int, tuple[str, list[tuple[int, str | None]]]]


@st.composite
def histories(draw: st.DrawFn) -> list[History]:
    """Per household, per year: its status and its members (serial, change). A year may be loaded twice, corrected."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        status = draw(st.sampled_from(["poor", "exited", "pre_exit"]))
        members, serial = [100 * number + one for one in range(draw(st.integers(1, 4)))], 100 * number + 50
        history: History = {}
        for year in YEARS[draw(st.integers(0, 1)) :]:
            rows: list[tuple[int, str | None]] = [(member, None) for member in members]
            if history:
                status = draw(st.sampled_from(NEXT[status]))
                leaving = draw(st.sets(st.sampled_from(members[1:]), max_size=2)) if len(members) > 1 else set()
                rows = [(one, draw(st.sampled_from(LEAVING)) if one in leaving else None) for one in members]
                for _ in range(draw(st.integers(0, 2))):
                    serial += 1
                    rows.append((serial, draw(st.sampled_from(JOINING))))
            history[year] = (status, rows)
            members = [one for one, change in rows if change not in LEAVING]
        made.append(history)
    return made


def _rows(
    number: str,
    village: str,
    year: int,
    status: str,
    people: list[tuple[int, str | None]],
    entered: int,
    exited: int | None,
) -> tuple[Row, list[Row]]:
    row = rosters.household(number, village, year, poverty_status=status, entered_year=entered, exited_year=exited)
    row["stated_size"] = sum(change not in LEAVING for _, change in people)
    members = []
    for place, (serial, change) in enumerate(people):
        person = rosters.member(number, 10 * serial + (0 if place == 0 else 1 + serial % 9), year)
        person |= {"name": f"名{serial}", "change": change, "changed_on": dt.date(year, 5, 5) if change else None}
        members.append(person)
    return row, members


def _load_year(folder: Path, villages: list[str], plan: list[History], year: int, wage: int) -> None:
    households, members = [], []
    for position, history in enumerate(plan):
        if year not in history:
            continue
        status, people = history[year]
        exits = [one for one in sorted(history) if one <= year and history[one][0] == "exited"]
        row, rows = _rows(
            f"H{position}",
            villages[position],
            year,
            status,
            people,
            min(history),
            min(exits) if status == "exited" else None,
        )
        households.append(row | {"wage_income_fen": wage})
        members += rows
    if households:
        batch = rosters.load_unjudged(rosters.write(folder, households, members))
        assert (batch.held_back, batch.accepted) == (0, len(households))
    shutil.rmtree(folder, ignore_errors=True)


def _assert_flows_fit(plan: list[History]) -> None:
    stock: dict[tuple[str, int], int] = defaultdict(int)
    for number, year, people in HouseholdYear.objects.filter(poverty_status__in=POOR).values_list(
        "household__number", "year", "size"
    ):
        stock[number, year] = people
    flows = Movement.objects.values_list("household__number", "year").annotate(people=Sum("people"))
    flow = {(number, year): people for number, year, people in flows}
    for position in range(len(plan)):
        number = f"H{position}"
        for year in YEARS:
            assert stock[number, year - 1] + flow.get((number, year), 0) == stock[number, year], (number, year, plan)


@settings(max_examples=10)
@given(plan=histories(), again=st.sampled_from([None, *YEARS]))
def test_opening_and_movements_are_the_closing(
    db: None, villages: list[str], tmp_path: Path, plan: list[History], again: int | None
) -> None:
    with transaction.atomic():
        for year in YEARS:
            _load_year(tmp_path / "roster", villages, plan, year, 600_000)
            if year == again:
                _load_year(tmp_path / "roster", villages, plan, year, 612_300)
        _assert_flows_fit(plan)
        for position, history in enumerate(plan):
            present = {serial for serial, change in history[YEARS[-1]][1] if change not in LEAVING}
            names = {f"名{serial}" for serial in present}
            open_ones = Membership.objects.filter(household__number=f"H{position}", left_on=None)
            cards = PersonYear.objects.filter(household__number=f"H{position}", year=YEARS[-1])
            assert set(open_ones.values_list("person__name", flat=True)) == names
            assert set(cards.values_list("person__name", flat=True)) == names
        transaction.set_rollback(True)


def test_member_of_whom_a_taken_over_register_says_nothing(db: None, villages: list[str], tmp_path: Path) -> None:
    row, people = rosters.family("H0", villages[0], 10, 2014, 3)
    rosters.load(rosters.write(tmp_path / "1", [row], people))
    row, people = rosters.family("H0", villages[0], 10, 2015, 2)

    rosters.load(rosters.write(tmp_path / "2", [row], people), take_over=True)

    assert list(Movement.objects.filter(year=2015).values_list("kind", "people")) == [("correction_out", -1)]
