"""Leads of comparisons: found on the register of one's area, loaded once, settled with a reason, never a verdict."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.utils import timezone
from tests.casework import going
from tests.procedures.people import People
from tests.registry import rosters

from jiefa.access.rules import Scope
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.identification import queries
from jiefa.identification.actions import leads
from jiefa.identification.models import Lead, LeadList, Settled
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Household, HouseholdYear

Village = dict[str, Household]
ON = dt.date(2015, 10, 20)
PROVINCE = Scope(("52",))
NUMBER = rosters.id_number(dt.date(1970, 3, 21), 20, male=True)
"""The head of B: serial number 20."""


def listed(folder: Path, *rows: Sequence[str], name: str = "车辆.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("户编号", "证件号码", "线索类型", "线索内容", "数据日期"), *rows])
    return file


def load(file: Path, people: People, pack: Pack) -> leads.Loaded:
    return leads.load(file=file, name=file.name, by=people.wang, pack=pack)


def test_people_and_households_are_found_and_the_rest_is_counted(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    file = listed(
        tmp_path,
        ("", NUMBER, "名下有车辆", "小型客车", "2015-03-01"),
        ("C", "", "商品房", "", ""),
        ("", rosters.id_number(dt.date(1980, 1, 1), 333, male=False), "股东", "", ""),
    )

    loaded = load(file, people, pack)

    assert (loaded.rows, loaded.found) == (3, 2)
    found = {(lead.household.number, lead.kind, lead.person_id is None) for lead in Lead.objects.all()}
    assert found == {("B", "vehicle", False), ("C", "house", True)}
    assert NUMBER not in "".join(Entry.objects.values_list("diff", flat=True))
    assert not audit.verify().faults


def test_what_was_loaded_is_not_loaded_twice(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    row = ("B", "", "车辆", "", "")
    load(listed(tmp_path, row), people, pack)

    with pytest.raises(leads.LeadsLoaded, match="wang"):
        load(listed(tmp_path, row, name="又一份.csv"), people, pack)
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (("", "", "车辆", "", ""), "都没有填"),
        (("B", "", "车辆", f"号码 {NUMBER}", ""), "写了号码"),
        (("B", "", "飞艇", "", ""), "第 2 行"),
        (("X", "", "车辆", "", ""), "一户也没有找到"),
    ],
)
def test_wrong_row_loads_nothing(
    row: tuple[str, ...], refusal: str, village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    with pytest.raises(JiefaError, match=refusal) as refused:
        load(listed(tmp_path, row), people, pack)

    assert NUMBER not in str(refused.value)
    assert not LeadList.objects.exists()


def test_who_loads_and_where(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    file = listed(tmp_path, ("B", "", "车辆", "", ""))
    for who in (people.li, people.sun, people.auditor):
        with pytest.raises(NotAllowed):
            leads.load(file=file, name=file.name, by=who, pack=pack)
    with pytest.raises(leads.NobodyFound):
        leads.load(file=file, name=file.name, by=people.wu, pack=pack)


def one(village: Village, people: People, pack: Pack, folder: Path) -> Lead:
    load(listed(folder, ("B", "", "车辆", "", "")), people, pack)
    return Lead.objects.get()


def settle(lead: Lead, settled: Settled, who: People, pack: Pack, reason: str = "入户核实") -> Lead:
    return casework.settle_lead(lead_id=lead.pk, settled=settled, reason=reason, by=who.li, on=ON, pack=pack)


def test_true_lead_leads_to_a_dossier_and_changes_nothing(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    lead = settle(one(village, people, pack, tmp_path), Settled.TRUE, people, pack)

    dossier = Dossier.objects.get(pk=lead.dossier)
    assert (dossier.procedure, dossier.subject) == ("household_removal", f"household:{village['B'].pk}")
    assert HouseholdYear.objects.get(household=village["B"]).poverty_status == "poor"
    (count,) = queries.lead_counts(PROVINCE)
    assert (count["leads"], count["open"], count["true"]) == (1, 0, 1)


def test_county_settles_without_a_dossier_of_its_own(
    village: Village, people: People, pack: Pack, tmp_path: Path
) -> None:
    lead = one(village, people, pack, tmp_path)

    kept = casework.settle_lead(lead_id=lead.pk, settled=Settled.TRUE, reason="核实", by=people.wang, on=ON, pack=pack)

    assert kept.dossier is None


def test_lead_is_settled_once_and_with_a_reason(village: Village, people: People, pack: Pack, tmp_path: Path) -> None:
    lead = one(village, people, pack, tmp_path)
    with pytest.raises(leads.LeadReasonMissing):
        settle(lead, Settled.KEPT, people, pack, reason=" ")
    with pytest.raises(NotAllowed):
        casework.settle_lead(lead_id=lead.pk, settled=Settled.KEPT, reason="x", by=people.wu, on=ON, pack=pack)

    settle(lead, Settled.KEPT, people, pack)

    with pytest.raises(leads.LeadSettled, match="li"):
        settle(lead, Settled.TRUE, people, pack)
    assert not Dossier.objects.exists()


PROCEED: dict[str, object] = {"leads_cleared": True, "food": True, "clothing": True}


def lead_about(home: Household, **facts: object) -> Lead:
    made = LeadList.objects.create(
        title="车辆.csv", digest=f"d{Lead.objects.count()}", rows=1, found=1, by="wang", at=timezone.now()
    )
    about = {"household": home, "village_code": home.village_code, "kind": "vehicle", "detail": "小型客车", **facts}
    return Lead.objects.create(of_list=made, seen_on=dt.date(2017, 3, 1), **about)


def stated(on: dt.date, kind: str = "approve", opinion: str = "") -> Decision:
    return Decision(kind, "zhou", (), on, opinion, PROCEED)


def standing_at(home: Household, procedure: str, step: str) -> Dossier:
    return Dossier(
        pk=1, procedure=procedure, step=step, subject=f"household:{home.pk}", title=home.head_name, year=2017
    )


@pytest.mark.parametrize(
    ("procedure", "step"),
    [("identification", "comparison"), ("household_exit", "check"), ("household_exit", "county_review")],
)
def test_from_2017_on_no_household_passes_while_a_lead_about_it_is_open(
    village: Village, pack: Pack, procedure: str, step: str
) -> None:
    home = village["A"]
    lead_about(home)
    lead_about(home, kind="company", detail="")
    lead_about(home, kind="payroll", settled="wrong", reason="同名", by="li")
    lead_about(village["B"], kind="deposit")
    dossier = standing_at(home, procedure, step)

    refusal = leads.check_settled([dossier], stated(dt.date(2017, 1, 1)), pack)[1]

    said = refusal.message("zh")
    assert "2 条" in said
    assert "名下有车辆（小型客车，2017-03-01）、办有企业或任股东" in said
    assert "财政供养" not in said
    assert "大额存款" not in said
    assert "Owns a vehicle" in refusal.message("en")
    assert leads.check_settled([dossier], stated(dt.date(2016, 12, 31)), pack) == {}
    assert leads.check_settled([dossier], stated(dt.date(2017, 1, 1), "return", "再核"), pack) == {}


def test_other_steps_and_households_without_open_leads_pass(village: Village, pack: Pack) -> None:
    lead_about(village["A"])

    other_step = standing_at(village["A"], "identification", "township_review")
    without = standing_at(village["B"], "identification", "comparison")

    assert leads.check_settled([other_step, without], stated(dt.date(2018, 5, 5)), pack) == {}


def test_open_leads_are_asked_once_for_a_whole_list(
    village: Village, pack: Pack, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    lead_about(village["A"])
    dossiers = [standing_at(home, "identification", "comparison") for home in village.values()]

    with django_assert_num_queries(1):
        leads.check_settled(dossiers, stated(dt.date(2017, 6, 1)), pack)


def test_comparison_goes_on_once_every_lead_is_settled(village: Village, people: People, pack: Pack) -> None:
    home, on = village["A"], dt.date(2017, 6, 1)
    (key,) = casework.propose_households(
        procedure="identification", household_ids=[home.pk], year=2015, by=people.li, on=on, pack=pack
    )
    dossier = Dossier.objects.get(pk=key)
    for _step in ("application", "appraisal", "first_notice"):
        going.step(dossier, people, pack, on)
    lead = lead_about(home)

    with pytest.raises(leads.LeadsOpen, match="小型客车"):
        going.step(dossier, people, pack, on, leads_cleared=True)
    casework.settle_lead(lead_id=lead.pk, settled=Settled.WRONG, reason="同名同姓", by=people.li, on=on, pack=pack)
    done = going.step(dossier, people, pack, on, leads_cleared=True)

    assert (done.step, done.target) == ("comparison", "township_review")


def test_exit_waits_for_its_leads_too(village: Village, people: People, pack: Pack) -> None:
    home, on = village["B"], dt.date(2017, 6, 1)
    HouseholdYear.objects.filter(household=home).update(net_income_fen=9_000_000)
    (key,) = casework.propose_households(
        procedure="household_exit", household_ids=[home.pk], year=2015, by=people.li, on=on, pack=pack
    )
    dossier = Dossier.objects.get(pk=key)
    going.step(dossier, people, pack, on)
    lead_about(home)

    with pytest.raises(leads.LeadsOpen):
        going.step(dossier, people, pack, on)
