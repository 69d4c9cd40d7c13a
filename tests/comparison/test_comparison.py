"""A department's list: found by number, by likeness, by a clerk; a lead is visited, heard, reviewed by another officer, and settled one way of three."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa import policy
from jiefa.access.rules import Scope
from jiefa.areas.models import Division
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.casework.actions import ReviewFirst
from jiefa.comparison.actions import course as looking
from jiefa.comparison.actions import load, pairs
from jiefa.comparison.actions.load import KindUnknown, Source, WholeOfNothing
from jiefa.comparison.actions.pairs import PairDecided
from jiefa.comparison.models import Comparison, Course, How, Pair, PairState
from jiefa.comparison.queries import comparisons
from jiefa.identification.actions.leads import LeadsLoaded, NobodyFound
from jiefa.identification.models import Lead, Settled
from jiefa.kernel import id_numbers
from jiefa.kernel.errors import NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.models import Household, Person, PersonYear
from jiefa.responsibility.models import Cadre, Organisation, Visit

SOURCE = Source("vehicle", "县公安局", dt.date(2015, 9, 30))
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂"
PEOPLE = 240
ON = dt.date(2015, 10, 12)


def number_of(born: dt.date, serial: int) -> str:
    first = f"{COUNTY}{born:%Y%m%d}{serial:03d}"
    return first + id_numbers.check_character(first)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return policy.load()


@pytest.fixture
def people() -> People:
    return People(VILLAGE, TOWNSHIP, COUNTY)


@pytest.fixture
def register(db: None) -> list[Person]:
    """Households of one person each in five villages, with names and birthdays as they come."""
    random = np.random.default_rng(4)
    villages = list(
        Division.objects.filter(code__startswith=TOWNSHIP, level="village").values_list("code", flat=True)[:4]
    )
    villages = [VILLAGE, *(code for code in villages if code != VILLAGE)]
    homes = Household.objects.bulk_create(
        Household(
            number=f"N{place:04d}",
            village_code=villages[place % len(villages)],
            head_name="",
            size=1,
            poverty_status="poor",
            household_class="general",
        )
        for place in range(PEOPLE)
    )
    vault = Vault(settings.JIEFA_VAULT_KEY)
    made = []
    for place, home in enumerate(homes):
        name = random.choice(list(FAMILY)) + "".join(random.choice(list(GIVEN), 2))
        born = dt.date(1940, 1, 1) + dt.timedelta(days=int(random.integers(20_000)))
        key = vault.blind_index(number_of(born, place))
        person = Person(
            household=home, village_code=home.village_code, birth_date=born, id_key=key, id_form="citizen",
            id_length=18, id_placeholder=False,
        )  # fmt: skip
        person.set_name(name)
        made.append(person)
    return list(Person.objects.bulk_create(made))


def listed(folder: Path, rows: list[tuple[str, str, str, str, str]], name: str = "车辆.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("证件号码", "姓名", "出生日期", "行政村", "线索内容"), *rows])
    return file


def rows_of(register: list[Person]) -> list[tuple[str, str, str, str, str]]:
    """Twenty by number; ten by number under another name; forty without a number; twenty of nobody here."""
    names = dict(Division.objects.filter(code__startswith=TOWNSHIP).values_list("code", "name"))
    rows = []
    for place, person in enumerate(register[:70]):
        assert person.birth_date is not None
        number = number_of(person.birth_date, place) if place < 30 else ""
        name = "欧阳别人" if 20 <= place < 30 else person.name
        rows.append((number, name, person.birth_date.isoformat(), names[person.village_code], "小型客车"))
    for place in range(20):
        rows.append(("", f"司徒{place:02d}", f"19{50 + place}-02-03", "别处村", "小型客车"))
    return rows


@pytest.fixture
def compared(register: list[Person], people: People, pack: Pack, tmp_path: Path) -> Comparison:
    file = listed(tmp_path, rows_of(register))
    return load.load(file=file, name=file.name, source=SOURCE, by=people.wang, pack=pack)


def lead_at(village: str) -> Lead:
    return Lead.objects.filter(village_code=village).order_by("pk")[0]


def visited(lead: Lead) -> None:
    office = Organisation.objects.create(name="镇政府", kind="township", area_code=TOWNSHIP)
    cadre = Cadre.objects.create(
        number="1", name="张三", organisation=office, rank="staff", area_code=TOWNSHIP, from_date=dt.date(2014, 1, 1)
    )
    Visit.objects.create(
        on=ON, cadre=cadre, household=lead.household, village_code=lead.village_code, purpose="check", found="看了车",
        by="li", at=timezone.now(),
    )  # fmt: skip


def test_rows_are_found_by_number_by_likeness_or_not_at_all(compared: Comparison, register: list[Person]) -> None:
    course = {one.lead.person_id: one for one in Course.objects.select_related("lead")}

    assert compared.exact == 30
    assert [course[person.pk].how for person in register[:20]] == [How.NUMBER_AND_NAME] * 20
    assert [course[person.pk].how for person in register[20:30]] == [How.NUMBER] * 10
    likely = {pk for pk, one in course.items() if one.how == How.LIKENESS}
    doubtful = set(Pair.objects.values_list("person_id", flat=True))
    meant = {person.pk for person in register[30:70]}
    assert likely <= meant
    assert len(likely & meant) + len(doubtful & meant) >= 38
    assert compared.precision is not None
    assert compared.precision > 0.9
    assert {one.due_on for one in course.values()} == {timezone.localdate() + dt.timedelta(days=15)}


def test_no_number_of_the_list_is_kept(compared: Comparison, register: list[Person]) -> None:
    assert register[0].birth_date is not None
    number = number_of(register[0].birth_date, 0)

    kept = "".join(map(str, [*Entry.objects.values_list("diff", flat=True), *Lead.objects.values_list("detail")]))

    assert number not in kept
    assert not audit.verify().faults


def test_what_cannot_be_compared_is_refused_whole(
    compared: Comparison, register: list[Person], people: People, pack: Pack, tmp_path: Path
) -> None:
    leads = Lead.objects.count()
    again = listed(tmp_path, rows_of(register), "又一份.csv")
    strangers = listed(tmp_path, [("", "司徒某", "1950-02-03", "别处村", "")], "无人.csv")

    with pytest.raises(LeadsLoaded):
        load.load(file=again, name=again.name, source=SOURCE, by=people.wang, pack=pack)
    with pytest.raises(NobodyFound):
        load.load(file=strangers, name=strangers.name, source=SOURCE, by=people.wang, pack=pack)
    with pytest.raises(KindUnknown):
        load.load(file=again, name="x", source=Source("boat", "x", SOURCE.as_of), by=people.wang, pack=pack)
    with pytest.raises(NotAllowed):
        load.load(file=again, name="x", source=SOURCE, by=people.li, pack=pack)
    with pytest.raises(NobodyFound):
        load.load(file=listed(tmp_path, rows_of(register)[1:]), name="x", source=SOURCE, by=people.wu, pack=pack)
    assert Lead.objects.count() == leads


def test_a_lead_is_visited_heard_and_reviewed_before_it_is_settled(
    compared: Comparison, people: People, pack: Pack
) -> None:
    lead = lead_at(VILLAGE)
    course = lead.course
    said = {"visited_on": ON, "heard": "车是女婿的，登记在我名下", "found": Settled.KEPT, "reason": "三轮车，不值钱"}

    with pytest.raises(looking.NotVisited):
        looking.find(course_id=course.pk, by=people.li, **said)
    visited(lead)
    with pytest.raises(looking.NotHeard):
        looking.find(course_id=course.pk, by=people.li, **{**said, "heard": " "})
    with pytest.raises(ReviewFirst):
        casework.settle_lead(lead_id=lead.pk, settled=Settled.KEPT, reason="x", by=people.li, on=ON, pack=pack)
    with pytest.raises(looking.NothingToReview):
        looking.review(course_id=course.pk, agree=True, reason="", by=people.wang)
    looking.find(course_id=course.pk, by=people.wang, **said)
    with pytest.raises(looking.FindingWaits):
        looking.find(course_id=course.pk, by=people.li, **said)
    with pytest.raises(looking.OwnFinding):
        looking.review(course_id=course.pk, agree=True, reason="", by=people.wang)
    with pytest.raises(looking.ReviewReason):
        looking.review(course_id=course.pk, agree=False, reason="", by=people.zhou)
    for outsider in (people.li, people.wu):
        with pytest.raises(NotAllowed):
            looking.review(course_id=course.pk, agree=True, reason="", by=outsider)
    looking.review(course_id=course.pk, agree=False, reason="没有照片", by=people.zhou)
    lead.refresh_from_db()
    assert lead.settled == ""
    looking.find(course_id=course.pk, by=people.li, **said)
    casework.review_lead(course=course, agree=True, reason="", by=people.wang, on=ON, pack=pack)

    lead.refresh_from_db()
    assert (lead.settled, lead.reason, lead.by) == ("kept", "三轮车，不值钱", "wang")
    (rate,) = [one for one in comparisons.rates(Scope((VILLAGE,))) if one.how == course.how]
    assert (rate.worth.kept, rate.worth.hit, rate.worth.removed) == (1, 1.0, 0.0)
    assert not audit.verify().faults


def test_a_clerk_decides_a_pair_once(compared: Comparison, register: list[Person], people: People, pack: Pack) -> None:
    person = register[200]
    pair = Pair.objects.create(
        comparison=compared, line=99, household_id=person.household_id, person=person, village_code=person.village_code,
        probability=0.7, said_name="王小明", said_place="某村", detail="货车",
    )  # fmt: skip

    with pytest.raises(NotAllowed):
        pairs.decide(pair_id=pair.pk, state=PairState.SAME, by=people.wu, pack=pack)
    pairs.decide(pair_id=pair.pk, state=PairState.UNCLEAR, by=people.wang, pack=pack)
    within = Scope((COUNTY,))
    assert pair not in comparisons.waiting(within)
    assert list(comparisons.waiting(within, 0, PairState.UNCLEAR)) == [pair]
    pairs.decide(pair_id=pair.pk, state=PairState.SAME, by=people.zhou, pack=pack)
    with pytest.raises(PairDecided):
        pairs.decide(pair_id=pair.pk, state=PairState.OTHER, by=people.wang, pack=pack)

    lead = Lead.objects.get(person=person)
    assert (lead.kind, lead.detail, lead.course.how, lead.course.probability) == ("vehicle", "货车", How.CLERK, 0.7)


def test_nothing_is_kept_of_a_row_about_somebody_else(
    compared: Comparison, register: list[Person], people: People, pack: Pack
) -> None:
    person = register[200]
    pair = Pair.objects.create(
        comparison=compared, line=98, household_id=person.household_id, person=person, village_code=person.village_code,
        probability=0.7, said_name="王小明", said_born=ON, said_place="某村", detail="货车",
    )  # fmt: skip

    pairs.decide(pair_id=pair.pk, state=PairState.OTHER, by=people.wang, pack=pack)

    pair.refresh_from_db()
    assert (pair.said_name, pair.said_born, pair.said_place, pair.detail) == ("", None, "", "")
    assert (pair.state, pair.line) == ("other", 98)


def test_pairs_and_rates_stay_inside_the_scope(
    compared: Comparison, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert comparisons.rates(Scope(("520326",))) == []
    assert comparisons.rates(Scope(())) == []
    assert not comparisons.waiting(Scope(("520326",))).exists()
    with django_assert_num_queries(2):
        found = comparisons.rates(Scope((COUNTY,)))
    assert sum(one.worth.leads for one in found) == Lead.objects.count()


def test_a_number_that_says_somebody_else_is_heard(
    register: list[Person], people: People, pack: Pack, tmp_path: Path
) -> None:
    """Rows with name, birthday and village of people on file: with a stranger's number, with a number near theirs, with a mistyped one."""
    vault = Vault(settings.JIEFA_VAULT_KEY)
    names = dict(Division.objects.filter(code__startswith=TOWNSHIP).values_list("code", "name"))
    rows = []
    for place, person in enumerate(register[:60]):
        assert person.birth_date is not None
        own = number_of(person.birth_date, place)
        person.id_sealed = vault.seal(own)
        person.save(force_update=True)
        if place < 20:
            said = number_of(person.birth_date, 999 - place)
        elif place < 40:
            twins = place + 1 if place % 10 < 9 else place - 1
            said = number_of(person.birth_date, twins)
        else:
            said = own[:-1] + ("0" if own[-1] != "0" else "1")
        rows.append((said, person.name, person.birth_date.isoformat(), names[person.village_code], "小型客车"))
    file = listed(tmp_path, rows)

    load.load(file=file, name=file.name, source=SOURCE, by=people.wang, pack=pack)

    leads = set(Lead.objects.values_list("person", flat=True))
    doubtful = set(Pair.objects.values_list("person", flat=True))
    strangers, twins, mistyped = ({person.pk for person in register[first : first + 20]} for first in (0, 20, 40))
    assert not strangers & (leads | doubtful)
    assert len(twins & doubtful) >= 18
    assert not twins & leads
    assert len(mistyped & leads) >= 18


