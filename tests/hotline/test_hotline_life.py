"""A complaint from the call to its end: who may take which step, who sees it, who never learns of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from tests.hotline import told
from tests.hotline.told import (
    CALLER,
    CLERK,
    COUNTY,
    EVERYBODY,
    INSPECTOR,
    KEEPER,
    OFFICE,
    ON,
    PACK,
    PREFECTURE_KEEPER,
    PROVINCE_KEEPER,
    QIAN,
    TOWN,
    TOWN_OFFICE,
    TOWNSHIP,
    VILLAGE,
    WANG,
    WORDS,
)  # fmt: skip

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.hotline.actions import answering, inquiring, receiving, screening
from jiefa.hotline.actions.receiving import NewComplaint
from jiefa.hotline.models import Channel, Complaint, ComplaintStep, Look, State
from jiefa.hotline.queries import complaints, figures
from jiefa.hotline.rules import refusals
from jiefa.hotline.rules.units import Unit
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import Case
from jiefa.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def seers(receipt: str) -> set[str]:
    return {by.name for by in EVERYBODY if complaints.seen(by).filter(receipt=receipt).exists()}


def complaint(receipt: str) -> Complaint:
    return Complaint.objects.get(receipt=receipt)


def test_from_the_call_to_the_end() -> None:
    made = told.answered()
    found = answering.call_back(receipt=made.receipt, result="satisfied", text="", on=ON, by=KEEPER, pack=PACK)

    assert (found.state, found.verdict, found.answered_on, found.due_on) == (State.CLOSED, "partly", ON, None)
    assert (found.finish_by, found.kept_at) == (dt.date(2015, 6, 16), COUNTY)
    steps = [one.step for one in complaints.steps(found)]
    assert steps == ["receive", "accept", "route", "note", "conclude", "answer", "call_back"]
    assert audit.verify().faults == ()


def test_only_those_strictly_above_see_it_and_nobody_of_the_body_complained_of() -> None:
    village = told.received((VILLAGE,))
    township = told.received((TOWNSHIP,))
    county = told.received((TOWNSHIP, COUNTY))
    keepers = {KEEPER.name, PREFECTURE_KEEPER.name, PROVINCE_KEEPER.name}

    assert seers(village.receipt) == seers(township.receipt) == keepers
    assert seers(county.receipt) == keepers - {KEEPER.name}
    assert complaint(county.receipt).kept_at == COUNTY[:4]
    routed = told.routed(unit=TOWN_OFFICE, against=(VILLAGE,))
    assert seers(routed.receipt) == keepers | {TOWN.name}
    looked_into = told.routed(unit=OFFICE)
    assert seers(looked_into.receipt) == keepers | {WANG.name}


def test_a_person_of_the_body_is_shut_out_whatever_else_they_hold() -> None:
    made = told.routed()
    both = holder("both", [(Role.COUNTY_OFFICER, COUNTY), (Role.TOWNSHIP_OFFICER, TOWNSHIP)])
    keeper = holder("kept", [(Role.HOTLINE_KEEPER, COUNTY), (Role.VILLAGE_OFFICER, VILLAGE)])

    for by in (both, keeper):
        assert not complaints.seen(by).exists()
        assert not complaints.mine(by).exists()
        with pytest.raises(refusals.ComplaintUnknown):
            inquiring.note(
                receipt=made.receipt, text="x", on=ON, by=holder(by.name, [*by.posts, (Role.SUPERVISOR, COUNTY)])
            )
    assert figures.of_keeper(keeper, 2015, "category") == []


@pytest.mark.parametrize(
    "unit",
    [
        TOWN_OFFICE,
        Unit("supervision", TOWNSHIP),
        Unit("office", VILLAGE),
        Unit("office", "520326"),
        Unit("office", COUNTY[:4]),
    ],
)
def test_never_routed_to_the_body_its_inside_elsewhere_or_beyond_the_keeper(unit: Unit) -> None:
    made = told.received((TOWNSHIP,))
    screening.accept(receipt=made.receipt, paraphrase="x", on=ON, by=KEEPER, pack=PACK)

    with pytest.raises(refusals.UnitUnfit):
        screening.route(receipt=made.receipt, unit=unit, on=ON, by=KEEPER, pack=PACK)
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(receipt=made.receipt).update(unit_code=TOWNSHIP)


def test_the_superior_that_is_meant_takes_it_away_from_all_below() -> None:
    made = told.routed()

    screening.name(receipt=made.receipt, against=COUNTY, reason="县里包庇", on=ON, by=KEEPER, pack=PACK)

    assert seers(made.receipt) == {PREFECTURE_KEEPER.name, PROVINCE_KEEPER.name}
    screening.route(receipt=made.receipt, unit=Unit("office", COUNTY[:4]), on=ON, by=PREFECTURE_KEEPER, pack=PACK)
    assert seers(made.receipt) == {PREFECTURE_KEEPER.name, PROVINCE_KEEPER.name, QIAN.name}
    with pytest.raises(refusals.NotNarrower):
        screening.name(receipt=made.receipt, against=TOWNSHIP, reason="x", on=ON, by=PREFECTURE_KEEPER, pack=PACK)
    with pytest.raises(refusals.NobodyAbove):
        told.received(("52",))


def test_who_called_is_read_by_the_keeper_alone_with_a_reason_that_is_kept() -> None:
    made = told.routed()

    opened = answering.open_caller(receipt=made.receipt, reason="ask", note="核实金额", by=KEEPER, pack=PACK)

    assert (opened.caller, opened.words) == (CALLER, WORDS)
    look = Look.objects.get()
    assert (look.by, look.reason) == (KEEPER.name, "ask")
    for by in EVERYBODY:
        if by.name not in (KEEPER.name, PREFECTURE_KEEPER.name, PROVINCE_KEEPER.name):
            with pytest.raises((NotAllowed, refusals.ComplaintUnknown)):
                answering.open_caller(receipt=made.receipt, reason="ask", note="x", by=by, pack=PACK)
    with pytest.raises(refusals.TextMissing):
        answering.open_caller(receipt=made.receipt, reason="ask", note=" ", by=KEEPER, pack=PACK)
    assert Look.objects.count() == 1


def test_the_unit_reads_the_paraphrase_and_no_word_of_the_caller() -> None:
    made = told.answered()
    answering.call_back(receipt=made.receipt, result="dissatisfied", text=WORDS, on=ON, by=KEEPER, pack=PACK)
    screening.route(receipt=made.receipt, unit=OFFICE, on=ON, by=KEEPER, pack=PACK)

    read = answering.read(receipt=made.receipt, by=WANG)

    assert read.paraphrase == told.PARAPHRASE
    assert WORDS not in read.steps
    assert WORDS in answering.read(receipt=made.receipt, by=KEEPER).steps
    sealed = [bytes(row.words_sealed) for row in Complaint.objects.all()]
    assert not any(CALLER.name.encode() in text for text in sealed)


def test_no_log_tells_of_it_below_the_province_nor_what_it_is_about() -> None:
    told.answered()

    entries = Entry.objects.filter(object_type="complaint")
    assert entries.count() == 6
    assert set(entries.values_list("chain", flat=True)) == {"system"}
    said = "".join(entries.values_list("diff", flat=True)) + "".join(entries.values_list("object_id", flat=True))
    assert not any(word in said for word in (COUNTY, TOWNSHIP, "special_funds", CALLER.name, WORDS))
    assert not audit.entries((COUNTY,)).filter(object_type="complaint").exists()
    assert not audit.entries((COUNTY[:4],)).filter(object_type="complaint").exists()


def test_caller_asks_with_number_and_word_and_opens_it_again_once() -> None:
    made = told.answered()
    stands = answering.look_up(receipt=made.receipt.upper(), word=made.word, on=ON, pack=PACK)

    assert (stands.state, stands.told, stands.verdict, stands.may_reopen) == (
        State.ANSWERED,
        "已责令退还",
        "partly",
        True,
    )
    for number, word in ((made.receipt, "x"), ("15-zzzzzz", made.word)):
        with pytest.raises(refusals.WordWrong):
            answering.look_up(receipt=number, word=word, on=ON, pack=PACK)
    late = ON + dt.timedelta(61)
    with pytest.raises(refusals.ReopenTooLate):
        answering.reopen_by_caller(receipt=made.receipt, word=made.word, reason="没退", on=late, pack=PACK)
    found = answering.reopen_by_caller(receipt=made.receipt, word=made.word, reason="没退", on=ON, pack=PACK)
    assert (found.state, found.round, found.verdict) == (State.ACCEPTED, 2, "")
    screening.route(receipt=made.receipt, unit=OFFICE, on=ON, by=KEEPER, pack=PACK)
    with pytest.raises(refusals.NothingFound):  # what was noted in the first round is not enough
        inquiring.conclude(receipt=made.receipt, verdict="true", text="x", on=ON, by=WANG, pack=PACK)
    inquiring.note(receipt=made.receipt, text="x", on=ON, by=WANG)
    inquiring.conclude(receipt=made.receipt, verdict="true", text="x", on=ON, by=WANG, pack=PACK)
    answering.answer(receipt=made.receipt, text="已退", on=ON, by=KEEPER, pack=PACK)
    closed = answering.call_back(receipt=made.receipt, result="dissatisfied", text="慢", on=ON, by=KEEPER, pack=PACK)
    assert closed.state == State.CLOSED
    with pytest.raises(refusals.ReopenedBefore):
        answering.reopen(receipt=made.receipt, reason="x", on=ON, by=KEEPER, pack=PACK)


def test_refused_merged_and_passed_on_tell_the_caller_why() -> None:
    first, second, third = told.answered(), told.received(), told.received()

    screening.refuse(receipt=second.receipt, reason="no_facts", text="没有线索", on=ON, by=KEEPER, pack=PACK)
    screening.merge(receipt=third.receipt, into=first.receipt, on=ON, by=KEEPER)

    assert answering.look_up(receipt=second.receipt, word=second.word, on=ON, pack=PACK).told == "没有线索"
    assert answering.look_up(receipt=third.receipt, word=third.word, on=ON, pack=PACK).told == "已责令退还"
    with pytest.raises(refusals.StateMoved):
        screening.accept(receipt=second.receipt, paraphrase="x", on=ON, by=KEEPER, pack=PACK)
    fourth = told.received((COUNTY,))
    with pytest.raises(refusals.MergeUnfit):
        screening.merge(receipt=fourth.receipt, into=first.receipt, on=ON, by=PREFECTURE_KEEPER)


def test_what_is_overdue_is_told_one_level_up_and_to_nobody_of_the_body() -> None:
    told.received((VILLAGE,))
    told.routed(unit=TOWN_OFFICE, against=(VILLAGE,))
    late = dt.date(2015, 7, 1)

    def lines(by: Actor) -> int:
        return complaints.late_below(by, late).count()

    assert [lines(by) for by in (PREFECTURE_KEEPER, PROVINCE_KEEPER, KEEPER)] == [1, 0, 0]
    assert [lines(by) for by in (WANG, QIAN, TOWN, INSPECTOR)] == [1, 0, 0, 0]
    assert [complaints.mine(by).count() for by in (KEEPER, TOWN, PREFECTURE_KEEPER, CLERK)] == [1, 1, 0, 0]


def test_what_was_true_becomes_a_case_or_a_violation_once() -> None:
    made = told.routed(unit=told.DISCIPLINE)
    inquiring.note(receipt=made.receipt, text="x", on=ON, by=INSPECTOR)
    inquiring.conclude(receipt=made.receipt, verdict="true", text="x", on=ON, by=INSPECTOR, pack=PACK)

    inquiring.open_case(receipt=made.receipt, text="扣留补助", on=ON, by=INSPECTOR, pack=PACK)

    case = Case.objects.get()
    assert (case.source, case.area_code) == ("hotline", COUNTY)
    with pytest.raises(refusals.FollowedBefore):
        inquiring.open_case(receipt=made.receipt, text="x", on=ON, by=INSPECTOR, pack=PACK)
    other = told.answered(verdict="untrue")
    wish = NewViolation(TOWNSHIP, "H1", None, "", "diverted", 100, ON, "扣留补助", "某", ON)
    with pytest.raises(refusals.NotFound):
        inquiring.record_violation(receipt=other.receipt, wish=wish, on=ON, by=WANG, pack=PACK)


def test_wrong_wishes_are_refused() -> None:
    def receive(channel: Channel = Channel.PHONE, by: Actor | None = CLERK, **changes: object) -> None:
        fields = {"about": VILLAGE, "against": (), "category": "policy", "words": "x", **changes}
        wish = NewComplaint(**fields)
        receiving.receive(wish=wish, channel=channel, on=ON, pack=PACK, by=by)

    for refusal, changes in (
        (refusals.PlaceUnfit, {"about": "52"}),
        (refusals.PlaceUnfit, {"about": "520324999"}),
        (refusals.PlaceUnfit, {"against": ("520326",)}),
        (refusals.ChoiceUnknown, {"category": "weather"}),
        (refusals.TextMissing, {"words": " "}),
        (refusals.TextMissing, {"words": "x" * 4_001}),
        (refusals.HouseholdUnknown, {"household": "nobody"}),
        (refusals.ChoiceUnknown, {"by": None}),
        (NotAllowed, {"by": WANG}),
    ):
        with pytest.raises(refusal):
            receive(**changes)
    assert not Complaint.objects.exists()


def test_steps_only_grow() -> None:
    told.received()

    with pytest.raises(DatabaseError), transaction.atomic():
        ComplaintStep.objects.update(by="x")
