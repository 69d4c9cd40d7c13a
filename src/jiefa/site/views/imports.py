"""Rosters: the workbook, sending one in, following the check, reviewing and deciding, the report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.casework import rosters
from jiefa.insight.actions import uploads
from jiefa.kernel.vault import Vault
from jiefa.registry import roster
from jiefa.registry.actions import batches as actions
from jiefa.registry.intake.folder import StagedFolder
from jiefa.registry.models import Batch, Upload
from jiefa.registry.queries import batches
from jiefa.site.forms import RosterUpload
from jiefa.site.presenters import imports as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50


def _scope(reader: Reader) -> Scope:
    """Where the reader may load or review rosters."""
    both = reader.actor.scope(P.ROSTER_ACCEPT).areas + reader.actor.scope(P.ROSTER_UPLOAD).areas
    if not both:
        reader.actor.demand(P.ROSTER_UPLOAD)
    return Scope.over(both)


def _found(reader: Reader, pk: int) -> Batch:
    found = batches.batch(pk, _scope(reader), reader.actor.name)
    if found is None:
        raise Http404
    return found


def _folder(batch: Batch) -> StagedFolder:
    return StagedFolder(Path(settings.JIEFA_HOME) / "staged" / batch.folder)


@page
def imports(reader: Reader) -> HttpResponseBase:
    found = batches.batches(_scope(reader), reader.actor.name, key(reader.request, "after"), ROWS + 1)
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for batch in found for code in batch.counties.split(",") if code}))
    people = access.full_names(name for batch in found for name in (batch.staged_by, batch.decided_by))
    context = {
        "batches": [shown.row(reader, batch, names, people) for batch in found],
        "may_upload": reader.actor.may(P.ROSTER_UPLOAD),
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/imports.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.ROSTER_UPLOAD)
    form = RosterUpload(reader.request.POST or None, reader.request.FILES or None)
    if reader.request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = uploads.receive(name=file.name, chunks=file.chunks(), by=reader.actor.name, within=within)
        return redirect("site:import-upload", upload.pk)
    context = {
        "form": form,
        "max_mb": uploads.MEGABYTES,
        "template_url": reverse("site:template-roster"),
        "templates": [],
    }
    return render(reader.request, "site/import_new.html", context)


@page
def template(reader: Reader) -> HttpResponseBase:
    """The empty workbook of the year. It holds no data of anybody: whoever has signed in may take it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        roster.write_template(path, reader.pack, reader.year)
        content = path.read_bytes()
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="roster-{reader.year}.xlsx"'
    return response


def _upload(reader: Reader, pk: int) -> Upload:
    found = Upload.objects.filter(pk=pk, by=reader.actor.name).select_related("batch").first()
    if found is None:
        raise Http404
    return found


@page
def upload(reader: Reader, pk: int) -> HttpResponseBase:
    """The page of a file that is still being read."""
    found = _upload(reader, pk)
    if found.batch is not None:
        return redirect("site:import", found.batch.pk)
    return render(reader.request, "site/import.html", shown.reading(reader, found))


@page
def progress(reader: Reader, pk: int) -> HttpResponseBase:
    """The state of the reading, for the page that waits; it sends the reader on when there is a result."""
    found = _upload(reader, pk)
    response = render(reader.request, "site/_import_progress.html", shown.reading(reader, found))
    if found.batch is not None:
        response["HX-Redirect"] = reverse("site:import", args=[found.batch.pk])
    elif found.step == "failed":
        response["HX-Refresh"] = "true"
    return response


@page
def batch(reader: Reader, pk: int) -> HttpResponseBase:
    found = _found(reader, pk)
    folder = _folder(found)
    households = folder.households()
    codes = {*found.counties.split(","), *pc.unique(households["village_code"]).drop_null().to_pylist()} - {""}
    staged = shown.Staged(
        households=households,
        remarks=folder.remarks(),
        names=areas.named(sorted(codes)),
        people=access.full_names([found.staged_by, found.decided_by]),
    )
    may_decide = batches.batch(pk, reader.actor.scope(P.ROSTER_ACCEPT)) is not None
    context: dict[str, Any] = shown.review(reader, found, staged)
    context |= shown.deciding(reader, found, may_decide)
    rows_named = staged.remarks["row"].null_count < staged.remarks.num_rows
    may_have = folder.has_source() and rows_named and _may_read(reader, found)
    context["report_url"] = reverse("site:import-report", args=[pk]) if may_have else ""
    return render(reader.request, "site/import.html", context)


@page
def decide(reader: Reader, pk: int) -> HttpResponseBase:
    reader.actor.demand(P.ROSTER_ACCEPT)
    found = batches.batch(pk, reader.actor.scope(P.ROSTER_ACCEPT))
    if found is None or reader.request.method != "POST":
        raise Http404
    if reader.request.POST.get("decision") == "accept":
        rosters.accept(batch=found, by=reader.actor.name)
        messages.success(reader.request, _("Accepted: the households are in the register."))
        return redirect("site:import", pk)
    reason = reader.request.POST.get("reason", "").strip()[:400]
    if not reason:
        messages.error(reader.request, _("A refusal needs an opinion: say what has to be mended."))
        return redirect("site:import", pk)
    actions.refuse_batch(batch=found, by=reader.actor.name, reason=reason)
    return redirect("site:import", pk)


def _may_read(reader: Reader, found: Batch) -> bool:
    """Whether the reader may have the file itself back, which holds full numbers: its owner, and posts that see them."""
    counties = [county for county in found.counties.split(",") if county]
    sees = bool(counties) and all(reader.actor.may(P.ID_NUMBER_VIEW, county) for county in counties)
    return sees or found.staged_by == reader.actor.name


@page
def report(reader: Reader, pk: int) -> HttpResponseBase:
    """The owner's workbook with what is wrong written beside it."""
    found = _found(reader, pk)
    if not _may_read(reader, found):
        reader.actor.demand(P.ID_NUMBER_VIEW, found.counties.split(",")[0])
    folder = _folder(found)
    content = folder.source(Vault(settings.JIEFA_VAULT_KEY))
    if content is None:
        raise Http404
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / f"source{Path(found.file_name).suffix.lower()}"
        source.write_bytes(content)
        target = Path(scratch) / "report.xlsx"
        if not roster.write_report(source, reader.pack, folder.remarks(), target):
            raise Http404  # there is nothing to say of any row
        stream = target.open("rb")
    name = f"{Path(found.file_name).stem}-{timezone.localdate():%Y%m%d}-report.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
