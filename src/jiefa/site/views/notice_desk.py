"""What officers do with notices: publish what waits, show that it hung, look into objections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import queries as access
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.disclosure import actions, queries, rules
from jiefa.disclosure.models import Notice
from jiefa.disclosure.queries import Waiting
from jiefa.kernel.errors import JiefaError
from jiefa.procedures import evidence
from jiefa.site.notice_forms import PostingForm
from jiefa.site.presenters import notices as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
TICKS = 500
"""Dossiers of one list offered to be ticked; a longer one is published as a whole."""
RECENT = 20


@page
def post(reader: Reader) -> HttpResponseBase:
    """The lists that wait, and the notices of late; what is ticked is shown as the public will read it, then published."""
    reader.scope(P.DOSSIER_VIEW)
    found = queries.waiting(reader.actor, reader.pack)
    if reader.request.method == "POST":
        return _posted(reader, found)
    place = reader.place
    late, _more = queries.page(queries.find(place.code if place else None), None, RECENT)
    clocks, hung, today = queries.clocks(late), queries.shown_to_hang(late), timezone.localdate()
    edits = reader.actor.scope(P.HOUSEHOLD_EDIT)
    rows = [
        shown.row(reader, notice, clocks[notice.pk], today)
        | {
            "hung": hung.get(notice.pk, 0),
            "hang_url": reverse("site:notice-posting", args=[notice.pk]) if edits.narrowed(notice.place_code) else "",
        }
        for notice in late
    ]
    context = {
        "waiting": shown.waiting(reader, found, areas.named([one.place for one in found]), TICKS),
        "rows": rows,
        "to_answer": len(queries.to_answer(reader.actor, reader.pack)),
    }
    return render(reader.request, "site/notices_post.html", context)


def _posted(reader: Reader, found: list[Waiting]) -> HttpResponseBase:
    typed = reader.request.POST
    chosen = next((one for one in found if shown.waiting_key(one) == typed.get("list")), None)
    if chosen is None:
        messages.error(reader.request, _("This list no longer waits. It may have been published by somebody else."))
        return redirect("site:notices-post")
    own = {str(dossier.pk): dossier.pk for dossier in chosen.dossiers}
    ids = list(own.values()) if typed.get("all") else [own[key] for key in typed.getlist("dossier") if key in own]
    place = chosen.place if chosen.announces else ""
    try:
        rows = actions.preview(dossier_ids=ids, by=reader.actor, pack=reader.pack, announced_in=place)
        if typed.get("seen") == rules.digest(rows):
            return redirect("site:notice", _published(reader, chosen, ids).pk)
    except JiefaError as reason:
        messages.error(reader.request, reason.message(reader.lang))
        return redirect("site:notices-post")
    today = timezone.localdate()
    days = int(reader.pack.at(today).number(rules.days_parameter(chosen.kind)))
    context = {
        "waiting": shown.waiting(reader, [chosen], areas.named([chosen.place]), 0)[0],
        "all": bool(typed.get("all")),
        "ids": ids,
        "rows": shown.public_rows(reader, rows),
        "shows_people": any(row.people for row in rows),
        "seen": rules.digest(rows),
        "changed": bool(typed.get("seen")),
        "until": None if chosen.announces else rules.last_day(today, days),
        "days": days,
    }
    return render(reader.request, "site/notice_preview.html", context)


def _published(reader: Reader, chosen: Waiting, ids: list[int]) -> Notice:
    who, pack, today = reader.actor, reader.pack, timezone.localdate()
    if chosen.announces:
        made = actions.announce(dossier_ids=ids, place=chosen.place, by=who, on=today, pack=pack)
    else:
        made = actions.post_notice(dossier_ids=ids, by=who, on=today, pack=pack)
    messages.success(reader.request, _("Published. Print the poster and hang it; then send a photograph of it."))
    return made


@page
def posting(reader: Reader, pk: int) -> HttpResponseBase:
    """The photographs of a notice on its walls, and one more."""
    found = queries.notice(pk)
    if found is None:
        raise Http404
    edits = reader.scope(P.HOUSEHOLD_EDIT).narrowed(found.place_code)
    if not edits:
        reader.actor.demand(P.HOUSEHOLD_EDIT, found.place_code)
    codes = [code for code in {found.place_code: None, **dict.fromkeys(queries.places(found))} if edits.covers(code)]
    names = areas.named(codes)
    request = reader.request
    form = PostingForm(
        request.POST or None,
        request.FILES or None,
        places=[(code, names.get(code, code)) for code in codes],
        initial={"on": timezone.localdate()},
    )
    refusal = ""
    if request.method == "POST" and form.is_valid():
        photo = form.cleaned_data["photo"]
        try:
            actions.confirm_posting(
                notice_id=pk,
                place=form.cleaned_data["place"],
                name=photo.name,
                content=photo.read(evidence.LARGEST + 1),
                by=reader.actor,
                on=form.cleaned_data["on"],
            )
        except JiefaError as reason:
            refusal = reason.message(reader.lang)
        else:
            messages.success(request, _("Kept: it hung there."))
            return redirect("site:notice-posting", pk)
    kept = [one for one in queries.postings(found) if edits.covers(one.place_code)]
    context: dict[str, Any] = {
        "title": shown.title(reader, found),
        "pk": pk,
        "form": form,
        "refusal": refusal,
        "postings": shown.postings(
            kept, areas.named([one.place_code for one in kept]), access.full_names({one.by for one in kept})
        ),
    }
    return render(request, "site/notice_posting.html", context, status=400 if refusal else 200)


@page
def photo(reader: Reader, pk: int) -> HttpResponseBase:
    """A photograph of a notice on its wall: for officers, for people may stand in it."""
    found = queries.posting(pk, reader.scope(P.DOSSIER_VIEW))
    if found is None:
        raise Http404
    content = evidence.content_of(reader.home, str(found), found.sha256)
    return HttpResponse(content, content_type=found.media_type)


@page
def objections(reader: Reader) -> HttpResponseBase:
    """The objections on the reader's desk; those about matters in which the reader had a hand are not among them."""
    reader.scope(P.DOSSIER_VIEW)
    found = queries.to_answer(reader.actor, reader.pack)
    return render(reader.request, "site/objections.html", {"rows": [shown.objection_row(reader, o) for o in found]})


@page
def objection(reader: Reader, pk: int) -> HttpResponseBase:
    """One objection; what it says is opened on request, and the opening is logged."""
    found = queries.objection(pk, reader.scope(P.DOSSIER_VIEW))
    if found is None:
        raise Http404
    opened, refusal = None, ""
    if reader.request.method == "POST":
        try:
            opened = actions.open_objection(objection_id=pk, by=reader.actor, pack=reader.pack)
        except JiefaError as reason:
            refusal = reason.message(reader.lang)
    context = {"objection": shown.objection_row(reader, found), "opened": opened, "refusal": refusal}
    return render(reader.request, "site/objection.html", context, status=403 if refusal else 200)
