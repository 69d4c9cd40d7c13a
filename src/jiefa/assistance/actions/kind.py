"""What every kind of list of help answers, and whom its rows are about: households or members, by certificate or by number."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from jiefa.access.queries import Actor
from jiefa.access.rules import Scope
from jiefa.assistance.actions import locating
from jiefa.assistance.actions.records import Row
from jiefa.assistance.queries import programmes as queries
from jiefa.identification import queries as register
from jiefa.kernel import id_numbers
from jiefa.kernel.vault import Vault
from jiefa.lists import kinds
from jiefa.lists.kinds import Judged, Say
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack
from jiefa.registry.models import Person


class Kind(kinds.Kind[Row]):
    """A kind of list. ``about``: household, person or place; ``strangers``: rows about nobody on the register are left out.

    ``place``: of a list about places, the column with the code of the division, which has so many ``digits``.
    """

    about: str
    strangers = False
    needs_year = True
    place = "village_code"
    digits = 12

    @abstractmethod
    def own(self, row: Mapping[str, Any]) -> dict[str, object]:
        """What the row says beside whom it is about."""

    @abstractmethod
    def identity(self, row: Row) -> str | None:
        """By what a row is told from the others of its year; None where two may say the same."""

    @abstractmethod
    def judge(self, rows: Sequence[tuple[int, Row]], say: Say, pack: Pack) -> None:
        """Says what there is to say of the rows."""

    @abstractmethod
    def keep(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: str, pack: Pack) -> Kept:
        """The rows, put on file inside the transaction of the caller."""

    def examine(
        self, rows: Sequence[Mapping[str, Any]], judged: Judged[Row], within: Scope, by: Actor, pack: Pack
    ) -> None:
        if self.about == "place":
            _locate(rows, self, within, judged)
        else:
            _find(rows, self, within, judged)
        self.judge(judged.found, judged.say, pack)
        seen: dict[tuple[int, str], int] = {}
        for line, case in judged.found:
            identity = self.identity(case)
            if identity is None:
                continue
            key = (case.year, identity)
            if key in seen:
                judged.say(line, _twice(seen[key]))
            seen.setdefault(key, line)
        counties = {row.village[:6] for _line, row in judged.found}
        judged.areas = {area for county in counties for area in within.narrowed(county).areas}

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        return self.keep(rows, of_list, over, by.name, pack)

    def plain(self, row: Row) -> dict[str, object]:
        return {
            "household": row.household,
            "person": row.person,
            "village": row.village,
            "year": row.year,
            "own": dict(row.own),
        }

    def row(self, plain: Mapping[str, Any]) -> Row:
        return Row(**plain)


def _locate(rows: Sequence[Mapping[str, Any]], asked: Kind, within: Scope, judged: Judged[Row]) -> None:
    """The village of each row, where it is about a place and not about a household."""
    for line, found in locating.located(rows, asked, within):
        if isinstance(found, Remark):
            judged.say(line, found)
        else:
            judged.found.append((line, found))


def _find(rows: Sequence[Mapping[str, Any]], asked: Kind, within: Scope, judged: Judged[Row]) -> None:
    """Whom each row is about, by certificate number, else by household number (and name)."""
    vault = Vault(settings.JIEFA_VAULT_KEY)
    keys = vault.blind_index_many(
        [id_numbers.citizen_part(row["id_number"]) if row["id_number"] else None for row in rows]
    )
    people = register.people_by_key([key for key in keys if key is not None], within)
    homes = register.homes_by_number(
        sorted({row["household_number"] for row in rows if row["household_number"]}), within
    )
    members = queries.named([key for key, _village in homes.values()]) if asked.about == "person" else {}
    for row, key in zip(rows, keys, strict=True):
        if key is None and not row["household_number"]:
            judged.say(row["row"], _NOBODY)
            continue
        found = _whom(
            asked, row, people.get(key) if key is not None else None, homes.get(row["household_number"]), members
        )
        if isinstance(found, Remark) and found is _STRANGER and asked.strangers:
            judged.strangers += 1
        elif isinstance(found, Remark):
            judged.say(row["row"], found)
        elif row.get("year") is not None or not asked.needs_year:
            judged.found.append((row["row"], Row(*found, row.get("year") or 0, asked.own(row))))


def _whom(
    asked: Kind,
    row: Mapping[str, Any],
    who: Person | None,
    home: tuple[int, str] | None,
    members: Mapping[tuple[int, str], Sequence[int]],
) -> tuple[int, int | None, str] | Remark:
    """``(household, person, village)`` of a row, or why it is about nobody. ``who``: by the certificate; ``home``: by the number."""
    of_person = asked.about == "person"
    if who is not None and who.household_id is not None:
        if home is not None and home[0] != who.household_id:
            return _OTHER_HOME
        return who.household_id, who.pk if of_person else None, who.village_code
    if home is None or (of_person and row["id_number"]):
        return _STRANGER
    if not of_person:
        return home[0], None, home[1]
    named = members.get((home[0], row["name"] or ""), ())
    return (home[0], named[0], home[1]) if len(named) == 1 else _NO_MEMBER


_NOBODY = Remark(
    "error",
    "HP10",
    "household_number",
    "户编号和证件号码都没有填。请至少填一项。",
    "Neither number is filled in. Fill one in.",
)
_STRANGER = Remark(
    "error",
    "HP11",
    "household_number",
    "在您管辖范围的登记册里找不到。请核对号码，或先登记。",
    "Not found on the register of your area. Check the number, or register first.",
)
_NO_MEMBER = Remark(
    "error",
    "HP12",
    "name",
    "户内找不到这个姓名的唯一成员。请填证件号码。",
    "No single member of that name in the household. Give the certificate number.",
)
_OTHER_HOME = Remark(
    "error",
    "HP14",
    "household_number",
    "证件号码的人不在这一户。请核对。",
    "The person of that number does not belong to this household. Check both.",
)


def _twice(line: int) -> Remark:
    return Remark("error", "HP13", "", f"与第 {line} 行重复。请删去一行。", f"The same as row {line}. Delete one.")
