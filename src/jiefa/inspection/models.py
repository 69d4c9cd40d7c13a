"""Unannounced visits with their items and findings, replies and looking again, files, talks with officers. What happened only grows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.inspection.rules import visiting

WHAT_LENGTH, WHOM_LENGTH = 400, 80


class VisitState(models.TextChoices):
    PLANNED = visiting.PLANNED, _("planned, secret")
    DONE = visiting.DONE, _("done")
    DROPPED = visiting.DROPPED, _("dropped")


class FindingState(models.TextChoices):
    OPEN = visiting.OPEN, _("to be put right")
    REPLIED = visiting.REPLIED, _("to be looked at again")
    CLOSED = visiting.CLOSED, _("put right")


class SpotCheck(models.Model):
    """A visit without notice by the unit of ``by_code`` to a place below it. Until it is done only that unit and those above know of it."""

    by_code = models.CharField(max_length=12)
    place_code = models.CharField(max_length=12)
    planned_for = models.DateField()
    reason_sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=VisitState, default=VisitState.PLANNED)
    done_on = models.DateField(null=True)
    record = models.CharField(max_length=2_000, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="done", done_on__isnull=False)
                | models.Q(~models.Q(state="done"), done_on__isnull=True),
                name="inspection_done_has_a_day",
            ),
            models.CheckConstraint(condition=~models.Q(by_code=models.F("place_code")), name="inspection_from_above"),
        )
        indexes = (
            models.Index(fields=["by_code", "id"], name="inspection_by"),
            models.Index(fields=["place_code", "id"], name="inspection_place"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.by_code}"


class SpotItem(models.Model):
    """How one item of the checklist was found on a visit."""

    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="items")
    item = models.CharField(max_length=16)
    result = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["check_of", "item"], name="inspection_item_once"),)

    def __str__(self) -> str:
        return f"{self.check_of_id} {self.item} {self.result}"


class SpotFinding(models.Model):
    """Something wrong, with the order to put it right by ``due_on``; after a reply, the day by which it is looked at again."""

    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="findings")
    place_code = models.CharField(max_length=12)
    item = models.CharField(max_length=16)
    what = models.CharField(max_length=WHAT_LENGTH)
    state = models.CharField(max_length=8, choices=FindingState, default=FindingState.OPEN)
    found_on = models.DateField()
    since = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["check_of", "item"], name="inspection_finding_once"),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("found_on")), name="inspection_finding_days"
            ),
        )
        indexes = (models.Index(fields=["place_code", "state", "due_on"], name="inspection_finding_open"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.place_code} {self.item}"


class SpotReply(models.Model):
    """What the place says it did about a finding."""

    finding = models.ForeignKey(SpotFinding, models.PROTECT, related_name="replies")
    how = models.CharField(max_length=1_000)
    on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.finding_id} {self.on}"


class SpotRecheck(models.Model):
    """What looking again found: put right, or another day by which it must be."""

    finding = models.ForeignKey(SpotFinding, models.PROTECT, related_name="rechecks")
    result = models.CharField(max_length=12)
    what = models.CharField(max_length=1_000)
    on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.finding_id} {self.result} {self.on}"


class SpotFile(models.Model):
    """A picture or paper of a finding, by the digest of its content: of the visit, of a reply, or of looking again."""

    finding = models.ForeignKey(SpotFinding, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["finding", "sha256"], name="inspection_file_once"),)

    def __str__(self) -> str:
        return f"{self.finding_id} {self.sha256[:12]}"


class Interview(models.Model):
    """A talk to which a responsible officer was called from above: why, what was said (sealed), what is demanded by when."""

    by_code = models.CharField(max_length=12)
    place_code = models.CharField(max_length=12)
    whom = models.CharField(max_length=WHOM_LENGTH)
    reason = models.CharField(max_length=16)
    said_sealed = models.BinaryField()
    demand = models.CharField(max_length=WHAT_LENGTH)
    on = models.DateField()
    due_on = models.DateField()
    finding = models.ForeignKey(SpotFinding, models.PROTECT, null=True, related_name="interviews")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(due_on__gte=models.F("on")), name="inspection_interview_days"),
        )
        indexes = (models.Index(fields=["place_code", "id"], name="inspection_interview_place"),)

    def __str__(self) -> str:
        return f"{self.place_code} {self.reason} {self.on}"
