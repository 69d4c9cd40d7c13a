"""The entries, one chain per county, and the heads that say where each chain ends; the reads of households' pages."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One change. The table refuses UPDATE and DELETE. No foreign keys: an entry outlives what it speaks of."""

    chain = models.CharField(max_length=6)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    diff = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("chain", "seq")
        constraints = (models.UniqueConstraint(fields=["chain", "seq"], name="audit_entry_once"),)
        indexes = (
            models.Index(fields=["object_type", "object_id"], name="audit_entry_object"),
            models.Index(fields=["chain", "-at"], name="audit_entry_at"),
        )

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.action}"


class ChainHead(models.Model):
    """Where a chain ends. ``mark`` is keyed: who cannot read the key cannot cut the chain short unnoticed."""

    chain = models.CharField(max_length=6, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    mark = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} @ {self.seq}"


class Read(models.Model):
    """One look of a person at a household's page."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=150)
    household_id = models.BigIntegerField()
    village_code = models.CharField(max_length=12)
    purpose = models.CharField(max_length=40)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["household_id", "-id"], name="audit_read_household"),)

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.by} {self.household_id}"
