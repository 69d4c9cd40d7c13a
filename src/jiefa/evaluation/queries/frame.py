"""What there is to draw from: the villages of a place with their households, all of it as a snapshot froze it.

Households on file are those that left poverty, and those still in it. Households on no file are known by their number alone: rural
households that the office reported of the village and year, less those on file; a village of which nothing was reported has none in
the frame, which is counted and told. Villages are poor ones or others, as designated in the year: one that left poverty stays one as
long as the list that named it holds. How far they lie is what the cards of their households say of the way to the next market, on the
average. Nothing comes from the records of today: whoever has snapshot and seed draws the same again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from jiefa.evaluation.rules.drawing import Homes, Part, Village
from jiefa.insight.rules.codes import IN_POVERTY
from jiefa.snapshots import Snapshot

POOR, OTHER = "poor", "other"
EXITED = "exited"


@dataclass(frozen=True)
class Frame:
    """``unknown``: villages of which the number of rural households is not known; ``short``: where more are on file than reported."""

    villages: tuple[Village, ...]
    unknown: tuple[str, ...]
    short: tuple[str, ...]

    def plain(self) -> dict[str, object]:
        counts = dict.fromkeys((POOR, OTHER), 0)
        for village in self.villages:
            counts[village.kind] += 1
        return {
            "villages": counts,
            Part.EXITED.value: sum(village.exited for village in self.villages),
            Part.POOR.value: sum(village.poor for village in self.villages),
            Part.OUTSIDE.value: sum(village.outside or 0 for village in self.villages),
            "outside_unknown": len(self.unknown),
            "outside_short": len(self.short),
            "distance_unknown": sum(village.km is None for village in self.villages),
        }


def frame(snapshot: Snapshot, code: str) -> Frame:
    """The frame of the place ``code``: its villages by code."""
    on_file = _counted(snapshot, code)
    facts = _facts(snapshot, code)
    settled = (village for village, (exited, poor, _km) in on_file.items() if exited or poor)
    villages, unknown, short = [], [], []
    for village in sorted({*facts, *settled}):
        exited, poor, km = on_file.get(village, (0, 0, None))
        kind, reported = facts.get(village, (OTHER, None))
        outside = None
        if reported is None:
            unknown.append(village)
        else:
            outside = reported - exited - poor
            if outside < 0:
                short.append(village)
                outside = 0
        villages.append(Village(village, kind, exited, poor, outside, km))
    return Frame(tuple(villages), tuple(unknown), tuple(short))


def _counted(snapshot: Snapshot, code: str) -> dict[str, tuple[int, int, float | None]]:
    """By village how many households left poverty, how many are in it, and the mean distance to the next market, in km, of all cards
    that state one."""
    cards = snapshot.table("households")
    inside = cards.filter(cards.village_code.startswith(code))
    rows = inside.group_by("village_code").agg(
        exited=((inside.poverty_status == EXITED) & (inside["size"] > 0)).sum(),
        poor=(inside.poverty_status.isin(IN_POVERTY) & (inside["size"] > 0)).sum(),
        km=inside.market_distance_km.cast("float64").mean(),
    )
    found = rows.to_pyarrow().select(["village_code", "exited", "poor", "km"]).to_pydict().values()
    # Sums of several threads differ in their last digits, and the draw is to be the same again.
    return {
        village: (exited or 0, poor or 0, None if km is None else round(km, 6))
        for village, exited, poor, km in zip(*found, strict=True)
    }


def homes(snapshot: Snapshot, villages: Collection[str]) -> dict[str, Homes]:
    """The households on file of these ``villages``, those of each by key."""
    cards = snapshot.table("households")
    wanted = cards.poverty_status.isin([EXITED, *IN_POVERTY])
    rows = (
        cards.filter(wanted, cards.village_code.isin(list(villages)), cards["size"] > 0)
        .select("village_code", "household_id", "poverty_status")
        .order_by("household_id")
        .to_pyarrow()
    )
    found: dict[str, Homes] = defaultdict(Homes)
    for village, household, status in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
        (found[village].exited if status == EXITED else found[village].poor).append(household)
    return found


def _facts(snapshot: Snapshot, code: str) -> dict[str, tuple[str, int | None]]:
    """By village its kind and how many rural households its office reported in the year."""
    facts = snapshot.table("villages")
    inside = facts.filter(facts.village_code.startswith(code))
    rows = (
        inside.select("village_code", "poor_village", "rural_registered_households").to_pyarrow().to_pydict().values()
    )
    return {village: (POOR if poor else OTHER, reported) for village, poor, reported in zip(*rows, strict=True)}
