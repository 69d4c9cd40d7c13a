"""Why an item has its points, what full points need, what would gain most: in words, from what a run kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiefa.assessment.rules.scoring import Worked
from jiefa.kernel.errors import Words
from jiefa.policy.scheme_parts import Scoring
from jiefa.policy.schemes import SchemeIndicator, Veto


def plain(one: SchemeIndicator, worked: Worked | None) -> dict[str, Any]:
    """The workings as a run keeps them: the function in full, how the figure stood."""
    scoring = one.scoring
    found: dict[str, Any] = {"kind": scoring.kind, "better": scoring.better, "unit": one.unit, "missing": one.missing}
    if scoring.kind == "linear":
        found |= {"none_at": str(scoring.none_at), "full_at": str(scoring.full_at)}
    elif scoring.kind == "threshold":
        found["steps"] = [[str(at), str(percent)] for at, percent in scoring.steps]
    elif scoring.kind == "rank":
        found["worst_percent"] = str(scoring.worst_percent)
    else:
        found |= {"free": str(scoring.free), "each": str(scoring.each), "percent": str(scoring.percent)}
    if worked is not None:
        found |= {
            "share": [worked.share.numerator, worked.share.denominator],
            "rank": float(worked.rank),
            "peers": worked.peers,
            "best": str(worked.best),
        }
    return found


def share_of(workings: Mapping[str, Any]) -> Fraction | None:
    """The share of the full points; None without a figure."""
    return Fraction(*workings["share"]) if "share" in workings else None


def figure_words(figure: Decimal | str | None) -> str:
    """A figure without noughts behind, with two decimals at most from 1 up; a dash for none."""
    if figure is None:
        return "—"
    value = Decimal(figure)
    value = round(value, 2 if abs(value) >= 1 else 4)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_words(hundredths: int) -> str:
    """Points without noughts behind."""
    return figure_words(Decimal(hundredths) / 100)


def why(figure: Decimal | None, hundredths: int, of: int, workings: Mapping[str, Any]) -> Words:
    """The points of an item, reckoned in words."""
    if figure is None and not of:
        return Words(
            "没有数据：按办法略去这一项，分值由其他项按权重分担。",
            "No figure: the scheme leaves the item out and shares its points out over the others.",
        )
    if figure is None:
        return Words("没有数据：按办法不得分。", "No figure: no points, as the scheme says.")
    said, got, most = figure_words(figure), points_words(hundredths), points_words(of)
    percent = figure_words(Decimal(100) * _decimal(share_of(workings)))
    zh, en = _reckoned(said, workings, percent)
    return Words(f"{zh}，{percent}% × {most}分 = {got}分。", f"{en}: {percent} % of {most} points = {got}.")


def _reckoned(said: str, workings: Mapping[str, Any], percent: str) -> tuple[str, str]:
    kind = workings["kind"]
    if kind == "linear":
        none_at, full_at = figure_words(workings["none_at"]), figure_words(workings["full_at"])
        return (
            f"数值 {said}，{none_at} 不得分、{full_at} 满分，其间按比例",
            f"The figure {said} on the line from {none_at} (nothing) to {full_at} (all)",
        )
    if kind == "threshold":
        steps = workings["steps"]
        zh = "、".join(f"{figure_words(at)} 得 {figure_words(part)}%" for at, part in steps)
        en = ", ".join(f"{figure_words(at)} brings {figure_words(part)} %" for at, part in steps)
        return f"数值 {said}，分档：{zh}", f"The figure {said}, by steps: {en}"
    if kind == "rank":
        rank, peers = figure_words(str(workings["rank"])), workings["peers"]
        worst = figure_words(workings["worst_percent"])
        return (
            f"数值 {said}，在本组有数的 {peers} 个中列第 {rank}（第一名得全部，末名得 {worst}%）",
            f"The figure {said}, number {rank} of {peers} in the group with a figure (the first has all, the last {worst} %)",
        )
    free, each, off = (figure_words(workings[name]) for name in ("free", "each", "percent"))
    return (
        f"数值 {said}，超过 {free} 的部分每 {each} 扣 {off}%",
        f"The figure {said}, {off} % off for each {each} beyond {free}",
    )


def needed(workings: Mapping[str, Any]) -> Words:
    """What the figure must be for full points."""
    kind, higher = workings["kind"], workings["better"] == "higher"
    if kind == "rank":
        best = workings.get("best")
        if best is None:
            return Words("本组最好", "the best of the group")
        return Words(f"本组最好（现为 {figure_words(best)}）", f"the best of the group (now {figure_words(best)})")
    at = {
        "linear": lambda: workings["full_at"],
        "threshold": lambda: workings["steps"][-1][0],
        "deduction": lambda: workings["free"],
    }[kind]()
    text = figure_words(at)
    return Words(f"达到 {text} 以上", f"{text} or more") if higher else Words(f"不超过 {text}", f"{text} or less")


@dataclass(frozen=True, slots=True)
class Gain:
    """Points still to be gained by an item, in hundredths. ``step``: what the next step alone would bring; 0 where there are no steps."""

    item: str
    hundredths: int
    step: int


def gains(items: Sequence[tuple[str, int, int, Mapping[str, Any]]]) -> list[Gain]:
    """What would gain most, the most first, then in the order given; items with full points or left out are not in it.

    ``items``: ``(item, hundredths, of, workings)``.
    """
    found = [Gain(name, of - got, _next_step(got, of, workings)) for name, got, of, workings in items if of > got]
    return sorted(found, key=lambda one: -one.hundredths)


def _next_step(got: int, of: int, workings: Mapping[str, Any]) -> int:
    if workings["kind"] != "threshold":
        return 0
    reached = [round(Fraction(percent) * of / 100) for _at, percent in workings["steps"]]
    return min((points - got for points in reached if points > got), default=0)


def veto_words(veto: Veto) -> Words:
    """When a veto holds."""
    if veto.above is not None:
        return Words(f"超过 {figure_words(veto.above)}", f"above {figure_words(veto.above)}")
    return Words(f"低于 {figure_words(veto.below)}", f"below {figure_words(veto.below)}")


def function_words(scoring: Scoring) -> Words:
    """The function of an item in a few words, for the page of a scheme."""
    if scoring.kind == "linear":
        low, high = figure_words(scoring.none_at), figure_words(scoring.full_at)
        return Words(f"{low} 不得分，{high} 满分，其间按比例", f"{low}: nothing, {high}: all, in proportion between")
    if scoring.kind == "threshold":
        zh = "，".join(f"{figure_words(at)}：{figure_words(part)}%" for at, part in scoring.steps)
        en = ", ".join(f"{figure_words(at)}: {figure_words(part)} %" for at, part in scoring.steps)
        return Words(f"分档 {zh}", f"Steps {en}")
    if scoring.kind == "rank":
        better = Words("高", "high") if scoring.better == "higher" else Words("低", "low")
        worst = figure_words(scoring.worst_percent)
        return Words(
            f"按本组名次，{better.zh}者为先，末名 {worst}%",
            f"By rank in the group, {better.en} first, the last {worst} %",
        )
    free, each, off = figure_words(scoring.free), figure_words(scoring.each), figure_words(scoring.percent)
    return Words(f"超过 {free} 每 {each} 扣 {off}%", f"{off} % off for each {each} beyond {free}")


def _decimal(share: Fraction | None) -> Decimal:
    return Decimal(0) if share is None else Decimal(share.numerator) / Decimal(share.denominator)
