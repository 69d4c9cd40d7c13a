"""Targets of a place and of those below it, and every word on one of them, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiefa.areas.models import Division
from jiefa.planning.models import Target
from jiefa.planning.queries import done
from jiefa.planning.queries.promised import Line
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

HOW: Mapping[str, Any] = {
    "people": _("people of households that left the register in the year"),
    "households": _("households that left the register in the year"),
    "guaranteed": _("people in guarantee cases of the year that were paid"),
    "county_leaves": _("exits of counties approved for the year"),
    "counties": _("de-listings of counties approved for the year"),
    "townships": _("de-listings of townships approved for the year"),
    "villages": _("exits of poor villages approved for the year"),
    "moved": _("people in relocation cases of the year that moved in"),
    "trained": _("people in training cases of the year that came to their end"),
    "lent": _("households that took a microcredit in the year"),
    "whole_villages": _("villages of which every work of the year's plan was accepted"),
}
"""By metric what is counted as done."""


def how(metric: str) -> str:
    """What is counted as done of a metric; that nothing is."""
    return str(HOW[metric]) if metric in done.COUNTED else str(_("not counted by the software"))


def word_url(reader: Reader, code: str, year: int, metric: str) -> str:
    """The page of one target."""
    return reader.at(reverse("site:plan-target", args=[code, year, metric]))


def cell(reader: Reader, one: Target | None) -> dict[str, Any]:
    """The newest word on a target, in short; empty where there is none."""
    if one is None:
        return {"value": None, "state": "", "tone": "", "carried": None, "document": ""}
    tones = {"fixed": "good", "proposed": "warn", "draft": "soft"}
    return {
        "value": one.value,
        "state": reader.label("target_state", one.state),
        "tone": tones.get(one.state, ""),
        "carried": one.carried,
        "document": one.document,
    }


def lines(
    reader: Reader, code: str, year: int, metrics: Sequence[str], found: Mapping[str, Line], people: Mapping[str, str]
) -> list[dict[str, Any]]:
    """By metric: the place's own target, the sum of those below, the difference and who signed for it."""
    rows = []
    for metric in metrics:
        line = found.get(metric) or Line(metric)
        kept = line.kept if line.signed else None
        rows.append(
            {
                "label": reader.label("planning_metric", metric),
                "how": how(metric),
                "url": word_url(reader, code, year, metric),
                "own": cell(reader, line.own),
                "below": line.sum_below,
                "places": len(line.below),
                "difference": line.difference,
                "kept": {"by": log.who(kept.by, people), "at": kept.at, "reason": kept.reason} if kept else None,
            }
        )
    return rows


def below(
    reader: Reader, children: Sequence[Division], year: int, metrics: Sequence[str], found: Mapping[str, Line]
) -> list[dict[str, Any]]:
    """The places below with their newest word on each metric."""
    return [
        {
            "name": child.name,
            "url": reader.at(reverse("site:plan-targets"), place=child.code, of_year=year),
            "cells": [
                cell(reader, found[metric].below.get(child.code) if metric in found else None)
                | {"url": word_url(reader, child.code, year, metric), "label": reader.label("planning_metric", metric)}
                for metric in metrics
            ],
        }
        for child in children
    ]


def words(reader: Reader, found: Sequence[Target], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every word on a target, the newest first."""
    return [cell(reader, one) | {"reason": one.reason, "by": log.who(one.by, people), "at": one.at} for one in found]
