"""Changes of households: as a list, and one opened from a file."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.casework import actions as casework
from jiefa.changes import queries
from jiefa.changes.actions import drawing
from jiefa.changes.queries import Standing
from jiefa.changes.rules import kinds, proposal, refusals
from jiefa.changes.rules.request import Request
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Field, Pack
from jiefa.procedures import queries as dossiers
from jiefa.procedures.models import Dossier
from jiefa.registry.queries import households

app = typer.Typer(no_args_is_help=True, help="家庭变更 / changes of households")
State = Literal["open", "approved", "refused", "withdrawn", "flagged"]


class FileUnreadable(JiefaError):
    code = "cli.change_file"
    zh = "“{file}”不是可以读的变更文件：{why}。格式见 docs/commands.md。"
    en = "{file!r} is no file of a change that can be read: {why}. docs/commands.md says what it holds."


class HouseholdUnknown(JiefaError):
    code = "cli.household_unknown"
    zh = "您的范围内没有户编号为“{number}”的农户。"
    en = "There is no household {number!r} within your posts."


@app.callback()
def group() -> None:
    """家庭变更 / changes of households."""


@app.command(name="list")
def list_changes(
    place: Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")] = None,
    kind: Annotated[str, typer.Option(help="只列这一种 / only this kind")] = "",
    state: Annotated[State | None, typer.Option(help="办理中、某种结果或须查实 / only in this state")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记的和办理中的家庭变更 / changes recorded and under way."""
    within = actor(as_user).demand(Permission.DOSSIER_VIEW)
    pack = policy.load()
    if kind and kind not in pack.codes(kinds.CODES).ids:
        raise refusals.KindUnknown(kind=kind, known=Words.listed(pack.codes(kinds.CODES).values))
    found = queries.find(within, place=place, kind=kind, state=state or "")
    rows = [_row(dossier, pack) for chunk in dossiers.chunks(found) for dossier in chunk]
    if as_json:
        show.as_json([{name: value for name, value in row.items() if name not in ("label", "step")} for row in rows])
        return
    columns = [
        ("dossier", show.words("编号", "no.")),
        ("label", show.words("变更", "change")),
        ("on", show.words("日期", "day")),
        ("title", show.words("户", "household")),
        ("place", show.words("地方", "place")),
        ("step", show.words("环节", "step")),
        ("flagged", show.words("须查实", "to be looked at")),
    ]
    said = [row | {"flagged": _marks(row["flags"])} for row in rows]
    show.as_table(said, columns, show.words("没有符合条件的变更。", "No change matches."))


def _row(dossier: Dossier, pack: Pack) -> dict[str, object]:
    one = proposal.read(dossier.proposal)
    version = dossiers.procedure_of(dossier, pack)
    code = pack.codes(kinds.CODES).by_id[one.kind]
    step = version.by_id.get(dossier.step) or version.ends_by_id[dossier.step]
    return {
        "dossier": dossier.pk,
        "kind": one.kind,
        "label": show.words(code.zh, code.en),
        "on": one.on,
        "title": dossier.title,
        "place": dossier.place_code,
        "procedure": dossier.procedure,
        "step": show.words(step.zh, step.en),
        "outcome": dossier.outcome,
        "grounds": list(one.grounds),
        "flags": list(one.flags),
    }


def _marks(flags: object) -> str:
    assert isinstance(flags, list)
    said = [proposal.MARKS[flag] for flag in flags if flag in proposal.MARKS]
    return Words.listed(said).say("zh" if show.words("zh", "en") == "zh" else "en")


@app.command(name="open")
def open_change(
    file: Annotated[Path, typer.Argument(help="JSON：一项变更 / one change")],
    preview: Annotated[bool, typer.Option("--preview", help="只看将改变什么 / only show what would change")] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记（或提交）一项家庭变更 / record or submit one change of a household."""
    who, pack, today = actor(as_user), policy.load(), timezone.localdate()
    within = who.demand(Permission.DOSSIER_VIEW)
    asked = _read(file)
    keys = households.keys_by_number([str(asked.get("household"))])
    found = households.several(list(keys.values()), within)
    if not found:
        raise HouseholdUnknown(number=asked.get("household"))
    now = queries.standing(found[0])
    one = drawing.draw_up(found[0], _request(file, asked, now, pack), pack, today)
    told: dict[str, object] = {"kind": one.kind, "on": one.on, "grounds": one.grounds, "flags": one.flags}
    if preview:
        told["lines"] = [
            {"who": line.who, "field": line.field}
            | ({} if line.field in proposal.SEALED_FIELDS else {"before": line.before, "after": line.after})
            for line in one.lines
        ]
    else:
        done = casework.submit_change(
            household=found[0], one=one, by=who, on=today, key=secrets.token_urlsafe(16), pack=pack
        )
        told |= {"dossier": done.dossier, "procedure": done.procedure, "step": done.target, "outcome": done.outcome}
    if as_json:
        show.as_json(told)
    else:
        show.as_table(
            [{"key": name, "value": str(value)} for name, value in told.items()], [("key", ""), ("value", "")], ""
        )


def _read(file: Path) -> dict[str, Any]:
    try:
        asked = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise FileUnreadable(file=file.name, why=type(reason).__name__) from None
    if not isinstance(asked, dict) or "household" not in asked or "kind" not in asked:
        raise FileUnreadable(file=file.name, why="household, kind")
    return asked


def _request(file: Path, asked: Mapping[str, Any], now: Standing, pack: Pack) -> Request:
    """What the file asks for; people are named as in the household."""
    try:
        correct = asked.get("correct", {})
        return Request(
            kind=asked["kind"],
            on=dt.date.fromisoformat(asked["on"]),
            facts=_columns(asked.get("facts", {}), "members", pack),
            id_number=asked.get("id_number", ""),
            persons=tuple(_person(name, now) for name in asked.get("persons", [])),
            relations={
                _person(name, now): _code(value, "relation", pack) for name, value in asked.get("relations", {}).items()
            },
            household_number=asked.get("household_number", ""),
            inherits=asked.get("inherits") is True,
            household=_columns(correct.get("household", {}), "households", pack),
            members={
                _person(name, now): _columns(values, "members", pack)
                for name, values in correct.get("members", {}).items()
            },
            remark=asked.get("remark", ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as reason:
        raise FileUnreadable(file=file.name, why=str(reason) or type(reason).__name__) from None


def _person(name: str, now: Standing) -> int:
    found = [key for key, own in now.names.items() if name in (own, str(key))]
    if len(found) != 1:
        raise refusals.NotMember(title=now.title)
    return found[0]


def _columns(values: Mapping[str, Any], sheet: str, pack: Pack) -> dict[str, object]:
    """Fields of the roster as the columns of the cards; codes by identifier or label, money in yuan."""
    known = pack.form("roster").sheet(sheet).by_id
    found: dict[str, object] = {}
    for name, value in values.items():
        entry = known[name]
        found[f"{name}_fen" if entry.type == "money" else name] = _typed(entry, value, pack)
    return found


def _typed(entry: Field, value: Any, pack: Pack) -> object:
    if value in (None, ""):
        return None
    if entry.code_list:
        return _code(value, entry.code_list, pack)
    if entry.type == "date":
        return dt.date.fromisoformat(value)
    if entry.type == "money":
        return money.fen_from_yuan(Decimal(str(value)))
    if entry.type == "measure":
        return Decimal(str(value))
    return int(value) if entry.type == "int" else value


def _code(value: str, codes: str, pack: Pack) -> str:
    code = pack.codes(codes).parse(value)
    if code is None:
        raise ValueError(f"{codes}: {value}")
    return code
