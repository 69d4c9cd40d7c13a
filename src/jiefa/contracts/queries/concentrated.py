"""Townships of concentrated investment: special funds inside the target, from transfers; departments' money beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.contracts.models import DepartmentMoney, InvestedTownship
from jiefa.funds.models import AccountKind, Transfer
from jiefa.policy import Pack

PURPOSE = "concentrated"
DEPARTMENT = "department"
TOWNSHIP = 9


@dataclass(frozen=True, slots=True)
class Invested:
    """A township of the year's list. ``special_fen`` counts against ``target_fen``; the other two stand beside it."""

    area_code: str
    target_fen: int
    special_fen: int
    departments_fen: int
    """Money of departments that passed the books."""
    own_fen: int
    """Money of departments that did not, as they reported it."""
    document: str

    @property
    def beside_fen(self) -> int:
        return self.departments_fen + self.own_fen

    @property
    def short_fen(self) -> int:
        """What is missing to the target."""
        return max(0, self.target_fen - self.special_fen)


def townships(within: Scope, year: int) -> QuerySet[InvestedTownship]:
    """The list of the year inside the scope, by code."""
    return gate(InvestedTownship.objects.filter(year=year), within, "area_code").order_by("area_code")


def years(within: Scope) -> list[int]:
    """The years that have such townships inside the scope, the latest first."""
    rows = gate(InvestedTownship.objects.order_by(), within, "area_code")
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


def invested(within: Scope, year: int, pack: Pack) -> list[Invested]:
    """Every township of the list with its money, by code. Three queries however many."""
    special = set(pack.for_year(year).texts("concentrated.special_sources"))
    came: dict[tuple[str, bool], int] = {}
    for source, township, fen in _came(within, year):
        if source in special or source == DEPARTMENT:
            came[township, source in special] = came.get((township, source in special), 0) + fen
    own = _own(within, year)
    return [
        Invested(
            area_code=one.area_code,
            target_fen=one.target_fen,
            special_fen=came.get((one.area_code, True), 0),
            departments_fen=came.get((one.area_code, False), 0),
            own_fen=own.get(one.area_code, 0),
            document=one.document,
        )
        for one in townships(within, year)
    ]


def _came(within: Scope, year: int) -> list[tuple[str, str, int]]:
    """``(source, township, fen)`` that came into pots of townships for this purpose, net of what went back and was reversed."""
    # A reversal goes the other way, so that what leaves a township for a place above is taken off, whyever it left.
    rows = Transfer.objects.filter(purpose=PURPOSE, origin__year=year)
    inward = gate(rows, within, "to_code").filter(to_account__kind=AccountKind.HOLDER, from_account__kind__in=_ABOVE)
    outward = gate(rows, within, "from_code").filter(from_account__kind=AccountKind.HOLDER, to_account__kind__in=_ABOVE)
    found: list[tuple[str, str, int]] = []
    for side, chosen, sign in (("to_code", inward, 1), ("from_code", outward, -1)):
        other = "from_code" if side == "to_code" else "to_code"
        placed = chosen.exclude(**{f"{other}__startswith": F(side)}).annotate(place=F(side))
        summed = placed.order_by().values("origin__source", "place").annotate(fen=Sum("amount_fen"))
        found += [
            (row["origin__source"], row["place"], sign * row["fen"]) for row in summed if len(row["place"]) == TOWNSHIP
        ]
    return found


_ABOVE = (AccountKind.HOLDER, AccountKind.SOURCE)


def _own(within: Scope, year: int) -> dict[str, int]:
    rows = gate(DepartmentMoney.objects.filter(year=year), within, "area_code").order_by()
    return {row["area_code"]: row["fen"] for row in rows.values("area_code").annotate(fen=Sum("amount_fen"))}


def departments(within: Scope, year: int) -> QuerySet[DepartmentMoney]:
    """What departments reported, by township and department."""
    return gate(DepartmentMoney.objects.filter(year=year), within, "area_code").order_by(
        "area_code", "department", "pk"
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a list: its townships, those with special funds, counties that they lie in, money inside and beside the target."""

    townships: int
    funded: int
    counties: int
    target_fen: int
    special_fen: int
    beside_fen: int


def sums(rows: list[Invested]) -> Sums:
    """The ledger's rows of concentrated investment: townships and counties that money really reached, and the money."""
    funded = [one for one in rows if one.special_fen > 0]
    return Sums(
        townships=len(rows),
        funded=len(funded),
        counties=len({one.area_code[:6] for one in funded}),
        target_fen=sum(one.target_fen for one in rows),
        special_fen=sum(one.special_fen for one in rows),
        beside_fen=sum(one.beside_fen for one in rows),
    )
