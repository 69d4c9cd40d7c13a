"""Plans, targets and decisions on households in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiefa.planning.models import Assignment, Capacity, Overrule, Plan, Target
from jiefa.planning.queries.checking import Broken
from jiefa.planning.queries.explaining import Explained, Option
from jiefa.planning.queries.plans import Changed, Scarce, Sums
from jiefa.planning.queries.targets import Promised
from jiefa.registry.models import Household
from jiefa.site.numerals import grouped
from jiefa.site.reader import Reader

LIMITS = {
    "target": gettext_lazy("target of the year"),
    "guarantee": gettext_lazy("people guaranteed"),
    "poorest": gettext_lazy("share of the poorest fifth"),
    "county_leaves": gettext_lazy("people still poor when the county leaves"),
}


def row(reader: Reader, one: Plan, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A plan as a row of the list and as the head of its page."""
    return {
        "pk": one.pk,
        "url": reader.at(reverse("site:plan", args=[one.pk])),
        "place": names.get(one.area_code, one.area_code),
        "years": f"{one.first_year}–{one.last_year}",
        "households": one.households,
        "people": one.people,
        "fen": round(one.objective_yuan * 100),
        "gap": one.gap,
        "snapshot": one.snapshot,
        "snapshot_url": reverse("site:snapshot", args=[one.snapshot]),
        "note": one.note,
        "what_if": one.what_if,
        "by": people.get(one.by, one.by),
        "at": one.at,
    }


def title(one: Plan, names: Mapping[str, str]) -> str:
    """A plan in a list to choose from."""
    said = f"{one.pk} · {names.get(one.area_code, one.area_code)} {one.first_year}–{one.last_year}"
    return f"{said} · {one.note}" if one.note else said


def targets(reader: Reader, found: Sequence[Promised]) -> dict[str, Any]:
    """Metrics x years: what the place is to reach, what those below were told, and where the two differ."""
    years = sorted({one.year for one in found})
    by_metric: dict[str, dict[int, Promised]] = defaultdict(dict)
    for one in found:
        by_metric[one.metric][one.year] = one
    order = [code.id for code in reader.pack.codes("planning_metric").values]
    metrics = sorted(by_metric, key=lambda metric: (order.index(metric) if metric in order else len(order), metric))
    return {
        "years": years,
        "rows": [
            {
                "label": reader.label("planning_metric", metric),
                "cells": [_cell(reader, year, by_metric[metric].get(year)) for year in years],
            }
            for metric in metrics
        ],
    }


def _cell(reader: Reader, year: int, one: Promised | None) -> dict[str, Any]:
    if one is None:
        return {"year": year, "value": None, "below": None, "difference": None, "state": "", "document": ""}
    return {
        "year": year,
        "value": one.value,
        "below": one.below,
        "places": one.places,
        "difference": one.difference,
        "state": reader.label("target_state", one.state),
        "document": one.document,
    }


def list_cells(reader: Reader, kind: str, one: Target | Capacity, columns: Sequence[str]) -> tuple[object, ...]:
    """A target or a capacity as a row of its list: codes as the words with which it can be sent in again."""
    lists = {"metric": "planning_metric", "state": "target_state", "resource": "planning_resource"}
    return tuple(
        reader.label(lists[name], getattr(one, name)) if name in lists else getattr(one, name) for name in columns
    )


def total(one: Sums) -> dict[str, int]:
    """What the plan decided in the place, in people and households."""
    return {
        "households": sum(one.households.values()),
        "people": one.everybody,
        "own": one.everybody - one.guaranteed - one.unplanned,
        "guaranteed": one.guaranteed,
        "unplanned": one.unplanned,
    }


def cost(one: Plan) -> dict[str, Any]:
    """What the whole plan costs, what no plan can be below, and how far apart the two are."""
    words = _("No plan can cost less than the bound; this one is at most {share} dearer than the cheapest.")
    if one.objective_yuan < one.bound_yuan:
        words = _("This plan costs less than any that keeps every limit: it does not keep all of them.")
    return {
        "fen": round(one.objective_yuan * 100),
        "bound_fen": round(one.bound_yuan * 100),
        "gap": one.gap,
        "words": words.format(share=f"{one.gap:.2%}"),
    }


