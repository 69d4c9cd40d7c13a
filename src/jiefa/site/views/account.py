"""Signing in and out, the password, the language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jiefa.access import actions
from jiefa.access.models import User
from jiefa.site.demo_users import shown_on_sign_in
from jiefa.site.forms import SignIn

LANGUAGE_DAYS = 365


def _safe_next(request: HttpRequest, fallback: str) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and allowed else fallback


def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; after success the page asked for, in the person's language."""
    form = SignIn(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        login(request, user)
        target = redirect(_safe_next(request, reverse("site:home")))
        if isinstance(user, User):
            _set_language(target, user.language)
        return target
    context = {"form": form, "next": request.GET.get("next", ""), "locked_until": None, "demo": shown_on_sign_in()}
    return render(request, "site/sign_in.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends."""
    logout(request)
    return redirect("site:sign-in")


@login_required
def password(request: HttpRequest) -> HttpResponse:
    """A new password; forced while the first one is still in use."""
    user = request.user
    assert isinstance(user, User)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new_password1"]
        actions.set_password(user=user, password=new, by=user.username, must_change_password=False)
        user.refresh_from_db()
        update_session_auth_hash(request, user)
        return redirect("site:home")
    return render(request, "site/password.html", {"form": form, "forced": user.must_change_password})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of the pages from now on; kept with the person when signed in."""
    chosen = request.POST.get("language", "")
    target = redirect(_safe_next(request, reverse("site:home")))
    if chosen in dict(settings.LANGUAGES):
        _set_language(target, chosen)
        if isinstance(request.user, User):
            actions.set_language(user=request.user, language=chosen)
    return target


def _set_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=LANGUAGE_DAYS * 86_400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
