"""Refusals of the policy pack: a fault in its files, or a question that it cannot answer."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class PolicyError(JiefaError):
    """A fault in a file of the pack. Context: ``file``, ``line``, ``problem_zh``, ``problem_en`` with the remedy."""

    code = "policy.fault"
    zh = "政策包有误：{file} 第 {line} 行：{problem_zh}"
    en = "Fault in the policy pack: {file}, line {line}: {problem_en}"


class PolicyMissing(PolicyError):
    """The folder of the pack cannot be read."""

    code = "policy.missing"
    zh = "找不到政策包文件夹 {file}。请检查环境变量 JIEFA_POLICY。"
    en = "There is no policy pack in {file}. Check the environment variable JIEFA_POLICY."


class UnknownPolicy(PolicyError):
    """The pack has nothing of that kind and name."""

    code = "policy.unknown"
    zh = "政策包里没有{kind_zh}“{name}”。请核对名称，或在政策包中补上。可选的有：{near}"
    en = "The policy pack has no {kind_en} {name!r}. Check the name or add it to the pack. There are: {near}"


class NotInForce(PolicyError):
    """The parameter, scorecard or list has no value on that day."""

    code = "policy.not_in_force"
    zh = "“{name}”在 {date} 没有取值：{why_zh}。请在政策包中补上该日期的值和依据。"
    en = "{name!r} has no value on {date}: {why_en}. Add the value of that day, with its source, to the pack."


class WrongKind(PolicyError):
    """The value is there but is not what was asked for."""

    code = "policy.wrong_kind"
    zh = "“{name}”的值是“{amount}”（单位 {unit}），不是所要的{wanted_zh}。"
    en = "{name!r} is {amount!r} (unit {unit}), not the {wanted_en} that was asked for."
