"""What readers look at: counties, households, parts of names; and all that the pages show computed beforehand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.models import Max, Min

from jiefa import policy, snapshots
from jiefa.insight.actions import figures as product
from jiefa.insight.actions import findings
from jiefa.registry.models import Household, Person
from jiefa.registry.queries import readout

HOUSEHOLDS, NAMES = 400, 60


def publish(years: Sequence[int]) -> dict[str, Any]:
    """Violations and figures of each year's snapshot, and the findings of the last year on file."""
    call_command("migrate", verbosity=0)  # the records may be those of an earlier version
    pack = policy.load()
    answer: dict[str, Any] = {}
    for year in years:
        snapshot = snapshots.latest(Path(settings.JIEFA_HOME), year)
        found = product.violations(snapshot, pack)
        product.figures(snapshot, pack)
        if year == max(years):
            opened, mended = findings.follow(year=year, violations=found, snapshot=snapshot.id, pack=pack)
            answer = {"opened": opened, "mended": mended}
    return answer


def choose(year: int, seed: int) -> dict[str, Any]:
    """Counties with cards, keys of households and parts of names at random."""
    chance = random.Random(seed)
    return {
        "counties": sorted(readout.counties(year)),
        "households": _some(Household, chance, HOUSEHOLDS),
        "names": _parts(chance),
    }


def _some(model: type[Household] | type[Person], chance: random.Random, count: int) -> list[int]:
    span = model.objects.aggregate(low=Min("pk"), high=Max("pk"))
    keys = [chance.randint(span["low"], span["high"]) for _ in range(2 * count)]
    return list(model.objects.filter(pk__in=keys).values_list("pk", flat=True))[:count]


def _parts(chance: random.Random) -> list[str]:
    names = Person.objects.filter(pk__in=_some(Person, chance, NAMES)).values_list("name", flat=True)
    parts = []
    for place, name in enumerate(names):
        length = 1 + place % 3
        at = chance.randrange(max(1, len(name) - length + 1))
        parts.append(name[at : at + length])
    return sorted(set(parts))
