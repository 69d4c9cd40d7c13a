"""A county appeals against a figure of its assessment, of an item or of a veto: a dossier; where it is granted the figure is corrected
and the run made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    stood = runs.contested(score, scheme, item)
    if stood is None:
        raise refusals.AppealItem(scheme=Words.of(scheme), place=place, item=item)
    label, figure = stood.label, stood.figure
    if not 0 < len(reason) <= REASON_LENGTH:
        raise refusals.AppealReason(place=place, item=label, limit=REASON_LENGTH)
    if not value.is_finite() or abs(value) >= LARGEST or value != value.quantize(PLACES):
        raise refusals.AppealNumber(place=place, item=label, value=value)
    if figure == value:
        raise refusals.AppealSame(place=place, item=label, value=explaining.figure_words(value))
    return Opening(
        subject=subject(scheme.id, of.year, code, item),
        place=code,
        title=f"{place}{of.year}年考核申诉：{label.zh}",
        year=of.year,
        proposal={
            "changes": [
                {
                    "field": item,
                    "before": None if figure is None else _text(figure),
                    "after": _text(value),
                    "label_zh": label.zh,
                    "label_en": label.en,
                }
            ],
            "reason": reason,
            "workings": {"run": of.pk, "scheme": scheme.id, "item": item},
        },
    )


def _text(value: Decimal) -> str:
    """The number as it is typed, without noughts behind."""
    return f"{value.normalize():f}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a dossier claims: the figure of an item that stood (None: none did) and what it ought to be."""

    scheme: str
    item: str
    standing: Decimal | None
    claimed: Decimal
    reason: str

    @classmethod
    def of(cls, dossier: Dossier) -> Claim:
        said = dossier.proposal
        (change,), of = said["changes"], said["workings"]
        before = change["before"]
        return cls(
            of["scheme"],
            of["item"],
            None if before is None else Decimal(before),
            Decimal(change["after"]),
            said["reason"],
        )


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """The appeal against the run that stands now; what is claimed and why stays. Raises as ``propose``."""
    claim = Claim.of(dossier)
    of = runs.newest(pack.scheme(claim.scheme, dossier.year), dossier.year)
    score = of.scores.get(area_code=dossier.place_code)
    return _opening(of, score, claim.item, claim.claimed, claim.reason, pack)


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against agreeing to an appeal whose figure is another by now. Three queries: runs, figures of items, figures of vetoes."""
    if decision.kind != "approve":
        return {}
    standing = _standing(dossiers)
    against: dict[int, JiefaError] = {}
    for dossier in dossiers:
        now, was = standing.get(dossier.pk), Claim.of(dossier).standing
        if now != was:
            said = {"now": explaining.figure_words(now), "was": explaining.figure_words(was)}
            against[dossier.pk] = refusals.AppealStale(title=dossier.title, **said)
    return against


def _standing(dossiers: Sequence[Dossier]) -> dict[int, Decimal | None]:
    """By dossier the figure of its item or veto in the newest run."""
    claims = {one.pk: Claim.of(one) for one in dossiers}
    schemes, years = {one.scheme for one in claims.values()}, {one.year for one in dossiers}
    rows = Run.objects.filter(scheme__in=sorted(schemes), year__in=sorted(years)).order_by("pk")
    newest = {(one.scheme, one.year): one.pk for one in rows}
    scores = Score.objects.filter(run__in=newest.values(), area_code__in={one.place_code for one in dossiers})
    points = Point.objects.filter(score__in=scores, item__in={one.item for one in claims.values()})
    of_items = points.values_list("score__run_id", "score__area_code", "item", "figure")
    found = {(run, place, item): figure for run, place, item, figure in of_items}
    for score in scores:
        found |= {(score.run_id, score.area_code, one["veto"]): runs.veto_figure(one) for one in score.vetoes}
    return {
        one.pk: found.get((newest.get((claims[one.pk].scheme, one.year), 0), one.place_code, claims[one.pk].item))
        for one in dossiers
    }


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The corrections that were granted, and one new run of each scheme and year, from the snapshots of the run that stood."""
    granted = [(dossier, Claim.of(dossier)) for dossier, done in moved if done.outcome == "approved"]
    now = timezone.now()
    made = [
        Correction(
            scheme=claim.scheme,
            year=dossier.year,
            area_code=dossier.place_code,
            item=claim.item,
            value=claim.claimed,
            dossier=dossier,
            by=by,
            at=now,
        )
        for dossier, claim in granted
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
                {"scheme": one.scheme, "item": one.item, "value": [str(claim.standing), str(one.value)]},
            )
            for one, (_dossier, claim) in zip(made, granted, strict=True)
        ]
    )
    for scheme, year in sorted({(one.scheme, one.year) for one in made}):
        running.again(corrected=runs.newest(pack.scheme(scheme, year), year), by=by, pack=pack)
