"""Households as lists and one by one. The scope is an argument of every read; nothing is listed without it.

Pages are keyset pages: the next page begins after the last row shown, whatever happened before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.kernel import id_numbers
from jiefa.kernel.vault import Vault
from jiefa.registry.models import Household, HouseholdYear, Membership, Movement, Person, PersonYear
from jiefa.stores import bulk, names

PAGE = 50
ORDER = ("village_code", "pk")
COUNT_LIMIT = 1_000
"""Lists say "1,000+" beyond: counting 2 M rows costs more than showing them (48 and 7.7 requests a second measured)."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list. ``text``: a household number, a certificate number (full or masked), or part of a name."""

    place: str | None = None
    text: str = ""
    status: str = ""
    household_class: str = ""
    cause: str = ""
    kind: str = ""
    year: int | None = None
    of_past_year: bool = False  # status and class as on the card of ``year``, not as they are now

    @property
    def narrow(self) -> bool:
        """Whether anything but the year narrows the list."""
        return bool(self.place or self.text or self.status or self.household_class or self.cause or self.kind)


@dataclass(frozen=True)
class Page:
    """One page of households with the keys of its neighbours."""

    rows: list[Household]
    next_after: int | None
    previous_before: int | None


def _vault() -> Vault:
    return Vault(settings.JIEFA_VAULT_KEY)


def find(filters: Filters, within: Scope) -> QuerySet[Household]:
    """The households that the filters leave inside the scope, by village and key: the order of the index that finds them."""
    rows = gate(Household.objects.all(), within.narrowed(filters.place))
    if filters.text:
        rows = rows.filter(_by_text(filters.text.strip(), within.narrowed(filters.place)))
    if filters.status:
        rows = rows.filter(poverty_status=filters.status)
    if filters.household_class:
        rows = rows.filter(household_class=filters.household_class)
    if filters.cause or filters.kind:
        cards = HouseholdYear.objects.filter(year=filters.year or 0)
        cards = gate(cards, within.narrowed(filters.place))
        if filters.cause:
            cards = cards.filter(main_cause=filters.cause)
        if filters.kind:
            cards = cards.filter(kind=filters.kind)
        rows = rows.filter(pk__in=cards.values("household_id"))
    return rows.order_by(*ORDER)


def _by_text(text: str, within: Scope) -> Q:
    compact = text.replace(" ", "").upper()
    if "*" in compact:
        shown = compact.replace("*", "")
        people = Person.objects.filter(id_shown_key=_vault().blind_index(shown))
        return Q(pk__in=gate(people, within).values("household_id"))
    if compact[:15].isdecimal() and len(compact) in (15, 18, 20, 22):
        key = _vault().blind_index(id_numbers.citizen_part(compact))
        return Q(number=text) | Q(pk__in=gate(Person.objects.filter(id_key=key), within).values("household_id"))
    if any(character.isdecimal() for character in compact):
        low, high = text, text[:-1] + chr(ord(text[-1]) + 1)
        return Q(number__gte=low, number__lt=high)
    # LIKE would be guessed to leave one name in five hundred, though the tokens leave hardly another one: the planner then
    # looked up 70,000 households and sorted them for a page of fifty (0.8 s) instead of walking the villages (0.03 s).
    named = _perhaps_named(text, within).alias(at=StrIndex("name", Value(text))).filter(at__gt=0)
    return Q(pk__in=named.values("household_id"))


NARROW_AREA_DIGITS = 9


def people_named(part: str, within: Scope) -> QuerySet[Person]:
    """The people inside the scope whose name contains ``part``; found by index, never by a scan of all names."""
    return _perhaps_named(part, within).filter(name__contains=part)


