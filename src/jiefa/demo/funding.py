"""The money of 2015 at the published sums, from its sources to those who were paid: through orders, as an office moves it.

What reached whom is taken from the records of help and pairings, so that both tell the same to the fen. Like there, money
shrinks with the scale. Fiscal strength and performance of counties are made up.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.db.models import Sum

from jiefa import snapshots
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role, Scope
from jiefa.assistance.models import FundEntry, ProgrammeRecord
from jiefa.casework import lists
from jiefa.demo import projects, reference
from jiefa.demo.help_lists import YEAR
from jiefa.demo.pairing import CITIES, PRIVATE_FEN
from jiefa.demo.projects import Built
from jiefa.demo.targets import scaled
from jiefa.funds.actions import allocating, orders, paying
from jiefa.funds.actions.allocating import Reported, Wish
from jiefa.funds.models import Account, Channel, Order, OrderKind
from jiefa.funds.queries import payments
from jiefa.funds.rules import refusals
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import HOLDER, PAYEE, PROJECT, SOURCE, WORLD, NewTransfer, OriginKey, Party
from jiefa.kernel import money
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.responsibility.models import Arrival
from jiefa.responsibility.queries import pairings

PROVINCE = "52"
FARMING_FEN = 1_140_000_000_00
"""Ledger I01: central development money for mountain agriculture."""
MADE_UP_STRENGTH, MADE_UP_POINTS = 900, 70
BEGUN, DRAWN, PASSED, PAID = (dt.date(YEAR, month, day) for month, day in ((1, 20), (2, 3), (3, 10), (10, 20)))
BUILT = dt.date(YEAR, 12, 10)
TOWNSHIP = 9
"""Digits of a township's code."""
DEVELOPMENT = OriginKey("central", "development", YEAR, PROVINCE)
INTEREST = OriginKey("central", "interest", YEAR, PROVINCE)
MOVING = OriginKey("central", "relocation", YEAR, PROVINCE)
DEPARTMENTS = OriginKey("department", "integrated", YEAR, PROVINCE, "省直部门")
ANSWERED, ANSWERED_ON = 20, dt.date(YEAR, 10, 23)
"""Payments of which the bank has said something, and when."""
WAITING_COUNTY, WAITING_FEN = "520324", 1_000_00
"""An order that waits for the demonstration's finance officer."""


def fund(scale: float, pack: Pack) -> None:
    """The money of the year. It is shared out by the cards of the year before, whose snapshot stands."""
    books = _Money(pack)
    books.credit()
    books.training()
    books.relocation()
    books.pairings(scale)
    books.farming(scale)
    books.waiting()


