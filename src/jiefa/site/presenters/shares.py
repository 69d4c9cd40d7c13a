"""The shares of training and relocation in words: what each is, and its three lists."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jiefa.assistance.queries.counted import PUPILS, SKILL
from jiefa.site.presenters import relocation
from jiefa.site.presenters.training import urls
from jiefa.site.reader import Reader


def _said() -> dict[str, tuple[str, str]]:
    return {
        SKILL: (
            _("One household, one person, one skill"),
            _("Somebody has a certificate by the end of the year, of poor households with a labourer."),
        ),
        PUPILS: (
            _("Grants of pupils"),
            _("Something was paid in the year, of pupils of poor households at a stage that is entitled."),
        ),
        **relocation.names(),
    }


def title(share: str) -> str:
    return _said()[share][0]


def note(share: str) -> str:
    """How it is counted."""
    return _said()[share][1]


def tab(share: str) -> str:
    """The part of help to which it belongs."""
    return "courses" if share in (SKILL, PUPILS) else "relocation"


def parts(reader: Reader, share: str, current: str, site: str | None) -> list[dict[str, Any]]:
    """The three lists of a share, with that which is shown."""
    more = {} if site is None else {"site": site}
    links = urls(reader, share, reader.place.code if reader.place else None, **more)
    labels = {"of": _("All"), "kept": _("Reached"), "open": _("Not reached")}
    return [{"label": labels[part], "url": url, "current": part == current} for part, url in links.items()]
