"""Households scored by the four looks: from their cards, with what was asked on the spot."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.identification import queries
from jiefa.identification.models import Score
from jiefa.identification.rules import looks
from jiefa.policy import Pack
from jiefa.registry.actions.statuses import IN_POVERTY

SCORECARD = "four_looks"


@transaction.atomic
def score(
    *, household_ids: Iterable[int], year: int, asked: Mapping[int, Mapping[str, str]], by: Actor, pack: Pack
) -> list[Score]:
    """A new score of every household that has a card of the year, in order of their keys. What was asked before and is not
    asked again still stands. Raises ``NoSuchOption``, ``NotAllowed``."""
    card = pack.at(dt.date(year, 12, 31)).scorecard(SCORECARD)
    found = queries.facts_of(household_ids, year)
    before = queries.latest_scores(found, year)
    made, now = [], timezone.now()
    for household, carded in sorted(found.items()):
        by.demand(Permission.HOUSEHOLD_EDIT, carded.village_code)
        earlier = before.get(household)
        told = {**(earlier.asked if earlier else {}), **asked.get(household, {})}
        scored = looks.score(card, looks.facts(carded.facts), told)
        in_poverty = carded.status in IN_POVERTY
        made.append(
            Score(
                household_id=household,
                village_code=carded.village_code,
                year=year,
                scorecard=card.id,
                in_force_from=card.from_date,
                asked=told,
                answers={f"{a.look}.{a.item.id}": a.option.id for a in scored.answers if a.option},
                lowest=scored.lowest,
                highest=scored.highest,
                disagreement=looks.disagreement(card, scored, in_poverty=in_poverty) or "",
                by=by.name,
                at=now,
            )
        )
    Score.objects.bulk_create(made, batch_size=500)
    by_county: dict[str, list[list[object]]] = defaultdict(list)
    for one in made:
        by_county[one.village_code[:6]].append([one.household_id, str(one.lowest), str(one.highest)])
    audit.record_many(
        [
            audit.Said(
                chain=county,
                by=by.name,
                action="household.scored",
                object_type="household",
                object_id=own[0][0] if len(own) == 1 else f"{own[0][0]}+{len(own) - 1}",
                diff={"year": year, "scorecard": card.id, "in_force_from": card.from_date, "scores": own},
            )
            for county, own in sorted(by_county.items())
        ]
    )
    return made
