"""What a sample says of its place: people wrongly exited, missed, wrongly in, and approval, each with its interval, against the standard.

Each answer weighs 1 / (chance of the village · chance of the household); those who answered in a village and part stand for those
who did not. Shares are of people (Σ w · people counted / Σ w · people). Errors by ``survey.through_svy``: strata of
villages, villages as clusters, drawn as if with replacement, which errs to the safe side. Intervals of Korn and Graubard: they have
limits where nobody was found. A stratum with a single village is centred on the mean of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from jiefa.evaluation.models import DrawnHousehold, FieldAnswer, Rebuttal, Sample
from jiefa.evaluation.queries.samples import in_the_field_of
from jiefa.evaluation.rules.drawing import Part
from jiefa.evaluation.rules.judging import PART_OF, Found, Measure, Verdict, counted, is_poor, verdict
from jiefa.policy import Pack
from jiefa.survey import intervals
from jiefa.survey.design import Asked, Lonely, designed
from jiefa.survey.microdata import BoolArray, FloatArray, Microdata

FIRST_YEAR_OF_STANDARDS = 2017
"""Evaluations of earlier years are held to the first standard there was."""

GUARANTEES = ("food", "clothing", "education", "medical", "housing", "water")
LIMITS: Mapping[Measure, str] = {
    Measure.WRONGLY_EXITED: "exit.county_wrong_exit_below_percent",
    Measure.MISSED: "exit.county_missed_below_percent",
    Measure.APPROVAL: "exit.county_approval_from_percent",
}


@dataclass(frozen=True)
class Estimated:
    """A share of people. ``households`` and ``people``: answered; ``missing``: households drawn for it without an answer."""

    measure: Measure
    value: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    df: int
    households: int
    people: int
    counted: int
    missing: int
    limit: float | None
    verdict: Verdict | None


@dataclass(frozen=True)
class _Row:
    drawn: DrawnHousehold
    answer: FieldAnswer | None
    poor: bool | None
    struck: bool = False
    """The county's rebuttal was upheld: what the register says holds."""

    @property
    def place(self) -> tuple[int, str]:
        return self.drawn.village_id, self.drawn.part

    def counts(self, measure: Measure) -> bool | None:
        if self.answer is None or self.poor is None:
            return None
        if self.struck and measure is not Measure.APPROVAL:
            return False
        return counted(measure, _found(self.answer), self.poor)


def _found(answer: FieldAnswer) -> Found:
    lacking = frozenset(name for name in GUARANTEES if not getattr(answer, name))
    return Found(answer.people, answer.income_fen, lacking, answer.satisfied)


def rows(of: Sample, pack: Pack) -> list[_Row]:
    """Every household in the field with its newest answer and whether that shows it poor, by sheet."""
    return _rows_of([of], pack)[of.pk]


def _rows_of(several: Sequence[Sample], pack: Pack) -> dict[int, list[_Row]]:
    """The rows of several samples. Two queries."""
    answers = FieldAnswer.objects.filter(household__sample__in=several).order_by("pk")
    newest = {one.household_id: one for one in answers}
    found: dict[int, list[_Row]] = {one.pk: [] for one in several}
    policies = {one.pk: pack.for_year(one.year) for one in several}
    for drawn in in_the_field_of(several):
        answer, policy = newest.get(drawn.pk), policies[drawn.sample_id]
        line, guarantees = policy.fen("poverty_line.province"), policy.texts("exit.household_guarantees")
        poor = None if answer is None else is_poor(_found(answer), line, guarantees)
        found[drawn.sample_id].append(_Row(drawn, answer, poor))
    return found


def estimates(of: Sample, pack: Pack) -> list[Estimated]:
    """One for each ``Measure``, in order; without a value where nobody was asked."""
    return _estimates(of, rows(of, pack), pack)


def estimates_without(of: Sample, struck: Collection[int], pack: Pack) -> list[Estimated]:
    """The same as if nothing had been found in the households of these keys (``DrawnHousehold``); their approval still counts."""
    return _estimates(of, _without(rows(of, pack), struck), pack)


