"""What is refused of an assessment, and why."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class PlacesUnfit(JiefaError):
    code = "assessment.places_unfit"
    zh = "考核办法“{scheme}”：组“{group}”里的 {codes} 在 {year} 年不属于考核对象（或不在册）。请改办法的 codes，或先录入当年的认定。"
    en = "Scheme {scheme!r}: {codes} of group {group!r} are not among those assessed in {year}, or not on file. Mend the codes, or enter the designations."


class NobodyAssessed(JiefaError):
    code = "assessment.nobody"
    zh = "考核办法“{scheme}”在 {year} 年没有考核对象：没有地方有这些认定：{kinds}。请先录入认定（jiefa areas designate）。"
    en = "Scheme {scheme!r} assesses nobody in {year}: no place was designated {kinds}. Enter the designations first (jiefa areas designate)."


class RunUnknown(JiefaError):
    code = "assessment.run_unknown"
    zh = "没有编号为 {number} 的考核。请核对编号。"
    en = "There is no assessment number {number}. Check the number."


class NotRun(JiefaError):
    code = "assessment.not_run"
    zh = "“{scheme}”{year} 年度还没有考核结果。请由省里运行 jiefa assess --scheme {id} --year {year}。"
    en = "{scheme!r} has no result for {year} yet. The province makes one: jiefa assess --scheme {id} --year {year}."


class NotAssessed(JiefaError):
    code = "assessment.not_assessed"
    zh = "“{place}”不在这次考核的对象里，或不在您的管辖范围。请核对代码。"
    en = "{place!r} is not assessed in this run, or not in your area. Check the code."


class AppealNotNewest(JiefaError):
    code = "assessment.not_newest"
    zh = "“{place}”的申诉针对的考核（第 {number} 次）已有新的结果。请在最新结果上申诉。"
    en = "The appeal of {place!r} is against assessment {number}, and there is a newer one. Appeal against the newest."


class AppealStale(JiefaError):
    code = "assessment.appeal_stale"
    zh = "“{title}”：现在的数已是 {now}，不再是申诉时的 {was}。请退回重新提出。"
    en = "{title!r}: the figure is {now} by now, no longer {was} as in the appeal. Have it returned and drawn up anew."


class AppealSame(JiefaError):
    code = "assessment.appeal_same"
    zh = "“{place}”的“{item}”在册的数就是 {value}，没有要更正的。"
    en = "The figure of {item!r} of {place!r} is {value} already; there is nothing to correct."


class AppealReason(JiefaError):
    code = "assessment.appeal_reason"
    zh = "“{place}”的“{item}”：请写明申诉理由（不超过 {limit} 字）。"
    en = "{item!r} of {place!r}: say why you appeal, in at most {limit} characters."


class AppealItem(JiefaError):
    code = "assessment.appeal_item"
    zh = "考核办法“{scheme}”对“{place}”没有名为“{item}”的一项。请在结果页面上选择。"
    en = "Scheme {scheme!r} has no item {item!r} for {place!r}. Choose one on the page of the result."


class AppealNumber(JiefaError):
    code = "assessment.appeal_number"
    zh = "“{place}”的“{item}”：{value} 不是可用的数，请填绝对值小于 10 亿、最多 6 位小数的数。"
    en = "{item!r} of {place!r}: {value} cannot be used; give a number below a thousand million, with six decimals at most."
