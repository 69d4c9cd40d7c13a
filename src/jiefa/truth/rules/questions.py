"""What is asked of a place or a cadre: a question with its numbers, which accuses nobody."""

from __future__ import annotations

from jiefa.kernel.errors import Words
from jiefa.truth.rules.limits import Limits
from jiefa.truth.rules.tables import Check

SMALL = 10
"""Expected numbers below which one digit after the point is printed."""

_ASKED = {
    Check.BUNCHING: (
        "“{name}”收入在标准线上下{window}%以内的 {n} 户中，{observed} 户刚过线；按线外的分布估计约 {expected} 户。这些收入是怎么核算的？",
        (
            "Of {n} households of {name} within {window} % of the line, {observed} stand just over it; the incomes around "
            "let expect {expected}. How were these incomes reckoned?"
        ),
    ),
    Check.HEAPING: (
        "“{name}”{n} 笔工资、经营、财产收入中，{observed} 笔是整百元；如实记账约 {expected} 笔。这些金额是记的还是估的？",
        (
            "Of {n} amounts of wages, business and property in {name}, {observed} are whole hundreds of yuan; counted ones "
            "would be {expected}. Were they counted or estimated?"
        ),
    ),
    Check.COPIED: (
        "“{name}”{n} 户中有 {observed} 户的卡片完全一样；按全县的情况约 {expected} 户。这些卡片是逐户填的吗？",
        (
            "Of {n} households of {name}, {observed} have the very same card; by the rest of the county it would be "
            "{expected}. Was each filled in at its house?"
        ),
    ),
    Check.SAME_DAY: (
        "“{name}”有退出的 {n} 个村中，{observed} 个村都在 {mark} 这一天退出；各村各定日子约 {expected} 个村。这一天各村都开会评议了吗？",
        (
            "Of {n} villages of {name} with exits, {observed} share the day {mark}; with days of their own it would be "
            "{expected}. Did every one of them meet on that day?"
        ),
    ),
    Check.EXACT: (
        "“{name}”与减贫任务相差{near}人以内的 {n} 个地方中，{observed} 个一人不差；各种差数一样可能时约 {expected} 个。是先有人数，还是先有名单？",
        (
            "Of {n} places of {name} within {near} people of their targets, {observed} are at them to the last person; "
            "were every difference as likely it would be {expected}. Which came first, the number or the list?"
        ),
    ),
    Check.VISITS: (
        "“{name}”走访的 {n} 户中，{observed} 户的记录一字不差；按全县的情况约 {expected} 户。每一户都去看过吗？",
        (
            "Of {n} households that {name} visited, {observed} have the very same report; by the rest of the county it "
            "would be {expected}. Was each of them seen?"
        ),
    ),
}
_NOTHING = {
    Check.BUNCHING: ("标准线两边的收入分布没有明显断开。", "Incomes go on smoothly across the line."),
    Check.HEAPING: ("整数金额不比如实记账的多。", "Round amounts are no more than counted ones would be."),
    Check.COPIED: ("没有反常雷同的卡片。", "No card comes strangely often."),
    Check.SAME_DAY: ("退出的日子没有反常集中。", "Exits do not crowd on a day."),
    Check.EXACT: ("完成数没有反常地正好等于任务数。", "Places are at their targets no more often than close to them."),
    Check.VISITS: ("没有反常雷同的走访记录。", "No report comes strangely often."),
}
_HOW = {
    Check.BUNCHING: (
        (
            "上年末以前就在册的户，按人均纯收入与省定标准的比分组；窗口以外各组用对数二次泊松回归推算窗口以内的曲线，再用精"
            "确二项检验比较线上、线下的户数（曲线的误差计算在内，单侧）。方法参见 Chetty 等（2011）、Kleven（2016）、"
            "Cattaneo 等（2017）、McCrary（2008）。"
        ),
        (
            "Households on the register since before the year, in bins of net income per person against the line. A "
            "log-quadratic Poisson regression outside of the window foretells the curve inside it; an exact binomial test "
            "compares both sides, the curve's own error counted in, one-sided. After Chetty et al. (2011), Kleven (2016), "
            "Cattaneo et al. (2017), McCrary (2008)."
        ),
    ),
    Check.HEAPING: (
        (
            "千元及以上的工资、经营、财产收入，末三位若各种数字一样可能，百分之一是整百元；用精确二项检验（单侧），并给出整"
            "千、整五百、整百和其他四类的卡方。转移性收入按政策本来就是整数，不算。"
        ),
        (
            "Wages, business and property income of 1,000 yuan and more: with last digits all as likely, one in a hundred "
            "is a whole hundred; exact binomial test, one-sided, and chi-square of four classes (1000, 500, 100, others). "
            "Transfers are round by policy and left out."
        ),
    ),
    Check.COPIED: (
        (
            "收入各项、成本、人数、住房、土地、饮水、燃料、主要致贫原因全部相同的算同一张卡片。本村同样卡片的户数，与这种卡"
            "片在本县其他村的比例比较（二项分布），再按卡片种数校正（Bonferroni）。"
        ),
        (
            "Cards with the same incomes, costs, size, house, land, water, fuel and main cause are one. How many "
            "households of the village have it is compared with its share in the rest of the county (binomial), corrected "
            "for the number of kinds (Bonferroni)."
        ),
    ),
    Check.SAME_DAY: (
        "每村取退出户最多的一天。设各村在办理期内（{season}天）各定各的日子，问这么多村碰在同一天的概率（二项分布，按天数校正）。",
        (
            "Of each village the day on which most of its households left. If each chose its own of a season of {season} "
            "days, how likely is it that so many share one (binomial, corrected for the number of days)?"
        ),
    ),
    Check.EXACT: (
        (
            "只看退出人数与任务数相差{near}人以内的地方：从少{near}人到多{near}人的各种差数若一样可能，一人不差的约占 1/"
            "{differences}；精确二项检验（单侧）。"
        ),
        (
            "Places within {near} people of their target: if each of the {differences} differences is as likely, one in "
            "{differences} is at it exactly; exact binomial test, one-sided."
        ),
    ),
    Check.VISITS: (
        (
            "同一干部走访不同农户写下的完全相同的记录（{words}个字以上），与这段话在本县其他干部的记录中的比例比较（二项分"
            "布），再按不同记录的种数校正（Bonferroni）。"
        ),
        (
            "Reports of {words} characters and more that a cadre gave of several households, word for word, against their "
            "share among other cadres' of the county (binomial), corrected for the number of kinds (Bonferroni)."
        ),
    ),
}


def _of(limits: Limits) -> dict[str, str]:
    """The limits of the policy that the words name."""
    return {
        "window": f"{limits.window.near * limits.bin_fraction * 100:g}",
        "near": str(limits.near_people),
        "differences": str(2 * limits.near_people + 1),
        "season": str(limits.season_days),
        "words": str(limits.words_from),
    }


def question(check: Check, limits: Limits, *, n: int, observed: float, expected: float, mark: str, name: str) -> Words:
    """What is asked of the place or cadre ``name``."""
    values = _of(limits) | {
        "n": f"{n:,}",
        "observed": f"{observed:,.0f}",
        "expected": f"{expected:,.0f}" if expected >= SMALL else f"{expected:,.1f}",
        "mark": mark,
        "name": name,
    }
    zh, en = _ASKED[check]
    return Words(zh.format(**values), en.format(**values))


def nothing(check: Check) -> Words:
    """That nothing is asked."""
    return Words(*_NOTHING[check])


def how(check: Check, limits: Limits) -> Words:
    """How the check reckons, with its source."""
    zh, en = _HOW[check]
    return Words(zh.format(**_of(limits)), en.format(**_of(limits)))
