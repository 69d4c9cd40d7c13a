"""Plans on the command line: the numbers of "33668"; plans down to the household made, shown, checked, compared."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from jiefa import policy, snapshots
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.cli import promises, received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.answering import PlaceOption
from jiefa.cli.assistance import YearOption
from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, Level
from jiefa.kernel.errors import JiefaError, terminal_language
from jiefa.kernel.money import format_yuan
from jiefa.planning.actions import lists, making
from jiefa.planning.models import Plan
from jiefa.planning.queries import action_plan as queries
from jiefa.planning.queries import checking, plans, stating

VILLAGE = LENGTH_OF_LEVEL[Level.VILLAGE]

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


NumberArgument = Annotated[int, typer.Argument(help="规划编号 / number of the plan")]


class WrongPair(JiefaError):
    code = "cli.wrong_pair"
    zh = "“{text}”不是“{form}”的写法。例如 {example}。"
    en = "{text!r} is not of the form {form}. For example {example}."


def _pairs(texts: list[str] | None, form: str, example: str) -> dict[str, str]:
    """``2016=1000`` and the like, by what stands before the sign. Raises ``WrongPair``."""
    found = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not (sign and name and value.replace(".", "", 1).isdecimal()):
            raise WrongPair(text=text, form=form, example=example)
        found[name] = value
    return found


@app.command()
def make(
    year: YearOption,
    division: PlaceOption = None,
    target: Annotated[list[str] | None, typer.Option(help="另设目标，如 2016=1000000 / another target")] = None,
    guarantee: Annotated[int | None, typer.Option(min=0, help="另设兜底人数 / another number guaranteed")] = None,
    line: Annotated[int | None, typer.Option(min=1, help="另设标准，元 / another line, yuan")] = None,
    capacity: Annotated[list[str] | None, typer.Option(help="能力倍数，如 relocation=0.8 / capacity times")] = None,
    note: Annotated[str, typer.Option(help="说明 / note")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """排规划：把目标分到每一户的年度和路径 / a plan: every household its year and pathway, with bound and gap."""
    who, pack = actor(as_user), policy.load()
    code = division or who.widest_area or "52"
    areas.division(code)
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME), year)
    form = _pairs(target, "YYYY=N", "2016=1000000")
    if any(not one.isdecimal() or not value.isdecimal() for one, value in form.items()):
        raise WrongPair(text=", ".join(target or ()), form="YYYY=N", example="2016=1000000")
    what = stating.asked_for(
        code,
        year,
        pack,
        targets={int(one): int(value) for one, value in form.items()},
        guarantee=guarantee,
        line_fen=None if line is None else line * 100,
        capacity_times={one: float(value) for one, value in _pairs(capacity, "NAME=X", "relocation=0.8").items()},
    )
    with show.counting(as_json, show.words("排规划", "planning")) as on_progress:
        made = making.make(what=what, snapshot=snapshot, pack=pack, by=who, note=note, on_progress=on_progress)
    _tell(made, as_json)


def _tell(made: Plan, as_json: bool) -> None:
    found = plans.total(made, made.area_code)
    if as_json:
        show.as_json(
            {
                "plan": made.pk,
                "objective": made.objective_yuan,
                "bound": made.bound_yuan,
                "gap": made.gap,
                "reduction": {str(year): found.left(year) for year in made.years},
                "guarantee": found.guaranteed,
                "unplanned": found.unplanned,
                "households": made.households,
                "seconds": made.seconds,
            }
        )
        return
    years = "，".join(f"{year}：{found.left(year):,}" for year in made.years)
    show.OUT.print(
        show.words(
            f"规划 {made.pk}：{made.households:,} 户 {made.people:,} 人；减贫 {years}；兜底 {found.guaranteed:,}；"
            f"未安排 {found.unplanned:,}。成本 {made.objective_yuan:,.0f} 元，"
            f"下界 {made.bound_yuan:,.0f} 元，差距 {made.gap:.3%}，用时 {made.seconds:.1f} 秒。",
            f"Plan {made.pk}: {made.households:,} households, {made.people:,} people; leave {years}; guaranteed {found.guaranteed:,}; "
            f"not planned {found.unplanned:,}. Cost {made.objective_yuan:,.0f} yuan, bound {made.bound_yuan:,.0f}, gap {made.gap:.3%}, {made.seconds:.1f} s.",
        )
    )


@app.command(name="list")
def list_plans(as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """已有的规划 / the plans there are."""
    within = actor(as_user).demand(Permission.STATISTICS_VIEW)
    rows: list[dict[str, object]] = [
        {
            "plan": one.pk,
            "place": one.area_code,
            "years": f"{one.first_year}-{one.last_year}",
            "households": one.households,
            "objective": one.objective_yuan,
            "gap": one.gap,
            "snapshot": one.snapshot,
            "note": one.note,
            "what_if": one.what_if,
        }
        for one in plans.plans(within)
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("plan", show.words("编号", "no.")),
        ("place", show.words("地区", "place")),
        ("years", show.words("年度", "years")),
        ("households", show.words("户", "households")),
        ("gap", show.words("差距", "gap")),
        ("note", show.words("说明", "note")),
    ]
    show.as_table(rows, columns, show.words("还没有规划。", "There is no plan yet."))


@app.command(name="show")
def show_plan(
    number: NumberArgument, division: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """规划在一个地方：下级各年人数；在村里是每一户 / a plan in a place: the places below; in a village, the households."""
    who, pack = actor(as_user), policy.load()
    within = who.demand(Permission.STATISTICS_VIEW)
    found = plans.plan(number, within)
    code = division or found.area_code
    within = within.narrowed(code)
    digits = plans.BELOW.get(len(code), len(code))
    places = {} if not within else plans.sums(found, code, digits)
    places = {place: one for place, one in places.items() if within.covers(place)}
    households = who.scope(Permission.HOUSEHOLD_VIEW).narrowed(code) if len(code) >= VILLAGE else Scope(())
    rows = [
        {
            "household": one.household_id,
            "village": one.village_code,
            "people": one.size,
            "year": one.year,
            "pathway": one.pathway,
            "lacks": [part for part in one.lacks.split(",") if part],
        }
        for one in plans.assignments(found, households)
    ]
    names = areas.named(sorted(places))
    by_place: list[dict[str, object]] = [
        {
            "place": place,
            "name": names.get(place, place),
            "reduction": {str(year): one.left(year) for year in found.years},
            "guarantee": one.guaranteed,
            "unplanned": one.unplanned,
            "pathways": one.by_pathway(),
        }
        for place, one in places.items()
    ]
    if as_json:
        show.as_json({"plan": found.pk, "division": code, "targets": by_place, "assignment": rows})
        return
    columns = [("name", show.words("地区", "place"))]
    columns += [(str(year), str(year)) for year in found.years]
    columns += [("guarantee", show.words("兜底", "guaranteed")), ("unplanned", show.words("未安排", "not planned"))]
    flat = [one | {str(year): places[str(one["place"])].left(year) for year in found.years} for one in by_place]
    show.as_table(flat, columns, show.words("这里没有人在规划里。", "Nobody here is in the plan."))
    if rows:
        labels = pack.codes("pathway")
        language = terminal_language()
        listed = [
            one | {"pathway": labels.label(str(one["pathway"]), language) if one["pathway"] else ""} for one in rows
        ]
        wanted = [
            ("household", show.words("户", "household")),
            ("people", show.words("人", "people")),
            ("year", show.words("年度", "year")),
            ("pathway", show.words("路径", "pathway")),
        ]
        show.as_table(listed, wanted, "")


@app.command()
def check(number: NumberArgument, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """重新核对规划的每一条约束，不合格时退出码 1 / every limit of a plan checked again from its rows; exit 1 where one is not kept."""
    found = plans.plan(number, actor(as_user).demand(Permission.STATISTICS_VIEW))
    broken = checking.broken(found, policy.load())
    if as_json:
        show.as_json({"plan": found.pk, "kept": not broken, "broken": [one.plain() for one in broken]})
    else:
        columns = [
            ("limit", show.words("约束", "limit")),
            ("place", show.words("地区", "place")),
            ("year", show.words("年度", "year")),
            ("allowed", show.words("应为", "allowed")),
            ("found", show.words("实为", "found")),
        ]
        show.as_table(
            [one.plain() for one in broken], columns, show.words("每一条约束都守住了。", "Every limit is kept.")
        )
    if broken:
        raise typer.Exit(1)


@app.command()
def compare(
    one: NumberArgument,
    other: Annotated[int, typer.Argument(help="另一个规划 / the other plan")],
    division: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """两个规划逐地对比 / two plans beside each other, by place."""
    within = actor(as_user).demand(Permission.STATISTICS_VIEW)
    before, after = plans.plan(one, within), plans.plan(other, within)
    code = division or max(before.area_code, after.area_code, key=len)
    digits = plans.BELOW.get(len(code), len(code))
    found = [row for row in plans.compared(before, after, code, digits) if within.covers(row.place)]
    names = areas.named([row.place for row in found])
    rows: list[dict[str, object]] = [
        {
            "place": row.place,
            "name": names.get(row.place, row.place),
            "before": {str(year): people for year, people in row.before.items()},
            "after": {str(year): people for year, people in row.after.items()},
            "guarantee": list(row.guaranteed),
            "moved": row.moved,
        }
        for row in found
    ]
    if as_json:
        told = {"cost": [before.objective_yuan, after.objective_yuan], "bound": [before.bound_yuan, after.bound_yuan]}
        show.as_json({**told, "places": rows})
        return
    years = sorted({year for row in found for year in row.before})
    flat = [
        one | {str(year): f"{row.before[year]:,} → {row.after[year]:,}" for year in years}
        for one, row in zip(rows, found, strict=True)
    ]
    columns = [("name", show.words("地区", "place")), *((str(year), str(year)) for year in years)]
    columns.append(("moved", show.words("户有变动", "households that differ")))
    show.as_table(flat, columns, show.words("没有可比的地方。", "There is nothing to compare."))


@app.command(name="load")
def load_list(
    kind: Annotated[str, typer.Argument(help="targets/capacities：目标、能力 / which list")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：名单 / list")],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where to write the report")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """目标或能力名单入库 / a list of targets or of capacities."""
    known = {"targets": lists.TARGETS, "capacities": lists.CAPACITIES}
    if kind not in known:
        raise PlanListUnknown(name=kind, known="、".join(known))
    received.send_in(known[kind], file, report, as_user, as_json=as_json)


class PlanListUnknown(JiefaError):
    code = "cli.plan_list_unknown"
    zh = "没有名为“{name}”的名单。可用的有：{known}。"
    en = "There is no list called {name!r}. There are: {known}."


for _name, _command in (
    ("targets", promises.targets),
    ("send-down", promises.send_down),
    ("fix", promises.fix),
    ("letters", promises.list_letters),
    ("letter", promises.letter),
    ("draw-letter", promises.draw_letter),
    ("progress", promises.progress),
    ("confirm", promises.confirm),
    ("unlock", promises.unlock),
):
    app.command(name=_name)(_command)
