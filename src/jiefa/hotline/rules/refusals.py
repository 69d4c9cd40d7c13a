"""What can be said against a complaint, a step, a look at who called. No message says what a complaint is about."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class TextMissing(JiefaError):
    code = "hotline.text"
    zh = "“{field}”要填，且不超过 {limit} 字。请补充或精简。"
    en = "{field} is needed, of at most {limit} characters. Fill it in or shorten it."


class TextTooLong(JiefaError):
    code = "hotline.too_long"
    zh = "“{field}”不超过 {limit} 字。请精简。"
    en = "{field} takes at most {limit} characters. Shorten it."


class ChoiceUnknown(JiefaError):
    code = "hotline.choice"
    zh = "“{field}”没有“{value}”这一项。请从列表中选。"
    en = "{field}: there is no {value!r}. Choose from the list."


class PlaceUnfit(JiefaError):
    code = "hotline.place"
    zh = "“{place}”不是登记在册的市（州）、县、乡镇或村，或被反映单位不在它的上级之列。请核对地点。"
    en = "{place!r} is no prefecture, county, township or village on file, or whoever is complained of does not lie on its way up. Check the place."


class NobodyAbove(JiefaError):
    code = "hotline.nobody_above"
    zh = (
        "反映的是省一级单位：本系统里没有它的上级，不能由它自己保管这件举报，没有登记、改动任何内容。"
        "请直接拨打全国监督举报电话 {phone}，或向纪检监察机关反映。"
    )
    en = (
        "This is about a body of the province itself: nobody above it works with this system, and it must not keep a complaint "
        "against itself. Nothing was stored or changed. Call the national line {phone}, or turn to discipline inspection."
    )


class DayUnfit(JiefaError):
    code = "hotline.day"
    zh = "日期 {on} 不对：不能晚于今天，也不能早于上一步（{since}）。请核对日期。"
    en = "The day {on} does not fit: not after today, not before the step before ({since}). Check the day."


class ComplaintUnknown(JiefaError):
    code = "hotline.unknown"
    zh = "没有编号为“{receipt}”的举报，或不归您办理。请核对编号。"
    en = "There is no complaint {receipt!r}, or it is not yours to deal with. Check the number."


class WordWrong(JiefaError):
    code = "hotline.word"
    zh = "受理编号和查询口令对不上。请核对，或拨打 {phone}。"
    en = "Number and secret word do not belong together. Check both, or call {phone}."


class StateMoved(JiefaError):
    code = "hotline.state"
    zh = "举报“{receipt}”现在是“{state}”，不能作这一步。请刷新页面后再办。"
    en = "Complaint {receipt!r} is {state!r} now; this step does not fit. Load the page again."


class UnitUnfit(JiefaError):
    code = "hotline.unit"
    zh = "举报“{receipt}”不能转给这个单位：承办单位必须是事发地的上级，而且严格高于被反映的单位，并在您的辖区之内。请换一个。"
    en = (
        "Complaint {receipt!r} cannot go to that unit: it must be on the way up from where it happened, strictly above whoever is "
        "complained of, and in your area. Choose another."
    )


class Concerned(JiefaError):
    code = "hotline.concerned"
    zh = "举报“{receipt}”与您的岗位有关，您不能办理。"
    en = "Complaint {receipt!r} concerns a post of yours; you cannot deal with it."


class NotNarrower(JiefaError):
    code = "hotline.not_narrower"
    zh = "举报“{receipt}”的被反映单位只能改得更高，不能改低。确需更正的，请另行登记并合并。"
    en = "Whoever complaint {receipt!r} is against can only be made broader. For anything else, put a new one on file and merge."


class MergeUnfit(JiefaError):
    code = "hotline.merge"
    zh = (
        "举报“{receipt}”不能并入“{other}”：那一件要先于它、正在办理或已答复、反映同一个县的事，反映的是同一单位或其上级，并由您保管。"
        "请核对编号；那一件反映的单位更低或没有写的，先在那一件里改明。"
    )
    en = (
        "Complaint {receipt!r} cannot be merged with {other!r}: that one must be earlier, under way or answered, of the same county, "
        "against the same body or a broader one, and yours to keep. Check the number; where that one names a narrower body or none, "
        "name the broader one there first."
    )


class HouseholdUnknown(JiefaError):
    code = "hotline.household"
    zh = "“{place}”没有户编号为“{number}”的农户。请核对户编号，或留空。"
    en = "{place!r} has no household number {number!r}. Check the number, or leave it empty."


class NothingFound(JiefaError):
    code = "hotline.nothing_noted"
    zh = "举报“{receipt}”还没有一条核查记录。请先写明查看、谈话的情况，再下结论。"
    en = "Nothing was noted of complaint {receipt!r} yet. Write down what was looked at or said before it is concluded."


class ReopenedBefore(JiefaError):
    code = "hotline.reopened"
    zh = "举报“{receipt}”已经重办过一次，不能再重办。仍不满意的，请向上一级反映或拨打 {phone}。"
    en = "Complaint {receipt!r} was opened again once already. Turn to the level above, or call {phone}."


class ReopenTooLate(JiefaError):
    code = "hotline.reopen_late"
    zh = "举报“{receipt}”在 {until} 以前可以要求重办，现在已过期。有新的事实，请另行反映。"
    en = "Complaint {receipt!r} could be opened again until {until}. If there are new facts, send a new one."


class NotFound(JiefaError):
    code = "hotline.not_found_true"
    zh = "举报“{receipt}”没有“属实”或“部分属实”的结论，不能由它立案或登记违规问题。"
    en = "Complaint {receipt!r} was not found true, not even partly; no case or violation follows from it."


class FollowedBefore(JiefaError):
    code = "hotline.followed"
    zh = "举报“{receipt}”已经立案或登记过违规问题。"
    en = "A case or a violation was already made of complaint {receipt!r}."


class ViolationUnfit(JiefaError):
    code = "hotline.violation"
    zh = "由举报“{receipt}”登记的违规问题，只能登记在承办单位所在地，或从那里到事发地之间的地方。请改地点代码。"
    en = (
        "A violation that follows from complaint {receipt!r} is put on file in the place of the unit that looked into it, or between there "
        "and where it happened. Change the code of the place."
    )
