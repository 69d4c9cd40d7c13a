"""Pairings on the command line: who with which place, what was promised and what came, coverage and gaps."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.answering import PlaceOption
from jiefa.kernel.errors import terminal_language
from jiefa.kernel.money import format_yuan
from jiefa.responsibility.queries import pairings
from jiefa.responsibility.queries.pairings import Money

OnOption = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="哪一天的情况，默认今天 / as of which day, default today"),
]

pairings_app = typer.Typer(no_args_is_help=True, help="结对关系 / pairings")


def _day(on: dt.datetime | None) -> dt.date:
    return on.date() if on else timezone.localdate()


@pairings_app.command(name="list")
def list_pairings(
    place: PlaceOption = None,
    kind: Annotated[str, typer.Option(help="哪种结对关系（代码） / code of pairing_kind")] = "",
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """结对关系及其承诺、到位 / pairings with what was promised and what came."""
    within, day = actor(as_user).demand(Permission.STATISTICS_VIEW).narrowed(place), _day(on)
    found = pairings.page(pairings.inside(within, day), kind)
    money = pairings.money([one.pk for one in found], day) if found else {}
    rows = [
        {
            "organisation": one.organisation.name,
            "leader": one.leader.number if one.leader else None,
            "kind": one.kind,
            "place": one.area_code,
            "since": one.from_date,
            "promised_fen": (own := money.get(one.pk, Money())).promised,
            "arrived_fen": own.arrived,
        }
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("organisation", show.words("单位", "organisation")),
        ("kind", show.words("关系", "kind")),
        ("place", show.words("地区", "place")),
        ("promised", show.words("承诺（元）", "promised, yuan")),
        ("arrived", show.words("到位（元）", "arrived, yuan")),
    ]
    shown = [
        {**row, "promised": format_yuan(row["promised_fen"]), "arrived": format_yuan(row["arrived_fen"])}  # type: ignore[arg-type]
        for row in rows
    ]
    show.as_table(shown, columns, show.words("没有结对关系。", "No pairing."))


@pairings_app.command()
def coverage(
    place: PlaceOption = None,
    on: OnOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """按结对关系汇总单位、地区、资金，列出尚缺的地方；有缺口时退出码为 1 / sums and gaps; exit status 1 where there are gaps."""
    within, day, pack = actor(as_user).demand(Permission.STATISTICS_VIEW).narrowed(place), _day(on), policy.load()
    kinds, duties = pairings.by_kind(within, day, pack), pairings.duties(within, day)
    together = pairings.concentrated(within, day)
    labels, owed = pack.codes("pairing_kind"), pack.codes("pairing_duty")
    if as_json:
        show.as_json(
            {
                "on": day,
                "kinds": {
                    one.kind: {
                        "organisations": one.organisations,
                        "leaders": one.leaders,
                        "places": one.places,
                        "counties": one.counties,
                        "promised_fen": one.money.promised,
                        "arrived_fen": one.money.arrived,
                        "arrived_this_year_fen": one.money.arrived_this_year,
                    }
                    for one in kinds
                },
                "duties": {
                    one.kind: {"wanted": one.wanted, "covered": one.covered, "missing": one.missing} for one in duties
                },
                "concentrated": {
                    "townships": together.townships,
                    "counties": together.counties,
                    "fiscal_fen": together.fiscal_fen,
                    "department_fen": together.department_fen,
                },
            }
        )
    else:
        rows = [
            {
                "kind": labels.label(one.kind, terminal_language()),
                "units": one.leaders or one.organisations,
                "places": one.places,
                "promised": format_yuan(one.money.promised),
                "arrived": format_yuan(one.money.arrived),
                "this_year": format_yuan(one.money.arrived_this_year),
            }
            for one in kinds
            if one.places
        ]
        columns = [
            ("kind", show.words("关系", "kind")),
            ("units", show.words("单位或领导", "units or leaders")),
            ("places", show.words("地区", "places")),
            ("promised", show.words("承诺（元）", "promised, yuan")),
            ("arrived", show.words("到位（元）", "arrived, yuan")),
            ("this_year", show.words("本年到位（元）", "this year, yuan")),
        ]
        show.as_table(rows, columns, show.words("没有结对关系。", "No pairing."))
        names = areas.named(sorted({code for one in duties for code in one.missing}))
        for one in duties:
            missing = "、".join(names.get(code, code) for code in one.missing) or "—"
            label = owed.label(one.kind, terminal_language())
            said = show.words(f"尚缺：{missing}", f"without: {missing}")
            show.OUT.print(f"{label}  {one.covered} / {one.wanted}  {said}")
    if any(one.missing for one in duties):
        raise typer.Exit(1)
