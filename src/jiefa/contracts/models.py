"""Contracts that were signed, what they were settled at, the return of money; townships of concentrated investment.

Contracts and settlements only grow: each is what an approved dossier said. Amounts are fen.
"""

from __future__ import annotations

from django.db import models

from jiefa.funds.models import DOCUMENT_LENGTH, Order
from jiefa.procedures.models import Dossier


class Contract(models.Model):
    """A county's word that so many heads leave poverty in these years, at a price for each. Money paid under it is known by
    ``document``, which transfers name.
    """

    area_code = models.CharField(max_length=12)
    from_year = models.SmallIntegerField()
    to_year = models.SmallIntegerField()
    heads = models.IntegerField()
    unit_price_fen = models.BigIntegerField()
    source = models.CharField(max_length=20)
    fund_type = models.CharField(max_length=20)
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="+")
    signed_on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_code", "document"], name="contracts_document_once"),
            models.CheckConstraint(
                condition=models.Q(heads__gt=0, unit_price_fen__gt=0, to_year__gte=models.F("from_year")),
                name="contracts_contract_sound",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_code} {self.document}"

    @property
    def years(self) -> range:
        """The years in which heads count."""
        return range(self.from_year, self.to_year + 1)

    @property
    def amount_fen(self) -> int:
        """The lump sum: heads times the price of one."""
        return self.heads * self.unit_price_fen


class Settlement(models.Model):
    """What the province decided that a contract comes to. ``workings``: by year the snapshot, who left, who fell back; the terms."""

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="settlement")
    verified = models.IntegerField()
    paid_heads = models.IntegerField()
    due_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField()
    claw_back_fen = models.BigIntegerField()
    owed_fen = models.BigIntegerField()
    explanation = models.CharField(max_length=1_000, blank=True)
    workings = models.JSONField()
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(claw_back_fen=0) | models.Q(owed_fen=0), name="contracts_one_way_only"
            ),
        )

    def __str__(self) -> str:
        return f"{self.contract_id} {self.due_fen}"


class Return(models.Model):
    """An order by which money goes back under a settlement; a refused one may be followed by another."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="returns")
    order = models.OneToOneField(Order, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.order_id}"


class InvestedTownship(models.Model):
    """A township in which special funds are put together in a year, with the sum that is aimed at."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    target_fen = models.BigIntegerField()
    document = models.CharField(max_length=DOCUMENT_LENGTH)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["year", "area_code"], name="contracts_township_once"),
            models.CheckConstraint(condition=models.Q(target_fen__gt=0), name="contracts_township_target"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.area_code}"


class DepartmentMoney(models.Model):
    """What a department spent in such a township past the books of relief money: counted beside the target, never inside."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    department = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    amount_fen = models.BigIntegerField()
    voucher = models.CharField(max_length=80)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["year", "area_code", "department", "voucher"], name="contracts_department_once"
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="contracts_department_amount"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.area_code} {self.department}"
