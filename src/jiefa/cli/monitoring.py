"""After exit on the command line: leads, watches, help that went on, the score that orders visits and its card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import received, show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.cli.answering import PlaceOption
from jiefa.cli.assistance import YearOption
from jiefa.kernel.errors import JiefaError, terminal_language
from jiefa.monitoring.actions import events as event_actions
from jiefa.monitoring.actions import lists, scoring
from jiefa.monitoring.models import ModelCard
from jiefa.monitoring.queries import cards, events, kept, model_cards, watches
from jiefa.monitoring.queries.cards import NoSnapshot
from jiefa.monitoring.rules.tables import STATES, STOPPED

P = Permission
BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}
MOST = 10_000
"""Rows printed at once; more than that is a matter for the export of the page."""

app = typer.Typer(
    no_args_is_help=True, help="退出后的监测 / after exit: leads, watches, help kept, the order of visits"
)

StateOption = Annotated[str, typer.Option(help="状态 / state")]
NumberArgument = Annotated[int, typer.Argument(help="编号 / number")]


class WatchUnknown(JiefaError):
    code = "cli.watch_unknown"
    zh = "没有编号为 {number} 的监测对象。用 jiefa watch list 查看。"
    en = "There is no watch number {number}. See jiefa watch list."


class CardUnknown(JiefaError):
    code = "cli.model_card_unknown"
    zh = "还没有这样的模型说明卡。请先运行 jiefa watch score --year YYYY。"
    en = "There is no such model card yet. Run jiefa watch score --year YYYY first."


class StateUnknown(JiefaError):
    code = "cli.state_unknown"
    zh = "没有“{state}”这种状态，可选：{known}。"
    en = "There is no state {state!r}; choose one of {known}."


def _one_of(state: str, known: tuple[str, ...]) -> str:
    if state not in known:
        raise StateUnknown(state=state, known=", ".join(known))
    return "" if state == "all" else state


@app.command()
def search(year: YearOption, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """从当年卡片（最新快照）筛查风险线索，每张卡每种情形只一条 / leads from the cards of the year's newest snapshot."""
    who, pack = actor(as_user), policy.load()
    snapshot = cards.newest(year)
    if snapshot is None:
        raise NoSnapshot(year=year)
    found = event_actions.raise_from_cards(snapshot=snapshot, by=who, pack=pack)
    if as_json:
        show.as_json(
            {"snapshot": found.snapshot, "found": found.found, "new": found.new, "by_trigger": found.by_trigger}
        )
        return
    show.OUT.print(
        show.words(
            f"快照 {found.snapshot}：筛出 {found.found} 条，新增线索 {found.new} 条。线索须入户核实，不是结论。",
            f"Snapshot {found.snapshot}: {found.found} triggers, {found.new} new leads. A lead is looked into, never a verdict.",
        )
    )


@app.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="部门预警名单 / workbook of warnings")],
    report: Annotated[Path | None, typer.Option(help="检查结果写到哪里 / where the report goes")] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入部门预警名单（另一人复核后成为线索） / a list of departments' warnings; a second officer accepts it."""
    received.send_in(lists.WARNINGS, file, report, as_user, as_json=as_json)


@app.command()
def leads(
    place: PlaceOption = None, state: StateOption = "open", as_user: AsOption = None, as_json: JsonOption = False
) -> None:
    """风险线索（open、followed、closed、all） / leads inside a division."""
    within = actor(as_user).demand(P.DOSSIER_VIEW).narrowed(place)
    wanted, pack, language = _one_of(state, ("open", "followed", "closed", "all")), policy.load(), terminal_language()
    rows: list[dict[str, object]] = [
        {
            "lead": one.pk,
            "household": one.household.number,
            "place": one.village_code,
            "trigger": one.trigger,
            "source": one.source,
            "on": one.on,
            "state": one.state,
            "dossier": one.dossier,
        }
        for one in events.events(within, wanted)[:MOST]
    ]
    if as_json:
        show.as_json(rows)
        return
    names = pack.codes("watch_trigger")
    columns = [
        ("lead", show.words("编号", "no.")),
        ("household", show.words("户编号", "household")),
        ("place", show.words("村", "village")),
        ("label", show.words("风险情形", "trigger")),
        ("on", show.words("日期", "day")),
        ("state", show.words("状态", "state")),
    ]
    said = [row | {"label": names.label(str(row["trigger"]), language)} for row in rows]
    show.as_table(said, columns, show.words("没有这样的线索。", "No such lead."))


