"""Organisations, cadres, pairings and what came of them; village teams; the one helper of a household; attendance, visits, rounds.

Periods run from ``from_date`` up to, not including, ``to_date``: whoever takes over begins on the day on which the other ends.
The database keeps their history: what began is never rewritten, what ended never changes, nothing overlaps.
"""

from __future__ import annotations

from django.db import models

from jiefa.areas.models import Division
from jiefa.registry.models import Household

ENDS_AFTER_IT_BEGAN = models.Q(to_date__isnull=True) | models.Q(to_date__gte=models.F("from_date"))
OPEN = models.Q(to_date__isnull=True)


class Organisation(models.Model):
    """A unit that sends cadres or is paired with a place; ``kind`` of ``organisation_kind``.

    ``area_code``: its seat; of a unit from outside the province, the province.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    area_code = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["area_code", "name"], name="responsibility_organisation_once"),)

    def __str__(self) -> str:
        return self.name


class Cadre(models.Model):
    """Somebody who may answer for households or serve in a team.

    ``number``: by which offices know the cadre. ``area_code``: where the cadre is posted. ``username``: who signs in, '' for
    nobody. ``rank`` of ``cadre_rank``.
    """

    number = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cadres")
    rank = models.CharField(max_length=12)
    area_code = models.CharField(max_length=12)
    username = models.CharField(max_length=60, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["username"], condition=~models.Q(username=""), name="responsibility_one_cadre_a_user"
            ),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGAN, name="responsibility_cadre_dates"),
        )
        indexes = (models.Index(fields=["area_code", "id"], name="responsibility_cadre_place"),)

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """That an organisation, or one leader of it, is paired with a place; dated, many with many; ``kind`` of ``pairing_kind``."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pairings")
    leader = models.ForeignKey(Cadre, models.PROTECT, null=True, related_name="pairings")
    area_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "area_code", "kind"],
                condition=OPEN & models.Q(leader__isnull=True),
                name="responsibility_paired_once",
            ),
            models.UniqueConstraint(
                fields=["leader", "area_code", "kind"],
                condition=OPEN & models.Q(leader__isnull=False),
                name="responsibility_linked_once",
            ),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGAN, name="responsibility_pairing_dates"),
        )
        indexes = (models.Index(fields=["area_code"], name="responsibility_paired_place"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.area_code}"


class PairingEntry(models.Model):
    """A line of a pairing's book: money, or something in kind with what it is worth (0: not valued). ``form`` of ``aid_form``.

    ``of_list``: digest of the workbook with which it came in. The table refuses UPDATE and DELETE: a correction is a further
    line, which ``corrects`` the earlier one and says why.
    """

    on = models.DateField()
    form = models.CharField(max_length=12)
    what = models.CharField(max_length=200)
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    of_list = models.CharField(max_length=64, blank=True, db_index=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Commitment(PairingEntry):
    """What was promised within a pairing, and by when. A promise is no payment."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="commitments")
    due = models.DateField(null=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="responsibility_promised"),)

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.on} {self.amount_fen}"


class Arrival(PairingEntry):
    """What has really come to a place within a pairing, by which voucher. ``source`` of ``aid_source``."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="arrivals")
    area_code = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    voucher = models.CharField(max_length=60, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="responsibility_arrived"),)
        indexes = (models.Index(fields=["area_code", "on"], name="responsibility_came_to"),)

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.on} {self.amount_fen}"


class Team(models.Model):
    """A work team in a village; who serves in it changes, the team stays."""

    village_code = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["village_code"], condition=OPEN, name="responsibility_one_team"),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGAN, name="responsibility_team_dates"),
        )

    def __str__(self) -> str:
        return f"{self.village_code} {self.from_date}"


class TeamMember(models.Model):
    """That a cadre serves in a team; ``role`` of ``team_role``. One team at a time, one first secretary a team."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="service")
    village_code = models.CharField(max_length=12)
    role = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["cadre"], condition=OPEN, name="responsibility_one_service"),
            models.UniqueConstraint(
                fields=["team"], condition=OPEN & models.Q(role="first_sec"), name="responsibility_one_first_secretary"
            ),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGAN, name="responsibility_service_dates"),
        )
        indexes = (models.Index(fields=["village_code"], name="responsibility_service_place"),)

    def __str__(self) -> str:
        return f"{self.cadre_id} in {self.team_id}"


class Helper(models.Model):
    """That a cadre answers for a household. ``village_code``: where the household was when it began."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="helpers", db_index=False)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="households", db_index=False)
    village_code = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["household"], condition=OPEN, name="responsibility_one_helper"),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGAN, name="responsibility_helper_dates"),
        )
        indexes = (
            models.Index(fields=["household", "from_date"], name="responsibility_answered"),
            models.Index(fields=["cadre", "to_date"], name="responsibility_answers"),
        )

    def __str__(self) -> str:
        return f"{self.cadre_id} for {self.household_id}"


class Attendance(models.Model):
    """Days that a cadre was in the village in a month, and on leave by kind: days, nothing else. The newest row holds."""

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="attendance")
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    present = models.SmallIntegerField()
    leave = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(month__range=(1, 12)), name="responsibility_month"),
            models.CheckConstraint(condition=models.Q(present__range=(0, 31)), name="responsibility_present"),
        )
        indexes = (
            models.Index(fields=["year", "month", "village_code"], name="responsibility_attended"),
            models.Index(fields=["cadre", "year", "month", "-id"], name="responsibility_days"),
        )

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.year}-{self.month:02d}: {self.present}"


class Round(models.Model):
    """A round (遍访) over an area: every village and every poor household of it is to be visited between two days."""

    title = models.CharField(max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    begins = models.DateField()
    ends = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("begins")), name="responsibility_round_days"),
        )

    def __str__(self) -> str:
        return self.title


class Visit(models.Model):
    """A visit of a household, or of a village where ``household`` is empty. The table refuses UPDATE and DELETE.

    ``of_list``: digest of the workbook with which it came in, '' for one entered by itself. ``photo``: digest of a picture in
    the file store. ``purpose`` of ``visit_purpose``. A correction is a further visit that ``corrects`` the one which was
    wrong and says why; with ``void`` there was none.
    """

    on = models.DateField()
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="visits", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="visits", db_index=False)
    village_code = models.CharField(max_length=12)
    of_round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="visits", db_index=False)
    purpose = models.CharField(max_length=12)
    found = models.CharField(max_length=1000)
    next_step = models.CharField(max_length=400, blank=True)
    place = models.CharField(max_length=120, blank=True)
    photo = models.CharField(max_length=64, blank=True)
    photo_type = models.CharField(max_length=40, blank=True)
    of_list = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    void = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["corrects"], condition=models.Q(corrects__isnull=False), name="responsibility_corrected_once"
            ),
        )
        indexes = (
            models.Index(fields=["household", "-on"], name="responsibility_visited"),
            models.Index(fields=["cadre", "-on"], name="responsibility_visitor"),
            models.Index(fields=["of_round", "village_code"], name="responsibility_of_round"),
            models.Index(fields=["village_code", "on"], name="responsibility_visit_place"),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.cadre_id} {self.household_id}"
