"""Drawing dossiers up: many at once or one, each of them by a post that takes the first step of its procedure."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from django.db import IntegrityError, transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack, Procedure
from jiefa.procedures import queries, rules
from jiefa.procedures.models import Dossier
from jiefa.stores import bulk

MANY = 1_000
"""Openings at once after which the planner is told of the new rows."""


class AlreadyOpen(JiefaError):
    code = "procedures.already_open"
    zh = "“{title}”的“{procedure}”正在办理，不能重复提出。请在待办或农户页面中查看。"
    en = "{procedure} of {title!r} is under way already; it cannot be opened twice. See the household's page."


class NotBegunHere(JiefaError):
    code = "procedures.not_begun_here"
    zh = "“{title}”的“{procedure}”由{roles}提出，您没有这个地方的相应岗位。"
    en = "{procedure} of {title!r} is begun by {roles}; you hold no such post for this place."


class ProposalFrozen(JiefaError):
    code = "procedures.frozen"
    zh = "“{title}”已经提交，内容不能再改。需要修改的，请先退回到第一步。"
    en = "{title!r} was submitted; its proposal cannot change. To change it, have it returned to the first step."


class ProposalSame(JiefaError):
    code = "procedures.same_proposal"
    zh = "“{title}”的申请内容与原来一样，没有要改的。需要补充的，请在本步骤填写事实、上传材料后重新提交。"
    en = "The proposal of {title!r} is what it was; there is nothing to change. State facts and lay papers in at this step, then submit again."


@dataclass(frozen=True, slots=True)
class Opening:
    """A dossier to be drawn up."""

    subject: str
    place: str
    title: str
    year: int
    proposal: Mapping[str, object] = field(default_factory=dict)


def open_dossier(
    *, procedure: str, opening: Opening, by: Actor, on: dt.date, pack: Pack, campaign: str = ""
) -> Dossier:
    """The new dossier, on the desk of its first step. Raises ``NotBegunHere``, ``AlreadyOpen``, and as ``Pack.procedure``."""
    (key,) = open_many(procedure=procedure, openings=[opening], by=by, on=on, pack=pack, campaign=campaign)
    return Dossier.objects.get(pk=key)


def open_many(
    *, procedure: str, openings: Sequence[Opening], by: Actor, on: dt.date, pack: Pack, campaign: str = ""
) -> list[int]:
    """The keys of new dossiers in the order of ``openings``; all or none. Raises as ``open_dossier``."""
    version = pack.procedure(procedure, on)
    for opening in openings:
        if not queries.may_take(by, version.first, opening.place):
            roles = Words.listed(pack.codes("role").by_id[role] for role in version.first.roles)
            raise NotBegunHere(title=opening.title, procedure=Words.of(version), roles=roles)
    try:
        with transaction.atomic():
            keys = bulk.new_ids("procedures_dossier", len(openings))
            bulk.insert("procedures_dossier", _rows(version, openings, by, on, campaign).append_column("id", keys))
            _log(version, openings, keys.to_pylist(), by, on)
            if len(openings) >= MANY:
                bulk.refresh_statistics(["procedures_dossier", "procedures_steptaken", "procedures_evidence"])
    except IntegrityError:
        raise AlreadyOpen(title=_first_open(version, openings), procedure=Words.of(version)) from None
    return [int(key) for key in keys.to_pylist()]


def _rows(version: Procedure, openings: Sequence[Opening], by: Actor, on: dt.date, campaign: str) -> pa.Table:
    count, first = len(openings), version.first
    now = timezone.now()
    due = rules.due_on(first, on)

    def each(value: object, kind: pa.DataType) -> pa.Array:
        return pa.array([value] * count, kind)

    text = pa.string()
    return pa.table(
        {
            "procedure": each(version.id, text),
            "in_force_from": each(version.from_date, pa.date32()),
            "subject": pa.array([o.subject for o in openings], text),
            "place_code": pa.array([o.place for o in openings], text),
            "title": pa.array([o.title for o in openings], text),
            "year": pa.array([o.year for o in openings], pa.int16()),
            "campaign": each(campaign, text),
            "proposal": pa.array([as_json(o.proposal) for o in openings], text),
            "submitted_digest": each("", text),
            "step": each(first.id, text),
            "desk": pa.array([rules.desk(first, o.place) for o in openings], text),
            "outcome": each("", text),
            "visit": each(1, pa.int16()),
            "due_on": each(due, pa.date32()),
            "notice_posted": each(False, pa.bool_()),
            "notice_until": each(None, pa.date32()),
            "notice_stopped": each(False, pa.bool_()),
            "version": each(1, pa.int32()),
            "opened_at": each(now, pa.timestamp("us", "UTC")),
            "opened_by": each(by.name, text),
            "opened_on": each(on, pa.date32()),
            "closed_on": each(None, pa.date32()),
        }
    )


def as_json(value: Mapping[str, object]) -> str:
    """The text that a JSON column keeps."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _log(version: Procedure, openings: Sequence[Opening], keys: Sequence[int], by: Actor, on: dt.date) -> None:
    by_county: dict[str, list[int]] = defaultdict(list)
    for opening, key in zip(openings, keys, strict=True):
        by_county[rules.chain(version.id, opening.place)].append(key)
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by.name,
                action="dossier.opened",
                object_type="dossier",
                object_id=own[0] if len(own) == 1 else f"{own[0]}+{len(own) - 1}",
                diff={"procedure": version.id, "in_force_from": version.from_date, "on": on, "dossiers": own},
            )
            for county, own in sorted(by_county.items())
        ]
    )


