"""Targets with their whole history, letters signed for them, months confirmed; yearly capacities, and plans with what they
decided for every household.

Everything that was said, signed or confirmed only grows: the newest word on a place, year and metric is the one that holds.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.funds.models import DOCUMENT_LENGTH
from jiefa.procedures.models import Dossier

REASON_LENGTH = 300


class TargetState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent down")
    PROPOSED = "proposed", _("Proposed from below")
    FIXED = "fixed", _("Fixed")


class Target(models.Model):
    """A word on what a place is to reach in a year: by whom, in which state, why. A newer word on the same stands beside it.

    ``carried``: so many of ``value`` were left over from the year before; None where none were.
    """

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    metric = models.CharField(max_length=24)
    value = models.BigIntegerField()
    carried = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=TargetState)
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["metric", "year", "area_code", "id"], name="planning_target_newest"),)
        constraints = (models.CheckConstraint(condition=models.Q(value__gte=0), name="planning_target_not_below_0"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} {self.metric} {self.value}"


class KeptDifference(models.Model):
    """That what a place is to reach and what the places below it were told together differ, and stay so: signed for by
    somebody of the place, for these two numbers and no others."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    metric = models.CharField(max_length=24)
    value = models.BigIntegerField()
    below = models.BigIntegerField()
    reason = models.CharField(max_length=REASON_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["area_code", "year", "metric", "id"], name="planning_difference_newest"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} {self.metric} {self.value} {self.below}"


class Letter(models.Model):
    """A letter of responsibility that both have signed: what a place answers for to the one above in a year.

    ``lines``: ``{"metric", "value"}`` as the targets were fixed when it was drawn up; ``digest``: SHA-256 of what was signed.
    """

    upper_code = models.CharField(max_length=12)
    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    lines = models.JSONField()
    digest = models.CharField(max_length=64)
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="+")
    signed_on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["area_code", "year", "id"], name="planning_letter_newest"),)

    def __str__(self) -> str:
        return f"{self.upper_code} {self.area_code} {self.year}"


class Confirmation(models.Model):
    """That a place stands by what was counted for it in a month. ``figures``: by metric, as counted when it was confirmed."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    figures = models.JSONField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(month__gte=1, month__lte=12), name="planning_confirmation_month"),
        )
        indexes = (models.Index(fields=["year", "area_code", "month", "id"], name="planning_confirmation_newest"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}-{self.month:02}"


class Unlock(models.Model):
    """That the place above took a confirmation back, and why. The month may be confirmed anew."""

    confirmation = models.OneToOneField(Confirmation, models.PROTECT, related_name="unlock")
    reason = models.CharField(max_length=REASON_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.confirmation_id}"


class ShortfallReason(models.Model):
    """Why a place had done less than planned by the end of a month, in its own words. The newest holds."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    metric = models.CharField(max_length=24)
    reason = models.CharField(max_length=REASON_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["year", "metric", "area_code", "id"], name="planning_shortfall_newest"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}-{self.month:02} {self.metric}"


class Capacity(models.Model):
    """How much of a resource a county has in a year. A county without a row has no limit of it."""

    area_code = models.CharField(max_length=6)
    year = models.SmallIntegerField()
    resource = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_code", "year", "resource"], name="planning_capacity_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="planning_capacity_not_below_0"),
        )

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} {self.resource} {self.amount}"


class Plan(models.Model):
    """A plan of a division for some years, computed from one snapshot under one policy.

    ``asked``: what it was asked for; ``prices``: what one more of what was scarce would be worth; ``bound_yuan``: no plan costs less.
    ``what_if``: asked for something else than stands on file: to be compared, never followed.
    """

    area_code = models.CharField(max_length=12)
    base_year = models.SmallIntegerField()
    first_year = models.SmallIntegerField()
    last_year = models.SmallIntegerField()
    snapshot = models.CharField(max_length=60)
    policy_version = models.CharField(max_length=80)
    line_fen = models.BigIntegerField()
    households = models.IntegerField()
    people = models.IntegerField()
    objective_yuan = models.FloatField()
    bound_yuan = models.FloatField()
    asked = models.JSONField()
    prices = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    what_if = models.BooleanField(default=False)
    seconds = models.FloatField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.area_code} {self.first_year}-{self.last_year}"

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def gap(self) -> float:
        """How far it may be from the cheapest plan, as a share of what it costs."""
        return max(0.0, self.objective_yuan - self.bound_yuan) / self.objective_yuan if self.objective_yuan else 0.0


class Assignment(models.Model):
    """What a plan decided for a household. ``year`` NULL: the plan leaves it. ``lacks``: what is made good beside the pathway."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="assignments", db_index=False)
    village_code = models.CharField(max_length=12)
    household_id = models.BigIntegerField()
    size = models.SmallIntegerField()
    year = models.SmallIntegerField(null=True)
    pathway = models.CharField(max_length=20, blank=True)
    lacks = models.CharField(max_length=60, blank=True)
    poorest = models.BooleanField()
    gap_yuan = models.IntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["plan", "village_code"], name="planning_assignment_place"),
            models.Index(fields=["household_id", "plan"], name="planning_assignment_household"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.household_id} {self.year} {self.pathway}"


class Overrule(models.Model):
    """An officer's decision on a household that every later plan keeps, until it is taken back. The newest holds."""

    household_id = models.BigIntegerField(db_index=True)
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField(null=True)
    pathway = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH)
    taken_back = models.BooleanField(default=False)
    cost_yuan = models.FloatField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.household_id} {self.year} {self.pathway}"
