"""On whose behalf a command runs: a user with the posts of the day (``--as``), or the operator of the machine."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from jiefa.access import queries as access
from jiefa.access.models import User
from jiefa.access.queries import Actor
from jiefa.areas import queries as areas
from jiefa.kernel.errors import JiefaError


class UserUnknown(JiefaError):
    code = "cli.user_unknown"
    zh = "没有名为“{name}”的用户。用 jiefa user list 查看。"
    en = "There is no user called {name!r}. See jiefa user list."


AsOption = Annotated[
    str | None,
    typer.Option(
        "--as", envvar="JIEFA_USER", metavar="USER", help="以某用户的岗位和范围执行 / act within this user's posts"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


def actor(name: str | None) -> Actor:
    """The actor called ``name``; the operator, who may touch all areas on file, for ``None``. Raises ``UserUnknown``."""
    if name is None:
        return access.operator(tuple(areas.children(None).values_list("code", flat=True)))
    user = User.objects.filter(username=name).first()
    if user is None:
        raise UserUnknown(name=name)
    return access.actor_of(user, timezone.localdate())
