"""Money of a place: its pots and those below, transfers, one transfer with its reversal, one pot with the way back, closed years."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.funds.actions import closing, orders, posting
from jiefa.funds.models import AccountKind, OrderKind, Transfer
from jiefa.funds.queries import accounts as queries
from jiefa.funds.queries import exports, flows
from jiefa.funds.queries.accounts import Sifted
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules import sankey
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.actions import exports as export_actions
from jiefa.site.money_forms import BookYear, ReversalWish, TransferSift
from jiefa.site.presenters import money as shown
from jiefa.site.presenters import money_flow
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


def here(reader: Reader) -> Scope:
    """Where the reader may see money, inside the place of the page."""
    return reader.scope(P.MONEY_VIEW).narrowed(reader.place.code if reader.place else None)


@page
def money(reader: Reader) -> HttpResponseBase:
    """A place: how its money stands, what flowed in the fund year, its own pots, the places below."""
    within, place = here(reader), reader.place
    code = place.code if place else ""
    own = queries.of_place(code, within)
    below = queries.below(code, within) if place else {}
    found = flows.bands(within, reader.year)
    names = shown.names(own, below)
    may = bool(place) and reader.actor.may(P.MONEY_CONFIRM, code)
    closed = queries.closed_years(code) if place else []
    around = areas.named(sorted({one.area_code for one in closed}))
    context = {
        "parts": shown.parts(reader, "overview"),
        "here": place.name if place else "",
        "year": reader.year,
        "standing": queries.standing(within),
        "totals": flows.totals(found, digits=len(code)),
        "sources": shown.flows(reader, found, "source", len(code)),
        "purposes": shown.flows(reader, found, "purpose", len(code)),
        "pots": [shown.account(reader, one, names) for one in own],
        "below": shown.below(reader, below, names),
        "closed": [
            {"year": one.year, "place": around.get(one.area_code, one.area_code), "own": one.area_code == code}
            for one in closed
        ],
        "form": BookYear() if may else None,
        "years_url": reader.at(reverse("site:money-years"), place=code),
        "new_url": reader.at(reverse("site:money-transfer-new"), place=code)
        if place and reader.actor.may(P.MONEY_PROPOSE, code)
        else "",
    }
    return render(reader.request, "site/money.html", context)


@require_POST
@page
def years(reader: Reader) -> HttpResponseBase:
    """The books of a year closed for the place, or opened again."""
    code = reader.place.code if reader.place else ""
    form = BookYear(reader.request.POST)
    reader.actor.demand(P.MONEY_CONFIRM, code or None)
    if form.is_valid():
        act = closing.open_year if "open" in reader.request.POST else closing.close_year
        try:
            act(area=code, year=form.cleaned_data["closing"], by=reader.actor)
        except NotAllowed:
            raise
        except JiefaError as reason:
            messages.error(reader.request, reason.message(reader.lang))
        else:
            messages.success(reader.request, _("The books stand so from now on."))
    else:
        messages.error(reader.request, _("Give the year in four digits."))
    return redirect(reader.at(reverse("site:money"), place=code))


def _sifted(reader: Reader) -> tuple[TransferSift, Sifted]:
    form = TransferSift(reader.request.GET, reader=reader)
    form.is_valid()
    said = form.cleaned_data
    return form, Sifted(
        purpose=said.get("purpose") or "",
        source=said.get("source") or "",
        type=said.get("type") or "",
        year=said.get("fund_year"),
        **_band(said),
    )


def _band(said: dict[str, Any]) -> dict[str, Any]:
    """The band that is asked for; nothing where the address does not name both of its ends."""
    if not (said.get("from_kind") and said.get("to_kind")):
        return {}
    return {name: said.get(name) for name in ("from_kind", "to_kind", "from_level", "to_level", "home")}


@page
def transfers(reader: Reader) -> HttpResponseBase:
    """Transfers of which a side lies in the place, the newest first."""
    within = here(reader)
    form, sifted = _sifted(reader)
    context = {
        "parts": shown.parts(reader, "transfers"),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "band_fen": queries.band_fen(within, sifted) if sifted.band else None,
        "export_url": f"{reverse('site:money-transfers-export')}?{reader.request.GET.urlencode()}",
        **_listed(reader, within, sifted),
    }
    return render(reader.request, "site/money_transfers.html", context)


def _listed(reader: Reader, within: Scope, sifted: Sifted) -> dict[str, Any]:
    rows, after = queries.transfers(within, sifted), key(reader.request, "after")
    found: list[Transfer] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = shown.names(shown.sides(found))
    people = access.full_names(one.by for one in found)
    return {
        "rows": [shown.transfer(reader, one, names, people) for one in found],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }


@page
def transfers_export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel; households by number for who may see them."""
    within = here(reader)
    export_actions.record(by=reader.actor.name, what="money", areas=within.areas)
    found = queries.transfers(within, _sifted(reader)[1])
    homes = all(reader.actor.may(P.HOUSEHOLD_VIEW, area) for area in within.areas)
    stream = exports.transfers(found, reader.pack, reader.lang, homes=homes)
    return FileResponse(stream, as_attachment=True, filename=f"transfers-{timezone.localdate():%Y%m%d}.xlsx")


