"""Projects: what is to be built or done where, for whom and by whom; how it went; what was asked for and paid.

Where a project stands is its dossier's. The days and sums that guards of payments read stand here, written by nothing but the
effects of its dossiers and the one function that posts transfers; CHECKs keep the sums within what was approved.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

NUMBER_LENGTH, UNIT_LENGTH, WORDS_LENGTH = 40, 120, 400


class Project(models.Model):
    """One project of the library. ``number``: by which accounts and lists know it. Money in fen.

    ``implementer``: who carries it out (a village, township or unit); ``contractor``: the unit that is paid, with its register
    number, '' where there is none. ``approved_on``, ``noticed_on``, ``accepted_on``, ``settled_on``: approved, the notice
    before the work stood its days, accepted, the notice after it stood its days. ``warranty_until``: the last day on which
    the retention is kept. ``received_fen``, ``paid_fen``: what went into its pots and out of them to payees.
    """

    number = models.CharField(max_length=NUMBER_LENGTH, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    place_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    asked_fen = models.BigIntegerField()
    source = models.CharField(max_length=20)
    applicant = models.CharField(max_length=UNIT_LENGTH)
    implementer = models.CharField(max_length=UNIT_LENGTH)
    responsible = models.CharField(max_length=60)
    contractor = models.CharField(max_length=UNIT_LENGTH, blank=True)
    contractor_number = models.CharField(max_length=32, blank=True)
    tender = models.CharField(max_length=20)
    content = models.CharField(max_length=WORDS_LENGTH)
    goal = models.CharField(max_length=WORDS_LENGTH)
    starts_on = models.DateField()
    ends_on = models.DateField()
    maintenance = models.CharField(max_length=UNIT_LENGTH)
    dossier = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="project")
    approved_fen = models.BigIntegerField(null=True)
    approved_on = models.DateField(null=True)
    noticed_on = models.DateField(null=True)
    progress_percent = models.SmallIntegerField(default=0)
    accepted_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True)
    received_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    version = models.IntegerField(default=1)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(asked_fen__gt=0), name="funds_project_asked"),
            models.CheckConstraint(condition=models.Q(starts_on__lte=models.F("ends_on")), name="funds_project_days"),
            models.CheckConstraint(
                condition=models.Q(approved_fen__isnull=True, approved_on__isnull=True)
                | models.Q(approved_fen__gt=0, approved_on__isnull=False),
                name="funds_project_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(received_fen=0, paid_fen=0)
                | models.Q(
                    approved_fen__isnull=False,
                    received_fen__gte=0,
                    received_fen__lte=models.F("approved_fen"),
                    paid_fen__gte=0,
                    paid_fen__lte=models.F("approved_fen"),
                ),
                name="funds_project_within_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(progress_percent__gte=0, progress_percent__lte=100), name="funds_project_progress"
            ),
            models.CheckConstraint(
                condition=models.Q(contractor="", contractor_number="")
                | (~models.Q(contractor="") & ~models.Q(contractor_number="")),
                name="funds_project_contractor",
            ),
        )
        indexes = (models.Index(fields=["place_code", "id"], name="funds_project_place"),)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ProjectBeneficiary(models.Model):
    """A household that a project is for. ``planned_fen``: its share, 0 where it gains by use alone; ``reached_fen``: what its
    account was paid from the project."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="beneficiaries")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    planned_fen = models.BigIntegerField(default=0)
    reached_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "household"], name="funds_beneficiary_once"),
            models.CheckConstraint(
                condition=models.Q(reached_fen__gte=0, reached_fen__lte=models.F("planned_fen")),
                name="funds_beneficiary_within_share",
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.household_id}"


class ProjectProgress(models.Model):
    """How far the work had come on a day, in percent, and what there is to say of it. Only ever grows."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="progress")
    on = models.DateField()
    percent = models.SmallIntegerField()
    words = models.CharField(max_length=WORDS_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(percent__gte=0, percent__lte=100), name="funds_progress_percent"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.on} {self.percent}"


class Moment(models.TextChoices):
    BEFORE = "before", _("Before the work")
    DURING = "during", _("During the work")
    AFTER = "after", _("After the work")


class ProjectPicture(models.Model):
    """A picture of the place, kept by the digest of its content. Only ever grows."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="pictures")
    moment = models.CharField(max_length=6, choices=Moment)
    taken_on = models.DateField()
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["project", "moment", "sha256"], name="funds_picture_once"),)

    def __str__(self) -> str:
        return f"{self.project_id} {self.moment}"


class ProjectChange(models.Model):
    """What was approved to be otherwise than it was: ``before`` and ``after`` hold the columns that differ. Only ever grows."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="changes")
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="project_change")
    on = models.DateField()
    before = models.JSONField()
    after = models.JSONField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id} {self.on}"


class Inspected(models.TextChoices):
    FIRST = "first", _("First inspection by the township")
    ACCEPTANCE = "acceptance", _("Acceptance by the county")


class ProjectInspection(models.Model):
    """What an inspection found: ``by`` the inspector, ``on`` that day. ``passed``: whether the work went on from there."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="inspections")
    kind = models.CharField(max_length=10, choices=Inspected)
    on = models.DateField()
    found = models.TextField()
    passed = models.BooleanField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind} {self.on}"


class Claim(models.Model):
    """What a township asks to have paid from a project to one payee; its state is its dossier's. ``kind`` of ``claim_kind``.

    ``payee``: the unit; '' where ``household`` is paid. ``invoice``: numbers of the invoices. ``paid_on``: set when paid, as
    transfers whose keys begin with ``claim/`` and its own.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=10)
    amount_fen = models.BigIntegerField()
    payee = models.CharField(max_length=UNIT_LENGTH, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=20)
    invoice = models.CharField(max_length=100)
    dossier = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="claim")
    paid_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="funds_claim_amount"),
            models.CheckConstraint(
                condition=models.Q(payee="", household__isnull=False)
                | (~models.Q(payee="") & models.Q(household__isnull=True)),
                name="funds_claim_payee",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.amount_fen}"