@app.command(name="list")
def list_watches(
    place: PlaceOption = None,
    state: Annotated[str, typer.Option(help="open、removed、relapsed、closed、all 或 unmeasured（没有措施）")] = "open",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """监测对象 / who is watched; unmeasured: without a measure."""
    within = actor(as_user).demand(P.HOUSEHOLD_VIEW).narrowed(place)
    known = ("open", "removed", "relapsed", "closed", "all", "unmeasured")
    wanted, pack, language = _one_of(state, known), policy.load(), terminal_language()
    found = list(
        (watches.without_measures(within) if wanted == "unmeasured" else watches.watches(within, wanted))[:MOST]
    )
    measures = watches.measures_of(found)
    rows: list[dict[str, object]] = [
        {
            "watch": one.pk,
            "household": one.household.number,
            "place": one.household.village_code,
            "group": one.group,
            "triggers": one.triggers,
            "since": one.since,
            "ended": one.ended,
            "measures": len(measures.get(one.pk, ())),
        }
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    names = pack.codes("watched_group")
    columns = [
        ("watch", show.words("编号", "no.")),
        ("household", show.words("户编号", "household")),
        ("place", show.words("村", "village")),
        ("label", show.words("类型", "group")),
        ("since", show.words("监测起", "since")),
        ("measures", show.words("措施", "measures")),
    ]
    said = [row | {"label": names.label(str(row["group"]), language)} for row in rows]
    show.as_table(said, columns, show.words("没有监测对象。", "Nobody is watched."))


@app.command(name="show")
def show_watch(number: NumberArgument, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """一个监测对象：情形、措施、消除风险的条件 / one watch, with what its removal asks."""
    found = watches.watch(number, actor(as_user).demand(P.HOUSEHOLD_VIEW))
    if found is None:
        raise WatchUnknown(number=number)
    pack, language = policy.load(), terminal_language()
    review = watches.review(found, timezone.localdate(), pack)
    measures = watches.measures_of([found]).get(found.pk, [])
    items = review.items if review is not None else ()
    if as_json:
        show.as_json(
            {
                "watch": found.pk,
                "household": found.household.number,
                "group": found.group,
                "triggers": found.triggers.split(","),
                "since": found.since,
                "ended": found.ended,
                "measures": [{"sort": sort, "code": code} for sort, code in measures],
                "items": {one.id: one.met for one in items},
                "flags": list(review.flags) if review is not None else [],
            }
        )
        return
    group = pack.codes("watched_group").label(found.group, language)
    show.OUT.print(f"{found.household.number}  {group}  {found.since}  {found.ended or '—'}")
    rows = [{"item": one.label.say(language), "found": one.found.say(language)} for one in items]
    columns = [("item", show.words("条件", "item")), ("found", show.words("情况", "found"))]
    show.as_table(rows, columns, show.words("没有卡片。", "No card."))


@app.command(name="kept")
def kept_policies(
    year: YearOption,
    place: PlaceOption = None,
    state: Annotated[
        str, typer.Option(help="列出这种状态的每一项：stopped、kept、begun / list every one in this state")
    ] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """摘帽不摘政策：脱贫后继续和停止的帮扶，按地方；或谁在何时停了什么 / help after exit by place, or who lost what when."""
    who = actor(as_user)
    code = place or who.widest_area or "52"
    within = who.demand(P.HOUSEHOLD_VIEW).narrowed(areas.division(code).code)
    snapshot = kept.snapshot_of(year)
    if snapshot is None:
        raise NoSnapshot(year=year)
    if state:
        wanted = _one_of(state, STATES)
        rows: list[dict[str, object]] = [
            {
                "household": one.household_id,
                "place": one.village_code,
                "exited_year": one.exited_year,
                "sort": one.sort,
                "policy": one.policy,
                "state": one.state,
                "last_year": one.last_year,
                "last_on": one.last_on,
            }
            for one in kept.every(snapshot, within, wanted, "")
        ]
        columns = [(name, name) for name in ("household", "place", "exited_year", "policy", "last_year", "last_on")]
    else:
        names = dict(areas.children(code).values_list("code", "name"))
        rows = [
            {
                "place": one.place,
                "name": names.get(one.place, ""),
                "left": one.left,
                "helped": one.helped,
                "all_kept": one.all_kept,
                "some_stopped": one.some_stopped,
                "year_fen": one.year_fen,
            }
            for one in kept.by_place(snapshot, within, BELOW[len(code)])
        ]
        columns = [
            ("place", show.words("代码", "code")),
            ("name", show.words("名称", "name")),
            ("left", show.words("已脱贫户", "left")),
            ("helped", show.words("曾享受", "helped")),
            ("all_kept", show.words("全部继续", "all went on")),
            (STOPPED_COLUMN, show.words("有停止的", "some stopped")),
        ]
    if as_json:
        show.as_json({"snapshot": snapshot.id, "rows": rows})
        return
    show.OUT.print(snapshot.id)
    show.as_table(rows, columns, show.words("没有。", "None."))


STOPPED_COLUMN = f"some_{STOPPED}"


def _card(found: ModelCard) -> dict[str, object]:
    return {
        "card": found.pk,
        "year": found.year,
        "used": found.used,
        "reason": found.reason,
        "snapshots": found.snapshots,
        "auc": found.auc,
        "baseline_auc": found.baseline_auc,
        "seconds": found.seconds,
        **found.facts,
    }


@app.command()
def score(year: YearOption, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """早期预警评分：用历年快照训练、留一年检验；不比情形排序好就弃用 / train and test the score; dropped where it is not better."""
    found = scoring.score(year=year, by=actor(as_user), pack=policy.load())
    _tell(found, as_json)


@app.command()
def card(year: YearOption, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """某年走访顺序所依据的模型说明卡 / the card of the score that orders the visits of a year."""
    actor(as_user).demand(P.STATISTICS_VIEW)
    found = model_cards.newest(year)
    if found is None:
        raise CardUnknown
    _tell(found, as_json)


def _tell(found: ModelCard, as_json: bool) -> None:
    if as_json:
        show.as_json(_card(found))
        return
    reasons = {
        "better": show.words("检验年优于情形排序，采用", "better than the plain triggers on the year held out: used"),
        "not_better": show.words("检验年不优于情形排序，弃用", "not better than the plain triggers: dropped"),
        "too_few": show.words("返贫户太少，无法训练或检验，弃用", "too few fell back to train or test on: dropped"),
        "too_short": show.words("历史年份不够，弃用", "the history is too short: dropped"),
    }
    show.OUT.print(f"{found.year}: {reasons[found.reason]}")
    rows: list[dict[str, object]] = [
        {"what": "AUC", "score": found.auc, "plain": found.baseline_auc},
        {
            "what": show.words("先走访的一成找到的比例", "found by the first visits"),
            "score": found.facts.get("recall"),
            "plain": found.facts.get("baseline_recall"),
        },
    ]
    columns = [
        ("what", show.words("指标", "measure")),
        ("score", show.words("评分", "score")),
        ("plain", show.words("情形排序", "plain triggers")),
    ]
    show.as_table(rows, columns, "—")


@app.command()
def visits(
    year: YearOption,
    place: PlaceOption = None,
    first: Annotated[int, typer.Option(min=1, max=MOST, help="列多少户 / how many households")] = 50,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """走访顺序（只是顺序，不是结论） / the order of visits: an order, no verdict."""
    within = actor(as_user).demand(P.HOUSEHOLD_VIEW).narrowed(place)
    found = model_cards.newest(year)
    if found is None:
        raise CardUnknown
    listed, _more = model_cards.visits(found, within, size=first)
    rows: list[dict[str, object]] = [
        {
            "place": one.place,
            "household": one.household.number,
            "village": one.household.village_code,
            "triggers": one.triggers,
        }
        for one in listed
    ]
    if as_json:
        show.as_json({"card": found.pk, "by": "score" if found.used else "triggers", "rows": rows})
        return
    columns = [
        ("place", show.words("顺序", "place")),
        ("household", show.words("户编号", "household")),
        ("village", show.words("村", "village")),
        ("triggers", show.words("风险情形", "triggers")),
    ]
    show.as_table(rows, columns, show.words("没有。", "None."))
