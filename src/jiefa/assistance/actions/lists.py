"""A list of a programme in Excel: read and judged, kept aside with every remark, then accepted or refused by another officer.

The same way as a roster's: errors hold a row back, odd things are said, the same content is taken once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.assistance.actions import kinds
from jiefa.assistance.actions.kinds import Kind
from jiefa.assistance.actions.records import Row
from jiefa.assistance.models import HelpList, ListState
from jiefa.assistance.queries import programmes as queries
from jiefa.assistance.rules.programmes import Remark
from jiefa.audit import actions as audit
from jiefa.identification import queries as register
from jiefa.kernel import id_numbers
from jiefa.kernel.errors import JiefaError, Words
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.intake import folder
from jiefa.registry.models import Person
from jiefa.sheets.forms import specs_of

KEPT_SOURCE_BYTES = 64 << 20


class ListLoaded(JiefaError):
    code = "assistance.list_loaded"
    zh = "内容相同的“{kind}”名单已经导入过：第 {number} 份（{state}，{file}）。没有重复写入。要更正，请先修改内容。"
    en = "A list of {kind} with this content was loaded before: no. {number} ({state}, {file}). Nothing was written twice; to correct it, change it."


class ListEmpty(JiefaError):
    code = "assistance.list_empty"
    zh = "文件“{file}”里没有一行是您管辖范围在册的农户。请核对户编号、证件号码和管辖范围；没有写入任何数据。"
    en = "No row of file {file!r} is about a household on the register of your area. Check the numbers and the area; nothing was written."


class ListDecided(JiefaError):
    code = "assistance.list_decided"
    zh = "第 {number} 份名单已经处理过了（{state}）。请刷新页面。"
    en = "List no. {number} has been decided already ({state}). Reload the page."


class ListNotYours(JiefaError):
    code = "assistance.list_second_officer"
    zh = "导入的人不能自己接受：请由另一位有权的工作人员复核第 {number} 份名单。"
    en = "Who loaded a list cannot accept it: another officer has to review list no. {number}."


class ListReason(JiefaError):
    code = "assistance.list_reason"
    zh = "第 {number} 份名单：请写明为什么退回。"
    en = "List no. {number}: say why it is refused."


@dataclass
class Judged:
    """The rows of a file with what there is to say of each; ``found`` in the order of the file."""

    found: list[tuple[int, Row]] = field(default_factory=list)
    said: list[tuple[int | None, Remark]] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    strangers: int = 0

    def say(self, row: int, remark: Remark) -> None:
        self.said.append((row, remark))
        if remark.level == "error":
            self.held.add(row)


def stage(*, file: Path, name: str, kind: str, by: Actor, pack: Pack, keep_source: bool = True) -> HelpList:
    """The list, read and judged, waiting for its decision. Raises ``NotAllowed``, errors of ``sheets``, ``ListLoaded``, ``ListEmpty``."""
    within = by.demand(Permission.ROSTER_UPLOAD)
    asked = kinds.kind(kind, pack)
    read = sheets.read(file, specs_of(pack, asked.form))
    _refuse_known(asked, read.digest)
    judged = _judge(read, asked, within, pack)
    if not judged.found:
        raise ListEmpty(file=name)
    taken = [(line, row) for line, row in judged.found if line not in judged.held]
    same = asked.unchanged([row for _line, row in taken])
    source = file.read_bytes() if keep_source and file.is_file() and file.stat().st_size <= KEPT_SOURCE_BYTES else None
    kept = folder.keep(
        settings.JIEFA_HOME,
        _table(judged),
        pa.table({}),
        _remarks(judged, asked),
        Vault(settings.JIEFA_VAULT_KEY).seal_bytes(source) if source is not None else None,
        {"kind": kind},
    )
    inside = Scope.over(
        area for code in {row.village[:6] for _line, row in judged.found} for area in within.narrowed(code).areas
    )
    return HelpList.objects.create(
        kind=kind,
        digest=read.digest,
        file_name=name[:200],
        state=ListState.STAGED,
        areas=",".join(inside.areas),
        rows=read.rows_read[asked.form.sheets[0].id] - read.skipped_rows(asked.form.sheets[0].id),
        accepted=len(taken) - same,
        unchanged=same,
        held_back=len(judged.held),
        strangers=judged.strangers,
        warnings=sum(remark.level == "warn" for _row, remark in judged.said),
        folder=kept.path.name,
        staged_at=timezone.now(),
        staged_by=by.name,
    )


def _refuse_known(asked: Kind, digest: str) -> None:
    known = queries.known(asked.id, digest)
    if known is not None:
        state = known.get_state_display()
        raise ListLoaded(kind=Words(asked.zh, asked.en), number=known.pk, state=state, file=known.file_name)


def _judge(read: sheets.ReadResult, asked: Kind, within: Scope, pack: Pack) -> Judged:
    """Every row: whom it is about, what it says, what there is to say of it."""
    judged = Judged()
    for said in read.remarks:
        remark = Remark(
            {"error": "error", "warning": "warn", "fixed": "fixed"}[said.severity],
            f"cell.{said.code}",
            said.column or "",
            said.zh,
            said.en,
        )
        if said.severity == "fixed" or not said.rows:
            judged.said.append((None, remark))
        for row in said.rows if said.severity != "fixed" else ():
            judged.say(row, remark)
    rows = [_named(asked, row) for row in read.tables[asked.form.sheets[0].id].to_pylist()]
    _find(rows, asked, within, judged)
    asked.judge(judged.found, judged.say, pack)
    seen: dict[tuple[int, str], int] = {}
    for line, case in judged.found:
        identity = asked.identity(case)
        if identity is None:
            continue
        key = (case.year, identity)
        if key in seen:
            judged.say(line, _twice(seen[key]))
        seen.setdefault(key, line)
    return judged


def _named(asked: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by the columns' identifiers: the sheet calls money ``…_fen``."""
    money = {one.id for one in asked.form.sheets[0].fields if one.type == "money"}
    return {"row": row["row"]} | {
        one.id: row[f"{one.id}_fen" if one.id in money else one.id] for one in asked.form.sheets[0].fields
    }


