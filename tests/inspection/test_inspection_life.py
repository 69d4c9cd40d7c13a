"""Unannounced visits: secret until they are done, put right by the place, looked at again by somebody else; talks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from jiefa import policy
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.inspection.actions import following, visiting
from jiefa.inspection.actions.following import NewInterview
from jiefa.inspection.actions.visiting import Found
from jiefa.inspection.models import FindingState, SpotCheck, SpotFinding, SpotItem
from jiefa.inspection.queries import visits
from jiefa.inspection.queries.visits import Sifted
from jiefa.inspection.rules import refusals
from jiefa.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db

PACK = policy.load()
PREFECTURE, COUNTY, TOWNSHIP = "5203", "520324", "520324103"
ON, LATE = dt.date(2015, 6, 1), dt.date(2015, 9, 1)


def officer(role: Role, area: str) -> Actor:
    return holder(f"{role.value}-{area}", [(role, area)])


QIAN = officer(Role.PREFECTURE_OFFICER, PREFECTURE)
WANG = officer(Role.COUNTY_OFFICER, COUNTY)
TOWN = officer(Role.TOWNSHIP_OFFICER, TOWNSHIP)
AUDITOR = officer(Role.AUDITOR, "52")
PROVINCE = officer(Role.PROVINCE_OFFICER, "52")


def recorded(place: str = TOWNSHIP, by: Actor = WANG, wrong: str = "notice") -> SpotFinding:
    made = visiting.plan(place=place, planned_for=ON, reason="随机", by=by)
    found = [
        Found(item.id, "wrong" if item.id == wrong else "in_order", "没有公示" if item.id == wrong else "")
        for item in PACK.codes("spot_item").values
    ]
    visiting.record(visit=made.pk, on=ON, text="随机入户五户", found=found, by=by, pack=PACK)
    return SpotFinding.objects.get(check_of=made)


def knows(made: SpotCheck, *people: Actor) -> list[bool]:
    return [visits.visit(made.pk, by) is not None for by in people]


def test_a_planned_visit_is_known_to_those_who_make_it_and_above_alone() -> None:
    made = visiting.plan(place=COUNTY, planned_for=ON, reason="随机", by=QIAN)
    both = holder("both", [(Role.PREFECTURE_OFFICER, PREFECTURE), (Role.COUNTY_OFFICER, COUNTY)])

    assert knows(made, QIAN, PROVINCE, WANG, TOWN, AUDITOR, both) == [True, True, False, False, False, False]
    assert visits.to_act(WANG, None, LATE).to_visit == 0
    assert not audit.entries((COUNTY,)).filter(object_type="spot_check").exists()
    assert COUNTY not in Entry.objects.get(object_type="spot_check").diff
    for by in (WANG, both):
        with pytest.raises(refusals.VisitUnknown):
            visiting.drop(visit=made.pk, by=by)
    found = [Found(item.id, "in_order") for item in PACK.codes("spot_item").values]
    visiting.record(visit=made.pk, on=ON, text="x", found=found, by=QIAN, pack=PACK)
    assert knows(made, WANG, TOWN, AUDITOR) == [True, False, True]
    assert audit.entries((COUNTY,)).filter(action="spot_check.recorded").exists()


def test_a_dropped_visit_is_never_known_to_the_place() -> None:
    made = visiting.plan(place=COUNTY, planned_for=ON, reason="随机", by=QIAN)
    visiting.drop(visit=made.pk, by=QIAN)

    both = holder("both", [(Role.PREFECTURE_OFFICER, PREFECTURE), (Role.COUNTY_OFFICER, COUNTY)])
    inside = holder("inside", [(Role.PREFECTURE_OFFICER, PREFECTURE), (Role.TOWNSHIP_OFFICER, TOWNSHIP)])

    assert knows(made, QIAN, PROVINCE, WANG, AUDITOR, both, inside) == [True, True, False, False, False, False]
    assert [visits.visits(by, state="dropped").count() for by in (QIAN, both, inside)] == [1, 0, 0]
    with pytest.raises(refusals.VisitOver):
        visiting.drop(visit=made.pk, by=QIAN)


def test_what_is_wrong_is_put_right_and_looked_at_again() -> None:
    found = recorded()
    assert (found.due_on, found.state) == (dt.date(2015, 7, 1), FindingState.OPEN)
    assert visits.to_act(TOWN, None, LATE).to_put_right == 1

    following.reply(finding=found.pk, how="已张贴", on=ON, by=TOWN, pack=PACK)
    again = following.recheck(
        finding=found.pk, result="not_fixed", what="仍未张贴", on=ON, by=WANG, pack=PACK, due_on=dt.date(2015, 7, 20)
    )
    found.refresh_from_db()
    assert (again.result, found.state, found.due_on) == ("not_fixed", FindingState.OPEN, dt.date(2015, 7, 20))
    following.reply(finding=found.pk, how="已张贴", on=ON, by=TOWN, pack=PACK)
    assert visits.to_act(WANG, None, LATE).to_look_again == 1
    following.recheck(finding=found.pk, result="fixed", what="属实", on=ON, by=WANG, pack=PACK)
    found.refresh_from_db()
    assert (found.state, found.closed_on) == (FindingState.CLOSED, ON)
    assert not visits.findings(WANG, None, Sifted("overdue"), LATE).exists()
    assert audit.verify().faults == ()
    with pytest.raises(DatabaseError), transaction.atomic():
        SpotItem.objects.update(result="x")


def test_what_visits_left_overdue_waits_for_whoever_owes_it() -> None:
    open_one, replied = recorded(), recorded(wrong="helper")
    following.reply(finding=replied.pk, how="已整改", on=ON, by=TOWN, pack=PACK)
    visiting.plan(place=TOWNSHIP, planned_for=ON, reason="随机", by=WANG)
    both = holder("both", [(Role.COUNTY_OFFICER, COUNTY), (Role.TOWNSHIP_OFFICER, TOWNSHIP)])

    def counts(by: Actor, place: str | None = None, on: dt.date = LATE) -> list[int]:
        return [rows.count() for rows in visits.waiting(by, place, on)]

    assert open_one.due_on < LATE
    assert [counts(by) for by in (TOWN, WANG, QIAN)] == [[1, 0, 0], [1, 1, 1], [1, 1, 1]]
    assert counts(both) == [1, 1, 0]  # who also belongs to the township does not learn that somebody comes
    assert counts(AUDITOR) == [0, 0, 0]
    assert counts(WANG, "520324101") == counts(WANG, on=ON) == [0, 0, 0]


def test_nobody_looks_at_their_own_reply_and_the_place_does_not_close_it() -> None:
    found = recorded()
    following.reply(finding=found.pk, how="x", on=ON, by=WANG, pack=PACK)

    with pytest.raises(refusals.SamePerson):
        following.recheck(finding=found.pk, result="fixed", what="x", on=ON, by=WANG, pack=PACK)
    with pytest.raises(NotAllowed):
        following.recheck(finding=found.pk, result="fixed", what="x", on=ON, by=TOWN, pack=PACK)
    with pytest.raises(refusals.FindingMoved):
        following.reply(finding=found.pk, how="x", on=ON, by=TOWN, pack=PACK)


def test_visits_and_talks_come_from_above_and_say_what_they_need() -> None:
    wish = NewInterview(TOWNSHIP, "镇长", "behind", "谈话内容", "限期完成", ON, LATE)
    for place, by in ((COUNTY, WANG), (PREFECTURE, WANG), ("520326", WANG), ("520324999", WANG)):
        with pytest.raises(refusals.PlaceUnfit):
            visiting.plan(place=place, planned_for=ON, reason="x", by=by)
    with pytest.raises(NotAllowed):
        visiting.plan(place=f"{TOWNSHIP}200", planned_for=ON, reason="x", by=TOWN)
    made = visiting.plan(place=TOWNSHIP, planned_for=ON, reason="x", by=WANG)
    for found in ([], [Found(item.id, "wrong") for item in PACK.codes("spot_item").values]):
        with pytest.raises(refusals.ItemWrong):
            visiting.record(visit=made.pk, on=ON, text="x", found=found, by=WANG, pack=PACK)

    talk = following.interview(wish=wish, by=WANG, pack=PACK)

    assert (following.said_of(talk, WANG), following.said_of(talk, TOWN)) == ("谈话内容", "")
    assert [
        visits.interviews(by).count() for by in (WANG, TOWN, QIAN, officer(Role.TOWNSHIP_OFFICER, "520324101"))
    ] == [1, 1, 1, 0]
