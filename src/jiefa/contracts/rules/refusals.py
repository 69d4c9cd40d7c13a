"""What can be said against a contract, its settlement, a claw-back. Every one names the county and what to do."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class NotAPilot(JiefaError):
    code = "contracts.not_a_pilot"
    zh = "“{place}”{year} 年不是减贫包干试点县，不能签订包干合同。请先登记试点（jiefa areas designate），或核对年度。"
    en = "{place!r} is no contract pilot in {year}; no lump-sum contract is signed with it. Designate it first, or check the years."


class ContractWrong(JiefaError):
    code = "contracts.contract_wrong"
    zh = "“{place}”的包干合同：人数、单价应大于零，结束年度不早于开始年度，文号要填。请改正后再提交。"
    en = "Contract of {place!r}: heads and price above zero, the last year not before the first, and a document are needed. Mend it and submit again."


class DocumentTaken(JiefaError):
    code = "contracts.document"
    zh = "“{place}”已有文号为“{document}”的包干合同，拨付要靠文号区分。请换一个文号。"
    en = "{place!r} has a contract under the document {document!r} already; transfers are told apart by it. Give another one."


class YearsTaken(JiefaError):
    code = "contracts.years"
    zh = "“{place}”的包干合同（{document}）已包含 {from_year}—{to_year} 年中的年份，同一人数不能结算两次。请改年度。"
    en = "A contract of {place!r} ({document}) covers a year of {from_year} to {to_year} already; heads are not settled twice. Change the years."


class SnapshotMissing(JiefaError):
    code = "contracts.snapshot"
    zh = "“{place}”的包干合同（{document}）不能结算：还没有 {year} 年的快照。请先制作该年快照。"
    en = "The contract of {place!r} ({document}) cannot be settled: there is no snapshot of {year}. Make one first."


class SettledBefore(JiefaError):
    code = "contracts.settled"
    zh = "“{place}”的包干合同（{document}）已经结算，不能再结算一次。"
    en = "The contract of {place!r} ({document}) has been settled; it is not settled twice."


class ReasonMissing(JiefaError):
    code = "contracts.reason"
    zh = "“{place}”：认定 {verified} 人与包干 {contracted} 人相差较大，请说明原因。"
    en = "{place!r}: {verified} verified heads differ much from {contracted} contracted; say why."


class SettlementStale(JiefaError):
    code = "contracts.stale"
    zh = "“{title}”：提出后拨付、快照或结算办法有变化，数字已不一致。请退回第一步，重新生成后再办。"
    en = "{title!r}: transfers, snapshots or terms changed since it was drawn up. Return it to the first step and have it drawn up anew."


class NothingToReturn(JiefaError):
    code = "contracts.nothing_to_return"
    zh = "“{place}”的包干合同（{document}）没有要收回的资金。"
    en = "Nothing is to be returned under the contract of {place!r} ({document})."


class ReturnUnderWay(JiefaError):
    code = "contracts.return_under_way"
    zh = "“{place}”的包干合同（{document}）的收回已经提出：第 {order} 份拨付单（{state}）。没有重复提出。"
    en = "The return under the contract of {place!r} ({document}) was proposed: order {order} ({state}). Nothing was proposed twice."


class MoneyGone(JiefaError):
    code = "contracts.money_gone"
    zh = "“{place}”（{document}）应收回 {asked} 元，县里此项资金净额只有 {held} 元，不能提出收回。请先核对拨付。"
    en = "{place!r} ({document}): {asked} yuan are to be returned, but the county holds {held} net of this money. Check the transfers first."
