"""The one table from the name of a list to the capability that reads it; and lists sent in and decided by that name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.assistance.actions import kinds as assistance
from jiefa.lists import actions, queries
from jiefa.lists.kinds import Kind
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack, UnknownPolicy
from jiefa.responsibility.actions import loading as responsibility

P = Permission


def kind(name: str, pack: Pack) -> Kind[Any]:
    """The kind of that name. Raises ``UnknownPolicy``."""
    if name in responsibility.LISTS:
        return responsibility.kind(name, pack)
    return assistance.kind(name, pack)


def _over(by: Actor, *permissions: Permission) -> Scope:
    """Where the actor has any of these."""
    return Scope.over(area for one in permissions for area in by.scope(one).areas)


def received(by: Actor) -> QuerySet[ReceivedList]:
    """The lists that the actor may send in or decide, and the own ones; the newest first. Raises ``NotAllowed`` for who may neither."""
    roster = _over(by, P.ROSTER_UPLOAD, P.ROSTER_ACCEPT)
    if not roster and not any(by.may(one) for one in responsibility.PERMISSIONS):
        by.demand(P.ROSTER_UPLOAD)
    rows = queries.received(roster, by.name).exclude(kind__in=responsibility.LISTS)
    for permission in sorted(responsibility.PERMISSIONS):
        names = [name for name in responsibility.LISTS if responsibility.permission(name, by) == permission]
        rows |= queries.received(by.scope(permission), by.name, names)
    return rows.order_by("-pk")


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
