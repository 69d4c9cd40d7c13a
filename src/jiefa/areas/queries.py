"""Reading the division tree: a place, its way up, what lies under it, its designations."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Length, Substr

from jiefa.areas.models import Designation, Division, DivisionYear
from jiefa.areas.rules import DivisionUnknown
from jiefa.kernel import division_codes
from jiefa.kernel.division_codes import Level


def division(code: str) -> Division:
    """The place with ``code``. Raises ``DivisionUnknown``."""
    found = Division.objects.filter(pk=code).first()
    if found is None:
        raise DivisionUnknown(division=code)
    return found


def way_up(code: str) -> list[Division]:
    """The places from the province down to ``code`` itself, those on file."""
    return list(Division.objects.filter(pk__in=[*division_codes.ancestors(code), code]).order_by("code"))


def children(code: str | None) -> QuerySet[Division]:
    """The places directly under ``code`` that are valid today; the provinces for ``None``."""
    return Division.objects.filter(parent_id=code, valid_to__isnull=True)


def children_of(codes: list[str]) -> QuerySet[Division]:
    """The places directly under any of ``codes`` that are valid today."""
    return Division.objects.filter(parent_id__in=codes, valid_to__isnull=True)


def named(codes: list[str]) -> dict[str, str]:
    """Name by code, for the codes on file."""
    return dict(Division.objects.filter(pk__in=codes).values_list("code", "name"))


def matching(text: str, areas: tuple[str, ...]) -> QuerySet[Division]:
    """Places whose name contains ``text`` or whose code begins with it, inside ``areas`` or above them; broad places first."""
    inside = Q(pk__in=[])
    for area in areas:
        low, high = division_codes.prefix_range(area)
        inside |= Q(code__gte=low, code__lt=high)
    by_text = Q(code__startswith=text) if text.isdecimal() else Q(name__contains=text)
    return Division.objects.filter(inside, by_text, valid_to__isnull=True).order_by(Length("code"), "code")


def designations(code: str, year: int) -> QuerySet[Designation]:
    """What ``code`` was designated in ``year``."""
    return Designation.objects.filter(
        Q(to_year__isnull=True) | Q(to_year__gte=year), division_id=code, from_year__lte=year
    )


def designated_as(kind: str, year: int) -> QuerySet[Designation]:
    """The places designated as ``kind`` in ``year``, by code."""
    held = Q(to_year__isnull=True) | Q(to_year__gte=year)
    rows = Designation.objects.filter(held, kind=kind, from_year__lte=year)
    return rows.select_related("division").order_by("division")


def codes_under(code: str, level: Level) -> list[str]:
    """The codes of ``level`` inside ``code`` (itself, when it is of that level), ascending."""
    low, high = division_codes.prefix_range(code)
    inside = Division.objects.filter(code__gte=low, code__lt=high, level=level, valid_to__isnull=True)
    return list(inside.order_by("code").values_list("code", flat=True))


def under(code: str, digits: int) -> list[Division]:
    """The places of so many digits inside ``code`` that are valid today, by code."""
    low, high = division_codes.prefix_range(code)
    inside = Division.objects.filter(code__gte=low, code__lt=high, valid_to__isnull=True)
    return list(inside.annotate(digits=Length("code")).filter(digits=digits).order_by("code"))


def several(codes: list[str]) -> list[Division]:
    """The places with these codes, by code."""
    return list(Division.objects.filter(pk__in=codes).order_by("code"))


def facts(code: str) -> list[DivisionYear]:
    """What offices reported of a place, by year."""
    return list(DivisionYear.objects.filter(division=code).order_by("year"))


def facts_under(code: str, year: int) -> QuerySet[DivisionYear]:
    """What offices reported in a year of the villages inside ``code``, by village."""
    low, high = division_codes.prefix_range(code)
    inside = DivisionYear.objects.filter(division__gte=low, division__lt=high, division__level=Level.VILLAGE, year=year)
    return inside.select_related("division").order_by("division")


def value_of(row: DivisionYear, name: str) -> object:
    """What is stated of an item of the village card, by the form's identifier; None: nothing."""
    for column in (name, f"{name}_fen"):
        if column in row.__dict__:
            return getattr(row, column)
    return row.own.get(name)


def designated(kind: str) -> list[str]:
    """The codes that are or were designated so in any year, ascending."""
    return sorted(set(Designation.objects.filter(kind=kind).values_list("division_id", flat=True)))


def designated_in(kinds: Collection[str], year: int) -> list[str]:
    """The codes that were designated as any of these kinds in ``year``, ascending."""
    held = Q(to_year__isnull=True) | Q(to_year__gte=year)
    rows = Designation.objects.filter(held, kind__in=sorted(kinds), from_year__lte=year)
    return sorted(set(rows.values_list("division_id", flat=True)))


def reported(codes: Collection[str], years: Collection[int], column: str) -> dict[tuple[str, int], DivisionYear]:
    """By place and year the rows in which offices reported something in ``column``."""
    rows = DivisionYear.objects.filter(division__in=sorted(codes), year__in=sorted(years))
    return {(one.division_id, one.year): one for one in rows.exclude(**{f"{column}__isnull": True})}


def summed(digits: int, years: Collection[int], column: str) -> dict[tuple[str, int], int]:
    """By prefix of so many digits and year the sum over the villages that reported something in ``column``. One query."""
    rows = DivisionYear.objects.filter(division__level=Level.VILLAGE, year__in=sorted(years)).order_by()
    by_place = rows.annotate(place=Substr("division_id", 1, digits)).values("place", "year")
    found = by_place.annotate(total=Sum(column)).values_list("place", "year", "total")
    return {(place, year): total for place, year, total in found if total is not None}
