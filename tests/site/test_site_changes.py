"""A change of a household on pages: offered to who may, filled in, looked at, submitted; refusals beside their fields."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.registry.rosters import id_number
from tests.site import county

from jiefa.procedures.models import Dossier
from jiefa.registry.actions import households as registry
from jiefa.registry.actions.households import Edit
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear
from jiefa.registry.queries import households

pytestmark = pytest.mark.usefixtures("small_county")

ON = "2015-06-15"
BORN = dt.date(1992, 5, 4)
NUMBER = id_number(BORN, 77, male=False)
CHILD = {"on": ON, "name": "张小宝", "relation": "son", "sex": "male"}
WIFE = {
    "on": ON,
    "name": "韦小妹",
    "relation": "son_wife",
    "sex": "female",
    "birth_date": f"{BORN}",
    "id_number": NUMBER,
}


@pytest.fixture
def li() -> Client:
    return county.signed_in("li")


def url(number: str, kind: str = "") -> str:
    return f"/households/{county.household(number).pk}/changes/" + (f"{kind}/" if kind else "")


def previewed(client: Client, number: str, kind: str, typed: dict[str, Any]) -> HttpResponse:
    return client.post(url(number, kind), {**typed, "do": "preview"})


def hidden(page: str) -> dict[str, Any]:
    """What the preview carries to be sent again."""
    form = page.split('<form method="post" action=')[1]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def submitted(client: Client, number: str, kind: str, typed: dict[str, Any]) -> HttpResponse:
    """Looked at, then submitted as the page would."""
    page = previewed(client, number, kind, typed)
    assert page.status_code == 200, page.content.decode()
    return client.post(url(number, kind), {**hidden(page.content.decode()), "do": "submit"})


def members(number: str) -> list[int]:
    home = county.household(number)
    return [member.person.pk for member in households.present_members(home)]


def test_household_page_leads_to_the_kinds_of_change(li: Client) -> None:
    page = li.get(f"/households/{county.household('A').pk}/").content.decode()
    kinds = li.get(url("A")).content.decode()

    assert url("A") in page
    for kind in ("birth", "death", "marriage_in", "split", "merge", "head", "correction"):
        assert url("A", kind) in kinds


@pytest.mark.parametrize("username", ["wang", "auditor", "helper", "zhao"])
def test_whose_post_records_no_changes_is_not_offered_them(username: str) -> None:
    client = county.signed_in(username)

    assert "/changes/" not in client.get(f"/households/{county.household('A').pk}/").content.decode()
    assert client.get(url("A")).status_code in (403, 404)
    assert client.post(url("A", "birth"), {**CHILD, "do": "preview"}).status_code in (403, 404)


def test_nobody_records_outside_the_own_village(li: Client) -> None:
    assert li.get(url("F")).status_code == 404
    assert li.get(url("E", "birth")).status_code == 404
    assert li.post(url("E", "birth"), CHILD).status_code == 404


def test_kind_that_there_is_not(li: Client) -> None:
    assert li.get(url("A", "flood")).status_code == 404


def test_birth_is_looked_at_then_recorded(li: Client) -> None:
    page = previewed(li, "A", "birth", CHILD).content.decode()
    assert "张小宝" in page
    assert "由您一人登记" in page
    assert not Dossier.objects.exists()

    done = submitted(li, "A", "birth", CHILD)

    dossier = Dossier.objects.get()
    assert done["Location"] == f"/dossiers/{dossier.pk}/"
    assert Person.objects.get(name="张小宝").household_id == county.household("A").pk
    shown = li.get(done["Location"]).content.decode()
    assert "新生儿" in shown
    assert "张小宝 · 与户主关系" in shown
    assert "新生儿" in li.get(f"/households/{county.household('A').pk}/").content.decode()


def test_second_of_two_clicks_records_nobody_twice(li: Client) -> None:
    sent = {**hidden(previewed(li, "A", "birth", CHILD).content.decode()), "do": "submit"}

    first, second = (li.post(url("A", "birth"), sent) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Person.objects.filter(name="张小宝").count() == 1


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("birth", {**CHILD, "on": "2099-01-01"}, "还没有到"),
        ("birth", {**CHILD, "on": "昨天"}, "输入"),
        ("birth", {**CHILD, "name": ""}, "必填"),
        ("marriage_in", {**WIFE, "id_number": NUMBER[:-1]}, "17 位"),
        ("marriage_in", {**WIFE, "sex": "male"}, "性别"),
        ("death", {"on": ON}, "必填"),
        ("death", {"on": ON, "person": "999999"}, "选择"),
        ("split", {"on": ON, "household_number": "X1", "inherits": "no"}, "必填"),
        ("merge", {"on": ON, "household_number": "F"}, "没有户编号为"),
        ("head", {"on": ON}, "与户主的关系"),
        ("correction", {"on": ON}, "没有要改的"),
    ],
)
def test_wrong_input_is_said_beside_its_field(li: Client, kind: str, typed: dict[str, Any], said: str) -> None:
    answer = previewed(li, "A", kind, card("A", typed) if kind == "correction" else typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "form-error" in page or "note-alarm" in page
    assert not Dossier.objects.exists()


def card(number: str, more: dict[str, Any]) -> dict[str, Any]:
    """The form of a correction as the page shows it, with something typed."""
    page = county.signed_in("li").get(url(number, "correction"))
    form = page.context["form"]
    typed: dict[str, Any] = {}
    for one in (form.card.form, *form.card.members):
        for bound in one:
            value = bound.value()
            typed[bound.html_name] = value if isinstance(value, list) else "" if value is None else str(value)
    return typed | more


def test_correction_of_the_telephone_is_shown_masked_and_recorded(li: Client) -> None:
    typed = card("A", {"on": ON, "phone": "13912345678"})

    page = previewed(li, "A", "correction", typed).content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "139******78" in table
    assert "1234567" not in table
    submitted(li, "A", "correction", typed)

    assert households.shown_phone(county.household("A"), full=True) == "13912345678"
    assert "13912345678" not in li.get(f"/dossiers/{Dossier.objects.get().pk}/").content.decode()


def test_form_of_a_correction_shows_no_number_in_full(li: Client) -> None:
    page = li.get(url("A", "correction")).content.decode()

    assert "13800000001" not in page
    assert "622200000000000001" not in page
    assert not re.findall(r"\d{17}[\dX]", page)
    assert "不改就空着" in page


def test_correction_of_money_says_why_it_takes_two_and_waits(li: Client) -> None:
    typed = card("A", {"on": ON, "wage_income": "8888"})

    page = previewed(li, "A", "correction", typed).content.decode()
    assert "乡镇核对" in page
    assert "涉及身份" in page
    submitted(li, "A", "correction", typed)

    dossier = Dossier.objects.get()
    assert (dossier.procedure, dossier.step) == ("household_change", "township_check")
    assert [line["field"] for line in dossier.proposal["lines"]] == ["wage_income_fen"]


def test_correction_shows_what_the_rules_would_say(li: Client) -> None:
    typed = card("A", {"on": ON, "main_cause": "illness"})

    page = previewed(li, "A", "correction", typed).content.decode()

    assert "CA01" in page
    refused = submitted(li, "A", "correction", typed)
    assert refused.status_code in (302, 422)
    assert HouseholdYear.objects.get(household=county.household("A"), year=2015).main_cause == "funds"


def test_member_who_came_after_the_card_stands_on_the_household_page(li: Client) -> None:
    submitted(li, "A", "birth", {**CHILD, "on": "2016-03-08"})
    others = members("A")
    submitted(li, "A", "death", {"on": "2016-04-01", "person": others[1]})

    page = li.get(f"/households/{county.household('A').pk}/").content.decode()
    earlier = li.get(f"/households/{county.household('A').pk}/?year=2014").content.decode()

    assert "新生儿 2016-03-08" in page
    assert "死亡 2016-04-01" in page
    assert "新生儿 2016-03-08" not in earlier.split("变更登记")[0]


def test_record_that_moved_on_is_looked_at_again(li: Client) -> None:
    typed = card("A", {"on": ON, "address": "新寨"})
    page = previewed(li, "A", "correction", typed).content.decode()
    home = county.household("A")
    registry.save_card(
        household_id=home.pk, year=2015, version=home.version, edit=Edit({"address": "老寨"}),
        policy=county.policy.load().for_year(2015), by="x",
    )  # fmt: skip

    answer = li.post(url("A", "correction"), {**hidden(page), "do": "submit"})

    assert answer.status_code == 409
    assert "老寨" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_split_is_flagged_on_preview_dossier_and_list(li: Client) -> None:
    head, *others = members("A")
    relations = {f"relation-{key}": "other" for key in others} | {f"relation-{head}": "head"}
    relations[f"relation-{others[0]}"] = "head"
    typed = {"on": ON, "persons": [others[0]], "household_number": "A-2", "inherits": "yes", **relations}

    page = previewed(li, "A", "split", typed).content.decode()
    assert "没有经过识别" in page
    done = submitted(li, "A", "split", typed)

    assert "没有经过识别" in li.get(done["Location"]).content.decode()
    assert "将新增贫困户" in li.get("/dossiers/?view=all").content.decode()
    assert "将新增贫困户" in li.get(f"/households/{county.household('A').pk}/").content.decode()
    assert not Household.objects.filter(number="A-2").exists()
    english = county.signed_in("li")
    english.post("/language/", {"language": "en", "next": "/"})
    assert "without identification" in english.get(done["Location"]).content.decode()


def test_household_that_is_closed_offers_nothing(li: Client) -> None:
    Household.objects.filter(pk=county.household("A").pk).update(poverty_status="closed")

    assert "/changes/" not in li.get(f"/households/{county.household('A').pk}/").content.decode()
    assert li.get(url("A")).status_code == 404


def test_back_to_the_form_keeps_what_was_typed(li: Client) -> None:
    page = previewed(li, "A", "birth", CHILD).content.decode()

    form = li.post(url("A", "birth"), {**hidden(page), "do": "back"}).content.decode()

    assert 'value="张小宝"' in form


def test_township_officer_records_small_ones_and_is_told_who_begins_others() -> None:
    sun = county.signed_in("sunx")
    kinds = sun.get(url("A")).content.decode()
    assert url("A", "birth") in kinds
    assert url("A", "marriage_in") not in kinds
    assert sun.get(url("E")).status_code == 404  # another township

    refused = submitted(sun, "A", "marriage_in", WIFE)
    assert refused.status_code in (403, 422)
    assert "村工作人员提出" in refused.content.decode()
    assert submitted(sun, "A", "birth", CHILD).status_code == 302
    assert Dossier.objects.get().procedure == "household_change_township"


def test_pages_ask_no_more_where_there_are_more_members(li: Client) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert li.get(address).status_code == 200
        return len(captured)

    kinds = ("", "birth", "death", "split", "head", "correction")
    few = {kind: asked(url("B", kind)) for kind in kinds}
    many = {kind: asked(url("A", kind)) for kind in kinds}

    assert PersonYear.objects.filter(household=county.household("A"), year=2015).count() == 4
    assert many == few
    assert max(many.values()) <= 22
