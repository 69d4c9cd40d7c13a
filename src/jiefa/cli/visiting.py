"""Unannounced visits and talks on the command line: planned, recorded, replied to, looked at again, listed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.answering import PlaceOption
from jiefa.inspection.actions import following
from jiefa.inspection.actions import visiting as actions
from jiefa.inspection.actions.following import NewInterview
from jiefa.inspection.actions.visiting import Found
from jiefa.inspection.models import SpotFinding
from jiefa.inspection.queries import visits
from jiefa.inspection.queries.visits import Sifted

app = typer.Typer(no_args_is_help=True, help="暗访和约谈 / unannounced visits and talks")

Number = Annotated[int, typer.Argument(help="编号 / number")]
Day = ["%Y-%m-%d"]
OnOption = Annotated[dt.datetime | None, typer.Option(formats=Day, help="哪一天，默认今天 / the day, default today")]
DueOption = Annotated[dt.datetime | None, typer.Option(formats=Day, help="整改期限 / to be put right by")]
TextOption = Annotated[str, typer.Option(help="写明的内容 / what is said")]


def _day(on: dt.datetime | None) -> dt.date:
    return on.date() if on else timezone.localdate()


def _done(number: int, state: str, as_json: bool) -> None:
    if as_json:
        show.as_json({"number": number, "state": state})
    else:
        show.OUT.print(f"{number}  {state}")


@app.command()
def plan(
    place: Annotated[str, typer.Argument(help="暗访哪里 / code of the place")],
    text: TextOption,
    planned_for: Annotated[dt.datetime, typer.Option("--for", formats=Day, help="哪一天去 / the day")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """安排一次暗访，完成前对被访地方保密 / plan a visit; the place does not learn of it before it is done."""
    made = actions.plan(place=place, planned_for=planned_for.date(), reason=text, by=actor(as_user))
    _done(made.pk, made.state, as_json)


@app.command()
def record(
    visit: Number,
    text: TextOption,
    wrong: Annotated[
        list[str] | None, typer.Option(help="有问题的项：代码=问题，可多个 / ITEM=WHAT for what is wrong; repeat")
    ] = None,
    unseen: Annotated[list[str] | None, typer.Option(help="这次未查的项 / items not looked at; repeat")] = None,
    due: DueOption = None,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """记录暗访结果并责令整改；没有列出的项没有问题 / record the visit; items not named are in order."""
    pack = policy.load()
    told = dict(line.partition("=")[::2] for line in wrong or [])
    found = [
        Found(item.id, "wrong", told[item.id], due.date() if due else None)
        if item.id in told
        else Found(item.id, "not_seen" if item.id in (unseen or []) else "in_order")
        for item in pack.codes("spot_item").values
    ]
    made = actions.record(visit=visit, on=_day(on), text=text, found=found, by=actor(as_user), pack=pack)
    _done(made.pk, made.state, as_json)


@app.command()
def drop(visit: Number, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """取消一次暗访 / drop a visit."""
    made = actions.drop(visit=visit, by=actor(as_user))
    _done(made.pk, made.state, as_json)


@app.command()
def reply(
    finding: Number, text: TextOption, on: OnOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """被访地方上报整改情况 / the place says how it was put right."""
    made = following.reply(finding=finding, how=text, on=_day(on), by=actor(as_user), pack=policy.load())
    _done(finding, made.finding.state, as_json)


@app.command()
def recheck(
    finding: Number,
    result: Annotated[Literal["fixed", "not_fixed"], typer.Argument(help="复查结果 / what was found")],
    text: TextOption,
    due: DueOption = None,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """复查：销号，或限期再整改 / look again: closed, or to be put right by another day."""
    made = following.recheck(
        finding=finding,
        result=result,
        what=text,
        on=_day(on),
        by=actor(as_user),
        pack=policy.load(),
        due_on=due.date() if due else None,
    )
    _done(finding, made.finding.state, as_json)


@app.command()
def interview(
    place: Annotated[str, typer.Argument(help="约谈对象所在地 / code of the officer's place")],
    whom: Annotated[str, typer.Option(help="约谈对象 / who is called")],
    reason: Annotated[str, typer.Option(help="事由代码 / code of the reason")],
    text: TextOption,
    demand: Annotated[str, typer.Option(help="要求 / what is demanded")],
    due: Annotated[dt.datetime, typer.Option(formats=Day, help="落实期限 / by when")],
    finding: Annotated[int | None, typer.Option(help="由哪个问题引起 / finding that led to it")] = None,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记一次约谈 / put a talk on file."""
    wish = NewInterview(place, whom, reason, text, demand, _day(on), due.date(), finding)
    made = following.interview(wish=wish, by=actor(as_user), pack=policy.load())
    _done(made.pk, "held", as_json)


def _finding(one: SpotFinding, names: dict[str, str]) -> dict[str, object]:
    return {
        "finding": one.pk,
        "visit": one.check_of_id,
        "place": one.place_code,
        "name": names.get(one.place_code, one.place_code),
        "item": one.item,
        "what": one.what,
        "state": one.state,
        "due_on": one.due_on,
    }


@app.command(name="list")
def list_findings(
    state: Annotated[str, typer.Option(help="open、replied、closed 或 overdue / state")] = "",
    place: PlaceOption = None,
    limit: Annotated[int, typer.Option(min=1, help="最多几条 / at most")] = 200,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """暗访发现的问题，最急的在前 / findings of visits, the most urgent first."""
    by, today = actor(as_user), timezone.localdate()
    if not by.may(Permission.INSPECTION_VIEW):
        by.demand(Permission.SPOT_CHECK)
    found = list(visits.findings(by, place, Sifted(state), today)[:limit])
    names = areas.named(sorted({one.place_code for one in found}))
    rows = [_finding(one, names) for one in found]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("finding", show.words("编号", "no.")),
        ("name", show.words("地方", "place")),
        ("item", show.words("内容", "item")),
        ("what", show.words("问题", "what")),
        ("state", show.words("状态", "state")),
        ("due_on", show.words("期限", "due")),
    ]
    show.as_table(rows, columns, show.words("没有问题。", "There is no finding."))
