"""Projects on the command line: listed, shown, proposed from a list, what the rules of money find."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import lists
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.funds.actions import projects as actions
from jiefa.funds.models import Project
from jiefa.funds.queries import project_findings
from jiefa.funds.queries import projects as queries
from jiefa.funds.queries.projects import Sifted
from jiefa.funds.rules.project_refusals import ProjectNotThere

app = typer.Typer(no_args_is_help=True, help="项目 / projects")

P = Permission
SHOWN = 200


def _row(one: Project, names: dict[str, str]) -> dict[str, object]:
    return {
        "number": one.number,
        "name": one.name,
        "place": names.get(one.place_code, one.place_code),
        "year": one.year,
        "kind": one.kind,
        "step": one.dossier.step if one.dossier else "",
        "asked_fen": one.asked_fen,
        "approved_fen": one.approved_fen,
        "received_fen": one.received_fen,
        "paid_fen": one.paid_fen,
        "progress_percent": one.progress_percent,
    }


@app.command(name="list")
def list_projects(
    place: Annotated[str | None, typer.Option(help="只列这个地方之内 / only inside this division")] = None,
    year: Annotated[int | None, typer.Option(help="资金年度 / fund year")] = None,
    kind: Annotated[str, typer.Option(help="项目类别 / kind of project")] = "",
    state: Annotated[str, typer.Option(help="所在步骤 / step or end; none：未申报")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出项目，最近的在前 / list projects, the newest first."""
    within = actor(as_user).demand(P.DOSSIER_VIEW).narrowed(place)
    sifted = Sifted(year, kind, state)
    found = list(islice(queries.projects(within, sifted), None if as_json else SHOWN))
    names = areas.named(sorted({one.place_code for one in found}))
    rows = [_row(one, names) for one in found]
    sums = asdict(queries.sums(within, sifted))
    if as_json:
        show.as_json({"projects": rows, "sums": sums})
        return
    columns = [
        ("number", show.words("编号", "number")),
        ("name", show.words("名称", "name")),
        ("place", show.words("地区", "place")),
        ("step", show.words("步骤", "step")),
        ("approved_fen", show.words("批准（分）", "approved, fen")),
        ("paid_fen", show.words("已付（分）", "paid, fen")),
    ]
    show.as_table(rows, columns, "")


@app.command(name="show")
def show_project(
    number: Annotated[str, typer.Argument(help="项目编号 / number of the project")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """一个项目：资金、步骤、报账、存在的问题 / one project: money, steps, claims, findings."""
    found = queries.numbered(number, actor(as_user).demand(P.DOSSIER_VIEW))
    if found is None:
        raise ProjectNotThere(project=number)
    pack = policy.load()
    said = _row(found, areas.named([found.place_code])) | {
        "households": found.beneficiaries.count(),
        "claims": [
            {"kind": one.kind, "fen": one.amount_fen, "paid_on": one.paid_on.isoformat() if one.paid_on else None}
            for one in queries.claims(found)
        ],
        "findings": project_findings.of_project(
            found, timezone.localdate(), pack, "zh" if show.words("zh", "en") == "zh" else "en"
        ),
    }
    if as_json:
        show.as_json(said)
        return
    for name, value in said.items():
        show.OUT.print(f"{name}: {value}")


@app.command()
def apply(
    number: Annotated[str, typer.Argument(help="项目编号 / number of a project in the library")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """为项目库中的项目开立案卷 / draw up the dossier of a project of the library."""
    who = actor(as_user)
    found = queries.numbered(number, who.demand(P.MONEY_PROPOSE))
    if found is None:
        raise ProjectNotThere(project=number)
    (key,) = actions.propose_many(projects=[found], by=who, on=timezone.localdate(), pack=policy.load())
    if as_json:
        show.as_json({"dossier": key})
    else:
        show.OUT.print(show.words(f"已开立第 {key} 号案卷。", f"Dossier {key} is drawn up."))


@app.command()
def load(
    kind: Annotated[
        str, typer.Argument(help="project_library、project_beneficiaries 或 project_claims / one of these")
    ],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：名单 / list")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入名单，等第二人接受 / send a list in; another officer accepts it."""
    found = lists.stage(file=file, name=file.name, kind=kind, by=actor(as_user), pack=policy.load())
    if as_json:
        show.as_json({"list": found.pk, "rows": found.rows, "accepted": found.accepted, "held_back": found.held_back})
    else:
        show.OUT.print(
            show.words(
                f"第 {found.pk} 份名单：{found.rows} 行，可入 {found.accepted}，扣留 {found.held_back}；等第二人接受。",
                f"List {found.pk}: {found.rows} rows, {found.accepted} to go in, {found.held_back} held back; another officer accepts it.",
            )
        )
    if found.held_back:
        raise typer.Exit(1)


@app.command()
def findings(
    place: Annotated[str | None, typer.Option(help="只查这个地方之内 / only inside this division")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """按 FU01–FU06、LN01–LN02 检查资金、项目和贷款 / money, projects and loans by the rules."""
    within = actor(as_user).demand(P.MONEY_VIEW).narrowed(place)
    found = project_findings.counts(within, timezone.localdate(), policy.load())
    rows = [{"rule": one.rule, "id": one.id, "zh": one.zh, "en": one.en, "found": count} for one, count in found]
    if as_json:
        show.as_json({"findings": rows})
        return
    columns = [
        ("rule", show.words("规则", "rule")),
        (show.words("zh", "en"), show.words("问题", "what is wrong")),
        ("found", show.words("数量", "found")),
    ]
    show.as_table(rows, columns, "")
