"""A proposal of who answers for whom: the cheapest flow from households over villages, townships and the county to cadres.

Costs, in this order: nobody is worst, then a load beyond what is pointed out, then far away instead of near, then a change
of a helper who could stay. Loads are balanced because every further slice of a cadre's households costs more.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from jiefa.kernel.division_codes import is_inside
from jiefa.kernel.errors import JiefaError

NOBODY = 100_000
CHANGE = 60
VILLAGE, PAIRED, TOWNSHIP, COUNTY = 0, 8, 20, 45
"""What it costs to be answered for by somebody of the village's team, of a unit paired with it, of the township, of the county."""
ABOVE_RANK, ABOVE_WARN, SLICE = 50, 400, 5
"""A household beyond what the rank carries, beyond what is pointed out; households in a slice, each dearer than the one before by 4."""
SLICE_COST = 4


class NoProposal(JiefaError):
    code = "responsibility.no_proposal"
    zh = "“{place}”的安排建议没有算出来（{status}）。请缩小范围后再试，或联系系统管理员。"
    en = "No proposal came out for {place} ({status}). Try a smaller place, or tell the administrator."


@dataclass(frozen=True, slots=True)
class Home:
    """A household to be answered for, and who answers for it now."""

    key: int
    village: str
    present: int | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """A cadre who may answer: where posted, the village served in a team ('' for none), places paired with the unit.

    ``already``: households elsewhere for which the cadre answers and goes on to.
    """

    key: int
    area: str
    carries: int
    village: str = ""
    paired: frozenset[str] = frozenset()
    already: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """Who should answer for a household and why: ``stays``, ``village``, ``paired``, ``township``, ``county``; nobody: ``none``."""

    household: int
    cadre: int | None
    why: str


