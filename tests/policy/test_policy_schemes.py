"""A wrong scheme of assessment is refused, and the refusal names scheme, indicator and reason in both languages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from jiefa import policy
from jiefa.evaluation.rules.judging import Measure
from jiefa.policy import NotInForce, PolicyError, schemes
from jiefa.policy.scheme_parts import FACTS, MEASURES

GOOD = """\
schemes:
  - id: trial
    zh: 试行考核
    en: Trial
    from: 2015-01-01
    reference: 文件
    places:
      - {level: county, designated: [key_county]}
    groups:
      - {id: eco, zh: 生态县, en: Ecological, codes: ["520424", "520425"], reference: 文件}
      - {id: others, zh: 其他, en: Others, reference: 文件}
    sections:
      - {id: all, zh: 全部, en: All}
    grades:
      - {id: good, zh: 好, en: Good, from: 60}
      - {id: bad, zh: 差, en: Bad, from: 0}
    vetoes:
      - {id: faked, zh: 造假, en: Faked, unit: count, source: {typed: false_exits}, above: 0, grade: bad, reference: 文件}
    indicators:
      - id: fewer
        zh: 贫困发生率
        en: Incidence
        section: all
        unit: percent
        weight: {eco: 40, others: 30}
        source: {snapshot: incidence}
        scoring: {linear: {none_at: 30, full_at: 3}}
        missing: zero
        reference: 文件
      - id: approval
        zh: 认可度
        en: Approval
        section: all
        unit: percent
        weight: 60
        source: {evaluation: approval}
        scoring: {threshold: {better: higher, steps: [{at: 60, percent: 50}, {at: 90, percent: 100}]}}
        missing: neutral
        reference: 文件
      - id: gdp
        zh: 生产总值
        en: Gross product
        section: all
        unit: percent
        weight: {others: 10}
        source: {typed: gdp_growth}
        scoring: {deduction: {percent: 20}}
        missing: zero
        reference: 文件
