"""Two changes of households that wait for the township officer: a marriage, and a split that has to be looked into.

They propose and change nothing, so that every total of the demonstration stays what it is.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jiefa.access import queries as access
from jiefa.access.models import User
from jiefa.access.queries import Actor
from jiefa.access.rules import Scope
from jiefa.casework import actions as casework
from jiefa.changes.actions import drawing
from jiefa.changes.rules.request import Request
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.registry.queries import households

RECORDED_BY = "li"
MEMBERS = 3
"""From so many members on a household is one that a split leaves whole."""


def submit(pack: Pack, year: int) -> None:
    """The changes of the village officer's first two households on the register that are large enough; none where there are fewer.

    They happened in the last year of the register and are submitted today, so that their days are not over before anybody
    sees them.
    """
    by = access.actor_of(User.objects.get(username=RECORDED_BY), timezone.localdate())
    found = households.find(households.Filters(), Scope(tuple(area for _role, area in by.posts)))
    homes = list(found.filter(size__gte=MEMBERS, card_year=year).exclude(poverty_status="applicant")[:2])
    if len(homes) < 2:
        return
    on = dt.date(year, 11, 18)
    bride = {"name": "韦小妹", "relation": "other", "sex": "female", "birth_date": dt.date(year - 22, 5, 4)}
    _submit(homes[0], Request("marriage_in", on, facts=bride, remark="婚后随夫家生活"), by, pack)
    last = households.present_members(homes[1])[-1].person.pk
    split = Request("split", on, persons=(last,), relations={last: "head"}, remark="已分开生活")
    _submit(homes[1], split, by, pack)


def _submit(home: Household, asked: Request, by: Actor, pack: Pack) -> None:
    on = timezone.localdate()
    one = drawing.draw_up(home, asked, pack, on)
    casework.submit_change(household=home, one=one, by=by, on=on, key=f"demo-{asked.kind}", pack=pack)
