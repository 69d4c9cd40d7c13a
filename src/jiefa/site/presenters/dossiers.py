"""Dossiers as rows of lists, in the reader's language; the desk by step; what narrows a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiefa.kernel.errors import JiefaError, NotAllowed
from jiefa.procedures import queries, rules
from jiefa.procedures.actions import DossierMoved
from jiefa.procedures.models import Dossier, Outcome
from jiefa.site.address import with_query
from jiefa.site.presenters import changes
from jiefa.site.presenters.procedures import named, place_label
from jiefa.site.reader import Reader

STATES = (("open", gettext_lazy("Under way")), ("closed", gettext_lazy("Closed")), *Outcome.choices)
"""The states of a dossier, as choices."""
OUTCOME_TONES = {"": "open", "approved": "good", "refused": "refused", "withdrawn": "plain"}


def row(reader: Reader, found: Dossier, places: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """A dossier as a row."""
    procedure = queries.procedure_of(found, reader.pack)
    late = (today - found.due_on).days if not found.outcome and found.due_on and found.due_on < today else 0
    return {
        "pk": found.pk,
        "url": reverse("site:dossier", args=[found.pk]),
        "title": found.title,
        "place": places.get(found.place_code, found.place_code),
        "above": places.get(found.place_code[:9], "") if len(found.place_code) > 9 else "",
        "procedure": named(reader, procedure),
        "step": place_label(reader, procedure, found.step),
        "outcome": found.outcome,
        "tone": OUTCOME_TONES[found.outcome],
        "due_on": found.due_on if not found.outcome else None,
        "late": ngettext("{days} day late", "{days} days late", late).format(days=late) if late else "",
        "closed_on": found.closed_on,
        "year": found.year,
        "opened_on": found.opened_on,
        "tick": f"{found.pk}:{found.version}",
        **changes.in_list(reader, found.proposal),
    }


def codes_of(rows: Sequence[Dossier]) -> list[str]:
    """The places that these rows name."""
    return sorted({code for row in rows for code in (row.place_code, row.place_code[:9])})


def desk(reader: Reader, counts: Sequence[tuple[str, str, int, int]], chosen: str) -> list[dict[str, Any]]:
    """What lies on the reader's desk by step, as entries that open lists; those with overdue dossiers first."""
    entries = []
    for procedure_id, step_id, count, overdue in sorted(counts, key=lambda entry: (-entry[3], -entry[2])):
        versions = reader.pack.procedures[procedure_id]
        holding = next(version for version in reversed(versions) if step_id in version.by_id)
        group = f"{procedure_id}.{step_id}"
        late = ngettext("{count} overdue", "{count} overdue", overdue).format(count=overdue) if overdue else ""
        entries.append(
            {
                "procedure": named(reader, holding),
                "label": named(reader, holding.by_id[step_id]),
                "count": count,
                "late": late,
                "url": f"{reverse('site:dossiers')}?view=desk&step={group}",
                "chosen": group == chosen,
            }
        )
    return entries


def chips(reader: Reader, form: Form) -> list[dict[str, str]]:
    """What narrows the list, each with the address without it."""
    typed = form.cleaned_data
    shown = (
        ("q", typed.get("q") or ""),
        ("place", _chosen(form, "place")),
        ("step", _chosen(form, "step").removeprefix("— ")),
        ("state", str(dict(STATES).get(typed.get("state") or "", ""))),
        ("of", str(typed.get("of") or "")),
        ("overdue", _("Overdue") if typed.get("overdue") else ""),
    )
    return [
        {"label": label, "remove_url": with_query(reader.request, **{name: None, "after": None})}
        for name, label in shown
        if label
    ]


def _chosen(form: Form, name: str) -> str:
    """The label of the chosen option."""
    value = form.cleaned_data.get(name)
    for option in getattr(form.fields[name], "choices", ()):
        inside = option[1] if isinstance(option[1], list | tuple) else [option]
        for code, label in inside:
            if value and str(code) == str(value):
                return str(label)
    return ""


def empty(view: str, narrowed: bool) -> dict[str, str]:
    """What an empty list says, and what to do next."""
    everything = f"{reverse('site:dossiers')}?view=all"
    if narrowed:
        return {
            "heading": _("No dossier found"),
            "text": _("Nothing matches these filters. Remove one of them, or check the spelling."),
            "url": f"{reverse('site:dossiers')}?view={view}",
            "label": _("Without filters"),
        }
    if view == "desk":
        return {
            "heading": _("Nothing lies on your desk"),
            "text": _("What others send on to your post appears here by itself, the overdue first."),
            "url": everything,
            "label": _("All dossiers of my area"),
        }
    return {
        "heading": _("No dossier yet"),
        "text": _("Dossiers begin with an application, an exit or an objection. The procedures say who begins them."),
        "url": reverse("site:procedures"),
        "label": _("See the procedures"),
    }


def said(reader: Reader, refusal: JiefaError, people: Mapping[str, str]) -> str:
    """The refusal in the reader's language, with a person's full name where it names a user."""
    by = refusal.context.get("by")
    if isinstance(by, str) and by in people:
        return type(refusal)(**{**refusal.context, "by": people[by]}).message(reader.lang)
    return refusal.message(reader.lang)


def named_in(refusals: Sequence[JiefaError]) -> set[str]:
    """The user names that refusals speak of."""
    return {by for refusal in refusals if isinstance(by := refusal.context.get("by"), str)}


def status_of(refusal: JiefaError) -> int:
    """The status with which a page shows a refusal: 403 not yours, 409 no longer as you saw it, 422 something is missing."""
    if isinstance(refusal, NotAllowed | rules.NotYourDesk | rules.SamePerson):
        return 403
    return 409 if isinstance(refusal, DossierMoved | rules.DossierClosed) else 422
