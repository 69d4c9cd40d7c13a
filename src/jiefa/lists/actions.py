"""A list in Excel: read and judged, kept aside with every remark, then accepted or refused by another officer.

The same way as a roster's: errors hold a row back, odd things are said, the same content is taken once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Scope
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError, Words
from jiefa.kernel.vault import Vault
from jiefa.lists import judged as judging
from jiefa.lists import queries
from jiefa.lists.kinds import Judged, Kind
from jiefa.lists.models import ListState, ReceivedList
from jiefa.policy import Pack
from jiefa.registry.intake import folder
from jiefa.sheets.forms import specs_of

KEPT_SOURCE_BYTES = 64 << 20


class ListLoaded(JiefaError):
    code = "lists.loaded"
    zh = "内容相同的“{kind}”名单已经导入过：第 {number} 份（{state}，{file}）。没有重复写入。要更正，请先修改内容。"
    en = "A list of {kind} with this content was loaded before: no. {number} ({state}, {file}). Nothing was written twice; to correct it, change it."


class ListEmpty(JiefaError):
    code = "lists.empty"
    zh = "文件“{file}”里没有一行能用在您的管辖范围：{reason}请核对编号和管辖范围；没有写入任何数据。"
    en = "No row of file {file!r} can be used in your area. {reason}Check numbers and area; nothing was written."


class RowHeld(JiefaError):
    code = "lists.row_held"
    zh = "没有保存：{reason}"
    en = "Not saved: {reason}"


class ListDecided(JiefaError):
    code = "lists.decided"
    zh = "第 {number} 份名单已经处理过了（{state}）。请刷新页面。"
    en = "List no. {number} has been decided already ({state}). Reload the page."


class ListNotYours(JiefaError):
    code = "lists.second_officer"
    zh = "导入的人不能自己接受：请由另一位有权的工作人员复核第 {number} 份名单。"
    en = "Who loaded a list cannot accept it: another officer has to review list no. {number}."


class ListReason(JiefaError):
    code = "lists.reason"
    zh = "第 {number} 份名单：请写明为什么退回。"
    en = "List no. {number}: say why it is refused."


def stage(
    *,
    file: Path,
    name: str,
    kind: Kind[Any],
    by: Actor,
    pack: Pack,
    keep_source: bool = True,
    whole: bool = False,
) -> ReceivedList:
    """The list, read and judged, waiting for its decision. ``whole``: one of which a row would be held back is not kept at all.

    Raises ``NotAllowed``, errors of ``sheets``, ``ListLoaded``, ``ListEmpty``, ``RowHeld``.
    """
    within = by.demand(kind.uploads(by))
    read = sheets.read(file, specs_of(pack, kind.form))
    _refuse_known(kind, read.digest)
    judged = _judge(read, kind, within, by, pack)
    if whole and judged.held:
        raise RowHeld(reason=_errors(judged))
    if not judged.found:
        raise ListEmpty(file=name, reason=_first(judged))
    taken = [row for line, row in judged.found if line not in judged.held]
    same = kind.unchanged(taken)
    source = file.read_bytes() if keep_source and file.is_file() and file.stat().st_size <= KEPT_SOURCE_BYTES else None
    kept = folder.keep(
        settings.JIEFA_HOME,
        _table(judged, kind),
        pa.table({}),
        judging.as_table(judged, kind.form.sheets[0].id),
        Vault(settings.JIEFA_VAULT_KEY).seal_bytes(source) if source is not None else None,
        {"kind": kind.id},
    )
    sheet = kind.form.sheets[0].id
    return ReceivedList.objects.create(
        kind=kind.id,
        digest=read.digest,
        file_name=name[:200],
        state=ListState.STAGED,
        areas=",".join(Scope.over(judged.areas).areas),
        rows=read.rows_read[sheet] - read.skipped_rows(sheet),
        accepted=len(taken) - same,
        unchanged=same,
        held_back=len(judged.held),
        strangers=judged.strangers,
        warnings=judged.warnings,
        folder=kept.path.name,
        staged_at=timezone.now(),
        staged_by=by.name,
    )


def _refuse_known(kind: Kind[Any], digest: str) -> None:
    known = queries.known(kind.id, digest)
    if known is not None:
        state = known.get_state_display()
        raise ListLoaded(kind=Words(kind.zh, kind.en), number=known.pk, state=state, file=known.file_name)


def _first(judged: Judged[Any]) -> Words:
    """Why the first row is of no use."""
    wrong = [(row or 0, remark) for row, remark in judged.said if remark.level == "error"]
    if not wrong:
        return Words("", "")
    row, remark = min(wrong, key=lambda one: one[0])
    return Words(f"第 {row} 行：{remark.zh}", f"Row {row}: {remark.en} ")


def _errors(judged: Judged[Any]) -> Words:
    """All that holds rows back, each once."""
    said = {remark: None for _row, remark in judged.said if remark.level == "error"}
    return Words("".join(one.zh for one in said), " ".join(one.en for one in said))


def _judge(read: sheets.ReadResult, kind: Kind[Any], within: Scope, by: Actor, pack: Pack) -> Judged[Any]:
    """Every row: what was said when it was read, what it is about, what the kind has to say of it."""
    judged: Judged[Any] = Judged()
    judged.say_of_cells(read)
    sheet = kind.form.sheets[0]
    rows = [judging.named(kind.form, row) for row in read.tables[sheet.id].to_pylist()]
    kind.examine(rows, judged, within, by, pack)
    return judged


def _table(judged: Judged[Any], kind: Kind[Any]) -> pa.Table:
    """The rows as they wait."""
    return pa.table(
        {
            "row": pa.array([line for line, _row in judged.found], pa.int64()),
            "said": pa.array(
                [json.dumps(kind.plain(row), ensure_ascii=False) for _line, row in judged.found], pa.string()
            ),
            "held": pa.array([line in judged.held for line, _row in judged.found], pa.bool_()),
        }
    )


def folder_of(found: ReceivedList) -> folder.StagedFolder:
    """Where the list waits, with its remarks and its sealed source."""
    return folder.StagedFolder(Path(settings.JIEFA_HOME) / "staged" / found.folder)


def waiting(found: ReceivedList, kind: Kind[Any]) -> list[tuple[int, Any]]:
    """The rows of the list that go in when it is accepted, with their line in the file."""
    return [
        (row["row"], kind.row(json.loads(row["said"])))
        for row in folder_of(found).households().to_pylist()
        if not row["held"]
    ]


def write_report(found: ReceivedList, kind: Kind[Any], pack: Pack, source: Path, target: Path) -> bool:
    """The owner's workbook with what is wrong beside it; False where there is nothing to say of any row."""
    return judging.write_report(folder_of(found), kind.form, pack, source, target)


