"""Contracts, settlements and townships of concentrated investment in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.contracts.models import Contract, Settlement
from jiefa.contracts.queries.concentrated import Invested
from jiefa.contracts.queries.contracts import YearVerified
from jiefa.contracts.rules.settling import Settled
from jiefa.funds.models import OrderState, Transfer
from jiefa.procedures.models import Dossier, StepTaken
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

TONES = {OrderState.STAGED: "open", OrderState.ACCEPTED: "good", OrderState.REFUSED: "refused"}


def row(reader: Reader, one: Contract, names: Mapping[str, str], paid_fen: int) -> dict[str, Any]:
    """A contract as a row, with what was paid and what it was settled at."""
    settled = one.settlement if hasattr(one, "settlement") else None
    return {
        "pk": one.pk,
        "url": reverse("site:money-contract", args=[one.pk]),
        "place": names.get(one.area_code, one.area_code),
        "from_year": one.from_year,
        "to_year": one.to_year,
        "heads": one.heads,
        "unit_price_fen": one.unit_price_fen,
        "fen": one.amount_fen,
        "paid_fen": paid_fen,
        "origin": f"{reader.label('fund_source', one.source)} · {reader.label('fund_type', one.fund_type)}",
        "document": one.document,
        "signed_on": one.signed_on,
        "state": _("contract settled") if settled else _("signed"),
        "tone": "good" if settled else "open",
        "claw_back_fen": settled.claw_back_fen if settled else 0,
        "owed_fen": settled.owed_fen if settled else 0,
        "dossier_url": reverse("site:dossier", args=[one.dossier_id]),
    }


def under_way(reader: Reader, found: Iterable[Dossier], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Contracts that are being signed, and settlements that are being decided."""
    return [
        {
            "url": reverse("site:dossier", args=[one.pk]),
            "title": one.title,
            "place": names.get(one.place_code, one.place_code),
            "opened_on": one.opened_on,
        }
        for one in found
    ]


def years(reader: Reader, found: Sequence[YearVerified]) -> list[dict[str, Any]]:
    """Heads by year with the snapshot that says so."""
    return [
        {
            "year": one.year,
            "exited": one.exited,
            "returned": one.returned,
            "snapshot": one.snapshot,
            "url": reverse("site:snapshot", args=[one.snapshot]) if one.snapshot else "",
        }
        for one in found
    ]


def standing(one: Settled) -> dict[str, Any]:
    """What a contract comes to, for page and paper."""
    names = ("verified", "paid_heads", "due_fen", "paid_fen", "claw_back_fen", "owed_fen", "deviation", "needs_reason")
    return {name: getattr(one, name) for name in names}


def settlement(reader: Reader, one: Settlement, people: Mapping[str, str]) -> dict[str, Any]:
    """A settlement as it was decided, with the orders by which money goes back."""
    return {
        **{
            name: getattr(one, name)
            for name in ("pk", "verified", "paid_heads", "due_fen", "paid_fen", "claw_back_fen", "owed_fen")
        },
        "deviation": one.verified - one.contract.heads,
        "explanation": one.explanation,
        "decided_on": one.decided_on,
        "by": log.who(one.by, people),
        "terms": one.workings["terms"],
        "dossier_url": reverse("site:dossier", args=[one.dossier_id]),
        "orders": [
            {
                "url": reverse("site:money-order", args=[back.order_id]),
                "number": back.order_id,
                "fen": back.order.amount_fen,
                "state": back.order.get_state_display(),
                "tone": TONES[OrderState(back.order.state)],
            }
            for back in one.returns.select_related("order").order_by("pk")
        ],
    }


def payment(reader: Reader, one: Transfer, area_code: str, names: Mapping[str, str]) -> dict[str, Any]:
    """A transfer under a contract, with its sign as the county sees it."""
    inward = one.to_code == area_code
    other = one.from_code if inward else one.to_code
    return {
        "url": reverse("site:money-transfer", args=[one.pk]),
        "on": one.on,
        "other": names.get(other, other),
        "fen": one.amount_fen if inward else -one.amount_fen,
        "year": one.origin.year,
    }


def signature(reader: Reader, one: StepTaken, names: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """Who signed for a side, and when."""
    return {"place": names.get(one.area, one.area), "by": log.who(one.by, people), "on": one.on}


def invested(reader: Reader, one: Invested, names: Mapping[str, str]) -> dict[str, Any]:
    """A township of the list with its money."""
    place = reverse("site:money-transfers")
    return {
        "name": names.get(one.area_code, one.area_code),
        "county": names.get(one.area_code[:6], one.area_code[:6]),
        "url": reader.at(place, place=one.area_code, purpose="concentrated"),
        "target_fen": one.target_fen,
        "special_fen": one.special_fen,
        "share": one.special_fen / one.target_fen,
        "short_fen": one.short_fen,
        "departments_fen": one.departments_fen,
        "own_fen": one.own_fen,
        "document": one.document,
    }
