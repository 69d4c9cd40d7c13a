"""A complaint with a file and a visit with a finding, planted for a household's village: what pages of the hotline and of visits are about."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jiefa.hotline.models import Caller, Complaint, ComplaintFile
from jiefa.inspection.models import SpotCheck, SpotFile, SpotFinding
from jiefa.kernel.vault import Vault
from jiefa.procedures import evidence
from jiefa.registry.models import Household

PICTURE = b"\xff\xd8\xff a wall"


def plant(household: Household, year: int) -> dict[str, object]:
    """The keys of what was planted, by the names of the walk. What callers said, and what was found, is the name of the head."""
    now, on, village, vault = (
        timezone.now(),
        dt.date(year, 6, 1),
        household.village_code,
        Vault(settings.JIEFA_VAULT_KEY),
    )
    said = vault.seal(household.head_name or "x")
    complaint = Complaint.objects.create(
        receipt=f"15-{household.pk:06}",
        word_mark="x",
        channel="phone",
        category="policy",
        about_code=village,
        against_code=village,
        kept_at=village[:6],
        received_on=on,
        since=on,
        due_on=on,
        finish_by=on,
        words_sealed=said,
        paraphrase_sealed=vault.seal("x"),
        by="x",
        at=now,
    )
    Caller.objects.create(complaint=complaint, name_sealed=said, phone_sealed=said, address_sealed=said)
    kept = evidence.keep(Path(settings.JIEFA_HOME), "墙.jpg", PICTURE)
    of_file = {"media_type": kept.media_type, "size": kept.size, "sha256": kept.sha256, "by": "x", "at": now}
    file = ComplaintFile.objects.create(complaint=complaint, name_sealed=vault.seal("x"), **of_file)
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
        "complaint": complaint.receipt,
        "complaint_file": (complaint.receipt, file.pk),
        "spot_check": visit.pk,
        "spot_file": picture.pk,
    }
