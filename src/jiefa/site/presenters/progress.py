"""The progress of a month in the reader's language: done against target, behind, foretold, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiefa.planning.queries.progress import Place, Row, Standing
from jiefa.planning.rules.forecast import Forecast
from jiefa.site.numerals import grouped
from jiefa.site.presenters import log, targets
from jiefa.site.reader import Reader

METHODS = {
    "over": gettext_lazy("the year is over"),
    "season": gettext_lazy("from when such work was done in the years before"),
    "line": gettext_lazy("in a straight line from the months so far"),
    "few_months": gettext_lazy("not foretold: fewer than three months, and no earlier year to compare with"),
    "nothing_yet": gettext_lazy("not foretold: in earlier years nothing was done by this month"),
}


def foretold(one: Forecast | None) -> dict[str, Any] | None:
    """What the year may come to, its range and how that was found; no number where nothing can be foretold."""
    if one is None:
        return None
    return {
        "expected": one.expected,
        "least": one.least,
        "most": one.most,
        "ranged": one.expected is not None and one.least != one.most,
        "method": str(METHODS[one.method]),
    }


def row(reader: Reader, code: str, year: int, one: Row, people: Mapping[str, str]) -> dict[str, Any]:
    """One metric of a place."""
    return {
        "metric": one.metric,
        "label": reader.label("planning_metric", one.metric),
        "how": targets.how(one.metric),
        "url": targets.word_url(reader, code, year, one.metric),
        "target": one.target.value if one.target else None,
        "counted": one.months is not None,
        "done": one.done,
        "ought": one.ought,
        "behind": one.behind,
        "share": one.share,
        "months": [{"month": number, "done": count} for number, count in enumerate(one.months or (), start=1)],
        "forecast": foretold(one.forecast),
        "reason": {"words": one.reason.reason, "by": log.who(one.reason.by, people)} if one.reason else None,
    }


def own(reader: Reader, found: Standing, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The metrics of the place itself."""
    place = found.own
    return [row(reader, place.division.code, found.year, one, people) for one in place.rows.values()]


def state(found: Standing, one: Place, people: Mapping[str, str]) -> dict[str, Any]:
    """Whether the place has confirmed the month, who, and what changed since; how many below it have."""
    confirmation = one.confirmation
    return {
        "confirmed": confirmation is not None,
        "by": log.who(confirmation.by, people) if confirmation else "",
        "at": confirmation.at if confirmation else None,
        "settled": one.settled(found.month),
        "months": len([month for month in one.months_confirmed if month <= found.month]),
        "below": one.below,
        "below_confirmed": one.below_confirmed,
        "ready": one.below_confirmed == one.below,
    }


def changed(reader: Reader, one: Place) -> list[str]:
    """What was confirmed and is counted otherwise now, in words."""
    return [
        _("{what}: confirmed {said}, now counted {now}").format(
            what=reader.label("planning_metric", metric), said=grouped(said), now=grouped(now)
        )
        for metric, (said, now) in one.changed.items()
    ]


def below(reader: Reader, found: Standing, metric: str, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The places below with one metric each, and whether they have confirmed."""
    return [
        {
            "name": one.division.name,
            "code": one.division.code,
            "url": reader.at(
                reverse("site:plan-progress"),
                place=one.division.code,
                of_year=found.year,
                month=found.month,
                metric=metric,
            ),
            "row": row(reader, one.division.code, found.year, one.rows[metric], people),
            "state": state(found, one, people),
            "changed": changed(reader, one),
        }
        for one in found.below
    ]


def behind(reader: Reader, found: Standing, people: Mapping[str, str], most: int) -> list[dict[str, Any]]:
    """The places that are behind, those furthest behind their target first."""
    return [
        {
            "name": place.division.name,
            "url": reader.at(
                reverse("site:plan-progress"), place=place.division.code, of_year=found.year, month=found.month
            ),
            **row(reader, place.division.code, found.year, one, people),
        }
        for place, one in found.behind[:most]
    ]
