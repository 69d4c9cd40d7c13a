"""What the standard of leaving asks of households' cards, for many households at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from jiefa.exits.rules import household as rules
from jiefa.policy import Pack
from jiefa.registry.models import HouseholdYear, PersonYear

MEDICAL = ("illness", "disability")
"""Reasons for which a child may be out of school."""


def facts_of(household_ids: Iterable[int], year: int, pack: Pack) -> dict[int, rules.Facts]:
    """The facts of every household that has a card of the year. Two queries, however many households."""
    keys = list(household_ids)
    policy = pack.for_year(year)
    youngest, oldest = int(policy.number("quality.ed01.age_from")), int(policy.number("quality.ed01.age_to"))
    # Of school age as the quality rule has it: full years at the end of the year.
    born = (dt.date(year - oldest - 1, 12, 31), dt.date(year - youngest, 12, 31))
    cards = list(
        HouseholdYear.objects.filter(household__in=keys, year=year).values_list(
            *("household_id", "net_income_fen", "size", "house_danger", "relocated_year", "water_safe"),
            *("entered_year", "poverty_status", "village_code"),
        )
    )
    # By year and village, as the index of cards has it: by household alone every card of the year would be read.
    members = PersonYear.objects.filter(
        year=year, village_code__in={card[-1] for card in cards}, household__in=keys
    ).values_list(
        *("household_id", "school_stage", "dropout_reason", "person__birth_date"),
        *("resident_medical", "employee_medical"),
    )
    out_of_school: dict[int, int] = defaultdict(int)
    uninsured: dict[int, int] = defaultdict(int)
    for household, stage, reason, birth, resident, employee in members:
        if stage == "not_pupil" and birth and born[0] < birth <= born[1] and reason not in MEDICAL:
            out_of_school[household] += 1
        if not (resident or employee):
            uninsured[household] += 1
    return {
        household: rules.Facts(
            net_income_fen=income,
            size=size,
            out_of_school=out_of_school[household],
            uninsured=uninsured[household],
            house_danger=danger,
            relocated_year=relocated,
            water_safe=water,
            entered_year=entered,
            poverty_status=status,
        )
        for household, income, size, danger, relocated, water, entered, status, _village in cards
    }


def standard_of(
    household_ids: Iterable[int], year: int, pack: Pack, stated: Mapping[int, Mapping[str, object]]
) -> dict[int, tuple[rules.Item, ...]]:
    """The items of the standard of every household that has a card of the year. ``stated``: what was checked on the spot."""
    policy = pack.for_year(year)
    line = policy.fen("poverty_line.province")
    guarantees = policy.texts("exit.household_guarantees")
    found = facts_of(household_ids, year, pack)
    return {key: rules.standard(facts, line, guarantees, stated.get(key, {})) for key, facts in found.items()}
