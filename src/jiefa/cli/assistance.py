"""Help on the command line: programmes and their sums, cases, lists in Excel, lists to act on; loans and the counties' funds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy, sheets
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.actions import kinds, lists
from jiefa.assistance.models import HelpList
from jiefa.assistance.queries import credit, exports, gaps
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.queries.exports import home
from jiefa.assistance.rules import credit as credit_rules
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.kernel.errors import JiefaError
from jiefa.sheets.forms import specs_of

app = typer.Typer(no_args_is_help=True, help="帮扶项目 / programmes of help")
loans_app = typer.Typer(no_args_is_help=True, help="扶贫小额信贷 / microcredit")

PlaceOption = Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")]
YearOption = Annotated[int, typer.Option(help="年度 / year")]
KindArgument = Annotated[
    str,
    typer.Argument(help="项目，或 loans、repayments、courses、sites、hamlets / programme, or one of these"),
]


class HelpListUnknown(JiefaError):
    code = "cli.help_list_unknown"
    zh = "没有编号为 {number} 的名单。请核对编号。"
    en = "There is no list number {number}. Check the number."


class GapUnknown(JiefaError):
    code = "cli.gap_unknown"
    zh = "没有名为“{name}”的待办清单。可用的有：{known}。"
    en = "There is no list to act on called {name!r}. There are: {known}."


@app.command(name="list")
def list_programmes(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """各项目的户数、人数和金额 / what every programme did."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    sums = queries.by_programme(within, year)
    none = queries.Sums(0, 0, 0, 0, 0, 0)
    rows: list[dict[str, object]] = []
    for one in policy.load().programmes.values():
        found = sums.get(one.id, none)
        rows.append(
            {
                "programme": one.id,
                "label": show.words(one.zh, one.en),
                "cases": found.records,
                "households": found.households,
                "people": found.people,
                "arrived": found.traced,
                "people_reached": found.traced_people,
                "fen": found.fen,
            }
        )
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("programme", show.words("编号", "id")),
        ("label", show.words("项目", "programme")),
        ("cases", show.words("记录", "cases")),
        ("households", show.words("户", "households")),
        ("people", show.words("人", "people")),
        ("arrived", show.words("落实", "arrived")),
        ("fen", show.words("金额（分）", "fen")),
    ]
    show.as_table(rows, columns, "")


@app.command()
def cases(
    programme: Annotated[str, typer.Argument(help="项目编号 / id of the programme")],
    year: YearOption,
    place: PlaceOption = None,
    stage: Annotated[str | None, typer.Option(help="进度 / stage")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """一个项目的记录 / the cases of a programme."""
    chosen = policy.load().programme(programme)
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    rows = [
        {
            "case": record.pk,
            "household": record.household.number,
            "place": record.village_code,
            "person": record.person.name if record.person else None,
            "stage": record.stage,
            "arrived_on": record.traced_on,
            "fen": record.amount_fen,
            "own": record.own,
        }
        for record in queries.records(within, chosen.id, year, stage or "").iterator()
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("case", show.words("编号", "no.")),
        ("household", show.words("户编号", "household")),
        ("place", show.words("村", "village")),
        ("person", show.words("人", "person")),
        ("stage", show.words("进度", "stage")),
        ("fen", show.words("金额（分）", "fen")),
    ]
    show.as_table(rows, columns, show.words("没有记录。", "No case."))


@app.command()
def template(
    kind: KindArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="写到哪个文件 / file to write")] = Path("list.xlsx"),
    year: Annotated[int | None, typer.Option(help="按哪一年的代码出下拉选项 / codes of this year")] = None,
    as_json: JsonOption = False,
) -> None:
    """生成名单表样 / write the workbook that `programmes load` reads."""
    pack = policy.load()
    form = kinds.kind(kind, pack).form
    specs = specs_of(pack, form, year or timezone.localdate().year)
    sheets.write_template(output, specs, title=form.zh, notes=(f"依据：{form.reference}",))
    if as_json:
        show.as_json({"template": kind, "file": output})
    else:
        show.OUT.print(show.words(f"已写入 {output}", f"Written: {output}"))


def _said(found: HelpList) -> dict[str, object]:
    return {
        "list": found.pk,
        "kind": found.kind,
        "state": found.state,
        "digest": found.digest,
        "rows": found.rows,
        "accepted": found.accepted,
        "unchanged": found.unchanged,
        "held_back": found.held_back,
        "strangers": found.strangers,
    }


def _tell(found: HelpList, as_json: bool) -> None:
    if as_json:
        show.as_json(_said(found))
        return
    show.OUT.print(
        show.words(
            f"第 {found.pk} 份名单（{found.get_state_display()}）：{found.rows} 行，入库 {found.accepted}，已有 {found.unchanged}，"
            f"扣留 {found.held_back}，不在册 {found.strangers}。",
            f"List {found.pk} ({found.get_state_display()}): {found.rows} rows, {found.accepted} go in, {found.unchanged} on file, "
            f"{found.held_back} held back, {found.strangers} not on the register.",
        )
    )