def tally(found: ReceivedList) -> list[tuple[str, str, str, str, int]]:
    """``(level, rule, zh, en, rows)`` of the remarks, the gravest and most frequent first; words of one of them."""
    return judging.tally(folder_of(found))


def _locked(list_id: int, kind: Kind[Any], by: Actor) -> ReceivedList:
    found = ReceivedList.objects.select_for_update().get(pk=list_id, kind=kind.id)
    for area in found.areas.split(","):
        by.demand(kind.accepts(by), area)
    if found.state != ListState.STAGED:
        raise ListDecided(number=found.pk, state=found.get_state_display())
    return found


@transaction.atomic
def accept(*, list_id: int, kind: Kind[Any], by: Actor, pack: Pack, second_officer: bool = True) -> ReceivedList:
    """The list with its rows on file. Raises ``ListDecided``, ``ListNotYours``, ``NotAllowed``, and what forbids a row by now."""
    found = _locked(list_id, kind, by)
    if second_officer and found.staged_by == by.name:
        raise ListNotYours(number=found.pk)
    over = Scope(tuple(found.areas.split(",")))
    rows = [row for _line, row in waiting(found, kind)]
    kept = kind.take(rows, found, over, by, pack)
    # What came on file since the list was read is not written again: the counts say what really went in.
    found.accepted, found.unchanged = kept.new + kept.changed, len(rows) - kept.new - kept.changed
    _decide(
        found, kind, ListState.ACCEPTED, by, "", {"new": kept.new, "changed": kept.changed, "off_list": kept.off_list}
    )
    return found


@transaction.atomic
def refuse(*, list_id: int, kind: Kind[Any], reason: str, by: Actor) -> ReceivedList:
    """The list, refused; nothing of it was written. Raises ``ListDecided``, ``ListReason``, ``NotAllowed``."""
    found = _locked(list_id, kind, by)
    if not reason.strip():
        raise ListReason(number=found.pk)
    _decide(found, kind, ListState.REFUSED, by, reason.strip()[:400], {})
    return found


def _decide(
    found: ReceivedList, kind: Kind[Any], state: ListState, by: Actor, reason: str, counts: Mapping[str, int]
) -> None:
    found.state, found.decided_at, found.decided_by, found.reason = state, timezone.now(), by.name, reason
    counted = ["accepted", "unchanged"]
    found.save(update_fields=["state", "decided_at", "decided_by", "reason", *counted], force_update=True)
    diff = {"digest": found.digest, "kind": found.kind, "staged_by": found.staged_by, "reason": reason, **counts}
    audit.record_many(
        [
            audit.Said(chain, by.name, f"list.{state.value}", kind.logged_as, found.pk, diff)
            for chain in sorted({area[:6] for area in found.areas.split(",")})
        ]
    )


def load(*, file: Path, name: str, kind: Kind[Any], by: Actor, pack: Pack) -> ReceivedList:
    """The list read, judged and taken in at once, for who answers for both. Raises as ``stage`` and ``accept``."""
    with transaction.atomic():
        staged = stage(file=file, name=name, kind=kind, by=by, pack=pack, keep_source=False)
        return accept(list_id=staged.pk, kind=kind, by=by, pack=pack, second_officer=False)
