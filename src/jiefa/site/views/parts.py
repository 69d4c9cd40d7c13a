"""What every view needs: the reader on the request, only for the signed-in, and a page number that is a key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from jiefa.site.address import with_query
from jiefa.site.reader import Reader

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(view: Callable[Concatenate[Reader, P], HttpResponseBase]) -> View[P]:
    """A view for the signed-in that takes a ``Reader`` in place of the request."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        reader = Reader(request)
        request.reader = reader  # type: ignore[attr-defined]
        return view(reader, *args, **kwargs)

    return login_required(wrapped)  # type: ignore[return-value]


def key(request: HttpRequest, name: str) -> int | None:
    """The keyset mark ``after`` or ``before`` of the address; None when it is no number."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def neighbours(request: HttpRequest, next_after: int | None, previous_before: int | None) -> dict[str, str]:
    """``next_url`` and ``previous_url`` of a keyset page; empty where there is none."""
    return {
        "next_url": with_query(request, after=next_after, before=None) if next_after is not None else "",
        "previous_url": with_query(request, before=previous_before, after=None) if previous_before is not None else "",
    }
