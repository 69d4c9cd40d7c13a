"""What speaks against a change, each with the field at which a form shows it."""

from __future__ import annotations

from typing import ClassVar

from jiefa.kernel.errors import JiefaError


class ChangeRefused(JiefaError):
    """A change that cannot be. ``field``: of the request; '' for the change as a whole."""

    code = "changes.refused"
    field: ClassVar[str] = ""

    def __init__(self, *, at: str = "", **context: object) -> None:
        super().__init__(**context)
        self.at = at or self.field


class KindUnknown(ChangeRefused):
    code = "changes.kind_unknown"
    field = "kind"
    zh = "没有“{kind}”这种变更。可用的有：{known}。"
    en = "There is no change of the kind {kind!r}. There are: {known}."


class InFuture(ChangeRefused):
    code = "changes.in_future"
    field = "on"
    zh = "“{title}”：变更日期 {on} 还没有到。请填写实际发生的日期，不晚于今天。"
    en = "{title!r}: the day of the change, {on}, has not come. Give the day on which it happened, today at the latest."


class TooOld(ChangeRefused):
    code = "changes.too_old"
    field = "on"
    zh = "“{title}”：变更日期 {on} 早于 {first}，登记册从那天开始。请核对日期。"
    en = "{title!r}: the day of the change, {on}, is before {first}, when the register begins. Check the date."


class BeforeBirth(ChangeRefused):
    code = "changes.before_birth"
    field = "on"
    zh = "“{title}”：{name} 的变更日期 {on} 早于出生日期 {born}。请核对两个日期。"
    en = "{title!r}: the change of {name} on {on} is before the birth on {born}. Check both dates."


class BeforeLast(ChangeRefused):
    code = "changes.before_last"
    field = "on"
    zh = "“{title}”：{name} 的变更日期 {on} 早于上一次变动 {last}。请填写更晚的日期，或先更正上一次变动。"
    en = "{title!r}: the change of {name} on {on} is before the last one on {last}. Give a later day, or mend the last change first."


class Deceased(ChangeRefused):
    code = "changes.deceased"
    field = "id_number"
    zh = "“{title}”：{name} 在册为 {on} 死亡，不能再编入。请核对姓名和号码；死亡是登记错的，先更正那次登记。"
    en = "{title!r}: {name} is on file as having died on {on} and cannot join. Check name and number; a death recorded wrongly is mended first."


class FieldMissing(ChangeRefused):
    code = "changes.field_missing"
    zh = "“{title}”：请填写“{field}”。"
    en = "{title!r}: fill in {field!r}."


class NumberUnfit(ChangeRefused):
    code = "changes.number_unfit"
    field = "id_number"
    zh = "“{title}”：{name} 的证件号码不对：{why}。请对照身份证重新填写；新生儿可以不填。"
    en = "{title!r}: the certificate number of {name} is not right: {why}. Copy it again from the card; a newborn may have none."


class NumberOnFile(ChangeRefused):
    code = "changes.number_on_file"
    field = "id_number"
    zh = "“{title}”：{name} 的证件号码已登记在另一户。请由那一户先办理婚出、迁出，或核对号码。"
    en = "{title!r}: the certificate number of {name} stands in another household. That household records the leaving first; or check the number."


class NumberElsewhere(ChangeRefused):
    code = "changes.number_elsewhere"
    field = "id_number"
    zh = "{name} 的证件号码 {number} 已登记在{where}。请核对号码；确属迁入的，由那一户先办理婚出、迁出。"
    en = "The certificate number {number} of {name} is on file in {where}. Check it; who moved leaves that household first."


class NumberTwice(ChangeRefused):
    code = "changes.number_twice"
    field = "id_number"
    zh = "{name} 的证件号码 {number} 在这份申请里填了两次。请核对。"
    en = "The certificate number {number} of {name} stands twice in this application. Check it."


class NumberOfAnother(ChangeRefused):
    code = "changes.number_of_another"
    field = "id_number"
    zh = "“{title}”：这个证件号码在册为另一个姓名，与“{name}”不符。请核对姓名和号码；改名的，先按原名编入再更正姓名。"
    en = "{title!r}: this certificate number is on file under another name than {name!r}. Check both; for a changed name, give the old one, correct it later."


