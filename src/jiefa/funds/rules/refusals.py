"""What can be said against a transfer, an order, an allocation: one class for one reason. Every one names the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jiefa.kernel.errors import JiefaError


class TransferWrong(JiefaError):
    """Something about one transfer, which ``key`` names. ``column``: where in a list."""

    column: ClassVar[str] = ""


class AmountWrong(TransferWrong):
    code = "funds.amount"
    column = "amount"
    zh = "拨付“{key}”：金额应大于零且不超过 {most} 元。请核对金额。"
    en = "Transfer {key!r}: the amount must be above zero and no more than {most} yuan. Check it."


class TextMissing(TransferWrong):
    code = "funds.text"
    column = "document"
    zh = "拨付“{key}”：编号、文号都要填，编号不超过 {key_length} 个字符，文号不超过 {document_length} 个字符。"
    en = "Transfer {key!r}: number and document are needed, of no more than {key_length} and {document_length} characters."


class DayWrong(TransferWrong):
    code = "funds.day"
    column = "day"
    zh = "拨付“{key}”：日期 {on} 在今天之后，或早于资金年度 {year}。请核对日期和年度。"
    en = "Transfer {key!r}: {on} lies after today, or before the fund year {year}. Check day and year."


class CodeUnknown(TransferWrong):
    code = "funds.code"
    column = "purpose"
    zh = "拨付“{key}”：{on} 没有“{value}”这个来源、类型或用途。请从列表中选。"
    en = "Transfer {key!r}: no source, type or purpose is called {value!r} on {on}. Choose from the list."


class PurposeForbidden(TransferWrong):
    code = "funds.negative_list"
    column = "purpose"
    zh = "拨付“{key}”：用途“{purpose}”在资金使用负面清单内（{reference}），不得支出。"
    en = "Transfer {key!r}: {purpose} is on the list of what money may not be spent on ({reference})."


class PurposeMissing(TransferWrong):
    code = "funds.purpose"
    column = "purpose"
    zh = "拨付“{key}”：付给收款人或项目的资金要写明用途。请选用途。"
    en = "Transfer {key!r}: what goes to a payee or project needs its purpose. Choose one."


class WayWrong(TransferWrong):
    code = "funds.way"
    column = "to_kind"
    zh = "拨付“{key}”：资金不能从“{payer}”（{from_code}）到“{receiver}”（{to_code}）。资金只在本地区之内向下拨付，或按原路退回。"
    en = "Transfer {key!r}: money does not go from {payer} ({from_code}) to {receiver} ({to_code}). It goes down inside a place, or back the same way."


class PlaceUnknown(TransferWrong):
    code = "funds.place"
    column = "to_code"
    zh = "拨付“{key}”：没有地区代码“{place}”。请核对代码。"
    en = "Transfer {key!r}: there is no place {place!r}. Check the code."


class OwnerWrong(TransferWrong):
    code = "funds.owner"
    column = "to_owner"
    zh = "拨付“{key}”：项目和收款人要写名称（或户编号），来源户和持有单位不写。请核对。"
    en = "Transfer {key!r}: a project or payee needs its name (or household), a source or holder has none. Check both."


class HouseholdUnknown(TransferWrong):
    code = "funds.household"
    column = "household_number"
    zh = "拨付“{key}”：登记册里找不到这一户。请核对户编号。"
    en = "Transfer {key!r}: there is no such household on the register. Check its number."


class BalanceShort(TransferWrong):
    code = "funds.short"
    column = "amount"
    zh = (
        "拨付“{key}”：“{account}”此来源的余额只有 {balance} 元，不够 {asked} 元。请核对来源、年度和金额，或先下达指标。"
    )
    en = "Transfer {key!r}: {account} holds {balance} yuan of this money, less than {asked}. Check origin, year and amount, or have it appropriated first."


class KeyContradicts(TransferWrong):
    code = "funds.key"
    column = "voucher"
    zh = "编号“{key}”已用于另一笔拨付（内容不同），没有入账。请核对编号。"
    en = "Number {key!r} stands for another transfer with other content; nothing was posted. Check the number."


class KeyTwice(TransferWrong):
    code = "funds.key_twice"
    column = "voucher"
    zh = "编号“{key}”在这份名单里出现两次。请删去一行，或改编号。"
    en = "Number {key!r} stands twice in this list. Delete one row, or give it another number."


class YearClosed(TransferWrong):
    code = "funds.year_closed"
    column = "day"
    zh = "拨付“{key}”：{place} 的 {year} 年账已关闭。请用未关闭年度的日期，或先由有权的人重新打开。"
    en = "Transfer {key!r}: the books of {year} are closed for {place}. Date it into an open year, or have them opened again."


class NotToReverse(TransferWrong):
    code = "funds.not_to_reverse"
    zh = "拨付“{key}”不能冲销：它已被冲销过，或本身就是冲销，或金额、双方与原拨付不符。一笔拨付只冲销一次，整笔冲销。"
    en = "Transfer {key!r} cannot be reversed: it was reversed before, is a reversal itself, or amount and accounts differ. Each is reversed once, whole."


class PostedMeanwhile(JiefaError):
    code = "funds.meanwhile"
    zh = "同一时刻有人用同样的编号入了账，这次没有写入。请刷新后再试。"
    en = "Somebody posted under the same number at this moment; nothing was written here. Reload and try again."


class YearStands(JiefaError):
    code = "funds.year_stands"
    zh = "{place} 的 {year} 年账已经是这个状态，没有改动。"
    en = "The books of {year} for {place} stand so already; nothing was changed."


class OrderKnown(JiefaError):
    code = "funds.order_known"
    zh = "内容相同的“{kind}”已经有了：第 {number} 份（{state}，{title}）。没有重复写入。"
    en = "There is a {kind} with this content already: no. {number} ({state}, {title}). Nothing was written twice."


class OrderEmpty(JiefaError):
    code = "funds.order_empty"
    zh = "“{title}”里没有一行可以入账。请看每行的问题；没有写入任何数据。"
    en = "No row of {title!r} can be posted. See what is wrong with each; nothing was written."


class OrderDecided(JiefaError):
    code = "funds.order_decided"
    zh = "第 {number} 份已经处理过了（{state}）。请刷新页面。"
    en = "No. {number} has been decided already ({state}). Reload the page."


class OrderOwn(JiefaError):
    code = "funds.order_second_officer"
    zh = "提出的人不能自己确认：请由另一位有权的人确认第 {number} 份。"
    en = "Who proposed it cannot confirm it: another officer has to confirm no. {number}."


class OrderChanged(JiefaError):
    code = "funds.order_changed"
    zh = "第 {number} 份的内容与提出时不一致，不能确认。请退回后重新提出。"
    en = "No. {number} is not what was proposed; it cannot be confirmed. Refuse it and propose it again."


class OrderReason(JiefaError):
    code = "funds.order_reason"
    zh = "第 {number} 份：请写明为什么退回。"
    en = "No. {number}: say why it is refused."


class ReasonMissing(JiefaError):
    code = "funds.reason"
    zh = "冲销拨付“{key}”要写明原因。"
    en = "Say why transfer {key!r} is reversed."


class NothingToAllocate(JiefaError):
    code = "funds.nothing_to_allocate"
    zh = "{place} {year} 年没有可分配的依据：快照里没有贫困人口。请先制作快照。"
    en = "Nothing to share out by in {place} in {year}: the snapshot has no poor people. Make a snapshot first."


class PaymentsNotDue(JiefaError):
    code = "funds.payments_not_due"
    zh = "第 {number} 份拨付单还没有确认，不能生成付款文件。请先由另一位有权的人确认。"
    en = "Order no. {number} is not confirmed; no payment file is made of it. Have it confirmed first."


class PaymentsNone(JiefaError):
    code = "funds.payments_none"
    zh = "第 {number} 份拨付单没有可以送银行的付款：都已送出，或收款人没有登记账号（{missing} 笔）。请先登记账号。"
    en = "Order no. {number} has nothing to send to a bank: all was sent, or payees have no account on file ({missing}). Put their accounts on file first."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``row`` counts from 0."""

    row: int
    error: TransferWrong
