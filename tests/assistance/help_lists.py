"""Lists of programmes as offices send them: small files with the headers of the pack's forms."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from tests.procedures.people import People

from jiefa.casework import lists
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack


def written(folder: Path, header: Sequence[str], *rows: Sequence[object], name: str = "名单.csv") -> Path:
    """The file with this header and these rows."""
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return file


def staged(file: Path, kind: str, people: People, pack: Pack) -> ReceivedList:
    """The list as Wang of the county sends it in."""
    return lists.stage(file=file, name=file.name, kind=kind, by=people.wang, pack=pack)


def taken(file: Path, kind: str, people: People, pack: Pack) -> ReceivedList:
    """The list as Zhou of the county then accepts it."""
    return lists.accept(list_id=staged(file, kind, people, pack).pk, by=people.zhou, pack=pack)
