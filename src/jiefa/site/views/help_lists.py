"""Lists on their way in: sent, judged, reviewed, decided; the report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import lists
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.kernel.vault import Vault
from jiefa.lists.actions import folder_of, tally
from jiefa.lists.kinds import Kind
from jiefa.lists.models import ReceivedList
from jiefa.policy import UnknownPolicy
from jiefa.site.help_forms import HelpFile
from jiefa.site.presenters import programmes as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
MEGABYTES = 20
"""Lists of a county are read while the sender waits; larger ones go by the command line."""


def _kind(reader: Reader, identity: str) -> Kind[Any]:
    try:
        return lists.kind(identity, reader.pack)
    except UnknownPolicy:
        raise Http404 from None


def _label(reader: Reader, identity: str) -> str:
    try:
        kind = lists.kind(identity, reader.pack)
    except UnknownPolicy:
        return identity  # a programme that an earlier pack had
    return reader.words(kind.zh, kind.en)


@page
def help_lists(reader: Reader) -> HttpResponseBase:
    rows = lists.received(reader.actor, reader.pack)
    after = key(reader.request, "after")
    found: list[ReceivedList] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({area for row in found for area in row.areas.split(",")}))
    people = access.full_names(name for row in found for name in (row.staged_by, row.decided_by))
    context = {
        "rows": [shown.list_row(reader, row, _label(reader, row.kind), names, people) for row in found],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/help_lists.html", context)


@page
def new(reader: Reader, identity: str) -> HttpResponseBase:
    """A list of a programme or a bank sent in."""
    kind = _kind(reader, identity)
    reader.actor.demand(kind.uploads(reader.actor))
    form, refusal, staged = sent_in(reader, identity)
    if staged is not None:
        return redirect("site:help-list", staged.pk)
    context = {
        "form": form,
        "kind": reader.words(kind.zh, kind.en),
        "about_place": getattr(kind, "about", "") == "place",
        "refusal": refusal,
        "megabytes": MEGABYTES,
        "template_url": reverse("site:template-help", args=[identity]),
    }
    status = 422 if reader.request.method == "POST" else 200
    return render(reader.request, "site/help_list_new.html", context, status=status)


def sent_in(reader: Reader, identity: str) -> tuple[HelpFile, str, ReceivedList | None]:
    """The form, why what was sent is refused, and the list as it waits for a second officer: read and judged at once."""
    if reader.request.method != "POST":
        return HelpFile(), "", None
    form = HelpFile(reader.request.POST, reader.request.FILES)
    if not form.is_valid():
        return form, "", None
    file = form.cleaned_data["file"]
    if file.size > MEGABYTES << 20:
        said = _("The file is larger than {megabytes} MB. Split it, or load it on the command line.")
        return form, said.format(megabytes=MEGABYTES), None
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"list{Path(file.name).suffix.lower()}"
            path.write_bytes(file.read())
            name = Path(file.name).name
            return form, "", lists.stage(file=path, name=name, kind=identity, by=reader.actor, pack=reader.pack)
    except NotAllowed:
        raise
    except JiefaError as reason:
        return form, reason.message(reader.lang), None


def _found(reader: Reader, pk: int) -> ReceivedList:
    found = lists.one(pk, reader.actor, reader.pack)
    if found is None:
        raise Http404
    return found


@page
def help_list(reader: Reader, pk: int) -> HttpResponseBase:
    """A list with everything there is to say of it, and the decision of the second officer."""
    found = _found(reader, pk)
    refusal, status = "", 200
    if reader.request.method == "POST":
        try:
            if reader.request.POST.get("decision") == "accept":
                lists.accept(list_id=pk, by=reader.actor, pack=reader.pack)
                messages.success(reader.request, _("Accepted: the rows are on file."))
            else:
                reason_given = reader.request.POST.get("reason", "")
                lists.refuse(list_id=pk, reason=reason_given, by=reader.actor, pack=reader.pack)
                messages.success(reader.request, _("The list is refused."))
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            return redirect("site:help-list", pk)
    may = _may_decide(reader, found)
    names = areas.named(found.areas.split(","))
    people = access.full_names([found.staged_by, found.decided_by])
    has_report = folder_of(found).has_source() and (found.held_back or found.warnings) and _may_read(reader, found)
    context = {
        "list": shown.list_row(reader, found, _label(reader, found.kind), names, people),
        "remarks": shown.remarks(reader, tally(found)),
        "may_decide": may and found.staged_by != reader.actor.name,
        "report_url": reverse("site:help-list-report", args=[pk]) if has_report else "",
        "refusal": refusal,
    }
    return render(reader.request, "site/help_list.html", context, status=status)


def _may_decide(reader: Reader, found: ReceivedList) -> bool:
    try:
        needs = lists.kind(found.kind, reader.pack).accepts(reader.actor)
    except UnknownPolicy:
        return False
    return all(reader.actor.may(needs, area) for area in found.areas.split(","))


def _may_read(reader: Reader, found: ReceivedList) -> bool:
    """Whether the reader may have the file itself back, which holds full numbers: its owner, and posts that see them."""
    sees = all(reader.actor.may(P.ID_NUMBER_VIEW, area) for area in found.areas.split(","))
    return sees or found.staged_by == reader.actor.name


@page
def report(reader: Reader, pk: int) -> HttpResponseBase:
    """The owner's workbook with what is wrong written beside it."""
    found = _found(reader, pk)
    if not _may_read(reader, found):
        reader.actor.demand(P.ID_NUMBER_VIEW, found.areas.split(",")[0])
    content = folder_of(found).source(Vault(settings.JIEFA_VAULT_KEY))
    if content is None:
        raise Http404
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / f"source{Path(found.file_name).suffix.lower()}"
        source.write_bytes(content)
        target = Path(scratch) / "report.xlsx"
        if not lists.write_report(found, reader.pack, source, target):
            raise Http404  # there is nothing to say of any row
        stream = target.open("rb")
    name = f"{Path(found.file_name).stem}-{timezone.localdate():%Y%m%d}-report.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
