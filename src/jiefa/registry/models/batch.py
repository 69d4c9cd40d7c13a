"""One roster on its way in: what file, in what state, with what counts, by whom and accepted by whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    STAGED = "staged", _("Checked, waiting for a decision")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Batch(models.Model):
    """A roster known by the digest of its content: the same content is taken once."""

    digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=BatchState)
    take_over = models.BooleanField(default=False)
    years = models.CharField(max_length=60)
    counties = models.TextField()
    households = models.IntegerField(default=0)
    persons = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    held_back = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    folder = models.CharField(max_length=200)
    staged_at = models.DateTimeField()
    staged_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(state="staged") | models.Q(state="accepted", held_back=0),
                name="registry_batch_content_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class Upload(models.Model):
    """A file that was sent to the site and is being read; it becomes a batch, or says why it cannot."""

    file_name = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    step = models.CharField(max_length=20, default="reading")
    batch = models.ForeignKey(Batch, models.CASCADE, null=True)
    failure_zh = models.TextField(blank=True)
    failure_en = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"
