"""Findings in the reader's language: the overview and the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jiefa.insight.models import Finding, FindingState
from jiefa.insight.queries.findings import RuleCount
from jiefa.registry.models import Household
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

