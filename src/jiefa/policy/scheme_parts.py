"""The parts of an indicator of a scheme: where its figure comes from, and by which function it becomes points.

Every function is bounded and goes one way: what would not be so is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from jiefa.policy.code_lists import CodeList
from jiefa.policy.errors import PolicyError
from jiefa.policy.indicators import IndicatorDefinition
from jiefa.policy.yaml_source import Item, Record

FACTS = ("disposable_income_per_person_fen", "net_income_per_person_fen", "collective_income_fen")
"""What offices report of a place by year that a scheme may ask for."""
MEASURES = ("wrongly_exited", "missed", "wrongly_in", "approval")
"""What an independent evaluation estimates, as shares of people."""
SOURCES = ("snapshot", "facts", "target", "evaluation", "typed")
HOW = ("value", "change", "growth")
BETTER = ("higher", "lower")
FUNCTIONS = ("linear", "threshold", "rank", "deduction")
ITEM_PARTS = ("item", "weight", "scoring")
"""What of an item may be the pack's own: that it is assessed at all, its full points, its function."""
VETO_PARTS = ("item", "limit", "grade")
"""The same of a veto: that it is one, from which figure on it holds, which grade it leaves."""
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Source:
    """``snapshot``: an indicator, perhaps as a share of another (``of``); ``facts``: what offices report; ``target``: done of what was
    told, per cent; ``evaluation``: an estimate, per cent, or 100 less it (``complement``); ``typed``: sent in with its source.

    ``how``: the value, its ``change`` or its ``growth`` in per cent since the year before.
    """

    kind: str
    name: str
    of: str = ""
    how: str = "value"
    complement: bool = False


