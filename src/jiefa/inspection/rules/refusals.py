"""What can be said against a plan, a record, a reply, looking again, a talk."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class PlaceUnfit(JiefaError):
    code = "inspection.place"
    zh = "“{place}”不能由您暗访或约谈：只能由上级对下级，请选您岗位所在地以下的地方。"
    en = "{place!r} cannot be visited or called by you: that is done from above. Choose a place below the one of your post."


class DayUnfit(JiefaError):
    code = "inspection.day"
    zh = "“{what}”的日期 {on} 不对：已发生的不能晚于今天，也不能早于上一步；期限要在今天或之后。请核对。"
    en = "{what}: the day {on} does not fit. What has happened is not after today nor before the step before; a term does not end before today. Check it."


class TextMissing(JiefaError):
    code = "inspection.text"
    zh = "“{what}”要填，不超过 {limit} 字。"
    en = "{what} is needed, of at most {limit} characters."


class ItemWrong(JiefaError):
    code = "inspection.item"
    zh = "“{item}”：每一项都要有结果；有问题的要写明问题和整改期限。请补充。"
    en = "{item!r}: every item needs a result; where something is wrong, say what and by when it is put right."


class VisitUnknown(JiefaError):
    code = "inspection.unknown"
    zh = "没有编号为 {number} 的暗访或问题，或不归您办理。请核对编号。"
    en = "There is no visit or finding number {number}, or it is not yours to deal with. Check the number."


class VisitOver(JiefaError):
    code = "inspection.over"
    zh = "暗访 {number} 已经记录或取消，不能再改。"
    en = "Visit {number} was recorded or dropped already; nothing changes any more."


class FindingMoved(JiefaError):
    code = "inspection.finding_moved"
    zh = "问题 {number} 现在不在这一步。请刷新页面后再办。"
    en = "Finding {number} is not at this step now. Load the page again."


class SamePerson(JiefaError):
    code = "inspection.same_person"
    zh = "问题 {number} 的整改是您上报的，复查须由另一人办理。"
    en = "You reported how finding {number} was put right; somebody else must look again."


class ChoiceUnknown(JiefaError):
    code = "inspection.choice"
    zh = "“{what}”没有“{value}”这一项。请从列表中选。"
    en = "{what}: there is no {value!r}. Choose from the list."
