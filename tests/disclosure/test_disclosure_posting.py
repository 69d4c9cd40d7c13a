"""A list goes on the wall: who may post it, what stands in it, what it sets going, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.disclosure.lists import (
    DAY,
    NAMES,
    ON,
    PDF,
    PHOTO,
    UNTIL,
    approve,
    at_announcement,
    at_first_notice,
    posted,
)
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.audit import queries as audit
from jiefa.disclosure import actions, queries, rules
from jiefa.disclosure.models import Notice, NoticeRow, Posting
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.procedures import evidence, subjects
from jiefa.procedures.actions import DossierUnknown, Opening, open_many
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import DossierClosed, NoticeNotDone
from jiefa.registry.models import Household

OTHER_VILLAGE = "520324103201"


def test_list_is_posted_with_masked_names_and_the_clock_runs(people: People, pack: Pack) -> None:
    keys = at_first_notice(people, pack)
    versions = list(Dossier.objects.order_by("pk").values_list("version", flat=True))

    notice = actions.post_notice(dossier_ids=keys, by=people.li, on=ON, pack=pack)

    assert (notice.kind, notice.place_code, notice.area, notice.posted_on, notice.until) == (
        "first_list",
        VILLAGE,
        VILLAGE,
        ON,
        UNTIL,
    )
    assert (notice.lines, notice.people, notice.year, notice.by) == (4, 10, 2015, "li")
    rows, more = queries.lines(notice)
    assert [(row.name, row.people, row.decided) for row in rows] == [
        ("张*", 1, "first_list"),
        ("张*三", 2, "first_list"),
        ("欧**三", 3, "first_list"),
        ("阿***丽", 4, "first_list"),
    ]
    assert not more
    assert set(Dossier.objects.values_list("notice_posted", "notice_until", "notice_stopped")) == {(True, UNTIL, False)}
    assert list(Dossier.objects.order_by("pk").values_list("version", flat=True)) == versions
    assert not audit.verify().faults


def test_dossiers_go_on_when_the_days_are_over_and_not_before(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)
    assert notice.until is not None

    early = approve(keys, people.li, pack, notice.until)

    assert {type(reason) for reason in early} == {NoticeNotDone}
    assert approve(keys, people.li, pack, notice.until + DAY) == []


def test_list_returned_and_decided_again_is_posted_again(people: People, pack: Pack) -> None:
    first, keys = posted(people, pack)
    assert approve(keys, people.li, pack, ON + DAY, "return") == []
    assert approve(keys, people.li, pack, ON + DAY, present=30, votes_for=29, votes_against=1) == []

    second = actions.post_notice(dossier_ids=keys, by=people.li, on=ON + DAY, pack=pack)

    assert (first.until, second.until) == (UNTIL, UNTIL + DAY)
    assert set(Dossier.objects.values_list("notice_until", flat=True)) == {UNTIL + DAY}


def test_lists_of_several_villages_are_posted_together_or_not_at_all(people: People, pack: Pack) -> None:
    people.li = holder("li", [(Role.VILLAGE_OFFICER, VILLAGE), (Role.VILLAGE_OFFICER, OTHER_VILLAGE)])
    keys = at_first_notice(people, pack) + at_first_notice(people, pack, NAMES[:2], OTHER_VILLAGE)
    here_alone = holder("li", [(Role.VILLAGE_OFFICER, VILLAGE)])
    with pytest.raises(NotAllowed):
        actions.post_notices(dossier_ids=keys, by=here_alone, on=ON, pack=pack)
    assert not Notice.objects.exists()

    made = actions.post_notices(dossier_ids=keys, by=people.li, on=ON, pack=pack)

    assert [(notice.place_code, notice.lines, notice.until) for notice in made] == [
        (VILLAGE, 4, UNTIL),
        (OTHER_VILLAGE, 2, UNTIL),
    ]
    assert [queries.lines(notice)[0][0].name for notice in made] == ["张*", "张*"]
    assert Dossier.objects.filter(notice_posted=True, notice_until=UNTIL).count() == 6
    assert not audit.verify().faults


@pytest.mark.parametrize("who", ["sun", "wang", "zhao", "wu", "auditor"])
def test_only_the_post_of_the_step_posts(who: str, people: People, pack: Pack) -> None:
    keys = at_first_notice(people, pack)

    with pytest.raises(NotAllowed):
        actions.post_notice(dossier_ids=keys, by=getattr(people, who), on=ON, pack=pack)
    with pytest.raises(NotAllowed):
        actions.preview(dossier_ids=keys, by=getattr(people, who), pack=pack)
    assert not Notice.objects.exists()


def test_what_cannot_be_posted_is_refused_as_a_whole(people: People, pack: Pack) -> None:
    keys = at_first_notice(people, pack)
    both = holder("li", [(Role.VILLAGE_OFFICER, VILLAGE), (Role.VILLAGE_OFFICER, OTHER_VILLAGE)])
    people.li = both
    elsewhere = at_first_notice(people, pack, NAMES[:1], OTHER_VILLAGE)
    later = Opening("applicant:later", VILLAGE, "王五", 2015, {"members": 1})
    drawn_up = open_many(procedure="identification", openings=[later], by=both, on=ON, pack=pack)
    refusals: list[tuple[list[int], type[JiefaError]]] = [
        ([], rules.NothingChosen),
        ([*keys, 10**9], DossierUnknown),
        ([*keys, *elsewhere], rules.NotOnePlace),
        ([*keys, *drawn_up], rules.NoNoticeHere),
        (list(range(rules.LARGEST_NOTICE + 1)), rules.NoticeTooLong),
    ]
    for chosen, reason in refusals:
        with pytest.raises(reason):
            actions.post_notice(dossier_ids=chosen, by=both, on=ON, pack=pack)
    assert not Notice.objects.exists()
    assert not Dossier.objects.filter(notice_posted=True).exists()


def test_list_is_posted_once_and_a_closed_dossier_never(people: People, pack: Pack) -> None:
    _, keys = posted(people, pack)

    with pytest.raises(rules.AlreadyPosted):
        actions.post_notice(dossier_ids=keys[:1], by=people.li, on=ON, pack=pack)
    assert approve(keys, people.li, pack, ON, "refuse") == []
    with pytest.raises(DossierClosed):
        actions.post_notice(dossier_ids=keys[:1], by=people.li, on=ON, pack=pack)


def test_household_on_file_is_listed_under_its_head(people: People, pack: Pack) -> None:
    household = Household.objects.create(
        number="1", village_code=VILLAGE, head_name="赵大树", size=5, poverty_status="poor", household_class="general"
    )
    opening = Opening(subjects.household(household.pk), VILLAGE, "赵大树 13800000001", 2015, {"members": 9})
    (key,) = open_many(procedure="identification", openings=[opening], by=people.li, on=ON, pack=pack)
    assert approve([key], people.li, pack) == []
    Dossier.objects.filter(pk=key).update(step="first_notice", desk=VILLAGE)

    (row,) = actions.preview(dossier_ids=[key], by=people.li, pack=pack)

    assert (row.name, row.people, row.place_code) == ("赵*树", 5, VILLAGE)


def test_village_proposed_to_leave_is_named(people: People, pack: Pack) -> None:
    opening = Opening(subjects.division(VILLAGE), VILLAGE, "某村", 2016, {"year": 2016})
    by = holder("sun", [(Role.TOWNSHIP_OFFICER, TOWNSHIP)])
    on = ON.replace(year=2016, month=6)
    (key,) = open_many(procedure="village_exit", openings=[opening], by=by, on=on, pack=pack)
    assert approve([key], by, pack, on) == []

    notice = actions.post_notice(dossier_ids=[key], by=by, on=on, pack=pack)

    (row,), _ = queries.lines(notice)
    assert notice.place_code == TOWNSHIP
    assert row.name == row.place_name
    assert "*" not in row.name


def test_announcement_hangs_for_good(people: People, pack: Pack) -> None:
    keys = at_announcement(people, pack)
    before = list(Dossier.objects.order_by("pk").values())

    made = actions.announce(dossier_ids=keys, place=VILLAGE, by=people.wang, on=ON, pack=pack)

    assert (made.kind, made.until, made.place_code, made.area) == ("final_list", None, VILLAGE, COUNTY)
    assert list(Dossier.objects.order_by("pk").values()) == before
    with pytest.raises(rules.AlreadyPosted):
        actions.announce(dossier_ids=keys[:1], place=TOWNSHIP, by=people.wang, on=ON, pack=pack)


def test_announcement_waits_for_the_decision_and_stays_in_its_place(people: People, pack: Pack) -> None:
    waiting = at_first_notice(people, pack)

    with pytest.raises(rules.NotDecidedYet):
        actions.announce(dossier_ids=waiting, place=VILLAGE, by=people.wang, on=ON, pack=pack)
    Dossier.objects.filter(pk__in=waiting).update(step="registered", outcome="approved", desk="")
    with pytest.raises(rules.NotOnePlace):
        actions.announce(dossier_ids=waiting, place=OTHER_VILLAGE, by=people.wang, on=ON, pack=pack)
    for other in (people.wu, people.sun, people.li):
        with pytest.raises(NotAllowed):
            actions.announce(dossier_ids=waiting, place=VILLAGE, by=other, on=ON, pack=pack)
    Dossier.objects.filter(pk__in=waiting).update(outcome="refused")
    with pytest.raises(rules.NotDecidedYet):
        actions.announce(dossier_ids=waiting, place=VILLAGE, by=people.wang, on=ON, pack=pack)
    Dossier.objects.filter(pk__in=waiting).update(outcome="approved", procedure="household_removal")
    with pytest.raises(rules.NoAnnouncement):
        actions.announce(dossier_ids=waiting, place=VILLAGE, by=people.wang, on=ON, pack=pack)


def test_what_waits_is_listed_for_the_post_that_publishes(people: People, pack: Pack) -> None:
    keys = at_first_notice(people, pack)
    assert [(w.kind, w.place, w.announces, len(w.dossiers)) for w in queries.waiting(people.li, pack)] == [
        ("first_list", VILLAGE, False, 4)
    ]
    assert queries.waiting(people.sun, pack) == []

    actions.post_notice(dossier_ids=keys[:3], by=people.li, on=ON, pack=pack)

    assert [[d.pk for d in w.dossiers] for w in queries.waiting(people.li, pack)] == [keys[3:]]


def test_announcement_waits_on_the_desk_of_the_county_until_it_is_made(people: People, pack: Pack) -> None:
    keys = at_announcement(people, pack)
    (waiting,) = queries.waiting(people.wang, pack)
    assert (waiting.kind, waiting.announces, [d.pk for d in waiting.dossiers]) == ("final_list", True, keys)

    actions.announce(dossier_ids=keys, place=VILLAGE, by=people.wang, on=ON, pack=pack)

    assert queries.waiting(people.wang, pack) == []


def test_notice_is_found_by_its_place_and_by_the_places_in_its_list(people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)

    for code in ("52", COUNTY, TOWNSHIP, VILLAGE):
        assert list(queries.find(code)) == [notice]
    assert not queries.find(OTHER_VILLAGE).exists()
    assert not queries.find("520326").exists()
    assert not queries.find(VILLAGE, "exit_list").exists()


def test_list_of_a_township_is_found_from_the_villages_in_it(people: People, pack: Pack) -> None:
    at_announcement(people, pack)
    second = Notice.objects.get(kind="second_list")

    assert second.place_code == TOWNSHIP
    assert second in queries.find(VILLAGE)
    assert second not in queries.find(OTHER_VILLAGE)


def test_photograph_shows_that_it_hung(people: People, pack: Pack, home: Path) -> None:
    notice, _ = posted(people, pack)

    def hang(content: bytes = PHOTO, place: str = VILLAGE, on: object = ON, by: object = None) -> Posting:
        return actions.confirm_posting(
            notice_id=notice.pk, place=place, name="墙.jpg", content=content, by=by or people.li, on=on
        )

    first = hang()
    assert hang() == first
    assert evidence.content_of(home, "墙.jpg", first.sha256) == PHOTO
    with pytest.raises(rules.NoPicture):
        hang(PDF)
    with pytest.raises(evidence.EvidenceUnfit):
        hang(b"MZ")
    with pytest.raises(rules.HungBeforePosted):
        hang(on=ON - DAY)
    with pytest.raises(rules.NotHungThere):
        hang(place=OTHER_VILLAGE, by=people.sun)
    for stranger in (people.wu, people.auditor, people.zhao):
        with pytest.raises(NotAllowed):
            hang(by=stranger)
    assert Posting.objects.count() == 1
    assert not audit.verify().faults


@pytest.mark.parametrize("table", ["notice", "noticerow"])
@pytest.mark.parametrize("statement", ["UPDATE disclosure_{} SET place_code = '52'", "DELETE FROM disclosure_{}"])
def test_what_was_published_cannot_be_altered(statement: str, table: str, people: People, pack: Pack) -> None:
    posted(people, pack)

    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_long_list_is_posted_with_as_many_questions_as_a_short_one(people: People, pack: Pack) -> None:
    def asked(names: list[str], place: str) -> int:
        people.li = holder("li", [(Role.VILLAGE_OFFICER, place)])
        keys = at_first_notice(people, pack, names, place)
        with CaptureQueriesContext(connection) as captured:
            actions.post_notice(dossier_ids=keys, by=people.li, on=ON, pack=pack)
        return len(captured)

    few = asked(["张三"], VILLAGE)
    many = asked([f"张{number}" for number in range(60)], OTHER_VILLAGE)

    assert many <= few


FORBIDDEN = (
    "520324199001011234",
    "52032419900101123X",
    "13800000001",
    "6222000000000000011",
    "1990-01-01",
    "残疾",
    "糖尿病",
    "患病",
    "disabled",
)
secrets = st.sampled_from(FORBIDDEN)
texts = st.lists(st.one_of(secrets, st.sampled_from(["张小三", "阿依·古丽", " ", "（", "，"])), max_size=5).map("".join)


class NothingElseIsPublished(TestCase):
    """People full of numbers and illnesses, in every place where somebody may have typed them."""

    @settings(max_examples=25)
    @given(title=texts, head=texts, health=secrets, on_file=st.booleans())
    def test_no_number_and_no_illness_stands_in_a_notice(
        self, title: str, head: str, health: str, on_file: bool
    ) -> None:
        people, pack = People(VILLAGE, TOWNSHIP, COUNTY), policy.load()
        household = Household.objects.create(
            number="1", village_code=VILLAGE, head_name=head[:60], size=3, poverty_status="poor",
            household_class="general", address=health,
        )  # fmt: skip
        subject = subjects.household(household.pk) if on_file else "applicant:1"
        proposal = {"members": [{"name": head, "health": health}], "phone": FORBIDDEN[2], "note": title}
        opening = Opening(subject, VILLAGE, title[:120] or "张三", 2015, proposal)
        (key,) = open_many(procedure="identification", openings=[opening], by=people.li, on=ON, pack=pack)
        Dossier.objects.filter(pk=key).update(step="first_notice", desk=VILLAGE)

        notice = actions.post_notice(dossier_ids=[key], by=people.li, on=ON, pack=pack)

        text = json.dumps([list(row) for row in NoticeRow.objects.values_list("name", "place_name", "decided")])
        text = text.encode().decode("unicode_escape") + str(notice)
        assert [word for word in FORBIDDEN if word in text] == []
