"""Dossiers, the steps taken in them, what lies in their files. Steps and files only ever grow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Dossier(models.Model):
    """One matter under one version of a procedure. While it is open it lies on the desk of a step in a place.

    ``proposal`` may change at the first step only; ``submitted_digest`` is that of what was submitted. ``visit`` counts
    arrivals at a step. ``version`` goes up with every change, so that nobody decides on what they have not seen.
    """

    procedure = models.CharField(max_length=40)
    in_force_from = models.DateField()
    subject = models.CharField(max_length=60)
    place_code = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    year = models.SmallIntegerField()
    campaign = models.CharField(max_length=60, blank=True)
    proposal = models.JSONField(default=dict)
    submitted_digest = models.CharField(max_length=64, blank=True)
    step = models.CharField(max_length=40)
    desk = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    visit = models.SmallIntegerField(default=1)
    due_on = models.DateField(null=True)
    notice_posted = models.BooleanField(default=False)
    notice_until = models.DateField(null=True)
    notice_stopped = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["procedure", "subject"], condition=models.Q(outcome=""), name="procedures_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", desk__gt="") | (~models.Q(outcome="") & models.Q(desk="")),
                name="procedures_open_on_a_desk",
            ),
        )
        indexes = (
            # Not a partial index: SQLite uses one only where the value is spelled out in the statement.
            models.Index(fields=["desk", "procedure", "step", "due_on", "id"], name="procedures_desk"),
            models.Index(fields=["place_code", "procedure", "id"], name="procedures_place"),
            models.Index(fields=["subject"], name="procedures_subject"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.procedure} {self.subject}"


class StepTaken(models.Model):
    """One decision. The table refuses UPDATE and DELETE: a mistake is undone by a further step.

    ``about``: the subject as it stood at that moment. ``proposal``: what was submitted, on the step that submits.
    ``key``: of the form or request that asked for it, so that the same request is carried out once.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="steps_taken")
    seq = models.SmallIntegerField()
    visit = models.SmallIntegerField()
    step = models.CharField(max_length=40)
    decision = models.CharField(max_length=10)
    target = models.CharField(max_length=40)
    opinion = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=24)
    area = models.CharField(max_length=12)
    on = models.DateField()
    at = models.DateTimeField()
    about = models.JSONField(default=dict)
    proposal = models.JSONField(null=True)
    proposal_digest = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=12)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dossier", "seq"], name="procedures_step_once"),
            models.UniqueConstraint(fields=["dossier", "key"], name="procedures_request_once"),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.seq} {self.step} {self.decision}"


class Evidence(models.Model):
    """One file in a dossier, kept by the digest of its content. Never replaced: a better one is laid beside it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20)
    step = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["dossier", "kind", "sha256"], name="procedures_evidence_once"),)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.kind} {self.file_name}"
