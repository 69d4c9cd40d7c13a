"""What was promised to a household, what arrived and what came of it, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.assistance.models import BenefitLink, HouseholdPlan, Loan, Measure, PlanState, ProgrammeRecord
from jiefa.assistance.queries.experience import CREDIT, Left
from jiefa.assistance.rules import credit
from jiefa.assistance.rules.credit import Limits
from jiefa.registry.models import HouseholdYear
from jiefa.site.presenters import industry, programmes
from jiefa.site.reader import Reader

MOST_SHOWN = 4
TONES = {"overdue": "refused", "to_compensate": "refused", "recovering": "refused", "grace": "open", "closed": "good"}


def card(
    reader: Reader,
    plan: HouseholdPlan | None,
    loans: Iterable[Loan],
    year: HouseholdYear,
    held: Limits | None,
    on: dt.date,
    records: Iterable[ProgrammeRecord] = (),
    links: Iterable[BenefitLink] = (),
) -> dict[str, Any]:
    """The panel of the household's page: the year's plan with its measures, causes without one, loans with their stage, cases, links to industry."""
    measures = list(plan.measures.all()) if plan else []
    answered = {one.cause for one in measures}
    causes = [cause for cause in (year.main_cause, year.other_cause_1, year.other_cause_2) if cause]
    return {
        "plan": plan,
        "state": plan.get_state_display() if plan else "",
        "measures": [_measure(reader, one, on) for one in measures],
        "unanswered": [reader.label("cause", cause) for cause in causes if cause not in answered],
        "loans": [_loan(reader, loan, held, on) for loan in loans] if held else [],
        "records": programmes.of_household(reader, records),
        "links": industry.of_household(reader, links),
    }


def measure_label(reader: Reader, kind: str) -> str:
    """The name of a kind of measure."""
    return reader.label("suggested_measure", kind)


def responsible(one: Measure) -> str:
    """Who answers for a measure: as signed, and who does now where it was handed on."""
    if one.cadre is None or one.cadre.name == one.responsible:
        return one.responsible
    return _("{signed} (now {name})").format(signed=one.responsible, name=one.cadre.name)


def _measure(reader: Reader, one: Measure, on: dt.date) -> dict[str, Any]:
    return {
        "url": reverse("site:measure", args=[one.pk]),
        "label": measure_label(reader, one.kind),
        "cause": reader.label("cause", one.cause),
        "what": one.what,
        "person": one.person.name if one.person else "",
        "responsible": responsible(one),
        "planned_on": one.planned_on,
        "planned_fen": one.planned_fen,
        "delivered_on": one.delivered_on,
        "delivered_fen": one.delivered_fen,
        "result": one.result,
        "late": one.delivered_on is None and one.planned_on < on,
    }


def _loan(reader: Reader, loan: Loan, held: Limits, on: dt.date) -> dict[str, Any]:
    stage = credit.stage(
        to_on=loan.to_on, balance_fen=loan.balance_fen, compensated=loan.compensated_on is not None, on=on, held=held
    )
    return {
        "url": reverse("site:loan", args=[loan.pk]),
        "use": reader.label("loan_use", loan.use),
        "platform": reader.label("credit_platform", loan.platform),
        "amount_fen": loan.amount_fen,
        "balance_fen": loan.balance_fen,
        "from_on": loan.from_on,
        "to_on": loan.to_on,
        "stage": reader.label("loan_stage", stage),
        "tone": TONES.get(stage, "plain"),
    }


def plan(reader: Reader, now: HouseholdPlan | None, causes: Iterable[str], on: dt.date) -> dict[str, Any]:
    """What is being agreed: its measures in order, causes that nothing answers yet, whether it waits for a signature."""
    measures = list(now.measures.all()) if now else []
    answered = {one.cause for one in measures}
    return {
        "version": now.version if now else None,
        "draft": now is not None and now.state == PlanState.DRAFT,
        "state": now.get_state_display() if now else "",
        "measures": [_measure(reader, one, on) | {"place": place} for place, one in enumerate(measures)],
        "unanswered": [reader.label("cause", cause) for cause in causes if cause not in answered],
    }


def experience(reader: Reader, found: Mapping[str, Left]) -> list[dict[str, Any]]:
    """What others of the county with these causes left poverty with, at most ``MOST_SHOWN`` a cause."""
    programmes_of = reader.pack.programmes
    return [
        {
            "cause": reader.label("cause", cause),
            "households": left.households,
            "reached": [
                {
                    "label": _("Microcredit")
                    if name == CREDIT
                    else reader.words(programmes_of[name].zh, programmes_of[name].en),
                    "households": households,
                    "share": households / left.households,
                }
                for name, households in left.reached
                if name == CREDIT or name in programmes_of
            ][:MOST_SHOWN],
        }
        for cause, left in found.items()
    ]


def versions(plans: Iterable[HouseholdPlan]) -> list[dict[str, Any]]:
    """The versions of a year's plan, each with who signed it."""
    return [
        {
            "version": one.version,
            "state": one.get_state_display(),
            "signed_on": one.signed_on,
            "signed_by": one.signed_by,
            "digest": one.digest,
        }
        for one in plans
    ]


def measure_row(reader: Reader, one: Measure, places: Mapping[str, str], on: dt.date) -> dict[str, Any]:
    """A measure as a row of the list of who answers for it, and as the head of its page."""
    household = one.plan.household
    return _measure(reader, one, on) | {
        "url": reverse("site:measure", args=[one.pk]),
        "head": household.head_name or household.number,
        "household_url": reader.at(reverse("site:household", args=[household.pk])),
        "number": household.number,
        "village": places.get(one.village_code, one.village_code),
        "year": one.plan.year,
    }
