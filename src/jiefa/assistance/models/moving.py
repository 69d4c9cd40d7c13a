"""What cases of training and relocation name: courses, settlement sites, hamlets that move. Money is in fen.

A case names each by its number or name, as lists do; it may stand before the thing itself is on file.
"""

from __future__ import annotations

from django.db import models

NAME_LENGTH = 60


class Course(models.Model):
    """A course of training that a county holds, known within it by the number that cases give.

    ``days``: of teaching, which is less than from the first to the last day where there are holidays. ``places``: how many
    may take part. ``fen_a_head``: what it costs for each.
    """

    county_code = models.CharField(max_length=6)
    number = models.CharField(max_length=NAME_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    trade = models.CharField(max_length=20)
    organiser = models.CharField(max_length=NAME_LENGTH)
    from_on = models.DateField()
    to_on = models.DateField()
    days = models.SmallIntegerField()
    places = models.IntegerField()
    fen_a_head = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["county_code", "number"], name="assistance_course_once"),
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="assistance_course_span"),
            models.CheckConstraint(condition=models.Q(days__gt=0, places__gt=0), name="assistance_course_size"),
        )

    def __str__(self) -> str:
        return f"{self.county_code} {self.number}"


class SettlementSite(models.Model):
    """Where moved households live, known within its county by its name.

    ``where``: township or community in words. ``kind``: of ``resettlement``. ``settled_in``: in a town or the country, by
    which caps differ. ``school``, ``clinic``: the nearest. Flats and people that nobody has stated are null.
    """

    county_code = models.CharField(max_length=6)
    name = models.CharField(max_length=NAME_LENGTH)
    where = models.CharField(max_length=NAME_LENGTH, blank=True)
    kind = models.CharField(max_length=12)
    settled_in = models.CharField(max_length=8)
    flats_planned = models.IntegerField(null=True)
    flats_built = models.IntegerField(null=True)
    people_planned = models.IntegerField(null=True)
    jobs = models.IntegerField(null=True)
    school = models.CharField(max_length=NAME_LENGTH, blank=True)
    clinic = models.CharField(max_length=NAME_LENGTH, blank=True)
    begun_on = models.DateField(null=True)
    built_on = models.DateField(null=True)
    opened_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["county_code", "name"], name="assistance_site_once"),
            models.CheckConstraint(
                condition=(models.Q(flats_planned__isnull=True) | models.Q(flats_planned__gte=0))
                & (models.Q(flats_built__isnull=True) | models.Q(flats_built__gte=0))
                & (models.Q(people_planned__isnull=True) | models.Q(people_planned__gte=0))
                & (models.Q(jobs__isnull=True) | models.Q(jobs__gte=0)),
                name="assistance_site_room",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county_code} {self.name}"


class Hamlet(models.Model):
    """A natural village that moves or may move, known within its village by its name.

    ``households``, ``people``: all who live there. ``poor_households``, ``poor_people``: as stated, null where the register
    is to say it. ``reason``: the kind of area, of ``relocation_reason``. ``site``: the name of the site to which it moves.
    """

    village_code = models.CharField(max_length=12)
    name = models.CharField(max_length=NAME_LENGTH)
    households = models.IntegerField(null=True)
    people = models.IntegerField(null=True)
    poor_households = models.IntegerField(null=True)
    poor_people = models.IntegerField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    site = models.CharField(max_length=NAME_LENGTH, blank=True)
    decided_on = models.DateField(null=True)
    moved_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["village_code", "name"], name="assistance_hamlet_once"),
            models.CheckConstraint(
                condition=models.Q(poor_households__isnull=True)
                | models.Q(households__isnull=True)
                | models.Q(poor_households__lte=models.F("households")),
                name="assistance_hamlet_households",
            ),
            models.CheckConstraint(
                condition=models.Q(poor_people__isnull=True)
                | models.Q(people__isnull=True)
                | models.Q(poor_people__lte=models.F("people")),
                name="assistance_hamlet_people",
            ),
            models.CheckConstraint(
                condition=models.Q(moved_on__isnull=True)
                | models.Q(decided_on__isnull=True)
                | models.Q(moved_on__gte=models.F("decided_on")),
                name="assistance_hamlet_days",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village_code} {self.name}"
