"""Objections: filed by anybody, inquired into one level above, by nobody who had a hand in the matter; what they stop, and free.

``check`` and ``effect`` are what stands behind the procedures ``rules.OBJECTIONS``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Permission, Role
from jiefa.audit import actions as audit
from jiefa.disclosure import queries, rules
from jiefa.disclosure.models import Channel, Notice, NoticeRow, Objection
from jiefa.kernel.errors import JiefaError, NotAllowed, Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures import queries as dossiers
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.stores import bulk

PUBLIC = "public"
"""Who files from the public page, in logs and dossiers."""
TEXT, NAME, CONTACT = Words("异议内容", "The objection"), Words("姓名", "The name"), Words("联系方式", "The contact")


@transaction.atomic
def file_objection(
    *,
    notice_id: int,
    text: str,
    channel: Channel,
    on: dt.date,
    pack: Pack,
    name: str = "",
    contact: str = "",
    line: int | None = None,
    by: Actor | None = None,
) -> Objection:
    """The objection, on the desk that inquires; the clock of what it objects to stands still.

    ``line``: the position of the line objected to; None for the whole notice. ``by``: who types in one on paper; None from
    the public page. Raises ``TextMissing``, ``TextTooLong``, ``NoticeOver``, ``NoSuchRow``, ``NotAllowed``.
    """
    _check_texts(text, name, contact)
    # Locked: two objections at once get two numbers.
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if channel == Channel.PAPER and (by is None or not by.scope(Permission.HOUSEHOLD_EDIT).narrowed(notice.place_code)):
        raise NotAllowed(what=Words("登记书面异议", "typing in an objection"))
    row = queries.line(notice, line) if line is not None else None
    if line is not None and row is None:
        raise rules.NoSuchRow(row=line)
    earlier = queries.objections(notice)
    clock = queries.clock(notice, earlier, row.pk if row else None)
    if clock is not None and not clock.stopped and on > clock.until:
        raise rules.NoticeOver(until=clock.until, phone=pack.at(on).text("hotline.phone"))
    number = len(earlier) + 1
    author = by.name if by is not None else PUBLIC
    dossier = _open_dossier(notice, number, row, channel, author, on, pack)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    made = Objection.objects.create(
        notice=notice,
        number=number,
        row=row,
        dossier=dossier,
        filed_on=on,
        channel=channel,
        text_sealed=vault.seal(text.strip()),
        name_sealed=vault.seal(name.strip()) if name.strip() else None,
        contact_sealed=vault.seal(contact.strip()) if contact.strip() else None,
        by=by.name if by is not None else "",
        at=timezone.now(),
    )
    stopped = _stop(notice, row)
    audit.record(
        chain=notice.place_code,
        by=author,
        action="objection.filed",
        object_type="notice",
        object_id=notice.pk,
        diff={
            "number": number,
            "line": line,
            "channel": channel.value,
            "anonymous": made.anonymous,
            "dossier": dossier.pk,
            "stopped": stopped,
        },
    )
    return made


def _check_texts(text: str, name: str, contact: str) -> None:
    if not text.strip():
        raise rules.TextMissing
    for label, value, limit in (
        (TEXT, text, rules.TEXT_LENGTH),
        (NAME, name, rules.NAME_LENGTH),
        (CONTACT, contact, rules.CONTACT_LENGTH),
    ):
        if len(value) > limit:
            raise rules.TextTooLong(field=label, limit=f"{limit:,}")


def _open_dossier(
    notice: Notice, number: int, row: NoticeRow | None, channel: Channel, author: str, on: dt.date, pack: Pack
) -> Dossier:
    """The dossier about the objection. Its place is the one that inquires: whoever stands below it does not see it."""
    procedure = rules.procedure_for(notice.area)
    place = rules.inquiring_place(notice.area)
    first = pack.procedure(procedure, on).first
    # The public holds no post: the first step's own post receives what the public files.
    desk = holder(author, [(Role(role), place) for role in first.roles])
    kind = pack.codes("notice").by_id[notice.kind].zh
    opening = Opening(
        subject=rules.subject(notice.pk, number),
        place=place,
        title=f"异议{number}号：{notice.place_name}{kind}",
        year=on.year,
        proposal={
            "notice": notice.pk,
            "number": number,
            "line": row.position if row else None,
            "channel": channel.value,
        },
    )
    return actions.open_dossier(procedure=procedure, opening=opening, by=desk, on=on, pack=pack)


def _stop(notice: Notice, row: NoticeRow | None) -> int:
    """How many dossiers' clocks stand still now: those that are still where the notice found them."""
    lines = NoticeRow.objects.filter(notice=notice) if row is None else NoticeRow.objects.filter(pk=row.pk)
    there = lines.filter(dossier__visit=F("visit"), dossier__step=notice.step, dossier__outcome="")
    if notice.until is None:
        return 0
    return Dossier.objects.filter(pk__in=there.values("dossier")).update(notice_stopped=True)


