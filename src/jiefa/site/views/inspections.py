"""Self-inspection: campaigns of the place, one begun, one with its progress, what an office answers; the progress as Excel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa import sheets
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.integrity.actions import campaigns as actions
from jiefa.integrity.actions import lists
from jiefa.integrity.actions.campaigns import NewAnswer, NewCampaign
from jiefa.integrity.models import Campaign, Offices
from jiefa.integrity.queries import campaigns as queries
from jiefa.integrity.queries import violations
from jiefa.integrity.queries.campaigns import Progress
from jiefa.integrity.queries.violations import Sifted
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.registry.actions import exports as export_actions
from jiefa.sheets import Column
from jiefa.sheets.columns import ColumnType
from jiefa.site.integrity_forms import CampaignWish, Checklist
from jiefa.site.presenters import integrity as shown
from jiefa.site.presenters.dossiers import status_of
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page
from jiefa.site.views.watched import list_links

P = Permission
ROWS = 50
BELOW = {2: 4, 4: 6, 6: 9, 9: 12}


def here(reader: Reader) -> Scope:
    """Where the reader may see inspections, inside the place of the page."""
    return reader.scope(P.INSPECTION_VIEW).narrowed(reader.place.code if reader.place else None)


@page
def inspections(reader: Reader) -> HttpResponseBase:
    """The campaigns that concern the place; violations by type and by place, counted at this moment."""
    within, today = here(reader), timezone.localdate()
    found: list[Campaign] = list(queries.concerning(within)[:ROWS])
    code = reader.place.code if reader.place else ""
    kinds = violations.by_type(within, Sifted(), today)
    places = violations.by_place(within, BELOW.get(len(code), 12), Sifted(), today)
    names = areas.named(sorted({one.area_code for one in found} | {one.name for one in places}))
    by_type = shown.counted(reader, kinds, "violation_type", {})
    by_place = shown.counted(reader, places, "", names)
    context = {
        "parts": shown.parts(reader, "inspections"),
        "here": reader.place.name if reader.place else "",
        "rows": [shown.campaign(reader, one, names, today) for one in found],
        "by_type": by_type,
        "by_place": by_place,
        "charts": [
            shown.chart(reader, by_type, "violations-by-type", _("Violations by type"), today),
            shown.chart(reader, by_place, "violations-by-place", _("Violations by place"), today),
        ]
        if by_type
        else [],
        "as_of": timezone.now(),
        "lists": list_links(reader, (lists.ANSWERS, lists.VIOLATIONS)),
        "new_url": reader.at(reverse("site:inspection-new"), place=code)
        if code and reader.actor.may(P.INSPECTION_MANAGE, code)
        else "",
    }
    return render(reader.request, "site/inspections.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    """A self-inspection begun for the offices of the place."""
    code = reader.place.code if reader.place else ""
    reader.actor.demand(P.INSPECTION_MANAGE, code or None)
    posted = reader.request.method == "POST"
    form = CampaignWish(reader.request.POST if posted else None, initial={"opened_on": timezone.localdate()})
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.begin(
                wish=NewCampaign(area_code=code, **{**said, "offices": Offices(said["offices"])}), by=reader.actor
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            return redirect("site:inspection", made.pk)
    context = {
        "title": _("Begin a self-inspection"),
        "here": reader.place.name if reader.place else "",
        "back_url": reverse("site:inspections"),
        "back_label": _("Self-inspection"),
        "form": form,
        "refusal": refusal,
    }
    return render(reader.request, "site/typed.html", context, status=status)


def _found(reader: Reader, pk: int) -> Campaign:
    found = queries.campaign(pk, reader.scope(P.INSPECTION_VIEW))
    if found is None:
        raise Http404
    return found


def _progress(reader: Reader, found: Campaign, within: Scope) -> tuple[list[Progress], dict[str, str]]:
    """The progress of the place itself and of each place below in which offices are asked."""
    code = reader.place.code if reader.place else found.area_code
    longest = max(LENGTH_OF_LEVEL[level] for level in queries.LEVELS[found.offices])
    below = [one.code for one in areas.children(code)] if len(code) < longest else []
    items = len(reader.pack.codes("inspection_check").values)
    today = timezone.localdate()
    # Apart: what lies in a place below counts for the whole, too.
    rows = queries.progress(found, [code], within, items, today)
    rows += queries.progress(found, below, within, items, today) if below else []
    names = areas.named([code, *below])
    return rows, names


@page
def inspection(reader: Reader, pk: int) -> HttpResponseBase:
    """One campaign: how far the offices of the place are, and which checklist the reader answers."""
    found, within = _found(reader, pk), here(reader)
    rows, names = _progress(reader, found, within)
    code = reader.place.code if reader.place else ""
    names |= areas.named([found.area_code])
    answers = queries.answers(found, code)
    shown_rows = shown.progress(reader, found, rows, names)
    context = {
        "parts": shown.parts(reader, "inspections"),
        "campaign": shown.campaign(reader, found, names, timezone.localdate()),
        "here": reader.place.name if reader.place else "",
        "own": shown_rows[0],
        "rows": shown_rows[1:],
        "as_of": timezone.now(),
        "answers": [
            {
                "label": reader.words(item.zh, item.en),
                "answer": reader.label("inspection_answer", answers[item.id].answer) if item.id in answers else "",
                "wrong": item.id in answers and answers[item.id].answer == actions.WRONG,
                "note": answers[item.id].note if item.id in answers else "",
            }
            for item in reader.pack.codes("inspection_check").values
        ]
        if queries.asks(found, code)
        else [],
        "projects": queries.projects(found, code),
        "answer_url": reader.at(reverse("site:inspection-answer", args=[pk]), place=code)
        if queries.asks(found, code) and reader.actor.may(P.INSPECTION_ANSWER, code)
        else "",
        "export_url": reader.at(reverse("site:inspection-export", args=[pk]), place=code),
        "lists": list_links(reader, (lists.ANSWERS, lists.VIOLATIONS)),
    }
    return render(reader.request, "site/inspection.html", context)


@page
def answer(reader: Reader, pk: int) -> HttpResponseBase:
    """The checklist of an office, or of one of its projects, as it stands and to be answered."""
    found = _found(reader, pk)
    code = reader.place.code if reader.place else ""
    reader.actor.demand(P.INSPECTION_ANSWER, code or None)
    items, posted = reader.pack.codes("inspection_check").values, reader.request.method == "POST"
    project = reader.request.GET.get("project", "")[:80]
    standing = queries.answers(found, code, project)
    initial: dict[str, Any] = {"project": project}
    for item, one in standing.items():
        initial |= {f"answer_{item}": one.answer, f"note_{item}": one.note}
    form = Checklist(reader.request.POST if posted else None, reader=reader, items=items, initial=initial)
    refusal, status = "", 422 if posted else 200
    if posted and form.is_valid():
        own = form.cleaned_data["project"].strip()
        given = [NewAnswer(code, own, item, said, note) for item, said, note in form.given]
        try:
            actions.answer_many(
                campaign_id=pk, answers=given, on=timezone.localdate(), by=reader.actor, pack=reader.pack
            )
        except NotAllowed:
            raise
        except JiefaError as reason:
            refusal, status = reason.message(reader.lang), status_of(reason)
        else:
            messages.success(reader.request, _("The answers are on file."))
            return redirect(reader.at(reverse("site:inspection", args=[pk]), place=code))
    context = {
        "parts": shown.parts(reader, "inspections"),
        "campaign": shown.campaign(reader, found, areas.named([found.area_code]), timezone.localdate()),
        "here": reader.place.name if reader.place else "",
        "form": form,
        "items": shown.checklist(reader, items, form),
        "refusal": refusal,
        "asked": queries.asks(found, code),
    }
    return render(reader.request, "site/inspection_answer.html", context, status=status)


COLUMNS = (
    Column("place", "地区代码", "Code", ColumnType.TEXT),
    Column("name", "地区", "Place", ColumnType.TEXT),
    Column("asked", "应自查单位", "Offices asked", ColumnType.INT),
    Column("answered", "已自查单位", "Offices that answered", ColumnType.INT),
    Column("begun", "正在自查单位", "Offices that began", ColumnType.INT),
    Column("violations", "发现问题", "Violations", ColumnType.INT),
    Column("amount", "涉及金额（元）", "Amount, yuan", ColumnType.MONEY),
    Column("rectified", "已整改金额（元）", "Put right, yuan", ColumnType.MONEY),
    Column("settled", "已销号", "Put right", ColumnType.INT),
    Column("overdue", "逾期未整改", "Overdue", ColumnType.INT),
)


@page
def export(reader: Reader, pk: int) -> HttpResponseBase:
    """The progress of the campaign, place by place, as Excel."""
    found, within = _found(reader, pk), here(reader)
    export_actions.record(by=reader.actor.name, what="inspection", areas=within.areas)
    rows, names = _progress(reader, found, within)
    lines = (
        (
            row.place,
            names.get(row.place, ""),
            row.asked,
            row.answered,
            row.begun,
            row.violations,
            row.amount_fen,
            row.rectified_fen,
            row.settled,
            row.overdue,
        )
        for row in rows
    )
    title = reader.words("自查自纠进度", "Self-inspection")
    stream, _count = sheets.opened_xlsx(lines, COLUMNS, sheet_name=title, language=reader.lang)
    return FileResponse(stream, as_attachment=True, filename=f"inspection-{pk}.xlsx")
