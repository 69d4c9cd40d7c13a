"""Why something about a sample that was handed over, or not yet, is refused."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class HandedOver(JiefaError):
    code = "evaluation.handed_over"
    zh = "第 {number} 号样本的结果已于 {on} 移交，不能再补答、替换或重复移交。"
    en = "The results of sample {number} were handed over on {on}: nothing more is taken in, replaced or handed over."


class NotHandedOver(JiefaError):
    code = "evaluation.not_handed_over"
    zh = "第 {number} 号样本的结果还没有移交。移交之前，评估员看不到估计值，各县不受理申诉；请先移交。"
    en = "The results of sample {number} are not handed over. Before that evaluators see no estimate and nobody is heard about them; hand them over first."


class NothingAnswered(JiefaError):
    code = "evaluation.nothing_answered"
    zh = "第 {number} 号样本还没有一份回答，没有结果可以移交。请先导入填好的核查表。"
    en = "Sample {number} has no answer yet and so no result to hand over. Load the sheets that were filled in first."


class Blind(JiefaError):
    code = "evaluation.blind"
    zh = "第 {number} 号样本由您评估：登记册对各户的记载不向评估员显示。请由组织评估的单位查看差异。"
    en = "You evaluate sample {number}: what the register says of its households is not shown to you. Whoever ordered the evaluation reads where they differ."


class NoDiscrepancy(JiefaError):
    code = "evaluation.no_discrepancy"
    zh = "样本 {number} 的第 {sheet} 号表没有与登记册不一致之处，无需申诉。请核对表号。"
    en = "Sheet {sheet} of sample {number} does not differ from the register; there is nothing to rebut. Check the number of the sheet."


class AlreadyStruck(JiefaError):
    code = "evaluation.already_struck"
    zh = "样本 {number} 第 {sheet} 号表的申诉已被采纳，不必再申诉。"
    en = "A rebuttal of sheet {sheet} of sample {number} was upheld already; another is not needed."


class TermOver(JiefaError):
    code = "evaluation.term_over"
    zh = "“{title}”的申诉期到 {until} 为止（移交后 {days} 天），现在不能再提出。"
    en = "Rebuttals of {title!r} were taken until {until} ({days} days after the hand-over); it is too late now."


class WhyMissing(JiefaError):
    code = "evaluation.why_missing"
    zh = "样本 {number} 第 {sheet} 号表：请写明申诉理由（不超过 {limit} 字）。"
    en = "Sheet {sheet} of sample {number}: say why the finding is wrong, in at most {limit} characters."
