"""Letters of responsibility: drawn up from fixed targets, signed level by level, refused out of turn, followed up by rows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.planning import promised as given
from tests.planning.promised import LI, LU, PACK, QIAN, SUN, TANG, TOWNSHIP, WANG, ZHAO, ZHOU
from tests.site import county

from jiefa.access.queries import Actor
from jiefa.access.rules import Scope
from jiefa.audit.models import Entry
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import letters
from jiefa.planning.models import Letter
from jiefa.planning.queries import letters as queries
from jiefa.planning.rules import refusals
from jiefa.procedures.actions.opening import AlreadyOpen
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import NotYourDesk, OpinionMissing, SamePerson

COUNTY = county.COUNTY
pytestmark = pytest.mark.usefixtures("small_county")


def draw(code: str, upper: str, by: Actor, document: str = "文") -> Dossier:
    return letters.draw_up(
        upper_code=upper, area_code=code, year=2016, document=document, by=by, on=dt.date(2016, 1, 5), pack=PACK
    )


def test_a_letter_is_drawn_up_signed_and_countersigned_and_then_never_changes() -> None:
    given.target(2016, 10)
    given.target(2016, 3, metric="households")
    given.target(2016, 99, metric="trained", state="sent")

    found = given.signed(COUNTY, "52", ZHAO, WANG, LU)

    assert found.lines == [{"metric": "households", "value": 3}, {"metric": "people", "value": 10}]
    assert [(one.step, one.by) for one in queries.signatures(found)] == [
        ("signature", "wang"),
        ("countersignature", "lu"),
    ]
    assert found.digest == letters.digest("52", COUNTY, 2016, "文", found.lines)
    assert Entry.objects.get(action="letter.signed").object_id == str(found.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.update(document="x")


@pytest.mark.parametrize(
    ("by", "upper", "why"),
    [
        (WANG, "52", refusals.NotYourPlace),
        (WANG, COUNTY, refusals.NotYourPlace),
        (QIAN, "52", refusals.NotYourPlace),
        (SUN, TOWNSHIP, NotAllowed),
        (given.HELPER, "52", NotAllowed),
    ],
)
def test_only_the_place_above_draws_a_letter_up(by: Actor, upper: str, why: type[JiefaError]) -> None:
    given.target(2016, 10)

    with pytest.raises(why):
        draw(COUNTY, upper, by)


def test_nothing_is_drawn_up_without_fixed_targets_or_a_document_or_twice() -> None:
    given.target(2016, 10, state="sent")
    with pytest.raises(refusals.NothingFixed):
        draw(COUNTY, "52", ZHAO)
    given.target(2016, 10)
    with pytest.raises(refusals.DocumentMissing):
        draw(COUNTY, "52", ZHAO, " ")
    draw(COUNTY, "52", ZHAO)
    with pytest.raises(AlreadyOpen):
        draw(COUNTY, "52", ZHAO)


def test_a_township_signs_only_after_its_county() -> None:
    given.target(2016, 10)
    given.target(2016, 6, TOWNSHIP)
    given.target(2016, 6, county.VILLAGE)
    with pytest.raises(refusals.UpperLetterMissing):
        draw(TOWNSHIP, COUNTY, WANG)

    given.signed(COUNTY, "52", ZHAO, WANG, LU)
    with pytest.raises(refusals.UpperLetterMissing):
        draw(county.VILLAGE, TOWNSHIP, SUN)
    given.signed(TOWNSHIP, COUNTY, WANG, SUN, ZHOU)
    last = given.signed(county.VILLAGE, TOWNSHIP, SUN, LI, TANG)

    assert set(queries.newest([COUNTY, TOWNSHIP, county.VILLAGE], 2016)) == {COUNTY, TOWNSHIP, county.VILLAGE}
    assert queries.letters(Scope((TOWNSHIP,)), 2016).count() == 2
    with pytest.raises(refusals.LetterSame):
        draw(county.VILLAGE, TOWNSHIP, SUN)
    with pytest.raises(queries.LetterUnknown):
        queries.letter(last.pk, Scope((county.NEXT_TOWNSHIP,)))


def test_the_head_returns_it_with_a_reason_and_it_is_drawn_up_anew() -> None:
    given.target(2016, 10)
    dossier = given.step(draw(COUNTY, "52", ZHAO), ZHAO)
    with pytest.raises(OpinionMissing):
        given.step(dossier, WANG, "return")

    given.step(dossier, WANG, "return", "人数过高，请核减")
    given.target(2016, 8)
    with pytest.raises(refusals.LetterStale):
        given.step(dossier, ZHAO)

    assert letters.redrawn(dossier, PACK).proposal["lines"] == [{"metric": "people", "value": 8}]
    assert not Letter.objects.exists()


def test_targets_that_change_on_the_way_stop_the_signature() -> None:
    given.target(2016, 10)
    dossier = given.step(draw(COUNTY, "52", ZHAO), ZHAO)
    given.target(2016, 11, state="sent")

    with pytest.raises(refusals.LetterStale):
        given.step(dossier, WANG)


def test_who_drew_it_up_does_not_sign_and_nobody_signs_for_another_place() -> None:
    given.target(2016, 10)
    dossier = given.step(draw(COUNTY, "52", ZHAO), ZHAO)

    for by in (QIAN, SUN, given.HELPER, LU):
        with pytest.raises(NotYourDesk):
            given.step(dossier, by)
    given.step(dossier, WANG)
    with pytest.raises(SamePerson):
        given.step(dossier, ZHAO)


def test_each_line_shows_what_was_asked_planned_done_and_left(uncounted: str) -> None:
    given.targets()
    plan = given.made()
    planned = {one.household_id: one for one in plan.assignments.filter(year=2016)}
    given.target(2016, 40, metric=uncounted)
    given.target(2016, 3, metric="households")
    found = given.signed(COUNTY, "52", ZHAO, WANG, LU)
    before = {line.metric: line for line in queries.followed(found)}
    assert (before["people"].target, before["people"].planned, before["people"].done, before["people"].gap) == (
        4,
        4,
        0,
        4,
    )
    assert (before[uncounted].done, before[uncounted].gap) == (None, None)

    chosen = [number for number in "ABCE" if county.household(number).pk in planned]
    other = next(number for number in "ABCE" if number not in chosen)
    given.left(chosen[0], dt.date(2016, 11, 3))
    given.left(other, dt.date(2016, 11, 4))

    now = {line.metric: line for line in queries.followed(found)}
    people = county.household(chosen[0]).size + county.household(other).size
    assert now["people"].done == people
    assert now["people"].gap == max(0, 4 - people)
    assert now["households"].done == 2
    within = Scope((COUNTY,))
    assert set(queries.planned(plan, within, 2016, "people").values_list("household_id", flat=True)) == set(planned)
    assert queries.done_among(within, 2016, "people", sorted(planned)) == {county.household(chosen[0]).pk}
    assert [home.number for home in queries.beside_plan(within, 2016, "people", plan)] == [other]


def test_following_up_asks_as_often_for_a_province_as_for_a_village() -> None:
    given.targets()
    given.made()
    given.target(2016, 9, "52")
    for metric in ("households", "moved", "lent", "villages"):
        given.target(2016, 1, "52", metric=metric)
    dossier = Dossier.objects.create(
        procedure="letter_county", in_force_from=dt.date(2014, 1, 1), subject="x", place_code="52", title="x", year=2016,
        step="signed", outcome="approved", opened_at=dt.datetime(2016, 1, 1, tzinfo=dt.UTC), opened_by="x",
        opened_on=dt.date(2016, 1, 1),
    )  # fmt: skip
    counts = {}
    for code in ("52", county.VILLAGE):
        found = Letter(area_code=code, upper_code="52", year=2016, lines=queries.lines("52", 2016), dossier=dossier)
        with CaptureQueriesContext(connection) as asked:
            queries.followed(found)
        counts[code] = len(asked)

    # Four kinds of rows and the plan; no plan of the province, whose people would be summed.
    assert counts == {"52": 5, county.VILLAGE: 6}
