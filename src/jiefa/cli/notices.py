"""Public notices on the command line: what is published and what waits, publishing, typing in an objection."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.disclosure import actions, queries
from jiefa.disclosure.models import Channel, Notice
from jiefa.disclosure.queries import Waiting
from jiefa.kernel.errors import JiefaError

app = typer.Typer(no_args_is_help=True, help="公示公告 / public notices")


class NoticeUnknown(JiefaError):
    code = "cli.notice_unknown"
    zh = "没有编号为 {number} 的公示公告。用 jiefa notices list 查看。"
    en = "There is no notice number {number}. See jiefa notices list."


def _published(found: list[Notice]) -> list[dict[str, object]]:
    clocks = queries.clocks(found)
    hung = queries.shown_to_hang(found)
    rows: list[dict[str, object]] = []
    for one in found:
        clock = clocks[one.pk]
        rows.append(
            {
                "notice": one.pk,
                "kind": one.kind,
                "place": one.place_code,
                "name": one.place_name,
                "posted_on": one.posted_on,
                "until": clock.until if clock else None,
                "stopped": clock.stopped if clock else False,
                "lines": one.lines,
                "people": one.people,
                "photographs": hung.get(one.pk, 0),
                "digest": one.digest,
            }
        )
    return rows


def _waiting(found: list[Waiting]) -> list[dict[str, object]]:
    return [
        {
            "procedure": one.procedure.id,
            "step": one.step.id,
            "place": one.place,
            "kind": one.kind,
            "lines": len(one.dossiers),
            "dossiers": [dossier.pk for dossier in one.dossiers],
        }
        for one in found
    ]


@app.command(name="list")
def list_notices(
    place: Annotated[str | None, typer.Option(help="只列这个地方 / only of this division")] = None,
    kind: Annotated[str, typer.Option(help="只列这一种 / only this kind")] = "",
    waiting: Annotated[bool, typer.Option("--waiting", help="列出待公示的名单 / what waits to be published")] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """已公布的公示公告，或待公示的名单 / what is published, or what waits."""
    who = actor(as_user)
    if waiting:
        who.demand(Permission.DOSSIER_VIEW)
        rows = _waiting(queries.waiting(who, policy.load()))
        keys: tuple[str, ...] = ("procedure", "step", "place", "kind", "lines")
    else:
        within = areas.division(place).code if place else None
        rows = _published(list(queries.find(within, kind)))
        keys = ("notice", "kind", "name", "posted_on", "until")
    if as_json:
        show.as_json(rows)
    else:
        show.as_table(rows, [(key, key) for key in keys], show.words("没有公示公告。", "No notices."))


@app.command()
def post(
    dossiers: Annotated[list[int], typer.Argument(help="事项编号 / numbers of the dossiers")],
    announce_in: Annotated[
        str, typer.Option(help="作为公告，在这个地方公布 / as an announcement in this division")
    ] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="只看将公布什么 / only show what would be published")
    ] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """公示（或公告）这些事项 / publish these dossiers."""
    who, pack, today = actor(as_user), policy.load(), timezone.localdate()
    if preview:
        lines = actions.preview(dossier_ids=dossiers, by=who, pack=pack, announced_in=announce_in)
        rows: list[dict[str, object]] = [
            {"name": one.name, "place": one.place_name, "people": one.people, "decided": one.decided} for one in lines
        ]
    elif announce_in:
        rows = _published([actions.announce(dossier_ids=dossiers, place=announce_in, by=who, on=today, pack=pack)])
    else:
        rows = _published([actions.post_notice(dossier_ids=dossiers, by=who, on=today, pack=pack)])
    if as_json:
        show.as_json(rows)
    else:
        show.as_table(rows, [(key, key) for key in rows[0]], "")


@app.command(name="object")
def object_to(
    notice: Annotated[int, typer.Argument(help="公示公告编号 / number of the notice")],
    text: Annotated[str, typer.Option(help="异议内容 / what is objected to, and why")],
    line: Annotated[int | None, typer.Option(help="名单序号 / number of the line")] = None,
    name: Annotated[str, typer.Option(help="姓名，可不写 / name; may be left out")] = "",
    contact: Annotated[str, typer.Option(help="联系方式 / contact")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """录入书面或电话提出的异议 / type in an objection that came on paper or by telephone."""
    who = actor(as_user)
    if queries.notice(notice) is None:
        raise NoticeUnknown(number=notice)
    made = actions.file_objection(
        notice_id=notice,
        text=text,
        channel=Channel.PAPER,
        on=timezone.localdate(),
        pack=policy.load(),
        name=name,
        contact=contact,
        line=line,
        by=who,
    )
    if as_json:
        show.as_json({"notice": notice, "number": made.number, "dossier": made.dossier_id})
    else:
        show.OUT.print(show.words(f"异议{made.number}号已登记。", f"Objection {made.number} filed."))
