"""Households, persons, who belonged where from when to when, and every entry into and exit from the poor register.

Numbers that must not be read (certificate, telephone, account) are sealed; what rules need of them stands beside.
"""

from __future__ import annotations

from django.db import models

from jiefa.stores import names


class Household(models.Model):
    """One household on the register, as it is now. The yearly card is ``HouseholdYear``.

    ``split_from``: the household from which it was split off together with its status; until it has a card of its own, the
    other's last card says where its people were counted.
    """

    number = models.CharField(max_length=32, unique=True)
    village_code = models.CharField(max_length=12)
    group_name = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    head_name = models.CharField(max_length=60, blank=True)
    size = models.SmallIntegerField(default=0)
    poverty_status = models.CharField(max_length=12)
    household_class = models.CharField(max_length=12)
    entered_year = models.SmallIntegerField(null=True)
    exited_year = models.SmallIntegerField(null=True)
    card_year = models.SmallIntegerField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_key = models.BigIntegerField(null=True)
    phone_valid = models.BooleanField(null=True)
    bank_name = models.CharField(max_length=60, blank=True)
    account_sealed = models.BinaryField(null=True)
    account_key = models.BigIntegerField(null=True)
    account_holder = models.CharField(max_length=60, blank=True)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["village_code", "id"], name="registry_household_place"),)

    def __str__(self) -> str:
        return self.number


class Person(models.Model):
    """One person, as known now. The yearly card is ``PersonYear``; past households are in ``Membership``."""

    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="people", db_index=False)
    village_code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    name_tokens = models.CharField(max_length=400)
    sex = models.CharField(max_length=6, null=True)
    birth_date = models.DateField(null=True)
    ethnic_group = models.CharField(max_length=4, null=True)
    id_sealed = models.BinaryField(null=True)
    id_key = models.BigIntegerField(null=True)
    id_shown_key = models.BigIntegerField(null=True)
    id_form = models.CharField(max_length=12)
    id_length = models.SmallIntegerField()
    id_checksum_ok = models.BooleanField(null=True)
    id_birth_date = models.DateField(null=True)
    id_sex = models.CharField(max_length=6, null=True)
    id_region = models.CharField(max_length=6, null=True)
    id_placeholder = models.BooleanField()
    disability_kind = models.SmallIntegerField(null=True)
    disability_level = models.SmallIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["household"], name="registry_person_household"),
            models.Index(fields=["id_key"], name="registry_person_id_key"),
            models.Index(fields=["id_shown_key"], name="registry_person_id_shown"),
        )

    def __str__(self) -> str:
        return self.name

    def set_name(self, name: str) -> None:
        """Name and index text together: one never without the other."""
        self.name = name
        self.name_tokens = names.token_text(name, self.village_code)


class Membership(models.Model):
    """That a person belonged to a household from one day to another (open end: still does).

    ``relation``: to the head, as stated on ``relation_on``; a card of that year or a later one says it instead.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    joined_on = models.DateField(null=True)
    joined_reason = models.CharField(max_length=12)
    left_on = models.DateField(null=True)
    left_reason = models.CharField(max_length=12, null=True)
    relation = models.CharField(max_length=12, null=True)
    relation_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(left_on__isnull=True), name="registry_membership_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class Movement(models.Model):
    """People entering or leaving the poor register: opening + movements = closing, always (method.md 14)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="movements")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=16)
    reason = models.CharField(max_length=16, null=True)
    on = models.DateField()
    people = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=["year", "village_code"], name="registry_movement_place"),)

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.people:+}"
