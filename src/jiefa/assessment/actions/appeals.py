"""A county appeals against a figure of its assessment: a dossier; where it is granted the figure is corrected and the run made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.assessment.actions import running
from jiefa.assessment.models import REASON_LENGTH, Correction, Point, Run, Score
from jiefa.assessment.queries import runs
from jiefa.assessment.rules import explaining, refusals
from jiefa.assessment.rules.figures import PLACES
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.kernel.errors import JiefaError, Words
from jiefa.policy import Pack
from jiefa.policy.schemes import SchemeIndicator
from jiefa.procedures import actions
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

PROCEDURE = "assessment_appeal"
LARGEST = Decimal(1_000_000_000)


def subject(scheme: str, year: int, area_code: str, item: str) -> str:
    """What the dossier of an appeal is about."""
    return f"assessed:{scheme}:{year}:{area_code}:{item}"


def propose(
    *, run_number: int, area_code: str, item: str, value: Decimal, reason: str, by: Actor, on: dt.date, pack: Pack
) -> Dossier:
    """The dossier of the appeal. Raises ``NotAllowed``, ``AppealNotNewest``, ``AppealItem``, ``AppealReason``, ``AppealNumber``,
    ``AppealSame``, ``RunUnknown``, ``NotAssessed``, and as ``open_dossier``."""
    by.demand(Permission.ASSESSMENT_ANSWER, area_code)
    of = runs.run(run_number)
    score = runs.score(of, area_code, by.scope(Permission.ASSESSMENT_ANSWER))
    return actions.open_dossier(
        procedure=PROCEDURE, opening=_opening(of, score, item, value, reason.strip(), pack), by=by, on=on, pack=pack
    )


def _opening(of: Run, score: Score, item: str, value: Decimal, reason: str, pack: Pack) -> Opening:
    scheme, code = runs.scheme_of(of, pack), score.area_code
    place = areas.named([code]).get(code, code)
    if not runs.stands(of):
        raise refusals.AppealNotNewest(place=place, number=of.pk)
    point = score.points.filter(item=item).first()
    known = {one.id: one for one in scheme.indicators}
    if point is None or item not in known:
        raise refusals.AppealItem(scheme=Words.of(scheme), place=place, item=item)
    label = Words.of(known[item])
    if not 0 < len(reason) <= REASON_LENGTH:
        raise refusals.AppealReason(place=place, item=label, limit=REASON_LENGTH)
    if not value.is_finite() or abs(value) >= LARGEST or value != value.quantize(PLACES):
        raise refusals.AppealNumber(place=place, item=label, value=value)
    if point.figure == value:
        raise refusals.AppealSame(place=place, item=label, value=explaining.figure_words(value))
    return Opening(
        subject=subject(scheme.id, of.year, code, item),
        place=code,
        title=f"{place}{of.year}年考核申诉：{known[item].zh}",
        year=of.year,
        proposal={
            "run": of.pk,
            "scheme": scheme.id,
            "item": item,
            "standing": None if point.figure is None else str(point.figure),
            "claimed": str(value.quantize(PLACES)),
            "reason": reason,
            **_labels(known[item]),
        },
    )


def _labels(one: SchemeIndicator) -> dict[str, str]:
    return {"item_zh": one.zh, "item_en": one.en, "unit": one.unit}


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """The appeal against the run that stands now; what is claimed and why stays. Raises as ``propose``."""
    said = dossier.proposal
    of = runs.newest(pack.scheme(said["scheme"], dossier.year), dossier.year)
    score = of.scores.get(area_code=dossier.place_code)
    return _opening(of, score, said["item"], Decimal(said["claimed"]), said["reason"], pack)


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against agreeing to an appeal whose figure is another by now. One query for the runs, one for the figures."""
    if decision.kind != "approve":
        return {}
    standing = _standing(dossiers)
    against: dict[int, JiefaError] = {}
    for dossier in dossiers:
        now, was = standing.get(dossier.pk), dossier.proposal["standing"]
        if now != (None if was is None else Decimal(was)):
            said = {"now": explaining.figure_words(now), "was": explaining.figure_words(was)}
            against[dossier.pk] = refusals.AppealStale(title=dossier.title, **said)
    return against


def _standing(dossiers: Sequence[Dossier]) -> dict[int, Decimal | None]:
    """By dossier the figure of its item in the newest run."""
    pairs = {(one.proposal["scheme"], one.year) for one in dossiers}
    rows = Run.objects.filter(scheme__in={a for a, _ in pairs}, year__in={b for _, b in pairs}).order_by("pk")
    newest = {(one.scheme, one.year): one.pk for one in rows}
    points = Point.objects.filter(
        score__run__in=newest.values(),
        score__area_code__in={one.place_code for one in dossiers},
        item__in={one.proposal["item"] for one in dossiers},
    ).values_list("score__run_id", "score__area_code", "item", "figure")
    found = {(run, place, item): figure for run, place, item, figure in points}
    return {
        one.pk: found.get((newest.get((one.proposal["scheme"], one.year)), one.place_code, one.proposal["item"]))
        for one in dossiers
    }


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The corrections that were granted, and one new run of each scheme and year, from the snapshots of the run that stood."""
    granted = [(dossier, done) for dossier, done in moved if done.outcome == "approved"]
    now = timezone.now()
    made = [
        Correction(
            scheme=dossier.proposal["scheme"],
            year=dossier.year,
            area_code=dossier.place_code,
            item=dossier.proposal["item"],
            value=Decimal(dossier.proposal["claimed"]),
            dossier=dossier,
            by=by,
            at=now,
        )
        for dossier, _done in granted
    ]
    Correction.objects.bulk_create(made)
    audit.record_many(
        [
            Said(
                one.area_code,
                by,
                "assessment.corrected",
                "dossier",
                one.dossier_id,
                {"scheme": one.scheme, "item": one.item, "value": [dossier.proposal["standing"], str(one.value)]},
            )
            for one, (dossier, _done) in zip(made, granted, strict=True)
        ]
    )
    for scheme, year in sorted({(one.scheme, one.year) for one in made}):
        running.again(corrected=runs.newest(pack.scheme(scheme, year), year), by=by, pack=pack)
