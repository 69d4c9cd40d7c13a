"""Who is paired with a place, what was promised and what came, which places nobody is paired with; the book of one pairing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.responsibility.actions import pairings as actions
from jiefa.responsibility.actions.pairings import NewArrival, NewCommitment, NewPairing
from jiefa.responsibility.models import Arrival, Commitment, Pairing
from jiefa.responsibility.queries import pairings
from jiefa.responsibility.queries.pairings import Money
from jiefa.site.address import with_query
from jiefa.site.pairing_forms import Came, Ends, Line, Pair, Promise, on_file
from jiefa.site.presenters import answering as parts
from jiefa.site.presenters import pairings as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
ROWS = 50
BOOKS = ("commitments", "arrivals")


@page
def all_pairings(reader: Reader) -> HttpResponseBase:
    """A place: its pairings by kind with their money, the gaps, and the pairings of the kind that is chosen."""
    place = reader.place
    within = reader.scope(P.STATISTICS_VIEW).narrowed(place.code if place else None)
    on, policy = reader.as_of, reader.pack.at(reader.as_of)
    known = {code.id for code in reader.pack.codes("pairing_kind").values}
    kind = reader.request.GET.get("kind", "")
    kind = kind if kind in known else ""
    area, _dash, key = reader.request.GET.get("after", "").partition("-")
    after = (area, int(key)) if area.isdecimal() and key.isdecimal() and len(key) < 19 else None
    found = pairings.page(pairings.over(within, on), kind, after, ROWS + 1)
    more, found = len(found) > ROWS, found[:ROWS]
    money = pairings.money([one.pk for one in found], on)
    duties = pairings.duties(within, on)
    named = {one.area_code for one in found} | {one.area_code[:6] for one in found}
    names = areas.named(sorted(named | {code for duty in duties for code in duty.missing[: shown.NAMED]}))
    counties, townships = (int(policy.number(f"responsibility.leader_{what}")) for what in ("counties", "townships"))
    context = {
        "parts": parts.parts(reader, "pairings"),
        "here": place.name if place else "",
        "on": on,
        "kinds": shown.kinds(reader, pairings.by_kind(within, on, reader.pack), kind),
        "duties": shown.duties(reader, duties, names),
        "leaders": shown.leaders(pairings.leaders(within, on), counties, townships),
        "together": shown.together(pairings.concentrated(within, on)),
        "rows": [shown.row(reader, one, names, money.get(one.pk, Money())) for one in found],
        "kind": reader.label("pairing_kind", kind),
        "every_url": with_query(reader.request, kind=None, after=None),
        "next_url": with_query(reader.request, after=f"{found[-1].area_code}-{found[-1].pk}") if more else "",
        "may_record": reader.actor.may(P.PAIRING_RECORD),
    }
    return render(reader.request, "site/pairings.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A unit, or a leader, paired with places."""
    reader.actor.demand(P.PAIRING_RECORD)
    place = reader.place.code if reader.place else ""
    initial = {"on": reader.as_of, "places": place, "seat": place[:2]}
    form = Pair(reader.request.POST or None, reader=reader, initial=initial)
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        leader = typed["cadre"]
        wanted = [
            NewPairing(
                organisation=typed["organisation"],
                organisation_kind=typed["organisation_kind"],
                seat=typed["seat"],
                kind=typed["kind"],
                area_code=area,
                on=typed["on"],
                leader_id=leader.pk if leader else None,
            )
            for area in typed["places"]
        ]
        try:
            made = actions.pair_many(pairings=wanted, by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            said = ngettext("{count} pairing is new.", "{count} pairings are new.", made).format(count=made)
            messages.success(reader.request, said)
            return redirect(reader.at(reverse("site:pairings"), kind=typed["kind"]))
    elif form.is_bound:
        status = 422
    return render(reader.request, "site/pairing_new.html", {"form": form, "refusal": refusal}, status=status)


def _found(reader: Reader, pk: int, permission: Permission) -> Pairing:
    found = pairings.pairing(pk, reader.scope(permission))
    if found is None:
        raise Http404
    return found


@page
def pairing(reader: Reader, pk: int) -> HttpResponseBase:
    """The book of one pairing; who keeps it ends the pairing here."""
    found = _found(reader, pk, P.STATISTICS_VIEW)
    may = reader.actor.may(P.PAIRING_RECORD, found.area_code)
    on = reader.as_of
    form = Ends(reader.request.POST or None, initial={"on": on})
    refusal, status = "", 200
    if form.is_bound:
        reader.actor.demand(P.PAIRING_RECORD, found.area_code)
        status = 422
        if form.is_valid():
            try:
                actions.end(pairing_id=pk, on=form.cleaned_data["on"], by=reader.actor)
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal = reason.message(reader.lang)
            else:
                messages.success(reader.request, _("The pairing has ended; its book stays."))
                return redirect("site:pairing", pk)
    promised, arrived = pairings.commitments(pk), pairings.arrivals(pk)
    names = areas.named(sorted({found.area_code, found.area_code[:6]} | {one.area_code for one in arrived}))
    context: dict[str, Any] = {
        "parts": parts.parts(reader, "pairings"),
        "pairing": shown.row(reader, found, names, pairings.money([pk], on).get(pk, Money())),
        "on": on,
        "commitments": shown.lines(reader, "commitments", promised, names, may),
        "arrivals": shown.lines(reader, "arrivals", arrived, names, may),
        "form": form if may and found.to_date is None else None,
        "may_record": may,
        "refusal": refusal,
    }
    return render(reader.request, "site/pairing.html", context, status=status)


@page
def line(reader: Reader, pk: int, book: str) -> HttpResponseBase:
    """A promise, or what came, written down; with ``corrects`` in the address instead of an earlier line."""
    if book not in BOOKS:
        raise Http404
    found = _found(reader, pk, P.PAIRING_RECORD)
    reader.actor.demand(P.PAIRING_RECORD, found.area_code)
    wrong = _to_correct(reader, pk, book)
    shape: type[Line] = Promise if book == "commitments" else Came
    initial = on_file(wrong) if wrong else {"on": reader.as_of, "form": "money", "source": "own"}
    form = shape(reader.request.POST or None, reader=reader, corrects=wrong is not None, initial=initial)
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            _written(reader, pk, form, wrong.pk if wrong else None)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            messages.success(reader.request, _("Written down."))
            return redirect("site:pairing", pk)
    elif form.is_bound:
        status = 422
    names = areas.named([found.area_code, found.area_code[:6]])
    context = {
        "pairing": shown.row(reader, found, names, Money()),
        "book": book,
        "wrong": shown.lines(reader, book, [wrong], names, may=False) if wrong else [],
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/pairing_line.html", context, status=status)


def _to_correct(reader: Reader, pk: int, book: str) -> Commitment | Arrival | None:
    asked = reader.request.GET.get("corrects", "")
    if not asked:
        return None
    rows: list[Commitment] | list[Arrival] = (
        pairings.commitments(pk) if book == "commitments" else pairings.arrivals(pk)
    )
    for one in rows:
        if str(one.pk) == asked:
            return one
    raise Http404


def _written(reader: Reader, pk: int, form: Line, corrects: int | None) -> None:
    typed = form.cleaned_data
    reason = typed.get("reason", "")
    if isinstance(form, Promise):
        promise = NewCommitment(
            pk, typed["on"], typed["form"], typed["what"], form.amount_fen, typed["due"], corrects, reason
        )
        actions.promise_many(commitments=[promise], by=reader.actor)
        return
    arrival = NewArrival(
        pairing_id=pk,
        on=typed["on"],
        form=typed["form"],
        what=typed["what"],
        amount_fen=form.amount_fen,
        source=typed["source"],
        area_code=typed["area_code"],
        voucher=typed["voucher"],
        corrects=corrects,
        reason=reason,
    )
    actions.arrive_many(arrivals=[arrival], by=reader.actor)
