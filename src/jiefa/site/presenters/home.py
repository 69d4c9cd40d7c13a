"""The first page beside its figures: what happened lately; for an administrator, the people who sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiefa.access.queries import Headcount
from jiefa.audit.models import Entry
from jiefa.site.presenters import log
from jiefa.site.reader import Reader


def recent(entries: Iterable[Entry], names: Mapping[str, str], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The latest entries of the log."""
    return [
        {
            "at": entry.at,
            "what": log.action_label(entry.action),
            "where": log.chain_label(entry.chain, names),
            "by": log.who(entry.by, people),
            "url": log.object_url(entry),
        }
        for entry in entries
    ]


def office(reader: Reader, found: Headcount) -> list[dict[str, object]]:
    """What an administrator looks after, as entries that open lists."""
    url = reverse("site:users")
    rows = (
        (_("Users with a post today"), found.active, url, "users", "plain"),
        (_("Still with their first password"), found.first_password, f"{url}?state=first", "key", "attention"),
        (_("Without a post today"), found.without_post, f"{url}?state=idle", "user-off", "plain"),
        (_("Locked after wrong passwords"), found.locked, f"{url}?state=locked", "lock", "alarm"),
    )
    return [
        {"label": label, "count": count, "url": link, "icon": icon, "tone": tone if count else "plain", "note": ""}
        for label, count, link, icon, tone in rows
    ]