"""


def read(folder: Path, text: str) -> schemes.Scheme:
    (folder / "trial.yaml").write_text(text, encoding="utf-8")
    pack = policy.load()
    return schemes.load(folder, pack.code_lists, pack.indicators())["trial"][0]


def test_a_good_scheme_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)

    assert [one.id for one in found.of_group("eco")] == ["fewer", "approval"]
    assert found.group("others").rest
    assert set(found.sources()) == {"fewer", "approval", "gdp", "faked"}
    assert {one.assumption for one in (*found.indicators, *found.vetoes)} == {()}


def test_what_is_assumed_is_read_in_its_order(tmp_path: Path) -> None:
    said = GOOD.replace("missing: neutral", "missing: neutral\n        assumption: [scoring, weight]").replace(
        "grade: bad, reference", "grade: bad, assumption: [grade], reference"
    )

    found = read(tmp_path, said)

    assert [one.assumption for one in found.indicators] == [(), ("weight", "scoring"), ()]
    assert [one.assumption for one in found.vetoes] == [("grade",)]


@pytest.mark.parametrize(
    ("before", "after", "zh", "en"),
    [
        ("weight: 60", "weight: 59", "组“eco”的权重合计为 99，应为 100", "group 'eco' come to 99, not 100"),
        ("weight: 60", "weight: 60.005", "“approval”：权重 60.005 不合", "item 'approval': weight 60.005"),
        ("weight: {others: 10}", "weight: {others: 0}", "“gdp”：权重 0 不合", "item 'gdp': weight 0"),
        ("{snapshot: incidence}", "{snapshot: nothing}", "“fewer”：没有名为“nothing”的指标", "item 'fewer': there is no indicator"),
        ("{snapshot: incidence}", "{how: value}", "“fewer”：数据来源须写且只写一个", "exactly one source of its figure is needed"),
        ("{typed: gdp_growth}", "{typed: gdp}", "“gdp”：没有名为“gdp”的填报数据", "no figure that is sent in called 'gdp'"),
        ("{evaluation: approval}", "{evaluation: joy}", "“approval”：没有名为“joy”的评估指标", "no measure of an evaluation"),
        ("{typed: gdp_growth}", "{typed: gdp_growth, how: growth}", "typed 没有上年数", "typed has no year before"),
        ("none_at: 30, full_at: 3", "none_at: 3, full_at: 30", "“fewer”：指标“incidence”以低为好，计分却相反", "lower is better"),
        ("none_at: 30, full_at: 3", "none_at: 3, full_at: 3", "“fewer”：none_at 和 full_at 相同", "are the same"),
        ("{at: 60, percent: 50}", "{at: 95, percent: 50}", "“approval”：档次须由差到好排列", "points do not go one way"),
        ("{at: 60, percent: 50}", "{at: 60, percent: 100}", "“approval”：档次须由差到好排列", "points do not go one way"),
        ("{at: 90, percent: 100}", "{at: 90, percent: 99}", "“approval”：最好一档须得 100%", "the best step must bring 100"),
        ("{at: 90, percent: 100}", "{at: 90, percent: 101}", "“approval”：101% 超出 0—100%", "101 per cent is not between"),
        ("{deduction: {percent: 20}}", "{deduction: {percent: 0}}", "“gdp”：percent 和 each 须大于 0", "else nothing is taken off"),
        ("{deduction: {percent: 20}}", "{rank: {better: higher, worst_percent: 100}}", "“gdp”：最后一名也得满分", "ranks decide nothing"),
        ("above: 0, grade", "grade", "“faked”：above 和 below 要写且只写一个", "write either above or below"),
        ("grade: bad", "grade: worst", "“worst”不可用", "'worst' is not known"),
        ("Others, reference", 'Others, codes: ["520424"], reference', "520424 既在组“eco”又在组“others”", "a place is in one group"),
        ("Others, reference", 'Others, codes: ["520325"], reference', "没有包括其余地方的组", "no group of level 'county' takes the rest"),
        ('codes: ["520424", "520425"], ', "", "组“eco”和“others”都包括其余地方", "both take the rest"),
        ("en: Bad, from: 0", "en: Bad, from: 10", "最低一档须从 0 分起", "the last grade must begin at 0"),
        ("en: Bad, from: 0", "en: Bad, from: 70", "逐档降低，70 不合", "each lower than the one before; 70 is not"),
        ("id: gdp\n", "id: a_name_that_is_far_too_long\n", "最多 22 个字符", "at most 22 of them"),
        ("missing: zero\n", "missing: zero\n        assumption: true\n", "“fewer”：assumption 要写明哪些是自有知识", "assumption lists what no document gives"),
        ("missing: zero\n", "missing: zero\n        assumption: [weights]\n", "“fewer”：没有名为“weights”的可标为自有知识的部分", "no part that may be"),
        ("missing: zero\n", "missing: zero\n        assumption: [weight, weight]\n", "“weight”写了两次", "'weight' stands here twice"),
        ("missing: zero\n", "missing: zero\n        assumption: []\n", "至少一项", "at least one entry"),
        ("grade: bad, reference", "grade: bad, assumption: [weight], reference", "“faked”：没有名为“weight”的", "'faked': there is no part"),
        ("missing: zero", "missing: neutral", "缺数时全部略去", "every item of group 'eco' is left out"),
    ],
)  # fmt: skip
def test_a_wrong_scheme_is_refused_with_the_reason(tmp_path: Path, before: str, after: str, zh: str, en: str) -> None:
    assert before in GOOD

    with pytest.raises(PolicyError) as refusal:
        read(tmp_path, GOOD.replace(before, after))

    assert zh in refusal.value.message("zh")
    assert en in refusal.value.message("en")
    assert "trial.yaml" in refusal.value.message("en")


def test_two_versions_never_hold_at_once_and_a_year_without_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="同时有效"):
        read(tmp_path, GOOD + GOOD.removeprefix("schemes:\n").replace("2015-01-01", "2017-01-01"))

    with pytest.raises(NotInForce, match="2014-12-31"):
        policy.load().scheme("key_counties", 2014)
    assert policy.load().scheme("key_counties", 2020).to_date == dt.date(2020, 12, 31)


def test_what_a_scheme_may_ask_for_is_what_there_is() -> None:
    assert set(MEASURES) == {one.value for one in Measure}
    assert len(FACTS) == 3
