"""The table of contents of the command line. Only the module of the command that is called is imported."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer
from django.core.management import execute_from_command_line

HELP = "解法 Jiefa：一户一策的脱贫工作系统 / ending poverty household by household"

COMMANDS = {
    "setup": "running",
    "demo": "running",
    "serve": "running",
    "template": "rosters",
    "load": "rosters",
    "accept": "rosters",
    "check": "figures",
    "indicators": "figures",
    "dossiers": "dossiers",
    "quotas": "identification",
    "match": "linking",
    "ledger": "ledger",
    "truth": "truth",
}
GROUPS = {
    "snapshot": ("figures", "snapshot_app"),
    "areas": ("areas", "app"),
    "audit": ("audit", "app"),
    "user": ("users", "app"),
    "notices": ("notices", "app"),
    "procedures": ("procedures", "app"),
    "changes": ("changes", "app"),
    "looks": ("identification", "looks_app"),
    "lookback": ("identification", "lookback_app"),
    "leads": ("identification", "leads_app"),
    "compare": ("comparing", "app"),
    "helpers": ("answering", "helpers_app"),
    "visits": ("answering", "visits_app"),
    "pairings": ("pairings", "pairings_app"),
    "programmes": ("assistance", "app"),
    "loans": ("assistance", "loans_app"),
    "industry": ("assistance", "industry_app"),
    "plan": ("planning", "app"),
    "watch": ("monitoring", "app"),
    "training": ("moving", "training_app"),
    "relocation": ("moving", "relocation_app"),
    "money": ("money", "app"),
    "contracts": ("watching", "contracts_app"),
    "inspections": ("watching", "inspections_app"),
    "supervision": ("watching", "supervision_app"),
    "hotline": ("hotline", "app"),
    "inspection": ("visiting", "app"),
    "project": ("projects", "app"),
    "survey": ("survey", "app"),
    "sample": ("sampling", "app"),
    "assess": ("assessing", "app"),
}


def manage(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Django 自带的管理命令 / Django's own commands."""
    execute_from_command_line(["jiefa manage", *(arguments or [])])


def build(called: str | None = None) -> typer.Typer:
    """The application: with the one command ``called``, or with all of them when it is none (help, a typing mistake)."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=HELP)
    app.callback()(lambda: None)
    every = {*COMMANDS, *GROUPS, "manage"}
    wanted = {called} if called in every else every
    for name, module in COMMANDS.items():
        if name in wanted:
            app.command(name)(getattr(import_module(f"jiefa.cli.{module}"), name))
    for name, (module, attribute) in GROUPS.items():
        if name in wanted:
            app.add_typer(getattr(import_module(f"jiefa.cli.{module}"), attribute), name=name)
    if "manage" in wanted:
        settings = {"ignore_unknown_options": True, "allow_extra_args": True}
        app.command("manage", context_settings=settings, add_help_option=False)(manage)
    return app
