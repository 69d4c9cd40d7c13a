"""Pots of money, what moved between them, and the orders by which it moves.

An account holds money of one origin alone. Transfers only ever grow; every amount is in fen. The guards of the tables stand
in ``migrations/0002_kept.py``.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.registry.models import Household

KEY_LENGTH, DOCUMENT_LENGTH, OWNER_LENGTH = 80, 100, 120


class AccountKind(models.TextChoices):
    OUTSIDE = "outside", _("The world outside")
    SOURCE = "source", _("Source")
    HOLDER = "holder", _("Holder")
    PROJECT = "project", _("Project")
    PAYEE = "payee", _("Payee")


class Origin(models.Model):
    """Where money came from: source and type of the pack's code lists, fund year, in whose books it enters, and who gave it.

    ``giver`` tells apart givers of one source: the paired city, the enterprise; '' for a treasury.
    """

    source = models.CharField(max_length=20)
    type = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    area_code = models.CharField(max_length=12)
    giver = models.CharField(max_length=OWNER_LENGTH, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_code", "year", "source", "type", "giver"], name="funds_origin_once"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.source} {self.type} {self.giver}"


class Account(models.Model):
    """A pot: the money of one origin that one holder has. The balance is the sum of its transfers and never below zero,
    but for the world outside, which has given what all others hold.

    ``owner``: the unit or project; '' for the office of ``area_code``. ``household``: a household that was paid.
    """

    kind = models.CharField(max_length=8, choices=AccountKind)
    area_code = models.CharField(max_length=12, blank=True)
    owner = models.CharField(max_length=OWNER_LENGTH, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", db_index=False)
    origin = models.ForeignKey(Origin, models.PROTECT, related_name="accounts")
    balance_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="outside") | models.Q(balance_fen__gte=0), name="funds_account_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(household__isnull=True) | models.Q(kind="payee", owner=""),
                name="funds_account_household",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="outside", area_code="")
                | (~models.Q(kind="outside") & ~models.Q(area_code="")),
                name="funds_account_place",
            ),
            models.UniqueConstraint(
                fields=["area_code", "kind", "owner", "origin"],
                condition=models.Q(household__isnull=True),
                name="funds_account_once",
            ),
            models.UniqueConstraint(
                fields=["household", "origin"],
                condition=models.Q(household__isnull=False),
                name="funds_account_household_once",
            ),
            # What transfers refer to, so that no transfer joins money of two origins.
            models.UniqueConstraint(fields=["id", "origin"], name="funds_account_of_origin"),
        )
        indexes = (models.Index(fields=["area_code", "id"], name="funds_account_area"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.area_code} {self.owner}"


class OrderState(models.TextChoices):
    STAGED = "staged", _("Waiting for a second officer")
    ACCEPTED = "accepted", _("Confirmed and posted")
    REFUSED = "refused", _("Refused")


class OrderKind(models.TextChoices):
    BUDGETS = "budgets", _("List of appropriations")
    TRANSFERS = "transfers", _("List of transfers")
    TYPED = "typed", _("Transfer")
    REVERSAL = "reversal", _("Reversal")
    ALLOCATION = "allocation", _("Allocation by factors")


class Order(models.Model):
    """Transfers that one officer proposed, frozen, and another confirms or refuses. ``digest``: of their content.

    ``areas``: whose money moves, prefixes joined by commas. ``rows_digest``: of the rows as they wait on the disk.
    """

    kind = models.CharField(max_length=10, choices=OrderKind)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=OrderState)
    areas = models.TextField()
    rows = models.IntegerField()
    posted = models.IntegerField()
    unchanged = models.IntegerField()
    held_back = models.IntegerField()
    warnings = models.IntegerField()
    amount_fen = models.BigIntegerField()
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
                name="funds_order_content_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.title}"


class Transfer(models.Model):
    """Money that went from one pot to another of the same origin. Never changed or deleted; put right by one reversal.

    ``key``: known once and for all: what comes again under it is the same transfer. ``from_code``, ``to_code``: the places of
    the two accounts, '' for the world outside. ``reverses``: the transfer that this one takes back, whole.
    """

    from_account = models.ForeignKey(Account, models.PROTECT, related_name="given", db_index=False, db_constraint=False)
    to_account = models.ForeignKey(Account, models.PROTECT, related_name="got", db_index=False, db_constraint=False)
    origin = models.ForeignKey(Origin, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    from_code = models.CharField(max_length=12, blank=True)
    to_code = models.CharField(max_length=12, blank=True)
    amount_fen = models.BigIntegerField()
    on = models.DateField()
    purpose = models.CharField(max_length=20)
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)
    of_order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="transfers")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="funds_transfer_amount"),
            models.CheckConstraint(
                condition=~models.Q(from_account=models.F("to_account")), name="funds_transfer_two_accounts"
            ),
            models.CheckConstraint(
                condition=~models.Q(document="") & ~models.Q(key=""), name="funds_transfer_document"
            ),
        )
        indexes = (
            models.Index(fields=["from_code", "from_account", "id"], name="funds_transfer_from"),
            models.Index(fields=["to_code", "to_account", "id"], name="funds_transfer_to"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.amount_fen}"


class ClosedYear(models.Model):
    """The books of a year that are closed for a place and all inside it: nothing is dated into them any more."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["area_code", "year"], name="funds_closed_once"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}"


class FactorValue(models.Model):
    """What an office reported of a county for a factor that no card holds (fiscal strength, performance)."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    factor = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    source = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_code", "year", "factor"], name="funds_factor_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="funds_factor_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} {self.factor}"


class Allocation(models.Model):
    """The money of one pot shared out to counties by factors, from a snapshot. ``workings``: the arithmetic as it was done."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    snapshot = models.CharField(max_length=80)
    snapshot_year = models.SmallIntegerField()
    policy_version = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField()
    purpose = models.CharField(max_length=20)
    goal = models.CharField(max_length=400)
    rights = models.CharField(max_length=400)
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    workings = models.JSONField()
    order = models.OneToOneField(Order, models.PROTECT, related_name="allocation")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="funds_allocation_amount"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.document}"


class AllocationShare(models.Model):
    """What one county is to get, to do and to decide: money, goal and task, in people who are to leave poverty."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="shares")
    area_code = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField()
    task_people = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["allocation", "area_code"], name="funds_share_once"),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gte=0, task_people__gte=0), name="funds_share_amounts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.allocation_id} {self.area_code}"
