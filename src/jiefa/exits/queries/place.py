"""What the standards of leaving ask about places, for many places at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, Sum

from jiefa.areas.models import Designation, DivisionYear
from jiefa.exits.rules import place
from jiefa.exits.rules.household import Item
from jiefa.kernel.division_codes import Level, prefix_range
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import HouseholdYear

FIRST_IDENTIFIED = 2014
"""The standard of a poor village was issued in 2014 for the base year 2013."""


def exact(number: Decimal) -> Fraction:
    """The number without any rounding."""
    return Fraction(number)


def designated(codes: Sequence[str], kind: str, year: int) -> set[str]:
    """Those of ``codes`` that were designated so in ``year``."""
    rows = Designation.objects.filter(division__in=list(codes), kind=kind, from_year__lte=year)
    return set(rows.filter(Q(to_year__isnull=True) | Q(to_year__gte=year)).values_list("division_id", flat=True))


def village_standard(codes: Sequence[str], year: int, pack: Pack) -> dict[str, tuple[Item, ...]]:
    """The items of the standard of every village. Two queries, however many."""
    policy = pack.for_year(year)
    standard = place.VillageStandard(
        # The limit was issued in 2016; villages that left before are held to it too, for want of an earlier one.
        incidence_below_percent=exact(pack.for_year(max(year, 2016)).number("exit.village_incidence_below_percent")),
        services=policy.texts("exit.village_services"),
        collective_income_from_fen=policy.fen("exit.village_collective_income_from"),
    )
    poor = dict(
        HouseholdYear.objects.filter(village_code__in=list(codes), year=year, poverty_status__in=IN_POVERTY)
        .values("village_code")
        .annotate(people=Sum("size"))
        .values_list("village_code", "people")
    )
    facts = {row.division_id: row for row in DivisionYear.objects.filter(division__in=list(codes), year=year)}
    return {
        code: place.village(_village(poor.get(code, 0), facts.get(code), standard.services), standard) for code in codes
    }


def poor_village_standard(
    codes: Sequence[str], year: int, pack: Pack
) -> tuple[place.PoorVillageStandard, dict[str, tuple[Item, ...]]]:
    """The standard and its items for every village, by what was reported of ``year``. Three queries, however many."""
    policy = pack.for_year(max(year, FIRST_IDENTIFIED))
    standard = place.PoorVillageStandard(
        incidence_times_province=exact(policy.number("poor_village.incidence_times_province")),
        income_below_percent=exact(policy.number("poor_village.income_below_percent")),
        without_collective_income=policy.flag("poor_village.no_collective_income"),
        required=int(policy.number("poor_village.items_required")),
    )
    provinces = {code[:2] for code in codes}
    reported = DivisionYear.objects.filter(year=year)
    whole = {
        code: _share(
            **reported.filter(
                division__level=Level.VILLAGE.value,
                division__gte=code,
                division__lt=prefix_range(code)[1],
                rural_registered_people__gt=0,
                reported_poor_people__isnull=False,
            ).aggregate(poor=Sum("reported_poor_people"), people=Sum("rural_registered_people"))
        )
        for code in provinces
    }
    rows = {row.division_id: row for row in reported.filter(division__in=[*codes, *provinces])}
    found = {}
    for code in codes:
        own, province = rows.get(code), rows.get(code[:2])
        found[code] = place.poor_village(
            place.PoorVillageFacts(
                incidence=_share(own.reported_poor_people, own.rural_registered_people) if own else None,
                incidence_of_province=whole[code[:2]],
                income_fen=own.net_income_per_person_fen if own else None,
                income_of_province_fen=province.net_income_per_person_fen if province else None,
                collective_income_fen=own.collective_income_fen if own else None,
            ),
            standard,
        )
    return standard, found


def _share(poor: int | None, people: int | None) -> Fraction | None:
    return Fraction(poor, people) if poor is not None and people else None


def _village(poor: int, row: DivisionYear | None, services: Sequence[str]) -> place.VillageFacts:
    return place.VillageFacts(
        poor_people=poor,
        rural_people=row.rural_registered_people if row else None,
        collective_income_fen=row.collective_income_fen if row else None,
        services={name: getattr(row, name) if row else None for name in services},
    )
