"""A returned dossier put right by whoever begins it: a change by its own form, others drawn up again from what stands on file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.casework import actions as casework
from jiefa.casework import queries as casework_queries
from jiefa.changes import queries as changes
from jiefa.changes.rules import proposal
from jiefa.kernel.errors import JiefaError
from jiefa.procedures import queries, rules, subjects
from jiefa.procedures.models import Dossier
from jiefa.site.presenters import dossiers as lists
from jiefa.site.presenters import proposals
from jiefa.site.reader import Reader
from jiefa.site.views.changes import filled_in
from jiefa.site.views.household import found_or_404, looked
from jiefa.site.views.parts import page


@page
def amend(reader: Reader, pk: int) -> HttpResponseBase:
    found = queries.dossier(pk, reader.scope(Permission.DOSSIER_VIEW))
    if found is None:
        raise Http404
    reader.place_code = found.place_code
    if reader.request.method == "POST" and queries.carried_out(found, reader.request.POST.get("key", "")[:64]):
        messages.info(reader.request, _("This was done already; nothing was done twice."))
        return redirect("site:dossier", found.pk)
    way = casework_queries.put_right(found, reader.actor, reader.pack)
    if not way:
        raise Http404
    key = subjects.household_key(found.subject)
    if way == "form":
        assert key is not None, found.subject
        household = found_or_404(reader, key, Permission.DOSSIER_VIEW)
        return filled_in(reader, changes.standing(household), proposal.read(found.proposal).kind, found)
    if key is not None:
        looked(reader, found_or_404(reader, key, Permission.DOSSIER_VIEW), "dossier")
    return _redrawn(reader, found)


def _redrawn(reader: Reader, found: Dossier) -> HttpResponseBase:
    """What the dossier says beside what it would say today; with POST it says the latter."""
    typed = reader.request.POST
    try:
        if reader.request.method == "POST":
            version = typed.get("version", "")
            casework.redraw(
                dossier=found, version=int(version) if version.isdecimal() else 0, by=reader.actor, pack=reader.pack
            )
            messages.success(reader.request, _("The proposal is drawn up anew; it goes on when it is submitted."))
            return redirect("site:dossier", found.pk)
        opening = casework_queries.redrawn(found, reader.pack)
    except JiefaError as reason:
        context = _context(reader, found) | {"refusal": reason.message(reader.lang)}
        status = 200 if reader.request.method == "GET" else lists.status_of(reason)
        return render(reader.request, "site/dossier_amend.html", context, status=status)
    again = proposals.changes(reader, {**opening.proposal})
    return render(
        reader.request,
        "site/dossier_amend.html",
        _context(reader, found)
        | {
            "again": again,
            "again_year": opening.year,
            "differs": rules.proposal_digest(opening.proposal) != rules.proposal_digest(found.proposal),
        },
    )


def _context(reader: Reader, found: Dossier) -> dict[str, Any]:
    procedure = queries.procedure_of(found, reader.pack)
    return {
        "dossier": {"pk": found.pk, "title": found.title, "version": found.version, "year": found.year},
        "procedure": reader.words(procedure.zh, procedure.en),
        "changes": proposals.changes(reader, found.proposal),
        "compares": True,
        "refusal": "",
        "return_reason": queries.return_reason(found),
        "again": None,
        "differs": False,
    }
