"""The one table from the name of a list to the capability that reads it; and lists sent in and decided by that name."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.assessment.actions import lists as assessment
from jiefa.assistance.actions import handing
from jiefa.assistance.actions import kinds as assistance
from jiefa.contracts.actions import lists as contracts
from jiefa.funds.actions import kinds as money
from jiefa.funds.actions import project_lists
from jiefa.integrity.actions import lists as integrity
from jiefa.kernel.errors import NotAllowed
from jiefa.lists import actions, queries
from jiefa.lists.kinds import Kind
from jiefa.lists.models import ReceivedList
from jiefa.monitoring.actions import lists as monitoring
from jiefa.planning.actions import lists as planning
from jiefa.policy import Pack, UnknownPolicy
from jiefa.responsibility.actions import loading as responsibility

P = Permission


_OF: Mapping[str, Callable[[str, Pack], Kind[Any]]] = {
    **dict.fromkeys(responsibility.LISTS, partial(responsibility.kind, after=handing.of_households)),
    **dict.fromkeys(money.LISTS, money.kind),
    **dict.fromkeys(project_lists.LISTS, project_lists.kind),
    **dict.fromkeys(contracts.LISTS, contracts.kind),
    **dict.fromkeys(integrity.LISTS, integrity.kind),
    **dict.fromkeys(planning.LISTS, planning.kind),
    **dict.fromkeys(monitoring.LISTS, monitoring.kind),
    **dict.fromkeys(assessment.LISTS, assessment.kind),
}
"""Lists with rights of their own. All others go by the rights of rosters."""
WATCHED = (*contracts.LISTS, *integrity.LISTS, *planning.LISTS, *monitoring.LISTS, *assessment.LISTS)
"""The lists of contracts, self-inspection, supervision, planning, monitoring and assessment, which pages of their own send in."""


def kind(name: str, pack: Pack) -> Kind[Any]:
    """The kind of that name. Raises ``UnknownPolicy``."""
    if name in _OF:
        return _OF[name](name, pack)
    return assistance.kind(name, pack)


def _over(by: Actor, *permissions: Permission) -> Scope:
    """Where the actor has any of these."""
    return Scope.over(area for one in permissions for area in by.scope(one).areas)


def received(by: Actor, pack: Pack) -> QuerySet[ReceivedList]:
    """The lists that the actor may send in or decide, and the own ones; the newest first. Raises ``NotAllowed`` for who may neither."""
    roster = _over(by, P.ROSTER_UPLOAD, P.ROSTER_ACCEPT)
    names: dict[Scope, list[str]] = defaultdict(list)
    for name in _OF:
        of = kind(name, pack)
        names[_over(by, of.uploads(by), of.accepts(by))].append(name)
    if not roster and not any(names):
        by.demand(P.ROSTER_UPLOAD)
    rows = queries.received(roster, by.name).exclude(kind__in=_OF)
    for within, own in names.items():
        rows |= queries.received(within, by.name, own)
    return rows.order_by("-pk")


def opens(list_id: int, by: Actor, pack: Pack) -> bool:
    """Whether the actor may open this list."""
    try:
        return received(by, pack).filter(pk=list_id).exists()
    except NotAllowed:
        return False


def one(pk: int, by: Actor, pack: Pack) -> ReceivedList | None:
    """The list, if the actor may send in or decide such a list over all of its areas, or if it is the own one.

    Raises ``NotAllowed`` for who may do neither anywhere.
    """
    found = ReceivedList.objects.filter(pk=pk).first()
    if found is None:
        return None
    try:
        of = kind(found.kind, pack)
        needs = of.uploads(by), of.accepts(by)
    except UnknownPolicy:  # a programme that an earlier pack had
        needs = P.ROSTER_UPLOAD, P.ROSTER_ACCEPT
    within = _over(by, *needs)
    if not within and found.staged_by != by.name:
        by.demand(needs[1])
    return queries.one(pk, within, by.name)


def stage(*, file: Path, name: str, kind: str, by: Actor, pack: Pack, keep_source: bool = True) -> ReceivedList:
    """The list, waiting for its decision; as ``lists.actions.stage``."""
    return actions.stage(file=file, name=name, kind=_kind(kind, pack), by=by, pack=pack, keep_source=keep_source)


def stage_row(*, cells: Mapping[str, str], name: str, kind: str, by: Actor, pack: Pack) -> ReceivedList:
    """A list of one row, as a page's form gives it (by column, as a workbook would say it), waiting for its decision: read, judged and
    decided like any other; nothing is kept where the row would be held back. Raises as ``lists.actions.stage``."""
    of = _kind(kind, pack)
    fields = of.form.sheets[0].fields
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "row.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            rows = ([one.zh for one in fields], [cells.get(one.id, "") for one in fields])
            csv.writer(stream).writerows(rows)
        return actions.stage(file=file, name=name, kind=of, by=by, pack=pack, whole=True)


def accept(*, list_id: int, by: Actor, pack: Pack, second_officer: bool = True) -> ReceivedList:
    """The list with its rows on file; as ``lists.actions.accept``."""
    of = _kind(ReceivedList.objects.get(pk=list_id).kind, pack)
    return actions.accept(list_id=list_id, kind=of, by=by, pack=pack, second_officer=second_officer)


def refuse(*, list_id: int, reason: str, by: Actor, pack: Pack) -> ReceivedList:
    """The list, refused; as ``lists.actions.refuse``."""
    of = _kind(ReceivedList.objects.get(pk=list_id).kind, pack)
    return actions.refuse(list_id=list_id, kind=of, reason=reason, by=by)


def load(*, file: Path, name: str, kind: str, by: Actor, pack: Pack) -> ReceivedList:
    """The list taken in at once, for who answers for both; as ``lists.actions.load``."""
    return actions.load(file=file, name=name, kind=_kind(kind, pack), by=by, pack=pack)


def write_report(found: ReceivedList, pack: Pack, source: Path, target: Path) -> bool:
    """The owner's workbook with what is wrong beside it; as ``lists.actions.write_report``."""
    return actions.write_report(found, _kind(found.kind, pack), pack, source, target)


_kind = kind