def asked(reader: Reader, one: Plan) -> list[str]:
    """What the plan was asked for beside its targets, in words."""
    said = [_("poverty line {yuan} yuan a person and year").format(yuan=grouped(one.line_fen / 100))]
    if one.asked["guarantee"] is not None:
        said.append(_("guarantee {people} people").format(people=grouped(one.asked["guarantee"])))
    for resource, times in sorted(one.asked["capacity_times"].items()):
        said.append(
            _("{resource} times {times}").format(
                resource=reader.label("planning_resource", resource), times=f"{times:g}"
            )
        )
    return said


def years(found: Plan, total: Sums, code: str, done: Mapping[int, int]) -> list[dict[str, Any]]:
    """By year: people planned, the target (of the plan's own place), and what was done by the year's snapshot.

    A year after the plan has what was done alone: results are consolidated, nobody was planned for it.
    """
    own = code == found.area_code
    rows: list[dict[str, Any]] = [
        {
            "year": year,
            "planned": total.left(year),
            "target": found.asked["targets"].get(str(year)) if own else None,
            "done": done.get(year),
            "behind": None if year not in done else max(0, total.left(year) - done[year]),
        }
        for year in found.years
    ]
    later = sorted(year for year in done if year not in found.years)
    nothing = {"planned": None, "target": None, "behind": None}
    return [*rows, *({"year": year, "done": done[year], **nothing} for year in later)]


def pathways(reader: Reader, one: Sums) -> list[dict[str, Any]]:
    """People by pathway, in the order of the code list."""
    people = one.by_pathway()
    planned = sum(people.values())
    return [
        {"label": reader.words(code.zh, code.en), "people": people[code.id], "share": people[code.id] / planned}
        for code in reader.pack.codes("pathway").values
        if people.get(code.id)
    ]


