"""Reading notices: lists by place, one notice with its lines and clock, what waits to be posted, who had a hand in what.

What is published is open to everybody, so these reads take no scope; what waits and what was objected to take the actor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiefa.access.queries import Actor
from jiefa.access.rules import Scope
from jiefa.disclosure import rules
from jiefa.disclosure.models import Notice, NoticeRow, Objection, Posting
from jiefa.disclosure.rules import Clock, Pause
from jiefa.kernel import division_codes
from jiefa.policy import Pack, Procedure, Step
from jiefa.procedures import queries as dossiers
from jiefa.procedures.models import Dossier, StepTaken

PAGE = 50
LINES = 500


def find(place: str | None = None, kind: str = "") -> QuerySet[Notice]:
    """Notices of a place and of the places in it, and of those above it whose lists name something of it; the newest first."""
    rows = Notice.objects.all()
    if place is not None:
        low, high = division_codes.prefix_range(place)
        named = NoticeRow.objects.filter(notice=OuterRef("pk"), place_code__gte=low, place_code__lt=high)
        above = Q(place_code__in=division_codes.ancestors(place)) & Q(Exists(named))
        rows = rows.filter(Q(place_code__gte=low, place_code__lt=high) | above)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("-pk")


def page(rows: QuerySet[Notice], after: int | None, size: int = PAGE) -> tuple[list[Notice], bool]:
    """The page of ``rows`` (newest first) after a key, and whether more follow."""
    found = list((rows.filter(pk__lt=after) if after is not None else rows)[: size + 1])
    return found[:size], len(found) > size


def notice(pk: int) -> Notice | None:
    """The notice, for everybody."""
    return Notice.objects.filter(pk=pk).first()


def lines(found: Notice, after: int = 0, size: int = LINES) -> tuple[list[NoticeRow], bool]:
    """Lines after a position, and whether more follow."""
    rows = list(
        NoticeRow.objects.filter(notice=found, position__gt=after)
        .select_related("project")
        .order_by("position")[: size + 1]
    )
    return rows[:size], len(rows) > size


def line(found: Notice, position: int) -> NoticeRow | None:
    """The line at a position."""
    return NoticeRow.objects.filter(notice=found, position=position).first()


def places(found: Notice) -> list[str]:
    """The codes of the places that the lines are of, ascending."""
    return list(
        NoticeRow.objects.filter(notice=found).order_by("place_code").values_list("place_code", flat=True).distinct()
    )


def objections(found: Notice) -> list[Objection]:
    """The objections to a notice with their dossiers, in order."""
    return list(Objection.objects.filter(notice=found).select_related("dossier", "row").order_by("number"))


def pause_of(objection: Objection) -> Pause:
    """The objection as the clock sees it."""
    return Pause(objection.filed_on, objection.dossier.closed_on)


def clock(found: Notice, of: Sequence[Objection], row: int | None = None) -> Clock | None:
    """The clock of the notice, or of one line of it, under the objections ``of`` it; None for an announcement."""
    if found.until is None:
        return None
    touching = (one for one in of if row is None or one.row_id in (None, row))
    return rules.clock(found.until, [pause_of(one) for one in touching])


def shown_to_hang(found: Sequence[Notice]) -> dict[int, int]:
    """How many photographs show each of these notices on a wall; none for one that is not named. One query."""
    rows = Posting.objects.filter(notice__in=[n.pk for n in found]).values("notice").annotate(count=Count("pk"))
    return {row["notice"]: row["count"] for row in rows.order_by()}


def clocks(found: Sequence[Notice]) -> dict[int, Clock | None]:
    """The clock of each of these notices as a whole. One query."""
    of: dict[int, list[Objection]] = defaultdict(list)
    for one in Objection.objects.filter(notice__in=[n.pk for n in found]).select_related("dossier"):
        of[one.notice_id].append(one)
    return {one.pk: clock(one, of[one.pk]) for one in found}


def posting(pk: int, within: Scope) -> Posting | None:
    """The photograph, if the place in which it was taken lies inside the scope."""
    found = Posting.objects.filter(pk=pk).first()
    return found if found is not None and within.covers(found.place_code) else None


def postings(found: Notice) -> list[Posting]:
    """Where the notice is shown to have hung, oldest first."""
    return list(Posting.objects.filter(notice=found).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Dossiers that make one list: of one procedure at one step, in ``place``. ``kind``: of the notice or announcement."""

    procedure: Procedure
    step: Step
    place: str
    kind: str
    announces: bool
    dossiers: tuple[Dossier, ...]


