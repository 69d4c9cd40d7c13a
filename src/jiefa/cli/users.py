"""People who sign in: making them, giving them posts."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils import timezone

from jiefa.access import actions
from jiefa.access.models import Post, User
from jiefa.access.rules import Permission, Role
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, UserUnknown, actor
from jiefa.kernel.errors import JiefaError

app = typer.Typer(no_args_is_help=True, help="用户和岗位 / users and posts")


class PostIncomplete(JiefaError):
    code = "cli.post_incomplete"
    zh = "--role 和 --area 要一起写：岗位由角色和地方组成。没有建立用户。"
    en = "--role and --area go together: a post is a role in an area. No user was created."


class DateWrong(JiefaError):
    code = "cli.date_wrong"
    zh = "“{text}”不是日期，请写成 2016-12-31 的样子。"
    en = "{text!r} is no date; write it like 2016-12-31."


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise DateWrong(text=text) from None


def _user(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        raise UserUnknown(name=name)
    return found


@app.command()
def create(
    username: str,
    name: Annotated[str, typer.Option(help="姓名 / full name")] = "",
    role: Annotated[Role | None, typer.Option(help="岗位 / role")] = None,
    area: Annotated[str | None, typer.Option(help="岗位所在区划代码 / area code")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="JIEFA_NEW_PASSWORD", help="不给则自动生成 / made when absent")
    ] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """新建用户（可同时给岗位）；首次登录必须改密码 / create a user, who must change the first password."""
    who = actor(as_user)
    who.demand(Permission.USER_MANAGE, area)
    if (role is None) != (area is None):
        raise PostIncomplete
    first = password or actions.new_password()
    try:
        user = actions.create_user(username=username, name=name or username, password=first, by=who.name)
    except ValidationError as refused:
        sys.stderr.write("\n".join(refused.messages) + "\n")
        raise typer.Exit(2) from None
    if role is not None and area is not None:
        actions.give_post(user=user, role=role, area=area, by=who.name, on=timezone.localdate())
    if as_json:
        show.as_json({"username": username, "password": first, "role": role, "area": area})
    else:
        show.OUT.print(
            show.words(f"用户 {username} 已建立，首次密码 {first}", f"User {username} created; first password {first}")
        )


@app.command()
def post(
    username: str,
    role: Annotated[Role, typer.Option()],
    area: Annotated[str, typer.Option()],
    until: Annotated[str | None, typer.Option(help="到哪天止 YYYY-MM-DD / last day")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """给用户一个岗位 / give a user a post."""
    who = actor(as_user)
    who.demand(Permission.USER_MANAGE, area)
    last = _date(until)
    made = actions.give_post(
        user=_user(username), role=role, area=area, by=who.name, on=timezone.localdate(), until=last
    )
    if as_json:
        show.as_json({"post": made.pk, "username": username, "role": role, "area": area})
    else:
        show.OUT.print(show.words("岗位已设。", "Post given."))


@app.command(name="list")
def list_users(as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """用户和岗位一览 / users and their posts."""
    who = actor(as_user)
    within = who.demand(Permission.USER_MANAGE)
    rows = [
        {
            "username": post.user.username,
            "name": post.user.name,
            "role": post.role,
            "area": post.area_id,
            "from": post.from_date.isoformat(),
            "to": post.to_date.isoformat() if post.to_date else None,
        }
        for post in Post.objects.select_related("user").order_by("user__username")
        if within.covers(post.area_id)
    ]
    if as_json:
        show.as_json(rows)
    else:
        columns = [(key, key) for key in ("username", "name", "role", "area", "from", "to")]
        show.as_table(rows, columns, show.words("还没有用户。", "No users yet."))
