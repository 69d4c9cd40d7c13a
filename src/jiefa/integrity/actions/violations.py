"""Violations put on file, put right by a dossier that the level above confirms, handed over to discipline inspection.

``check`` and ``effect`` stand behind the procedures ``PROCEDURES``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.integrity.models import PROJECT_LENGTH, WHAT_LENGTH, Campaign, HandOver, Rectification, Violation
from jiefa.integrity.rules import places, refusals
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

P = Permission
PROCEDURES = ("violation_township", "violation_county")
NUMBER_LENGTH, RESPONSIBLE_LENGTH = 40, 80
COUNTY = 6
DISCIPLINE = "discipline"


@dataclass(frozen=True, slots=True)
class NewViolation:
    """Something wrong with money. ``campaign``: None for what an audit or an inspection found."""

    area_code: str
    number: str
    campaign: int | None
    project: str
    kind: str
    amount_fen: int
    found_on: dt.date
    what: str
    responsible: str
    due_on: dt.date


@transaction.atomic
def record_many(*, violations: Sequence[NewViolation], by: Actor, pack: Pack) -> int:
    """How many violations were put on file, all or none; one entry per county.

    Raises ``NotAllowed``, ``PlaceUnfit``, ``ViolationWrong``, ``ViolationKnown``, ``CampaignUnknown``.
    """
    codes = sorted({one.area_code for one in violations})
    names = areas.named(codes)
    for code in codes:
        by.demand(P.INSPECTION_ANSWER, code)
    known = Campaign.objects.in_bulk({one.campaign for one in violations if one.campaign is not None})
    standing = set(Violation.objects.filter(area_code__in=codes).values_list("area_code", "number"))
    for one in violations:
        judge(one, known, names, pack)
        if (one.area_code, one.number) in standing:
            raise refusals.ViolationKnown(place=names[one.area_code], number=one.number)
        standing.add((one.area_code, one.number))
    now = timezone.now()
    Violation.objects.bulk_create(
        [
            Violation(
                area_code=one.area_code,
                number=one.number,
                campaign=known.get(one.campaign) if one.campaign else None,
                project=one.project,
                kind=one.kind,
                amount_fen=one.amount_fen,
                found_on=one.found_on,
                what=one.what,
                responsible=one.responsible,
                due_on=one.due_on,
                by=by.name,
                at=now,
            )
            for one in violations
        ],
        batch_size=2_000,
    )
    by_county: dict[str, list[NewViolation]] = defaultdict(list)
    for one in violations:
        by_county[one.area_code[:COUNTY]].append(one)
    audit.record_many(
        [
            Said(
                county,
                by.name,
                "violation.recorded",
                "violation",
                own[0].number if len(own) == 1 else f"+{len(own)}",
                {"count": len(own), "fen": sum(one.amount_fen for one in own)},
            )
            for county, own in sorted(by_county.items())
        ]
    )
    return len(violations)


def judge(one: NewViolation, known: Mapping[int, Campaign], names: Mapping[str, str], pack: Pack) -> None:
    """Nothing where the violation may be put on file. Raises ``PlaceUnfit``, ``ViolationWrong``, ``CampaignUnknown``."""
    place = names.get(one.area_code, one.area_code)
    if len(one.area_code) < COUNTY or one.area_code not in names:
        raise refusals.PlaceUnfit(place=place)
    texts = ((one.number, NUMBER_LENGTH), (one.what, WHAT_LENGTH), (one.responsible, RESPONSIBLE_LENGTH))
    filled = all(0 < len(text.strip()) <= length for text, length in texts) and len(one.project) <= PROJECT_LENGTH
    dated = one.found_on <= one.due_on and one.found_on <= timezone.localdate()
    if not filled or not dated or one.amount_fen < 0 or one.kind not in pack.codes("violation_type").ids:
        raise refusals.ViolationWrong(number=one.number)
    if one.campaign is not None:
        campaign = known.get(one.campaign)
        if campaign is None or not one.area_code.startswith(campaign.area_code):
            raise refusals.CampaignUnknown(number=one.campaign, place=place)


def subject(violation: int) -> str:
    """What a dossier about a violation is about."""
    return f"violation:{violation}"


def report(*, violation_id: int, amount_fen: int, how: str, by: Actor, on: dt.date, pack: Pack) -> Dossier:
    """The dossier by which the office says how much was put right and how; its proof is laid in there, the level above confirms.

    Raises ``SettledBefore``, ``RectifiedTooMuch``, ``ReasonMissing``, ``NotAllowed``, and as ``open_dossier``.
    """
    found = Violation.objects.get(pk=violation_id)
    by.demand(P.INSPECTION_ANSWER, found.area_code)
    against = _against(found, amount_fen)
    if against is not None:
        raise against
    title = f"违规问题 {found.number} 整改"
    if not how.strip():
        raise refusals.ReasonMissing(title=title)
    opening = Opening(
        subject=subject(found.pk),
        place=places.office(found.area_code),
        title=title,
        year=on.year,
        proposal={"violation": found.pk, "rectified_fen": amount_fen, "how": how.strip()[:1_000]},
    )
    procedure = places.rectifying(found.area_code)
    return actions.open_dossier(procedure=procedure, opening=opening, by=by, on=on, pack=pack)


def _against(found: Violation, amount_fen: int) -> JiefaError | None:
    left = found.amount_fen - found.rectified_fen
    if found.settled_on is not None:
        return refusals.SettledBefore(number=found.number)
    # One without money is put right by what was done, with nothing to pay back.
    if amount_fen < 0 or amount_fen > left or (left > 0 and amount_fen == 0):
        return refusals.RectifiedTooMuch(number=found.number, left=money.format_yuan(left))
    return None


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against confirming more than is left of a violation by now."""
    if decision.kind != "approve":
        return {}
    rows = Violation.objects.in_bulk([dossier.proposal["violation"] for dossier in dossiers])
    found = {
        dossier.pk: _against(rows[dossier.proposal["violation"]], dossier.proposal["rectified_fen"])
        for dossier in dossiers
    }
    return {pk: reason for pk, reason in found.items() if reason is not None}


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """What was confirmed is counted as put right; a violation of which nothing is left is settled on that day."""
    for dossier, done in moved:
        if done.outcome != "approved":
            continue
        fen = dossier.proposal["rectified_fen"]
        found = Violation.objects.select_for_update().get(pk=dossier.proposal["violation"])
        against = _against(found, fen)
        if against is not None:
            raise against
        found.rectified_fen += fen
        found.settled_on = done.on if found.rectified_fen == found.amount_fen else None
        found.save(force_update=True, update_fields=["rectified_fen", "settled_on"])
        Rectification.objects.create(violation=found, amount_fen=fen, dossier=dossier, on=done.on)
        audit.record(
            chain=found.area_code,
            by=by,
            action="violation.put_right",
            object_type="violation",
            object_id=found.pk,
            diff={"dossier": dossier.pk, "fen": fen, "settled": found.settled_on is not None},
        )


