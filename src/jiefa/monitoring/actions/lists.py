"""Departments' warnings by list in Excel: found on the register of the area, each a lead; numbers are used to look up and not kept."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.audit import actions as audit
from jiefa.identification import queries as people
from jiefa.identification.actions.leads import LONG_NUMBER
from jiefa.kernel import id_numbers
from jiefa.kernel.vault import Vault
from jiefa.lists.kinds import Judged, Kind
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.monitoring.actions.events import has_telephone
from jiefa.monitoring.models import Event
from jiefa.monitoring.rules.watching import WATCHABLE
from jiefa.policy import NotInForce, Pack
from jiefa.registry.models import Household

WARNINGS = "watch_warnings"
LISTS = (WARNINGS,)
MEDICAL = "medical"


@dataclass(frozen=True, slots=True)
class Warned:
    """A row whose household was found."""

    household_id: int
    person_id: int | None
    village_code: str
    trigger: str
    amount_fen: int | None
    on: str
    department: str
    detail: str

    @property
    def identity(self) -> tuple[int, int | None, str, str, str]:
        """What makes two rows the same warning."""
        return self.household_id, self.person_id, self.trigger, self.on, self.department


class OfWarnings(Kind[Warned]):
    """Who loads other offices' lists sends it in; another of them accepts it. It is no part of a snapshot."""

    logged_as = "paper"

    def __init__(self, pack: Pack) -> None:
        self.form = pack.form(WARNINGS)
        self.id, self.zh, self.en = WARNINGS, self.form.zh, self.form.en

    def uploads(self, by: Actor) -> Permission:
        return Permission.LEAD_LOAD

    def accepts(self, by: Actor) -> Permission:
        return Permission.LEAD_LOAD

    def examine(
        self, rows: Sequence[Mapping[str, Any]], judged: Judged[Warned], within: Scope, by: Actor, pack: Pack
    ) -> None:
        fit = [row for row in rows if row["row"] not in judged.held]
        found = _found(fit, within)
        statuses = _statuses({home for home, _person, _village in found.values()})
        seen: dict[tuple[Any, ...], int] = {}
        for row in fit:
            line = row["row"]
            for remark in _said(row, pack):
                judged.say(line, remark)
            if not (row["household_number"] or row["id_number"]):
                judged.say(line, _NO_NUMBER)
                continue
            if line not in found:
                judged.strangers += 1
                continue
            warned = _warned(row, *found[line])
            if statuses[warned.household_id] not in WATCHABLE:
                judged.say(line, _IN_POVERTY)
            if warned.identity in seen:
                judged.say(line, _twice(seen[warned.identity]))
            seen.setdefault(warned.identity, line)
            judged.found.append((line, warned))
            judged.areas |= set(within.narrowed(warned.village_code[:6]).areas)

    def unchanged(self, rows: Sequence[Warned]) -> int:
        return len(rows) - len(_fresh(rows))

    def take(self, rows: Sequence[Warned], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        fresh, now = _fresh(rows), timezone.now()
        Event.objects.bulk_create(
            [
                Event(
                    household_id=row.household_id,
                    person_id=row.person_id,
                    village_code=row.village_code,
                    year=int(row.on[:4]),
                    source="department",
                    trigger=row.trigger,
                    on=dt.date.fromisoformat(row.on),
                    amount_fen=row.amount_fen,
                    department=row.department,
                    detail=row.detail,
                    of_list=of_list,
                    by=by.name,
                    at=now,
                )
                for row in fresh
            ],
            batch_size=500,
        )
        counts: dict[str, int] = defaultdict(int)
        for row in fresh:
            counts[row.village_code[:6]] += 1
        audit.record_many(
            [
                audit.Said(county, by.name, "watch_warnings.listed", self.logged_as, of_list.pk, {"rows": count})
                for county, count in sorted(counts.items())
            ]
        )
        return Kept(len(fresh), 0, 0)

    def plain(self, row: Warned) -> Mapping[str, object]:
        return asdict(row)

    def row(self, plain: Mapping[str, Any]) -> Warned:
        return Warned(**plain)


def kind(name: str, pack: Pack) -> OfWarnings:
    """The list of that name."""
    assert name == WARNINGS, name
    return OfWarnings(pack)


def _found(rows: Sequence[Mapping[str, Any]], within: Scope) -> dict[int, tuple[int, int | None, str]]:
    """By line, ``(household, person, village)`` of the rows about somebody on file inside the scope."""
    numbers = [id_numbers.citizen_part(row["id_number"]) if row["id_number"] else None for row in rows]
    keys = Vault(settings.JIEFA_VAULT_KEY).blind_index_many(numbers)
    persons = people.people_by_key([key for key in keys if key is not None], within)
    homes = people.homes_by_number([row["household_number"] for row in rows if row["household_number"]], within)
    found: dict[int, tuple[int, int | None, str]] = {}
    for row, key in zip(rows, keys, strict=True):
        who = persons.get(key) if key is not None else None
        home = homes.get(row["household_number"] or "")
        if who is not None and who.household_id is not None:
            found[row["row"]] = (who.household_id, who.pk, who.village_code)
        elif home is not None:
            found[row["row"]] = (home[0], None, home[1])
    return found


def _statuses(keys: set[int]) -> dict[int, str]:
    wanted = sorted(keys)
    found: dict[int, str] = {}
    for first in range(0, len(wanted), people.AT_ONCE):
        rows = Household.objects.filter(pk__in=wanted[first : first + people.AT_ONCE])
        found |= dict(rows.values_list("pk", "poverty_status"))
    return found


def _warned(row: Mapping[str, Any], household: int, person: int | None, village: str) -> Warned:
    return Warned(
        household,
        person,
        village,
        row["trigger"],
        row["amount"],
        row["on"].isoformat(),
        row["department"],
        (row["detail"] or "").strip()[:200],
    )


def _said(row: Mapping[str, Any], pack: Pack) -> list[Remark]:
    """What there is to say of a row by itself."""
    said = []
    detail = row["detail"] or ""
    if LONG_NUMBER.search(detail) or has_telephone(detail):
        said.append(_NUMBER)
    if row["on"] > timezone.localdate():
        said.append(_AHEAD)
    if row["trigger"] == MEDICAL:
        if not row["amount"]:
            said.append(_AMOUNT)
        elif row["amount"] < _medical_from(row["on"], pack):
            said.append(_SMALL)
    return said


def _medical_from(on: dt.date, pack: Pack) -> int:
    """The own medical cost from which a department warns; none where the policy of the day knows none."""
    try:
        return pack.at(on).fen("monitoring.medical_own_cost_from")
    except NotInForce:
        return 0


def _fresh(rows: Sequence[Warned]) -> list[Warned]:
    """The warnings that are not on file yet."""
    keys = sorted({row.household_id for row in rows})
    known: set[tuple[Any, ...]] = set()
    for first in range(0, len(keys), people.AT_ONCE):
        standing = Event.objects.filter(household__in=keys[first : first + people.AT_ONCE], source="department")
        known |= {
            (home, person, trigger, on.isoformat(), department)
            for home, person, trigger, on, department in standing.values_list(
                "household_id", "person_id", "trigger", "on", "department"
            )
        }
    return [row for row in rows if row.identity not in known]


_NO_NUMBER = Remark(
    "error",
    "watch.no_number",
    "household_number",
    "户编号和证件号码都没有填。请至少填一项。",
    "Neither number is filled in; fill in one of them.",
)
_IN_POVERTY = Remark(
    "error",
    "watch.in_poverty",
    "household_number",
    "这一户现在是在册贫困户（或已销户），按贫困户帮扶，不作监测对象。请删去。",
    "The household is on the register as poor (or closed): it is helped as such and not watched. Take the row out.",
)
_NUMBER = Remark(
    "error",
    "watch.number",
    "detail",
    "说明里写了号码（证件、电话或账号）。请删去。",
    "What it says holds a number of a certificate, telephone or account. Take it out.",
)
_AHEAD = Remark("error", "watch.ahead", "on", "日期还没有到。请核对。", "The day lies ahead; check it.")
_AMOUNT = Remark(
    "error",
    "watch.amount",
    "amount",
    "自付医疗费用须填金额。请补上。",
    "Own medical cost needs its amount; fill it in.",
)
_SMALL = Remark(
    "warn",
    "watch.small",
    "amount",
    "自付医疗费用低于预警起点。请核对金额的单位是不是元。",
    "The own medical cost is below that from which departments warn; check that the amount is in yuan.",
)


def _twice(line: int) -> Remark:
    return Remark(
        "error", "watch.twice", "", f"与第 {line} 行重复。请删去一行。", f"The same as row {line}. Delete one."
    )
