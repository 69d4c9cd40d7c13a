"""Training and relocation on the command line: courses, coverage, settlement sites, hamlets, the four promises."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission, Scope
from jiefa.assistance.queries import gaps, promises, registers, training
from jiefa.assistance.queries import hamlets as hamlet_queries
from jiefa.assistance.rules import moving as rules
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor

training_app = typer.Typer(no_args_is_help=True, help="技能培训 / training")
relocation_app = typer.Typer(no_args_is_help=True, help="易地搬迁 / relocation")

PlaceOption = Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")]
YearOption = Annotated[int, typer.Option(help="年度 / year")]
Rows = list[dict[str, object]]
LEVELS = {0: 2, 2: 4, 4: 6, 6: 9, 9: 12}
"""Digits of what lies below a place of so many."""


def _within(as_user: str | None, place: str | None) -> Scope:
    return actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)


def _digits(within: Scope) -> int:
    """Of the places below the widest of the scope."""
    widest = min((len(area) for area in within.areas), default=0)
    return LEVELS.get(widest, 12)


def _tell(rows: Rows, columns: list[tuple[str, str]], empty: str, as_json: bool) -> None:
    if as_json:
        show.as_json(rows)
    else:
        show.as_table(rows, columns, empty)


@training_app.command(name="courses")
def list_courses(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """培训班及参训、到课、取证、就业 / courses with those who take part."""
    within = _within(as_user, place)
    courses = list(registers.courses(within, year))
    taking = training.taking(within, courses)
    rows: Rows = []
    for one in courses:
        found = taking.get((one.county_code, one.number), training.Taking())
        rows.append(
            {
                "county": one.county_code,
                "number": one.number,
                "trade": one.trade,
                "from_on": one.from_on,
                "to_on": one.to_on,
                "places": one.places,
                "people": found.people,
                "attendance": found.attendance(one.days),
                "certified": found.certified,
                "working": found.working,
            }
        )
    columns = [
        ("county", show.words("县", "county")),
        ("number", show.words("编号", "number")),
        ("trade", show.words("工种", "trade")),
        ("places", show.words("计划人数", "places")),
        ("people", show.words("参训", "taking part")),
        ("certified", show.words("取证", "certified")),
        ("working", show.words("就业", "working")),
    ]
    _tell(rows, columns, show.words("没有培训班。", "No course."), as_json)


@training_app.command()
def coverage(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """一户一人一技能覆盖率、应享受资助学生发放情况 / coverage of training and of grants, by place."""
    within = _within(as_user, place)
    asked = gaps.Asked(within, year, timezone.localdate(), policy.load())
    skill, pupils = gaps.coverage(asked, _digits(within)), gaps.paid_pupils(asked, _digits(within))
    none = gaps.Coverage(0, 0)
    rows: Rows = [
        {
            "place": code,
            "households": skill.get(code, none).households,
            "covered": skill.get(code, none).covered,
            "share": skill.get(code, none).share,
            "pupils": pupils.get(code, none).households,
            "paid": pupils.get(code, none).covered,
        }
        for code in sorted({*skill, *pupils})
    ]
    columns = [
        ("place", show.words("地方", "place")),
        ("households", show.words("有劳动力户", "with a labourer")),
        ("covered", show.words("有证户", "with a certificate")),
        ("pupils", show.words("应享受学生", "entitled pupils")),
        ("paid", show.words("已发放", "paid")),
    ]
    _tell(rows, columns, show.words("没有农户。", "No household."), as_json)


@relocation_app.command(name="promises")
def list_promises(
    year: YearOption,
    place: PlaceOption = None,
    by_site: Annotated[
        bool, typer.Option("--by-site", help="按安置点；不写则按地方 / by settlement site, else by place")
    ] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """搬得出、稳得住、能就业、有保障，入住率、拆旧率 / the four promises and the rates."""
    within = _within(as_user, place)
    places = {} if by_site else promises.by_place(within, year, _digits(within))
    sites = promises.by_site(within, year) if by_site else {}
    named = {**places, **{"/".join(key): one for key, one in sites.items()}}
    rows: Rows = []
    for name, one in named.items():
        row: dict[str, object] = {"place": name, "people": one.people, "moved_people": one.moved_people}
        for promise, share in one.shares.items():
            row |= {promise: share.kept, f"{promise}_of": share.of}
        rows.append(row | {"employed_a_household": one.employed_a_household})
    columns = [
        ("place", show.words("安置点", "site") if by_site else show.words("地方", "place")),
        ("moved_out_of", show.words("计划户", "planned")),
        ("moved_out", show.words("搬出", "moved out")),
        ("settled", show.words("稳住", "settled")),
        ("employed", show.words("就业", "employed")),
        ("secured", show.words("保障", "secured")),
        ("demolished", show.words("拆旧", "old houses down")),
    ]
    _tell(rows, columns, show.words("没有搬迁户。", "Nobody is to move."), as_json)


@relocation_app.command(name="sites")
def list_sites(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """安置点及已入住户数、人数 / settlement sites with those who moved in."""
    within = _within(as_user, place)
    found = promises.by_site(registers.counties(within), year)
    rows: Rows = []
    for one in registers.sites(within).iterator():
        standing = found.get((one.county_code, one.name), promises.Standing())
        rows.append(
            {
                "county": one.county_code,
                "name": one.name,
                "kind": one.kind,
                "flats_planned": one.flats_planned,
                "flats_built": one.flats_built,
                "people_planned": one.people_planned,
                "households": standing.shares.get("moved_out", promises.Share()).kept,
                "people": standing.moved_people,
                "too_many": hamlet_queries.excess(one, standing),
            }
        )
    columns = [
        ("county", show.words("县", "county")),
        ("name", show.words("安置点", "site")),
        ("flats_built", show.words("建成套数", "flats built")),
        ("households", show.words("入住户", "households")),
        ("people", show.words("入住人", "people")),
        ("too_many", show.words("超出", "too many")),
    ]
    _tell(rows, columns, show.words("没有安置点。", "No site."), as_json)


@relocation_app.command(name="hamlets")
def list_hamlets(
    year: YearOption, place: PlaceOption = None, as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """搬迁村寨、是否符合整寨搬迁条件、名单是否齐全 / hamlets, whether each may move as a whole, whether its list is whole."""
    within, pack = _within(as_user, place), policy.load()
    found = list(registers.hamlets(within))
    poor, on_lists = hamlet_queries.registered(found, year), hamlet_queries.listed(found, year)
    reasons, today = pack.codes("relocation_reason"), timezone.localdate()
    rows: Rows = []
    for one in found:
        key = (one.village_code, one.name)
        living, listed = hamlet_queries.living(one, poor.get(key)), on_lists.get(key, hamlet_queries.Listed())
        items = rules.eligibility(living, reasons, pack.at(one.decided_on or today))
        rows.append(
            {
                "village": one.village_code,
                "name": one.name,
                "households": living.households,
                "poor_households": living.poor_households,
                "eligible": rules.verdict(items),
                "items": {item.id: item.met for item in items},
                "decided_on": one.decided_on,
                "listed": listed.whole,
                "moved": listed.moved,
                "missing": hamlet_queries.missing(living, listed) if one.decided_on else None,
            }
        )
    columns = [
        ("village", show.words("村", "village")),
        ("name", show.words("村寨", "hamlet")),
        ("households", show.words("户", "households")),
        ("eligible", show.words("符合条件", "may move")),
        ("decided_on", show.words("确定日期", "decided on")),
        ("listed", show.words("名单户", "on the lists")),
        ("missing", show.words("缺", "missing")),
    ]
    _tell(rows, columns, show.words("没有搬迁村寨。", "No hamlet."), as_json)
