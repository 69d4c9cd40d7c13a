"""Pots and what moved between them, for the pages: balances of a place and of those below, transfers, one transfer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Length, Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.funds.models import Account, AccountKind, ClosedYear, Transfer
from jiefa.funds.rules import running
from jiefa.kernel import division_codes

HELD_BY = (AccountKind.SOURCE, AccountKind.HOLDER, AccountKind.PROJECT)


def accounts(within: Scope) -> QuerySet[Account]:
    """The pots inside the scope, by place."""
    return gate(Account.objects.select_related("origin", "household"), within, "area_code").order_by("area_code", "pk")


def account(pk: int, within: Scope) -> Account | None:
    """The pot, if it lies inside the scope. The world outside is in no scope."""
    return accounts(within).filter(pk=pk).first()


def of_place(code: str, within: Scope) -> list[Account]:
    """The pots that the office of the place itself keeps, those with money first."""
    rows = accounts(within).filter(area_code=code, kind__in=HELD_BY, owner="")
    return list(rows.order_by("kind", "-origin__year", "origin__source", "origin__type", "pk"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Money inside a place, of fund years or one: appropriated and not drawn, held by offices, with projects, with payees."""

    source_fen: int = 0
    holder_fen: int = 0
    project_fen: int = 0
    payee_fen: int = 0
    payees: int = 0

    @property
    def held_fen(self) -> int:
        return self.holder_fen + self.project_fen


def _standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    sums = {
        f"{kind.value}_fen": Sum("balance_fen", filter=Q(kind=kind), default=0)
        for kind in (*HELD_BY, AccountKind.PAYEE)
    }
    summed: QuerySet[Any] = rows.annotate(
        **sums, payees=Count("pk", filter=Q(kind=AccountKind.PAYEE, balance_fen__gt=0))
    )
    return summed


_SUMS = ("source_fen", "holder_fen", "project_fen", "payee_fen", "payees")


def standing(within: Scope, year: int | None = None) -> Standing:
    """How the money inside the scope stands. One query."""
    rows = gate(Account.objects.order_by(), within, "area_code")
    rows = rows.filter(origin__year=year) if year else rows
    (found,) = list(_standing(rows.annotate(all=Value(1)).values("all")).values(*_SUMS)) or [{}]
    return Standing(**found)


def below(code: str, within: Scope, year: int | None = None) -> dict[str, Standing]:
    """How the money stands in each place directly below ``code``, by code; places without money are absent. One query."""
    levels = list(division_codes.LENGTH_OF_LEVEL.values())
    if len(code) >= levels[-1]:
        return {}
    length = levels[levels.index(len(code)) + 1]
    rows = gate(Account.objects.order_by(), within.narrowed(code), "area_code")
    rows = rows.filter(origin__year=year) if year else rows
    placed = rows.annotate(place=Substr("area_code", 1, length)).values("place")
    found = {
        row["place"]: Standing(**{name: row[name] for name in _SUMS})
        for row in _standing(placed).values("place", *_SUMS)
    }
    return {place: one for place, one in sorted(found.items()) if len(place) == length}


def idle(within: Scope, on: dt.date) -> QuerySet[Account]:
    """Pots inside the scope that hold money a year or more after its fund year ended, as of a day; the oldest money first."""
    held = accounts(within).filter(kind__in=HELD_BY, balance_fen__gt=0)
    return held.filter(origin__year__lte=running.over(on) - 1).order_by("origin__year", "pk")


def beyond(rows: QuerySet[Account], last: Account) -> QuerySet[Account]:
    """Of pots ordered as ``idle`` those that follow one."""
    year = last.origin.year
    return rows.filter(Q(origin__year__gt=year) | Q(origin__year=year, pk__gt=last.pk))


def idle_count(within: Scope, on: dt.date, most: int) -> int:
    """How many pots are ``idle``, no further than ``most``."""
    return idle(within, on).order_by()[:most].count()


@dataclass(frozen=True, slots=True)
class Sifted:
    """Which transfers to list: '' and None for any.

    ``from_kind``, ``to_kind``, ``…_level`` (digits of the place), ``home`` (the payee is a household): those of a band, with what
    went back by it. ``from_kind`` ``in``: whatever came to ``to_kind`` from a source or from an office above the place.
    """

    purpose: str = ""
    source: str = ""
    type: str = ""
    year: int | None = None
    account: int | None = None
    order: int | None = None
    from_kind: str = ""
    to_kind: str = ""
    from_level: int | None = None
    to_level: int | None = None
    home: bool | None = None

    @property
    def band(self) -> bool:
        """Whether the transfers of one band are asked for: those between two kinds of accounts, both ways."""
        return bool(self.to_kind)


def transfers(within: Scope, sifted: Sifted) -> QuerySet[Transfer]:
    """The transfers of which one side lies inside the scope, the newest first."""
    chosen = Transfer.objects.select_related(
        "origin", "from_account__household", "to_account__household", "reversed_by"
    )
    if sifted.purpose:
        chosen = chosen.filter(purpose=sifted.purpose)
    if sifted.source:
        chosen = chosen.filter(origin__source=sifted.source)
    if sifted.type:
        chosen = chosen.filter(origin__type=sifted.type)
    if sifted.year:
        chosen = chosen.filter(origin__year=sifted.year)
    if sifted.account:
        chosen = chosen.filter(Q(from_account=sifted.account) | Q(to_account=sifted.account))
    if sifted.order:
        chosen = chosen.filter(of_order=sifted.order)
    if sifted.band:
        chosen = chosen.alias(from_digits=Length("from_code"), to_digits=Length("to_code"))
        chosen = chosen.filter(_between(sifted, within, "from", "to") | _between(sifted, within, "to", "from"))
    return (gate(chosen, within, "from_code") | gate(chosen, within, "to_code")).order_by("-pk")


