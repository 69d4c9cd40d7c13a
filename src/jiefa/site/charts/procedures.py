"""A procedure as a picture: a column of boxes, ways back at the left, ways out at the right; narrow enough for a phone.

Geometry only, in units of one CSS pixel: words and rails come in, boxes and paths go out to the SVG template.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiefa.procedures.drawing import Rail, Tracks

BOX, GAP, MARGIN, TRACK = 224, 26, 10, 15
"""Width of a box, space between boxes, outer margin, distance between two rails."""
PAD, TITLE_LINE, SUB_LINE = 11, 19, 16
TITLE_UNITS, SUB_UNITS = 24.0, 30.0
"""How many half-width characters fit on a line of the title and of the words below it."""
TURN, PORT = 7, 7
"""Radius of a rail's corners; distance of a way in or out from the middle of a box's side."""


@dataclass(frozen=True, slots=True)
class Station:
    """A step or an end in words. ``kind``: ``step`` or the outcome of an end; ``mark``: where a dossier is, ``done`` or ``now``."""

    id: str
    title: str
    sub: str
    kind: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its baseline."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its text. ``number``: of a step; empty for an end."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    mark: str
    number: str
    titles: tuple[Line, ...]
    subs: tuple[Line, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def number_x(self) -> float:
        return self.x + 20

    @property
    def text_x(self) -> float:
        return self.x + (40 if self.number else 16)


@dataclass(frozen=True, slots=True)
class Path:
    """A line with an arrow at its end, in the colour of a decision."""

    d: str
    decision: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything that the SVG draws."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]


def units(text: str) -> float:
    """The width of ``text`` in half-width characters."""
    return sum(2.0 if unicodedata.east_asian_width(character) in "WF" else 1.0 for character in text)


def wrapped(text: str, limit: float) -> list[str]:
    """``text`` in lines of at most ``limit`` units, broken at blanks where there are any."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and units(line + word.rstrip()) > limit:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _words(text: str) -> list[str]:
    """Pieces that a line may break between: words with the blank after them, Chinese characters one by one."""
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if wide or not pieces or pieces[-1].endswith(" ") or units(pieces[-1][-1]) > 1:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def diagram(stations: Sequence[Station], ways: Tracks) -> Diagram:
    """The picture of a procedure whose stations stand in the order of the drawing."""
    left = MARGIN + TRACK * (1 + max((rail.track for rail in ways.left), default=-1))
    boxes: dict[str, Box] = {}
    y = float(MARGIN)
    for number, station in enumerate(stations, start=1):
        box = _box(station, left, y, str(number) if station.kind == "step" else "")
        boxes[station.id] = box
        y += box.height + GAP
    right = MARGIN + TRACK * (1 + max((rail.track for rail in ways.right), default=-1))
    paths = [*_outward(ways.right, boxes), *_back(ways.left, boxes), *_down(ways.straight, boxes)]
    return Diagram(left + BOX + right, y - GAP + MARGIN, tuple(boxes.values()), tuple(paths))


def _box(station: Station, x: float, y: float, number: str) -> Box:
    titles = wrapped(station.title, TITLE_UNITS)
    subs = wrapped(station.sub, SUB_UNITS) if station.sub else []
    height = 2 * PAD + TITLE_LINE * len(titles) + SUB_LINE * len(subs) - 2
    first = y + PAD + TITLE_LINE - 6
    lines = tuple(Line(first + TITLE_LINE * n, text) for n, text in enumerate(titles))
    below = first + TITLE_LINE * len(titles) - 2
    return Box(
        x=x,
        y=y,
        width=BOX,
        height=height,
        kind=station.kind,
        mark=station.mark,
        number=number,
        titles=lines,
        subs=tuple(Line(below + SUB_LINE * n, text) for n, text in enumerate(subs)),
    )


def _down(straight: Sequence[tuple[str, str]], boxes: Mapping[str, Box]) -> list[Path]:
    return [
        Path(f"M{boxes[a].centre:g} {boxes[a].y + boxes[a].height:g}V{boxes[b].y - 1:g}", "approve")
        for a, b in straight
    ]


def _back(rails: Sequence[Rail], boxes: Mapping[str, Box]) -> list[Path]:
    paths = []
    for rail in rails:
        target = boxes[rail.target]
        x, edge = target.x - TRACK * (rail.track + 1), target.x
        for source in rail.sources:
            leave, enter = boxes[source].middle - PORT, target.middle + PORT
            paths.append(
                Path(
                    f"M{edge:g} {leave:g}H{x + TURN:g}Q{x:g} {leave:g} {x:g} {leave - TURN:g}"
                    f"V{enter + TURN:g}Q{x:g} {enter:g} {x + TURN:g} {enter:g}H{edge - 1:g}",
                    rail.decision,
                )
            )
    return paths


def _outward(rails: Sequence[Rail], boxes: Mapping[str, Box]) -> list[Path]:
    paths = []
    for rail in rails:
        target = boxes[rail.target]
        edge = target.x + target.width
        x = edge + TRACK * (rail.track + 1)
        for source in rail.sources:
            leave, enter = boxes[source].middle + PORT, target.middle - PORT
            if rail.decision == "withdraw":
                # Two ways out of one step must not run on the same line.
                leave += PORT
            paths.append(
                Path(
                    f"M{edge:g} {leave:g}H{x - TURN:g}Q{x:g} {leave:g} {x:g} {leave + TURN:g}"
                    f"V{enter - TURN:g}Q{x:g} {enter:g} {x - TURN:g} {enter:g}H{edge + 1:g}",
                    rail.decision,
                )
            )
    return paths
