"""What help households have, by plain loops over the records: one household, loan and case after the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.reference.quality import POOR, Card

from jiefa.assistance.models import (
    BenefitLink,
    BenefitPaid,
    FundEntry,
    HouseholdPlan,
    IndustryYear,
    Loan,
    ProgrammeRecord,
    Repayment,
)
from jiefa.policy import Pack
from jiefa.registry.models import HouseholdYear, PersonYear
from jiefa.responsibility.models import Helper, Visit


def help_of(card: HouseholdYear, on: dt.date) -> Card:
    """The row of ``help`` of a card."""
    home, year = card.household_id, card.year
    helpers = Helper.objects.filter(household=home)
    plan = _plan(home, year, on)
    measures = list(plan.measures.all()) if plan else []
    arrived = [one for one in measures if one.delivered_on and one.delivered_on <= on]
    able = ("ordinary", "skilled", "weak")
    return {
        "year": year,
        "village_code": card.village_code,
        "household_id": home,
        "poor": card.poverty_status in POOR,
        "size": card.size,
        "labourer": any(one.labour in able for one in PersonYear.objects.filter(household=home, year=year)),
        "helper": any(one.from_date <= on and (one.to_date is None or one.to_date > on) for one in helpers),
        "visits": sum(_holds(visit, year, on) for visit in Visit.objects.filter(household=home)),
        "plan_signed": plan is not None,
        "measures": len(measures),
        "measures_due": sum(one.planned_on <= on for one in measures),
        "measures_arrived": len(arrived),
        "planned_fen": sum(one.planned_fen or 0 for one in measures),
        "arrived_fen": sum(one.delivered_fen or 0 for one in arrived),
        "loans": sum(loan.from_on <= on for loan in Loan.objects.filter(household=home)),
        "links": sum(_in_force(one, year, on) for one in BenefitLink.objects.filter(household=home)),
        "benefit_fen": sum(_paid(one, year, on) for one in BenefitLink.objects.filter(household=home)),
        "certified": any(_certified(one, year, on) for one in ProgrammeRecord.objects.filter(household=home)),
        "guaranteed": any(
            one.programme == "guarantee" and one.year == year and not one.off_list
            for one in ProgrammeRecord.objects.filter(household=home)
        ),
    }


def _in_force(link: BenefitLink, year: int, on: dt.date) -> bool:
    return link.from_on <= on and (link.to_on is None or link.to_on.year >= year)


def _paid(link: BenefitLink, year: int, on: dt.date) -> int:
    return sum(one.fen for one in BenefitPaid.objects.filter(link=link) if one.on.year == year and one.on <= on)


def links_of(year: int, on: dt.date) -> list[Card]:
    """The rows of ``links``: those in force in the year by the day, and those that ended before and paid in it."""
    rows = []
    for link in BenefitLink.objects.select_related("body"):
        card = HouseholdYear.objects.filter(household=link.household_id, year=year).first()
        stands, paid = _in_force(link, year, on), _paid(link, year, on)
        if stands or paid:
            row: Card = {"year": year, "village_code": link.village_code, "household_id": link.household_id}
            row |= {"body_kind": link.body.kind, "industry": link.body.industry, "way": link.way, "in_force": stands}
            rows.append(row | {"poor": card is not None and card.poverty_status in POOR, "paid_fen": paid})
    return rows


def bodies_of(year: int, on: dt.date) -> list[Card]:
    """The rows of ``bodies``: whatever reports of the year."""
    rows = []
    for report in IndustryYear.objects.filter(year=year).select_related("body"):
        body = report.body
        own = [*BenefitLink.objects.filter(body=body), *BenefitLink.objects.filter(body__park=body)]
        recognised = body.recognised_on
        sums = ("output_fen", "sales_fen", "invested_fen", "members", "poor_members")
        row: Card = {"year": year, "village_code": body.village_code, "body_kind": body.kind, "industry": body.industry}
        row |= {"level": body.level or None, "recognised_on": recognised if recognised and recognised <= on else None}
        row |= {"in_park": body.park_id is not None, **{name: getattr(report, name) for name in sums}}
        rows.append(row | {"linked": any(_in_force(link, year, on) for link in own)})
    return rows


def _holds(visit: Visit, year: int, on: dt.date) -> bool:
    corrected = Visit.objects.filter(corrects=visit).exists()
    return not visit.void and not corrected and visit.on.year == year and visit.on <= on


def _plan(home: int, year: int, on: dt.date) -> HouseholdPlan | None:
    signed = [
        one for one in HouseholdPlan.objects.filter(household=home, year=year) if one.signed_on and one.signed_on <= on
    ]
    return max(signed, key=lambda one: one.version) if signed else None


def _certified(one: ProgrammeRecord, year: int, on: dt.date) -> bool:
    reached = one.traced_on is not None and one.traced_on <= on
    return one.programme == "training" and not one.off_list and one.year <= year and reached


def loan_of(loan: Loan, year: int, on: dt.date, grace: int) -> Card:
    """The row of ``loans`` of a loan that was made by the day."""
    paid = sum(one.principal_fen for one in Repayment.objects.filter(loan=loan) if one.on <= on)
    owed = loan.amount_fen - paid
    return {
        "year": year,
        "village_code": loan.village_code,
        "household_id": loan.household_id,
        "from_on": loan.from_on,
        "to_on": loan.to_on,
        "amount_fen": loan.amount_fen,
        "balance_fen": owed,
        "overdue_fen": owed if (on - loan.to_on).days > grace else 0,
    }


def case_of(record: ProgrammeRecord, year: int, on: dt.date, pack: Pack, names: tuple[str, ...]) -> Card:
    """The row of ``cases`` of a case."""
    card = HouseholdYear.objects.filter(household=record.household_id, year=year).first()
    own = pack.programmes[record.programme].own
    row: dict[str, Any] = {
        "year": record.year,
        "village_code": record.village_code,
        "household_id": record.household_id,
        "programme": record.programme,
        "of_year": record.year == year,
        "traced": record.traced_on is not None and record.traced_on <= on,
        "amount_fen": record.amount_fen,
        "people": record.people,
        "poor": card is not None and card.poverty_status in POOR,
    }
    for name in names:
        text = record.own.get(name) if name in own else None
        day = dt.date.fromisoformat(text) if text else None
        row[name] = day if day and day <= on else None
    return row


def fund_of(county: str, year: int, on: dt.date) -> Card:
    """The row of ``funds`` of a county."""
    entries = [one for one in FundEntry.objects.filter(county=county) if one.on <= on]
    return {
        "year": year,
        "village_code": county,
        "paid_in_fen": sum(one.amount_fen for one in entries if one.kind == "contribution"),
        "balance_fen": sum(one.amount_fen for one in entries),
        "compensated_fen": -sum(one.amount_fen for one in entries if one.kind == "compensation"),
        "subsidy_fen": -sum(one.amount_fen for one in entries if one.kind == "subsidy" and one.on.year == year),
    }
