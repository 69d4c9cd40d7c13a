"""How results are shown: JSON for programs, tables and progress for people. Nothing here decides."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from jiefa.kernel.errors import terminal_language

OUT = Console(soft_wrap=True)
SAID = Console(stderr=True, soft_wrap=True)


def words(zh: str, en: str) -> str:
    """The text in the terminal's language."""
    return zh if terminal_language() == "zh" else en


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def as_json(result: object) -> None:
    """``result`` as JSON on standard output, nothing else."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, default=_plain) + "\n")


def as_table(rows: Sequence[Mapping[str, object]], columns: Sequence[tuple[str, str]], empty: str) -> None:
    """``rows`` as a table with ``columns`` of (key, heading); ``empty`` where there are none."""
    if not rows:
        OUT.print(empty)
        return
    table = Table(box=None, header_style="bold")
    for key, heading in columns:
        number = all(isinstance(row[key], int | float | Decimal | None) for row in rows)
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(row[key]) if key in PLAIN_NUMBERS else _cell(row[key]) for key, _ in columns))
    OUT.print(table)


PLAIN_NUMBERS = frozenset(("year", "batch", "seq", "dossier", "campaign", "lead", "case", "loan", "letter"))


def _cell(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)


@contextmanager
def steps(quiet: bool, labels: Mapping[str, str]) -> Iterator[Callable[[str], None]]:
    """A spinner on a terminal that names the step under way; silent for programs."""
    if quiet or not SAID.is_terminal:
        yield lambda step: None
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=SAID) as progress:
        task = progress.add_task("…")
        yield lambda step: progress.update(task, description=labels.get(step, step))


@contextmanager
def counting(quiet: bool, label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal that fills as ``(done, total)`` comes in."""
    if quiet or not SAID.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=SAID) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