class MemberAlready(ChangeRefused):
    code = "changes.member_already"
    field = "name"
    zh = "“{title}”：户内已有 {born} 出生的 {name}。请在农户页面核对，不要重复登记。"
    en = "{title!r}: {name}, born on {born}, is a member already. Look at the household's page; nobody is recorded twice."


class NotMember(ChangeRefused):
    code = "changes.not_member"
    field = "person"
    zh = "“{title}”：所选的人现在不是这一户的成员。请刷新页面重新选择。"
    en = "{title!r}: who was chosen is no member of this household now. Reload the page and choose again."


class NobodyChosen(ChangeRefused):
    code = "changes.nobody_chosen"
    field = "persons"
    zh = "“{title}”：没有选择成员。请勾选分出去的人。"
    en = "{title!r}: nobody was chosen. Tick who is to be split off."


class NobodyStays(ChangeRefused):
    code = "changes.nobody_stays"
    field = "persons"
    zh = "“{title}”：分户后原户没有人了。请至少留下一人；全部并入他户的，办理并户。"
    en = (
        "{title!r}: nobody would stay. Leave at least one member; where all go into another household, record a merger."
    )


class HeadUnfit(ChangeRefused):
    code = "changes.head"
    field = "relations"
    zh = "“{title}”：{which}应当有且只有一个户主，现在有 {count} 个。请逐人核对与户主关系。"
    en = "{title!r}: {which} needs exactly one head, and {count} are named. Go through the relations one by one."


class RelationMissing(ChangeRefused):
    code = "changes.relation_missing"
    field = "relations"
    zh = "“{title}”：请填写 {name} 与户主的关系。"
    en = "{title!r}: state how {name} is related to the head."


class HeadChangesApart(ChangeRefused):
    code = "changes.head_apart"
    field = "relation"
    zh = "“{title}”：更换户主不在这里办理。请办理“户主变更”，并逐人写明与新户主的关系。"
    en = "{title!r}: another head is not named here. Record a change of head, with everybody's relation to the new one."


class NumberTaken(ChangeRefused):
    code = "changes.number_taken"
    field = "household_number"
    zh = "“{title}”：户编号“{number}”已有人用。请换一个。"
    en = "{title!r}: the household number {number!r} is taken. Choose another."


class OtherUnknown(ChangeRefused):
    code = "changes.other_unknown"
    field = "household_number"
    zh = "“{title}”：本村没有户编号为“{number}”、可以并入的农户。请核对；跨村的，先办理迁移。"
    en = "{title!r}: this village has no household {number!r} to merge into. Check the number; between villages people move first."


class NothingChanged(ChangeRefused):
    code = "changes.nothing"
    zh = "“{title}”：填写的内容与在册一样，没有要改的。"
    en = "{title!r}: what was filled in is what stands on file; there is nothing to change."


class NotCorrectable(ChangeRefused):
    code = "changes.not_correctable"
    zh = "“{title}”：“{field}”不能用更正改动。脱贫属性等须按相应程序办理。"
    en = "{title!r}: {field!r} is not changed by a correction. A status takes its own procedure."


class HouseholdClosed(ChangeRefused):
    code = "changes.closed"
    zh = "“{title}”已销户，不能再登记变更。"
    en = "{title!r} is closed; no change can be recorded."


class NoCard(ChangeRefused):
    code = "changes.no_card"
    zh = "“{title}”还没有年度卡，没有可更正的内容。请先录入名册。"
    en = "{title!r} has no yearly card; there is nothing to correct. Load a roster first."


class RecordChanged(ChangeRefused):
    code = "changes.record_changed"
    zh = "“{title}”：提交以后，{who}的“{field}”已被改动，与申请时不同，不能登记。请不同意这一申请，按现在的内容重新申请。"
    en = "{title!r}: {field!r} of {who} was changed after this was submitted; it cannot be recorded. Refuse this one and apply again from what stands now."
