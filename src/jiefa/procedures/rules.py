"""Whether a decision may be taken and where it leads: pure functions over a procedure, a dossier's past and the decision.

Knows neither the database nor what a dossier is about.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from jiefa.access.rules import Role
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Ask, Pack, Procedure, Step

CONFIDENTIAL = "supervision_"
"""How the names of procedures begin whose dossiers are in no list, count, search or export of other offices: only the posts
that take their steps, and pages of their own capability, come to them. The name says it, so that one predicate holds in SQL."""
NEEDS_OPINION = frozenset(("return", "refuse", "withdraw"))
OPINION_LENGTH = 1_000

KINDS = {
    "count": Words("不小于 0 的整数", "a whole number from 0 up"),
    "flag": Words("是或否", "yes or no"),
    "date": Words("日期", "a date"),
    "text": Words("文字", "text"),
}
NOT_POSTED = Words("尚未公示", "the notice has not been posted")
OBJECTION_OPEN = Words("有异议尚未答复，公示已停止计时", "an objection is not answered yet and has stopped the clock")


def confidential(procedure: str) -> bool:
    """Whether dossiers of the procedure are kept from everybody who takes none of its steps."""
    return procedure.startswith(CONFIDENTIAL)


def chain(procedure: str, place: str) -> str:
    """The chain of the log in which a dossier's entries stand: of the county, or of the system for what its offices must not see."""
    return place[:2] if confidential(procedure) else place[:6]


class NotYourDesk(JiefaError):
    code = "procedures.not_your_desk"
    zh = "“{title}”现在在“{step}”，须由{roles}办理，您没有这个地方的相应岗位。"
    en = "{title!r} is at the step {step!r}, for {roles}; you hold no such post for this place."


class NoSuchDecision(JiefaError):
    code = "procedures.no_such_decision"
    zh = "“{step}”这一步不能作“{decision}”的决定。"
    en = "The step {step!r} does not allow the decision {decision!r}."


class DossierClosed(JiefaError):
    code = "procedures.closed"
    zh = "“{title}”已经办结（{end}），不能再作决定。需要更正的，请另行办理。"
    en = "{title!r} is closed ({end}); nothing can be decided in it any more. What must be put right takes a procedure of its own."


class SamePerson(JiefaError):
    code = "procedures.same_person"
    zh = "“{title}”的“{other}”是您办理的，“{step}”须由另一人办理。"
    en = "You took the step {other!r} of {title!r}; {step!r} must be taken by somebody else."


class OpinionMissing(JiefaError):
    code = "procedures.opinion_missing"
    zh = "“{title}”：退回、不同意或撤回须写明理由。"
    en = "{title!r}: returning, refusing or withdrawing needs a reason."


class OpinionTooLong(JiefaError):
    code = "procedures.opinion_long"
    zh = "“{title}”：意见超过 {limit} 字，请精简或作为附件上传。"
    en = "{title!r}: the opinion has more than {limit} characters; shorten it or attach it as a file."


class FactMissing(JiefaError):
    code = "procedures.fact_missing"
    zh = "“{title}”：请填写“{fact}”（{kind}）。"
    en = "{title!r}: state {fact!r} ({kind})."


class EvidenceMissing(JiefaError):
    code = "procedures.evidence_missing"
    zh = "“{title}”：“{step}”须先上传{kinds}。"
    en = "{title!r}: the step {step!r} needs {kinds} in the file first."


class NoticeNotDone(JiefaError):
    code = "procedures.notice_not_done"
    zh = "“{title}”：{why}，公示期满且无未答复的异议后才能继续。"
    en = "{title!r}: {why}. It can go on when the notice has run its days and every objection is answered."


class ProposalChanged(JiefaError):
    code = "procedures.proposal_changed"
    zh = "“{title}”的申请内容与提交时不符，已停止办理，请联系系统管理员。"
    en = "The proposal of {title!r} is not the one that was submitted; it is stopped. Tell the administrator."


class ProposalEmpty(JiefaError):
    code = "procedures.proposal_empty"
    zh = "“{title}”没有任何要改变的内容，不能提交。"
    en = "{title!r} would change nothing; it cannot be submitted."


