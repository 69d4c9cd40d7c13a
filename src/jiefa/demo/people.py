"""What a person is like in a year: health, school, schooling, labour, insurance. Follows from age and lasting traits.

Traits are drawn once per person, so a person's years fit together; no rule of the catalogue is broken by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiefa.demo.arrays import NULL, BoolArray, IntArray, Random, RealArray, pick, years_of
from jiefa.demo.families import FEMALE
from jiefa.demo.population import People

STAGES = (
    "not_pupil", "preschool", "kindergarten", "primary", "junior", "senior", "vocational", "higher_voc",
    "bachelor", "master",
)  # fmt: skip
STAGE = {name: index for index, name in enumerate(STAGES)}
EDUCATIONS = ("illiterate", "primary", "junior", "senior", "college", "bachelor")
EDU = {name: index for index, name in enumerate(EDUCATIONS)}
DROPOUT_REASONS = ("illness", "disability", "aversion", "poverty", "marriage", "work", "other")
DROPOUT = {name: index for index, name in enumerate(DROPOUT_REASONS)}
HEALTHS = ("healthy", "chronic", "serious", "disabled", "chronic_dis", "serious_dis")
HEALTH = {name: index for index, name in enumerate(HEALTHS)}
LABOURS = ("ordinary", "skilled", "weak", "lost", "none")
LABOUR = {name: index for index, name in enumerate(LABOURS)}
BACHELOR_FROM, DOUBLE_HEALTH_FROM, WEAK_FROM = 2017, 2017, 2018
LIMBS = 4
YULU_FEN = 300_000
"""3,000 yuan per pupil of a vocational school and year (method.md 9)."""

# schooling completed by cohort: born before the year, shares of EDUCATIONS (assumption in the order of the 2010 census)
COHORTS = (
    (1940, (0.62, 0.33, 0.05, 0.00, 0.00)),
    (1955, (0.36, 0.50, 0.12, 0.02, 0.00)),
    (1970, (0.17, 0.53, 0.25, 0.04, 0.01)),
    (1980, (0.07, 0.43, 0.43, 0.05, 0.02)),
    (1990, (0.03, 0.28, 0.52, 0.12, 0.05)),
)
DISABILITY_KINDS = (0.15, 0.12, 0.04, 0.46, 0.09, 0.10, 0.04)
DISABILITY_LEVELS = (0.16, 0.28, 0.30, 0.26)


@dataclass(frozen=True)
class Traits:
    """Lasting traits, one row per person; draws are uniform(0, 1)."""

    school: RealArray
    schooling: RealArray
    skill: RealArray
    strength: RealArray
    work: RealArray
    place: RealArray
    insured: RealArray
    welfare: RealArray
    chronic_from_age: RealArray
    serious_from: IntArray
    serious_to: IntArray
    disability_kind: IntArray
    """1..7, 0 for none."""
    disability_level: IntArray


def traits(people: People, random: Random) -> Traits:
    """Traits for every person ever on the register."""
    count = len(people)
    draws = random.random((8, count))
    age = 2013 - years_of(people.birth)
    disabled = random.random(count) < 0.012 + 0.0009 * np.clip(age, 0, 80)
    sick = random.random(count) < 0.022 + 0.0007 * np.clip(age, 0, 80)
    begin = 2006 + (random.random(count) * 15).astype(np.int64)
    names = ("school", "schooling", "skill", "strength", "work", "place", "insured", "welfare")
    return Traits(
        **dict(zip(names, draws, strict=True)),
        chronic_from_age=np.clip(random.normal(84, 24, count), 8, 200),
        serious_from=np.where(sick, begin, 9999),
        serious_to=begin + 2 + (random.random(count) * 6).astype(np.int64),
        disability_kind=np.where(disabled, pick(random, list(DISABILITY_KINDS), count) + 1, 0),
        disability_level=np.where(disabled, pick(random, list(DISABILITY_LEVELS), count) + 1, 0),
    )


@dataclass
class Condition:
    """Health, school and labour of each person in one year."""

    age: IntArray
    health: IntArray
    stage: IntArray
    grade: IntArray
    dropout: IntArray
    education: IntArray
    labour: IntArray

    @property
    def pupil(self) -> BoolArray:
        return np.asarray(self.stage >= STAGE["primary"])

    @property
    def able(self) -> BoolArray:
        """Ordinary, skilled or weak labour."""
        return np.asarray(self.labour <= LABOUR["weak"])

    @property
    def fit(self) -> BoolArray:
        """Ordinary or skilled labour."""
        return np.asarray(self.labour <= LABOUR["skilled"])


def condition(people: People, lasting: Traits, year: int) -> Condition:
    """The state of every person at the end of ``year`` (also of those who are not there; ages may be negative)."""
    age = year - years_of(people.birth)
    health = _health(lasting, age, year)
    stage, grade, dropout = _school(lasting, age)
    education = _education(people, lasting, age, stage, year)
    labour = _labour(lasting, age, health, stage, education, year)
    return Condition(age, health, stage, grade, dropout, education, labour)


def _health(lasting: Traits, age: IntArray, year: int) -> IntArray:
    disabled = lasting.disability_kind > 0
    serious = (lasting.serious_from <= year) & (year <= lasting.serious_to)
    chronic = age >= lasting.chronic_from_age
    health = np.where(serious, HEALTH["serious"], np.where(chronic, HEALTH["chronic"], HEALTH["healthy"]))
    if year < DOUBLE_HEALTH_FROM:
        return np.where(disabled, HEALTH["disabled"], health)
    both = np.where(serious, HEALTH["serious_dis"], np.where(chronic, HEALTH["chronic_dis"], HEALTH["disabled"]))
    return np.where(disabled, both, health)


def _school(lasting: Traits, age: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Stage, grade, and why somebody of 6 to 15 is not at school. School begins in the year of the sixth birthday."""
    track = lasting.school
    stage = np.zeros(len(age), np.int64)
    stage[age < 6] = STAGE["preschool"]
    stage[(age >= 3) & (age < 6) & (lasting.schooling < 0.6)] = STAGE["kindergarten"]
    stage[(age >= 6) & (age <= 11)] = STAGE["primary"]
    stage[(age >= 12) & (age <= 14)] = STAGE["junior"]
    vocational = track < 0.44
    upper = np.where(vocational, STAGE["vocational"], STAGE["senior"])
    stays_to = np.where(track < 0.05, 14, np.where(track < 0.20, 15, np.where(track < 0.30, 16, 17)))
    in_upper = (age >= 15) & (age <= stays_to)
    stage[in_upper] = upper[in_upper]
    stage[(age >= 18) & (age <= 20) & (track >= 0.36) & (track < 0.60)] = STAGE["higher_voc"]
    stage[(age >= 18) & (age <= 21) & (track >= 0.74)] = STAGE["bachelor"]
    stage[(age >= 22) & (age <= 24) & (track >= 0.993)] = STAGE["master"]
    kept_home = (lasting.disability_level >= 1) & (lasting.disability_level <= 2) & (lasting.strength < 0.4)
    gone = (track < 0.015) & (age >= 13) | (track < 0.03) & (age >= 14) | kept_home & (age >= 6)
    stage[gone] = STAGE["not_pupil"]
    school_age = (age >= 6) & (age <= 15)
    out = school_age & (stage == STAGE["not_pupil"])
    reasons = np.array([DROPOUT["aversion"], DROPOUT["poverty"], DROPOUT["work"], DROPOUT["other"]])
    reason = reasons[np.searchsorted([0.5, 0.7, 0.9], lasting.schooling)]
    dropout = np.where(out, np.where(kept_home, DROPOUT["disability"], reason), NULL)
    first_age = np.select(
        [stage == STAGE["primary"], stage == STAGE["junior"], np.isin(stage, (STAGE["senior"], STAGE["vocational"])),
         np.isin(stage, (STAGE["higher_voc"], STAGE["bachelor"])), stage == STAGE["master"]],
        [6, 6, 15, 18, 22],
        0,
    )  # fmt: skip
    grade = np.where(stage >= STAGE["primary"], age - first_age + 1, NULL)
    return stage, grade, dropout


