"""Who carries an industry and what households have of it; the works of villages that advance as a whole. Money is in fen."""

from __future__ import annotations

from django.db import models

from jiefa.registry.models import Household


class IndustryBody(models.Model):
    """Who carries an industry: a park, an enterprise, a cooperative, a base; by the number under which lists name it.

    ``village_code``: where it has its seat. ``level``: of a leading enterprise. ``park``: in which it lies.
    """

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12)
    village_code = models.CharField(max_length=12)
    industry = models.CharField(max_length=20)
    level = models.CharField(max_length=12, blank=True)
    park = models.ForeignKey("self", models.PROTECT, null=True, related_name="inside")
    recognised_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["village_code", "kind", "id"], name="assistance_body_place"),)

    def __str__(self) -> str:
        return self.name


class IndustryYear(models.Model):
    """What a body of industry reports of a year. ``invested_fen``: relief money that it was given in the year."""

    body = models.ForeignKey(IndustryBody, models.PROTECT, related_name="years", db_index=False)
    year = models.SmallIntegerField()
    output_fen = models.BigIntegerField(null=True)
    sales_fen = models.BigIntegerField(null=True)
    invested_fen = models.BigIntegerField(null=True)
    members = models.IntegerField(null=True)
    poor_members = models.IntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["body", "year"], name="assistance_body_year_once"),
            models.CheckConstraint(
                condition=models.Q(poor_members__isnull=True)
                | models.Q(members__isnull=False, poor_members__lte=models.F("members")),
                name="assistance_body_year_members",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}"


class BenefitLink(models.Model):
    """That a household has something of a body of industry, by agreement: rent, wages, a dividend, an order, care."""

    body = models.ForeignKey(IndustryBody, models.PROTECT, related_name="links", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="benefit_links")
    village_code = models.CharField(max_length=12)
    way = models.CharField(max_length=12)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["body", "household", "way", "from_on"], name="assistance_link_once"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="assistance_link_days",
            ),
        )
        indexes = (models.Index(fields=["village_code", "body", "id"], name="assistance_link_place"),)

    def __str__(self) -> str:
        return f"{self.body_id} {self.household_id} {self.way}"


class BenefitPaid(models.Model):
    """What reached the household by a link on a day."""

    link = models.ForeignKey(BenefitLink, models.PROTECT, related_name="paid", db_index=False)
    on = models.DateField()
    fen = models.BigIntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["link", "on"], name="assistance_benefit_paid_once"),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="assistance_benefit_paid_amount"),
        )

    def __str__(self) -> str:
        return f"{self.link_id} {self.on}"


class VillageWork(models.Model):
    """One of the works by which a village advances as a whole, in the plan of a year. ``percent``: how far it has come."""

    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    work = models.CharField(max_length=12)
    planned_fen = models.BigIntegerField()
    spent_fen = models.BigIntegerField(default=0)
    percent = models.SmallIntegerField(default=0)
    begun_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["year", "village_code", "work"], name="assistance_village_work_once"),
            models.CheckConstraint(
                condition=models.Q(planned_fen__gte=0, spent_fen__gte=0, percent__gte=0, percent__lte=100),
                name="assistance_village_work_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_on__isnull=True) | models.Q(percent=100),
                name="assistance_village_work_accepted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village_code} {self.year} {self.work}"
