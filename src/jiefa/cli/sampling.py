"""The independent evaluation on the command line: how large a sample, drawn, sheets out, answers in, estimates."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from jiefa import policy, snapshots
from jiefa.cli import show
from jiefa.cli.actor import AsOption, JsonOption, actor
from jiefa.evaluation.actions import drawing, fieldwork, handing, rebutting
from jiefa.evaluation.models import Replacement, Sample
from jiefa.evaluation.queries import outcome, progress, samples
from jiefa.evaluation.rules import size as sizes
from jiefa.kernel.errors import JiefaError

app = typer.Typer(no_args_is_help=True, help="第三方评估：样本和结果 / samples and results of independent evaluations")

NumberArgument = Annotated[int, typer.Argument(help="样本编号 / number of the sample")]


class ShareWrong(JiefaError):
    code = "cli.share_wrong"
    zh = "{option} 是 0 和 1 之间的小数（2% 写 0.02）；这里是 {value}。"
    en = "{option} is a share between 0 and 1 (write 0.02 for 2 %); this is {value}."


def _share(option: str, value: float, *, whole: bool = False) -> float:
    if not (0 < value < 1 or (whole and value == 1)):
        raise ShareWrong(option=option, value=value)
    return value


@app.command(name="size")
def sample_size(
    margin: Annotated[float, typer.Option(help="误差限，如 0.02 / half the width of the interval")],
    share: Annotated[float, typer.Option(help="预计比例，不知道写 0.5 / the share expected")] = 0.5,
    population: Annotated[int | None, typer.Option(min=1, help="总体有多少 / how many there are")] = None,
    deff: Annotated[float | None, typer.Option(min=0.1, help="设计效应 / design effect")] = None,
    per_village: Annotated[
        int, typer.Option(min=1, help="每村多少户，和 --rho 一起 / households asked in a village")
    ] = 1,
    rho: Annotated[float, typer.Option(min=0, max=1, help="村内相关 / correlation within a village")] = 0.0,
    response: Annotated[float, typer.Option(help="回答率 / share who answer")] = 1.0,
    confidence: Annotated[float, typer.Option(help="置信度 / confidence")] = 0.95,
    as_json: JsonOption = False,
) -> None:
    """需要多大的样本 / how many must be asked for a wanted margin."""
    effect = sizes.design_effect(per_village, rho) if deff is None else deff
    found = sizes.needed(
        _share("--share", share),
        _share("--margin", margin),
        population=population,
        deff=effect,
        response=_share("--response", response, whole=True),
        confidence=_share("--confidence", confidence),
    )
    if as_json:
        show.as_json(asdict(found))
        return
    show.OUT.print(
        show.words(
            f"需要 {found.answers:,} 份回答，抽 {found.drawn:,} 户（设计效应 {found.deff:.3g}；简单随机抽样 {found.simple:,}）。",
            f"{found.answers:,} answers are needed, draw {found.drawn:,} (design effect {found.deff:.3g}; a simple random sample: {found.simple:,}).",
        )
    )


@app.command()
def draw(
    division: Annotated[str, typer.Option(help="哪个县（或其他地方）/ of which place")],
    evaluator: Annotated[
        str | None, typer.Option(metavar="USER", help="哪位评估员，不写是自己 / for whom; oneself")
    ] = None,
    year: Annotated[int | None, typer.Option(help="用哪一年的快照 / snapshot of which year")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="随机种子，不写则随机取并记下 / seed; else one by chance, kept")
    ] = None,
    poor_villages: Annotated[int | None, typer.Option(min=0, help="贫困村数 / poor villages")] = None,
    other_villages: Annotated[int | None, typer.Option(min=0, help="非贫困村数 / other villages")] = None,
    exited: Annotated[int | None, typer.Option(min=0, help="每村脱贫户 / households that left, in a village")] = None,
    poor: Annotated[int | None, typer.Option(min=0, help="每村未脱贫户 / households still poor, in a village")] = None,
    outside: Annotated[
        int | None, typer.Option(min=0, help="每村不在册户 / households on no file, in a village")
    ] = None,
    reserve: Annotated[
        int | None, typer.Option(min=0, help="每村每类备用户 / in reserve of each, in a village")
    ] = None,
    by_size: Annotated[
        bool, typer.Option("--by-size", help="村按户数成比例抽 / villages by their number of households")
    ] = False,
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """从冻结的快照抽样本：分层、两阶段、种子留存 / draw a sample from a frozen snapshot: strata, two stages, seed kept."""
    who, pack = actor(as_user), policy.load()
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME), year)
    said = {
        "poor_villages": poor_villages,
        "other_villages": other_villages,
        "exited_households": exited,
        "poor_households": poor,
        "outside_households": outside,
        "reserve_households": reserve,
    }
    wanted = drawing.usual(pack, snapshot.year, said, by_size)
    order = drawing.Order(division, wanted, evaluator or who.name, seed)
    made = drawing.draw(order=order, snapshot=snapshot, pack=pack, by=who)
    _tell(made, as_json)


def _plain(made: Sample, villages: int, households: int) -> dict[str, object]:
    return {
        "sample": made.pk,
        "division": made.area_code,
        "year": made.year,
        "snapshot": made.snapshot,
        "seed": made.seed,
        "evaluator": made.evaluator,
        "villages": villages,
        "households": households,
        "frame": made.frame,
    }


def _tell(made: Sample, as_json: bool) -> None:
    found = _plain(made, made.villages.count(), samples.in_the_field(made).count())
    if as_json:
        show.as_json(found)
        return
    unknown = made.frame["outside_unknown"]
    show.OUT.print(
        show.words(
            f"样本 {made.pk}：{found['villages']} 个村 {found['households']} 户，种子 {made.seed}，快照 {made.snapshot}。",
            f"Sample {made.pk}: {found['villages']} villages, {found['households']} households, seed {made.seed}, snapshot {made.snapshot}.",
        )
    )
    if unknown:
        show.OUT.print(
            show.words(
                f"{unknown} 个村没有农村户数，不能抽不在册的户：请先导入当年各地基本情况。",
                f"{unknown} villages have no number of rural households: nobody outside the register is drawn there. Load the year's facts of places first.",
            )
        )


@app.command(name="list")
def list_samples(as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """能看的样本；评估员只看自己的 / the samples one may see; evaluators see their own."""
    seen = samples.samples(actor(as_user)).annotate(drawn_villages=Count("villages"))
    asked = progress.of_samples(seen)
    rows = [_plain(one, one.drawn_villages, asked.get(one.pk, progress.Progress()).asked) for one in seen]
    if as_json:
        show.as_json(rows)
        return
    columns = [
        ("sample", show.words("编号", "no.")),
        ("division", show.words("地区", "place")),
        ("year", show.words("年度", "year")),
        ("evaluator", show.words("评估员", "evaluator")),
        ("villages", show.words("村", "villages")),
        ("households", show.words("户", "households")),
    ]
    show.as_table(rows, columns, show.words("还没有样本。", "There is no sample yet."))


@app.command(name="sheets")
def print_sheets(
    number: NumberArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="写到哪个文件 / file to write")] = Path("sheets.xlsx"),
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """入户核查表（Excel，不含登记册的任何结论）/ the sheets for the field, with nothing of what the register says."""
    who = actor(as_user)
    count = fieldwork.print_sheets(number=number, file=output, pack=policy.load(), by=who)
    if as_json:
        show.as_json({"file": output, "sheets": count})
    else:
        show.OUT.print(show.words(f"{count} 张表已写到 {output}。", f"{count} sheets written to {output}."))


@app.command()
def replace(
    number: NumberArgument,
    sheet: Annotated[int, typer.Argument(help="表号 / number of the sheet")],
    reason: Annotated[Replacement.Reason, typer.Option(help="为什么 / why")],
    note: Annotated[str, typer.Option(help="说明 / note")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """找不到的户按抽取顺序替换，留下记录 / a household that cannot be asked, replaced by the next one drawn; kept in the log."""
    who = actor(as_user)
    instead = fieldwork.replace(number=number, sheet=sheet, reason=reason, note=note, by=who)
    if as_json:
        show.as_json({"sheet": sheet, "instead": instead.sheet})
    else:
        show.OUT.print(
            show.words(
                f"第 {sheet} 号表由第 {instead.sheet} 号表代替。", f"Sheet {sheet} is replaced by {instead.sheet}."
            )
        )


@app.command()
def answers(
    number: NumberArgument,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="填好的核查表 / the sheets filled in")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """填好的入户核查表入库，有错则全部不入 / the sheets filled in; all of them or none."""
    who = actor(as_user)
    count = fieldwork.take_answers(number=number, file=file, pack=policy.load(), by=who)
    if as_json:
        show.as_json({"sheets": count})
    else:
        show.OUT.print(show.words(f"{count} 张表已入库。", f"{count} sheets taken in."))


def _label(pack: policy.Pack, name: str, code: str | None) -> str | None:
    return None if code is None else show.words(*(pack.codes(name).label(code, lang) for lang in ("zh", "en")))


@app.command(name="estimate")
def estimates(number: NumberArgument, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """错退、漏评、认可度的估计和置信区间，与标准对照；申诉成立的不计 / estimates with intervals, against the standard, without what was struck."""
    who, pack = actor(as_user), policy.load()
    found = outcome.after_rebuttals(outcome.concluded(number, who), pack)
    rows = [asdict(one) for one in found]
    if as_json:
        show.as_json(rows)
        return
    for row in rows:
        row["measure"] = _label(pack, "evaluation_measure", row["measure"])
        row["verdict"] = _label(pack, "evaluation_verdict", row["verdict"])
    columns = [
        ("measure", show.words("指标", "measure")),
        ("value", show.words("估计", "estimate")),
        ("ci_low", show.words("下限", "from")),
        ("ci_high", show.words("上限", "to")),
        ("limit", show.words("标准", "standard")),
        ("verdict", show.words("结论", "verdict")),
        ("households", show.words("户", "households")),
        ("people", show.words("人", "people")),
        ("counted", show.words("其中", "of them")),
        ("missing", show.words("未答", "no answer")),
    ]
    show.as_table(rows, columns, "")


@app.command(name="discrepancies")
def list_discrepancies(number: NumberArgument, as_user: AsOption = None, as_json: JsonOption = False) -> None:
    """与登记册不一致的户，供县里申诉举证 / households of which field and register differ, for the county to be heard."""
    who, pack = actor(as_user), policy.load()
    of, within = outcome.contested(number, who)
    found = outcome.with_dossiers(of, outcome.discrepancies(of, within, pack))
    rows = [
        asdict(one.found)
        | {
            "number": one.household.number if one.household else None,
            "struck": one.struck,
            "dossier": one.dossier.pk if one.dossier else None,
        }
        for one in found
    ]
    if as_json:
        show.as_json(rows)
        return
    for row in rows:
        row["measure"] = _label(pack, "evaluation_suspected", row["measure"])
        row["lacking"] = "、".join(str(_label(pack, "evaluation_lacking", one)) for one in row["lacking"]) or None
        row["income"] = row["income_fen"] / 100
        row["struck"] = show.words("申诉成立", "struck") if row["struck"] else None
    columns = [
        ("sheet", show.words("表号", "sheet")),
        ("village_code", show.words("村", "village")),
        ("number", show.words("户编号", "household")),
        ("measure", show.words("疑似", "suspected")),
        ("people", show.words("人", "people")),
        ("income", show.words("人均收入", "income")),
        ("lacking", show.words("缺", "lacks")),
        ("dossier", show.words("申诉事项", "rebuttal")),
        ("struck", show.words("结果", "outcome")),
    ]
    show.as_table(rows, columns, show.words("没有不一致的户。", "Field and register do not differ."))


@app.command(name="handover")
def hand_over(
    number: NumberArgument,
    note: Annotated[str, typer.Option(help="说明 / note")] = "",
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """移交结果：估计值定格，不再收表、替换，县里可以查看和申诉 / hand the results over: frozen, nothing more is taken in, the county is heard."""
    who = actor(as_user)
    made = handing.hand_over(number=number, note=note, by=who, on=timezone.localdate(), pack=policy.load())
    if as_json:
        show.as_json({"sample": number, "on": made.on, "estimates": made.estimates})
    else:
        show.OUT.print(show.words(f"样本 {number} 的结果已移交。", f"The results of sample {number} are handed over."))


@app.command()
def rebut(
    number: NumberArgument,
    sheet: Annotated[int, typer.Argument(help="表号 / number of the sheet")],
    why: Annotated[str, typer.Option(help="申诉理由 / why the finding is wrong")],
    as_user: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """对一户的差异提出申诉，在办理事项里交佐证并提交 / rebut one discrepancy; evidence is laid in and submitted in its dossier."""
    who = actor(as_user)
    made = rebutting.propose(number=number, sheet=sheet, why=why, by=who, on=timezone.localdate(), pack=policy.load())
    if as_json:
        show.as_json({"dossier": made.pk, "sheet": sheet, "due_on": made.due_on})
    else:
        show.OUT.print(
            show.words(
                f"申诉已起草：第 {made.pk} 号事项，请交入户核查记录后提交。",
                f"Drawn up as dossier {made.pk}: lay the record of the visit in and submit it.",
            )
        )
