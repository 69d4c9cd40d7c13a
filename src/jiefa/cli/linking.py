"""Who is the same person in two files, or twice in one. No office needed, nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from pyarrow import csv

from jiefa.cli import show
from jiefa.cli.actor import JsonOption
from jiefa.linkage import matching, prepare, spec
from jiefa.linkage.prepare import Prepared
from jiefa.linkage.spec import Spec
from jiefa.survey import microdata

STEPS = {
    "exact": "完全一致的 / exact pairs",
    "rules": "选可比较的 / which pairs to weigh",
    "learning": "学习 / learning how often values agree",
    "weighing": "计算概率 / weighing pairs",
}
SHOWN = 20
IN_JSON = 100_000
"""Pairs up to which the JSON holds them; above, they are in the file of ``--out`` alone."""


def match(
    left: Annotated[Path, typer.Argument(help="csv/parquet/xlsx：一份名单 / a list")],
    spec_file: Annotated[
        Path, typer.Option("--spec", help="比对说明（YAML） / which columns are compared, and as what")
    ],
    right: Annotated[
        Path | None, typer.Argument(help="另一份；不写则在一份里查重 / another; without it, one list within itself")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="结果写到这个 CSV / the pairs as CSV")] = None,
    as_json: JsonOption = False,
) -> None:
    """比对两份名单或一份名单查重：每对给出是同一人的概率 / pairs that are likely the same person, with their probability."""
    wanted = spec.read(spec_file)
    one = _side(left, wanted, right=False)
    other = None if right is None else _side(right, wanted, right=True)
    with show.steps(as_json, STEPS) as step:
        found = matching.matched(one, other, wanted, step)
    if out is not None:
        csv.write_csv(found.pairs, out)
    if as_json:
        few = found.pairs.num_rows <= IN_JSON
        show.as_json(
            {
                "pairs": found.pairs.to_pylist() if few else None,
                "count": found.pairs.num_rows,
                "threshold": found.threshold,
                "precision": found.precision,
                "recall": found.recall,
                "compared": found.compared,
                "unread": found.unread,
            }
        )
        return
    _told(found)


def _side(path: Path, wanted: Spec, *, right: bool) -> Prepared:
    side = "right" if right else "left"
    names = [wanted.right_id if right else wanted.left_id, *(getattr(one, side) for one in wanted.columns)]
    data = microdata.read(path, list(dict.fromkeys(names)))
    return prepare.prepared(pa.table(dict(data.columns)), wanted, path.name, right=right)


def _told(found: matching.Matched) -> None:
    """For people: what was found and what it is worth, and the most probable pairs."""
    show.OUT.print(
        show.words(
            f"{found.pairs.num_rows:,} 对（概率不低于 {found.threshold:.4f}），比较了 {found.compared:,} 对。"
            f"估计准确率 {found.precision:.1%}，查全率 {found.recall:.1%}（只就比较过的而言）。",
            f"{found.pairs.num_rows:,} pairs (probability {found.threshold:.4f} and above) of {found.compared:,} weighed. "
            f"Expected precision {found.precision:.1%}, recall {found.recall:.1%} of the pairs that were weighed.",
        )
    )
    for column, count in found.unread.items():
        show.SAID.print(
            show.words(
                f"{column}：{count:,} 个值读不出日期，按空白处理。",
                f"{column}: {count:,} values are no date and count as empty.",
            ),
            style="yellow",
        )
    columns = [
        ("left", show.words("左", "left")),
        ("right", show.words("右", "right")),
        ("probability", show.words("概率", "probability")),
        ("how", show.words("方式", "how")),
    ]
    show.as_table(found.pairs.slice(0, SHOWN).to_pylist(), columns, show.words("没有找到。", "No pair was found."))
    if found.pairs.num_rows > SHOWN:
        show.OUT.print(show.words("其余见 --out 写出的文件。", "The others are in the file of --out."))
