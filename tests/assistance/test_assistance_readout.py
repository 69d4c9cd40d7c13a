"""Help in snapshots: every row is what a plain walk over the records says, on the day of the snapshot and no later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from django.utils import timezone
from tests.assistance import help_lists as given
from tests.assistance.conftest import FAMILIES, found
from tests.procedures.people import COUNTY, VILLAGE, People
from tests.reference import help as plain
from tests.reference.quality import Card

from jiefa import policy, snapshots
from jiefa.access.rules import Scope
from jiefa.assistance.models import (
    BenefitLink,
    BenefitPaid,
    FundEntry,
    HouseholdPlan,
    IndustryBody,
    IndustryYear,
    Loan,
    Measure,
    ProgrammeRecord,
    Repayment,
)
from jiefa.assistance.queries import credit as credit_queries
from jiefa.assistance.rules import credit, tables
from jiefa.casework import actions as casework
from jiefa.insight.actions import figures as insight
from jiefa.insight.queries import behind, figures
from jiefa.policy import Pack
from jiefa.registry.models import Household, HouseholdYear
from jiefa.responsibility.models import Cadre, Helper, Organisation, Visit
from jiefa.snapshots import Snapshot

YEAR, ON = 2015, dt.date(2015, 12, 31)
DAYS = tuple(
    dt.date(year, month, day) for year in (2013, 2014, 2015, 2016) for month, day in ((1, 1), (6, 15), (12, 31))
)
Freeze = Callable[[], Snapshot]


@pytest.fixture
def village(transactional_db: None, tmp_path: Path) -> dict[str, Household]:
    return found(tmp_path)


@pytest.fixture
def cadre(village: dict[str, Household]) -> Cadre:
    office = Organisation.objects.create(name="县扶贫办", kind="county", area_code=COUNTY)
    return Cadre.objects.create(
        number="1", name="王五", organisation=office, rank="section", area_code=COUNTY, from_date=DAYS[0]
    )


@pytest.fixture
def freeze(pack: Pack) -> Freeze:
    def made() -> Snapshot:
        return casework.freeze(year=YEAR, now=False, pack=pack, by="tests")

    return made


def _draw(random: Random, homes: list[Household], cadre: Cadre, pack: Pack) -> None:
    """Help of every kind at random days, before, in and after the year, right and withdrawn."""
    now = timezone.now()
    bodies = _bodies(random)
    for home in homes:
        for body in bodies:
            _link(random, home, body)
        began, ended, again = sorted(random.sample(DAYS, 3))
        Helper.objects.create(
            household=home, cadre=cadre, village_code=VILLAGE, from_date=began, to_date=ended, by="x", ended_by="x"
        )
        if random.random() < 0.5:
            Helper.objects.create(household=home, cadre=cadre, village_code=VILLAGE, from_date=again, by="x")
        for _time in range(6):
            _visit(random, home, cadre)
        for version in range(1, random.randrange(1, 4)):
            _plan(random, home, version)
        for _time in range(random.randrange(4)):
            _loan(random, home)
        for number in range(12):
            _case(random, home, number, pack)
    for kind, sign in (
        ("contribution", 1),
        ("contribution", 1),
        ("subsidy", -1),
        ("subsidy", -1),
        ("compensation", -1),
    ):
        amount = sign * random.randrange(1, 10**7)
        FundEntry.objects.create(county_id=COUNTY, kind=kind, on=random.choice(DAYS), amount_fen=amount, by="x", at=now)


def _visit(random: Random, home: Household, cadre: Cadre) -> None:
    facts = {"cadre": cadre, "household": home, "village_code": VILLAGE, "purpose": "care", "by": "x"}
    first = Visit.objects.create(on=random.choice(DAYS), found="好", at=timezone.now(), **facts)
    if random.random() < 0.4:
        void = random.random() < 0.5
        Visit.objects.create(
            on=random.choice(DAYS), found="改", at=timezone.now(), corrects=first, reason="错", void=void, **facts
        )


def _plan(random: Random, home: Household, version: int) -> None:
    latest = not HouseholdPlan.objects.filter(household=home, year=YEAR, state="signed").exists()
    plan = HouseholdPlan.objects.create(
        household=home,
        village_code=VILLAGE,
        year=YEAR,
        version=version,
        state="signed" if latest else "replaced",
        signed_on=random.choice(DAYS[6:]),
        by="x",
        at=timezone.now(),
    )
    for _time in range(random.randrange(4)):
        delivered = random.choice((None, *DAYS[6:]))
        Measure.objects.create(
            plan=plan,
            village_code=VILLAGE,
            kind="credit",
            responsible="王五",
            planned_on=random.choice(DAYS),
            planned_fen=random.choice((None, 100, 70_000)),
            delivered_on=delivered,
            delivered_fen=None if delivered is None else random.choice((None, 5, 60_000)),
        )


def _loan(random: Random, home: Household) -> None:
    amount = random.randrange(10_000, 5_000_000)
    began, ends = sorted(random.sample(DAYS, 2))
    paid = [random.randrange(amount // 3) for _time in range(random.randrange(3))]
    loan = Loan.objects.create(
        household=home,
        borrower=home.people.order_by("pk")[0],
        village_code=VILLAGE,
        platform="rural_credit",
        use="breeding",
        amount_fen=amount,
        balance_fen=amount - sum(paid),
        months=12,
        rate_percent=Decimal("4.35"),
        from_on=began,
        to_on=ends,
        by="x",
        at=timezone.now(),
    )
    for number, fen in enumerate(paid):
        Repayment.objects.create(
            loan=loan,
            on=random.choice(DAYS),
            principal_fen=fen,
            interest_fen=number,
            time=number + 1,
            by="x",
            at=timezone.now(),
        )


def _case(random: Random, home: Household, number: int, pack: Pack) -> None:
    programme = random.choice(list(pack.programmes.values()))
    own = {name: random.choice(DAYS).isoformat() for name in tables.days_of(programme) if random.random() < 0.7}
    ProgrammeRecord.objects.create(
        programme=programme.id,
        household=home,
        village_code=VILLAGE,
        year=random.choice((2013, 2014, 2015, 2016)),
        identity=f"h{home.pk}/{number}",
        own=own,
        traced_on=random.choice((None, *DAYS)),
        amount_fen=random.randrange(10**6),
        people=random.randrange(5),
        off_list=random.random() < 0.2,
        by="x",
        at=timezone.now(),
    )


def _bodies(random: Random) -> list[IndustryBody]:
    """A park, what lies in it, and one that is linked to nobody; each reports of two years."""
    made: list[IndustryBody] = []
    for number, kind in enumerate(("park", "cooperative", "enterprise", "base")):
        body = IndustryBody.objects.create(
            number=f"N{number}",
            name="主体",
            kind=kind,
            village_code=VILLAGE,
            industry="tea",
            level="province" if kind == "enterprise" else "",
            park=made[0] if kind == "cooperative" else None,
            recognised_on=random.choice((None, *DAYS)),
            by="x",
            at=timezone.now(),
        )
        made.append(body)
        for year in (YEAR - 1, YEAR):
            IndustryYear.objects.create(
                body=body, year=year, invested_fen=random.choice((None, 100)), output_fen=7, by="x", at=timezone.now()
            )
    return made[1:3]


def _link(random: Random, home: Household, body: IndustryBody) -> None:
    for began in random.sample(DAYS, random.randrange(3)):
        ends = random.choice((None, *(day for day in DAYS if day >= began)))
        link = BenefitLink.objects.create(
            body=body,
            household=home,
            village_code=VILLAGE,
            way=random.choice(("land", "order")),
            from_on=began,
            to_on=ends,
            by="x",
            at=timezone.now(),
        )
        for day in random.sample(DAYS, 3):
            BenefitPaid.objects.create(link=link, on=day, fen=random.randrange(1, 10**6), by="x", at=timezone.now())


def _rows(snapshot: Snapshot, table: str) -> list[Card]:
    rows: list[Card] = pq.read_table(snapshot.part(table, COUNTY)).to_pylist()
    return rows


def _same(left: list[Card], right: list[Card]) -> None:
    assert len(left) == len(right)
    assert sorted(map(repr, left)) == sorted(map(repr, right))


@pytest.mark.parametrize("seed", range(3))
def test_every_row_is_what_a_walk_over_the_records_says(
    village: dict[str, Household], cadre: Cadre, pack: Pack, freeze: Freeze, seed: int
) -> None:
    _draw(Random(seed), list(village.values()), cadre, pack)

    snapshot = freeze()

    names = tables.days(pack)
    grace = credit.limits(pack.at(ON)).grace_days
    _same(_rows(snapshot, "help"), [plain.help_of(card, ON) for card in HouseholdYear.objects.filter(year=YEAR)])
    made = [loan for loan in Loan.objects.all() if loan.from_on <= ON]
    _same(_rows(snapshot, "loans"), [plain.loan_of(loan, YEAR, ON, grace) for loan in made])
    _same(_rows(snapshot, "links"), plain.links_of(YEAR, ON))
    _same(_rows(snapshot, "bodies"), plain.bodies_of(YEAR, ON))
    _same(_rows(snapshot, "funds"), [plain.fund_of(COUNTY, YEAR, ON)])
    told = [
        record
        for record in ProgrammeRecord.objects.filter(off_list=False, year__lte=YEAR)
        if record.year == YEAR or not pack.programmes[record.programme].whole
    ]
    _same(_rows(snapshot, "cases"), [plain.case_of(record, YEAR, ON, pack, names) for record in told])


def test_figures_follow_and_open_their_households(
    village: dict[str, Household], cadre: Cadre, pack: Pack, freeze: Freeze
) -> None:
    """A has a helper, a loan and an entry in the list of civil affairs; B has nothing."""
    Helper.objects.create(household=village["A"], cadre=cadre, village_code=VILLAGE, from_date=ON, by="x")
    _loan(Random(1), village["A"])
    loan = Loan.objects.get()

    snapshot = freeze()

    found = figures.read(snapshot, pack, [COUNTY, VILLAGE])
    assert found[COUNTY, "helper_share"].value == 50.0
    held = credit.limits(pack.at(ON))
    standing = credit_queries.standing(Scope((COUNTY,)), ON, held)
    assert found[COUNTY, "loans_lent_so_far"].numerator == loan.amount_fen == standing.lent_fen
    assert found[COUNTY, "fund_leverage"].value is None
    definition = figures.definition(pack, "helper_households")
    opened = behind.households_behind(snapshot, definition, pack, Scope((COUNTY,)))
    assert opened is not None
    assert opened.page(None, 10) == [village["A"].pk]
    fund = figures.definition(pack, "fund_paid_in")
    assert behind.households_behind(snapshot, fund, pack, Scope((COUNTY,))) is None


def test_help_that_came_after_the_snapshot_makes_it_old(
    village: dict[str, Household], people: People, pack: Pack, freeze: Freeze, tmp_path: Path
) -> None:
    first = freeze()
    assert casework.current(year=YEAR, pack=pack, by="tests").id == first.id
    assert snapshots.verify(first) == []

    row = ("A", "2015", "低保", "2", "2015-11-10", "300")
    header = ("户编号", "年度", "保障类别", "保障人数", "最近发放日期", "1月金额")
    given.taken(given.written(tmp_path, header, row), "guarantee", people, pack)
    second = casework.current(year=YEAR, pack=pack, by="tests")

    assert second.id != first.id
    assert [table.rows for table in (first.manifest.table("help"), second.manifest.table("help"))] == [
        len(FAMILIES)
    ] * 2
    assert (first.manifest.table("cases").rows, second.manifest.table("cases").rows) == (0, 1)
    assert figures.read(second, pack, [COUNTY])[COUNTY, "guaranteed_people"].value == 2


def test_another_province_s_programme_has_its_indicator_without_code(
    village: dict[str, Household], people: People, tmp_path: Path
) -> None:
    own_pack = policy.load(given.other_province(tmp_path))
    rows = (("A", "2015", "3000", "2015-06-30"), ("B", "2015", "500", ""))
    given.taken(given.written(tmp_path, given.SOLAR, *rows), "solar", people, own_pack)

    snapshot = casework.freeze(year=YEAR, now=False, pack=own_pack, by="tests")

    assert figures.read(snapshot, own_pack, [COUNTY])[COUNTY, "solar_money"].value == 3_000
    opened = behind.households_behind(snapshot, figures.definition(own_pack, "solar_money"), own_pack, Scope((COUNTY,)))
    assert opened is not None
    assert opened.page(None, 10) == [village["A"].pk]


def test_a_snapshot_without_help_is_read_and_says_what_it_lacks(
    village: dict[str, Household], pack: Pack, home: Path
) -> None:
    snapshot = insight.freeze(year=YEAR, now=False, pack=pack, by="tests", beside=lambda _year, _day, _counties: ())

    found = figures.read(snapshot, pack, [COUNTY])

    assert not snapshot.holds("help")
    assert found[COUNTY, "poor_households"].value == 2
    assert (COUNTY, "helper_share") not in found
    helpers = figures.definition(pack, "helper_households")
    assert behind.households_behind(snapshot, helpers, pack, Scope((COUNTY,))) is None
