"""The plan page: measures added and taken off, signed by the household; the helper confirms what arrived."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.site import county, pages

from jiefa.assistance.models import HouseholdPlan, Measure

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
