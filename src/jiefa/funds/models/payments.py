"""What went to the bank from confirmed orders, what the bank said of it, and the accounts of units that are paid."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.funds.models.ledger import OWNER_LENGTH, Order, Transfer


class UnitAccount(models.Model):
    """The bank account of a unit that is paid, as a list stated it; a household's stands on the register. The number is sealed."""

    area_code = models.CharField(max_length=12)
    owner = models.CharField(max_length=OWNER_LENGTH)
    bank_name = models.CharField(max_length=60)
    account_holder = models.CharField(max_length=OWNER_LENGTH)
    account_sealed = models.BinaryField()
    account_key = models.BigIntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["area_code", "owner"], name="funds_unit_account_once"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.owner}"


class Channel(models.TextChoices):
    CARD = "card", _("One-card payments to households")
    BANK = "bank", _("Bank payments to units")


class PaymentFile(models.Model):
    """Payments of one confirmed order as they went to the bank, once. ``content``: the file itself, sealed; ``digest``: of its rows."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="payment_files")
    channel = models.CharField(max_length=4, choices=Channel)
    areas = models.TextField()
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    amount_fen = models.BigIntegerField()
    content = models.BinaryField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(rows__gt=0), name="funds_payment_file_filled"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.channel}"


class PaymentResult(models.TextChoices):
    SENT = "sent", _("Sent to the bank")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned by the bank")


class Payment(models.Model):
    """A transfer in a payment file, and what the bank said of it: once, and for good. ``reason``: why it came back."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="payments")
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="payment")
    amount_fen = models.BigIntegerField()
    result = models.CharField(max_length=8, choices=PaymentResult, default=PaymentResult.SENT)
    answered_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(result="sent", answered_on__isnull=True)
                | (~models.Q(result="sent") & models.Q(answered_on__isnull=False)),
                name="funds_payment_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.result}"
