"""Lists of projects in Excel: the library of a year, whom projects are for, claims. Taken in by the same actions as one that is typed.

The library's list makes projects without a dossier: who applies for one draws it up. A list of claims draws dossiers up.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission, Scope
from jiefa.funds.actions import claiming, projects
from jiefa.funds.actions.claiming import NewClaim
from jiefa.funds.actions.projects import Entry
from jiefa.funds.models import Claim, Project, ProjectBeneficiary
from jiefa.funds.queries import projects as queries
from jiefa.funds.rules import project_refusals as refusals
from jiefa.funds.rules.projects import NewProject
from jiefa.identification.queries import homes_by_number
from jiefa.kernel import money
from jiefa.kernel.errors import JiefaError, Words
from jiefa.lists.kinds import Judged, Kind
from jiefa.lists.models import ReceivedList
from jiefa.lists.rules import Kept, Remark
from jiefa.policy import Pack

Row = Mapping[str, Any]
LISTS = ("project_library", "project_beneficiaries", "project_claims")
DAYS = ("starts_on", "ends_on")
SAME = ("name", "kind", "place_code", "year", "asked_fen")
"""What makes two rows of a library the same project."""


def kind(name: str, pack: Pack) -> OfProjects:
    """The kind of list of that name, one of ``LISTS``."""
    if name == "project_library":
        return OfLibrary(name, pack)
    return OfBeneficiaries(name, pack) if name == "project_beneficiaries" else OfClaims(name, pack)


class OfProjects(Kind[Row]):
    """A list about projects; who proposes money for a place sends it in, another of them accepts it."""

    def __init__(self, name: str, pack: Pack) -> None:
        self.form = pack.form(name)
        self.id, self.zh, self.en = name, self.form.zh, self.form.en

    def uploads(self, by: Actor) -> Permission:
        return Permission.MONEY_PROPOSE

    def accepts(self, by: Actor) -> Permission:
        return Permission.MONEY_PROPOSE

    def examine(self, rows: Sequence[Row], judged: Judged[Row], within: Scope, by: Actor, pack: Pack) -> None:
        judged.found = [(row["row"], row) for row in rows]
        places = self.places(rows)
        for row in rows:
            place = places.get(row["row"], "")
            if not place or not within.covers(place):
                judged.say(
                    row["row"],
                    _remark(refusals.ProjectNotThere(project=self.named(row)), self.form.sheets[0].fields[0].id),
                )
            else:
                judged.areas.add(place)
        left = [row for row in rows if row["row"] not in judged.held]
        for line, reason in self.against(left, by, pack):
            judged.say(line, _remark(reason, ""))
        judged.areas = judged.areas or set(within.areas)

    def named(self, row: Row) -> str:
        return str(row.get("project_number") or row.get("name") or "")

    def places(self, rows: Sequence[Row]) -> dict[int, str]:
        """By line the place of the project that the row names."""
        by_number = _numbered(rows)
        return {
            row["row"]: by_number[row["project_number"]].place_code
            for row in rows
            if row["project_number"] in by_number
        }

    @abstractmethod
    def against(self, rows: Sequence[Row], by: Actor, pack: Pack) -> list[tuple[int, JiefaError]]:
        """What speaks against which line."""

    def plain(self, row: Row) -> Mapping[str, object]:
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}

    def row(self, plain: Mapping[str, Any]) -> Row:
        return {
            name: dt.date.fromisoformat(value) if name in DAYS and value else value for name, value in plain.items()
        }


def _remark(reason: JiefaError, column: str) -> Remark:
    return Remark("error", reason.code, column, reason.message("zh"), reason.message("en"))


def _numbered(rows: Sequence[Row]) -> dict[str, Project]:
    numbers = sorted({row["project_number"] for row in rows if row["project_number"]})
    found: dict[str, Project] = {}
    for first in range(0, len(numbers), projects.AT_ONCE):
        part = Project.objects.select_related("dossier").filter(number__in=numbers[first : first + projects.AT_ONCE])
        found |= {one.number: one for one in part}
    return found


class OfLibrary(OfProjects):
    """The projects of a year as a county keeps them in its library."""

    def places(self, rows: Sequence[Row]) -> dict[int, str]:
        return {row["row"]: str(row["area_code"] or "") for row in rows}

    def _new(self, row: Row, number: str) -> NewProject:
        texts = {
            name: str(row[name] or "")
            for name in (
                "name", "kind", "source", "applicant", "implementer", "responsible", "tender", "contractor",
                "contractor_number", "content", "goal", "maintenance",
            )
        }  # fmt: skip
        return NewProject(
            **texts,
            number=number,
            place_code=str(row["area_code"] or ""),
            year=int(row["fund_year"]),
            asked_fen=int(row["amount"]),
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
        )

    def against(self, rows: Sequence[Row], by: Actor, pack: Pack) -> list[tuple[int, JiefaError]]:
        judged = ((row["row"], projects.against(self._new(row, "—"), {}, pack)) for row in rows)
        return [(line, reason) for line, reason in judged if reason is not None]

    def _fresh(self, rows: Sequence[Row]) -> list[Row]:
        years, places = {int(row["fund_year"]) for row in rows}, {str(row["area_code"]) for row in rows}
        known = set(Project.objects.filter(year__in=years, place_code__in=places).values_list(*SAME))
        fresh = []
        for row in rows:
            new = self._new(row, "—")
            identity = tuple(getattr(new, name) for name in SAME)
            if identity not in known:
                known.add(identity)
                fresh.append(row)
        return fresh

    def unchanged(self, rows: Sequence[Row]) -> int:
        return len(rows) - len(self._fresh(rows))

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        fresh = self._fresh(rows)
        last: dict[tuple[str, int], str] = {}
        entries = []
        for row in fresh:
            series = (str(row["area_code"])[:6], int(row["fund_year"]))
            number = last.get(series) or projects.next_number(*series)
            entries.append(Entry(self._new(row, number), {}))
            prefix, _dash, digits = number.rpartition("-")
            last[series] = f"{prefix}-{int(digits) + 1:04d}"
        projects.enter_many(entries=entries, by=by, pack=pack)
        return Kept(len(entries), 0, 0)


class OfBeneficiaries(OfProjects):
    """Households of projects that are not applied for yet; a row says what one household's share is to be."""

    def _homes(self, rows: Sequence[Row], by: Actor) -> dict[str, tuple[int, str]]:
        return homes_by_number([str(row["household_number"]) for row in rows], by.scope(Permission.MONEY_PROPOSE))

    def against(self, rows: Sequence[Row], by: Actor, pack: Pack) -> list[tuple[int, JiefaError]]:
        by_number, homes = _numbered(rows), self._homes(rows, by)
        found: list[tuple[int, JiefaError]] = []
        totals = _totals(by_number)
        for row in rows:
            one, home = by_number[row["project_number"]], homes.get(str(row["household_number"]))
            if one.dossier_id is not None:
                found.append((row["row"], refusals.ProjectStands(project=one.number, step=_APPLIED, what=_LISTING)))
            elif home is None or not home[1].startswith(one.place_code[:6]):
                said = {"project": one.number, "household": row["household_number"]}
                found.append((row["row"], refusals.BeneficiaryUnknown(**said)))
            else:
                totals[one.number] += int(row["share"] or 0)
                if totals[one.number] > one.asked_fen:
                    found.append((row["row"], _too_much(one, totals[one.number])))
        return found

    def _changed(self, rows: Sequence[Row], by: Actor | None) -> list[tuple[int, int, int]]:
        by_number = _numbered(rows)
        scope = (
            by.scope(Permission.MONEY_PROPOSE)
            if by
            else Scope(tuple({one.place_code[:6] for one in by_number.values()}))
        )
        homes = homes_by_number([str(row["household_number"]) for row in rows], scope)
        keys = [one.pk for one in by_number.values()]
        standing = {(project, home): fen for project, shares in queries.shares_of(keys).items() for home, fen in shares}
        wished = [
            (by_number[row["project_number"]].pk, homes[str(row["household_number"])][0], int(row["share"] or 0))
            for row in rows
        ]
        return [one for one in wished if standing.get(one[:2]) != one[2]]

    def unchanged(self, rows: Sequence[Row]) -> int:
        return len(rows) - len(self._changed(rows, None))

    @transaction.atomic
    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        for _line, reason in self.against(rows, by, pack):
            raise reason
        changed = self._changed(rows, by)
        ProjectBeneficiary.objects.bulk_create(
            [
                ProjectBeneficiary(project_id=project, household_id=home, planned_fen=fen)
                for project, home, fen in changed
            ],
            update_conflicts=True,
            unique_fields=["project", "household"],
            update_fields=["planned_fen"],
            batch_size=projects.AT_ONCE,
        )
        return Kept(len(changed), 0, 0)


