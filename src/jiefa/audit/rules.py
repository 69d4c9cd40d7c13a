"""The hash of an entry and the walk along a chain: pure functions over values."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jiefa.kernel.vault import Vault

FIRST_HASH = "0" * 64
SYSTEM_CHAIN = "system"
CHAIN_OPENED = "chain.opened"


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """The content of one entry, all that its hash covers."""

    chain: str
    seq: int
    at: dt.datetime
    by: str
    action: str
    object_type: str
    object_id: str
    diff: str
    previous_hash: str


def entry_hash(facts: EntryFacts) -> str:
    """SHA-256 in hex over the entry's fields as a JSON array (unambiguous) with the time in UTC."""
    content = [
        facts.chain,
        facts.seq,
        facts.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        facts.by,
        facts.action,
        facts.object_type,
        facts.object_id,
        facts.diff,
        facts.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def head_mark(vault: Vault, chain: str, seq: int, last_hash: str) -> str:
    """The keyed mark of a chain's end."""
    return vault.mark(f"{chain}/{seq}/{last_hash}".encode())


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a chain: ``altered``, ``missing``, ``reordered`` or ``cut``; ``seq`` is where."""

    chain: str
    seq: int
    kind: str


def walk(
    entries: Iterable[tuple[EntryFacts | None, int, str]], head: tuple[int, str] | None, chain: str
) -> Iterator[Fault]:
    """The faults of one chain whose entries come in order of ``seq``, with their number and stored hash.

    Content ``None``: the entry cannot be read. ``head`` is the chain's stored end.
    """
    expected_seq, previous = 1, FIRST_HASH
    for facts, seq, stored in entries:
        if seq != expected_seq:
            yield Fault(chain, expected_seq, "missing")
        elif facts and facts.previous_hash != previous:
            yield Fault(chain, seq, "reordered")
        if facts is None or entry_hash(facts) != stored:
            yield Fault(chain, seq, "altered")
        expected_seq, previous = seq + 1, stored
    if head is None:
        if expected_seq > 1:
            yield Fault(chain, expected_seq - 1, "cut")
    elif head != (expected_seq - 1, previous):
        yield Fault(chain, max(head[0], expected_seq - 1), "cut")
