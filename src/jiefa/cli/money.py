"""Money on the command line: what places hold, lists proposed, orders confirmed or refused, the books added up."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.funds.actions import kinds, lists, orders, paying
from jiefa.funds.models import Channel, Order, OrderKind
from jiefa.funds.queries import accounts, flows
from jiefa.funds.queries import orders as queries
from jiefa.funds.queries.books import books as add_up
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError

app = typer.Typer(no_args_is_help=True, help="资金 / money")

PROVINCE = "52"


class OrderUnknown(JiefaError):
    code = "cli.order_unknown"
    zh = "没有编号为 {number} 的拨付单。请核对编号。"
    en = "There is no order number {number}. Check the number."


class MoneyListUnknown(JiefaError):
    code = "cli.money_list_unknown"
    zh = "没有名为“{name}”的资金名单。可用的有：budgets、transfers、factors、unit_accounts、payment_results。"
    en = "There is no list of money called {name!r}. There are: budgets, transfers, factors, unit_accounts, payment_results."


@app.command(name="list")
def list_money(
    place: Annotated[str | None, typer.Option(help="只列这个地方之内 / only inside this division")] = None,
    year: Annotated[int | None, typer.Option(help="资金年度 / fund year")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """各地的资金：未拨出、现存、已到收款人 / what places hold and what reached payees."""
    who = actor(as_user)
    within = who.demand(Permission.MONEY_VIEW).narrowed(place)
    code = place or who.widest_area or PROVINCE
    found = accounts.below(code, within, year)
    names = areas.named(sorted({code, *found}))
    rows = [{"place": code, "name": names.get(code, code), **asdict(accounts.standing(within, year))}]
    rows += [{"place": below, "name": names.get(below, below), **asdict(one)} for below, one in found.items()]
    if as_json:
        sums = flows.totals(flows.bands(within, year))
        show.as_json({"places": rows, "flows": asdict(sums)})
        return
    columns = [
        ("place", show.words("代码", "code")),
        ("name", show.words("地区", "place")),
        ("source_fen", show.words("未拨出（分）", "not drawn, fen")),
        ("holder_fen", show.words("单位现存（分）", "held, fen")),
        ("project_fen", show.words("项目（分）", "projects, fen")),
        ("payee_fen", show.words("已到收款人（分）", "payees, fen")),
        ("payees", show.words("收款人", "payees")),
    ]
    show.as_table(rows, columns, "")


@app.command()
def load(
    kind: Annotated[
        str, typer.Argument(help="budgets、transfers、factors、unit_accounts 或 payment_results / one of these")
    ],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：名单 / list")],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """提出指标或拨付名单，等第二人确认 / propose a list; another officer confirms it."""
    if kind in kinds.LISTS:
        received.send_in(kind, file, report, as_user, as_json=as_json)
        return
    who, pack = actor(as_user), policy.load()
    if kind not in lists.LISTS:
        raise MoneyListUnknown(name=kind)
    found = lists.stage(file=file, name=file.name, kind=OrderKind(kind), by=who, pack=pack)
    lists.write_report(found, pack, file, report or file.with_name(f"{file.stem}-检查结果.xlsx"))
    _tell(found, as_json)
    if found.held_back:
        raise typer.Exit(1)


@app.command()
def confirm(
    number: Annotated[int, typer.Argument(help="拨付单编号 / number of the order")],
    refuse: Annotated[str | None, typer.Option("--refuse", help="退回并写明理由 / refuse, with the reason")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """确认或退回另一人提出的拨付单 / confirm or refuse an order that another officer proposed."""
    who = actor(as_user)
    if queries.order(number, who.demand(Permission.MONEY_CONFIRM)) is None:
        raise OrderUnknown(number=number)
    if refuse is not None:
        _tell(orders.refuse(order_id=number, reason=refuse, by=who), as_json)
    else:
        _tell(orders.confirm(order_id=number, by=who, pack=policy.load()), as_json)


@app.command()
def accept(
    number: Annotated[int, typer.Argument(help="名单编号 / number of the list")],
    refuse: Annotated[str | None, typer.Option("--refuse", help="退回并写明理由 / refuse, with the reason")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """接受或退回因素、单位账户、付款结果名单 / accept or refuse a list of factors, accounts of units or results of payments."""
    received.decide(number, refuse, as_user, as_json=as_json)


@app.command()
def pay(
    number: Annotated[int, typer.Argument(help="已确认的拨付单编号 / number of a confirmed order")],
    file: Annotated[Path, typer.Argument(help="写到哪个文件（.xlsx 或 .csv）/ file to write")],
    channel: Annotated[
        Channel, typer.Option(help="card 一卡通发农户，bank 付单位 / households or units")
    ] = Channel.CARD,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """把已确认的付款写成银行文件，每笔只送一次 / write the payments of a confirmed order as a file for the bank, each once."""
    who = actor(as_user)
    if queries.order(number, who.demand(Permission.MONEY_CONFIRM)) is None:
        raise OrderUnknown(number=number)
    with transaction.atomic():
        made = paying.make(order_id=number, channel=channel, by=who, pack=policy.load())
        content = paying.written(file_id=made.file.pk, form=file.suffix.lower().lstrip("."), by=who)
        file.write_bytes(content if isinstance(content, bytes) else content.read())
    if as_json:
        names = ("rows", "amount_fen", "digest")
        said = {name: getattr(made.file, name) for name in names}
        show.as_json({"payment_file": made.file.pk, **said, "without_account": made.without_account})
        return
    yuan = money.format_yuan(made.file.amount_fen)
    show.OUT.print(
        show.words(
            f"第 {made.file.pk} 份付款文件：{made.file.rows} 笔，共 {yuan} 元，没有账号的 {made.without_account} 笔未列入；摘要 {made.file.digest}。",
            f"Payment file {made.file.pk}: {made.file.rows} payments, {yuan} yuan, {made.without_account} without an account; digest {made.file.digest}.",
        )
    )


def _tell(found: Order, as_json: bool) -> None:
    if as_json:
        names = ("kind", "state", "rows", "posted", "unchanged", "held_back", "amount_fen")
        show.as_json({"order": found.pk, **{name: getattr(found, name) for name in names}})
        return
    said = money.format_yuan(found.amount_fen)
    show.OUT.print(
        show.words(
            f"第 {found.pk} 份拨付单（{found.get_state_display()}）：{found.rows} 行，拨付 {found.posted} 笔，已有 {found.unchanged}，"
            f"扣留 {found.held_back}，共 {said} 元。",
            f"Order {found.pk} ({found.get_state_display()}): {found.rows} rows, {found.posted} transfers, {found.unchanged} on file, "
            f"{found.held_back} held back, {said} yuan.",
        )
    )


@app.command()
def books(as_json: JsonOption = False) -> None:
    """把全部账目重新加一遍；不平时状态为 1 / add up all the books anew; status 1 when they do not."""
    found = add_up()
    if as_json:
        show.as_json({**asdict(found), "add_up": found.add_up})
    else:
        show.OUT.print(
            show.words(
                f"{found.accounts} 个账户，{found.transfers} 笔拨付：{'账目平衡' if found.add_up else '账目不平'}。",
                f"{found.accounts} accounts, {found.transfers} transfers: the books {'add up' if found.add_up else 'do not add up'}.",
            )
        )
    if not found.add_up:
        raise typer.Exit(1)
