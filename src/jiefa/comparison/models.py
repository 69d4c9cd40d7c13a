"""Lists of other departments that were compared, pairs that a clerk decides, and the course of each lead to its second review.

The leads themselves are identification's: what a list says of a household is one thing, wherever it comes from.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.identification.models import Lead, LeadList, Settled
from jiefa.registry.models import Household, Person


class Comparison(models.Model):
    """A list compared once. ``kind`` of ``lead_kind``; ``exact``, ``probable``, ``doubtful``: rows found by number, by likeness, left to a clerk.

    ``agreed``: rows of people whose card says the same, which are no leads; ``whole_of``: the place of which the list names everybody,
    empty where nobody says so; ``missing``: people there whose card says it though the list does not name them.
    ``precision``, ``recall``: as the model expects of what it took for the same, of the pairs that it weighed; None where none were.
    """

    list = models.OneToOneField(LeadList, models.PROTECT, related_name="comparison")
    kind = models.CharField(max_length=12)
    department = models.CharField(max_length=60)
    as_of = models.DateField()
    exact = models.IntegerField()
    probable = models.IntegerField()
    doubtful = models.IntegerField()
    agreed = models.IntegerField(default=0)
    whole_of = models.CharField(max_length=12, blank=True)
    missing = models.IntegerField(default=0)
    lead_from = models.FloatField()
    clerk_from = models.FloatField()
    precision = models.FloatField(null=True)
    recall = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.list_id} {self.kind}"


class PairState(models.TextChoices):
    WAITING = "waiting", _("to be decided")
    SAME = "same", _("the same person")
    OTHER = "other", _("somebody else")
    UNCLEAR = "unclear", _("unclear")


class Pair(models.Model):
    """A row of a list beside somebody on the register who may be meant: a clerk says so or not. No number of the list is kept."""

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="pairs")
    line = models.IntegerField()
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    village_code = models.CharField(max_length=12)
    probability = models.FloatField()
    said_name = models.CharField(max_length=60)
    said_born = models.DateField(null=True)
    said_place = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=PairState, default=PairState.WAITING)
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["state", "village_code", "id"], name="comparison_pair_waiting"),)

    def __str__(self) -> str:
        return f"{self.comparison_id}:{self.line} {self.person_id}"


class How(models.TextChoices):
    NUMBER_AND_NAME = "both", _("number and name")
    NUMBER = "number", _("number, another name")
    LIKENESS = "likely", _("likeness")
    CLERK = "clerk", _("a clerk's eye")
    MISSING = "missing", _("on the card, not on the list")


class Course(models.Model):
    """That a lead came of a comparison: by which rule, how probable, by when the township looks into it."""

    lead = models.OneToOneField(Lead, models.PROTECT, related_name="course")
    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="courses")
    how = models.CharField(max_length=8, choices=How)
    probability = models.FloatField()
    due_on = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["due_on", "id"], name="comparison_course_due"),)

    def __str__(self) -> str:
        return f"{self.lead_id} {self.how}"


class SiteFinding(models.Model):
    """What a visit found of a lead, with what the household says; another officer agrees, or sends it back with a reason.

    ``visit``: the visit on file on which it was found. ``agreed``: None until it is reviewed.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="findings")
    visit = models.BigIntegerField()
    visited_on = models.DateField()
    heard = models.CharField(max_length=400)
    found = models.CharField(max_length=6, choices=Settled)
    reason = models.CharField(max_length=400)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    review_reason = models.CharField(max_length=400, blank=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["course"], condition=models.Q(agreed__isnull=True), name="comparison_one_open_finding"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by="") | ~models.Q(reviewed_by=models.F("by")),
                name="comparison_second_officer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.course_id} {self.found}"
