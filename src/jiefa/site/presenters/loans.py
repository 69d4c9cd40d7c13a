"""Loans and funds in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from jiefa.access.rules import Permission
from jiefa.assistance.models import CreditParty, FundEntry, Loan, Repayment
from jiefa.assistance.queries.credit import CountyCredit
from jiefa.assistance.rules import credit
from jiefa.assistance.rules.credit import Limits
from jiefa.site.presenters import log
from jiefa.site.presenters.assistance import TONES
from jiefa.site.reader import Reader


def row(reader: Reader, loan: Loan, on: dt.date, held: Limits, places: Mapping[str, str]) -> dict[str, Any]:
    """A loan as a row of the list and as the head of its page."""
    stage = credit.stage(
        to_on=loan.to_on, balance_fen=loan.balance_fen, compensated=loan.compensated_on is not None, on=on, held=held
    )
    return {
        "url": reverse("site:loan", args=[loan.pk]),
        "head": loan.household.head_name or loan.household.number,
        "household_url": reverse("site:household", args=[loan.household_id]),
        "number": loan.household.number,
        "borrower": loan.borrower.name,
        "village": places.get(loan.village_code, loan.village_code),
        "above": places.get(loan.village_code[:9], ""),
        "use": reader.label("loan_use", loan.use),
        "platform": reader.label("credit_platform", loan.platform),
        "amount_fen": loan.amount_fen,
        "balance_fen": loan.balance_fen,
        "months": loan.months,
        "rate": loan.rate_percent.normalize(),
        "from_on": loan.from_on,
        "to_on": loan.to_on,
        "late_days": max(0, (on - loan.to_on).days) if loan.balance_fen else 0,
        "stage_id": stage,
        "stage": reader.label("loan_stage", stage),
        "tone": TONES.get(stage, "plain"),
        "dossier_url": reverse("site:dossier", args=[loan.dossier]) if loan.dossier else "",
    }


def parties(reader: Reader, found: Iterable[CreditParty]) -> list[dict[str, Any]]:
    """Every role of microcredit with who fills it now (None: nobody) and who did before."""
    by_role: dict[str, list[CreditParty]] = {}
    for one in found:
        by_role.setdefault(one.role, []).append(one)
    return [
        {
            "label": reader.words(code.zh, code.en),
            "now": next((one for one in by_role.get(code.id, ()) if one.to_on is None), None),
            "before": [one for one in by_role.get(code.id, ()) if one.to_on is not None],
        }
        for code in reader.pack.codes("credit_role").values
    ]


def paid(repayments: Iterable[Repayment], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was paid back for a loan."""
    return [
        {
            "on": one.on,
            "principal_fen": one.principal_fen,
            "interest_fen": one.interest_fen,
            "subsidised_on": one.subsidised_on,
            "voucher": one.voucher,
            "by": log.who(one.by, people),
        }
        for one in repayments
    ]


def county(reader: Reader, code: str, name: str, one: CountyCredit, held: Limits) -> dict[str, Any]:
    """Loans and fund of a county as a row, with whether it still lends."""
    return {
        "name": name,
        "url": reader.at(reverse("site:fund", args=[code]))
        if reader.actor.may(Permission.STATISTICS_VIEW, code)
        else "",
        "credit": one,
        "overdue_share": one.overdue_fen / one.balance_fen if one.balance_fen else None,
        "stopped": credit.stopped(one.overdue_fen, one.balance_fen, held),
    }


def entries(found: Iterable[FundEntry], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Movements of a fund."""
    return [
        {
            "on": one.on,
            "kind": one.get_kind_display(),
            "fen": one.amount_fen,
            "source": one.source,
            "loan_url": reverse("site:loan", args=[one.loan_id]) if one.loan_id else "",
            "bank_fen": one.bank_fen,
            "county_fen": one.county_fen,
            "township_fen": one.township_fen,
            "village_fen": one.village_fen,
            "by": log.who(one.by, people),
        }
        for one in found
    ]
