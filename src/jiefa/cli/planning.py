"""Plans on the command line: where the numbers of the action plan "33668" stand in a place and year."""

from __future__ import annotations

import datetime as dt

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
from jiefa.kernel.money import format_yuan
from jiefa.planning.queries import action_plan as queries

app = typer.Typer(no_args_is_help=True, help="计划与完成 / plans and where they stand")


@app.command(name="33668")
def action_plan(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """“33668”行动计划：五个数的目标和完成，六个到村到户、六个小康 / the five numbers and where each stands."""
    who, pack = actor(as_user), policy.load()
    who.demand(Permission.STATISTICS_VIEW)
    code = place or who.widest_area or "52"
    within = who.demand(Permission.STATISTICS_VIEW, areas.division(code).code).narrowed(code)
    on = min(timezone.localdate(), dt.date(year, 12, 31))
    found = queries.standing(queries.Asked(code, within, year, on, pack))
    plan, left = found.plan, found.left
    if as_json:
        show.as_json(
            {
                "place": code,
                "year": year,
                "on": on,
                "years": None
                if plan.span is None
                else {"first": plan.span.first, "last": plan.span.last, "passed": plan.span.passed(year)},
                "people": None
                if plan.people is None
                else {"target": left.target, "left": left.people, "by_year": left.by_year, "complete": left.complete},
                "lines": {
                    line: {"count": one.count, "of": one.of, "fen": one.fen} for line, one in found.lines.items()
                },
                "works": {
                    work: {
                        "villages": one.villages,
                        "accepted": one.accepted,
                        "planned_fen": one.planned_fen,
                        "spent_fen": one.spent_fen,
                    }
                    for work, one in found.works.items()
                },
                "income": None
                if plan.income_fen is None
                else {
                    "target_fen": plan.income_fen,
                    "counties": len(found.incomes),
                    "reached": found.counties_reached,
                    "by_county": {one.county: one.fen for one in found.incomes},
                },
            }
        )
        return
    language = terminal_language()
    labels, names = pack.codes("plan_line"), pack.codes("village_work")
    rows: list[dict[str, object]] = []
    if plan.span is not None:
        span = f"{plan.span.first}–{plan.span.last}"
        rows.append(_row(show.words("年", "years"), span, f"{plan.span.passed(year)} / {plan.span.years}"))
    if plan.people is not None:
        rows.append(_row(show.words("减少贫困人口", "people fewer in poverty"), left.target or "—", left.people))
    for line, one in found.lines.items():
        rows.append(_row(labels.label(line, language), "—" if one.of is None else one.of, one.count))
    for work, sums in found.works.items():
        rows.append(_row(names.label(work, language), sums.villages, sums.accepted))
    if plan.income_fen is not None:
        what = show.words("贫困县人均可支配收入（元）", "poor counties' income, yuan")
        rows.append(_row(what, format_yuan(plan.income_fen), f"{found.counties_reached} / {len(found.incomes)}"))
    columns = [
        ("what", show.words("项目", "what")),
        ("target", show.words("目标或总数", "target, or all")),
        ("stands", show.words("到此", "stands")),
    ]
    show.as_table(rows, columns, show.words("这一年没有这个计划。", "There was no such plan in the year."))


def _row(what: str, target: object, stands: object) -> dict[str, object]:
    return {"what": what, "target": target, "stands": stands}