class _Money:
    """Orders proposed by the province's officer and confirmed by its finance officer."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._by: Actor = holder("zhao", [(Role.PROVINCE_OFFICER, PROVINCE)])
        self._payer: Actor = holder("feng", [(Role.FINANCE_OFFICER, PROVINCE)])
        self._number = 0

    def _order(self, title: str, transfers: Iterable[NewTransfer]) -> Order | None:
        rows = rules.table(transfers)
        if not rows.num_rows:
            return None
        order = orders.propose(kind=OrderKind.TRANSFERS, title=title, rows=rows, by=self._by, pack=self._pack)
        return orders.confirm(order_id=order.pk, by=self._payer, pack=self._pack)

    def _move(
        self, payer: Party, receiver: Party, origin: OriginKey, fen: int, on: dt.date, purpose: str, document: str
    ) -> NewTransfer:
        self._number += 1
        place = payer.area_code or receiver.area_code
        return NewTransfer(payer, receiver, origin, fen, on, purpose, document, f"{place}/Y{self._number:07d}")

    def _from_source(
        self, origin: OriginKey, fen: int, purpose: str, document: str, *, drawn: bool = True
    ) -> list[NewTransfer]:
        """Appropriated, and ``drawn`` by the office in whose books it is."""
        source, office = Party(SOURCE, origin.area_code), Party(HOLDER, origin.area_code)
        made = [self._move(WORLD, source, origin, fen, BEGUN, purpose, document)]
        if drawn:
            made.append(self._move(source, office, origin, fen, DRAWN, purpose, document))
        return made if fen else []

    def _to_counties(
        self, origin: OriginKey, counties: dict[str, int], purpose: str, document: str
    ) -> list[NewTransfer]:
        office = Party(HOLDER, PROVINCE)
        return [
            self._move(office, Party(HOLDER, county), origin, fen, PASSED, purpose, document)
            for county, fen in sorted(counties.items())
            if fen
        ]

    def credit(self) -> None:
        """Into the risk fund of every county what stands there as paid in (ledger F01)."""
        found = FundEntry.objects.filter(kind="contribution", on__year=YEAR).order_by().values("county")
        paid = {row["county"]: int(row["fen"]) for row in found.annotate(fen=Sum("amount_fen"))}
        self._down(INTEREST, paid, "microcredit", "小额信贷风险补偿金", f"黔财农〔{YEAR}〕11号")

    def training(self) -> None:
        """To the school of every county what its courses cost (ledger F03)."""
        found = ProgrammeRecord.objects.filter(programme="training", year=YEAR, amount_fen__gt=0)
        paid: dict[str, int] = defaultdict(int)
        for village, fen in found.order_by("pk").values_list("village_code", "amount_fen"):
            paid[village[:6]] += fen
        self._down(
            DEVELOPMENT, paid, "training", projects.SCHOOL, f"黔财农〔{YEAR}〕12号", projects.training(paid, self._pack)
        )

    def _down(
        self,
        origin: OriginKey,
        paid: dict[str, int],
        purpose: str,
        unit: str,
        document: str,
        through: Mapping[str, Built] = MappingProxyType({}),
    ) -> None:
        """From the source over the province and the counties to one unit in each; ``through`` the project of the county."""
        transfers = [
            *self._from_source(origin, sum(paid.values()), purpose, document),
            *self._to_counties(origin, paid, purpose, document),
        ]
        for county, fen in sorted(paid.items()):
            if fen:
                payer = Party(HOLDER, county)
                if county in through:
                    pot = Party(PROJECT, county, through[county].project.number)
                    transfers.append(self._move(payer, pot, origin, fen, PAID, purpose, document))
                    payer = pot
                receiver = Party(PAYEE, county, unit)
                transfers.append(self._move(payer, receiver, origin, fen, PAID, purpose, document))
        self._order(document, transfers)

    def relocation(self) -> None:
        """To every household that moved what it was paid (ledger F05)."""
        purpose, document = "relocation", f"黔财农〔{YEAR}〕13号"
        found = ProgrammeRecord.objects.filter(programme="relocation", year=YEAR, amount_fen__gt=0).order_by("pk")
        moved = list(found.values_list("household_id", "village_code", "amount_fen"))
        counties: dict[str, int] = defaultdict(int)
        for _home, village, fen in moved:
            counties[village[:6]] += fen
        transfers = [
            *self._from_source(MOVING, sum(counties.values()), purpose, document),
            *self._to_counties(MOVING, counties, purpose, document),
        ]
        transfers += [
            self._move(
                Party(HOLDER, village[:6]), Party(PAYEE, village, "", home), MOVING, fen, PAID, purpose, document
            )
            for home, village, fen in moved
        ]
        order = self._order(document, transfers)
        if order is not None and payments.due_counts(order.pk)[Channel.CARD]:
            self._bank(order)

    def _bank(self, order: Order) -> None:
        """What was paid to those who moved goes to the bank; of the first payments it says that they arrived, but for one."""
        try:
            file = paying.make(order_id=order.pk, channel=Channel.CARD, by=self._payer, pack=self._pack).file
        except refusals.PaymentsNone:
            return  # a very small province, where nobody who moved has an account
        answered = list(payments.payments(file.pk)[:ANSWERED])
        rows = [
            (one.transfer_id, money.format_yuan(one.amount_fen), "已付", ANSWERED_ON, "", file.digest)
            for one in answered[:-1]
        ]
        last = answered[-1]
        rows.append(
            (last.transfer_id, money.format_yuan(last.amount_fen), "退回", ANSWERED_ON, "账户已销户", file.digest)
        )
        head = [field.zh for field in self._pack.form("payment_results").sheets[0].fields]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "银行付款结果.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([head, *rows])
            sent = lists.stage(file=path, name=path.name, kind="payment_results", by=self._payer, pack=self._pack)
        lists.accept(list_id=sent.pk, by=self._by, pack=self._pack)

    def pairings(self, scale: float) -> None:
        """What paired cities and the enterprise gave, and what was put together in townships (ledger A03, A06, A10-A13)."""
        came = list(
            pairings.arrived(Scope((PROVINCE,))).filter(form="money", amount_fen__gt=0).select_related("pairing")
        )
        of_kind: dict[str, list[Arrival]] = defaultdict(list)
        for one in came:
            of_kind[one.pairing.kind].append(one)
        self._given(of_kind["city"], "city", None)
        self._given(of_kind["private"], "enterprise", scaled(PRIVATE_FEN, scale))
        for source, origin in (("fiscal", DEVELOPMENT), ("department", DEPARTMENTS)):
            self._together(origin, [one for one in of_kind["group"] if one.source == source])
        self._built([one for one in of_kind["group"] if one.source == "fiscal" and len(one.area_code) >= TOWNSHIP])

    def _given(self, came: Sequence[Arrival], source: str, promised: int | None) -> None:
        """By each giver to the place that it is paired with; what was promised beyond what came stays with its source."""
        by_place: dict[str, list[Arrival]] = defaultdict(list)
        for one in came:
            by_place[one.area_code].append(one)
        transfers = []
        for place, ones in sorted(by_place.items()):
            giver = CITIES.get(place, "整县帮扶民营企业")
            origin = OriginKey(source, "assistance", YEAR, place, giver)
            whole = promised if promised is not None else sum(one.amount_fen for one in ones)
            transfers += self._from_source(origin, whole, "assistance", f"{giver}帮扶协议", drawn=False)
            transfers += [
                self._move(
                    Party(SOURCE, place),
                    Party(HOLDER, place),
                    origin,
                    one.amount_fen,
                    one.on,
                    "assistance",
                    one.voucher,
                )
                for one in ones
            ]
        self._order("对口和社会帮扶资金", transfers)

    def _together(self, origin: OriginKey, came: Sequence[Arrival]) -> None:
        """Into townships over their counties, on the days on which it came."""
        purpose, document = "concentrated", f"黔扶领〔{YEAR}〕3号"
        transfers = self._from_source(origin, sum(one.amount_fen for one in came), purpose, document)
        for one in came:
            county, township = Party(HOLDER, one.area_code[:6]), Party(HOLDER, one.area_code[:9])
            said = (origin, one.amount_fen, one.on, purpose, one.voucher)
            transfers += [self._move(Party(HOLDER, PROVINCE), county, *said), self._move(county, township, *said)]
        self._order(f"集团帮扶集中投入·{origin.giver or '财政'}", transfers)

    def _built(self, came: Sequence[Arrival]) -> None:
        """From the money put together in townships into their projects, as far as these are approved, and on to who is paid."""
        money: dict[str, int] = defaultdict(int)
        for one in came:
            money[one.area_code[:TOWNSHIP]] += one.amount_fen
        document = f"报账凭证〔{YEAR}〕"
        transfers = []
        for built in projects.townships(money, self._pack):
            chosen = built.project
            if chosen.approved_fen is None:
                continue
            pot, place = Party(PROJECT, chosen.place_code, chosen.number), chosen.place_code
            said = (BUILT, chosen.kind, document)
            transfers.append(self._move(Party(HOLDER, place), pot, DEVELOPMENT, chosen.approved_fen, *said))
            if built.unit_fen:
                unit = Party(PAYEE, place, chosen.contractor or chosen.implementer)
                transfers.append(self._move(pot, unit, DEVELOPMENT, built.unit_fen, *said))
            villages = dict(Household.objects.filter(pk__in=built.homes).values_list("pk", "village_code"))
            transfers += [
                self._move(pot, Party(PAYEE, villages[home], "", home), DEVELOPMENT, fen, *said)
                for home, fen in sorted(built.homes.items())
            ]
        self._order("集中投入项目", transfers)

    def farming(self, scale: float) -> None:
        """Shared out to the counties by factors, from the snapshot of the year before (ledger I01)."""
        fen, document = scaled(FARMING_FEN, scale), f"黔财农〔{YEAR}〕20号"
        self._order(document, self._from_source(DEVELOPMENT, fen, "mountain_farming", document))
        counties = [county.code for county in reference.counties()]
        reported = [
            Reported(county, YEAR - 1, factor, Decimal(least + place * 37 % spread), "演示数据（虚构）")
            for place, county in enumerate(counties)
            for factor, least, spread in (("fiscal", MADE_UP_STRENGTH, 1_800), ("performance", MADE_UP_POINTS, 30))
        ]
        allocating.report(values=reported, by=self._by)
        pot = Account.objects.get(
            kind=HOLDER, area_code=PROVINCE, origin__source="central", origin__type="development", origin__year=YEAR
        )
        wish = Wish(
            account=pot.pk,
            fen=fen,
            purpose="mountain_farming",
            document=document,
            goal="发展山地特色农业，带动贫困户增收",
            rights="项目由县级审批，资金由县级管理，责任由县级承担",
            task_people=scaled(1_300_000, scale),
            on=dt.date(YEAR, 4, 20),
        )
        snapshot = snapshots.latest(settings.JIEFA_HOME, YEAR - 1)
        made = allocating.propose(wish=wish, snapshot=snapshot, by=self._by, pack=self._pack)
        orders.confirm(order_id=made.order_id, by=self._payer, pack=self._pack)

    def waiting(self) -> None:
        """A transfer of a county that nobody has confirmed yet."""
        by = holder("wang", [(Role.COUNTY_OFFICER, WAITING_COUNTY)])
        document = "正扶〔2015〕31号"
        county, unit = Party(HOLDER, WAITING_COUNTY), Party(PAYEE, WAITING_COUNTY, "茶叶专业合作社")
        transfer = self._move(
            county, unit, DEVELOPMENT, WAITING_FEN, dt.date(YEAR, 12, 30), "mountain_farming", document
        )
        orders.propose(kind=OrderKind.TYPED, title=document, rows=rules.table([transfer]), by=by, pack=self._pack)
