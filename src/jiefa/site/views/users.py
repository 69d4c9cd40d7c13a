"""Users and their posts, inside the administrator's area. No personal data of households is here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.utils import reset as unlock
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access import actions, queries
from jiefa.access.models import ROLE_LABELS, Post, User
from jiefa.access.rules import Permission, Role, Scope
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.site.address import with_query
from jiefa.site.forms import NewPost, NewUser, UserSearch
from jiefa.site.reader import Reader
from jiefa.site.views.parts import page

P = Permission
ROWS = 50


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


def _row(user: User, posts: list[Post], locked: set[str], today: dt.date) -> dict[str, Any]:
    return {
        "pk": user.pk,
        "username": user.username,
        "name": user.name,
        "posts": [_post(post, today) for post in posts],
        "last_seen": user.last_login,
        "locked": user.username in locked,
        "active": user.is_active,
        "must_change": user.must_change_password,
    }


@page
def users(reader: Reader) -> HttpResponseBase:
    within = reader.scope(P.USER_MANAGE)
    form = UserSearch(reader.request.GET)
    form.is_valid()
    text, state = form.cleaned_data.get("q") or "", form.cleaned_data.get("state") or ""
    today = timezone.localdate()
    matching = queries.users_in_state(queries.users_in(within, text), state, today)
    after = reader.request.GET.get("after", "")
    found = list((matching.filter(username__gt=after) if after else matching)[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    locked = queries.locked_usernames(user.username for user in found)
    by_user: dict[int, list[Post]] = {}
    for post in queries.posts_in(within).filter(user__in=found):
        by_user.setdefault(post.user_id, []).append(post)
    context = {
        "form": form,
        "rows": [_row(user, by_user.get(user.pk, []), locked, today) for user in found],
        "may_create": True,
        "next_url": with_query(reader.request, after=found[-1].username) if more else "",
        "previous_url": "",
    }
    return render(reader.request, "site/users.html", context)


@page
def new(reader: Reader) -> HttpResponseBase:
    reader.actor.demand(P.USER_MANAGE)
    form = NewUser(reader.request.POST or None)
    if reader.request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        password = actions.new_password()
        try:
            reader.actor.demand(P.USER_MANAGE, typed["area"])
            user = actions.create_user_with_post(
                username=typed["username"],
                name=typed["name"],
                password=password,
                role=Role(typed["role"]),
                area=typed["area"],
                by=reader.actor.name,
                on=timezone.localdate(),
            )
        except NotAllowed:
            form.add_error("area", _("This place lies outside your area."))
        except JiefaError as refused:
            form.add_error(None, refused.message(reader.lang))
        else:
            return _page(reader, user, first_password=password)
    context: dict[str, Any] = {
        "form": form,
        "user_row": None,
        "post_form": None,
        "first_password": "",
        "may_edit": True,
    }
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
        "user_row": _row(user, posts, queries.locked_usernames([user.username]), today),
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
        try:
            reader.actor.demand(P.USER_MANAGE, typed["area"])
            actions.give_post(
                user=found, role=Role(typed["role"]), area=typed["area"], by=by, on=today, until=typed["until"]
            )
        except NotAllowed:
            form.add_error("area", _("This place lies outside your area."))
            return _page(reader, found, post_form=form)
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
        messages.success(reader.request, _("Unlocked."))
    return redirect("site:user", pk)
