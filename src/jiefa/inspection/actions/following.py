"""What follows a visit: the place replies with proof, the inspectors look again, an officer is called to a talk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.inspection.actions.visiting import TERM, own_place
from jiefa.inspection.models import (
    WHAT_LENGTH,
    WHOM_LENGTH,
    FindingState,
    Interview,
    SpotFile,
    SpotFinding,
    SpotRecheck,
    SpotReply,
)
from jiefa.inspection.queries import visits
from jiefa.inspection.rules import refusals
from jiefa.inspection.rules import visiting as rules
from jiefa.kernel.errors import Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.procedures import evidence

P = Permission
HOW_LENGTH, SAID_LENGTH = 1_000, 4_000
HOW, AGAIN, TALK = Words("整改情况", "How it was put right"), Words("复查", "Looking again"), Words("约谈", "The talk")
WHOM, SAID, DEMAND = (
    Words("约谈对象", "Who is called"),
    Words("约谈内容", "What was said"),
    Words("要求", "What is demanded"),
)


def _locked(pk: int, by: Actor, state: FindingState, on: dt.date, what: Words) -> SpotFinding:
    if visits.finding(pk, by) is None:
        raise refusals.VisitUnknown(number=pk)
    found = SpotFinding.objects.select_for_update(of=("self",)).select_related("check_of").get(pk=pk)
    if found.state != state:
        raise refusals.FindingMoved(number=pk)
    if not found.since <= on <= timezone.localdate():
        raise refusals.DayUnfit(what=what, on=on)
    return found


def _text(what: Words, said: str, limit: int) -> str:
    if not 0 < len(said.strip()) <= limit:
        raise refusals.TextMissing(what=what, limit=f"{limit:,}")
    return said.strip()


def _moved(found: SpotFinding, state: FindingState, on: dt.date, due_on: dt.date) -> None:
    found.state, found.since, found.due_on = state, on, due_on
    found.closed_on = on if state == FindingState.CLOSED else None
    found.save(force_update=True, update_fields=["state", "since", "due_on", "closed_on"])


def _log(found: SpotFinding, by: Actor, action: str, on: dt.date) -> None:
    audit.record(
        chain=found.place_code,
        by=by.name,
        action=action,
        object_type="spot_finding",
        object_id=found.pk,
        diff={"place": found.place_code, "on": on},
    )


@transaction.atomic
def reply(*, finding: int, how: str, on: dt.date, by: Actor, pack: Pack) -> SpotReply:
    """What the place did about the finding, which is looked at again. Raises ``NotAllowed``, ``VisitUnknown``, ``FindingMoved``,
    ``TextMissing``, ``DayUnfit``."""
    found = _locked(finding, by, FindingState.OPEN, on, HOW)
    by.demand(P.INSPECTION_ANSWER, found.place_code)
    made = SpotReply.objects.create(
        finding=found, how=_text(HOW, how, HOW_LENGTH), on=on, by=by.name, at=timezone.now()
    )
    term = dt.timedelta(days=int(pack.at(on).number("inspection.recheck_days")))
    _moved(found, FindingState.REPLIED, on, on + term)
    _log(found, by, "spot_finding.replied", on)
    return made


@transaction.atomic
def recheck(
    *, finding: int, result: str, what: str, on: dt.date, by: Actor, pack: Pack, due_on: dt.date | None = None
) -> SpotRecheck:
    """What looking again found: closed, or open again until ``due_on`` (None: the term of the pack). Nobody looks at their own reply.

    Raises ``NotAllowed``, ``VisitUnknown``, ``FindingMoved``, ``SamePerson``, ``ChoiceUnknown``, ``TextMissing``, ``DayUnfit``.
    """
    found = _locked(finding, by, FindingState.REPLIED, on, AGAIN)
    by.demand(P.SPOT_CHECK, found.check_of.by_code)
    if SpotReply.objects.filter(finding=found).order_by("-pk").values_list("by", flat=True).first() == by.name:
        raise refusals.SamePerson(number=found.pk)
    if result not in pack.codes("spot_recheck").ids:
        raise refusals.ChoiceUnknown(what=AGAIN, value=result)
    made = SpotRecheck.objects.create(
        finding=found, result=result, what=_text(AGAIN, what, HOW_LENGTH), on=on, by=by.name, at=timezone.now()
    )
    if result == rules.FIXED:
        _moved(found, FindingState.CLOSED, on, found.due_on)
    else:
        due = due_on or on + dt.timedelta(days=int(pack.at(on).number("inspection.put_right_days")))
        if due < on:
            raise refusals.DayUnfit(what=TERM, on=due)
        _moved(found, FindingState.OPEN, on, due)
    _log(found, by, "spot_finding.looked_at", on)
    return made


@transaction.atomic
def lay_in(*, finding: int, name: str, content: bytes, by: Actor) -> SpotFile:
    """The file of the finding, from the place or from the inspectors; the same content once. Raises as ``evidence.keep``."""
    found = visits.finding(finding, by)
    if found is None:
        raise refusals.VisitUnknown(number=finding)
    if not by.may(P.SPOT_CHECK, found.check_of.by_code):
        by.demand(P.INSPECTION_ANSWER, found.place_code)
    kept = evidence.keep(Path(settings.JIEFA_HOME), name, content)
    made, is_new = SpotFile.objects.get_or_create(
        finding=found,
        sha256=kept.sha256,
        defaults={
            "name": Path(name).name[:200],
            "media_type": kept.media_type,
            "size": kept.size,
            "by": by.name,
            "at": timezone.now(),
        },
    )
    if is_new:
        _log(found, by, "spot_finding.file_laid_in", timezone.localdate())
    return made


@dataclass(frozen=True, slots=True)
class NewInterview:
    """A talk that was held. ``finding``: the finding that led to it, if one did."""

    place: str
    whom: str
    reason: str
    said: str
    demand: str
    on: dt.date
    due_on: dt.date
    finding: int | None = None


@transaction.atomic
def interview(*, wish: NewInterview, by: Actor, pack: Pack) -> Interview:
    """The talk on file. The place reads whom, why and what is demanded; what was said is for those above.

    Raises ``NotAllowed``, ``PlaceUnfit``, ``ChoiceUnknown``, ``TextMissing``, ``DayUnfit``, ``VisitUnknown``.
    """
    by.demand(P.SPOT_CHECK)
    own = own_place(by, wish.place)
    if wish.reason not in pack.at(wish.on).codes("interview_reason").ids:
        raise refusals.ChoiceUnknown(what=TALK, value=wish.reason)
    if wish.on > timezone.localdate() or wish.due_on < wish.on:
        raise refusals.DayUnfit(what=TALK, on=max(wish.on, wish.due_on))
    found = visits.finding(wish.finding, by) if wish.finding is not None else None
    if wish.finding is not None and (found is None or not found.place_code.startswith(wish.place)):
        raise refusals.VisitUnknown(number=wish.finding)
    said = _text(SAID, wish.said, SAID_LENGTH)
    made = Interview.objects.create(
        by_code=own,
        place_code=wish.place,
        whom=_text(WHOM, wish.whom, WHOM_LENGTH),
        reason=wish.reason,
        said_sealed=Vault(settings.JIEFA_VAULT_KEY).seal(said),
        demand=_text(DEMAND, wish.demand, WHAT_LENGTH),
        on=wish.on,
        due_on=wish.due_on,
        finding=found,
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=wish.place,
        by=by.name,
        action="interview.held",
        object_type="interview",
        object_id=made.pk,
        diff={"place": wish.place, "on": wish.on, "reason": wish.reason},
    )
    return made


def said_of(found: Interview, by: Actor) -> str:
    """What was said, for those who hold talks there; '' for the place. Writes nothing."""
    if not by.may(P.SPOT_CHECK, found.by_code):
        return ""
    return Vault(settings.JIEFA_VAULT_KEY).open(bytes(found.said_sealed))
