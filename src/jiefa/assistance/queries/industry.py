"""The register of industry: bodies of an area, what they report, which households have something of them, what is on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.assistance.models import BenefitLink, BenefitPaid, IndustryBody, IndustryYear
from jiefa.assistance.queries.programmes import AT_ONCE
from jiefa.assistance.rules.industry import Standing

LinkKey: TypeAlias = tuple[int, int, str, dt.date]
"""Body, household, way, first day."""
PROVINCE_AND_ABOVE = ("national", "province")


def _ends(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def bodies(within: Scope, year: int, kind: str = "", industry: str = "", text: str = "") -> QuerySet[IndustryBody]:
    """The bodies of an area that report of the year, with ``output_fen``, ``sales_fen``, ``invested_fen``, ``members``; by key."""
    report = IndustryYear.objects.filter(body=OuterRef("pk"), year=year)
    rows = gate(IndustryBody.objects.select_related("park"), within).filter(Exists(report))
    if kind:
        rows = rows.filter(kind=kind)
    if industry:
        rows = rows.filter(industry=industry)
    if text:
        rows = rows.filter(Q(number=text) | Q(name__contains=text))
    columns = ("output_fen", "sales_fen", "invested_fen", "members", "poor_members")
    reported = {column: Subquery(report.values(column)[:1]) for column in columns}
    return rows.annotate(**reported).order_by("pk")


def body(pk: int, within: Scope) -> IndustryBody | None:
    """The body, if its seat or a household that has something of it lies inside the scope."""
    linked = gate(BenefitLink.objects.filter(body=OuterRef("pk")), within)
    here = gate(IndustryBody.objects.all(), within).filter(pk=OuterRef("pk"))
    rows = IndustryBody.objects.select_related("park").filter(Exists(here) | Exists(linked))
    return rows.filter(pk=pk).first()


def years(body_id: int) -> list[IndustryYear]:
    """What the body reported, the newest year first."""
    return list(IndustryYear.objects.filter(body=body_id).order_by("-year"))


def in_force(year: int) -> Q:
    """The condition under which a link stands on some day of the year."""
    first, last = _ends(year)
    return Q(from_on__lte=last) & (Q(to_on__isnull=True) | Q(to_on__gte=first))


def links(within: Scope, year: int, body_id: int | None = None) -> QuerySet[BenefitLink]:
    """The links in force in the year of the households inside the scope, with ``paid_fen`` of the year; by key."""
    rows = gate(BenefitLink.objects.select_related("household", "body"), within).filter(in_force(year))
    if body_id is not None:
        rows = rows.filter(body=body_id)
    return rows.annotate(paid_fen=Sum("paid__fen", filter=Q(paid__on__range=_ends(year)))).order_by("pk")


def of_household(household: int, year: int) -> list[BenefitLink]:
    """The household's links in force in the year, with ``paid_fen`` of the year."""
    rows = BenefitLink.objects.select_related("body").filter(in_force(year), household=household)
    return list(rows.annotate(paid_fen=Sum("paid__fen", filter=Q(paid__on__range=_ends(year)))).order_by("pk"))


def unlinked(within: Scope, year: int) -> QuerySet[IndustryBody]:
    """Bodies that were given relief money in the year and by which no household has anything, nor by what lies in the park."""
    given = IndustryYear.objects.filter(body=OuterRef("pk"), year=year, invested_fen__gt=0)
    linked = BenefitLink.objects.filter(in_force(year))
    own, inside = linked.filter(body=OuterRef("pk")), linked.filter(body__park=OuterRef("pk"))
    rows = gate(IndustryBody.objects.all(), within).filter(Exists(given), ~Exists(own), ~Exists(inside))
    return rows.annotate(invested_fen=Subquery(given.values("invested_fen")[:1])).order_by("pk")


@dataclass(frozen=True, slots=True)
class Sums:
    """The bodies of one kind that report of a year. ``recognised``: in the year; ``leading``: of the province or above.

    A sum is None where none of them reported the figure.
    """

    bodies: int
    recognised: int
    leading: int
    in_parks: int
    output_fen: int | None
    sales_fen: int | None
    invested_fen: int | None
    members: int | None
    poor_members: int | None


def by_kind(within: Scope, year: int) -> dict[str, Sums]:
    """The sums by kind of body. One query."""
    rows = gate(IndustryYear.objects.filter(year=year), within, "body__village_code").values(kind=F("body__kind"))
    counted = rows.annotate(
        bodies=Count("pk"),
        recognised=Count("pk", filter=Q(body__recognised_on__range=_ends(year))),
        leading=Count("pk", filter=Q(body__level__in=PROVINCE_AND_ABOVE)),
        in_parks=Count("pk", filter=Q(body__park__isnull=False)),
        all_output=Sum("output_fen"),
        all_sales=Sum("sales_fen"),
        all_invested=Sum("invested_fen"),
        all_members=Sum("members"),
        all_poor=Sum("poor_members"),
    )
    names = ("bodies", "recognised", "leading", "in_parks")
    sums = ("all_output", "all_sales", "all_invested", "all_members", "all_poor")
    found: list[Mapping[str, Any]] = list(counted)
    return {row["kind"]: Sums(*(row[name] for name in (*names, *sums))) for row in found}


