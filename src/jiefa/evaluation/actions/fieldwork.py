"""In the field: a household replaced by the next one drawn, and the answers of the sheets taken in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.evaluation.models import DrawnHousehold, FieldAnswer, Replacement, Sample
from jiefa.evaluation.queries import outcome, samples
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack
from jiefa.sheets.forms import specs_of

FORM = "evaluation"
FLAGS = ("food", "clothing", "education", "medical", "housing", "water")
NAMED = {"income_fen": "income"}
"""Columns of the form whose values are kept under another name."""
SHOWN = 5


class NoReserve(JiefaError):
    code = "evaluation.no_reserve"
    zh = "第 {sheet} 号表所在的村已经没有备用户了。请把这一户记为没有回答，不要自行找户代替。"
    en = "The village of sheet {sheet} has no household left in reserve. Leave it unanswered; do not pick another one yourself."


class AlreadyAnswered(JiefaError):
    code = "evaluation.already_answered"
    zh = "第 {sheet} 号表已有回答，不能替换。请核对表号。"
    en = "Sheet {sheet} has been answered and is not replaced. Check the number of the sheet."


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row of the workbook, by its number there; 0 for the workbook as a whole."""

    row: int
    told: Words


class SheetsWrong(JiefaError):
    code = "evaluation.sheets_wrong"
    zh = "文件 {file} 有 {count} 处不对，一行也没有入库：{told}。请改正后再导入。"
    en = "{file} has {count} faults and nothing of it was taken in: {told}. Put them right and load it again."

    def __init__(self, *, file: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[:SHOWN]
        told = Words(
            "；".join(f"第 {one.row} 行：{one.told.zh}" if one.row else one.told.zh for one in first),
            "; ".join(f"row {one.row}: {one.told.en}" if one.row else one.told.en for one in first),
        )
        super().__init__(file=file, count=len(self.faults), told=told)


def replace(*, number: int, sheet: int, reason: Replacement.Reason, note: str = "", by: Actor) -> DrawnHousehold:
    """The household that comes in its place: the next one drawn of village and part. Raises ``NoReserve``, ``AlreadyAnswered``, ``HandedOver``."""
    of = samples.carried(number, by)
    with transaction.atomic():
        Sample.objects.select_for_update().get(pk=of.pk)
        outcome.demand_open(of)
        gone = samples.on_sheet(of, sheet)
        if gone.answers.exists():
            raise AlreadyAnswered(sheet=sheet)
        instead = (
            DrawnHousehold.objects.filter(
                village=gone.village_id, part=gone.part, reserve=True, stands_for__isnull=True
            )
            .order_by("order")
            .first()
        )
        if instead is None:
            raise NoReserve(sheet=sheet)
        Replacement.objects.create(gone=gone, instead=instead, reason=reason, note=note, by=by.name, at=timezone.now())
        told = {"sheet": sheet, "instead": instead.sheet, "reason": reason.value}
        audit.record(
            chain="system", by=by.name, action="sample.replaced", object_type="sample", object_id=of.pk, diff=told
        )
    return instead


def print_sheets(*, number: int, file: Path, pack: Pack, by: Actor) -> int:
    """Writes the sheets of the sample as one workbook, to be filled in without a connection; says how many. The look is kept."""
    of = samples.carried(number, by)
    (spec,) = specs_of(pack, pack.form(FORM), of.year)
    found = samples.sheets(of)
    known = [
        {
            "sheet": one.sheet,
            "village": one.village,
            "group_name": one.group,
            "address": one.address,
            "head": one.head,
            "position": one.position,
        }
        for one in found
    ]
    rows = ([one.get(column.id) for column in spec.columns] for one in known)
    sheets.stream_xlsx(rows, spec.columns, file, sheet_name=spec.zh)
    with transaction.atomic():
        audit.record(
            chain="system",
            by=by.name,
            action="sample.printed",
            object_type="sample",
            object_id=of.pk,
            diff={"sheets": len(found)},
        )
    return len(found)


def take_answers(*, number: int, file: Path, pack: Pack, by: Actor) -> int:
    """Takes in every sheet of the workbook that says on which day the household was visited; all of them or none.

    A sheet that comes again stands in place of its answer before. Raises ``SheetsWrong``, ``HandedOver``.
    """
    of = samples.carried(number, by)
    (spec,) = specs_of(pack, pack.form(FORM), of.year)
    read = sheets.read(file, (spec,))
    rows = [row for row in read.tables[spec.id].to_pylist() if row["visited_on"] is not None]
    errors = [(row, one) for one in read.remarks if one.severity == "error" for row in one.rows or (0,)]
    faults = [Fault(row, Words(one.zh, one.en)) for row, one in errors]
    unread: dict[int, set[str | None]] = defaultdict(set)
    for at, remark in errors:
        unread[at].add(remark.column)
    now = timezone.now()
    with transaction.atomic():
        Sample.objects.select_for_update().get(pk=of.pk)
        outcome.demand_open(of)
        in_field = {one.sheet: one for one in samples.in_the_field(of)}
        times = Counter(row["sheet"] for row in rows)
        labels = {column.id: Words(column.zh, column.en) for column in spec.columns}
        for row in rows:
            told = _faults(row, unread[row["row"]], in_field, times, labels)
            faults += [Fault(row["row"], one) for one in told]
        if faults:
            raise SheetsWrong(file=file.name, faults=sorted(faults, key=lambda one: one.row))
        FieldAnswer.objects.bulk_create(_answer(row, in_field[row["sheet"]], by, now) for row in rows)
        audit.record(
            chain="system",
            by=by.name,
            action="sample.answered",
            object_type="sample",
            object_id=of.pk,
            diff={"sheets": len(rows), "file": read.digest},
        )
    return len(rows)


def _faults(
    row: dict[str, Any],
    known: Collection[str | None],
    in_field: dict[int, DrawnHousehold],
    times: Counter[int],
    labels: dict[str, Words],
) -> list[Words]:
    """What speaks against the row beside the cells that could not be read (``known``)."""
    sheet = row["sheet"]
    if sheet not in in_field:
        return [
            Words(f"表号 {sheet} 不在本样本里，或已被替换", f"sheet {sheet} is not of this sample, or was replaced")
        ]
    found = [Words(f"表号 {sheet} 重复", f"sheet {sheet} comes twice")] if times[sheet] > 1 else []
    columns = {NAMED.get(name, name): row[name] for name in ("people", "income_fen", *FLAGS)}
    lacking = [labels[column] for column, value in columns.items() if value is None and column not in known]
    return found + [Words(f"缺“{label.zh}”", f"lacks {label.en!r}") for label in lacking]


def _answer(row: dict[str, Any], household: DrawnHousehold, by: Actor, now: Any) -> FieldAnswer:
    return FieldAnswer(
        household=household,
        visited_on=row["visited_on"],
        people=row["people"],
        income_fen=row["income_fen"],
        **{name: row[name] for name in FLAGS},
        satisfied=row["satisfied"],
        note=row["note"] or "",
        by=by.name,
        at=now,
    )
