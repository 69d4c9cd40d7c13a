"""A contract is settled by heads that really left: a dossier with the arithmetic, a settlement, an order of what goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.contracts.models import Contract, Return, Settlement
from jiefa.contracts.queries import contracts as queries
from jiefa.contracts.rules import refusals
from jiefa.contracts.rules.settling import Settled, Terms, returns
from jiefa.funds.actions import orders
from jiefa.funds.models import Order, OrderKind, OrderState, Origin
from jiefa.funds.rules import rows
from jiefa.funds.rules.rows import HOLDER, NewTransfer, OriginKey, Party
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.procedures import actions
from jiefa.procedures.actions import Decided, Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

PROCEDURE = "reduction_settlement"
PURPOSE = "lump_sum"
LONGEST = 1_000
P = Permission


def subject(contract: int) -> str:
    """What a dossier of a settlement is about."""
    return f"contract:{contract}"


def propose(*, contract_id: int, explanation: str, by: Actor, on: dt.date, pack: Pack) -> Dossier:
    """The dossier of the settlement, with the arithmetic as it stands. Raises ``SettledBefore``, ``SnapshotMissing``,
    ``ReasonMissing``, ``NotAllowed``, and as ``open_dossier``."""
    one = Contract.objects.select_related("settlement").get(pk=contract_id)
    by.demand(P.MONEY_PROPOSE, one.area_code)
    opening = _opening(one, explanation.strip()[:LONGEST], pack)
    return actions.open_dossier(procedure=PROCEDURE, opening=opening, by=by, on=on, pack=pack)


def _opening(one: Contract, explanation: str, pack: Pack) -> Opening:
    name = areas.division(one.area_code).name
    said = {"place": name, "document": one.document}
    if hasattr(one, "settlement"):
        raise refusals.SettledBefore(**said)
    workings, settled = reckon(one, pack)
    missing = [year["year"] for year in workings["years"] if not year["snapshot"]]
    if missing:
        raise refusals.SnapshotMissing(**said, year=missing[0])
    if settled.needs_reason and not explanation:
        raise refusals.ReasonMissing(place=name, verified=settled.verified, contracted=one.heads)
    return Opening(
        subject=subject(one.pk),
        place=one.area_code,
        title=f"{name} {one.from_year}—{one.to_year}年减贫包干结算",
        year=one.to_year,
        proposal={"contract": one.pk, "explanation": explanation, **_figures(settled), "workings": workings},
    )


def reckon(one: Contract, pack: Pack) -> tuple[dict[str, Any], Settled]:
    """The workings as JSON keeps them, and what the contract comes to by the transfers and snapshots of this moment."""
    years = queries.verified([one], pack)[one.pk]
    settled = queries.standing(one, years, queries.paid([one])[one.pk], pack)
    return {"years": [asdict(year) for year in years], "terms": asdict(Terms.of(pack.at(one.signed_on)))}, settled


def _figures(settled: Settled) -> dict[str, int]:
    names = ("verified", "paid_heads", "due_fen", "paid_fen", "claw_back_fen", "owed_fen")
    return {name: getattr(settled, name) for name in names}


def redrawn(dossier: Dossier, pack: Pack) -> Opening:
    """What the dossier would propose by the transfers and snapshots of today; the explanation stays. Raises as ``propose``."""
    one = Contract.objects.select_related("settlement").get(pk=dossier.proposal["contract"])
    return _opening(one, str(dossier.proposal["explanation"]), pack)


def check(dossiers: Sequence[Dossier], decision: Decision, pack: Pack) -> Mapping[int, JiefaError]:
    """Against agreeing to figures that are no longer so, or to a contract settled meanwhile."""
    if decision.kind != "approve":
        return {}
    keys = {dossier.proposal["contract"] for dossier in dossiers}
    found = {one.pk: one for one in Contract.objects.select_related("settlement").filter(pk__in=keys)}
    several = list(found.values())
    years, paid = queries.verified(several, pack), queries.paid(several)
    against: dict[int, JiefaError] = {}
    for dossier in dossiers:
        one = found[dossier.proposal["contract"]]
        now = queries.standing(one, years[one.pk], paid[one.pk], pack)
        said = {name: dossier.proposal[name] for name in _figures(now)}
        if hasattr(one, "settlement"):
            name = areas.division(one.area_code).name
            against[dossier.pk] = refusals.SettledBefore(place=name, document=one.document)
        elif said != _figures(now) or dossier.proposal["workings"]["years"] != [asdict(y) for y in years[one.pk]]:
            against[dossier.pk] = refusals.SettlementStale(title=dossier.title)
    return against


def effect(moved: Sequence[tuple[Dossier, Decided]], by: str, pack: Pack) -> None:
    """The settlements that the province decided, each with its entry in the log."""
    for dossier, done in moved:
        if done.outcome != "approved":
            continue
        said = dossier.proposal
        names = (
            "verified",
            "paid_heads",
            "due_fen",
            "paid_fen",
            "claw_back_fen",
            "owed_fen",
            "explanation",
            "workings",
        )
        made = Settlement.objects.create(
            contract_id=said["contract"],
            dossier=dossier,
            decided_on=done.on,
            by=by,
            at=timezone.now(),
            **{name: said[name] for name in names},
        )
        audit.record(
            chain=dossier.place_code,
            by=by,
            action="contract.settled",
            object_type="contract",
            object_id=made.contract_id,
            diff={"dossier": dossier.pk, **{name: said[name] for name in names[:-2]}},
        )


@transaction.atomic
def propose_return(*, settlement_id: int, on: dt.date, by: Actor, pack: Pack) -> Order:
    """The order by which what was paid too much goes back to where it came from; finance confirms it as every order.

    Raises ``NothingToReturn``, ``ReturnUnderWay``, ``MoneyGone``, ``NotAllowed``, and as ``orders.propose``.
    """
    found = Settlement.objects.select_for_update().get(pk=settlement_id)
    one = found.contract
    by.demand(P.MONEY_PROPOSE, one.area_code)
    said = {"place": areas.division(one.area_code).name, "document": one.document}
    if not found.claw_back_fen:
        raise refusals.NothingToReturn(**said)
    standing = found.returns.exclude(order__state=OrderState.REFUSED).select_related("order").first()
    if standing is not None:
        state = standing.order.get_state_display()
        raise refusals.ReturnUnderWay(**said, order=standing.order_id, state=state)
    parts = returns(queries.held(one), found.claw_back_fen)
    if sum(fen for _held, fen in parts) < found.claw_back_fen:
        asked, held = (money.format_yuan(fen) for fen in (found.claw_back_fen, sum(fen for _held, fen in parts)))
        raise refusals.MoneyGone(**said, asked=asked, held=held)
    origins = Origin.objects.in_bulk([held.origin for held, _fen in parts])
    transfers = [
        NewTransfer(
            payer=Party(HOLDER, one.area_code),
            receiver=Party(HOLDER, held.giver_code),
            origin=_key(origins[held.origin]),
            amount_fen=fen,
            on=on,
            purpose=PURPOSE,
            document=one.document,
            key=f"{one.area_code}/clawback-{found.pk}-{number}",
        )
        for number, (held, fen) in enumerate(parts, start=1)
    ]
    order = orders.propose(
        kind=OrderKind.TYPED, title=f"减贫包干收回 {one.document}", rows=rows.table(transfers), by=by, pack=pack
    )
    Return.objects.create(settlement=found, order=order)
    audit.record(
        chain=one.area_code,
        by=by.name,
        action="contract.return_proposed",
        object_type="contract",
        object_id=one.pk,
        diff={"order": order.pk, "fen": found.claw_back_fen},
    )
    return order


def _key(origin: Origin) -> OriginKey:
    return OriginKey(origin.source, origin.type, origin.year, origin.area_code, origin.giver)
