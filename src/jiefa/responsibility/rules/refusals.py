"""Why something about responsibility is refused: each reason once, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiefa.kernel.errors import JiefaError, Words


class CadreUnknown(JiefaError):
    code = "responsibility.cadre_unknown"
    zh = "您的管辖范围及其上级没有编号为“{number}”的干部。请先登记该干部，或核对编号。"
    en = "There is no cadre {number!r} posted in your area or above it. Enter the cadre first, or check the number."


class CadreKnown(JiefaError):
    code = "responsibility.cadre_known"
    zh = "编号“{number}”已登记给“{name}”。一个编号只登记一人。"
    en = "The number {number!r} is that of {name}. A number belongs to one cadre."


class CadreNotServing(JiefaError):
    code = "responsibility.cadre_not_serving"
    zh = "“{name}”（{number}）{on} 不在岗（{begins} 至 {ends}），不能承担帮扶责任或登记走访。"
    en = "{name} ({number}) does not serve on {on} ({begins} to {ends}) and can neither answer for anybody nor visit."


class UsernameTaken(JiefaError):
    code = "responsibility.username_taken"
    zh = "用户“{username}”已对应干部“{name}”。一个用户只对应一名干部。"
    en = "The user {username!r} is already the cadre {name}. A user is one cadre."


class OrganisationUnknown(JiefaError):
    code = "responsibility.organisation_unknown"
    zh = "没有这个单位，或不在您的管辖范围及其上级。"
    en = "There is no such organisation in your area or above it."


class PlaceUnfit(JiefaError):
    code = "responsibility.place_unfit"
    zh = "“{kind}”不能结对到{place}（{code}）：级别不符，或区划不存在。请核对地区代码。"
    en = "The pairing {kind!r} cannot be with {place} ({code}): its level does not fit, or there is none. Check the code."


class LeaderMissing(JiefaError):
    code = "responsibility.leader_missing"
    zh = "“{kind}”要写明是哪位领导，其他结对关系不写领导（{place}）。请核对。"
    en = "{kind!r} names a leader, other pairings name none ({place}). Check it."


class PairingUnknown(JiefaError):
    code = "responsibility.pairing_unknown"
    zh = "您的管辖范围里没有“{organisation}”与 {place} 的这种结对关系。请先登记结对，或核对单位、类别和地区。"
    en = "Your area has no such pairing of {organisation} with {place}. Enter the pairing first, or check unit, kind and place."


class PairingEnded(JiefaError):
    code = "responsibility.pairing_ended"
    zh = "“{organisation}”与{place}的结对已于 {ends} 结束，不能再登记承诺。"
    en = "The pairing of {organisation} with {place} ended on {ends}; nothing more is promised within it."


class BeforePairing(JiefaError):
    code = "responsibility.before_pairing"
    zh = "{on} 早于“{organisation}”结对开始的 {begins}。请核对日期。"
    en = "{on} is before the pairing of {organisation} began on {begins}. Check the day."


class ArrivalOutside(JiefaError):
    code = "responsibility.arrival_outside"
    zh = "到位地区 {place} 不在结对地区 {paired} 之内。请核对。"
    en = "{place} does not lie inside the paired place {paired}. Check it."


class AmountMissing(JiefaError):
    code = "responsibility.amount_missing"
    zh = "“{what}”：资金要写金额，到位的资金还要写凭证号。请补上。"
    en = "{what!r}: money needs an amount, and money that came needs its voucher. Fill them in."


class ReasonMissing(JiefaError):
    code = "responsibility.reason_missing"
    zh = "“{what}”：更正要写明原因，只有更正才写原因。"
    en = "{what!r}: a correction says why, and nothing else does."


class CorrectedBefore(JiefaError):
    code = "responsibility.corrected_before"
    zh = "“{what}”已有更正，或不在这里。请刷新后更正最新的一条。"
    en = "{what!r} was corrected before, or is not here. Reload and correct the latest entry."


class HouseholdUnknown(JiefaError):
    code = "responsibility.household_unknown"
    zh = "户 {number} 不在登记册上，或不在您的管辖范围。"
    en = "Household {number} is not on the register of your area."


class HouseholdClosed(JiefaError):
    code = "responsibility.household_closed"
    zh = "户 {number} 已销户，不能再安排帮扶责任人。"
    en = "Household {number} is closed; nobody is appointed for it."


class TwiceInList(JiefaError):
    code = "responsibility.twice"
    zh = "户 {number} 在名单中出现多次。一户只有一个帮扶责任人，请只保留一行。"
    en = "Household {number} stands in the list more than once. A household has one helper; keep one row."


class LaterHistory(JiefaError):
    code = "responsibility.later_history"
    zh = "户 {number} 在 {on} 之后已有帮扶责任人记录（自 {begins}）。请用 {begins} 或以后的日期。"
    en = "Household {number} has a helper on record after {on} (from {begins}). Use {begins} or a later day."


class ChangedMeanwhile(JiefaError):
    code = "responsibility.changed_meanwhile"
    zh = "刚才有人同时改了这些户的帮扶责任人或工作队，您的安排没有保存。请刷新后再办。"
    en = "Somebody changed helpers or teams at the same moment; yours was not saved. Reload and try again."


class DayToCome(JiefaError):
    code = "responsibility.day_to_come"
    zh = "{on} 还没有到，不能登记。请填今天或以前的日期。"
    en = "{on} is still to come and cannot be recorded. Give today or an earlier day."


class TeamStands(JiefaError):
    code = "responsibility.team_stands"
    zh = "{village}已有驻村工作队（自 {begins}），请用“轮换”改变队员。"
    en = "{village} has a team already (since {begins}); rotate it to change its members."


class TeamEnded(JiefaError):
    code = "responsibility.team_ended"
    zh = "{village}的这支工作队已于 {ends} 撤出。"
    en = "This team of {village} left on {ends}."


class TeamEmpty(JiefaError):
    code = "responsibility.team_empty"
    zh = "{village}的工作队至少要有一名队员。"
    en = "The team of {village} needs at least one member."


class TwoFirstSecretaries(JiefaError):
    code = "responsibility.two_first"
    zh = "{village}的工作队写了不止一名第一书记。一队只有一名。"
    en = "More than one first secretary is named for {village}. A team has one."


class ServesElsewhere(JiefaError):
    code = "responsibility.serves_elsewhere"
    zh = "“{name}”（{number}）自 {begins} 已在{village}的工作队。请先从那里轮换出来。"
    en = "{name} ({number}) has served in the team of {village} since {begins}. Rotate the cadre out of there first."


class NotInTeam(JiefaError):
    code = "responsibility.not_in_team"
    zh = "“{name}”（{number}）{year} 年 {month} 月不在任何驻村工作队，不能登记考勤。"
    en = "{name} ({number}) served in no village team in month {month} of {year}; no attendance is recorded."


class VisitOfOther(JiefaError):
    code = "responsibility.visit_of_other"
    zh = "您只能登记自己的走访。请用本人的用户登录，或请乡镇、县里登记。"
    en = "You record your own visits only. Sign in as the cadre, or ask the township or county."


class VisitEmpty(JiefaError):
    code = "responsibility.visit_empty"
    zh = "“{title}”：请写明走访看到的情况。"
    en = "{title!r}: say what was found."


class NoRound(JiefaError):
    code = "responsibility.no_round"
    zh = "{on} 在{village}没有进行中的遍访活动。请改选其他走访目的，或由县里先开始遍访。"
    en = "No round is under way over {village} on {on}. Choose another purpose, or let the county begin a round."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row of a list, in a column where one is meant."""

    row: int
    zh: str
    en: str
    column: str | None = None
    rule: str = "list"


class RowsWrong(JiefaError):
    """``problems``: all of them, in the order of the list."""

    code = "responsibility.rows_wrong"
    zh = "名单第 {row} 行：{problem}"
    en = "Row {row} of the list: {problem}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: one.row)
        first = self.problems[0]
        super().__init__(row=first.row, problem=Words(first.zh, first.en))


class TooManyFaults(JiefaError):
    code = "responsibility.too_many_faults"
    zh = "名单错误太多（已找到 {count} 处），没有写入任何数据。请先核对编号、代码和日期各列，再导入。"
    en = "Too much is wrong with the list ({count} faults found); nothing was written. Check numbers, codes and days, then load it again."


class ListLoaded(JiefaError):
    code = "responsibility.list_loaded"
    zh = "文件“{file}”的内容已经导入过，不再重复导入。"
    en = "What file {file!r} holds was loaded before; it is not loaded twice."
