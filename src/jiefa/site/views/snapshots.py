"""Snapshots: what there are, what one holds, whether its files are whole, making one of this moment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import snapshots as shelf
from jiefa.access.rules import Permission
from jiefa.casework import actions as casework
from jiefa.insight.queries import freeze
from jiefa.site.presenters import snapshots as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission


@page
def snapshots(reader: Reader) -> HttpResponseBase:
    reader.actor.demand(P.STATISTICS_VIEW)
    if reader.request.method == "POST":
        return _made(reader)
    found = shelf.listing(reader.home)
    context = {
        "rows": [shown.row(reader, snapshot, shelf.glance(snapshot)) for snapshot in found],
        "may_build": reader.actor.may(P.SNAPSHOT_MAKE),
        "build_years": reader.years[::-1],
    }
    return render(reader.request, "site/snapshots.html", context)


def _made(reader: Reader) -> HttpResponseBase:
    reader.actor.demand(P.SNAPSHOT_MAKE)
    typed = reader.request.POST.get("year", "")
    year = int(typed) if typed.isdecimal() and int(typed) in reader.years else reader.year
    made = casework.freeze(year=year, now=True, pack=reader.pack, by=reader.actor.name)
    messages.success(reader.request, _("The snapshot is there; figures and findings follow it."))
    return redirect("site:snapshot", made.id)


@page
def snapshot(reader: Reader, identity: str) -> HttpResponseBase:
    reader.actor.demand(P.STATISTICS_VIEW)
    found = shelf.find(reader.home, identity)
    if reader.request.method == "POST":
        faults = freeze.verify(found)
        verified = shown.verified(faults, timezone.now())
        state = "broken" if faults else "good"
    else:
        faults, verified, state = shelf.glance(found), None, ""
    context = shown.whole(reader, found, faults, state) | {"verified": verified}
    return render(reader.request, "site/snapshot.html", context)
