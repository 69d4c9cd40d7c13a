"""A lump-sum contract is drawn up by the province and signed by both: a dossier, from which the contract follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import DesignationKind
from jiefa.audit import actions as audit
from jiefa.contracts.models import Contract
from jiefa.contracts.rules import refusals
from jiefa.funds.models import DOCUMENT_LENGTH
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions, subjects
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

PROCEDURE = "reduction_contract"
P = Permission


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be signed: a county, the years, heads and the price of one, whose money it is, the document."""

    area_code: str
    from_year: int
    to_year: int
    heads: int
    unit_price_fen: int
    source: str
    fund_type: str
    document: str


def propose(*, terms: Terms, by: Actor, on: dt.date, pack: Pack) -> Dossier:
    """The dossier of the contract. Raises ``ContractWrong``, ``NotAPilot``, ``DocumentTaken``, ``YearsTaken``, ``NotAllowed``, and as
    ``open_dossier``."""
    by.demand(P.MONEY_PROPOSE, terms.area_code)
    against = _against(terms, pack)
    if against is not None:
        raise against
    place = areas.division(terms.area_code)
    opening = Opening(
        subject=subjects.division(terms.area_code),
        place=terms.area_code,
        title=f"{place.name} {terms.from_year}—{terms.to_year}年减贫包干",
        year=terms.from_year,
        proposal=asdict(terms),
    )
    return actions.open_dossier(procedure=PROCEDURE, opening=opening, by=by, on=on, pack=pack)


def terms_of(dossier: Dossier) -> Terms:
    """What the dossier proposes to sign."""
    return Terms(**dossier.proposal)


def _against(terms: Terms, pack: Pack) -> JiefaError | None:
    name = areas.named([terms.area_code]).get(terms.area_code, terms.area_code)
    sound = terms.heads > 0 and terms.unit_price_fen > 0 and terms.from_year <= terms.to_year
    known = terms.source in pack.codes("fund_source").ids and terms.fund_type in pack.codes("fund_type").ids
    if not sound or not known or not 0 < len(terms.document) <= DOCUMENT_LENGTH or terms.document.isspace():
        return refusals.ContractWrong(place=name)
    for year in (terms.from_year, terms.to_year):
        if not areas.designations(terms.area_code, year).filter(kind=DesignationKind.CONTRACT_PILOT).exists():
            return refusals.NotAPilot(place=name, year=year)
    for other in Contract.objects.filter(area_code=terms.area_code).order_by("pk"):
        if other.document == terms.document:
            return refusals.DocumentTaken(place=name, document=other.document)
        if other.from_year <= terms.to_year and terms.from_year <= other.to_year:
            years = {"from_year": terms.from_year, "to_year": terms.to_year}
            return refusals.YearsTaken(place=name, document=other.document, **years)
    return None


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """What speaks against agreeing: what has changed since it was drawn up."""
    if decision.kind != "approve":
        return {}
    found = {dossier.pk: _against(terms_of(dossier), pack) for dossier in dossiers}
    return {pk: reason for pk, reason in found.items() if reason is not None}


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The contracts of dossiers that both have signed, each with its entry in the log."""
    signed = [(dossier, done) for dossier, done in moved if done.outcome == "approved"]
    now = timezone.now()
    made = [
        Contract(**asdict(terms_of(dossier)), dossier=dossier, signed_on=done.on, by=by, at=now)
        for dossier, done in signed
    ]
    Contract.objects.bulk_create(made)
    for one in made:
        audit.record(
            chain=one.area_code,
            by=by,
            action="contract.signed",
            object_type="contract",
            object_id=one.pk,
            diff={
                "dossier": one.dossier_id,
                "heads": one.heads,
                "fen": one.amount_fen,
                "from": one.from_year,
                "to": one.to_year,
                "document": one.document,
            },
        )
