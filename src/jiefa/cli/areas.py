"""Places: loading lists, designations, yearly facts; looking one up."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import actions, queries
from jiefa.areas import facts as place_facts
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor

app = typer.Typer(no_args_is_help=True, help="行政区划 / divisions")


def _done(count: int, what_zh: str, what_en: str, as_json: bool) -> None:
    if as_json:
        show.as_json({"rows": count})
    else:
        show.OUT.print(show.words(f"{what_zh} {count} 条。", f"{count} {what_en}."))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@app.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV：code,name")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入区划表 / load a list of divisions."""
    who = actor(as_user)
    if as_user is not None:
        who.demand(Permission.AREA_LOAD)
    count = actions.load_divisions(rows=actions.read_list(file), source=file.name, by=who.name)
    _done(count, "区划", "divisions", as_json)


@app.command()
def designate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV：code,kind,from_year,to_year,source")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入贫困县、乡、村等认定 / load designations."""
    who = actor(as_user)
    who.demand(Permission.AREA_LOAD)
    _done(actions.load_designations(rows=_rows(file), by=who.name), "认定", "designations", as_json)


@app.command()
def successors(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV：old,new,name,date")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入代码变更（旧代码止、新代码起） / load changes of codes."""
    who = actor(as_user)
    who.demand(Permission.AREA_LOAD)
    _done(actions.load_successors(rows=_rows(file), by=who.name), "代码变更", "changes of codes", as_json)


@app.command()
def facts(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：各地年度基本情况 / yearly facts")
    ],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入各地年度基本情况（农业户籍人口、公共服务等） / load yearly facts of places."""
    who = actor(as_user)
    within = who.demand(Permission.AREA_LOAD)
    _done(place_facts.load(file, policy.load(), within.areas, by=who.name), "基本情况", "facts", as_json)


@app.command(name="show")
def show_area(code: str, as_json: JsonOption = False) -> None:
    """一个地方：上级、下级、认定 / one place."""
    place = queries.division(code)
    children = [{"code": child.code, "name": child.name, "level": child.level} for child in queries.children(code)]
    result = {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "path": [above.name for above in queries.way_up(code)],
        "designations": [
            {"kind": row.kind, "from_year": row.from_year, "to_year": row.to_year, "source": row.source}
            for row in place.designations.all()
        ],
        "children": children,
    }
    if as_json:
        show.as_json(result)
        return
    show.OUT.print(" › ".join(above.name for above in queries.way_up(code)))
    show.as_table(children, [("code", show.words("代码", "code")), ("name", show.words("名称", "name"))], "—")
