"""The vetoes of a place in the reader's language: the figure of each, where it is from, whether it holds, the grade that it leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.assessment.models import Run, Score
from jiefa.assessment.queries.runs import veto_figure
from jiefa.assessment.rules import explaining, scoring
from jiefa.policy.scheme_parts import VETO_PARTS
from jiefa.policy.schemes import Scheme, Veto
from jiefa.site.presenters.assessment_sources import measured, source
from jiefa.site.reader import Reader


def own(assumption: Collection[str], parts: Collection[str]) -> dict[str, bool]:
    """By part whether it is the pack's own."""
    return {part: part in assumption for part in parts}


def vetoes(
    reader: Reader, chosen: Scheme, of: Run, found: Score, samples: Collection[int] = frozenset()
) -> list[dict[str, Any]]:
    """Every veto of the scheme with its figure, what that was read from, whether it holds, an appeal. ``samples``: that may be opened."""
    kept = {one["veto"]: one for one in found.vetoes}
    answers = reader.actor.may(Permission.ASSESSMENT_ANSWER, found.area_code)
    return [
        _written(reader, chosen, veto)
        | _standing(reader, of, found, veto, kept.get(veto.id), samples)
        | {
            "may_appeal": answers and veto.id in kept,
            "appeal_url": reader.at(reverse("site:assessment-appeal", args=[of.pk, found.area_code, veto.id])),
        }
        for veto in chosen.vetoes
    ]


def _standing(
    reader: Reader, of: Run, found: Score, veto: Veto, kept: Mapping[str, Any] | None, samples: Collection[int]
) -> dict[str, Any]:
    if kept is None:  # a run of before such figures were kept
        return {"state": "unkept", "figure": "", "source": None}
    figure = veto_figure(kept)
    state = "none" if figure is None else "holds" if kept.get("holds", True) else "clear"
    return {
        "state": state,
        "figure": measured(reader, figure, veto.unit),
        "source": source(reader, of, found.area_code, kept["source"], samples),
    }


def written(reader: Reader, chosen: Scheme) -> list[dict[str, Any]]:
    """The vetoes as the scheme says them."""
    return [_written(reader, chosen, veto) for veto in chosen.vetoes]


def _written(reader: Reader, chosen: Scheme, veto: Veto) -> dict[str, Any]:
    return {
        "id": veto.id,
        "label": reader.words(veto.zh, veto.en),
        "when": explaining.veto_words(veto).say(reader.lang),
        "grade": next(reader.words(grade.zh, grade.en) for grade in chosen.grades if grade.id == veto.grade),
        "reference": veto.reference,
        "own": own(veto.assumption, VETO_PARTS),
        "from": veto.source.kind,
    }


def held(reader: Reader, chosen: Scheme, found: Score) -> dict[str, Any]:
    """Of a place in the ranking: the ``names`` of the vetoes that hold, and the grade by ``points`` where they leave a worse one ('')."""
    names = {veto.id: reader.words(veto.zh, veto.en) for veto in chosen.vetoes}
    earned = scoring.grade(chosen, found.hundredths, ())
    by_points = next(reader.words(grade.zh, grade.en) for grade in chosen.grades if grade.id == earned)
    return {
        "names": [names.get(name, name) for name in found.held],
        "points": by_points if earned != found.grade else "",
    }


def standing_words(state: str) -> str:
    """Whether a veto holds."""
    return {
        "holds": _("holds"),
        "clear": _("does not hold"),
        "none": _("no figure: cannot be checked"),
        "unkept": _("not kept in this result"),
    }[state]


def cells(reader: Reader, chosen: Scheme, found: Score, shown: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """The vetoes of a place as rows of its workbook, below its items; ``shown``: the cells about the place."""
    kept = {one["veto"]: one for one in found.vetoes}
    for veto in chosen.vetoes:
        one = _standing(reader, found.run, found, veto, kept.get(veto.id), ())
        figure = veto_figure(kept[veto.id]) if veto.id in kept else None
        when = explaining.veto_words(veto).say(reader.lang)
        yield (
            *shown,
            _("Veto: {what}").format(what=reader.words(veto.zh, veto.en)),
            None if figure is None else float(figure),
            reader.label("unit", veto.unit),
            None,
            None,
            _("{state}; it holds {when}").format(state=standing_words(one["state"]), when=when),
            one["source"]["words"] if one["source"] else "",
        )
