"""Unannounced visits: those of which the reader may know, one planned, one with its findings; findings to act on; talks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.inspection.actions import following
from jiefa.inspection.actions import visiting as actions
from jiefa.inspection.models import Interview, SpotCheck, SpotFinding, VisitState
from jiefa.inspection.queries import visits as queries
from jiefa.inspection.queries.visits import Sifted
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import evidence
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.presenters import inspection as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.presenters.integrity import parts
from jiefa.site.reader import Reader
from jiefa.site.spot_forms import FindingSift, InterviewWish, Rechecking, Replying, VisitRecord, VisitWish
from jiefa.site.views.parts import key, neighbours, page

P = Permission
ROWS = 50
CHUNK = 1_000


def _sees(reader: Reader) -> str | None:
    """The place of the page, for whoever sees inspections or makes visits. Raises ``NotAllowed``."""
    if not reader.actor.may(P.INSPECTION_VIEW):
        reader.actor.demand(P.SPOT_CHECK)
    return reader.place.code if reader.place else None


@page
def unannounced(reader: Reader) -> HttpResponseBase:
    """The visits of which the reader may know, the newest first, and what is overdue."""
    place, today, after = _sees(reader), timezone.localdate(), key(reader.request, "after")
    state = reader.request.GET.get("state", "")
    state = state if state in VisitState.values else ""
    rows = queries.visits(reader.actor, place, state)
    found: list[SpotCheck] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for one in found for code in (one.place_code, one.by_code)}))
    late = queries.to_act(reader.actor, place, today)
    url, listed = reverse("site:unannounced"), reverse("site:unannounced-findings")
    labels = (("", _("All")), *VisitState.choices)
    context = {
        "parts": parts(reader, "unannounced"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.visit(reader, one, names, today) for one in found],
        "late": late,
        "states": [
            {"label": label, "url": reader.at(url, place=place or "", state=name), "current": name == state}
            for name, label in labels
        ],
        "findings_url": reader.at(listed, place=place or ""),
        "overdue_url": reader.at(listed, place=place or "", state="overdue"),
        "new_url": reverse("site:unannounced-new") if reader.actor.may(P.SPOT_CHECK) else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/unannounced.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A visit planned; only those who make it, and those above them, know of it until it is done."""
    reader.actor.demand(P.SPOT_CHECK)
    posted = reader.request.method == "POST"
    form = VisitWish(reader.request.POST if posted else None, initial={"planned_for": timezone.localdate()})
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.plan(
                place=said["place"].strip(), planned_for=said["planned_for"], reason=said["reason"], by=reader.actor
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            return redirect("site:unannounced-visit", made.pk)
    context = {
        "title": _("Plan an unannounced visit"),
        "back_url": reverse("site:unannounced"),
        "back_label": _("Unannounced visits"),
        "note": _("The place learns of the visit when it is recorded, not before: no list, no count, no log tells it."),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)


@page
def visit(reader: Reader, pk: int) -> HttpResponseBase:
    """One visit: recorded or dropped while it is planned; its findings with replies and looking again once it is done."""
    found = _found(reader, pk)
    inspects = queries.inspects(found, reader.actor)
    items = reader.pack.codes("spot_item").values
    data = reader.request.POST if "record" in reader.request.POST else None
    form = VisitRecord(data, reader=reader, items=items, initial={"on": timezone.localdate()})
    refusal, status = "", 422 if reader.request.method == "POST" else 200
    if reader.request.method == "POST":
        try:
            if _done(reader, found, form):
                messages.success(reader.request, _("Done."))
                return redirect("site:unannounced-visit", pk)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
    context = _context(reader, found, inspects=inspects)
    planned = inspects and found.state == VisitState.PLANNED
    context |= {
        "form": form if planned else None,
        "checklist": shown.checklist(form) if planned else [],
        "refusal": refusal,
    }
    return render(reader.request, "site/unannounced_visit.html", context, status=status)


def _found(reader: Reader, pk: int) -> SpotCheck:
    _sees(reader)
    found = queries.visit(pk, reader.actor)
    if found is None:
        raise Http404
    return found


def _done(reader: Reader, found: SpotCheck, record: VisitRecord) -> bool:
    """Whether what was sent was done."""
    sent, by, today = reader.request.POST, reader.actor, timezone.localdate()
    if "drop" in sent:
        actions.drop(visit=found.pk, by=by)
        return True
    if "record" in sent:
        if record.is_valid():
            said = record.cleaned_data
            actions.record(
                visit=found.pk, on=said["on"], text=said["text"], found=record.found, by=by, pack=reader.pack
            )
        return record.is_valid()
    finding = int(sent["finding"]) if sent.get("finding", "").isdecimal() and len(sent["finding"]) < 19 else 0
    replies = "reply" in sent
    form = Replying(sent, reader.request.FILES) if replies else Rechecking(sent, reader.request.FILES, reader=reader)
    if not form.is_valid():
        return False
    said = form.cleaned_data
    _lay_in(reader, finding, said["file"])
    if replies:
        following.reply(finding=finding, how=said["how"], on=today, by=by, pack=reader.pack)
    else:
        following.recheck(
            finding=finding,
            result=said["result"],
            what=said["what"],
            on=today,
            by=by,
            pack=reader.pack,
            due_on=said["due_on"],
        )
    return True


def _lay_in(reader: Reader, finding: int, file: UploadedFile[Any] | None) -> None:
    if file is not None:
        following.lay_in(finding=finding, name=file.name or "", content=file.read(), by=reader.actor)


def _context(reader: Reader, found: SpotCheck, *, inspects: bool) -> dict[str, Any]:
    whole, today = queries.whole(found), timezone.localdate()
    names = areas.named([found.place_code, found.by_code])
    history = shown.history(reader, whole, access.full_names(shown.people_of(whole)))
    files = shown.files(whole)
    answers = reader.actor.may(P.INSPECTION_ANSWER, found.place_code)
    rows = []
    for one in whole.findings:
        row = shown.finding(reader, one, names, today)
        row |= {"history": history.get(one.pk, []), "files": files.get(one.pk, []), "forms": []}
        if row["open"] and answers and not inspects:
            row["reply"] = Replying(auto_id=f"id_{one.pk}_%s")
        if row["replied"] and inspects:
            row["recheck"] = Rechecking(reader=reader, auto_id=f"id_{one.pk}_%s")
        if inspects:
            row["talk_url"] = f"{reverse('site:interview-new')}?finding={one.pk}&at={found.place_code}"
        rows.append(row)
    return {
        "parts": parts(reader, "unannounced"),
        "visit": shown.visit(reader, found, names, today),
        "reason": actions.reason_of(found) if inspects else "",
        "record": found.record,
        "items": shown.items(reader, whole),
        "findings": rows,
    }


@page
def findings(reader: Reader) -> HttpResponseBase:
    """What visits found, the most urgent first."""
    place, today = _sees(reader), timezone.localdate()
    form, wish = _sifted(reader)
    rows, after = queries.findings(reader.actor, place, wish, today), key(reader.request, "after")
    found: list[SpotFinding] = list((queries.beyond(rows, after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({one.place_code for one in found}))
    context = {
        "parts": parts(reader, "unannounced"),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "rows": [shown.finding(reader, one, names, today) for one in found],
        "export_url": f"{reverse('site:unannounced-export')}?{reader.request.GET.urlencode()}" if found else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/unannounced_findings.html", context)


def _sifted(reader: Reader) -> tuple[FindingSift, Sifted]:
    form = FindingSift(reader.request.GET, reader=reader)
    # What is not understood finds nothing.
    return form, Sifted(form.cleaned_data["state"], form.cleaned_data["item"]) if form.is_valid() else Sifted("-")


COLUMNS = (
    Column(id="finding", zh="编号", en="Number", type=ColumnType.INT),
    Column(id="place_code", zh="区划代码", en="Place code", type=ColumnType.TEXT),
    Column(id="place", zh="地方", en="Place", type=ColumnType.TEXT),
    Column(id="item", zh="检查内容", en="Item", type=ColumnType.TEXT),
    Column(id="what", zh="问题", en="What is wrong", type=ColumnType.TEXT),
    Column(id="state", zh="状态", en="State", type=ColumnType.TEXT),
    Column(id="found_on", zh="发现日期", en="Found on", type=ColumnType.DATE),
    Column(id="due_on", zh="期限", en="Due", type=ColumnType.DATE),
    Column(id="closed_on", zh="销号日期", en="Put right on", type=ColumnType.DATE),
)


@page
def export(reader: Reader) -> HttpResponseBase:
    """The findings as Excel."""
    place, today = _sees(reader), timezone.localdate()
    seen = reader.actor.scope(P.INSPECTION_VIEW) or reader.actor.scope(P.SPOT_CHECK)
    export_actions.record(by=reader.actor.name, what="spot_findings", areas=seen.narrowed(place).areas)
    found = queries.findings(reader.actor, place, _sifted(reader)[1], today)
    title = reader.words("暗访发现的问题", "Findings of visits")
    stream, _count = sheets.opened_xlsx(_rows(reader, found), COLUMNS, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"findings-of-visits-{today:%Y%m%d}.xlsx")


def _rows(reader: Reader, found: QuerySet[SpotFinding]) -> Iterator[tuple[object, ...]]:
    waiting = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(waiting, CHUNK)):
        names = areas.named(sorted({one.place_code for one in chunk}))
        for one in chunk:
            yield (
                one.pk,
                one.place_code,
                names.get(one.place_code, ""),
                reader.label("spot_item", one.item),
                one.what,
                str(one.get_state_display()),
                one.found_on,
                one.due_on,
                one.closed_on,
            )


@page
def file(reader: Reader, pk: int) -> HttpResponseBase:
    """A file of a finding, after its content was checked against what was laid in."""
    _sees(reader)
    kept = queries.file(pk, reader.actor)
    if kept is None:
        raise Http404
    response = HttpResponse(evidence.content_of(reader.home, kept.name, kept.sha256), content_type=kept.media_type)
    response["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@page
def interviews(reader: Reader) -> HttpResponseBase:
    """Talks that were held; what was said is opened for those who hold them."""
    place, after = _sees(reader), key(reader.request, "after")
    rows = queries.interviews(reader.actor, place)
    found: list[Interview] = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({code for one in found for code in (one.place_code, one.by_code)}))
    people = access.full_names(one.by for one in found)
    context = {
        "parts": parts(reader, "interviews"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.interview(reader, one, following.said_of(one, reader.actor), names, people) for one in found],
        "new_url": reverse("site:interview-new") if reader.actor.may(P.SPOT_CHECK) else "",
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/interviews.html", context)


@page
def interview_new(reader: Reader) -> HttpResponseBase:
    """A talk put on file."""
    reader.actor.demand(P.SPOT_CHECK)
    posted, today = reader.request.method == "POST", timezone.localdate()
    finding = key(reader.request, "finding")
    initial = {"place": reader.request.GET.get("at", ""), "on": today}
    form = InterviewWish(reader.request.POST if posted else None, reader=reader, initial=initial)
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        try:
            following.interview(wish=form.wish(finding), by=reader.actor, pack=reader.pack)
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("The talk is on file."))
            return redirect("site:interviews")
    context = {
        "title": _("Put a talk on file"),
        "back_url": reverse("site:interviews"),
        "back_label": _("Talks with officers"),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)
