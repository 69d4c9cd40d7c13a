"""Lists of courses, settlement sites and hamlets: judged against what is on file, and put on file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa.access.rules import Scope
from jiefa.assistance.actions.kind import Kind
from jiefa.assistance.actions.records import BATCH, Row
from jiefa.assistance.models.moving import NAME_LENGTH
from jiefa.assistance.queries import registers as queries
from jiefa.assistance.queries.registers import COURSES, HAMLETS, REGISTERS, SITES, Register
from jiefa.assistance.rules import moving as rules
from jiefa.assistance.rules.programmes import Own, day, plain
from jiefa.audit import actions as audit
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack


class OfRegister(Kind):
    """A list of what cases name."""

    about = "place"
    needs_year = False

    def __init__(self, register: Register, pack: Pack) -> None:
        self.register, self.form = register, pack.form(register.id)
        self.id, self.zh, self.en = register.id, self.form.zh, self.form.en
        self.place, self.digits = register.place, register.digits

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        named = (self.register.key, *self.register.columns)
        return {name: plain(row[name]) for name in named if row[name] is not None and row[name] != ""}

    def identity(self, row: Row) -> str:
        return "/".join(self._key(row))

    def _key(self, row: Row) -> queries.Key:
        return row.village, str(row.own.get(self.register.key))

    def _standing(self, rows: Sequence[Row]) -> dict[queries.Key, Any]:
        return queries.on_file(self.register, [self._key(row) for row in rows])

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        standing = self._standing([row for _line, row in rows])
        whole = [{**_own(self.register, standing.get(self._key(row))), **row.own} for _line, row in rows]
        against = AGAINST[self.id]([(row.village, own) for (_line, row), own in zip(rows, whole, strict=True)], pack)
        for (line, row), said in zip(rows, against, strict=True):
            for remark in (*_too_long(self.register, row.own, pack), *said):
                say(line, remark)

    def unchanged(self, rows: Sequence[Row]) -> int:
        standing = self._standing(rows)
        found = [standing.get(self._key(row)) for row in rows]
        pairs = zip(found, rows, strict=True)
        return sum(one is not None and not _differs(self.register, one, row.own) for one, row in pairs)

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        return keep(register=self.register, rows=rows, of_list=of_list, by=by)


def _own(register: Register, record: Any) -> dict[str, object]:
    """The record as a row of a list would say it."""
    if record is None:
        return {}
    said = {name: getattr(record, column) for name, column in register.columns.items()}
    return {name: plain(value) for name, value in said.items() if value is not None and value != ""}


def _values(register: Register, own: Own) -> dict[str, object]:
    """What the row says, by column of the table: an empty cell says nothing."""
    return {
        column: day(own, name) if name.endswith("_on") else own[name]
        for name, column in register.columns.items()
        if name in own
    }


def _differs(register: Register, record: Any, own: Own) -> bool:
    return any(getattr(record, column) != value for column, value in _values(register, own).items())


def _too_long(register: Register, own: Own, pack: Pack) -> list[Remark]:
    fields = pack.form(register.id).sheets[0].fields
    return [
        Remark(
            "error",
            "HP50",
            one.id,
            f"“{one.zh}”超过 {NAME_LENGTH} 个字符。请缩短。",
            f"{one.en} has more than {NAME_LENGTH} characters. Shorten it.",
        )
        for one in fields
        if one.type == "text" and len(str(own.get(one.id, ""))) > NAME_LENGTH
    ]


Placed = Sequence[tuple[str, Own]]
"""Division and columns of what is named."""


def _of_courses(rows: Placed, pack: Pack) -> list[list[Remark]]:
    return [rules.against_course(own) for _place, own in rows]


def _of_sites(rows: Placed, pack: Pack) -> list[list[Remark]]:
    return [rules.against_site(own) for _place, own in rows]


def _of_hamlets(rows: Placed, pack: Pack) -> list[list[Remark]]:
    named = [(village[:6], str(own["site"])) for village, own in rows if own.get("site")]
    sites: dict[str, set[str]] = {}
    for county, name in queries.on_file(REGISTERS[SITES], named):
        sites.setdefault(county, set()).add(name)
    reasons, today = pack.codes("relocation_reason"), timezone.localdate()
    return [
        rules.against_hamlet(
            own, reasons, pack.at(day(own, "decided_on") or today), frozenset(sites.get(village[:6], ()))
        )
        for village, own in rows
    ]


AGAINST: Mapping[str, Callable[[Placed, Pack], list[list[Remark]]]] = {
    COURSES: _of_courses,
    SITES: _of_sites,
    HAMLETS: _of_hamlets,
}


def _kind(register: Register) -> Callable[[Pack], Kind]:
    return lambda pack: OfRegister(register, pack)


KINDS: Mapping[str, Callable[[Pack], Kind]] = {name: _kind(register) for name, register in REGISTERS.items()}
"""The kinds of lists, by identifier."""


@transaction.atomic
def keep(*, register: Register, rows: Sequence[Row], of_list: ReceivedList, by: str) -> Kept:
    """The rows on file: new ones, and those that differ from what stood; one entry of the log for each county."""
    keys = [(row.village, str(row.own[register.key])) for row in rows]
    standing = queries.on_file(register, keys, lock=True)
    now = timezone.now()
    new: list[Any] = []
    changed: list[Any] = []
    counts: dict[str, Counter[str]] = {}
    for row, key in zip(rows, keys, strict=True):
        record = standing.get(key)
        if record is not None and not _differs(register, record, row.own):
            continue
        counts.setdefault(row.village[:6], Counter())["new" if record is None else "changed"] += 1
        if record is None:
            record = register.table(**{register.place: key[0], register.key: key[1]})
            new.append(record)
        else:
            changed.append(record)
        for column, value in _values(register, row.own).items():
            setattr(record, column, value)
        record.by, record.at = by, now
    register.table.objects.bulk_create(new, batch_size=BATCH)
    register.table.objects.bulk_update(changed, [*register.columns.values(), "by", "at"], batch_size=BATCH)
    said = {"list": of_list.pk, "digest": of_list.digest}
    audit.record_many(
        [
            audit.Said(county, by, "register.kept", "register", register.id, {**said, **dict(counted)})
            for county, counted in sorted(counts.items())
        ]
    )
    return Kept(len(new), len(changed), 0)