@dataclass(frozen=True, slots=True)
class Scoring:
    """The share of the full points that a figure brings, 0 to 1.

    ``linear``: from ``none_at`` to ``full_at``. ``threshold``: the per cent of the best step reached, ``steps`` from the worst to the
    best. ``rank``: evenly from the worst place of the group (``worst_percent``) to the best (100). ``deduction``: ``percent`` off for
    each ``each`` beyond ``free``.
    """

    kind: str
    better: str
    none_at: Decimal = Decimal(0)
    full_at: Decimal = Decimal(0)
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    worst_percent: Decimal = Decimal(0)
    free: Decimal = Decimal(0)
    each: Decimal = Decimal(1)
    percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scheme may refer to, and of which scheme and item one is reading, so that every refusal names them."""

    lists: Mapping[str, CodeList]
    indicators: Mapping[str, IndicatorDefinition]
    scheme: str = ""
    item: str = ""

    def within(self, scheme: str) -> Reading:
        return replace(self, scheme=scheme)

    def about(self, item: str) -> Reading:
        return replace(self, item=item)

    def error(self, place: Item, zh: str, en: str) -> PolicyError:
        return place.error(
            f"考核办法“{self.scheme}”的“{self.item}”：{zh}。请改正。",
            f"Scheme {self.scheme!r}, item {self.item!r}: {en}. Mend it.",
        )

    def known(
        self, place: Item, names: Mapping[str, object] | tuple[str, ...], zh: str, en: str, said: str | None = None
    ) -> str:
        """The name that stands at ``place``, or ``said``, which is one of ``names``."""
        name = place.text() if said is None else said
        if name not in names:
            raise self.error(place, f"没有名为“{name}”的{zh}", f"there is no {en} called {name!r}")
        return name

    def check_direction(self, place: Item, source: Source, scoring: Scoring) -> None:
        """That points do not reward what the indicator of the snapshot calls worse."""
        if source.kind != "snapshot":
            return
        direction = self.indicators[source.name].direction
        if direction in BETTER and direction != scoring.better:
            raise self.error(
                place,
                f"指标“{source.name}”以{'高' if direction == 'higher' else '低'}为好，计分却相反",
                f"of the indicator {source.name!r} {direction} is better, the points say the contrary",
            )


def assumed(record: Record, parts: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """Which of ``parts`` no document gives, in their order; without the key all of them are known."""
    item = record.fields.get("assumption")
    if item is None:
        return ()
    if item.is_kind("bool", "str"):
        raise reading.error(
            item,
            f"assumption 要写明哪些是自有知识，如 [weight, scoring]，可写：{'、'.join(parts)}；全部有据就不写",
            f"assumption lists what no document gives, such as [weight, scoring], out of: {', '.join(parts)}; "
            "leave it out where all is known",
        )
    found = item.texts()
    for name in found:
        reading.known(item, parts, "可标为自有知识的部分", "part that may be assumed", name)
    return tuple(part for part in parts if part in found)


def source_of(item: Item, reading: Reading) -> Source:
    """Where a figure comes from; every name that it uses is known."""
    record = item.record([], (*SOURCES, "of", "how", "complement"))
    kinds = [kind for kind in SOURCES if kind in record.fields]
    if len(kinds) != 1:
        raise reading.error(
            item,
            f"数据来源须写且只写一个：{'、'.join(SOURCES)}",
            f"exactly one source of its figure is needed: {', '.join(SOURCES)}",
        )
    (kind,) = kinds
    how = "value" if "how" not in record.fields else record["how"].one_of(HOW)
    if how != "value" and kind not in ("snapshot", "facts"):
        raise reading.error(item, f"{kind} 没有上年数，不能写 how", f"{kind} has no year before: leave out how")
    if "of" in record.fields and kind != "snapshot":
        raise reading.error(item, "of 只能和 snapshot 一起写", "of goes with snapshot alone")
    if "complement" in record.fields and kind != "evaluation":
        raise reading.error(item, "complement 只能和 evaluation 一起写", "complement goes with evaluation alone")
    return Source(
        kind=kind,
        name=_name(record[kind], kind, reading),
        of=reading.known(record["of"], reading.indicators, "指标", "indicator") if "of" in record.fields else "",
        how=how,
        complement=record.flag("complement"),
    )


def _name(place: Item, kind: str, reading: Reading) -> str:
    if kind == "snapshot":
        return reading.known(place, reading.indicators, "指标", "indicator")
    if kind == "facts":
        return reading.known(place, FACTS, "年度基本情况", "yearly fact")
    if kind == "target":
        return reading.known(place, reading.lists["planning_metric"].by_id, "目标指标", "metric of targets")
    if kind == "evaluation":
        return reading.known(place, MEASURES, "评估指标", "measure of an evaluation")
    return reading.known(
        place,
        reading.lists["assessment_figure"].by_id,
        "填报数据（代码表 assessment_figure）",
        "figure that is sent in",
    )


def scoring_of(item: Item, reading: Reading) -> Scoring:
    """The function, bounded and going one way."""
    record = item.record([], FUNCTIONS)
    if len(record.fields) != 1:
        raise reading.error(
            item,
            f"计分方法须写且只写一个：{'、'.join(FUNCTIONS)}",
            f"exactly one function is needed: {', '.join(FUNCTIONS)}",
        )
    ((kind, inside),) = record.fields.items()
    if kind == "linear":
        return _linear(inside, reading)
    if kind == "threshold":
        return _threshold(inside, reading)
    return _rank(inside, reading) if kind == "rank" else _deduction(inside, reading)


def _linear(item: Item, reading: Reading) -> Scoring:
    record = item.record(["none_at", "full_at"])
    none_at, full_at = record["none_at"].decimal(), record["full_at"].decimal()
    if none_at == full_at:
        raise reading.error(item, "none_at 和 full_at 相同，无法计分", "none_at and full_at are the same")
    return Scoring("linear", "higher" if full_at > none_at else "lower", none_at=none_at, full_at=full_at)


def _threshold(item: Item, reading: Reading) -> Scoring:
    record = item.record(["better", "steps"])
    better = record["better"].one_of(BETTER)
    steps = tuple(_step(entry.record(["at", "percent"]), reading) for entry in record["steps"].items())
    rising = all((b[0] > a[0]) == (better == "higher") and a[0] != b[0] for a, b in pairwise(steps))
    if not rising or any(b[1] <= a[1] for a, b in pairwise(steps)):
        raise reading.error(
            record["steps"],
            "档次须由差到好排列，越好得分越高，否则计分不是单调的",
            "steps go from the worst to the best, each with more points than the one before; else points do not go one way",
        )
    if steps[-1][1] != WHOLE:
        raise reading.error(record["steps"], "最好一档须得 100%", "the best step must bring 100 per cent")
    return Scoring("threshold", better, steps=steps)


def _step(record: Record, reading: Reading) -> tuple[Decimal, Decimal]:
    return record["at"].decimal(), _percent(record["percent"], reading)


def _rank(item: Item, reading: Reading) -> Scoring:
    record = item.record(["better"], ["worst_percent"])
    worst = _percent(record["worst_percent"], reading) if "worst_percent" in record.fields else Decimal(0)
    if worst == WHOLE:
        raise reading.error(
            item, "最后一名也得满分，名次不起作用", "the last place would have full points: ranks decide nothing"
        )
    return Scoring("rank", record["better"].one_of(BETTER), worst_percent=worst)


def _deduction(item: Item, reading: Reading) -> Scoring:
    record = item.record(["percent"], ["each", "free"])
    percent = _percent(record["percent"], reading)
    each = record.optional("each", Item.decimal)
    each = Decimal(1) if each is None else each
    if percent == 0 or each <= 0:
        raise reading.error(
            item, "percent 和 each 须大于 0，否则不扣分", "percent and each must be above 0, else nothing is taken off"
        )
    free = record.optional("free", Item.decimal)
    return Scoring("deduction", "lower", free=Decimal(0) if free is None else free, each=each, percent=percent)


def _percent(item: Item, reading: Reading) -> Decimal:
    found = item.decimal()
    if not 0 <= found <= WHOLE:
        raise reading.error(item, f"{found}% 超出 0—100%", f"{found} per cent is not between 0 and 100")
    return found