def _perhaps_named(part: str, within: Scope) -> QuerySet[Person]:
    """Those whose tokens are those of ``part``: hardly anybody else than ``people_named``. Of few villages: everybody."""
    people = gate(Person.objects.filter(household__isnull=False), within)
    if within.areas and all(len(area) >= NARROW_AREA_DIGITS for area in within.areas):
        # A township has some 5,000 poor people: its own rows are quicker read than a common surname's postings.
        return people
    tokens = names.query_tokens(part)
    for digits in (6, 4):
        if len(within.areas) == 1 and len(within.areas[0]) >= digits:
            tokens.append(within.areas[0][:digits])
            break
    return names.narrow(people, "registry_person", tokens)


def page(rows: QuerySet[Household], after: int | None, before: int | None, size: int = PAGE) -> Page:
    """The page of ``rows`` after or before a household; the first one without either."""
    if before is not None:
        found = list(rows.filter(_beyond(before, "lt")).order_by(*(f"-{name}" for name in ORDER))[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        return Page(found, found[-1].pk if found else None, found[0].pk if more and found else None)
    chosen = rows.filter(_beyond(after, "gt")) if after is not None else rows
    found = list(chosen.order_by(*ORDER)[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(found, found[-1].pk if more else None, found[0].pk if after is not None and found else None)


def chunks(rows: QuerySet[Household], size: int) -> Iterator[list[Household]]:
    """All of ``rows`` in the order of lists, ``size`` at a time."""
    after: int | None = None
    while chunk := page(rows, after, None, size).rows:
        yield chunk
        after = chunk[-1].pk


def _beyond(key: int, side: str) -> Q:
    """Whatever comes after (``gt``) or before (``lt``) a household in the order of lists; nothing if it is gone."""
    village = Household.objects.filter(pk=key).values_list("village_code", flat=True).first()
    if village is None:
        return Q(pk__in=[])
    # The first term alone lets the index begin at the right place.
    same = Q(village_code=village, **{f"pk__{side}": key})
    return Q(**{f"village_code__{side}e": village}) & (Q(**{f"village_code__{side}": village}) | same)


def count_up_to(rows: QuerySet[Household], limit: int = COUNT_LIMIT) -> int:
    """How many rows there are, counted no further than ``limit + 1``."""
    return rows.order_by()[: limit + 1].count()


def household(household_id: int, within: Scope) -> Household | None:
    """The household, if it lies inside the scope."""
    return gate(Household.objects.filter(pk=household_id), within).first()


def card(household_id: int, year: int) -> HouseholdYear | None:
    """The household's card of a year. Call only with a household that passed the gate."""
    return HouseholdYear.objects.filter(household_id=household_id, year=year).first()


def cards(household_id: int) -> list[HouseholdYear]:
    """All cards of a household that passed the gate, by year."""
    return list(HouseholdYear.objects.filter(household_id=household_id).order_by("year"))


@dataclass(frozen=True)
class Member:
    """A member as of a year: the person, the card of the year (None: left or not yet there), the membership."""

    person: Person
    card: PersonYear | None
    membership: Membership


@dataclass(frozen=True)
class Present:
    """Somebody who belongs to a household today; ``card``: of the household's latest year, None for who came later."""

    person: Person
    membership: Membership
    card: PersonYear | None

    @property
    def relation(self) -> str:
        """To the head: as the card says, unless it was stated in a later year; empty where nobody said."""
        own, stated_on = self.membership.relation, self.membership.relation_on
        if own and (self.card is None or (stated_on is not None and stated_on.year > self.card.year)):
            return own
        return (self.card.relation if self.card else None) or ""


def present_members(household: Household) -> list[Present]:
    """Who belongs to a household that passed the gate, today; the head first. Two queries."""
    memberships = Membership.objects.filter(household=household, left_on__isnull=True).select_related("person")
    cards = PersonYear.objects.filter(
        year=household.card_year or 0, village_code=household.village_code, household=household
    )
    by_person = {card.person_id: card for card in cards}
    found = [Present(m.person, m, by_person.get(m.person_id)) for m in memberships.order_by("person_id")]
    return sorted(found, key=lambda member: member.relation != "head")


def members(household_id: int, year: int, *, latest: bool = False) -> list[Member]:
    """Everybody who belonged to the household in ``year``, the head first, those who left last. Two queries.

    ``latest``: no card is newer; then whoever came since is there too.
    """
    memberships = Membership.objects.filter(household_id=household_id).select_related("person").order_by("person_id")
    by_person = {m.person_id: m for m in memberships}
    people_cards = {c.person_id: c for c in PersonYear.objects.filter(person__in=by_person, year=year)}
    found = [
        Member(m.person, people_cards.get(m.person_id), m)
        for m in by_person.values()
        if m.person_id in people_cards
        or (m.left_on is not None and m.left_on.year == year)
        or (latest and m.joined_on is not None and m.joined_on.year > year)
    ]

    def order(member: Member) -> tuple[bool, bool, int]:
        is_head = member.card is not None and member.card.relation == "head"
        return (member.card is None and member.membership.left_on is not None, not is_head, member.person.pk)

    return sorted(found, key=order)


def movements(household_id: int) -> list[Movement]:
    """Entries and exits of a household that passed the gate, oldest first."""
    return list(Movement.objects.filter(household_id=household_id).order_by("on", "pk"))


def shown_number(person: Person, full: bool) -> str:
    """The certificate number, masked unless ``full``; empty where there is none."""
    if person.id_sealed is None:
        return ""
    number = _vault().open(bytes(person.id_sealed))
    return number if full else id_numbers.mask(number)


def shown_phone(household: Household, full: bool) -> str:
    """The telephone, masked unless ``full``; empty where there is none."""
    if household.phone_sealed is None:
        return ""
    number = _vault().open(bytes(household.phone_sealed))
    return number if full else masked_phone(number)


def shown_account(household: Household, full: bool) -> str:
    """The bank account, masked unless ``full``; empty where there is none."""
    if household.account_sealed is None:
        return ""
    number = _vault().open(bytes(household.account_sealed))
    return number if full else masked_account(number)


def masked_phone(number: str) -> str:
    """A telephone of which the first three and the last two digits show."""
    return number[:3] + "*" * max(0, len(number) - 5) + number[-2:]


def masked_account(number: str) -> str:
    """An account of which the last four digits show."""
    return "*" * max(0, len(number) - 4) + number[-4:]


def cards_of(household_ids: list[int], year: int) -> dict[int, HouseholdYear]:
    """The cards of a year of the households of a page. One query."""
    return {card.household_id: card for card in HouseholdYear.objects.filter(household_id__in=household_ids, year=year)}


def several(household_ids: list[int], within: Scope) -> list[Household]:
    """The households with these keys that lie inside the scope, by key."""
    return list(gate(Household.objects.filter(pk__in=household_ids), within).order_by("pk"))


def counts_by_place(within: Scope, year: int, digits: int) -> dict[str, int]:
    """Households with a card of the year, by the first ``digits`` of the village code."""
    rows = (
        gate(HouseholdYear.objects.filter(year=year), within)
        .annotate(place=Substr("village_code", 1, digits))
        .values("place")
        .annotate(households=Count("household_id"))
    )
    return {row["place"]: row["households"] for row in rows}


def keys_by_number(numbers: Sequence[str]) -> dict[str, int]:
    """The keys of the households with these numbers, for whoever acts for all of them; those not on file are left out."""
    if not numbers:
        return {}
    wanted = pa.table({"number": pa.array(sorted(set(numbers)), pa.string())})
    schema = pa.schema([("number", pa.string()), ("id", pa.int64())])
    with transaction.atomic(), bulk.staged("wanted_numbers", wanted, "number"):
        sql = "SELECT h.number, h.id FROM wanted_numbers w JOIN registry_household h ON h.number = w.number"
        found = bulk.read(sql, [], schema)
    return dict(zip(found["number"].to_pylist(), found["id"].to_pylist(), strict=True))


def names_of(person_ids: list[int], within: Scope) -> dict[int, str]:
    """The names of those of these people who live inside the scope. One query."""
    return dict(gate(Person.objects.filter(pk__in=person_ids), within).values_list("pk", "name"))
