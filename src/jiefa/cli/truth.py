"""Truth checks of a year: questions that its figures raise, each with its numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.kernel.errors import terminal_language
from jiefa.responsibility.queries import people
from jiefa.truth.actions import checking
from jiefa.truth.queries import results
from jiefa.truth.rules import limits as asked
from jiefa.truth.rules import questions


def truth(
    year: Annotated[int, typer.Option("--year", help="哪一年 / which year")],
    division: Annotated[str, typer.Option(help="哪个地方 / which division")] = "52",
    check: Annotated[str | None, typer.Option("--check", help="只做这一项 / this check alone")] = None,
    every: Annotated[bool, typer.Option("--all", help="没有提问的也列出 / also what nothing is asked of")] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """真实性检查：收入贴线、整数堆积、卡片和走访雷同、同日退出、恰好完成 / questions that the figures raise."""
    who = actor(as_user)
    within = who.demand(Permission.STATISTICS_VIEW, division).narrowed(division)
    wanted = results.named(check) if check is not None else None
    place = areas.division(division)
    pack = policy.load()
    snapshot = casework.current(year=year, pack=pack, by=who.name)
    checking.check(snapshot, pack)
    found = results.every(snapshot, pack, within, wanted)
    codes = pack.codes("truth_check")
    names = areas.named(sorted({one.division for one in found} | {place.code}))
    limits = asked.of(pack.for_year(year))
    # Names of cadres are for those who see households; others get the number.
    may_name = who.may(Permission.HOUSEHOLD_VIEW, division)
    named = people.by_key({one.unit for one in found if one.unit is not None}) if may_name else {}
    rows: list[dict[str, object]] = []
    for one in found:
        if one.asked or every:
            cadre = named.get(one.unit) if one.unit is not None else None
            name = names.get(one.division, one.division) if one.unit is None else cadre.name if cadre else str(one.unit)
            said = questions.question(
                one.check, limits, n=one.n, observed=one.observed, expected=one.expected, mark=one.mark, name=name
            )
            rows.append(
                {
                    "check": one.check.value,
                    "label": codes.label(one.check.value, terminal_language()),
                    "division": one.division,
                    "name": name,
                    "cadre": one.unit,
                    "n": one.n,
                    "observed": one.observed,
                    "expected": round(one.expected, 4),
                    "p": one.p,
                    "q": one.q,
                    "asked": one.asked,
                    "question": said.say(terminal_language()),
                }
            )
    if as_json:
        show.as_json({"snapshot": snapshot.id, "division": place.code, "judged": len(found), "checks": rows})
        return
    columns = [
        ("label", show.words("检查", "check")),
        ("division", show.words("代码", "code")),
        ("question", show.words("问题", "question")),
        ("q", show.words("q值", "q")),
    ]
    show.as_table(rows, columns, show.words("没有要问的。", "Nothing is asked."))
