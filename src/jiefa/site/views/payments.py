"""Payment files: those of the area, one with what the bank said of each payment, made of a confirmed order, downloaded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.funds.actions import paying
from jiefa.funds.models import Channel, Payment, PaymentFile
from jiefa.funds.queries import orders
from jiefa.funds.queries import payments as queries
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site.presenters import log
from jiefa.site.presenters import money as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
TONES = {"sent": "open", "paid": "good", "returned": "refused"}


def _scope(reader: Reader) -> Scope:
    return reader.scope(P.MONEY_VIEW)


def _shown(
    one: PaymentFile, said: queries.Answered, names: dict[str, str], people: dict[str, str]
) -> dict[str, object]:
    return {
        "pk": one.pk,
        "url": reverse("site:money-payment-file", args=[one.pk]),
        "channel": one.get_channel_display(),
        "place": "、".join(names.get(area, area) for area in one.areas.split(",")[:3]),
        "rows": one.rows,
        "fen": one.amount_fen,
        "digest": one.digest,
        "answered": said,
        "by": log.who(one.by, people),
        "at": one.at,
    }


@page
def files(reader: Reader) -> HttpResponseBase:
    """The payment files of the reader's area, the newest first, with what the bank said so far."""
    within = _scope(reader)
    rows, after = queries.files(within), key(reader.request, "after")
    found: list[PaymentFile] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    seen = [one for one in found if queries.visible(one, within)]
    said = queries.answered([one.pk for one in seen])
    names = areas.named(sorted({area for one in seen for area in one.areas.split(",")}))
    people = access.full_names(one.by for one in seen)
    results = reader.actor.may(P.MONEY_CONFIRM)
    context = {
        "parts": shown.parts(reader, "payments"),
        "rows": [_shown(one, said.get(one.pk, queries.Answered()), names, people) for one in seen],
        "results_url": reverse("site:money-load", args=["payment_results"]) if results else "",
        "accounts_url": reverse("site:money-load", args=["unit_accounts"]) if reader.actor.may(P.MONEY_PROPOSE) else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_payments.html", context)


def _found(reader: Reader, pk: int) -> PaymentFile:
    found = queries.file(pk, _scope(reader))
    if found is None:
        raise Http404
    return found


@page
def file(reader: Reader, pk: int) -> HttpResponseBase:
    """One file with its payments; accounts are not shown, households are masked."""
    found = _found(reader, pk)
    rows, after = queries.payments(pk), key(reader.request, "after")
    part: list[Payment] = list((rows.filter(pk__gt=after) if after is not None else rows)[: ROWS + 1])
    more, part = len(part) > ROWS, part[:ROWS]
    names = shown.names([one.transfer.to_account for one in part], found.areas.split(","))
    context = {
        "parts": shown.parts(reader, "payments"),
        "file": _shown(found, queries.answered([pk]).get(pk, queries.Answered()), names, access.full_names([found.by])),
        "order_url": reverse("site:money-order", args=[found.order_id]),
        "rows": [_payment(reader, one, names) for one in part],
        "may_write": all(reader.actor.may(P.MONEY_CONFIRM, area) for area in found.areas.split(",")),
        "write_url": reverse("site:money-payment-file-written", args=[pk]),
        **neighbours(reader.request, part[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_payment_file.html", context)


def _payment(reader: Reader, one: Payment, names: dict[str, str]) -> dict[str, Any]:
    back = getattr(one.transfer, "reversed_by", None)
    return {
        "number": one.transfer_id,
        "url": reverse("site:money-transfer", args=[one.transfer_id]),
        "receiver": shown.title(one.transfer.to_account, names),
        "origin": shown.origin(reader, one.transfer.origin),
        "fen": one.amount_fen,
        "result": one.get_result_display(),
        "tone": TONES[one.result],
        "on": one.answered_on,
        "reason": one.reason,
        "reversed_url": reverse("site:money-transfer", args=[back.pk]) if back else "",
        "waits": one.result == "returned" and back is None,
    }


@require_POST
@page
def make(reader: Reader, pk: int) -> HttpResponseBase:
    """A payment file made of a confirmed order."""
    order, channel = orders.order(pk, _scope(reader)), reader.request.POST.get("channel", "")
    if order is None:
        raise Http404
    if channel not in Channel.values:
        messages.error(reader.request, _("Say how the money is paid: by one-card or by bank. Nothing was made."))
        return redirect("site:money-order", pk)
    try:
        made = paying.make(order_id=pk, channel=Channel(channel), by=reader.actor, pack=reader.pack)
    except NotAllowed:
        raise
    except JiefaError as reason:
        messages.error(reader.request, reason.message(reader.lang))
        return redirect("site:money-order", pk)
    if made.without_account:
        said = ngettext(
            "{count} payee has no account on file and is not in the file.",
            "{count} payees have no account on file and are not in the file.",
            made.without_account,
        )
        messages.warning(reader.request, said.format(count=made.without_account))
    messages.success(reader.request, _("The payment file is made. Download it and hand it to the bank."))
    return redirect("site:money-payment-file", made.file.pk)


@require_POST
@page
def written(reader: Reader, pk: int) -> HttpResponseBase:
    """The file for the bank, with full account numbers; that it left is told."""
    found = _found(reader, pk)
    form = "csv" if reader.request.POST.get("form") == "csv" else "xlsx"
    content = paying.written(file_id=pk, form=form, by=reader.actor)
    name = f"payments-{found.pk}-{found.digest[:8]}.{form}"
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return FileResponse(content, as_attachment=True, filename=name)
