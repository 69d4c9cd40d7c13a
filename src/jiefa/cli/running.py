"""Setting up, the demonstration, the server."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from jiefa import policy
from jiefa.areas import bundled
from jiefa.areas.models import Division
from jiefa.cli import show
from jiefa.cli.actor import JsonOption
from jiefa.demo import build, users


def setup(
    divisions: Annotated[bool, typer.Option(help="同时导入自带的贵州区划 / load the bundled divisions too")] = True,
    as_json: JsonOption = False,
) -> None:
    """建库：建表，导入区划 / create the tables and load the divisions. Safe to run again."""
    call_command("migrate", verbosity=0)
    count = 0
    if divisions and not Division.objects.exists():
        count = bundled.load(by="setup")
    if as_json:
        show.as_json({"database": settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1], "divisions": count})
    else:
        show.OUT.print(show.words(f"已就绪；导入区划 {count} 条。", f"Ready; {count} divisions loaded."))


def serve(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8000,
    workers: Annotated[int, typer.Option()] = 2,
) -> None:
    """启动网页服务 / start the web server."""
    show.OUT.print(show.words(f"解法已启动：http://{host}:{port}", f"Jiefa runs at http://{host}:{port}"))
    Granian(
        "jiefa.config.wsgi:application", address=host, port=port, workers=workers, interface=Interfaces.WSGI
    ).serve()


def demo(
    scale: Annotated[float, typer.Option(min=0.001, max=1.0, help="比例 / share of the province")] = 0.01,
    seed: Annotated[int, typer.Option(help="随机种子 / seed")] = 2015,
    until: Annotated[int, typer.Option(min=2013, max=2020, help="到哪一年 / last year")] = 2015,
    register_only: Annotated[
        bool,
        typer.Option(
            "--register-only", help="只要登记册和它的历史，不要帮扶、资金和监督 / the register and its history alone"
        ),
    ] = False,
    dossiers: Annotated[
        bool,
        typer.Option(
            help="历年的识别和退出是否补办案卷；不补则按各年年末原样接管 / past decisions as dossiers, or taken over as each year ended"
        ),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """建一个虚构的贵州（经正常的导入、检查、入库），含各年快照 / build a synthetic Guizhou."""
    with show.steps(as_json, {}) as on_step:
        built = build.build(
            scale=scale,
            seed=seed,
            until=until,
            register_only=register_only,
            dossiers=dossiers,
            pack=policy.load(),
            on_step=on_step,
        )
    accounts = [{"username": u.username, "role": u.role, "area": u.area} for u in users.USERS]
    if as_json:
        show.as_json({**built.plain(), "password": users.PASSWORD, "users": accounts})
        return
    show.OUT.print(
        show.words(
            f"虚构的贵州（比例 {scale:g}）：{built.households:,} 户，{built.persons:,} 人，2013–{until} 年。",
            f"A synthetic Guizhou (scale {scale:g}): {built.households:,} households, {built.persons:,} people, 2013-{until}.",
        )
    )
    rows = [{"username": u.username, "who": show.words(u.label_zh, u.label_en)} for u in users.USERS]
    columns = [("username", show.words("用户名", "user")), ("who", show.words("岗位", "post"))]
    show.as_table(rows, columns, "")
    show.OUT.print(show.words(f"密码都是 {users.PASSWORD}", f"All have the password {users.PASSWORD}"))
