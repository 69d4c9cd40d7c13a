"""What the rules found: by rule, by place, one by one; a waiver asked by one person and decided by another."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.insight.actions import findings as actions
from jiefa.insight.models import Finding, FindingState
from jiefa.insight.queries import findings
from jiefa.registry.queries import households
from jiefa.site.forms import FindingSearch, WaiverReason
from jiefa.site.presenters import quality as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page, with_query

P = Permission
ROWS = 50
DIGITS_BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}


@page
def quality(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.FINDING_VIEW)
    place = reader.place
    assert place is not None
    narrowed = within.narrowed(place.code) or within
    by_rule = findings.by_rule(narrowed, reader.year)
    by_place = findings.counts_by_place(narrowed, reader.year, DIGITS_BELOW[len(place.code)])
    names = areas.named(sorted(by_place))
    sizes = households.counts_by_place(narrowed, reader.year, DIGITS_BELOW[len(place.code)])
    touched = findings.households_touched(narrowed, reader.year)
    context = shown.overview(reader, by_rule, by_place, names, sizes, touched)
    return render(reader.request, "site/quality.html", context)


def _search(reader: Reader) -> tuple[FindingSearch, findings.Filters, dict[str, Any]]:
    form = FindingSearch(reader.request.GET, reader=reader)
    form.is_valid()
    typed = form.cleaned_data
    filters = findings.Filters(
        year=reader.year,
        rule=typed.get("rule") or "",
        level=typed.get("level") or "",
        state=typed.get("state") or "",
        overdue_on=timezone.localdate() if typed.get("overdue") else None,
    )
    return form, filters, typed


@page
def findings_list(reader: Reader) -> HttpResponseBase:
    form, filters, typed = _search(reader)
    within = reader.scope(P.FINDING_VIEW).narrowed(typed.get("place") or None)
    rows = findings.find(filters, within)
    after = key(reader.request, "after")
    found = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    total = rows.order_by()[: findings.COUNT_LIMIT].count()
    chips = [
        {"label": str(value), "remove_url": with_query(reader.request, **{name: None, "after": None})}
        for name, value in typed.items()
        if value and name not in ("year",)
    ]
    context: dict[str, Any] = {
        "form": form,
        "rows": _rows(reader, found),
        "total": total,
        "chips": chips,
        "export_url": f"{reverse('site:findings-export')}?{reader.request.GET.urlencode()}",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/findings.html", context)


def _rows(reader: Reader, found: list[Finding]) -> list[dict[str, Any]]:
    names = areas.named(sorted({row.village_code for row in found} | {row.owner_code for row in found}))
    heads = {h.pk: h for h in households.several([row.household_id for row in found if row.household_id], reader.scope(P.FINDING_VIEW))}
    return [shown.row(reader, finding, names, heads) for finding in found]


@page
def export(reader: Reader) -> HttpResponseBase:
    """The whole list as Excel."""
    _form, filters, typed = _search(reader)
    within = reader.scope(P.FINDING_VIEW).narrowed(typed.get("place") or None)
    return shown.workbook(reader, findings.find(filters, within))


@page
def waive(reader: Reader, pk: int) -> HttpResponseBase:
    found = findings.finding(pk, reader.scope(P.FINDING_VIEW))
    if found is None:
        raise Http404
    may_ask = reader.actor.may(P.HOUSEHOLD_EDIT, found.village_code) or reader.actor.may(P.FINDING_WAIVE, found.village_code)
    may_decide = reader.actor.may(P.FINDING_WAIVE, found.village_code) and found.asked_by != reader.actor.name
    step = "decide" if found.state == FindingState.ASKED else "ask"
    form = WaiverReason(reader.request.POST or None)
    if reader.request.method == "POST":
        if step == "ask" and form.is_valid():
            if not may_ask:
                reader.actor.demand(P.HOUSEHOLD_EDIT, found.village_code)
            actions.ask_waiver(finding=found, by=reader.actor.name, reason=form.cleaned_data["reason"])
            return redirect("site:findings")
        if step == "decide":
            if not reader.actor.may(P.FINDING_WAIVE, found.village_code):
                reader.actor.demand(P.FINDING_WAIVE, found.village_code)
            grant = reader.request.POST.get("decision") in ("grant", "accept")
            actions.decide_waiver(finding=found, by=reader.actor.name, grant=grant)
            return redirect("site:findings")
    why_not = ""
    if step == "decide" and not may_decide:
        why_not = _("Who asked for a waiver cannot grant it; another officer decides.")
    if step == "ask" and not may_ask:
        why_not = _("Your post cannot ask for a waiver here.")
    finding = _rows(reader, [found])[0] | {"asked_by": found.asked_by, "asked_at": None, "reason": found.reason}
    context = {"finding": finding, "form": form, "step": step, "why_not": why_not}
    return render(reader.request, "site/finding_waive.html", context)
