"""What everybody may read without signing in: notices by place, one notice, its papers; and the form to object."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.areas.models import Division
from jiefa.disclosure import actions, queries
from jiefa.disclosure.models import Channel, Notice
from jiefa.disclosure.rules import Clock
from jiefa.kernel.errors import JiefaError
from jiefa.site import limits, papers
from jiefa.site.notice_forms import NoticeSearch, ObjectionForm
from jiefa.site.presenters import notices as shown
from jiefa.site.reader import Reader
from jiefa.site.views.parts import View, key, neighbours

P = ParamSpec("P")
PLACES_OFFERED = 30


def public(view: Callable[Concatenate[Reader, P], HttpResponseBase]) -> View[P]:
    """A view for everybody that takes a ``Reader`` in place of the request."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        reader = Reader(request)
        request.reader = reader  # type: ignore[attr-defined]
        return view(reader, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def _place(reader: Reader) -> Division | None:
    """The place of the address: any place, for notices are for everybody."""
    code = reader.request.GET.get("place", "")
    return next(iter(areas.several([code])), None) if code else None


@public
def notices(reader: Reader) -> HttpResponseBase:
    form = NoticeSearch(reader.request.GET, reader=reader)
    # An unknown place or kind finds nothing: it is not as if none had been named.
    is_known = form.is_valid()
    text, place = (form.cleaned_data.get("q") or "").strip(), _place(reader)
    offered: list[Division] = []
    if reader.request.GET.get("place") and place is None:
        is_known = False
    elif text and place is None:
        provinces = tuple(areas.children(None).values_list("code", flat=True))
        offered = list(areas.matching(text, provinces)[: PLACES_OFFERED + 1])
        if len(offered) == 1:
            place, offered = offered[0], []
    context: dict[str, Any] = {"form": form, "place": place, "asked": text or not is_known, "rows": [], "places": []}
    if is_known and (place is not None or not text):
        found, more = queries.page(
            queries.find(place.code if place else None, form.cleaned_data.get("kind") or ""),
            key(reader.request, "after"),
        )
        clocks, today = queries.clocks(found), timezone.localdate()
        context["rows"] = [shown.row(reader, notice, clocks[notice.pk], today) for notice in found]
        context |= neighbours(reader.request, found[-1].pk if more else None, None)
    above = {code[:n] for code in (p.code for p in offered) for n in (2, 4, 6, 9)}
    context["places"] = shown.places(reader, offered[:PLACES_OFFERED], areas.named(sorted(above)))
    context["places_more"] = len(offered) > PLACES_OFFERED
    return render(reader.request, "site/public/notices.html", context)


def _notice(pk: int) -> Notice:
    found = queries.notice(pk)
    if found is None:
        raise Http404
    return found


def _facts(reader: Reader, found: Notice, clock: Clock | None) -> dict[str, Any]:
    way, codes = areas.way_up(found.place_code), queries.places(found)
    return shown.facts(reader, found, clock, timezone.localdate(), way, codes)


@public
def notice(reader: Reader, pk: int) -> HttpResponseBase:
    found = _notice(pk)
    objections = queries.objections(found)
    after = key(reader.request, "after") or 0
    rows, more = queries.lines(found, after)
    filed = key(reader.request, "filed")
    context = {
        "notice": _facts(reader, found, queries.clock(found, objections)),
        "rows": shown.public_rows(reader, rows, after + 1),
        "objections": shown.objections(objections),
        "filed": filed if filed and filed <= len(objections) else None,
        **neighbours(reader.request, rows[-1].position if more else None, None),
        "previous_url": reverse("site:notice", args=[pk]) if after else "",
    }
    return render(reader.request, "site/public/notice.html", context)


@public
def object_to(reader: Reader, pk: int) -> HttpResponseBase:
    """The form to object with; once sent, the notice with the objection's number."""
    found = _notice(pk)
    request = reader.request
    officer = bool(reader.actor.scope(Permission.HOUSEHOLD_EDIT).narrowed(found.place_code))
    line = key(request, "line")
    form = ObjectionForm(request.POST or None, officer=officer, initial={"line": line} if line else {})
    refusal, status = "", 200
    if request.method == "POST" and form.is_valid():
        if not officer and limits.is_over(request, pk):
            refusal, status = (
                _("Too many objections from here within an hour. Try again later, or call the hotline."),
                429,
            )
        else:
            try:
                return redirect(f"{reverse('site:notice', args=[pk])}?filed={_filed(reader, pk, form.cleaned_data)}")
            except JiefaError as reason:
                refusal, status = reason.message(reader.lang), 400
    clock = queries.clock(found, queries.objections(found))
    context = {"notice": _facts(reader, found, clock), "form": form, "refusal": refusal}
    return render(request, "site/public/object.html", context, status=status)


def _filed(reader: Reader, pk: int, typed: dict[str, Any]) -> int:
    """The number of the objection just filed. Raises what refuses it."""
    paper = bool(typed.get("paper"))
    made = actions.file_objection(
        notice_id=pk,
        text=typed["text"],
        channel=Channel.PAPER if paper else Channel.PAGE,
        on=timezone.localdate(),
        pack=reader.pack,
        name=typed["name"],
        contact=typed["contact"],
        line=typed["line"],
        by=reader.actor if paper else None,
    )
    return made.number


@public
def poster(reader: Reader, pk: int) -> HttpResponseBase:
    """The notice to hang on a wall, A3."""
    return _paper(reader, pk, "a3")


@public
def listing(reader: Reader, pk: int) -> HttpResponseBase:
    """The notice for the file, A4."""
    return _paper(reader, pk, "a4")


def _paper(reader: Reader, pk: int, size: papers.Size) -> HttpResponseBase:
    found = _notice(pk)
    # On paper the end is the one that was posted: what hangs on the wall does not change by itself.
    clock = Clock(found.until, False) if found.until else None
    facts = _facts(reader, found, clock)
    rows, _more = queries.lines(found, size=found.lines)
    address = reader.request.build_absolute_uri(reverse("site:notice", args=[pk]))
    content = papers.notice(reader, facts, shown.public_rows(reader, rows), address, size)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="notice-{pk}-{size}.pdf"'
    return answer
