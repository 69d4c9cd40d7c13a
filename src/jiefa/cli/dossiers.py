"""Dossiers as a list: what is under way or was closed, where, at which step, until when."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.policy import Pack
from jiefa.procedures import queries
from jiefa.procedures.models import Dossier

State = Literal["open", "closed", "approved", "refused", "withdrawn"]


def dossiers(
    place: Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")] = None,
    procedure: Annotated[str | None, typer.Option(help="只列这个程序 / only this procedure")] = None,
    state: Annotated[State | None, typer.Option(help="办理中、已办结或某种结果 / only in this state")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列超期的 / only those past their day")] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """办理中的和办结的事项 / dossiers under way and closed."""
    within = actor(as_user).demand(Permission.DOSSIER_VIEW)
    pack = policy.load()
    if procedure is not None:
        pack.procedure_versions(procedure)
    filters = queries.Filters(
        place=place,
        procedure=procedure or "",
        outcome=state or "",
        overdue_on=timezone.localdate() if overdue else None,
    )
    rows = [_row(dossier, pack) for chunk in queries.chunks(queries.find(filters, within)) for dossier in chunk]
    if as_json:
        show.as_json([{name: value for name, value in row.items() if name != "label"} for row in rows])
    else:
        columns = [
            ("dossier", show.words("编号", "no.")),
            ("procedure", show.words("程序", "procedure")),
            ("title", show.words("事项", "title")),
            ("place", show.words("地方", "place")),
            ("label", show.words("环节", "step")),
            ("due_on", show.words("期限", "due")),
            ("year", show.words("年度", "year")),
        ]
        show.as_table(rows, columns, show.words("没有符合条件的事项。", "No dossier matches."))
    if overdue and rows:
        raise typer.Exit(1)


def _row(dossier: Dossier, pack: Pack) -> dict[str, object]:
    version = queries.procedure_of(dossier, pack)
    step = version.by_id.get(dossier.step) or version.ends_by_id[dossier.step]
    return {
        "dossier": dossier.pk,
        "procedure": dossier.procedure,
        "step": dossier.step,
        "title": dossier.title,
        "place": dossier.place_code,
        "year": dossier.year,
        "outcome": dossier.outcome,
        "due_on": dossier.due_on if not dossier.outcome else None,
        "version": dossier.version,
        "label": show.words(step.zh, step.en),
    }
