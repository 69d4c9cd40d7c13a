"""What the rules found: by rule, by place, one by one; a waiver asked by one person and decided by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.insight.actions import findings as actions
from jiefa.insight.models import Finding, FindingState
from jiefa.insight.queries import findings
from jiefa.registry.actions import exports as export_actions
from jiefa.registry.queries import households
from jiefa.site.forms import FindingSearch, WaiverReason
from jiefa.site.presenters import quality as shown
from jiefa.site.presenters import workbooks
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
DIGITS_BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}


@page
def quality(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.FINDING_VIEW)
    place = reader.place
    assert place is not None
    narrowed = within.narrowed(place.code)
    digits = DIGITS_BELOW[len(place.code)]
    sums = findings.sums(narrowed, reader.year, digits)
    sizes = households.counts_by_place(narrowed, reader.year, digits)
    context = shown.overview(reader, sums, areas.named(sorted({*sums.by_place, *sizes})), sizes)
    return render(reader.request, "site/quality.html", context)


def _search(reader: Reader) -> tuple[FindingSearch, findings.Filters, Scope]:
    form = FindingSearch(reader.request.GET, reader=reader)
    form.is_valid()
    within = reader.scope(P.FINDING_VIEW).narrowed(form.cleaned_data.get("place") or None)
    return form, form.filters(reader.year, timezone.localdate()), within


@page
def findings_list(reader: Reader) -> HttpResponseBase:
    form, filters, within = _search(reader)
    rows = findings.find(filters, within)
    found, more = findings.page(rows, key(reader.request, "after"), ROWS)
    total = findings.count(filters, within)
    context: dict[str, Any] = {
        "form": form,
        "rows": _rows(reader, found),
        "total": total,
        "total_more": total >= findings.COUNT_LIMIT,
        "chips": shown.chips(reader, form.cleaned_data, reader.place),
        "export_url": "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    if reader.actor.may(P.HOUSEHOLD_EXPORT):
        context["export_url"] = f"{reverse('site:findings-export')}?{reader.request.GET.urlencode()}"
    return render(reader.request, "site/findings.html", context)


def _rows(reader: Reader, found: list[Finding]) -> list[dict[str, Any]]:
    names = areas.named(sorted({row.village_code for row in found} | {row.owner_code for row in found}))
    keys = [row.household_id for row in found if row.household_id]
    heads = {h.pk: h for h in households.several(keys, reader.scope(P.FINDING_VIEW))}
    people = households.names_of([row.person_id for row in found if row.person_id], reader.scope(P.FINDING_VIEW))
    return [shown.row(reader, finding, names, heads, people) for finding in found]


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel, as far as the reader's posts may take lists out."""
    may_leave = reader.actor.demand(P.HOUSEHOLD_EXPORT)
    form, filters, _seen = _search(reader)
    within = may_leave.narrowed(form.cleaned_data.get("place") or None)
    export_actions.record(by=reader.actor.name, what="findings", areas=within.areas)
    chunks = (
        (
            found,
            {
                h.pk: (h.number, h.head_name)
                for h in households.several([f.household_id for f in found if f.household_id], within)
            },
            areas.named(sorted({f.village_code for f in found})),
        )
        for found in findings.chunks(findings.find(filters, within))
    )
    return workbooks.findings(reader, chunks)


@page
def waive(reader: Reader, pk: int) -> HttpResponseBase:
    found = findings.finding(pk, reader.scope(P.FINDING_VIEW))
    if found is None:
        raise Http404
    form = WaiverReason(reader.request.POST if found.state == FindingState.OPEN and reader.request.POST else None)
    if reader.request.method == "POST" and _waived(reader, found, form):
        return redirect(f"{reverse('site:findings')}?year={found.year}&state={found.state}")
    finding = _rows(reader, [found])[0]
    people = access.full_names([found.asked_by, found.decided_by])
    context = shown.waiver(reader, found, finding, people) | {"form": form}
    return render(reader.request, "site/finding_waive.html", context)


def _waived(reader: Reader, found: Finding, form: WaiverReason) -> bool:
    """Whether the posted step was taken; False when the reason has to be mended. Raises ``NotAllowed``, ``SamePerson``, ``NotOpen``."""
    place = found.village_code
    if found.state == FindingState.ASKED:
        reader.actor.demand(P.FINDING_WAIVE, place)
        decision = reader.request.POST.get("decision")
        if decision not in ("waive", "keep"):
            # A reason, typed while somebody else was asking, says nothing about that person's request.
            raise actions.NotOpen(state=found.get_state_display())
        grant = decision == "waive"
        actions.decide_waiver(finding=found, by=reader.actor.name, grant=grant)
        said = _("The finding is waived.") if grant else _("The finding stays open.")
    else:
        if not reader.actor.may(P.FINDING_WAIVE, place):
            reader.actor.demand(P.HOUSEHOLD_EDIT, place)
        if not form.is_valid():
            return False
        actions.ask_waiver(finding=found, by=reader.actor.name, reason=form.cleaned_data["reason"])
        said = _("Asked. A second person decides.")
    messages.success(reader.request, said)
    found.refresh_from_db()
    return True
