"""Findings in the reader's language: the overview and the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.insight.models import Finding, FindingState
from jiefa.insight.queries.findings import RuleCount, Sums
from jiefa.kernel.division_codes import Level
from jiefa.policy import QualityRuleText
from jiefa.registry.models import Household
from jiefa.site.address import with_query
from jiefa.site.presenters.comparison import children_label
from jiefa.site.presenters.words import LEVELS
from jiefa.site.reader import Reader

P = Permission


def overview(reader: Reader, sums: Sums, names: Mapping[str, str], sizes: Mapping[str, int]) -> dict[str, Any]:
    """The context of the quality page."""
    total = sum(sizes.values())
    place = reader.place.code if reader.place else None
    summary = {
        "errors": sum(count.findings for count in sums.by_rule if count.level == "error"),
        "warnings": sum(count.findings for count in sums.by_rule if count.level == "warn"),
        "households": total,
        "checked_at": dt.datetime.fromisoformat(reader.snapshot.manifest.made_at) if reader.snapshot else None,
        "score": 1 - sums.touched / total if total else None,
    }
    level = {2: Level.PREFECTURE, 4: Level.COUNTY, 6: Level.TOWNSHIP, 9: Level.VILLAGE}.get(len(place or ""))
    return {
        "summary": summary,
        "place": reader.place,
        "rules": [_rule(reader, count, total, place) for count in sums.by_rule],
        "areas": _areas(reader, sums.by_place, names, sizes) if level else [],
        "areas_label": children_label(level),
        "findings_url": reader.at(reverse("site:findings"), place=place),
        "trend": None,
    }


def _rule(reader: Reader, count: RuleCount, total: int, place: str | None) -> dict[str, Any]:
    text = texts(reader).get(count.rule)
    return {
        "id": count.rule,
        "level": count.level,
        "message": reader.words(text.zh, text.en) if text else "",
        "remedy": reader.words(text.remedy_zh, text.remedy_en) if text else "",
        "count": count.findings,
        "households": count.households,
        "share": count.households / total if total else None,
        "url": reader.at(reverse("site:findings"), rule=count.rule, level=count.level, place=place),
        "source": text.source if text else "",
        "assumption": bool(text and text.assumption),
    }


def _areas(
    reader: Reader, by_place: Mapping[str, tuple[int, int]], names: Mapping[str, str], sizes: Mapping[str, int]
) -> list[dict[str, Any]]:
    rows = []
    for code in sorted({*by_place, *sizes}):
        errors, warnings = by_place.get(code, (0, 0))
        rows.append(
            {
                "code": code,
                "name": names.get(code, code),
                "errors": errors,
                "warnings": warnings,
                "per_hundred": (errors + warnings) * 100 / sizes[code] if sizes.get(code) else None,
                "url": reader.at(reverse("site:quality"), place=code),
            }
        )
    return sorted(rows, key=lambda row: (-float(row["per_hundred"] or 0), row["code"]))


def texts(reader: Reader) -> dict[str, QualityRuleText]:
    """The rules' words by id."""
    return {text.id: text for text in reader.pack.quality_rules()}


def chips(reader: Reader, typed: Mapping[str, Any], place: Division | None) -> list[dict[str, str]]:
    """What narrows the list, each with the address without it."""
    shown = (
        ("place", place.name if place and typed.get("place") else ""),
        ("rule", typed.get("rule") or ""),
        ("level", str(dict(LEVELS).get(typed.get("level") or "", ""))),
        ("state", str(dict(FindingState.choices).get(typed.get("state") or "", ""))),
        ("overdue", _("Overdue") if typed.get("overdue") else ""),
    )
    return [
        {"label": label, "remove_url": with_query(reader.request, **{name: None, "after": None})}
        for name, label in shown
        if label
    ]


def waiver(reader: Reader, found: Finding, row: dict[str, Any], people: Mapping[str, str]) -> dict[str, Any]:
    """The page on which a waiver is asked for or decided, and why this reader cannot, where that is so."""
    place, me = found.village_code, reader.actor
    may_decide = me.may(P.FINDING_WAIVE, place)
    asked = found.state == FindingState.ASKED
    why_not = ""
    if found.state in (FindingState.WAIVED, FindingState.MENDED):
        why_not = _("This finding is settled: {state}.").format(state=found.get_state_display())
    elif asked and found.asked_by == me.name:
        why_not = _("You asked for this waiver; another officer decides.")
    elif asked and not may_decide:
        why_not = _("An officer of the county decides about this waiver.")
    elif not asked and not may_decide and not me.may(P.HOUSEHOLD_EDIT, place):
        why_not = _("Your post cannot ask for a waiver here.")
    facts = {
        "asked_by": people.get(found.asked_by, found.asked_by),
        "decided_by": people.get(found.decided_by, found.decided_by),
        "asked_at": None,
        "reason": found.reason,
    }
    return {"finding": row | facts, "step": "decide" if asked else "ask", "why_not": why_not}


def row(
    reader: Reader,
    finding: Finding,
    names: Mapping[str, str],
    heads: Mapping[int, Household],
    people: Mapping[int, str],
) -> dict[str, Any]:
    """A finding as a row."""
    text = texts(reader).get(finding.rule)
    household = heads.get(finding.household_id or 0)
    today = timezone.localdate()
    unsettled = finding.state in (FindingState.OPEN, FindingState.ASKED)
    return {
        "pk": finding.pk,
        "rule": finding.rule,
        "level": finding.level,
        "message": reader.words(text.zh, text.en) if text else finding.rule,
        "remedy": reader.words(text.remedy_zh, text.remedy_en) if text else "",
        "household": {"pk": household.pk, "number": household.number, "head": household.head_name}
        if household
        else None,
        "person": people.get(finding.person_id or 0, ""),
        "village": names.get(finding.village_code, finding.village_code),
        "owner": names.get(finding.owner_code, finding.owner_code),
        "deadline": finding.deadline,
        "overdue": unsettled and finding.deadline < today,
        "state": finding.state,
        "state_label": finding.get_state_display(),
        "opened_at": finding.opened_on,
        "waive_url": reverse("site:finding-waive", args=[finding.pk]) if unsettled else "",
    }
