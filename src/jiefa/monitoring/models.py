"""Leads about households outside the register, the watches that came of them, and the cards of scores that were trained.

A lead is neither a decision nor a watch; a watch begins and ends by a dossier alone.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.lists.models import ReceivedList
from jiefa.registry.models import Household, Person


class EventState(models.TextChoices):
    OPEN = "open", _("to be looked into")
    FOLLOWED = "followed", _("taken up by a dossier")
    CLOSED = "closed", _("closed with a reason")


class Event(models.Model):
    """That something happened to a household which may throw it back: a lead, to be looked into on the spot.

    ``trigger`` of ``watch_trigger``, ``source`` of ``lead_source``, ``department`` of ``warning_department``. ``found``: what the card
    says, in the unit of the trigger (fen a person, people). ``snapshot``: whose cards were searched. ``visit``: on which it was seen.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="watch_events")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    village_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    source = models.CharField(max_length=12)
    trigger = models.CharField(max_length=12)
    on = models.DateField()
    amount_fen = models.BigIntegerField(null=True)
    found = models.BigIntegerField(null=True)
    department = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    snapshot = models.CharField(max_length=60, blank=True)
    visit = models.BigIntegerField(null=True)
    of_list = models.ForeignKey(ReceivedList, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=EventState, default=EventState.OPEN)
    reason = models.CharField(max_length=400, blank=True)
    settled_on = models.DateField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    dossier = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["village_code", "state", "id"], name="monitoring_event_place"),)
        constraints = (
            # What a card says of a year is one lead, however often it is searched.
            models.UniqueConstraint(
                fields=["household", "year", "trigger"],
                condition=models.Q(source="card"),
                name="monitoring_card_event_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.trigger} {self.on}"


class Watch(models.Model):
    """A household that is watched from a day on, by the dossier that decided it; ``ended`` of ``watch_end``, '' while it is watched."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="watches")
    group = models.CharField(max_length=12)
    triggers = models.CharField(max_length=120)
    year = models.SmallIntegerField()
    since = models.DateField()
    dossier = models.BigIntegerField(unique=True)
    ended = models.CharField(max_length=10, blank=True)
    ended_on = models.DateField(null=True)
    ended_dossier = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(ended=""), name="monitoring_watched_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended="", ended_on__isnull=True)
                | (~models.Q(ended="") & models.Q(ended_on__isnull=False)),
                name="monitoring_ended_on_a_day",
            ),
        )
        indexes = (models.Index(fields=["ended", "id"], name="monitoring_watch_open"),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.group} {self.since}"


class ModelCard(models.Model):
    """What a score is made of and worth: data, measures on a year held out, by group. ``used``: whether it orders visits.

    ``order_of``: the snapshot whose households it was asked to order. ``facts``: everything that its page shows, as computed.
    Cards only grow; the newest of a year holds.
    """

    year = models.SmallIntegerField()
    order_of = models.CharField(max_length=60)
    snapshots = models.JSONField()
    policy_version = models.CharField(max_length=80)
    used = models.BooleanField()
    reason = models.CharField(max_length=20)
    auc = models.FloatField(null=True)
    baseline_auc = models.FloatField(null=True)
    facts = models.JSONField()
    seconds = models.FloatField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.year} {self.reason}"
