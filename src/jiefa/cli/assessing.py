"""The assessment of counties on the command line: run and told point by point, what would gain most, figures sent in, appeals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.assessment.actions import appeals, lists, running
from jiefa.assessment.models import Point, Run
from jiefa.assessment.queries import gathering, runs
from jiefa.assessment.rules import explaining, refusals
from jiefa.cli import received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.assistance import YearOption
from jiefa.kernel.errors import JiefaError, Words, terminal_language
from jiefa.policy import Pack
from jiefa.policy.schemes import Scheme

app = typer.Typer(invoke_without_command=True, help="贫困县考核 / assessment of counties")

SchemeOption = Annotated[str, typer.Option("--scheme", metavar="ID", help="考核办法，如 key_counties / scheme")]
CountyOption = Annotated[str | None, typer.Option("--county", metavar="CODE", help="只看一个县 / one county alone")]
P = Permission


class OptionsNeeded(JiefaError):
    code = "cli.assess_options"
    zh = "请写明 --scheme 和 --year，例如 jiefa assess --scheme key_counties --year 2015。考核办法见 jiefa assess schemes。"
    en = "Name --scheme and --year, such as jiefa assess --scheme key_counties --year 2015. See jiefa assess schemes."


class NumberWrong(JiefaError):
    code = "cli.assess_number"
    zh = "“{value}”不是数字。请写成 9.5 这样。"
    en = "{value!r} is no number. Write it like 9.5."


@app.callback(invoke_without_command=True)
def assess(
    context: typer.Context,
    scheme: Annotated[str | None, typer.Option(metavar="ID", help="考核办法 / scheme")] = None,
    year: Annotated[int | None, typer.Option(help="年度 / year")] = None,
    county: CountyOption = None,
    kept: Annotated[
        bool, typer.Option("--kept", help="只看已有的最新结果，不重新计算 / the newest result, nothing computed")
    ] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """考核评分：计算并保存，逐项说明 / scored, kept, and told point by point."""
    if context.invoked_subcommand is not None:
        return
    who, pack = actor(as_user), policy.load()
    within = who.demand(P.STATISTICS_VIEW)
    if scheme is None or year is None:
        raise OptionsNeeded
    chosen = pack.scheme(scheme, year)
    if kept or not gathering.may_run(scheme=chosen, year=year, by=who):
        of = runs.newest(chosen, year)
    else:
        if county is not None and county not in gathering.assessed(chosen, year):
            raise _not_assessed(county)  # before a run is kept for nothing
        of = running.run(scheme=scheme, year=year, by=who, pack=pack)
    narrowed = within.narrowed(county)
    if county is not None and not runs.ranking(of, narrowed):
        raise _not_assessed(county)
    _tell(of, chosen, narrowed, as_json)


def _not_assessed(county: str) -> refusals.NotAssessed:
    return refusals.NotAssessed(place=areas.named([county]).get(county, county))


def _tell(of: Run, scheme: Scheme, within: Scope, as_json: bool) -> None:
    found, points = runs.ranking(of, within), runs.points_of(of, within)
    if as_json:
        show.as_json(
            [
                {
                    "county": one.area_code,
                    "group": one.group,
                    "score": one.hundredths / 100,
                    "grade": one.grade,
                    "rank": one.rank,
                    "vetoes": one.held,
                    "veto_figures": [_veto(veto) for veto in one.vetoes],
                    "items": [_item(point) for point in points.get(one.area_code, ())],
                    "ranked": one.ranked,
                    "run": of.pk,
                    "snapshot": of.snapshot,
                    "digest": of.digest,
                }
                for one in found
            ]
        )
        return
    names = areas.named([one.area_code for one in found])
    grades = {one.id: Words.of(one) for one in scheme.grades}
    groups = {one.id: Words.of(one) for one in scheme.groups}
    rows = [
        {
            "rank": f"{one.rank} / {one.ranked}",
            "name": names.get(one.area_code, one.area_code),
            "group": groups[one.group].say(terminal_language()),
            "score": one.hundredths / 100,
            "grade": grades[one.grade].say(terminal_language()),
            "vetoes": len(one.held) or None,
        }
        for one in found
    ]
    columns = [
        ("rank", show.words("名次", "rank")),
        ("name", show.words("地方", "place")),
        ("group", show.words("组", "group")),
        ("score", show.words("得分", "score")),
        ("grade", show.words("等次", "grade")),
        ("vetoes", show.words("否决项", "vetoes")),
    ]
    show.as_table(rows, columns, show.words("您的范围内没有考核对象。", "Nobody in your area is assessed."))


def _item(point: Point) -> dict[str, Any]:
    words = explaining.why(point.figure, point.hundredths, point.of_hundredths, point.workings)
    return {
        "indicator": point.item,
        "figure": point.figure,
        "source": point.source,
        "points": point.hundredths / 100,
        "of": point.of_hundredths / 100,
        "why": words.say(terminal_language()),
    }


def _veto(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "veto": kept["veto"],
        "figure": runs.veto_figure(kept),
        "holds": kept.get("holds", True),
        "source": kept["source"],
    }


@app.command(name="schemes")
def list_schemes(as_json: JsonOption = False) -> None:
    """有哪些考核办法 / the schemes there are."""
    language = terminal_language()
    rows = [
        {
            "scheme": one.id,
            "name": Words.of(one).say(language),
            "from": one.from_date,
            "to": one.to_date,
            "indicators": len(one.indicators),
            "groups": [group.id for group in one.groups],
            "assumption": one.assumption,
            "known_weights": [item.id for item in one.indicators if "weight" not in item.assumption],
        }
        for versions in policy.load().schemes().values()
        for one in versions
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [("scheme", "ID"), ("name", show.words("考核办法", "scheme")), ("from", show.words("自", "from"))]
    show.as_table(rows, columns, show.words("政策包里没有考核办法。", "The pack has no scheme."))


def _found(scheme: str, year: int, who: Actor, county: str, pack: Pack) -> tuple[Run, Scheme, list[Point]]:
    chosen = pack.scheme(scheme, year)
    of = runs.newest(chosen, year)
    return of, chosen, runs.points(runs.score(of, county, who.demand(P.STATISTICS_VIEW)))


@app.command()
def gains(
    scheme: SchemeOption,
    year: YearOption,
    county: Annotated[str, typer.Option(metavar="CODE", help="哪个县 / county")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """还能得分最多的指标 / what would gain most."""
    _of, chosen, points = _found(scheme, year, actor(as_user), county, policy.load())
    by_item = {one.item: one for one in points}
    labels = {one.id: Words.of(one) for one in chosen.indicators}
    told = explaining.gains([(one.item, one.hundredths, one.of_hundredths, one.workings) for one in points])
    rows = [
        {
            "indicator": one.item,
            "name": labels[one.item].say(terminal_language()),
            "gain": one.hundredths / 100,
            "figure": by_item[one.item].figure,
            "needed": explaining.needed(by_item[one.item].workings).say(terminal_language()),
        }
        for one in told
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("name", show.words("指标", "item")),
        ("gain", show.words("还可得分", "points to gain")),
        ("figure", show.words("现在", "now")),
        ("needed", show.words("满分要", "full points need")),
    ]
    show.as_table(rows, columns, show.words("各项都是满分。", "Every item has full points."))


@app.command(name="figures")
def load_figures(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：考核数据 / figures")],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """考核填报数据入库 / figures sent in for an assessment."""
    received.send_in(lists.FIGURES, file, report, as_user, as_json=as_json)


@app.command()
def appeal(
    scheme: SchemeOption,
    year: YearOption,
    county: Annotated[str, typer.Option(metavar="CODE", help="哪个县 / county")],
    item: Annotated[str, typer.Option(help="哪一项或否决项 / item or veto")],
    value: Annotated[str, typer.Option(help="应为多少 / what it ought to be")],
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """对一项数据提出申诉，按程序办理 / an appeal against one figure, as a dossier."""
    try:
        claimed = Decimal(value)
    except InvalidOperation:
        raise NumberWrong(value=value) from None
    pack = policy.load()
    of = runs.newest(pack.scheme(scheme, year), year)
    made = appeals.propose(
        run_number=of.pk,
        area_code=county,
        item=item,
        value=claimed,
        reason=reason,
        by=actor(as_user),
        on=timezone.localdate(),
        pack=pack,
    )
    if as_json:
        show.as_json({"dossier": made.pk, "step": made.step, "title": made.title})
    else:
        show.OUT.print(show.words(f"申诉已立卷：{made.pk}。", f"The appeal is dossier {made.pk}."))
