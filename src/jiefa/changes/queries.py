"""How households stand that are about to change, and the changes that were recorded. The scope is the caller's to keep."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from jiefa.access.queries import gate
from jiefa.access.rules import Scope
from jiefa.changes.rules.kinds import PROCEDURES
from jiefa.changes.rules.proposal import Line, Proposal
from jiefa.kernel.id_numbers import citizen_part, mask
from jiefa.kernel.vault import Vault
from jiefa.procedures import subjects
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household, HouseholdYear, Membership, Person, PersonYear
from jiefa.registry.queries.households import Present, masked_account, masked_phone


@dataclass(frozen=True)
class Standing:
    """A household as it stands now: its latest card (None without one) and who belongs to it, the head first."""

    household: Household
    card: HouseholdYear | None
    members: Sequence[Present]

    @property
    def title(self) -> str:
        return self.household.head_name or self.household.number

    @property
    def keys(self) -> tuple[int, ...]:
        """The members' keys, ascending."""
        return tuple(sorted(member.person.pk for member in self.members))

    @property
    def names(self) -> dict[int, str]:
        return {member.person.pk: member.person.name for member in self.members}

    @property
    def relations(self) -> dict[int, str]:
        return {member.person.pk: member.relation for member in self.members}

    @property
    def head(self) -> Present | None:
        return next((member for member in self.members if member.relation == "head"), None)

    def member(self, person: int) -> Present | None:
        return next((member for member in self.members if member.person.pk == person), None)


def standings(keys: Collection[int]) -> dict[int, Standing]:
    """These households as they stand, by key. Four queries, however many."""
    households = {household.pk: household for household in Household.objects.filter(pk__in=keys)}
    years = {household.card_year or 0 for household in households.values()}
    villages = {household.village_code for household in households.values()}
    cards = {
        (card.household_id, card.year): card
        for card in HouseholdYear.objects.filter(household__in=keys, year__in=years)
    }
    # By year and village, as the index of cards has it.
    own = PersonYear.objects.filter(year__in=years, village_code__in=villages, household__in=keys)
    person_cards = {(card.person_id, card.year, card.household_id): card for card in own}
    members: dict[int, list[Present]] = defaultdict(list)
    open_ones = Membership.objects.filter(household__in=keys, left_on__isnull=True).select_related("person")
    for one in open_ones.order_by("person"):
        year = households[one.household_id].card_year or 0
        card = person_cards.get((one.person_id, year, one.household_id))
        members[one.household_id].append(Present(one.person, one, card))
    return {
        key: Standing(
            household,
            cards.get((key, household.card_year or 0)),
            sorted(members[key], key=lambda member: member.relation != "head"),
        )
        for key, household in households.items()
    }


def standing(household: Household) -> Standing:
    """One household that passed the gate, as it stands."""
    return standings([household.pk])[household.pk]


def in_village(number: str, village: str) -> Standing | None:
    """The household of that number in the village, closed ones left out."""
    found = Household.objects.filter(number=number, village_code=village).exclude(poverty_status="closed").first()
    return standing(found) if found else None


def free_number(household: Household) -> str:
    """A household number that nobody has: the old one with the first free ``-2``, ``-3``, and so on."""
    stem = household.number[:28]
    taken = set(Household.objects.filter(number__startswith=f"{stem}-").values_list("number", flat=True))
    return next(number for n in range(2, len(taken) + 3) if (number := f"{stem}-{n}") not in taken)


def numbers_taken(numbers: Collection[str]) -> set[str]:
    """Those of these numbers that a household on file has."""
    return set(Household.objects.filter(number__in=numbers).values_list("number", flat=True)) if numbers else set()


def key_of_number(number: str) -> int:
    """The blind index under which a certificate number is found."""
    return Vault(settings.JIEFA_VAULT_KEY).blind_index(citizen_part(number))


def of_numbers(keys: Collection[int]) -> dict[int, list[Person]]:
    """The people on file with these blind indices of their number; none for others. One query."""
    found: dict[int, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(id_key__in=keys).order_by("pk"):
        if person.id_key is not None:
            found[person.id_key].append(person)
    return found


def last_left(people: Collection[int]) -> dict[int, Membership]:
    """The membership that each of these people left last; none for others. One query."""
    ended = Membership.objects.filter(person__in=people, left_on__isnull=False).order_by("left_on", "pk")
    return {one.person_id: one for one in ended} if people else {}


def carried_out(household: Household, key: str) -> Dossier | None:
    """The change of the household that the request with this key has made already."""
    rows = Dossier.objects.filter(subject=subjects.household(household.pk), procedure__in=PROCEDURES)
    return rows.filter(steps_taken__key=key).first()


def shown_number(one: Proposal, line: Line) -> str:
    """A sealed number of a proposal, masked as the household's page masks it."""
    text = one.sealed.get(f"{'' if line.person is None else line.person}.{line.field}")
    masks = {"id_number": mask, "phone": masked_phone, "bank_account": masked_account}
    return masks[line.field](Vault(settings.JIEFA_VAULT_KEY).open(base64.b64decode(text))) if text else ""


def find(within: Scope, *, place: str | None = None, kind: str = "", state: str = "") -> QuerySet[Dossier]:
    """The changes inside the scope, the newest first. ``state``: an outcome, ``open``, ``flagged``; '' for all."""
    rows = gate(Dossier.objects.filter(procedure__in=PROCEDURES), within.narrowed(place), "place_code")
    if kind:
        rows = rows.filter(proposal__change=kind)
    if state == "open":
        rows = rows.filter(outcome="")
    elif state == "flagged":
        rows = rows.filter(~Q(proposal__flags=[]))
    elif state:
        rows = rows.filter(outcome=state)
    return rows.order_by("-pk")
