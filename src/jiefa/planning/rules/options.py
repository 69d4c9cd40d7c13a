"""What the pack says of pathways, and which of them are open to a household: by kind, causes, class and who is able to work.

Sources: parameters ``planning.*`` and ``measures.*`` of the pack; a two-without household is guaranteed and nothing else
(method.md 4, 14).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jiefa.identification.rules import measures
from jiefa.planning.rules.problem import GUARANTEE, FlagArray, IntArray, Lack, Pathway
from jiefa.policy import Pack, Policy

TWO_NONE = "two_none"
OWN_WORK = ("industry", "employment")
"""Pathways for which somebody must be able to work."""
FALLBACK = "employment"
"""For a household that is able to work and to which nothing else is open."""


@dataclass(frozen=True, slots=True)
class Means:
    """Pathways, what is lacking on any of them, and resources, as a policy has them."""

    pathways: tuple[Pathway, ...]
    lacking: tuple[Lack, ...]
    resources: tuple[str, ...]
    late_weight: float
    village_yuan: float
    band: tuple[float, float]


def means(pack: Pack, policy: Policy) -> Means:
    """Costs and uses of the year in which the plan is made."""
    resources = tuple(pack.codes("planning_resource").ids)
    by_person = set(policy.texts("planning.by_person"))
    takers = {resource: _takers(policy, resource) for resource in resources}

    def uses(pathway: str, person: bool) -> tuple[float, ...]:
        return tuple(float(pathway in takers[resource] and (resource in by_person) == person) for resource in resources)

    pathways = tuple(
        Pathway(
            name,
            float(policy.number(f"planning.household_cost_{name}")),
            float(policy.number(f"planning.person_cost_{name}")),
            uses(name, person=False),
            uses(name, person=True),
        )
        for name in policy.texts("planning.pathways")
    )
    lacking = tuple(
        Lack(
            name,
            float(policy.number(f"planning.lack_cost_{name}")),
            tuple(float(resource == policy.text(f"planning.lack_takes_{name}")) for resource in resources),
            ("relocation",),
        )
        for name in policy.texts("planning.lacks")
    )
    share = tuple(float(policy.number(f"planning.poorest_{end}_percent")) / 100 for end in ("least", "most"))
    return Means(
        pathways,
        lacking,
        resources,
        float(policy.number("planning.late_weight")),
        float(policy.number("planning.village_year")),
        (share[0], share[1]),
    )


def _takers(policy: Policy, resource: str) -> frozenset[str]:
    """The pathways that take of a resource: none where only what is lacking does."""
    name = f"planning.takes_{resource}"
    return frozenset(policy.texts(name)) if name in policy.pack.parameters else frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What of the cards decides which pathways are open, by household.

    ``told``: its kind and causes, as a number in ``kinds``; ``household_class``: as a number in ``classes``; ``able``: members able to
    work.
    """

    told: IntArray
    kinds: Sequence[tuple[str | None, tuple[str, ...]]]
    household_class: IntArray
    classes: Sequence[str | None]
    able: IntArray


def open_pathways(facts: Facts, found: Means, policy: Policy, *, more_guaranteed: bool) -> FlagArray:
    """Households x pathways: which are open. ``more_guaranteed``: the guarantee is asked for by more than those who have nothing else."""
    names = [pathway.id for pathway in found.pathways]
    by_measure = _by_measure(policy, names)
    rows = np.stack([_of(kind, causes, by_measure, names, policy) for kind, causes in facts.kinds])
    allowed = rows[facts.told]
    able = facts.able > 0
    for name in OWN_WORK:
        if name in names:
            allowed[:, names.index(name)] &= able
    if GUARANTEE not in names:
        return allowed
    sure = names.index(GUARANTEE)
    must = np.array([kind == TWO_NONE for kind, _ in facts.kinds])[facts.told]
    supported = policy.texts("planning.guarantee_classes")
    of_class = np.array([one in supported for one in facts.classes])[facts.household_class]
    few = facts.able <= int(policy.number("planning.guarantee_able_at_most"))
    allowed[:, sure] = (allowed[:, sure] | of_class | few) & more_guaranteed
    if FALLBACK in names:
        allowed[:, names.index(FALLBACK)] |= ~allowed.any(axis=1) & able
    must |= ~allowed.any(axis=1)
    allowed[must] = False
    allowed[must, sure] = True
    return allowed


def _by_measure(policy: Policy, names: Sequence[str]) -> Mapping[str, Sequence[int]]:
    opened: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for measure in policy.texts(f"planning.suggested_by_{name}"):
            opened.setdefault(measure, []).append(place)
    return opened


def _of(
    kind: str | None,
    causes: tuple[str, ...],
    by_measure: Mapping[str, Sequence[int]],
    names: Sequence[str],
    policy: Policy,
) -> FlagArray:
    row = np.zeros(len(names), np.bool_)
    for suggestion in measures.suggested(kind, causes, policy):
        row[list(by_measure.get(suggestion.measure, ()))] = True
    return row
