"""In the field: a household replaced by the next one drawn, and the answers of the sheets taken in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa import sheets
from jiefa.access.queries import Actor
from jiefa.audit import actions as audit
from jiefa.evaluation.models import DrawnHousehold, FieldAnswer, Replacement, Sample
from jiefa.evaluation.queries import samples
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.sheets.forms import specs_of

FORM = "evaluation"
FLAGS = ("food", "clothing", "education", "medical", "housing", "water")
SHOWN = 5


class NoReserve(JiefaError):
    code = "evaluation.no_reserve"
    zh = "第 {sheet} 号表所在的村已经没有备用户了。请把这一户记为没有回答，不要自行找户代替。"
    en = "The village of sheet {sheet} has no household left in reserve. Leave it unanswered; do not pick another one yourself."


class AlreadyAnswered(JiefaError):
    code = "evaluation.already_answered"
    zh = "第 {sheet} 号表已有回答，不能替换。请核对表号。"
    en = "Sheet {sheet} has been answered and is not replaced. Check the number of the sheet."


class SheetsWrong(JiefaError):
    code = "evaluation.sheets_wrong"
    zh = "文件 {file} 有 {count} 处不对，一行也没有入库：{told}。请改正后再导入。"
    en = "{file} has {count} faults and nothing of it was taken in: {told}. Put them right and load it again."


def replace(*, number: int, sheet: int, reason: Replacement.Reason, note: str = "", by: Actor) -> DrawnHousehold:
    """The household that comes in its place: the next one drawn of village and part. Raises ``NoReserve``, ``AlreadyAnswered``."""
    of = samples.carried(number, by)
    with transaction.atomic():
        Sample.objects.select_for_update().get(pk=of.pk)
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

    A sheet that comes again stands in place of its answer before. Raises ``SheetsWrong``.
    """
    of = samples.carried(number, by)
    (spec,) = specs_of(pack, pack.form(FORM), of.year)
    read = sheets.read(file, (spec,))
    rows = [row for row in read.tables[spec.id].to_pylist() if row["visited_on"] is not None]
    faults = [f"{one.sheet} {min(one.rows, default=0)}" for one in read.remarks if one.severity == "error"]
    in_field = {one.sheet: one for one in samples.in_the_field(of)}
    faults += [f"{row['row']}：{told}" for row in rows for told in _faults(row, in_field)]
    if faults:
        raise SheetsWrong(file=file.name, count=len(faults), told="；".join(faults[:SHOWN]))
    now = timezone.now()
    with transaction.atomic():
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


def _faults(row: dict[str, Any], in_field: dict[int, DrawnHousehold]) -> Sequence[str]:
    if row["sheet"] not in in_field:
        return (f"表号 {row['sheet']} / sheet",)
    return [f"缺 / lacks {name}" for name in ("people", "income_fen", *FLAGS) if row[name] is None]


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
