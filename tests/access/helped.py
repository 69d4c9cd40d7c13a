"""Help planted for a household: cases of programmes and what they name, the list that brought one, a loan, an enterprise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from jiefa.assistance.models import (
    BenefitLink,
    Course,
    Hamlet,
    HouseholdPlan,
    IndustryBody,
    Loan,
    Measure,
    ProgrammeRecord,
    SettlementSite,
    VillageWork,
)
from jiefa.kernel.vault import Vault
from jiefa.lists.models import ReceivedList
from jiefa.registry.intake import folder
from jiefa.registry.models import Household


def plant(household: Household, year: int) -> dict[str, object]:
    """What pages of help are about, by the names of the walk."""
    now, village = timezone.now(), household.village_code
    remark = {"sheet": "house_repair", "row": 2, "level": "error", "rule": "HP03", "zh": "金额不对", "en": "wrong"}
    kept = folder.keep(
        settings.JIEFA_HOME,
        pa.table({"row": [2]}),
        pa.table({}),
        pa.Table.from_pylist([remark], folder.REMARK_COLUMNS),
        Vault(settings.JIEFA_VAULT_KEY).seal_bytes(f"户编号,年度,危房等级\n{household.number},2015,C\n".encode()),
        {"kind": "house_repair"},
    )
    sent = ReceivedList.objects.create(
        kind="house_repair",
        digest=f"{household.pk:064}",
        file_name=f"{household.head_name}.csv",
        state="refused",
        areas=village,
        rows=1,
        accepted=0,
        unchanged=0,
        held_back=1,
        strangers=0,
        warnings=0,
        folder=kept.path.name,
        staged_at=now,
        staged_by="nobody",
    )
    case = ProgrammeRecord.objects.create(
        programme="house_repair",
        household=household,
        village_code=village,
        year=year,
        identity=f"walk{household.pk}",
        own={"grade": "C"},
        of_list=sent,
        by="nobody",
        at=now,
    )
    loan = Loan.objects.create(
        household=household,
        borrower=household.people.order_by("pk")[0],
        village_code=village,
        platform="rural_credit",
        use="breeding",
        amount_fen=100,
        balance_fen=100,
        months=12,
        rate_percent=Decimal("4.35"),
        from_on=dt.date(year, 1, 1),
        to_on=dt.date(year + 1, 1, 1),
        by="nobody",
        at=now,
    )
    plan = HouseholdPlan.objects.create(
        household=household,
        village_code=village,
        year=year,
        version=99,
        state="replaced",
        signed_on=dt.date(year, 1, 1),
        by="nobody",
        at=now,
    )
    measure = Measure.objects.create(
        plan=plan, village_code=village, kind="training", responsible="x", planned_on=dt.date(year, 6, 1)
    )
    body = IndustryBody.objects.create(
        number=f"planted-{household.pk}",
        name=household.head_name,
        kind="enterprise",
        village_code=village,
        industry="tea",
        by="nobody",
        at=now,
    )
    BenefitLink.objects.create(
        body=body,
        household=household,
        village_code=village,
        way="work",
        from_on=dt.date(year, 1, 1),
        by="nobody",
        at=now,
    )
    VillageWork.objects.update_or_create(
        village_code=village, year=year, work="road", defaults={"planned_fen": 100, "by": "nobody", "at": now}
    )
    return {
        "village_plan": village,
        "industry_body": body.pk,
        **_named(household, year),
        "measure": measure.pk,
        "help_list": sent.pk,
        "case": case.pk,
        "loan": loan.pk,
        "apply": (household.pk, "house_repair"),
    }


def _named(household: Household, year: int) -> dict[str, object]:
    """A course, a site and a hamlet that bear the name of the household's head, with cases that name them."""
    name, village = household.head_name, household.village_code
    written = {"by": "nobody", "at": timezone.now()}
    county = {"county_code": village[:6], **written}
    first, last = dt.date(year, 3, 1), dt.date(year, 3, 31)
    course = Course.objects.create(
        number=name, trade="welding", organiser=name, from_on=first, to_on=last, days=20, places=9, **county
    )
    site = SettlementSite.objects.create(name=name, kind="market", settled_in="town", **county)
    hamlet = Hamlet.objects.create(village_code=village, name=name, site=name, decided_on=first, **written)
    for programme, own in (
        ("training", {"course": name, "trade": "welding"}),
        ("relocation", {"site": name, "hamlet": name, "reason": "hazard"}),
    ):
        ProgrammeRecord.objects.create(
            programme=programme,
            household=household,
            village_code=village,
            year=year,
            identity=f"h{household.pk}/planted",
            own=own,
            **written,
        )
    return {"course": course.pk, "site": site.pk, "hamlet": hamlet.pk}
