"""The figures of a scheme for a year: every source read once for all places, each figure with what it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from jiefa import snapshots
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assessment.models import Correction, CountyFigure
from jiefa.assessment.rules import refusals
from jiefa.assessment.rules.figures import Found, exact, followed, number, percent
from jiefa.evaluation.queries import results, samples
from jiefa.insight.queries import figures as snapshot_figures
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.planning.queries import done, promised
from jiefa.policy import Pack
from jiefa.policy.scheme_parts import Source
from jiefa.policy.schemes import Scheme
from jiefa.snapshots import Snapshot, SnapshotUnknown

Items = Mapping[str, Source]
Gathered = dict[tuple[str, str], Found]
"""By item and place."""
SUMMED = frozenset(("collective_income_fen",))
"""Yearly facts that villages report; of a place above they are added up."""


@dataclass(frozen=True)
class Asked:
    """Of which places and year figures are wanted, and the snapshots that speak for it and for the year before."""

    scheme: Scheme
    year: int
    places: tuple[str, ...]
    snapshot: Snapshot
    before: Snapshot | None
    pack: Pack


def assessed(scheme: Scheme, year: int) -> dict[str, str]:
    """The group of every place that the scheme assesses in a year. Raises ``NobodyAssessed``, ``PlacesUnfit``."""
    found: dict[str, str] = {}
    for places in scheme.places:
        level = Level(places.level)
        everywhere = [code for top in areas.children(None) for code in areas.codes_under(top.code, level)]
        codes = set(everywhere)
        if places.designated:
            codes &= set(areas.designated_in(places.designated, year))
        if not codes:
            raise refusals.NobodyAssessed(scheme=scheme.zh, year=year, kinds="、".join(places.designated))
        for group in scheme.groups:
            if group.level != places.level:
                continue
            if stray := sorted(set(group.codes) - codes):
                raise refusals.PlacesUnfit(scheme=scheme.zh, group=group.id, codes="、".join(stray), year=year)
            found |= dict.fromkeys(group.codes, group.id)
        rest = next(group.id for group in scheme.groups if group.level == places.level and group.rest)
        found |= {code: rest for code in codes if code not in found}
    return dict(sorted(found.items()))


def above(places: Sequence[str] | Mapping[str, str]) -> str:
    """The narrowest place that holds all of these."""
    first, last = min(places), max(places)
    lengths = sorted(LENGTH_OF_LEVEL.values(), reverse=True)
    return next(
        (first[:digits] for digits in lengths if len(first[:digits]) == digits and last.startswith(first[:digits])), ""
    )


def may_run(*, scheme: Scheme, year: int, by: Actor) -> bool:
    """Whether the actor answers for all places that the scheme assesses in a year, as running demands. Where the places are unfit: for any,
    so that running says why."""
    if not by.may(Permission.ASSESSMENT_MAKE):
        return False
    try:
        groups = assessed(scheme, year)
    except (refusals.NobodyAssessed, refusals.PlacesUnfit):
        return True
    return by.may(Permission.ASSESSMENT_MAKE, above(groups))


def speaking_for(year: int) -> tuple[Snapshot, Snapshot | None]:
    """The newest snapshot of a year and that of the year before, where there is one. Raises ``SnapshotUnknown``."""
    home = Path(settings.JIEFA_HOME)
    now = snapshots.latest(home, year)
    try:
        return now, snapshots.latest(home, year - 1)
    except SnapshotUnknown:
        return now, None


def gather(asked: Asked) -> Gathered:
    """Every figure of every item and veto of every place. The number of queries does not grow with the places."""
    by_kind: dict[str, dict[str, Source]] = defaultdict(dict)
    for item, source in asked.scheme.sources().items():
        by_kind[source.kind][item] = source
    found: Gathered = {}
    for kind, items in by_kind.items():
        found |= _READERS[kind](items, asked)
    return found | _corrected(asked, found)


def _of_snapshots(items: Items, asked: Asked) -> Gathered:
    wanted = sorted({name for one in items.values() for name in (one.name, one.of) if name})
    now = snapshot_figures.read(asked.snapshot, asked.pack, asked.places, wanted)
    grown = sorted({one.name for one in items.values() if one.how != "value"})
    earlier = {}
    if grown and asked.before is not None and snapshot_figures.has_figures(asked.before, asked.pack):
        earlier = snapshot_figures.read(asked.before, asked.pack, asked.places, grown)
    found = {}
    for item, source in items.items():
        for place in asked.places:
            one, other = now.get((place, source.name)), earlier.get((place, source.name))
            whole = now.get((place, source.of))
            value = number(one.value if one else None)
            if source.of:
                value = percent(value, number(whole.value if whole else None))
            value = followed(source.how, value, number(other.value if other else None))
            told: dict[str, object] = {"kind": "snapshot", "snapshot": asked.snapshot.id, "indicator": source.name}
            if one is not None:
                told |= {"value": one.value}
            if source.of:
                told |= {"of": source.of, "of_value": whole.value if whole else None}
            elif one is not None and one.denominator is not None:
                told |= {"numerator": str(one.numerator), "denominator": str(one.denominator)}
            if source.how != "value":
                told |= {
                    "how": source.how,
                    "before": other.value if other else None,
                    "snapshot_before": asked.before.id if asked.before else "",
                }
            found[item, place] = Found(None if value is None else exact(value), told)
    return found


def _of_facts(items: Items, asked: Asked) -> Gathered:
    years = (asked.year, asked.year - 1)
    found = {}
    for column in sorted({source.name for source in items.values()}):
        values: dict[tuple[str, int], tuple[int, str]] = {}
        if column in SUMMED:
            for digits in sorted({len(place) for place in asked.places}):
                values |= {key: (total, "") for key, total in areas.summed(digits, years, column).items()}
        else:
            rows = areas.reported(asked.places, years, column)
            values = {key: (getattr(row, column), row.source) for key, row in rows.items()}
        for item, source in items.items():
            if source.name != column:
                continue
            for place in asked.places:
                now, stated = values.get((place, asked.year), (None, ""))
                before, _stated = values.get((place, asked.year - 1), (None, ""))
                value = followed(source.how, number(now), number(before))
                told = {"kind": "facts", "column": column, "how": source.how, "value": now, "before": before}
                found[item, place] = Found(None if value is None else exact(value), told | {"source": stated})
    return found


def _of_targets(items: Items, asked: Asked) -> Gathered:
    metrics = sorted({source.name for source in items.values()})
    told = {(one.area_code, one.metric): one for one in promised.newest_of(asked.places, [asked.year])}
    counted: dict[tuple[str, str], int] = {}
    for digits in sorted({len(place) for place in asked.places}):
        within = Scope.over(place for place in asked.places if len(place) == digits)
        months = done.by_month(within, [asked.year], digits, metrics)
        counted |= {(place, metric): sum(row) for (place, metric, _year), row in months.items()}
    found = {}
    for item, source in items.items():
        for place in asked.places:
            target = told.get((place, source.name))
            reached = counted.get((place, source.name), 0) if source.name in done.COUNTED else None
            value = percent(number(reached), number(target.value if target else None))
            kept = {
                "kind": "target",
                "metric": source.name,
                "done": reached,
                "target": target.value if target else None,
            }
            document = target.document if target else ""
            found[item, place] = Found(None if value is None else exact(value), kept | {"document": document})
    return found


def _of_evaluations(items: Items, asked: Asked) -> Gathered:
    newest = samples.concluded_in(asked.places, asked.year)
    estimated = results.estimates_of(list(newest.values()), asked.pack)
    found = {}
    for item, source in items.items():
        for place in asked.places:
            sample = newest.get(place)
            told: dict[str, object] = {"kind": "evaluation", "measure": source.name, "complement": source.complement}
            value = None
            if sample is not None:
                one = next(one for one in estimated[sample.pk] if one.measure == source.name)
                told |= {"sample": sample.pk, "households": one.households, "people": one.people}
                told |= {name: asdict(one)[name] for name in ("value", "ci_low", "ci_high")}
                share = percent(number(one.value), number(1))
                value = share if share is None or not source.complement else 100 - share
            found[item, place] = Found(None if value is None else exact(value), told)
    return found


def _of_typed(items: Items, asked: Asked) -> Gathered:
    names = sorted({source.name for source in items.values()})
    rows = CountyFigure.objects.filter(year=asked.year, figure__in=names, area_code__in=asked.places)
    last = rows.order_by().values("area_code", "figure").annotate(last=Max("id")).values("last")
    newest = {(one.area_code, one.figure): one for one in CountyFigure.objects.filter(pk__in=last)}
    found = {}
    for item, source in items.items():
        for place in asked.places:
            one = newest.get((place, source.name))
            told: dict[str, object] = {"kind": "typed", "figure": source.name}
            if one is not None:
                told |= {"number": one.pk, "source": one.source}
            found[item, place] = Found(None if one is None else exact(Fraction(one.value)), told)
    return found


def _corrected(asked: Asked, found: Gathered) -> Gathered:
    """Figures that appeals put right; what stood before stays beside them. A figure that an item and a veto share is put right for both."""
    rows = Correction.objects.filter(scheme=asked.scheme.id, year=asked.year, area_code__in=asked.places)
    sources = asked.scheme.sources()
    newest = {
        (item, one.area_code): one
        for one in rows.order_by("pk")
        for item, source in sources.items()
        if source == sources.get(one.item)
    }
    return {
        key: Found(
            exact(Fraction(one.value)),
            {
                "kind": "correction",
                "dossier": one.dossier_id,
                "instead": None if found[key].value is None else str(found[key].value),
                "was": dict(found[key].source),
            },
        )
        for key, one in newest.items()
        if key in found
    }


_READERS: Mapping[str, Callable[[Items, Asked], Gathered]] = {
    "snapshot": _of_snapshots,
    "facts": _of_facts,
    "target": _of_targets,
    "evaluation": _of_evaluations,
    "typed": _of_typed,
}
