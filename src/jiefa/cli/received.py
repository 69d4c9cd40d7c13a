"""A list sent in or decided on the command line, whatever it is a list of."""

from __future__ import annotations

from pathlib import Path

import typer

from jiefa import policy
from jiefa.casework import lists
from jiefa.cli import show
from jiefa.cli.actor import actor
from jiefa.kernel.errors import JiefaError
from jiefa.lists.models import ReceivedList


class ListUnknown(JiefaError):
    code = "cli.list_unknown"
    zh = "没有编号为 {number} 的名单。请核对编号。"
    en = "There is no list number {number}. Check the number."


def _said(found: ReceivedList) -> dict[str, object]:
    return {
        "list": found.pk,
        "kind": found.kind,
        "state": found.state,
        "digest": found.digest,
        "rows": found.rows,
        "accepted": found.accepted,
        "unchanged": found.unchanged,
        "held_back": found.held_back,
        "strangers": found.strangers,
    }


def _tell(found: ReceivedList, as_json: bool) -> None:
    if as_json:
        show.as_json(_said(found))
        return
    show.OUT.print(
        show.words(
            f"第 {found.pk} 份名单（{found.get_state_display()}）：{found.rows} 行，入库 {found.accepted}，已有 {found.unchanged}，"
            f"扣留 {found.held_back}，不在册 {found.strangers}。",
            f"List {found.pk} ({found.get_state_display()}): {found.rows} rows, {found.accepted} go in, {found.unchanged} on file, "
            f"{found.held_back} held back, {found.strangers} not on the register.",
        )
    )


def send_in(kind: str, file: Path, report: Path | None, as_user: str | None, *, as_json: bool) -> None:
    """Reads the list and says what came of it; exit status 1 where rows are held back. The report goes beside the file unless named.

    A user's list waits for a second officer; the operator of the machine answers for both.
    """
    who, pack = actor(as_user), policy.load()
    take = lists.stage if as_user is not None else lists.load
    found = take(file=file, name=file.name, kind=kind, by=who, pack=pack)
    lists.write_report(found, pack, file, report or file.with_name(f"{file.stem}-检查结果.xlsx"))
    _tell(found, as_json)
    if found.held_back:
        raise typer.Exit(1)


def decide(number: int, refused_because: str | None, as_user: str | None, *, as_json: bool) -> None:
    """Accepts the list, or refuses it with the reason. Raises ``ListUnknown``, and as the actions."""
    who, pack = actor(as_user), policy.load()
    if lists.one(number, who, pack) is None:
        raise ListUnknown(number=number)
    if refused_because is not None:
        _tell(lists.refuse(list_id=number, reason=refused_because, by=who, pack=pack), as_json)
    else:
        _tell(lists.accept(list_id=number, by=who, pack=pack), as_json)
