"""Help in the demonstration's year 2015: loans, courses, moves, the guarantee, and what else reached households.

Every record enters by a list, as an office sends it; its totals are those published, scaled, and shared out to the last
fen, person and household. Who is helped is taken from the register as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from django.utils import timezone

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Scope
from jiefa.assistance.actions import parties, plans, repaying
from jiefa.assistance.rules.credit import ends_on
from jiefa.assistance.rules.plans import Promise
from jiefa.demo import history, moving, pending, reference
from jiefa.demo.answering import ANSWERS_FROM
from jiefa.demo.arrays import IntArray, share_out
from jiefa.demo.help_lists import LABOUR, YEAR, Cells, Home, Sender, homes_of, spread
from jiefa.demo.targets import scaled
from jiefa.identification.rules import measures
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household
from jiefa.responsibility.models import Helper
from jiefa.responsibility.queries.answering import helpers_of

FUND_YUAN, LOANS_YUAN = 216_000_000, 7_600_000_000
"""Ledger F01, F02."""
LOAN_YUAN = 40_000
"""What a loan is on the average (made up; the limit is 50,000)."""
RECENT = 20
"""For every so many loans of the year one is under way today, so that somebody can be late (made up)."""
LATE = 60
"""Every so many of these is late."""
GUARANTEED = ("dibao", "dibao_poor", "wubao", "wubao_poor")
PUPILS = {"vocational": "中职", "higher_voc": "高职高专"}


def help_households(scale: float, until: int, pack: Pack) -> None:
    """Everything of the year; nothing where the demonstration ends before it."""
    if until < YEAR:
        return
    counties = tuple(county.code for county in reference.counties())
    by = history.offices_of(counties).first(Level.COUNTY)
    room = _room(counties)
    _fill_funds(counties, room["poor"], scale, by)
    _lend(counties, room, scale, by, pack)
    _name_parties(by, pack)
    _subsidise(by, pack)
    moving.train(counties, room["trainee"], scale, by, pack)
    moving.relocate(counties, room["poor"], scale, by, pack)
    _guarantee(counties, by, pack)
    _others(counties, by, pack)
    _promise(pack)


def _room(counties: Sequence[str]) -> dict[str, IntArray]:
    """By county: poor households, those with a borrower, those with somebody to train."""
    counts: dict[str, list[int]] = defaultdict(list)
    for county in counties:
        homes = homes_of(county, *IN_POVERTY)
        counts["poor"].append(len(homes))
        counts["borrower"].append(sum(home.borrower(*_year()) is not None for home in homes))
        counts["trainee"].append(sum(home.trainee() is not None for home in homes))
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in counts.items()}


def _year() -> tuple[dt.date, dt.date]:
    return dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)


def _fill_funds(counties: Sequence[str], weights: IntArray, scale: float, by: Actor) -> None:
    shares = share_out(scaled(FUND_YUAN * 100, scale), weights)
    for county, fen in zip(counties, shares.tolist(), strict=True):
        if fen:
            on, source = dt.date(YEAR, 2, 10), f"{YEAR}年财政专项扶贫资金"
            repaying.pay_in(county=county, fen=fen, on=on, source=source, by=by)


LOANS = ("户编号", "借款人", "放贷机构", "贷款用途", "放款金额", "期限", "年利率", "放款日期")
REPAYMENTS = ("户编号", "借款人", "放款日期", "还款日期", "还本金额", "付息金额", "凭证号")
BANKS = ("农村信用社（农商行）", "农村信用社（农商行）", "邮政储蓄银行", "农业银行")
USES = ("种植", "养殖", "养殖", "加工", "商贸服务", "乡村旅游")
RATE = "4.75"


def _lend(counties: Sequence[str], room: dict[str, IntArray], scale: float, by: Actor, pack: Pack) -> None:
    """The loans of the year, all repaid in time; and a few under way today, of which some are late."""
    total = scaled(LOANS_YUAN, scale)
    count = min(-(-total // LOAN_YUAN), int(room["borrower"].sum()))
    amounts = iter(share_out(total, np.ones(count, dtype=np.int64)).tolist())
    loans = Sender("loans", LOANS, by, pack)
    paid = Sender("repayments", REPAYMENTS, by, pack)
    today = timezone.localdate()
    begun = today - dt.timedelta(days=410)
    recent: list[Cells] = []
    for county, share in zip(counties, share_out(count, room["borrower"]).tolist(), strict=True):
        homes = homes_of(county, *IN_POVERTY)
        able = [home for home in homes if home.borrower(*_year()) is not None]
        for place, home in enumerate(spread(able, share)):
            who, yuan = home.borrower(*_year()), next(amounts)
            assert who is not None
            months, on = (36, 24, 12)[place % 3], dt.date(YEAR, 1 + place % 11, 5 + place % 20)
            bank, use = BANKS[place % len(BANKS)], USES[place % len(USES)]
            loans.add(home.number, who.name, bank, use, yuan, months, RATE, on)
            interest = f"{yuan * months * 0.0475 / 12:.2f}"
            if (end := ends_on(on, months) - dt.timedelta(days=10)) < today:
                paid.add(home.number, who.name, on, end, yuan, interest, f"{county}{end:%Y%m%d}{place:04d}")
        recent += _under_way(homes, share, begun, today)
    loans.send()
    paid.send()
    now = Sender("loans", LOANS, by, pack)
    for row in recent:
        now.add(*row)
    now.send()


PARTIES = {
    "management": "县扶贫开发领导小组办公室",
    "borrowing": "县扶贫开发投资公司",
    "guarantee": "县农业信贷担保公司",
    "publicity": "县政府门户网站和村公示栏",
}
"""Who fills the roles of microcredit in the county of the demonstration's officers; the association is still to be named."""


