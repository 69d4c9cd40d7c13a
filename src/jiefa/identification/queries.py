"""Reading what identification knows: quotas beside what was identified, facts of cards for scores, campaigns, leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.identification.models import Lead, LookBack, LookBackHousehold, Quota, Score
from jiefa.identification.rules.looks import CardFacts
from jiefa.kernel.division_codes import ancestors
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear


def quotas(codes: Iterable[str], year: int) -> dict[str, int]:
    """The quota that holds of each of these places, for those that have one."""
    newest = Quota.objects.filter(division__in=list(codes), year=year).values("division").annotate(last=Max("pk"))
    keys = newest.order_by().values("last")
    return dict(Quota.objects.filter(pk__in=keys).values_list("division_id", "people"))


def standing(code: str, year: int) -> Quota | None:
    """The quota that holds of a place, with who set it and when."""
    return Quota.objects.filter(division=code, year=year).order_by("-pk").first()


def years_with_quotas(code: str) -> list[int]:
    """The years for which a place was allotted a number, the newest first."""
    found = Quota.objects.filter(division=code).order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def splits(code: str, year: int, most: int = 20) -> list[dict[str, Any]]:
    """``{at, by, reason, people, places}`` of the splits of a place's quota, the newest first, at most so many."""
    rows = (
        Quota.objects.filter(division__parent=code, year=year)
        .values("at", "by", "reason")
        .annotate(people=Sum("people"), places=Count("pk"))
        .order_by("-at")[:most]
    )
    return [dict(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Filling:
    """A place's quota beside the people registered as poor and those who apply: two counts that are never mixed."""

    code: str
    quota: int | None
    registered: int
    applying: int

    @property
    def left(self) -> int | None:
        """People that the quota still takes; negative where more are registered."""
        return None if self.quota is None else self.quota - self.registered


def filling(codes: Sequence[str], year: int, within: Scope) -> list[Filling]:
    """Quota, registered and applying people of these places, all of one level, in their order."""
    if not codes:
        return []
    digits = len(codes[0])
    rows = (
        gate(HouseholdYear.objects.filter(year=year), within)
        .annotate(place=Substr("village_code", 1, digits))
        .filter(place__in=list(codes))
        .values("place")
        .annotate(
            registered=Sum("size", filter=Q(poverty_status__in=IN_POVERTY), default=0),
            applying=Sum("size", filter=Q(poverty_status="applicant"), default=0),
        )
    )
    counted = {row["place"]: (row["registered"], row["applying"]) for row in rows}
    allotted = quotas(codes, year)
    return [Filling(code, allotted.get(code), *counted.get(code, (0, 0))) for code in codes]


_CARD = (
    *("household_id", "size", "house_area_m2", "house_structure", "house_danger", "house_built_year", "road_type"),
    *("electricity", "water_difficult", "water_safe", "poverty_status", "village_code"),
)
_MEMBER = ("household_id", "labour", "education", "health", "school_stage", "work_months")


@dataclass(frozen=True, slots=True)
class Carded:
    """A household's facts for a score, with its status and place."""

    facts: CardFacts
    status: str
    village_code: str


def facts_of(household_ids: Iterable[int], year: int) -> dict[int, Carded]:
    """The facts of every household that has a card of the year. Two queries."""
    keys = list(household_ids)
    cards = list(HouseholdYear.objects.filter(household__in=keys, year=year).values_list(*_CARD))
    # By year and village, as the index of cards has it: by household alone every card of the year would be read.
    people = PersonYear.objects.filter(year=year, village_code__in={card[-1] for card in cards}, household__in=keys)
    members: Mapping[int, list[tuple[Any, ...]]] = defaultdict(list)
    for household, *values in people.values_list(*_MEMBER):
        members[household].append(tuple(values))
    found = {}
    for row in cards:
        household, size, area, structure, danger, built, road, power, difficult, safe, status, village = row
        columns = list(zip(*members[household], strict=True)) if members[household] else [()] * 5
        found[household] = Carded(
            CardFacts(
                size=size,
                house_area_m2=area,
                house_structure=structure,
                house_danger=danger,
                house_age_years=None if built is None else year - built,
                road_type=road,
                electricity=power,
                water_difficult=difficult,
                water_safe=safe,
                labour=columns[0],
                education=columns[1],
                health=columns[2],
                stages=columns[3],
                work_months=columns[4],
            ),
            status,
            village,
        )
    return found


def latest_scores(household_ids: Iterable[int], year: int) -> dict[int, Score]:
    """The newest score of each of these households in the year."""
    newest = Score.objects.filter(household__in=list(household_ids), year=year).values("household")
    keys = newest.annotate(last=Max("pk")).order_by().values("last")
    return {score.household_id: score for score in Score.objects.filter(pk__in=keys)}


def disagreements(year: int, within: Scope) -> QuerySet[Score]:
    """Newest scores that speak against the register, by key."""
    later = Score.objects.filter(household=OuterRef("household"), year=year, pk__gt=OuterRef("pk"))
    rows = Score.objects.filter(~Exists(later), year=year).exclude(disagreement="").select_related("household")
    return gate(rows, within).order_by("pk")


def ranking(village: str, year: int, within: Scope) -> list[tuple[HouseholdYear, Score | None]]:
    """Who applies in a village, the poorest by score first; those without a score last, by income."""
    cards = list(
        gate(HouseholdYear.objects.filter(year=year, poverty_status="applicant"), within.narrowed(village))
        .select_related("household")
        .order_by("net_income_per_person_fen", "household_id")
    )
    scores = latest_scores([card.household_id for card in cards], year)

    def place(card: HouseholdYear) -> tuple[bool, float, int, int]:
        score = scores.get(card.household_id)
        income = card.net_income_per_person_fen
        return (
            score is None,
            float(score.highest) if score else 0.0,
            income if income is not None else 1 << 60,
            card.household_id,
        )

    return [(card, scores.get(card.household_id)) for card in sorted(cards, key=place)]


def campaigns(within: Scope) -> QuerySet[LookBack]:
    """Campaigns whose area lies inside the scope, or holds it, the newest first."""
    above = Q(pk__in=[])
    for area in within.areas:
        above |= Q(division__in=[area[:digits] for digits in (2, 4, 6, 9) if digits < len(area)])
    inside = gate(LookBack.objects.all(), within, "division_id")
    return (inside | LookBack.objects.filter(above)).order_by("-pk")


def progress(campaign: LookBack, digits: int, within: Scope) -> list[dict[str, Any]]:
    """By place: households on the list, found by kind, and still to be visited."""
    rows: Iterable[Mapping[str, Any]] = (
        gate(LookBackHousehold.objects.filter(campaign=campaign), within)
        .annotate(place=Substr("village_code", 1, digits))
        .values("place")
        .annotate(
            listed=Count("pk", filter=Q(on_list=True)),
            waiting=Count("pk", filter=Q(on_list=True, found="")),
            confirmed=Count("pk", filter=Q(found="confirmed")),
            changed=Count("pk", filter=Q(found="changed")),
            wrongly_in=Count("pk", filter=Q(found="wrongly_in")),
            missed=Count("pk", filter=Q(found="missed")),
            gone=Count("pk", filter=Q(found="gone")),
        )
        .order_by("place")
    )
    return [dict(row) for row in rows]


def visits(campaign: LookBack, within: Scope, found: str = "") -> QuerySet[LookBackHousehold]:
    """The households of a campaign inside the scope, by key; ``found``: a finding, ``waiting``, or '' for all."""
    rows = gate(LookBackHousehold.objects.filter(campaign=campaign), within).select_related("household")
    if found:
        rows = rows.filter(found="" if found == "waiting" else found)
    return rows.order_by("pk")


def campaign(pk: int, within: Scope) -> LookBack | None:
    """The campaign, if its area lies inside the scope or holds it."""
    return campaigns(within).filter(pk=pk).first()


def campaigns_about(household: Household) -> list[tuple[LookBack, LookBackHousehold | None]]:
    """The campaigns over the village of a household that passed the gate, the newest first, each with its row in it."""
    over = LookBack.objects.filter(division__in=[*ancestors(household.village_code), household.village_code])
    rows = {row.campaign_id: row for row in LookBackHousehold.objects.filter(household=household)}
    return [(campaign, rows.get(campaign.pk)) for campaign in over.order_by("-pk")]


def leads(within: Scope, state: str = "", kind: str = "") -> QuerySet[Lead]:
    """Leads inside the scope, the newest first; ``state``: ``open``, a way in which it was settled, or '' for all."""
    rows = gate(Lead.objects.select_related("household", "of_list"), within)
    if state:
        rows = rows.filter(settled="" if state == "open" else state)
    return (rows.filter(kind=kind) if kind else rows).order_by("-pk")


def lead(pk: int, within: Scope) -> Lead | None:
    """The lead, if its household lies inside the scope."""
    return leads(within).filter(pk=pk).first()


def leads_of(household_id: int) -> list[Lead]:
    """The leads about a household that passed the gate, the newest first."""
    return list(Lead.objects.filter(household=household_id).order_by("-pk"))


def open_leads(household_ids: Sequence[int]) -> dict[int, list[Lead]]:
    """The leads about each of these households that nobody has settled, oldest first. One query."""
    found: dict[int, list[Lead]] = defaultdict(list)
    for lead in Lead.objects.filter(household__in=list(household_ids), settled="").order_by("pk"):
        found[lead.household_id].append(lead)
    return found


def lead_counts(within: Scope) -> list[dict[str, Any]]:
    """``{kind, leads, open, true, kept, wrong}`` inside the scope: what each kind of lead turned out to be worth."""
    rows = (
        gate(Lead.objects.all(), within)
        .values("kind")
        .annotate(
            leads=Count("pk"),
            open=Count("pk", filter=Q(settled="")),
            true=Count("pk", filter=Q(settled="true")),
            kept=Count("pk", filter=Q(settled="kept")),
            wrong=Count("pk", filter=Q(settled="wrong")),
        )
        .order_by("kind")
    )
    return [dict(row) for row in rows]


AT_ONCE = 900
"""Keys in one question: SQLite of older builds takes at most 999."""


def people_by_key(keys: Sequence[int], within: Scope) -> dict[int, Person]:
    """The people inside the scope by the blind index of their number, those who belong to a household."""
    found: dict[int, Person] = {}
    for first in range(0, len(keys), AT_ONCE):
        people = Person.objects.filter(id_key__in=keys[first : first + AT_ONCE], household__isnull=False)
        found |= {person.id_key: person for person in gate(people, within) if person.id_key is not None}
    return found


def homes_by_number(numbers: Sequence[str], within: Scope) -> dict[str, tuple[int, str]]:
    """``(key, village code)`` by number of the households inside the scope."""
    found: dict[str, tuple[int, str]] = {}
    for first in range(0, len(numbers), AT_ONCE):
        homes = gate(Household.objects.filter(number__in=numbers[first : first + AT_ONCE]), within)
        found |= {number: (key, village) for number, key, village in homes.values_list("number", "pk", "village_code")}
    return found
