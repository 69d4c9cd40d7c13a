"""Which counts may be told to everybody: none that is small, none that follows from the others.

A cell is hidden where any of its counts is below the least number. Whoever knows the sum can take the other cells off it;
so as many more are hidden, the smallest first, until those hidden are at least two and together reach the least number too.
"""

from __future__ import annotations

from collections.abc import Sequence

Counts = tuple[int, ...]
"""What must not be small in a cell: a count; of a part, the part and the rest of its whole."""


def hidden(cells: Sequence[Counts], least: int, forced: Sequence[bool] | None = None) -> list[bool]:
    """Which cells are not told. ``forced``: those that are not told whatever they hold."""
    must = forced or [False] * len(cells)
    hide = [held or any(count < least for count in cell) for cell, held in zip(cells, must, strict=True)]
    by_size = sorted(range(len(cells)), key=lambda place: (min(cells[place], default=0), place))
    for place in by_size:
        if _is_safe(cells, hide, least):
            break
        hide[place] = True
    return hide


def _is_safe(cells: Sequence[Counts], hide: Sequence[bool], least: int) -> bool:
    inside = [cell for cell, held in zip(cells, hide, strict=True) if held]
    if not inside:
        return True
    return len(inside) > 1 and all(sum(column) >= least for column in zip(*inside, strict=True))


def told(cells: Sequence[Counts], least: int, forced: Sequence[bool] | None = None) -> tuple[list[bool], bool]:
    """Which cells may be told, and whether their sum may."""
    hide = hidden(cells, least, forced)
    whole = [sum(column) for column in zip(*cells, strict=True)]
    return [not held for held in hide], all(count >= least for count in whole) and _is_safe(cells, hide, least)
