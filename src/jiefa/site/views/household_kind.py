"""The kind of a household: what the rule says, and an officer's correction of it with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.actions import kinds as actions
from jiefa.registry.queries import households, kinds
from jiefa.site.identification_forms import KindOfHousehold
from jiefa.site.reader import Reader
from jiefa.site.views import identified
from jiefa.site.views.household import found_or_404, looked, year_of
from jiefa.site.views.parts import page


@page
def kind(reader: Reader, pk: int) -> HttpResponseBase:
    found = found_or_404(reader, pk, Permission.HOUSEHOLD_EDIT)
    cards = households.cards(found.pk)
    if not cards:
        raise Http404
    year = year_of(reader, cards)
    card = next(card for card in cards if card.year == year)
    derived = kinds.derived(card, reader.pack.for_year(year))
    typed = reader.request.POST if reader.request.method == "POST" else None
    form = KindOfHousehold(typed, reader=reader, derived=derived)
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            actions.choose(
                household_id=found.pk,
                year=year,
                kind=form.cleaned_data["kind"],
                reason=form.cleaned_data["reason"],
                by=reader.actor,
                pack=reader.pack,
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), 422
        else:
            messages.success(reader.request, _("Saved."))
            return redirect(f"{reverse('site:household', args=[pk])}?year={year}")
    elif form.is_bound:
        status = 422
    else:
        looked(reader, found, "kind")
    context = {
        "household": {"pk": found.pk, "head": found.head_name, "number": found.number},
        "year": year,
        "kind": identified.kind(reader, found, card, derived),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/household_kind.html", context, status=status)