@dataclass(frozen=True, slots=True)
class Benefit:
    """Links of one way in a year: how many, of how many households, what reached them in the year."""

    links: int
    households: int
    fen: int


def by_way(within: Scope, year: int, body_id: int | None = None) -> dict[str, Benefit]:
    """What households had of industry (or of one body), by way. Two queries: payments would count a link as often as it paid."""
    of_body = Q() if body_id is None else Q(body=body_id)
    rows = gate(BenefitLink.objects.filter(of_body, in_force(year)), within).order_by().values("way")
    counted = rows.annotate(links=Count("pk"), households=Count("household", distinct=True))
    paid = gate(BenefitPaid.objects.filter(on__range=_ends(year)), within, "link__village_code")
    if body_id is not None:
        paid = paid.filter(link__body=body_id)
    fen = dict(paid.values(way=F("link__way")).annotate(n=Sum("fen")).values_list("way", "n"))
    return {row["way"]: Benefit(row["links"], row["households"], int(fen.get(row["way"], 0))) for row in counted}


def linked(within: Scope, year: int, digits: int) -> dict[str, Benefit]:
    """What households had of industry in the year, by place of so many digits. Two queries, as ``by_way``."""
    place = Substr("village_code", 1, digits)
    rows: Any = gate(BenefitLink.objects.filter(in_force(year)), within).order_by().annotate(place=place)
    counted = rows.values("place").annotate(links=Count("pk"), households=Count("household", distinct=True))
    paid: Any = gate(BenefitPaid.objects.filter(on__range=_ends(year)), within, "link__village_code").order_by()
    summed = paid.annotate(place=Substr("link__village_code", 1, digits)).values("place").annotate(n=Sum("fen"))
    fen = dict(summed.values_list("place", "n"))
    return {row["place"]: Benefit(row["links"], row["households"], int(fen.get(row["place"], 0))) for row in counted}


def industries(within: Scope, year: int) -> int:
    """How many industries the bodies of the area carry in the year."""
    rows = gate(IndustryYear.objects.filter(year=year), within, "body__village_code")
    return rows.values("body__industry").distinct().count()


def _chunks(keys: Iterable[Any]) -> Iterable[list[Any]]:
    wanted = sorted(set(keys))
    return (wanted[first : first + AT_ONCE] for first in range(0, len(wanted), AT_ONCE))


def standing(numbers: Iterable[str]) -> dict[str, Standing]:
    """Key, kind and seat of the bodies on file, by number, wherever they lie: a number is given once."""
    found: dict[str, Standing] = {}
    for some in _chunks(numbers):
        rows = IndustryBody.objects.filter(number__in=some).values_list("number", "pk", "kind", "village_code")
        found |= {number: Standing(key, kind, village) for number, key, kind, village in rows}
    return found


def on_file(
    numbers: Iterable[str], *, lock: bool = False
) -> tuple[dict[str, IndustryBody], dict[tuple[int, int], IndustryYear]]:
    """The bodies by number and their reports by ``(body, year)``; ``lock``: held until the transaction ends."""
    bodies: dict[str, IndustryBody] = {}
    reports: dict[tuple[int, int], IndustryYear] = {}
    every = IndustryBody.objects.select_for_update(of=("self",)) if lock else IndustryBody.objects.all()
    for some in _chunks(numbers):
        bodies |= {one.number: one for one in every.select_related("park").filter(number__in=some)}
    for some in _chunks(one.pk for one in bodies.values()):
        reports |= {(one.body_id, one.year): one for one in IndustryYear.objects.filter(body__in=some)}
    return bodies, reports


def links_on_file(households: Iterable[int], *, lock: bool = False) -> dict[LinkKey, BenefitLink]:
    """The links of these households; ``lock``: held until the transaction ends."""
    found: dict[LinkKey, BenefitLink] = {}
    every = BenefitLink.objects.select_for_update() if lock else BenefitLink.objects.all()
    for some in _chunks(households):
        rows = every.filter(household__in=some)
        found |= {(one.body_id, one.household_id, one.way, one.from_on): one for one in rows}
    return found


def paid_on_file(keys: Iterable[int]) -> dict[tuple[int, dt.date], BenefitPaid]:
    """What was paid by these links, by link and day."""
    found: dict[tuple[int, dt.date], BenefitPaid] = {}
    for some in _chunks(keys):
        found |= {(one.link_id, one.on): one for one in BenefitPaid.objects.filter(link__in=some)}
    return found
