"""The kind of a household in words: what the rule derives and why, and what an officer set against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.registry.models import Household, HouseholdYear, KindChoice
from jiefa.site.presenters import log
from jiefa.site.reader import Reader


def context(
    reader: Reader,
    household: Household,
    card: HouseholdYear,
    derived: str,
    choices: Sequence[KindChoice],
    people: Mapping[str, str],
) -> dict[str, Any]:
    """The kind that holds, the derived one with its rule, and every choice, the newest first."""
    may = reader.actor.may(Permission.HOUSEHOLD_EDIT, household.village_code)
    url = f"{reverse('site:household-kind', args=[household.pk])}?year={card.year}"
    return {
        "label": reader.label("kind", card.kind),
        "derived": reader.label("kind", derived),
        "rule": rule(reader, card, derived),
        "differs": card.kind != derived,
        "form_url": url if may else "",
        "choices": [
            {
                "kind": reader.label("kind", choice.kind) if choice.kind else _("by the rule"),
                "before": reader.label("kind", choice.before),
                "reason": choice.reason,
                "by": log.who(choice.by, people),
                "at": choice.at,
            }
            for choice in choices
        ],
    }


def rule(reader: Reader, card: HouseholdYear, derived: str) -> str:
    """Why the rule gives a household this kind."""
    policy = reader.pack.for_year(card.year)
    able = _listed(reader, "labour", policy.texts("four_kinds.able_labour"))
    cause = reader.label("cause", card.main_cause)
    if derived == "two_none":
        return _("No member's labour is one of: {able}.").format(able=able)
    if derived in ("two_cause", "two_lack"):
        causes = _listed(reader, "cause", policy.texts(f"four_kinds.{derived}_causes"))
        return _("Somebody is able to work, and the main cause {cause} is one of: {causes}.").format(
            cause=cause, causes=causes
        )
    return _("Somebody is able to work, and the main cause ({cause}) is none of those of the other kinds.").format(
        cause=cause or "—"
    )


def _listed(reader: Reader, name: str, codes: Sequence[str]) -> str:
    return reader.words("、", ", ").join(reader.label(name, code) for code in codes)
