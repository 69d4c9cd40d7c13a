"""Writing the log: one entry beside one change, in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiefa.audit import rules
from jiefa.audit.models import ChainHead, Entry, Read
from jiefa.kernel.vault import Vault


def record(
    *, chain: str, by: str, action: str, object_type: str, object_id: object, diff: Mapping[str, object]
) -> Entry:
    """The new entry at the end of ``chain``. Must run inside the transaction of the change it speaks of.

    ``chain`` is a county's six digits or ``system``; shorter codes (province, prefecture) go to ``system``.
    """
    assert connection.in_atomic_block, "an audit entry belongs into the transaction of its change"
    chain = chain[:6] if len(chain) >= 6 else rules.SYSTEM_CHAIN
    head = ChainHead.objects.select_for_update().filter(pk=chain).first()
    if head is None:
        # Two first writers of a chain: the loser of this insert waits here and then locks the winner's row.
        with transaction.atomic():
            ChainHead.objects.bulk_create(
                [ChainHead(chain=chain, seq=0, hash=rules.FIRST_HASH, mark="")], ignore_conflicts=True
            )
        head = ChainHead.objects.select_for_update().get(pk=chain)
        if head.seq == 0 and chain != rules.SYSTEM_CHAIN:
            # Written in another chain, so that this one cannot vanish as a whole.
            record(
                chain=rules.SYSTEM_CHAIN,
                by=by,
                action=rules.CHAIN_OPENED,
                object_type="chain",
                object_id=chain,
                diff={},
            )
    facts = rules.EntryFacts(
        chain=chain,
        seq=head.seq + 1,
        at=timezone.now(),
        by=by,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        diff=json.dumps(diff, ensure_ascii=False, sort_keys=True, default=str),
        previous_hash=head.hash,
    )
    entry_hash = rules.entry_hash(facts)
    entry = Entry(
        chain=chain,
        seq=facts.seq,
        at=facts.at,
        by=by,
        action=action,
        object_type=object_type,
        object_id=facts.object_id,
        diff=facts.diff,
        previous_hash=facts.previous_hash,
        hash=entry_hash,
    )
    entry.save(force_insert=True)
    ChainHead.objects.filter(pk=chain).update(
        seq=facts.seq,
        hash=entry_hash,
        mark=rules.head_mark(Vault(settings.JIEFA_VAULT_KEY), chain, facts.seq, entry_hash),
    )
    return entry


def record_read(*, by: str, household_id: int, village_code: str, purpose: str) -> None:
    """A look of ``by`` at a household's page is kept."""
    Read.objects.create(by=by, household_id=household_id, village_code=village_code, purpose=purpose)