_APPLIED, _LISTING = Words("已申报", "applied for"), Words("改受益户名单", "another list of beneficiaries")


def _too_much(one: Project, total: int) -> JiefaError:
    said = {"shares": money.format_yuan(total), "asked": money.format_yuan(one.asked_fen)}
    return refusals.ProjectAmount(project=one.number, **said)


def _totals(by_number: Mapping[str, Project]) -> dict[str, int]:
    shares = queries.shares_of([one.pk for one in by_number.values()])
    return {one.number: sum(fen for _home, fen in shares.get(one.pk, [])) for one in by_number.values()}


class OfClaims(OfProjects):
    """Claims of several projects; each becomes a dossier of its own when the list is accepted."""

    def _claims(self, rows: Sequence[Row]) -> list[NewClaim]:
        by_number = _numbered(rows)
        scope = Scope(tuple({one.place_code[:6] for one in by_number.values()}))
        numbers = [str(row["household_number"]) for row in rows if row["household_number"]]
        homes = homes_by_number(numbers, scope)
        return [
            NewClaim(
                project=by_number[row["project_number"]].pk,
                kind=row["kind"],
                fen=int(row["amount"]),
                purpose=row["purpose"],
                invoice=str(row["invoice"]),
                payee=str(row["payee"] or ""),
                household=homes.get(str(row["household_number"]), (0, ""))[0] if row["household_number"] else None,
            )
            for row in rows
        ]

    def against(self, rows: Sequence[Row], by: Actor, pack: Pack) -> list[tuple[int, JiefaError]]:
        """Each row is tried on its own, after those before it, and undone."""
        found: list[tuple[int, JiefaError]] = []
        with transaction.atomic():
            for row, new in zip(rows, self._claims(rows), strict=True):
                try:
                    with transaction.atomic():
                        claiming.propose(new=new, by=by, on=timezone.localdate(), pack=pack)
                except JiefaError as reason:
                    found.append((row["row"], reason))
            transaction.set_rollback(True)
        return found

    def _fresh(self, rows: Sequence[Row]) -> list[NewClaim]:
        on_file = Claim.objects.filter(project__number__in={row["project_number"] for row in rows})
        known = set(on_file.values_list("project", "kind", "amount_fen", "invoice"))
        return [one for one in self._claims(rows) if (one.project, one.kind, one.fen, one.invoice.strip()) not in known]

    def unchanged(self, rows: Sequence[Row]) -> int:
        return len(rows) - len(self._fresh(rows))

    def take(self, rows: Sequence[Row], of_list: ReceivedList, over: Scope, by: Actor, pack: Pack) -> Kept:
        fresh = self._fresh(rows)
        for new in fresh:
            claiming.propose(new=new, by=by, on=timezone.localdate(), pack=pack)
        return Kept(len(fresh), 0, 0)