def check(dossiers_: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against whoever drew up, decided or posted what is objected to: no step of the objection is theirs."""
    asked = list(Objection.objects.filter(dossier__in=[d.pk for d in dossiers_]).select_related("notice"))
    titles = {dossier.pk: dossier.title for dossier in dossiers_}
    touched = queries.hands(asked)
    return {
        one.dossier_id: rules.Concerned(title=titles[one.dossier_id]) for one in asked if decision.by in touched[one.pk]
    }


def check_published(dossiers_: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against agreeing to what an objection was upheld against, until it went back and was published anew.

    For every procedure that publishes lists, beside its own guard.
    """
    if decision.kind != "approve":
        return {}
    keys = {dossier.pk: dossier for dossier in dossiers_ if dossier.notice_posted}
    rows = NoticeRow.objects.filter(
        dossier__in=keys, visit=F("dossier__visit"), notice__step=F("dossier__step")
    ).values_list("pk", "notice", "dossier")
    published = list(rows)
    upheld = Objection.objects.filter(
        notice__in={notice for _, notice, _ in published}, dossier__outcome="approved"
    ).order_by("number")
    against: dict[int, JiefaError] = {}
    for one in upheld:
        for row, notice, key in published:
            if one.row_id == row or (one.row_id is None and one.notice_id == notice):
                against[key] = rules.ObjectionUpheld(title=keys[key].title, number=one.number)
    return against


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The clocks of what answered objections were about run again, later by the days on which they stood still."""
    closed = [dossier.pk for dossier, done in moved if done.outcome]
    answered = Objection.objects.filter(dossier__in=closed).select_related("notice").order_by("notice", "number")
    by_notice: dict[Notice, list[Objection]] = defaultdict(list)
    for one in answered:
        by_notice[one.notice].append(one)
    for notice, own in by_notice.items():
        going = _resume(notice, own)
        audit.record(
            chain=notice.place_code,
            by=by,
            action="objection.answered",
            object_type="notice",
            object_id=notice.pk,
            diff={"numbers": [one.number for one in own], "going_on": going},
        )


def _resume(notice: Notice, answered: Sequence[Objection]) -> int:
    """How many dossiers' clocks run again. Each is computed anew from all objections that touch its line."""
    every = queries.objections(notice)
    lines = NoticeRow.objects.filter(notice=notice)
    if all(one.row_id is not None for one in answered):
        lines = lines.filter(pk__in=[one.row_id for one in answered])
    there = lines.filter(dossier__visit=F("visit"), dossier__step=notice.step, dossier__outcome="")
    rows = dict(there.values_list("dossier", "pk"))
    if notice.until is None or not rows:
        return 0
    # In order of their keys, as decisions lock them.
    keys = list(Dossier.objects.select_for_update().filter(pk__in=rows).order_by("pk").values_list("pk", flat=True))
    whole = queries.clock(notice, [one for one in every if one.row_id is None])
    named = {one.row_id for one in every} - {None}
    clocks = [queries.clock(notice, every, rows[key]) if rows[key] in named else whole for key in keys]
    found = [clock for clock in clocks if clock is not None]
    table = pa.table(
        {
            "id": pa.array(keys, pa.int64()),
            "notice_until": pa.array([clock.until for clock in found], pa.date32()),
            "notice_stopped": pa.array([clock.stopped for clock in found], pa.bool_()),
        }
    )
    bulk.update("procedures_dossier", table, "id")
    return sum(not clock.stopped for clock in found)


@dataclass(frozen=True, slots=True)
class Opened:
    """An objection in the clear; ``name`` and ``contact`` are empty where it is anonymous."""

    text: str
    name: str
    contact: str


@transaction.atomic
def open_objection(*, objection_id: int, by: Actor, pack: Pack) -> Opened:
    """What was written and by whom, for the one role that deals with it, and logged. Raises ``IdentityClosed``, ``Concerned``."""
    found = Objection.objects.select_related("notice", "dossier").get(pk=objection_id)
    procedure = dossiers.procedure_of(found.dossier, pack)
    step = procedure.by_id.get(found.dossier.step, procedure.steps[-1])
    if not dossiers.may_take(by, step, found.dossier.place_code):
        raise rules.IdentityClosed
    if by.name in queries.hands([found])[found.pk]:
        raise rules.Concerned(title=found.dossier.title)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    audit.record(
        chain=found.notice.place_code,
        by=by.name,
        action="objection.opened",
        object_type="notice",
        object_id=found.notice_id,
        diff={"number": found.number, "dossier": found.dossier_id},
    )
    return Opened(
        text=vault.open(bytes(found.text_sealed)),
        name=vault.open(bytes(found.name_sealed)) if found.name_sealed is not None else "",
        contact=vault.open(bytes(found.contact_sealed)) if found.contact_sealed is not None else "",
    )