def _name_parties(by: Actor, pack: Pack) -> None:
    for role, name in PARTIES.items():
        on = dt.date(YEAR, 1, 15)
        parties.name_party(county=pending.VILLAGE[:6], role=role, name=name, on=on, by=by, pack=pack)


def _subsidise(by: Actor, pack: Pack) -> None:
    """The interest that came in the quarter after the year, paid back in the county of the demonstration's officers.

    Elsewhere it waits: the year's interest (4.75 % of 7.6 billion) is more than the 216 million that the funds hold.
    """
    county, first, last = pending.VILLAGE[:6], dt.date(YEAR + 1, 1, 1), dt.date(YEAR + 1, 3, 31)
    repaying.subsidise(county=county, first=first, last=last, by=by, pack=pack)


def _under_way(homes: Sequence[Home], share: int, begun: dt.date, today: dt.date) -> Iterator[Cells]:
    """Loans of households that are poor today still; in the county of the demonstration's officers enough that one is late."""
    able = [home for home in homes if home.borrower(begun, today) is not None]
    able = _still_poor(able)
    count = min(share // RECENT, len(able))
    if homes and homes[0].village.startswith(pending.VILLAGE[:6]):
        count = min(LATE, len(able))
        able.sort(key=lambda home: home.village != pending.VILLAGE)
    for place, home in enumerate(spread(able, count)):
        who = home.borrower(begun, today)
        assert who is not None
        late = place % LATE == 0 and count >= LATE // 2
        months = 12 if late else 36
        yield home.number, who.name, BANKS[0], USES[place % len(USES)], 20_000, months, RATE, begun


def _still_poor(homes: Sequence[Home]) -> list[Home]:
    """Those who are on the register as poor now, whatever became of the others since."""
    counties = Scope.over(home.village[:6] for home in homes)
    still = set(gate(Household.objects.filter(poverty_status__in=IN_POVERTY), counties).values_list("pk", flat=True))
    return [home for home in homes if home.key in still]


GUARANTEE = (
    *("户编号", "年度", "保障类别", "保障人数", "纳入日期", "最近发放日期"),
    *(f"{month}月金额" for month in range(1, 13)),
)


def _guarantee(counties: Sequence[str], by: Actor, pack: Pack) -> None:
    """Civil affairs lists most whom the cards name, most of the two-without households, and a few who are not poor."""
    sent = Sender("guarantee", GUARANTEE, by, pack)

    def add(home: Home) -> None:
        tekun = home.household_class in ("wubao", "wubao_poor")
        people = max(1, home.size if home.size <= 3 else home.size - 1)
        yuan = (320 if tekun else 155) * people
        granted, paid = dt.date(YEAR - 1, 7, 1), dt.date(YEAR, 12, 10)
        sent.add(home.number, YEAR, "特困供养" if tekun else "农村低保", people, granted, paid, *([yuan] * 12))

    for county in counties:
        named = [home for home in homes_of(county, *IN_POVERTY) if _guaranteed(home)]
        for place, home in enumerate(named):
            if place % 11 != 10:
                add(home)
        for home in homes_of(county, "exited")[::60]:
            add(home)
    sent.send()


def _guaranteed(home: Home) -> bool:
    return home.household_class in GUARANTEED or home.kind == "two_none"


REPAIR = (
    "户编号",
    "年度",
    "危房等级",
    "改造方式",
    "改造面积",
    "补助金额",
    "批准日期",
    "开工日期",
    "验收日期",
    "发放日期",
)
AID = ("户编号", "姓名", "年度", "学期", "就读学段", "学校", "发放金额", "核定日期", "发放日期")
JOBS = ("户编号", "姓名", "年度", "就业地", "用工单位", "月工资", "交通补贴", "介绍日期", "上岗日期")
PLACES = {"province": "县外省内", "outside": "省外"}


def _others(counties: Sequence[str], by: Actor, pack: Pack) -> None:
    """Houses repaired, pupils paid, people at work outside (numbers made up)."""
    repairs, aid = Sender("house_repair", REPAIR, by, pack), Sender("school_aid", AID, by, pack)
    jobs = Sender("job_outside", JOBS, by, pack)
    for county in counties:
        homes = homes_of(county, *IN_POVERTY)
        for place, home in enumerate(home for home in homes if home.danger in ("C", "D")):
            if place % 3 == 0:
                done = ("2015-08-20", "2015-09-15") if place % 2 else ("", "")
                way, yuan = ("维修加固", 8_000) if home.danger == "C" else ("拆除重建", 22_300)
                repairs.add(home.number, YEAR, f"{home.danger}级", way, 60, yuan, "2015-03-10", "2015-04-20", *done)
        pupils = [(home, one) for home in homes for one in home.members if one.school in PUPILS]
        for place, (home, one) in enumerate(pupils):
            paid = "2015-10-28" if place % 8 != 7 else ""
            stage = PUPILS[one.school or ""]
            aid.add(home.number, one.name, YEAR, "秋季学期", stage, "职业学校", 1_500, "2015-09-20", paid)
        away = [(home, one) for home in homes for one in home.members if one.work_place in PLACES]
        for home, one in away[::10]:
            where = PLACES[one.work_place or ""]
            if one.labour in LABOUR:
                jobs.add(home.number, one.name, YEAR, where, "劳务公司", 2_600, 200, "2015-02-20", "2015-03-01")
    for sender in (repairs, aid, jobs):
        sender.send()


PROMISED = 40


def _promise(pack: Pack) -> None:
    """Plans of households of the demonstration's officers, their own village and township first: signed, and partly carried out."""
    offices = history.offices_of((pending.VILLAGE[:6],))
    by, policy = offices.first(Level.VILLAGE), pack.for_year(YEAR)
    homes = homes_of(pending.VILLAGE[:6], *IN_POVERTY)
    homes.sort(key=lambda home: (home.village != pending.VILLAGE, home.village[:9] != pending.VILLAGE[:9]))
    agreed = ANSWERS_FROM + dt.timedelta(days=9)
    helpers = helpers_of([home.key for home in homes[:PROMISED]], agreed)
    # Every fifth has no plan yet: its causes are on the list to act on.
    for home in [home for place, home in enumerate(homes[:PROMISED]) if place % 5 != 4]:
        suggested = measures.suggested(home.kind, list(home.causes), policy)
        promises = _promises(home.causes, suggested, helpers.get(home.key))
        if promises:
            plans.draw_up(household_id=home.key, year=YEAR, promises=promises, by=by, pack=pack)
            signed = plans.sign(household_id=home.key, year=YEAR, signed_by="户主", on=agreed, by=by)
            first = signed.measures.order_by("pk")[0]
            plans.deliver(measure_id=first.pk, on=dt.date(YEAR, 10, 12), result="已落实", by=by)


def _promises(causes: Iterable[str], suggested: Sequence[measures.Suggestion], helper: Helper | None) -> list[Promise]:
    """Of what is suggested, one measure for each cause, for which the household's helper answers."""
    wanted: dict[str, measures.Suggestion] = {}
    for one in suggested:
        for cause in one.causes:
            wanted.setdefault(cause, one)
    due = dt.date(YEAR, 11, 30)
    who, key = (helper.cadre.name, helper.cadre_id) if helper else ("村两委", None)
    return [Promise(wanted[cause].measure, who, due, cause=cause, cadre=key) for cause in causes if cause in wanted]
