"""A project from the library to its last payment; what refuses it on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.funds import building, moves
from tests.funds.building import DAY, FIRM, VILLAGE, claimed, decide, fund, proposed, taken_to
from tests.funds.moves import FUNDS, HELD, PACK, balance, fill, move, payer, posted

from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.disclosure.models import NoticeProject
from jiefa.funds.actions import carrying, changing, posting
from jiefa.funds.models import Claim, Moment, Project, ProjectBeneficiary, ProjectInspection
from jiefa.funds.queries.books import books
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules import rows
from jiefa.funds.rules.refusals import PurposeForbidden
from jiefa.funds.rules.rows import PAYEE, PROJECT, Party
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import SamePerson
from jiefa.registry.models import Household

pytestmark = pytest.mark.django_db


def test_a_project_goes_from_the_library_to_the_money() -> None:
    home = building.home()
    project = proposed({home.pk: 0})
    on = taken_to("", project)
    assert (project.approved_fen, project.noticed_on is not None) == (100_000_00, True)
    assert project.accepted_on is not None
    assert project.settled_on is not None
    assert project.warranty_until == project.accepted_on.replace(year=2016)
    assert [(one.kind, one.by, one.passed) for one in ProjectInspection.objects.order_by("pk")] == [
        ("first", "tang", True),
        ("acceptance", "zhou", True),
    ]
    before, after = NoticeProject.objects.order_by("pk")
    assert (before.result, after.result, before.beneficiaries) == ("", building.FOUND, "骆*贵")

    fund(project)
    claim = claimed(project, "final", 95_000_00, on)
    for _step in range(3):
        decide(claim.dossier, on)
    claim.refresh_from_db()
    project.refresh_from_db()
    assert claim.paid_on == on
    assert (project.received_fen, project.paid_fen) == (100_000_00, 95_000_00)
    assert balance(Party(PAYEE, VILLAGE, FIRM)) == 95_000_00

    later = dt.date(2016, 12, 1)
    rest = claimed(project, "retention", 5_000_00, later)
    for step in range(3):
        decide(rest.dossier, later + step * DAY)
    assert Project.objects.get().paid_fen == 100_000_00
    assert books().add_up


ROAD = 100_000_00


def _refused(project: Project, error: type[Exception], fen: int = 1_00, **changes: object) -> None:
    with pytest.raises(error):
        building.to_firm(project, fen, **changes)
    project.refresh_from_db()


def test_nothing_goes_into_a_project_that_is_not_approved() -> None:
    project = proposed()
    taken_to("approval", project)

    with pytest.raises(refusals.NotApproved):
        fund(project)

    decide(project.dossier, dt.date(2015, 5, 1))
    fund(project)
    with pytest.raises(refusals.OverApproved):
        posted(move(HELD, building.pot(project), 1, purpose="infrastructure"))
    with pytest.raises(refusals.ProjectUnknown):
        posted(move(HELD, Party(PROJECT, VILLAGE, "P-none"), 1, purpose="infrastructure"))
    with pytest.raises(refusals.ProjectUnknown):  # the same number in another place
        posted(move(HELD, Party(PROJECT, building.TOWNSHIP, project.number), 1, purpose="infrastructure"))


def test_each_guard_refuses_until_its_step_is_taken() -> None:
    project = proposed()
    taken_to("notice_before", project)
    fund(project)
    _refused(project, refusals.NotNoticed)

    day = taken_to("carrying_out", project)
    _refused(project, refusals.NotNoticed, on=day - 2 * DAY)  # before the notice had run
    _refused(project, refusals.PayeeNotOfProject, firm="别的公司")
    building.to_firm(project, 30_000_00)
    _refused(project, refusals.ProgressShort)  # the advance is spent

    carrying.record_progress(project_id=project.pk, on=day, percent=50, words="路基", by=building.LI, pack=PACK)
    building.to_firm(project, 20_000_00)
    _refused(project, refusals.ProgressShort)
    building.finish(project, day)
    building.to_firm(project, 30_000_00)
    _refused(project, refusals.NotAccepted)

    day = taken_to("notice_after", project)
    _refused(project, refusals.NotSettled)

    taken_to("", project)
    building.to_firm(project, 15_000_00)
    _refused(project, refusals.Retained)
    building.to_firm(project, 5_000_00, on=dt.date(2016, 12, 1))
    _refused(project, refusals.OverApproved, on=dt.date(2016, 12, 1))
    assert Project.objects.get().paid_fen == ROAD
    assert books().add_up


def test_a_household_is_paid_its_share_once_in_a_year() -> None:
    alive, gone, stranger = (building.home(f"H{n}") for n in range(3))
    Household.objects.filter(pk=gone.pk).update(poverty_status="closed")
    shares = {alive.pk: 500_00, gone.pk: 500_00}
    said = {"kind": "industry", "tender": "none", "contractor": "", "contractor_number": ""}
    project, other = proposed(shares, **said), proposed({alive.pk: 100_00}, **said)
    for one in (project, other):
        taken_to("carrying_out", one)
        fund(one)

    def pay(one: Project, home: Household, fen: int) -> None:
        to = Party(PAYEE, VILLAGE, "", home.pk)
        posted(move(building.pot(one), to, fen, on=dt.date(2015, 8, 1), purpose="industry"))

    with pytest.raises(refusals.PayeeNotBeneficiary):
        pay(project, stranger, 1)
    with pytest.raises(refusals.PayeeGone):
        pay(project, gone, 1)
    pay(project, alive, 300_00)
    with pytest.raises(refusals.ShareExceeded):
        pay(project, alive, 200_01)
    with pytest.raises(refusals.ItemTwice):
        pay(other, alive, 1)
    pay(project, alive, 200_00)
    assert project.beneficiaries.get(household=alive).reached_fen == 500_00

    both = [
        move(building.pot(one), Party(PAYEE, VILLAGE, "", stranger.pk), 1, on=dt.date(2015, 8, 1), purpose="industry")
        for one in (project, other)
    ]
    for one in (project, other):
        ProjectBeneficiary.objects.create(project=one, household=stranger, planned_fen=1)
    problems, _on_file = posting.try_out(rows=rows.table(both), pack=PACK)
    assert [(one.row, type(one.error)) for one in problems] == [(1, refusals.ItemTwice)]


def test_what_comes_back_can_be_paid_again() -> None:
    project = proposed()
    taken_to("carrying_out", project)
    fund(project)
    paid = building.to_firm(project, 30_000_00)
    _refused(project, refusals.ProgressShort)

    posting.reverse(transfer_id=paid.pk, on=dt.date(2015, 9, 1), reason="误付", document="更正", by=payer(), pack=PACK)
    project.refresh_from_db()
    assert project.paid_fen == 0
    with pytest.raises(refusals.RefundWrong):
        posted(move(Party(PAYEE, VILLAGE, FIRM), building.pot(project), 1, purpose="infrastructure"))
    building.to_firm(project, 30_000_00)
    posted(move(building.pot(project), HELD, 70_000_00, on=dt.date(2015, 9, 1), purpose="infrastructure"))
    project.refresh_from_db()
    assert (project.received_fen, project.paid_fen) == (30_000_00, 30_000_00)
    assert books().add_up


def test_management_takes_no_more_than_its_share() -> None:
    fill(100_000)
    posted(move(FUNDS, HELD, 10_000))

    posted(move(HELD, moves.FIRM, 150, purpose="management_fee"))
    with pytest.raises(refusals.FeeTooHigh):
        posted(move(HELD, moves.FIRM, 51, purpose="management_fee"))
    posted(move(HELD, moves.FIRM, 50, purpose="management_fee"))
    with pytest.raises(refusals.FeeTooHigh):  # one in a hundred from 2017 on
        posted(move(HELD, moves.FIRM, 1, purpose="management_fee", on=dt.date(2018, 1, 2)))


def test_parts_are_for_different_people() -> None:
    project = proposed()
    day = taken_to("approval", project)
    both = holder("sunx", [(Role.TOWNSHIP_OFFICER, building.TOWNSHIP), (Role.COUNTY_OFFICER, building.COUNTY)])
    with pytest.raises(SamePerson):  # who applied does not approve
        decide(project.dossier, day, by=both)
    taken_to("first_inspection", project)
    with pytest.raises(SamePerson):  # nor inspect
        decide(project.dossier, day, by=building.township())
    worker = holder("li", [(Role.TOWNSHIP_OFFICER, building.TOWNSHIP)])
    with pytest.raises(refusals.PartHeld):  # who did the work does not inspect it
        decide(project.dossier, day, by=worker)
    on = taken_to("", project)
    fund(project)
    claim = claimed(project, "final", 1_000_00, on)
    decide(claim.dossier, on)
    with pytest.raises(refusals.PartHeld):  # who inspected does not review
        decide(claim.dossier, on, by=building.county("zhou"))
    decide(claim.dossier, on)
    inspector = holder("zhou", [(Role.FINANCE_OFFICER, building.COUNTY)])
    with pytest.raises(refusals.PartHeld):  # nor pay
        decide(claim.dossier, on, by=inspector)
    rows_ = rows.table([move(building.pot(project), Party(PAYEE, VILLAGE, FIRM), 1, on=on, purpose="infrastructure")])
    with pytest.raises(refusals.HandInProject):  # by whatever way
        posting.post_many(rows=rows_, by=inspector, pack=PACK)


def test_amount_decides_how_many_approve() -> None:
    project = proposed(asked_fen=500_000_00)
    day = taken_to("approval", project)
    assert project.dossier.procedure == "project_large"
    decide(project.dossier, day)
    assert project.dossier.step == "approval"
    assert decide(project.dossier, day, by=building.county("zhou")).step == "notice_before"

    small = proposed()
    Project.objects.filter(pk=small.pk).update(asked_fen=600_000_00)
    with pytest.raises(refusals.BandChanged):
        decide(small.dossier, day)
    Project.objects.filter(pk=small.pk).update(asked_fen=90_000_00)
    with pytest.raises(refusals.ProjectOtherwise):
        decide(small.dossier, day)


def test_a_change_is_approved_anew() -> None:
    home = building.home()
    project = proposed()
    day = taken_to("carrying_out", project)
    fund(project, 60_000_00)
    said = {"project_id": project.pk, "by": building.township(), "on": day, "pack": PACK}

    with pytest.raises(refusals.ChangeEmpty):
        changing.propose(after={"goal": project.goal}, shares=None, **said)
    with pytest.raises(refusals.ChangeBelowPaid):
        changing.propose(after={"asked_fen": 59_000_00}, shares=None, **said)
    after = {"asked_fen": 80_000_00, "contractor": "新公司", "contractor_number": "N2"}
    key = changing.propose(after=after, shares={home.pk: 0}, **said)
    dossier = Dossier.objects.get(pk=key)
    decide(dossier, day, by=building.township())
    decide(dossier, day)

    project.refresh_from_db()
    assert (project.approved_fen, project.contractor, project.version) == (80_000_00, "新公司", 2)
    (change,) = project.changes.all()
    assert change.before == {
        "asked_fen": ROAD,
        "beneficiaries": [],
        "contractor": FIRM,
        "contractor_number": building.FIRM_NUMBER,
    }
    _refused(project, refusals.PayeeNotOfProject)
    building.to_firm(project, 1_00, firm="新公司")


def test_claims_wait_for_their_time_and_their_money() -> None:
    project = proposed()
    day = taken_to("carrying_out", project)
    with pytest.raises(refusals.ClaimKindWrong):
        claimed(project, "progress", 1_00, day)
    with pytest.raises(refusals.ProgressShort):
        claimed(project, "advance", 30_000_01, day)
    with pytest.raises(refusals.PayeeNotOfProject):
        claimed(project, "advance", 1_00, day, payee="别的公司")
    claim = claimed(project, "advance", 30_000_00, day)
    with pytest.raises(refusals.ProgressShort):  # what is under way counts
        claimed(project, "advance", 1_00, day)
    for _step in range(2):
        decide(claim.dossier, day)
    with pytest.raises(refusals.ClaimFunds):
        decide(claim.dossier, day)

    fund(project, on=day)
    decide(claim.dossier, day)
    project.refresh_from_db()
    assert project.paid_fen == 30_000_00
    with pytest.raises(refusals.ClaimKindWrong):
        claimed(project, "final", 1_00, day)


def test_work_is_finished_with_progress_and_pictures() -> None:
    project = proposed()
    day = taken_to("carrying_out", project)
    with pytest.raises(refusals.PictureMissing):
        decide(project.dossier, day)
    said = {"project_id": project.pk, "by": building.LI, "pack": PACK}
    carrying.record_progress(on=day, percent=60, words="x", **said)
    for percent, on in ((50, day), (101, day), (70, day - 60 * DAY)):
        with pytest.raises(refusals.ProgressWrong):
            carrying.record_progress(on=on, percent=percent, words="x", **said)
    with pytest.raises(refusals.NoPicture):
        carrying.add_picture(moment=Moment.AFTER, taken_on=day, name="a.pdf", content=building.PAPER, **said)
    building.finish(project, day)
    assert decide(project.dossier, day).step == "first_inspection"
    back = decide(project.dossier, day, do="return", by=building.TAKERS["first_inspection"])
    assert (back.step, ProjectInspection.objects.get().passed) == ("carrying_out", False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"place_code": "52"}, refusals.ProjectPlace),
        ({"kind": "x"}, refusals.ProjectCode),
        ({"goal": " "}, refusals.ProjectText),
        ({"asked_fen": 0}, refusals.ProjectAmount),
        ({"ends_on": dt.date(2015, 1, 1)}, refusals.ProjectDays),
        ({"contractor_number": ""}, refusals.ProjectContractor),
    ],
)
def test_a_project_that_makes_no_sense_is_refused(changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        proposed(**changes)
    assert not Project.objects.exists()


def test_a_number_stands_for_one_project_and_households_are_of_its_county() -> None:
    first = proposed()
    with pytest.raises(refusals.ProjectKnown):
        proposed(number=first.number)
    far = building.home("F1", "520102001001")
    with pytest.raises(refusals.BeneficiaryUnknown):
        proposed({far.pk: 0})


def test_nobody_signs_a_claim_for_what_money_may_not_buy() -> None:
    project = proposed()
    taken_to("carrying_out", project)
    fund(project)
    later = dt.date(2017, 4, 5)
    with pytest.raises(PurposeForbidden, match="负面清单"):
        claimed(project, "advance", 100, later, purpose="vehicles")
    assert not Claim.objects.exists()
    claimed(project, "advance", 100, later, purpose="infrastructure")
    assert Claim.objects.count() == 1
