"""Figures sent in, figures corrected on appeal, runs with their scores and points. All of it only grows.

A run is what a scheme said of a year on one day: its figures stand in it, so that it never changes when a figure does.
"""

from __future__ import annotations

from django.db import models

from jiefa.procedures.models import Dossier

DECIMALS = 6
SOURCE_LENGTH, REASON_LENGTH = 200, 400


class CountyFigure(models.Model):
    """A figure that no row of the register gives, with its source. The newest of a place, year and ``figure`` stands."""

    area_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    figure = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=20, decimal_places=DECIMALS)
    source = models.CharField(max_length=SOURCE_LENGTH)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    list_number = models.IntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["year", "figure", "area_code"], name="assessment_figure_newest"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} {self.figure}"


class Correction(models.Model):
    """A figure of one item that an appeal put right, whatever it came from. The newest of a place, year, scheme and item stands."""

    scheme = models.CharField(max_length=16)
    year = models.SmallIntegerField()
    area_code = models.CharField(max_length=12)
    item = models.CharField(max_length=22)
    value = models.DecimalField(max_digits=20, decimal_places=DECIMALS)
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="correction")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["scheme", "year", "area_code"], name="assessment_correction_of"),)

    def __str__(self) -> str:
        return f"{self.scheme} {self.year} {self.area_code} {self.item}"


class Run(models.Model):
    """One scoring of all places of a scheme for a year.

    ``scheme_from``: the version of the scheme. ``snapshot_before``: '' where growth could not be computed. ``digest``: SHA-256 of
    the scheme, who is in which group and every figure of item and veto: equal digests have equal scores. ``corrects``: the run that an appeal put right.
    """

    scheme = models.CharField(max_length=16)
    scheme_from = models.DateField()
    year = models.SmallIntegerField()
    snapshot = models.CharField(max_length=60)
    snapshot_before = models.CharField(max_length=60, blank=True)
    policy_version = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["scheme", "year", "id"], name="assessment_run_newest"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.scheme} {self.year}"


class Score(models.Model):
    """A place in a run. ``hundredths``: of a point, the sum of its points. ``rank``: among all of its level, equal scores alike.

    ``vetoes``: every veto of the scheme in its order, ``{veto, figure, holds, source}``, with ``figure`` None where there is none. Runs made
    before that was kept have those that hold alone, without ``holds``.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="scores")
    area_code = models.CharField(max_length=12)
    group = models.CharField(max_length=40)
    hundredths = models.IntegerField()
    grade = models.CharField(max_length=40)
    rank = models.IntegerField()
    ranked = models.IntegerField()
    vetoes = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "area_code"], name="assessment_place_once"),
            models.CheckConstraint(
                condition=models.Q(hundredths__gte=0, hundredths__lte=10_000), name="assessment_score_bounds"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.area_code}"

    @property
    def held(self) -> list[str]:
        """The vetoes that hold."""
        return [one["veto"] for one in self.vetoes if one.get("holds", True)]


class Point(models.Model):
    """An item of a place in a run: its figure, where that came from, its points of how many, in hundredths.

    ``source``: what the figure was read from, as it was. ``workings``: the function, the place among the group, the best of it.
    """

    score = models.ForeignKey(Score, models.PROTECT, related_name="points")
    order = models.SmallIntegerField()
    item = models.CharField(max_length=22)
    figure = models.DecimalField(max_digits=20, decimal_places=DECIMALS, null=True)
    hundredths = models.IntegerField()
    of_hundredths = models.IntegerField()
    source = models.JSONField()
    workings = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["score", "item"], name="assessment_item_once"),
            models.CheckConstraint(
                condition=models.Q(hundredths__gte=0, hundredths__lte=models.F("of_hundredths")),
                name="assessment_point_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.score_id} {self.item}"