def below(reader: Reader, found: Plan, places: Mapping[str, Sums], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The places below with their people by year."""
    return [
        {
            "name": names.get(code, code),
            "url": reader.at(reverse("site:plan", args=[found.pk]), place=code),
            "households": sum(one.households.values()),
            "people": one.everybody,
            "years": [{"year": year, "people": one.left(year)} for year in found.years],
            "guaranteed": one.guaranteed,
            "unplanned": one.unplanned,
        }
        for code, one in places.items()
    ]


def scarce(reader: Reader, found: Sequence[Scarce], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is scarce: county, year, resource, and how much cheaper the plan were with one more."""
    return [
        {
            "county": names.get(one.county, one.county),
            "year": one.year,
            "resource": reader.label("planning_resource", one.resource),
            "fen": round(one.yuan * 100),
        }
        for one in found
    ]


def household_row(
    reader: Reader, one: Assignment, home: Household | None, decided: Mapping[int, Overrule]
) -> dict[str, Any]:
    """A household of a village's plan. One that has left the village since is a number alone."""
    return {
        "head": home.head_name if home else "",
        "number": home.number if home else one.household_id,
        "url": reader.at(reverse("site:plan-household", args=[one.plan_id, one.household_id])) if home else "",
        "size": one.size,
        "by_officer": one.household_id in decided,
        **decided_of(reader, one),
    }


def decided_of(reader: Reader, one: Assignment) -> dict[str, Any]:
    """Year, pathway and what is made good beside it."""
    return {
        "year": one.year,
        "pathway": reader.label("pathway", one.pathway),
        "lacks": [reader.label("suggested_measure", name) for name in one.lacks.split(",") if name],
    }


def decided(reader: Reader, one: Assignment) -> dict[str, Any]:
    """What the plan decided for the household."""
    return {**decided_of(reader, one), "gap_fen": one.gap_yuan * 100, "poorest": one.poorest}


def of_household(reader: Reader, one: Assignment | None) -> dict[str, Any] | None:
    """The line on the household's own page: what the newest plan says of it."""
    if one is None:
        return None
    return {
        **decided_of(reader, one),
        "plan": one.plan_id,
        "url": reader.at(reverse("site:plan-household", args=[one.plan_id, one.household_id])),
    }


def options(reader: Reader, found: Explained) -> list[dict[str, Any]]:
    """Every option with its parts, the cheapest first."""
    return [
        {
            "year": one.year,
            "pathway": reader.label("pathway", one.pathway),
            "measures_fen": round(one.measures * 100),
            "waiting_fen": round(one.waiting * 100),
            "scarce_fen": round(one.scarce * 100),
            "place_fen": round((one.place + one.village) * 100),
            "fen": round(one.yuan * 100),
            "takes": [reader.label("planning_resource", name) for name in one.takes],
            "chosen": one is found.chosen,
            "nearest": one is found.nearest,
        }
        for one in found.options
    ]


def why(reader: Reader, one: Assignment, found: Explained, through: int | None, by_officer: bool) -> list[str]:
    """Why this year and pathway, and what would change it, in plain words."""
    if one.year is None:
        said = [_("The targets ask for fewer people than there are on file: the plan leaves this household for later.")]
    elif found.chosen is None:
        return [_("What was open to the household is not known: its card is not in the snapshot of the plan.")]
    elif len({option.pathway for option in found.options}) == 1:
        name = reader.label("pathway", one.pathway)
        said = [_("{pathway} is the only pathway open to this household.").format(pathway=name)]
    else:
        said = []
    if by_officer:
        said.append(_("An officer decided on this household; the plan keeps it."))
    elif found.chosen is not None and found.nearest is not None:
        said += _margin(reader, found.chosen, found.nearest, found.margin or 0.0)
    if through is not None:
        said.append(_("The last household of the village leaves in {year}.").format(year=through))
    return said


def _margin(reader: Reader, chosen: Option, nearest: Option, margin: float) -> list[str]:
    other = {"year": nearest.year, "pathway": reader.label("pathway", nearest.pathway)}
    yuan = grouped(abs(round(margin)))
    if margin < 0:
        return [
            _(
                "{year}, {pathway} would be {yuan} yuan cheaper for this household alone; it is where it is so that the targets of all are met"
                " to the last person."
            ).format(yuan=yuan, **other)
        ]
    said = [
        _("Of all that is open to it, this costs least. Next is {year}, {pathway}: {yuan} yuan dearer.").format(
            yuan=yuan, **other
        )
    ]
    if chosen.takes:
        names = "、".join(reader.label("planning_resource", name) for name in chosen.takes)
        said.append(
            _(
                "It takes of what is scarce: {resources}. If that became dearer by {yuan} yuan, the other would be chosen."
            ).format(resources=names, yuan=yuan)
        )
    elif nearest.takes:
        names = "、".join(reader.label("planning_resource", name) for name in nearest.takes)
        said.append(
            _("If there were more of what the other takes ({resources}), it could be chosen.").format(resources=names)
        )
    elif nearest.year != chosen.year:
        said.append(
            _(
                "Another target of {one} or {other} would change it: the price of a place in a year follows from its target."
            ).format(one=chosen.year, other=nearest.year)
        )
    return said


def overrule(reader: Reader, one: Overrule, people: Mapping[str, str]) -> dict[str, Any]:
    """An officer's decision that is in force."""
    return {
        "year": one.year,
        "pathway": reader.label("pathway", one.pathway),
        "reason": one.reason,
        "cost_fen": None if one.cost_yuan is None else round(one.cost_yuan * 100),
        "by": people.get(one.by, one.by),
        "at": one.at,
    }


def decision_cost(one: Overrule, made: Plan) -> str:
    """What a decision costs the county, as a message."""
    cost = one.cost_yuan or 0.0
    yuan = grouped(abs(round(cost)))
    if round(cost) > 0:
        return _("Kept. The county's new plan {plan} costs {yuan} yuan more.").format(plan=made.pk, yuan=yuan)
    if round(cost) < 0:
        return _("Kept. The county's new plan {plan} costs {yuan} yuan less.").format(plan=made.pk, yuan=yuan)
    return _("Kept. The county's new plan {plan} costs as much.").format(plan=made.pk)


def broken(reader: Reader, found: Sequence[Broken]) -> str:
    """Which limits a plan does not keep, in one sentence."""
    labels = []
    for one in found:
        label = str(LIMITS[one.limit]) if one.limit in LIMITS else reader.label("planning_resource", one.limit)
        labels.append(f"{label} {one.year or ''}".strip())
    count = len(labels)
    said = ngettext("{count} limit is not kept: {limits}.", "{count} limits are not kept: {limits}.", count)
    return said.format(count=count, limits="、".join(dict.fromkeys(labels)))


def compared(
    reader: Reader, before: Plan, after: Plan, rows: Sequence[Changed], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Places with people by year in the one plan and the other."""
    return [
        {
            "name": names.get(one.place, one.place),
            "url": reader.at(reverse("site:plan-compare"), one=before.pk, other=after.pk, place=one.place),
            "years": [
                {
                    "year": year,
                    "before": one.before[year],
                    "after": one.after[year],
                    "differs": one.before[year] != one.after[year],
                }
                for year in sorted(one.before)
            ],
            "guaranteed_before": one.guaranteed[0],
            "guaranteed_after": one.guaranteed[1],
            "moved": one.moved,
        }
        for one in rows
    ]
