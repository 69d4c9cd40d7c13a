"""Making users, giving and ending posts, setting passwords."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.db import transaction

from jiefa.access.models import Post, User
from jiefa.access.rules import LEVELS, Role
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.kernel import division_codes
from jiefa.kernel.errors import JiefaError

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class UserExists(JiefaError):
    code = "access.user_exists"
    zh = "用户名“{username}”已被使用，请换一个。"
    en = "The user name {username!r} is taken; choose another."


class PostWrongLevel(JiefaError):
    code = "access.post_level"
    zh = "角色“{role}”不能设在“{area}”这一级。请选择与角色相符的行政区划。"
    en = "A post of the role {role!r} cannot stand on the level of {area!r}. Choose a division of the role's own level."


def new_password() -> str:
    """A first password: 14 letters and digits without look-alikes, to be changed at the first sign-in."""
    return "".join(secrets.choice(ALPHABET) for _ in range(14))


@transaction.atomic
def create_user(*, username: str, name: str, password: str, by: str, must_change_password: bool = True) -> User:
    """The new user, who has no post yet and so sees nothing. Raises ``UserExists``, Django's ``ValidationError``."""
    if User.objects.filter(username=username).exists():
        raise UserExists(username=username)
    user = User(username=username, name=name, must_change_password=must_change_password)
    password_validation.validate_password(password, user)
    user.password = make_password(password)
    user.save(force_insert=True)
    audit.record(
        chain="system",
        by=by,
        action="user.created",
        object_type="user",
        object_id=username,
        diff={"name": name},
    )
    return user


@transaction.atomic
def give_post(*, user: User, role: Role, area: str, by: str, on: dt.date, until: dt.date | None = None) -> Post:
    """The new post. Raises ``DivisionUnknown``, ``PostWrongLevel``."""
    division = areas.division(area)
    if division_codes.level_of(area) not in LEVELS[role]:
        raise PostWrongLevel(role=role.value, area=division.name)
    post = Post.objects.create(user=user, role=role, area=division, from_date=on, to_date=until)
    audit.record(
        chain=area,
        by=by,
        action="post.given",
        object_type="user",
        object_id=user.username,
        diff={"role": role.value, "area": area, "from": on, "to": until},
    )
    return post


@transaction.atomic
def end_post(*, post: Post, by: str, on: dt.date) -> None:
    """The post holds for the last time ``on`` that day (on its first day at the earliest)."""
    last = max(on, post.from_date)
    Post.objects.filter(pk=post.pk).update(to_date=last)
    audit.record(
        chain=post.area_id,
        by=by,
        action="post.ended",
        object_type="user",
        object_id=post.user.username,
        diff={"role": post.role, "area": post.area_id, "to": last},
    )


@transaction.atomic
def set_password(*, user: User, password: str, by: str, must_change_password: bool) -> None:
    """The user's new password, checked by the validators. Raises Django's ``ValidationError``."""
    password_validation.validate_password(password, user)
    User.objects.filter(pk=user.pk).update(password=make_password(password), must_change_password=must_change_password)
    audit.record(
        chain="system",
        by=by,
        action="password.set",
        object_type="user",
        object_id=user.username,
        diff={"first": must_change_password},
    )


def set_language(*, user: User, language: str) -> None:
    """The language in which the user reads pages; a taste, not a right, so the log does not keep it."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def create_user_with_post(
    *, username: str, name: str, password: str, role: Role, area: str, by: str, on: dt.date
) -> User:
    """The new user with a first post, or neither. Raises as ``create_user`` and ``give_post``."""
    user = create_user(username=username, name=name, password=password, by=by)
    give_post(user=user, role=role, area=area, by=by, on=on)
    return user
