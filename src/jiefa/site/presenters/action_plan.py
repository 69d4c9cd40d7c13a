"""The action plan "33668" in the reader's language: its five numbers, its lists, and the places below side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.planning.queries.action_plan import LEFT, PROGRAMMES, Standing
from jiefa.planning.rules.action_plan import Income, Plan, Reached
from jiefa.site.numerals import grouped
from jiefa.site.reader import Reader

VILLAGES = "infrastructure"
"""The line that is counted in villages."""


def numbers(reader: Reader, place: Division, found: Standing) -> list[dict[str, Any]]:
    """The five numbers with what they ask for and where each stands; those not in force in the year are left out."""
    plan = found.plan
    rows: list[dict[str, Any]] = []
    if plan.span is not None:
        passed = plan.span.passed(reader.year)
        rows.append(
            {
                "number": plan.span.years,
                "asks": _("years, {first} to {last}").format(first=plan.span.first, last=plan.span.last),
                "stands": _("year {passed} of {years}").format(passed=passed, years=plan.span.years),
                "share": passed / plan.span.years,
                "note": "",
            }
        )
    if plan.people is not None:
        rows.append(_people(plan, found))
    if plan.lines:
        rows.append(
            {
                "number": len(plan.lines),
                "asks": _("to village and household"),
                "stands": _("{count} of {all} reach somebody").format(count=found.lines_reached, all=len(plan.lines)),
                "share": found.lines_reached / len(plan.lines),
                "note": "",
            }
        )
    if plan.works:
        rows.append(
            {
                "number": len(plan.works),
                "asks": _("works of moderate prosperity"),
                "stands": _("{count} of {all} accepted in a village or more").format(
                    count=found.works_accepted, all=len(plan.works)
                ),
                "share": found.works_accepted / len(plan.works),
                "note": "",
            }
        )
    if plan.income_fen is not None:
        rows.append(_income(plan.income_fen, found))
    return rows


def _people(plan: Plan, found: Standing) -> dict[str, Any]:
    notes = []
    if found.left.target is None:
        notes.append(_("The target is the province's; no document shares it out."))
    missing = [str(year) for year, people in found.left.by_year.items() if people is None]
    if missing:
        notes.append(_("No figures yet of {years}.").format(years="、".join(missing)))
    return {
        "number": grouped(plan.people or 0),
        "asks": _("people fewer in poverty, or more"),
        "stands": ngettext("{people} person left", "{people} people left", found.left.people).format(
            people=grouped(found.left.people)
        ),
        "share": found.left.share,
        "note": " ".join(notes),
    }


def _income(target_fen: int, found: Standing) -> dict[str, Any]:
    yuan, counties = grouped(target_fen // 100), len(found.incomes)
    silent = sum(one.fen is None for one in found.incomes)
    notes = [_("No poor county lies here.")] if not counties else []
    if silent:
        said = ngettext("{count} county reported none.", "{count} counties reported none.", silent)
        notes.append(said.format(count=silent))
    return {
        "number": yuan,
        "asks": _("yuan of disposable income a person in poor counties"),
        "stands": _("{count} of {all} poor counties").format(count=found.counties_reached, all=counties),
        "share": found.counties_reached / counties if counties else None,
        "note": " ".join(notes),
    }


def years(reader: Reader, place: Division, found: Standing) -> list[dict[str, Any]]:
    """People who left in each year of the plan; each year leads to their households."""
    opens = reader.actor.may(Permission.HOUSEHOLD_VIEW, place.code)
    url = reverse("site:indicator-households", args=[LEFT])
    return [
        {
            "year": year,
            "people": people,
            "url": f"{url}?year={year}&place={place.code}" if opens and people is not None else "",
        }
        for year, people in found.left.by_year.items()
    ]


def lines(reader: Reader, place: Division, found: Standing) -> list[dict[str, Any]]:
    """What reached village and household, line by line; each leads to its households or villages."""
    labels = reader.pack.codes("plan_line")
    return [
        {
            "label": labels.label(line, reader.lang),
            "villages": line == VILLAGES,
            "count": reached.count,
            "of": reached.of,
            "share": reached.share,
            "fen": reached.fen,
            "url": _line_url(reader, place, line),
            **_missing(reader, place, line, reached),
        }
        for line, reached in found.lines.items()
    ]


def _line_url(reader: Reader, place: Division, line: str) -> str:
    if line == VILLAGES:
        return reader.at(reverse("site:village-plans"), place=place.code)
    if not reader.actor.may(Permission.HOUSEHOLD_VIEW, place.code):
        return ""
    if line in PROGRAMMES:
        url = reverse("site:programme", args=[PROGRAMMES[line]])
        return reader.at(url, place=place.code, stage="arrived")
    name = "site:industry-households" if line == "industry" else "site:responsibility"
    return reader.at(reverse(name), place=place.code)


def _missing(reader: Reader, place: Division, line: str, reached: Reached) -> dict[str, Any]:
    """Households without a helper: the one line of which it is known who lacks it."""
    if line != "pairing" or not reached.of or not reader.actor.may(Permission.HOUSEHOLD_VIEW, place.code):
        return {"missing": 0, "missing_url": ""}
    url = reader.at(reverse("site:responsibility-households"), place=place.code, view="without")
    return {"missing": reached.of - reached.count, "missing_url": url}


def works(reader: Reader, place: Division, found: Standing) -> list[dict[str, Any]]:
    """The six works: villages that have each in the year's plan, those in which it was accepted, its money."""
    labels = reader.pack.codes("village_work")
    return [
        {
            "label": labels.label(work, reader.lang),
            "url": reader.at(reverse("site:village-plans"), place=place.code, work=work),
            "sums": sums,
        }
        for work, sums in found.works.items()
    ]


def incomes(
    reader: Reader, rows: Sequence[Income], target_fen: int | None, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The poor counties, the farthest from the target first, those that reported nothing last."""
    ordered = sorted(rows, key=lambda one: (one.fen is None, one.fen or 0, one.county))
    return [
        {
            "name": names.get(one.county, one.county),
            "url": reader.at(reverse("site:area", args=[one.county])),
            "fen": one.fen,
            "reached": None if one.fen is None or target_fen is None else one.reaches(target_fen),
        }
        for one in ordered
    ]


def below(
    reader: Reader, found: Standing, places: Sequence[Division], people: Mapping[str, int | None]
) -> list[dict[str, Any]]:
    """The places below: people who left in the year, and how many each line reached; none in a year without the plan's lists."""
    labels = {line: reader.label("plan_line", line) for line in found.plan.lines}
    if not labels:
        return []
    return [
        {
            "name": one.name,
            "url": reader.at(reverse("site:action-plan"), place=one.code),
            "left": people.get(one.code),
            "lines": [
                {"label": label, "count": found.places.get(one.code, {}).get(line, Reached()).count}
                for line, label in labels.items()
            ],
        }
        for one in places
    ]
