"""Who is the same person in two files, or twice in one. No office needed, nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from pyarrow import csv

from jiefa.cli import show
from jiefa.cli.actor import JsonOption
from jiefa.kernel.errors import JiefaError, terminal_language
from jiefa.linkage import matching, prepare, review, spec
from jiefa.linkage.decided import NOTHING
from jiefa.linkage.spec import Spec
from jiefa.survey import microdata

STEPS = {
    "exact": "完全一致的 / exact pairs",
    "rules": "选可比较的 / which pairs to weigh",
    "learning": "学习 / learning how often values agree",
    "weighing": "计算概率 / weighing pairs",
}


class FolderMissing(JiefaError):
    code = "linkage.folder_missing"
    zh = "写不了 {file}：没有“{folder}”这个文件夹。请先建好文件夹，或换个位置。"
    en = "{file} cannot be written: there is no folder {folder}. Make it first, or name another place."


class IsFolder(JiefaError):
    code = "linkage.is_folder"
    zh = "写不了 {file}：这是一个文件夹。请写上文件名。"
    en = "{file} cannot be written: it is a folder. Name a file in it."


class NoWorkbook(JiefaError):
    code = "linkage.no_workbook"
    zh = "写不了 {file}：核对表是 Excel 文件。请用以 {suffix} 结尾的文件名。"
    en = "{file} cannot be written: the page of review is a workbook. Choose a name that ends in {suffix}."


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
    review_file: Annotated[
        Path | None, typer.Option("--review", help="拿不准的对写到这个 xlsx，由人判断 / doubtful pairs for a clerk")
    ] = None,
    decided_file: Annotated[
        Path | None, typer.Option("--decided", help="填好判断的核对表 / the page of --review, filled in")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """比对两份名单或一份名单查重：每对给出是同一人的概率 / pairs that are likely the same person, with their probability."""
    wanted = spec.read(spec_file)
    _writable(out)
    _writable(review_file, ".xlsx")
    if right is None and wanted.one_to_one:
        show.SAID.print(
            show.words("只有一份名单，one_to_one 不起作用。", "There is one list: one_to_one means nothing."),
            style="yellow",
        )
    one = prepare.prepared(_side(left, wanted, right=False), wanted, left.name, right=False)
    other = None
    if right is not None:
        other = prepare.prepared(_side(right, wanted, right=True), wanted, right.name, right=True)
    decided = NOTHING if decided_file is None else review.read(decided_file, wanted, one, other)
    with show.steps(as_json, STEPS) as step:
        found = matching.matched(one, other, wanted, step, decided)
    if out is not None:
        csv.write_csv(found.pairs, out)
    if review_file is not None:
        # Read once more rather than kept all the while: a register is large, and a few hundred of its rows are wanted.
        of_left = _side(left, wanted, right=False).take(found.doubtful["left_row"])
        if right is None:
            wanted = replace(
                wanted,
                right_id=wanted.left_id,
                columns=tuple(replace(column, right=column.left) for column in wanted.columns),
            )
        of_right = _side(right or left, wanted, right=True).take(found.doubtful["right_row"])
        review.write(review_file, found.doubtful, wanted, of_left, of_right, terminal_language())
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
                "doubtful": found.doubtful.num_rows,
                "decided": len(decided),
                "unread": found.unread,
            }
        )
        return
    _told(found, review_file)


def _writable(file: Path | None, suffix: str = "") -> None:
    """Refuses before the work what could not be written after it."""
    if file is None:
        return
    if not file.parent.is_dir():
        raise FolderMissing(file=str(file), folder=str(file.parent))
    if file.is_dir():
        raise IsFolder(file=str(file))
    if not file.name.lower().endswith(suffix):
        raise NoWorkbook(file=str(file), suffix=suffix)


def _side(path: Path, wanted: Spec, *, right: bool) -> pa.Table:
    """The columns of a file that the specification names."""
    side = "right" if right else "left"
    names = [wanted.right_id if right else wanted.left_id, *(getattr(one, side) for one in wanted.columns)]
    return pa.table(dict(microdata.read(path, list(dict.fromkeys(names))).columns))


def _told(found: matching.Matched, review_file: Path | None) -> None:
    """For people: what was found and what it is worth, and the most probable pairs."""
    show.OUT.print(
        show.words(
            f"{found.pairs.num_rows:,} 对（概率不低于 {found.threshold:.4f}），比较了 {found.compared:,} 对。"
            f"估计准确率 {found.precision:.1%}，查全率 {found.recall:.1%}（只就比较过的而言）。",
            f"{found.pairs.num_rows:,} pairs (probability {found.threshold:.4f} and above) of {found.compared:,} weighed. "
            f"Expected precision {found.precision:.1%}, recall {found.recall:.1%} of the pairs that were weighed.",
        )
    )
    if found.doubtful.num_rows:
        where = "--review" if review_file is None else str(review_file)
        show.OUT.print(
            show.words(
                f"拿不准的有 {found.doubtful.num_rows:,} 对，请人判断：{where}。",
                f"{found.doubtful.num_rows:,} pairs are doubtful, for a clerk to decide: {where}.",
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
