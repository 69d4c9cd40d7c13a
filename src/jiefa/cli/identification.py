"""Identification on the command line: quotas, scores that disagree, look-back campaigns, leads of comparisons."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from jiefa import policy
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.identification import queries
from jiefa.identification.actions import leads as lead_actions
from jiefa.identification.actions import scores
from jiefa.identification.actions.scores import SCORECARD
from jiefa.identification.rules import looks as look_rules
from jiefa.kernel.errors import JiefaError
from jiefa.policy import scorecards
from jiefa.registry.queries import households

PlaceOption = Annotated[str | None, typer.Option(help="只列这个地方 / only inside this division")]
YearOption = Annotated[int, typer.Option(help="年度 / year")]
DIGITS_BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}

looks_app = typer.Typer(no_args_is_help=True, help="四看法 / the four looks")
lookback_app = typer.Typer(no_args_is_help=True, help="回头看 / look-back campaigns")
leads_app = typer.Typer(no_args_is_help=True, help="比对线索 / leads of comparisons")


class CampaignUnknown(JiefaError):
    code = "cli.lookback_unknown"
    zh = "没有编号为 {number} 的回头看。用 jiefa lookback list 查看。"
    en = "There is no look-back campaign number {number}. See jiefa lookback list."


def quotas(
    place: Annotated[str, typer.Argument(help="地方代码 / code of the division")],
    year: YearOption,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """规模分解：本级规模、下级各数、合计与差额 / a place's quota, those below it, sum and difference."""
    actor(as_user).demand(Permission.STATISTICS_VIEW, place)
    name = areas.division(place).name
    below = list(areas.children(place).order_by("code"))
    own = queries.standing(place, year)
    allotted = queries.quotas([child.code for child in below], year)
    rows = [{"code": child.code, "name": child.name, "people": allotted.get(child.code)} for child in below]
    total = sum(allotted.values()) if allotted else None
    difference = total - own.people if own is not None and total is not None else None
    if as_json:
        show.as_json(
            {
                "code": place,
                "name": name,
                "year": year,
                "people": own.people if own else None,
                "reason": own.reason if own else "",
                "below": rows,
                "total": total,
                "difference": difference,
            }
        )
    else:
        held = f"{own.people:,}" if own else show.words("未分解", "none")
        show.OUT.print(show.words(f"{name} {year} 年规模：{held}", f"{name}, quota of {year}: {held}"))
        columns = [
            ("code", show.words("代码", "code")),
            ("name", show.words("名称", "name")),
            ("people", show.words("规模（人）", "people")),
        ]
        show.as_table(rows, columns, "—")
        show.OUT.print(show.words(f"合计 {total}，差额 {difference}", f"sum {total}, difference {difference}"))
    if difference:
        raise typer.Exit(1)


@looks_app.command(name="list")
def list_disagreements(
    year: YearOption,
    place: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """评分与登记不一致的农户（疑似错评、漏评）及理由 / households whose score speaks against the register, and why."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW).narrowed(place)
    pack = policy.load()
    rows = []
    for score in queries.disagreements(year, within).iterator():
        card = scorecards.on(pack.scorecards[score.scorecard], score.in_force_from)
        kept = look_rules.kept(card, score.answers, score.asked)
        why = look_rules.reasons(kept, score.disagreement)
        rows.append(
            {
                "household": score.household.number,
                "place": score.village_code,
                "status": score.household.poverty_status,
                "lowest": score.lowest,
                "highest": score.highest,
                "disagreement": score.disagreement,
                "reasons_zh": why.zh,
                "reasons_en": why.en,
            }
        )
    if as_json:
        show.as_json(rows)
    else:
        columns = [
            ("household", show.words("户编号", "household")),
            ("place", show.words("村", "village")),
            ("disagreement", show.words("疑似", "says")),
            ("lowest", show.words("最低分", "lowest")),
            ("highest", show.words("最高分", "highest")),
            (show.words("reasons_zh", "reasons_en"), show.words("理由", "reasons")),
        ]
        show.as_table(rows, columns, show.words("没有与登记不一致的评分。", "No score disagrees with the register."))
    if rows:
        raise typer.Exit(1)


@looks_app.command(name="score")
def score_households(
    place: Annotated[str, typer.Argument(help="村、乡镇或县代码 / code of a village, township or county")],
    year: YearOption,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """按卡片给一个地方的农户评分（不改变任何登记） / score the households of a place from their cards."""
    who = actor(as_user)
    within = who.demand(Permission.HOUSEHOLD_EDIT, place)
    pack = policy.load()
    made = disagree = 0
    for chunk in households.chunks(households.find(households.Filters(place=place), within), 1_000):
        keys = [household.pk for household in chunk]
        kept = scores.score(household_ids=keys, year=year, asked={}, by=who, pack=pack)
        made += len(kept)
        disagree += sum(bool(score.disagreement) for score in kept)
    if as_json:
        show.as_json({"scorecard": SCORECARD, "scored": made, "disagree": disagree})
    else:
        show.OUT.print(
            show.words(
                f"评分 {made} 户，其中与登记不一致 {disagree} 户。",
                f"{made} households scored, {disagree} disagree with the register.",
            )
        )


@lookback_app.command(name="list")
def list_campaigns(as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """回头看活动 / the campaigns."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW)
    rows = [
        {
            "campaign": found.pk,
            "title": found.title,
            "place": found.division_id,
            "year": found.year,
            "begins": found.begins,
            "ends": found.ends,
            "households": found.households,
            "digest": found.digest,
        }
        for found in queries.campaigns(within)
    ]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("campaign", show.words("编号", "no.")),
        ("title", show.words("名称", "title")),
        ("place", show.words("地方", "place")),
        ("year", show.words("年度", "year")),
        ("begins", show.words("开始", "begins")),
        ("ends", show.words("结束", "ends")),
        ("households", show.words("名单户数", "households")),
    ]
    show.as_table(rows, columns, show.words("没有回头看活动。", "No campaign."))


