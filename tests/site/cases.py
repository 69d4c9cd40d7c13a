"""Dossiers for tests of pages: drawn up and moved by the demonstration's users, whose posts decide."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from tests.site import county

from jiefa import policy
from jiefa.access import actions as access_actions
from jiefa.access import queries as access
from jiefa.access.models import User
from jiefa.access.queries import Actor
from jiefa.access.rules import Role
from jiefa.casework import actions as casework
from jiefa.procedures import actions, subjects
from jiefa.procedures.actions import Opening
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision

PDF = b"%PDF-1.7 minutes of a village meeting"
VOTES: dict[str, object] = {"present": 30, "votes_for": 28, "votes_against": 2}
PROPOSAL: dict[str, object] = {
    "changes": [
        {"field": "poverty_status", "before": "exited", "after": "poor"},
        {"field": "size", "before": 2, "after": 2},
    ]
}


def actor(username: str) -> Actor:
    """A user of the demonstration with today's posts."""
    return access.actor_of(User.objects.get(username=username), timezone.localdate())


def opened(count: int = 1, first: int = 0, place: str = county.VILLAGE, **proposal: object) -> list[Dossier]:
    """Applications for identification, drawn up by Li."""
    openings = [
        Opening(f"applicant:{n}", place, f"申请户{n}", 2017, proposal or PROPOSAL) for n in range(first, first + count)
    ]
    keys = actions.open_many(
        procedure="identification", openings=openings, by=actor("li"), on=timezone.localdate(), pack=policy.load()
    )
    return list(Dossier.objects.filter(pk__in=keys).order_by("pk"))


def about_household(number: str) -> Dossier:
    """An application about a household of the county, drawn up by Li."""
    home = county.household(number)
    opening = Opening(subjects.household(home.pk), home.village_code, home.head_name, 2017, PROPOSAL)
    return actions.open_dossier(
        procedure="identification", opening=opening, by=actor("li"), on=timezone.localdate(), pack=policy.load()
    )


def take(dossier: Dossier, username: str, kind: str = "approve", opinion: str = "", **facts: object) -> None:
    """One decision, as the dossier stands now."""
    by = actor(username)
    dossier.refresh_from_db()
    decision = Decision(kind, by.name, by.posts, timezone.localdate(), opinion, facts)
    key = f"{dossier.pk}-{dossier.version}"
    casework.decide(dossier=dossier, version=dossier.version, decision=decision, by=by, key=key, pack=policy.load())
    dossier.refresh_from_db()


def with_minutes(dossier: Dossier) -> None:
    """The minutes laid in by Li."""
    actions.lay_in(
        dossier_id=dossier.pk, kind="minutes", name="会议记录.pdf", content=PDF, by=actor("li"), pack=policy.load()
    )


def at_appraisal() -> Dossier:
    """A dossier that waits for the village's appraisal."""
    (dossier,) = opened()
    take(dossier, "li")
    return dossier


def at_township(dossier: Dossier | None = None) -> Dossier:
    """A dossier that waits for the township's review, through a notice that has run its days."""
    if dossier is None:
        dossier = at_appraisal()
    elif dossier.step == "application":
        take(dossier, "li")
    with_minutes(dossier)
    take(dossier, "li", **VOTES)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Dossier.objects.filter(pk=dossier.pk).update(notice_posted=True, notice_until=yesterday)
    take(dossier, "li", opinion="无异议")
    take(dossier, "wang", leads_cleared=True)
    return dossier


def also_in_the_township(username: str) -> None:
    """A second post, in the township above, for somebody who holds one in the village."""
    access_actions.give_post(
        user=User.objects.get(username=username),
        role=Role.TOWNSHIP_OFFICER,
        area=county.VILLAGE[:9],
        by="admin",
        on=dt.date(2013, 1, 1),
    )
