"""The table of contents of the command line."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.management import execute_from_command_line

from jiefa.cli import areas, audit, figures, rosters, running, users

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="解法 Jiefa：一户一策的脱贫工作系统 / ending poverty household by household",
)
app.command("setup")(running.setup)
app.command("demo")(running.demo)
app.command("serve")(running.serve)
app.command("template")(rosters.template)
app.command("load")(rosters.load)
app.command("accept")(rosters.accept)
app.command("check")(figures.check)
app.command("indicators")(figures.indicators)
app.add_typer(figures.snapshot_app, name="snapshot")
app.add_typer(areas.app, name="areas")
app.add_typer(audit.app, name="audit")
app.add_typer(users.app, name="user")


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
def manage(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Django 自带的管理命令 / Django's own commands."""
    execute_from_command_line(["jiefa manage", *(arguments or [])])
