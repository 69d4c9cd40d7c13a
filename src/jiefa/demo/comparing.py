"""Lists of other departments compared with the register of one county: of each, whom it really means is known here.

Most rows carry the right number. Those without one are found by name, birthday and village, of which some are wrong or missing; some are
of a namesake, some of people of whom the register knows nothing. A clerk has decided most doubtful pairs; some leads were visited and
reviewed, one was sent back, one waits for its second officer, the others wait for a visit.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from jiefa.access.queries import gate, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import queries as areas
from jiefa.casework import actions as casework
from jiefa.comparison.actions import course, load, pairs
from jiefa.comparison.models import Course, Pair, PairState
from jiefa.comparison.queries import candidates
from jiefa.demo import history, pending
from jiefa.identification.models import Settled
from jiefa.kernel.division_codes import Level
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Person
from jiefa.responsibility.models import Visit

COUNTY = pending.VILLAGE[:6]
LISTS = (
    ("vehicle", "公安局车辆管理所", "小型普通客车", "车辆登记名单"),
    ("insured", "人力资源和社会保障局", "企业职工养老保险参保", "职工参保名单"),
)
NAMED = 36
"""People of the register on each list, where there are so many."""
OF_THE_VILLAGE = 12
"""Of those on both lists, at most so many of the village of the demonstration's officers."""
NOT_ON_CARD, NOT_ON_LIST = 4, 6
"""Of the guarantee list: people whom the cards do not name, and about how many whom the list does not name."""
WITHOUT_NUMBER = 3
"""Every so many rows have no number."""


class Written(NamedTuple):
    """How a row without a number is written: the name as it is, the birthday so many days off, with the village."""

    name: bool
    days: int
    village: bool


NAMESAKE = Written(name=True, days=40, village=False)
"""Somebody else: of the same name, and nearly as old."""
WRITTEN = (
    Written(name=True, days=0, village=True),
    Written(name=True, days=9, village=True),
    Written(name=True, days=9, village=False),
    Written(name=False, days=0, village=False),
    Written(name=False, days=9, village=False),
    NAMESAKE,
)
STRANGERS = ("欧阳未", "司马无", "上官外", "诸葛远", "东方别", "独孤路")
COLUMNS = ("证件号码", "姓名", "出生日期", "行政村", "线索内容")

LEFT_WAITING = 3
"""Every so many doubtful pairs nobody has decided yet."""
LOOKED_INTO = 4
"""Every so many leads were looked into, where the household was visited after the list's day."""
Outcome = tuple[Settled, str, str]
OUTCOMES: tuple[Outcome, ...] = (
    (
        Settled.KEPT,
        "是儿子婚前借用本人身份证办的，一直由儿子在外使用。",
        "入户核实：由分户的儿子使用，家庭收入仍低于标准。",
    ),
    (Settled.WRONG, "不是我，村里有人和我同名。", "入户核实：名单上的证件号码不是本人的。"),
    (Settled.KEPT, "前年已经转给别人，还没有办手续。", "入户核实：有转让协议，家庭收入仍低于标准。"),
    (Settled.TRUE, "是自家的，去年开始跑运输。", "入户核实：有稳定经营收入，家庭人均纯收入超过标准。"),
    (Settled.KEPT, "只在厂里做了两个月，已经回来。", "入户核实：已停缴，家庭收入仍低于标准。"),
)
"""In turn: how the lead turned out, what the household says, what was found on the spot. All made up."""
MOST_TRUE = 1
"""So many removals are begun, outside of the village of the demonstration's officers."""
SENT_BACK = "没有说明家庭收入怎么算的，请再去一次。"


def compare(until: int, folder: Path, pack: Pack) -> None:
    """Both lists, as of the end of September of the last year; none where nobody is poor any more."""
    offices = history.offices_of((COUNTY,))
    people = _people()
    if not people:
        return
    folder.mkdir(parents=True, exist_ok=True)
    as_of = dt.date(until, 9, 30)
    for place, (kind, department, detail, title) in enumerate(LISTS):
        file = folder / f"{title}{until}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(_rows(people[place :: len(LISTS)], detail))
        source = load.Source(kind, department, as_of)
        load.load(file=file, name=file.name, source=source, by=offices.first(Level.COUNTY), pack=pack)
    _guarantee(as_of, folder / f"低保名单{until}.csv", offices, pack)
    _decide_pairs(offices, pack)
    _look_into(as_of, offices, pack)


