"""A dossier moves as its procedure says: by the right post, by different people, with opinion, evidence and notice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import Error, connection, transaction
from tests.procedures.conftest import ON
from tests.procedures.people import VILLAGE, People

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.audit import queries as audit
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions, evidence, queries, rules
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.actions.deciding import DossierUnknown
from jiefa.procedures.actions.opening import AlreadyOpen, DossierMoved, NotBegunHere, ProposalFrozen
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision

PDF = b"%PDF-1.7 minutes"
VOTES = {"present": 30, "votes_for": 28, "votes_against": 2}


def take(
    dossier: Dossier,
    by: Actor,
    pack: Pack,
    kind: str = "approve",
    on: dt.date = ON,
    opinion: str = "",
    key: str = "",
    **facts: object,
) -> Decided:
    """A decision on the dossier as it stands now."""
    dossier.refresh_from_db()
    decision = Decision(kind, by.name, by.posts, on, opinion, facts)
    key = key or f"{dossier.version}-{by.name}"
    return actions.decide(dossier_id=dossier.pk, version=dossier.version, decision=decision, by=by, key=key, pack=pack)


def at_first_notice(dossier: Dossier, people: People, pack: Pack) -> None:
    take(dossier, people.li, pack)
    actions.lay_in(dossier_id=dossier.pk, kind="minutes", name="会议记录.pdf", content=PDF, by=people.li, pack=pack)
    take(dossier, people.li, pack, **VOTES)


def posted(dossier: Dossier, until: dt.date) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(notice_posted=True, notice_until=until)


def at_township(dossier: Dossier, people: People, pack: Pack) -> None:
    at_first_notice(dossier, people, pack)
    posted(dossier, ON)
    take(dossier, people.li, pack, on=ON + dt.timedelta(days=1))


def test_whole_way_from_application_to_register(dossier: Dossier, people: People, pack: Pack) -> None:
    at_township(dossier, people, pack)
    take(dossier, people.sun, pack)
    posted(dossier, ON)
    take(dossier, people.sun, pack, on=ON + dt.timedelta(days=1))
    take(dossier, people.wang, pack)
    done = take(dossier, people.wang, pack)

    dossier.refresh_from_db()
    assert done.outcome == "approved"
    assert (dossier.step, dossier.outcome, dossier.desk, dossier.closed_on) == ("registered", "approved", "", ON)
    way = queries.way_so_far(dossier)
    assert [(step.step, step.by, step.role) for step in way] == [
        ("application", "li", "village_officer"),
        ("appraisal", "li", "village_officer"),
        ("first_notice", "li", "village_officer"),
        ("township_review", "sun", "township_officer"),
        ("second_notice", "sun", "township_officer"),
        ("county_review", "wang", "county_officer"),
        ("announcement", "wang", "county_officer"),
    ]
    assert way[0].proposal == {"members": 4}
    assert way[1].facts == VOTES
    assert len({step.proposal_digest for step in way}) == 1
    assert not audit.verify().faults


@pytest.mark.parametrize("who", ["sun", "wang", "zhao", "wu", "auditor"])
def test_only_the_post_of_the_step_decides(who: str, dossier: Dossier, people: People, pack: Pack) -> None:
    with pytest.raises(rules.NotYourDesk):
        take(dossier, getattr(people, who), pack)

    assert not StepTaken.objects.exists()


def test_post_of_another_village_does_not_decide(dossier: Dossier, people: People, pack: Pack) -> None:
    other = holder("he", [(Role.VILLAGE_OFFICER, "520324103201")])

    with pytest.raises(rules.NotYourDesk):
        take(dossier, other, pack)


def test_post_that_changes_hands_takes_its_dossiers_along(dossier: Dossier, people: People, pack: Pack) -> None:
    assert list(queries.on_desk(people.li_two, pack)) == [dossier]

    take(dossier, people.li_two, pack)

    assert queries.way_so_far(dossier)[0].by == "li2"


def test_one_person_in_two_posts_cannot_review_the_own_application(
    dossier: Dossier, people: People, pack: Pack
) -> None:
    both = holder("li", [(Role.VILLAGE_OFFICER, VILLAGE), (Role.TOWNSHIP_OFFICER, VILLAGE[:9])])
    at_township(dossier, people, pack)

    with pytest.raises(rules.SamePerson):
        take(dossier, both, pack)


def test_votes_and_minutes_are_asked_for(dossier: Dossier, people: People, pack: Pack) -> None:
    take(dossier, people.li, pack)

    with pytest.raises(rules.FactMissing) as missing:
        take(dossier, people.li, pack, present=30, votes_for=28)
    assert "反对票" in missing.value.message("zh")
    assert "Votes against" in missing.value.message("en")
    with pytest.raises(rules.FactMissing):
        take(dossier, people.li, pack, **{**VOTES, "votes_for": -1})
    with pytest.raises(rules.EvidenceMissing) as lacking:
        take(dossier, people.li, pack, **VOTES)
    assert "评议会议记录" in lacking.value.message("zh")


def test_notice_must_have_run_its_days(dossier: Dossier, people: People, pack: Pack) -> None:
    at_first_notice(dossier, people, pack)

    with pytest.raises(rules.NoticeNotDone, match="尚未公示"):
        take(dossier, people.li, pack)
    posted(dossier, ON)
    with pytest.raises(rules.NoticeNotDone, match="2015-03-02"):
        take(dossier, people.li, pack, on=ON)
    Dossier.objects.filter(pk=dossier.pk).update(notice_stopped=True)
    with pytest.raises(rules.NoticeNotDone, match="异议"):
        take(dossier, people.li, pack, on=ON + dt.timedelta(days=1))


def test_return_needs_a_reason_and_opens_the_proposal_again(dossier: Dossier, people: People, pack: Pack) -> None:
    take(dossier, people.li, pack)
    with pytest.raises(rules.OpinionMissing):
        take(dossier, people.li, pack, "return")
    with pytest.raises(ProposalFrozen):
        actions.amend(dossier_id=dossier.pk, version=2, proposal={"members": 5}, by=people.li, pack=pack)

    take(dossier, people.li, pack, "return", opinion="人数不对")
    dossier.refresh_from_db()
    actions.amend(dossier_id=dossier.pk, version=dossier.version, proposal={"members": 5}, by=people.li, pack=pack)
    take(dossier, people.li, pack)

    submitted = [step.proposal for step in queries.way_so_far(dossier) if step.proposal]
    assert submitted == [{"members": 4}, {"members": 5}]


def test_proposal_changed_behind_the_back_is_stopped(dossier: Dossier, people: People, pack: Pack) -> None:
    at_township(dossier, people, pack)
    Dossier.objects.filter(pk=dossier.pk).update(proposal={"members": 9})

    with pytest.raises(rules.ProposalChanged):
        take(dossier, people.sun, pack)


def test_empty_proposal_is_not_submitted(db: None, people: People, pack: Pack) -> None:
    opening = Opening("applicant:2", VILLAGE, "李四", 2015)
    empty = actions.open_dossier(procedure="identification", opening=opening, by=people.li, on=ON, pack=pack)

    with pytest.raises(rules.ProposalEmpty):
        take(empty, people.li, pack)


def test_closed_dossier_takes_no_decision(dossier: Dossier, people: People, pack: Pack) -> None:
    take(dossier, people.li, pack, "withdraw", opinion="农户撤回")

    with pytest.raises(rules.DossierClosed):
        take(dossier, people.li, pack)


def test_who_saw_an_older_version_is_told_by_whom_it_moved(dossier: Dossier, people: People, pack: Pack) -> None:
    seen = dossier.version
    take(dossier, people.li, pack)

    decision = Decision("withdraw", "li2", people.li_two.posts, ON, "撤")
    with pytest.raises(DossierMoved) as moved:
        actions.decide(dossier_id=dossier.pk, version=seen, decision=decision, by=people.li_two, key="k", pack=pack)
    assert "li" in moved.value.message("zh")


def test_same_request_twice_is_carried_out_once(dossier: Dossier, people: People, pack: Pack) -> None:
    first = take(dossier, people.li, pack, key="form-1")
    again = take(dossier, people.li, pack, key="form-1")

    assert (first.repeated, again.repeated) == (False, True)
    assert again.target == first.target == "appraisal"
    assert StepTaken.objects.count() == 1


def test_second_dossier_of_a_subject_is_refused_while_one_is_open(dossier: Dossier, people: People, pack: Pack) -> None:
    opening = Opening("applicant:1", VILLAGE, "张三", 2015, {"members": 4})

    with pytest.raises(AlreadyOpen):
        actions.open_dossier(procedure="identification", opening=opening, by=people.li, on=ON, pack=pack)

    take(dossier, people.li, pack, "withdraw", opinion="重填")
    actions.open_dossier(procedure="identification", opening=opening, by=people.li, on=ON, pack=pack)


def test_stranger_begins_nothing(db: None, people: People, pack: Pack) -> None:
    opening = Opening("applicant:3", VILLAGE, "王五", 2015, {"members": 1})

    with pytest.raises(NotBegunHere):
        actions.open_dossier(procedure="identification", opening=opening, by=people.wu, on=ON, pack=pack)


def test_list_is_decided_at_once_each_on_its_own(db: None, people: People, pack: Pack) -> None:
    openings = [Opening(f"applicant:{n}", VILLAGE, f"户{n}", 2015, {"members": n} if n else {}) for n in range(5)]
    keys = actions.open_many(procedure="identification", openings=openings, by=people.li, on=ON, pack=pack)

    decided, refused = actions.decide_many(
        dossier_ids=[*keys, 10**9],
        decision=Decision("approve", "li", people.li.posts, ON),
        by=people.li,
        key="list",
        pack=pack,
    )

    assert [done.dossier for done in decided] == keys[1:]
    assert {left.dossier: type(left.reason) for left in refused} == {
        keys[0]: rules.ProposalEmpty,
        10**9: DossierUnknown,
    }
    assert StepTaken.objects.count() == 4
    assert not audit.verify().faults


def test_effect_that_fails_undoes_the_decision(dossier: Dossier, people: People, pack: Pack) -> None:
    class Broken(JiefaError):
        pass

    def effect(moved: object, by: str, pack: Pack) -> None:
        raise Broken

    with pytest.raises(Broken):
        actions.decide(
            dossier_id=dossier.pk,
            version=1,
            decision=Decision("approve", "li", people.li.posts, ON),
            by=people.li,
            key="k",
            pack=pack,
            effect=effect,
        )

    dossier.refresh_from_db()
    assert dossier.step == "application"
    assert not StepTaken.objects.exists()


def test_deadline_makes_the_overdue_list(dossier: Dossier, people: People, pack: Pack) -> None:
    take(dossier, people.li, pack)

    dossier.refresh_from_db()
    assert dossier.due_on == ON + dt.timedelta(days=15)
    assert queries.desk_counts(people.li, pack, ON) == [("identification", "appraisal", 1, 0)]
    assert queries.desk_counts(people.li, pack, ON + dt.timedelta(days=16)) == [("identification", "appraisal", 1, 1)]


@pytest.mark.parametrize(
    "statement", ["UPDATE procedures_steptaken SET opinion = 'x'", "DELETE FROM procedures_steptaken"]
)
def test_step_taken_cannot_be_altered(statement: str, dossier: Dossier, people: People, pack: Pack) -> None:
    take(dossier, people.li, pack)

    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_file_is_known_by_its_content(dossier: Dossier, people: People, pack: Pack, home: Path) -> None:
    def lay(name: str, content: bytes) -> None:
        actions.lay_in(dossier_id=dossier.pk, kind="minutes", name=name, content=content, by=people.li, pack=pack)

    with pytest.raises(evidence.EvidenceUnfit):
        lay("minutes.pdf", b"MZ not a pdf")
    with pytest.raises(evidence.EvidenceEmpty):
        lay("minutes.pdf", b"")
    with pytest.raises(evidence.EvidenceTooLarge):
        lay("minutes.pdf", b"%PDF-" + bytes(evidence.LARGEST))
    lay("a.pdf", PDF)
    lay("b.pdf", PDF)

    (filed,) = queries.evidence_of(dossier)
    assert evidence.content_of(home, filed.file_name, filed.sha256) == PDF
    evidence.path_of(home, filed.sha256).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(evidence.EvidenceLost):
        evidence.content_of(home, filed.file_name, filed.sha256)
