"""Who belongs to a household, changed one household at a time: memberships, the card of the year, sums, the flow; one log entry.

The latest card takes what happened in its year or before. What happened after every card changes the memberships alone: the
roster of that year brings the card, and its intake tells the movement (docs/adr/0013).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from jiefa.audit import actions as audit
from jiefa.kernel.vault import Vault
from jiefa.policy import Pack
from jiefa.registry.actions import households
from jiefa.registry.actions.statuses import IN_POVERTY
from jiefa.registry.intake import derive
from jiefa.registry.models import Household, HouseholdYear, Membership, Movement, Person, PersonYear
from jiefa.registry.queries import households as queries

CLOSED = "closed"
FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who comes: a person on file who belongs to no household (``person_id``), or a new one with ``facts``.

    ``number``: the certificate number, sealed when it is written. ``card``: the fields of the person's card of the year.
    """

    relation: str
    reason: str
    person_id: int | None = None
    number: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    card: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberChange:
    """Who leaves (person and reason), who comes, whose relation to the head is stated anew."""

    leaves: Mapping[int, str] = field(default_factory=dict)
    joins: Sequence[Joining] = ()
    relations: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """The household afterwards, who came, and what the card of the year said of who left, by person."""

    household: Household
    joined: tuple[int, ...]
    cards: Mapping[int, Mapping[str, object]]


@transaction.atomic
def change(*, household_id: int, on: dt.date, what: MemberChange, dossier: int, pack: Pack, by: str) -> Changed:
    """The household with its members changed on that day. A household that nobody is left in is closed.

    Whoever decided has seen to it that those who leave are members, and that those who come belong to no household.
    """
    household = Household.objects.select_for_update().get(pk=household_id)
    book = _Book(household, _taking_card(household, on), on)
    cards = {person: book.leave(person, reason) for person, reason in what.leaves.items()}
    joined = tuple(book.join(one) for one in what.joins)
    for person, relation in what.relations.items():
        book.restate(person, relation)
    diff: dict[str, object] = {
        "dossier": dossier,
        "on": on,
        "joined": list(joined),
        "left": [[person, reason] for person, reason in what.leaves.items()],
        "relations": [[person, relation] for person, relation in what.relations.items()],
    }
    if Membership.objects.filter(household=household, left_on__isnull=True).exists():
        book.sum_up(pack)
    else:
        diff["closed"] = book.close()
    household.version += 1
    household.save(force_update=True)
    audit.record(
        chain=household.village_code,
        by=by,
        action="household.members_changed",
        object_type="household",
        object_id=household.pk,
        diff=diff | {"version": household.version},
    )
    return Changed(household, joined, cards)


def split_off(
    *, household: Household, number: str, inherits: bool, on: dt.date, dossier: int, by: str, head_name: str
) -> Household:
    """A new household beside ``household``, still without members, with its place and, if it ``inherits``, its status.

    Without the status it is an applicant: whether it is poor is decided by the procedure of identification.
    """
    card = _taking_card(household, on)
    status = household.poverty_status if inherits else "applicant"
    years = {"entered_year": household.entered_year, "exited_year": household.exited_year} if inherits else {}
    made = Household.objects.create(
        number=number,
        village_code=household.village_code,
        group_name=household.group_name,
        address=household.address,
        head_name=head_name,
        poverty_status=status,
        household_class=household.household_class,
        card_year=card.year if card else None,
        split_from=household if inherits else None,
        **years,
    )
    if card is not None:
        # Income, house and land are those of the whole household: what the new one has of them is filled in anew.
        HouseholdYear.objects.create(
            household=made,
            year=card.year,
            village_code=card.village_code,
            poverty_status=status,
            household_class=card.household_class,
            standard=card.standard,
            main_cause=card.main_cause,
            size=0,
            **years,
        )
    audit.record(
        chain=made.village_code,
        by=by,
        action="household.split_off",
        object_type="household",
        object_id=made.pk,
        diff={"dossier": dossier, "on": on, "from": household.pk, "poverty_status": status},
    )
    return made


def _taking_card(household: Household, on: dt.date) -> HouseholdYear | None:
    """The card on which what happened that day is entered; None when it happened after every card."""
    if household.card_year is None or on.year > household.card_year:
        return None
    return HouseholdYear.objects.filter(household=household, year=household.card_year).first()


def write_person(one: Joining, household: Household) -> Person:
    """Who comes, as a person of the household: somebody on file or new, with what is stated and the number sealed."""
    village = household.village_code
    person = Person.objects.get(pk=one.person_id) if one.person_id else Person(village_code=village)
    person.household, person.village_code = household, village
    for name, value in one.facts.items():
        setattr(person, name, value)
    if one.person_id is None or one.number:
        for name, value in derive.one_number(one.number, Vault(settings.JIEFA_VAULT_KEY)).items():
            setattr(person, name, value)
    # As a roster's row is read: what was left empty is what the number says.
    person.sex, person.birth_date = person.sex or person.id_sex, person.birth_date or person.id_birth_date
    person.set_name(person.name)
    person.save()
    return person


