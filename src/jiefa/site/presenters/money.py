"""Money in the reader's language: pots, transfers, orders, allocations. Households under masked names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.disclosure.rules import masked
from jiefa.funds.models import Account, AccountKind, Allocation, AllocationShare, Order, OrderState, Origin, Transfer
from jiefa.funds.queries.accounts import Standing, Step
from jiefa.funds.queries.flows import Band, totals
from jiefa.kernel import money
from jiefa.site.presenters import log
from jiefa.site.reader import Reader

P = Permission
TONES = {OrderState.STAGED: "open", OrderState.ACCEPTED: "good", OrderState.REFUSED: "refused"}


def parts(reader: Reader, part: str) -> list[dict[str, Any]]:
    """The pages of money that the reader may open, about the place of the page."""
    place = reader.place.code if reader.place else ""
    proposes, confirms = reader.actor.may(P.MONEY_PROPOSE), reader.actor.may(P.MONEY_CONFIRM)
    sees = reader.actor.may(P.MONEY_VIEW)
    entries = (
        ("overview", _("Overview"), "building-bank", reverse("site:money"), sees),
        ("flow", _("Where the money went"), "route", reverse("site:money-flow"), sees and bool(place)),
        ("idle", _("Idle money"), "clock", reverse("site:money-idle"), sees),
        ("transfers", _("Transfers of money"), "arrow-right", reverse("site:money-transfers"), sees),
        ("projects", _("Projects"), "road", reverse("site:money-projects"), True),
        ("findings", _("Findings of money"), "clipboard-check", reverse("site:money-project-findings"), sees),
        ("orders", _("Orders"), "list-check", reverse("site:money-orders"), sees),
        ("payments", _("Payment files"), "transfer", reverse("site:money-payments"), sees),
        ("allocations", _("Allocation by factors"), "sum", reverse("site:money-allocations"), sees),
        ("contracts", _("Lump-sum contracts"), "checklist", reverse("site:money-contracts"), sees),
        ("concentrated", _("Concentrated investment"), "map-pin", reverse("site:money-concentrated"), sees),
        ("budgets", _("Load appropriations"), "file-import", reverse("site:money-load", args=["budgets"]), proposes),
        ("lists", _("Load transfers"), "file-import", reverse("site:money-load", args=["transfers"]), proposes),
        ("received", _("Lists sent in"), "list-check", reverse("site:help-lists"), proposes or confirms),
    )
    return [
        {"label": label, "icon": icon, "url": reader.at(url, place=place), "current": identity == part}
        for identity, label, icon, url, shown in entries
        if shown
    ]


def names(accounts: Iterable[Account], codes: Iterable[str] = ()) -> dict[str, str]:
    """The names of the places of accounts, and of other codes."""
    return areas.named(sorted({one.area_code for one in accounts if one.area_code} | {code for code in codes if code}))


def origin(reader: Reader, one: Origin) -> str:
    """Whose money, in words."""
    giver = one.giver or reader.label("fund_source", one.source)
    return f"{giver} · {reader.label('fund_type', one.type)} · {one.year}"


def account(reader: Reader, one: Account, places: Mapping[str, str], of: Origin | None = None) -> dict[str, Any]:
    """A pot as a row. A household shows its masked name, and opens for who may see it. ``of``: its origin where it is known."""
    within = reader.actor.may(P.MONEY_VIEW, one.area_code) if one.area_code else False
    return {
        "pk": one.pk,
        "url": reverse("site:money-account", args=[one.pk]) if within else "",
        "label": title(one, places),
        "kind": reader.label("fund_account", one.kind),
        "kind_id": one.kind,
        "place": places.get(one.area_code, one.area_code),
        "origin": origin(reader, of or one.origin),
        "balance_fen": one.balance_fen,
        "household_url": reverse("site:household", args=[one.household_id])
        if one.household_id and reader.actor.may(P.HOUSEHOLD_VIEW, one.area_code)
        else "",
    }


def title(one: Account, places: Mapping[str, str]) -> str:
    """What a pot is called: its unit, the masked head of its household, else the office of its place."""
    place = places.get(one.area_code, one.area_code)
    if one.kind == AccountKind.OUTSIDE:
        return str(one.get_kind_display())
    if one.household_id and one.household:
        return f"{place} {masked(one.household.head_name or '')}"
    return f"{place} {one.owner}" if one.owner else place


def pots(reader: Reader, found: Iterable[Account], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pots with money as the choices of a form."""
    return [
        (
            str(one.pk),
            (
                f"{title(one, places)} · {reader.label('fund_account', one.kind)} · {origin(reader, one.origin)} · "
                f"{money.format_yuan(one.balance_fen)}"
            ),
        )
        for one in found
        if one.balance_fen
    ]


