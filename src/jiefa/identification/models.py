"""Quotas of places, scores of households, look-back campaigns with what their visits found, leads of comparisons."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.areas.models import Division
from jiefa.registry.models import Household, Person


class Quota(models.Model):
    """How many poor people a place was allotted for a year. A changed split is a new row; the newest holds.

    ``reason``: why the split that this row belongs to does not come to the number above; '' where it does.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    people = models.IntegerField()
    reason = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["year", "division", "-id"], name="identification_allotted"),)
        constraints = (models.CheckConstraint(condition=models.Q(people__gte=0), name="identification_quota_people"),)

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}: {self.people}"


class Score(models.Model):
    """A household by a version of a scorecard: what was asked on the spot, and the sum with what the card gave."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="scores")
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    scorecard = models.CharField(max_length=40)
    in_force_from = models.DateField()
    asked = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    lowest = models.DecimalField(max_digits=5, decimal_places=2)
    highest = models.DecimalField(max_digits=5, decimal_places=2)
    disagreement = models.CharField(max_length=10, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["household", "year", "-id"], name="identification_scored"),
            models.Index(
                fields=["year", "village_code"],
                condition=~models.Q(disagreement=""),
                name="identification_disagree",
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}: {self.lowest}-{self.highest}"


class Found(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Facts changed")
    WRONGLY_IN = "wrongly_in", _("Wrongly in")
    MISSED = "missed", _("Missed")
    GONE = "gone", _("Gone")


class LookBack(models.Model):
    """A look-back campaign (回头看): an area, a year, and a list of households frozen on the day it begins."""

    title = models.CharField(max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    begins = models.DateField()
    ends = models.DateField()
    households = models.IntegerField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class LookBackHousehold(models.Model):
    """One household of a campaign: on its frozen list, or brought in as missed; and what was found, by whom, when.

    What was found changes nothing by itself: ``dossier`` is the procedure that it led to.
    """

    campaign = models.ForeignKey(LookBack, models.PROTECT, related_name="list")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    village_code = models.CharField(max_length=12)
    on_list = models.BooleanField()
    status_then = models.CharField(max_length=12)
    found = models.CharField(max_length=10, choices=Found, blank=True)
    note = models.CharField(max_length=400, blank=True)
    found_on = models.DateField(null=True)
    by = models.CharField(max_length=150, blank=True)
    dossier = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["campaign", "household"], name="identification_lookback_once"),)
        indexes = (models.Index(fields=["campaign", "village_code", "found"], name="identification_visits"),)

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.household_id} {self.found}"


class Settled(models.TextChoices):
    TRUE = "true", _("True: to be taken off")
    KEPT = "kept", _("True, but stays poor")
    WRONG = "wrong", _("The list is wrong")


class LeadList(models.Model):
    """One list of another office, compared with the register once: known by the digest of its content."""

    title = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    rows = models.IntegerField()
    found = models.IntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Lead(models.Model):
    """What another office's list says of a household on the register: to be looked into on the spot, never a verdict.

    ``kind`` is of the code list ``lead_kind``. No number of the list is kept; ``person`` is who it was about, where known.
    """

    of_list = models.ForeignKey(LeadList, models.PROTECT, related_name="leads")
    household = models.ForeignKey(Household, models.PROTECT, related_name="leads")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    village_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    detail = models.CharField(max_length=200, blank=True)
    seen_on = models.DateField(null=True)
    settled = models.CharField(max_length=6, choices=Settled, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    settled_on = models.DateField(null=True)
    by = models.CharField(max_length=150, blank=True)
    dossier = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["village_code", "settled", "id"], name="identification_lead_place"),
            models.Index(fields=["household"], name="identification_lead_household"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.household_id} {self.kind}"
