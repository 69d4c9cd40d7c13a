"""What may stand in a public notice, until when it runs, and who inquires into an objection: pure functions.

``PublicRow`` is the whole public read model of a person, ``PublicProject`` that of a project. Neither has a field for a
number, a telephone, an account, a birth date or a state of health, and names of people are masked by the one function that
makes it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

from jiefa.kernel.division_codes import LENGTH_OF_LEVEL, LEVEL_OF_LENGTH, Level
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Procedure, Step

LARGEST_NOTICE = 5_000
"""Rows of one notice: more than that nobody reads on a wall. A township proposes some hundreds a year."""
TEXT_LENGTH = 2_000
NAME_LENGTH, CONTACT_LENGTH = 40, 80
HIDDEN = "*"
LONGEST_HIDDEN = 6
"""Asterisks at most: what is longer is no name, and its length is nobody's business."""
ANNOUNCEMENT_AFTER: Mapping[str, str] = {
    "first_list": "final_list",
    "second_list": "final_list",
    "exit_list": "exit_final",
}
"""The announcement that follows a notice. It says what was decided, hangs for good, and nothing waits for it."""

# Ideographs of all planes, and the dot between the parts of minority names in the forms in which people type it.
_LETTER = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NAME = re.compile(f"[{_LETTER}][{_LETTER}·•・‧.．]*")

DAYS_OF_KIND: Mapping[str, str] = {
    "project_before": "project.notice_days",
    "project_after": "project.notice_days",
    "watch_list": "monitoring.notice_days",
    "watch_removal": "monitoring.notice_days",
}
"""The parameter with the days of a kind of notice, where it is not ``notice.days``."""


def days_parameter(kind: str) -> str:
    """The parameter that says how many days a notice of this kind hangs."""
    return DAYS_OF_KIND.get(kind, "notice.days")


PROCEDURE_OF_LEVEL: Mapping[Level, str] = {
    Level.VILLAGE: "objection_township",
    Level.TOWNSHIP: "objection_county",
    Level.COUNTY: "objection_prefecture",
    Level.PREFECTURE: "objection_province",
    Level.PROVINCE: "objection_province",
}
"""Who inquires, by the level that posted the notice: one level above it. Nobody stands above the province, where others do."""
OBJECTIONS = frozenset(PROCEDURE_OF_LEVEL.values())


class NothingChosen(JiefaError):
    code = "disclosure.nothing_chosen"
    zh = "没有选中要公示的事项。请先勾选。"
    en = "Nothing was chosen for the notice; tick what is to be published."


class NoticeTooLong(JiefaError):
    code = "disclosure.notice_long"
    zh = "一份公示最多 {limit} 行，这里有 {rows} 行。请分批公示。"
    en = "One notice takes {limit} rows at most; these are {rows}. Post them in parts."


class NoNoticeHere(JiefaError):
    code = "disclosure.no_notice_here"
    zh = "“{title}”现在在“{step}”，这一步不公示。"
    en = "{title!r} is at the step {step!r}, which has no public notice."


class NotOnePlace(JiefaError):
    code = "disclosure.not_one_place"
    zh = "“{title}”与其他事项不在同一个地方、同一程序、同一步骤。一份公示只写一个地方的一种名单，请分开。"
    en = "{title!r} belongs to another place, procedure or step than the others. One notice holds one list of one place; post them apart."


class AlreadyPosted(JiefaError):
    code = "disclosure.already_posted"
    zh = "“{title}”已经公示或公告，不能重复。请刷新页面。"
    en = "{title!r} is published already; it cannot be published twice. Reload the page."


class NotDecidedYet(JiefaError):
    code = "disclosure.not_decided"
    zh = "“{title}”还没有最后同意，不能公告。"
    en = "{title!r} is not approved for good yet; it cannot be announced."


class NoAnnouncement(JiefaError):
    code = "disclosure.no_announcement"
    zh = "“{procedure}”没有公告这一项。"
    en = "{procedure} has no announcement."


class NoPicture(JiefaError):
    code = "disclosure.no_picture"
    zh = "“{name}”不是照片。请上传张贴现场的照片（JPEG、PNG、WebP）。"
    en = "{name!r} is no photograph. Send one of the notice on its wall (JPEG, PNG, WebP)."


