"""From a lead to a watch and out of it again: what each step asks, what follows, what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.casework.going import ready, step, to_the_end, whoever
from tests.monitoring.conftest import ON
from tests.procedures.people import People

from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.monitoring.actions import events, watches
from jiefa.monitoring.actions.events import Happened
from jiefa.monitoring.models import Event, EventState, Watch
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household, Movement
from jiefa.responsibility.models import Cadre, Organisation, Visit

TOLD = Happened("self", "medical", ON, 800_000, "住院两次")
LATER = dt.date(2016, 6, 1)
AT_RISK = {"at_risk": True}
GONE = {"food": True, "clothing": True, "income_stable": True, "risk_gone": True, "no_new_risk": True}


def told(home: Household, people: People, pack: Pack, happened: Happened = TOLD) -> Event:
    return events.report(household=home, happened=happened, today=ON, by=people.li, pack=pack)


def proposed(home: Household, people: People, pack: Pack) -> Dossier:
    (key,) = watches.propose(household_ids=[home.pk], by=people.li, on=ON, pack=pack)
    return Dossier.objects.get(pk=key)


def watched(home: Household, people: People, pack: Pack) -> Watch:
    told(home, people, pack)
    dossier = proposed(home, people, pack)
    while not step(dossier, people, pack, ON, **AT_RISK).outcome:
        pass
    return Watch.objects.get(household=home, ended="")


def removal(watch: Watch, people: People, pack: Pack, on: dt.date = LATER) -> Dossier:
    (key,) = watches.propose_removal(household_ids=[watch.household_id], by=people.li, on=on, pack=pack)
    return Dossier.objects.get(pk=key)


def test_a_lead_is_neither_a_decision_nor_a_watch(village: dict[str, Household], people: People, pack: Pack) -> None:
    one = told(village["left-well"], people, pack)

    assert (one.state, one.year, one.amount_fen) == (EventState.OPEN, 2015, 800_000)
    assert not Watch.objects.exists()
    assert not Dossier.objects.exists()
    assert Household.objects.get(pk=one.household_id).poverty_status == "exited"


def test_a_lead_becomes_a_watch_by_the_whole_procedure(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    watch = watched(village["left-well"], people, pack)

    assert (watch.group, watch.triggers, watch.since, watch.ended) == ("unstable", "medical", ON, "")
    one = Event.objects.get()
    assert (one.state, one.dossier) == (EventState.FOLLOWED, watch.dossier)
    taken = Dossier.objects.get(pk=watch.dossier).steps_taken.order_by("seq")
    steps = ["report", "check", "appraisal", "notice", "township_review", "county_review"]
    assert list(taken.values_list("step", flat=True)) == steps
    assert Entry.objects.filter(action="watch.begun", chain="520324").count() == 1
    # A watch counts nowhere in the register.
    assert Household.objects.get(pk=watch.household_id).poverty_status == "exited"
    assert not Movement.objects.filter(household=watch.household_id, on__gte=ON).exists()


def test_who_was_never_registered_is_watched_as_marginal(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    assert watched(village["never-poor"], people, pack).group == "marginal"


def test_a_poor_household_is_helped_as_such_and_not_watched(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    with pytest.raises(events.NotWatchable, match="在册贫困户"):
        told(village["poor"], people, pack)


def test_without_a_lead_nothing_is_proposed(village: dict[str, Household], people: People, pack: Pack) -> None:
    with pytest.raises(watches.NoLeads):
        proposed(village["left-well"], people, pack)

    assert not Dossier.objects.exists()


def test_a_household_is_watched_once_at_a_time(village: dict[str, Household], people: People, pack: Pack) -> None:
    watched(village["left-well"], people, pack)
    told(village["left-well"], people, pack, replace(TOLD, trigger="disaster"))

    with pytest.raises(watches.WatchedAlready, match="2015-10-08"):
        proposed(village["left-well"], people, pack)


def test_a_check_that_found_no_risk_is_not_agreed_to(village: dict[str, Household], people: People, pack: Pack) -> None:
    told(village["left-well"], people, pack)
    dossier = proposed(village["left-well"], people, pack)
    step(dossier, people, pack, ON)

    with pytest.raises(watches.NoRisk):
        step(dossier, people, pack, ON, at_risk=False)
    done = step(dossier, people, pack, ON, "refuse", "核实无风险")

    assert done.outcome == "refused"
    assert not Watch.objects.exists()


def test_the_check_needs_the_authorisation(village: dict[str, Household], people: People, pack: Pack) -> None:
    told(village["left-well"], people, pack)
    dossier = proposed(village["left-well"], people, pack)
    step(dossier, people, pack, ON)
    dossier.refresh_from_db()
    decision = Decision("approve", "li", people.li.posts, ON, "", AT_RISK)

    with pytest.raises(JiefaError, match="核查授权书"):
        casework.decide(dossier=dossier, version=dossier.version, decision=decision, by=people.li, key="k", pack=pack)


def test_who_checked_does_not_decide_at_the_township(village: dict[str, Household], people: People, pack: Pack) -> None:
    told(village["left-well"], people, pack)
    dossier = proposed(village["left-well"], people, pack)
    for _ in range(4):
        step(dossier, people, pack, ON, **AT_RISK)
    dossier.refresh_from_db()
    assert dossier.step == "township_review"
    posts = people.sun.posts
    taken_by_li = replace(Decision("approve", "li", posts, ON, "", {}), by="li")

    with pytest.raises(JiefaError, match="须由另一人"):
        casework.decide(
            dossier=dossier, version=dossier.version, decision=taken_by_li, by=people.sun, key="k", pack=pack
        )


def test_a_risk_is_removed_by_the_same_way(village: dict[str, Household], people: People, pack: Pack) -> None:
    watch = watched(village["left-well"], people, pack)
    dossier = removal(watch, people, pack)
    assert dossier.proposal["watch_flag"] == []

    while not step(dossier, people, pack, LATER, **GONE).outcome:
        pass

    watch.refresh_from_db()
    assert (watch.ended, watch.ended_on, watch.ended_dossier) == ("removed", LATER, dossier.pk)


@pytest.mark.parametrize("name", ["income_stable", "risk_gone", "no_new_risk"])
def test_what_the_check_denies_keeps_the_watch(
    name: str, village: dict[str, Household], people: People, pack: Pack
) -> None:
    dossier = removal(watched(village["left-well"], people, pack), people, pack)
    step(dossier, people, pack, LATER)

    with pytest.raises(watches.RiskUnmet) as refused:
        step(dossier, people, pack, LATER, **{**GONE, name: False})

    label = {"income_stable": "收入稳定", "risk_gone": "原风险", "no_new_risk": "新增风险"}[name]
    assert label in refused.value.message("zh")


@pytest.mark.parametrize(("number", "item"), [("left-poor", "收入"), ("left-house", "住房"), ("left-water", "饮水")])
def test_what_the_card_denies_keeps_the_watch(
    number: str, item: str, village: dict[str, Household], people: People, pack: Pack
) -> None:
    dossier = removal(watched(village[number], people, pack), people, pack)
    step(dossier, people, pack, LATER)

    with pytest.raises(watches.RiskUnmet, match=item):
        step(dossier, people, pack, LATER, **GONE)


def test_an_open_lead_keeps_the_watch(village: dict[str, Household], people: People, pack: Pack) -> None:
    dossier = removal(watched(village["left-well"], people, pack), people, pack)
    one = told(village["left-well"], people, pack, replace(TOLD, trigger="disaster"))
    step(dossier, people, pack, LATER)
    with pytest.raises(watches.LeadsWaiting, match="灾害"):
        step(dossier, people, pack, LATER, **GONE)

    events.close(event_id=one.pk, reason="入户核实，损失已由保险赔付", by=people.li, on=LATER)
    step(dossier, people, pack, LATER, **GONE)

    dossier.refresh_from_db()
    assert dossier.step == "appraisal"


def test_what_is_flagged_is_answered_by_township_and_county(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    soon = dt.date(2016, 4, 7)  # a day less than six months
    dossier = removal(watched(village["left-well"], people, pack), people, pack, soon)
    assert dossier.proposal["watch_flag"] == ["short"]
    for _ in range(4):
        step(dossier, people, pack, soon, **GONE)
    with pytest.raises(watches.FlagUnanswered, match="6 个月"):
        step(dossier, people, pack, soon)

    step(dossier, people, pack, soon, opinion="已落实公益岗位，收入稳定")
    with pytest.raises(watches.FlagUnanswered):
        step(dossier, people, pack, soon)
    done = step(dossier, people, pack, soon, opinion="同意乡镇意见")

    assert done.outcome == "approved"


def test_relapse_ends_the_watch_and_brings_the_household_back(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    home = village["left-poor"]
    watch = watched(home, people, pack)
    (key,) = casework.propose_households(
        procedure="household_return", household_ids=[home.pk], year=2015, by=people.li, on=ON, pack=pack
    )

    to_the_end(Dossier.objects.get(pk=key), people, pack, ON)

    home.refresh_from_db()
    watch.refresh_from_db()
    assert (home.poverty_status, watch.ended, watch.ended_dossier) == ("returned", "relapsed", key)
    assert Movement.objects.get(person__isnull=True, kind="returned").people == home.size


def test_whoever_is_registered_anew_is_watched_no_longer(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    home = village["never-poor"]
    watch = watched(home, people, pack)
    (key,) = casework.propose_households(
        procedure="identification", household_ids=[home.pk], year=2015, by=people.li, on=ON, pack=pack
    )
    dossier = Dossier.objects.get(pk=key)
    while not step(dossier, people, pack, ON, leads_cleared=True).outcome:
        pass

    watch.refresh_from_db()
    assert watch.ended == "relapsed"


def test_a_lead_is_closed_once_and_with_a_reason(village: dict[str, Household], people: People, pack: Pack) -> None:
    one = told(village["left-well"], people, pack)
    with pytest.raises(events.EventReason):
        events.close(event_id=one.pk, reason=" ", by=people.li, on=ON)

    events.close(event_id=one.pk, reason="住院费用已全部报销", by=people.li, on=ON)

    with pytest.raises(events.EventSettled, match="li"):
        events.close(event_id=one.pk, reason="再关一次", by=people.sun, on=ON)
    assert Event.objects.get().state == EventState.CLOSED


def test_what_a_visit_saw_needs_the_visit(village: dict[str, Household], people: People, pack: Pack) -> None:
    home, seen = village["left-house"], replace(TOLD, source="visit", trigger="house")
    with pytest.raises(events.VisitMissing):
        told(home, people, pack, seen)
    office = Organisation.objects.create(name="村委会", kind="village", area_code=home.village_code)
    cadre = Cadre.objects.create(number="1", name="王五", organisation=office, area_code="520324", from_date=ON)
    visit = Visit.objects.create(
        on=ON,
        cadre=cadre,
        household=home,
        village_code=home.village_code,
        purpose="visit",
        found="屋顶塌了",
        by="li",
        at=dt.datetime(2015, 10, 8, tzinfo=dt.UTC),
    )

    assert told(home, people, pack, seen).visit == visit.pk


@pytest.mark.parametrize("detail", ["电话13800000001", "证件520324199001011234", "卡号6222000000000001"])
def test_a_lead_keeps_no_number(detail: str, village: dict[str, Household], people: People, pack: Pack) -> None:
    with pytest.raises(events.NumberWritten):
        told(village["left-well"], people, pack, replace(TOLD, detail=detail))


def test_a_day_ahead_and_an_unknown_trigger_are_refused(
    village: dict[str, Household], people: People, pack: Pack
) -> None:
    with pytest.raises(events.DayAhead):
        told(village["left-well"], people, pack, replace(TOLD, on=ON + dt.timedelta(days=1)))
    with pytest.raises(events.TriggerUnknown, match="收入低于监测线"):
        told(village["left-well"], people, pack, replace(TOLD, trigger="comet"))


def test_another_county_may_neither_report_nor_close(village: dict[str, Household], people: People, pack: Pack) -> None:
    one = told(village["left-well"], people, pack)

    with pytest.raises(NotAllowed):
        events.report(household=village["left-well"], happened=TOLD, today=ON, by=people.wu, pack=pack)
    with pytest.raises(NotAllowed):
        events.close(event_id=one.pk, reason="不在本县", by=people.wu, on=ON)
    with pytest.raises(JiefaError, match="没有这个地方的相应岗位"):
        watches.propose(household_ids=[one.household_id], by=people.wu, on=ON, pack=pack)


def test_nobody_but_the_post_of_the_step_takes_it(village: dict[str, Household], people: People, pack: Pack) -> None:
    told(village["left-well"], people, pack)
    dossier = proposed(village["left-well"], people, pack)

    assert whoever(people, dossier, pack) == people.li
    ready(dossier, people.li, pack, ON)
    with pytest.raises(JiefaError):
        casework.decide(
            dossier=dossier,
            version=dossier.version,
            decision=Decision("approve", "wu", people.wu.posts, ON, "", {}),
            by=people.wu,
            key="k",
            pack=pack,
        )
