"""A doubtful pair decided by a clerk: the same makes a lead, another person or unclear makes none."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.audit import actions as audit
from jiefa.comparison.actions import load
from jiefa.comparison.models import Pair, PairState
from jiefa.kernel.errors import JiefaError
from jiefa.policy import Pack


class PairDecided(JiefaError):
    code = "comparison.pair_decided"
    zh = "第 {line} 行的这一对已由 {by} 判定。请看下一对。"
    en = "The pair of row {line} was decided by {by}. Go on to the next."


@transaction.atomic
def decide(*, pair_id: int, state: PairState, by: Actor, pack: Pack) -> Pair:
    """The pair with what the clerk said; ``same`` sends a lead to the township. Raises ``PairDecided``, ``NotAllowed``."""
    assert state != PairState.WAITING
    pair = Pair.objects.select_for_update(of=("self",)).select_related("comparison", "person").get(pk=pair_id)
    by.demand(Permission.LEAD_LOAD, pair.village_code)
    if pair.state not in (PairState.WAITING, PairState.UNCLEAR):
        raise PairDecided(line=pair.line, by=pair.by)
    pair.state, pair.by, pair.at = state, by.name, timezone.now()
    if state == PairState.OTHER:
        # Whoever is not meant has nothing to do with the register: the row's number in the list leads back to it.
        pair.said_name, pair.said_born, pair.said_place, pair.detail = "", None, "", ""
    pair.save(force_update=True)
    if state == PairState.SAME and pair.person.household_id is not None:
        days = int(pack.at(timezone.localdate()).number("comparison.visit_days"))
        load.begin(pair.comparison, [load.of_pair(pair)], timezone.localdate() + dt.timedelta(days=days))
    audit.record(
        chain=pair.village_code,
        by=by.name,
        action="pair.decided",
        object_type="pair",
        object_id=pair.pk,
        diff={"list": pair.comparison.list_id, "line": pair.line, "person": pair.person_id, "state": state.value},
    )
    return pair