class _Network:
    """Arcs between named nodes with cost and room; solved as the linear programme of a flow, whose corners are whole numbers."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, object], int] = {}
        self._supply: dict[int, int] = {}
        self._from: list[int] = []
        self._to: list[int] = []
        self._cost: list[int] = []
        self._room: list[int] = []

    def _row(self, node: tuple[str, object]) -> int:
        return self._rows.setdefault(node, len(self._rows))

    def supply(self, node: tuple[str, object], count: int) -> None:
        self._supply[self._row(node)] = count

    def arc(self, start: tuple[str, object], end: tuple[str, object] | None, cost: int, room: int) -> int:
        """The number of the arc; without an end it leaves the network."""
        self._from.append(self._row(start))
        self._to.append(-1 if end is None else self._row(end))
        self._cost.append(cost)
        self._room.append(room)
        return len(self._cost) - 1

    def flow(self, place: str) -> list[int]:
        """The cheapest flow along each arc. Raises ``NoProposal``."""
        count, rows = len(self._cost), len(self._rows)
        if count == 0:
            return []
        starts, ends = np.array(self._from), np.array(self._to)
        both = ends >= 0
        each = 1 + both.astype(np.int64)
        begins = np.concatenate(([0], np.cumsum(each)))
        index = np.empty(begins[-1], np.int32)
        value = np.empty(begins[-1], np.float64)
        index[begins[:-1]], value[begins[:-1]] = starts, 1.0
        index[begins[:-1][both] + 1], value[begins[:-1][both] + 1] = ends[both], -1.0
        wanted = np.zeros(rows)
        for row, supply in self._supply.items():
            wanted[row] = supply
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, rows
        model.col_cost_ = np.array(self._cost, np.float64)
        model.col_lower_, model.col_upper_ = np.zeros(count), np.array(self._room, np.float64)
        model.row_lower_ = model.row_upper_ = wanted
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = begins.astype(np.int32), index, value
        # ``Highs`` itself says its name on the output as it is made, in the middle of what a command answers.
        solver = highspy.Highs.__mro__[1]()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("solver", "simplex")
        solver.setOptionValue("threads", 1)
        solver.passModel(model)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NoProposal(place=place, status=solver.modelStatusToString(status))
        return [round(amount) for amount in solver.getSolution().col_value]


def propose(place: str, homes: Sequence[Home], carriers: Sequence[Carrier], warn: int, most: int) -> list[Proposed]:
    """One proposal per household, by key; nobody carries more than ``most`` with what is carried elsewhere. Raises ``NoProposal``."""
    by_key = {one.key: one for one in carriers}
    network = _Network()
    groups: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for home in sorted(homes, key=lambda one: one.key):
        groups[home.village, home.present if home.present in by_key else None].append(home.key)
    total = len(homes)
    stays: dict[tuple[str, int | None], int] = {}
    moves: dict[tuple[str, int | None], int] = {}
    for (village, present), own in groups.items():
        node = ("group", (village, present))
        network.supply(node, len(own))
        network.arc(node, None, NOBODY, len(own))
        moves[village, present] = network.arc(node, ("village", village), 0 if present is None else CHANGE, len(own))
        if present is not None:
            stays[village, present] = network.arc(node, ("cadre", present), 0, len(own))
    near = _near(network, {village for village, _ in groups}, carriers, total)
    for one in carriers:
        for room, cost in _slices(one.carries, one.already, warn, most):
            network.arc(("cadre", one.key), None, cost, room)
    return _told(groups, stays, moves, near, network.flow(place))


@dataclass(frozen=True, slots=True)
class _Near:
    """The arcs that lead to cadres: of a village by why, of a township, of the county; and those up to the next level."""

    of_village: Mapping[str, list[tuple[int, int, str]]]
    up: Mapping[str, int]
    of_township: Mapping[str, list[tuple[int, int]]]
    further: Mapping[str, int]
    of_county: Sequence[tuple[int, int]]


def _near(network: _Network, villages: Iterable[str], carriers: Sequence[Carrier], total: int) -> _Near:
    serving: dict[str, list[int]] = defaultdict(list)
    paired: dict[str, list[int]] = defaultdict(list)
    posted: dict[str, list[int]] = defaultdict(list)
    for one in carriers:
        if one.village:
            serving[one.village].append(one.key)
        for area in one.paired:
            paired[area].append(one.key)
        if len(one.area) >= 9:
            posted[one.area[:9]].append(one.key)
    of_village, up = {}, {}
    wanted = sorted(villages)
    for village in wanted:
        node = ("village", village)
        arcs = [(key, network.arc(node, ("cadre", key), VILLAGE, total), "village") for key in serving[village]]
        units = [key for area, keys in paired.items() if is_inside(village, area) for key in keys]
        arcs += [(key, network.arc(node, ("cadre", key), PAIRED, total), "paired") for key in units]
        of_village[village] = arcs
        up[village] = network.arc(node, ("township", village[:9]), TOWNSHIP, total)
    of_township, further = {}, {}
    for township in sorted({village[:9] for village in wanted}):
        node = ("township", township)
        of_township[township] = [(key, network.arc(node, ("cadre", key), 0, total)) for key in posted[township]]
        further[township] = network.arc(node, ("county", ""), COUNTY - TOWNSHIP, total)
    of_county = [(one.key, network.arc(("county", ""), ("cadre", one.key), 0, total)) for one in carriers]
    return _Near(of_village, up, of_township, further, of_county)


def _slices(carries: int, already: int, warn: int, most: int) -> list[tuple[int, int]]:
    """``(households, cost of each)``: ever dearer, and dearer still beyond the rank and beyond what is pointed out."""
    slices: list[tuple[int, int]] = []
    at = already
    while at < most:
        limit = next((edge for edge in (carries, warn, most) if at < edge), most)
        room = min(SLICE, min(limit, most) - at)
        beyond = ABOVE_WARN if at >= warn else ABOVE_RANK if at >= carries else 0
        slices.append((room, beyond + SLICE_COST * (at // SLICE)))
        at += room
    return slices


def _told(
    groups: Mapping[tuple[str, int | None], Sequence[int]],
    stays: Mapping[tuple[str, int | None], int],
    moves: Mapping[tuple[str, int | None], int],
    near: _Near,
    flow: Sequence[int],
) -> list[Proposed]:
    """The flow taken apart again: who stays first, then by village, township and county; whoever is left has nobody."""
    found: list[Proposed] = []
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for group, own in groups.items():
        village, present = group
        keep = flow[stays[group]] if group in stays else 0
        move = flow[moves[group]]
        found += [Proposed(key, present, "stays") for key in own[:keep]]
        waiting[village].extend(own[keep : keep + move])
        found += [Proposed(key, None, "none") for key in own[keep + move :]]
    townships: dict[str, deque[int]] = defaultdict(deque)
    for village, arcs in near.of_village.items():
        for cadre, arc, why in arcs:
            found += [Proposed(waiting[village].popleft(), cadre, why) for _ in range(flow[arc])]
        townships[village[:9]].extend(waiting[village])
    county: deque[int] = deque()
    for township, pairs in near.of_township.items():
        for cadre, arc in pairs:
            found += [Proposed(townships[township].popleft(), cadre, "township") for _ in range(flow[arc])]
        county.extend(townships[township])
    for cadre, arc in near.of_county:
        found += [Proposed(county.popleft(), cadre, "county") for _ in range(flow[arc])]
    return sorted(found, key=lambda one: one.household)
