"""Comparisons in the reader's language: what lists were worth, a pair side by side, the course of a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.comparison.models import Course, How, Pair, SiteFinding
from jiefa.comparison.queries.comparisons import Rate
from jiefa.identification.models import Settled
from jiefa.site.presenters import log
from jiefa.site.reader import Reader
from jiefa.site.templatetags.jiefa import day


def rate(reader: Reader, found: Rate) -> dict[str, Any]:
    """A list and rule as a row."""
    return {
        "list": found.comparison.list.title,
        "kind": reader.label("lead_kind", found.comparison.kind),
        "department": found.comparison.department,
        "as_of": found.comparison.as_of,
        "rule": How(found.how).label,
        "leads": found.worth.leads,
        "open": found.worth.leads - found.worth.settled,
        "true": found.worth.true,
        "kept": found.worth.kept,
        "wrong": found.worth.wrong,
        "hit": found.worth.hit,
        "removed": found.worth.removed,
        "precision": found.comparison.precision if found.how == How.LIKENESS else None,
        "recall": found.comparison.recall if found.how == How.LIKENESS else None,
    }


def sides(pair: Pair, village: str) -> list[dict[str, Any]]:
    """The list's row beside the register, line by line; ``same`` where both say the same. Names are masked alike, characters that
    differ are shown."""
    one, other = _beside(pair.said_name, pair.person.name)
    born = pair.person.birth_date or pair.person.id_birth_date
    lines = (
        (_("Name"), one, other, pair.said_name == pair.person.name),
        (_("Birthday"), day(pair.said_born), day(born), pair.said_born == born),
        (_("Village"), pair.said_place or "—", village, pair.said_place in ("", village)),
    )
    return [{"label": label, "said": said, "known": known, "same": same} for label, said, known, same in lines]


def _beside(said: str, known: str) -> tuple[str, str]:
    """Both names masked but for the first character and those that differ."""
    shown = [
        place == 0 or place >= len(said) or place >= len(known) or said[place] != known[place]
        for place in range(max(len(said), len(known)))
    ]

    def mask(name: str) -> str:
        return "".join(letter if shown[place] else "*" for place, letter in enumerate(name))

    return mask(said), mask(known)


def pair(reader: Reader, found: Pair, places: Mapping[str, str]) -> dict[str, Any]:
    """A pair for the clerk."""
    village = places.get(found.village_code, found.village_code)
    return {
        "pk": found.pk,
        "list": found.comparison.list.title,
        "department": found.comparison.department,
        "kind": reader.label("lead_kind", found.comparison.kind),
        "detail": found.detail,
        "line": found.line,
        "probability": found.probability,
        "above": places.get(found.village_code[:9], ""),
        "household_url": reverse("site:household", args=[found.household_id]),
        "household": found.household.number,
        "sides": sides(found, village),
        "state": found.state,
        "state_label": found.get_state_display(),
    }


def course(reader: Reader, found: Course, findings: Sequence[SiteFinding], people: Mapping[str, str]) -> dict[str, Any]:
    """The course of a lead: by which rule, until when, what visits found, what the second officer said."""
    return {
        "rule": found.get_how_display(),
        "probability": found.probability,
        "department": found.comparison.department,
        "due_on": found.due_on,
        "findings": [
            {
                "visited_on": one.visited_on,
                "heard": one.heard,
                "found": Settled(one.found).label,
                "reason": one.reason,
                "by": log.who(one.by, people),
                "agreed": one.agreed,
                "review_reason": one.review_reason,
                "reviewed_by": log.who(one.reviewed_by, people) if one.reviewed_by else "",
            }
            for one in findings
        ],
    }
