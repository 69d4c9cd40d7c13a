"""Self-inspection, violations put right by the level above, and the case book that nobody outside supervision comes near."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from tests.casework import going
from tests.funds.moves import PACK
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Permission, Role, Scope
from jiefa.audit import queries as audit
from jiefa.audit.models import Entry
from jiefa.casework import actions as casework
from jiefa.integrity.actions import campaigns, cases, groups, violations
from jiefa.integrity.actions.campaigns import NewAnswer, NewCampaign
from jiefa.integrity.actions.cases import NewCase
from jiefa.integrity.actions.groups import NewWatch
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import Campaign, Case, CaseNote, GroupTownship, Offices, Rectification, Violation
from jiefa.integrity.queries import campaigns as campaign_queries
from jiefa.integrity.queries import cases as case_queries
from jiefa.integrity.queries import violations as violation_queries
from jiefa.integrity.queries.violations import Sifted
from jiefa.integrity.rules import places, refusals
from jiefa.kernel.errors import NotAllowed
from jiefa.procedures import queries as dossiers
from jiefa.procedures import rules
from jiefa.procedures.actions import Decided
from jiefa.procedures.models import Dossier
from jiefa.procedures.queries import Filters
from jiefa.procedures.rules import Decision, NotYourDesk

ON, DUE, LATE = dt.date(2015, 5, 4), dt.date(2015, 6, 30), dt.date(2015, 7, 1)
NEXT = "520324101"
ITEMS = tuple(one.id for one in PACK.codes("inspection_check").values)


def officer(role: Role, area: str, name: str = "") -> Actor:
    return holder(name or f"{role.value}-{area}", [(role, area)])


PROVINCE = officer(Role.PROVINCE_OFFICER, "52")
PREFECTURE = officer(Role.PREFECTURE_OFFICER, COUNTY[:4])
COUNTIES = officer(Role.COUNTY_OFFICER, COUNTY)
TOWN = officer(Role.TOWNSHIP_OFFICER, TOWNSHIP)
GROUP = officer(Role.SUPERVISOR, TOWNSHIP)
DISCIPLINE = officer(Role.SUPERVISOR, COUNTY)
PREFECTURE_DISCIPLINE = officer(Role.SUPERVISOR, COUNTY[:4])
OTHER_GROUP = officer(Role.SUPERVISOR, NEXT)


def begun(offices: Offices = Offices.BOTH) -> Campaign:
    wish = NewCampaign("52", "2013—2014年扶贫资金自查自纠", 2013, 2014, offices, ON, DUE, "黔扶办〔2015〕3号")
    return campaigns.begin(wish=wish, by=PROVINCE)


def wrong(number: str = "A1", **changes: object) -> NewViolation:
    one = NewViolation(
        TOWNSHIP, number, None, "", "diverted", 1_000_01, ON, "挪用培训经费购置办公设备", "张某，乡财政所", DUE
    )
    return replace(one, **changes)


def recorded(one: NewViolation, by: Actor = COUNTIES) -> Violation:
    violations.record_many(violations=[one], by=by, pack=PACK)
    return Violation.objects.get(area_code=one.area_code, number=one.number)


def decide(dossier: Dossier, by: Actor, kind: str = "approve", on: dt.date = ON, opinion: str = "x") -> Decided:
    dossier.refresh_from_db()
    if kind == "approve":
        going.ready(dossier, by, PACK, on)
    decision = Decision(kind, by.name, by.posts, on, opinion)
    return casework.decide(
        dossier=dossier, version=dossier.version, decision=decision, by=by, key=f"k{dossier.version}", pack=PACK
    )


def opened(by: Actor = GROUP, area: str = VILLAGE) -> Case:
    wish = NewCase(area, "letter", "office", "村委会主任", "反映低保名单有亲属", ON)
    return cases.open_case(wish=wish, by=by, pack=PACK)


@pytest.mark.django_db
def test_offices_answer_and_progress_is_told_by_place() -> None:
    found = begun()
    every = [NewAnswer(COUNTY, "", item, "in_order") for item in ITEMS]
    assert campaigns.answer_many(campaign_id=found.pk, answers=every, on=ON, by=COUNTIES, pack=PACK) == len(ITEMS)
    assert campaigns.answer_many(campaign_id=found.pk, answers=every, on=ON, by=COUNTIES, pack=PACK) == 0
    part = [NewAnswer(TOWNSHIP, "", ITEMS[0], "wrong", "挪用")]
    campaigns.answer_many(campaign_id=found.pk, answers=part, on=ON, by=TOWN, pack=PACK)
    recorded(wrong(campaign=found.pk))
    recorded(wrong("A2", campaign=found.pk, area_code=VILLAGE, due_on=LATE))

    rows = campaign_queries.progress(found, [COUNTY, TOWNSHIP], Scope((COUNTY,)), len(ITEMS), LATE)

    townships = len(campaign_queries.offices_under(found, COUNTY)) - 1
    assert [(row.asked, row.answered, row.begun) for row in rows] == [(townships, 1, 0), (1, 0, 1)]
    assert [(row.violations, row.amount_fen, row.overdue) for row in rows] == [(0, 0, 0), (2, 2_000_02, 1)]
    assert campaign_queries.concerning(Scope((TOWNSHIP,))).get() == found


@pytest.mark.django_db
def test_answers_that_nobody_asked_for_or_that_say_nothing_are_refused() -> None:
    found = begun(Offices.COUNTY)

    for one, by, reason in (
        (NewAnswer(TOWNSHIP, "", ITEMS[0], "in_order"), TOWN, refusals.NotAsked),
        (NewAnswer(COUNTY, "", "moon", "in_order"), COUNTIES, refusals.AnswerWrong),
        (NewAnswer(COUNTY, "", ITEMS[0], "perhaps"), COUNTIES, refusals.AnswerWrong),
        (NewAnswer(COUNTY, "", ITEMS[0], "wrong", " "), COUNTIES, refusals.NoteMissing),
        (NewAnswer(COUNTY, "", ITEMS[0], "in_order"), TOWN, NotAllowed),
    ):
        with pytest.raises(reason):
            campaigns.answer_many(campaign_id=found.pk, answers=[one], on=ON, by=by, pack=PACK)
    with pytest.raises(refusals.CampaignKnown):
        begun()
    with pytest.raises(NotAllowed):
        campaigns.begin(wish=NewCampaign("52", "x", 2013, 2014, Offices.BOTH, ON, DUE, "x"), by=COUNTIES)
    assert not found.answers.exists()


@pytest.mark.django_db
def test_violation_is_put_right_in_parts_and_confirmed_by_the_level_above() -> None:
    one = recorded(wrong())
    with pytest.raises(refusals.RectifiedTooMuch):
        violations.report(violation_id=one.pk, amount_fen=1_000_02, how="x", by=TOWN, on=ON, pack=PACK)

    first = violations.report(violation_id=one.pk, amount_fen=400_00, how="退回专户", by=TOWN, on=ON, pack=PACK)
    decide(first, TOWN)
    with pytest.raises(NotYourDesk):
        decide(first, TOWN)
    assert decide(first, COUNTIES).outcome == "approved"
    one.refresh_from_db()
    assert (one.rectified_fen, one.settled_on) == (400_00, None)
    second = violations.report(violation_id=one.pk, amount_fen=600_01, how="退回专户", by=TOWN, on=ON, pack=PACK)
    decide(second, TOWN)
    assert decide(second, COUNTIES, "refuse").outcome == "refused"
    third = violations.report(violation_id=one.pk, amount_fen=600_01, how="退回专户", by=TOWN, on=ON, pack=PACK)
    decide(third, TOWN)
    decide(third, COUNTIES, on=LATE)

    one.refresh_from_db()
    assert (one.rectified_fen, one.settled_on) == (1_000_01, LATE)
    assert sum(part.amount_fen for part in Rectification.objects.filter(violation=one)) == 1_000_01
    assert Entry.objects.filter(action="violation.put_right", chain=COUNTY).count() == 2
    with pytest.raises(refusals.SettledBefore):
        violations.report(violation_id=one.pk, amount_fen=0, how="x", by=TOWN, on=ON, pack=PACK)


@pytest.mark.django_db
def test_violation_of_a_county_is_confirmed_by_its_prefecture() -> None:
    one = recorded(wrong(area_code=COUNTY, amount_fen=0))
    dossier = violations.report(violation_id=one.pk, amount_fen=0, how="完善公示", by=COUNTIES, on=ON, pack=PACK)
    decide(dossier, COUNTIES)

    assert decide(dossier, PREFECTURE).outcome == "approved"

    one.refresh_from_db()
    assert one.settled_on == ON


@pytest.mark.django_db
def test_unsound_violations_are_refused_and_none_is_half_written() -> None:
    for one, reason in (
        (wrong(number=" "), refusals.ViolationWrong),
        (wrong(kind="moon"), refusals.ViolationWrong),
        (wrong(amount_fen=-1), refusals.ViolationWrong),
        (wrong(due_on=ON - dt.timedelta(days=1)), refusals.ViolationWrong),
        (wrong(found_on=dt.date(2099, 1, 1), due_on=dt.date(2099, 1, 2)), refusals.ViolationWrong),
        (wrong(campaign=999), refusals.CampaignUnknown),
        (wrong(area_code=COUNTY[:4]), NotAllowed),
        (wrong(area_code="520326101"), NotAllowed),
    ):
        with pytest.raises(reason):
            violations.record_many(violations=[wrong("good"), one], by=COUNTIES, pack=PACK)
    recorded(wrong())
    with pytest.raises(refusals.ViolationKnown):
        recorded(wrong())
    assert Violation.objects.count() == 1


@pytest.mark.django_db
def test_violations_are_counted_by_type_and_place_to_the_fen() -> None:
    for number, kind, area, fen in (
        ("1", "diverted", TOWNSHIP, 1_01),
        ("2", "diverted", VILLAGE, 2_02),
        ("3", "fraud", NEXT, 3_03),
        ("4", "fraud", COUNTY, 4_04),
    ):
        recorded(wrong(number, kind=kind, area_code=area, amount_fen=fen))

    kinds = violation_queries.by_type(Scope((COUNTY,)), Sifted(), LATE)
    places = violation_queries.by_place(Scope((COUNTY,)), 9, Sifted(), LATE)

    assert [(one.name, one.violations, one.amount_fen, one.overdue) for one in kinds] == [
        ("diverted", 2, 3_03, 2),
        ("fraud", 2, 7_07, 2),
    ]
    assert [(one.name, one.amount_fen) for one in places] == [(NEXT, 3_03), (TOWNSHIP, 3_03)]
    assert violation_queries.overdue(Scope((NEXT,)), LATE) == 1
    assert violation_queries.overdue(Scope((NEXT,)), DUE) == 0


@pytest.mark.django_db
def test_discipline_inspection_reads_what_was_handed_over_and_nothing_else() -> None:
    given, kept = recorded(wrong()), recorded(wrong("B2"))
    with pytest.raises(NotAllowed):
        violations.hand_over(violation_id=given.pk, reason="涉嫌违纪", on=ON, by=TOWN)
    violations.hand_over(violation_id=given.pk, reason="涉嫌违纪", on=ON, by=COUNTIES)
    with pytest.raises(refusals.HandedOverBefore):
        violations.hand_over(violation_id=given.pk, reason="涉嫌违纪", on=ON, by=COUNTIES)

    within = DISCIPLINE.scope(Permission.CASE_BOOK)

    assert [one.violation for one in violation_queries.handed_over(within)] == [given]
    assert violation_queries.handed(given.pk, within) == given
    assert violation_queries.handed(kept.pk, within) is None
    # What goes to the county's discipline inspection is not yet before the group of the township.
    assert not violation_queries.handed_over(GROUP.scope(Permission.CASE_BOOK)).exists()
    assert not DISCIPLINE.may(Permission.INSPECTION_VIEW)
    assert not audit.entries((COUNTY,)).filter(action="violation.handed_over").exists()


@pytest.mark.django_db
def test_case_is_inquired_by_the_group_and_concluded_by_its_county() -> None:
    one = opened()
    assert one.dossier is not None
    with pytest.raises(refusals.NothingWritten):
        decide(one.dossier, GROUP)
    cases.write(case_id=one.pk, kind="talk", on=ON, text="走访三户", by=GROUP, pack=PACK)
    with pytest.raises(refusals.CaseOpen):
        cases.hand_over(case_id=one.pk, to="discipline", reason="x", on=ON, by=DISCIPLINE, pack=PACK)
    decide(one.dossier, GROUP)
    with pytest.raises(NotYourDesk):
        decide(one.dossier, GROUP)
    assert decide(one.dossier, DISCIPLINE).outcome == "approved"
    cases.hand_over(case_id=one.pk, to="discipline", reason="党纪处理", on=ON, by=DISCIPLINE, pack=PACK)

    found = cases.read(case_id=one.pk, by=DISCIPLINE)

    assert (found.subject, list(found.notes), list(found.reasons)) == ("村委会主任", ["走访三户"], ["党纪处理"])
    with pytest.raises(refusals.CaseClosed):
        cases.write(case_id=one.pk, kind="talk", on=ON, text="x", by=GROUP, pack=PACK)


@pytest.mark.django_db
def test_what_is_written_is_sealed_and_only_grows() -> None:
    one = opened()
    note = cases.write(case_id=one.pk, kind="talk", on=ON, text="走访三户", by=GROUP, pack=PACK)

    kept = b"".join(bytes(part) for part in (one.subject_sealed, one.text_sealed, note.text_sealed))

    assert not any(word.encode() in kept for word in ("主任", "亲属", "走访"))
    assert one.dossier is not None
    assert "主任" not in f"{one.dossier.title}{one.dossier.proposal}"
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).update(kind="seen")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).delete()


@pytest.mark.django_db
def test_county_opens_what_its_prefecture_concludes_and_strangers_open_nothing() -> None:
    one = opened(DISCIPLINE, COUNTY)
    assert one.dossier is not None
    assert one.dossier.procedure == "supervision_case_county"
    cases.write(case_id=one.pk, kind="papers", on=ON, text="x", by=DISCIPLINE, pack=PACK)
    decide(one.dossier, DISCIPLINE)
    assert decide(one.dossier, PREFECTURE_DISCIPLINE, "refuse").outcome == "refused"

    for by, reason in ((OTHER_GROUP, NotAllowed), (COUNTIES, NotAllowed), (PREFECTURE_DISCIPLINE, refusals.NotWatched)):
        with pytest.raises(reason):
            opened(by)


@pytest.mark.django_db
def test_nobody_outside_supervision_comes_near_a_case() -> None:
    """Lists, counts, sums, search, exports, desks, batches and the log: for every officer, from the village to the province."""
    one = opened()
    assert one.dossier is not None
    cases.write(case_id=one.pk, kind="talk", on=ON, text="x", by=GROUP, pack=PACK)
    decide(one.dossier, GROUP)
    key = one.dossier.pk

    for by in (
        PROVINCE,
        PREFECTURE,
        COUNTIES,
        TOWN,
        officer(Role.VILLAGE_OFFICER, VILLAGE),
        officer(Role.AUDITOR, "52"),
    ):
        within = by.scope(Permission.DOSSIER_VIEW)
        assert dossiers.dossier(key, within) is None
        assert dossiers.several([key], within) == []
        assert not dossiers.find(Filters(), within).exists()
        assert not dossiers.find(Filters(text="监督"), within).exists()
        assert dossiers.sums(within, ON.year) == []
        assert dossiers.of_subject(f"case:{one.pk}", within) == []
        assert not dossiers.on_desk(by, PACK).exists()
        assert dossiers.desk_counts(by, PACK, ON) == []
        assert not case_queries.cases(by).exists()
        with pytest.raises(NotAllowed):
            cases.read(case_id=one.pk, by=by)
    for area in (COUNTY, COUNTY[:4], TOWNSHIP):
        assert not audit.entries((area,)).exists()
    told = Entry.objects.exclude(action="chain.opened")
    assert {entry.chain for entry in told} == {"system"}
    assert not any(VILLAGE in entry.diff or TOWNSHIP in entry.diff for entry in told)
    assert [case.pk for case in case_queries.cases(GROUP)] == [one.pk]
    assert not case_queries.cases(OTHER_GROUP).exists()
    assert dossiers.on_desk(DISCIPLINE, PACK).get().pk == key
    assert dossiers.confidential_dossier(key, DISCIPLINE.scope(Permission.CASE_BOOK)) == one.dossier
    assert dossiers.confidential_dossier(key, OTHER_GROUP.scope(Permission.CASE_BOOK)) is None


@pytest.mark.django_db
def test_group_that_takes_over_ends_the_one_before() -> None:
    first = NewWatch("第一组", TOWNSHIP, "县纪委副书记", "乡纪委书记", ON)
    assert groups.form_many(watches=[first, replace(first, area_code=NEXT)], by=DISCIPLINE) == 2
    assert groups.form_many(watches=[replace(first, head="新组长")], by=DISCIPLINE) == 0
    with pytest.raises(refusals.GroupTwice):
        groups.form_many(watches=[replace(first, name="第二组")], by=DISCIPLINE)
    groups.form_many(watches=[replace(first, name="第二组", on=LATE)], by=DISCIPLINE)

    before, after = case_queries.group_of(TOWNSHIP, ON), case_queries.group_of(TOWNSHIP, LATE)

    assert before is not None
    assert after is not None
    assert (before.name, before.head, after.name) == ("第一组", "新组长", "第二组")
    assert GroupTownship.objects.filter(to_date__isnull=True).count() == 2
    with pytest.raises(NotAllowed):
        groups.form_many(watches=[first], by=GROUP if not GROUP.may(Permission.CASE_BOOK, TOWNSHIP) else COUNTIES)


@pytest.mark.django_db
def test_public_is_told_no_small_number_and_nothing_below_a_prefecture() -> None:
    groups.form_many(watches=[NewWatch("第一组", TOWNSHIP, "x", "", ON)], by=DISCIPLINE)
    for place in range(6):
        one = opened()
        assert one.dossier is not None
        cases.write(case_id=one.pk, kind="talk", on=ON, text="x", by=GROUP, pack=PACK)
        decide(one.dossier, GROUP)
        decide(one.dossier, DISCIPLINE, "approve" if place else "refuse")

    (few,) = case_queries.public_counts(2015, LATE, 7)
    (told,) = case_queries.public_counts(2015, LATE, 5)

    assert (few.prefecture, few.groups, few.townships, few.concluded, few.founded) == (COUNTY[:4], 1, 1, None, None)
    # Five founded of six would tell of the one that was not.
    assert (told.concluded, told.founded) == (6, None)
    assert case_queries.public_counts(2014, LATE, 5)[0].concluded is None


def test_names_of_confidential_procedures_and_who_takes_their_steps() -> None:
    found = {name for name in PACK.procedures if rules.confidential(name)}

    assert found == set(places.CASES)
    assert len(found) == 4
    for name in found:
        assert {role for one in PACK.procedures[name] for step in one.steps for role in step.roles} == {"supervisor"}
    assert rules.chain("supervision_case", VILLAGE) == "52"
    assert rules.chain("household_exit", VILLAGE) == COUNTY
