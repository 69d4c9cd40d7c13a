"""Snapshots, the rules run over them, the figures computed from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from jiefa import policy, snapshots
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.insight.actions import figures as figure_actions
from jiefa.insight.queries import freeze, tables
from jiefa.kernel.division_codes import Level
from jiefa.kernel.errors import JiefaError, terminal_language

snapshot_app = typer.Typer(invoke_without_command=True, help="快照 / snapshots")
YearOption = Annotated[int, typer.Option("--year", help="哪一年 / which year")]


class YearMissing(JiefaError):
    code = "cli.year_missing"
    zh = "请写明年度：jiefa snapshot --year 2015。"
    en = "Say which year: jiefa snapshot --year 2015."


def _facts(snapshot: snapshots.Snapshot) -> dict[str, object]:
    manifest = snapshot.manifest
    return {
        "snapshot": snapshot.id,
        "year": snapshot.year,
        "kind": manifest.kind,
        "as_of": manifest.as_of,
        "policy_version": manifest.policy_version,
        "tables": {table.name: table.rows for table in manifest.tables},
        "folder": snapshot.folder,
    }


@snapshot_app.callback(invoke_without_command=True)
def make(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", help="哪一年 / which year")] = None,
    now: Annotated[bool, typer.Option("--now", help="按此刻（不是年末） / as of now")] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """冻结一年的登记册，并计算检查和指标 / freeze a year, with its violations and figures."""
    if context.invoked_subcommand is not None:
        return
    if year is None:
        raise YearMissing
    who = actor(as_user)
    who.demand(Permission.SNAPSHOT_MAKE)
    with show.counting(as_json, show.words("生成快照", "snapshot")) as on_progress:
        snapshot = casework.freeze(year=year, now=now, pack=policy.load(), by=who.name, on_progress=on_progress)
    if as_json:
        show.as_json(_facts(snapshot))
    else:
        show.OUT.print(show.words(f"快照 {snapshot.id}", f"Snapshot {snapshot.id}"))


@snapshot_app.command("list")
def list_snapshots(as_json: JsonOption = False) -> None:
    """所有快照 / all snapshots."""
    rows = [_facts(snapshot) for snapshot in snapshots.listing(Path(settings.JIEFA_HOME))]
    if as_json:
        show.as_json(rows)
    else:
        show.as_table(
            rows, [(key, key) for key in ("snapshot", "year", "kind", "as_of")], show.words("还没有快照。", "None yet.")
        )


@snapshot_app.command("verify")
def verify(
    identity: Annotated[str | None, typer.Argument(metavar="SNAPSHOT")] = None, as_json: JsonOption = False
) -> None:
    """核对快照文件与清单是否一致 / whether the files are those of the manifest."""
    home = Path(settings.JIEFA_HOME)
    chosen = [snapshots.find(home, identity)] if identity else snapshots.listing(home)
    faults = [
        {"snapshot": snapshot.id, "path": fault.path, "kind": fault.kind}
        for snapshot in chosen
        for fault in freeze.verify(snapshot)
    ]
    if as_json:
        show.as_json({"snapshots": [snapshot.id for snapshot in chosen], "faults": faults})
    else:
        columns = [(key, key) for key in ("snapshot", "path", "kind")]
        show.as_table(
            faults, columns, show.words(f"{len(chosen)} 个快照，全部完好。", f"{len(chosen)} snapshots, all whole.")
        )
    if faults:
        raise typer.Exit(1)


def check(
    year: YearOption,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """按全部规则检查一年的登记册 / run every rule over a year."""
    who = actor(as_user)
    within = who.demand(Permission.FINDING_VIEW)
    pack = policy.load()
    snapshot = casework.current(year=year, pack=pack, by=who.name)
    counts = tables.violation_counts(figure_actions.violations(snapshot, pack), within)
    rows = [{"rule": rule, "level": level, "count": count} for rule, level, count in counts]
    if as_json:
        show.as_json(rows)
    else:
        columns = [
            ("rule", show.words("规则", "rule")),
            ("level", show.words("级别", "level")),
            ("count", show.words("条数", "count")),
        ]
        show.as_table(rows, columns, show.words("没有发现问题。", "Nothing found."))
    if rows:
        raise typer.Exit(1)


def indicators(
    year: YearOption,
    division: Annotated[str, typer.Option(help="哪个地方 / which division")] = "52",
    level: Annotated[Level | None, typer.Option(help="列到哪一级 / list this level under it")] = None,
    indicator: Annotated[list[str] | None, typer.Option("--indicator", help="只列这些指标 / only these")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """一年的指标（取自快照） / the figures of a year, from its snapshot."""
    who = actor(as_user)
    who.demand(Permission.STATISTICS_VIEW, division)
    pack = policy.load()
    place = areas.division(division)
    snapshot = casework.current(year=year, pack=pack, by=who.name)
    figure_actions.figures(snapshot, pack)
    codes = [place.code] if level is None else areas.codes_under(place.code, level)
    rows = tables.indicator_rows(snapshot, pack, codes, areas.named(codes), indicator or [])
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("name", show.words("地方", "place")),
        ("label", show.words("指标", "indicator")),
        ("value", show.words("数值", "value")),
        ("unit", show.words("单位", "unit")),
    ]
    labels = {found.id: show.words(found.zh, found.en) for found in pack.indicators()}
    language = terminal_language()
    shown = [
        {**row, "label": labels[str(row["indicator"])], "unit": pack.codes("unit").label(str(row["unit"]), language)}
        for row in rows
    ]
    show.as_table(shown, columns, "—")