def _education(people: People, lasting: Traits, age: IntArray, stage: IntArray, year: int) -> IntArray:
    """Schooling completed, for those of six and more who are not pupils."""
    born = years_of(people.birth)
    education = np.zeros(len(age), np.int64)
    earlier = 0
    draw = np.clip(lasting.schooling - np.where((people.sex == FEMALE) & (born < 1980), 0.10, 0.0), 0, 1)
    for before, shares in COHORTS:
        rows = (born >= earlier) & (born < before)
        education[rows] = np.searchsorted(np.cumsum(shares)[:-1], draw[rows], side="right")
        earlier = before
    young = born >= earlier
    track = lasting.school
    level = np.full(len(age), EDU["junior"])
    level[age < 15] = EDU["primary"]
    level[(track >= 0.30) & (age >= 18)] = EDU["senior"]
    level[(track >= 0.36) & (track < 0.60) & (age >= 21)] = EDU["college"]
    level[(track >= 0.74) & (age >= 22)] = EDU["bachelor"]
    level[(track < 0.03) & (age >= 13)] = EDU["primary"]
    kept_home = (lasting.disability_level >= 1) & (lasting.disability_level <= 2) & (lasting.strength < 0.4)
    level[kept_home] = EDU["illiterate"]
    education[young] = level[young]
    if year < BACHELOR_FROM:
        education[education == EDU["bachelor"]] = EDU["college"]
    filled = (age >= 6) & (stage == STAGE["not_pupil"])
    return np.where(filled, education, NULL)


def _labour(
    lasting: Traits, age: IntArray, health: IntArray, stage: IntArray, education: IntArray, year: int
) -> IntArray:
    strength, level = lasting.strength, lasting.disability_level
    ill = np.isin(health, (HEALTH["serious"], HEALTH["serious_dis"]))
    chronic = np.isin(health, (HEALTH["chronic"], HEALTH["chronic_dis"]))
    weak = LABOUR["weak"] if year >= WEAK_FROM else LABOUR["ordinary"]
    skilled = lasting.skill < np.where(education >= EDU["senior"], 0.26, 0.10)
    labour = np.where(skilled, LABOUR["skilled"], LABOUR["ordinary"])
    labour = np.where(
        chronic, np.where(strength < 0.70, labour, np.where(strength < 0.85, weak, LABOUR["lost"])), labour
    )
    labour = np.where(ill, np.where(strength < 0.62, LABOUR["lost"], weak), labour)
    labour = np.where(level >= 3, np.where(strength < 0.6, weak, LABOUR["lost"]), labour)
    labour = np.where((level == 1) | (level == 2), LABOUR["lost"], labour)
    older = (age >= 60) & (labour <= LABOUR["weak"])
    still = strength < np.clip((72 - age) / 13, 0, 1)
    labour = np.where(older & ~still, LABOUR["none"], labour)
    labour = np.where((age >= 70) & (labour != LABOUR["lost"]), LABOUR["none"], labour)
    young = (age < 16) | (stage >= STAGE["primary"])
    return np.where(young, LABOUR["none"], labour)
