"""The log of changes, inside one's area."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import queries
from jiefa.site.forms import AuditSearch
from jiefa.site.presenters import audit as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


@page
def audit(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.AUDIT_VIEW)
    may_verify = shown.sees_all(within)
    chain_state = None
    if reader.request.method == "POST":
        # A verification walks every chain there is; who sees a part of them may not learn of the others.
        reader.actor.demand(P.AUDIT_VIEW, shown.WHOLE)
        chain_state = shown.verified(queries.verify(), timezone.now())
    form = AuditSearch(reader.request.GET)
    form.is_valid()
    rows = queries.filtered(queries.entries(within.areas), **form.wanted())
    after = key(reader.request, "after")
    found = list((rows.filter(pk__lt=after) if after else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({entry.chain for entry in found}))
    people = access.full_names(entry.by for entry in found)
    context = {
        "form": form,
        "rows": [shown.row(reader, entry, names, people) for entry in found],
        "chain_state": chain_state,
        "may_verify": may_verify,
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/audit.html", context)
