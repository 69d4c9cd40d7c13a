"""Survey statistics on a file of one's own: income poverty, multidimensional poverty, estimates. No office needed, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from jiefa.cli import show
from jiefa.cli.actor import JsonOption
from jiefa.kernel.errors import JiefaError
from jiefa.site import surveyed
from jiefa.survey import design, estimate, poverty, spec

app = typer.Typer(no_args_is_help=True, help="调查统计：自带数据 / survey statistics on a file of one's own")

FileArgument = Annotated[Path, typer.Argument(help="csv/parquet/xlsx：微观数据 / microdata")]
WeightOption = Annotated[str | None, typer.Option(metavar="COL", help="权重列 / weight")]
StrataOption = Annotated[str | None, typer.Option(metavar="COL", help="层 / strata")]
ClusterOption = Annotated[
    str | None, typer.Option(metavar="COL[,COL]", help="群，由大到小，几级都可以 / clusters, from large to small")
]
SizeOption = Annotated[
    str | None,
    typer.Option(
        metavar="COL[,COL]",
        help="各级的总体单位数或抽样比，可多一个给行本身 / units there are at each stage, or sampling fractions; one more for the rows",
    ),
]
LonelyOption = Annotated[
    design.Lonely,
    typer.Option(
        help="层里只有一个单位时：refuse 拒绝，centre 以总均值为中心，certainty 视为必抽 / a single unit in a stratum"
    ),
]
ByOption = Annotated[str | None, typer.Option(metavar="COL", help="分组列 / a row of results for each group too")]

NUMBERS = {
    "headcount": ("贫困发生率", "headcount"),
    "gap": ("贫困深度", "poverty gap"),
    "severity": ("贫困强度", "severity"),
    "gini": ("基尼系数", "Gini"),
    "mean": ("均值", "mean"),
    "median": ("中位数", "median"),
    "arpt": ("贫困风险线", "at-risk-of-poverty threshold"),
    "arpr": ("贫困风险率", "at-risk-of-poverty rate"),
    "s80s20": ("高低收入比 S80/S20", "S80/S20"),
    "theil": ("泰尔指数", "Theil"),
    "watts": ("瓦茨指数", "Watts"),
}


class ShareOutside(JiefaError):
    code = "cli.share_outside"
    zh = "--line-share 是中位数的倍数，应大于 0、不大于 2（60% 写 0.6）；这里是 {share}。"
    en = "--line-share is a multiple of the median, above 0 and at most 2 (write 0.6 for 60 %); this is {share}."


def _told(answer: surveyed.Answer) -> list[dict[str, object]]:
    """The rows. What was left out of them is said on standard error, so that the JSON stays one document."""
    for said in answer.left_out:
        show.SAID.print(show.words(said.zh, said.en), style="yellow", markup=False, highlight=False)
    return answer.rows


def _rounded(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """For people: six significant figures; the total is named."""
    total = show.words("合计", "total")
    plain = [
        {key: float(f"{value:.6g}") if isinstance(value, float) else value for key, value in row.items()}
        for row in rows
    ]
    return [row | {"group": total if row["group"] is None else row["group"]} for row in plain]


@app.command(name="poverty")
def income_poverty(
    file: FileArgument,
    income: Annotated[str, typer.Option(metavar="COL", help="收入列 / income")],
    weight: WeightOption = None,
    line: Annotated[
        float | None, typer.Option(min=0, help="贫困线，与收入同单位 / the line, in the unit of incomes")
    ] = None,
    line_share: Annotated[
        float | None,
        typer.Option(help="贫困线为全体中位数的几倍，不写为 0.6 / the line as a share of the median of all"),
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """收入贫困和不平等：发生率、深度、强度、基尼等，含标准误 / income poverty and inequality, with standard errors."""
    share = poverty.SHARE if line_share is None else line_share
    if not 0 < share <= 2:
        raise ShareOutside(share=share)
    rows = _told(surveyed.Poverty(income, weight, line, share, by).answer(file))
    if as_json:
        show.as_json(rows)
        return
    for row in rows:
        row["statistic"] = show.words(*NUMBERS[str(row["statistic"])])
    columns = [
        ("group", show.words("组", "group")),
        ("statistic", show.words("统计量", "statistic")),
        ("value", show.words("值", "value")),
        ("se", show.words("标准误", "standard error")),
        ("n", show.words("行", "rows")),
        ("missing", show.words("缺", "missing")),
    ]
    show.as_table(_rounded(rows), columns if by else columns[1:], "")


def _several(names: str | None) -> tuple[str, ...]:
    return () if names is None else tuple(name.strip() for name in names.split(",") if name.strip())


INTERVAL = (
    ("value", "值", "value"),
    ("se", "标准误", "standard error"),
    ("ci_low", "下限", "from"),
    ("ci_high", "上限", "to"),
)


@app.command(name="mpi")
def multidimensional(
    file: FileArgument,
    spec_file: Annotated[
        Path, typer.Option("--spec", metavar="SPEC.yaml", help="指标、权重、临界值 / indicators, weights, cut-offs")
    ],
    weight: WeightOption = None,
    strata: StrataOption = None,
    cluster: ClusterOption = None,
    by: ByOption = None,
    lonely: LonelyOption = design.Lonely.REFUSE,
    as_json: JsonOption = False,
) -> None:
    """多维贫困（Alkire-Foster）：H、A、M0、各指标的发生率和贡献 / multidimensional poverty: H, A, M0, headcounts, contributions."""
    drawn = design.Asked(weight, strata, _several(cluster), (), lonely)
    rows = _told(surveyed.Multidimensional(spec.read(spec_file), drawn, by).answer(file))
    if as_json:
        show.as_json(rows)
        return
    columns = [("group", show.words("组", "group")), ("k", "k"), ("measure", show.words("度量", "measure"))]
    columns += [("indicator", show.words("指标", "indicator"))]
    show.as_table(_rounded(rows), columns + [(key, show.words(zh, en)) for key, zh, en in INTERVAL], "")


@app.command(name="estimate")
def estimates(
    file: FileArgument,
    statistic: Annotated[estimate.Asked, typer.Option(help="均值、总数、比例、比值 / which statistic")],
    variable: Annotated[str, typer.Option(metavar="COL", help="变量列 / variable")],
    denominator: Annotated[str | None, typer.Option(metavar="COL", help="比值的分母列 / of a ratio")] = None,
    weight: WeightOption = None,
    strata: StrataOption = None,
    cluster: ClusterOption = None,
    fpc: SizeOption = None,
    by: ByOption = None,
    lonely: LonelyOption = design.Lonely.REFUSE,
    as_json: JsonOption = False,
) -> None:
    """按抽样设计的估计和置信区间 / estimates by the design of the sample, with confidence intervals."""
    drawn = design.Asked(weight, strata, _several(cluster), _several(fpc), lonely)
    rows = _told(surveyed.Estimates(statistic, variable, drawn, denominator, by).answer(file))
    if as_json:
        show.as_json(rows)
        return
    columns = [("group", show.words("组", "group")), ("category", show.words("类", "category"))]
    columns += [(key, show.words(zh, en)) for key, zh, en in INTERVAL]
    columns += [
        ("df", show.words("自由度", "d.f.")),
        ("n", show.words("行", "rows")),
        ("missing", show.words("缺", "missing")),
    ]
    left = {"group"} if by is None else set()
    left |= set() if statistic is estimate.Asked.PROPORTION else {"category"}
    show.as_table(_rounded(rows), [one for one in columns if one[0] not in left], "")