def _between(sifted: Sifted, within: Scope, payer: str, receiver: str) -> Q:
    """A band's transfers in one direction."""
    found = Q(**{f"{receiver}_account__kind": sifted.to_kind})
    if sifted.from_kind == "in":
        inside = Q(pk__in=[])
        for low, high in within.ranges():
            inside |= Q(**{f"{payer}_code__gte": low, f"{payer}_code__lt": high})
        found &= Q(**{f"{payer}_account__kind": AccountKind.SOURCE}) | ~inside
    else:
        found &= Q(**{f"{payer}_account__kind": sifted.from_kind})
    for level, side in ((sifted.from_level, payer), (sifted.to_level, receiver)):
        if level is not None:
            found &= Q(**{f"{side}_digits": level})
    if sifted.home is not None:
        found &= Q(**{f"{receiver}_account__household__isnull": not sifted.home})
    return found


def band_fen(within: Scope, sifted: Sifted) -> int:
    """What went by a band, less what went back by it, as of now."""
    forth = _between(sifted, within, "from", "to")
    rows = transfers(within, sifted).order_by()
    sums = rows.aggregate(forth=Sum("amount_fen", filter=forth, default=0), all=Sum("amount_fen", default=0))
    return 2 * int(sums["forth"]) - int(sums["all"])


def transfer(pk: int, within: Scope) -> Transfer | None:
    """The transfer, if one of its sides lies inside the scope."""
    return transfers(within, Sifted()).filter(pk=pk).first()


def closed_years(code: str) -> list[ClosedYear]:
    """The years closed for a place, by itself or by a place around it, the latest first."""
    around = [*division_codes.ancestors(code), code]
    return list(ClosedYear.objects.filter(area_code__in=around).order_by("-year", "area_code"))


@dataclass(frozen=True, slots=True)
class Step:
    """A pot on the way to a payee, with what it gave on this way's next pot. ``level``: 0 for what paid the payee itself."""

    level: int
    account: Account
    fen: int


def way_back(account_ids: Sequence[int]) -> list[Step]:
    """By which pots the money of these came, up to the sources; what was taken back is taken off. One query a level.

    Money of one origin lies in one pot, so that the amounts of the way are what each pot gave to the next in all.
    """
    steps: list[Step] = []
    seen, asked, level = set(account_ids), list(account_ids), 0
    while asked:
        given = Q(to_account__in=asked, reverses__isnull=True, reversed_by__isnull=True)
        sums: Any = Transfer.objects.filter(given).order_by().values("from_account").annotate(fen=Sum("amount_fen"))
        fen = {row["from_account"]: row["fen"] for row in sums}
        found = Account.objects.select_related("origin").filter(pk__in=fen).exclude(kind=AccountKind.OUTSIDE)
        asked = []
        for one in found.order_by("origin_id", "area_code", "pk"):
            if one.pk not in seen:
                seen.add(one.pk)
                asked.append(one.pk)
                steps.append(Step(level, one, fen[one.pk]))
        level += 1
    return steps


def way_edges(account_ids: Sequence[int]) -> tuple[list[tuple[int, int, int]], dict[int, set[int]]]:
    """``(paid, feeders)`` as ``rules.sankey.back`` takes them: who paid these pots how much, refunds taken off, and by which pots
    the money of those had come. One query a level, and two for what was paid."""
    standing = Transfer.objects.filter(reverses__isnull=True, reversed_by__isnull=True).order_by()
    paid: Counter[tuple[int, int]] = Counter()
    for payer, receiver, fen in (
        standing.filter(to_account__in=account_ids)
        .values_list("from_account", "to_account")
        .annotate(fen=Sum("amount_fen"))
    ):
        paid[payer, receiver] += fen
    for payer, receiver, fen in (
        standing.filter(from_account__in=account_ids)
        .values_list("from_account", "to_account")
        .annotate(fen=Sum("amount_fen"))
    ):
        paid[receiver, payer] -= fen
    feeders: dict[int, set[int]] = {}
    asked = {payer for payer, _receiver in paid}
    seen = set(asked)
    while asked:
        given = standing.filter(to_account__in=asked).exclude(from_account__kind=AccountKind.OUTSIDE)
        for payer, receiver in given.values_list("from_account", "to_account").distinct():
            feeders.setdefault(receiver, set()).add(payer)
        asked = {payer for several in feeders.values() for payer in several} - seen
        seen |= asked
    return [(*key, fen) for key, fen in paid.items() if fen > 0], feeders


def of_household(household: int) -> list[Account]:
    """The pots of a household, by origin: what it was paid, to the fen, by where it came from."""
    return list(Account.objects.select_related("origin").filter(household=household).order_by("origin__year", "pk"))
