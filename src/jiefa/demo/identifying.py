"""How the demonstration found its poor: quotas of the first years, the look-back of 2015, scores of some villages, a few leads.

All of it says something about households and changes none: no status, no card, no total.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from django.db.models import Max, Sum

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.demo import applying, history, pending, reference
from jiefa.demo.history import Outcomes
from jiefa.demo.manifest import RosterPart
from jiefa.identification import queries
from jiefa.identification.actions import leads, lookback, quotas, scores
from jiefa.identification.actions.lookback import Visited
from jiefa.identification.actions.quotas import Split
from jiefa.identification.models import Found, Settled
from jiefa.identification.rules.looks import facts, score
from jiefa.kernel.division_codes import Level
from jiefa.policy import Option, Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear
from jiefa.registry.queries import households

PROVINCE = "52"
COUNTY = pending.VILLAGE[:6]
QUOTA_YEARS = (2013, 2014)
"""The baseline, allotted in 2014 on the numbers of the end of 2013, and the year after."""
LOOK_BACK_YEAR = 2015
PROGRESS = (0.72, 1.0, 0.55, 0.88, 0.4, 0.95, 0.8)
"""Share of its list that a county had visited by the end of 2015, in turn (made up)."""
AT_ONCE = 900
VILLAGES_SCORED = 30
AGAINST = 9
"""Every so many households the answers on the spot speak against the register."""


def allot(until: int) -> None:
    """Quotas that are exactly the registered poor of each level, split by the officers of each; in the last year with a few
    places more, in the village in which more apply than that."""
    offices = history.offices_of(tuple(county.code for county in reference.counties()))
    for year in sorted({*(year for year in QUOTA_YEARS if year <= until), until}):
        poor = HouseholdYear.objects.filter(year=year, poverty_status__in=IN_POVERTY)
        by_village = dict(
            poor.values("village_code").annotate(people=Sum("size")).values_list("village_code", "people")
        )
        if year == until:
            by_village[applying.VILLAGE] = by_village.get(applying.VILLAGE, 0) + applying.ROOM
        people: Counter[str] = Counter()
        for village, count in by_village.items():
            people.update({village[:digits]: count for digits in (2, 4, 6, 9, 12)})
        quotas.set_total(code=PROVINCE, year=year, people=people[PROVINCE], by=offices.first(Level.PROVINCE))
        for level, digits in ((Level.PROVINCE, 2), (Level.PREFECTURE, 4), (Level.COUNTY, 6), (Level.TOWNSHIP, 9)):
            codes = sorted(code for code, count in people.items() if len(code) == digits and count)
            parts: dict[str, dict[str, int]] = {code: {} for code in codes}
            for child in areas.children_of(codes).values_list("code", flat=True):
                parts[child[:digits]][child] = people[child]
            splits = [Split(code, own) for code, own in parts.items()]
            quotas.split_many(splits=splits, year=year, by=offices.first(level))


def look_back(part: RosterPart, outcomes: Outcomes, until: int) -> None:
    """A campaign in every county, begun before the year decides anything: most confirmed, some otherwise, who was missed applies.

    By the end of 2015 the visits have come so far as they have, differently in every county; a year later they are done.
    """
    if part.year != LOOK_BACK_YEAR:
        return
    offices = history.offices_of(part.counties)
    county, village, on = offices.first(Level.COUNTY), offices.first(Level.VILLAGE), dt.date(2015, 8, 18)
    names = areas.named(list(part.counties))
    missed = _missed(outcomes, part.year)
    poor = HouseholdYear.objects.filter(year=part.year, poverty_status__in=IN_POVERTY)
    # At a small scale a county of a city has nobody to look back at.
    with_poor = {village[:6] for village in poor.values_list("village_code", flat=True).distinct()}
    for place, code in enumerate(code for code in part.counties if code in with_poor):
        campaign = lookback.begin(
            title=f"{names[code]}2015年“回头看”",
            area=code,
            year=part.year,
            begins=dt.date(2015, 8, 10),
            ends=dt.date(2016, 6, 30),
            by=county,
        )
        listed = list(campaign.list.order_by("village_code", "pk").values_list("household_id", flat=True))
        reached = 1.0 if until > LOOK_BACK_YEAR else PROGRESS[place % len(PROGRESS)]
        visited = [_visited(key, place) for place, key in enumerate(listed[: ceil(len(listed) * reached)])]
        visited += [Visited(key, Found.MISSED, "符合条件未纳入，已告知申请") for key in missed[code]]
        lookback.find_many(campaign=campaign, visited=visited, on=on, by=village)


def _visited(household: int, place: int) -> Visited:
    """What the visit of the household at this place of the list found."""
    if place % 61 == 60:
        return Visited(household, Found.WRONGLY_IN, "家中有经营用车，待核实")
    if place % 47 == 46:
        return Visited(household, Found.GONE, "整户外迁，无法联系")
    if place % 13 == 12:
        return Visited(household, Found.CHANGED, "家庭成员或收入有变化，已更正卡片")
    return Visited(household, Found.CONFIRMED)


def _missed(outcomes: Outcomes, year: int) -> dict[str, list[int]]:
    """By county, the households that were missed and will apply in the year."""
    keys = households.keys_by_number(outcomes.entering).values()
    found: dict[str, list[int]] = defaultdict(list)
    for key, village in _villages_of(sorted(keys), year):
        found[village[:6]].append(key)
    return found


def _villages_of(keys: Sequence[int], year: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for first in range(0, len(keys), AT_ONCE):
        cards = HouseholdYear.objects.filter(household__in=keys[first : first + AT_ONCE], year=year)
        found += cards.order_by("household_id").values_list("household_id", "village_code")
    return found


def score_villages(until: int, pack: Pack) -> None:
    """The households of a sample of villages, scored from their cards and from answers on the spot."""
    if until < min(version.from_date.year for version in pack.scorecards[scores.SCORECARD]):
        return
    offices = history.offices_of(tuple(county.code for county in reference.counties()))
    cards = HouseholdYear.objects.filter(year=until).order_by("village_code")
    villages = list(cards.values_list("village_code", flat=True).distinct())
    chosen = {pending.VILLAGE, *villages[:: max(1, len(villages) // VILLAGES_SCORED)]}
    keys = list(cards.filter(village_code__in=chosen).values_list("household_id", flat=True))
    asked = _answers(keys, until, pack)
    scores.score(household_ids=keys, year=until, asked=asked, by=offices.first(Level.VILLAGE), pack=pack)


def _answers(keys: Sequence[int], year: int, pack: Pack) -> dict[int, dict[str, str]]:
    """What was answered on the spot: fitting the status, but for every ``AGAINST``th household, whose every answer speaks against it."""
    card = pack.at(dt.date(year, 12, 31)).scorecard(scores.SCORECARD)
    found: dict[int, dict[str, str]] = {}
    for place, (key, carded) in enumerate(sorted(queries.facts_of(keys, year).items())):
        against = place % AGAINST == AGAINST - 1
        best = (carded.status in IN_POVERTY) == against
        answers = score(card, facts(carded.facts), {}).answers
        found[key] = {
            f"{answer.look}.{answer.item.id}": _one(answer.item.options, best, place).id
            for answer in answers
            if against or answer.option is None
        }
    return found


def _one(options: Sequence[Option], best: bool, place: int) -> Option:
    """The best or the worst option, or now and then its neighbour."""
    ordered = sorted(options, key=lambda option: option.points, reverse=best)
    return ordered[1 if place % 4 == 3 and len(ordered) > 1 else 0]


LEADS = (
    ("vehicle", "小型普通客车，登记日期 2015-03"),
    ("house", "县城商品房一套，备案日期 2014-11"),
    ("company", "个体工商户经营者"),
    ("payroll", "村委会成员领取补贴"),
    ("vehicle", "轻型货车，登记日期 2013-06"),
    ("machinery", "联合收割机一台"),
    ("died", "死亡注销日期 2015-07"),
    ("deposit", "存款大额变动"),
)
SETTLED = (
    (Settled.KEPT, "入户核实：三轮货车作经营用，价值不足万元，收入仍低于标准"),
    (Settled.WRONG, "同名同姓，证件号码不符"),
    (Settled.KEPT, "入户核实：小卖部年收入不足三千元"),
)
"""How the first of the leads turned out; the others are still to be looked into."""


def load_leads(until: int, pack: Pack) -> None:
    """A small list of other offices, loaded by the county; some leads settled, none of them a verdict."""
    offices = history.offices_of((COUNTY,))
    poor = gate(HouseholdYear.objects.filter(year__lte=until, poverty_status__in=IN_POVERTY), Scope((COUNTY,)))
    # At the end of 2020 nobody is poor: then the list of the year before is the last one.
    year = poor.aggregate(last=Max("year"))["last"]
    poor = poor.filter(year=year)
    # The village of the demonstration's officers first, so that they find some.
    rows = poor.order_by("village_code", "household_id").values_list("village_code", "household__number")
    numbers = [number for _, number in sorted(rows, key=lambda row: row[0] != pending.VILLAGE)][: len(LEADS)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"部门比对线索{year}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["户编号", "线索类型", "线索内容", "数据日期"])
            for number, (kind, detail) in zip(numbers, LEADS, strict=False):
                label = pack.codes("lead_kind").label(kind, "zh")
                writer.writerow([number, label, detail, dt.date(year, 9, 30).isoformat()])
        loaded = leads.load(file=file, name=file.name, by=offices.first(Level.COUNTY), pack=pack)
    made = loaded.list.leads.order_by("pk").values_list("pk", flat=True)[: len(SETTLED)]
    for key, (settled, reason) in zip(made, SETTLED, strict=False):
        casework.settle_lead(
            lead_id=key,
            settled=settled,
            reason=reason,
            by=offices.first(Level.VILLAGE),
            on=dt.date(year, 10, 20),
            pack=pack,
        )
