"""From ways to a picture: what came into a place by source, through which offices, to whom, and what lies where.

Every fen that came in leaves by a band: to another office, a project, a payee, or as what still lies; none is dropped. Bands may
come to less than nothing where more went back than came (money returned in a later year): they are said, not drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jiefa.funds.rules.rows import HOLDER, OUTSIDE, PAYEE, PROJECT, SOURCE

WAY = pa.schema(
    [
        ("year", pa.int64()),
        ("source", pa.string()),
        ("from_kind", pa.string()),
        ("from_level", pa.int64()),
        ("from_inside", pa.bool_()),
        ("from_home", pa.bool_()),
        ("to_kind", pa.string()),
        ("to_level", pa.int64()),
        ("to_inside", pa.bool_()),
        ("to_home", pa.bool_()),
        ("fen", pa.int64()),
        ("transfers", pa.int64()),
    ]
)
"""Transfers between two kinds of sides: ``…_level`` in digits of the place, ``…_inside`` the place asked for, ``…_home`` a household."""


def ways(transfers: ir.Table, code: str) -> ir.Table:
    """What moved in a place or into and out of it, summed by ``WAY``, from the transfers of a snapshot (``rules.tables``)."""
    placed = transfers.filter(transfers.from_code.startswith(code) | transfers.to_code.startswith(code))
    laid = placed.select(
        "source",
        "from_kind",
        "to_kind",
        "fen",
        year=placed.year.cast("int64"),
        from_level=placed.from_code.length().cast("int64"),
        from_inside=placed.from_code.startswith(code),
        from_home=placed.from_household.notnull(),
        to_level=placed.to_code.length().cast("int64"),
        to_inside=placed.to_code.startswith(code),
        to_home=placed.to_household.notnull(),
    )
    keys = [name for name in WAY.names if name not in ("fen", "transfers")]
    summed = laid.group_by(keys).aggregate(fen=laid.fen.sum().cast("int64"), transfers=ibis._.count())
    return summed.select(*WAY.names).order_by(keys)


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A stop of the money: ``kind`` is ``source`` (``code``: whose), ``holder`` (``level``: of offices), ``project``, ``unit``,
    ``household``, or ``lies`` with the kind of account in which it lies."""

    rank: int
    kind: str
    code: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """Fen that went from one stop to the next, what came back taken off; of how many transfers."""

    payer: Node
    receiver: Node
    fen: int
    transfers: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What came into a place by source, and every band; both sides of every stop are the same to the fen."""

    came: dict[Node, int]
    bands: list[Band]

    @property
    def came_fen(self) -> int:
        return sum(self.came.values())

    def ended(self, kind: str) -> int:
        """Fen of all bands that end with a kind of stop."""
        return sum(band.fen for band in self.bands if band.receiver.kind == kind)


_RANKS = {SOURCE: 0, HOLDER: 10, PROJECT: 40, "unit": 50, "household": 50, "lies": 60}


def _node(way: Mapping[str, object], side: str) -> Node:
    kind, level = str(way[f"{side}_kind"]), int(str(way[f"{side}_level"]))
    if kind in (OUTSIDE, SOURCE) or not way[f"{side}_inside"]:
        # What comes from above came, from here, from its source.
        return Node(_RANKS[SOURCE], SOURCE, str(way["source"]))
    if kind == HOLDER:
        return Node(_RANKS[HOLDER] + level, HOLDER, "", level)
    if kind == PAYEE:
        kind = "household" if way[f"{side}_home"] else "unit"
    return Node(_RANKS[kind], kind)


def picture(found: Iterable[Mapping[str, object]]) -> Picture:
    """The picture of ways (``WAY``), of one fund year or of all that are given."""
    came: Counter[Node] = Counter()
    between: Counter[tuple[Node, Node]] = Counter()
    counts: Counter[tuple[Node, Node]] = Counter()
    for way in found:
        payer, receiver, fen = _node(way, "from"), _node(way, "to"), int(str(way["fen"]))
        # It came in when it crossed the border of the place: from the world outside into a source, or from above.
        if way["to_inside"] and not way["from_inside"]:
            came[receiver if receiver.kind == SOURCE else payer] += fen
        elif way["from_inside"] and not way["to_inside"]:
            came[payer if payer.kind == SOURCE else receiver] -= fen
        if payer == receiver:
            continue
        forward = payer < receiver
        key = (payer, receiver) if forward else (receiver, payer)
        between[key] += fen if forward else -fen
        counts[key] += int(str(way["transfers"]))
    bands = [Band(*key, fen, counts[key]) for key, fen in between.items() if fen]
    bands += _lying(came, bands)
    return Picture(
        {node: fen for node, fen in sorted(came.items()) if fen},
        sorted(bands, key=lambda band: (band.payer, band.receiver)),
    )


def _lying(came: Mapping[Node, int], bands: Collection[Band]) -> list[Band]:
    """What has not left a stop yet, as a band of its own."""
    left: Counter[Node] = Counter(came)
    for band in bands:
        left[band.payer] -= band.fen
        left[band.receiver] += band.fen
    return [
        Band(node, Node(_RANKS["lies"] + node.rank, "lies", node.kind, node.level), fen, 0)
        for node, fen in sorted(left.items())
        if fen and node.kind in (SOURCE, HOLDER, PROJECT)
    ]


Stop = frozenset[int]
"""Pots that are one stop on a way back: through which of several the money came is not known."""


def back(paid: Iterable[tuple[int, int, int]], feeders: Mapping[int, Collection[int]]) -> list[tuple[Stop, Stop, int]]:
    """``(from, to, fen)``: the way back to the source of what pots of one origin were paid.

    ``paid``: pot that paid, pot that was paid, fen. ``feeders``: by pot those that gave to it. Money inside a pot is money:
    where several fed one they are one stop together, through which all of it came. What comes round again is not followed twice.
    """
    edges: Counter[tuple[Stop, Stop]] = Counter()
    for payer, receiver, fen in paid:
        stop, seen = frozenset((payer,)), {payer, receiver}
        edges[stop, frozenset((receiver,))] += fen
        while given := frozenset(one for pot in stop for one in feeders.get(pot, ()) if one not in seen):
            edges[given, stop] += fen
            stop, seen = given, seen | given
    return [(payer, receiver, fen) for (payer, receiver), fen in edges.items() if fen]
