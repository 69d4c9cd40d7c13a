"""Yearly plans with their measures; loans with repayments, and the risk fund of a county with every movement of it.

Money is in fen. What a household signed is never changed: another version takes its place.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.areas.models import Division
from jiefa.lists.models import ReceivedList
from jiefa.registry.models import Household, Person
from jiefa.responsibility.models import Cadre

VOUCHER_LENGTH = 60
PARTY_LENGTH = 100


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    REPLACED = "replaced", _("Replaced by a later version")


class HouseholdPlan(models.Model):
    """What is to be done for a household in a year. At most one draft and one signed version at a time.

    ``signed_by``: who signed for the household. ``digest``: of what was promised, taken when it was signed.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="plans")
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    version = models.SmallIntegerField()
    state = models.CharField(max_length=8, choices=PlanState)
    signed_on = models.DateField(null=True)
    signed_by = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["household", "year", "version"], name="assistance_plan_version"),
            models.UniqueConstraint(
                fields=["household", "year", "state"],
                condition=~models.Q(state="replaced"),
                name="assistance_plan_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", signed_on__isnull=True)
                | (~models.Q(state="draft") & models.Q(signed_on__isnull=False)),
                name="assistance_plan_signed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}/{self.version}"


class Measure(models.Model):
    """One thing that is to be done, the cause that it answers, and what arrived of it.

    ``cause``: of the code list, '' where it answers none. ``kind``: of ``suggested_measure``. ``responsible``: as the household
    signed it. ``cadre``: who answers now, where it is a cadre; else ``responsible_user`` is where the person signs in.
    """

    plan = models.ForeignKey(HouseholdPlan, models.CASCADE, related_name="measures")
    village_code = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=20)
    what = models.CharField(max_length=200, blank=True)
    responsible = models.CharField(max_length=60)
    responsible_user = models.CharField(max_length=150, blank=True)
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, related_name="measures")
    planned_on = models.DateField()
    planned_fen = models.BigIntegerField(null=True)
    delivered_on = models.DateField(null=True)
    delivered_fen = models.BigIntegerField(null=True)
    result = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(delivered_on__isnull=False)
                | models.Q(delivered_on__isnull=True, delivered_fen__isnull=True, result=""),
                name="assistance_measure_arrived",
            ),
        )
        indexes = (
            models.Index(fields=["village_code", "planned_on", "id"], name="assistance_measure_place"),
            models.Index(fields=["plan", "cause"], name="assistance_measure_cause"),
            models.Index(fields=["responsible_user", "village_code"], name="assistance_measure_whose"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind}"

    @property
    def user(self) -> str:
        """Under which name who answers now signs in; '' for nobody."""
        return self.cadre.username if self.cadre else self.responsible_user


class Loan(models.Model):
    """A loan to a household without collateral. ``balance_fen``: what the household still owes the lender or the fund.

    ``compensated_on``: the day from which the fund has paid and the household is pursued.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="loans")
    borrower = models.ForeignKey(Person, models.PROTECT, related_name="+")
    village_code = models.CharField(max_length=12)
    platform = models.CharField(max_length=20)
    use = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField()
    balance_fen = models.BigIntegerField()
    months = models.SmallIntegerField()
    rate_percent = models.DecimalField(max_digits=5, decimal_places=3)
    from_on = models.DateField()
    to_on = models.DateField()
    compensated_on = models.DateField(null=True)
    dossier = models.BigIntegerField(null=True, unique=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    amount_fen__gt=0, months__gt=0, balance_fen__gte=0, balance_fen__lte=models.F("amount_fen")
                ),
                name="assistance_loan_amounts",
            ),
        )
        indexes = (
            models.Index(fields=["village_code", "to_on", "id"], name="assistance_loan_place"),
            models.Index(fields=["household", "balance_fen"], name="assistance_loan_household"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.household_id}"


class Repayment(models.Model):
    """Principal and interest that a household paid on a day; to the fund where the fund had paid for it.

    ``voucher``: the bank's number of it, '' where it gives none. ``time``: which one of the same day and amounts it is.
    ``subsidised_on``: when the fund paid the interest back.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="repayments")
    on = models.DateField()
    principal_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField()
    voucher = models.CharField(max_length=VOUCHER_LENGTH, blank=True)
    time = models.SmallIntegerField(default=1)
    subsidised_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(principal_fen__gte=0, interest_fen__gte=0), name="assistance_repayment_amounts"
            ),
            models.UniqueConstraint(
                fields=["loan", "voucher"], condition=~models.Q(voucher=""), name="assistance_repaid_voucher"
            ),
            models.UniqueConstraint(
                fields=["loan", "on", "principal_fen", "interest_fen", "time"], name="assistance_repaid_once"
            ),
        )
        indexes = (models.Index(fields=["loan", "on"], name="assistance_repaid"),)

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on}"