@dataclass(frozen=True, slots=True)
class Past:
    """One step that was taken. ``visit``: how often the dossier had come to a step by then; it tells rounds apart."""

    step: str
    decision: str
    by: str
    visit: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A dossier as far as rules need it."""

    title: str
    place: str
    step: str
    visit: int
    proposal_digest: str
    submitted_digest: str
    proposal_empty: bool
    notice_posted: bool
    notice_until: dt.date | None
    notice_stopped: bool
    past: Sequence[Past]
    evidence: Collection[str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody wants to do: the decision, its opinion and facts, by whom with which posts, on which day."""

    kind: str
    by: str
    posts: Collection[tuple[Role, str]]
    on: dt.date
    opinion: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the dossier is afterwards. ``outcome`` is empty while it is open; ``target`` its present step where one more
    person has to agree."""

    target: str
    outcome: str
    role: str
    area: str
    due_on: dt.date | None
    arrives: bool
    submits: bool


def proposal_digest(proposal: Mapping[str, object]) -> str:
    """SHA-256 of the proposal: what was submitted is what is shown, decided and applied."""
    text = json.dumps(proposal, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def supposed_facts(step: Step, on: dt.date) -> dict[str, object]:
    """Facts that ``step`` would take: put in their place to learn what else speaks against approval."""
    fit: dict[str, object] = {"count": 0, "flag": True, "date": on, "text": "-"}
    return {ask.id: fit[ask.kind] for ask in step.asks}


def desk(step: Step, place: str) -> str:
    """The code of the place whose posts take ``step`` of a dossier about ``place``."""
    return place[: LENGTH_OF_LEVEL[step.level]]


def due_on(step: Step, arrived: dt.date) -> dt.date | None:
    """The last day allowed for ``step``; None without limit."""
    return None if step.days is None else arrived + dt.timedelta(days=step.days)


def decide(procedure: Procedure, now: Standing, decision: Decision, pack: Pack) -> Moved:
    """Where the decision leads. Raises the refusal that fits: nothing is decided by default."""
    if now.step in procedure.ends_by_id:
        raise DossierClosed(title=now.title, end=Words.of(procedure.ends_by_id[now.step]))
    step = procedure.by_id[now.step]
    if decision.kind not in step.decisions:
        raise NoSuchDecision(step=Words.of(step), decision=_label(pack, "decision", decision.kind))
    role, area = _post(step, now, decision, pack)
    _check_people(procedure, step, now, decision, pack)
    _check_words(step, now, decision, pack)
    submits = step is procedure.first and decision.kind == "approve"
    if not submits and step is not procedure.first and now.proposal_digest != now.submitted_digest:
        raise ProposalChanged(title=now.title)
    if submits and now.proposal_empty:
        raise ProposalEmpty(title=now.title)
    if decision.kind == "approve":
        _check_file(step, now, decision, pack)
        if len({past.by for past in _agreed(step, now)} | {decision.by}) < step.people:
            return Moved(step.id, "", role, area, None, arrives=False, submits=False)
    target = step.decisions[decision.kind]
    if target in procedure.ends_by_id:
        return Moved(target, procedure.ends_by_id[target].outcome, role, area, None, arrives=True, submits=submits)
    return Moved(target, "", role, area, due_on(procedure.by_id[target], decision.on), arrives=True, submits=submits)


def _post(step: Step, now: Standing, decision: Decision, pack: Pack) -> tuple[str, str]:
    place = desk(step, now.place)
    for role in step.roles:
        if (Role(role), place) in decision.posts:
            return role, place
    roles = Words.listed(_label(pack, "role", role) for role in step.roles)
    raise NotYourDesk(title=now.title, step=Words.of(step), roles=roles)


def _agreed(step: Step, now: Standing) -> list[Past]:
    """Who agreed to ``step`` since the dossier came to it this time."""
    return [p for p in now.past if p.step == step.id and p.visit == now.visit and p.decision == "approve"]


def _check_people(procedure: Procedure, step: Step, now: Standing, decision: Decision, pack: Pack) -> None:
    for past in now.past:
        if past.by == decision.by and past.decision == "approve" and past.step in step.not_by:
            other = Words.of(procedure.by_id[past.step])
            raise SamePerson(title=now.title, step=Words.of(step), other=other)
    if any(past.by == decision.by for past in _agreed(step, now)):
        raise SamePerson(title=now.title, step=Words.of(step), other=Words.of(step))


def _check_words(step: Step, now: Standing, decision: Decision, pack: Pack) -> None:
    if decision.kind in NEEDS_OPINION and not decision.opinion.strip():
        raise OpinionMissing(title=now.title)
    if len(decision.opinion) > OPINION_LENGTH:
        raise OpinionTooLong(title=now.title, limit=OPINION_LENGTH)
    if decision.kind != "approve":
        return
    for ask in step.asks:
        if not _fits(ask, decision.facts.get(ask.id)):
            raise FactMissing(title=now.title, fact=Words.of(ask), kind=KINDS[ask.kind])


def _fits(ask: Ask, value: object) -> bool:
    if ask.kind == "flag":
        return isinstance(value, bool)
    if ask.kind == "count":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if ask.kind == "date":
        return isinstance(value, dt.date)
    return isinstance(value, str) and bool(value.strip())


def _check_file(step: Step, now: Standing, decision: Decision, pack: Pack) -> None:
    missing = [kind for kind in step.evidence if kind not in now.evidence]
    if missing:
        kinds = Words.listed(_label(pack, "evidence", kind) for kind in missing)
        raise EvidenceMissing(title=now.title, step=Words.of(step), kinds=kinds)
    if step.notice is None:
        return
    if not now.notice_posted or now.notice_until is None:
        raise NoticeNotDone(title=now.title, why=NOT_POSTED)
    if now.notice_stopped:
        raise NoticeNotDone(title=now.title, why=OBJECTION_OPEN)
    if decision.on <= now.notice_until:
        raise NoticeNotDone(
            title=now.title, why=Words(f"公示到 {now.notice_until} 为止", f"the notice runs until {now.notice_until}")
        )


def _label(pack: Pack, name: str, code: str) -> Words:
    return Words.of(pack.codes(name).by_id[code])
