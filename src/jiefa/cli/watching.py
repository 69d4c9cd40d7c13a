"""Contracts, self-inspection and supervision on the command line: what stands, what is found, lists sent in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.answering import PlaceOption
from jiefa.contracts.queries import concentrated as townships
from jiefa.contracts.queries import contracts as queries
from jiefa.integrity.queries import campaigns, cases, violations
from jiefa.integrity.queries.violations import Sifted
from jiefa.kernel.errors import JiefaError, terminal_language

contracts_app = typer.Typer(
    no_args_is_help=True, help="减贫包干和集中投入 / lump-sum contracts, concentrated investment"
)
inspections_app = typer.Typer(no_args_is_help=True, help="自查自纠 / self-inspection")
supervision_app = typer.Typer(no_args_is_help=True, help="民生监督 / livelihood supervision")

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：名单 / list")]
ReportOption = Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")]


class WatchedListUnknown(JiefaError):
    code = "cli.watched_list_unknown"
    zh = "没有名为“{name}”的名单。可用的有：{known}。"
    en = "There is no list called {name!r}. There are: {known}."


class CampaignUnknown(JiefaError):
    code = "cli.campaign_unknown"
    zh = "没有编号为 {number} 的自查自纠。请核对编号。"
    en = "There is no self-inspection number {number}. Check the number."


def _one_of(kind: str, known: tuple[str, ...]) -> str:
    if kind not in known:
        raise WatchedListUnknown(name=kind, known="、".join(known))
    return kind


@contracts_app.command(name="list")
def list_contracts(place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """包干合同：人数、已付、认定、应收回 / contracts with heads, money and how they stand."""
    pack = policy.load()
    found = list(queries.contracts(actor(as_user).demand(Permission.MONEY_VIEW).narrowed(place)))
    paid, years = queries.paid(found), queries.verified(found, pack)
    names = areas.named([one.area_code for one in found])
    rows = []
    for one in found:
        stands = queries.standing(one, years[one.pk], paid[one.pk], pack)
        rows.append(
            {
                "contract": one.pk,
                "place": one.area_code,
                "name": names.get(one.area_code, one.area_code),
                "document": one.document,
                "heads": one.heads,
                "fen": one.amount_fen,
                "snapshots": [year.snapshot for year in years[one.pk]],
                "settled": hasattr(one, "settlement"),
                "verified": stands.verified,
                "due_fen": stands.due_fen,
                "paid_fen": stands.paid_fen,
                "claw_back_fen": stands.claw_back_fen,
                "owed_fen": stands.owed_fen,
            }
        )
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("contract", show.words("编号", "no.")),
        ("name", show.words("县", "county")),
        ("document", show.words("文号", "document")),
        ("heads", show.words("包干人数", "contracted")),
        ("verified", show.words("认定人数", "verified")),
        ("paid_fen", show.words("已付（分）", "paid, fen")),
        ("claw_back_fen", show.words("应收回（分）", "to be returned, fen")),
        ("owed_fen", show.words("还应付（分）", "owed, fen")),
    ]
    show.as_table(rows, columns, show.words("没有包干合同。", "There is no contract."))


@contracts_app.command()
def concentrated(
    year: Annotated[int, typer.Option(help="年度 / year")],
    place: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """集中投入乡镇：专项资金（目标之内）和部门资金（另计）/ special funds inside the target, departments' beside."""
    within = actor(as_user).demand(Permission.MONEY_VIEW).narrowed(place)
    found = townships.invested(within, year, policy.load())
    names = areas.named([one.area_code for one in found])
    rows: list[dict[str, object]] = [
        {
            "place": one.area_code,
            "name": names.get(one.area_code, one.area_code),
            "target_fen": one.target_fen,
            "special_fen": one.special_fen,
            "departments_fen": one.departments_fen,
            "own_fen": one.own_fen,
        }
        for one in found
    ]
    if as_json:
        sums = townships.sums(found)
        names_of = ("townships", "funded", "counties", "target_fen", "special_fen", "beside_fen")
        show.as_json({"sums": {name: getattr(sums, name) for name in names_of}, "townships": rows})
        return
    columns = [
        ("name", show.words("乡镇", "township")),
        ("target_fen", show.words("目标（分）", "target, fen")),
        ("special_fen", show.words("专项资金（分）", "special funds, fen")),
        ("departments_fen", show.words("部门资金，已入账（分）", "departments, booked, fen")),
        ("own_fen", show.words("部门自有资金（分）", "departments, reported, fen")),
    ]
    show.as_table(rows, columns, show.words("这一年没有集中投入乡镇名单。", "No list of townships for this year."))


