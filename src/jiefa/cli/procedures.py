"""The procedures of the policy pack: what there is, and one of them drawn."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.cli import show
from jiefa.cli.actor import JsonOption
from jiefa.kernel.errors import terminal_language
from jiefa.procedures import drawing

app = typer.Typer(no_args_is_help=True, help="办理程序 / procedures")


@app.callback()
def group() -> None:
    """办理程序 / procedures."""


@app.command(name="list")
def list_procedures(as_json: JsonOption = False) -> None:
    """所有程序及其版本 / all procedures with their versions."""
    rows = [
        {
            "procedure": version.id,
            "label": show.words(version.zh, version.en),
            "subject": version.subject,
            "from": version.from_date.isoformat(),
            "to": version.to_date.isoformat() if version.to_date else None,
            "steps": [step.id for step in version.steps],
            "assumption": version.assumption,
            "reference": version.reference,
        }
        for versions in policy.load().procedures.values()
        for version in versions
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("procedure", show.words("编号", "id")),
        ("label", show.words("程序", "procedure")),
        ("from", show.words("自", "from")),
        ("to", show.words("至", "to")),
        ("count", show.words("环节数", "steps")),
    ]
    shown = [{**row, "count": len(row["steps"])} for row in rows if isinstance(row["steps"], list)]
    show.as_table(shown, columns, show.words("政策包里没有程序。", "The pack holds no procedure."))


@app.command()
def draw(
    procedure: Annotated[str, typer.Argument(metavar="ID", help="程序编号 / id of the procedure")],
    on: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天的版本 / the version of this day")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """把一个程序画成 Mermaid 状态图 / a procedure as a Mermaid state diagram."""
    pack = policy.load()
    version = pack.procedure(procedure, on.date() if on else timezone.localdate())
    text = drawing.mermaid(version, pack, terminal_language())
    if as_json:
        show.as_json({"procedure": version.id, "from": version.from_date, "mermaid": text})
    else:
        sys.stdout.write(text)
