"""The kind of a household in words: what the rule derives and why, what an officer set against it, what it suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.identification.rules import measures
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
        "measures": _measures(reader, card),
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


def _measures(reader: Reader, card: HouseholdYear) -> list[dict[str, str]]:
    """What causes and kind suggest, each with the reason in words."""
    causes = [cause for cause in (card.main_cause, card.other_cause_1, card.other_cause_2) if cause]
    found = measures.suggested(card.kind, causes, reader.pack.for_year(card.year))
    return [{"label": reader.label("suggested_measure", one.measure), "why": _why(reader, card, one)} for one in found]


def _why(reader: Reader, card: HouseholdYear, one: measures.Suggestion) -> str:
    reasons = [
        (_("main cause: {cause}") if cause == card.main_cause else _("other cause: {cause}")).format(
            cause=reader.label("cause", cause)
        )
        for cause in one.causes
    ]
    if one.by_kind:
        reasons.append(_("kind: {kind}").format(kind=reader.label("kind", card.kind)))
    return reader.words("；", "; ").join(reasons)


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
