"""The one gate: what a person may touch today, and the condition that keeps every query inside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from jiefa.access.models import Post, User
from jiefa.access.rules import PERMISSIONS, Permission, Role, Scope
from jiefa.kernel.errors import NotAllowed

Row = TypeVar("Row", bound=Model)


class Actor:
    """A signed-in person or the operator of the machine, with the posts of the day. Built once per request."""

    def __init__(
        self,
        name: str,
        grants: dict[Permission, Scope],
        user: User | None,
        posts: frozenset[tuple[Role, str]] = frozenset(),
    ) -> None:
        self.name = name
        self.user = user
        self.posts = posts
        """``(role, area)`` of every post of the day: steps of procedures belong to posts. The operator has none."""
        self._grants = grants

    def scope(self, permission: Permission) -> Scope:
        """Where ``permission`` holds; an empty scope where it does not."""
        return self._grants.get(permission, Scope(()))

    @property
    def rights(self) -> frozenset[Permission]:
        """The permissions that hold anywhere."""
        return frozenset(permission for permission, scope in self._grants.items() if scope)

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


def posts_on(user: User, on: dt.date) -> QuerySet[Post]:
    """The posts of ``user`` that hold that day."""
    return Post.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=on), user=user, from_date__lte=on)


def actor_of(user: User, on: dt.date) -> Actor:
    """``user`` with the posts that hold ``on`` that day."""
    held = posts_on(user, on).values_list("role", "area_id") if user.is_active else ()
    return holder(user.username, [(Role(role), area) for role, area in held], user)


def holder(name: str, posts: Iterable[tuple[Role, str]], user: User | None = None) -> Actor:
    """Whoever holds these posts, with all that follows from them."""
    held = frozenset(posts)
    of_role: dict[Role, Scope] = {
        role: Scope.over(area for other, area in held if other == role) for role in {role for role, _ in held}
    }
    areas: dict[Permission, list[Scope]] = {}
    for role, scope in of_role.items():
        for permission in PERMISSIONS[role]:
            areas.setdefault(permission, []).append(scope)
    grants = {
        # Most hold one post, and a scope of one role is what it is for every permission.
        permission: scopes[0] if len(scopes) == 1 else Scope.over(area for scope in scopes for area in scope.areas)
        for permission, scopes in areas.items()
    }
    return Actor(name, grants, user, held)


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


def with_post_on(users: QuerySet[User], on: dt.date) -> QuerySet[User]:
    """Those of ``users`` who hold a post that day."""
    held = Post.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=on), user=OuterRef("pk"), from_date__lte=on)
    return users.filter(Exists(held))


def locked_usernames(usernames: Iterable[str]) -> set[str]:
    """Those of ``usernames`` who are locked out at this moment after too many wrong passwords."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    found = AccessAttempt.objects.filter(
        username__in=list(usernames), failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return set(found.values_list("username", flat=True))


def full_names(usernames: Iterable[str]) -> dict[str, str]:
    """Full name by user name, for those that are users."""
    return dict(User.objects.filter(username__in=set(usernames)).values_list("username", "name"))


def holders(roles: Iterable[str], area: str, on: dt.date) -> list[str]:
    """The full names of who holds one of ``roles`` in exactly this ``area`` that day, by name."""
    posts = Post.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=on), from_date__lte=on, area_id=area)
    held = posts.filter(role__in=list(roles), user__is_active=True)
    return list(held.order_by("user__name").values_list("user__name", flat=True).distinct())


def users_in_state(users: QuerySet[User], state: str, on: dt.date) -> QuerySet[User]:
    """Those of ``users`` who are ``active`` or ``idle`` that day, have their ``first`` password, are ``locked``; all for ''."""
    if state == "active":
        return with_post_on(users, on)
    if state == "idle":
        return users.exclude(pk__in=with_post_on(users, on).order_by().values("pk"))
    if state == "first":
        return users.filter(must_change_password=True)
    if state == "locked":
        return users.filter(username__in=locked_usernames(users.values_list("username", flat=True)))
    return users


@dataclass(frozen=True, slots=True)
class Headcount:
    """The users of an area by what an administrator has to see to."""

    active: int
    first_password: int
    without_post: int
    locked: int


def headcount(within: Scope, on: dt.date) -> Headcount:
    """How the users inside the scope stand on that day."""
    users = users_in(within, "")
    active = with_post_on(users, on).count()
    names = users.values_list("username", flat=True)
    return Headcount(
        active=active,
        first_password=users.filter(must_change_password=True).count(),
        without_post=users.count() - active,
        locked=len(locked_usernames(names)),
    )