def test_one_person_may_own_two_cars(register: list[Person], people: People, pack: Pack, tmp_path: Path) -> None:
    first = rows_of(register)[0]
    without = ("", *first[1:4], "货车")
    file = listed(tmp_path, [*rows_of(register), without])

    load.load(file=file, name=file.name, source=SOURCE, by=people.wang, pack=pack)

    own = {*Lead.objects.filter(person=register[0]).values_list("detail", flat=True)}
    own |= {*Pair.objects.filter(person=register[0]).values_list("detail", flat=True)}
    assert own == {"小型客车", "货车"}


def test_a_list_of_what_cards_say_too_asks_where_they_differ(
    register: list[Person], people: People, pack: Pack, tmp_path: Path
) -> None:
    """Thirty on the guarantee list: twenty of them by their cards, too; five more by their cards alone, one of these elsewhere."""
    Household.objects.update(card_year=2015)
    on_card = {*register[:20], *register[30:34], register[200]}
    elsewhere = Division.objects.filter(code__startswith="520326", level="village")[0].code
    PersonYear.objects.bulk_create(
        PersonYear(
            person=one, household_id=one.household_id, village_code=one.village_code, year=year, relation="head",
            dibao=one in on_card and year == 2015,
        )
        for one in register
        for year in (2014, 2015)
    )  # fmt: skip
    Person.objects.filter(pk=register[200].pk).update(village_code=elsewhere)
    names = dict(Division.objects.filter(code__startswith=TOWNSHIP).values_list("code", "name"))
    rows = []
    for place, person in enumerate(register[:30]):
        assert person.birth_date is not None
        number = number_of(person.birth_date, place)
        rows.append((number, person.name, person.birth_date.isoformat(), names[person.village_code], "低保"))
    file = listed(tmp_path, rows)
    source = Source("guarantee", "县民政局", dt.date(2015, 9, 30), COUNTY)

    with pytest.raises(WholeOfNothing):
        load.load(file=file, name="x", source=replace(source, kind="vehicle"), by=people.wang, pack=pack)
    with pytest.raises(NotAllowed):
        load.load(file=file, name="x", source=replace(source, whole_of="520326"), by=people.wang, pack=pack)
    made = load.load(file=file, name=file.name, source=source, by=people.wang, pack=pack)

    course = {one.lead.person_id: one.how for one in Course.objects.select_related("lead")}
    assert {pk for pk, how in course.items() if how == How.MISSING} == {one.pk for one in register[30:34]}
    assert {pk for pk, how in course.items() if how != How.MISSING} == {one.pk for one in register[20:30]}
    assert (made.exact, made.agreed, made.missing) == (30, 20, 4)
    assert made.list.found == 30 + 4
