"""What is answered together and what comes of it: never by whom a complaint is about, never to whom it is about."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.hotline import told
from tests.hotline.told import (
    COUNTY,
    KEEPER,
    OFFICE,
    ON,
    PACK,
    PREFECTURE_KEEPER,
    PROVINCE_KEEPER,
    QIAN,
    TOWN,
    TOWNSHIP,
    VILLAGE,
    WANG,
)

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Permission, Role
from jiefa.casework import actions as casework
from jiefa.hotline.actions import answering, inquiring, screening
from jiefa.hotline.actions.receiving import Receipt
from jiefa.hotline.models import Complaint, State
from jiefa.hotline.queries import complaints
from jiefa.hotline.rules import refusals, units
from jiefa.hotline.rules.units import Unit
from jiefa.integrity.actions import cases
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import Case, Violation
from jiefa.integrity.queries import cases as case_queries
from jiefa.integrity.queries import violations as violation_queries
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures.rules import Decision, SamePerson

pytestmark = pytest.mark.django_db

PREFECTURE = COUNTY[:4]
HIGHER = Unit("office", PREFECTURE)


def complaint(made: Receipt) -> Complaint:
    return Complaint.objects.get(receipt=made.receipt)


def offered(made: Receipt, by: Actor) -> list[str]:
    return [one.receipt for one in complaints.earlier(complaint(made), by)]


def merge(made: Receipt, into: Receipt, by: Actor) -> None:
    screening.merge(receipt=made.receipt, into=into.receipt, on=ON, by=by)


def read_by_caller(made: Receipt) -> tuple[str, str]:
    stands = answering.look_up(receipt=made.receipt, word=made.word, on=ON, pack=PACK)
    return stands.state, stands.told


def looked_into(made: Receipt, unit: Unit, handler: Actor, keeper: Actor, verdict: str = "true") -> None:
    screening.route(receipt=made.receipt, unit=unit, on=ON, by=keeper, pack=PACK)
    inquiring.note(receipt=made.receipt, text="走访三户", on=ON, by=handler)
    inquiring.conclude(receipt=made.receipt, verdict=verdict, text="部分属实", on=ON, by=handler, pack=PACK)


def taken_on(against: tuple[str, ...], keeper: Actor) -> Receipt:
    made = told.received(against)
    screening.accept(receipt=made.receipt, paraphrase=told.PARAPHRASE, on=ON, by=keeper, pack=PACK)
    return made


def supervisor(area: str, name: str = "") -> Actor:
    return holder(name or f"supervisor-{area}", [(Role.SUPERVISOR, area)])


def book(by: Actor) -> list[Case]:
    return list(case_queries.cases(by))


@pytest.mark.parametrize("against", [(TOWNSHIP,), (VILLAGE,), ()], ids=["township", "village", "nobody"])
@pytest.mark.parametrize("far", ["received", "routed", "answered"])
def test_complaint_against_the_county_is_not_merged_with_what_the_county_answers(
    against: tuple[str, ...], far: str
) -> None:
    if far == "received":
        first = told.received(against)
    else:
        first = taken_on(against, KEEPER)
        screening.route(receipt=first.receipt, unit=OFFICE, on=ON, by=KEEPER, pack=PACK)
    if far == "answered":
        inquiring.note(receipt=first.receipt, text="x", on=ON, by=WANG)
        inquiring.conclude(receipt=first.receipt, verdict="untrue", text="x", on=ON, by=WANG, pack=PACK)
        answering.answer(receipt=first.receipt, text="县里答复：不属实", on=ON, by=KEEPER, pack=PACK)
    second = told.received((COUNTY,))

    assert offered(second, PREFECTURE_KEEPER) == offered(second, PROVINCE_KEEPER) == []
    with pytest.raises(refusals.MergeUnfit):
        merge(second, first, PREFECTURE_KEEPER)
    assert read_by_caller(second) == (State.RECEIVED, "")


def test_complaints_against_one_body_or_a_broader_one_are_answered_together_above_all_of_them() -> None:
    first = taken_on((COUNTY,), PREFECTURE_KEEPER)
    same, narrower, nobody = told.received((COUNTY,)), told.received((TOWNSHIP,)), told.received(())

    for made in (same, narrower, nobody):
        assert first.receipt in offered(made, PREFECTURE_KEEPER)
        merge(made, first, PREFECTURE_KEEPER)
    looked_into(first, HIGHER, QIAN, PREFECTURE_KEEPER)
    answering.answer(receipt=first.receipt, text="市里答复", on=ON, by=PREFECTURE_KEEPER, pack=PACK)

    assert {read_by_caller(made) for made in (same, narrower, nobody)} == {(State.ANSWERED, "市里答复")}


def test_the_broader_body_is_named_first_and_then_they_are_merged() -> None:
    first = taken_on((), KEEPER)
    second = told.received((COUNTY,))
    screening.name(receipt=first.receipt, against=COUNTY, reason="同一件事", on=ON, by=PREFECTURE_KEEPER, pack=PACK)

    merge(second, first, PREFECTURE_KEEPER)

    assert complaint(second).merged_into == complaint(first)
    assert complaint(first).kept_at == PREFECTURE


def test_what_was_merged_goes_along_where_its_answer_goes() -> None:
    first, second, third = told.received((COUNTY,)), told.received((COUNTY,)), told.received((TOWNSHIP,))
    merge(third, second, PREFECTURE_KEEPER)
    merge(second, first, PREFECTURE_KEEPER)
    screening.refuse(receipt=first.receipt, reason="no_facts", text="没有线索", on=ON, by=PREFECTURE_KEEPER, pack=PACK)

    assert {read_by_caller(made) for made in (first, second, third)} == {(State.REFUSED, "没有线索")}


def test_one_that_was_merged_before_is_never_handed_down_with_the_earlier_one() -> None:
    """As a register may hold it from before such merging was refused."""
    first, second = taken_on((VILLAGE,), KEEPER), told.received((COUNTY,))
    Complaint.objects.filter(receipt=second.receipt).update(merged_into=complaint(first), state=State.MERGED)

    with pytest.raises(refusals.UnitUnfit):
        screening.route(receipt=first.receipt, unit=OFFICE, on=ON, by=KEEPER, pack=PACK)
    with pytest.raises(refusals.NotNarrower):
        screening.name(receipt=first.receipt, against=TOWNSHIP, reason="x", on=ON, by=PREFECTURE_KEEPER, pack=PACK)
    screening.name(receipt=first.receipt, against=COUNTY, reason="x", on=ON, by=PREFECTURE_KEEPER, pack=PACK)
    screening.route(receipt=first.receipt, unit=HIGHER, on=ON, by=PREFECTURE_KEEPER, pack=PACK)
    assert complaint(first).unit_code == PREFECTURE


def found_true(against: tuple[str, ...], unit: Unit, handler: Actor, keeper: Actor) -> Receipt:
    made = taken_on(against, keeper)
    looked_into(made, unit, handler, keeper)
    return made


@pytest.mark.parametrize(
    ("body", "keeper", "place", "procedure"),
    [
        (VILLAGE, KEEPER, TOWNSHIP, "supervision_case"),
        (VILLAGE, KEEPER, COUNTY, "supervision_case_county"),
        (TOWNSHIP, KEEPER, COUNTY, "supervision_case_county"),
        (COUNTY, PREFECTURE_KEEPER, PREFECTURE, "supervision_case_prefecture"),
        (PREFECTURE, PROVINCE_KEEPER, "52", "supervision_case_province"),
    ],
)
def test_case_that_follows_is_unknown_to_supervision_inside_the_body(
    body: str, keeper: Actor, place: str, procedure: str
) -> None:
    inspects = supervisor(place)
    made = found_true((body,), Unit("supervision", place), inspects, keeper)

    followed = inquiring.open_case(receipt=made.receipt, text="扣留补助", on=ON, by=inspects, pack=PACK)

    case = followed.case
    assert case is not None
    assert case.dossier is not None
    assert (case.source, case.area_code, case.dossier.procedure, case.dossier.place_code) == (
        "hotline",
        place,
        procedure,
        place,
    )
    assert body in cases.read(case_id=case.pk, by=inspects).subject
    assert book(inspects) == [case]
    inside = [supervisor(code) for code in (TOWNSHIP, COUNTY, PREFECTURE) if code.startswith(body)]
    assert [book(by) for by in inside] == [[] for _by in inside]
    belongs = holder("belongs", [(Role.SUPERVISOR, place), (Role.VILLAGE_OFFICER, VILLAGE)])
    assert book(belongs) == []
    for act in (
        lambda: cases.read(case_id=case.pk, by=belongs),
        lambda: cases.write(case_id=case.pk, kind="talk", on=ON, text="x", by=belongs, pack=PACK),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_case_of_the_province_is_concluded_by_somebody_else_of_it() -> None:
    one, other = supervisor("52", "one"), supervisor("52", "other")
    made = found_true((PREFECTURE,), Unit("supervision", "52"), one, PROVINCE_KEEPER)
    followed = inquiring.open_case(receipt=made.receipt, text="扣留补助", on=ON, by=one, pack=PACK)
    assert followed.case is not None
    cases.write(case_id=followed.case.pk, kind="talk", on=ON, text="x", by=one, pack=PACK)

    def decide(by: Actor) -> str:
        dossier = Case.objects.select_related("dossier").get(pk=followed.case_id).dossier
        assert dossier is not None
        decision, version = Decision("approve", by.name, by.posts, ON, "x"), dossier.version
        return casework.decide(
            dossier=dossier, version=version, decision=decision, by=by, key=f"k{version}", pack=PACK
        ).outcome

    inside = holder("inside", [(Role.SUPERVISOR, "52"), (Role.SUPERVISOR, TOWNSHIP)])
    with pytest.raises(NotAllowed):
        decide(inside)
    decide(one)
    with pytest.raises(SamePerson):
        decide(one)
    assert decide(other) == "approved"


def test_an_office_opens_no_case() -> None:
    both = holder("both", [(Role.COUNTY_OFFICER, COUNTY), (Role.SUPERVISOR, COUNTY)])
    made = found_true((TOWNSHIP,), OFFICE, both, KEEPER)

    with pytest.raises(NotAllowed):
        inquiring.open_case(receipt=made.receipt, text="x", on=ON, by=both, pack=PACK)
    assert not Case.objects.exists()


def violation(area: str, number: str = "H1") -> NewViolation:
    return NewViolation(area, number, None, "", "diverted", 100_00, ON, "扣留补助", "分管负责人", dt.date(2015, 8, 1))


def test_violation_stands_with_the_unit_unless_the_unit_wants_the_body_to_read_it() -> None:
    made = found_true((TOWNSHIP,), OFFICE, WANG, KEEPER)
    place = units.violation_at(OFFICE.place, VILLAGE)

    for elsewhere in ("520326", f"{COUNTY}101", "", PREFECTURE):
        with pytest.raises(refusals.ViolationUnfit):
            inquiring.record_violation(receipt=made.receipt, wish=violation(elsewhere), on=ON, by=WANG, pack=PACK)
    inquiring.record_violation(receipt=made.receipt, wish=violation(place), on=ON, by=WANG, pack=PACK)

    def known(by: Actor) -> int:
        return violation_queries.violations(
            by.scope(Permission.INSPECTION_VIEW), violation_queries.Sifted(), ON
        ).count()

    assert (place, known(WANG), known(TOWN)) == (COUNTY, 1, 0)
    other = found_true((TOWNSHIP,), OFFICE, WANG, KEEPER)
    inquiring.record_violation(receipt=other.receipt, wish=violation(TOWNSHIP, "H2"), on=ON, by=WANG, pack=PACK)
    assert known(TOWN) == 1
    said = "".join(str(value) for row in Violation.objects.values() for value in row.values())
    assert not any(word in said for word in (made.receipt, other.receipt, "hotline", told.CALLER.name))


def test_a_unit_above_the_counties_puts_the_violation_on_file_in_the_county() -> None:
    made = found_true((COUNTY,), HIGHER, QIAN, PREFECTURE_KEEPER)

    wish = violation(units.violation_at(PREFECTURE, VILLAGE))
    followed = inquiring.record_violation(receipt=made.receipt, wish=wish, on=ON, by=QIAN, pack=PACK)

    assert followed.violation is not None
    assert followed.violation.area_code == COUNTY
    with pytest.raises(JiefaError):
        inquiring.record_violation(receipt=made.receipt, wish=violation(COUNTY, "H2"), on=ON, by=QIAN, pack=PACK)
