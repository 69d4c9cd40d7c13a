"""Money shared out by factors: all allocations, one proposed, one with its arithmetic, the letter that a county gets."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.funds.actions import allocating
from jiefa.funds.actions.allocating import Wish
from jiefa.funds.models import Allocation, AllocationShare
from jiefa.funds.queries import accounts, factors
from jiefa.kernel import money
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site.money_forms import AllocationWish
from jiefa.site.presenters import money as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def allocations(reader: Reader) -> HttpResponseBase:
    """What was shared out from pots of the reader's area, and the letters that its counties got."""
    within = reader.scope(P.MONEY_VIEW).narrowed(reader.place.code if reader.place else None)
    rows, after = factors.allocations(within), key(reader.request, "after")
    found: list[Allocation] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    letters: list[AllocationShare] = list(factors.letters(within)[:ROWS]) if not found else []
    names = areas.named(sorted({one.account.area_code for one in found} | {one.area_code for one in letters}))
    place = reader.place.code if reader.place else ""
    may = len(place) < LENGTH_OF_LEVEL[Level.COUNTY] and reader.actor.may(P.MONEY_PROPOSE, place or None)
    context = {
        "parts": shown.parts(reader, "allocations"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.allocation(reader, one, names) for one in found],
        "letters": [_share(reader, one, names) for one in letters],
        "new_url": reader.at(reverse("site:money-allocation-new"), place=place) if may else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/money_allocations.html", context)


def _share(reader: Reader, one: AllocationShare, names: dict[str, str]) -> dict[str, object]:
    return {
        "url": reverse("site:money-letter", args=[one.pk]),
        "name": names.get(one.area_code, one.area_code),
        "fen": one.amount_fen,
        "task": one.task_people,
        "document": one.allocation.document,
        "purpose": reader.label("fund_purpose", one.allocation.purpose),
    }


@page
def new(reader: Reader) -> HttpResponseBase:
    """An allocation proposed from a pot of the province or prefecture: the arithmetic is shown before anything is kept."""
    code = reader.place.code if reader.place else ""
    within = reader.actor.demand(P.MONEY_PROPOSE, code or None)
    # A county is the last to which money is shared out by factors.
    above = bool(code) and len(code) < LENGTH_OF_LEVEL[Level.COUNTY]
    own = [one for one in accounts.of_place(code, within) if one.kind == "holder"] if above else []
    pots = shown.pots(reader, own, shown.names(own))
    posted, snapshot = reader.request.method == "POST", reader.snapshot
    form = AllocationWish(
        reader.request.POST if posted else None, reader=reader, pots=pots, initial={"on": timezone.localdate()}
    )
    refusal, status, tried = "", 422 if posted else 200, None
    if posted and snapshot is not None and form.is_valid():
        wish = _wish(form)
        try:
            if "propose" in reader.request.POST:
                made = allocating.propose(wish=wish, snapshot=snapshot, by=reader.actor, pack=reader.pack)
                messages.success(reader.request, _("Proposed; a finance officer confirms it."))
                return redirect("site:money-allocation", made.pk)
            done = allocating.reckon(wish=wish, snapshot=snapshot, by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            names = areas.named([one.area for one in done.shares])
            tried, status = shown.workings(reader, done.as_json(), names, {}), 200
    context = {
        "parts": shown.parts(reader, "allocations"),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "has_pots": bool(pots),
        "snapshot": snapshot.id if snapshot else "",
        "workings": tried,
        "template_url": reverse("site:template-money", args=["factors"]),
        "refusal": refusal,
    }
    return render(reader.request, "site/money_allocation_new.html", context, status=status)


def _wish(form: AllocationWish) -> Wish:
    typed = form.cleaned_data
    return Wish(
        account=int(typed["account"]),
        fen=money.fen_from_yuan(typed["amount"]),
        purpose=typed["purpose"],
        document=typed["document"].strip(),
        goal=typed["goal"],
        rights=typed["rights"],
        task_people=typed["task_people"],
        on=typed["on"],
    )


@page
def allocation(reader: Reader, pk: int) -> HttpResponseBase:
    """One allocation with its arithmetic, county by county."""
    found = factors.allocation(pk, reader.scope(P.MONEY_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.account.area_code
    shares = {one.area_code: one for one in factors.shares(pk)}
    codes = {one["area"] for one in found.workings["shares"]} | {found.account.area_code}
    names = areas.named(sorted(codes))
    context = {
        "parts": shown.parts(reader, "allocations"),
        "allocation": shown.allocation(reader, found, names),
        "workings": shown.workings(reader, found.workings, names, shares),
    }
    return render(reader.request, "site/money_allocation.html", context)


@page
def letter(reader: Reader, pk: int) -> HttpResponseBase:
    """The county's letter with the four that go to it (四到县): goal, task, money, rights; to be printed."""
    found = factors.letter(pk, reader.scope(P.MONEY_VIEW))
    if found is None:
        raise Http404
    of = found.allocation
    reader.place_code = found.area_code if reader.actor.may(P.MONEY_VIEW, found.area_code) else of.account.area_code
    names = areas.named([found.area_code, of.account.area_code])
    context = {
        "share": {
            "county": names.get(found.area_code, found.area_code),
            "fen": found.amount_fen,
            "task": found.task_people,
        },
        "allocation": shown.allocation(reader, of, names),
        "back_url": reverse("site:money-allocation", args=[of.pk])
        if reader.actor.may(P.MONEY_VIEW, of.account.area_code)
        else reverse("site:money-allocations"),
    }
    return render(reader.request, "site/money_letter.html", context)
