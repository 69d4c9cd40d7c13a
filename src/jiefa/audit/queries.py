"""Reading the log: whether every chain is whole, and what happened to one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

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


def _walk(chain: str, head: ChainHead | None) -> Iterator[rules.Fault]:
    entries = Entry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=WALK_ROWS)
    yield from rules.walk(((_facts(e), e.hash) for e in entries), (head.seq, head.hash) if head else None, chain)
    if head and head.mark != rules.head_mark(Vault(settings.JIEFA_VAULT_KEY), chain, head.seq, head.hash):
        yield rules.Fault(chain, head.seq, "cut")


def verify() -> Verification:
    """Every chain walked from its first entry to its head. Finds altered, missing, reordered and cut-off entries."""
    heads = {head.chain: head for head in ChainHead.objects.all()}
    chains = sorted(set(heads) | set(Entry.objects.values_list("chain", flat=True).distinct()))
    faults = [fault for chain in chains for fault in _walk(chain, heads.get(chain))]
    return Verification(chains=len(chains), entries=Entry.objects.count(), faults=tuple(faults))


def history(object_type: str, object_id: object) -> QuerySet[Entry]:
    """The entries of one thing, newest first."""
    return Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("-at", "-seq")


def entries(areas: tuple[str, ...]) -> QuerySet[Entry]:
    """The entries of the counties inside ``areas``, newest first; the system's own only for a province."""
    chains = [area[:6] for area in areas if len(area) >= 6]
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
