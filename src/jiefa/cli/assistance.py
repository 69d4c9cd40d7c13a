"""Help on the command line: programmes and their sums, cases, lists in Excel, lists to act on; loans and the counties' funds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy, sheets
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assistance.actions import kinds
from jiefa.assistance.queries import credit, exports, gaps, industry, villages
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.queries.exports import home
from jiefa.assistance.rules import credit as credit_rules
from jiefa.cli import received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.kernel.errors import JiefaError, terminal_language
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets.forms import specs_of

app = typer.Typer(no_args_is_help=True, help="帮扶项目 / programmes of help")
industry_app = typer.Typer(no_args_is_help=True, help="产业主体和利益联结 / industry and benefit links")
loans_app = typer.Typer(no_args_is_help=True, help="扶贫小额信贷 / microcredit")

PlaceOption = Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")]
YearOption = Annotated[int, typer.Option(help="年度 / year")]
KindArgument = Annotated[
    str,
    typer.Argument(
        help="项目，或 loans、repayments、credit_parties、industry、benefits、village_works、courses、sites、hamlets / programme, or one of these"
    ),
]


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


@app.command()
def load(
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：名单 / list")],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入项目名单、放款名单或还款名单 / load a list."""
    received.send_in(kind, file, report, as_user, as_json=as_json)


@app.command()
def accept(
    number: Annotated[int, typer.Argument(help="名单编号 / number of the list")],
    refuse: Annotated[str | None, typer.Option("--refuse", help="退回并写明理由 / refuse, with the reason")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """接受或退回另一人导入的名单 / accept or refuse a list that another officer loaded."""
    received.decide(number, refuse, as_user, as_json=as_json)


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


@loans_app.command(name="parties")
def list_parties(
    place: PlaceOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写成可再导入的 Excel / a workbook that can be loaded again")
    ] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """四台一会：各县各角色由谁承担 / who fills each role of microcredit in the counties, now and before."""
    who = actor(as_user)
    within = who.demand(Permission.STATISTICS_VIEW).narrowed(place)
    found = credit.parties_inside(within)
    if output is not None:
        columns, written = exports.parties(found, policy.load())
        title = show.words("四台一会", "Roles of microcredit")
        count = sheets.stream_xlsx(written, columns, output, sheet_name=title, language=terminal_language())
        export_actions.record(by=who.name, what="credit_parties", areas=within.areas, rows=str(count))
    names = ("county_id", "role", "name", "from_on", "to_on")
    rows: list[dict[str, object]] = [{name: getattr(one, name) for name in names} for one in found]
    if as_json:
        show.as_json(rows)
        return
    columns_shown = [
        ("county_id", show.words("县", "county")),
        ("role", show.words("角色", "role")),
        ("name", show.words("单位", "unit")),
        ("from_on", show.words("起", "from")),
        ("to_on", show.words("止", "until")),
    ]
    show.as_table(rows, columns_shown, show.words("没有登记承担单位。", "No unit is named."))


@industry_app.command(name="list")
def list_bodies(
    year: YearOption,
    place: PlaceOption = None,
    kind: Annotated[str, typer.Option(help="park、enterprise、cooperative、base")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """产业主体和当年数字 / the register of industry with its figures of the year."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    names = ("number", "name", "kind", "village_code", "industry", "level", "recognised_on")
    figures = ("output_fen", "sales_fen", "invested_fen", "members", "poor_members")
    rows = [
        {name: getattr(body, name) for name in (*names, *figures)}
        for body in industry.bodies(within, year, kind).iterator()
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("number", show.words("编号", "number")),
        ("name", show.words("名称", "name")),
        ("kind", show.words("类型", "kind")),
        ("industry", show.words("产业", "industry")),
        ("output_fen", show.words("产值（分）", "output")),
        ("members", show.words("社员", "members")),
    ]
    show.as_table(rows, columns, show.words("没有产业主体。", "Nothing on the register."))


@industry_app.command()
def benefits(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """各种利益联结的户数和到户金额 / what households had of industry, by way."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    rows = [
        {"way": way, "links": one.links, "households": one.households, "fen": one.fen}
        for way, one in industry.by_way(within, year).items()
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("way", show.words("方式", "way")),
        ("links", show.words("联结", "links")),
        ("households", show.words("户", "households")),
        ("fen", show.words("金额（分）", "fen")),
    ]
    show.as_table(rows, columns, show.words("没有利益联结。", "No link."))


@app.command(name="villages")
def village_plans(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """整村推进：各村计划、完成和验收 / villages that advance as a whole."""
    within = actor(as_user).demand(Permission.STATISTICS_VIEW).narrowed(place)
    rows: list[dict[str, object]] = [{**row} for row in villages.plans(within, year)]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("village_code", show.words("村", "village")),
        ("works", show.words("工程", "works")),
        ("accepted", show.words("已验收", "accepted")),
        ("planned", show.words("计划（分）", "planned, fen")),
        ("spent", show.words("完成（分）", "spent, fen")),
    ]
    show.as_table(rows, columns, show.words("没有整村推进计划。", "No village plan."))
