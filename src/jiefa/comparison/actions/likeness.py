"""Rows without a number on the register beside the people whom they may mean, by name, birthday and village; a number that says somebody
else is heard before anything is taken for the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.conf import settings

from jiefa.access.rules import Scope
from jiefa.comparison import rules
from jiefa.comparison.queries import candidates
from jiefa.comparison.rules import Likely, Numbers
from jiefa.kernel.vault import Vault
from jiefa.linkage import matching, prepare
from jiefa.linkage.errors import NothingToCompare
from jiefa.registry.models import Person

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alike:
    """``leads`` and ``doubtful``: rows with the person whom they mean and the probability. ``precision``, ``recall``: as expected of the
    leads and the doubtful together; None where nothing was weighed."""

    leads: Sequence[tuple[Row, Person, float]] = ()
    doubtful: Sequence[tuple[Row, Person, float]] = ()
    precision: float | None = None
    recall: float | None = None


def alike(rows: Sequence[Row], within: Scope, lead_from: float, clerk_from: float) -> Alike:
    """The rows that state a birthday against everybody inside the scope. A row means one person at most; a person may have several rows,
    as one may own two cars."""
    by_line = {int(row["row"]): row for row in rows if row["birth_date"] is not None}
    found = _matched(by_line, within, clerk_from)
    if found is None:
        return Alike()
    pairs = [Likely(int(one["left"]), int(one["right"]), float(one["probability"])) for one in found.pairs.to_pylist()]
    on_file = candidates.persons([one.person for one in pairs])
    pairs = [one for one in pairs if one.person in on_file]
    said = _numbers({one: by_line[one.line] for one in pairs}, on_file)
    leads, doubtful = rules.parted(pairs, said, lead_from)

    def known(several: Sequence[Likely]) -> list[tuple[Row, Person, float]]:
        return [(by_line[one.line], on_file[one.person], one.probability) for one in several]

    kept = [one.probability for one in (*leads, *doubtful)]
    # Of what was kept: the model does not know the numbers.
    return Alike(known(leads), known(doubtful), sum(kept) / len(kept) if kept else None, found.recall)


def _matched(by_line: Mapping[int, Row], within: Scope, clerk_from: float) -> matching.Matched | None:
    spec = rules.spec(clerk_from)
    left = pa.table(
        {
            "line": pa.array([str(line) for line in by_line], pa.string()),
            "name": pa.array([row["name"] for row in by_line.values()], pa.string()),
            "born": pa.array([row["birth_date"].isoformat() for row in by_line.values()], pa.string()),
            "place": pa.array([row["village"] or None for row in by_line.values()], pa.string()),
        }
    )
    right = candidates.of_scope(within)
    if not left.num_rows or not right.num_rows:
        return None
    try:
        return matching.matched(
            prepare.prepared(left, spec, "list", right=False),
            prepare.prepared(right, spec, "register", right=True),
            spec,
        )
    except NothingToCompare:
        return None


def _numbers(pairs: Mapping[Likely, Row], on_file: Mapping[int, Person]) -> dict[Likely, Numbers]:
    """What the numbers of each pair say. Those on file are opened for these pairs alone, and kept nowhere."""
    vault = Vault(settings.JIEFA_VAULT_KEY)
    said = {}
    for one, row in pairs.items():
        sealed, listed = on_file[one.person].id_sealed, row["id_number"]
        if listed and sealed is not None:
            ours = prepare.number_of(vault.open(bytes(sealed)))
            said[one] = rules.numbers(prepare.number_of(listed), ours)
    return said