@app.command()
def load(
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：名单 / list")],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入项目名单、放款名单或还款名单 / load a list."""
    who, pack = actor(as_user), policy.load()
    # A user's list waits for a second officer; the operator of the machine answers for both.
    take = lists.stage if as_user is not None else lists.load
    found = take(file=file, name=file.name, kind=kind, by=who, pack=pack)
    lists.write_report(found, pack, file, report or file.with_name(f"{file.stem}-检查结果.xlsx"))
    _tell(found, as_json)
    if found.held_back:
        raise typer.Exit(1)


@app.command()
def accept(
    number: Annotated[int, typer.Argument(help="名单编号 / number of the list")],
    refuse: Annotated[str | None, typer.Option("--refuse", help="退回并写明理由 / refuse, with the reason")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """接受或退回另一人导入的名单 / accept or refuse a list that another officer loaded."""
    who = actor(as_user)
    within = who.demand(Permission.ROSTER_ACCEPT)
    if queries.help_list(number, within, "") is None:
        raise HelpListUnknown(number=number)
    if refuse is not None:
        _tell(lists.refuse(list_id=number, reason=refuse, by=who), as_json)
    else:
        _tell(lists.accept(list_id=number, by=who, pack=policy.load()), as_json)


@app.command(name="gaps")
def list_gaps(
    year: YearOption,
    name: Annotated[
        str | None, typer.Option(help="某一份清单；不写则列各份长度 / one list; else how long each is")
    ] = None,
    place: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """要办的事：没有措施、没有落实、逾期等 / lists to act on."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    asked = gaps.Asked(within, year, timezone.localdate(), policy.load())
    if name is None:
        rows: list[dict[str, object]] = [{"gap": gap, "count": count} for gap, count in gaps.counts(asked).items()]
        columns = [("gap", show.words("清单", "list")), ("count", show.words("户数", "length"))]
    elif name not in gaps.GAPS:
        raise GapUnknown(name=name, known=", ".join(gaps.GAPS))
    else:
        chosen = gaps.GAPS[name]
        found = chosen.rows(asked).iterator()
        if chosen.home:
            households = [(home(row, chosen), row.village_code) for row in found]
            rows = [{"household": one.number, "place": village, "head": one.head_name} for one, village in households]
        else:
            named = [(*exports.named(one), getattr(one, chosen.place)) for one in found]
            rows = [{"household": number, "place": place, "head": name} for number, name, place in named]
        columns = [
            ("household", show.words("户编号", "household")),
            ("place", show.words("村", "village")),
            ("head", show.words("户主", "head")),
        ]
    if as_json:
        show.as_json(rows)
    else:
        show.as_table(rows, columns, show.words("清单是空的。", "Nobody is on the list."))


@loans_app.command(name="list")
def list_loans(
    place: PlaceOption = None,
    stage: Annotated[str | None, typer.Option(help="贷款进度 / stage")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """贷款及余额、进度 / loans with what is owed and how far each has come."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    today = timezone.localdate()
    held = credit_rules.limits(policy.load().at(today))
    rows = [
        {
            "loan": loan.pk,
            "household": loan.household.number,
            "place": loan.village_code,
            "borrower": loan.borrower.name,
            "fen": loan.amount_fen,
            "owed_fen": loan.balance_fen,
            "from_on": loan.from_on,
            "to_on": loan.to_on,
            "stage": credit_rules.stage(
                to_on=loan.to_on,
                balance_fen=loan.balance_fen,
                compensated=loan.compensated_on is not None,
                on=today,
                held=held,
            ),
        }
        for loan in credit.loans(within, stage or "", today, held).iterator()
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("loan", show.words("编号", "no.")),
        ("household", show.words("户编号", "household")),
        ("borrower", show.words("借款人", "borrower")),
        ("fen", show.words("金额（分）", "fen")),
        ("owed_fen", show.words("余额（分）", "owed")),
        ("to_on", show.words("到期", "ends")),
        ("stage", show.words("进度", "stage")),
    ]
    show.as_table(rows, columns, show.words("没有贷款。", "No loan."))


@loans_app.command()
def funds(place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """各县风险补偿金：注入、余额、放大倍数、是否停贷 / the counties' risk funds."""
    within = actor(as_user).demand(Permission.STATISTICS_VIEW).narrowed(place)
    today = timezone.localdate()
    held = credit_rules.limits(policy.load().at(today))
    found = credit.by_county(within, today, held)
    names = areas.named(list(found))
    rows = [
        {
            "county": code,
            "name": names.get(code, code),
            "paid_in_fen": one.paid_in_fen,
            "fund_fen": one.fund_fen,
            "lent_fen": one.lent_fen,
            "owed_fen": one.balance_fen,
            "overdue_fen": one.overdue_fen,
            "leverage": one.leverage,
            "stopped": credit_rules.stopped(one.overdue_fen, one.balance_fen, held),
        }
        for code, one in found.items()
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("county", show.words("县", "county")),
        ("name", show.words("名称", "name")),
        ("paid_in_fen", show.words("注入（分）", "paid in")),
        ("fund_fen", show.words("余额（分）", "in the fund")),
        ("lent_fen", show.words("放贷（分）", "lent")),
        ("leverage", show.words("放大倍数", "leverage")),
        ("stopped", show.words("停贷", "stopped")),
    ]
    show.as_table(rows, columns, show.words("没有补偿金。", "No fund."))
