"""Targets, letters of responsibility and the progress of months on the command line: told, signed, followed up, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.answering import PlaceOption
from jiefa.cli.assistance import YearOption
from jiefa.kernel.errors import terminal_language
from jiefa.planning.actions import confirming, letters, negotiating
from jiefa.planning.models import Target
from jiefa.planning.queries import letters as letter_queries
from jiefa.planning.queries import progress as progress_queries
from jiefa.planning.queries import promised
from jiefa.policy import Pack

PlaceArgument = Annotated[str, typer.Argument(help="区划代码 / code of the place")]
MetricOption = Annotated[str, typer.Option(help="指标，如 people / metric")]
DocumentOption = Annotated[str, typer.Option(help="文号 / document")]
ReasonOption = Annotated[str, typer.Option(help="理由 / reason")]
MonthOption = Annotated[int, typer.Option(min=1, max=12, help="月份 / month")]
WHAT, TARGET, DONE = ("指标", "what"), ("目标", "target"), ("完成", "done")


def _label(pack: Pack, metric: object) -> str:
    return pack.codes("planning_metric").label(str(metric), terminal_language())


def _columns(*named: tuple[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, show.words(*heading)) for key, heading in named]


def targets(place: PlaceArgument, year: YearOption, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """一个地方某年的目标、下级合计和差额 / the targets of a place in a year, the sum below, the difference and who signed for it."""
    who, pack = actor(as_user), policy.load()
    who.demand(Permission.STATISTICS_VIEW, areas.division(place).code)
    found = promised.of_year(place, year, drafts=False)
    rows = [_target_of(found[metric]) for metric in pack.codes("planning_metric").ids if metric in found]
    if as_json:
        show.as_json({"place": place, "year": year, "targets": rows})
        return
    states = pack.codes("target_state")
    shown = [
        row
        | {
            "metric": _label(pack, row["metric"]),
            "state": states.label(row["state"], terminal_language()) if row["state"] else "",
        }
        for row in rows
    ]
    columns = _columns(
        ("metric", WHAT),
        ("target", TARGET),
        ("state", ("状态", "state")),
        ("below", ("下级合计", "places below")),
        ("difference", ("差额", "difference")),
    )
    show.as_table(shown, columns, show.words("这一年没有目标。", "There is no target of the year."))


def _target_of(line: promised.Line) -> dict[str, Any]:
    return {
        "metric": line.metric,
        "target": line.own.value if line.own else None,
        "state": line.own.state if line.own else "",
        "below": line.sum_below,
        "difference": line.difference,
        "signed": line.signed,
        "by_place": {code: one.value for code, one in line.below.items()},
    }


def send_down(
    place: PlaceArgument,
    year: YearOption,
    document: DocumentOption,
    metric: MetricOption = "people",
    reason: ReasonOption = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """按最新规划把目标下达到下一级 / the targets sent to the places right below, each as the newest plan gave it."""
    made = negotiating.send_down(
        area_code=place,
        year=year,
        metric=metric,
        document=document,
        reason=reason,
        by=actor(as_user),
        pack=policy.load(),
    )
    _told(made, as_json)


def fix(
    place: PlaceArgument,
    year: YearOption,
    document: DocumentOption,
    metric: MetricOption = "people",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """把下一级已下达、已提议的目标确定下来 / what was sent to or proposed by the places right below, fixed as it stands."""
    made = negotiating.fix_below(
        area_code=place, year=year, metric=metric, document=document, by=actor(as_user), pack=policy.load()
    )
    _told(made, as_json)


def _told(made: list[Target], as_json: bool) -> None:
    if as_json:
        show.as_json([{"place": one.area_code, "value": one.value, "state": one.state} for one in made])
        return
    show.OUT.print(show.words(f"{len(made)} 个下级已告知。", f"{len(made)} places are told."))


def list_letters(
    year: YearOption, division: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """已签订的责任书 / the letters of responsibility that are signed."""
    within = actor(as_user).demand(Permission.STATISTICS_VIEW).narrowed(division)
    found = list(letter_queries.letters(within, year))
    names = areas.named(sorted({code for one in found for code in (one.area_code, one.upper_code)}))
    rows: list[dict[str, object]] = [
        {
            "letter": one.pk,
            "place": one.area_code,
            "name": names.get(one.area_code, one.area_code),
            "upper": names.get(one.upper_code, one.upper_code),
            "document": one.document,
            "signed_on": one.signed_on,
            "lines": len(one.lines),
        }
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = _columns(
        ("letter", ("编号", "no.")),
        ("name", ("责任方", "who answers")),
        ("upper", ("对谁负责", "to whom")),
        ("document", ("文号", "document")),
        ("signed_on", ("签订日期", "signed on")),
    )
    show.as_table(rows, columns, show.words("还没有责任书。", "There is no letter yet."))


def letter(
    number: Annotated[int, typer.Argument(help="责任书编号 / number of the letter")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """一份责任书逐条的目标、完成和差距 / a letter line by line: asked, done, what is left. Not counted is null, never 0."""
    pack = policy.load()
    found = letter_queries.letter(number, actor(as_user).demand(Permission.STATISTICS_VIEW))
    rows: list[dict[str, object]] = [
        {"metric": one.metric, "target": one.target, "planned": one.planned, "done": one.done, "gap": one.gap}
        for one in letter_queries.followed(found)
    ]
    if as_json:
        show.as_json(
            {
                "letter": found.pk,
                "place": found.area_code,
                "upper": found.upper_code,
                "year": found.year,
                "document": found.document,
                "signed_on": found.signed_on,
                "digest": found.digest,
                "lines": rows,
            }
        )
        return
    nothing = show.words("不统计", "not counted")
    shown = [
        row | {"metric": _label(pack, row["metric"])} | ({"done": nothing, "gap": ""} if row["done"] is None else {})
        for row in rows
    ]
    columns = _columns(
        ("metric", WHAT),
        ("target", TARGET),
        ("planned", ("规划", "planned")),
        ("done", DONE),
        ("gap", ("差距", "left")),
    )
    show.as_table(shown, columns, "")


def draw_letter(
    place: PlaceArgument,
    year: YearOption,
    document: DocumentOption,
    upper: Annotated[str, typer.Option(help="由哪一级起草，默认上一级 / drawn up by; the place right above")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """起草责任书，双方在事项里签字 / a letter drawn up; both sides sign in its dossier."""
    made = letters.draw_up(
        upper_code=upper or _above(place),
        area_code=place,
        year=year,
        document=document,
        by=actor(as_user),
        on=timezone.localdate(),
        pack=policy.load(),
    )
    if as_json:
        show.as_json({"dossier": made.pk, "lines": made.proposal["lines"]})
        return
    show.OUT.print(
        show.words(
            f"已起草，事项编号 {made.pk}，请双方签字。", f"Drawn up as dossier {made.pk}; both sides sign there."
        )
    )


def _above(place: str) -> str:
    """The place right above; a province itself."""
    return areas.division(place).parent_id or place


def progress(
    year: YearOption,
    month: MonthOption,
    division: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """一个地方到某月的进度、落后和预计 / how far a place and those below it have come: done, behind, foretold, confirmed."""
    who, pack = actor(as_user), policy.load()
    who.demand(Permission.STATISTICS_VIEW)
    place = areas.division(division or who.widest_area or "52")
    who.demand(Permission.STATISTICS_VIEW, place.code)
    found = progress_queries.standing(place, year, month, pack.codes("planning_metric").ids)
    places = [_progress_of(one) for one in (found.own, *found.below)]
    if as_json:
        show.as_json({"year": year, "month": month, "places": places})
        return
    rows: list[dict[str, object]] = [
        {
            "name": one["name"],
            "metric": _label(pack, metric),
            "target": row["target"],
            "done": show.words("不统计", "not counted") if row["done"] is None else row["done"],
            "behind": row["behind"],
            "expected": row["expected"],
            "confirmed": show.words("是", "yes") if one["confirmed"] else show.words("否", "no"),
        }
        for one in places
        for metric, row in one["metrics"].items()
        if one["place"] == place.code or row["target"] is not None
    ]
    columns = _columns(
        ("name", ("地区", "place")),
        ("metric", WHAT),
        ("target", TARGET),
        ("done", DONE),
        ("behind", ("落后", "behind")),
        ("expected", ("年底预计", "foretold")),
        ("confirmed", ("已确认", "confirmed")),
    )
    show.as_table(rows, columns, "")


def _progress_of(one: progress_queries.Place) -> dict[str, Any]:
    metrics: Mapping[str, dict[str, object]] = {
        row.metric: {
            "target": row.target.value if row.target else None,
            "months": list(row.months) if row.months is not None else None,
            "done": row.done,
            "ought": row.ought,
            "behind": row.behind,
            "method": row.forecast.method if row.forecast else None,
            "expected": row.forecast.expected if row.forecast else None,
            "least": row.forecast.least if row.forecast else None,
            "most": row.forecast.most if row.forecast else None,
            "reason": row.reason.reason if row.reason else "",
        }
        for row in one.rows.values()
    }
    return {
        "place": one.division.code,
        "name": one.division.name,
        "confirmed": one.confirmation is not None,
        "below": one.below,
        "below_confirmed": one.below_confirmed,
        "changed": {metric: list(pair) for metric, pair in one.changed.items()},
        "metrics": metrics,
    }


def confirm(
    place: PlaceArgument, year: YearOption, month: MonthOption, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """确认并锁定一个月的进度 / the progress of a month confirmed by the place itself, and locked."""
    (made,) = confirming.confirm(
        area_codes=[areas.division(place).code], year=year, month=month, by=actor(as_user), on=timezone.localdate()
    )
    if as_json:
        show.as_json({"place": place, "year": year, "month": month, "figures": made.figures})
        return
    show.OUT.print(show.words("已确认并锁定。", "Confirmed and locked."))


def unlock(
    place: PlaceArgument,
    year: YearOption,
    month: MonthOption,
    reason: ReasonOption,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """由上一级解锁已确认的月份 / a confirmed month unlocked by the place above, with the reason."""
    made = confirming.unlock(
        area_code=areas.division(place).code, year=year, month=month, reason=reason, by=actor(as_user)
    )
    if as_json:
        show.as_json({"place": place, "year": year, "month": month, "reason": made.reason})
        return
    show.OUT.print(show.words("已解锁。", "Unlocked."))
