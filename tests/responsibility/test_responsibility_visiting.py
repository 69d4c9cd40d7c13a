"""Visits: who records whose, what a round covers, what is doubtful, and that nothing written is changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.procedures.people import COUNTY, VILLAGE, People
from tests.responsibility.conftest import NEXT_VILLAGE

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas.models import Designation
from jiefa.audit.models import Entry
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import evidence
from jiefa.registry.models import Household
from jiefa.responsibility.actions import visiting
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.models import Cadre, Round, Visit
from jiefa.responsibility.queries import answering
from jiefa.responsibility.queries import visits as queries
from jiefa.responsibility.rules import refusals

Homes = dict[str, Household]
Cadres = dict[str, Cadre]
HERE = Scope((COUNTY,))
ON = dt.date(2015, 5, 20)
PICTURE = b"\xff\xd8\xff of a house"


@pytest.fixture
def he() -> Actor:
    """The helper who signs in as cadre 1."""
    return holder("he", [(Role.HELPER, VILLAGE)])


def visit(homes: Homes, cadres: Cadres, number: str, cadre: str = "1", **changes: object) -> NewVisit:
    values: dict[str, object] = {
        "on": ON, "cadre_id": cadres[cadre].pk, "purpose": "regular", "found": "屋顶漏雨", "household_id": homes[number].pk,
    }  # fmt: skip
    return NewVisit(**{**values, **changes})


def round_2015(people: People) -> Round:
    begins, ends = dt.date(2015, 5, 1), dt.date(2015, 7, 31)
    return visiting.begin_round(title="遍访", area=COUNTY, begins=begins, ends=ends, by=people.wang)


def test_visit_with_a_photograph(homes: Homes, cadres: Cadres, he: Actor, home: Path) -> None:
    made = visiting.record(visit=visit(homes, cadres, "A"), by=he, photo=("屋.jpg", PICTURE))

    assert evidence.content_of(home, "屋.jpg", made.photo) == PICTURE
    assert (made.village_code, made.photo_type) == (VILLAGE, "image/jpeg")
    assert [one.pk for one in queries.of_household(homes["A"].pk)] == [made.pk]
    entry = Entry.objects.get(action="visit.recorded")
    assert (entry.object_type, entry.object_id) == ("household", str(homes["A"].pk))
    assert "漏雨" not in entry.diff


def test_paper_is_no_photograph(homes: Homes, cadres: Cadres, he: Actor) -> None:
    with pytest.raises(evidence.EvidenceUnfit):
        visiting.record(visit=visit(homes, cadres, "A"), by=he, photo=("a.pdf", b"%PDF-1.7"))
    assert not Visit.objects.exists()


def test_helper_records_own_visits_alone(homes: Homes, cadres: Cadres, he: Actor, people: People) -> None:
    with pytest.raises(refusals.VisitOfOther):
        visiting.record(visit=visit(homes, cadres, "A", cadre="2"), by=he)
    with pytest.raises(refusals.HouseholdUnknown):
        visiting.record(visit=visit(homes, cadres, "C"), by=he)
    with pytest.raises(NotAllowed):
        visiting.record(visit=visit(homes, cadres, "A"), by=people.auditor)

    assert visiting.record(visit=visit(homes, cadres, "C", cadre="2"), by=people.sun).cadre.number == "2"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"found": " "}, refusals.VisitEmpty),
        ({"purpose": "round"}, refusals.NoRound),
        ({"on": dt.date(2013, 5, 1)}, refusals.CadreNotServing),
        ({"on": timezone.localdate() + dt.timedelta(days=1)}, refusals.DayToCome),
    ],
)
def test_visit_that_cannot_be(
    changes: dict[str, object], refusal: type[JiefaError], homes: Homes, cadres: Cadres, people: People
) -> None:
    with pytest.raises(refusal):
        visiting.record_many(visits=[visit(homes, cadres, "A"), visit(homes, cadres, "B", **changes)], by=people.sun)

    assert not Visit.objects.exists()


def test_who_was_not_visited_in_time(homes: Homes, cadres: Cadres, people: People) -> None:
    def unvisited(since: dt.date, on: dt.date) -> list[str]:
        return [home.number for home in answering.unvisited(HERE, since, on)]

    visiting.record_many(
        visits=[visit(homes, cadres, "A"), visit(homes, cadres, "B", on=dt.date(2015, 1, 5))], by=people.sun
    )

    assert unvisited(dt.date(2015, 4, 1), dt.date(2015, 6, 30)) == ["B", "C"]
    assert unvisited(ON + dt.timedelta(days=1), dt.date(2015, 6, 30)) == ["A", "B", "C"]
    assert unvisited(dt.date(2015, 1, 1), ON - dt.timedelta(days=1)) == ["A", "C"]


def test_last_visit_of_each(homes: Homes, cadres: Cadres, people: People) -> None:
    earlier = visit(homes, cadres, "A", on=dt.date(2015, 1, 5), found="早")
    visiting.record_many(
        visits=[visit(homes, cadres, "A", found="晚"), earlier, visit(homes, cadres, "B")], by=people.sun
    )

    last = answering.last_visits([home.pk for home in homes.values()], dt.date(2015, 12, 31))

    assert {key: one.found for key, one in last.items()} == {homes["A"].pk: "晚", homes["B"].pk: "屋顶漏雨"}


def test_round_covers_households_and_villages(homes: Homes, cadres: Cadres, people: People) -> None:
    for village in (VILLAGE, NEXT_VILLAGE):
        Designation.objects.create(division_id=village, kind="poor_village", from_year=2014, source="test")
    begun = round_2015(people)
    in_round = [visit(homes, cadres, "A", purpose="round"), visit(homes, cadres, "B", cadre="2", purpose="round")]
    in_round.append(visit(homes, cadres, "A", cadre="2", purpose="round"))
    visiting.record_many(visits=[*in_round, visit(homes, cadres, "C")], by=people.sun)

    covered = queries.coverage(begun, HERE)

    assert (covered.households, covered.households_visited, covered.visitors) == (3, 2, 2)
    assert (covered.villages, covered.villages_visited) == (2, 1)
    assert queries.coverage_by_place(begun, 12, HERE) == {VILLAGE: (2, 2), NEXT_VILLAGE: (1, 0)}
    village = NewVisit(ON, cadres["3"].pk, "round", "看了村委会", village_code=NEXT_VILLAGE)
    visiting.record(visit=village, by=people.sun)
    assert queries.coverage(begun, HERE).villages_visited == 2


def test_narrowest_round_takes_the_visit(homes: Homes, cadres: Cadres, people: People) -> None:
    round_2015(people)
    own = visiting.begin_round(
        title="本乡", area=VILLAGE[:9], begins=ON, ends=ON, by=holder("wang", [(Role.COUNTY_OFFICER, COUNTY)])
    )

    made = visiting.record(visit=visit(homes, cadres, "A", purpose="round"), by=people.sun)

    assert made.of_round_id == own.pk


def test_many_in_a_minute_or_a_day_are_a_question(homes: Homes, cadres: Cadres, people: People) -> None:
    for number in "ABC":
        visiting.record(visit=visit(homes, cadres, number), by=people.sun)
    visiting.record_many(visits=[visit(homes, cadres, n, cadre="2") for n in "ABC"], by=people.sun, of_list="d" * 64)

    def found(in_a_minute: int, in_a_day: int) -> set[tuple[int, str, int]]:
        rows = queries.doubtful(HERE, dt.date(2015, 1, 1), in_a_minute, in_a_day)
        return {(one.cadre, one.kind, one.households) for one in rows}

    one, two = cadres["1"].pk, cadres["2"].pk
    assert found(3, 3) == set()
    assert found(3, 2) == {(one, "day", 3), (two, "day", 3)}
    # The minute may turn between two entries: at most one of the three is left over.
    assert {(cadre, kind) for cadre, kind, _ in found(1, 3)} == {(one, "minute")}


def test_list_is_taken_once(homes: Homes, cadres: Cadres, people: People) -> None:
    rows = [visit(homes, cadres, "A")]
    visiting.record_many(visits=rows, by=people.sun, of_list="d" * 64)

    with pytest.raises(refusals.ListLoaded):
        visiting.record_many(visits=rows, by=people.sun, of_list="d" * 64)


def test_visit_is_never_rewritten(homes: Homes, cadres: Cadres, people: People) -> None:
    visiting.record(visit=visit(homes, cadres, "A"), by=people.sun)

    for change in (lambda: Visit.objects.update(found="x"), lambda: Visit.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_who_begins_a_round(db: None, people: People) -> None:
    for who in (people.sun, people.li, people.wu):
        with pytest.raises(NotAllowed):
            visiting.begin_round(title="x", area=COUNTY, begins=ON, ends=ON, by=who)


def test_correction_is_a_further_visit_that_holds_instead(
    homes: Homes, cadres: Cadres, he: Actor, people: People
) -> None:
    first = visiting.record(visit=visit(homes, cadres, "A"), by=he)
    later = ON + dt.timedelta(days=1)

    again = visiting.record(
        visit=visit(homes, cadres, "A", on=later, found="屋顶已修", corrects=first.pk, reason="日期写错"), by=he
    )

    first.refresh_from_db()
    assert (first.on, first.found) == (ON, "屋顶漏雨")
    assert [(one.pk, one.corrected) for one in queries.of_household(homes["A"].pk)] == [
        (again.pk, False),
        (first.pk, True),
    ]
    assert answering.last_visits([homes["A"].pk], later)[homes["A"].pk].pk == again.pk
    assert not answering.last_visits([homes["A"].pk], ON)
    assert [one.pk for one in queries.visits(HERE)] == [again.pk]

    # Withdrawn: nobody had come.
    visiting.record(
        visit=visit(homes, cadres, "A", on=later, found="", corrects=again.pk, reason="走错了户", void=True),
        by=people.sun,
    )

    assert not queries.visits(HERE).exists()
    assert homes["A"] in answering.unvisited(HERE, ON, later)


def test_who_may_correct_what(homes: Homes, cadres: Cadres, he: Actor, people: People) -> None:
    first = visiting.record(visit=visit(homes, cadres, "A"), by=he)
    others = visiting.record(visit=visit(homes, cadres, "B", cadre="2"), by=people.sun)
    right = {"corrects": first.pk, "reason": "写错"}

    for change, refusal in (
        ({"corrects": first.pk}, refusals.ReasonMissing),
        ({"reason": "写错"}, refusals.ReasonMissing),
        ({"void": True}, refusals.ReasonMissing),
        ({**right, "household_id": homes["B"].pk}, refusals.CorrectedBefore),
        ({"corrects": others.pk, "reason": "写错", "household_id": homes["B"].pk}, refusals.VisitOfOther),
    ):
        with pytest.raises(refusal):
            visiting.record(visit=visit(homes, cadres, "A", **change), by=he)
    visiting.record(visit=visit(homes, cadres, "A", **right), by=he)
    with pytest.raises(refusals.CorrectedBefore):
        visiting.record(visit=visit(homes, cadres, "A", **right), by=he)
    assert Visit.objects.count() == 3
