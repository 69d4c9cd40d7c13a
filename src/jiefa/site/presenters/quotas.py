"""Quotas in the reader's language: a place's number beside those below it, its splits, who of a village's applicants has a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import Form
from django.urls import reverse

from jiefa.areas.models import Division
from jiefa.identification.models import Quota, Score
from jiefa.identification.queries import Filling
from jiefa.identification.rules import quotas as rules
from jiefa.insight.queries.figures import Figure
from jiefa.kernel.division_codes import Level
from jiefa.registry.models import HouseholdYear
from jiefa.registry.rules import is_below_line
from jiefa.site.presenters import log
from jiefa.site.presenters.households import line_fen
from jiefa.site.reader import Reader


def url(reader: Reader, code: str) -> str:
    """The page of a place's quota."""
    return reader.at(reverse("site:quota", args=[code]))


def place(reader: Reader, found: Division) -> dict[str, Any]:
    """The heading of the page."""
    parent = found.parent_id
    opens = bool(parent) and reader.actor.reaches(parent or "")
    return {
        "code": found.code,
        "name": found.name,
        "parent_url": url(reader, parent) if parent and opens else "",
        "ranking_url": reader.at(reverse("site:ranking", args=[found.code])) if found.level == Level.VILLAGE else "",
    }


def held(quota: Quota | None, people: Mapping[str, str]) -> dict[str, Any] | None:
    """The quota that holds of a place; None without one."""
    if quota is None:
        return None
    return {"people": quota.people, "by": log.who(quota.by, people), "at": quota.at, "reason": quota.reason}


def rows(
    reader: Reader,
    below: Sequence[Division],
    allotted: Mapping[str, int],
    registered: Mapping[tuple[str, str], Figure],
    form: Form | None,
) -> list[dict[str, Any]]:
    """A row for each place below: its quota, the registered poor of the year's snapshot, what is left, the field to type in."""
    found = []
    for child in below:
        figure = registered.get((child.code, "poor_people"))
        quota = allotted.get(child.code)
        people = int(figure.value) if figure and figure.value is not None else None
        found.append(
            {
                "code": child.code,
                "name": child.name,
                "url": url(reader, child.code),
                "quota": quota,
                "registered": people,
                "left": quota - people if quota is not None and people is not None else None,
                "field": form[f"people_{child.code}"] if form else None,
            }
        )
    return found


def check(quota: Quota | None, below: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of those below against the place's own number."""
    known = [row["quota"] for row in below if row["quota"] is not None]
    total = sum(known) if known else None
    registered = [row["registered"] for row in below if row["registered"] is not None]
    return {
        "total": total,
        "difference": total - quota.people if quota is not None and total is not None else None,
        "registered": sum(registered) if registered else None,
    }


def history(
    splits: Sequence[Mapping[str, Any]], people: Mapping[str, str], quota: Quota | None
) -> list[dict[str, Any]]:
    """The splits of a place, the newest first."""
    return [
        {**split, "by": log.who(split["by"], people), "differs": quota is not None and split["people"] != quota.people}
        for split in splits
    ]


def ranking(
    reader: Reader, ranked: Sequence[tuple[HouseholdYear, Score | None]], filling: Filling
) -> list[dict[str, Any]]:
    """Who applies, in order: eligible by the card's income or not, and quite apart from it whether the quota has a place."""
    line = line_fen(reader, reader.year)
    applicants = [rules.Applicant(card.household_id, card.size, _eligible(card, line)) for card, _score in ranked]
    places = rules.places(filling.left, applicants)
    return [
        {
            "rank": rank,
            "url": reader.at(reverse("site:household", args=[card.household_id])),
            "head": card.household.head_name or card.household.number,
            "number": card.household.number,
            "people": card.size,
            "income_fen": card.net_income_per_person_fen,
            "eligible": one.eligible,
            "score": {"lowest": score.lowest, "highest": score.highest} if score else None,
            "place": places.get(card.household_id, ""),
        }
        for rank, ((card, score), one) in enumerate(zip(ranked, applicants, strict=True), start=1)
    ]


def _eligible(card: HouseholdYear, line: int | None) -> bool | None:
    """Whether the income lies below the line; None where card or line does not say."""
    if card.net_income_fen is None or line is None or not card.size:
        return None
    return is_below_line(card.net_income_fen, card.size, line)