@transaction.atomic
def hand_over(*, violation_id: int, reason: str, on: dt.date, by: Actor) -> HandOver:
    """The violation handed over to the discipline inspection of its county, which reads it from now on.

    Raises ``NotAllowed``, ``ReasonMissing``, ``HandedOverBefore``.
    """
    found = Violation.objects.select_for_update().get(pk=violation_id)
    by.demand(P.INSPECTION_MANAGE, found.area_code)
    title = f"违规问题 {found.number}"
    if not reason.strip():
        raise refusals.ReasonMissing(title=title)
    if HandOver.objects.filter(violation=found, to=DISCIPLINE).exists():
        raise refusals.HandedOverBefore(title=title)
    made = HandOver.objects.create(
        violation=found,
        area_code=found.area_code[:COUNTY],
        to=DISCIPLINE,
        on=on,
        reason_sealed=Vault(settings.JIEFA_VAULT_KEY).seal(reason.strip()[:2_000]),
        by=by.name,
        at=timezone.now(),
    )
    # Into the system's chain: that it went to discipline inspection is not for the office that is looked into.
    audit.record(
        chain=found.area_code[:2],
        by=by.name,
        action="violation.handed_over",
        object_type="violation",
        object_id=found.pk,
        diff={"on": on},
    )
    return made
