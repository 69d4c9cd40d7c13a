"""A workbook as sheets of rows, whoever reads it: the parent's side of ``calamine_child``."""

from __future__ import annotations

import pickle
import subprocess
import sys
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiefa.sheets import calamine_child, errors

Columns = tuple[int, list[list[object]]]
"""Some consecutive rows: how many, and their cells column by column."""

Range = tuple[tuple[int, int], tuple[int, int]]
WAIT_SECONDS = 10


@dataclass(frozen=True)
class SheetShape:
    """``start``: first used cell, 0-based; the rows given begin with row 0 and with the column of ``start``."""

    start: tuple[int, int] | None
    total_height: int
    merged: list[Range] | None


class Workbook:
    """Open until it is forgotten. Every method raises ``SheetsError`` when the child cannot read the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        command = [sys.executable, "-I", str(Path(calamine_child.__file__)), str(path)]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._reading: int | None = None
        weakref.finalize(self, _end, self._child)
        self.sheets: list[tuple[str, bool]] = self._receive()
        """Name and whether hidden, in order."""

    def rows(self, index: int, limit: int = 0) -> tuple[SheetShape, Iterator[Columns]]:
        """The sheet's shape, and its rows (``limit`` of them, 0 for all) by chunks. One sheet is read at a time."""
        assert self._child.stdin is not None
        self._drain()
        try:
            self._child.stdin.write(f"{index} {limit}\n".encode())
            self._child.stdin.flush()
        except OSError as error:
            raise self._failure() from error
        self._reading = index
        shape = SheetShape(*self._receive())
        return shape, self._chunks()

    def _chunks(self) -> Iterator[Columns]:
        while self._reading is not None:
            chunk = self._receive()
            if chunk is None:
                self._reading = None
                return
            yield chunk

    def _drain(self) -> None:
        for _ in self._chunks():
            pass

    def _receive(self) -> Any:
        assert self._child.stdout is not None
        head = self._child.stdout.read(8)
        length = int.from_bytes(head, "little")
        content = self._child.stdout.read(length) if len(head) == 8 else b""
        if len(head) < 8 or len(content) < length:
            raise self._failure()
        return pickle.loads(content)

    def _failure(self) -> errors.SheetsError:
        self._reading = None
        try:
            status = self._child.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            status = -1
        if status == calamine_child.PASSWORD_STATUS:
            return errors.PasswordProtected(file=self.path.name)
        return errors.CorruptFile(file=self.path.name, reason="workbook")


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    child.wait()
