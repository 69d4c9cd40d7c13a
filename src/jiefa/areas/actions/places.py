"""Loading places: the list of divisions, designations, code changes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction

from jiefa.areas import rules
from jiefa.areas.models import Designation, DesignationKind, Division
from jiefa.audit import actions as audit_actions

ROWS_AT_ONCE = 5_000


def read_list(path: Path) -> list[rules.DivisionRow]:
    """The rows of a CSV with the columns ``code`` and ``name`` (others are ignored); UTF-8 with or without BOM."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        reasons = {"reason_zh": "：文件不是 UTF-8 编码", "reason_en": "the file is not UTF-8"}
        raise rules.DivisionListWrong(line=line, code="", **reasons) from error
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        missing = {"code", "name"} - set(reader.fieldnames or ())
        if missing:
            raise rules.DivisionListWrong(
                line=1,
                code=",".join(reader.fieldnames or ()),
                reason_zh=f"：表头缺少 {'、'.join(sorted(missing))}",
                reason_en=f"the header lacks {', '.join(sorted(missing))}",
            )
        return [
            rules.DivisionRow(line=number, code=(row["code"] or "").strip(), name=(row["name"] or "").strip())
            for number, row in enumerate(reader, start=2)
        ]


@transaction.atomic
def load_divisions(*, rows: Iterable[rules.DivisionRow], source: str, by: str) -> int:
    """Divisions written: new ones added, changed names renamed; all or nothing. Raises ``DivisionListWrong``."""
    known = set(Division.objects.values_list("code", flat=True))
    checked = rules.check_list(rows, known)
    Division.objects.bulk_create(
        [Division(code=row.code, name=row.name, level=row.level, parent_id=row.parent_code) for row in checked],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    audit_actions.record(
        chain="system",
        by=by,
        action="divisions.loaded",
        object_type="division_list",
        object_id=source,
        diff={"rows": len(checked), "new": sum(row.code not in known for row in checked)},
    )
    return len(checked)


def refuse_unknown(codes: Iterable[str]) -> None:
    """Raises ``DivisionUnknown`` at the first code that is of no division on file."""
    wanted = set(codes)
    missing = wanted - set(Division.objects.filter(pk__in=wanted).values_list("code", flat=True))
    if missing:
        raise rules.DivisionUnknown(division=min(missing))


def _designation(line: int, row: Mapping[str, str]) -> Designation:
    try:
        return Designation(
            division_id=row["code"],
            kind=DesignationKind(row["kind"]),
            detail=row.get("detail") or "",
            from_year=int(row["from_year"]),
            to_year=int(row["to_year"]) if row.get("to_year") else None,
            source=row["source"],
        )
    except (KeyError, ValueError) as fault:
        columns = "code, kind, from_year, source (to_year, detail)"
        raise rules.TableWrong(line=line, problem=fault, columns=columns) from None


@transaction.atomic
def load_designations(*, rows: Iterable[Mapping[str, str]], by: str) -> int:
    """Designations written from rows with ``code, kind, from_year, source`` and optionally ``to_year, detail``.

    Raises ``DivisionUnknown``.
    """
    made = [_designation(line, row) for line, row in enumerate(rows, start=2)]
    refuse_unknown(row.division_id for row in made)
    Designation.objects.bulk_create(
        made,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["division", "kind", "from_year"],
        update_fields=["to_year", "detail", "source"],
    )
    audit_actions.record(
        chain="system",
        by=by,
        action="designations.loaded",
        object_type="designation_list",
        object_id=made[0].source if made else "",
        diff={"rows": len(made)},
    )
    return len(made)


@transaction.atomic
def load_successors(*, rows: Iterable[Mapping[str, str]], by: str) -> int:
    """Code changes written from rows ``old, new, name, date``: the old code ends, the new one begins and succeeds it.

    Codes below the old one are not moved: the bureau's list of the later year brings them under the new code.
    """
    count = 0
    for line, row in enumerate(rows, start=2):
        try:
            on, old_code, new_code, name = dt.date.fromisoformat(row["date"]), row["old"], row["new"], row["name"]
        except (KeyError, ValueError) as fault:
            raise rules.TableWrong(line=line, problem=fault, columns="old, new, name, date") from None
        old = Division.objects.filter(pk=old_code).first()
        if old is None:
            continue
        Division.objects.get_or_create(
            code=new_code,
            defaults={
                "name": name,
                "level": old.level,
                "parent_id": rules.DivisionRow(0, new_code, name).parent_code,
                "valid_from": on,
            },
        )
        Division.objects.filter(pk=old.pk).update(valid_to=on, successor_id=new_code)
        count += 1
    audit_actions.record(
        chain="system",
        by=by,
        action="successors.loaded",
        object_type="division_list",
        object_id="successors",
        diff={"rows": count},
    )
    return count
