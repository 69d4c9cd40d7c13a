"""Works of village plans, put on file from lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa.access.rules import Scope
from jiefa.assistance.actions.kind import Kind
from jiefa.assistance.actions.records import BATCH, Row
from jiefa.assistance.models import VillageWork
from jiefa.assistance.queries import villages as queries
from jiefa.assistance.rules import villages as rules
from jiefa.assistance.rules.programmes import day, plain
from jiefa.audit import actions as audit
from jiefa.lists.kinds import Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept
from jiefa.policy import Pack

WORKS = "village_works"
AMOUNTS = {"planned": "planned_fen", "spent": "spent_fen", "percent": "percent"}
DAYS = ("begun_on", "accepted_on")
CHANGING = [*AMOUNTS.values(), *DAYS, "by", "at"]


class OfWorks(Kind):
    """The works of the plans of villages, with what was spent and how far each has come."""

    about = "place"

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(WORKS)
        self.id, self.zh, self.en = WORKS, self.form.zh, self.form.en

    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        return {name: plain(row[name]) for name in ("work", *AMOUNTS, *DAYS) if row[name] is not None}

    def identity(self, row: Row) -> str:
        return f"{row.village}/{row.own.get('work')}"

    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        standing = queries.on_file({row.village for _line, row in rows}, {row.year for _line, row in rows})
        for line, row in rows:
            found = standing.get((row.village, row.year, str(row.own.get("work"))))
            for remark in rules.against({**(_own(found) if found else {}), **row.own}):
                say(line, remark)

    def unchanged(self, rows: Sequence[Row]) -> int:
        standing = queries.on_file({row.village for row in rows}, {row.year for row in rows})
        found = [standing.get((row.village, row.year, str(row.own["work"]))) for row in rows]
        return sum(one is not None and not _differs(one, row) for one, row in zip(found, rows, strict=True))

    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        return keep(rows=rows, of_list=of_list, by=by)


def _own(found: VillageWork) -> dict[str, object]:
    """The work as a row of a list would say it."""
    said = {name: getattr(found, column) for name, column in AMOUNTS.items()}
    return said | {name: plain(value) for name in DAYS if (value := getattr(found, name)) is not None}


def _values(row: Row) -> dict[str, object]:
    """What the row says, by column of the table: an empty cell says nothing."""
    amounts: dict[str, object] = {column: row.own[name] for name, column in AMOUNTS.items() if name in row.own}
    return amounts | {name: day(row.own, name) for name in DAYS if name in row.own}


def _differs(found: VillageWork, row: Row) -> bool:
    return any(getattr(found, column) != value for column, value in _values(row).items())


@transaction.atomic
def keep(*, rows: Sequence[Row], of_list: ReceivedList, by: str) -> Kept:
    """The works on file: new ones, and those that differ; one entry of the log for each county."""
    now = timezone.now()
    standing = queries.on_file({row.village for row in rows}, {row.year for row in rows}, lock=True)
    new: list[VillageWork] = []
    changed: list[VillageWork] = []
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        found = standing.get((row.village, row.year, str(row.own["work"])))
        if found is not None and not _differs(found, row):
            continue
        work = found or VillageWork(village_code=row.village, year=row.year, work=str(row.own["work"]))
        for column, value in _values(row).items():
            setattr(work, column, value)
        work.by, work.at = by, now
        (new if found is None else changed).append(work)
        counts.setdefault(row.village[:6], Counter())["new" if found is None else "changed"] += 1
    VillageWork.objects.bulk_create(new, batch_size=BATCH)
    VillageWork.objects.bulk_update(changed, CHANGING, batch_size=BATCH)
    said = {"list": of_list.pk, "digest": of_list.digest}
    audit.record_many(
        [
            audit.Said(county, by, "village_works.kept", "village_works", WORKS, {**said, **dict(counted)})
            for county, counted in sorted(counts.items())
        ]
    )
    return Kept(len(new), len(changed), 0)
