"""What is watched, planted for a household's village: a contract, a self-inspection, a violation, a case."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from jiefa.contracts.models import Contract
from jiefa.integrity.models import Campaign, Case, Violation
from jiefa.kernel.vault import Vault
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household


def plant(household: Household, year: int) -> dict[str, object]:
    """What pages of contracts, self-inspection and supervision are about, by the names of the walk."""
    now, village, on = timezone.now(), household.village_code, dt.date(year, 6, 1)
    who = {"by": "x", "at": now}
    dossier = Dossier.objects.create(
        procedure="reduction_contract",
        in_force_from=dt.date(2014, 1, 1),
        subject=f"division:{village}",
        place_code=village,
        title=household.head_name or "x",
        year=year,
        step="signed",
        outcome="approved",
        opened_at=now,
        opened_by="x",
        opened_on=on,
        closed_on=on,
    )
    contract = Contract.objects.create(
        area_code=village,
        from_year=year,
        to_year=year,
        heads=1,
        unit_price_fen=100,
        source="central",
        fund_type="development",
        document=household.head_name or "x",
        dossier=dossier,
        signed_on=on,
        **who,
    )
    campaign = Campaign.objects.create(
        area_code=village,
        title=household.head_name or "x",
        from_year=year,
        to_year=year,
        offices="both",
        opened_on=on,
        due_on=on,
        document="x",
        **who,
    )
    violation = Violation.objects.create(
        area_code=village,
        number="x",
        campaign=campaign,
        kind="fraud",
        amount_fen=100,
        found_on=on,
        what=household.head_name or "x",
        responsible="x",
        due_on=on,
        **who,
    )
    vault = Vault(settings.JIEFA_VAULT_KEY)
    case = Case.objects.create(
        area_code=village,
        source="round",
        subject_kind="household",
        subject_sealed=vault.seal(household.head_name or "x"),
        text_sealed=vault.seal("x"),
        opened_on=on,
        **who,
    )
    return {
        "contract": contract.pk,
        "inspection": campaign.pk,
        "violation": violation.pk,
        "supervision_case": case.pk,
    }
