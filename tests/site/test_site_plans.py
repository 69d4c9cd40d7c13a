"""The plan page: measures added and taken off, signed by the household; the helper confirms what arrived."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from tests.site import county, pages

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.assistance.models import HouseholdPlan, Measure
from jiefa.casework import appointing
from jiefa.responsibility.actions import people
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.models import Cadre

pytestmark = pytest.mark.usefixtures("small_county")
MEASURE = {
    **{"step": "add", "cause": "illness", "kind": "medical_aid", "what": "慢病签约", "responsible": "何帮扶"},
    **{"responsible_user": "helper", "planned_on": "2015-10-01", "amount": "1200"},
}


def plan_url(number: str = "B") -> str:
    return reverse("site:household-plan", args=[county.household(number).pk])


def signed() -> Measure:
    li = county.signed_in("li")
    assert li.post(plan_url(), MEASURE).status_code == 302
    assert li.post(plan_url(), {"step": "sign", "signed_by": "户主"}).status_code == 302
    return Measure.objects.get()


def test_plan_is_drawn_up_measure_by_measure_and_signed() -> None:
    li = county.signed_in("li")
    assert "没有对应措施： 因病" in pages.text(li.get(plan_url()))
    assert li.post(plan_url(), {**MEASURE, "kind": ""}).status_code == 422
    assert li.post(plan_url(), {"step": "sign", "signed_by": "户主"}).status_code != 302
    assert li.post(plan_url(), MEASURE).status_code == 302
    assert li.post(plan_url(), {**MEASURE, "cause": "", "kind": "training"}).status_code == 302
    assert Measure.objects.count() == 2
    assert li.post(plan_url(), {"step": "remove", "place": "1"}).status_code == 302
    assert li.post(plan_url(), {"step": "remove", "place": "7"}).status_code == 404
    assert li.post(plan_url(), {"step": "sign", "signed_by": " "}).status_code != 302

    assert li.post(plan_url(), {"step": "sign", "signed_by": "户主"}).status_code == 302

    plan = HouseholdPlan.objects.get()
    assert (plan.state, plan.signed_by, plan.measures.get().planned_fen) == ("signed", "户主", 120_000)
    page = li.get(reverse("site:household", args=[plan.household_id]))
    assert "没有对应措施" not in pages.text(page)
    for username in ("helper", "auditor", "zhao"):
        assert county.signed_in(username).get(plan_url()).status_code in (403, 404)


def test_helper_confirms_what_arrived_and_nobody_elses() -> None:
    measure = signed()
    helper = county.signed_in("helper")
    (row,) = helper.get(reverse("site:measures")).context["rows"]
    assert row["late"]
    url = row["url"]
    assert helper.get(url).context["form"] is not None
    assert helper.post(url, {"on": ""}).status_code == 422

    assert helper.post(url, {"on": "2015-10-12", "amount": "1100", "result": "已报销"}).status_code == 302

    measure.refresh_from_db()
    assert (str(measure.delivered_on), measure.delivered_fen, measure.result) == ("2015-10-12", 110_000, "已报销")
    assert helper.get(reverse("site:measures")).context["rows"] == []
    assert len(helper.get(reverse("site:measures"), {"state": "all"}).context["rows"]) == 1
    Measure.objects.update(responsible_user="someone")
    assert helper.get(url).context["form"] is None
    assert helper.post(url, {"on": "2015-10-13"}).status_code == 403
    assert county.signed_in("li").post(url, {"on": "2015-10-14"}).status_code == 302


WANG = holder("wang", [(Role.COUNTY_OFFICER, county.COUNTY)])


def entered(number: str, name: str, username: str) -> Cadre:
    """A cadre of the township who signs in."""
    new = NewCadre(
        number, name, "staff", county.VILLAGE[:9], "县农委", "county", county.COUNTY, dt.date(2015, 1, 1), username
    )
    return people.enter(cadre=new, by=WANG)


def appointed(number: str, name: str, username: str, on: dt.date) -> Cadre:
    """The cadre, from that day on the helper of B."""
    cadre = entered(number, name, username)
    key = county.household("B").pk
    appointing.appoint(household_id=key, cadre_id=cadre.pk, on=on, by=WANG, pack=policy.load())
    return cadre


def test_helper_of_the_household_is_proposed_and_finds_the_measure_as_a_cadre() -> None:
    he = appointed("1", "何帮扶", "helper", dt.date(2015, 3, 1))
    li = county.signed_in("li")
    form = pages.form_with(li.get(plan_url()), "planned_on")
    assert (form.fields["responsible"], form.fields["responsible_user"]) == (["何帮扶"], ["helper"])
    assert li.post(plan_url(), {**MEASURE, "responsible_user": ""}).status_code == 302

    assert li.post(plan_url(), {"step": "sign", "signed_by": "户主"}).status_code == 302

    measure = Measure.objects.get()
    assert (measure.cadre, measure.responsible_user) == (he, "")
    (row,) = county.signed_in("helper").get(reverse("site:measures")).context["rows"]
    assert row["url"] == reverse("site:measure", args=[measure.pk])


@pytest.mark.parametrize("linked", [True, False], ids=["cadre", "user name alone"])
def test_measures_to_come_are_handed_on_with_the_household(linked: bool) -> None:
    he = appointed("1", "何帮扶", "helper", dt.date(2015, 3, 1))
    measure = signed()
    other = Measure.objects.create(
        plan=measure.plan,
        village_code=measure.village_code,
        kind="training",
        planned_on=measure.planned_on,
        responsible="张医生",
        responsible_user="doctor",
    )
    assert measure.cadre == he
    if not linked:
        Measure.objects.filter(pk=measure.pk).update(cadre=None)
    signed_as = measure.plan.digest
    url = reverse("site:household-helper", args=[county.household("B").pk])
    wang = county.signed_in("wang")
    assert wang.get(url).context["behind"] == []
    new = entered("2", "罗新", "luo")

    said = wang.post(url, {"cadre": new.number, "on": "2015-06-01"}, follow=True)

    assert "1 项待落实的措施一并移交" in pages.text(said)
    measure.refresh_from_db()
    assert measure.cadre == new
    assert (measure.user, measure.responsible) == ("luo", "何帮扶")
    assert measure.plan.digest == signed_as
    assert county.signed_in("helper").get(reverse("site:measures")).context["rows"] == []
    assert wang.get(url).context["behind"] == []
    assert "何帮扶（现为罗新）" in pages.text(wang.get(reverse("site:measure", args=[measure.pk])))
    other.refresh_from_db()
    assert other.cadre is None
    assert "措施移交" in pages.text(wang.get(reverse("site:household", args=[county.household("B").pk])))
