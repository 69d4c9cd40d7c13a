"""Samples with the chances by which they were drawn, households replaced, answers from the field, results handed over, rebuttals
upheld. None of it is ever changed.

What the register says of a drawn household stands in ``part``; no sheet shows it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.procedures.models import Dossier

NOTE_LENGTH = 300


class Sample(models.Model):
    """A sample of one place, drawn from a snapshot with a seed, for one evaluator.

    ``asked``: villages of each stratum, households of each part, reserve, whether by size; ``frame``: what there was to draw from, and
    what was not known.
    """

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    snapshot = models.CharField(max_length=60)
    seed = models.BigIntegerField()
    evaluator = models.CharField(max_length=150)
    asked = models.JSONField()
    frame = models.JSONField()
    policy_version = models.CharField(max_length=80)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["evaluator", "area_code"], name="evaluation_sample_evaluator"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} {self.seed}"


class DrawnVillage(models.Model):
    """A village of the first stage: one of ``drawn`` out of ``of`` in its stratum."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="villages")
    village_code = models.CharField(max_length=12)
    stratum = models.CharField(max_length=16)
    of = models.IntegerField()
    drawn = models.IntegerField()
    probability = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sample", "village_code"], name="evaluation_village_once"),)

    def __str__(self) -> str:
        return self.village_code


class DrawnHousehold(models.Model):
    """A household of the second stage, by its key on file or by its position on the village's list. ``sheet``: its number for the field."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="households")
    village = models.ForeignKey(DrawnVillage, models.PROTECT, related_name="households")
    sheet = models.IntegerField()
    part = models.CharField(max_length=8)
    household_id = models.BigIntegerField(null=True)
    position = models.IntegerField(null=True)
    order = models.IntegerField()
    reserve = models.BooleanField()
    probability = models.FloatField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sample", "sheet"], name="evaluation_sheet_once"),
            models.CheckConstraint(
                condition=models.Q(household_id__isnull=False, position__isnull=True)
                | models.Q(household_id__isnull=True, position__isnull=False),
                name="evaluation_household_or_position",
            ),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1), name="evaluation_household_chance"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sample_id}-{self.sheet}"


class Replacement(models.Model):
    """That one drawn household could not be asked, why, and which of the reserve came in its place."""

    class Reason(models.TextChoices):
        AWAY = "away", _("Away from home")
        MOVED = "moved", _("Moved out of the village")
        REFUSED = "refused", _("Refused")
        DIED = "died", _("Nobody is left")
        NOT_FOUND = "not_found", _("Not found")

    gone = models.OneToOneField(DrawnHousehold, models.PROTECT, related_name="replaced")
    instead = models.OneToOneField(DrawnHousehold, models.PROTECT, related_name="stands_for")
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gone_id} {self.reason}"


class FieldAnswer(models.Model):
    """What was found in a household; a newer answer of the same sheet stands in place of the one before."""

    household = models.ForeignKey(DrawnHousehold, models.PROTECT, related_name="answers")
    visited_on = models.DateField()
    people = models.SmallIntegerField()
    income_fen = models.BigIntegerField()
    food = models.BooleanField()
    clothing = models.BooleanField()
    education = models.BooleanField()
    medical = models.BooleanField()
    housing = models.BooleanField()
    water = models.BooleanField()
    satisfied = models.BooleanField(null=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(people__gte=1), name="evaluation_answer_people"),)

    def __str__(self) -> str:
        return str(self.household_id)


class HandOver(models.Model):
    """The results of a sample given to the office that ordered it and to the county; from then on nothing comes in from the field.

    ``estimates``: one object for each measure, the fields of ``queries.results.Estimated``, as they stood that day.
    """

    sample = models.OneToOneField(Sample, models.PROTECT, related_name="handed_over")
    on = models.DateField()
    estimates = models.JSONField()
    policy_version = models.CharField(max_length=80)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sample_id} {self.on}"


class Rebuttal(models.Model):
    """That what was found in a household was struck: the county's rebuttal was upheld in its dossier."""

    household = models.OneToOneField(DrawnHousehold, models.PROTECT, related_name="rebutted")
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.household_id} {self.dossier_id}"
