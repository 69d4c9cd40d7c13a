"""Reading dossiers: what lies on whose desk, one dossier with its way so far, lists inside a scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, DateField, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Role, Scope
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.policy import Pack, Procedure, Step
from jiefa.policy import procedures as versions
from jiefa.procedures import rules, subjects
from jiefa.procedures.models import Dossier, Evidence, StepTaken
from jiefa.procedures.rules import Past, Standing
from jiefa.registry.queries import households

PAGE = 50
COUNT_LIMIT = 1_000
NAMED_AT_MOST = 200
"""Households looked up for a household number that was typed in part."""
NO_LIMIT = dt.date(9999, 12, 31)
"""Where a dossier without a time limit stands among those that have one: last."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list of dossiers."""

    place: str | None = None
    procedure: str = ""
    step: str = ""
    outcome: str = ""
    """An outcome, ``open`` or ``closed``; '' for all."""
    year: int | None = None
    overdue_on: dt.date | None = None
    subject: str = ""
    text: str = ""
    """A household number or its beginning; anything without a digit: part of the title."""


def procedure_of(dossier: Dossier, pack: Pack) -> Procedure:
    """The version under which the dossier began, whatever is in force today."""
    return versions.on(pack.procedures[dossier.procedure], dossier.in_force_from)


def steps_of_role(role: Role, area: str, pack: Pack) -> list[tuple[str, str]]:
    """Every ``(procedure, step)`` that a post of ``role`` in ``area`` takes, in any version."""
    found = {
        (procedure.id, step.id)
        for versions_ in pack.procedures.values()
        for procedure in versions_
        for step in procedure.steps
        if role.value in step.roles and LENGTH_OF_LEVEL[step.level] == len(area)
    }
    return sorted(found)


def on_desk(actor: Actor, pack: Pack) -> QuerySet[Dossier]:
    """Open dossiers whose next step one of the actor's posts takes. Posts decide, not persons: a new holder sees them at once."""
    return on_desk_of(actor.posts, pack)


def on_desk_of(posts: Collection[tuple[Role, str]], pack: Pack) -> QuerySet[Dossier]:
    """Open dossiers whose next step one of these posts takes."""
    mine = Q(pk__in=[])
    for role, area in sorted(posts):
        by_procedure: dict[str, list[str]] = {}
        for procedure, step in steps_of_role(role, area, pack):
            by_procedure.setdefault(procedure, []).append(step)
        for procedure, steps in by_procedure.items():
            mine |= Q(desk=area, procedure=procedure, step__in=steps)
    return Dossier.objects.filter(mine, outcome="")


def waiting(posts: Collection[tuple[Role, str]], pack: Pack, on: dt.date) -> list[QuerySet[Dossier]]:
    """What waits for these posts on that day: all of it, and what is overdue."""
    mine = on_desk_of(posts, pack)
    return [mine, mine.filter(due_on__lt=on)]


def desk_counts(actor: Actor, pack: Pack, on: dt.date) -> list[tuple[str, str, int, int]]:
    """``(procedure, step, dossiers, of these overdue)`` on the actor's desk. Read from the index of desks alone."""
    mine = {
        (area, procedure, step) for role, area in actor.posts for procedure, step in steps_of_role(role, area, pack)
    }
    rows = (
        Dossier.objects.filter(desk__in={area for area, _procedure, _step in mine})
        .values_list("desk", "procedure", "step")
        .annotate(dossiers=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=on)))
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for area, procedure, step, dossiers, overdue in rows:
        if (area, procedure, step) in mine:
            before = found.get((procedure, step), (0, 0))
            found[procedure, step] = (before[0] + dossiers, before[1] + overdue)
    return [(*key, *counts) for key, counts in sorted(found.items())]


def _public() -> QuerySet[Dossier]:
    """The dossiers that offices see of their area: all but those of confidential procedures."""
    return Dossier.objects.exclude(procedure__startswith=rules.CONFIDENTIAL)