def estimates_of(several: Sequence[Sample], pack: Pack) -> dict[int, list[Estimated]]:
    """The same of several samples, by key, with what was struck counted as not found. Three queries."""
    found, struck = _rows_of(several, pack), _struck(several)
    return {one.pk: _estimates(one, _without(found[one.pk], struck), pack) for one in several}


def _without(found: Sequence[_Row], struck: Collection[int]) -> list[_Row]:
    return [replace(row, struck=row.drawn.pk in struck) for row in found]


def _struck(several: Sequence[Sample]) -> frozenset[int]:
    return frozenset(Rebuttal.objects.filter(household__sample__in=several).values_list("household_id", flat=True))


def _estimates(of: Sample, found: Sequence[_Row], pack: Pack) -> list[Estimated]:
    standards = pack.for_year(max(of.year + 1, FIRST_YEAR_OF_STANDARDS))
    limits = {measure: float(standards.number(name)) / 100 for measure, name in LIMITS.items()}
    return [_estimated(measure, found, limits.get(measure)) for measure in Measure]


def _estimated(measure: Measure, found: Sequence[_Row], limit: float | None) -> Estimated:
    from jiefa.survey import through_svy

    part = PART_OF[measure]
    concerned = [part is None or row.drawn.part == part for row in found]
    hits = [row.counts(measure) if inside else None for row, inside in zip(found, concerned, strict=True)]
    domain: BoolArray = np.array([hit is not None for hit in hits], dtype=bool)
    people = np.array([0 if row.answer is None else row.answer.people for row in found], dtype=float)
    households, missing = int(domain.sum()), sum(concerned) - int(domain.sum())
    if not households:
        return Estimated(measure, None, None, None, None, 0, 0, 0, 0, missing, limit, None)
    hit = np.array([bool(one) for one in hits], dtype=float)
    data = _microdata(found, _weights(found))
    made = designed(data, Asked("weight", "stratum", ("village",), (), Lonely.CENTRE))
    (share,) = through_svy.ratios(made, [people * hit], people, domain)
    low, high = intervals.korn_graubard(share.value, share.se, share.df, households)
    return Estimated(
        measure=measure,
        value=share.value,
        se=share.se,
        ci_low=low,
        ci_high=high,
        df=share.df,
        households=households,
        people=int(people[domain].sum()),
        counted=int((people * hit)[domain].sum()),
        missing=missing,
        limit=limit,
        verdict=None if limit is None else verdict(measure, low, high, limit),
    )


def _weights(found: Sequence[_Row]) -> FloatArray:
    """One over the chances, times those drawn over those who answered in the village and part."""
    drawn = Counter(row.place for row in found)
    answered = Counter(row.place for row in found if row.answer is not None)
    return np.array(
        [
            drawn[row.place] / max(1, answered[row.place]) / (row.drawn.village.probability * row.drawn.probability)
            for row in found
        ]
    )


def _microdata(found: Sequence[_Row], weights: FloatArray) -> Microdata:
    columns = {
        "weight": pa.array(weights),
        "stratum": pa.array([row.drawn.village.stratum for row in found]),
        "village": pa.array([row.drawn.village.village_code for row in found]),
    }
    return Microdata("sample", np.array([row.drawn.sheet for row in found], dtype=np.int64), columns)


@dataclass(frozen=True)
class Discrepancy:
    """A household of which field and register differ: what the county is heard about. ``drawn``: key of the ``DrawnHousehold``."""

    drawn: int
    sheet: int
    village_code: str
    household: int | None
    position: int | None
    measure: Measure
    people: int
    income_fen: int
    lacking: tuple[str, ...]


def discrepancies(of: Sample, pack: Pack) -> list[Discrepancy]:
    """Those wrongly exited, missed and wrongly in, by sheet."""
    measure_of = {part: measure for measure, part in PART_OF.items() if part is not None}
    found = []
    for row in rows(of, pack):
        measure = measure_of[Part(row.drawn.part)]
        if row.answer is None or not row.counts(measure):
            continue
        lacking = tuple(name for name in GUARANTEES if not getattr(row.answer, name))
        place = (row.drawn.village.village_code, row.drawn.household_id, row.drawn.position)
        found.append(
            Discrepancy(
                row.drawn.pk, row.drawn.sheet, *place, measure, row.answer.people, row.answer.income_fen, lacking
            )
        )
    return found
