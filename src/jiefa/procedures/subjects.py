"""What a dossier is about: ``household:KEY``, ``division:CODE``, ``project:KEY``, ``claim:KEY``, or ``applicant:KEY`` for a
household not on file yet.

``about`` is the subject in short as it stands now; it is kept with every decision.
"""

from __future__ import annotations

from collections.abc import Iterable

from jiefa.areas.models import Designation
from jiefa.registry.models import Household, HouseholdYear

_HOUSEHOLD = (
    "number",
    "head_name",
    "village_code",
    "poverty_status",
    "household_class",
    "size",
    "card_year",
    "version",
)
_CARD = ("main_cause", "kind", "net_income_per_person_fen", "house_danger", "water_safe")


def household(key: int) -> str:
    return f"household:{key}"


def division(code: str) -> str:
    return f"division:{code}"


def project(key: int) -> str:
    return f"project:{key}"


def claim(key: int) -> str:
    return f"claim:{key}"


def key_of(subject: str) -> int:
    """The key of the project or claim that the subject names."""
    kind, _, key = subject.partition(":")
    assert kind in ("project", "claim"), subject
    return int(key)


def household_key(subject: str) -> int | None:
    """The household's key; None for other subjects."""
    kind, _, key = subject.partition(":")
    return int(key) if kind == "household" else None


def about(subjects: Iterable[str]) -> dict[str, dict[str, object]]:
    """Each subject as it stands; empty for one that is not on file. Three queries at most, however many subjects."""
    wanted = set(subjects)
    found: dict[str, dict[str, object]] = {subject: {} for subject in wanted}
    keys = [key for subject in wanted if (key := household_key(subject)) is not None]
    cards: dict[tuple[int, int], tuple[object, ...]] = {}
    if keys:
        rows = list(Household.objects.filter(pk__in=keys).values_list("pk", *_HOUSEHOLD))
        years = {row[1 + _HOUSEHOLD.index("card_year")] for row in rows} - {None}
        of_years = HouseholdYear.objects.filter(household_id__in=keys, year__in=years)
        cards = {(row[0], row[1]): row[2:] for row in of_years.values_list("household_id", "year", *_CARD)}
        for pk, *values in rows:
            facts = dict(zip(_HOUSEHOLD, values, strict=True))
            card = cards.get((pk, facts["card_year"] or 0), ())
            found[household(pk)] = facts | dict(zip(_CARD, card, strict=False))
    codes = [subject.partition(":")[2] for subject in wanted if subject.startswith("division:")]
    if codes:
        for code, kind, since, until in Designation.objects.filter(division__in=codes).values_list(
            "division_id", "kind", "from_year", "to_year"
        ):
            designations = found[division(code)].setdefault("designations", [])
            assert isinstance(designations, list)
            designations.append([kind, since, until])
    return found
