"""Anybody objects; the clock stands still; somebody one level above who had no hand in it inquires; the clock runs again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import Error, connection, transaction
from tests.disclosure.lists import (
    DAY,
    ON,
    UNTIL,
    answered,
    approve,
    at_announcement,
    at_first_notice,
    object_to,
    posted,
    step_of_objection,
)
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa.access.queries import holder
from jiefa.access.rules import Permission, Role, Scope
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.disclosure import actions, queries, rules
from jiefa.disclosure.models import Channel, Notice, Objection
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.policy import Pack
from jiefa.procedures import queries as dossiers
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import NoticeNotDone, NotYourDesk


def stopped(keys: list[int]) -> list[bool]:
    return list(Dossier.objects.filter(pk__in=keys).order_by("pk").values_list("notice_stopped", flat=True))


def ends(keys: list[int]) -> list[dt.date]:
    return list(Dossier.objects.filter(pk__in=keys).order_by("pk").values_list("notice_until", flat=True))


def test_objection_to_one_line_stops_its_clock_alone(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)

    made = object_to(notice, pack, line=2)

    assert (made.number, made.channel, made.anonymous, made.by) == (1, "page", False, "")
    assert stopped(keys) == [False, True, False, False]
    refused = approve(keys, people.li, pack, UNTIL + DAY)
    assert [type(reason) for reason in refused] == [NoticeNotDone]
    assert "异议" in str(refused[0])
    assert not audit.verify().faults


def test_objection_to_the_notice_stops_all_clocks(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)

    object_to(notice, pack)

    assert stopped(keys) == [True] * 4


def test_answer_gives_the_days_back(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)
    made = object_to(notice, pack, ON + DAY, line=2)

    answered(made, people.sun, pack, ON + 4 * DAY)

    assert stopped(keys) == [False] * 4
    assert ends(keys) == [UNTIL, UNTIL + 3 * DAY, UNTIL, UNTIL]
    assert Dossier.objects.get(pk=made.dossier_id).outcome == "refused"
    assert [type(reason) for reason in approve(keys, people.li, pack, UNTIL + DAY)] == [NoticeNotDone]
    assert approve(keys[1:2], people.li, pack, UNTIL + 4 * DAY) == []
    assert not audit.verify().faults


def test_clock_runs_again_when_the_last_objection_is_answered(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)
    first, second = object_to(notice, pack, ON + DAY), object_to(notice, pack, ON + 2 * DAY, line=1)
    assert (first.number, second.number) == (1, 2)

    answered(first, people.sun, pack, ON + 3 * DAY, "approve")

    assert stopped(keys) == [True, False, False, False]
    assert ends(keys)[1:] == [UNTIL + 2 * DAY] * 3
    answered(second, people.sun, pack, ON + 5 * DAY)
    assert stopped(keys) == [False] * 4
    assert ends(keys) == [UNTIL + 4 * DAY, *[UNTIL + 2 * DAY] * 3]


def test_dossier_that_went_back_is_no_longer_stopped_or_freed(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)
    made = object_to(notice, pack)
    assert approve(keys[:1], people.li, pack, ON + DAY, "return") == []
    assert approve(keys[1:2], people.li, pack, ON + DAY, "refuse") == []

    later = object_to(notice, pack, ON + 2 * DAY)
    answered(made, people.sun, pack, ON + 3 * DAY)
    answered(later, people.sun, pack, ON + 3 * DAY)

    assert stopped(keys) == [False] * 4
    assert ends(keys) == [None, None, UNTIL + 2 * DAY, UNTIL + 2 * DAY]


@pytest.mark.parametrize(("line", "held"), [(2, [1]), (None, [0, 1, 2, 3])])
def test_upheld_objection_has_to_be_heeded(line: int | None, held: list[int], people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)
    made = object_to(notice, pack, ON + DAY, line)
    answered(made, people.sun, pack, ON + DAY, "approve")

    refused = approve(keys, people.li, pack, UNTIL + DAY)

    assert [type(reason) for reason in refused] == [rules.ObjectionUpheld] * len(held)
    back = [keys[at] for at in held]
    assert approve(back, people.li, pack, UNTIL + DAY, "return") == []
    assert approve(back, people.li, pack, UNTIL + DAY, present=30, votes_for=28, votes_against=2) == []
    again = actions.post_notice(dossier_ids=back, by=people.li, on=UNTIL + DAY, pack=pack)
    assert again.until is not None
    assert approve(back, people.li, pack, again.until + DAY) == []


def test_objection_lies_one_level_above_whoever_posted(people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)
    made = object_to(notice, pack)

    dossier = Dossier.objects.get(pk=made.dossier_id)
    assert (dossier.procedure, dossier.desk, dossier.place_code) == ("objection_township", TOWNSHIP, TOWNSHIP)
    assert queries.to_answer(people.sun, pack) == [made]
    for other in (people.li, people.li_two, people.wang, people.wu):
        assert queries.to_answer(other, pack) == []
    # Who stands below the inquiring place does not even see that there is one.
    assert dossiers.dossier(dossier.pk, people.li.scope(Permission.DOSSIER_VIEW)) is None
    assert queries.objection(made.pk, people.li.scope(Permission.DOSSIER_VIEW)) is None
    assert queries.objection(made.pk, people.sun.scope(Permission.DOSSIER_VIEW)) == made
    for below in (people.li, people.li_two):
        assert [type(r) for r in step_of_objection(made, below, pack, ON + DAY)] == [NotYourDesk]


def test_objection_to_the_township_is_inquired_into_by_the_county(people: People, pack: Pack) -> None:
    at_announcement(people, pack)
    second = Notice.objects.get(kind="second_list")

    made = object_to(second, pack, second.posted_on + DAY)

    assert Dossier.objects.get(pk=made.dossier_id).desk == COUNTY
    # Wang approved these dossiers in the county's review, Zhou did not.
    assert queries.to_answer(people.wang, pack) == []
    assert queries.to_answer(people.zhou, pack) == [made]
    assert [type(r) for r in step_of_objection(made, people.wang, pack, ON + DAY)] == [rules.Concerned]
    assert step_of_objection(made, people.zhou, pack, second.posted_on + DAY) == []


@pytest.mark.parametrize("who", ["li", "he", "li2"])
def test_who_had_a_hand_in_it_takes_no_step_in_any_post(who: str, people: People, pack: Pack) -> None:
    """Li posted the list, He drew the application up, the other village officer took it to the meeting."""
    both = people.li, people.li_two
    people.li, people.li_two = both[1], both[0]
    keys = at_first_notice(people, pack)
    Dossier.objects.filter(pk__in=keys).update(opened_by="he")
    notice = actions.post_notice(dossier_ids=keys, by=both[0], on=ON, pack=pack)
    made = object_to(notice, pack, line=1)
    promoted = holder(who, [(Role.TOWNSHIP_OFFICER, TOWNSHIP)])

    assert [type(r) for r in step_of_objection(made, promoted, pack, ON + DAY)] == [rules.Concerned]
    assert queries.to_answer(promoted, pack) == []
    with pytest.raises(rules.Concerned):
        actions.open_objection(objection_id=made.pk, by=promoted, pack=pack)


def test_hand_in_another_line_is_no_hand_in_this_one(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)
    Dossier.objects.filter(pk=keys[0]).update(opened_by="sun")
    about_first, about_second = object_to(notice, pack, line=1), object_to(notice, pack, line=2)
    about_all = object_to(notice, pack)

    touched = queries.hands(Objection.objects.select_related("notice"))

    assert touched == {about_first.pk: {"li", "sun"}, about_second.pk: {"li"}, about_all.pk: {"li", "sun"}}


def test_what_was_written_is_sealed_and_opened_by_one_role_alone(people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)
    made = object_to(notice, pack)

    sealed = bytes(made.text_sealed) + bytes(made.name_sealed or b"") + bytes(made.contact_sealed or b"")
    assert "他家有小汽车".encode() not in sealed
    assert "王二".encode() not in sealed
    logged = "".join(Entry.objects.values_list("diff", flat=True))
    assert "汽车" not in logged
    assert "王二" not in logged
    for other in (people.li, people.wang, people.zhao, people.wu, people.auditor):
        with pytest.raises(rules.IdentityClosed):
            actions.open_objection(objection_id=made.pk, by=other, pack=pack)
    opened = actions.open_objection(objection_id=made.pk, by=people.sun, pack=pack)
    assert (opened.text, opened.name, opened.contact) == ("他家有小汽车", "王二", "139")
    assert Entry.objects.filter(action="objection.opened", by="sun").count() == 1


def test_anonymous_objection_counts_like_any_other(people: People, pack: Pack) -> None:
    notice, keys = posted(people, pack)

    made = actions.file_objection(notice_id=notice.pk, text="不公平", channel=Channel.PAGE, on=ON, pack=pack)

    assert made.anonymous
    assert stopped(keys) == [True] * 4
    opened = actions.open_objection(objection_id=made.pk, by=people.sun, pack=pack)
    assert (opened.text, opened.name, opened.contact) == ("不公平", "", "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"text": "  "}, rules.TextMissing),
        ({"text": "字" * 2001}, rules.TextTooLong),
        ({"name": "字" * 41}, rules.TextTooLong),
        ({"contact": "1" * 81}, rules.TextTooLong),
        ({"line": 5}, rules.NoSuchRow),
        ({"on": UNTIL + DAY}, rules.NoticeOver),
        ({"channel": Channel.PAPER}, NotAllowed),
    ],
)
def test_objection_that_cannot_be_taken_changes_nothing(
    given: dict[str, object], reason: type[JiefaError], people: People, pack: Pack
) -> None:
    notice, keys = posted(people, pack)
    whole: dict[str, object] = {"text": "不公平", "channel": Channel.PAGE, "on": ON + DAY} | given

    with pytest.raises(reason):
        actions.file_objection(notice_id=notice.pk, pack=pack, **whole)

    assert not Objection.objects.exists()
    assert stopped(keys) == [False] * 4


def test_late_objection_is_told_where_else_to_go(people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)

    with pytest.raises(rules.NoticeOver) as over:
        object_to(notice, pack, UNTIL + DAY)
    assert "12317" in over.value.message("zh")
    object_to(notice, pack, UNTIL)
    object_to(notice, pack, UNTIL + 3 * DAY)  # the first one holds the notice open


def test_paper_is_typed_in_by_an_officer_of_the_place(people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)

    def typed_in(by: object) -> Objection:
        return actions.file_objection(
            notice_id=notice.pk,
            text="不公平",
            channel=Channel.PAPER,
            on=ON,
            pack=pack,
            by=by,
        )

    for stranger in (people.wu, people.auditor):
        with pytest.raises(NotAllowed):
            typed_in(stranger)
    assert (typed_in(people.wang).by, typed_in(people.wang).channel) == ("wang", "paper")


def test_announcement_can_be_objected_to_and_nothing_stops(people: People, pack: Pack) -> None:
    keys = at_announcement(people, pack)
    made = actions.announce(dossier_ids=keys, place=VILLAGE, by=people.wang, on=ON, pack=pack)
    before = list(Dossier.objects.filter(pk__in=keys).order_by("pk").values())

    objection = object_to(made, pack, ON + 90 * DAY)

    assert Dossier.objects.get(pk=objection.dossier_id).procedure == "objection_prefecture"
    prefecture = holder("chen", [(Role.PREFECTURE_OFFICER, COUNTY[:4])])
    answered(objection, prefecture, pack, ON + 95 * DAY)
    assert list(Dossier.objects.filter(pk__in=keys).order_by("pk").values()) == before


@pytest.mark.parametrize(
    "statement", ["UPDATE disclosure_objection SET number = 9", "DELETE FROM disclosure_objection"]
)
def test_objection_cannot_be_altered_or_lost(statement: str, people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)
    object_to(notice, pack)

    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_empty_scope_sees_no_objection(people: People, pack: Pack) -> None:
    notice, _ = posted(people, pack)

    assert queries.objection(object_to(notice, pack).pk, Scope(())) is None
