"""Two lists of other departments compared with the register of one county: of each, whom it really means is known here.

Most rows carry the right number; some lack it and are found by name, birthday and village, some have a digit or a day wrong, and some
are people of whom the register knows nothing. One finding of a visit waits for its second officer.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.areas import queries as areas
from jiefa.comparison.actions import course, load
from jiefa.comparison.models import Course
from jiefa.demo import history
from jiefa.identification.models import Settled
from jiefa.kernel.division_codes import Level
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Person
from jiefa.responsibility.models import Visit

COUNTY = "520324"
LISTS = (
    ("vehicle", "公安局车辆管理所", "小型普通客车", "车辆登记名单"),
    ("insured", "人力资源和社会保障局", "企业职工养老保险参保", "职工参保名单"),
)
NAMED = 24
"""People of the register on each list, where there are so many."""
WITHOUT_NUMBER, WRONG_DAY = 4, 6
"""Every so many rows of them have no number; every so many of these another day of birth."""
STRANGERS = ("欧阳未", "司马无", "上官外", "诸葛远", "东方别", "独孤路")
COLUMNS = ("证件号码", "姓名", "出生日期", "行政村", "线索内容")
HEARD = "车是儿子婚前借用本人身份证登记的，一直由儿子在外使用。"
FOUND = "入户核实：车辆由分户的儿子使用，附交管信息，家庭收入仍低于标准。"


def compare(until: int, folder: Path, pack: Pack) -> None:
    """Both lists, as of the end of September of the last year in which somebody is poor there."""
    offices = history.offices_of((COUNTY,))
    by = offices.first(Level.COUNTY)
    people = list(
        gate(Person.objects.filter(household__poverty_status__in=IN_POVERTY, id_sealed__isnull=False), Scope((COUNTY,)))
        .exclude(birth_date=None)
        .order_by("pk")[: NAMED * len(LISTS)]
    )
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
        load.load(file=file, name=file.name, source=source, by=by, pack=pack)
    _look_into(offices)


def _rows(people: Sequence[Person], detail: str) -> Iterator[tuple[str, str, str, str, str]]:
    vault = Vault(settings.JIEFA_VAULT_KEY)
    names = areas.named(sorted({one.village_code for one in people}))
    for place, one in enumerate(people):
        assert one.birth_date is not None
        assert one.id_sealed is not None
        number = "" if place % WITHOUT_NUMBER == 1 else vault.open(bytes(one.id_sealed))
        born = one.birth_date + dt.timedelta(days=9 if not number and place % WRONG_DAY == 5 else 0)
        yield number, one.name, born.isoformat(), names.get(one.village_code, ""), detail
    for place, name in enumerate(STRANGERS):
        yield "", name, dt.date(1970 + place, 1 + place, 10).isoformat(), "", detail


def _look_into(offices: history.Offices) -> None:
    """The first lead whose household was visited: what was found waits for a second officer."""
    for one in Course.objects.select_related("lead").order_by("pk"):
        visit = Visit.objects.filter(household=one.lead.household_id, void=False, corrections__isnull=True)
        on = visit.order_by("-on").values_list("on", flat=True).first()
        if on is not None:
            course.find(
                course_id=one.pk,
                visited_on=on,
                heard=HEARD,
                found=Settled.KEPT,
                reason=FOUND,
                by=offices.first(Level.VILLAGE),
            )
            return
