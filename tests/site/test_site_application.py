"""A household that was never on file applies on a page: it comes onto the register as an applicant, with its dossier, or not at all."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.registry.rosters import id_number
from tests.site import cases, county, pages

from jiefa import policy
from jiefa.audit import queries as audit
from jiefa.changes.actions import applications
from jiefa.insight.models import Finding
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear, Membership, Movement, Person, PersonYear
from jiefa.registry.queries import households

pytestmark = pytest.mark.usefixtures("small_county")

HEAD_NUMBER = id_number(dt.date(1969, 3, 4), 201, male=True)
WIFE_NUMBER = id_number(dt.date(1972, 8, 15), 202, male=False)
HOUSE: dict[str, Any] = {
    "group_name": "四组",
    "phone": "13800000091",
    "bank_name": "农信社",
    "bank_account": "622200000000000091",
    "account_holder": "骆明贵",
    "household_class": "general",
    "standard": "national",
    "main_cause": "funds",
    "other_causes": ["land"],
    "stated_size": "2",
    "wage_income": "3000.50",
    "house_area_m2": "50",
    "house_danger": "A",
    "water_difficult": "False",
    "water_safe": "True",
    "electricity": "True",
    "production_electricity": "True",
    "fuel": "power",
    "sanitary_toilet": "True",
    "road_type": "cement",
    "road_distance_km": "1",
    "cooperative": "False",
    "cultivated_land_mu": "2",
    "irrigated_land_mu": "1",
    "forest_land_mu": "1",
    "orchard_land_mu": "0",
    "grass_land_mu": "0",
    "water_area_mu": "0",
}
GROWN: dict[str, Any] = {
    "ethnic_group": "01",
    "education": "primary",
    "school_stage": "not_pupil",
    "health": "healthy",
    "labour": "ordinary",
    "dibao": "False",
    "tekun": "False",
    "resident_medical": "True",
    "employee_medical": "False",
    "serious_illness_insurance": "True",
    "pension": "True",
}
WORKS = {"work_place": "county", "work_county": "520326", "work_months": "6", "monthly_wage": "500"}


def member(row: int, **typed: Any) -> dict[str, Any]:
    return {f"m{row}-{name}": value for name, value in {**GROWN, **typed}.items()}


COUPLE = {
    "row": ["1", "2"],
    **member(1, name="骆明贵", id_number=HEAD_NUMBER, relation="head", **WORKS),
    **member(2, name="田秀珍", id_number=WIFE_NUMBER, relation="spouse", sex="female", birth_date="1972-08-15"),
}


def url(village: str = county.VILLAGE, **query: object) -> str:
    path = reverse("site:application-new", args=[village])
    return path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def applied(username: str = "li", village: str = county.VILLAGE, **typed: Any) -> Any:
    """What the village officer gets for the form filled in with a couple and ``typed``."""
    client = county.signed_in(username)
    form = pages.form_with(client.get(url(village)), "wage_income")
    return client.post(form.action, form.filled(**{**HOUSE, **COUPLE, **typed}))


def nothing_new(before: dict[str, int]) -> bool:
    return counted() == before


def counted() -> dict[str, int]:
    tables = (Household, HouseholdYear, Person, PersonYear, Membership, Dossier, Finding)
    return {table.__name__: table.objects.count() for table in tables}


def beside(answer: Any, name: str) -> str:
    """What stands beside a field as wrong with it."""
    html: str = answer.content.decode()
    return re.sub(r"<[^>]+>", "", html.partition(f'id="id_{name}_error">')[2].partition("</div>")[0])


def test_application_puts_household_members_card_and_dossier_on_file_at_once() -> None:
    year = applications.year_of(timezone.localdate(), policy.load())

    answer = applied()

    assert answer.status_code == 302, pages.text(answer)
    household = Household.objects.get(head_name="骆明贵")
    card = HouseholdYear.objects.get(household=household)
    dossier = Dossier.objects.get(subject=subjects.household(household.pk))
    assert answer["Location"].startswith(reverse("site:dossier", args=[dossier.pk]))
    assert household.number.startswith(county.VILLAGE)
    assert (household.poverty_status, household.card_year, household.size) == ("applicant", year, 2)
    assert (card.year, card.poverty_status, card.wage_income_fen, card.other_cause_1) == (
        year,
        "applicant",
        300_050,
        "land",
    )
    assert (card.net_income_per_person_fen, card.kind, card.account_holder_is_member) == (150_025, "two_lack", True)
    head, wife = PersonYear.objects.filter(household=household).select_related("person").order_by("person")
    assert (head.person.name, head.person.sex, head.person.birth_date) == ("骆明贵", "male", dt.date(1969, 3, 4))
    assert (wife.relation, wife.person.id_checksum_ok, wife.labour) == ("spouse", True, "ordinary")
    assert not Movement.objects.filter(household=household).exists()
    assert (dossier.procedure, dossier.step, dossier.year) == ("identification", "application", year)
    assert dossier.proposal["changes"] == [{"field": "poverty_status", "before": "applicant", "after": "poor"}]


def test_application_is_in_the_log_without_a_number_and_the_chain_holds() -> None:
    applied()

    household = Household.objects.get(head_name="骆明贵")
    (entry,) = audit.history("household", household.pk)
    assert (entry.action, entry.by, entry.chain) == ("household.applied", "li", county.COUNTY)
    assert HEAD_NUMBER not in entry.diff
    assert "622200000000000091" not in entry.diff
    assert json.loads(entry.diff)["people"] == list(
        Person.objects.filter(household=household).order_by("pk").values_list("pk", flat=True)
    )
    assert audit.verify().faults == ()


def test_household_goes_from_its_form_to_the_register_by_its_dossier() -> None:
    applied()
    household = Household.objects.get(head_name="骆明贵")
    dossier = Dossier.objects.get(subject=subjects.household(household.pk))

    cases.at_township(dossier)
    cases.take(dossier, "sunx")
    Dossier.objects.filter(pk=dossier.pk).update(
        notice_posted=True, notice_until=timezone.localdate() - dt.timedelta(days=1)
    )
    cases.take(dossier, "sunx")
    cases.take(dossier, "zhou")
    cases.take(dossier, "zhou")

    household.refresh_from_db()
    assert (household.poverty_status, household.entered_year) == ("poor", dossier.year)
    assert list(Movement.objects.filter(household=household).values_list("kind", "people")) == [("new", 2)]


def test_card_that_breaks_a_rule_is_refused_beside_the_field_and_nothing_is_half_written() -> None:
    before = counted()

    answer = applied(main_cause="illness", stated_size="3", **{"m2-relation": "head"})

    assert answer.status_code == 422
    assert "没有保存" in pages.text(answer)
    assert "因病" in beside(answer, "main_cause")
    assert beside(answer, "stated_size")
    assert "户主" in beside(answer, "m1-relation")
    assert nothing_new(before)
    form = pages.form_with(answer, "wage_income")
    assert form.fields["group_name"] == ["四组"]
    assert form.fields["m2-name"] == ["田秀珍"]
    assert form.fields["row"] == ["1", "2"]


def test_member_whose_number_is_wrong_is_told_beside_it() -> None:
    wrong = HEAD_NUMBER[:-1] + ("1" if HEAD_NUMBER[-1] != "1" else "2")

    answer = applied(**{"m1-id_number": wrong})

    assert answer.status_code == 422
    assert "校验码" in beside(answer, "m1-id_number")


def test_what_is_left_out_is_asked_for_beside_its_field() -> None:
    before = counted()

    answer = applied(household_class="", main_cause="", **{"m2-name": "", "m2-relation": ""})

    assert answer.status_code == 422
    assert beside(answer, "household_class")
    assert beside(answer, "main_cause")
    assert beside(answer, "m2-name")
    assert beside(answer, "m2-relation")
    assert "尚未保存" in pages.text(answer)
    assert nothing_new(before)


def number_of(household: str) -> tuple[Person, str]:
    """The head of a household of the county, and the certificate number."""
    person = Person.objects.filter(household=county.household(household)).order_by("pk")[0]
    return person, households.shown_number(person, full=True)


def test_number_of_somebody_on_file_is_refused_and_says_masked_where() -> None:
    person, number = number_of("C")
    before = counted()

    answer = applied(**{"m1-id_number": number, "m1-sex": "", "m1-birth_date": ""})

    said = beside(answer, "m1-id_number")
    assert answer.status_code == 422
    assert "光明村" in said
    assert f"{number[:6]}********{number[-4:]}" in said
    assert number not in said
    assert person.name not in said
    assert f"{person.name[0]}*" in said
    assert nothing_new(before)


def test_where_somebody_is_on_file_outside_the_readers_area_is_told_by_county_alone() -> None:
    person, number = number_of("F")

    said = beside(applied(**{"m1-id_number": number}), "m1-id_number")

    assert "务川" in said
    assert f"{person.name[0]}*" not in said
    assert "村" not in said.replace("登记在", "")


def test_same_number_twice_in_one_application_is_refused_at_the_second() -> None:
    answer = applied(**{"m2-id_number": HEAD_NUMBER})

    assert answer.status_code == 422
    assert "填了两次" in beside(answer, "m2-id_number")
    assert beside(answer, "m1-id_number") == ""


def test_person_on_file_who_belongs_to_no_household_is_taken_up_not_doubled() -> None:
    person, number = number_of("C")
    Membership.objects.filter(person=person).update(left_on=dt.date(2015, 6, 1), left_reason="moved_out")
    Person.objects.filter(pk=person.pk).update(household=None)

    answer = applied(**{"m1-name": person.name, "m1-id_number": number, "account_holder": person.name})

    assert answer.status_code == 302, pages.text(answer)
    person.refresh_from_db()
    assert person.household is not None
    assert person.household.head_name == person.name
    assert Person.objects.filter(id_key=person.id_key).count() == 1


def test_two_clicks_put_one_household_on_file() -> None:
    client = county.signed_in("li")
    form = pages.form_with(client.get(url()), "wage_income")
    sent = form.filled(**{**HOUSE, **COUPLE})

    first, second = client.post(form.action, sent), client.post(form.action, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Household.objects.filter(head_name="骆明贵").count() == 1


def test_household_number_that_is_taken_is_refused_at_its_field_and_an_empty_one_is_given() -> None:
    taken = applied(household_number="C")
    given = applied(household_number="")

    assert taken.status_code == 422
    assert "户编号“C”已有人用" in beside(taken, "household_number")
    assert given.status_code == 302
    assert Household.objects.get(head_name="骆明贵").number.startswith(county.VILLAGE)


def test_members_come_and_go_without_script_and_without_losing_what_was_typed() -> None:
    client = county.signed_in("li")
    form = pages.form_with(client.get(url()), "wage_income")

    more = client.post(form.action, form.filled(**{**HOUSE, "m1-name": "骆明贵", "wage_income": "三千", "do": "add"}))
    grown = pages.form_with(more, "wage_income")
    fewer = client.post(grown.action, grown.filled(**{"m2-name": "田秀珍", "do": "remove-1"}))

    assert (more.status_code, fewer.status_code) == (200, 200)
    assert grown.fields["row"] == ["1", "2"]
    assert grown.fields["m1-name"] == ["骆明贵"]
    assert grown.fields["wage_income"] == ["三千"]
    assert grown.fields["other_causes"] == ["land"]
    assert "form-error" not in more.content.decode()
    left = pages.form_with(fewer, "wage_income")
    assert left.fields["row"] == ["2"]
    assert left.fields["m2-name"] == ["田秀珍"]
    assert left.fields["key"] == form.fields["key"]


def test_check_while_typing_says_the_same_and_keeps_nothing() -> None:
    before = counted()
    client = county.signed_in("li")
    form = pages.form_with(client.get(url()), "wage_income")
    _person, number = number_of("C")

    def said(**typed: Any) -> str:
        answer = client.post(f"{form.action}&check=1", form.filled(**{**HOUSE, **COUPLE, **typed}))
        assert answer.status_code == 200
        return pages.text(answer)

    assert "因病" in said(main_cause="illness")
    assert "已登记在" in said(**{"m1-id_number": number})
    assert "已有人用" in said(household_number="C")
    assert "✓" in said()
    assert nothing_new(before)


def test_card_of_the_other_year_may_be_stated_and_its_classes_are_those_of_that_year() -> None:
    client = county.signed_in("li")
    today = timezone.localdate()
    years = {today.year, today.year - 1}

    for year in years:
        form = pages.form_with(client.get(url(year=year)), "wage_income")
        assert f"year={year}" in form.action
    far = pages.form_with(client.get(url(year=2014)), "wage_income")
    assert "year=2014" not in far.action
    assert f"改填 {min(years)} 年度的卡片" in pages.text(client.get(url(year=max(years))))


def test_year_of_an_application_is_the_last_one_until_its_cards_are_due() -> None:
    pack = policy.load()

    assert applications.year_of(dt.date(2016, 1, 31), pack) == 2015
    assert applications.year_of(dt.date(2016, 2, 1), pack) == 2016


def test_link_stands_on_the_village_page_and_its_list_for_who_receives_applications() -> None:
    listed = f"{reverse('site:households')}?place={county.VILLAGE}&q=A"
    for username, shown in (("li", True), ("wang", False), ("auditor", False)):
        client = county.signed_in(username)
        for page in (reverse("site:area", args=[county.VILLAGE]), listed):
            assert (url() in client.get(page).content.decode()) is shown, (username, page)


def test_who_receives_no_applications_here_gets_no_form() -> None:
    assert county.signed_in("li").get(url()).status_code == 200
    assert county.signed_in("li").get(url(county.NEXT_TOWNSHIP)).status_code == 404
    assert county.signed_in("wang").get(url()).status_code == 404
    assert county.signed_in("auditor").get(url()).status_code == 404


def test_form_and_save_ask_few_questions_however_many_members(django_assert_max_num_queries: Any) -> None:
    client = county.signed_in("li")
    with django_assert_max_num_queries(20):
        form = pages.form_with(client.get(url()), "wage_income")
    many = {"row": [str(row) for row in range(1, 9)], "stated_size": "8"}
    for row in range(2, 9):
        number = id_number(dt.date(1990, 1, row), 300 + row, male=False)
        many |= member(row, name=f"田{'甲乙丙丁戊己庚辛'[row - 1]}", id_number=number, relation="other")
    sent = form.filled(**{**HOUSE, **COUPLE, **many})
    unfit = {**sent, **{f"m{row}-id_number": number_of("C")[1] for row in range(1, 9)}}

    with django_assert_max_num_queries(25):
        assert client.post(form.action, unfit).status_code == 422
    assert client.post(form.action, sent).status_code == 302
    assert Household.objects.get(head_name="骆明贵").size == 8
