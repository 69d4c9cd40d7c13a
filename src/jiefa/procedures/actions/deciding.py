"""Decisions in dossiers: one or a whole list, by the same guards, each recorded on its own.

Rows are locked in order of their keys, so that of two officers who decide the same dossier one wins and the other is told.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.kernel.errors import Bilingual, JiefaError, Words
from jiefa.policy import Pack, Procedure
from jiefa.procedures import queries, rules, subjects
from jiefa.procedures.actions.opening import DossierMoved, as_json
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.procedures.rules import Decision, Moved, Past
from jiefa.stores import bulk

AT_ONCE = 1_000
"""Dossiers looked up and written together: bounds memory and the length of IN lists."""


class DossierUnknown(JiefaError):
    code = "procedures.unknown"
    zh = "没有编号为 {number} 的事项，或不在您的范围内。"
    en = "There is no dossier number {number} within your scope."


@dataclass(frozen=True, slots=True)
class Decided:
    """A dossier after a decision. ``repeated``: this request had been carried out before; nothing was done again."""

    dossier: int
    subject: str
    place: str
    procedure: str
    step: str
    target: str
    outcome: str
    on: dt.date
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A dossier that stays as it was, and why."""

    dossier: int
    reason: JiefaError


Check = Callable[[Sequence[Dossier], Decision, Pack], Mapping[int, JiefaError]]
"""A capability's own guard before a decision: what speaks against it, by key of the dossier; those not named may go on."""
Effect = Callable[[Sequence[tuple[Dossier, Decided]], str, Pack], None]
"""What a capability does when dossiers have moved, by whom: in the same transaction; what it raises undoes the decisions too."""


