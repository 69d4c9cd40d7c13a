"""Reading the log: whether every chain is whole, and what happened to one thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import DecimalException

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from jiefa.audit import rules
from jiefa.audit.models import ChainHead, Entry, Read
from jiefa.kernel.vault import Vault

WALK_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Verification:
    """How many chains and entries were walked, and what was found wrong."""

    chains: int
    entries: int
    faults: tuple[rules.Fault, ...]


UNREADABLE = (ValueError, TypeError, OverflowError, DecimalException)
"""What Django raises on a value that is no longer of its column's type (SQLite keeps anything)."""


def _facts(entry: Entry) -> rules.EntryFacts:
    return rules.EntryFacts(
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        by=entry.by,
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        diff=entry.diff,
        previous_hash=entry.previous_hash,
    )


def _entries(chain: str) -> Iterator[tuple[rules.EntryFacts | None, int, str]]:
    """The content (``None``: cannot even be read), number and stored hash of every entry, in order."""
    rows = Entry.objects.filter(chain=chain).order_by("seq")
    try:
        found = [(_facts(entry), entry.seq, entry.hash) for entry in rows.iterator(chunk_size=WALK_ROWS)]
        if all(type(seq) is int and isinstance(facts.at, dt.datetime) for facts, seq, _ in found):
            yield from found
            return
    except UNREADABLE:
        pass
    # Somebody wrote what Django cannot read: one by one, to name the entry.
    for position, (pk, seq, stored) in enumerate(rows.values_list("pk", "seq", "hash"), start=1):
        number = seq if type(seq) is int else position
        try:
            entry = Entry.objects.get(pk=pk)
            readable = type(entry.seq) is int and isinstance(entry.at, dt.datetime)
            yield (_facts(entry) if readable else None), number, str(stored)
        except UNREADABLE:
            yield None, number, str(stored)


def _walk(chain: str, head: ChainHead | None) -> Iterator[rules.Fault]:
    end = (head.seq if type(head.seq) is int else -1, head.hash) if head else None
    yield from rules.walk(_entries(chain), end, chain)
    if head and head.mark != rules.head_mark(Vault(settings.JIEFA_VAULT_KEY), chain, head.seq, head.hash):
        yield rules.Fault(chain, end[0] if end else 0, "cut")


def verify() -> Verification:
    """Every chain walked from its first entry to its head. Finds altered, missing, reordered and cut-off entries.

    The system's chain says which chains were opened, so that a whole chain cannot vanish either.
    """
    heads = {head.chain: head for head in ChainHead.objects.all()}
    chains = sorted(set(heads) | set(Entry.objects.values_list("chain", flat=True).distinct()))
    faults = [fault for chain in chains for fault in _walk(chain, heads.get(chain))]
    opened = set(
        Entry.objects.filter(chain=rules.SYSTEM_CHAIN, action=rules.CHAIN_OPENED).values_list("object_id", flat=True)
    )
    faults += [rules.Fault(chain, 1, "missing") for chain in sorted(opened - set(chains))]
    faults += [
        rules.Fault(rules.SYSTEM_CHAIN, 1, "missing") for chain in chains if chain not in opened | {rules.SYSTEM_CHAIN}
    ][:1]
    return Verification(chains=len(chains), entries=Entry.objects.count(), faults=tuple(faults))


def history(object_type: str, object_id: object) -> QuerySet[Entry]:
    """The entries of one thing, newest first."""
    return Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("-at", "-seq")


def entries(areas: tuple[str, ...]) -> QuerySet[Entry]:
    """The entries of the counties inside ``areas``, newest first; the system's own only for a province.

    A chain belongs to a whole county: an area smaller than that has none.
    """
    chains = [area for area in areas if len(area) == 6]
    wide = [area for area in areas if len(area) < 6]
    found = Entry.objects.filter(chain__in=chains)
    for area in wide:
        found = found | Entry.objects.filter(chain__startswith=area)
        if len(area) == 2:
            found = found | Entry.objects.filter(chain=rules.SYSTEM_CHAIN)
    return found.order_by("-id")


def reads(household_id: int) -> QuerySet[Read]:
    """Who looked at a household, newest first."""
    return Read.objects.filter(household_id=household_id)


def filtered(
    rows: QuerySet[Entry], *, action: str = "", by: str = "", since: dt.date | None = None, until: dt.date | None = None
) -> QuerySet[Entry]:
    """``rows`` of one action, one person, from one day to another (both included)."""
    exact = {name: value for name, value in (("action", action), ("by", by)) if value}
    rows = rows.filter(**exact)
    if since:
        rows = rows.filter(at__gte=timezone.make_aware(dt.datetime.combine(since, dt.time())))
    if until:
        rows = rows.filter(at__lt=timezone.make_aware(dt.datetime.combine(until + dt.timedelta(days=1), dt.time())))
    return rows


RECORDS = (
    "batch",
    "household",
    "division",
    "division_facts",
    "designation_list",
    "division_list",
    "list",
    "programme",
    "visit",
    "transfer",
    "order",
    "claim",
)
"""The kinds of thing whose change makes a snapshot older than the records."""


def newest() -> int:
    """The key of the newest entry; 0 when there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def records_changed_since(entry_id: int) -> bool:
    """Whether anything that a snapshot holds was changed after the entry."""
    return Entry.objects.filter(pk__gt=entry_id, object_type__in=RECORDS).exists()
