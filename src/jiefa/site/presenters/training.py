"""Courses and their participants in the reader's language; the coverage of training and of grants by place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from jiefa.assistance.models import Course, ProgrammeRecord
from jiefa.assistance.queries.gaps import Coverage
from jiefa.assistance.queries.training import Taking
from jiefa.assistance.rules import programmes as rules
from jiefa.site.reader import Reader

NOBODY = Taking()


def course(reader: Reader, one: Course, places: Mapping[str, str]) -> dict[str, Any]:
    """What is on file of a course."""
    return {
        "url": reader.at(reverse("site:course", args=[one.pk])),
        "number": one.number,
        "name": one.name or one.number,
        "county": places.get(one.county_code, one.county_code),
        "trade": reader.label("training_trade", one.trade),
        "organiser": one.organiser,
        "from_on": one.from_on,
        "to_on": one.to_on,
        "days": one.days,
        "places": one.places,
        "fen_a_head": one.fen_a_head,
    }


def row(reader: Reader, one: Course, found: Taking, places: Mapping[str, str]) -> dict[str, Any]:
    """A course as a row of the list, with those who take part of the people whom the reader may see."""
    return course(reader, one, places) | taking(one, found)


def taking(one: Course, found: Taking) -> dict[str, Any]:
    """Who takes part, counted."""
    return {
        "taking": found,
        "attendance": found.attendance(one.days),
        "too_many": max(0, found.people - one.places),
    }


def participant(
    reader: Reader, one: Course, record: ProgrammeRecord, places: Mapping[str, str], least: Decimal | None
) -> dict[str, Any]:
    """One who takes part: days present, certificate, work after. ``least``: per cent of days that are needed."""
    own = record.own
    days = one.days
    present = int(own["present"]) if "present" in own else None
    work = reader.label("work_after", own.get("work"))
    return {
        "url": reverse("site:case", args=[record.pk]),
        "name": record.person.name if record.person else record.household.head_name,
        "household_url": reader.at(reverse("site:household", args=[record.household_id])),
        "number": record.household.number,
        "village": places.get(record.village_code, record.village_code),
        "above": places.get(record.village_code[:9], ""),
        "present": present,
        "share": present / days if present is not None else None,
        "hardly": present is not None and least is not None and present * 100 < least * days,
        "certificate": own.get("certificate", ""),
        "certified_on": record.traced_on,
        "work": work,
        "work_on": rules.day(own, "work_on"),
    }


def covered(
    reader: Reader, share: str, found: Mapping[str, Coverage], places: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A share in each place; each number opens its households."""
    return [
        {
            "name": places.get(code, code),
            "url": reader.at(reverse("site:coverage"), place=code),
            "coverage": one,
            "urls": urls(reader, share, code),
        }
        for code, one in found.items()
    ]


def urls(reader: Reader, share: str, place: str | None, **more: object) -> dict[str, str]:
    """Where the households behind a share of a place are listed: all, those of whom it is true, the others."""
    return {
        part: reader.at(reverse("site:share", args=[share, part]), place=place, **more)
        for part in ("of", "kept", "open")
    }
