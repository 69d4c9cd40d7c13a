"""Orders of money: proposed on a page or by a list in Excel, seen with what there is to say of them, confirmed or refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.funds.actions import kinds, lists, orders
from jiefa.funds.models import Account, Channel, Order, OrderKind
from jiefa.funds.queries import accounts as queries
from jiefa.funds.queries import orders as order_queries
from jiefa.funds.queries import payments
from jiefa.funds.queries.accounts import Sifted
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import NewTransfer, OriginKey, Party
from jiefa.identification import queries as register
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.lists.judged import tally
from jiefa.sheets.forms import specs_of
from jiefa.site.money_forms import MoneyFile, TransferWish
from jiefa.site.presenters import money as shown
from jiefa.site.presenters import programmes as remarks
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.help_lists import sent_in
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
SHOWN = 20
"""Transfers that the page of an order shows; all stand in the list of transfers once it is confirmed."""
MEGABYTES = 20
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = (OrderKind.BUDGETS.value, OrderKind.TRANSFERS.value, *kinds.LISTS)


def _scope(reader: Reader) -> Scope:
    return reader.scope(P.MONEY_VIEW)


@page
def new(reader: Reader) -> HttpResponseBase:
    """One transfer proposed, from a pot of the place."""
    place = reader.place
    if place is None:
        raise Http404
    reader.actor.demand(P.MONEY_PROPOSE, place.code)
    own = queries.of_place(place.code, reader.scope(P.MONEY_VIEW))
    pots = shown.pots(reader, own, shown.names(own))
    posted = reader.request.method == "POST"
    initial = {"on": timezone.localdate(), "to_code": place.code, "key": get_random_string(20)}
    form = TransferWish(reader.request.POST if posted else None, reader=reader, pots=pots, initial=initial)
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            transfer = _transfer(reader, form, {one.pk: one for one in own})
            order = orders.propose(
                kind=OrderKind.TYPED,
                title=transfer.document,
                rows=rules.table([transfer]),
                by=reader.actor,
                pack=reader.pack,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("Proposed; a finance officer confirms it."))
            return redirect("site:money-order", order.pk)
    context = {
        "parts": shown.parts(reader, "overview"),
        "here": place.name,
        "form": form,
        "has_pots": bool(pots),
        "refusal": refusal,
    }
    return render(reader.request, "site/money_transfer_new.html", context, status=status)


def _transfer(reader: Reader, form: TransferWish, own: dict[int, Account]) -> NewTransfer:
    typed, payer = form.cleaned_data, own[int(form.cleaned_data["account"])]
    receiver = Party(typed["to_kind"], typed["to_code"].strip(), typed["to_owner"].strip())
    number = typed["household_number"].strip()
    if number:
        homes = register.homes_by_number([number], reader.scope(P.MONEY_PROPOSE))
        if number not in homes:
            raise refusals.HouseholdUnknown(key=number)
        home, village = homes[number]
        receiver = Party(typed["to_kind"], village, receiver.owner, home)
    of = payer.origin
    return NewTransfer(
        payer=Party(payer.kind, payer.area_code, payer.owner, payer.household_id),
        receiver=receiver,
        origin=OriginKey(of.source, of.type, of.year, of.area_code, of.giver),
        amount_fen=money.fen_from_yuan(typed["amount"]),
        on=typed["on"],
        purpose=typed["purpose"],
        document=typed["document"].strip(),
        key=f"{payer.area_code}/{typed['key']}",
    )


@page
def all_orders(reader: Reader) -> HttpResponseBase:
    """The orders of the reader's area, the newest first."""
    within = _scope(reader)
    rows, after = order_queries.orders(within), key(reader.request, "after")
    found: list[Order] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    seen = [one for one in found if order_queries.visible(one, within)]
    names = areas.named(sorted({area for one in seen for area in one.areas.split(",")}))
    people = access.full_names(name for one in seen for name in (one.staged_by, one.decided_by))
    context = {
        "parts": shown.parts(reader, "orders"),
        "rows": [shown.order(reader, one, names, people) for one in seen],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_orders.html", context)


def _found(reader: Reader, pk: int) -> Order:
    found = order_queries.order(pk, _scope(reader))
    if found is None:
        raise Http404
    return found


@page
def order(reader: Reader, pk: int) -> HttpResponseBase:
    """One order with its transfers and remarks, and the decision of the second officer."""
    found = _found(reader, pk)
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            if reader.request.POST.get("decision") == "confirm":
                orders.confirm(order_id=pk, by=reader.actor, pack=reader.pack)
                messages.success(reader.request, _("Confirmed: the transfers are posted."))
            else:
                orders.refuse(order_id=pk, reason=reader.request.POST.get("reason", ""), by=reader.actor)
                messages.success(reader.request, _("The order is refused."))
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            return redirect("site:money-order", pk)
    names = areas.named(found.areas.split(","))
    people = access.full_names([found.staged_by, found.decided_by])
    listed = found.kind in (OrderKind.BUDGETS, OrderKind.TRANSFERS)
    may = all(reader.actor.may(P.MONEY_CONFIRM, area) for area in found.areas.split(","))
    context = {
        "parts": shown.parts(reader, "orders"),
        "order": shown.order(reader, found, names, people),
        "remarks": remarks.remarks(reader, tally(orders.folder_of(found))) if listed else {},
        "lines": _lines(reader, found),
        "transfers_url": "" if found.state != "accepted" else _first_transfer(reader, found),
        "may_decide": may and found.staged_by != reader.actor.name,
        "report_url": reverse("site:money-order-report", args=[pk])
        if listed and (found.held_back or found.warnings) and _may_read(reader, found)
        else "",
        "allocation_url": reverse("site:money-allocation", args=[found.allocation.pk])
        if hasattr(found, "allocation")
        else "",
        "payments": _payments(reader, found, may),
        "refusal": refusal,
    }
    return render(reader.request, "site/money_order.html", context, status=status)


def _payments(reader: Reader, found: Order, may: bool) -> list[dict[str, object]]:
    """What of a confirmed order can go to the bank, by channel, for who may send it."""
    if found.state != "accepted" or not may:
        return []
    due = payments.due_counts(found.pk)
    return [
        {"channel": channel.value, "label": channel.label, "count": due[channel.value]}
        for channel in Channel
        if due[channel.value]
    ]


def _first_transfer(reader: Reader, found: Order) -> str:
    one = queries.transfers(_scope(reader), Sifted(order=found.pk)).last()
    return reverse("site:money-transfer", args=[one.pk]) if one else ""


def _lines(reader: Reader, found: Order) -> list[dict[str, object]]:
    """The first transfers of the order as they wait or waited; households are not named."""
    rows = orders.waiting(found).slice(0, SHOWN).to_pylist()
    codes = {row[f"{side}_code"] for row in rows for side in ("from", "to")}
    names = areas.named(sorted(code for code in codes if code))

    def side(row: dict[str, object], name: str) -> str:
        code, kind = str(row[f"{name}_code"]), str(row[f"{name}_kind"])
        who = str(row[f"{name}_owner"]) or (_("a household") if row[f"{name}_household"] else "")
        return f"{names.get(code, code)} {who or reader.label('fund_account', kind)}".strip()

    return [
        {
            "payer": side(row, "from"),
            "receiver": side(row, "to"),
            "origin": " · ".join(
                (
                    row["giver"] or reader.label("fund_source", row["source"]),
                    reader.label("fund_type", row["type"]),
                    str(row["year"]),
                )
            ),
            "fen": row["amount_fen"],
            "purpose": reader.label("fund_purpose", row["purpose"]),
            "on": row["on"],
            "document": row["document"],
        }
        for row in rows
    ]


def _may_read(reader: Reader, found: Order) -> bool:
    """Whether the reader may have the file itself back: its owner, and who confirms."""
    return found.staged_by == reader.actor.name or all(
        reader.actor.may(P.MONEY_CONFIRM, area) for area in found.areas.split(",")
    )


@page
def report(reader: Reader, pk: int) -> HttpResponseBase:
    """The owner's workbook with what is wrong written beside it."""
    found = _found(reader, pk)
    if not _may_read(reader, found):
        reader.actor.demand(P.MONEY_CONFIRM, found.areas.split(",")[0])
    if found.kind not in (OrderKind.BUDGETS, OrderKind.TRANSFERS):
        raise Http404
    content = orders.folder_of(found).source(Vault(settings.JIEFA_VAULT_KEY))
    if content is None:
        raise Http404
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / f"source{Path(found.title).suffix.lower()}"
        source.write_bytes(content)
        target = Path(scratch) / "report.xlsx"
        if not lists.write_report(found, reader.pack, source, target):
            raise Http404  # there is nothing to say of any row
        stream = target.open("rb")
    name = f"{Path(found.title).stem}-{timezone.localdate():%Y%m%d}-report.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)


@page
def load(reader: Reader, kind: str) -> HttpResponseBase:
    """A list sent in: read and judged at once, then it waits for a second officer."""
    if kind in kinds.LISTS:
        return _received(reader, kind)
    if kind not in (OrderKind.BUDGETS, OrderKind.TRANSFERS):
        raise Http404
    reader.actor.demand(P.MONEY_PROPOSE)
    posted = reader.request.method == "POST"
    form = MoneyFile(reader.request.POST, reader.request.FILES) if posted else MoneyFile()
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > MEGABYTES << 20:
            said = _("The file is larger than {megabytes} MB. Split it.")
            refusal = said.format(megabytes=MEGABYTES)
        else:
            try:
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / f"list{Path(file.name).suffix.lower()}"
                    path.write_bytes(file.read())
                    name = Path(file.name).name
                    order = lists.stage(file=path, name=name, kind=OrderKind(kind), by=reader.actor, pack=reader.pack)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                return redirect("site:money-order", order.pk)
    chosen = reader.pack.form(kind)
    context = {
        "parts": shown.parts(reader, "budgets" if kind == OrderKind.BUDGETS else "lists"),
        "form": form,
        "kind": reader.words(chosen.zh, chosen.en),
        "refusal": refusal,
        "megabytes": MEGABYTES,
        "template_url": reverse("site:template-money", args=[kind]),
    }
    return render(reader.request, "site/money_load.html", context, status=status)


def _received(reader: Reader, kind: str) -> HttpResponseBase:
    """A list that is no order: it goes the way of every list."""
    of = kinds.kind(kind, reader.pack)
    reader.actor.demand(of.uploads(reader.actor))
    form, refusal, staged = sent_in(reader, kind)
    if staged is not None:
        return redirect("site:help-list", staged.pk)
    context = {
        "parts": shown.parts(reader, "received"),
        "form": form,
        "kind": reader.words(of.zh, of.en),
        "refusal": refusal,
        "megabytes": MEGABYTES,
        "template_url": reverse("site:template-money", args=[kind]),
        "received": True,
    }
    status = 422 if reader.request.method == "POST" else 200
    return render(reader.request, "site/money_load.html", context, status=status)


@page
def template(reader: Reader, kind: str) -> HttpResponseBase:
    """The empty workbook of a list of money. It holds no data of anybody."""
    if kind not in FORMS:
        raise Http404
    form = reader.pack.form(kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        sheets.write_template(
            path, specs_of(reader.pack, form, reader.year), title=form.zh, notes=(f"依据：{form.reference}",)
        )
        content = path.read_bytes()
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response
