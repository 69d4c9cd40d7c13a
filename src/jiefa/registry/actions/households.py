"""Correcting one household's card. Two officers at once: the second is shown what the first changed; nothing is lost silently."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from jiefa.audit import actions as audit
from jiefa.audit.models import Entry
from jiefa.kernel.errors import JiefaError
from jiefa.kernel.vault import Vault
from jiefa.policy import Policy
from jiefa.registry import rules
from jiefa.registry.cards import INCOME_COLUMNS
from jiefa.registry.intake import derive
from jiefa.registry.models import Household, HouseholdYear, Person, PersonYear
from jiefa.registry.queries import kinds

SEALED = {"phone": ("phone_sealed", "phone_key"), "bank_account": ("account_sealed", "account_key")}
ON_HOUSEHOLD = frozenset(("group_name", "address", "bank_name", "account_holder"))
ON_PERSON = frozenset(("name", "sex", "birth_date", "ethnic_group"))
HIDDEN = "***"

Value = object
Changes = Mapping[str, Value]


class CardMissing(JiefaError):
    code = "registry.card_missing"
    zh = "这一户没有 {year} 年的卡片。"
    en = "This household has no card of {year}."


@dataclass(frozen=True)
class Collision:
    """A field that somebody else changed since the form was opened. ``base`` is what it was then."""

    subject: str  # "household" or the person's key
    name: str
    base: Value
    theirs: Value


class EditConflict(JiefaError):
    code = "registry.edit_conflict"
    zh = "您填写期间，{by} 已修改了这一户。请逐项核对后再保存。"
    en = "{by} changed this household while you were filling in the form. Go through the fields and save again."

    def __init__(self, *, by: str, at: object, version: int, collisions: list[Collision]) -> None:
        super().__init__(by=by)
        self.by, self.at, self.version, self.collisions = by, at, version, collisions


@dataclass(frozen=True)
class Edit:
    """New values by field: of the household and its card, and of members by person key. Only what was typed."""

    household: Changes
    members: Mapping[int, Changes] = field(default_factory=dict)


@transaction.atomic
def save_card(*, household_id: int, year: int, version: int, edit: Edit, policy: Policy, by: str) -> Household:
    """The household after the edit. Raises ``EditConflict`` when ``version`` is no longer the one on file, ``CardMissing``.

    Sums and kind are computed again. The card no longer counts as loaded: a roster will not overwrite it.
    """
    household = Household.objects.select_for_update().get(pk=household_id)
    if household.version != version:
        raise _conflict(household, version)
    card = HouseholdYear.objects.filter(household_id=household_id, year=year).first()
    if card is None:
        raise CardMissing(year=year)
    vault = Vault(settings.JIEFA_VAULT_KEY)
    diff: dict[str, object] = {}
    fill(household, card, edit.household, vault, diff, derive.phone_pattern(policy))
    people = _apply_members(household, year, edit.members, vault, diff)
    if not diff:
        return household
    sum_up(household, card, people, policy)
    card.content_key = None
    card.save(force_update=True)
    household.version += 1
    household.save(force_update=True)
    audit.record(
        chain=household.village_code,
        by=by,
        action="household.edited",
        object_type="household",
        object_id=household.pk,
        diff={"year": year, "version": household.version, "fields": diff},
    )
    return household


def _set(row: object, name: str, value: Value, subject: str, diff: dict[str, object]) -> None:
    before = getattr(row, name)
    if before == value or (before in (None, "") and value in (None, "")):
        return
    setattr(row, name, value)
    diff[f"{subject}.{name}"] = [before, value]


def fill(
    household: Household, card: HouseholdYear, changes: Changes, vault: Vault, diff: dict[str, object], pattern: str
) -> None:
    """``changes`` set on household and card, what became different told in ``diff``; nothing is saved."""
    columns = {f.attname for f in HouseholdYear._meta.concrete_fields}
    for name, value in changes.items():
        if name in SEALED:
            _seal(household, name, str(value or ""), vault, diff, pattern)
        elif name in ON_HOUSEHOLD:
            _set(household, name, value or "", "household", diff)
        elif name in columns:
            _set(card, name, value, "household", diff)
        else:
            raise AssertionError(f"no such field: {name}")


def _seal(household: Household, name: str, text: str, vault: Vault, diff: dict[str, object], pattern: str) -> None:
    sealed, key = SEALED[name]
    new_key = vault.blind_index(text) if text else None
    if getattr(household, key) == new_key:
        return
    setattr(household, sealed, vault.seal(text) if text else None)
    setattr(household, key, new_key)
    if name == "phone":
        household.phone_valid = derive.matches(pattern, text) if text else None
    diff[f"household.{name}"] = [HIDDEN, HIDDEN]


def _apply_members(
    household: Household, year: int, members: Mapping[int, Changes], vault: Vault, diff: dict[str, object]
) -> list[PersonYear]:
    cards = {
        c.person_id: c
        for c in PersonYear.objects.filter(
            household_id=household.pk, year=year, person__household=household
        ).select_related("person")
    }
    for person_id, changes in members.items():
        card = cards[person_id]
        touched: set[str] = set()
        for name, value in changes.items():
            before = len(diff)
            if name == "id_number":
                _number(card.person, str(value or ""), vault, diff)
            elif name in ON_PERSON:
                _set(card.person, name, value, str(person_id), diff)
            else:
                _set(card, name, value, str(person_id), diff)
            if len(diff) > before:
                touched.add("person" if name == "id_number" or name in ON_PERSON else "card")
        if "person" in touched:
            card.person.set_name(card.person.name)
            card.person.save(force_update=True)
        if "card" in touched:
            card.save(force_update=True)
    return list(cards.values())


def _number(person: Person, number: str, vault: Vault, diff: dict[str, object]) -> None:
    facts = derive.one_number(number, vault)
    if person.id_key == facts["id_key"] and person.id_length == facts["id_length"]:
        return
    for name, value in facts.items():
        setattr(person, name, value)
    diff[f"{person.pk}.id_number"] = [HIDDEN, HIDDEN]


def sum_up(household: Household, card: HouseholdYear, people: list[PersonYear], policy: Policy) -> None:
    """What follows from the fields and the members' cards, computed again on card and household; nothing is saved."""
    card.net_income_fen = rules.net_income_fen(
        {name: getattr(card, name) for name in (*INCOME_COLUMNS, "business_cost_fen")}
    )
    card.size = len(people)
    card.net_income_per_person_fen = rules.net_income_per_person_fen(card.net_income_fen, card.size)
    chosen = kinds.chosen([household.pk], card.year).get(household.pk, "")
    card.kind = chosen or rules.kind([p.labour for p in people], card.main_cause, kinds.rules_of(policy))
    holder = household.account_holder
    card.account_holder_is_member = any(p.person.name == holder for p in people) if holder else None
    if household.card_year == card.year:
        head = next((p.person.name for p in people if p.relation == "head"), "")
        household.head_name, household.size = head, card.size
        household.household_class = card.household_class or household.household_class


def _conflict(household: Household, version: int) -> EditConflict:
    """What others changed since ``version``, from the log: the first value before and the last value after of every field."""
    entries = Entry.objects.filter(
        object_type="household",
        object_id=str(household.pk),
        action__in=("household.edited", "household.members_changed"),
    ).order_by("seq")
    first: dict[str, object] = {}
    last: dict[str, object] = {}
    by, at = "", None
    for entry in entries:
        facts = json.loads(entry.diff)
        if facts["version"] <= version:
            continue
        by, at = entry.by, entry.at
        for name, (before, after) in facts.get("fields", {}).items():
            first.setdefault(name, before)
            last[name] = after
    collisions = [Collision(name.partition(".")[0], name.partition(".")[2], first[name], last[name]) for name in last]
    return EditConflict(by=by or "—", at=at, version=household.version, collisions=collisions)
