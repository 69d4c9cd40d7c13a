"""Writing the log: one entry beside one change, in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiefa.audit import rules
from jiefa.audit.models import ChainHead, Entry, Read
from jiefa.kernel.vault import Vault

ENTRIES_AT_ONCE = 500
"""Entries in one statement: SQLite takes 32,766 values, an entry has ten."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one entry is to say, before it has its place in a chain.

    ``chain`` is a county's six digits or ``system``; shorter codes (province, prefecture) go to ``system``.
    """

    chain: str
    by: str
    action: str
    object_type: str
    object_id: object
    diff: Mapping[str, object]


def record(
    *, chain: str, by: str, action: str, object_type: str, object_id: object, diff: Mapping[str, object]
) -> Entry:
    """The new entry at the end of ``chain`` (see ``Said``). Must run inside the transaction of the change it speaks of."""
    return record_many([Said(chain, by, action, object_type, object_id, diff)])[0]


def record_many(said: Sequence[Said]) -> list[Entry]:
    """The new entries, in the order of ``said``, each at the end of its chain: as many statements for 88 chains as for one.

    Must run inside the transaction of the changes they speak of. A step of 88 counties takes 0.26 s of processor time
    entry by entry, 0.025 s so (SQLite, 2 busy processors, 2026-11).
    """
    assert connection.in_atomic_block, "an audit entry belongs into the transaction of its change"
    chains = [one.chain[:6] if len(one.chain) >= 6 else rules.SYSTEM_CHAIN for one in said]
    heads, begun = _heads(set(chains))
    # Written in another chain, so that these cannot vanish as a whole.
    opened = [
        Said(rules.SYSTEM_CHAIN, said[chains.index(chain)].by, rules.CHAIN_OPENED, "chain", chain, {})
        for chain in begun
    ]
    made = [
        _entry(one, chain, heads[chain])
        for one, chain in zip([*opened, *said], [rules.SYSTEM_CHAIN] * len(opened) + chains, strict=True)
    ]
    Entry.objects.bulk_create(made, batch_size=ENTRIES_AT_ONCE)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    for head in heads.values():
        head.mark = rules.head_mark(vault, head.chain, head.seq, head.hash)
    ChainHead.objects.bulk_create(
        heads.values(), update_conflicts=True, unique_fields=["chain"], update_fields=["seq", "hash", "mark"]
    )
    return made[len(opened) :]


def _heads(chains: set[str]) -> tuple[dict[str, ChainHead], list[str]]:
    """The ends of these chains, locked in the order of their names, and those that begin now (``system`` then is among the ends)."""
    heads = _locked(chains)
    if missing := sorted(chains - set(heads)):
        # Two first writers of a chain: the loser of this insert waits here and then locks the winner's row.
        with transaction.atomic():
            ChainHead.objects.bulk_create(
                [ChainHead(chain=chain, seq=0, hash=rules.FIRST_HASH, mark="") for chain in missing],
                ignore_conflicts=True,
            )
        heads |= _locked(set(missing))
    begun = sorted(chain for chain, head in heads.items() if head.seq == 0 and chain != rules.SYSTEM_CHAIN)
    if begun and rules.SYSTEM_CHAIN not in heads:
        heads |= _heads({rules.SYSTEM_CHAIN})[0]
    return heads, begun


def _locked(chains: set[str]) -> dict[str, ChainHead]:
    rows = ChainHead.objects.select_for_update().filter(pk__in=chains).order_by("pk")
    return {head.chain: head for head in rows}


def _entry(one: Said, chain: str, head: ChainHead) -> Entry:
    """The entry that follows on ``head``, which then speaks of it."""
    facts = rules.EntryFacts(
        chain=chain,
        seq=head.seq + 1,
        at=timezone.now(),
        by=one.by,
        action=one.action,
        object_type=one.object_type,
        object_id=str(one.object_id),
        diff=json.dumps(one.diff, ensure_ascii=False, sort_keys=True, default=str),
        previous_hash=head.hash,
    )
    head.seq, head.hash = facts.seq, rules.entry_hash(facts)
    return Entry(
        chain=chain,
        seq=facts.seq,
        at=facts.at,
        by=facts.by,
        action=facts.action,
        object_type=facts.object_type,
        object_id=facts.object_id,
        diff=facts.diff,
        previous_hash=facts.previous_hash,
        hash=head.hash,
    )


def record_read(*, by: str, household_id: int, village_code: str, purpose: str) -> None:
    """A look of ``by`` at a household's page is kept."""
    Read.objects.create(by=by, household_id=household_id, village_code=village_code, purpose=purpose)


def record_reads(*, by: str, households: Iterable[tuple[int, str]], purpose: str) -> None:
    """A look of ``by`` at these households, each with its village, is kept: one statement for a thousand of them."""
    Read.objects.bulk_create(
        [Read(by=by, household_id=key, village_code=village, purpose=purpose) for key, village in households],
        batch_size=1_000,
    )
