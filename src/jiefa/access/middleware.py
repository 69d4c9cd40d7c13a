"""Puts the actor (the person with today's posts) on every request, and keeps first passwords from lasting."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone

from jiefa.access import queries
from jiefa.access.models import User
from jiefa.access.queries import Actor

OPEN_WITH_FIRST_PASSWORD = {"site:password", "site:sign-out", "site:language"}


def actor(request: HttpRequest) -> Actor:
    """The request's actor; nobody with no rights for a stranger."""
    found: Actor = getattr(request, "actor", None) or Actor("", {}, None)
    return found


class PostsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            request.actor = queries.actor_of(user, timezone.localdate())  # type: ignore[attr-defined]
            if user.must_change_password and resolve(request.path_info).view_name not in OPEN_WITH_FIRST_PASSWORD:
                return redirect("site:password")
        return self.get_response(request)
