"""The one gate: what a person may touch today, and the condition that keeps every query inside it."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from jiefa.access.models import Post, User
from jiefa.access.rules import PERMISSIONS, Permission, Role, Scope
from jiefa.kernel.errors import NotAllowed

Row = TypeVar("Row", bound=Model)


class Actor:
    """A signed-in person or the operator of the machine, with the posts of the day. Built once per request."""

    def __init__(self, name: str, grants: dict[Permission, Scope], user: User | None) -> None:
        self.name = name
        self.user = user
        self._grants = grants

    def scope(self, permission: Permission) -> Scope:
        """Where ``permission`` holds; an empty scope where it does not."""
        return self._grants.get(permission, Scope(()))

    def may(self, permission: Permission, code: str | None = None) -> bool:
        """Whether ``permission`` holds anywhere, or in the place ``code``."""
        scope = self.scope(permission)
        return bool(scope) if code is None else scope.covers(code)

    def demand(self, permission: Permission, code: str | None = None) -> Scope:
        """The scope of ``permission``. Raises ``NotAllowed`` when it does not hold (in ``code``)."""
        if not self.may(permission, code):
            raise NotAllowed(what=permission.value)
        return self.scope(permission)

    def reaches(self, code: str) -> bool:
        """Whether any permission of this person holds in the place ``code``."""
        return any(scope.covers(code) for scope in self._grants.values())

    @property
    def widest_area(self) -> str | None:
        """The broadest area of any post, first by code; where this person's pages begin."""
        areas = {area for scope in self._grants.values() for area in scope.areas}
        return min(areas, key=lambda area: (len(area), area)) if areas else None


def actor_of(user: User, on: dt.date) -> Actor:
    """``user`` with the posts that hold ``on`` that day."""
    posts = Post.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=on), user=user, from_date__lte=on)
    areas: dict[Permission, list[str]] = {}
    for role, area in posts.values_list("role", "area_id"):
        for permission in PERMISSIONS[Role(role)]:
            areas.setdefault(permission, []).append(area)
    grants = {permission: Scope.over(places) for permission, places in areas.items()} if user.is_active else {}
    return Actor(user.username, grants, user)


def operator(areas: tuple[str, ...]) -> Actor:
    """Whoever runs commands on the machine itself and thereby already holds database and keys: all of ``areas``."""
    return Actor("operator", {permission: Scope(areas) for permission in Permission}, None)


def gate(rows: QuerySet[Row], within: Scope, column: str = "village_code") -> QuerySet[Row]:
    """``rows`` whose ``column`` lies inside the scope: one index seek per prefix; none for an empty scope."""
    if not within:
        return rows.none()
    inside = Q()
    for low, high in within.ranges():
        inside |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
    return rows.filter(inside)


def posts_in(within: Scope) -> QuerySet[Post]:
    """Posts standing inside the scope."""
    return gate(Post.objects.select_related("user", "area"), within, "area_id")


def users_in(within: Scope, text: str) -> QuerySet[User]:
    """The users with a post, past or present, inside the scope, whose name holds ``text``; by user name."""
    found = User.objects.filter(pk__in=posts_in(within).order_by().values("user_id"))
    if text:
        found = found.filter(Q(username__contains=text) | Q(name__contains=text))
    return found.order_by("username")
