"""Two complaints with a file each and a visit with a finding, planted for a household's village: what pages of the hotline and of visits are
about. One complaint is against the village and lies with its county's keeper; the other is against the county, lies with the prefecture's
keeper and is looked into by the prefecture's office. Who called, and in which words, is told nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jiefa.hotline.actions.receiving import Identity
from jiefa.hotline.models import Caller, Complaint, ComplaintFile
from jiefa.inspection.models import SpotCheck, SpotFile, SpotFinding
from jiefa.kernel.vault import Vault
from jiefa.procedures import evidence
from jiefa.registry.models import Household

PICTURE = b"\xff\xd8\xff a wall"


CALLER = Identity("欧阳密测", "13900007301", "密测家的老屋")
WORDS = "只有我欧阳密测知道的那件事"
SECRETS = (CALLER.name, CALLER.phone, CALLER.address, WORDS)
"""What is in no response to anybody, but for the keeper who states a reason."""


def plant(household: Household, year: int) -> dict[str, object]:
    """The keys of what was planted, by the names of the walk. What was found on the visit is the name of the head."""
    now, on, village, vault = (
        timezone.now(),
        dt.date(year, 6, 1),
        household.village_code,
        Vault(settings.JIEFA_VAULT_KEY),
    )
    said = vault.seal(household.head_name or "x")
    kept = evidence.keep(Path(settings.JIEFA_HOME), "墙.jpg", PICTURE)
    of_file = {"media_type": kept.media_type, "size": kept.size, "sha256": kept.sha256, "by": "x", "at": now}
    county, prefecture = village[:6], village[:4]
    of_village = _complaint(f"15-{household.pk:06}", household, on, {"against_code": village, "kept_at": county})
    routed = {"state": "routed", "unit_kind": "office", "unit_code": prefecture, "told_subject": True}
    of_county = _complaint(
        f"15-c{household.pk:05}", household, on, {"against_code": county, "kept_at": prefecture, **routed}
    )
    files = [
        ComplaintFile.objects.create(complaint=one, name_sealed=vault.seal("x"), **of_file)
        for one in (of_village, of_county)
    ]
    visit = SpotCheck.objects.create(
        by_code="52",
        place_code=village,
        planned_for=on,
        reason_sealed=said,
        state="done",
        done_on=on,
        record=household.head_name or "x",
        by="x",
        at=now,
    )
    found = SpotFinding.objects.create(
        check_of=visit,
        place_code=village,
        item="notice",
        what=household.head_name or "x",
        found_on=on,
        since=on,
        due_on=on,
    )
    picture = SpotFile.objects.create(finding=found, name=household.head_name or "x", **of_file)
    return {
        "complaint": of_village.receipt,
        "complaint_file": (of_village.receipt, files[0].pk),
        "county_complaint": of_county.receipt,
        "county_complaint_file": (of_county.receipt, files[1].pk),
        "spot_check": visit.pk,
        "spot_file": picture.pk,
    }


def _complaint(receipt: str, household: Household, on: dt.date, more: Mapping[str, object]) -> Complaint:
    """A complaint about the household's village that somebody told who gave a name."""
    seal = Vault(settings.JIEFA_VAULT_KEY).seal
    made = Complaint.objects.create(
        receipt=receipt,
        word_mark="x",
        channel="phone",
        category="policy",
        about_code=household.village_code,
        received_on=on,
        since=on,
        due_on=on,
        finish_by=on,
        household=household,
        words_sealed=seal(WORDS),
        paraphrase_sealed=seal("转述"),
        by="x",
        at=timezone.now(),
        **more,
    )
    Caller.objects.create(
        complaint=made,
        name_sealed=seal(CALLER.name),
        phone_sealed=seal(CALLER.phone),
        address_sealed=seal(CALLER.address),
    )
    return made
