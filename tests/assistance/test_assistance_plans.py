"""A household's plan: drawn up, signed, replaced but never changed; causes that nothing answers, measures without a trace."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.assistance import help_lists
from tests.assistance.conftest import ON, wish
from tests.procedures.people import COUNTY, VILLAGE, People

from jiefa.access.rules import Scope
from jiefa.assistance.actions import credit
from jiefa.assistance.actions import plans as actions
from jiefa.assistance.models import HouseholdPlan, Measure
from jiefa.assistance.queries import plans as queries
from jiefa.assistance.queries import programmes
from jiefa.assistance.rules import plans as rules
from jiefa.assistance.rules.plans import Promise
from jiefa.kernel.errors import NotAllowed
from jiefa.policy import Pack
from jiefa.registry.models import Household

Village = dict[str, Household]
DUE = dt.date(2015, 10, 1)
LOAN = Promise("credit", "王芳", DUE, cause="funds", fen=3_000_000)
COURSE = Promise("training", "李强", DUE, cause="skill", what="养蜂")
WITHIN = Scope((COUNTY,))


def signed(household: Household, promises: list[Promise], people: People, pack: Pack) -> HouseholdPlan:
    actions.draw_up(household_id=household.pk, year=2015, promises=promises, by=people.li, pack=pack)
    return actions.sign(household_id=household.pk, year=2015, signed_by="张伟东", on=ON, by=people.li)


def test_signed_plan_is_replaced_and_never_changed(village: Village, people: People, pack: Pack) -> None:
    first = signed(village["A"], [LOAN], people, pack)
    (arrived,) = first.measures.all()
    actions.deliver(measure_id=arrived.pk, on=ON, fen=3_000_000, result="养猪10头", by=people.li)

    actions.draw_up(household_id=village["A"].pk, year=2015, promises=[LOAN, COURSE], by=people.li, pack=pack)
    assert queries.in_force(village["A"].pk, 2015) == first
    second = actions.sign(household_id=village["A"].pk, year=2015, signed_by="张伟东", on=ON, by=people.li)

    first.refresh_from_db()
    assert (first.version, first.state, second.version, second.state) == (1, "replaced", 2, "signed")
    assert first.digest == rules.digest(actions.promises_of(first)) != second.digest
    assert queries.in_force(village["A"].pk, 2015) == second
    carried = second.measures.get(kind="credit")
    assert (carried.delivered_on, carried.delivered_fen, carried.result) == (ON, 3_000_000, "养猪10头")
    assert second.measures.get(kind="training").delivered_on is None
    with pytest.raises(actions.NotInForce):
        actions.deliver(measure_id=arrived.pk, on=ON, by=people.li)


def test_plan_is_signed_once_by_somebody_and_with_measures(village: Village, people: People, pack: Pack) -> None:
    key = village["A"].pk
    with pytest.raises(actions.NoDraft):
        actions.sign(household_id=key, year=2015, signed_by="张伟东", on=ON, by=people.li)
    actions.draw_up(household_id=key, year=2015, promises=[], by=people.li, pack=pack)
    with pytest.raises(actions.PlanEmpty):
        actions.sign(household_id=key, year=2015, signed_by="张伟东", on=ON, by=people.li)
    actions.draw_up(household_id=key, year=2015, promises=[COURSE], by=people.li, pack=pack)
    with pytest.raises(actions.PlanUnsigned):
        actions.sign(household_id=key, year=2015, signed_by=" ", on=ON, by=people.li)

    actions.sign(household_id=key, year=2015, signed_by="张伟东", on=ON, by=people.li)

    with pytest.raises(actions.NoDraft):
        actions.sign(household_id=key, year=2015, signed_by="张伟东", on=ON, by=people.li)
    assert [plan.version for plan in queries.versions(key, 2015)] == [1]


def test_measure_is_of_the_list_and_for_somebody_of_the_household(village: Village, people: People, pack: Pack) -> None:
    stranger = village["B"].people.order_by("pk")[0].pk

    for wrong in (
        Promise("gift", "王芳", DUE),
        Promise("credit", "王芳", DUE, cause="laziness"),
        Promise("training", "王芳", DUE, person=stranger),
    ):
        with pytest.raises(actions.MeasureUnknown):
            actions.draw_up(household_id=village["A"].pk, year=2015, promises=[wrong], by=people.li, pack=pack)

    assert not HouseholdPlan.objects.exists()


def test_draft_keeps_nothing_of_the_one_before(village: Village, people: People, pack: Pack) -> None:
    for promises in ([LOAN, COURSE], [COURSE]):
        actions.draw_up(household_id=village["A"].pk, year=2015, promises=promises, by=people.li, pack=pack)

    assert [one.kind for one in Measure.objects.all()] == ["training"]
    assert HouseholdPlan.objects.get().version == 1


def test_cause_stays_on_the_list_until_a_signed_measure_answers_it(
    village: Village, people: People, pack: Pack
) -> None:
    def waiting(year: int = 2015) -> list[str]:
        return [card.household.number for card in queries.unanswered(WITHIN, year)]

    assert waiting() == ["A", "B"]
    signed(village["B"], [COURSE], people, pack)
    signed(village["A"], [LOAN], people, pack)
    assert waiting() == ["A"]
    assert queries.answered_causes([village["A"].pk], 2015) == {village["A"].pk: {"funds"}}

    signed(village["A"], [LOAN, COURSE], people, pack)

    assert waiting() == []
    assert list(queries.unanswered(Scope(("520326",)), 2015)) == []


def enrol(household: Household, enrolled: str, certified: str, folder: Path, people: People, pack: Pack) -> None:
    """The head of the household on a course."""
    header = ("户编号", "姓名", "年度", "培训班编号", "培训工种", "报名日期", "取证日期")
    head = household.people.order_by("pk")[0]
    row = (household.number, head.name, "2015", "T1", "焊工", enrolled, certified)
    help_lists.taken(help_lists.written(folder, header, row), "training", people, pack)


def test_measure_without_a_trace_is_late_or_said_to_have_arrived_and_nowhere(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    plan = signed(village["A"], [LOAN, COURSE], people, pack)
    loan, course = plan.measures.get(kind="credit"), plan.measures.get(kind="training")

    def untraced(on: dt.date = ON) -> list[Measure]:
        return list(queries.untraced(Scope((VILLAGE,)), 2015, on, programmes.traced_kinds(pack)))

    assert untraced(DUE) == []
    assert untraced() == [loan, course]
    for one in (loan, course):
        actions.deliver(measure_id=one.pk, on=ON, by=people.li)
    assert untraced() == [loan, course]

    credit.lend(household_id=village["A"].pk, wish=wish(village["A"], 30_000), by=people.wang, pack=pack)
    assert untraced() == [course]
    enrol(village["A"], "2015-03-01", "", tmp_path, people, pack)
    assert untraced() == [course]
    enrol(village["A"], "2015-03-01", "2015-04-01", tmp_path, people, pack)

    assert untraced() == []


def test_only_who_edits_the_household_plans_for_it(village: Village, people: People, pack: Pack) -> None:
    for actor in (people.wu, people.zhao, people.auditor):
        with pytest.raises(NotAllowed):
            actions.draw_up(household_id=village["A"].pk, year=2015, promises=[LOAN], by=actor, pack=pack)