@lookback_app.command()
def progress(
    campaign: Annotated[int, typer.Argument(help="活动编号 / number of the campaign")],
    place: PlaceOption = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """一次回头看按下级地方的进度 / how far a campaign is, by the places below."""
    within = actor(as_user).demand(Permission.HOUSEHOLD_VIEW)
    found = queries.campaign(campaign, within)
    if found is None:
        raise CampaignUnknown(number=campaign)
    here = place or found.division_id
    rows = queries.progress(found, DIGITS_BELOW.get(len(here), 12), within.narrowed(here))
    names = areas.named([row["place"] for row in rows])
    rows = [{**row, "name": names.get(row["place"], row["place"])} for row in rows]
    if as_json:
        show.as_json(rows)
        return
    headings = {
        "name": ("地方", "place"),
        "listed": ("名单", "listed"),
        "waiting": ("未核查", "waiting"),
        "confirmed": ("属实", "confirmed"),
        "changed": ("有变", "changed"),
        "wrongly_in": ("错评", "wrongly in"),
        "missed": ("漏评", "missed"),
        "gone": ("查无", "gone"),
    }
    columns = [(key, show.words(*heading)) for key, heading in headings.items()]
    show.as_table(rows, columns, show.words("名单上没有农户。", "Nobody is on the list."))


@leads_app.command(name="list")
def list_leads(
    place: PlaceOption = None,
    state: Annotated[
        Literal["open", "true", "kept", "wrong"] | None,
        typer.Option(help="未处理或某种结果 / open, or settled in this way"),
    ] = None,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """比对线索 / leads of comparisons."""
    within = actor(as_user).demand(Permission.DOSSIER_VIEW).narrowed(place)
    pack = policy.load()
    rows = [
        {
            "lead": lead.pk,
            "household": lead.household.number,
            "place": lead.village_code,
            "kind": lead.kind,
            "label": show.words(*_label(pack, lead.kind)),
            "detail": lead.detail,
            "seen_on": lead.seen_on,
            "list": lead.of_list.title,
            "settled": lead.settled,
            "reason": lead.reason,
            "dossier": lead.dossier,
        }
        for lead in queries.leads(within, state or "").iterator()
    ]
    if as_json:
        show.as_json([{name: value for name, value in row.items() if name != "label"} for row in rows])
        return
    columns = [
        ("lead", show.words("编号", "no.")),
        ("household", show.words("户编号", "household")),
        ("place", show.words("村", "village")),
        ("label", show.words("线索", "lead")),
        ("detail", show.words("内容", "detail")),
        ("settled", show.words("处理", "settled")),
    ]
    show.as_table(rows, columns, show.words("没有比对线索。", "No lead."))


def _label(pack: policy.Pack, kind: str) -> tuple[str, str]:
    code = pack.codes("lead_kind").by_id[kind]
    return code.zh, code.en


@leads_app.command(name="load")
def load_leads(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="xlsx/csv：部门名单 / another office's list")
    ],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入部门比对名单；在册的成为线索，其余只计数 / load another office's list."""
    loaded = lead_actions.load(file=file, name=file.name, by=actor(as_user), pack=policy.load())
    if as_json:
        show.as_json({"list": loaded.list.pk, "rows": loaded.rows, "found": loaded.found})
    else:
        show.OUT.print(
            show.words(
                f"读入 {loaded.rows} 行，管辖范围内在册的 {loaded.found} 行成为线索。",
                f"{loaded.rows} rows read; {loaded.found} are about households on the register of the area.",
            )
        )
