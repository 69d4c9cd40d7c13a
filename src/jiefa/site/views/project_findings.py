"""What the rules of money find in a place, each opened to its rows; and projects with their payments as everybody may read them."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.funds.queries import project_findings as queries
from jiefa.funds.queries import published
from jiefa.site.notice_forms import PlaceSearch
from jiefa.site.presenters import money as money_shown
from jiefa.site.presenters import notices as notices_shown
from jiefa.site.reader import Reader
from jiefa.site.views.notices import PLACES_OFFERED, public
from jiefa.site.views.parts import key, neighbours, page

P = Permission
PAGES = {
    "project": "site:money-project",
    "account": "site:money-account",
    "transfer": "site:money-transfer",
    "household": "site:household",
    "loan": "site:loan",
}
NEEDS = {"project": P.DOSSIER_VIEW, "household": P.HOUSEHOLD_VIEW, "loan": P.HOUSEHOLD_VIEW}
ROWS = 50


@page
def findings(reader: Reader) -> HttpResponseBase:
    """Every question with how much it finds."""
    within = reader.scope(P.MONEY_VIEW).narrowed(reader.place.code if reader.place else None)
    today = timezone.localdate()
    levels = {text.id: text.level for text in reader.pack.quality_rules()}
    context = {
        "parts": money_shown.parts(reader, "findings"),
        "here": reader.place.name if reader.place else "",
        "items": [
            {
                "rule": check.rule,
                "label": reader.words(check.zh, check.en),
                "count": count,
                "error": levels.get(check.rule) == "error",
                "url": reader.at(
                    reverse("site:money-project-finding", args=[check.id]),
                    place=reader.place.code if reader.place else "",
                ),
            }
            for check, count in queries.counts(within, today, reader.pack)
        ],
    }
    return render(reader.request, "site/money_project_findings.html", context)


@page
def finding(reader: Reader, name: str) -> HttpResponseBase:
    """The rows of one question."""
    check = queries.BY_ID.get(name)
    if check is None:
        raise Http404
    within = reader.scope(P.MONEY_VIEW).narrowed(reader.place.code if reader.place else None)
    found = queries.rows(check, within, timezone.localdate(), reader.pack, most=queries.MOST + 1)
    names = areas.named(sorted({one.area_code for one in found}))
    text = next((text for text in reader.pack.quality_rules() if text.id == check.rule), None)
    context = {
        "parts": money_shown.parts(reader, "findings"),
        "here": reader.place.name if reader.place else "",
        "chosen": {
            "rule": check.rule,
            "label": reader.words(check.zh, check.en),
            "remedy": reader.words(text.remedy_zh, text.remedy_en) if text else "",
        },
        "rows": [
            {
                "name": one.name,
                "place": names.get(one.area_code, one.area_code),
                "fen": one.fen,
                "more": one.more,
                "url": reverse(PAGES[one.kind], args=[one.id])
                if one.kind and reader.actor.may(NEEDS.get(one.kind, P.MONEY_VIEW), one.area_code)
                else "",
            }
            for one in found[: queries.MOST]
        ],
        "more": len(found) > queries.MOST,
    }
    return render(reader.request, "site/money_project_findings.html", context)


@public
def public_projects(reader: Reader) -> HttpResponseBase:
    """Approved and published projects of a place with what they were paid."""
    form = PlaceSearch(reader.request.GET)
    form.is_valid()
    text = (form.cleaned_data.get("q") or "").strip()
    code = reader.request.GET.get("place", "")
    place = next(iter(areas.several([code])), None) if code else None
    offered = []
    if text and place is None:
        provinces = tuple(areas.children(None).values_list("code", flat=True))
        offered = list(areas.matching(text, provinces)[: PLACES_OFFERED + 1])
        if len(offered) == 1:
            place, offered = offered[0], []
    known = place is not None or not (text or code)
    rows, after = published.projects(place.code if place else None), key(reader.request, "after")
    found = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1]) if known else []
    more, found = len(found) > ROWS, found[:ROWS]
    names = areas.named(sorted({one.place_code for one in found}))
    above = {one.code[:n] for one in offered for n in (2, 4, 6, 9)}
    context = {
        "form": form,
        "place": place,
        "asked": bool(text or code),
        "places": [
            {**one, "url": one["url"].replace(reverse("site:notices"), reverse("site:notice-projects"))}
            for one in notices_shown.places(reader, offered[:PLACES_OFFERED], areas.named(sorted(above)))
        ],
        "places_more": len(offered) > PLACES_OFFERED,
        "rows": [
            {
                "name": one.name,
                "place": names.get(one.place_code, one.place_code),
                "year": one.year,
                "kind": reader.label("project_kind", one.kind),
                "approved_fen": one.approved_fen,
                "paid_fen": one.paid_fen,
                "url": reverse("site:notice-project", args=[one.pk]),
            }
            for one in found
        ],
        **neighbours(reader.request, found[-1].pk if more else None, None),
    }
    return render(reader.request, "site/public/projects.html", context)


@public
def public_project(reader: Reader, pk: int) -> HttpResponseBase:
    """One project with its payments: units by name, households masked."""
    found = published.projects(None).filter(pk=pk).first()
    if found is None:
        raise Http404
    rows, after = published.payments(found), key(reader.request, "after")
    paid = list((rows.filter(pk__lt=after) if after is not None else rows)[: ROWS + 1])
    more, paid = len(paid) > ROWS, paid[:ROWS]
    context = {
        "chosen": {
            "name": found.name,
            "place": areas.named([found.place_code]).get(found.place_code, found.place_code),
            "year": found.year,
            "approved_fen": found.approved_fen,
            "paid_fen": found.paid_fen,
        },
        "payments": [
            {"on": one.on, "payee": published.payee(one), "fen": one.amount_fen, "document": one.document}
            for one in paid
        ],
        **neighbours(reader.request, paid[-1].pk if more else None, None),
    }
    return render(reader.request, "site/public/projects.html", context)
