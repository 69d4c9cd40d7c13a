"""Lists of concentrated investment: the townships of a year, and what departments spent there past the books of relief money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.contracts.models import DepartmentMoney, InvestedTownship
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.placed import OfPlaces, Row, text
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack

P = Permission
TOWNSHIPS, DEPARTMENTS = "concentrated_townships", "department_money"
LISTS = (TOWNSHIPS, DEPARTMENTS)


class _OfMoney(OfPlaces):
    """Who proposes money sends such a list in; finance accepts it."""

    digits = frozenset((9,))
    logged_as = "paper"

    def uploads(self, by: Actor) -> Permission:
        return P.MONEY_PROPOSE

    def accepts(self, by: Actor) -> Permission:
        return P.MONEY_CONFIRM

    def _log(self, rows: Sequence[Row], of_list: ReceivedList, by: Actor) -> None:
        counts: dict[str, int] = defaultdict(int)
        for row in rows:
            counts[row["area_code"][:6]] += 1
        audit.record_many(
            [
                Said(
                    county, by.name, "concentrated.listed", self.logged_as, of_list.pk, {"kind": self.id, "rows": count}
                )
                for county, count in sorted(counts.items())
            ]
        )


class OfTownships(_OfMoney):
    """The townships of a year, with their target: that of the policy where none is given."""

    identity = ("year", "area_code")

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        """Nothing beside what holds of every row."""

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        years, codes = {row["year"] for row in rows}, {row["area_code"] for row in rows}
        found = InvestedTownship.objects.filter(year__in=years, area_code__in=codes)
        return {(one.year, one.area_code): {"target": one.target_fen, "document": one.document} for one in found}

    def same(self, standing: Row | None, row: Row) -> bool:
        target = standing is not None and row["target"] in (None, standing["target"])
        return standing is not None and target and text(row, "document") == standing["document"]

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, changed = self.fresh(rows)
        now = timezone.now()
        InvestedTownship.objects.bulk_create(
            [
                InvestedTownship(
                    area_code=row["area_code"],
                    year=row["year"],
                    target_fen=row["target"] or pack.for_year(row["year"]).fen("concentrated.township_target"),
                    document=text(row, "document"),
                    by=by.name,
                    at=now,
                )
                for row in (*new, *changed)
            ],
            update_conflicts=True,
            unique_fields=["year", "area_code"],
            update_fields=["target_fen", "document", "by", "at"],
        )
        self._log([*new, *changed], of_list, by)
        return Kept(len(new), len(changed), 0)


class OfDepartments(_OfMoney):
    """What departments spent by themselves in townships of the list; a line that stands is not changed, but added to by another."""

    identity = ("year", "area_code", "department", "voucher")

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, by: Actor, pack: Pack) -> None:
        years, codes = {row["year"] for _line, row in rows}, {row["area_code"] for _line, row in rows}
        listed = set(
            InvestedTownship.objects.filter(year__in=years, area_code__in=codes).values_list("year", "area_code")
        )
        standing = self.on_file([row for _line, row in rows])
        for line, row in rows:
            if (row["year"], row["area_code"]) not in listed:
                say(line, _NOT_LISTED)
            before = standing.get(self.key(row))
            if before is not None and not self.same(before, row):
                say(line, _STANDS)

    def on_file(self, rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
        years, codes = {row["year"] for row in rows}, {row["area_code"] for row in rows}
        found = DepartmentMoney.objects.filter(year__in=years, area_code__in=codes)
        return {
            (one.year, one.area_code, one.department, one.voucher): {"amount": one.amount_fen, "what": one.what}
            for one in found
        }

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        new, _changed = self.fresh(rows)
        now = timezone.now()
        DepartmentMoney.objects.bulk_create(
            [
                DepartmentMoney(
                    area_code=row["area_code"],
                    year=row["year"],
                    department=text(row, "department"),
                    what=text(row, "what"),
                    amount_fen=row["amount"],
                    voucher=text(row, "voucher"),
                    by=by.name,
                    at=now,
                )
                for row in new
            ],
            batch_size=2_000,
        )
        self._log(new, of_list, by)
        return Kept(len(new), 0, 0)


def kind(name: str, pack: Pack) -> OfPlaces:
    """The kind of list of that name, one of ``LISTS``."""
    return OfTownships(name, pack) if name == TOWNSHIPS else OfDepartments(name, pack)


_NOT_LISTED = Remark(
    "error",
    "concentrated.not_listed",
    "area_code",
    "这个乡镇不在当年的集中投入名单上。请核对年度和代码，或先补报名单。",
    "The township is not on the list of that year. Check year and code, or send the list first.",
)
_STANDS = Remark(
    "error",
    "concentrated.stands",
    "voucher",
    "这个部门在这个乡镇已有同一凭证号的记录，内容不同。已登记的不改，请核对，或用新的凭证号补登差额。",
    "This department has a line of this voucher in the township with other content. It stays; check it, or add the difference under another voucher.",
)