def _publishing(pack: Pack) -> Q:
    """Dossiers at a step that publishes, in any version."""
    by_procedure: dict[str, set[str]] = defaultdict(set)
    for versions in pack.procedures.values():
        for procedure in versions:
            by_procedure[procedure.id] |= {s.id for s in procedure.steps if s.notice or s.part == "publisher"}
    found = Q(pk__in=[])
    for procedure_id, steps in by_procedure.items():
        found |= Q(procedure=procedure_id, step__in=steps) if steps else Q(pk__in=[])
    return found


def waiting(actor: Actor, pack: Pack) -> list[Waiting]:
    """What the actor's posts have to publish, list by list; of more than one notice holds, the oldest. One query."""
    found: dict[tuple[str, str, str], list[Dossier]] = defaultdict(list)
    known: dict[tuple[str, str, str], tuple[Procedure, Step]] = {}
    published = NoticeRow.objects.filter(dossier=OuterRef("pk"), visit=OuterRef("visit"))
    rows = dossiers.on_desk(actor, pack).filter(_publishing(pack), ~Exists(published), notice_posted=False)
    for dossier in rows.order_by("pk")[: rules.LARGEST_NOTICE]:
        procedure = dossiers.procedure_of(dossier, pack)
        step = procedure.by_id[dossier.step]
        # A notice hangs where it is posted from; an announcement in each of the places that it is about.
        key = (procedure.id, dossier.step, dossier.desk if step.notice else dossier.place_code)
        known.setdefault(key, (procedure, step))
        found[key].append(dossier)
    waiting_ = []
    for key, (procedure, step) in sorted(known.items(), key=lambda item: item[0]):
        kind = step.notice or rules.announcement_of(procedure)
        if kind is not None:
            waiting_.append(Waiting(procedure, step, key[2], kind, step.notice is None, tuple(found[key])))
    return waiting_


def hands(of: Iterable[Objection]) -> dict[int, set[str]]:
    """By objection: everybody who drew up, decided or posted what it objects to. Three queries at most."""
    asked = list(of)
    found: dict[int, set[str]] = {one.pk: {one.notice.by} for one in asked}
    by_notice: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    notices = {one.notice_id for one in asked}
    drawn = NoticeRow.objects.filter(notice__in=notices).values_list("notice", "pk", "dossier__opened_by")
    taken = StepTaken.objects.filter(dossier__notice_rows__notice__in=notices).values_list(
        "dossier__notice_rows__notice", "dossier__notice_rows", "by"
    )
    for source in (drawn, taken):
        for notice_id, row_id, name in source.distinct():
            by_notice[notice_id][row_id].add(name)
    for one in asked:
        rows = by_notice[one.notice_id]
        named = rows.values() if one.row_id is None else [rows[one.row_id]]
        found[one.pk].update(*named)
    return found


def to_answer(actor: Actor, pack: Pack) -> list[Objection]:
    """Open objections on the desk of the actor's posts that the actor had no hand in; the oldest first."""
    on_desk = dossiers.on_desk(actor, pack).filter(procedure__in=rules.OBJECTIONS)
    found = list(
        Objection.objects.filter(dossier__in=on_desk).select_related("notice", "dossier", "row").order_by("pk")[:PAGE]
    )
    touched = hands(found) if found else {}
    return [one for one in found if actor.name not in touched[one.pk]]


def objection(pk: int, within: Scope) -> Objection | None:
    """The objection, if the place that inquires lies inside the scope."""
    found = Objection.objects.filter(pk=pk).select_related("notice", "dossier", "row").first()
    return found if found is not None and within.covers(found.dossier.place_code) else None


def notices_of(dossier: Dossier) -> list[Notice]:
    """The notices that name a dossier, in order of posting."""
    return list(Notice.objects.filter(rows__dossier=dossier).order_by("pk"))


def objection_of(dossier: Dossier) -> int | None:
    """The key of the objection that a dossier inquires into; None where it is about something else."""
    if dossier.procedure not in rules.OBJECTIONS:
        return None
    return Objection.objects.filter(dossier=dossier).values_list("pk", flat=True).first()
