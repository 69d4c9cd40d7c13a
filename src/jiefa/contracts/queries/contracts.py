"""Contracts with what was paid under them and who left: money from the transfers, heads from snapshots that are named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Length

from jiefa import snapshots
from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.contracts.models import Contract, Settlement
from jiefa.contracts.rules.settling import Held, Settled, Terms, settle
from jiefa.funds.models import AccountKind, OrderState, Transfer
from jiefa.insight.queries import figures
from jiefa.policy import Pack
from jiefa.procedures.models import StepTaken
from jiefa.snapshots import SnapshotUnknown

COUNTY = 6
EXITED, RETURNED = "exited_people", "returned_people"


def contracts(within: Scope) -> QuerySet[Contract]:
    """The contracts signed with counties inside the scope, the newest first."""
    return gate(Contract.objects.select_related("settlement"), within, "area_code").order_by("-pk")


def contract(pk: int, within: Scope) -> Contract | None:
    """The contract, if its county lies inside the scope."""
    return contracts(within).filter(pk=pk).first()


def settlement(pk: int, within: Scope) -> Settlement | None:
    """The settlement, if its county lies inside the scope."""
    return gate(Settlement.objects.select_related("contract"), within, "contract__area_code").filter(pk=pk).first()


def _moves(several: Sequence[Contract]) -> QuerySet[Transfer]:
    """The transfers between the counties' own pots and places above them under the documents of the contracts."""
    mine = Q(pk__in=[])
    for one in several:
        came = Q(to_code=one.area_code, to_account__kind=AccountKind.HOLDER, to_account__owner="")
        went = Q(from_code=one.area_code, from_account__kind=AccountKind.HOLDER, from_account__owner="")
        of = Q(document=one.document, origin__source=one.source, origin__type=one.fund_type)
        mine |= of & (came | went)
    rows = Transfer.objects.annotate(from_digits=Length("from_code"), to_digits=Length("to_code"))
    above = Q(from_digits__lt=COUNTY, from_digits__gt=0) | Q(to_digits__lt=COUNTY, to_digits__gt=0)
    return rows.filter(mine & above).order_by()


def paid(several: Sequence[Contract]) -> dict[int, int]:
    """Fen paid under each contract, net of what went back. One query."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    rows = _moves(several) if several else Transfer.objects.none()
    for row in rows.values("document", "from_code", "to_code").annotate(fen=Sum("amount_fen")):
        inward = len(row["to_code"]) == COUNTY
        county = row["to_code"] if inward else row["from_code"]
        sums[county, row["document"]] += row["fen"] if inward else -row["fen"]
    return {one.pk: sums[one.area_code, one.document] for one in several}


def payments(one: Contract) -> QuerySet[Transfer]:
    """The transfers under the contract, the oldest first."""
    return _moves([one]).select_related("origin").order_by("on", "pk")


def held(one: Contract) -> list[Held]:
    """By origin and giver, what the county has got net under the contract, in order of the origins. One query."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for row in _moves([one]).values("origin_id", "from_code", "to_code").annotate(fen=Sum("amount_fen")):
        inward = row["to_code"] == one.area_code
        sums[row["origin_id"], row["from_code"] if inward else row["to_code"]] += row["fen"] if inward else -row["fen"]
    return [Held(origin, giver, fen) for (origin, giver), fen in sorted(sums.items()) if fen > 0]


@dataclass(frozen=True, slots=True)
class YearVerified:
    """Who left and who fell back in a year, and the snapshot that says so; '' where there is none, with no heads then."""

    year: int
    snapshot: str
    exited: int
    returned: int


def verified(several: Iterable[Contract], pack: Pack) -> dict[int, list[YearVerified]]:
    """By contract, what the newest snapshot of each of its years says of the county. Status changes by dossier alone."""
    asked = list(several)
    counties: dict[int, set[str]] = defaultdict(set)
    for one in asked:
        for year in one.years:
            counties[year].add(one.area_code)
    found: dict[tuple[int, str], YearVerified] = {}
    for year, codes in counties.items():
        found |= {(year, one): row for one, row in _of_year(year, sorted(codes), pack).items()}
    return {one.pk: [found[year, one.area_code] for year in one.years] for one in asked}


def _of_year(year: int, codes: Sequence[str], pack: Pack) -> Mapping[str, YearVerified]:
    try:
        snapshot = snapshots.latest(Path(settings.JIEFA_HOME), year)
    except SnapshotUnknown:
        return {code: YearVerified(year, "", 0, 0) for code in codes}
    if not figures.has_figures(snapshot, pack):
        return {code: YearVerified(year, "", 0, 0) for code in codes}
    read = figures.read(snapshot, pack, list(codes), (EXITED, RETURNED))

    def heads(code: str, name: str) -> int:
        return int(read[code, name].numerator) if (code, name) in read else 0

    return {code: YearVerified(year, snapshot.id, heads(code, EXITED), heads(code, RETURNED)) for code in codes}


def standing(one: Contract, years: Sequence[YearVerified], paid_fen: int, pack: Pack) -> Settled:
    """What the contract comes to with these heads and this money, by the terms in force when it was signed."""
    return settle(
        contracted=one.heads,
        unit_price_fen=one.unit_price_fen,
        exited=sum(year.exited for year in years),
        returned=sum(year.returned for year in years),
        paid_fen=paid_fen,
        terms=Terms.of(pack.at(one.signed_on)),
    )


def returned_fen(one: Settlement) -> int:
    """Fen of orders that were confirmed under the settlement."""
    rows = one.returns.filter(order__state=OrderState.ACCEPTED)
    return int(rows.aggregate(fen=Sum(F("order__amount_fen"), default=0))["fen"])


def signatures(one: Contract) -> list[StepTaken]:
    """Who signed, of both sides, in order: for the printed paper."""
    rows = StepTaken.objects.filter(dossier=one.dossier_id, decision="approve", step__endswith="_signature")
    return list(rows.order_by("seq"))
