"""Measures to come go with the household: by appointment, list, a cadre who leaves, a gap, a move; what is signed stays."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People
from tests.registry import rosters

from jiefa.access.rules import Scope
from jiefa.assistance.actions import handing, plans
from jiefa.assistance.models import HouseholdPlan, Measure
from jiefa.assistance.queries import plans as queries
from jiefa.assistance.rules.plans import Promise
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import appointing, lists
from jiefa.casework import rosters as casework
from jiefa.kernel.errors import NotAllowed
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.actions import people as entering
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.models import Cadre
from jiefa.responsibility.queries import answering
from jiefa.responsibility.rules import refusals

FIRST, LATER, LAST = dt.date(2016, 3, 1), dt.date(2016, 6, 1), dt.date(2016, 9, 1)
Village = dict[str, Household]


@pytest.fixture
def cadres(db: None, people: People) -> dict[str, Cadre]:
    """Three of the township; the first two sign in."""
    since = dt.date(2015, 1, 1)
    new = [
        NewCadre(n, f"干部{n}", "staff", TOWNSHIP, "扶贫办", "county", COUNTY, since, username)
        for n, username in (("1", "he"), ("2", "luo"), ("3", ""))
    ]
    entering.enter_many(cadres=new, by=people.wang)
    return {cadre.number: cadre for cadre in Cadre.objects.all()}


def promise(kind: str, responsible: str, cadre: Cadre | None = None, user: str = "") -> Promise:
    return Promise(kind, responsible, dt.date(2016, 12, 1), cadre=cadre.pk if cadre else None, responsible_user=user)


def planned(home: Household, *promises: Promise, people: People, pack: Pack, signed: bool = True) -> HouseholdPlan:
    plan = plans.draw_up(household_id=home.pk, year=2016, promises=promises, by=people.li, pack=pack)
    if not signed:
        return plan
    return plans.sign(household_id=home.pk, year=2016, signed_by="户主", on=FIRST, by=people.li)


def helped(village: Village, cadre: Cadre, on: dt.date, people: People, pack: Pack, homes: str = "AB") -> int:
    wanted = [Appointment(village[number].pk, cadre.pk) for number in homes]
    return appointing.appoint_many(appointments=wanted, on=on, by=people.sun, pack=pack).measures


def whose(kind: str) -> list[str]:
    rows = Measure.objects.filter(kind=kind).order_by("plan__household__number").select_related("cadre")
    return [one.cadre.number if one.cadre else "" for one in rows]


@pytest.fixture
def promised(village: Village, cadres: dict[str, Cadre], people: People, pack: Pack) -> Village:
    """A signed: training and house repair by the helper, medical aid by a doctor, a loan by the helper under a user's name,
    industry that has arrived; B has a draft."""
    helped(village, cadres["1"], FIRST, people, pack)
    planned(
        village["A"],
        *(promise("training", "干部1", cadres["1"]), promise("house_repair", "干部1", cadres["1"])),
        *(promise("medical_aid", "张医生", user="doctor"), promise("credit", "干部1", user="he")),
        promise("industry", "干部1", cadres["1"]),
        people=people,
        pack=pack,
    )
    arrived = Measure.objects.get(kind="industry")
    plans.deliver(measure_id=arrived.pk, on=LATER - dt.timedelta(days=9), by=people.li)
    planned(village["B"], promise("training", "干部1", cadres["1"]), people=people, pack=pack, signed=False)
    return village


def test_measures_go_with_the_household_in_the_same_action(
    promised: Village, cadres: dict[str, Cadre], people: People, pack: Pack
) -> None:
    signed_as = HouseholdPlan.objects.get(household=promised["A"]).digest
    assert helped(promised, cadres["1"], LATER, people, pack) == 0

    assert helped(promised, cadres["2"], LATER, people, pack) == 4

    assert [whose(kind) for kind in ("training", "house_repair", "credit")] == [["2", "2"], ["2"], ["2"]]
    assert (whose("medical_aid"), whose("industry")) == ([""], ["1"])  # another's, and what has arrived
    signed = plans.promises_of(HouseholdPlan.objects.get(household=promised["A"]))
    assert plans.rules.digest(signed) == signed_as
    assert Measure.objects.get(plan__household=promised["B"]).responsible == "干部2"
    (entry,) = Entry.objects.filter(action="measure.handed_on")
    assert [home for home, _cadre, _measures in json.loads(entry.diff)["handed_on"]] == [
        promised["A"].pk,
        promised["B"].pk,
    ]
    assert not audit.verify().faults


def test_refused_appointment_leaves_the_measures(
    promised: Village, cadres: dict[str, Cadre], people: People, pack: Pack
) -> None:
    Household.objects.filter(pk=promised["C"].pk).update(poverty_status="closed")

    with pytest.raises(refusals.HouseholdClosed):
        helped(promised, cadres["2"], LATER, people, pack, "ABC")

    assert whose("training") == ["1", "1"]


def test_cadre_who_leaves_hands_measures_on_or_they_wait_for_the_next(
    promised: Village, cadres: dict[str, Cadre], people: People, pack: Pack
) -> None:
    helped(promised, cadres["3"], FIRST, people, pack, "C")
    planned(promised["C"], promise("training", "干部1", cadres["1"]), people=people, pack=pack)

    left = appointing.leave(cadre_id=cadres["1"].pk, to=None, on=LATER, by=people.sun, pack=pack)

    # C's helper is another: that measure goes there at once. Nobody answers for A and B yet.
    assert (left.households, left.measures, whose("training")) == (2, 1, ["1", "1", "3"])
    assert {one.plan.household for one in queries.of_former_helpers([promised["A"].pk], LATER)} == {promised["A"]}
    with pytest.raises(handing.NobodyAnswers):
        handing.hand_on(household_id=promised["A"].pk, on=LATER, by=people.sun)
    assert helped(promised, cadres["2"], LAST, people, pack) == 4
    assert whose("training") == ["2", "2", "3"]
    assert not queries.of_former_helpers([home.pk for home in promised.values()], LAST)


def test_cadre_who_leaves_to_another(promised: Village, cadres: dict[str, Cadre], people: People, pack: Pack) -> None:
    left = appointing.leave(cadre_id=cadres["1"].pk, to=cadres["3"].pk, on=LATER, by=people.sun, pack=pack)

    assert (left.households, left.measures, whose("training")) == (2, 4, ["3", "3"])


def test_list_of_helpers_takes_the_measures_along(
    promised: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fields = {one.id: one.zh for one in pack.form("helpers").sheets[0].fields}
    sheet.title = pack.form("helpers").sheets[0].zh
    sheet.append([fields[name] for name in ("household_number", "number", "from_date")])
    for number in "AB":
        sheet.append([number, "2", LATER])
    book.save(tmp_path / "helpers.xlsx")
    waiting = lists.stage(file=tmp_path / "helpers.xlsx", name="责任人", kind="helpers", by=people.sun, pack=pack)
    assert whose("training") == ["1", "1"]  # the trial is undone

    lists.accept(list_id=waiting.pk, by=people.wang, pack=pack)

    assert whose("training") == ["2", "2"]


def test_what_a_former_helper_is_given_later_is_handed_on_by_hand(
    promised: Village, cadres: dict[str, Cadre], people: People, pack: Pack
) -> None:
    helped(promised, cadres["2"], LATER, people, pack)
    Measure.objects.filter(kind="house_repair").update(cadre=cadres["1"])
    with pytest.raises(NotAllowed):
        handing.hand_on(household_id=promised["A"].pk, on=LAST, by=people.li)

    assert handing.hand_on(household_id=promised["A"].pk, on=LAST, by=people.sun) == 1

    assert whose("house_repair") == ["2"]


def test_statements_do_not_grow_with_the_households(
    village: Village, cadres: dict[str, Cadre], people: People, pack: Pack
) -> None:
    def statements(first: int, count: int) -> int:
        homes = Household.objects.bulk_create(
            Household(number=f"N{n}", village_code=VILLAGE, poverty_status="poor") for n in range(first, first + count)
        )
        wanted = [Appointment(home.pk, cadres["1"].pk) for home in homes]
        appointing.appoint_many(appointments=wanted, on=FIRST, by=people.sun, pack=pack)
        for home in homes:
            plan = HouseholdPlan.objects.create(
                household=home, village_code=VILLAGE, year=2016, version=1, state="signed", signed_on=FIRST, by="li",
                at=dt.datetime(2016, 3, 1, tzinfo=dt.UTC),
            )  # fmt: skip
            Measure.objects.create(
                plan=plan,
                village_code=VILLAGE,
                kind="training",
                responsible="干部1",
                cadre=cadres["1"],
                planned_on=LAST,
            )
        again = [Appointment(home.pk, cadres["2"].pk) for home in homes]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            made = appointing.appoint_many(appointments=again, on=LATER, by=people.sun, pack=pack)
        assert made.measures == count
        return len(seen)

    statements(0, 2)
    assert statements(10, 40) == statements(60, 2)


def roster_of(folder: Path, places: dict[str, str]) -> Path:
    """The roster of the next year, with these households in these villages."""
    homes, members = [], []
    for place, number in enumerate("ABC", start=1):
        if number in places:
            row, own = rosters.family(number, places[number], 10 * place, 2016)
            homes.append(row)
            members += own
    return rosters.write(folder / "next", homes, members)


def test_household_that_moves_into_another_county_keeps_its_measures_and_loses_who_cannot_come_along(
    promised: Village, cadres: dict[str, Cadre], people: People, pack: Pack, tmp_path: Path
) -> None:
    """A moves into the next county, B within its own; the helper is posted in a township of the first."""
    path = roster_of(tmp_path, {"A": "520326101200", "B": "520324103201"})

    casework.load(path=path, pack=pack, within=rosters.PROVINCE, by="operator")

    to_come = queries.to_come().order_by("pk").values_list("plan__household__number", "village_code")
    assert set(to_come) == {("A", "520326101200"), ("B", "520324103201")}
    assert Measure.objects.get(kind="industry").village_code == VILLAGE  # it arrived there
    assert answering.helper_on(promised["A"].pk, timezone.localdate()) is None
    assert [home.number for home in answering.without_helper(Scope(("520326",)), timezone.localdate())] == ["A"]
    assert answering.helper_on(promised["B"].pk, timezone.localdate()) is not None
    new = NewCadre("9", "干部9", "staff", "520326", "扶贫办", "county", "520326", dt.date(2015, 1, 1), "")
    there = entering.enter(cadre=new, by=people.wu)
    made = appointing.appoint(
        household_id=promised["A"].pk, cadre_id=there.pk, on=timezone.localdate(), by=people.wu, pack=pack
    )
    assert (made.measures, whose("house_repair")) == (3, ["9"])
    assert not audit.verify().faults
    assert handing.follow(county="520326", by="operator") == 0
