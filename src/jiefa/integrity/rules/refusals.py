"""What can be said against a campaign, an answer, a violation, a case. Every one names the record and what to do."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class CampaignWrong(JiefaError):
    code = "integrity.campaign"
    zh = "自查自纠“{title}”：名称、文号要填，结束年度不早于开始年度，截止日期不早于开始日期。请改正。"
    en = "Self-inspection {title!r}: title and document are needed, the last year not before the first, the end not before the beginning. Mend it."


class CampaignKnown(JiefaError):
    code = "integrity.campaign_known"
    zh = "本地区已有名为“{title}”的自查自纠。请换一个名称，或在原来的自查里继续。"
    en = "There is a self-inspection {title!r} of this place already. Give another title, or go on with that one."


class CampaignUnknown(JiefaError):
    code = "integrity.campaign_unknown"
    zh = "没有编号为 {number} 的自查自纠，或不涉及“{place}”。请核对编号。"
    en = "There is no self-inspection number {number}, or it does not ask {place!r}. Check the number."


class NotAsked(JiefaError):
    code = "integrity.not_asked"
    zh = "自查自纠“{title}”不要求“{place}”这一级自查。请核对单位。"
    en = "Self-inspection {title!r} does not ask offices of the level of {place!r}. Check the office."


class AnswerWrong(JiefaError):
    code = "integrity.answer"
    zh = "“{place}”的自查：没有“{value}”这一项。请从列表中选。"
    en = "Self-inspection of {place!r}: there is no {value!r}. Choose from the list."


class NoteMissing(JiefaError):
    code = "integrity.note"
    zh = "“{place}”的自查：“{item}”有问题的，请写明是什么问题。"
    en = "Self-inspection of {place!r}: say what is wrong with {item!r}."


class ViolationWrong(JiefaError):
    code = "integrity.violation"
    zh = (
        "违规问题“{number}”：编号、内容、责任人要填，金额不小于零，整改时限不早于发现日期，发现日期不晚于今天。请改正。"
    )
    en = "Violation {number!r}: number, facts and who puts it right are needed, an amount from zero, a day up to today and a term after it. Mend it."


class ViolationKnown(JiefaError):
    code = "integrity.violation_known"
    zh = "“{place}”已有编号为“{number}”的违规问题。请核对编号。"
    en = "{place!r} has a violation number {number!r} already. Check the number."


class PlaceUnfit(JiefaError):
    code = "integrity.place"
    zh = "“{place}”不能登记在这里：请选县、乡镇或村。"
    en = "{place!r} does not fit here: choose a county, township or village."


class SettledBefore(JiefaError):
    code = "integrity.settled"
    zh = "违规问题“{number}”已经整改到位，不能再报。"
    en = "Violation {number!r} has been put right; nothing more can be reported."


class RectifiedTooMuch(JiefaError):
    code = "integrity.rectified_too_much"
    zh = "违规问题“{number}”：还有 {left} 元没有整改，填报的整改金额应在这个数以内。请核对。"
    en = "Violation {number!r}: {left} yuan are left to be put right; report no more than that. Check the amount."


class ReasonMissing(JiefaError):
    code = "integrity.reason"
    zh = "“{title}”：请写明事由。"
    en = "{title!r}: say why."


class HandedOverBefore(JiefaError):
    code = "integrity.handed_over"
    zh = "“{title}”已经移交过了。"
    en = "{title!r} has been handed over already."


class CaseTextMissing(JiefaError):
    code = "integrity.case_text"
    zh = "监督事项：监督对象和内容要填，内容不超过 {limit} 字，日期不晚于今天。"
    en = "Case: its subject and text are needed, the text of at most {limit} characters, the day not after today."


class CaseClosed(JiefaError):
    code = "integrity.case_closed"
    zh = "监督事项 {number} 已有结论，不能再写记录。请另立事项。"
    en = "Case {number} is concluded; nothing more is written into it. Open another one."


class CaseOpen(JiefaError):
    code = "integrity.case_open"
    zh = "监督事项 {number} 还没有“问题属实”的结论，不能移交。请先下结论。"
    en = "Case {number} has not been found true; it cannot be handed over. Have it concluded first."


class NotWatched(JiefaError):
    code = "integrity.not_watched"
    zh = "您没有“{place}”的监督岗位，不能在这里立事项。"
    en = "You hold no post of supervision for {place!r}; you cannot open a case there."


class NothingWritten(JiefaError):
    code = "integrity.nothing_written"
    zh = "监督事项 {number} 还没有一条工作记录。请先写明查看、谈话的情况，再上报。"
    en = "Nothing was written into case {number} yet. Write down what was looked at or said before it is passed on."


class GroupTwice(JiefaError):
    code = "integrity.group_twice"
    zh = "“{place}”已由“{group}”负责，起始日期 {on}；新的起始日期应在此之后。请核对日期。"
    en = "{place!r} is watched by {group!r} since {on}; another group begins after that day. Check the date."