def below(reader: Reader, found: Mapping[str, Standing], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """The money of each place below."""
    url = reverse("site:money")
    return [
        {"name": places.get(code, code), "url": reader.at(url, place=code), "standing": one}
        for code, one in found.items()
    ]


def flows(reader: Reader, found: list[Band], by: str, digits: int) -> list[dict[str, Any]]:
    """What flowed in the fund year by source or purpose: appropriated, came in, paid."""
    codes = list(dict.fromkeys(code.id for code in reader.pack.codes(f"fund_{by}").values))
    there = {getattr(one, by) for one in found}
    rows = []
    for code in codes:
        if code in there:
            chosen = {by: code}
            sums = totals(found, digits=digits, source=chosen.get("source", ""), purpose=chosen.get("purpose", ""))
            url = reader.at(
                reverse("site:money-transfers"), place=reader.place.code if reader.place else "", **{by: code}
            )
            rows.append({"label": reader.label(f"fund_{by}", code), "url": url, "sums": sums})
    return rows


def transfer(reader: Reader, one: Transfer, places: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """A transfer as a row and as a page."""
    return {
        "pk": one.pk,
        "url": reverse("site:money-transfer", args=[one.pk]),
        "on": one.on,
        "payer": account(reader, one.from_account, places, one.origin),
        "receiver": account(reader, one.to_account, places, one.origin),
        "origin": origin(reader, one.origin),
        "fen": one.amount_fen,
        "purpose": reader.label("fund_purpose", one.purpose),
        "document": one.document,
        "key": one.key,
        "reverses_url": reverse("site:money-transfer", args=[one.reverses_id]) if one.reverses_id else "",
        "reversed_url": reverse("site:money-transfer", args=[one.reversed_by.pk])
        if getattr(one, "reversed_by", None)
        else "",
        "reason": one.reason,
        "order_id": one.of_order_id,
        "by": log.who(one.by, people),
        "at": one.at,
    }


def sides(found: Iterable[Transfer]) -> list[Account]:
    return [account for one in found for account in (one.from_account, one.to_account)]


def way(reader: Reader, steps: Iterable[Step], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """The pots on the way back to the sources, the nearest first."""
    return [{**account(reader, one.account, places), "fen": one.fen, "level": one.level} for one in steps]


def order(reader: Reader, one: Order, places: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """An order as a row and as a page."""
    return {
        "pk": one.pk,
        "url": reverse("site:money-order", args=[one.pk]),
        "title": one.title,
        "kind": one.get_kind_display(),
        "state": one.get_state_display(),
        "tone": TONES[OrderState(one.state)],
        "waits": one.state == OrderState.STAGED,
        "place": reader.words("、", ", ").join(places.get(area, area) for area in one.areas.split(",")[:3]),
        "fen": one.amount_fen,
        "rows": one.rows,
        "posted": one.posted,
        "unchanged": one.unchanged,
        "held": one.held_back,
        "digest": one.digest,
        "at": one.staged_at,
        "by": log.who(one.staged_by, people),
        "decided_at": one.decided_at,
        "decided_by": log.who(one.decided_by, people) if one.decided_by else "",
        "reason": one.reason,
    }


def allocation(reader: Reader, one: Allocation, places: Mapping[str, str]) -> dict[str, Any]:
    """An allocation as a row and as a page."""
    return {
        "pk": one.pk,
        "url": reverse("site:money-allocation", args=[one.pk]),
        "document": one.document,
        "place": places.get(one.account.area_code, one.account.area_code),
        "origin": origin(reader, one.account.origin),
        "fen": one.amount_fen,
        "purpose": reader.label("fund_purpose", one.purpose),
        "goal": one.goal,
        "rights": one.rights,
        "snapshot": one.snapshot,
        "snapshot_year": one.snapshot_year,
        "snapshot_url": reader.at(reverse("site:snapshot", args=[one.snapshot])),
        "policy": one.policy_version,
        "state": one.order.get_state_display(),
        "tone": TONES[OrderState(one.order.state)],
        "order_url": reverse("site:money-order", args=[one.order_id]),
        "at": one.at,
    }


def workings(
    reader: Reader, said: Mapping[str, Any], places: Mapping[str, str], shares: Mapping[str, AllocationShare]
) -> dict[str, Any]:
    """The arithmetic as a table: parts of the factors, then every county with its values and its fen of each part."""
    used = [one for one in said["parts"] if one["fen"]]
    return {
        "parts": [
            {"label": reader.label("fund_factor", one["factor"]), "weight": one["weight"], "fen": one["fen"],
             "missing": one["missing"], "used": bool(one["fen"])}
            for one in said["parts"]
        ],
        "factors": [reader.label("fund_factor", one["factor"]) for one in used],
        "rows": [
            {
                "name": places.get(one["area"], one["area"]),
                "people": one["people"],
                "cells": [
                    {"value": f"{one['values'].get(part['factor'], 0) / 1_000_000:.6f}", "fen": one["parts"].get(part["factor"], 0)}
                    for part in used
                ],
                "fen": one["fen"],
                "task": shares[one["area"]].task_people if one["area"] in shares else 0,
                "letter_url": reverse("site:money-letter", args=[shares[one["area"]].pk]) if one["area"] in shares else "",
            }
            for one in said["shares"]
            if one["people"]
        ],
        "fen": said["fen"],
    }  # fmt: skip