@contracts_app.command(name="load")
def load_concentrated(
    kind: Annotated[str, typer.Argument(help="concentrated_townships 或 department_money / one of these")],
    file: FileArgument,
    report: ReportOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """送交集中投入名单，等财政接受 / send a list in; finance accepts it."""
    known = ("concentrated_townships", "department_money")
    received.send_in(_one_of(kind, known), file, report, as_user, as_json=as_json)


@inspections_app.command(name="list")
def list_inspections(place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """自查自纠及本地进度 / self-inspections with the progress of the place."""
    within = actor(as_user).demand(Permission.INSPECTION_VIEW).narrowed(place)
    pack, today = policy.load(), timezone.localdate()
    items = len(pack.codes("inspection_check").values)
    rows = []
    for one in campaigns.concerning(within):
        code = place or min(within.areas, key=len, default=one.area_code)
        (done,) = campaigns.progress(one, [code], within, items, today)
        rows.append(
            {
                "inspection": one.pk,
                "title": one.title,
                "due_on": one.due_on,
                "asked": done.asked,
                "answered": done.answered,
                "violations": done.violations,
                "amount_fen": done.amount_fen,
                "rectified_fen": done.rectified_fen,
                "overdue": done.overdue,
            }
        )
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("inspection", show.words("编号", "no.")),
        ("title", show.words("自查自纠", "self-inspection")),
        ("asked", show.words("应自查", "asked")),
        ("answered", show.words("已自查", "answered")),
        ("violations", show.words("问题", "violations")),
        ("amount_fen", show.words("金额（分）", "amount, fen")),
        ("rectified_fen", show.words("已整改（分）", "put right, fen")),
        ("overdue", show.words("逾期", "overdue")),
    ]
    show.as_table(rows, columns, show.words("没有自查自纠。", "There is no self-inspection."))


@inspections_app.command(name="violations")
def list_violations(
    place: PlaceOption = None,
    state: Annotated[str, typer.Option(help="open、overdue 或 settled / one of these")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """违规问题按类型汇总 / violations by type."""
    within = actor(as_user).demand(Permission.INSPECTION_VIEW).narrowed(place)
    codes, language = policy.load().codes("violation_type"), terminal_language()
    found = violations.by_type(within, Sifted(state=state), timezone.localdate())
    rows = [
        {
            "kind": one.name,
            "label": codes.label(one.name, language),
            "violations": one.violations,
            "amount_fen": one.amount_fen,
            "rectified_fen": one.rectified_fen,
            "overdue": one.overdue,
        }
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("label", show.words("违规类型", "type")),
        ("violations", show.words("问题", "violations")),
        ("amount_fen", show.words("金额（分）", "amount, fen")),
        ("rectified_fen", show.words("已整改（分）", "put right, fen")),
        ("overdue", show.words("逾期", "overdue")),
    ]
    show.as_table(rows, columns, show.words("没有违规问题。", "There is no violation."))


@inspections_app.command(name="load")
def load_inspections(
    kind: Annotated[str, typer.Argument(help="inspection_answers 或 violations / one of these")],
    file: FileArgument,
    report: ReportOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """送交自查结论或违规问题名单，等第二人接受 / send a list in; a second officer accepts it."""
    received.send_in(_one_of(kind, ("inspection_answers", "violations")), file, report, as_user, as_json=as_json)


@supervision_app.command(name="groups")
def list_groups(
    place: PlaceOption = None,
    on: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="哪一天，默认今天 / as of which day, default today"),
    ] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """哪个监督组负责哪个乡镇 / which group watches which township."""
    within = actor(as_user).demand(Permission.CASE_BOOK).narrowed(place)
    found = cases.groups(within, on.date() if on else timezone.localdate())
    rows = [
        {"township": one.area_code, "group": one.group.name, "head": one.group.head, "since": one.from_date}
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("township", show.words("乡镇", "township")),
        ("group", show.words("监督组", "group")),
        ("head", show.words("组长", "head")),
        ("since", show.words("起始", "since")),
    ]
    show.as_table(rows, columns, show.words("没有监督组。", "There is no group."))


@supervision_app.command(name="load")
def load_groups(
    file: FileArgument, report: ReportOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """送交监督组名单，等第二人接受 / send the list of groups in; a second supervisor accepts it."""
    received.send_in("supervision_groups", file, report, as_user, as_json=as_json)
