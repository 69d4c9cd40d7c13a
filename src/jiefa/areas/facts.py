"""Yearly facts of places from a workbook of the form ``places``: read, placed, loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jiefa import sheets
from jiefa.areas import actions, rules
from jiefa.areas.models import Division
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.sheets.forms import specs_of

KEYS = frozenset(("row", "code", "year"))


class FactsWrong(JiefaError):
    code = "areas.facts_wrong"
    zh = "文件“{file}”第 {row} 行：{problem_zh}。请改正后重新导入；没有写入任何数据。"
    en = "File {file!r}, row {row}: {problem_en}. Mend it and load again; nothing was written."


def load(file: Path, pack: Pack, areas: tuple[str, ...], *, by: str) -> int:
    """Rows written, all or nothing. Raises the errors of ``sheets`` and ``FactsWrong`` at the first wrong cell."""
    read = sheets.read(file, specs_of(pack, pack.form("places")))
    for said in read.remarks:
        if said.severity == "error":
            raise FactsWrong(file=file.name, row=said.row or 1, problem_zh=said.zh, problem_en=said.en)
    rows = read.tables["places"].to_pylist()
    known = set(Division.objects.filter(pk__in=[row["code"] for row in rows]).values_list("code", flat=True))
    for row in rows:
        if row["code"] not in known:
            raise FactsWrong(
                file=file.name,
                row=row["row"],
                problem_zh=f"没有代码为“{row['code']}”的行政区划",
                problem_en=f"no division with the code {row['code']!r}",
            )
        if not any(row["code"].startswith(area) for area in areas):
            raise FactsWrong(
                file=file.name, row=row["row"], problem_zh="不在您的管辖范围内", problem_en="it lies outside your area"
            )
    return actions.load_facts(rows=[_stored(row) for row in rows], source=file.name, by=by)


def _stored(row: Mapping[str, object]) -> dict[str, object]:
    """A row of the form as it is kept: what rules read in columns, the other items of the card together."""
    typed, own = rules.split({name: row[name] for name in row if name not in KEYS}, actions.FACT_FIELDS)
    return {"code": row["code"], "year": row["year"], **typed, "own": own}
