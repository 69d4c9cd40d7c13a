"""The lists that were sent in, each known by the digest of its content."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListState(models.TextChoices):
    STAGED = "staged", _("Checked, waiting for a decision")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class ReceivedList(models.Model):
    """A list on its way in, known by the digest of its content.

    ``kind``: what it is a list of (``casework.lists``). ``areas``: of which the list speaks, prefixes joined by commas.
    """

    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ListState)
    areas = models.TextField()
    rows = models.IntegerField()
    accepted = models.IntegerField()
    unchanged = models.IntegerField()
    held_back = models.IntegerField()
    strangers = models.IntegerField()
    warnings = models.IntegerField()
    folder = models.CharField(max_length=200)
    staged_at = models.DateTimeField()
    staged_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "digest"],
                condition=models.Q(state="staged") | models.Q(state="accepted", held_back=0),
                name="lists_content_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.file_name}"
