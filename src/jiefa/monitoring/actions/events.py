"""Leads: raised from the cards of a snapshot, reported from a visit or by the household itself, closed with a reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.identification.actions.leads import LONG_NUMBER
from jiefa.kernel.errors import JiefaError, Words
from jiefa.monitoring.models import Event, EventState, Watch
from jiefa.monitoring.queries import cards
from jiefa.monitoring.rules.watching import WATCHABLE
from jiefa.policy import Pack
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household
from jiefa.responsibility.models import Visit
from jiefa.snapshots import Snapshot
from jiefa.stores import bulk

WATCH, ENTERING, RETURN = "watch_household", "identification", "household_return"
REPORTED = ("self", "visit")
DETAIL_LENGTH, REASON_LENGTH = 200, 400


class NotWatchable(JiefaError):
    code = "monitoring.not_watchable"
    zh = "“{title}”现在是“{status}”，按在册贫困户帮扶，不作监测对象。"
    en = "{title!r} is {status!r} now: it is helped as a poor household and not watched."


class NumberWritten(JiefaError):
    code = "monitoring.number"
    zh = "说明里写了号码（证件、电话或账号）。请删去后再保存。"
    en = "What is said holds a number of a certificate, telephone or account. Take it out."


class TriggerUnknown(JiefaError):
    code = "monitoring.trigger"
    zh = "没有“{trigger}”这种风险情形，可选：{known}。"
    en = "There is no trigger {trigger!r}; choose one of {known}."


class VisitMissing(JiefaError):
    code = "monitoring.no_visit"
    zh = "“{title}”在 {on} 没有走访记录。请先登记走访，再报走访发现的风险。"
    en = "No visit of {title!r} on {on} is on file. Record the visit first, then what it found."


class EventSettled(JiefaError):
    code = "monitoring.settled"
    zh = "“{title}”的这条线索已由 {by} 于 {on} 处理。请刷新页面。"
    en = "The lead about {title!r} was settled by {by} on {on}. Reload the page."


class EventReason(JiefaError):
    code = "monitoring.reason"
    zh = "“{title}”：请写明入户核实的情况和不纳入监测的理由。"
    en = "{title!r}: say what was found on the spot and why it is not watched."


class DayAhead(JiefaError):
    code = "monitoring.day_ahead"
    zh = "日期 {on} 还没有到，请核对。"
    en = "{on} lies ahead; check the day."


@dataclass(frozen=True, slots=True)
class Raised:
    """What a search of cards came to: triggers found inside the area, leads that are new, by trigger."""

    snapshot: str
    found: int
    new: int
    by_trigger: dict[str, int]


def raise_from_cards(*, snapshot: Snapshot, by: Actor, pack: Pack) -> Raised:
    """Leads from the cards of a snapshot inside the actor's area: set by set, each card and trigger of a year once.

    Left out are households that are watched or have a dossier under way that decides the same. Raises ``NotAllowed``,
    ``NotInForce``.
    """
    within = by.demand(Permission.LEAD_LOAD)
    found = _inside(cards.found(snapshot, pack), within)
    now = timezone.now()
    with transaction.atomic():
        fresh = _fresh(found, snapshot.year)
        rows = _rows(fresh, snapshot, by, now)
        bulk.insert("monitoring_event", rows)
        _log_raised(fresh, snapshot, by)
    counted = Counter(fresh["trigger"].to_pylist())
    return Raised(snapshot.id, found.num_rows, fresh.num_rows, dict(sorted(counted.items())))


def _inside(found: pa.Table, within: Scope) -> pa.Table:
    code = found["village_code"]
    inside = pa.chunked_array([pa.array([False] * found.num_rows, pa.bool_())])
    for low, high in within.ranges():
        inside = pc.or_(inside, pc.and_(pc.greater_equal(code, low), pc.less(code, high)))
    return found.filter(inside)


def _fresh(found: pa.Table, year: int) -> pa.Table:
    """Those of households that nobody watches and no dossier is about, and of which the card gave no such lead before."""
    busy = set(Watch.objects.filter(ended="").values_list("household_id", flat=True))
    under_way = Dossier.objects.filter(outcome="", procedure__in=(WATCH, ENTERING, RETURN))
    keys_under_way = map(subjects.household_key, under_way.values_list("subject", flat=True))
    busy |= {key for key in keys_under_way if key is not None}
    known = set(Event.objects.filter(source="card", year=year).values_list("household_id", "trigger"))
    keys, names = found["household_id"].to_pylist(), found["trigger"].to_pylist()
    new = [key not in busy and (key, name) not in known for key, name in zip(keys, names, strict=True)]
    return found.filter(pa.array(new, pa.bool_()))


def _rows(fresh: pa.Table, snapshot: Snapshot, by: Actor, now: dt.datetime) -> pa.Table:
    count, text = fresh.num_rows, pa.string()

    def each(value: object, kind: pa.DataType) -> pa.Array:
        return pa.array([value] * count, kind)

    return pa.table(
        {
            "id": bulk.new_ids("monitoring_event", count),
            "household_id": fresh["household_id"],
            "person_id": each(None, pa.int64()),
            "village_code": fresh["village_code"],
            "year": each(snapshot.year, pa.int16()),
            "source": each("card", text),
            "trigger": fresh["trigger"],
            "on": each(dt.date(snapshot.year, 12, 31), pa.date32()),
            "amount_fen": each(None, pa.int64()),
            "found": fresh["found"],
            "department": each("", text),
            "detail": each("", text),
            "snapshot": each(snapshot.id, text),
            "visit": each(None, pa.int64()),
            "of_list_id": each(None, pa.int64()),
            "by": each(by.name, text),
            "at": each(now, pa.timestamp("us", "UTC")),
            "state": each(EventState.OPEN.value, text),
            "reason": each("", text),
            "settled_on": each(None, pa.date32()),
            "settled_by": each("", text),
            "dossier": each(None, pa.int64()),
        }
    )


def _log_raised(fresh: pa.Table, snapshot: Snapshot, by: Actor) -> None:
    counted = Counter(code[:6] for code in fresh["village_code"].to_pylist())
    audit.record_many(
        [
            audit.Said(county, by.name, "watch_leads.raised", "watch_lead", snapshot.id, {"leads": leads})
            for county, leads in sorted(counted.items())
        ]
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """What the household told (``self``) or a visit saw (``visit``): a trigger of ``watch_trigger``, on a day."""

    source: str
    trigger: str
    on: dt.date
    amount_fen: int | None = None
    detail: str = ""


@transaction.atomic
def report(*, household: Household, happened: Happened, today: dt.date, by: Actor, pack: Pack) -> Event:
    """A lead that the household told or that a visit of that day saw. Raises ``NotAllowed``, ``NotWatchable``,
    ``TriggerUnknown``, ``NumberWritten``, ``VisitMissing``, ``DayAhead``."""
    source, trigger, on, detail = happened.source, happened.trigger, happened.on, happened.detail.strip()
    assert source in REPORTED, source
    by.demand(Permission.VISIT_RECORD, household.village_code)
    title = household.head_name or household.number
    if household.poverty_status not in WATCHABLE:
        raise NotWatchable(title=title, status=Words.of(pack.codes("poverty_status").by_id[household.poverty_status]))
    known = pack.at(on).codes("watch_trigger")
    if trigger not in known.ids:
        raise TriggerUnknown(trigger=trigger, known=Words.listed(Words.of(code) for code in known.values))
    if LONG_NUMBER.search(detail) or has_telephone(detail):
        raise NumberWritten
    if on > today:
        raise DayAhead(on=on)
    visit = Visit.objects.filter(household=household, on=on, void=False).order_by("-pk").first()
    if source == "visit" and visit is None:
        raise VisitMissing(title=title, on=on)
    made = Event.objects.create(
        household=household,
        village_code=household.village_code,
        year=on.year,
        source=source,
        trigger=trigger,
        on=on,
        amount_fen=happened.amount_fen,
        detail=detail[:DETAIL_LENGTH],
        visit=visit.pk if visit is not None and source == "visit" else None,
        by=by.name,
        at=timezone.now(),
    )
    audit.record(
        chain=household.village_code,
        by=by.name,
        action="watch_lead.reported",
        object_type="watch_lead",
        object_id=made.pk,
        diff={"household": household.pk, "source": source, "trigger": trigger, "on": on},
    )
    return made


def has_telephone(text: str) -> bool:
    """Whether eleven digits stand in a row: a mobile number is shorter than what counts as a long number."""
    run = 0
    for character in text:
        run = run + 1 if character.isdecimal() else 0
        if run >= 11:
            return True
    return False


@transaction.atomic
def close(*, event_id: int, reason: str, by: Actor, on: dt.date) -> Event:
    """The lead closed after a visit on the spot, without a watch. Raises ``EventSettled``, ``EventReason``, ``NotAllowed``."""
    found = Event.objects.select_for_update(of=("self",)).select_related("household").get(pk=event_id)
    by.demand(Permission.HOUSEHOLD_EDIT, found.village_code)
    title = found.household.head_name or found.household.number
    if found.state != EventState.OPEN:
        raise EventSettled(title=title, by=found.settled_by, on=found.settled_on)
    if not reason.strip():
        raise EventReason(title=title)
    found.state, found.reason = EventState.CLOSED, reason.strip()[:REASON_LENGTH]
    found.settled_on, found.settled_by = on, by.name
    found.save(force_update=True)
    audit.record(
        chain=found.village_code,
        by=by.name,
        action="watch_lead.closed",
        object_type="watch_lead",
        object_id=found.pk,
        diff={"household": found.household_id, "reason": found.reason, "on": on},
    )
    return found


def follow(*, events: Iterable[Event], dossier: int, by: Actor, on: dt.date) -> int:
    """How many open leads are taken up by the dossier; runs inside the transaction that draws it up."""
    keys = [one.pk for one in events]
    taken = Event.objects.filter(pk__in=keys, state=EventState.OPEN)
    codes = list(taken.values_list("village_code", flat=True))
    count = taken.update(state=EventState.FOLLOWED, dossier=dossier, settled_on=on, settled_by=by.name)
    if count:
        audit.record(
            chain=codes[0],
            by=by.name,
            action="watch_leads.followed",
            object_type="watch_lead",
            object_id=keys[0] if count == 1 else f"{keys[0]}+{count - 1}",
            diff={"leads": keys, "dossier": dossier, "on": on},
        )
    return count
