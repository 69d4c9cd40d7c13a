"""Campaigns of self-inspection with what offices answered; violations and how they were put right; the case book of supervision.

What was confirmed, handed over or written into the case book only ever grows. Texts of cases are sealed.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.procedures.models import Dossier

PROJECT_LENGTH, DOCUMENT_LENGTH, WHAT_LENGTH = 80, 100, 400


class Offices(models.TextChoices):
    COUNTY = "county", _("Counties")
    TOWNSHIP = "township", _("Townships")
    BOTH = "both", _("Counties and townships")


class Campaign(models.Model):
    """A self-inspection that the office of ``area_code`` asks of the offices inside: of which years' money, by when."""

    area_code = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    from_year = models.SmallIntegerField()
    to_year = models.SmallIntegerField()
    offices = models.CharField(max_length=10, choices=Offices)
    opened_on = models.DateField()
    due_on = models.DateField()
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_code", "title"], name="integrity_campaign_once"),
            models.CheckConstraint(
                condition=models.Q(to_year__gte=models.F("from_year"), due_on__gte=models.F("opened_on")),
                name="integrity_campaign_dates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_code} {self.title}"


class Answer(models.Model):
    """What an office says of itself to one item of the checklist; with ``project``, of a single project."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="answers")
    area_code = models.CharField(max_length=12)
    project = models.CharField(max_length=PROJECT_LENGTH, blank=True)
    item = models.CharField(max_length=20)
    answer = models.CharField(max_length=16)
    note = models.CharField(max_length=WHAT_LENGTH, blank=True)
    on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["campaign", "area_code", "project", "item"], name="integrity_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.area_code} {self.item}"


class Violation(models.Model):
    """Something wrong with money: of what type, how much, who puts it right by when. ``rectified_fen``: what the level above has
    confirmed; ``settled_on``: when it confirmed that all is put right. ``number``: by which the place knows it.
    """

    area_code = models.CharField(max_length=12)
    number = models.CharField(max_length=40)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="violations")
    project = models.CharField(max_length=PROJECT_LENGTH, blank=True)
    kind = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    found_on = models.DateField()
    what = models.CharField(max_length=WHAT_LENGTH)
    responsible = models.CharField(max_length=80)
    due_on = models.DateField()
    rectified_fen = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_code", "number"], name="integrity_violation_once"),
            models.CheckConstraint(
                condition=models.Q(
                    amount_fen__gte=0,
                    rectified_fen__gte=0,
                    rectified_fen__lte=models.F("amount_fen"),
                    due_on__gte=models.F("found_on"),
                ),
                name="integrity_violation_sound",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_on__isnull=True) | models.Q(rectified_fen=models.F("amount_fen")),
                name="integrity_settled_whole",
            ),
        )
        indexes = (models.Index(fields=["settled_on", "area_code", "due_on"], name="integrity_violation_open"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.number}"


class Rectification(models.Model):
    """What the level above has confirmed to be put right of a violation."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="rectifications")
    amount_fen = models.BigIntegerField()
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="integrity_rectification_amount"),
        )

    def __str__(self) -> str:
        return f"{self.violation_id} {self.amount_fen}"


class Group(models.Model):
    """A livelihood supervision group of a county. Its rights come from the posts of its members, not from here."""

    area_code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    head = models.CharField(max_length=80)
    deputy = models.CharField(max_length=80, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["area_code", "name"], name="integrity_group_once"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.name}"


class GroupTownship(models.Model):
    """That a group watches a township from a day on, until the day on which another takes over."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="townships")
    area_code = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area_code"], condition=models.Q(to_date__isnull=True), name="integrity_one_group_a_township"
            ),
            models.CheckConstraint(
                condition=models.Q(to_date__isnull=True) | models.Q(to_date__gte=models.F("from_date")),
                name="integrity_group_dates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.group_id} {self.area_code}"


class Case(models.Model):
    """A case of livelihood supervision. ``area_code`` says who may see it: whoever holds the case book there or above, but nobody with a
    post in the body ``against_code`` or inside it ('': against no body of these).

    ``subject_sealed``: the household, transfer or project by number, the office by name. Its conclusion is that of its dossier.
    """

    area_code = models.CharField(max_length=12)
    against_code = models.CharField(max_length=12, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="cases")
    source = models.CharField(max_length=12)
    subject_kind = models.CharField(max_length=12)
    subject_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    violation = models.ForeignKey(Violation, models.PROTECT, null=True, related_name="cases")
    opened_on = models.DateField()
    dossier = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["area_code", "id"], name="integrity_case_area"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.area_code}"


class CaseNote(models.Model):
    """A line of the case book: what was looked at, who was talked to, what was found. A correction is a further line."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10)
    on = models.DateField()
    text_sealed = models.BinaryField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.on}"


class HandOver(models.Model):
    """That a violation, or a case that was concluded, was handed over: to whom, when, and sealed why."""

    violation = models.ForeignKey(Violation, models.PROTECT, null=True, related_name="handed_over")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="handed_over")
    area_code = models.CharField(max_length=12)
    to = models.CharField(max_length=12)
    on = models.DateField()
    reason_sealed = models.BinaryField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(violation__isnull=True, case__isnull=False)
                | models.Q(violation__isnull=False, case__isnull=True),
                name="integrity_one_thing_handed",
            ),
            models.UniqueConstraint(fields=["violation", "to"], name="integrity_violation_handed_once"),
            models.UniqueConstraint(fields=["case", "to"], name="integrity_case_handed_once"),
        )
        indexes = (models.Index(fields=["area_code", "id"], name="integrity_handed_area"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.to} {self.on}"
