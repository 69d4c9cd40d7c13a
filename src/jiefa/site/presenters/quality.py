"""Findings in the reader's language: the overview, the rows, the workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone

from jiefa import sheets
from jiefa.insight.models import Finding, FindingState
from jiefa.insight.queries.findings import RuleCount
from jiefa.registry.models import Household
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.reader import Reader


def overview(
    reader: Reader,
    by_rule: Sequence[RuleCount],
    by_place: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    sizes: Mapping[str, int],
    touched: int,
) -> dict[str, Any]:
    """The context of the quality page."""
    texts = {text.id: text for text in reader.pack.quality_rules()}
    total = sum(sizes.values())
    url = reverse("site:findings")
    place = reader.place.code if reader.place else None
    rules = []
    for count in by_rule:
        text = texts.get(count.rule)
        rules.append(
            {
                "id": count.rule,
                "level": count.level,
                "message": reader.words(text.zh, text.en) if text else "",
                "remedy": reader.words(text.remedy_zh, text.remedy_en) if text else "",
                "count": count.findings,
                "households": count.households,
                "share": count.households / total if total else None,
                "url": reader.at(url, rule=count.rule, place=place),
                "source": text.source if text else "",
                "assumption": bool(text and text.assumption),
            }
        )
    areas = [
        {
            "code": code,
            "name": names.get(code, code),
            "errors": errors,
            "warnings": warnings,
            "per_hundred": (errors + warnings) * 100 / sizes[code] if sizes.get(code) else None,
            "url": reader.at(reverse("site:quality"), place=code),
        }
        for code, (errors, warnings) in sorted(by_place.items(), key=lambda item: -sum(item[1]))
    ]
    summary = {
        "errors": sum(count.findings for count in by_rule if count.level == "error"),
        "warnings": sum(count.findings for count in by_rule if count.level == "warn"),
        "households": touched,
        "checked_at": reader.snapshot.manifest.moment if reader.snapshot else None,
        "score": 1 - touched / total if total else None,
    }
    return {"summary": summary, "rules": rules, "areas": areas, "trend": None}


def row(
    reader: Reader, finding: Finding, names: Mapping[str, str], heads: Mapping[int, Household]
) -> dict[str, Any]:
    """A finding as a row."""
    texts = {text.id: text for text in reader.pack.quality_rules()}
    text = texts.get(finding.rule)
    household = heads.get(finding.household_id or 0)
    today = timezone.localdate()
    unsettled = finding.state in (FindingState.OPEN, FindingState.ASKED)
    return {
        "pk": finding.pk,
        "rule": finding.rule,
        "level": finding.level,
        "message": reader.words(text.zh, text.en) if text else finding.rule,
        "remedy": reader.words(text.remedy_zh, text.remedy_en) if text else "",
        "household": {"pk": household.pk, "number": household.number, "head": household.head_name} if household else None,
        "village": names.get(finding.village_code, finding.village_code),
        "owner": names.get(finding.owner_code, finding.owner_code),
        "deadline": finding.deadline,
        "overdue": unsettled and finding.deadline < today,
        "state": finding.state,
        "state_label": finding.get_state_display(),
        "opened_at": finding.opened_on,
        "waive_url": reverse("site:finding-waive", args=[finding.pk]) if unsettled else "",
    }


_COLUMNS = (
    Column(id="rule", zh="规则", en="Rule", type=ColumnType.TEXT),
    Column(id="level", zh="级别", en="Level", type=ColumnType.TEXT),
    Column(id="message", zh="问题", en="Finding", type=ColumnType.TEXT),
    Column(id="remedy", zh="怎么改", en="Remedy", type=ColumnType.TEXT),
    Column(id="village_code", zh="行政村代码", en="Village code", type=ColumnType.TEXT),
    Column(id="household", zh="户内部编号", en="Household key", type=ColumnType.TEXT),
    Column(id="deadline", zh="期限", en="Deadline", type=ColumnType.DATE),
    Column(id="state", zh="状态", en="State", type=ColumnType.TEXT),
)


def workbook(reader: Reader, found: QuerySet[Finding]) -> FileResponse:
    """All findings of the list as Excel, row by row."""
    texts = {text.id: text for text in reader.pack.quality_rules()}

    def rows() -> Iterator[tuple[object, ...]]:
        for finding in found.iterator(chunk_size=2_000):
            text = texts.get(finding.rule)
            yield (
                finding.rule,
                finding.level,
                reader.words(text.zh, text.en) if text else "",
                reader.words(text.remedy_zh, text.remedy_en) if text else "",
                finding.village_code,
                str(finding.household_id or ""),
                finding.deadline,
                str(finding.get_state_display()),
            )

    stream = tempfile.TemporaryFile(suffix=".xlsx")
    sheets.stream_xlsx(rows(), _COLUMNS, stream, sheet_name=f"{reader.year}", language=reader.lang)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"findings-{reader.year}.xlsx")
