"""A household's kind set by an officer against the derived one, with a reason; every choice is kept."""

from __future__ import annotations

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack
from jiefa.registry.actions.households import CardMissing
from jiefa.registry.models import Household, HouseholdYear, KindChoice
from jiefa.registry.queries import kinds


class KindUnknown(JiefaError):
    code = "registry.kind_unknown"
    zh = "“{title}”：没有“{kind}”这一类户，请从列表中选择。"
    en = "{title!r}: there is no kind {kind!r}; choose from the list."


class KindReasonMissing(JiefaError):
    code = "registry.kind_reason"
    zh = "“{title}”：改动户的类别，请写明理由。"
    en = "{title!r}: say why the kind of the household is set."


class KindUnchanged(JiefaError):
    code = "registry.kind_unchanged"
    zh = "“{title}” {year} 年已经是“{kind}”，没有可改的。"
    en = "{title!r} is of the kind {kind!r} in {year} already; there is nothing to set."


@transaction.atomic
def choose(*, household_id: int, year: int, kind: str, reason: str, by: Actor, pack: Pack) -> KindChoice:
    """The choice, in force on the card of ``year``; '' gives the card its derived kind back.

    Raises ``NotAllowed``, ``CardMissing``, ``KindUnknown``, ``KindReasonMissing``, ``KindUnchanged``.
    """
    household = Household.objects.select_for_update().get(pk=household_id)
    by.demand(Permission.HOUSEHOLD_EDIT, household.village_code)
    title = household.head_name or household.number
    card = HouseholdYear.objects.filter(household=household_id, year=year).first()
    if card is None:
        raise CardMissing(year=year)
    if kind and kind not in pack.codes("kind").ids:
        raise KindUnknown(title=title, kind=kind)
    if not reason.strip():
        raise KindReasonMissing(title=title)
    before = kinds.chosen([household_id], year).get(household_id, "")
    after = kind or kinds.derived(card, pack.for_year(year))
    if kind == before and card.kind == after:
        raise KindUnchanged(title=title, year=year, kind=pack.codes("kind").label(after, "zh"))
    made = KindChoice.objects.create(
        household=household, year=year, kind=kind, before=card.kind or "", reason=reason.strip(), by=by.name,
        at=timezone.now(),
    )  # fmt: skip
    HouseholdYear.objects.filter(household=household_id, year=year).update(kind=after)
    audit.record(
        chain=household.village_code,
        by=by.name,
        action="household.kind_chosen",
        object_type="household",
        object_id=household_id,
        diff={"year": year, "reason": made.reason, "kind": [card.kind, after], "derived": not kind},
    )
    return made


def keep_chosen(year: int) -> None:
    """Cards of ``year`` that were written anew have the kinds that officers set, as far as those hold."""
    held = kinds.in_force(year)
    cards = HouseholdYear.objects.filter(year=year, household__in=held.values("household"))
    cards.update(kind=Subquery(held.filter(household=OuterRef("household_id")).values("kind")[:1]))
