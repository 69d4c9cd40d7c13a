"""Rosters: the workbook to fill in, loading it, accepting what another officer loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.casework import rosters as casework
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.insight.actions import intake
from jiefa.kernel.errors import JiefaError, terminal_language
from jiefa.registry import roster
from jiefa.registry.actions import batches
from jiefa.registry.models import Batch
from jiefa.registry.queries import batches as batch_queries

STEPS_ZH = {
    "reading": "读取文件",
    "deriving": "整理加密",
    "matching": "与登记册比对",
    "checking": "逐条检查",
    "writing": "写入登记册",
    "committing": "提交",
}


class TemplateUnknown(JiefaError):
    code = "cli.template_unknown"
    zh = "没有名为“{name}”的表样。可用的有：{known}。"
    en = "There is no template called {name!r}. There are: {known}."


class BatchUnknown(JiefaError):
    code = "cli.batch_unknown"
    zh = "没有编号为 {batch} 的批次。"
    en = "There is no batch {batch}."


def template(
    name: Annotated[
        str,
        typer.Argument(
            help="roster | places | leads | cadres | teams | attendance | helpers | visits | pairings | commitments | arrivals"
        ),
    ] = "roster",
    output: Annotated[Path, typer.Option("-o", "--output", help="写到哪个文件 / file to write")] = Path("roster.xlsx"),
    year: Annotated[int | None, typer.Option(help="按哪一年的代码出下拉选项 / codes of this year")] = None,
    as_json: JsonOption = False,
) -> None:
    """生成花名册表样 / write the workbook that `load` reads."""
    pack = policy.load()
    if name not in pack.forms:
        raise TemplateUnknown(name=name, known=", ".join(sorted(pack.forms)))
    roster.write_template(output, pack, year or timezone.localdate().year, name)
    if as_json:
        show.as_json({"template": name, "file": output})
    else:
        show.OUT.print(show.words(f"已写入 {output}", f"Written: {output}"))


def load(
    file: Annotated[
        Path, typer.Argument(exists=True, help="xlsx/xls/ods/csv/parquet，或含两张表的文件夹 / file or folder")
    ],
    check_only: Annotated[
        bool, typer.Option("--check-only", help="只检查，等另一人接受 / wait for a second officer")
    ] = False,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over",
            help="接管已有登记册：质量问题记为待办，不扣留 / existing register: faults become open findings",
        ),
    ] = False,
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入花名册：读取、检查、入库，并写出可改正再导入的检查结果 / load a roster."""
    who = actor(as_user)
    within = who.demand(Permission.ROSTER_TAKE_OVER if take_over else Permission.ROSTER_UPLOAD)
    pack = policy.load()
    with show.steps(as_json, STEPS_ZH) as on_step:
        # A user's roster waits for a second officer; the operator of the machine answers for both.
        take = intake.check_roster if check_only or as_user is not None else casework.load
        checked = take(path=file, pack=pack, within=within, by=who.name, take_over=take_over, on_step=on_step)
    batch = checked.batch
    target = report or file.with_name(f"{file.stem}-检查结果.xlsx")
    written = roster.write_report(file, pack, checked.remarks, target)
    result = _result(batch, checked, target if written else None)
    if as_json:
        show.as_json(result)
    else:
        _tell(batch, result, checked.remarks)
    if batch.held_back:
        raise typer.Exit(1)


def _result(batch: Batch, checked: intake.Checked, report: Path | None) -> dict[str, object]:
    language = terminal_language()
    severe = checked.remarks.filter(pc.is_in(checked.remarks["level"], pa.array(["error", "warn"])))
    errors = [
        {
            "sheet": row["sheet"],
            "row": row["row"],
            "household": row["household"],
            "level": row["level"],
            "rule": row["rule"],
            "column": row["column"],
            "message": row[language],
        }
        for row in severe.to_pylist()
    ]
    return {
        "batch": batch.pk,
        "state": batch.state,
        "digest": batch.digest,
        "year": int(batch.years),
        "households": batch.households,
        "persons": batch.persons,
        "accepted": batch.accepted,
        "held_back": batch.held_back,
        "skipped": batch.skipped,
        "rows": checked.staged.accounts,
        "errors": errors,
        "report": report,
    }


def _tell(batch: Batch, result: dict[str, object], remarks: pa.Table) -> None:
    say = show.OUT.print
    say(
        show.words(
            f"第 {batch.pk} 批：{batch.households} 户 {batch.persons} 人；"
            f"接受 {batch.accepted} 户，暂缓 {batch.held_back} 户，跳过 {batch.skipped}；警告 {batch.warnings} 条。",
            f"Batch {batch.pk}: {batch.households} households, {batch.persons} persons; "
            f"accepted {batch.accepted}, held back {batch.held_back}, skipped {batch.skipped}; {batch.warnings} warnings.",
        )
    )
    counts = remarks.group_by(["level", "rule"]).aggregate([([], "count_all")]).to_pylist()
    rows = sorted(counts, key=lambda row: (row["level"], -row["count_all"]))
    show.as_table(
        rows,
        [
            ("level", show.words("级别", "level")),
            ("rule", show.words("规则", "rule")),
            ("count_all", show.words("条数", "count")),
        ],
        show.words("没有问题。", "Nothing to remark."),
    )
    if result["report"]:
        say(show.words(f"检查结果：{result['report']}", f"Report: {result['report']}"))


def accept(
    batch_id: Annotated[int, typer.Argument(metavar="BATCH")],
    refuse: Annotated[str | None, typer.Option(help="拒绝，并写明原因 / refuse with this reason")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """由第二人接受（或拒绝）一批花名册 / accept or refuse a batch as second officer."""
    who = actor(as_user)
    batch = batch_queries.batch(batch_id, who.scope(Permission.ROSTER_ACCEPT), who.name)
    if batch is None:
        raise BatchUnknown(batch=batch_id)
    if not (refuse and batch.staged_by == who.name):
        # Who loaded a roster may take it back; deciding on one is a right of its own.
        who.demand(Permission.ROSTER_ACCEPT)
    if refuse:
        batches.refuse_batch(batch=batch, by=who.name, reason=refuse)
        batch.refresh_from_db()
    else:
        with show.steps(as_json, STEPS_ZH) as on_step:
            batch = casework.accept(batch=batch, by=who.name, second_officer=as_user is not None, on_step=on_step)
    result = {"batch": batch.pk, "state": batch.state, "accepted": batch.accepted, "held_back": batch.held_back}
    if as_json:
        show.as_json(result)
    else:
        show.OUT.print(f"{batch.pk}: {batch.get_state_display()}")
