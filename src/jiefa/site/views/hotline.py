"""The desk of the hotline: what waits and what is overdue below, a complaint taken down, who called, counts, the list as Excel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.hotline.actions import answering, receiving
from jiefa.hotline.models import Channel, Complaint
from jiefa.hotline.queries import complaints, figures
from jiefa.hotline.queries.complaints import Sifted
from jiefa.hotline.rules.refusals import ComplaintUnknown
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import evidence
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.hotline_forms import Opening, Sifting, TakingDown
from jiefa.site.presenters import hotline as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.presenters.integrity import parts
from jiefa.site.reader import Reader
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
CHUNK = 1_000


def _sifted(reader: Reader) -> tuple[Sifting, Sifted]:
    form = Sifting(reader.request.GET, reader=reader)
    if not form.is_valid():
        # What is not understood finds nothing.
        return form, Sifted(state="-")
    said = form.cleaned_data
    return form, Sifted(said["state"], said["category"], said["received"])


@page
def hotline(reader: Reader) -> HttpResponseBase:
    """What waits for the reader, what is overdue one level below, or all that the reader may see, the newest first."""
    complaints.demand(reader.actor)
    view, today = reader.request.GET.get("view", "mine"), timezone.localdate()
    view = view if view in complaints.VIEWS else "mine"
    form, wish = _sifted(reader)
    rows, after = (
        complaints.sifted(complaints.viewed(view, reader.actor, today), wish, today),
        key(reader.request, "after"),
    )
    if after is not None:
        rows = rows.filter(pk__lt=after) if view == "all" else complaints.beyond(rows, after)
    found: list[Complaint] = list(rows[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(shown.codes_of(found))
    labels = {"mine": _("Waits for me"), "late": _("Overdue one level below"), "all": _("All")}
    url = reverse("site:hotline")
    context = {
        "parts": parts(reader, "hotline"),
        "form": form,
        "view": view,
        "views": [
            {"label": label, "url": f"{url}?view={name}", "current": name == view} for name, label in labels.items()
        ],
        "rows": [shown.row(reader, one, names, today, bare=view == "late") for one in found],
        "new_url": reverse("site:hotline-new") if reader.actor.may(P.HOTLINE_RECEIVE) else "",
        "export_url": f"{reverse('site:hotline-export')}?{reader.request.GET.urlencode()}"
        if found and view == "all"
        else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/hotline.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A complaint taken down; number and secret word are shown once, on the answer to the form."""
    reader.actor.demand(P.HOTLINE_RECEIVE)
    code = reader.request.GET.get("at") or (reader.place.code if reader.place else "")
    way = areas.way_up(code) if code else []
    posted, refusal, status = reader.request.method == "POST", "", 200
    form = TakingDown(
        reader.request.POST if posted else None,
        reader=reader,
        bodies=shown.bodies(way),
        initial={"on": timezone.localdate(), "channel": Channel.PHONE},
    )
    receipt = None
    if posted:
        status = 422
        if form.is_valid():
            try:
                receipt = receiving.receive(
                    wish=form.wish(code),
                    channel=Channel(form.cleaned_data["channel"]),
                    on=form.cleaned_data["on"],
                    pack=reader.pack,
                    by=reader.actor,
                )
                status = 200
            except NotAllowed:
                raise
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), status_of(reason)
    context = {
        "parts": parts(reader, "hotline-new"),
        "form": form,
        "refusal": refusal,
        "receipt": receipt,
        "way": [{"name": one.name, "url": f"{reverse('site:hotline-new')}?at={one.code}"} for one in way],
        "below": [
            {"name": one.name, "url": f"{reverse('site:hotline-new')}?at={one.code}"}
            for one in (areas.children(code).order_by("code") if code and len(code) < 12 else [])
        ],
        "fits": len(way) > 1,
    }
    response = render(reader.request, "site/hotline_new.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def found_or_404(reader: Reader, receipt: str) -> Complaint:
    """The complaint, if the reader may see it."""
    complaints.demand(reader.actor)
    try:
        return complaints.complaint(receipt, reader.actor)
    except ComplaintUnknown:
        raise Http404 from None


@page
def caller(reader: Reader, receipt: str) -> HttpResponseBase:
    """Who called and in which words, for the keeper, once a reason is given; who looked before."""
    reader.actor.demand(P.HOTLINE_KEEP)
    found = found_or_404(reader, receipt)
    if not complaints.is_kept(found, reader.actor):
        raise Http404
    posted = reader.request.method == "POST"
    form = Opening(reader.request.POST if posted else None, reader=reader)
    opened, refusal, status = None, "", 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            opened = answering.open_caller(
                receipt=receipt, reason=said["reason"], note=said["note"], by=reader.actor, pack=reader.pack
            )
            status = 200
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    rows = complaints.looks(found)
    context = {
        "parts": parts(reader, "hotline"),
        "receipt": receipt,
        "back_url": reverse("site:hotline-complaint", args=[receipt]),
        "form": None if opened else form,
        "opened": opened,
        "refusal": refusal,
        "looks": shown.looks(reader, rows, access.full_names(one.by for one in rows)),
    }
    response = render(reader.request, "site/hotline_caller.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@page
def file(reader: Reader, receipt: str, pk: int) -> HttpResponseBase:
    """A file of the inquiry, after its content was checked against what was laid in."""
    complaints.demand(reader.actor)
    kept = complaints.file(receipt, pk, reader.actor)
    if kept is None:
        raise Http404
    name = receiving.vault().open(bytes(kept.name_sealed))
    response = HttpResponse(evidence.content_of(reader.home, name, kept.sha256), content_type=kept.media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@page
def statistics(reader: Reader) -> HttpResponseBase:
    """A keeper's counts, whole, by category, level and prefecture: no other post reads them."""
    reader.actor.demand(P.HOTLINE_KEEP)
    years = figures.years(complaints.kept(reader.actor))
    year = key(reader.request, "of") or (years[0] if years else timezone.localdate().year)
    tables = []
    for how, title in (
        ("category", _("By what it is about")),
        ("level", _("By level")),
        ("prefecture", _("By prefecture")),
    ):
        rows = figures.of_keeper(reader.actor, year, how)
        names = areas.named([one.name for one in rows]) if how == "prefecture" else {}
        tables.append({"title": title, "rows": shown.counted(reader, rows, how, names)})
    url = reverse("site:hotline-statistics")
    context = {
        "parts": parts(reader, "hotline-statistics"),
        "year": year,
        "years": [{"label": one, "url": f"{url}?of={one}", "current": one == year} for one in years],
        "tables": tables,
    }
    return render(reader.request, "site/hotline_statistics.html", context)


COLUMNS = (
    Column(id="receipt", zh="受理编号", en="Number", type=ColumnType.TEXT),
    Column(id="category", zh="类别", en="About", type=ColumnType.TEXT),
    Column(id="place", zh="事发地", en="Place", type=ColumnType.TEXT),
    Column(id="state", zh="状态", en="State", type=ColumnType.TEXT),
    Column(id="unit", zh="承办单位", en="Unit", type=ColumnType.TEXT),
    Column(id="received_on", zh="接收日期", en="Received", type=ColumnType.DATE),
    Column(id="due_on", zh="本环节期限", en="Due", type=ColumnType.DATE),
    Column(id="finish_by", zh="办结期限", en="To be answered by", type=ColumnType.DATE),
    Column(id="answered_on", zh="答复日期", en="Answered", type=ColumnType.DATE),
    Column(id="verdict", zh="结论", en="Found", type=ColumnType.TEXT),
)


@page
def export(reader: Reader) -> HttpResponseBase:
    """What the reader may see as Excel: neither callers nor texts."""
    complaints.demand(reader.actor)
    today = timezone.localdate()
    # Into the system's chain, as all that the log says of complaints.
    export_actions.record(by=reader.actor.name, what="complaints", areas=((reader.actor.widest_area or "")[:2],))
    found = complaints.sifted(complaints.seen(reader.actor), _sifted(reader)[1], today)
    title = reader.words("扶贫专线", "Hotline")
    stream, _count = sheets.opened_xlsx(_rows(reader, found), COLUMNS, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"hotline-{today:%Y%m%d}.xlsx")


def _rows(reader: Reader, found: QuerySet[Complaint]) -> Iterator[tuple[object, ...]]:
    waiting = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(waiting, CHUNK)):
        names = areas.named(shown.codes_of(chunk))
        for one in chunk:
            yield (
                one.receipt,
                reader.label("hotline_category", one.category),
                names.get(one.about_code, one.about_code),
                str(one.get_state_display()),
                shown.unit(reader, one.unit_kind, one.unit_code, names),
                one.received_on,
                one.due_on,
                one.finish_by,
                one.answered_on,
                reader.label("hotline_verdict", one.verdict),
            )
