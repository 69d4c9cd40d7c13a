"""Divisions from province to village, what they were designated, and what is known of them by year."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DesignationKind(models.TextChoices):
    KEY_COUNTY = "key_county", _("Key county")
    AREA_COUNTY = "area_county", _("County in a contiguous poor area")
    POOR_TOWNSHIP = "poor_township", _("Poor township")
    POOR_VILLAGE = "poor_village", _("Poor village")
    DEMONSTRATION_COUNTY = "demo_county", _("Demonstration county")
    CONTRACT_PILOT = "contract_pilot", _("Contract pilot county")
    VILLAGE_LEFT = "village_left", _("Village that left")
    TOWNSHIP_DELISTED = "township_off", _("Township de-listed by the province")
    COUNTY_DELISTED = "county_off", _("County de-listed by the province")
    COUNTY_LEFT = "county_left", _("County that left (national)")


class Division(models.Model):
    """A place under one code. A changed code is a new row; ``successor`` says where it went."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=["name"], name="areas_division_name"),)

    def __str__(self) -> str:
        return self.name


class Designation(models.Model):
    """What a division was declared to be, from one year to another (open end: still)."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="designations")
    kind = models.CharField(max_length=16, choices=DesignationKind)
    detail = models.CharField(max_length=60, blank=True)
    from_year = models.SmallIntegerField()
    to_year = models.SmallIntegerField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("division", "kind", "from_year")
        constraints = (
            models.UniqueConstraint(fields=["division", "kind", "from_year"], name="areas_designation_once"),
            models.CheckConstraint(
                condition=models.Q(to_year__isnull=True) | models.Q(to_year__gte=models.F("from_year")),
                name="areas_designation_years",
            ),
        )

    def __str__(self) -> str:
        return f"{self.division_id} {self.kind} {self.from_year}"


class DivisionYear(models.Model):
    """Facts of a division in a year that offices report and nobody counts here (method.md 1.6): inputs, not counts.

    What rules read has a column of its own; ``own`` holds the other items of the village card by the form's identifiers
    (money in fen, measures as text). ``version`` goes up with every change.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="years")
    year = models.SmallIntegerField()
    rural_registered_households = models.IntegerField(null=True)
    rural_registered_people = models.IntegerField(null=True)
    reported_poor_households = models.IntegerField(null=True)
    reported_poor_people = models.IntegerField(null=True)
    cultivated_land_mu = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    collective_income_fen = models.BigIntegerField(null=True)
    net_income_per_person_fen = models.BigIntegerField(null=True)
    """Of all rural people of the place, by the statistics office; not of those on file."""
    disposable_income_per_person_fen = models.BigIntegerField(null=True)
    """Of the same people, as the statistics office reckons since 2014 (可支配收入): never compared with a net income."""
    hardened_road = models.BooleanField(null=True)
    bus = models.BooleanField(null=True)
    safe_water = models.BooleanField(null=True)
    electricity = models.BooleanField(null=True)
    clinic = models.BooleanField(null=True)
    doctor = models.BooleanField(null=True)
    culture_room = models.BooleanField(null=True)
    broadband = models.BooleanField(null=True)
    own = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("division", "year")
        constraints = (models.UniqueConstraint(fields=["division", "year"], name="areas_division_year_once"),)

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}"
