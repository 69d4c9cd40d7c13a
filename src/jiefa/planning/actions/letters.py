"""Letters of responsibility (军令状): drawn up by the place above from the targets that are fixed, signed by the place that answers,
countersigned above: a dossier, from which the letter follows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.funds.models import DOCUMENT_LENGTH
from jiefa.kernel.errors import JiefaError
from jiefa.planning.actions.negotiating import demand
from jiefa.planning.models import Letter
from jiefa.planning.queries import letters as queries
from jiefa.planning.rules import negotiating, refusals
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

P = Permission
PROCEDURES = {
    (negotiating.PROVINCE, negotiating.PREFECTURE): "letter_prefecture",
    (negotiating.PROVINCE, negotiating.COUNTY): "letter_county",
    (negotiating.PREFECTURE, negotiating.COUNTY): "letter_prefecture_county",
    (negotiating.COUNTY, negotiating.TOWNSHIP): "letter_township",
    (negotiating.TOWNSHIP, negotiating.VILLAGE): "letter_village",
}
"""By digits of the two places: whose posts take which step differs by level, so each pair has a procedure of its own."""


def subject(area_code: str, year: int) -> str:
    """What the dossier of a letter is about."""
    return f"letter:{area_code}:{year}"


def draw_up(
    *, upper_code: str, area_code: str, year: int, document: str, by: Actor, on: dt.date, pack: Pack
) -> Dossier:
    """The dossier of the letter. Raises ``NotAllowed``, ``NotYourPlace``, ``DocumentMissing``, ``NothingFixed``, ``LetterSame``,
    ``UpperLetterMissing``, and as ``open_dossier``."""
    demand(by, P.TARGET_SET, area_code, (upper_code,))
    if upper_code not in negotiating.uppers(area_code) or (len(upper_code), len(area_code)) not in PROCEDURES:
        names = areas.named([area_code, upper_code])
        raise refusals.NotYourPlace(place=names.get(area_code, area_code), who=names.get(upper_code, upper_code))
    return actions.open_dossier(
        procedure=PROCEDURES[len(upper_code), len(area_code)],
        opening=_opening(upper_code, area_code, year, document.strip()),
        by=by,
        on=on,
        pack=pack,
    )


def _opening(upper_code: str, area_code: str, year: int, document: str) -> Opening:
    names = areas.named([area_code, upper_code])
    place = names.get(area_code, area_code)
    if not 0 < len(document) <= DOCUMENT_LENGTH:
        raise refusals.DocumentMissing(place=place, limit=DOCUMENT_LENGTH)
    lines = queries.lines(area_code, year)
    if not lines:
        raise refusals.NothingFixed(place=place, year=year)
    against = _against(upper_code, area_code, year, lines, names)
    if against is not None:
        raise against
    return Opening(
        subject=subject(area_code, year),
        place=area_code,
        title=f"{place}{year}年脱贫攻坚责任书",
        year=year,
        proposal={
            "upper_code": upper_code,
            "area_code": area_code,
            "document": document,
            "lines": lines,
            "letter_digest": digest(upper_code, area_code, year, document, lines),
        },
    )


def _against(
    upper_code: str, area_code: str, year: int, lines: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> JiefaError | None:
    """What speaks against signing these lines: the place above has not signed its own letter, or they are signed already."""
    place = names.get(area_code, area_code)
    signed = queries.newest([area_code, upper_code], year)
    if len(upper_code) != negotiating.PROVINCE and upper_code not in signed:
        return refusals.UpperLetterMissing(upper=names.get(upper_code, upper_code), place=place, year=year)
    standing = signed.get(area_code)
    if standing is not None and standing.lines == list(lines) and standing.upper_code == upper_code:
        return refusals.LetterSame(place=place, year=year)
    return None


def digest(upper_code: str, area_code: str, year: int, document: str, lines: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of what is signed; printed on the paper, so that paper and record can be compared."""
    text = json.dumps([upper_code, area_code, year, document, list(lines)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What the dossier would propose by the targets that are fixed today. Raises as ``draw_up``."""
    said = dossier.proposal
    return _opening(said["upper_code"], said["area_code"], dossier.year, said["document"])


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against signing lines that are no longer the fixed targets, or before the place above has signed its own letter."""
    if decision.kind != "approve":
        return {}
    against: dict[int, JiefaError] = {}
    for dossier in dossiers:
        said = dossier.proposal
        upper, code = said["upper_code"], said["area_code"]
        if queries.lines(code, dossier.year) != said["lines"]:
            against[dossier.pk] = refusals.LetterStale(title=dossier.title)
            continue
        found = _against(upper, code, dossier.year, said["lines"], areas.named([code, upper]))
        if found is not None:
            against[dossier.pk] = found
    return against


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The letters of dossiers that both have signed, each with its entry in the log."""
    now = timezone.now()
    made = [
        Letter(
            upper_code=dossier.proposal["upper_code"],
            area_code=dossier.proposal["area_code"],
            year=dossier.year,
            document=dossier.proposal["document"],
            lines=dossier.proposal["lines"],
            digest=dossier.proposal["letter_digest"],
            dossier=dossier,
            signed_on=done.on,
            by=by,
            at=now,
        )
        for dossier, done in moved
        if done.outcome == "approved"
    ]
    Letter.objects.bulk_create(made)
    audit.record_many(
        [
            Said(
                one.area_code,
                by,
                "letter.signed",
                "letter",
                one.pk,
                {"dossier": one.dossier_id, "upper": one.upper_code, "lines": one.lines, "digest": one.digest},
            )
            for one in made
        ]
    )
