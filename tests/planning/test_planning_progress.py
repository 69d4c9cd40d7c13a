"""Progress by month: what ought to be, behind, foretold; counted by place and month from rows; confirmed from below and locked."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.planning import promised as given
from tests.planning.promised import LI, PACK, SUN, TOWNSHIP, WANG, ZHAO
from tests.site import county

from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import queries as areas
from jiefa.assistance.models import Loan, ProgrammeRecord
from jiefa.audit.models import Entry
from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.planning.actions import confirming
from jiefa.planning.models import Confirmation
from jiefa.planning.queries import confirming as confirmed
from jiefa.planning.queries import done, progress
from jiefa.planning.rules import forecast, refusals
from jiefa.procedures.models import Dossier

COUNTY, VILLAGE = county.COUNTY, county.VILLAGE
OTHER_VILLAGE = f"{VILLAGE[:9]}299"
ORDER = PACK.codes("planning_metric").ids
LATE = [0] * 10 + [60, 40]
NOW = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)


def standing(code: str, year: int = 2015, month: int = 12) -> progress.Standing:
    return progress.standing(areas.division(code), year, month, ORDER)


def test_without_history_a_target_ought_to_be_done_as_the_year_passes() -> None:
    assert [forecast.ought(100, month, []) for month in (1, 6, 11, 12)] == [8, 50, 91, 100]
    assert forecast.behind(100, 40, 6, []) == 10
    assert forecast.behind(100, 60, 6, []) == 0


def test_with_history_it_ought_to_be_done_when_such_work_is_done() -> None:
    assert [forecast.ought(50, month, [LATE]) for month in (10, 11, 12)] == [0, 30, 50]
    assert forecast.behind(50, 20, 11, [LATE]) == 10
    assert forecast.ought(100, 6, [[19] + [0] * 11]) == 50  # so few say nothing


def test_the_year_is_foretold_by_its_season_with_the_range_of_the_years_before() -> None:
    earlier = [0] * 9 + [50, 30, 20]
    months = [0] * 9 + [10, 12] + [0]

    found = forecast.forecast(months, 11, [LATE, earlier])

    # 60 of 100 and 80 of 100 had been done by November: 140 of 200 together.
    assert forecast.share_by([LATE, earlier], 11) == Fraction(140, 200)
    assert (found.method, found.expected, found.least, found.most) == (
        "season",
        round(22 / 0.7),
        round(22 / 0.8),
        round(22 / 0.6),
    )


@pytest.mark.parametrize(
    ("months", "month", "history", "expected"),
    [
        ([3, 3, 3] + [0] * 9, 3, [], ("line", 36, 36, 36)),
        ([1, 2, 6] + [0] * 9, 3, [], ("line", 36, 18, 63)),
        ([5, 5] + [0] * 10, 2, [], ("few_months", None, None, None)),
        ([0] * 12, 10, [LATE], ("nothing_yet", None, None, None)),
        ([1] * 12, 12, [LATE], ("over", 12, 12, 12)),
        ([1, 1, 1] + [9] * 9, 3, [], ("line", 12, 12, 12)),  # what is not over does not count
    ],
)
def test_how_the_year_is_foretold(
    months: list[int], month: int, history: list[list[int]], expected: tuple[str, int | None, int | None, int | None]
) -> None:
    found = forecast.forecast(months, month, history)

    assert (found.method, found.expected, found.least, found.most) == expected


@pytest.mark.usefixtures("small_county")
def test_every_metric_is_counted_by_its_rows_and_month() -> None:
    given.left("A", dt.date(2015, 11, 20))
    given.left("C", dt.date(2016, 1, 3), year=2015)  # decided in January for the year before: its December
    given.left("E", dt.date(2016, 3, 3))
    for number, (programme, traced) in enumerate(
        [
            ("relocation", dt.date(2015, 7, 1)),
            ("relocation", None),
            ("training", dt.date(2015, 3, 1)),
            ("guarantee", dt.date(2015, 2, 1)),
        ]
    ):
        ProgrammeRecord.objects.create(
            programme=programme, household=county.household("B"), village_code=VILLAGE, year=2015, identity=f"{number}",
            own={}, traced_on=traced, people=2, by="x", at=NOW,
        )  # fmt: skip
    for day in (dt.date(2015, 4, 1), dt.date(2015, 8, 1), dt.date(2016, 1, 1)):
        Loan.objects.create(
            borrower=county.household("A").people.all()[0], household=county.household("A"), village_code=VILLAGE, platform="x",
            use="x", amount_fen=1, balance_fen=1, months=12, rate_percent=1, from_on=day, to_on=day, by="x", at=NOW,
        )  # fmt: skip
    for procedure, place in (("village_exit", VILLAGE), ("township_delisting", TOWNSHIP), ("county_delisting", COUNTY)):
        Dossier.objects.create(
            procedure=procedure, in_force_from=NOW.date(), subject=place, place_code=place, title="x", year=2015, step="x",
            outcome="approved", opened_at=NOW, opened_by="x", opened_on=NOW.date(), closed_on=dt.date(2015, 10, 15),
        )  # fmt: skip

    found = done.by_month(Scope((COUNTY,)), [2015, 2016], 6, done.COUNTED)

    def in_months(metric: str, year: int = 2015) -> dict[int, int]:
        return {month: count for month, count in enumerate(done.months(found, COUNTY, metric, year), 1) if count}

    assert in_months("people") == {11: 4, 12: 2}
    assert in_months("households") == {11: 1, 12: 1}
    assert in_months("people", 2016) == {3: 2}
    assert (in_months("moved"), in_months("trained"), in_months("guaranteed")) == ({7: 2}, {3: 2}, {2: 2})
    assert (in_months("lent"), in_months("lent", 2016)) == ({4: 1}, {1: 1})
    assert (in_months("villages"), in_months("townships"), in_months("counties")) == ({10: 1}, {10: 1}, {10: 1})
    of_villages = done.by_month(Scope((COUNTY,)), [2015], 12, done.COUNTED)
    assert {metric for place, metric, _year in of_villages if place == VILLAGE} >= {"people", "villages", "lent"}
    assert not {metric for _place, metric, _year in of_villages} & {"townships", "counties"}


@pytest.mark.usefixtures("small_county")
def test_sums_by_month_are_those_of_the_rows_one_by_one() -> None:
    for number, month in (("A", 2), ("B", 2), ("C", 9), ("E", 9), ("F", 9)):
        given.left(number, dt.date(2015, month, 1))

    for digits in (2, 4, 6, 9, 12):
        slow: dict[tuple[str, int], int] = {}
        for one in done.exits(Scope(("52",)), [2015]):
            key = one.village_code[:digits], one.on.month
            slow[key] = slow.get(key, 0) - one.people
        fast = done.by_month(Scope(("52",)), [2015], digits, ["people"])
        assert {
            (place, month): count
            for (place, _metric, _year), months in fast.items()
            for month, count in enumerate(months, 1)
            if count
        } == slow


@pytest.mark.usefixtures("small_county")
def test_places_below_are_behind_by_their_own_target_and_say_why() -> None:
    given.target(2015, 10)
    given.target(2015, 6, TOWNSHIP)
    given.target(2015, 2, county.NEXT_TOWNSHIP[:9])
    given.left("A", dt.date(2015, 2, 1))
    given.left("E", dt.date(2015, 2, 1))

    found = standing(COUNTY, month=9)
    rows = {place.division.code: place.rows["people"] for place in found.below}

    # Three quarters of the year have passed, and no earlier year says otherwise.
    assert (rows[TOWNSHIP].done, rows[TOWNSHIP].ought, rows[TOWNSHIP].behind) == (4, 4, 0)
    assert (found.own.rows["people"].done, found.own.rows["people"].ought, found.own.rows["people"].behind) == (6, 7, 1)
    assert found.behind == []
    late = standing(COUNTY, month=12)
    assert [(place.division.code, row.behind) for place, row in late.behind] == [(TOWNSHIP, 2)]
    confirming.explain(
        area_code=TOWNSHIP, year=2015, month=12, metric="people", reason="一户房屋未完工", by=SUN, pack=PACK
    )
    ((_, row),) = standing(COUNTY, month=12).behind
    assert row.reason is not None
    assert row.reason.reason == "一户房屋未完工"
    assert sum(done.months(done.by_month(Scope((COUNTY,)), [2014], 6, ["people"]), COUNTY, "people", 2014)) < 20


@pytest.mark.usefixtures("small_county")
def test_villages_advance_as_a_whole_in_the_month_in_which_the_last_work_is_accepted() -> None:
    given.works(VILLAGE, dt.date(2015, 6, 1), dt.date(2015, 11, 2), year=2015)
    given.works(OTHER_VILLAGE, dt.date(2016, 1, 9), year=2015)
    given.works(county.NEXT_TOWNSHIP, dt.date(2015, 5, 1), None, year=2015)
    given.works(VILLAGE, dt.date(2016, 3, 1), year=2016)

    def counted(code: str, year: int) -> list[int]:
        found = done.by_month(Scope((code,)), [year], len(code), [done.ADVANCED])
        return done.months(found, code, done.ADVANCED, year)

    assert counted(COUNTY, 2015) == [0] * 10 + [1, 1]  # what is accepted in January after it belongs to the year
    assert counted(VILLAGE, 2015) == [0] * 10 + [1, 0]
    assert counted(COUNTY, 2016) == [0, 0, 1] + [0] * 9
    assert done.total(COUNTY, 2015, [done.ADVANCED]) == {done.ADVANCED: 2}


@pytest.mark.usefixtures("small_county")
def test_a_metric_that_nothing_counts_has_no_number(uncounted: str) -> None:
    given.target(2015, 5, metric=uncounted)

    row = standing(COUNTY).own.rows[uncounted]

    assert (row.months, row.done, row.behind, row.share, row.forecast) == (None, None, None, None, None)


def confirm(code: str, by: Actor, month: int = 11, on: dt.date = dt.date(2016, 1, 5)) -> Confirmation:
    (made,) = confirming.confirm(area_codes=[code], year=2015, month=month, by=by, on=on)
    return made


def all_villages(township: str) -> tuple[list[str], Actor]:
    codes = [one.code for one in areas.children(township)]
    return codes, holder("villages", [(Role.VILLAGE_OFFICER, code) for code in codes])


@pytest.mark.usefixtures("small_county")
def test_a_township_confirms_only_after_all_its_villages() -> None:
    villages, by = all_villages(TOWNSHIP)
    given.left("A", dt.date(2015, 11, 20))
    confirming.confirm(
        area_codes=[code for code in villages if code != VILLAGE], year=2015, month=11, by=by, on=NOW.date()
    )

    with pytest.raises(refusals.NotAllConfirmed) as refused:
        confirm(TOWNSHIP, SUN)
    assert areas.division(VILLAGE).name in refused.value.message("zh")
    assert confirm(VILLAGE, LI).figures["people"] == 4
    assert confirm(TOWNSHIP, SUN).figures["people"] == 4

    found = standing(COUNTY, month=11)
    township = next(place for place in found.below if place.division.code == TOWNSHIP)
    assert (township.below, township.below_confirmed, township.settled(11)) == (len(villages), len(villages), False)
    assert found.own.below_confirmed == 1
    assert Entry.objects.filter(action="progress.confirmed", chain=COUNTY).count() == len(villages) + 1
    with pytest.raises(refusals.NotAllConfirmed):
        confirm(COUNTY, WANG)


@pytest.mark.usefixtures("small_county")
@pytest.mark.parametrize(
    ("code", "by", "why"),
    [
        (county.NEXT_TOWNSHIP, LI, NotAllowed),
        (county.NEXT_TOWNSHIP[:9], SUN, NotAllowed),
        (VILLAGE, SUN, refusals.NotYourPlace),
        (VILLAGE, WANG, refusals.NotYourPlace),
        (VILLAGE, given.HELPER, NotAllowed),
        (TOWNSHIP, ZHAO, refusals.NotYourPlace),
    ],
)
def test_nobody_confirms_for_another_place(code: str, by: Actor, why: type[JiefaError]) -> None:
    with pytest.raises(why):
        confirm(code, by)

    assert not Confirmation.objects.exists()


@pytest.mark.usefixtures("small_county")
def test_a_month_is_confirmed_once_and_only_when_it_is_over() -> None:
    with pytest.raises(refusals.MonthNotOver):
        confirm(VILLAGE, LI, on=dt.date(2015, 11, 30))
    made = confirm(VILLAGE, LI, on=dt.date(2015, 12, 1))
    with pytest.raises(refusals.MonthLocked):
        confirm(VILLAGE, LI)
    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.filter(pk=made.pk).update(figures={})


@pytest.mark.usefixtures("small_county")
def test_rows_that_change_later_stand_beside_what_was_confirmed() -> None:
    confirm(VILLAGE, LI)
    given.left("A", dt.date(2015, 11, 20))

    found = standing(VILLAGE, month=11)

    assert found.own.changed == {"people": (0, 4), "households": (0, 1)}
    assert found.own.confirmation is not None
    assert found.own.confirmation.figures["people"] == 0
    assert found.own.rows["people"].done == 4


@pytest.mark.usefixtures("small_county")
def test_only_a_place_above_unlocks_with_a_reason_and_from_the_top_down() -> None:
    villages, by = all_villages(TOWNSHIP)
    confirming.confirm(area_codes=villages, year=2015, month=11, by=by, on=NOW.date())
    confirm(TOWNSHIP, SUN)

    def unlock(code: str, who: Actor, reason: str = "漏报一户") -> None:
        confirming.unlock(area_code=code, year=2015, month=11, reason=reason, by=who)

    with pytest.raises(refusals.ConfirmedAbove):
        unlock(VILLAGE, SUN)
    with pytest.raises(refusals.NotYourPlace):
        unlock(TOWNSHIP, SUN)
    with pytest.raises(NotAllowed):
        unlock(TOWNSHIP, holder("x", [(Role.COUNTY_OFFICER, "520326")]))
    with pytest.raises(refusals.UnlockReason):
        unlock(TOWNSHIP, WANG, " ")
    unlock(TOWNSHIP, WANG)
    unlock(VILLAGE, SUN)
    with pytest.raises(refusals.NotConfirmed):
        unlock(VILLAGE, SUN)

    assert confirmed.of_month(VILLAGE, 2015, 11) is None
    assert confirm(VILLAGE, LI).pk > 0
    assert confirmed.of_month(VILLAGE, 2015, 11) is not None
    assert Entry.objects.filter(action="progress.unlocked").count() == 2


@pytest.mark.usefixtures("small_county")
def test_a_page_of_progress_asks_as_often_for_a_province_as_for_a_township() -> None:
    for code in ("52", "5203", COUNTY, TOWNSHIP):
        for metric in ("people", "moved", "lent", "villages"):
            given.target(2015, 5, code, metric=metric)
    counts = {}
    for code in ("52", "5203", COUNTY, TOWNSHIP):
        place = areas.division(code)
        with CaptureQueriesContext(connection) as asked:
            progress.standing(place, 2015, 12, ORDER)
        counts[code] = len(asked)

    # Children, targets, confirmations, reasons; five kinds of rows for the place, five for those below; of two levels down
    # how many there are and have confirmed. A township has no second level, but its county's years.
    assert counts == {"52": 16, "5203": 16, COUNTY: 16, TOWNSHIP: 19}
