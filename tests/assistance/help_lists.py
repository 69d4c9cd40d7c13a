"""Lists of programmes as offices send them: small files with the headers of the pack's forms."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.procedures.people import People

from jiefa.casework import lists
from jiefa.lists.models import ReceivedList
from jiefa.policy import Pack
from jiefa.policy.pack import DEFAULT_FOLDER


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


def other_province(folder: Path) -> Path:
    """The folder of a pack that adds a programme and an indicator of it, as data alone; its list has ``SOLAR`` as header."""
    pack = folder / "pack"
    shutil.copytree(DEFAULT_FOLDER, pack)
    (pack / "programmes" / "solar.yaml").write_text(
        """programmes:
  - id: solar
    zh: 光伏扶贫
    en: Solar panels
    reference: 试验
    from: 2015-01-01
    about: household
    amount: paid
    stages: [{id: built, zh: 已建成, en: Built, field: built_on}]
    fields:
      - {id: paid, zh: 分红, en: Dividend, type: money, unit: yuan, note_zh: 当年, note_en: Of the year}
      - {id: built_on, zh: 建成日期, en: Built on, type: date, note_zh: 并网, note_en: Grid}
""",
        encoding="utf-8",
    )
    (pack / "indicators" / "solar.yaml").write_text(
        """indicators:
  - id: solar_money
    zh: 光伏分红
    en: Paid by solar panels
    unit: yuan
    grain: case
    kind: count
    group: programmes
    direction: higher
    numerator: {of: cases, sum: amount_fen, where: {programme: solar, built_on: {this_year: true}}}
    scale: 0.01
    source: 试验
""",
        encoding="utf-8",
    )
    return pack


SOLAR = ("户编号", "年度", "分红", "建成日期")
