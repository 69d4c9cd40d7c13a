"""Complaints, who called, the steps taken, files, and every look at what is sealed. Steps, files and looks only grow.

Everything that was said is sealed. Who called stands in a table of its own, so that no list ever touches it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiefa.hotline.rules import moves
from jiefa.integrity.models import Case, Violation
from jiefa.registry.models import Household

PROJECT_LENGTH = 80


class Channel(models.TextChoices):
    PHONE = "phone", _("By telephone")
    PAGE = "page", _("On the public page")
    LETTER = "letter", _("By letter or in person")


class State(models.TextChoices):
    RECEIVED = moves.RECEIVED, _("received")
    ACCEPTED = moves.ACCEPTED, _("taken on")
    REFUSED = moves.REFUSED, _("not taken on")
    PASSED_ON = moves.PASSED_ON, _("passed on to another authority")
    MERGED = moves.MERGED, _("merged with an earlier one")
    ROUTED = moves.ROUTED, pgettext_lazy("complaint", "being looked into")
    CONCLUDED = moves.CONCLUDED, _("concluded, to be answered")
    ANSWERED = moves.ANSWERED, _("answered, to be called back")
    CLOSED = moves.CLOSED, pgettext_lazy("complaint", "closed")


class Complaint(models.Model):
    """One complaint. ``about_code``: where it happened; ``against_code``: the broadest body complained of, '' for nobody.

    ``kept_at``: the place whose keepers keep it, strictly above that body (``rules.units``); ``unit_kind`` and ``unit_code``: who looks
    into it. ``round``: 2 once it was opened again. ``due_on``: of the next step; ``finish_by``: of the first answer. ``told_subject``: whether
    the unit is told which household and project were named. ``word_mark``: keyed mark of the caller's secret word.
    """

    receipt = models.CharField(max_length=12, unique=True)
    word_mark = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel)
    category = models.CharField(max_length=20)
    about_code = models.CharField(max_length=12)
    against_code = models.CharField(max_length=12, blank=True)
    kept_at = models.CharField(max_length=6)
    received_on = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    round = models.SmallIntegerField(default=1)
    since = models.DateField()
    due_on = models.DateField(null=True)
    finish_by = models.DateField()
    unit_kind = models.CharField(max_length=12, blank=True)
    unit_code = models.CharField(max_length=12, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    answered_on = models.DateField(null=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    project = models.CharField(max_length=PROJECT_LENGTH, blank=True)
    told_subject = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    words_sealed = models.BinaryField()
    paraphrase_sealed = models.BinaryField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(round__gte=1, round__lte=moves.ROUNDS), name="hotline_rounds"),
            models.CheckConstraint(
                condition=~models.Q(kept_at=models.F("against_code")), name="hotline_never_kept_by_whom_it_is_about"
            ),
            models.CheckConstraint(
                condition=models.Q(against_code="") | ~models.Q(unit_code=models.F("against_code")),
                name="hotline_never_to_whom_it_is_about",
            ),
        )
        indexes = (
            models.Index(fields=["kept_at", "id"], name="hotline_kept"),
            models.Index(fields=["unit_code", "unit_kind", "state"], name="hotline_unit"),
            models.Index(fields=["received_on", "kept_at"], name="hotline_received"),
        )

    def __str__(self) -> str:
        return self.receipt


class Caller(models.Model):
    """Who called, sealed; there is none of an anonymous complaint. Read by ``actions.reading`` alone."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="caller")
    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField()
    address_sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.complaint_id)


class ComplaintStep(models.Model):
    """One step that was taken: which (``rules.moves``), on which day and in which round, with its sealed words.

    ``result``: the code of what was decided, by kind: a refusal, a verdict, what a caller said; of routing, the unit.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10)
    round = models.SmallIntegerField()
    on = models.DateField()
    result = models.CharField(max_length=24, blank=True)
    text_sealed = models.BinaryField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.step} {self.on}"


class ComplaintFile(models.Model):
    """A file of the inquiry, by the digest of its content. Its name is sealed: names of files name people."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="files")
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=40)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["complaint", "sha256"], name="hotline_file_once"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.sha256[:12]}"


class Look(models.Model):
    """That somebody opened who called and the caller's own words, and the reason they gave."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="looks")
    reason = models.CharField(max_length=16)
    note_sealed = models.BinaryField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.by} {self.at:%F %T}"


class Followed(models.Model):
    """What was made of a complaint that was found true: a case of supervision or a violation to be put right."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="followed")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    violation = models.ForeignKey(Violation, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(case__isnull=True, violation__isnull=False)
                | models.Q(case__isnull=False, violation__isnull=True),
                name="hotline_followed_once",
            ),
        )

    def __str__(self) -> str:
        return str(self.complaint_id)
