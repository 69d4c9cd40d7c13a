"""What can be said against a target, a letter of responsibility or the confirmation of a month. Each names the place and what to do."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class NotYourPlace(JiefaError):
    code = "planning.not_your_place"
    zh = "“{place}”的这项工作须由{who}的岗位办理，您没有这个岗位。请由相应岗位登录后办理。"
    en = "This work of {place!r} belongs to a post of {who}; you hold none. Have it done by whoever holds it."


class StateUnfit(JiefaError):
    code = "planning.state_unfit"
    zh = "“{place}”{year} 年“{metric}”现为“{before}”，不能改为“{after}”。请先完成上一步（下达、提议、确定依次办理）。"
    en = "{metric} of {place!r} in {year} is {before!r} and cannot become {after!r}. Take the steps in order: sent down, proposed, fixed."


class ReasonNeeded(JiefaError):
    code = "planning.reason_needed"
    zh = "“{place}”{year} 年“{metric}”由 {before} 改为 {after}，须写明理由和文号。请补填。"
    en = "{metric} of {place!r} in {year} changes from {before} to {after}: give the reason and the document."


class MetricUnknown(JiefaError):
    code = "planning.metric_unknown"
    zh = "没有名为“{metric}”的目标指标。可用的有：{known}。"
    en = "There is no metric of targets called {metric!r}. There are: {known}."


class NoPlanBelow(JiefaError):
    code = "planning.no_plan_below"
    zh = "“{place}”没有 {year} 年的规划，或规划不含“{metric}”，不能按规划分解。请先排规划，或逐个填写、导入名单。"
    en = "{place!r} has no plan of {year} that says anything of {metric}; it cannot be shared out by one. Make a plan, type the numbers, or load a list."


class NothingToFix(JiefaError):
    code = "planning.nothing_to_fix"
    zh = "“{place}”下级 {year} 年的“{metric}”没有可以确定的目标（须先下达）。"
    en = "Below {place!r} no target of {metric} in {year} waits to be fixed; send them down first."


class NoDifference(JiefaError):
    code = "planning.no_difference"
    zh = "“{place}”{year} 年“{metric}”与下级合计没有差额，不需要签认。"
    en = "{metric} of {place!r} in {year} and the places below add up; there is no difference to sign for."


class NothingLeftOver(JiefaError):
    code = "planning.nothing_left_over"
    zh = "“{place}”{year} 年“{metric}”没有欠账，或已经结转过同样的数，不需要结转。"
    en = "Nothing of {metric} of {place!r} in {year} is left over, or the same number was carried over before."


class NothingFixed(JiefaError):
    code = "planning.nothing_fixed"
    zh = "“{place}”{year} 年没有已确定的目标，不能生成责任书。请先下达并确定目标。"
    en = "No target of {place!r} in {year} is fixed; no letter can be drawn up. Send targets down and fix them first."


class UpperLetterMissing(JiefaError):
    code = "planning.upper_letter_missing"
    zh = "“{upper}”{year} 年自己的责任书还没有签，不能与“{place}”签。请先签上一级的责任书。"
    en = "{upper!r} has not signed its own letter of {year}; none can be signed with {place!r} before."


class LetterSame(JiefaError):
    code = "planning.letter_same"
    zh = "“{place}”{year} 年的责任书已经签过，内容与现在的目标一样，不需要再签。"
    en = "The letter of {place!r} for {year} is signed with these very lines; it need not be signed again."


class LetterStale(JiefaError):
    code = "planning.letter_stale"
    zh = "“{title}”：生成后目标有变化，数字已不一致。请退回第一步，重新生成后再签。"
    en = "{title!r}: the targets changed since it was drawn up. Return it to the first step and have it drawn up anew."


class DocumentMissing(JiefaError):
    code = "planning.document_missing"
    zh = "“{place}”：请填写文号（不超过 {limit} 字）。"
    en = "{place!r}: give the number of the document (at most {limit} characters)."


class MonthNotOver(JiefaError):
    code = "planning.month_not_over"
    zh = "{year} 年 {month} 月还没有过完，不能确认“{place}”的进度。请月底以后再确认。"
    en = "{year}-{month} is not over; the progress of {place!r} cannot be confirmed yet."


class MonthLocked(JiefaError):
    code = "planning.month_locked"
    zh = "“{place}”{year} 年 {month} 月的进度已由{by}确认并锁定。要改，请上一级先解锁。"
    en = "The progress of {place!r} in {year}-{month} was confirmed by {by} and is locked. The place above must unlock it first."


class NotAllConfirmed(JiefaError):
    code = "planning.not_all_confirmed"
    zh = "“{place}”{year} 年 {month} 月还有 {missing} 个下级没有确认（{names}），不能确认。请先催办。"
    en = "{missing} places below {place!r} have not confirmed {year}-{month} ({names}); it cannot be confirmed before."


class NotConfirmed(JiefaError):
    code = "planning.not_confirmed"
    zh = "“{place}”{year} 年 {month} 月没有确认过，不需要解锁。"
    en = "{place!r} has not confirmed {year}-{month}; there is nothing to unlock."


class ConfirmedAbove(JiefaError):
    code = "planning.confirmed_above"
    zh = "“{upper}”已确认 {year} 年 {month} 月，不能单独解锁“{place}”。请先解锁上一级。"
    en = "{upper!r} has confirmed {year}-{month}; {place!r} cannot be unlocked before it."


class UnlockReason(JiefaError):
    code = "planning.unlock_reason"
    zh = "解锁“{place}”{year} 年 {month} 月的进度须写明理由。请补填。"
    en = "Unlocking {year}-{month} of {place!r} needs a reason. Give it."


class ShortfallUnexplained(JiefaError):
    code = "planning.shortfall_unexplained"
    zh = "请写明“{place}”的“{metric}”为什么落后。"
    en = "Say why {metric} of {place!r} is behind."