@page
def transfer(reader: Reader, pk: int) -> HttpResponseBase:
    """One transfer; who may propose for the payer proposes that it is taken back."""
    found = queries.transfer(pk, reader.scope(P.MONEY_VIEW))
    if found is None:
        raise Http404
    payer = found.from_code or found.to_code
    reader.place_code = payer if reader.actor.may(P.MONEY_VIEW, payer) else found.to_code
    open_ = found.reverses_id is None and not hasattr(found, "reversed_by")
    may = open_ and reader.actor.may(P.MONEY_PROPOSE, payer)
    posted = reader.request.method == "POST"
    form = ReversalWish(reader.request.POST if posted else None, initial={"on": timezone.localdate()})
    refusal, status = "", 422 if posted else 200
    if posted:
        reader.actor.demand(P.MONEY_PROPOSE, payer)
        if form.is_valid():
            try:
                order = _reversal(reader, found, form)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), status_of(reason)
            else:
                messages.success(reader.request, _("Proposed; a finance officer confirms it."))
                return redirect("site:money-order", order)
    names = shown.names([found.from_account, found.to_account])
    context = {
        "parts": shown.parts(reader, "transfers"),
        "transfer": shown.transfer(reader, found, names, access.full_names([found.by])),
        "order_url": reverse("site:money-order", args=[found.of_order_id])
        if found.of_order_id and reader.actor.may(P.MONEY_VIEW, payer)
        else "",
        "form": form if may else None,
        "refusal": refusal,
    }
    return render(reader.request, "site/money_transfer.html", context, status=status)


def _reversal(reader: Reader, found: Transfer, form: ReversalWish) -> int:
    typed = form.cleaned_data
    back = posting.reversal(transfer_id=found.pk, on=typed["on"], reason=typed["reason"], document=typed["document"])
    order = orders.propose(
        kind=OrderKind.REVERSAL, title=typed["document"], rows=rules.table([back]), by=reader.actor, pack=reader.pack
    )
    return order.pk


@page
def account(reader: Reader, pk: int) -> HttpResponseBase:
    """One pot: what it holds, what moved, and of a payee the way back to the sources."""
    within = reader.scope(P.MONEY_VIEW)
    found = queries.account(pk, within)
    if found is None:
        raise Http404
    reader.place_code = found.area_code
    pots = queries.of_household(found.household_id) if found.household_id else [found]
    steps = queries.way_back([one.pk for one in pots]) if found.kind == AccountKind.PAYEE else []
    names = shown.names([*pots, *(one.account for one in steps)])
    edges = sankey.back(*queries.way_edges([one.pk for one in pots])) if steps else []
    on_way = {one.pk: one for one in [*pots, *(one.account for one in steps)]}
    context = {
        "parts": shown.parts(reader, "overview"),
        "account": shown.account(reader, found, names),
        "others": [shown.account(reader, one, names) for one in pots if one.pk != pk],
        "way": shown.way(reader, steps, names),
        "chart": money_flow.way_back(reader, edges, on_way, names, timezone.localdate()),
        **_listed(reader, within, Sifted(account=pk)),
    }
    return render(reader.request, "site/money_account.html", context)
