"""Lists of self-inspection and supervision in Excel: answers, violations, groups; each row judged by what the action would refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.areas import queries as areas
from jiefa.integrity.actions import campaigns, groups, violations
from jiefa.integrity.actions.campaigns import NewAnswer
from jiefa.integrity.actions.groups import NewWatch
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import Answer, Campaign, GroupTownship, Violation
from jiefa.integrity.rules import refusals
from jiefa.kernel.errors import JiefaError
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.placed import OfPlaces, Row, text
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack

P = Permission
ANSWERS, VIOLATIONS, GROUPS = "inspection_answers", "violations", "supervision_groups"
LISTS = (ANSWERS, VIOLATIONS, GROUPS)


def _said(say: Say, line: int, judge: Callable[[], None]) -> None:
    try:
        judge()
    except JiefaError as reason:
        say(line, Remark("error", reason.code, "", reason.message("zh"), reason.message("en")))


class _OfInspection(OfPlaces):
    logged_as = "paper"

    def uploads(self, by: Actor) -> Permission:
        return P.INSPECTION_ANSWER

    def accepts(self, by: Actor) -> Permission:
        return P.INSPECTION_ANSWER


def _campaigns(rows: Sequence[Row]) -> dict[int, Campaign]:
    return Campaign.objects.in_bulk([row["campaign"] for row in rows if row["campaign"] is not None])


class OfAnswers(_OfInspection):
    """What offices answered, of themselves or of single projects; what is said later stands."""

    digits = frozenset((6, 9))
    identity = ("campaign", "area_code", "project", "item")

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        known, names = _campaigns([row for _line, row in rows]), _names(rows)
        for line, row in rows:
            _said(say, line, partial(_judge_answer, row, known, names, pack))

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        keys, codes = {row["campaign"] for row in rows}, {row["area_code"] for row in rows}
        found = Answer.objects.filter(campaign__in=keys, area_code__in=codes)
        return {
            (one.campaign_id, one.area_code, one.project, one.item): {"answer": one.answer, "note": one.note}
            for one in found
        }

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, changed = self.fresh(rows)
        for key in sorted({row["campaign"] for row in (*new, *changed)}):
            own = [_answer(row) for row in (*new, *changed) if row["campaign"] == key]
            campaigns.answer_many(campaign_id=key, answers=own, on=timezone.localdate(), by=by, pack=pack)
        return Kept(len(new), len(changed), 0)


def _answer(row: Row) -> NewAnswer:
    return NewAnswer(row["area_code"], text(row, "project"), row["item"], row["answer"], text(row, "note"))


def _judge_answer(row: Row, known: Mapping[int, Campaign], names: dict[str, str], pack: Pack) -> None:
    found = known.get(row["campaign"])
    if found is None:
        raise refusals.CampaignUnknown(number=row["campaign"], place=names.get(row["area_code"], row["area_code"]))
    campaigns.judge(found, _answer(row), names, pack)


def _names(rows: Sequence[tuple[int, Row]]) -> dict[str, str]:
    return areas.named(sorted({row["area_code"] for _line, row in rows}))


class OfViolations(_OfInspection):
    """Violations; one on file under its number is not changed by a list, but put right by its dossier."""

    digits = frozenset((6, 9, 12))
    identity = ("area_code", "number")

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        known, names = _campaigns([row for _line, row in rows]), _names(rows)
        standing = self.on_file([row for _line, row in rows])
        for line, row in rows:
            before = standing.get(self.key(row))
            if before is not None and not self.same(before, row):
                wrong = refusals.ViolationKnown(place=names[row["area_code"]], number=row["number"])
                say(line, Remark("error", wrong.code, "number", wrong.message("zh"), wrong.message("en")))
            _said(say, line, partial(violations.judge, _violation(row), known, names, pack))

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        found = Violation.objects.filter(area_code__in={row["area_code"] for row in rows})
        return {
            (one.area_code, one.number): {"kind": one.kind, "amount": one.amount_fen, "what": one.what} for one in found
        }

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, _changed = self.fresh(rows)
        violations.record_many(violations=[_violation(row) for row in new], by=by, pack=pack)
        return Kept(len(new), 0, 0)


def _violation(row: Row) -> NewViolation:
    return NewViolation(
        area_code=row["area_code"],
        number=text(row, "number"),
        campaign=row["campaign"],
        project=text(row, "project"),
        kind=row["kind"],
        amount_fen=row["amount"],
        found_on=row["found_on"],
        what=text(row, "what"),
        responsible=text(row, "responsible"),
        due_on=row["due_on"],
    )


class OfGroups(OfPlaces):
    """Which group watches which township: sent in and accepted by who keeps the case book, as of the group's county."""

    digits = frozenset((9,))
    identity = ("area_code",)
    logged_as = "paper"

    def uploads(self, by: Actor) -> Permission:
        return P.CASE_BOOK

    def accepts(self, by: Actor) -> Permission:
        return P.CASE_BOOK

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        standing, names = self._open([row for _line, row in rows]), _names(rows)
        for line, row in rows:
            before = standing.get(row["area_code"])
            if before is None or before.group.name == text(row, "name") or row["from_date"] > before.from_date:
                continue
            wrong = refusals.GroupTwice(place=names[row["area_code"]], group=before.group.name, on=before.from_date)
            say(line, Remark("error", wrong.code, "from_date", wrong.message("zh"), wrong.message("en")))

    @staticmethod
    def _open(rows: Sequence[Row]) -> dict[str, GroupTownship]:
        found = GroupTownship.objects.select_related("group").filter(
            area_code__in={row["area_code"] for row in rows}, to_date__isnull=True
        )
        return {one.area_code: one for one in found}

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        return {
            (code,): {"name": one.group.name, "head": one.group.head, "deputy": one.group.deputy}
            for code, one in self._open(rows).items()
        }

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, changed = self.fresh(rows)
        watches = [
            NewWatch(text(row, "name"), row["area_code"], text(row, "head"), text(row, "deputy"), row["from_date"])
            for row in (*new, *changed)
        ]
        groups.form_many(watches=watches, by=by)
        return Kept(len(new), len(changed), 0)


def kind(name: str, pack: Pack) -> OfPlaces:
    """The kind of list of that name, one of ``LISTS``."""
    if name == GROUPS:
        return OfGroups(name, pack)
    return OfAnswers(name, pack) if name == ANSWERS else OfViolations(name, pack)