class NotHungThere(JiefaError):
    code = "disclosure.not_hung_there"
    zh = "这份公示的名单里没有“{place}”的内容，不能登记在那里张贴。"
    en = "This notice lists nothing of {place!r}; it cannot have been hung there."


class HungBeforePosted(JiefaError):
    code = "disclosure.hung_before_posted"
    zh = "张贴日期 {on} 早于公示日期 {posted_on}，请核对。"
    en = "It cannot have hung on {on}: the notice is of {posted_on}. Check the date."


class TextMissing(JiefaError):
    code = "disclosure.text_missing"
    zh = "请写明对什么有异议、理由是什么。"
    en = "Say what you object to, and why."


class TextTooLong(JiefaError):
    code = "disclosure.text_long"
    zh = "“{field}”超过 {limit} 字，请精简。"
    en = "{field} has more than {limit} characters; shorten it."


class NoticeOver(JiefaError):
    code = "disclosure.notice_over"
    zh = "公示已于 {until} 期满。仍可拨打 {phone} 或到上一级扶贫办反映。"
    en = "The notice ended on {until}. You can still call {phone}, or go to the poverty-relief office one level above."


class NoSuchRow(JiefaError):
    code = "disclosure.no_such_row"
    zh = "这份公示里没有第 {row} 行。请从名单中选择。"
    en = "This notice has no row {row}; choose one from its list."


class Concerned(JiefaError):
    code = "disclosure.concerned"
    zh = "“{title}”涉及您经手的事项，须由别人办理。"
    en = "{title!r} is about matters that you had a hand in; somebody else has to deal with it."


class ObjectionUpheld(JiefaError):
    code = "disclosure.objection_upheld"
    zh = "“{title}”的公示有异议成立（异议{number}号），不能同意。请退回重新评议，或作“不同意”的决定。"
    en = "Objection {number} to the notice of {title!r} was upheld; it cannot be approved. Return it or refuse it."


class IdentityClosed(JiefaError):
    code = "disclosure.identity_closed"
    zh = "异议人的内容和姓名只有正在办理的人员可以查看。"
    en = "What an objector wrote, and who it is, is open only to those who deal with the objection now."


@dataclass(frozen=True, slots=True)
class PublicProject:
    """What the public is told of a project beside its name and place. ``source``: a code of ``fund_source``; ``households``:
    how many it is for; ``beneficiaries``: their masked names, the first ``NAMED_BENEFICIARIES``; ``result``: what the
    acceptance found, '' before it."""

    source: str
    amount_fen: int
    content: str
    goal: str
    starts_on: dt.date
    ends_on: dt.date
    implementer: str
    responsible: str
    contractor: str
    households: int
    beneficiaries: str
    result: str


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line of a notice: all that the public is told of it. ``decided``: a code of the list ``notice_row``."""

    name: str
    place_code: str
    place_name: str
    people: int | None
    decided: str
    project: PublicProject | None = None


def masked(name: str) -> str:
    """The name with its middle hidden: 张*, 张*三, 欧**三; never the whole, never more than its first and last character.

    Only the ideographs at the beginning count as the name, so that nothing else that was typed into the field shows; a
    name that has none shows nothing.
    """
    words = name.split()
    # 张 三: a blank that spreads two characters over the column; 张三 残疾: whatever follows a name.
    first = words[0] if words and len(words[0]) > 1 else "".join(words)
    found = _NAME.match(first)
    letters = found.group().rstrip("·•・‧.．") if found else ""
    if len(letters) < 2:
        return HIDDEN
    if len(letters) == 2:
        return letters[0] + HIDDEN
    return letters[0] + HIDDEN * min(len(letters) - 2, LONGEST_HIDDEN) + letters[-1]


def row_of_person(*, name: str, place_code: str, place_name: str, people: int | None, decided: str) -> PublicRow:
    """The public line of a household, under its head's masked name."""
    return PublicRow(masked(name), place_code, place_name, people, decided)


def row_of_place(*, place_code: str, place_name: str, decided: str) -> PublicRow:
    """The public line of a village, township or county."""
    return PublicRow(place_name, place_code, place_name, None, decided)


