"""Comparison with other departments' lists: load one, what lists were worth, pairs that wait for a clerk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.comparison.actions import load as loading
from jiefa.comparison.models import PairState
from jiefa.comparison.queries import comparisons

app = typer.Typer(no_args_is_help=True, help="部门数据比对 / comparison with other departments' lists")
PlaceOption = Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")]


@app.command(name="load")
def load(
    file: Annotated[Path, typer.Argument(help="xlsx/csv", exists=True, dir_okay=False)],
    kind: Annotated[str, typer.Option(help="线索类型，如 vehicle / kind of lead")],
    department: Annotated[str, typer.Option(help="哪个部门的 / whose list")],
    as_of: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="数据日期 / day of its data")],
    whole_of: Annotated[
        str,
        typer.Option(
            help="这份名单是哪个地方的全部（学籍、低保）/ the place of which it names everybody (school rolls, guarantee)"
        ),
    ] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """把一份部门名单与登记册比对 / compare a department's list with the register."""
    source = loading.Source(kind, department, as_of.date(), whole_of)
    made = loading.load(file=file, name=file.name, source=source, by=actor(as_user), pack=policy.load())
    if as_json:
        show.as_json(
            {
                "comparison": made.pk,
                "rows": made.list.rows,
                "exact": made.exact,
                "probable": made.probable,
                "doubtful": made.doubtful,
                "agreed": made.agreed,
                "missing": made.missing,
                "precision": made.precision,
                "recall": made.recall,
            }
        )
        return
    if made.agreed or made.whole_of:
        show.OUT.print(
            show.words(
                f"登记卡与名单一致的 {made.agreed} 行不作线索；登记卡上有、名单上没有的 {made.missing} 人。",
                f"{made.agreed} rows say what the cards say, and are no leads; {made.missing} people are on the card and not on the list.",
            )
        )
    show.OUT.print(
        show.words(
            f"{made.list.rows} 行：{made.exact} 行号码在册，{made.probable} 行很可能在册，{made.doubtful} 行交人工判定。",
            f"{made.list.rows} rows: {made.exact} found by number, {made.probable} by likeness, {made.doubtful} left to a clerk.",
        )
    )


@app.command(name="rates")
def rates(place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """每份名单、每条规则的线索查实多少 / what the leads of each list and rule turned out to be worth."""
    within = actor(as_user).demand(Permission.DOSSIER_VIEW).narrowed(place)
    rows: list[dict[str, object]] = [
        {
            "comparison": one.comparison.pk,
            "list": one.comparison.list.title,
            "kind": one.comparison.kind,
            "department": one.comparison.department,
            "as_of": one.comparison.as_of,
            "rule": one.how,
            "leads": one.worth.leads,
            "settled": one.worth.settled,
            "true": one.worth.true,
            "kept": one.worth.kept,
            "wrong": one.worth.wrong,
            "hit": one.worth.hit,
            "removed": one.worth.removed,
        }
        for one in comparisons.rates(within)
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("list", show.words("名单", "list")),
        ("rule", show.words("规则", "rule")),
        ("leads", show.words("线索", "leads")),
        ("settled", show.words("已核实", "settled")),
        ("true", show.words("清退", "taken off")),
        ("kept", show.words("属实保留", "kept")),
        ("wrong", show.words("数据错误", "wrong")),
        ("hit", show.words("属实率", "true, share")),
    ]
    show.as_table(rows, columns, show.words("还没有比对过名单。", "No list was compared yet."))


@app.command(name="pairs")
def pairs(place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """等待人工判定的，和上次不清楚的 / pairs that wait for a clerk, and those that were unclear."""
    within = actor(as_user).demand(Permission.LEAD_LOAD).narrowed(place)
    rows: list[dict[str, object]] = [
        {
            "pair": one.pk,
            "list": one.comparison.list.title,
            "line": one.line,
            "place": one.village_code,
            "probability": one.probability,
            "state": one.state,
        }
        for state in (PairState.WAITING, PairState.UNCLEAR)
        for one in comparisons.waiting(within, state=state).iterator()
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("pair", show.words("编号", "no.")),
        ("list", show.words("名单", "list")),
        ("line", show.words("行", "row")),
        ("place", show.words("村", "village")),
        ("probability", show.words("概率", "probability")),
        ("state", show.words("状态", "state")),
    ]
    show.as_table(rows, columns, show.words("没有等待判定的。", "No pair waits."))