def _find(rows: Sequence[Mapping[str, Any]], asked: Kind, within: Scope, judged: Judged) -> None:
    """Whom each row is about, by certificate number, else by household number (and name)."""
    vault = Vault(settings.JIEFA_VAULT_KEY)
    keys = vault.blind_index_many(
        [id_numbers.citizen_part(row["id_number"]) if row["id_number"] else None for row in rows]
    )
    people = register.people_by_key([key for key in keys if key is not None], within)
    homes = register.homes_by_number(
        sorted({row["household_number"] for row in rows if row["household_number"]}), within
    )
    members = queries.named([key for key, _village in homes.values()]) if asked.about == "person" else {}
    for row, key in zip(rows, keys, strict=True):
        if key is None and not row["household_number"]:
            judged.say(row["row"], _NOBODY)
            continue
        found = _whom(
            asked, row, people.get(key) if key is not None else None, homes.get(row["household_number"]), members
        )
        if isinstance(found, Remark) and found is _STRANGER and asked.strangers:
            judged.strangers += 1
        elif isinstance(found, Remark):
            judged.say(row["row"], found)
        elif row.get("year") is not None or not asked.needs_year:
            judged.found.append((row["row"], Row(*found, row.get("year") or 0, asked.own(row))))


def _whom(
    asked: Kind,
    row: Mapping[str, Any],
    who: Person | None,
    home: tuple[int, str] | None,
    members: Mapping[tuple[int, str], Sequence[int]],
) -> tuple[int, int | None, str] | Remark:
    """``(household, person, village)`` of a row, or why it is about nobody. ``who``: by the certificate; ``home``: by the number."""
    of_person = asked.about == "person"
    if who is not None and who.household_id is not None:
        if home is not None and home[0] != who.household_id:
            return _OTHER_HOME
        return who.household_id, who.pk if of_person else None, who.village_code
    if home is None or (of_person and row["id_number"]):
        return _STRANGER
    if not of_person:
        return home[0], None, home[1]
    named = members.get((home[0], row["name"] or ""), ())
    return (home[0], named[0], home[1]) if len(named) == 1 else _NO_MEMBER


_NOBODY = Remark(
    "error",
    "HP10",
    "household_number",
    "户编号和证件号码都没有填。请至少填一项。",
    "Neither number is filled in. Fill one in.",
)
_STRANGER = Remark(
    "error",
    "HP11",
    "household_number",
    "在您管辖范围的登记册里找不到。请核对号码，或先登记。",
    "Not found on the register of your area. Check the number, or register first.",
)
_NO_MEMBER = Remark(
    "error",
    "HP12",
    "name",
    "户内找不到这个姓名的唯一成员。请填证件号码。",
    "No single member of that name in the household. Give the certificate number.",
)
_OTHER_HOME = Remark(
    "error",
    "HP14",
    "household_number",
    "证件号码的人不在这一户。请核对。",
    "The person of that number does not belong to this household. Check both.",
)


def _twice(line: int) -> Remark:
    return Remark("error", "HP13", "", f"与第 {line} 行重复。请删去一行。", f"The same as row {line}. Delete one.")


def _table(judged: Judged) -> pa.Table:
    """The rows as they wait: keys and own columns, no number of a certificate."""
    rows = [row for _line, row in judged.found]
    return pa.table(
        {
            "row": pa.array([line for line, _row in judged.found], pa.int64()),
            "household": pa.array([row.household for row in rows], pa.int64()),
            "person": pa.array([row.person for row in rows], pa.int64()),
            "village_code": pa.array([row.village for row in rows], pa.string()),
            "year": pa.array([row.year for row in rows], pa.int32()),
            "own": pa.array([json.dumps(row.own, ensure_ascii=False) for row in rows], pa.string()),
            "held": pa.array([line in judged.held for line, _row in judged.found], pa.bool_()),
        }
    )


