"""Departments' lists for tests of pages: files of the small county, leads and doubtful pairs that came of one, the visit before a finding."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.registry import rosters
from tests.site import county

from jiefa.comparison.models import Comparison, Course, How, Pair
from jiefa.identification.models import Lead, LeadList
from jiefa.responsibility.models import Cadre, Organisation, Visit

COLUMNS = "证件号码,姓名,出生日期,行政村,线索内容"
POSITION = {number: place for place, (number, *_rest) in enumerate(county.FAMILIES, start=1)}
SOURCE = {"kind": "vehicle", "department": "县公安局", "as_of": "2015-09-30"}
ON = dt.date(2015, 10, 12)
FOUND = {"act": "found", "visited_on": str(ON), "heard": "车是女婿的", "settled": "kept", "reason": "三轮车，不值钱"}
AGREE = {"act": "review", "decision": "agree", "reason": ""}
BACK = {"act": "review", "decision": "back", "reason": "没有照片"}


def head(number: str) -> tuple[str, str]:
    """``(number, name)`` of the head of a household."""
    row = rosters.member(number, 10 * POSITION[number], county.YEARS[-1])
    return str(row["id_number"]), str(row["name"])


def listed(*rows: str) -> str:
    """The file of these rows."""
    return "\n".join((COLUMNS, *rows)) + "\n"


def usual() -> str:
    """Two of the county by number, one of them under another name; one of the next county, one of nowhere."""
    (a, name), (c, _), (f, other) = head("A"), head("C"), head("F")
    return listed(f"{a},{name},,,小型客车", f"{c},欧阳别人,,,货车", f"{f},{other},,,轿车", ",司徒某,,别处村,轿车")


def send(client: Client, content: str = "", name: str = "车辆.csv", **typed: str) -> Any:
    """What the page of a new list answers to the file and what is typed beside it."""
    file = SimpleUploadedFile(name, (content or usual()).encode())
    return client.post(reverse("site:compared-new"), {**SOURCE, "file": file, **typed})


def leads(count: int, number: str = "A", how: How = How.LIKENESS) -> list[Lead]:
    """So many leads about a household, of a list of their own."""
    home, now = county.household(number), timezone.now()
    of_list = LeadList.objects.create(
        title=f"名单{LeadList.objects.count()}",
        digest=str(LeadList.objects.count()),
        rows=count,
        found=count,
        by="wang",
        at=now,
    )
    made = Comparison.objects.create(
        list=of_list, kind="house", department="住建局", as_of=ON, exact=0, probable=count, doubtful=0, lead_from=0.95,
        clerk_from=0.5, precision=0.97, recall=0.88,
    )  # fmt: skip
    rows = Lead.objects.bulk_create(
        Lead(of_list=of_list, household=home, village_code=home.village_code, kind="house") for _ in range(count)
    )
    Course.objects.bulk_create(
        Course(lead=lead, comparison=made, how=how, probability=0.97, due_on=dt.date(2015, 10, 30)) for lead in rows
    )
    return rows


def pair(number: str = "B", said: str = "王小明", **more: Any) -> Pair:
    """A doubtful pair about the head of a household."""
    home = county.household(number)
    person = home.people.order_by("pk")[0]
    if not Comparison.objects.exists():
        leads(1)
    values = {"line": 7, "probability": 0.7, "said_name": said, "said_place": "光明", "detail": "货车", **more}
    return Pair.objects.create(
        comparison=Comparison.objects.order_by("pk")[0],
        household=home,
        person=person,
        village_code=home.village_code,
        **values,
    )


def visited(number: str = "A") -> None:
    """The visit on file that findings of this day rest on."""
    home = county.household(number)
    office = Organisation.objects.create(name="镇政府", kind="township", area_code=home.village_code[:9])
    cadre = Cadre.objects.create(
        number="1", name="张三", organisation=office, rank="staff", area_code=home.village_code[:9],
        from_date=dt.date(2014, 1, 1),
    )  # fmt: skip
    Visit.objects.create(
        on=ON, cadre=cadre, household=home, village_code=home.village_code, purpose="check", found="看了车", by="li",
        at=timezone.now(),
    )  # fmt: skip


def of(lead: Lead) -> str:
    """The address of a lead."""
    return reverse("site:lead", args=[lead.pk])
