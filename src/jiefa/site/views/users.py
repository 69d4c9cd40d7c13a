"""Users and their posts, inside the administrator's area. No personal data of households is here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.utils import reset as unlock
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from jiefa.access import actions, queries
from jiefa.access.models import ROLE_LABELS, Post, User
from jiefa.access.rules import Permission, Role, Scope
from jiefa.kernel.errors import JiefaError
from jiefa.site.forms import NewPost, NewUser, UserSearch
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
ROWS = 200


def _post(post: Post, today: dt.date) -> dict[str, Any]:
    current = post.from_date <= today and (post.to_date is None or post.to_date >= today)
    return {
        "pk": post.pk,
        "role_label": ROLE_LABELS[Role(post.role)],
        "area": post.area.name,
        "from": post.from_date,
        "to": post.to_date,
        "current": current,
    }


def _row(user: User, posts: list[Post], today: dt.date) -> dict[str, Any]:
    return {
        "pk": user.pk,
        "username": user.username,
        "name": user.name,
        "posts": [_post(post, today) for post in posts],
        "last_seen": user.last_login,
        "locked": not user.is_active,
        "must_change": user.must_change_password,
    }


@page
def users(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.USER_MANAGE)
    form = UserSearch(reader.request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q") or ""
    today = timezone.localdate()
    found = queries.users_in(within, text)[:ROWS]
    by_user: dict[int, list[Post]] = {}
    for post in queries.posts_in(within).filter(user__in=found):
        by_user.setdefault(post.user_id, []).append(post)
    rows = [_row(user, by_user.get(user.pk, []), today) for user in found]
    return render(reader.request, "site/users.html", {"form": form, "rows": rows, "may_create": True})


@page
def new(reader: Reader) -> HttpResponseBase:
    reader.actor.demand(P.USER_MANAGE)
    form = NewUser(reader.request.POST or None)
    if reader.request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        reader.actor.demand(P.USER_MANAGE, typed["area"])
        password = actions.new_password()
        try:
            user = actions.create_user_with_post(
                username=typed["username"],
                name=typed["name"],
                password=password,
                role=Role(typed["role"]),
                area=typed["area"],
                by=reader.actor.name,
                on=timezone.localdate(),
            )
        except JiefaError as refused:
            form.add_error(None, refused.message(reader.lang))
        else:
            return _page(reader, user, first_password=password)
    context: dict[str, Any] = {"form": form, "user_row": None, "posts": [], "post_form": None, "first_password": "", "may_edit": True}
    return render(reader.request, "site/user.html", context)


def _found(pk: int, within: Scope) -> User:
    found = queries.users_in(within, "").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(reader: Reader, user: User, first_password: str = "", post_form: NewPost | None = None) -> HttpResponseBase:
    within = reader.scope(P.USER_MANAGE)
    posts = list(queries.posts_in(within).filter(user=user))
    today = timezone.localdate()
    context = {
        "form": None,
        "user_row": _row(user, posts, today),
        "posts": [_post(post, today) for post in posts],
        "post_form": post_form or NewPost(),
        "first_password": first_password,
        "may_edit": True,
    }
    return render(reader.request, "site/user.html", context)


@page
def user(reader: Reader, pk: int) -> HttpResponseBase:
    within = reader.scope(P.USER_MANAGE)
    found = _found(pk, within)
    if reader.request.method != "POST":
        return _page(reader, found)
    action = reader.request.POST.get("action", "")
    by, today = reader.actor.name, timezone.localdate()
    if action == "add-post":
        form = NewPost(reader.request.POST)
        if not form.is_valid():
            return _page(reader, found, post_form=form)
        typed = form.cleaned_data
        reader.actor.demand(P.USER_MANAGE, typed["area"])
        try:
            actions.give_post(
                user=found, role=Role(typed["role"]), area=typed["area"], by=by, on=today, until=typed["until"]
            )
        except JiefaError as refused:
            form.add_error(None, refused.message(reader.lang))
            return _page(reader, found, post_form=form)
    elif action == "end-post":
        post = queries.posts_in(within).filter(pk=reader.request.POST.get("post") or 0, user=found).first()
        if post is None:
            raise Http404
        actions.end_post(post=post, by=by, on=today - dt.timedelta(days=1))
    elif action == "reset-password":
        password = actions.new_password()
        actions.set_password(user=found, password=password, by=by, must_change_password=True)
        found.refresh_from_db()
        return _page(reader, found, first_password=password)
    elif action == "unlock":
        unlock(username=found.username)
    return redirect("site:user", pk)