class FundKind(models.TextChoices):
    CONTRIBUTION = "contribution", _("Paid into the fund")
    COMPENSATION = "compensation", _("Paid to the bank for a loan")
    RECOVERY = "recovery", _("Recovered from a borrower")
    SUBSIDY = "subsidy", _("Interest subsidy paid")


class FundEntry(models.Model):
    """One movement of a county's risk fund; its balance is their sum. ``amount_fen`` is negative for what leaves it.

    Of a compensation: what the bank bears, and how the fund's part falls on county, township and village.
    """

    county = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=FundKind)
    on = models.DateField()
    amount_fen = models.BigIntegerField()
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="fund_entries")
    bank_fen = models.BigIntegerField(default=0)
    county_fen = models.BigIntegerField(default=0)
    township_fen = models.BigIntegerField(default=0)
    village_fen = models.BigIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["loan"], condition=models.Q(kind="compensation"), name="assistance_compensated_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["contribution", "recovery"], amount_fen__gt=0)
                | models.Q(kind__in=["compensation", "subsidy"], amount_fen__lt=0),
                name="assistance_fund_sign",
            ),
        )
        indexes = (models.Index(fields=["county", "on", "id"], name="assistance_fund_county"),)

    def __str__(self) -> str:
        return f"{self.county_id} {self.kind} {self.on}"


class CreditParty(models.Model):
    """Who fills a role of microcredit in a county from a day on (四台一会): of ``credit_role``; one at a time for a role."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=PARTY_LENGTH)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["county", "role"], condition=models.Q(to_on__isnull=True), name="assistance_party_one"
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gt=models.F("from_on")),
                name="assistance_party_days",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county_id} {self.role} {self.name}"


class ProgrammeRecord(models.Model):
    """The case of a household or person in a programme of the pack, in a year. ``own``: its columns, as the pack names them.

    ``identity`` tells the case apart: household or person and what the pack calls its key. ``stage`` and ``traced_on``,
    ``amount_fen`` and ``people`` follow from ``own``. ``off_list``: the office that decides no longer lists it.
    """

    programme = models.CharField(max_length=40)
    household = models.ForeignKey(Household, models.PROTECT, related_name="help_records", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    identity = models.CharField(max_length=120)
    own = models.JSONField()
    stage = models.CharField(max_length=20, blank=True)
    traced_on = models.DateField(null=True)
    amount_fen = models.BigIntegerField(default=0)
    people = models.SmallIntegerField(default=1)
    off_list = models.BooleanField(default=False)
    dossier = models.BigIntegerField(null=True, unique=True)
    of_list = models.ForeignKey(ReceivedList, models.PROTECT, null=True, related_name="records", db_index=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "year", "identity"], name="assistance_record_once"),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gte=0, people__gte=0), name="assistance_record_amounts"
            ),
        )
        indexes = (
            models.Index(fields=["programme", "year", "village_code"], name="assistance_record_place"),
            models.Index(fields=["household", "year"], name="assistance_record_home"),
            models.Index(fields=["person", "programme"], name="assistance_record_person"),
        )

    def __str__(self) -> str:
        return f"{self.programme} {self.year} {self.identity}"
