"""The hotline on the command line: received, screened, routed, looked into, answered, called back, opened again; listed and counted.

Who called is not read here: that is a page, with a reason that is kept.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.hotline.actions import answering, inquiring, receiving, screening, stepping
from jiefa.hotline.actions.receiving import Identity, NewComplaint
from jiefa.hotline.models import Channel, Complaint, State
from jiefa.hotline.queries import complaints, figures
from jiefa.hotline.queries.complaints import Sifted
from jiefa.hotline.rules.units import Unit
from jiefa.kernel.errors import terminal_language

app = typer.Typer(no_args_is_help=True, help="扶贫专线 / hotline")

Receipt = Annotated[str, typer.Argument(help="受理编号 / number of the complaint")]
OnOption = Annotated[
    dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天办的，默认今天 / the day, default today")
]
TextOption = Annotated[str, typer.Option(help="写明的内容 / what is said")]


def _day(on: dt.datetime | None) -> dt.date:
    return on.date() if on else timezone.localdate()


def _plain(one: Complaint) -> dict[str, object]:
    return {
        "receipt": one.receipt,
        "category": one.category,
        "state": one.state,
        "about": one.about_code,
        "kept_at": one.kept_at,
        "unit": f"{one.unit_kind}/{one.unit_code}" if one.unit_code else "",
        "received_on": one.received_on,
        "due_on": one.due_on,
        "finish_by": one.finish_by,
        "verdict": one.verdict,
        "round": one.round,
    }


def _bare(one: Complaint) -> dict[str, object]:
    """For whoever only learns that it is overdue: neither where it happened nor what was found."""
    whole = _plain(one)
    return {name: whole[name] for name in ("receipt", "category", "state", "unit", "due_on")}


def _said(one: Complaint, as_json: bool) -> None:
    if as_json:
        show.as_json(_plain(one))
    else:
        label = stepping.LABELS[State(one.state)].say(terminal_language())
        show.OUT.print(f"{one.receipt}  {label}  {one.due_on or ''}")


@app.command()
def receive(
    place: Annotated[str, typer.Option(help="事发地区划代码 / code of the place where it happened")],
    category: Annotated[str, typer.Option(help="类别 / category")],
    text: TextOption,
    against: Annotated[
        list[str] | None,
        typer.Option(help="被反映单位所在地代码，可多个 / place of a body complained of; repeat for several"),
    ] = None,
    paraphrase: Annotated[str, typer.Option(help="转述 / the paraphrase that goes further")] = "",
    name: Annotated[str, typer.Option(help="举报人姓名 / caller's name")] = "",
    phone: Annotated[str, typer.Option(help="举报人电话 / caller's telephone")] = "",
    address: Annotated[str, typer.Option(help="举报人住址 / caller's address")] = "",
    household: Annotated[str, typer.Option(help="户编号 / household number")] = "",
    project: Annotated[str, typer.Option(help="项目编号 / project number")] = "",
    letter: Annotated[bool, typer.Option("--letter", help="来信来访 / by letter or in person")] = False,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记一件举报，给出编号和查询口令（只显示这一次）/ put a complaint on file; prints number and secret word once."""
    wish = NewComplaint(
        about=place,
        against=against or [],
        category=category,
        words=text,
        caller=Identity(name, phone, address),
        paraphrase=paraphrase,
        household=household,
        project=project,
    )
    channel = Channel.LETTER if letter else Channel.PHONE
    made = receiving.receive(wish=wish, channel=channel, on=_day(on), pack=policy.load(), by=actor(as_user))
    if as_json:
        show.as_json({"receipt": made.receipt, "word": made.word, "finish_by": made.finish_by})
        return
    show.OUT.print(
        show.words(
            f"编号 {made.receipt}，查询口令 {made.word}，{made.finish_by} 前答复。口令只显示这一次，请告诉举报人。",
            f"Number {made.receipt}, secret word {made.word}, to be answered by {made.finish_by}. The word is shown this once.",
        )
    )


