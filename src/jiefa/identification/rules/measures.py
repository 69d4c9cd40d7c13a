"""Which measures the causes and the kind of a household suggest, each with why. A suggestion decides nothing.

Source: the measures that go with the four kinds, and the quality rule that a cause has its measure; both dated in the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jiefa.policy import Policy


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A measure, the causes that suggest it in their order, and whether the kind does."""

    measure: str
    causes: tuple[str, ...]
    by_kind: bool


def suggested(kind: str | None, causes: Sequence[str], policy: Policy) -> tuple[Suggestion, ...]:
    """Every measure once: first what the causes suggest, the main one first, then what the kind adds."""
    because: dict[str, list[str]] = {}
    for cause in causes:
        for measure in _of(policy, "cause", cause):
            because.setdefault(measure, []).append(cause)
    of_kind = tuple(_of(policy, "kind", kind)) if kind else ()
    for measure in of_kind:
        because.setdefault(measure, [])
    return tuple(Suggestion(measure, tuple(found), measure in of_kind) for measure, found in because.items())


def _of(policy: Policy, side: str, code: str) -> Iterator[str]:
    name = f"measures.of_{side}_{code}"
    if name in policy.pack.parameters:
        yield from policy.texts(name)
