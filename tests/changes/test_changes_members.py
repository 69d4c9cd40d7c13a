"""Somebody comes, somebody leaves, another head: what the register says afterwards, and how many officers it takes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.changes import asking
from tests.changes.asking import CHILD, ON, WIFE, WIFE_NUMBER
from tests.procedures.people import People

from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.changes.actions import applying
from jiefa.changes.rules import refusals
from jiefa.policy import Pack
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision, NotYourDesk, SamePerson
from jiefa.registry.models import Household, HouseholdYear, Membership, Movement, Person, PersonYear

Village = dict[str, Household]


def moved(household: Household) -> list[tuple[str, str | None, int]]:
    found = Movement.objects.filter(household=household, year=2015).order_by("pk")
    return [(m.kind, m.reason, m.people) for m in found if m.kind.startswith(("natural", "correction"))]


def test_birth_is_recorded_by_one_officer_in_one_act(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]

    done = asking.submit(home, "birth", people.li, pack, facts=CHILD)

    child = Person.objects.get(name="张小宝")
    assert (done.procedure, done.outcome) == ("household_change_small", "approved")
    assert (child.household_id, child.birth_date, child.id_form) == (home.pk, ON, "missing")
    membership = Membership.objects.get(person=child)
    assert (membership.joined_on, membership.joined_reason, membership.left_on) == (ON, "birth", None)
    assert PersonYear.objects.get(person=child).relation == "son"
    assert moved(home) == [("natural_gain", "birth", 1)]
    assert [taken.by for taken in StepTaken.objects.filter(dossier=done.dossier)] == ["li"]
    asking.consistent()
    assert not audit.verify().faults


def test_township_officer_records_it_too(village: Village, people: People, pack: Pack) -> None:
    done = asking.submit(village["B"], "birth", people.sun, pack, facts=CHILD)

    assert (done.procedure, done.outcome) == ("household_change_township", "approved")


@pytest.mark.parametrize("who", ["wang", "wu", "zhao", "auditor"])
def test_nobody_else_does(who: str, village: Village, people: People, pack: Pack) -> None:
    with pytest.raises(Exception, match="提出"):
        asking.submit(village["B"], "birth", getattr(people, who), pack, facts=CHILD)

    assert not Dossier.objects.exists()
    assert not Person.objects.filter(name="张小宝").exists()


def test_marriage_in_waits_for_a_second_officer(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    done = asking.submit(home, "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
    assert (done.procedure, done.target, done.outcome) == ("household_change", "township_check", "")
    assert not Person.objects.filter(name="韦小妹").exists()

    with pytest.raises(NotYourDesk):
        asking.agree(done, people.li, pack)
    assert asking.agree(done, people.sun, pack).outcome == "approved"

    wife = Person.objects.get(name="韦小妹")
    assert (wife.id_checksum_ok, wife.id_sex, wife.household_id) == (True, "female", home.pk)
    assert moved(home) == [("natural_gain", "marriage_in", 1)]
    asking.consistent()


def test_who_applied_does_not_check(village: Village, people: People, pack: Pack) -> None:
    done = asking.submit(village["B"], "marriage_in", people.li, pack, facts=WIFE)
    two_posts = asking.holder_of("li", people.li, people.sun)

    with pytest.raises(SamePerson):
        asking.agree(done, two_posts, pack)


def test_number_is_nowhere_in_clear(village: Village, people: People, pack: Pack) -> None:
    done = asking.submit(village["B"], "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
    asking.agree(done, people.sun, pack)

    kept = [str(Dossier.objects.get(pk=done.dossier).proposal)]
    kept += [str((taken.proposal, taken.about, taken.facts)) for taken in StepTaken.objects.all()]
    kept += list(Entry.objects.values_list("diff", flat=True))
    assert not [text for text in kept if WIFE_NUMBER in text or WIFE_NUMBER[6:14] in text]


def test_somebody_on_file_without_a_household_comes_back_as_the_same_person(
    village: Village, people: People, pack: Pack
) -> None:
    done = asking.submit(village["B"], "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
    asking.agree(done, people.sun, pack)
    wife = Person.objects.get(name="韦小妹")
    asking.submit(village["B"], "marriage_out", people.li, pack, dt.date(2015, 8, 1), persons=(wife.pk,))
    assert Person.objects.get(pk=wife.pk).household_id is None

    with pytest.raises(refusals.BeforeLast):
        asking.drawn(village["C"], "marriage_in", pack, facts=WIFE, id_number=WIFE_NUMBER)
    with pytest.raises(refusals.NumberOfAnother):
        asking.drawn(village["C"], "marriage_in", pack, facts={**WIFE, "name": "韦大妹"}, id_number=WIFE_NUMBER)
    later = dt.date(2015, 9, 1)
    again = asking.submit(village["C"], "marriage_in", people.li, pack, later, facts=WIFE, id_number=WIFE_NUMBER)
    asking.agree(again, people.sun, pack)

    assert Person.objects.filter(name="韦小妹").count() == 1
    assert Person.objects.get(pk=wife.pk).household_id == village["C"].pk
    asking.consistent()


def test_number_that_stands_elsewhere_is_refused_now_and_at_the_decision(
    village: Village, people: People, pack: Pack
) -> None:
    first = asking.submit(village["B"], "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
    second = asking.submit(village["C"], "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
    asking.agree(first, people.sun, pack)

    with pytest.raises(refusals.NumberOnFile):
        asking.agree(second, people.sun, pack)
    with pytest.raises(refusals.NumberOnFile):
        asking.drawn(village["C"], "moved_in", pack, facts=WIFE, id_number=WIFE_NUMBER)
    assert Person.objects.filter(name="韦小妹").count() == 1


@pytest.mark.parametrize("kind", ["death", "marriage_out", "moved_out"])
def test_member_leaves(kind: str, village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)

    done = asking.submit(home, kind, people.li, pack, persons=(other,))

    assert (done.procedure, done.outcome) == ("household_change_small", "approved")
    left = Membership.objects.get(person=other)
    assert (left.left_on, left.left_reason) == (ON, kind)
    assert asking.keys(home) == [head]
    assert moved(home) == [("natural_loss", kind, -1)]
    card = HouseholdYear.objects.get(household=home, year=2015)
    assert (card.size, card.stated_size, card.net_income_per_person_fen) == (1, 1, 2_000_000)
    asking.consistent()


def test_head_who_dies_is_followed_by_another_with_everybodys_relation(
    village: Village, people: People, pack: Pack
) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    with pytest.raises(refusals.RelationMissing):
        asking.drawn(home, "death", pack, persons=(head,))
    with pytest.raises(refusals.HeadUnfit):
        asking.drawn(home, "death", pack, persons=(head,), relations={other: "spouse"})

    asking.submit(home, "death", people.li, pack, persons=(head,), relations={other: "head"})

    assert asking.relations(home) == {other: "head"}
    asking.consistent()


def test_last_member_closes_the_household(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    asking.submit(home, "death", people.li, pack, persons=(other,))
    asking.submit(home, "death", people.li, pack, persons=(head,))

    home.refresh_from_db()
    assert (home.poverty_status, home.size) == ("closed", 0)
    assert not HouseholdYear.objects.filter(household=home, year=2015).exists()
    assert [people_ for _kind, _reason, people_ in moved(home)] == [-1, -1]
    asking.consistent()
    with pytest.raises(refusals.HouseholdClosed):
        asking.drawn(home, "birth", pack, facts=CHILD)


def test_exited_household_changes_without_a_movement(village: Village, people: People, pack: Pack) -> None:
    asking.submit(village["D"], "birth", people.li, pack, facts=CHILD)

    assert moved(village["D"]) == []
    asking.consistent()


def test_allowance_or_account_of_who_leaves_takes_two(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    _head, other = asking.keys(home)
    assert asking.drawn(home, "death", pack, persons=(other,)).grounds == ()
    PersonYear.objects.filter(person=other).update(dibao=True)
    assert asking.drawn(home, "death", pack, persons=(other,)).grounds == ("allowance",)
    Household.objects.filter(pk=home.pk).update(account_holder=Person.objects.get(pk=other).name)
    assert asking.drawn(home, "death", pack, persons=(other,)).grounds == ("allowance", "holder")

    done = asking.submit(home, "death", people.li, pack, persons=(other,))

    assert (done.procedure, done.target) == ("household_change", "township_check")
    assert other in asking.keys(home)


def test_change_of_head_restates_everybody(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    with pytest.raises(refusals.RelationMissing):
        asking.drawn(home, "head", pack, relations={other: "head"})
    with pytest.raises(refusals.NothingChanged):
        asking.drawn(home, "head", pack, relations={head: "head", other: "other"})

    done = asking.submit(home, "head", people.li, pack, relations={other: "head", head: "spouse"})

    assert done.outcome == "approved"
    assert asking.relations(home) == {other: "head", head: "spouse"}
    assert moved(home) == []
    asking.consistent()


def test_change_of_head_who_holds_the_account_takes_two(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    Household.objects.filter(pk=home.pk).update(account_holder=home.head_name)

    one = asking.drawn(home, "head", pack, relations={other: "head", head: "spouse"})

    assert one.grounds == ("head_holder",)


def test_members_who_changed_meanwhile_stop_it(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    head, other = asking.keys(home)
    Household.objects.filter(pk=home.pk).update(account_holder=home.head_name)
    done = asking.submit(home, "head", people.li, pack, relations={other: "head", head: "spouse"})
    asking.submit(home, "birth", people.li, pack, facts=CHILD)

    with pytest.raises(refusals.RecordChanged, match="家庭成员"):
        asking.agree(done, people.sun, pack)

    assert asking.agree(done, people.sun, pack, "refuse", "已变").outcome == "refused"
    assert asking.relations(home)[head] == "head"


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        (dt.date(2015, 11, 3), refusals.InFuture),
        (dt.date(2012, 12, 31), refusals.TooOld),
    ],
)
def test_day_must_be_one_that_was(
    on: dt.date, refusal: type[Exception], village: Village, people: People, pack: Pack
) -> None:
    with pytest.raises(refusal):
        asking.drawn(village["B"], "birth", pack, on, facts=CHILD)


def test_nobody_leaves_before_birth_or_joining(village: Village, people: People, pack: Pack) -> None:
    home = village["B"]
    asking.submit(home, "birth", people.li, pack, facts=CHILD)
    child = Person.objects.get(name="张小宝")
    with pytest.raises(refusals.BeforeBirth):
        asking.drawn(home, "death", pack, ON - dt.timedelta(days=1), persons=(child.pk,))
    Membership.objects.filter(person=child).update(joined_on=dt.date(2015, 7, 1))
    with pytest.raises(refusals.BeforeLast):
        asking.drawn(home, "death", pack, ON, persons=(child.pk,))
    with pytest.raises(refusals.NotMember):
        asking.drawn(village["C"], "death", pack, persons=(child.pk,))


def test_who_died_joins_no_household(village: Village, people: People, pack: Pack) -> None:
    done = asking.submit(village["B"], "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
    asking.agree(done, people.sun, pack)
    wife = Person.objects.get(name="韦小妹")
    asking.submit(village["B"], "death", people.li, pack, dt.date(2015, 8, 1), persons=(wife.pk,))

    with pytest.raises(refusals.Deceased) as refused:
        asking.drawn(village["C"], "marriage_in", pack, dt.date(2015, 9, 1), facts=WIFE, id_number=WIFE_NUMBER)

    assert "2015-08-01" in refused.value.message("zh")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (WIFE_NUMBER[:-1], "17 位"),
        (WIFE_NUMBER[:16] + ("1" if WIFE_NUMBER[16] != "1" else "3") + WIFE_NUMBER[17:], "校验位"),
        (asking.id_number(asking.BORN, 77, male=True), "性别"),
        (asking.id_number(dt.date(1993, 5, 4), 77, male=False), "出生日期"),
    ],
)
def test_number_that_does_not_fit_is_refused(
    number: str, said: str, village: Village, people: People, pack: Pack
) -> None:
    with pytest.raises(refusals.NumberUnfit) as unfit:
        asking.drawn(village["B"], "marriage_in", pack, facts=WIFE, id_number=number)

    assert said in unfit.value.message("zh")
    assert number not in unfit.value.message("zh") + unfit.value.message("en")


def test_what_is_missing_is_named(village: Village, people: People, pack: Pack) -> None:
    with pytest.raises(refusals.FieldMissing, match="姓名"):
        asking.drawn(village["B"], "birth", pack, facts={**CHILD, "name": ""})
    with pytest.raises(refusals.HeadChangesApart):
        asking.drawn(village["B"], "marriage_in", pack, facts={**WIFE, "relation": "head"})
    with pytest.raises(refusals.KindUnknown):
        asking.drawn(village["B"], "flood", pack)


def test_list_is_asked_about_in_as_many_queries_as_one(village: Village, people: People, pack: Pack) -> None:
    done = [asking.submit(village[number], "marriage_in", people.li, pack, facts=WIFE) for number in ("B", "C", "D")]
    dossiers = list(Dossier.objects.filter(pk__in=[one.dossier for one in done]))
    decision = Decision("approve", people.sun.name, people.sun.posts, asking.TODAY)

    def asked(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert not applying.check(dossiers[:count], decision, pack)
        return len(captured)

    assert asked(3) == asked(1) <= 6


def test_two_of_a_list_that_exclude_each_other_leave_it_as_it_was(village: Village, people: People, pack: Pack) -> None:
    done = [
        asking.submit(village[number], "marriage_in", people.li, pack, facts=WIFE, id_number=WIFE_NUMBER)
        for number in ("B", "C")
    ]
    keys_ = [one.dossier for one in done]
    decision = Decision("approve", people.sun.name, people.sun.posts, asking.TODAY)

    with pytest.raises(refusals.NumberOnFile):
        casework.decide_many(
            procedure="household_change", dossier_ids=keys_, decision=decision, by=people.sun, key="list", pack=pack
        )

    assert set(Dossier.objects.filter(pk__in=keys_).values_list("outcome", flat=True)) == {""}
    assert not Person.objects.filter(name="韦小妹").exists()
