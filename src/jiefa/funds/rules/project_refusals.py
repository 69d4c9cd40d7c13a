"""What can be said against a project, its payments, its claims: one class for one reason, each naming what is missing and where to get it."""

from __future__ import annotations

from jiefa.funds.rules.refusals import TransferWrong
from jiefa.kernel.errors import JiefaError


class ProjectWrong(TransferWrong):
    """A payment into or out of a project that is refused; ``project``: its number."""

    column = "to_owner"


class ProjectUnknown(ProjectWrong):
    code = "funds.project_unknown"
    zh = "拨付“{key}”：{place} 没有编号为“{project}”的项目。请先申报入库，或核对项目编号和地区代码。"
    en = (
        "Transfer {key!r}: {place} has no project number {project!r}. "
        "Enter it in the library first, or check number and place."
    )


class NotApproved(ProjectWrong):
    code = "funds.project_not_approved"
    zh = "拨付“{key}”：项目“{project}”到拨付之日还没有县级审批。请先完成审批，再拨付。"
    en = "Transfer {key!r}: project {project!r} was not approved by the county on that day. Have it approved first."


class OverApproved(ProjectWrong):
    code = "funds.project_over_approved"
    column = "amount"
    zh = "拨付“{key}”：项目“{project}”批准 {approved} 元，只剩 {left} 元，不够 {asked} 元。请减少金额，或先申请项目变更。"
    en = (
        "Transfer {key!r}: project {project!r} was approved at {approved} yuan, of "
        "which {left} are left, less than {asked}. Pay less, or have a change approved."
    )


class NotNoticed(ProjectWrong):
    code = "funds.project_not_noticed"
    zh = "拨付“{key}”：项目“{project}”实施前公示还没有期满。不公示不拨付：请先在乡村公示满天数，由乡镇办结公示。"
    en = (
        "Transfer {key!r}: the notice before the work of project {project!r} has not run its "
        "days. No notice, no payment: post it, and let the township close it when its days are over."
    )


class ProgressShort(ProjectWrong):
    code = "funds.project_progress"
    column = "amount"
    zh = "拨付“{key}”：项目“{project}”登记进度 {progress}%，此时最多付到 {percent}%（{most} 元），已付 {paid} 元。请先登记进度，或减少金额。"
    en = (
        "Transfer {key!r}: project {project!r} has progressed {progress} %; no more than "
        "{percent} % ({most} yuan) is paid by now, {paid} was. Record progress first, or pay less."
    )


class NotAccepted(ProjectWrong):
    code = "funds.project_not_accepted"
    column = "amount"
    zh = (
        "拨付“{key}”：项目“{project}”还没有县级验收，验收前最多付到 {percent}%（{most} 元），已付 {paid} 元。请先验收。"
    )
    en = (
        "Transfer {key!r}: project {project!r} is not accepted by the county; before that "
        "no more than {percent} % ({most} yuan) is paid, {paid} was. Have it accepted first."
    )


class NotSettled(ProjectWrong):
    code = "funds.project_not_settled"
    zh = "拨付“{key}”：项目“{project}”完工后公示还没有期满，不能结算。请先公示验收结果并办结公示。"
    en = (
        "Transfer {key!r}: the notice after the work of project {project!r} has not "
        "run its days; nothing more is settled. Post the result of the acceptance first."
    )


class Retained(ProjectWrong):
    code = "funds.project_retention"
    column = "amount"
    zh = "拨付“{key}”：项目“{project}”留 {percent}% 质保金到 {until}，此前最多付到 {most} 元，已付 {paid} 元。请减少金额，或质保期满后再付。"
    en = (
        "Transfer {key!r}: {percent} % of project {project!r} is kept until {until}; "
        "before that no more than {most} yuan is paid, {paid} was. Pay less, or wait."
    )


class PayeeNotOfProject(ProjectWrong):
    code = "funds.project_payee"
    zh = "拨付“{key}”：“{payee}”不是项目“{project}”的承建或实施单位。请核对收款单位，或先申请变更承建单位。"
    en = (
        "Transfer {key!r}: {payee!r} is neither contractor nor implementer of "
        "project {project!r}. Check the payee, or have a change of contractor approved."
    )


class PayeeNotBeneficiary(ProjectWrong):
    code = "funds.project_beneficiary"
    column = "household_number"
    zh = "拨付“{key}”：收款农户不在项目“{project}”的受益户名单上。请核对户编号；名单确有遗漏的，先申请变更。"
    en = (
        "Transfer {key!r}: the household is not on the list of beneficiaries of "
        "project {project!r}. Check its number, or have the list changed first."
    )


