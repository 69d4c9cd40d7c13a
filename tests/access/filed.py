"""A dossier with a file in it, for the walk: drawn up by whoever takes the first step in its village."""

from __future__ import annotations

from django.utils import timezone

from jiefa import policy
from jiefa.access.queries import holder
from jiefa.access.rules import Role
from jiefa.procedures import actions, subjects
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

PICTURE = b"\x89PNG\r\n\x1a\n of an application"


def file_dossier(household: Household, village: str, title: str) -> dict[str, object]:
    """The subjects of the pages about dossiers: ``dossier``, ``evidence`` with both keys of its address, and ``returned``,
    which lies at its first step again."""
    pack, by = policy.load(), holder("walk", [(Role.VILLAGE_OFFICER, village)])
    opening = Opening(subjects.household(household.pk), village, title, 2017, {"members": 3})
    dossier = actions.open_dossier(
        procedure="identification", opening=opening, by=by, on=timezone.localdate(), pack=pack
    )
    filed = actions.lay_in(
        dossier_id=dossier.pk, kind="application", name="application.png", content=PICTURE, by=by, pack=pack
    )
    removal = actions.open_dossier(
        procedure="household_removal", opening=opening, by=by, on=timezone.localdate(), pack=pack
    )
    Dossier.objects.filter(pk=removal.pk).update(submitted_digest="0" * 64)
    return {"dossier": dossier.pk, "evidence": (dossier.pk, filed.pk), "returned": removal.pk}
