"""Reads one workbook in a process of its own and hands the cells over by the pipe; started as a script by ``workbook``.

A damaged or crafted workbook can make calamine ask for absurd amounts of memory (``uniqueCount="99999999999"``), which
aborts the process that reads it: here only this child dies. It imports nothing of ours and so starts in 0.1 s; and it
reads on while the parent types what it has got.

Frames are a length of 8 bytes and a pickle. First the list of worksheets; then, for every line on stdin holding a
sheet's index and a number of rows (0: all), its properties, its rows by chunks, and None.
"""

from __future__ import annotations

import contextlib
import itertools
import pickle
import resource
import sys

import python_calamine as calamine

MEMORY = 6 * 1024**3
CHUNK_ROWS = 20_000
PASSWORD_STATUS = 3


def send(value: object) -> None:
    content = pickle.dumps(value, protocol=5)
    sys.stdout.buffer.write(len(content).to_bytes(8, "little") + content)


def send_rows(sheet: calamine.CalamineSheet, limit: int) -> None:
    """Chunks as (rows, columns): a list per column is far cheaper to pickle than one per row."""
    rows = sheet.iter_rows()
    left = limit or sys.maxsize
    while chunk := list(itertools.islice(rows, min(CHUNK_ROWS, left))):
        send((len(chunk), [list(column) for column in zip(*chunk, strict=True)]))
        left -= len(chunk)
    send(None)


def serve(path: str) -> None:
    with open(path, "rb") as stream:
        book = calamine.CalamineWorkbook.from_filelike(stream)
        metas = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        send([(meta.name, meta.visible != calamine.SheetVisibleEnum.Visible) for meta in metas])
        sys.stdout.buffer.flush()
        sheets: dict[int, calamine.CalamineSheet] = {}
        for line in sys.stdin:
            index, limit = (int(word) for word in line.split())
            if index not in sheets:
                sheets[index] = book.get_sheet_by_name(metas[index].name)
            sheet = sheets[index]
            send((sheet.start, sheet.total_height, sheet.merged_cell_ranges))
            send_rows(sheet, limit)
            sys.stdout.buffer.flush()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with contextlib.suppress(BrokenPipeError):
            serve(sys.argv[1])
    except calamine.PasswordError:
        return PASSWORD_STATUS
    except Exception as error:
        return PASSWORD_STATUS if "password" in str(error).lower() else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
