"""The annual cards: what was true of a household and of a person in one year (method.md 1.5-1.7).

One row per household and year, one per member present at the year's end. NULL: not filled in. Column meanings and
units stand in ``registry.cards``; a test keeps the two lists equal.
"""

from __future__ import annotations

from django.db import models

from jiefa.registry.models.people import Household, Person


class HouseholdYear(models.Model):
    """A household's card of one year."""

    pk = models.CompositePrimaryKey("household_id", "year")
    household = models.ForeignKey(Household, models.PROTECT, related_name="cards", db_index=False)
    year = models.SmallIntegerField()
    village_code = models.CharField(max_length=12)
    poverty_status = models.CharField(max_length=12)
    household_class = models.CharField(max_length=12, null=True)
    standard = models.CharField(max_length=12, null=True)
    main_cause = models.CharField(max_length=12, null=True)
    other_cause_1 = models.CharField(max_length=12, null=True)
    other_cause_2 = models.CharField(max_length=12, null=True)
    other_causes = models.SmallIntegerField(null=True)
    kind = models.CharField(max_length=12, null=True)
    entered_year = models.SmallIntegerField(null=True)
    exited_year = models.SmallIntegerField(null=True)
    size = models.SmallIntegerField()
    stated_size = models.SmallIntegerField(null=True)
    wage_income_fen = models.BigIntegerField(null=True)
    business_income_fen = models.BigIntegerField(null=True)
    property_income_fen = models.BigIntegerField(null=True)
    birth_plan_grant_fen = models.BigIntegerField(null=True)
    dibao_income_fen = models.BigIntegerField(null=True)
    tekun_income_fen = models.BigIntegerField(null=True)
    pension_income_fen = models.BigIntegerField(null=True)
    ecology_income_fen = models.BigIntegerField(null=True)
    other_transfer_fen = models.BigIntegerField(null=True)
    business_cost_fen = models.BigIntegerField(null=True)
    excluded_grants_fen = models.BigIntegerField(null=True)
    stated_income_per_person_fen = models.BigIntegerField(null=True)
    net_income_fen = models.BigIntegerField(null=True)
    net_income_per_person_fen = models.BigIntegerField(null=True)
    previous_income_per_person_fen = models.BigIntegerField(null=True)
    house_area_m2 = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    house_structure = models.CharField(max_length=12, null=True)
    house_built_year = models.SmallIntegerField(null=True)
    house_danger = models.CharField(max_length=12, null=True)
    house_repair_subsidy = models.BooleanField(null=True)
    relocated_year = models.SmallIntegerField(null=True)
    resettlement = models.CharField(max_length=12, null=True)
    old_house_demolished = models.BooleanField(null=True)
    water_source = models.CharField(max_length=12, null=True)
    water_difficult = models.BooleanField(null=True)
    water_safe = models.BooleanField(null=True)
    electricity = models.BooleanField(null=True)
    production_electricity = models.BooleanField(null=True)
    fuel = models.CharField(max_length=12, null=True)
    sanitary_toilet = models.BooleanField(null=True)
    road_type = models.CharField(max_length=12, null=True)
    road_distance_km = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    market_distance_km = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    cultivated_land_mu = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    irrigated_land_mu = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    forest_land_mu = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    orchard_land_mu = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    grass_land_mu = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    water_area_mu = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    cooperative = models.BooleanField(null=True)
    industry_organisation = models.CharField(max_length=12, null=True)
    account_holder_is_member = models.BooleanField(null=True)
    fields_typed = models.SmallIntegerField(null=True)
    content_key = models.BigIntegerField(null=True)  # of the roster row it came from; NULL once edited by hand

    class Meta:
        indexes = (models.Index(fields=["year", "village_code"], name="registry_hh_year_place"),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"


class PersonYear(models.Model):
    """A member's card of one year."""

    pk = models.CompositePrimaryKey("person_id", "year")
    person = models.ForeignKey(Person, models.PROTECT, related_name="cards", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="member_cards", db_index=False)
    year = models.SmallIntegerField()
    village_code = models.CharField(max_length=12)
    relation = models.CharField(max_length=12, null=True)
    education = models.CharField(max_length=12, null=True)
    school_stage = models.CharField(max_length=12, null=True)
    grade = models.SmallIntegerField(null=True)
    same_grade_years = models.SmallIntegerField(null=True)
    dropout_reason = models.CharField(max_length=12, null=True)
    health = models.CharField(max_length=12, null=True)
    labour = models.CharField(max_length=12, null=True)
    work_place = models.CharField(max_length=12, null=True)
    work_county = models.CharField(max_length=12, null=True)
    work_months = models.SmallIntegerField(null=True)
    monthly_wage_fen = models.BigIntegerField(null=True)
    welfare_post = models.BooleanField(null=True)
    dibao = models.BooleanField(null=True)
    tekun = models.BooleanField(null=True)
    resident_medical = models.BooleanField(null=True)
    employee_medical = models.BooleanField(null=True)
    serious_illness_insurance = models.BooleanField(null=True)
    pension = models.BooleanField(null=True)
    yulu_grant_fen = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["year", "village_code"], name="registry_ps_year_place"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.year}"


class KindChoice(models.Model):
    """The kind of a household in a year as an officer set it against the derived one. The newest holds; '' goes back to it."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="kind_choices")
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=12, blank=True)
    before = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=400)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["year", "household", "-id"], name="registry_kind_chosen"),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}: {self.kind}"
