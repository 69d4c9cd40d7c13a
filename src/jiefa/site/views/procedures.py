"""The procedures of the policy pack: the catalogue, one of them with its versions, steps and picture."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiefa.policy import NotInForce
from jiefa.policy import procedures as versions_of
from jiefa.site.presenters import procedures as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page


def asked_day(reader: Reader) -> dt.date:
    """The day of the address; today where there is none."""
    try:
        return dt.date.fromisoformat(reader.request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@page
def procedures(reader: Reader) -> HttpResponseBase:
    on = asked_day(reader)
    return render(reader.request, "site/procedures.html", {"rows": shown.catalogue(reader, on), "on": on})


@page
def procedure(reader: Reader, identity: str) -> HttpResponseBase:
    """One procedure as it held on the day of the address, else as it holds today, else its latest version."""
    versions = reader.pack.procedures.get(identity)
    if versions is None:
        raise Http404
    on = asked_day(reader)
    try:
        version = versions_of.on(versions, on)
    except NotInForce:
        version = versions[-1]
    return render(reader.request, "site/procedure.html", shown.one(reader, versions, version, timezone.localdate()))