class _Book:
    """One household, the card that takes the change, and the day."""

    def __init__(self, household: Household, card: HouseholdYear | None, on: dt.date) -> None:
        self.household, self.card, self.on = household, card, on

    def leave(self, person_id: int, reason: str) -> Mapping[str, object]:
        """The person has left; what the card of the year said of them."""
        Membership.objects.filter(person=person_id, household=self.household, left_on__isnull=True).update(
            left_on=self.on, left_reason=reason
        )
        Person.objects.filter(pk=person_id).update(household=None)
        if self.card is None:
            return {}
        own = PersonYear.objects.filter(person=person_id, year=self.card.year, household=self.household)
        said = dict(own.values(*_CARD_FIELDS).first() or {})
        if said:
            own.delete()
            self._move(-1, reason, person_id)
        return said

    def join(self, one: Joining) -> int:
        """The person belongs to the household; the key."""
        person = write_person(one, self.household)
        Membership.objects.create(
            person=person,
            household=self.household,
            joined_on=self.on,
            joined_reason=one.reason,
            relation=one.relation,
            relation_on=self.on,
        )
        if self.card is not None:
            PersonYear.objects.create(
                person=person,
                household=self.household,
                year=self.card.year,
                village_code=self.household.village_code,
                **{**one.card, "relation": one.relation},
            )
            self._move(1, one.reason, person.pk)
        return person.pk

    def restate(self, person_id: int, relation: str) -> None:
        """The person's relation to the head, from that day on."""
        Membership.objects.filter(person=person_id, household=self.household, left_on__isnull=True).update(
            relation=relation, relation_on=self.on
        )
        if self.card is not None:
            PersonYear.objects.filter(person=person_id, year=self.card.year).update(relation=relation)

    def sum_up(self, pack: Pack) -> None:
        """Size, head and what the card adds up to, computed again."""
        if self.card is None:
            present = queries.present_members(self.household)
            self.household.size = len(present)
            self.household.head_name = next((m.person.name for m in present if m.relation == "head"), "")
            return
        people = PersonYear.objects.filter(
            household=self.household,
            year=self.card.year,
            village_code=self.card.village_code,
            person__household=self.household,
        ).select_related("person")
        size_fits, income_fits = self.card.stated_size == self.card.size, self._income_fits()
        households.sum_up(self.household, self.card, list(people), pack.for_year(self.card.year))
        # What the form stated of all members together was right until now: it follows. What was wrong stays for who has to mend it.
        if size_fits:
            self.card.stated_size = self.card.size
        if income_fits:
            self.card.stated_income_per_person_fen = self.card.net_income_per_person_fen
        self.card.content_key = None
        self.card.save(force_update=True)

    def _income_fits(self) -> bool:
        """Whether the income per person that the form states is the one of the card, up to a yuan."""
        assert self.card is not None
        stated, computed = self.card.stated_income_per_person_fen, self.card.net_income_per_person_fen
        return stated is not None and computed is not None and abs(stated - computed) <= FEN_PER_YUAN

    def close(self) -> Mapping[str, object]:
        """The household without members: closed. What its card of the year said, which goes with it."""
        said: dict[str, object] = {"status": self.household.poverty_status}
        if self.card is not None:
            said |= HouseholdYear.objects.filter(pk=self.card.pk).values().get()
            HouseholdYear.objects.filter(pk=self.card.pk).delete()
            left = HouseholdYear.objects.filter(household=self.household).order_by("-year")
            self.household.card_year = left.values_list("year", flat=True).first()
        else:
            self._leave_whole()
        self.household.poverty_status, self.household.size = CLOSED, 0
        return said

    def _leave_whole(self) -> None:
        """No roster will ever tell of a closed household: whom its last card counted leave the register now."""
        last = HouseholdYear.objects.filter(household=self.household).order_by("-year").first()
        if last is None or last.poverty_status not in IN_POVERTY or not last.size:
            return
        year = last.year + 1
        Movement.objects.create(
            household=self.household,
            village_code=self.household.village_code,
            year=year,
            kind="natural_loss",
            reason="other",
            on=self.on if self.on.year == year else dt.date(year, 12, 31),
            people=-last.size,
        )

    def _move(self, people: int, reason: str, person_id: int) -> None:
        assert self.card is not None
        if self.card.poverty_status not in IN_POVERTY:
            return
        side = "in" if people > 0 else "out"
        natural = "natural_gain" if people > 0 else "natural_loss"
        Movement.objects.create(
            household=self.household,
            person_id=person_id,
            village_code=self.card.village_code,
            year=self.card.year,
            kind=f"correction_{side}" if reason == "correction" else natural,
            reason=reason,
            on=self.on if self.on.year == self.card.year else dt.date(self.card.year, 12, 31),
            people=people,
        )


_CARD_FIELDS = tuple(
    f.attname
    for f in PersonYear._meta.concrete_fields
    if f.attname not in ("person_id", "household_id", "year", "village_code")
)
