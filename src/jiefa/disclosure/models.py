"""Public notices with their lines, proof that they hung, objections. All of it only ever grows; nothing is taken down."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.procedures.models import Dossier


class Channel(models.TextChoices):
    PAGE = "page", _("On the public page")
    PAPER = "paper", _("On paper or by telephone")


class Notice(models.Model):
    """One list of one place. ``until``: its last day as posted; None for an announcement. ``area``: of the post that posted it.

    Objections move the end; how far, ``rules.clock`` says. ``digest``: of the lines.
    """

    kind = models.CharField(max_length=20)
    procedure = models.CharField(max_length=40)
    step = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=12)
    place_name = models.CharField(max_length=60)
    year = models.SmallIntegerField()
    campaign = models.CharField(max_length=60, blank=True)
    posted_on = models.DateField()
    until = models.DateField(null=True)
    lines = models.IntegerField()
    people = models.IntegerField()
    digest = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=12)
    by = models.CharField(max_length=150)
    area = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["place_code", "id"], name="disclosure_place"),
            models.Index(fields=["kind", "id"], name="disclosure_kind"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.place_code}"


class NoticeRow(models.Model):
    """One line as the public reads it. ``visit``: the dossier's count of arrivals when it was posted."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="rows")
    position = models.IntegerField()
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="notice_rows")
    visit = models.SmallIntegerField()
    name = models.CharField(max_length=60)
    place_code = models.CharField(max_length=12)
    place_name = models.CharField(max_length=60)
    people = models.SmallIntegerField(null=True)
    decided = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["notice", "position"], name="disclosure_row_once"),
            models.UniqueConstraint(fields=["notice", "dossier"], name="disclosure_dossier_once"),
        )
        indexes = (models.Index(fields=["place_code", "notice"], name="disclosure_row_place"),)

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.position} {self.name}"


class NoticeProject(models.Model):
    """What a line says of a project, as ``rules.PublicProject``. Only ever grows."""

    row = models.OneToOneField(NoticeRow, models.PROTECT, related_name="project")
    source = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    content = models.CharField(max_length=400)
    goal = models.CharField(max_length=400)
    starts_on = models.DateField()
    ends_on = models.DateField()
    implementer = models.CharField(max_length=120)
    responsible = models.CharField(max_length=60)
    contractor = models.CharField(max_length=120, blank=True)
    households = models.IntegerField()
    beneficiaries = models.TextField(blank=True)
    result = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.row_id} {self.amount_fen}"


class Posting(models.Model):
    """That the notice hung in a place on a day, with a photograph kept by the digest of its content."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="postings")
    place_code = models.CharField(max_length=12)
    hung_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["notice", "place_code", "sha256"], name="disclosure_posting_once"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.place_code} {self.hung_on}"


class Objection(models.Model):
    """What somebody objects to: one line, or the whole notice. Text, name and contact are sealed; its state is its dossier's.

    ``by``: who typed it in for somebody at the counter; empty from the public page.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    number = models.IntegerField()
    row = models.ForeignKey(NoticeRow, models.PROTECT, null=True, related_name="objections")
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="objection")
    filed_on = models.DateField()
    channel = models.CharField(max_length=5, choices=Channel)
    text_sealed = models.BinaryField()
    name_sealed = models.BinaryField(null=True)
    contact_sealed = models.BinaryField(null=True)
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["notice", "number"], name="disclosure_number_once"),)

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.number}"

    @property
    def anonymous(self) -> bool:
        return self.name_sealed is None and self.contact_sealed is None