class PayeeGone(ProjectWrong):
    code = "funds.project_payee_gone"
    column = "household_number"
    zh = "拨付“{key}”：收款农户已销户或已清退，不能拨付项目“{project}”的资金。请核对农户现状。"
    en = (
        "Transfer {key!r}: the household is closed or was removed from the "
        "register; project {project!r} cannot pay it. Check how it stands."
    )


class ShareExceeded(ProjectWrong):
    code = "funds.project_share"
    column = "amount"
    zh = "拨付“{key}”：该户在项目“{project}”中计划 {planned} 元，已到 {reached} 元，不够再付 {asked} 元。请核对金额。"
    en = (
        "Transfer {key!r}: the household's share of project {project!r} is {planned} "
        "yuan, of which {reached} arrived; {asked} more is too much. Check the amount."
    )


class ItemTwice(ProjectWrong):
    code = "funds.project_item_twice"
    column = "household_number"
    zh = "拨付“{key}”：该户 {year} 年已从项目“{other}”得到同一类补助，不能由项目“{project}”重复补助。请核对名单。"
    en = (
        "Transfer {key!r}: the household was paid for the same item in {year} by "
        "project {other!r}; project {project!r} cannot pay it again. Check the list."
    )


class RefundWrong(ProjectWrong):
    code = "funds.project_refund"
    column = "amount"
    zh = "拨付“{key}”：项目“{project}”付给该收款人 {paid} 元，退回（或重付）{asked} 元与此不符。请核对金额和收款人。"
    en = (
        "Transfer {key!r}: project {project!r} paid this payee {paid} yuan; "
        "{asked} cannot come back (or go out again). Check amount and payee."
    )


class FeeTooHigh(TransferWrong):
    code = "funds.management_fee"
    column = "amount"
    zh = "拨付“{key}”：项目管理费不得超过此笔资金的 {percent}%（{most} 元），连同已付的共 {asked} 元。请减少金额。"
    en = (
        "Transfer {key!r}: no more than {percent} % of this money ({most} yuan) "
        "pays for management; with what was paid it would be {asked}. Pay less."
    )


class HandInProject(ProjectWrong):
    code = "funds.project_hand"
    zh = "拨付“{key}”：{by} 办理过项目“{project}”的申报、审批或检查，不能再支付。请由另一位财政人员确认。"
    en = (
        "Transfer {key!r}: {by} applied for, approved or inspected project "
        "{project!r}, and cannot pay. Another finance officer has to confirm."
    )


class ProjectPlace(JiefaError):
    code = "funds.project_place"
    zh = "项目“{project}”：地区代码“{place}”应是县（6 位）、乡镇（9 位）或村（12 位）。请核对。"
    en = (
        "Project {project!r}: the place {place!r} has to be a county "
        "(6 digits), a township (9) or a village (12). Check it."
    )


class ProjectCode(JiefaError):
    code = "funds.project_code"
    zh = "项目“{project}”：没有“{value}”这个类别、来源或发包方式。请从列表中选。"
    en = "Project {project!r}: no kind, source or way of tender is called {value!r}. Choose from the list."


class ProjectText(JiefaError):
    code = "funds.project_text"
    zh = "项目“{project}”：“{field}”没有填，或超过 {limit} 字。请补填或精简。"
    en = "Project {project!r}: {field} is empty, or has more than {limit} characters. Fill it in or shorten it."


class ProjectAmount(JiefaError):
    code = "funds.project_amount"
    zh = "项目“{project}”：金额应大于零；受益户份额合计（{shares} 元）不能超过申请金额（{asked} 元）。请核对。"
    en = (
        "Project {project!r}: the amount must be above zero, and the households' "
        "shares ({shares} yuan) within what is asked for ({asked}). Check both."
    )


class ProjectDays(JiefaError):
    code = "funds.project_days"
    zh = "项目“{project}”：开工日期 {starts} 晚于完工日期 {ends}。请核对。"
    en = "Project {project!r}: it starts on {starts}, after its end on {ends}. Check both days."


class ProjectContractor(JiefaError):
    code = "funds.project_contractor"
    zh = "项目“{project}”：承建单位和登记号要么都填，要么都不填。请核对。"
    en = "Project {project!r}: contractor and register number are filled in together, or neither. Check both."