@app.command()
def screen(
    receipt: Receipt,
    decision: Annotated[
        Literal["accept", "refuse", "pass_on", "merge"],
        typer.Argument(help="受理、不受理、转有权机关或并案 / decision"),
    ],
    text: TextOption = "",
    reason: Annotated[str, typer.Option(help="不予受理的理由代码 / code of a refusal")] = "",
    into: Annotated[str, typer.Option(help="并入哪一件 / number of the earlier one")] = "",
    category: Annotated[str, typer.Option(help="改为哪一类 / another category")] = "",
    household: Annotated[str, typer.Option(help="户编号 / household number")] = "",
    project: Annotated[str, typer.Option(help="项目编号 / project number")] = "",
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """受理审查：受理（--text 是转述）、不受理、转有权机关、并案 / take on (--text is the paraphrase), refuse, pass on, merge."""
    by, day, pack = actor(as_user), _day(on), policy.load()
    if decision == "accept":
        found = screening.accept(
            receipt=receipt,
            paraphrase=text,
            on=day,
            by=by,
            pack=pack,
            category=category,
            household_number=household,
            project=project,
        )
    elif decision == "refuse":
        found = screening.refuse(receipt=receipt, reason=reason, text=text, on=day, by=by, pack=pack)
    elif decision == "pass_on":
        found = screening.pass_on(receipt=receipt, text=text, on=day, by=by)
    else:
        found = screening.merge(receipt=receipt, into=into, on=day, by=by)
    _said(found, as_json)


@app.command()
def route(
    receipt: Receipt,
    unit: Annotated[str, typer.Argument(help="承办单位，如 office/520324、supervision/520324 / unit")],
    tell_subject: Annotated[
        bool, typer.Option("--tell-subject", help="告知承办单位涉及的农户和项目 / tell the unit household and project")
    ] = False,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """转给承办单位，须严格高于被反映的单位 / route to a unit strictly above whoever is complained of."""
    kind, _, place = unit.partition("/")
    found = screening.route(
        receipt=receipt,
        unit=Unit(kind, place),
        on=_day(on),
        by=actor(as_user),
        pack=policy.load(),
        tell_subject=tell_subject,
    )
    _said(found, as_json)


@app.command()
def name(
    receipt: Receipt,
    against: Annotated[str, typer.Argument(help="更高的被反映单位所在地代码 / place of the broader body")],
    text: TextOption,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """改为反映更高的单位，交其上级保管 / name a broader body as the one that is meant; kept above it from then on."""
    found = screening.name(
        receipt=receipt, against=against, reason=text, on=_day(on), by=actor(as_user), pack=policy.load()
    )
    _said(found, as_json)


@app.command()
def note(
    receipt: Receipt, text: TextOption, on: OnOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """写一条核查记录 / write down what was looked at or said."""
    made = inquiring.note(receipt=receipt, text=text, on=_day(on), by=actor(as_user))
    _said(made.complaint, as_json)


@app.command()
def conclude(
    receipt: Receipt,
    verdict: Annotated[Literal["true", "partly", "untrue"], typer.Argument(help="结论 / conclusion")],
    text: TextOption,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """下结论 / conclude."""
    found = inquiring.conclude(
        receipt=receipt, verdict=verdict, text=text, on=_day(on), by=actor(as_user), pack=policy.load()
    )
    _said(found, as_json)


@app.command()
def answer(
    receipt: Receipt, text: TextOption, on: OnOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """答复举报人 / answer the caller."""
    found = answering.answer(receipt=receipt, text=text, on=_day(on), by=actor(as_user), pack=policy.load())
    _said(found, as_json)


@app.command()
def callback(
    receipt: Receipt,
    result: Annotated[
        Literal["satisfied", "dissatisfied", "unreachable", "no_contact"],
        typer.Argument(help="回访结果 / what was said"),
    ],
    text: TextOption = "",
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """回访；不满意的重办一次，否则办结 / call back; not satisfied opens it again, once."""
    found = answering.call_back(
        receipt=receipt, result=result, text=text, on=_day(on), by=actor(as_user), pack=policy.load()
    )
    _said(found, as_json)


@app.command()
def reopen(
    receipt: Receipt, text: TextOption, on: OnOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """应举报人要求重办，只有一次 / open again for the caller, once."""
    found = answering.reopen(receipt=receipt, reason=text, on=_day(on), by=actor(as_user), pack=policy.load())
    _said(found, as_json)


@app.command(name="list")
def list_complaints(
    view: Annotated[
        Literal["mine", "late", "all"],
        typer.Option(help="待我办、下级逾期或全部 / what waits for me, late below me, all"),
    ] = "all",
    state: Annotated[str, typer.Option(help="状态，或 open、overdue / state")] = "",
    category: Annotated[str, typer.Option(help="类别 / category")] = "",
    year: Annotated[int | None, typer.Option(help="接收年度 / year of receipt")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多几件 / at most")] = 200,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出可以看到的举报，不含举报人和内容；下级逾期的也不含事发地 / complaints one may see, without callers or texts; late ones without places."""
    by, today = actor(as_user), timezone.localdate()
    complaints.demand(by)
    found = complaints.sifted(complaints.viewed(view, by, today), Sifted(state, category, year), today)[:limit]
    plain = [_bare(one) if view == "late" else _plain(one) for one in found]
    if as_json:
        show.as_json(plain)
        return
    codes = policy.load().codes("hotline_category")
    language = terminal_language()
    for row in plain:
        row["category"] = codes.label(str(row["category"]), language)
        row["state"] = stepping.LABELS[State(str(row["state"]))].say(language)
    columns = [
        ("receipt", show.words("编号", "number")),
        ("category", show.words("类别", "category")),
        ("state", show.words("状态", "state")),
        *(() if view == "late" else (("about", show.words("事发地", "about")),)),
        ("unit", show.words("承办单位", "unit")),
        ("due_on", show.words("期限", "due")),
    ]
    show.as_table(plain, columns, show.words("没有举报。", "There is no complaint."))


@app.command()
def statistics(
    year: Annotated[int | None, typer.Option(help="年度，默认今年 / year, default this one")] = None,
    by: Annotated[Literal["category", "level", "prefecture"], typer.Option(help="按什么统计 / by what")] = "category",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """本辖区的数字，仅专线管理员 / counts of one's area, for keepers alone; the public reads the page."""
    who = actor(as_user)
    who.demand(Permission.HOTLINE_KEEP)
    found = figures.of_keeper(who, year or timezone.localdate().year, by)
    rows = [
        {
            "name": one.name,
            "received": one.received,
            "finished": one.finished,
            "in_time": one.in_time,
            "true": one.true,
        }
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("name", show.words("分组", "group")),
        ("received", show.words("接收", "received")),
        ("finished", show.words("已答复", "answered")),
        ("in_time", show.words("按期", "in time")),
        ("true", show.words("属实（含部分）", "true, wholly or partly")),
    ]
    show.as_table(rows, columns, show.words("没有举报。", "There is no complaint."))