def _first_open(version: Procedure, openings: Sequence[Opening]) -> str:
    titles = {opening.subject: opening.title for opening in openings}
    taken = Dossier.objects.filter(procedure=version.id, outcome="", subject__in=titles).order_by("pk").first()
    return titles[taken.subject] if taken else openings[0].title


@transaction.atomic
def amend(
    *, dossier_id: int, version: int, proposal: Mapping[str, object], by: Actor, pack: Pack, year: int | None = None
) -> Dossier:
    """The dossier with another proposal, about ``year`` where it changes; only before it is submitted, the first time or anew.

    What was submitted before stays with the step that submitted it. Raises ``ProposalFrozen``, ``NotBegunHere``,
    ``DossierMoved``, ``ProposalSame``.
    """
    from_db = Dossier.objects.select_for_update().get(pk=dossier_id)
    procedure = queries.procedure_of(from_db, pack)
    if from_db.step != procedure.first.id:
        raise ProposalFrozen(title=from_db.title)
    if not queries.may_take(by, procedure.first, from_db.place_code):
        roles = Words.listed(pack.codes("role").by_id[role] for role in procedure.first.roles)
        raise NotBegunHere(title=from_db.title, procedure=Words.of(procedure), roles=roles)
    if from_db.version != version:
        raise DossierMoved(title=from_db.title, by=from_db.opened_by, what=Words.of(procedure.first))
    before = rules.proposal_digest(from_db.proposal)
    if before == rules.proposal_digest(proposal):
        raise ProposalSame(title=from_db.title)
    from_db.proposal = dict(proposal)
    from_db.year = from_db.year if year is None else year
    from_db.version += 1
    from_db.save(force_update=True)
    audit.record(
        chain=rules.chain(from_db.procedure, from_db.place_code),
        by=by.name,
        action="dossier.amended",
        object_type="dossier",
        object_id=from_db.pk,
        diff={"proposal": [before, rules.proposal_digest(from_db.proposal)], "version": from_db.version},
    )
    return from_db


class DossierMoved(JiefaError):
    code = "procedures.moved"
    zh = "“{title}”在您查看期间已由 {by} 办理（{what}）。请刷新后再决定。"
    en = "{title!r} was dealt with by {by} while you were looking at it ({what}). Reload and decide again."