def _guarantee(as_of: dt.date, file: Path, offices: history.Offices, pack: Pack) -> None:
    """The whole guarantee list of the county, but for some whom the cards name; and some whom the cards do not name."""
    named = candidates.claimed("guarantee", Scope((COUNTY,)))
    known = [one for one in named if one.id_sealed is not None and one.birth_date is not None]
    if not known:
        return
    strangers = gate(Person.objects.filter(id_sealed__isnull=False).exclude(birth_date=None), Scope((COUNTY,)))
    others = strangers.exclude(pk__in=[one.pk for one in named]).order_by("pk")[
        :: max(1, strangers.count() // NOT_ON_CARD)
    ]
    left_out = {one.pk for one in known[:: max(2, len(known) // NOT_ON_LIST)]}
    rows = [one for one in known if one.pk not in left_out] + list(others)[:NOT_ON_CARD]
    vault = Vault(settings.JIEFA_VAULT_KEY)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for one in rows:
            assert one.id_sealed is not None
            assert one.birth_date is not None
            writer.writerow((vault.open(bytes(one.id_sealed)), one.name, one.birth_date.isoformat(), "", "农村低保"))
    source = load.Source("guarantee", "民政局", as_of, COUNTY)
    load.load(file=file, name=file.name, source=source, by=offices.first(Level.COUNTY), pack=pack)


def _people() -> list[Person]:
    """Poor people of the county with a number and a birthday: some of the officers' village, the others from all over it."""
    poor = Person.objects.filter(household__poverty_status__in=IN_POVERTY, id_sealed__isnull=False)
    rows = gate(poor, Scope((COUNTY,))).exclude(birth_date=None).order_by("pk").values_list("pk", "village_code")
    keys = list(rows)
    chosen = [key for key, village in keys if village == pending.VILLAGE][:OF_THE_VILLAGE]
    others = [key for key, village in keys if village != pending.VILLAGE]
    wanted = NAMED * len(LISTS) - len(chosen)
    chosen += others[:: max(1, len(others) // wanted)][:wanted]
    return list(Person.objects.filter(pk__in=chosen).order_by("pk"))


def _rows(people: Sequence[Person], detail: str) -> Iterator[tuple[str, str, str, str, str]]:
    vault = Vault(settings.JIEFA_VAULT_KEY)
    names = areas.named(sorted({one.village_code for one in people}))
    for place, one in enumerate(people):
        assert one.birth_date is not None
        assert one.id_sealed is not None
        village = names.get(one.village_code, "")
        if place % WITHOUT_NUMBER != 1:
            yield vault.open(bytes(one.id_sealed)), one.name, one.birth_date.isoformat(), village, detail
            continue
        written = WRITTEN[place // WITHOUT_NUMBER % len(WRITTEN)]
        name = one.name if written.name else f"{one.name[:-1]}某"
        born = one.birth_date + dt.timedelta(days=written.days)
        yield "", name, born.isoformat(), village if written.village else "", detail
    for place, name in enumerate(STRANGERS):
        yield "", name, dt.date(1970 + place, 1 + place, 10).isoformat(), "", detail


def _decide_pairs(offices: history.Offices, pack: Pack) -> None:
    """Doubtful pairs as a clerk of the county sees them: a namesake is somebody else. Some are left for whoever opens the page."""
    for place, one in enumerate(Pair.objects.select_related("person").order_by("pk")):
        if place % LEFT_WAITING == LEFT_WAITING - 1:
            continue
        assert one.said_born is not None
        assert one.person.birth_date is not None
        namesake = (one.said_born - one.person.birth_date).days == NAMESAKE.days
        state = PairState.OTHER if namesake else PairState.SAME
        pairs.decide(pair_id=one.pk, state=state, by=offices.first(Level.COUNTY), pack=pack)


def _look_into(as_of: dt.date, offices: history.Offices, pack: Pack) -> None:
    """Some leads whose household was visited since the list's day: most reviewed by a second officer, the last but one sent back, the
    last still to be reviewed."""
    second = holder("demo-county-2", [(Role.COUNTY_OFFICER, COUNTY)])
    seen: list[tuple[Course, dt.date]] = []
    for one in list(Course.objects.select_related("lead").order_by("pk"))[::LOOKED_INTO]:
        visits = Visit.objects.filter(
            household=one.lead.household_id, on__gte=as_of, void=False, corrections__isnull=True
        )
        on = visits.order_by("on").values_list("on", flat=True).first()
        if on is not None:
            seen.append((one, on))
    begun = 0
    for place, (one, on) in enumerate(seen):
        found, heard, reason = OUTCOMES[place % len(OUTCOMES)]
        if found == Settled.TRUE:
            if begun == MOST_TRUE or one.lead.village_code == pending.VILLAGE:
                found, heard, reason = OUTCOMES[0]
            else:
                begun += 1
        course.find(
            course_id=one.pk, visited_on=on, heard=heard, found=found, reason=reason, by=offices.first(Level.VILLAGE)
        )
        if place == len(seen) - 1:
            return
        back = place == len(seen) - 2
        said = SENT_BACK if back else ""
        casework.review_lead(course=one, agree=not back, reason=said, by=second, on=on, pack=pack)
