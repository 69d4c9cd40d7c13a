"""Letters of responsibility, their lines and the households behind them in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.planning.models import Assignment, Letter
from jiefa.planning.queries.letters import OF_HOUSEHOLDS, Line
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.registry.models import Household
from jiefa.site.numerals import grouped
from jiefa.site.presenters import log
from jiefa.site.reader import Reader


def is_letter(proposal: Mapping[str, Any]) -> bool:
    """Whether a dossier proposes a letter of responsibility."""
    return "letter_digest" in proposal


def proposed(reader: Reader, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The document and each line of a letter that is to be signed."""
    rows = [(_("document"), str(proposal["document"]))]
    asked = sorted(proposal["lines"], key=lambda line: _order(reader, line["metric"]))
    rows += [(reader.label("planning_metric", line["metric"]), grouped(int(line["value"]))) for line in asked]
    return [{"label": label, "before": None, "after": value, "differs": True} for label, value in rows]


def row(reader: Reader, one: Letter, names: Mapping[str, str]) -> dict[str, Any]:
    """A letter as a row and as the head of its page."""
    return {
        "pk": one.pk,
        "url": reader.at(reverse("site:plan-letter", args=[one.pk])),
        "print_url": reader.at(reverse("site:plan-letter-print", args=[one.pk])),
        "dossier_url": reverse("site:dossier", args=[one.dossier_id]),
        "place": names.get(one.area_code, one.area_code),
        "upper": names.get(one.upper_code, one.upper_code),
        "year": one.year,
        "document": one.document,
        "signed_on": one.signed_on,
        "lines": len(one.lines),
        "digest": one.digest,
    }


def under_way(found: Iterable[Dossier], names: Mapping[str, str], steps: Mapping[int, str]) -> list[dict[str, Any]]:
    """Letters that are being signed, each with the step at which it lies."""
    return [
        {
            "url": reverse("site:dossier", args=[one.pk]),
            "title": one.title,
            "place": names.get(one.place_code, one.place_code),
            "step": steps.get(one.pk, ""),
            "opened_on": one.opened_on,
        }
        for one in found
    ]


def lines(reader: Reader, letter: Letter, found: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines with what came of each. A metric that is not counted has no number done."""
    return [
        {
            "label": reader.label("planning_metric", one.metric),
            "target": one.target,
            "planned": one.planned,
            "done": one.done,
            "gap": one.gap,
            "share": one.share,
            "counted": one.done is not None,
            "url": reader.at(reverse("site:plan-letter-line", args=[letter.pk, one.metric]))
            if one.done is not None
            else "",
            "opens_households": one.metric in OF_HOUSEHOLDS,
        }
        for one in sorted(found, key=lambda one: _order(reader, one.metric))
    ]


def _order(reader: Reader, metric: str) -> int:
    """Where the metric stands in the pack's list."""
    known = list(reader.pack.codes("planning_metric").ids)
    return known.index(metric) if metric in known else len(known)


def signature(one: StepTaken, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """Who signed, for which place, on which day."""
    return {"place": names.get(one.area, one.area), "by": log.who(one.by, people), "on": one.on, "step": one.step}


def planned(
    reader: Reader, rows: Sequence[Assignment], homes: Mapping[int, Household], done: Collection[int]
) -> list[dict[str, Any]]:
    """The planned households: done or not yet. One that is no longer on file inside the place is a number alone."""
    return [
        {
            "head": homes[one.household_id].head_name if one.household_id in homes else "",
            "number": homes[one.household_id].number if one.household_id in homes else one.household_id,
            "url": reader.at(reverse("site:household", args=[one.household_id])) if one.household_id in homes else "",
            "size": one.size,
            "pathway": reader.label("pathway", one.pathway),
            "year": one.year,
            "done": one.household_id in done,
        }
        for one in rows
    ]


def beside(reader: Reader, rows: Iterable[Household]) -> list[dict[str, Any]]:
    """Households for whom it is done although no plan has them for it."""
    return [
        {
            "head": one.head_name,
            "number": one.number,
            "url": reader.at(reverse("site:household", args=[one.pk])),
            "size": one.size,
        }
        for one in rows
    ]