NAMED_BENEFICIARIES = 200
"""Names in one line: more than that nobody reads on a wall; how many there are is said beside."""


def project_of(proposal: Mapping[str, object], names: Sequence[str], result: str) -> PublicProject:
    """What the public is told of a project, from its proposal and the names of the heads of its households."""
    shares = proposal.get("beneficiaries")
    return PublicProject(
        source=str(proposal["source"]),
        amount_fen=int(str(proposal["asked_fen"])),
        content=str(proposal["content"]),
        goal=str(proposal["goal"]),
        starts_on=dt.date.fromisoformat(str(proposal["starts_on"])),
        ends_on=dt.date.fromisoformat(str(proposal["ends_on"])),
        implementer=str(proposal["implementer"]),
        responsible=str(proposal["responsible"]),
        contractor=str(proposal["contractor"]),
        households=len(shares) if isinstance(shares, list) else 0,
        beneficiaries="、".join(masked(name) for name in names[:NAMED_BENEFICIARIES]),
        result=result,
    )


def people_in(proposal: Mapping[str, object]) -> int | None:
    """How many people a proposal speaks of: its ``members``, a number or a list; None where it says nothing of them."""
    members = proposal.get("members")
    if isinstance(members, list):
        return len(members) or None
    if isinstance(members, int) and not isinstance(members, bool) and 0 < members < 100:
        return members
    return None


def digest(rows: Sequence[PublicRow]) -> str:
    """SHA-256 over what is published, in its order."""
    # A line without a project counts as it did before there were projects.
    said = [astuple(row)[:5] if row.project is None else astuple(row) for row in rows]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def last_day(posted_on: dt.date, days: int) -> dt.date:
    """The last day of a notice: the day on which it is posted does not count."""
    return posted_on + dt.timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Pause:
    """An objection as the clock sees it: filed on a day, answered on another; None while it is open."""

    filed_on: dt.date
    answered_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The last day as it now stands, and whether an open objection holds the clock."""

    until: dt.date
    stopped: bool


def clock(until: dt.date, pauses: Iterable[Pause]) -> Clock:
    """The notice's end, later by every day on which it stood still. Days on which several objections were open count once.

    The clock stands from the day on which an objection is filed to the day before its answer. One filed after the end
    changes nothing.
    """
    every = sorted(pauses, key=lambda one: one.filed_on)
    open_since = next((pause.filed_on for pause in every if pause.answered_on is None), None)
    end, counted_to = until, None
    for pause in every:
        answered = pause.answered_on or pause.filed_on
        # Days after an open objection was filed stand still because of that one; it is not known yet how many they are.
        answered = min(answered, open_since) if open_since else answered
        begins = max(pause.filed_on, counted_to) if counted_to else pause.filed_on
        if begins <= end and answered > begins:
            end += answered - begins
            counted_to = answered
    return Clock(end, open_since is not None and open_since <= end)


def procedure_for(poster_area: str) -> str:
    """The procedure of an objection to a notice that was posted from ``poster_area``."""
    return PROCEDURE_OF_LEVEL[LEVEL_OF_LENGTH[len(poster_area)]]


def inquiring_place(poster_area: str) -> str:
    """The place on whose desk the objection lies: one level above the poster; the province itself for the province."""
    lengths = sorted(LENGTH_OF_LEVEL.values())
    return poster_area[: lengths[max(0, lengths.index(len(poster_area)) - 1)]]


def subject(notice_id: int, number: int) -> str:
    """What the dossier of an objection is about. One for each objection, so that several may be open at once."""
    return f"objection:{notice_id}/{number}"


def announcement_of(procedure: Procedure) -> str | None:
    """The kind of announcement that ends the procedure; None for one that is not announced."""
    kinds = [
        ANNOUNCEMENT_AFTER[kind] for step in procedure.steps if (kind := step.notice) and kind in ANNOUNCEMENT_AFTER
    ]
    return kinds[-1] if kinds else None


def announcing_step(procedure: Procedure) -> Step:
    """The step whose taker announces: the one that publishes without a notice to wait for, else the last."""
    publishing = [step for step in procedure.steps if step.part == "publisher" and step.notice is None]
    return publishing[-1] if publishing else procedure.steps[-1]