class ProjectKnown(JiefaError):
    code = "funds.project_known"
    zh = "编号“{project}”已用于另一个项目。请换一个编号。"
    en = "The number {project!r} stands for another project. Give another number."


class BeneficiaryUnknown(JiefaError):
    code = "funds.project_beneficiary_unknown"
    zh = "项目“{project}”：户编号“{household}”不在登记册上，或不在项目所在地，或在名单上写了两次。请核对。"
    en = (
        "Project {project!r}: household {household!r} is not on the register, "
        "not in the project's place, or named twice. Check its number."
    )


class ProjectNotThere(JiefaError):
    code = "funds.project_not_there"
    zh = "没有编号为“{project}”的项目，或不在您的范围内。请核对编号。"
    en = "There is no project number {project!r} within your scope. Check the number."


class ProjectStands(JiefaError):
    code = "funds.project_stands"
    zh = "项目“{project}”现在在“{step}”，不能{what}。"
    en = "Project {project!r} is at {step!r}; it is not the time for: {what}."


class ProgressWrong(JiefaError):
    code = "funds.project_progress_wrong"
    zh = "项目“{project}”：进度应是 {least}% 到 100%，日期不早于上次、不晚于今天，并写明情况。请核对。"
    en = (
        "Project {project!r}: progress is {least} to 100 %, dated no earlier "
        "than the last and no later than today, with words. Check them."
    )


class PictureMissing(JiefaError):
    code = "funds.project_picture_missing"
    zh = "项目“{project}”：还缺{what}，不能报完工。请先登记进度到 100%，并上传施工前和完工后的照片。"
    en = (
        "Project {project!r}: {what} is missing; the work cannot be called finished. "
        "Record 100 % progress and send pictures from before and after the work."
    )


class NoPicture(JiefaError):
    code = "funds.project_no_picture"
    zh = "“{name}”不是照片。请上传照片（JPEG、PNG、WebP）。"
    en = "{name!r} is no photograph. Send one (JPEG, PNG, WebP)."


class BandChanged(JiefaError):
    code = "funds.project_band"
    zh = "项目“{project}”的金额 {amount} 元应走“{procedure}”。请撤回后重新申报。"
    en = "Project {project!r} of {amount} yuan goes by {procedure!r}. Withdraw it and propose it anew."


class ProjectOtherwise(JiefaError):
    code = "funds.project_otherwise"
    zh = "项目“{project}”的登记内容与申报时不同，不能审批。请退回第一步重新申报。"
    en = (
        "Project {project!r} is on file otherwise than it was "
        "proposed; it cannot be approved. Return it to its first step."
    )


class ChangeEmpty(JiefaError):
    code = "funds.project_change_empty"
    zh = "项目“{project}”：变更内容与现在一样。没有要改的。"
    en = "Project {project!r}: the change says what stands already. There is nothing to change."


class ChangeBelowPaid(JiefaError):
    code = "funds.project_change_below"
    zh = "项目“{project}”：已拨入或已付 {paid} 元，批准金额不能减到 {asked} 元。请先收回资金。"
    en = (
        "Project {project!r}: {paid} yuan went in or out already; the "
        "approved amount cannot come down to {asked}. Take money back first."
    )


class ClaimTooMuch(JiefaError):
    code = "funds.claim_too_much"
    zh = "项目“{project}”：报账 {asked} 元，连同已付和在办的共 {sum} 元，超过此时可付的 {most} 元。请减少金额。"
    en = (
        "Project {project!r}: the claim of {asked} yuan comes with what is paid "
        "or under way to {sum}, above {most} that may be paid by now. Claim less."
    )


class ClaimKindWrong(JiefaError):
    code = "funds.claim_kind"
    zh = "项目“{project}”：现在不能报“{kind}”：{why}。"
    en = "Project {project!r}: no {kind} can be claimed now: {why}."


class ClaimFunds(JiefaError):
    code = "funds.claim_funds"
    zh = "项目“{project}”账上只有 {balance} 元，不够支付 {asked} 元。请先把资金拨到项目。"
    en = "Project {project!r} holds {balance} yuan, less than {asked}. Pass money on to it first."


class PartHeld(JiefaError):
    code = "funds.project_part_held"
    zh = "“{title}”：您办理过项目“{project}”的{other}，申报、审批、检查、支付须由不同的人办理，请交给另一人。"
    en = (
        "{title!r}: you had a hand in {other} of project {project!r}; applying, approving, "
        "inspecting and paying are for different people. Leave it to somebody else."
    )