def _remarks(judged: Judged, asked: Kind) -> pa.Table:
    sheet = asked.form.sheets[0].id
    rows = [
        {
            "sheet": sheet,
            "row": row,
            "household": None,
            "column": remark.column or None,
            "level": remark.level,
            "rule": remark.rule,
            "zh": remark.zh,
            "en": remark.en,
        }
        for row, remark in judged.said
    ]
    return pa.Table.from_pylist(rows, folder.REMARK_COLUMNS)


def folder_of(found: HelpList) -> folder.StagedFolder:
    """Where the list waits, with its remarks and its sealed source."""
    return folder.StagedFolder(Path(settings.JIEFA_HOME) / "staged" / found.folder)


def waiting(found: HelpList) -> list[tuple[int, Row]]:
    """The rows of the list that go in when it is accepted, with their line in the file."""
    return [
        (
            row["row"],
            Row(row["household"], row["person"], row["village_code"], row["year"], json.loads(row["own"])),
        )
        for row in folder_of(found).households().to_pylist()
        if not row["held"]
    ]


def write_report(found: HelpList, pack: Pack, source: Path, target: Path) -> bool:
    """The owner's workbook with what is wrong beside it; False where there is nothing to say of any row."""
    remarks = folder_of(found).remarks().to_pylist()
    marks = [
        sheets.Mark(one["sheet"], one["row"], one["column"], one["level"], one["rule"], one["zh"])
        for one in remarks
        if one["row"] is not None
    ]
    if marks:
        sheets.write_report(source, specs_of(pack, kinds.kind(found.kind, pack).form), marks, target)
    return bool(marks)


def tally(found: HelpList) -> list[tuple[str, str, str, str, int]]:
    """``(level, rule, zh, en, rows)`` of the remarks, the gravest and most frequent first; words of one of them."""
    counts: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], tuple[str, str]] = {}
    for one in folder_of(found).remarks().to_pylist():
        key = (one["level"], one["rule"])
        counts[key] += 1
        words.setdefault(key, (one["zh"], one["en"]))
    order = ("error", "warn", "fixed")
    ranked = sorted(counts, key=lambda key: (order.index(key[0]), -counts[key]))
    return [(*key, *words[key], counts[key]) for key in ranked]


def _locked(list_id: int, by: Actor) -> HelpList:
    found = HelpList.objects.select_for_update().get(pk=list_id)
    for area in found.areas.split(","):
        by.demand(Permission.ROSTER_ACCEPT, area)
    if found.state != ListState.STAGED:
        raise ListDecided(number=found.pk, state=found.get_state_display())
    return found


@transaction.atomic
def accept(*, list_id: int, by: Actor, pack: Pack, second_officer: bool = True) -> HelpList:
    """The list with its rows on file. Raises ``ListDecided``, ``ListNotYours``, ``NotAllowed``, and what forbids a row (loans)."""
    found = _locked(list_id, by)
    if second_officer and found.staged_by == by.name:
        raise ListNotYours(number=found.pk)
    over = Scope(tuple(found.areas.split(",")))
    rows = [row for _line, row in waiting(found)]
    kept = kinds.kind(found.kind, pack).keep(rows, found, over, by.name, pack)
    # What came on file since the list was read is not written again: the counts say what really went in.
    found.accepted, found.unchanged = kept.new + kept.changed, len(rows) - kept.new - kept.changed
    _decide(found, ListState.ACCEPTED, by, "", {"new": kept.new, "changed": kept.changed, "off_list": kept.off_list})
    return found


@transaction.atomic
def refuse(*, list_id: int, reason: str, by: Actor) -> HelpList:
    """The list, refused; nothing of it was written. Raises ``ListDecided``, ``ListReason``, ``NotAllowed``."""
    found = _locked(list_id, by)
    if not reason.strip():
        raise ListReason(number=found.pk)
    _decide(found, ListState.REFUSED, by, reason.strip()[:400], {})
    return found


def _decide(found: HelpList, state: ListState, by: Actor, reason: str, counts: Mapping[str, int]) -> None:
    found.state, found.decided_at, found.decided_by, found.reason = state, timezone.now(), by.name, reason
    counted = ["accepted", "unchanged"]
    found.save(update_fields=["state", "decided_at", "decided_by", "reason", *counted], force_update=True)
    diff = {"digest": found.digest, "kind": found.kind, "staged_by": found.staged_by, "reason": reason, **counts}
    chains = sorted({area[:6] for area in found.areas.split(",")})
    audit.record_many(
        [audit.Said(chain, by.name, f"help_list.{state.value}", "help_list", found.pk, diff) for chain in chains]
    )


def load(*, file: Path, name: str, kind: str, by: Actor, pack: Pack) -> HelpList:
    """The list read, judged and taken in at once, for who answers for both. Raises as ``stage`` and ``accept``."""
    with transaction.atomic():
        staged = stage(file=file, name=name, kind=kind, by=by, pack=pack, keep_source=False)
        return accept(list_id=staged.pk, by=by, pack=pack, second_officer=False)