def find(filters: Filters, within: Scope, among: QuerySet[Dossier] | None = None) -> QuerySet[Dossier]:
    """Dossiers inside the scope, the newest first; ``among`` those given, such as a desk's. Confidential ones only if given."""
    narrowed = within.narrowed(filters.place)
    rows = gate(_public() if among is None else among, narrowed, "place_code")
    if filters.text:
        rows = rows.filter(_by_text(filters.text.strip(), narrowed))
    exact = {
        "procedure": filters.procedure,
        "step": filters.step,
        "year": filters.year,
        "subject": filters.subject,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.outcome in ("open", "closed"):
        rows = rows.filter(outcome="") if filters.outcome == "open" else rows.exclude(outcome="")
    elif filters.outcome:
        rows = rows.filter(outcome=filters.outcome)
    if filters.overdue_on:
        rows = rows.filter(outcome="", due_on__lt=filters.overdue_on)
    return rows.order_by("-pk")


def _by_text(text: str, within: Scope) -> Q:
    if not any(character.isdecimal() for character in text):
        return Q(title__contains=text)
    named = households.find(households.Filters(text=text), within).values_list("pk", flat=True)[:NAMED_AT_MOST]
    return Q(title__contains=text) | Q(subject__in=[subjects.household(pk) for pk in named])


def page(rows: QuerySet[Dossier], after: int | None, size: int = PAGE) -> tuple[list[Dossier], bool]:
    """The page of ``rows`` (newest first) after a key, and whether more follow."""
    chosen = rows.filter(pk__lt=after) if after is not None else rows
    found = list(chosen[: size + 1])
    return found[:size], len(found) > size


def urgent_page(
    rows: QuerySet[Dossier], after: tuple[dt.date, int] | None, size: int = PAGE
) -> tuple[list[Dossier], tuple[dt.date, int] | None]:
    """The page of ``rows`` after a mark, those due first at the head, and the mark of the next page; None at the end."""
    ordered = rows.annotate(due=Coalesce("due_on", Value(NO_LIMIT), output_field=DateField())).order_by("due", "pk")
    if after is not None:
        due, pk = after
        ordered = ordered.filter(Q(due__gt=due) | Q(due=due, pk__gt=pk))
    found: list[Dossier] = list(ordered[: size + 1])
    more = len(found) > size
    return found[:size], (found[size - 1].due_on or NO_LIMIT, found[size - 1].pk) if more else None


def chunks(rows: QuerySet[Dossier], size: int = 2_000) -> Iterable[list[Dossier]]:
    """All rows, the newest first, ``size`` at a time."""
    after: int | None = None
    while found := page(rows, after, size)[0]:
        yield found
        after = found[-1].pk


def count_up_to(rows: QuerySet[Dossier], limit: int = COUNT_LIMIT) -> int:
    """How many rows there are, counted no further than ``limit``."""
    return rows.order_by()[:limit].count()


def dossier(pk: int, within: Scope) -> Dossier | None:
    """The dossier, if it lies inside the scope and is not confidential."""
    return gate(_public().filter(pk=pk), within, "place_code").first()


def confidential_dossier(pk: int, within: Scope) -> Dossier | None:
    """The confidential dossier, if it lies inside the scope of whoever may read such ones there."""
    rows = Dossier.objects.filter(pk=pk, procedure__startswith=rules.CONFIDENTIAL)
    return gate(rows, within, "place_code").first()


def several(keys: Sequence[int], within: Scope) -> list[Dossier]:
    """The dossiers with these keys that lie inside the scope, by key; no confidential ones."""
    return list(gate(_public().filter(pk__in=keys), within, "place_code").order_by("pk"))


def return_reason(dossier: Dossier) -> str:
    """Why it was returned, where that was the last decision; '' otherwise."""
    last = StepTaken.objects.filter(dossier=dossier).order_by("-seq").first()
    return last.opinion if last is not None and last.decision == "return" else ""


def way_so_far(found: Dossier) -> list[StepTaken]:
    """The steps taken, oldest first. Call only with a dossier that passed the gate."""
    return list(StepTaken.objects.filter(dossier=found).order_by("seq"))


def pasts(dossiers: Collection[int]) -> dict[int, list[Past]]:
    """The past of each of these dossiers as rules see it, oldest first. One query."""
    found: dict[int, list[Past]] = {}
    columns = ("dossier_id", "step", "decision", "by", "visit")
    rows = StepTaken.objects.filter(dossier__in=dossiers).order_by("dossier", "seq").values_list(*columns)
    for dossier_id, step, decision, by, visit in rows:
        found.setdefault(dossier_id, []).append(Past(step, decision, by, visit))
    return found


def standing(found: Dossier, past: Sequence[Past], evidence: Collection[str]) -> Standing:
    """The dossier as far as rules need it, with the past and the kinds of files that were read for it."""
    return Standing(
        title=found.title,
        place=found.place_code,
        step=found.step,
        visit=found.visit,
        proposal_digest=rules.proposal_digest(found.proposal),
        submitted_digest=found.submitted_digest,
        proposal_empty=not found.proposal,
        notice_posted=found.notice_posted,
        notice_until=found.notice_until,
        notice_stopped=found.notice_stopped,
        past=past,
        evidence=evidence,
    )


def carried_out(found: Dossier, key: str) -> bool:
    """Whether the request with this key has been carried out in the dossier."""
    return StepTaken.objects.filter(dossier=found, key=key).exists()


def file(found: Dossier, pk: int) -> Evidence | None:
    """One file of a dossier that passed the gate."""
    return Evidence.objects.filter(dossier=found, pk=pk).first()


def evidence_of(found: Dossier) -> list[Evidence]:
    """The files of a dossier that passed the gate, oldest first."""
    return list(Evidence.objects.filter(dossier=found).order_by("pk"))


def of_subject(subject: str, within: Scope) -> list[Dossier]:
    """All dossiers about a subject inside the scope, the newest first."""
    return list(find(Filters(subject=subject), within))


def may_take(actor: Actor, step: Step, place: str) -> bool:
    """Whether one of the actor's posts takes ``step`` of a dossier about ``place``."""
    desk = place[: LENGTH_OF_LEVEL[step.level]]
    return any((Role(role), desk) in actor.posts for role in step.roles)


def openable(actor: Actor, pack: Pack, on: dt.date, subject: str) -> list[Procedure]:
    """The procedures about such subjects that a post of the actor may begin on that day."""
    found = []
    for versions_ in pack.procedures.values():
        for procedure in versions_:
            in_force = procedure.from_date <= on and (procedure.to_date is None or on <= procedure.to_date)
            length = LENGTH_OF_LEVEL[procedure.first.level]
            begins = any(role.value in procedure.first.roles and len(area) == length for role, area in actor.posts)
            if procedure.subject == subject and in_force and begins:
                found.append(procedure)
    return found


def sums(within: Scope, year: int) -> list[tuple[str, str, str, int]]:
    """``(procedure, step, outcome, dossiers)`` of a year inside the scope; confidential procedures are not counted."""
    rows = (
        gate(_public().filter(year=year), within, "place_code")
        .values("procedure", "step", "outcome")
        .annotate(dossiers=Count("pk"))
        .order_by("procedure", "step", "outcome")
    )
    return [(row["procedure"], row["step"], row["outcome"], row["dossiers"]) for row in rows]


def last_step(dossiers: Iterable[int]) -> dict[int, StepTaken]:
    """The newest step taken of each of these dossiers."""
    newest = StepTaken.objects.filter(dossier__in=list(dossiers)).values("dossier").annotate(last=Max("seq")).order_by()
    pairs = [Q(dossier=row["dossier"], seq=row["last"]) for row in newest]
    if not pairs:
        return {}
    return {taken.dossier_id: taken for taken in StepTaken.objects.filter(reduce(or_, pairs))}


def kinds_in_file(dossiers: Sequence[int]) -> dict[int, set[str]]:
    """The kinds of evidence that lie in each of these dossiers."""
    found: dict[int, set[str]] = {}
    rows = Evidence.objects.filter(dossier__in=dossiers).values_list("dossier_id", "kind").distinct()
    for dossier_id, kind in rows:
        found.setdefault(dossier_id, set()).add(kind)
    return found
