"""Pages of who answers: the helper's own day, corrections, days in a village, pairings and their book, lists to act on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from tests.site import county, pages

from jiefa import policy, sheets
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.areas.models import Designation
from jiefa.casework import appointing
from jiefa.responsibility.actions import pairings, people, teams, visiting
from jiefa.responsibility.actions.pairings import NewPairing
from jiefa.responsibility.actions.people import NewCadre
from jiefa.responsibility.actions.visiting import NewVisit
from jiefa.responsibility.models import Arrival, Attendance, Cadre, Commitment, Helper, Pairing, Visit
from jiefa.sheets.forms import specs_of

pytestmark = pytest.mark.usefixtures("small_county")

PACK = policy.load()
SINCE, ON = dt.date(2015, 3, 1), dt.date(2015, 9, 1)
WANG = holder("wang", [(Role.COUNTY_OFFICER, county.COUNTY)])
ZHAO = holder("zhao", [(Role.PROVINCE_OFFICER, "52")])


@pytest.fixture
def he() -> Cadre:
    """The helper who signs in, serving in the village and answering for A."""
    new = NewCadre("1", "何帮扶", "staff", county.VILLAGE[:9], "县农委", "county", county.COUNTY, SINCE, "helper")
    cadre = people.enter(cadre=new, by=WANG)
    teams.form_team(village_code=county.VILLAGE, members=[(cadre.pk, "first_sec")], on=SINCE, by=WANG)
    appointing.appoint(household_id=county.household("A").pk, cadre_id=cadre.pk, on=ON, by=WANG, pack=PACK)
    return cadre


@pytest.fixture
def paired() -> Pairing:
    new = NewPairing("中央单位甲", "central", "52", "central", county.COUNTY, SINCE)
    pairings.pair_many(pairings=[new], by=ZHAO, pack=PACK)
    return Pairing.objects.get()


def visited(he: Cadre, found: str = "屋顶漏雨") -> Visit:
    by = holder("helper", [(Role.HELPER, county.VILLAGE)])
    return visiting.record(visit=NewVisit(ON, he.pk, "regular", found, county.household("A").pk), by=by)


def test_helper_records_a_visit_from_the_own_list(he: Cadre) -> None:
    client, url = county.signed_in("helper"), f"/households/{county.household('A').pk}/visit/"
    mine = pages.text(client.get("/my-households/"))
    assert "1 我帮扶的农户 1 该走访" in mine
    form = pages.form_with(client.get(url), "found")

    assert client.post(url, form.filled(found="")).status_code == 422
    assert client.post(url, form.filled(found="孩子已返校", next_step="月底再来", on="2015-09-02")).status_code == 302

    assert "月底再来" in pages.text(client.get("/my-households/"))
    assert Visit.objects.get().cadre_id == he.pk


def test_visit_is_corrected_by_a_further_entry(he: Cadre) -> None:
    made = visited(he)
    client = county.signed_in("helper")
    page = client.get(f"/households/{county.household('A').pk}/")
    assert f"/visits/{made.pk}/correct/" in page.content.decode()
    url = f"/visits/{made.pk}/correct/"
    form = pages.form_with(client.get(url), "reason")

    assert client.post(url, form.filled()).status_code == 422  # without saying why
    assert client.post(url, form.filled(found="屋顶已修", reason="记成了邻居家")).status_code == 302

    text = pages.text(client.get(f"/households/{county.household('A').pk}/"))
    assert "屋顶漏雨" in text
    assert "屋顶已修" in text
    assert "记成了邻居家" in text
    refused = client.post(url, form.filled(reason="再来一次"))
    assert refused.status_code == 422
    assert "已有更正" in pages.text(refused)
    assert county.signed_in("helper").get(f"/visits/{made.pk + 99}/correct/").status_code == 404


def test_visit_of_somebody_else_is_not_a_helpers_to_correct(he: Cadre) -> None:
    new = NewCadre("2", "别人", "staff", county.VILLAGE[:9], "县农委", "county", county.COUNTY, SINCE)
    other = people.enter(cadre=new, by=WANG)
    visit = NewVisit(ON, other.pk, "regular", "情况正常", county.household("A").pk)
    made = visiting.record(visit=visit, by=WANG)
    client, url = county.signed_in("helper"), f"/visits/{made.pk}/correct/"
    form = pages.form_with(client.get(url), "reason")

    refused = client.post(url, form.filled(reason="不是我写的"))

    assert refused.status_code == 422
    assert Visit.objects.count() == 1


def test_days_of_a_month_are_typed_in_one_table(he: Cadre) -> None:
    client, url = county.signed_in("sunx"), f"/teams/{county.VILLAGE}/attendance/?month=2015-09"
    form = pages.form_with(client.get(url), f"present_{he.pk}")

    assert client.post(url, form.filled(**{f"present_{he.pk}": "40"})).status_code == 422
    assert client.post(url, form.filled(**{f"sick_{he.pk}": "2"})).status_code == 422
    too_many = client.post(url, form.filled(**{f"present_{he.pk}": "29", f"sick_{he.pk}": "2"}))
    assert too_many.status_code == 422
    assert "合计超过" in pages.text(too_many)
    typed = {f"present_{he.pk}": "21", f"sick_{he.pk}": "2"}
    assert client.post(url, form.filled(**typed)).status_code == 302

    kept = Attendance.objects.get()
    assert (kept.present, kept.leave, kept.village_code) == (21, {"sick": 2}, county.VILLAGE)
    again = pages.form_with(client.get(url), f"present_{he.pk}")
    assert again.fields[f"present_{he.pk}"] == ["21"]
    client.post(url, again.filled())
    assert Attendance.objects.count() == 1  # nothing changed, nothing written
    # 200 days a year, ten months of 2015 served by its end: 166 asked for, 21 there.
    text = pages.text(client.get(f"/responsibility/checks/?place={county.VILLAGE}&year=2015"))
    assert "何帮扶" in text
    assert "21 166 2" in text


def test_a_township_sees_who_has_nobody_and_appoints(he: Cadre) -> None:
    client = county.signed_in("sunx")
    url = "/responsibility/households/?view=without&year=2015"
    page = client.get(url)
    assert str(county.household("B").pk) in page.content.decode()
    form = pages.form_with(page, "cadre")

    nothing = client.post(url, {**form.filled(cadre="1"), "household": []})
    assert nothing.status_code == 422
    ticked = {**form.filled(cadre="1", on="2015-10-01"), "household": [county.household("B").pk]}
    assert client.post(url, ticked).status_code == 302

    assert Helper.objects.get(household=county.household("B")).cadre == he
    assert county.household("B").number not in pages.text(client.get(url))


def test_pairing_its_promise_and_what_came(paired: Pairing) -> None:
    client = county.signed_in("wang")
    promise = f"/pairings/{paired.pk}/commitments/"
    form = pages.form_with(client.get(promise), "amount")
    typed = {"on": "2015-04-01", "form": "money", "what": "修路", "amount": "500000"}
    assert client.post(promise, form.filled(**{**typed, "amount": "0"})).status_code == 422
    assert client.post(promise, form.filled(**typed)).status_code == 302
    came = f"/pairings/{paired.pk}/arrivals/"
    form = pages.form_with(client.get(came), "voucher")
    typed = {"on": "2015-06-01", "form": "money", "what": "首款", "amount": "2000000"}
    assert client.post(came, form.filled(**typed)).status_code == 422  # no voucher
    assert client.post(came, form.filled(**typed, voucher="PZ-1")).status_code == 302
    wrong = Arrival.objects.get()

    correct = f"{came}?corrects={wrong.pk}"
    form = pages.form_with(client.get(correct), "reason")
    assert form.fields["amount"] == ["2000000.00"]
    assert client.post(correct, form.filled(amount="200000", reason="多写一个零")).status_code == 302

    assert (Commitment.objects.count(), Arrival.objects.count()) == (1, 2)
    text = pages.text(client.get(f"/pairings/{paired.pk}/?year=2015"))
    assert "500,000.00 已承诺（元） 200,000.00 截至2015年12月31日已到位（元） 300,000.00 尚未到位（元）" in text
    assert "多写一个零" in text
    assert county.signed_in("sunx").get(came).status_code in (403, 404)
    assert county.signed_in("sunx").get(f"/pairings/{paired.pk}/").status_code == 200


def test_pairings_of_a_place_with_their_gaps(paired: Pairing) -> None:
    Designation.objects.create(division_id=county.COUNTY, kind="key_county", from_year=2011, source="tests")
    Designation.objects.create(division_id=county.NEXT_COUNTY[:6], kind="key_county", from_year=2011, source="tests")
    client = county.signed_in("zhao")
    url = "/pairings/new/"
    form = pages.form_with(client.get(url), "places")
    typed = {"kind": "department", "organisation": "省农委", "organisation_kind": "province", "on": "2015-03-01"}
    assert client.post(url, form.filled(**typed, places="999999")).status_code == 422
    assert client.post(url, form.filled(**{**typed, "kind": "city"}, places=county.COUNTY)).status_code == 422
    assert client.post(url, form.filled(**typed, places=f"{county.COUNTY}\n520326")).status_code == 302

    text = pages.text(client.get("/pairings/?year=2015"))

    assert "重点县都有中央单位定点扶贫 1 / 2 尚缺： 务川" in text
    assert "各县都有省直部门挂钩 2 / 88" in text
    assert "省农委" in pages.text(client.get("/pairings/?year=2015&kind=department"))
    assert "中央单位甲" not in pages.text(client.get("/pairings/?year=2015&kind=department"))
    assert client.get("/pairings/?after=x-y&kind=none").status_code == 200


def test_pairing_ends_and_its_book_stays(paired: Pairing) -> None:
    client, url = county.signed_in("wang"), f"/pairings/{paired.pk}/"
    form = pages.form_with(client.get(url), "on")

    assert client.post(url, form.filled(on="2015-10-01")).status_code == 302

    assert "2015" in pages.text(client.get(url))
    assert client.post(url, form.filled(on="2015-10-01")).status_code == 422
    assert county.signed_in("evaluator").post(url, form.filled()).status_code == 403


@pytest.mark.parametrize("kind", ["attendance", "pairings", "commitments", "arrivals"])
def test_lists_are_offered_to_whoever_may_load_them(kind: str) -> None:
    def page_of(name: str) -> tuple[Client, int]:
        client = county.signed_in(name)
        return client, client.get(f"/responsibility/lists/{kind}/").status_code

    client, status = page_of("wang")
    assert status == 200
    for part in ("template", "export"):
        answer = client.get(f"/responsibility/lists/{kind}/{part}/")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert body[:2] == b"PK"
    assert page_of("sunx")[1] == (200 if kind == "attendance" else 403)
    assert page_of("zhao")[1] == (403 if kind == "attendance" else 200)


def test_list_names_every_wrong_row_and_waits_for_a_second_officer(he: Cadre, tmp_path: Path) -> None:
    (spec,) = specs_of(PACK, PACK.form("helpers"))
    file = tmp_path / "helpers.xlsx"
    client, url = county.signed_in("sunx"), "/responsibility/lists/helpers/"

    def sent(rows: list[tuple[object, ...]]) -> str:
        sheets.stream_xlsx(iter(rows), spec.columns, file, sheet_name=spec.zh, language="zh")
        with file.open("rb") as content:
            answer = client.post(url, {"file": content})
        assert answer.status_code == 302, pages.text(answer)
        return str(answer["Location"])

    wrong: list[tuple[object, ...]] = [("B", "9", ON), ("Z", "1", ON)]
    page = sent(wrong)
    told = pages.text(client.get(page))
    assert "没有编号为“9”的干部" in told
    assert "没有编号为“Z”的农户" in told
    report = client.get(f"{page}report/")
    assert b"".join(report.streaming_content)[:2] == b"PK"
    right: list[tuple[object, ...]] = [("B", "1", ON)]
    page = sent(right)
    assert Helper.objects.count() == 1  # that of A
    assert client.post(page, {"decision": "accept"}).status_code == 422
    assert county.signed_in("wang").post(page, {"decision": "accept"}).status_code == 302
    assert Helper.objects.count() == 2
    assert county.signed_in("helper").get(page).status_code == 403
