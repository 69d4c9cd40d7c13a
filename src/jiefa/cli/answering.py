"""Who answers for whom on the command line: households without a helper, proposals, visits, lists in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from django.utils import timezone

from jiefa import policy, sheets
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import appointing
from jiefa.cli import received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.kernel.errors import terminal_language
from jiefa.registry.actions import exports
from jiefa.responsibility.actions import assigning
from jiefa.responsibility.actions.appointing import Appointment
from jiefa.responsibility.queries import answering, lists, people, visits
from jiefa.sheets.forms import specs_of

PlaceOption = Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")]
ListName = Annotated[
    Literal["cadres", "teams", "attendance", "helpers", "visits", "pairings", "commitments", "arrivals"],
    typer.Argument(help="哪种名册 / which list"),
]

helpers_app = typer.Typer(no_args_is_help=True, help="帮扶责任人 / who answers for households")
visits_app = typer.Typer(no_args_is_help=True, help="走访 / visits")


@helpers_app.command(name="list")
def list_helpers(
    place: PlaceOption = None,
    without: Annotated[
        bool, typer.Option("--without", help="只列没有责任人的户 / only households without one")
    ] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """在册贫困户和帮扶责任人 / poor households and who answers for them."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    today = timezone.localdate()
    if without:
        rows = [
            {"household": home.number, "place": home.village_code, "cadre": None, "name": None, "since": None}
            for home in answering.without_helper(within, today).iterator()
        ]
    else:
        rows = [
            {"household": household, "place": village, "cadre": number, "name": name, "since": since}
            for household, village, number, name, since in answering.open_helpers(within).iterator()
        ]
    if as_json:
        show.as_json(rows)
    else:
        columns = [
            ("household", show.words("户编号", "household")),
            ("place", show.words("村", "village")),
            ("cadre", show.words("干部编号", "cadre")),
            ("name", show.words("姓名", "name")),
            ("since", show.words("自", "since")),
        ]
        show.as_table(rows, columns, show.words("没有。", "None."))
    if without and rows:
        raise typer.Exit(1)


@helpers_app.command(name="load")
def load_list(
    name: ListName,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="xlsx/csv：jiefa template 的表样 / in the form of jiefa template"
        ),
    ],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入干部、工作队、考勤、帮扶责任人、走访、结对关系、承诺或到位名册 / load a list."""
    received.send_in(name, file, report, as_user, as_json=as_json)


@helpers_app.command(name="accept")
def accept_list(
    number: Annotated[int, typer.Argument(help="名单编号 / number of the list")],
    refuse: Annotated[str | None, typer.Option("--refuse", help="退回并写明理由 / refuse, with the reason")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """接受或退回另一人导入的名册 / accept or refuse a list that another officer loaded."""
    received.decide(number, refuse, as_user, as_json=as_json)


@helpers_app.command(name="export")
def export_list(
    name: ListName,
    output: Annotated[Path, typer.Option("-o", "--output", help="写到哪个文件 / file to write")],
    place: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """把名册导出为可以再导入的 Excel / a list as a workbook that can be loaded again."""
    who = actor(as_user)
    within = who.demand(Permission.HOUSEHOLD_EXPORT).narrowed(place)
    pack = policy.load()
    (spec,) = specs_of(pack, pack.form(name))
    count = sheets.stream_xlsx(
        lists.rows(name, within), spec.columns, output, sheet_name=spec.zh, language=terminal_language()
    )
    exports.record(by=who.name, what=name, areas=within.areas, rows=str(count))
    if as_json:
        show.as_json({"list": name, "rows": count, "file": output})
    else:
        show.OUT.print(show.words(f"已写入 {count} 行：{output}", f"{count} rows written: {output}"))


@helpers_app.command()
def propose(
    place: Annotated[str, typer.Argument(help="县或乡镇代码 / code of a county or township")],
    most: Annotated[int | None, typer.Option(min=1, help="一人最多几户 / households of one cadre at most")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="把建议写成可改后导入的 Excel / a workbook to change and load")
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="按建议确定责任人 / appoint as proposed")] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """计算一个地方的结对建议；不加 --confirm 不写任何数据 / propose who answers; writes nothing without --confirm."""
    who, pack, today = actor(as_user), policy.load(), timezone.localdate()
    made = assigning.propose(place=place, on=today, by=who, pack=pack, most=most)
    appointed = 0
    if output is not None:
        (spec,) = specs_of(pack, pack.form("helpers"))
        cadres = people.by_key(row.cadre for row in made.rows if row.cadre is not None)
        numbers = answering.numbers_of([row.household for row in made.rows])
        rows = (
            (numbers[row.household], cadres[row.cadre].number, today) for row in made.changes if row.cadre is not None
        )
        sheets.stream_xlsx(rows, spec.columns, output, sheet_name=spec.zh, language=terminal_language())
    if confirm and made.changes:
        wanted = [Appointment(row.household, row.cadre) for row in made.changes if row.cadre is not None]
        appointed = appointing.appoint_many(appointments=wanted, on=today, by=who, pack=pack).appointed
    result = {
        "place": place,
        "name": areas.division(place).name,
        "households": len(made.rows),
        "changes": len(made.changes),
        "by": made.counts,
        "digest": made.digest,
        "appointed": appointed,
        "file": output,
    }
    if as_json:
        show.as_json(result)
        return
    show.OUT.print(
        show.words(
            f"{result['name']}：{len(made.rows)} 户，建议变动 {len(made.changes)} 户，无人可派 {made.counts.get('none', 0)} 户；"
            f"已确定 {appointed} 户。",
            f"{result['name']}: {len(made.rows)} households, {len(made.changes)} changes proposed, "
            f"{made.counts.get('none', 0)} without anybody; {appointed} appointed.",
        )
    )


@visits_app.command(name="list")
def list_visits(
    place: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """最近登记的走访（不含走访情况） / the latest visits, without what was found."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    rows = [
        {
            "on": visit.on,
            "household": visit.household.number if visit.household else None,
            "place": visit.village_code,
            "cadre": visit.cadre.number,
            "name": visit.cadre.name,
            "purpose": visit.purpose,
        }
        for visit in visits.visits(within)[:1_000]
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("on", show.words("日期", "day")),
        ("household", show.words("户编号", "household")),
        ("place", show.words("村", "village")),
        ("name", show.words("走访人", "by")),
        ("purpose", show.words("目的", "purpose")),
    ]
    show.as_table(rows, columns, show.words("没有走访记录。", "No visit."))


@visits_app.command()
def rounds(as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """遍访及其覆盖 / rounds and how far they have come."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW)
    rows = []
    for one in visits.rounds(within)[:20]:
        covered = visits.coverage(one, within)
        rows.append(
            {
                "round": one.pk,
                "title": one.title,
                "place": one.division_id,
                "begins": one.begins,
                "ends": one.ends,
                "households": covered.households,
                "households_visited": covered.households_visited,
                "villages": covered.villages,
                "villages_visited": covered.villages_visited,
                "visitors": covered.visitors,
            }
        )
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("title", show.words("名称", "title")),
        ("place", show.words("地方", "place")),
        ("households", show.words("贫困户", "households")),
        ("households_visited", show.words("已走访", "visited")),
        ("villages", show.words("贫困村", "villages")),
        ("villages_visited", show.words("已走访", "visited")),
        ("visitors", show.words("干部", "visitors")),
    ]
    show.as_table(rows, columns, show.words("没有遍访。", "No round."))