def nothing(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """No effect."""


def decide(
    *,
    dossier_id: int,
    version: int | None,
    decision: Decision,
    by: Actor,
    key: str,
    pack: Pack,
    check: Check | None = None,
    effect: Effect = nothing,
) -> Decided:
    """The dossier after the decision. ``version``: the one that the person saw; None for machines that read it just now.

    Raises the refusals of ``rules``, ``DossierUnknown``, ``DossierMoved``.
    """
    versions = None if version is None else {dossier_id: version}
    decided, refused = decide_many(
        dossier_ids=[dossier_id],
        decision=decision,
        by=by,
        key=key,
        pack=pack,
        versions=versions,
        check=check,
        effect=effect,
    )
    if refused:
        raise refused[0].reason
    return decided[0]


def decide_many(
    *,
    dossier_ids: Sequence[int],
    decision: Decision,
    by: Actor,
    key: str,
    pack: Pack,
    versions: Mapping[int, int] | None = None,
    check: Check | None = None,
    effect: Effect = nothing,
) -> tuple[list[Decided], list[Refused]]:
    """``(decided, refused)``: the same decision in every dossier that allows it; the others stay and say why.

    One transaction for every ``AT_ONCE`` dossiers. ``key``: of the request; a dossier that has it already is not touched again.
    """
    decided: list[Decided] = []
    refused: list[Refused] = []
    waiting = iter(sorted(set(dossier_ids)))
    while chunk := list(islice(waiting, AT_ONCE)):
        with transaction.atomic():
            batch = _Batch(chunk, decision, by, key, pack, versions or {}, check)
            batch.write()
            if batch.moved:
                effect(batch.moved, by.name, pack)
        decided += batch.decided
        refused += batch.refused
    return decided, refused


class _Batch:
    """Up to ``AT_ONCE`` dossiers on their way through one decision, inside one transaction."""

    def __init__(
        self,
        dossier_ids: Sequence[int],
        decision: Decision,
        by: Actor,
        key: str,
        pack: Pack,
        versions: Mapping[int, int],
        check: Check | None,
    ) -> None:
        self.decision, self.by, self.key, self.pack = decision, by, key, pack
        self.versions = versions
        self.refused: list[Refused] = []
        self.decided: list[Decided] = []
        self.moved: list[tuple[Dossier, Decided]] = []
        self._moves: list[Moved] = []
        rows = {d.pk: d for d in Dossier.objects.select_for_update().filter(pk__in=dossier_ids).order_by("pk")}
        self._past, self._seq, repeated = self._history(list(rows))
        self._files = queries.kinds_in_file(list(rows))
        waiting = [dossier for dossier in rows.values() if dossier.pk not in repeated]
        self._against = check(waiting, decision, pack) if check and waiting else {}
        for dossier_id in dossier_ids:
            dossier = rows.get(dossier_id)
            if dossier is None:
                self.refused.append(Refused(dossier_id, DossierUnknown(number=dossier_id)))
            elif dossier_id in repeated:
                self.decided.append(self._done(dossier, *repeated[dossier_id], True))
            else:
                self._judge(dossier)

    def _history(self, keys: Sequence[int]) -> tuple[dict[int, list[Past]], dict[int, int], dict[int, tuple[str, str]]]:
        """By dossier its past, its last number, and from where to where this very decision has moved it already."""
        past: dict[int, list[Past]] = defaultdict(list)
        seq: dict[int, int] = defaultdict(int)
        repeated: dict[int, tuple[str, str]] = {}
        rows = StepTaken.objects.filter(dossier__in=keys).order_by("dossier", "seq")
        columns = ("dossier_id", "seq", "step", "decision", "target", "by", "visit", "key")
        for dossier, number, step, decision, target, by, visit, key in rows.values_list(*columns):
            past[dossier].append(Past(step, decision, by, visit))
            seq[dossier] = number
            if key == self.key:
                repeated[dossier] = (step, target)
        return past, seq, repeated

    def _judge(self, dossier: Dossier) -> None:
        procedure = queries.procedure_of(dossier, self.pack)
        now = queries.standing(dossier, self._past[dossier.pk], self._files.get(dossier.pk, ()))
        try:
            if self.versions.get(dossier.pk, dossier.version) != dossier.version:
                raise self._moved_by_other(dossier, procedure)
            moved = rules.decide(procedure, now, self.decision, self.pack)
            if dossier.pk in self._against:
                raise self._against[dossier.pk]
        except JiefaError as reason:
            self.refused.append(Refused(dossier.pk, reason))
            return
        step = dossier.step
        if moved.submits:
            dossier.submitted_digest = now.proposal_digest
        if moved.arrives:
            dossier.visit += 1
            dossier.notice_posted, dossier.notice_until, dossier.notice_stopped = False, None, False
        dossier.step, dossier.outcome = moved.target, moved.outcome
        dossier.due_on = moved.due_on if moved.arrives else dossier.due_on
        dossier.desk = "" if moved.outcome else rules.desk(procedure.by_id[moved.target], dossier.place_code)
        dossier.closed_on = self.decision.on if moved.outcome else None
        dossier.version += 1
        done = self._done(dossier, step, moved.target, False)
        self.decided.append(done)
        self.moved.append((dossier, done))
        self._moves.append(moved)

    def _done(self, dossier: Dossier, step: str, target: str, repeated: bool) -> Decided:
        return Decided(
            dossier=dossier.pk,
            subject=dossier.subject,
            place=dossier.place_code,
            procedure=dossier.procedure,
            step=step,
            target=target,
            outcome=dossier.outcome,
            on=self.decision.on,
            repeated=repeated,
        )

    def _moved_by_other(self, dossier: Dossier, procedure: Procedure) -> DossierMoved:
        past = self._past[dossier.pk]
        last = past[-1] if past else None
        named: dict[str, Bilingual] = {**procedure.by_id, **procedure.ends_by_id}
        what = Words.of(named[last.step if last else procedure.first.id])
        return DossierMoved(title=dossier.title, by=last.by if last else dossier.opened_by, what=what)

    def write(self) -> None:
        """The steps, the dossiers and the log entries of all that moved."""
        if not self.moved:
            return
        bulk.insert("procedures_steptaken", self._steps())
        dossiers = [dossier for dossier, _ in self.moved]
        bulk.update("procedures_dossier", _changed(dossiers), "id")
        self._log()

    def _steps(self) -> pa.Table:
        now, text = timezone.now(), pa.string()
        about = subjects.about(dossier.subject for dossier, _ in self.moved)
        rows = [
            {
                "dossier_id": dossier.pk,
                "seq": self._seq[dossier.pk] + 1,
                "visit": dossier.visit - moved.arrives,
                "step": done.step,
                "decision": self.decision.kind,
                "target": done.target,
                "opinion": self.decision.opinion,
                "facts": as_json(self.decision.facts),
                "by": self.by.name,
                "role": moved.role,
                "area": moved.area,
                "on": self.decision.on,
                "at": now,
                "about": as_json(about[dossier.subject]),
                "proposal": as_json(dossier.proposal) if moved.submits else None,
                "proposal_digest": dossier.submitted_digest,
                "policy_version": self.pack.version,
                "key": self.key,
            }
            for (dossier, done), moved in zip(self.moved, self._moves, strict=True)
        ]
        schema = pa.schema(
            [(name, text) for name in rows[0] if name not in ("dossier_id", "seq", "visit", "on", "at")]
            + [("dossier_id", pa.int64()), ("seq", pa.int16()), ("visit", pa.int16())]
            + [("on", pa.date32()), ("at", pa.timestamp("us", "UTC"))]
        )
        table = pa.Table.from_pylist(rows, schema=schema)
        return table.append_column("id", bulk.new_ids("procedures_steptaken", table.num_rows))

    def _log(self) -> None:
        by_county: dict[str, list[Decided]] = defaultdict(list)
        for _, done in self.moved:
            by_county[rules.chain(done.procedure, done.place)].append(done)
        audit.record_many(
            [
                audit.Said(
                    chain=county,
                    by=self.by.name,
                    action="dossier.decided",
                    object_type="dossier",
                    object_id=own[0].dossier if len(own) == 1 else f"{own[0].dossier}+{len(own) - 1}",
                    diff={
                        "decision": self.decision.kind,
                        "on": self.decision.on,
                        "steps": [[done.dossier, done.step, done.target] for done in own],
                    },
                )
                for county, own in sorted(by_county.items())
            ]
        )


def _changed(dossiers: Sequence[Dossier]) -> pa.Table:
    """The columns that a decision changes."""
    kinds = {
        "step": pa.string(),
        "desk": pa.string(),
        "outcome": pa.string(),
        "submitted_digest": pa.string(),
        "visit": pa.int16(),
        "due_on": pa.date32(),
        "notice_posted": pa.bool_(),
        "notice_until": pa.date32(),
        "notice_stopped": pa.bool_(),
        "version": pa.int32(),
        "closed_on": pa.date32(),
    }
    columns = {name: pa.array([getattr(dossier, name) for dossier in dossiers], kind) for name, kind in kinds.items()}
    return pa.table({"id": pa.array([dossier.pk for dossier in dossiers], pa.int64()), **columns})
